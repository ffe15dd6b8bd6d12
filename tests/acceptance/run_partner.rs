//! Invoices of a run in the name of a service partner, beside those of the operator (Z7).

use domain::account::Operator;
use domain::calendar::Month;
use domain::catalog::PlanKey;
use domain::catalog::charge::Issuer;
use domain::ids::AccountId;
use domain::invoice::InvoiceKind;
use domain::money::{Currency, Money};
use domain::subscription::Subscription;
use local::world::DEMO_EMAIL;
use platform::table::credits::adding;
use platform::table::marks::MonthState;

use crate::harness::{TestWorld, day};
use crate::setup::Person;

const NOW: &str = "2026-11-02T09:00:00+01:00";

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

/// Both issuers have something to bill each month.
const DUO: &str = r#"
format = 1
id = "duo"
version = "1"
currency = "EUR"
title = { de = "Zu zweit", en = "Two" }

[charges.base]
text = { de = "Grundgebühr", en = "Base fee" }
sample = true
model = "flat"
price = "5.00"

[charges.help]
text = { de = "Betreuung durch den Servicepartner", en = "Care by the service partner" }
sample = true
issuer = "partner"
model = "flat"
price = "7.00"

[plans.both]
title = { de = "Beides", en = "Both" }
charges = ["base", "help"]
"#;

fn partner(prefix: &str) -> Operator {
    let mut partner = local::seed::operator().unwrap();
    partner.name = "Servicepartner Nord GmbH".to_owned();
    partner.invoice_prefix = prefix.to_owned();
    partner
}

/// Number, seller, issuer and net of each invoice, in order.
async fn issued(world: &TestWorld, account: &AccountId) -> Vec<(String, String, Issuer, String)> {
    let mut rows = Vec::new();
    for standing in world.invoices(account).await {
        let invoice = standing.invoice;
        assert_eq!(invoice.draft.kind, InvoiceKind::Monthly);
        let net = invoice.draft.totals.net.plain();
        rows.push((invoice.number.to_string(), invoice.seller.name, invoice.draft.issuer, net));
    }
    rows.sort();
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_partner_bills_in_its_own_name_and_series_z7() {
    let world = TestWorld::start(NOW).await;
    let table = &world.world.table;
    let catalogue = catalogs::read_catalogue(DUO).unwrap();
    table.publish_catalogue(&catalogue, DUO, world.world.clock.now()).await.unwrap();
    let plan = PlanKey { catalogue: "duo@1".to_owned(), plan: "both".to_owned() };
    let subscription = Subscription::new(plan, day("2026-11-01"));
    let mut accounts = Vec::new();
    for index in 0..3 {
        accounts.push(world.add_subscribed(&format!("acc_duo{index}"), &subscription, |_| {}).await);
    }
    // No partner: its invoices are held, and the operator's go out.
    world.travel("2026-12-01T03:05:00+01:00").await;
    let own =
        |number: &str| (number.to_owned(), "Einlass Betriebs GmbH".to_owned(), Issuer::Operator, "5.00".to_owned());
    let of_partner =
        |number: &str| (number.to_owned(), "Servicepartner Nord GmbH".to_owned(), Issuer::Partner, "7.00".to_owned());
    let mut own_numbers = Vec::new();
    for account in &accounts {
        let rows = issued(&world, account).await;
        assert_eq!(rows.len(), 1);
        own_numbers.push(rows[0].clone());
        let MonthState::Held(reasons) = table.month(account, month("2026-11")).await.unwrap() else { panic!("held") };
        assert!(reasons[0].en.contains("no service partner has been entered"), "{reasons:?}");
    }
    own_numbers.sort();
    assert_eq!(own_numbers, [own("RE-2026-00001"), own("RE-2026-00002"), own("RE-2026-00003")]);

    // One with the operator's letters would take the operator's numbers (I1).
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    table.save_issuer(Issuer::Partner, &partner("RE")).await.unwrap();
    let again = async |account: &AccountId| {
        let done = person.post("/console/runs/2026-11/evaluate", &[("account", account.as_str())]).await;
        assert_eq!(done.status, 303, "{}", done.body);
        world.settle().await;
    };
    again(&accounts[0]).await;
    let MonthState::Held(reasons) = table.month(&accounts[0], month("2026-11")).await.unwrap() else { panic!("held") };
    assert!(reasons[0].en.contains("begin with RE"), "{reasons:?}");

    // Mended, the account is billed at once, and only it; again changes nothing.
    table.save_issuer(Issuer::Partner, &partner("SP")).await.unwrap();
    for _ in 0..2 {
        again(&accounts[0]).await;
    }
    let rows = issued(&world, &accounts[0]).await;
    assert_eq!(rows[1..], [of_partner("SP-2026-00001")]);
    assert_eq!(issued(&world, &accounts[1]).await.len(), 1);
    let held = table.held(month("2026-11"), 10).await.unwrap();
    assert_eq!(held.iter().map(|held| &held.account).collect::<Vec<_>>(), [&accounts[1], &accounts[2]]);

    // The next run bills both, each from its own series without gap, and what was held for November.
    world.travel("2027-01-01T03:05:00+01:00").await;
    let mut rows = Vec::new();
    for account in &accounts {
        rows.extend(issued(&world, account).await);
    }
    rows.retain(|row| row.0.contains("2027"));
    rows.sort();
    let mut expected: Vec<_> = ["1", "2", "3"].map(|number| own(&format!("RE-2027-0000{number}"))).to_vec();
    expected.extend((1..=5).map(|number| of_partner(&format!("SP-2027-0000{number}"))));
    assert_eq!(rows, expected);
    assert!(table.held(month("2026-11"), 10).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn credit_with_both_issuers_is_used_up_at_once() {
    let world = TestWorld::start(NOW).await;
    let table = &world.world.table;
    let catalogue = catalogs::read_catalogue(DUO).unwrap();
    table.publish_catalogue(&catalogue, DUO, world.world.clock.now()).await.unwrap();
    table.save_issuer(Issuer::Partner, &partner("SP")).await.unwrap();
    let plan = PlanKey { catalogue: "duo@1".to_owned(), plan: "both".to_owned() };
    let subscription = Subscription::new(plan, day("2026-11-01"));
    // One is billed by the run, the other was held and is settled afterwards.
    let billed = world.add_subscribed("acc_billed", &subscription, |_| {}).await;
    let settled = world.add_subscribed("acc_settled", &subscription, |account| account.address = None).await;
    for account in [&billed, &settled] {
        for (issuer, cents) in [(Issuer::Operator, 100), (Issuer::Partner, 200)] {
            let amount = Money::from_cents(cents, Currency::Eur).unwrap();
            assert!(table.commit_one(adding(account, issuer, amount)).await.unwrap());
        }
    }
    world.travel("2026-12-01T03:05:00+01:00").await;
    let mut mended = table.account(&settled).await.unwrap();
    mended.address = local::seed::account().unwrap().address;
    table.save_account(&mended).await.unwrap();
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    assert_eq!(person.post("/console/runs/2026-11/evaluate", &[("account", settled.as_str())]).await.status, 303);
    world.settle().await;
    for account in [&billed, &settled] {
        println!("{account}: {:?} {:?}", table.month(account, month("2026-11")).await, table.credit(account).await);
        let invoices = world.invoices(account).await;
        let mut credit: Vec<_> =
            invoices.iter().map(|one| (one.invoice.draft.issuer.code(), one.invoice.draft.credit.plain())).collect();
        credit.sort();
        assert_eq!(credit, [("operator", "1.00".to_owned()), ("partner", "2.00".to_owned())], "{account}");
        let left = table.credit(account).await.unwrap();
        assert!(left.of(Issuer::Operator).is_zero() && left.of(Issuer::Partner).is_zero(), "{account}: {left:?}");
    }
}

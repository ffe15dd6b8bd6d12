//! Plans that are data: a price list of the operator's own, billed by the run without a change of code.

use domain::calendar::Month;
use domain::catalog::PlanKey;
use domain::ids::AccountId;
use domain::registration::CountChange;
use domain::subscription::Subscription;
use platform::table::catalogues::Publication;
use platform::table::counters::moved_counter;
use platform::table::marks::MonthState;
use platform::table::write::Outcome;

use crate::harness::{Plan, TestWorld, YES_NO, day};

/// A licence with small tiers and a monthly fee in arrears.
const SMALL: &str = r#"
format = 1
id = "small"
version = "1"
currency = "EUR"
title = { de = "Kleine Lizenz", en = "Small licence" }

[meters.accepted_attendees]
title = { de = "Teilnehmer mit Zusage", en = "Accepted attendees" }
unit = "attendee"

[charges.licence-fee]
text = { de = "Lizenzgebühr", en = "Licence fee" }
sample = true
model = "stepped"
meter = "accepted_attendees"
accumulates = "licence_year"
tiers = [{ up_to = 4, price = "10.00" }, { up_to = 8, price = "20.00" }, { price = "on_request" }]

[charges.base]
text = { de = "Grundgebühr", en = "Base fee" }
sample = true
model = "flat"
price = "5.00"

[plans.licence]
title = { de = "Lizenz", en = "Licence" }
sub_accounts = true
charges = ["licence-fee", "base"]
meters = { accepted_attendees = "charged" }
"#;

async fn publish(world: &TestWorld, file: &str) -> Publication {
    let catalogue = catalogs::read_catalogue(file).unwrap();
    world.world.table.publish_catalogue(&catalogue, file, world.world.clock.now()).await.unwrap()
}

async fn licence(world: &TestWorld, id: &str, from: &str) -> AccountId {
    assert_eq!(publish(world, SMALL).await, Publication::Published);
    let plan = PlanKey { catalogue: "small@1".to_owned(), plan: "licence".to_owned() };
    world.add_subscribed(id, &Subscription::new(plan, day(from)), |_| ()).await
}

/// Nets of the lines of each invoice.
async fn nets(world: &TestWorld, account: &AccountId) -> Vec<Vec<String>> {
    let mut invoices = world.invoices(account).await;
    invoices.sort_by_key(|standing| standing.invoice.draft.month);
    let nets = |standing: &platform::table::invoices::Standing| {
        standing.invoice.draft.lines.iter().map(|line| line.net.plain()).collect()
    };
    invoices.iter().map(nets).collect()
}

async fn event(world: &TestWorld, account: &AccountId, slug: &str, ends_at: &str) {
    world.publish(account, &Plan { slug, ends_at, capacity: None, values: YES_NO }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licence_is_billed_by_the_count_reached_a20() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let account = licence(&world, "acc_lizenz", "2026-11-01").await;
    event(&world, &account, "fest", "2027-01-30T22:00:00+01:00").await;
    world.register_people("fest", "yes", 4).await;
    world.travel("2026-12-01T03:05:00+01:00").await;
    assert_eq!(nets(&world, &account).await, [["10.00", "5.00"]], "4 of 4, and an event that has not ended");

    world.register("fest", "eins@example.org", "yes", 1).await;
    world.travel("2027-01-01T03:05:00+01:00").await;
    assert_eq!(nets(&world, &account).await, [["10.00", "5.00"], ["20.00", "5.00"]], "the fifth of the year");

    world.register("fest", "vier@example.org", "yes", 4).await;
    world.travel("2027-02-01T03:05:00+01:00").await;
    let january = Month::parse("2027-01").unwrap();
    let MonthState::Held(reasons) = world.world.table.month(&account, january).await.unwrap() else {
        panic!("nine are on request (G7)")
    };
    assert!(reasons[0].en.contains("licence-fee") && reasons[0].en.contains("agreed"), "{reasons:?}");
    assert_eq!(nets(&world, &account).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn sub_accounts_count_towards_the_licence_of_the_account_that_pays_a22() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let payer = licence(&world, "acc_lizenz", "2026-11-01").await;
    let sub = world.add_account("acc_tochter", |account| account.payer = Some(payer.clone())).await;
    event(&world, &payer, "haupt", "2026-11-20T22:00:00+01:00").await;
    event(&world, &sub, "tochter", "2026-11-20T22:00:00+01:00").await;
    world.register_people("haupt", "yes", 3).await;
    world.register_people("tochter", "yes", 2).await;
    world.travel("2026-12-01T03:05:00+01:00").await;
    assert_eq!(nets(&world, &payer).await, [["20.00", "5.00"]], "3 and 2 are 5");
    assert!(nets(&world, &sub).await.is_empty(), "nothing is billed twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_stays_with_who_paid_when_it_was_published_a22() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let payer = licence(&world, "acc_lizenz", "2026-11-01").await;
    let account = world.account.clone();
    event(&world, &account, "vorher", "2026-11-20T22:00:00+01:00").await;
    world.register_people("vorher", "yes", 6).await;
    let mut details = world.world.table.account(&account).await.unwrap();
    details.payer = Some(payer.clone());
    world.world.table.save_account(&details).await.unwrap();
    event(&world, &account, "nachher", "2026-11-21T22:00:00+01:00").await;
    world.register_people("nachher", "yes", 3).await;
    world.travel("2026-12-01T03:05:00+01:00").await;
    assert_eq!(nets(&world, &account).await, [["18.00"]], "published before: its own");
    assert_eq!(nets(&world, &payer).await, [["10.00", "5.00"]], "published after: the payer's");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_counted_after_the_run_goes_on_the_next_invoice_once() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let account = licence(&world, "acc_lizenz", "2026-11-01").await;
    event(&world, &account, "fest", "2027-01-30T22:00:00+01:00").await;
    world.register_people("fest", "yes", 4).await;
    world.travel("2026-12-01T03:05:00+01:00").await;
    assert_eq!(nets(&world, &account).await, [["10.00", "5.00"]]);

    // A registration of 30 November whose write was held up until after the run.
    let table = &world.world.table;
    let published = table.event_by_slug(&domain::ids::Slug::parse("fest").unwrap()).await.unwrap();
    let change = CountChange { seats: 0, accepted: 1, declined: 0, responses: 1 };
    let late = moved_counter(published.counter_key(0), change, false, day("2026-11-30"));
    assert_eq!(table.commit(vec![late]).await.unwrap(), Outcome::Committed);
    world.travel("2027-01-01T03:05:00+01:00").await;
    let expected = [vec!["10.00", "5.00"], vec!["20.00", "5.00", "10.00"]];
    assert_eq!(nets(&world, &account).await, expected, "December by 5, and what November lacked");
    let invoices = world.invoices(&account).await;
    let lines = invoices.iter().flat_map(|standing| &standing.invoice.draft.lines);
    let late = lines.filter(|line| line.text.de.contains("Nachberechnung November 2026")).collect::<Vec<_>>();
    assert_eq!(late.len(), 1);
    assert_eq!((late[0].first_day, late[0].last_day), (day("2026-11-30"), day("2026-11-30")));

    world.travel("2027-02-01T03:05:00+01:00").await;
    assert_eq!(nets(&world, &account).await[2], ["20.00", "5.00"], "and never again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_published_version_never_changes_g6() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    assert_eq!(publish(&world, SMALL).await, Publication::Published);
    assert_eq!(publish(&world, SMALL).await, Publication::Already);
    let dearer = SMALL.replace("5.00", "6.00");
    assert_eq!(publish(&world, &dearer).await, Publication::Taken);
    let kept = world.world.table.catalogue("small@1").await.unwrap().unwrap();
    assert_eq!(kept.parts(), catalogs::read_catalogue(SMALL).unwrap().parts());
    assert_eq!(publish(&world, &dearer.replace("version = \"1\"", "version = \"2\"")).await, Publication::Published);
    let keys: Vec<String> = world
        .world
        .table
        .published_catalogues()
        .await
        .unwrap()
        .iter()
        .map(|published| published.catalogue.key().to_owned())
        .collect();
    assert!(keys.contains(&"small@1".to_owned()) && keys.contains(&"small@2".to_owned()), "{keys:?}");
}

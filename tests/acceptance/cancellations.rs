//! Cancelled and corrected invoices, and what becomes of money that no invoice asks for (I2, G4).

use domain::catalog::charge::Issuer;
use domain::ids::{AccountId, InvoiceId};
use domain::invoice::InvoiceKind;
use domain::money::{Currency, Money};
use domain::payment::{PaymentState, Received};
use local::world::DEMO_EMAIL;
use platform::table::Range;
use platform::table::invoices::Standing;
use platform::table::payments::Applied;

use crate::harness::TestWorld;
use crate::manual::{NOW, enter, issue};
use crate::setup::{Person, wrong};
use crate::watch::Trouble;

/// An invoice over 312.69.
async fn issued(world: &TestWorld, person: &Person<'_>) -> InvoiceId {
    let preview = enter(person, &world.account, &[]).await;
    let done = issue(person, &preview).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let location = done.headers["location"].split('?').next().unwrap().to_owned();
    InvoiceId::parse(location.rsplit('/').next().unwrap()).unwrap()
}

async fn pay(world: &TestWorld, invoice: &InvoiceId, amount: &str, payment: &str) -> Applied {
    let amount = Money::parse(amount, Currency::Eur).unwrap();
    let received =
        Received { account: world.account.clone(), invoice: invoice.clone(), amount, payment: payment.to_owned() };
    let now = world.world.clock.now();
    world.world.table.book_payment("stripe", &format!("evt_{payment}"), &received, now).await.unwrap()
}

async fn credit(world: &TestWorld) -> String {
    world.world.table.credit(&world.account).await.unwrap().of(Issuer::Operator).plain()
}

async fn standing(world: &TestWorld, account: &AccountId, invoice: &InvoiceId) -> Standing {
    world.world.table.invoice(account, invoice).await.unwrap()
}

/// What all postings of the account leave on an account of the ledger, in cents, and on all together.
pub(crate) async fn ledger(world: &TestWorld, account: &str) -> (i64, i64) {
    let (mut sum, mut all) = (0, 0);
    for prefix in ["CREDIT#", "INVOICE#", "PAIDBACK#", "PAYMENT#"] {
        let range = Range::Prefix(prefix.to_owned());
        for item in world.world.table.all(&format!("LEDGER#{}", world.account), &range).await.unwrap() {
            for entry in item["entries"].as_l().unwrap() {
                let entry = entry.as_m().unwrap();
                let amount = Money::parse(entry["amount"].as_s().unwrap(), Currency::Eur).unwrap().cents();
                all += amount;
                if entry["account"].as_s().unwrap() == account {
                    sum += amount;
                }
            }
        }
    }
    (sum, all)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_is_cancelled_once_and_every_cent_of_it_is_taken_back() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let id = issued(&world, &person).await;
    let before = standing(&world, &world.account, &id).await.invoice;
    let path = format!("/console/invoices/{}/{id}/cancel?lang=de", world.account);
    assert_eq!(wrong(&person.post(&path, &[("action", "cancel"), ("reason", " ")]).await), ["reason"]);
    assert_eq!(wrong(&person.post(&path, &[("action", "cancel"), ("reason", &"x".repeat(201))]).await), ["reason"]);
    let preview = person.post(&path, &[("action", "preview"), ("reason", "Falscher Empfänger")]).await;
    for text in [
        "Stornorechnung",
        "-312,69\u{a0}€",
        "RE-2026-00001 vom 27. November 2026",
        "Falscher Empfänger",
        "-2,5 Stunden",
    ] {
        assert!(preview.body.contains(text), "{text}: {}", preview.body);
    }
    assert!(standing(&world, &world.account, &id).await.cancelled_by.is_none(), "a preview cancels nothing");

    let done = person.post(&path, &[("action", "cancel"), ("reason", "Falscher Empfänger")]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let again = person.post(&path, &[("action", "cancel"), ("reason", "Noch einmal")]).await;
    assert_eq!(again.headers["location"], done.headers["location"], "once");
    let invoices = world.invoices(&world.account).await;
    assert_eq!(invoices.len(), 2);
    let original = standing(&world, &world.account, &id).await;
    assert_eq!(original.invoice, before, "an issued invoice never changes");
    assert_eq!(original.payment(), PaymentState::Cancelled);
    let cancellation = standing(&world, &world.account, original.cancelled_by.as_ref().unwrap()).await.invoice;
    assert_eq!(
        (cancellation.draft.kind, cancellation.number.to_string().as_str()),
        (InvoiceKind::Cancellation, "RE-2026-00002")
    );
    assert_eq!(cancellation.draft.references, [before.reference()]);
    assert_eq!(cancellation.draft.totals.gross.plain(), "-312.69");
    for account in ["receivable", "revenue", "vat_payable"] {
        assert_eq!(ledger(&world, account).await, (0, 0), "{account}");
    }
    // A cancellation is not cancelled.
    let path = format!("/console/invoices/{}/{}/cancel?lang=de", world.account, cancellation.id);
    assert_eq!(person.post(&path, &[("action", "cancel"), ("reason", "Doch nicht")]).await.status, 404);
    // Both name each other, and there is nothing to pay.
    let page = person.get(&format!("/console/invoices/{}/{id}?lang=de", world.account)).await.body;
    assert!(
        page.contains("Stornorechnung RE-2026-00002")
            && page.contains("storniert")
            && !page.contains("Online bezahlen")
    );
    let page = person.get(&format!("/console/invoices/{}/{}?lang=de", world.account, cancellation.id)).await.body;
    assert!(page.contains("Bezieht sich auf") && page.contains("RE-2026-00001") && !page.contains("Stornieren"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_takes_the_place_of_what_was_cancelled() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let id = issued(&world, &person).await;
    let base = format!("/console/invoices/{}/{id}", world.account);
    assert_eq!(person.post(&format!("{base}/correct"), &[]).await.status, 404, "only of a cancelled invoice");
    person.post(&format!("{base}/cancel"), &[("action", "cancel"), ("reason", "Falsche Menge")]).await;
    let draft = person.post(&format!("{base}/correct?lang=de"), &[]).await;
    assert_eq!(draft.status, 303, "{}", draft.body);
    let preview = draft.headers["location"].clone();
    assert_eq!(
        person.post(&format!("{base}/correct?lang=de"), &[]).await.headers["location"],
        preview,
        "prepared once"
    );
    let page = person.get(&preview).await.body;
    assert!(page.contains("Rechnungskorrektur") && page.contains("RE-2026-00001 vom") && page.contains("312,69"));
    assert_eq!(issue(&person, &preview).await.status, 303);
    let correction = world.invoices(&world.account).await.into_iter().last().unwrap().invoice;
    assert_eq!((correction.draft.kind, correction.number.sequence), (InvoiceKind::Correction, 3));
    assert_eq!(correction.draft.references[0].number, "RE-2026-00001");
    let again = person.post(&format!("{base}/correct?lang=de"), &[]).await.headers["location"].clone();
    assert!(person.get(&again).await.headers["location"].contains(correction.id.as_str()), "there is one correction");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_overpaid_or_paid_for_nothing_becomes_credit_and_is_deducted_from_the_next_invoice() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let first = issued(&world, &person).await;
    assert_eq!(pay(&world, &first, "300.00", "pi_1").await, Applied::Booked);
    assert_eq!(standing(&world, &world.account, &first).await.payment(), PaymentState::PartlyPaid);
    assert_eq!(pay(&world, &first, "20.00", "pi_2").await, Applied::Booked);
    assert_eq!(pay(&world, &first, "20.00", "pi_2").await, Applied::Before, "once");
    let paid = standing(&world, &world.account, &first).await;
    assert_eq!(
        (paid.payment(), paid.credited.plain().as_str(), credit(&world).await.as_str()),
        (PaymentState::Paid, "7.31", "7.31")
    );
    let list = person.get(&format!("/console/invoices/{}?lang=de", world.account)).await.body;
    assert!(list.contains("7,31\u{a0}€ gutgeschrieben") && list.contains("Guthaben"));

    // The next invoice asks for less, and once it is cancelled the credit is back.
    let second = issued(&world, &person).await;
    let asked = standing(&world, &world.account, &second).await.invoice.draft;
    assert_eq!(
        (asked.credit.plain().as_str(), asked.due().plain().as_str(), credit(&world).await.as_str()),
        ("7.31", "305.38", "0.00")
    );
    assert_eq!(pay(&world, &second, "305.38", "pi_3").await, Applied::Booked);
    assert_eq!(standing(&world, &world.account, &second).await.payment(), PaymentState::Paid);
    let path = format!("/console/invoices/{}/{second}/cancel?lang=de", world.account);
    let warned = person.get(&path).await.body;
    assert!(warned.contains("305,38\u{a0}€") && warned.contains("Guthaben"), "{warned}");
    assert_eq!(person.post(&path, &[("action", "cancel"), ("reason", "Doppelt")]).await.status, 303);
    assert_eq!(credit(&world).await, "312.69");
    // Money that still comes for it is credit as well.
    assert_eq!(pay(&world, &second, "10.00", "pi_4").await, Applied::Booked);
    assert_eq!(credit(&world).await, "322.69");
    assert_eq!(ledger(&world, "customer_credit").await, (-32_269, 0));
    assert_eq!(ledger(&world, "receivable").await.0, 0);

    // Paid back by hand: never more than there is, and once for each form.
    let path = format!("/console/invoices/{}/pay-back?lang=de", world.account);
    for (amount, id, noted) in [
        ("400", "a1", false),
        ("-5", "a2", false),
        ("viel", "a3", false),
        ("0", "a4", false),
        ("22,69", "", false),
        ("22,69", "a5", true),
        ("22,69", "a5", true),
    ] {
        let reply = person.post(&path, &[("issuer", "operator"), ("amount", amount), ("id", id)]).await;
        assert_eq!(reply.headers["location"].contains("&paid_back=1"), noted, "{amount} {id}");
    }
    assert_eq!(credit(&world).await, "300.00");
    assert_eq!(ledger(&world, "customer_credit").await, (-30_000, 0));
    // More credit than the invoice asks for: nothing is to be paid, and the rest is kept.
    let small = enter(&person, &world.account, &[("lines[0].unit_price", "10"), ("lines[1].unit_price", "0")]).await;
    issue(&person, &small).await;
    let paid = world.invoices(&world.account).await.into_iter().last().unwrap();
    assert_eq!(
        (paid.invoice.draft.due().plain().as_str(), paid.payment(), credit(&world).await.as_str()),
        ("0.00", PaymentState::Paid, "270.25")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_that_dies_anywhere_is_done_once() {
    let world = TestWorld::start(NOW).await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let mut died = 0;
    for calls in 0..16 {
        let id = issued(&world, &person).await;
        pay(&world, &id, "312.69", &format!("pi_{calls}")).await;
        let path = format!("/console/invoices/{}/{id}/cancel?lang=de", world.account);
        let fields = [("action", "cancel"), ("reason", "Doppelt")];
        let trouble =
            if calls % 2 == 0 { Trouble::DiesAfter(calls / 2) } else { Trouble::LosesReplyAfter(calls / 2 + 1) };
        world.watch.trouble(trouble);
        died += usize::from(person.post(&path, &fields).await.status == 503);
        world.watch.trouble(Trouble::None);
        assert_eq!(person.post(&path, &fields).await.status, 303, "{trouble:?}");
        let back = standing(&world, &world.account, &id).await;
        assert_eq!((back.payment(), back.kept().plain().as_str()), (PaymentState::Cancelled, "0.00"), "{trouble:?}");
        // Every cent that came is credit: what the invoices had used up of it is back.
        let all = Money::from_cents(31_269 * (i64::try_from(calls).unwrap() + 1), Currency::Eur).unwrap();
        assert_eq!(credit(&world).await, all.plain(), "{trouble:?}");
    }
    assert!(died > 10, "{died}");
    assert_eq!(ledger(&world, "receivable").await, (0, 0));
    let mut numbers: Vec<u64> =
        world.invoices(&world.account).await.iter().map(|one| one.invoice.number.sequence).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=32).collect::<Vec<u64>>());
}

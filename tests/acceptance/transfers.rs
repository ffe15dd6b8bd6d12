//! Payments that arrive at the bank and are entered by the operator.

use domain::catalog::charge::Issuer;
use domain::dunning::DunningTable;
use domain::money::{Currency, Money};
use domain::payment::{PaymentState, Received};
use domain::problem::FieldProblem;
use local::world::DEMO_EMAIL;
use platform::error::Error;
use platform::table::invoices::Standing;
use platform::table::payments::Applied;

use crate::harness::{TestWorld, at};
use crate::setup::{ACCOUNT, Person, hidden, with, wrong};

/// An invoice over 17.85 €, due on 15 December.
async fn invoiced() -> TestWorld {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    world.world.table.save_dunning_table(&DunningTable::usual()).await.unwrap();
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    world.register_people("fest", "yes", 5).await;
    world.travel("2026-12-01T09:00:00+01:00").await;
    world
}

async fn standing(world: &TestWorld) -> Standing {
    world.invoices(&world.account).await.remove(0)
}

/// Entries of an account of the ledger, summed in cents.
async fn ledger(world: &TestWorld, account: &str) -> i64 {
    let sums = crate::cancellations::ledger(world, account).await;
    assert_eq!(sums.1, 0, "every posting balances");
    sums.0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_is_entered_once_in_part_or_in_full_and_taken_back() {
    let world = invoiced().await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let invoice = format!("/console/invoices/{}/{}", world.account, standing(&world).await.invoice.id);
    let path = format!("{invoice}/payment?lang=de");
    assert!(person.get(&format!("{invoice}?lang=de")).await.body.contains("Zahlungseingang buchen"));

    // The form holds what is open; every mistake is told, and nothing is booked.
    let form = person.get(&path).await;
    assert!(form.body.contains(r#"value="17,85""#) && form.body.contains(r#"value="2026-12-01""#), "{}", form.body);
    let id = hidden(&form, "payment");
    let refused = person.post(&path, &[("payment", &id), ("amount", "viel"), ("received_on", "2026-12-02")]).await;
    assert_eq!((refused.status, wrong(&refused)), (422, vec!["amount", "received_on"]));
    let refused = person.post(&path, &[("payment", &id), ("amount", "-0,01"), ("received_on", "2026-12-01")]).await;
    assert_eq!(wrong(&refused), ["amount"], "nothing has arrived that could be taken back");
    assert_eq!(person.post(&path, &[("amount", "1"), ("received_on", "2026-12-01")]).await.status, 400);
    assert!(standing(&world).await.received.is_zero());

    // A part, by a form that is sent twice; then the rest and five euros too much.
    for _ in 0..2 {
        let entered =
            person.post(&path, &[("payment", &id), ("amount", "10,00 €"), ("received_on", "2026-11-30")]).await;
        assert_eq!(entered.status, 303, "{}", entered.body);
    }
    assert_eq!(standing(&world).await.payment(), PaymentState::PartlyPaid);
    let form = person.get(&path).await;
    assert!(form.body.contains(r#"value="7,85""#));
    let id = hidden(&form, "payment");
    let entered = person.post(&path, &[("payment", &id), ("amount", "12.85"), ("received_on", "2026-12-01")]).await;
    let said = person.get(&entered.headers["location"].clone()).await.body;
    assert!(said.contains("Es ist nichts mehr offen."), "{said}");
    let paid = standing(&world).await;
    assert_eq!((paid.payment(), paid.received.plain().as_str()), (PaymentState::Paid, "22.85"));
    assert_eq!(world.world.table.credit(&world.account).await.unwrap().of(Issuer::Operator).plain(), "5.00");
    assert_eq!((ledger(&world, "bank").await, ledger(&world, "receivable").await), (2_285, 0));
    assert_eq!(ledger(&world, "customer_credit").await, -500);

    // Who has paid is not reminded, until the payment turns out to have been another's.
    world.travel("2026-12-22T09:00:00+01:00").await;
    let reminders =
        |world: &TestWorld| world.mails().iter().filter(|mail| mail.subject.contains(": Rechnung ")).count();
    assert_eq!(reminders(&world), 0);
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let id = hidden(&person.get(&path).await, "payment");
    let entered = person.post(&path, &[("payment", &id), ("amount", "-17,85"), ("received_on", "2026-12-22")]).await;
    assert_eq!(entered.status, 303, "{}", entered.body);
    assert_eq!(
        (standing(&world).await.payment(), standing(&world).await.open().plain()),
        (PaymentState::Open, "17.85".to_owned())
    );
    assert_eq!((ledger(&world, "bank").await, ledger(&world, "receivable").await), (500, 1_785));
    world.travel("2026-12-23T09:00:00+01:00").await;
    assert_eq!(reminders(&world), 1);
}

/// A sum that has come to nothing again stands as 0 on the invoice, where it was missing before: nothing may depend on that.
#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_whose_payment_was_taken_back_is_as_it_was_before() {
    let world = invoiced().await;
    let now = at("2026-12-01T09:05:00+01:00");
    let invoice = standing(&world).await.invoice.id;
    let table = &world.world.table;
    let received = |payment: &str, cents| Received {
        account: world.account.clone(),
        invoice: invoice.clone(),
        amount: Money::from_cents(cents, Currency::Eur).unwrap(),
        payment: payment.to_owned(),
    };
    for (paid, back) in [("one", "one-back"), ("two", "two-back")] {
        for (payment, cents) in [(paid, 1_785), (back, -1_785)] {
            let booked = table.book_transfer(&received(payment, cents), world.today(), now).await.unwrap();
            assert_eq!(booked, Applied::Booked, "{payment}");
        }
    }
    assert!(standing(&world).await.received.is_zero());
    let booked = table.book_payment("stripe", "evt_1", &received("pi_1", 1_785), now).await.unwrap();
    assert_eq!(booked, Applied::Booked);
    table.book_transfer(&received("three-back", -1_785), world.today(), now).await.unwrap();

    world.travel("2026-12-22T09:00:00+01:00").await;
    assert_eq!(standing(&world).await.dunned.level, 1, "it is reminded of");
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let path = format!("/console/invoices/{}/{invoice}/cancel?lang=de", world.account);
    let done = person.post(&path, &[("action", "cancel"), ("reason", "Falscher Empfänger")]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!((standing(&world).await.payment(), ledger(&world, "receivable").await), (PaymentState::Cancelled, 0));

    // Nothing can arrive for the cancellation.
    let cancellation = standing(&world).await.cancelled_by.unwrap();
    let path = format!("/console/invoices/{}/{cancellation}/payment?lang=de", world.account);
    assert_eq!(person.get(&path).await.status, 404);
    let id = [("payment", "0123456789abcdef01234567"), ("amount", "1"), ("received_on", "2026-12-22")];
    assert_eq!(person.post(&path, &id).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_again_books_nothing_and_says_what_it_booked() {
    let world = invoiced().await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let path = format!("/console/invoices/{}/{}/payment?lang=de", world.account, standing(&world).await.invoice.id);
    for (amount, times) in [("10,00", 2), ("-10,00", 2)] {
        let id = hidden(&person.get(&path).await, "payment");
        for _ in 0..times {
            let fields = [("payment", id.as_str()), ("amount", amount), ("received_on", "2026-12-01")];
            let entered = person.post(&path, &fields).await;
            assert_eq!(entered.status, 303, "{amount}: {}", entered.body);
        }
        let fields = [("payment", id.as_str()), ("amount", "17,85"), ("received_on", "2026-12-01")];
        let refused = person.post(&path, &fields).await;
        assert_eq!((refused.status, wrong(&refused)), (422, vec!["amount"]));
        let said = format!("Mit diesem Formular wurden schon {amount}\u{a0}€ gebucht.");
        assert!(refused.body.contains(&said), "{}", refused.body);
    }
    assert_eq!((standing(&world).await.received.cents(), ledger(&world, "bank").await), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_operator_enters_payments() {
    let world = invoiced().await;
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let users = with(ACCOUNT, &[("users", "user@example.org")]);
    assert_eq!(person.post(&format!("/console/accounts/{}", world.account), &users).await.status, 303);
    let path = format!("/console/invoices/{}/{}/payment", world.account, standing(&world).await.invoice.id);
    let user = Person::sign_in(&world, "user@example.org").await;
    assert_eq!(user.get(&path).await.status, 404);
    assert_eq!(user.post(&path, &[("amount", "17.85"), ("received_on", "2026-12-01")]).await.status, 404);
    assert!(!user.get(path.trim_end_matches("/payment")).await.body.contains("/payment"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_is_taken_back_than_is_there_whatever_came_in_between() {
    let world = invoiced().await;
    let now = at("2026-12-01T09:05:00+01:00");
    let today = world.today();
    let invoice = standing(&world).await.invoice.id;
    let book = async |payment: &str, cents| {
        let received = Received {
            account: world.account.clone(),
            invoice: invoice.clone(),
            amount: Money::from_cents(cents, Currency::Eur).unwrap(),
            payment: payment.to_owned(),
        };
        world.world.table.book_transfer(&received, today, now).await
    };
    book("one", 1_000).await.unwrap();
    // Two people take it back at the same time, each after having seen it there.
    let (first, second) = tokio::join!(book("back", -1_000), book("back-too", -1_000));
    let refused = [first, second].into_iter().filter_map(Result::err).collect::<Vec<_>>();
    let [Error::Invalid(problems)] = refused.as_slice() else { panic!("{refused:?}") };
    assert!(matches!(problems.as_slice(), [FieldProblem { field, .. }] if field == "amount"));
    assert!(standing(&world).await.received.is_zero());
    assert_eq!(ledger(&world, "bank").await, 0);
}

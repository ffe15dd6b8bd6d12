//! The function stripe-webhook: a payment that Stripe signed is booked, anything else is refused.

use chrono::TimeDelta;
use domain::calendar::{Day, Instant, Month};
use domain::payment::PaymentState;
use hmac::{Hmac, KeyInit, Mac};
use platform::clock::machine_time;
use platform::secrets::StripeSecrets;
use sha2::Sha256;

use crate::events;
use crate::lambda::{Lambda, Reply};
use crate::system::System;

/// A moment of the first day of this month, by local time.
pub(crate) fn first_of_month(hours: i64, minutes: i64) -> Instant {
    Month::of(machine_time()).start() + TimeDelta::hours(hours) + TimeDelta::minutes(minutes)
}

/// Stand-ins in which five people came to an event of last month that has not been billed yet. Its day was counted.
pub(crate) async fn last_month() -> System {
    let last = Month::of(machine_time()).previous();
    let system = System::start_at(last.start() + TimeDelta::days(5)).await;
    system.publish("past", last.start() + TimeDelta::days(12)).await;
    system.registered("past", "a@example.org", 5).await;
    system.world.runner.travel(first_of_month(1, 0)).await.unwrap();
    assert!(system.world.table.invoices(&system.account).await.unwrap().is_empty());
    system
}

fn header(secret: &str, time: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{time}.{body}").as_bytes());
    let digits: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={time},v1={digits}")
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn a_signed_payment_is_booked_once_and_a_forged_one_never() {
    let system = last_month().await;
    system.world.runner.travel(first_of_month(3, 5)).await.unwrap();
    let standing = || async { system.world.table.invoices(&system.account).await.unwrap().remove(0) };
    let invoice = standing().await.invoice;
    assert_eq!(invoice.issued_on, Day::of(first_of_month(3, 0)));
    let (client, now) = (system.world.environment.secrets(), system.world.clock.now());
    let secrets = StripeSecrets::open(client, "stripe".to_owned(), now).await.unwrap().known();
    let secret = secrets.webhook_secrets[0].as_str();
    let cents = invoice.draft.totals.gross.plain().replace('.', "").parse().unwrap();
    let body = events::stripe_paid(system.account.as_str(), invoice.id.as_str(), cents).to_string();
    let now = machine_time().timestamp();

    let mut function = Lambda::start("stripe-webhook", &system).await;
    let stale = header(secret, now - 600, &body);
    for signature in ["", "t=1,v1=00", &header("whsec_another", now, &body), &stale] {
        let reply = function.reply(&events::webhook(signature, &body)).await;
        assert_eq!(reply.status, 400, "{signature}: {}", reply.body);
    }
    let changed = body.replacen("\"livemode\":false", "\"livemode\":true", 1);
    assert_ne!(changed, body);
    assert_eq!(function.reply(&events::webhook(&header(secret, now, &body), &changed)).await.status, 400);
    assert_eq!(standing().await.payment(), PaymentState::Open);

    let signed = events::webhook(&header(secret, now, &body), &body);
    let outcome = |reply: Reply| (reply.status, reply.json()["outcome"].as_str().unwrap_or_default().to_owned());
    assert_eq!(outcome(function.reply(&signed).await), (200, "booked".to_owned()));
    assert_eq!(standing().await.payment(), PaymentState::Paid);
    assert_eq!(outcome(function.reply(&signed).await), (200, "known".to_owned()));
    let received = standing().await.received;
    assert_eq!(received, invoice.draft.totals.gross);
    assert!(!format!("{:?}", function.logged()).contains(secret));
}

//! The payment provider's webhook: which events are believed, and that each counts once.

use domain::payment::PaymentState;
use hmac::{Hmac, KeyInit, Mac};
use platform::secrets::StripeSecrets;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::harness::{Reply, TestWorld};

const NOW: &str = "2026-12-01T10:00:00+01:00";

struct Billed {
    world: TestWorld,
    secret: String,
    now: i64,
    invoice: String,
}

impl Billed {
    /// A world with an open invoice over 17.85.
    async fn start() -> Self {
        let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
        world.fest("fest", "2026-11-20T22:00:00+01:00").await;
        world.register_people("fest", "yes", 5).await;
        world.travel(NOW).await;
        let invoice = world.invoices(&world.account).await[0].invoice.id.to_string();
        let client = world.world.environment.secrets();
        let now = world.world.clock.now();
        let secrets = StripeSecrets::open(client, "stripe".to_owned(), now).await.unwrap();
        let secret = secrets.known().webhook_secrets[0].clone();
        let now = world.world.clock.now().timestamp();
        Self { world, secret, now, invoice }
    }

    fn session(&self, event: &str, kind: &str, payment: &str, status: &str, cents: i64) -> String {
        json!({
            "id": event, "object": "event", "type": kind, "api_version": "2025-09-30.clover", "livemode": false,
            "data": { "object": {
                "id": "cs_1", "object": "checkout.session", "payment_status": status, "amount_total": cents,
                "currency": "eur", "payment_intent": payment,
                "metadata": { "account": self.world.account.as_str(), "invoice": self.invoice },
            } },
        })
        .to_string()
    }

    fn paid(&self, event: &str) -> String {
        self.session(event, "checkout.session.completed", "pi_1", "paid", 1785)
    }

    async fn post(&self, header: Option<String>, body: &str) -> Reply {
        let request = self.world.request("POST", "/webhooks/stripe").body(body.to_owned());
        let request = match header {
            Some(header) => request.header("stripe-signature", header),
            None => request,
        };
        self.world.send(request).await
    }

    async fn deliver(&self, body: &str) -> Value {
        let reply = self.post(Some(header(self.now, &[&sign(&self.secret, self.now, body)])), body).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.json()["outcome"].clone()
    }

    async fn state(&self) -> (PaymentState, String) {
        let standing = &self.world.invoices(&self.world.account).await[0];
        (standing.payment(), standing.received.plain())
    }
}

fn sign(secret: &str, time: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{time}.{body}").as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn header(time: i64, signatures: &[&str]) -> String {
    signatures.iter().fold(format!("t={time}"), |header, signature| format!("{header},v1={signature}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_stripe_signed_lately_is_believed() {
    let billed = Billed::start().await;
    let body = billed.paid("evt_1");
    let good = sign(&billed.secret, billed.now, &body);
    let other = sign("whsec_another", billed.now, &body);
    let at = |offset: i64| header(billed.now + offset, &[&sign(&billed.secret, billed.now + offset, &body)]);
    for (name, signature) in [
        ("no header", None),
        ("an empty header", Some(String::new())),
        ("no time", Some(format!("v1={good}"))),
        ("no signature", Some(format!("t={}", billed.now))),
        ("another secret", Some(header(billed.now, &[&other]))),
        ("another scheme", Some(format!("t={},v0={good}", billed.now))),
        ("a truncated signature", Some(header(billed.now, &[&good[..62]]))),
        ("a signature with more", Some(header(billed.now, &[&format!("{good}00")]))),
        ("not hexadecimal", Some(header(billed.now, &[&"z".repeat(64)]))),
        ("the time changed", Some(header(billed.now + 1, &[&good]))),
        ("stale", Some(at(-301))),
        ("from the future", Some(at(301))),
        ("a time that is none", Some(format!("t=now,v1={good}"))),
    ] {
        let reply = billed.post(signature, &body).await;
        assert_eq!(reply.status, 400, "{name}: {}", reply.body);
    }
    let changed = body.replace("1785", "1");
    assert_eq!(billed.post(Some(header(billed.now, &[&good])), &changed).await.status, 400, "a changed body");
    assert_eq!(billed.state().await.0, PaymentState::Open);

    // While a secret is rotated there are two signatures; either may match, in any order.
    for (event, order) in [("evt_2", 0), ("evt_3", 1)] {
        let body = billed.paid(event);
        let mut both = [sign(&billed.secret, billed.now, &body), sign("whsec_new", billed.now, &body)];
        both.rotate_left(order);
        let reply = billed.post(Some(header(billed.now, &[&both[0], &both[1]])), &body).await;
        assert_eq!(reply.status, 200, "{event}");
    }
    let within = sign(&billed.secret, billed.now - 300, &body);
    assert_eq!(billed.post(Some(header(billed.now - 300, &[&within])), &body).await.status, 200);
    assert_eq!(billed.state().await, (PaymentState::Paid, "17.85".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_counts_once_however_often_and_in_whatever_order_it_is_told() {
    let billed = Billed::start().await;
    let succeeded =
        |event: &str| billed.session(event, "checkout.session.async_payment_succeeded", "pi_1", "paid", 1785);
    let unpaid = |event: &str| billed.session(event, "checkout.session.completed", "pi_1", "unpaid", 1785);
    assert_eq!(billed.deliver(&succeeded("evt_b")).await, "booked");
    assert_eq!(billed.deliver(&unpaid("evt_a")).await, "unhandled");
    assert_eq!(billed.deliver(&succeeded("evt_b")).await, "known");
    assert_eq!(billed.deliver(&billed.paid("evt_c")).await, "known", "another event of the same payment");
    assert_eq!(billed.state().await, (PaymentState::Paid, "17.85".to_owned()));

    // Really paid twice: the money is booked and said, never dropped.
    let twice = billed.session("evt_d", "checkout.session.completed", "pi_2", "paid", 1785);
    assert_eq!(billed.deliver(&twice).await, "booked");
    assert_eq!(billed.state().await, (PaymentState::Paid, "35.70".to_owned()));
    let standing = &billed.world.invoices(&billed.world.account).await[0];
    assert_eq!(standing.credited.plain(), "17.85", "the second payment is credit of the account");
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_add_up_and_what_is_not_ours_is_acknowledged() {
    let billed = Billed::start().await;
    let part =
        |event: &str, payment: &str, cents| billed.session(event, "checkout.session.completed", payment, "paid", cents);
    billed.deliver(&part("evt_1", "pi_1", 785)).await;
    assert_eq!(billed.state().await, (PaymentState::PartlyPaid, "7.85".to_owned()));
    billed.deliver(&part("evt_2", "pi_2", 1000)).await;
    assert_eq!(billed.state().await.0, PaymentState::Paid);

    let unknown = json!({ "id": "evt_3", "type": "radar.early_fraud_warning.created", "data": { "object": {} } });
    assert_eq!(billed.deliver(&unknown.to_string()).await, "unhandled");
    let foreign = json!({ "id": "evt_4", "type": "checkout.session.completed",
        "data": { "object": { "id": "cs_2", "payment_status": "paid", "amount_total": 5, "currency": "eur" } } });
    assert_eq!(billed.deliver(&foreign.to_string()).await, "unhandled");
    let lost = part("evt_5", "pi_9", 100).replace(&billed.invoice, "inv_unknown");
    assert_eq!(billed.deliver(&lost).await, "unapplied");
    assert_eq!(billed.deliver(&lost).await, "known");
    for (name, body) in [
        ("no event", "{}"),
        ("no JSON", "x"),
        ("an id that no key can hold", r#"{"id":"a#b","type":"x","data":{"object":{}}}"#),
    ] {
        let reply = billed.post(Some(header(billed.now, &[&sign(&billed.secret, billed.now, body)])), body).await;
        assert_eq!(reply.status, 400, "{name}");
    }
    assert_eq!(billed.world.get("/webhooks/stripe").await.status, 405);
}

/// A secret is rotated while functions run: what is signed with the new one is believed without a restart, and a
/// stranger's signatures cause one reading of the secret a minute at most.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_secret_is_believed_without_a_restart() {
    let mut billed = Billed::start().await;
    let client = billed.world.world.environment.secrets();
    let put = async |secrets: &[&str]| {
        let text = json!({ "api_key": "sk_test_local", "webhook_secrets": secrets }).to_string();
        client.put_secret_value().secret_id("stripe").secret_string(text).send().await.unwrap();
    };
    let old = std::mem::replace(&mut billed.secret, "whsec_new".to_owned());
    put(&["whsec_new", &old]).await;
    let first = billed.paid("evt_1");
    assert_eq!(billed.deliver(&first).await, "booked");

    // Rotated once more within the minute: refused for now, so that Stripe sends it again, and believed then.
    put(&["whsec_newer"]).await;
    let body = billed.session("evt_2", "checkout.session.completed", "pi_2", "paid", 100);
    let header = |now: i64| header(now, &[&sign("whsec_newer", now, &body)]);
    assert_eq!(billed.post(Some(header(billed.now)), &body).await.status, 400);
    billed.world.travel("2026-12-01T10:01:00+01:00").await;
    assert_eq!(billed.post(Some(header(billed.now + 60)), &body).await.status, 200);
    // The one that was taken away is not believed any more.
    let reply = billed.post(Some(self::header(billed.now + 60, &[&sign(&old, billed.now + 60, &body)])), &body).await;
    assert_eq!(reply.status, 400);
}

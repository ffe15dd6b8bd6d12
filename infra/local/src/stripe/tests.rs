//! The stand-in over its own HTTP interface, with a receiver of webhooks beside it.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post as route_post;
use chrono::DateTime;
use serde_json::Value;

use super::{Settings, Stripe, webhook};
use crate::Failure;
use crate::files::tests::Folder;
use crate::http_test::{Answer, Server, call, get, post};

/// 1 December 2026, 00:00 UTC.
const START: i64 = 1_796_083_200;
const SECRET: &str = "whsec_test_secret";

const CREATE: &str = "mode=payment&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=6263\
    &line_items[0][price_data][product_data][name]=Konferenz&line_items[0][quantity]=2\
    &success_url=http://127.0.0.1:1/r/abc?session={CHECKOUT_SESSION_ID}&cancel_url=http://127.0.0.1:1/r/abc\
    &client_reference_id=reg_1&metadata[attempt]=1&payment_intent_data[metadata][registration]=reg_1\
    &customer_email=anna@example.org&locale=de";

/// A stand-in, its receiver, and a clock to move.
struct World {
    folder: Folder,
    time: Arc<AtomicI64>,
    /// How many webhooks the receiver still refuses.
    refusals: Arc<AtomicUsize>,
    received: Arc<Mutex<Vec<(String, String)>>>,
    receiver: Server,
    stripe: Stripe,
    server: Server,
}

impl World {
    async fn new(name: &str) -> Result<World, Failure> {
        let received = Arc::new(Mutex::new(Vec::new()));
        let refusals = Arc::new(AtomicUsize::new(0));
        let (inbox, refused) = (received.clone(), refusals.clone());
        let receive = move |headers: HeaderMap, body: Bytes| async move {
            let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
            let body = String::from_utf8_lossy(&body).into_owned();
            inbox.lock().unwrap_or_else(PoisonError::into_inner).push((signature.to_owned(), body));
            let refuse = refused.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
            if refuse { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }
        };
        let receiver = Server::start(Router::new().route("/webhooks/stripe", route_post(receive))).await?;
        let folder = Folder::new(name)?;
        let time = Arc::new(AtomicI64::new(START));
        let stripe = open(&folder, &time, &receiver)?;
        let server = Server::start(Router::new().nest("/_local/stripe", stripe.router())).await?;
        Ok(World { folder, time, refusals, received, receiver, stripe, server })
    }

    async fn api(
        &self,
        path: &str,
        key: &str,
        idempotency_key: Option<&str>,
        form: &str,
    ) -> Result<(Answer, Value), Failure> {
        let authorization = format!("Bearer {key}");
        let mut headers =
            vec![("authorization", authorization.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        headers.extend(idempotency_key.map(|key| ("idempotency-key", key)));
        let answer = post(&self.server.url(&format!("/_local/stripe/v1{path}")), &headers, form.to_owned()).await?;
        let body = serde_json::from_slice(&answer.2)?;
        Ok((answer, body))
    }

    async fn create(&self) -> Result<String, Failure> {
        let (answer, session) = self.api("/checkout/sessions", "sk_test_local", None, CREATE).await?;
        assert_eq!(answer.0, StatusCode::OK, "{session}");
        Ok(session["id"].as_str().unwrap_or_default().to_owned())
    }

    async fn session(&self, id: &str) -> Result<Value, Failure> {
        let url = self.server.url(&format!("/_local/stripe/v1/checkout/sessions/{id}"));
        let headers = [("authorization", "Bearer sk_test_local")];
        let (_, _, body) = call(axum::http::Method::GET, &url, &headers, String::new()).await?;
        Ok(serde_json::from_slice(&body)?)
    }

    async fn click(&self, id: &str, choice: &str) -> Result<Answer, Failure> {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        post(&self.server.url(&format!("/_local/stripe/pay/{id}")), &headers, format!("choice={choice}")).await
    }

    fn received(&self) -> Vec<(String, Value)> {
        let received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        received
            .iter()
            .map(|(signature, body)| (signature.clone(), serde_json::from_str(body).unwrap_or_default()))
            .collect()
    }
}

fn open(folder: &Folder, time: &Arc<AtomicI64>, receiver: &Server) -> Result<Stripe, Failure> {
    let time = time.clone();
    let settings = Settings {
        public_origin: "http://127.0.0.1:1".to_owned(),
        webhook_url: receiver.url("/webhooks/stripe"),
        api_key: "sk_test_local".to_owned(),
        webhook_secrets: vec![SECRET.to_owned()],
        clock: Arc::new(move || DateTime::from_timestamp(time.load(Ordering::SeqCst), 0).unwrap_or_default()),
    };
    Stripe::open(folder.path(), settings)
}

#[test]
fn signatures_are_what_stripe_computes() {
    // From Python: hmac.new(secret, b'1767225600.{"id":"evt_1"}', hashlib.sha256).hexdigest()
    let first = "v1=f6ef300ec2c3f1ea8e4bc6d2a62975f58477d6fcd4bd03529a148873f625b1ca";
    let second = "v1=7dc365aea7206d039884d75ce03739607b7bc9d744b3318ec97ed2c13772b478";
    let secrets = [SECRET.to_owned(), "whsec_next".to_owned()];
    let body = r#"{"id":"evt_1"}"#;
    assert_eq!(webhook::signature(&secrets[..1], 1_767_225_600, body), format!("t=1767225600,{first}"));
    assert_eq!(webhook::signature(&secrets, 1_767_225_600, body), format!("t=1767225600,{first},{second}"));
}

#[tokio::test]
async fn paying_completes_the_session_and_tells_the_seller() -> Result<(), Failure> {
    let world = World::new("stripe-pay").await?;
    let id = world.create().await?;
    let (status, _, page) = get(&world.server.url(&format!("/_local/stripe/pay/{id}"))).await?;
    assert_eq!(status, StatusCode::OK);
    assert!(String::from_utf8(page)?.contains("Pay 125.26 EUR"));

    let (status, headers, _) = world.click(&id, "pay").await?;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(headers["location"], format!("http://127.0.0.1:1/r/abc?session={id}"));

    let session = world.session(&id).await?;
    assert_eq!((&session["status"], &session["payment_status"]), (&"complete".into(), &"paid".into()));
    let received = world.received();
    let [(signature, event)] = received.as_slice() else { panic!("one event: {received:?}") };
    assert!(signature.starts_with(&format!("t={START},v1=")), "{signature}");
    assert_eq!(event["type"], "checkout.session.completed");
    assert_eq!(event["data"]["object"], session, "the event carries the session as it is read back");
    assert_eq!(session["amount_total"], 12_526);
    assert_eq!(session["client_reference_id"], "reg_1");
    assert_eq!(session["metadata"]["attempt"], "1");
    assert_eq!(session["url"], Value::Null);
    assert!(session["payment_intent"].as_str().is_some_and(|id| id.starts_with("pi_")));

    world.click(&id, "pay").await?;
    assert_eq!(world.received().len(), 1, "a second click pays nothing and tells nothing");
    assert_eq!(world.stripe.retry_pending().await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_webhook_may_come_twice_and_a_card_may_be_declined() -> Result<(), Failure> {
    let world = World::new("stripe-twice").await?;
    let id = world.create().await?;
    let (status, _, page) = world.click(&id, "decline").await?;
    assert_eq!(status, StatusCode::OK);
    assert!(String::from_utf8(page)?.contains("The card was declined"));
    assert_eq!(world.session(&id).await?["status"], "open");

    world.click(&id, "pay_twice_told").await?;
    let received = world.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].1, received[1].1, "the same event, not another one");
    Ok(())
}

#[tokio::test]
async fn an_event_waits_until_it_is_confirmed_even_over_a_restart() -> Result<(), Failure> {
    let world = World::new("stripe-retry").await?;
    world.refusals.store(usize::MAX, Ordering::SeqCst);
    let id = world.create().await?;
    world.click(&id, "pay").await?;
    assert_eq!(world.stripe.retry_pending().await?, 1, "the receiver refuses");

    let stripe = open(&world.folder, &world.time, &world.receiver)?;
    world.refusals.store(0, Ordering::SeqCst);
    world.time.fetch_add(1_000, Ordering::SeqCst);
    assert_eq!(stripe.retry_pending().await?, 0);
    let received = world.received();
    let (Some(first), Some(last)) = (received.first(), received.last()) else { panic!("nothing received") };
    assert_eq!(first.1["id"], last.1["id"]);
    assert!(last.0.starts_with(&format!("t={},", START + 1_000)), "each attempt is signed anew: {}", last.0);
    Ok(())
}

#[tokio::test]
async fn a_repeated_key_repeats_the_answer() -> Result<(), Failure> {
    let world = World::new("stripe-keys").await?;
    let create = async |key: &str, form: &str| world.api("/checkout/sessions", "sk_test_local", Some(key), form).await;
    let (first, session) = create("reg_1-1", CREATE).await?;
    assert!(first.1.get("idempotent-replayed").is_none());
    world.click(session["id"].as_str().unwrap_or_default(), "pay").await?;

    let mut reordered: Vec<&str> = CREATE.split('&').collect();
    reordered.reverse();
    let (again, repeated) = create("reg_1-1", &reordered.join("&")).await?;
    assert_eq!(again.1["idempotent-replayed"], "true");
    assert_eq!(repeated, session, "the answer of then, although it has been paid since");

    let (other, error) = create("reg_1-1", &CREATE.replace("6263", "6264")).await?;
    assert_eq!((other.0, &error["error"]["type"]), (StatusCode::BAD_REQUEST, &"idempotency_error".into()));

    let (refused, _) = create("reg_1-2", "mode=payment").await?;
    assert_eq!(refused.0, StatusCode::BAD_REQUEST);
    assert_eq!(create("reg_1-2", CREATE).await?.0.0, StatusCode::OK, "a refused request is not remembered");

    world.time.fetch_add(24 * 60 * 60, Ordering::SeqCst);
    assert_ne!(create("reg_1-1", CREATE).await?.1["id"], session["id"], "keys are forgotten after a day");
    Ok(())
}

#[tokio::test]
async fn an_answer_whose_session_was_not_saved_is_repeated_with_the_session() -> Result<(), Failure> {
    let world = World::new("stripe-cut").await?;
    let (_, session) = world.api("/checkout/sessions", "sk_test_local", Some("cut"), CREATE).await?;
    let id = session["id"].as_str().unwrap_or_default();
    // As if the process had been killed between its two writes.
    std::fs::remove_file(world.folder.path().join(format!("stripe/sessions/{id}.json")))?;
    let (_, repeated) = world.api("/checkout/sessions", "sk_test_local", Some("cut"), CREATE).await?;
    assert_eq!(repeated, session);
    assert_eq!(world.session(id).await?, session);
    Ok(())
}

#[tokio::test]
async fn sessions_end_by_call_or_by_time() -> Result<(), Failure> {
    let world = World::new("stripe-expire").await?;
    let by_call = world.create().await?;
    let by_time = world.create().await?;
    let path = format!("/checkout/sessions/{by_call}/expire");
    let (answer, session) = world.api(&path, "sk_test_local", None, "").await?;
    assert_eq!((answer.0, &session["status"]), (StatusCode::OK, &"expired".into()));
    assert_eq!(world.click(&by_call, "pay").await?.0, StatusCode::GONE);
    assert_eq!(world.api(&path, "sk_test_local", None, "").await?.0.0, StatusCode::BAD_REQUEST, "already ended");

    world.time.fetch_add(24 * 60 * 60, Ordering::SeqCst);
    while world.stripe.retry_pending().await? > 0 {}
    assert_eq!(world.session(&by_time).await?["status"], "expired");
    let mut told: Vec<Value> =
        world.received().iter().map(|(_, event)| event["data"]["object"]["id"].clone()).collect();
    told.sort_by_key(Value::to_string);
    told.dedup();
    let mut expected = vec![Value::from(by_call), Value::from(by_time)];
    expected.sort_by_key(Value::to_string);
    assert_eq!(told, expected, "the seller is told of both");
    Ok(())
}

#[tokio::test]
async fn wrong_requests_are_refused_in_stripes_words() -> Result<(), Failure> {
    let world = World::new("stripe-wrong").await?;
    let (answer, error) = world.api("/checkout/sessions", "sk_test_other", None, CREATE).await?;
    assert_eq!((answer.0, &error["error"]["type"]), (StatusCode::UNAUTHORIZED, &"invalid_request_error".into()));
    let without = |part: &str| {
        CREATE.split('&').filter(|pair| !pair.trim_start().starts_with(part)).collect::<Vec<_>>().join("&")
    };
    let soon = format!("{CREATE}&expires_at={}", START + 60);
    let late = format!("{CREATE}&expires_at={}", START + 90_000);
    for (name, form, code, param) in [
        ("nothing", String::new(), "parameter_missing", "mode"),
        ("no mode", without("mode"), "parameter_missing", "mode"),
        ("no lines", without("line_items"), "parameter_missing", "line_items"),
        ("no quantity", without("line_items[0][quantity]"), "parameter_missing", "line_items[0][quantity]"),
        (
            "no amount",
            without("line_items[0][price_data][unit"),
            "parameter_missing",
            "line_items[0][price_data][unit_amount]",
        ),
        ("no success page", without("success_url"), "parameter_missing", "success_url"),
        (
            "amount with a comma",
            CREATE.replace("6263", "62,63"),
            "parameter_invalid_integer",
            "line_items[0][price_data][unit_amount]",
        ),
        ("too little", CREATE.replace("6263", "24"), "amount_too_small", "line_items"),
        ("too much", CREATE.replace("6263", "99999999"), "amount_too_large", "line_items"),
        ("empty locale", CREATE.replace("locale=de", "locale="), "parameter_invalid_empty", "locale"),
        ("script", CREATE.replace("success_url=http", "success_url=javascript"), "url_invalid", "success_url"),
        ("address", CREATE.replace("anna@example.org", "anna"), "email_invalid", "customer_email"),
        ("misspelt", format!("{CREATE}&sucess_url=x"), "parameter_unknown", "sucess_url"),
        ("two shapes", format!("{CREATE}&metadata=x"), "", "metadata"),
        ("too soon", soon, "", "expires_at"),
        ("too late", late, "", "expires_at"),
    ] {
        let (answer, error) = world.api("/checkout/sessions", "sk_test_local", None, &form).await?;
        assert_eq!(answer.0, StatusCode::BAD_REQUEST, "{name}: {error}");
        assert_eq!(error["error"]["code"].as_str().unwrap_or_default(), code, "{name}: {error}");
        assert_eq!(error["error"]["param"], param, "{name}: {error}");
    }
    assert_eq!(world.session("cs_test_none").await?["error"]["code"], "resource_missing");
    assert_eq!(world.session("..%2F..%2Fsecrets").await?["error"]["code"], "resource_missing");
    Ok(())
}

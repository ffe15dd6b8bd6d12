//! Events on their way to the seller: signed, posted, retried.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, header};
use hmac::{Hmac, KeyInit as _, Mac as _};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use platform::entropy::to_hex;
use serde_json::json;
use sha2::Sha256;

use super::records::Event;
use super::{API_VERSION, Stripe};
use crate::Failure;

/// Pauses before each further attempt: 6 attempts within 0.25 + 0.5 + 1 + 2 + 4 = 7.75 seconds. Stripe tries for
/// three days; here a restart or `retry_pending` tries again.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

/// How long the seller may take to confirm an event.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Posts events. Plain HTTP only: the receiver is on this machine.
pub(super) struct Sender {
    client: Client<HttpConnector, Body>,
    /// Events being posted right now, so that a sweep does not send what a retry is about to.
    under_way: Mutex<BTreeSet<String>>,
}

impl Sender {
    pub(super) fn new() -> Sender {
        let client = Client::builder(TokioExecutor::new()).pool_idle_timeout(TIMEOUT).build_http();
        Sender { client, under_way: Mutex::new(BTreeSet::new()) }
    }

    /// Reserves an event; `None` if it is reserved already.
    fn reserve(&self, event: &str) -> Option<Reserved<'_>> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.insert(event.to_owned()).then(|| Reserved { sender: self, event: event.to_owned() })
    }
}

/// An event that nobody else posts meanwhile.
struct Reserved<'sender> {
    sender: &'sender Sender,
    event: String,
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        self.sender.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.event);
    }
}

impl Stripe {
    /// Delivers the events of a session that are waiting, with pauses between attempts, while the caller goes on.
    pub(super) fn deliver_in_background(&self, session: &str) {
        let stripe = self.clone();
        let session = session.to_owned();
        tokio::spawn(async move {
            if let Err(error) = stripe.deliver_waiting(&session).await {
                tracing::error!(%error, "an event could not be delivered");
            }
        });
    }

    async fn deliver_waiting(&self, session: &str) -> Result<(), Failure> {
        let Some(record) = self.current(session)? else { return Ok(()) };
        for event in record.events.iter().filter(|event| !event.delivered) {
            let mut pauses = PAUSES.iter();
            while !self.deliver_once(session, &event.id).await? {
                let Some(pause) = pauses.next() else {
                    tracing::warn!(event.id, event.kind, "not confirmed; kept for the next retry");
                    break;
                };
                tokio::time::sleep(*pause).await;
            }
        }
        Ok(())
    }

    /// Posts an event once, and notes it if it was confirmed. Gives whether it is delivered now.
    pub(super) async fn deliver_once(&self, session: &str, event: &str) -> Result<bool, Failure> {
        let Some(_reserved) = self.inner.sender.reserve(event) else { return Ok(false) };
        let Some(record) = self.current(session)? else { return Ok(true) };
        let Some(waiting) = record.events.iter().find(|candidate| candidate.id == event && !candidate.delivered) else {
            return Ok(true);
        };
        if !self.post(waiting).await {
            return Ok(false);
        }
        let mut unfinished = self.lock();
        // Read again: the session may have changed while the seller was thinking.
        if let Some(mut record) = self.inner.records.load(session)? {
            record.events.iter_mut().filter(|candidate| candidate.id == event).for_each(|event| event.delivered = true);
            self.save(&mut unfinished, &mut record)?;
        }
        Ok(true)
    }

    /// Posts an event that was delivered before once more, as Stripe may.
    pub(super) async fn deliver_again(&self, session: &str, event: &str) -> Result<(), Failure> {
        let Some(record) = self.current(session)? else { return Ok(()) };
        if let Some(event) = record.events.iter().find(|candidate| candidate.id == event) {
            self.post(event).await;
        }
        Ok(())
    }

    /// Whether the seller confirmed the event in time.
    async fn post(&self, event: &Event) -> bool {
        let settings = &self.inner.settings;
        let body = body(event);
        // Signed anew at each attempt, as Stripe does: a receiver refuses old signatures.
        let signature = signature(&settings.webhook_secrets, self.now().timestamp(), &body);
        let request = Request::builder()
            .method(Method::POST)
            .uri(&settings.webhook_url)
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .header(header::USER_AGENT, "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
            .header("stripe-signature", signature)
            .body(Body::from(body));
        let request = match request {
            Ok(request) => request,
            Err(error) => {
                tracing::error!(%error, "the webhook's address is wrong");
                return false;
            }
        };
        match tokio::time::timeout(TIMEOUT, self.inner.sender.client.request(request)).await {
            Ok(Ok(response)) => {
                let status = response.status();
                if !status.is_success() {
                    tracing::warn!(event.id, event.kind, %status, "an event was not confirmed");
                }
                status.is_success()
            }
            Ok(Err(error)) => {
                tracing::warn!(event.id, event.kind, %error, "an event could not be posted");
                false
            }
            Err(_) => {
                tracing::warn!(event.id, event.kind, "an event was not confirmed in time");
                false
            }
        }
    }
}

/// The event as Stripe writes it, indented: a receiver must verify these bytes and not its own rendering of them.
fn body(event: &Event) -> String {
    let body = json!({
        "id": event.id,
        "object": "event",
        "api_version": API_VERSION,
        "created": event.created,
        "data": { "object": event.object },
        "livemode": false,
        "pending_webhooks": 1,
        "request": { "id": null, "idempotency_key": null },
        "type": event.kind,
    });
    format!("{body:#}")
}

/// The `Stripe-Signature` header: one `v1` for each secret, several while a secret is being rotated.
/// <https://docs.stripe.com/webhooks#verify-manually>
pub(super) fn signature(secrets: &[String], timestamp: i64, body: &str) -> String {
    let mut header = format!("t={timestamp}");
    for secret in secrets {
        // HMAC takes keys of any length; this cannot fail.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) {
            mac.update(format!("{timestamp}.{body}").as_bytes());
            header.push_str(&format!(",v1={}", to_hex(&mac.finalize().into_bytes())));
        }
    }
    header
}

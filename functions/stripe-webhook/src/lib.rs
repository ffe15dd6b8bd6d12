//! `POST /webhooks/stripe`: events of the payment provider, applied once in whatever order they come.
//!
//! The signature is checked over the raw bytes first. Then one transaction: the event's id and its effect.
//! Kinds this version does not act on are acknowledged, so Stripe does not send them for three days.

pub mod config;
pub mod event;

use domain::calendar::Instant;
use domain::payment::Notification;
use http::{Method, Response, StatusCode};
use lambda_http::{Body, Request};
use platform::clock::Clock;
use platform::environment::Environment;
use platform::error::{Error, Source};
use platform::http::{header, json_reply, problem_json};
use platform::secrets::StripeSecrets;
use platform::stripe::{SignatureError, verify};
use platform::table::Table;
use platform::table::payments::Applied;
use serde_json::json;
use tokio::join;

/// Most bytes of an event; Stripe's are below 100 KB.
const EVENT_LIMIT: usize = 256 * 1024;

/// The function.
#[derive(Debug)]
pub struct StripeWebhook {
    table: Table,
    secrets: StripeSecrets,
    clock: Clock,
}

impl StripeWebhook {
    /// Reads configuration and secrets and makes the clients.
    ///
    /// # Errors
    /// What is missing or cannot be read.
    pub async fn new(environment: &Environment) -> Result<Self, Source> {
        let config = config::Config::read(&environment.variables)?;
        let now = environment.clock.now();
        let table = Table::new(environment.dynamodb(), config.table_name);
        let (secrets, ()) =
            join!(StripeSecrets::open(environment.secrets(), config.stripe_secret_id, now), table.connect());
        Ok(Self { table, secrets: secrets?, clock: environment.clock.clone() })
    }

    /// Answers an event: 200 once it is dealt with for good, 400 if it is not Stripe's, 5xx to be sent again.
    #[tracing::instrument(name = "webhook", skip_all)]
    pub async fn handle(&self, request: &Request) -> Response<Body> {
        self.apply(request).await.unwrap_or_else(|error| problem_json(&error, request))
    }

    /// A signature that fits no secret may be made with one that is newer than this process.
    async fn verify(&self, signature: &str, body: &[u8], now: Instant) -> Result<(), Error> {
        let mut verdict = verify(signature, body, &self.secrets.known().webhook_secrets, now);
        if verdict == Err(SignatureError::Mismatch)
            && let Some(secret) = self.secrets.renewed(now).await?
        {
            verdict = verify(signature, body, &secret.webhook_secrets, now);
        }
        verdict.map_err(|error| {
            tracing::warn!(reason = %error, "a webhook was refused");
            Error::Malformed(error.to_string())
        })
    }

    async fn apply(&self, request: &Request) -> Result<Response<Body>, Error> {
        if request.method() != Method::POST {
            return Err(Error::MethodNotAllowed { allowed: "POST" });
        }
        let body: &[u8] = request.body();
        if body.len() > EVENT_LIMIT {
            return Err(Error::TooLarge { limit: EVENT_LIMIT });
        }
        let now = self.clock.now();
        let signature = header(request, "stripe-signature").unwrap_or_default();
        self.verify(signature, body, now).await?;
        let event = event::read(body)?;
        let outcome = match &event.notification {
            Notification::Unhandled => "unhandled",
            Notification::Unusable(field) => {
                tracing::error!(event.id, field, "money that cannot be booked");
                self.table.keep_unapplied("stripe", &event.id, field, now).await?;
                "unapplied"
            }
            Notification::Paid(received) => match self.table.book_payment("stripe", &event.id, received, now).await? {
                Applied::Booked => "booked",
                Applied::Before => "known",
                Applied::UnknownInvoice => {
                    tracing::error!(event.id, invoice.id = %received.invoice, "paid for an unknown invoice");
                    "unapplied"
                }
            },
        };
        tracing::info!(event.id, event.kind, outcome, "webhook");
        Ok(json_reply(StatusCode::OK, &json!({ "received": true, "outcome": outcome })))
    }
}

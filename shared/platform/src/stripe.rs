//! Stripe: the signature of its webhooks, and Checkout Sessions.
//!
//! Sources: Stripe documentation, "Verify webhook signatures manually" and "Create a Checkout Session".

use std::collections::BTreeMap;
use std::time::Duration;

use domain::calendar::Instant;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::error::Error;

/// How far the signed time may be from now, both ways: Stripe's libraries use 300 s.
pub const TOLERANCE_SECONDS: i64 = 300;
/// Most signatures read from one header; two are in use while a secret is rotated.
const SIGNATURES: usize = 16;

/// Why a webhook's signature is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// No header, or one without a time or a `v1` signature.
    #[error("the Stripe-Signature header is missing or malformed")]
    Malformed,
    /// No signature matches any secret.
    #[error("no signature matches")]
    Mismatch,
    /// Signed too long ago; a replay, or a wrong clock.
    #[error("the signature is older than {TOLERANCE_SECONDS} seconds")]
    Stale,
    /// Signed in the future.
    #[error("the signature is more than {TOLERANCE_SECONDS} seconds in the future")]
    Future,
}

/// Verifies the `Stripe-Signature` header of a raw body.
///
/// Every `v1` signature is tried against every secret: while a secret is rotated, Stripe signs with both.
/// Comparison takes constant time. The time is checked after the signature, so that only Stripe learns about it.
///
/// # Errors
/// [`SignatureError`].
pub fn verify(header: &str, body: &[u8], secrets: &[String], now: Instant) -> Result<(), SignatureError> {
    let mut time = None;
    let mut signatures = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", value)) => time = Some(value),
            Some(("v1", value)) if signatures.len() < SIGNATURES => signatures.extend(from_hex(value)),
            _ => {}
        }
    }
    let time = time.ok_or(SignatureError::Malformed)?;
    let seconds: i64 = time.parse().map_err(|_| SignatureError::Malformed)?;
    if signatures.is_empty() {
        return Err(SignatureError::Malformed);
    }
    let genuine = secrets
        .iter()
        .filter_map(|secret| sign(secret, time, body))
        .any(|expected| signatures.iter().any(|given| bool::from(given.as_slice().ct_eq(expected.as_slice()))));
    if !genuine {
        return Err(SignatureError::Mismatch);
    }
    let age = now.timestamp().saturating_sub(seconds);
    if age > TOLERANCE_SECONDS {
        Err(SignatureError::Stale)
    } else if age < -TOLERANCE_SECONDS {
        Err(SignatureError::Future)
    } else {
        Ok(())
    }
}

fn sign(secret: &str, time: &str, body: &[u8]) -> Option<Vec<u8>> {
    // An empty secret would let anybody sign.
    if secret.is_empty() {
        return None;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    Some(mac.finalize().into_bytes().to_vec())
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() == 64)?;
    digits.chunks(2).map(|pair| u8::try_from(pair.first()? * 16 + pair.get(1)?).ok()).collect()
}

/// What a Checkout Session is made for.
#[derive(Clone, Debug)]
pub struct Checkout {
    /// Same key, same session: a repeated click does not make a second one.
    pub idempotency_key: String,
    /// Name of what is paid, as people read it on Stripe's page.
    pub product: String,
    /// Amount in cents.
    pub amount_cents: i64,
    /// ISO 4217 code in lower case.
    pub currency: String,
    /// Address filled in for the payer.
    pub customer_email: String,
    /// Where the payer goes after paying.
    pub success_url: String,
    /// Where the payer goes without paying.
    pub cancel_url: String,
    /// Our reference.
    pub reference: String,
    /// Comes back with every event of the session and of its payment.
    pub metadata: BTreeMap<String, String>,
    /// Language of Stripe's page, ISO 639-1.
    pub locale: &'static str,
}

/// Client of the Stripe API.
#[derive(Clone, Debug)]
pub struct Stripe {
    client: reqwest::Client,
    origin: String,
    api_key: String,
}

#[derive(Deserialize)]
struct Session {
    url: Option<String>,
}

impl Stripe {
    /// A client; every call ends within 10 s.
    ///
    /// # Errors
    /// [`Error::Internal`] if the TLS library cannot be set up.
    pub fn new(origin: String, api_key: String) -> Result<Self, Error> {
        // Installed once per process; a second call finds the first one's provider in place.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(1))
            .timeout(Duration::from_secs(10))
            .build()
            .map_err(|error| Error::internal("HTTP client", error))?;
        Ok(Self { client, origin, api_key })
    }

    /// Makes a Checkout Session and gives the address of its payment page.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if Stripe refuses or does not answer.
    pub async fn checkout(&self, checkout: &Checkout) -> Result<String, Error> {
        let amount = checkout.amount_cents.to_string();
        let mut form = vec![
            ("mode".to_owned(), "payment"),
            ("success_url".to_owned(), &checkout.success_url),
            ("cancel_url".to_owned(), &checkout.cancel_url),
            ("client_reference_id".to_owned(), &checkout.reference),
            ("customer_email".to_owned(), &checkout.customer_email),
            ("locale".to_owned(), checkout.locale),
            ("line_items[0][quantity]".to_owned(), "1"),
            ("line_items[0][price_data][currency]".to_owned(), &checkout.currency),
            ("line_items[0][price_data][unit_amount]".to_owned(), &amount),
            ("line_items[0][price_data][product_data][name]".to_owned(), &checkout.product),
        ];
        for (name, value) in &checkout.metadata {
            form.push((format!("metadata[{name}]"), value));
            form.push((format!("payment_intent_data[metadata][{name}]"), value));
        }
        let answer = self
            .client
            .post(format!("{}/v1/checkout/sessions", self.origin))
            .bearer_auth(&self.api_key)
            .header("Idempotency-Key", &checkout.idempotency_key)
            .form(&form)
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(|error| Error::unavailable("Stripe", error.without_url()))?;
        let session: Session =
            answer.json().await.map_err(|error| Error::unavailable("Stripe", error.without_url()))?;
        session.url.ok_or_else(|| Error::unavailable("Stripe", "the session has no address"))
    }
}

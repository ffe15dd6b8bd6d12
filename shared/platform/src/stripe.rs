//! Stripe: the signature of its webhooks, and Checkout Sessions.
//!
//! Sources: Stripe documentation, "Verify webhook signatures manually" and "Create a Checkout Session".

use std::collections::BTreeMap;
use std::time::Duration;

use domain::calendar::Instant;
use hmac::{Hmac, KeyInit, Mac};
use http::StatusCode;
use serde::Deserialize;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::error::Error;
use crate::outgoing::Outgoing;
use crate::secrets::StripeSecrets;

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

/// Makes ring the cryptography of this process's HTTP clients other than those of AWS, which bring their own.
pub fn use_ring() {
    // A second call finds the first one's provider in place.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// Client of the Stripe API.
#[derive(Debug)]
pub struct Stripe {
    outgoing: Outgoing,
    origin: String,
    secrets: StripeSecrets,
}

#[derive(Deserialize)]
struct Session {
    url: Option<String>,
}

impl Stripe {
    /// A client; every call ends within 8 s.
    #[must_use]
    pub const fn new(origin: String, secrets: StripeSecrets) -> Self {
        Self { outgoing: Outgoing::within(Duration::from_secs(8)), origin, secrets }
    }

    /// Makes a Checkout Session and gives the address of its payment page. A key that Stripe does not know is read
    /// again once, for it may have been replaced since this function started.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if Stripe refuses or does not answer.
    pub async fn checkout(&self, checkout: &Checkout, now: Instant) -> Result<String, Error> {
        let form = checkout.form();
        let mut answer = self.post(&form, checkout, &self.secrets.known().api_key).await?;
        if answer.status() == StatusCode::UNAUTHORIZED
            && let Some(secret) = self.secrets.renewed(now).await?
        {
            answer = self.post(&form, checkout, &secret.api_key).await?;
        }
        let answer = answer.error_for_status().map_err(|error| Error::unavailable("Stripe", error.without_url()))?;
        let session: Session =
            answer.json().await.map_err(|error| Error::unavailable("Stripe", error.without_url()))?;
        session.url.ok_or_else(|| Error::unavailable("Stripe", "the session has no address"))
    }

    async fn post(
        &self,
        form: &[(String, String)],
        checkout: &Checkout,
        api_key: &str,
    ) -> Result<reqwest::Response, Error> {
        self.outgoing
            .client()?
            .post(format!("{}/v1/checkout/sessions", self.origin))
            .bearer_auth(api_key)
            .header("Idempotency-Key", &checkout.idempotency_key)
            .form(form)
            .send()
            .await
            .map_err(|error| Error::unavailable("Stripe", error.without_url()))
    }
}

impl Checkout {
    /// The fields of the request, as Stripe's API reference names them.
    fn form(&self) -> Vec<(String, String)> {
        let price = "line_items[0][price_data]";
        let mut form: Vec<(String, String)> = [
            ("mode", "payment"),
            ("success_url", &self.success_url),
            ("cancel_url", &self.cancel_url),
            ("client_reference_id", &self.reference),
            ("customer_email", &self.customer_email),
            ("locale", self.locale),
            ("line_items[0][quantity]", "1"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        form.push((format!("{price}[currency]"), self.currency.clone()));
        form.push((format!("{price}[unit_amount]"), self.amount_cents.to_string()));
        form.push((format!("{price}[product_data][name]"), self.product.clone()));
        for (name, value) in &self.metadata {
            form.push((format!("metadata[{name}]"), value.clone()));
            form.push((format!("payment_intent_data[metadata][{name}]"), value.clone()));
        }
        form
    }
}

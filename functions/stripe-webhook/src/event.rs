//! Stripe's events, read into what they mean. Fields by Stripe's API reference, "The Event object" and "The
//! Checkout Session object".

use domain::ids::{AccountId, InvoiceId};
use domain::money::{Currency, Money};
use domain::payment::{Notification, Received};
use platform::error::Error;
use serde::Deserialize;
use serde_json::Value;

/// An event.
#[derive(Clone, Debug)]
pub struct Event {
    /// Stripe's id of it.
    pub id: String,
    /// Stripe's kind of it, for the log.
    pub kind: String,
    /// What it says.
    pub notification: Notification,
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    r#type: String,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Value,
}

#[derive(Deserialize)]
struct Session {
    id: String,
    payment_status: String,
    amount_total: Option<i64>,
    currency: Option<String>,
    payment_intent: Option<String>,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
struct Metadata {
    account: Option<String>,
    invoice: Option<String>,
}

/// Reads an event.
///
/// # Errors
/// [`Error::Malformed`] for a body that is no event. Kinds without meaning here are not an error, and
/// neither are sessions of something else in the same Stripe account.
pub fn read(body: &[u8]) -> Result<Event, Error> {
    let malformed = |error: serde_json::Error| Error::Malformed(error.to_string());
    let envelope: Envelope = serde_json::from_slice(body).map_err(malformed)?;
    let named = (1..=255).contains(&envelope.id.len())
        && envelope.id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    if !named {
        return Err(Error::Malformed("the event has no usable id".to_owned()));
    }
    let notification = match envelope.r#type.as_str() {
        // The first one comes for every method, unpaid for those that take days; the second one when
        // such a payment has arrived. Both name the same payment, which is booked once.
        "checkout.session.completed" | "checkout.session.async_payment_succeeded" => {
            session(&serde_json::from_value(envelope.data.object).map_err(malformed)?)
        }
        _ => Notification::Unhandled,
    };
    Ok(Event { id: envelope.id, kind: envelope.r#type, notification })
}

fn session(session: &Session) -> Notification {
    let (Some(account), Some(invoice)) = (&session.metadata.account, &session.metadata.invoice) else {
        return Notification::Unhandled;
    };
    if session.payment_status != "paid" {
        return Notification::Unhandled;
    }
    // What is signed by Stripe and paid is money: if it cannot be booked it is kept, not refused, since Stripe
    // would give up sending it after three days.
    let received = || -> Result<Received, &'static str> {
        let currency = Currency::parse(session.currency.as_deref().unwrap_or_default()).ok_or("currency")?;
        let cents = session.amount_total.filter(|cents| *cents > 0).ok_or("amount")?;
        Ok(Received {
            account: AccountId::parse(account).map_err(|_| "account")?,
            invoice: InvoiceId::parse(invoice).map_err(|_| "invoice")?,
            amount: Money::from_cents(cents, currency).map_err(|_| "amount")?,
            payment: session.payment_intent.clone().unwrap_or_else(|| session.id.clone()),
        })
    };
    received().map_or_else(Notification::Unusable, Notification::Paid)
}

//! A Checkout Session: what may be asked for, what it becomes, and how Stripe writes it.

use std::collections::BTreeMap;

use axum::http::Uri;
use platform::entropy;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::params::Params;
use super::refusal::Refusal;
use crate::Failure;

/// Seconds a session lives unless the request says otherwise, and at most.
const LONGEST: i64 = 24 * 60 * 60;
/// Seconds a session lives at least.
const SHORTEST: i64 = 30 * 60;
/// The largest amount Stripe takes: eight digits.
const LARGEST_AMOUNT: i64 = 99_999_999;
/// The smallest payment in euro cents.
const SMALLEST_AMOUNT: i64 = 50;
/// Lines of one session.
const MOST_LINES: usize = 100;

/// What Stripe writes as null in a session of the kind made here.
const UNUSED: [&str; 19] = [
    "after_expiration",
    "allow_promotion_codes",
    "billing_address_collection",
    "consent",
    "consent_collection",
    "currency_conversion",
    "customer",
    "invoice",
    "invoice_creation",
    "payment_link",
    "payment_method_configuration_details",
    "recovered_from",
    "saved_payment_method_options",
    "setup_intent",
    "shipping_address_collection",
    "shipping_cost",
    "submit_type",
    "subscription",
    "wallet_options",
];

/// Where a session stands.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    /// The customer may pay.
    Open,
    /// The customer has paid.
    Complete,
    /// The time is over, or the seller ended it.
    Expired,
}

/// One line of what is paid.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) description: Option<String>,
    /// In cents.
    pub(super) unit_amount: i64,
    pub(super) quantity: i64,
}

/// A session, as it is kept.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) status: Status,
    /// Seconds since 1970, as are all times here.
    pub(super) created: i64,
    pub(super) expires_at: i64,
    pub(super) currency: String,
    pub(super) lines: Vec<Line>,
    /// In cents: the sum of the lines.
    pub(super) amount: i64,
    pub(super) success_url: String,
    pub(super) cancel_url: Option<String>,
    client_reference_id: Option<String>,
    pub(super) customer_email: Option<String>,
    locale: Option<String>,
    payment_method_types: Vec<String>,
    metadata: BTreeMap<String, String>,
    /// Given to the payment, which has metadata of its own.
    payment_intent_metadata: BTreeMap<String, String>,
    /// Made by the payment.
    payment_intent: Option<String>,
}

impl Session {
    /// Reads a request to create a session.
    pub(super) fn create(params: &Params<'_>, now: i64) -> Result<Session, Refusal> {
        params.only(&[
            "cancel_url",
            "client_reference_id",
            "customer_email",
            "expires_at",
            "line_items",
            "locale",
            "metadata",
            "mode",
            "payment_intent_data",
            "payment_method_types",
            "success_url",
        ])?;
        if params.required("mode")? != "payment" {
            return Err(Refusal::invalid(None, "mode", "Invalid mode: only payment is answered here"));
        }
        let (lines, currency) = lines(params)?;
        let amount = total(&lines, &currency)?;
        let client_reference_id = params.text("client_reference_id")?;
        if client_reference_id.is_some_and(|reference| reference.chars().count() > 200) {
            let message = "Invalid string: must be at most 200 characters";
            return Err(Refusal::invalid(None, "client_reference_id", message));
        }
        let payment_intent_metadata = match params.map("payment_intent_data")? {
            Some(payment) => {
                payment.only(&["metadata"])?;
                payment.metadata("metadata")?
            }
            None => BTreeMap::new(),
        };
        let mut payment_method_types = params.texts("payment_method_types")?;
        if payment_method_types.is_empty() {
            payment_method_types.push("card".to_owned());
        }
        Ok(Session {
            id: format!("cs_test_{}", entropy::hex::<29>().map_err(Failure::from)?),
            status: Status::Open,
            created: now,
            expires_at: expires_at(params, now)?,
            currency,
            lines,
            amount,
            success_url: url(params, "success_url")?.ok_or_else(|| Refusal::missing("success_url"))?,
            cancel_url: url(params, "cancel_url")?,
            client_reference_id: client_reference_id.map(str::to_owned),
            customer_email: customer_email(params)?,
            locale: params.text("locale")?.map(str::to_owned),
            payment_method_types,
            metadata: params.metadata("metadata")?,
            payment_intent_metadata,
            payment_intent: None,
        })
    }

    /// The customer has paid.
    pub(super) fn complete(&mut self) -> Result<(), Failure> {
        self.status = Status::Complete;
        self.payment_intent = Some(format!("pi_{}", entropy::hex::<12>()?));
        Ok(())
    }

    /// Where the customer goes after paying.
    pub(super) fn after_payment(&self) -> String {
        self.success_url.replace("{CHECKOUT_SESSION_ID}", &self.id)
    }

    /// The object as Stripe writes it.
    pub(super) fn to_object(&self, public_origin: &str) -> Value {
        let paid = self.status == Status::Complete;
        let email = self.customer_email.as_deref().unwrap_or("customer@example.com");
        let customer_details = paid.then(|| {
            json!({
                "address": {
                    "city": null, "country": "DE", "line1": null, "line2": null, "postal_code": null, "state": null,
                },
                "email": email, "name": null, "phone": null, "tax_exempt": "none", "tax_ids": [],
            })
        });
        let open = self.status == Status::Open;
        let url = open.then(|| format!("{public_origin}/_local/stripe/pay/{}", self.id));
        let mut object = json!({
            "id": self.id,
            "object": "checkout.session",
            "amount_subtotal": self.amount,
            "amount_total": self.amount,
            "automatic_tax": { "enabled": false, "liability": null, "provider": null, "status": null },
            "cancel_url": self.cancel_url,
            "client_reference_id": self.client_reference_id,
            "created": self.created,
            "currency": self.currency,
            "custom_fields": [],
            "custom_text": {
                "after_submit": null, "shipping_address": null, "submit": null, "terms_of_service_acceptance": null,
            },
            "customer_creation": "if_required",
            "customer_details": customer_details,
            "customer_email": self.customer_email,
            "discounts": [],
            "expires_at": self.expires_at,
            "livemode": false,
            "locale": self.locale,
            "metadata": self.metadata,
            "mode": "payment",
            "payment_intent": self.payment_intent,
            "payment_method_collection": "if_required",
            "payment_method_options": {},
            "payment_method_types": self.payment_method_types,
            "payment_status": if paid { "paid" } else { "unpaid" },
            "phone_number_collection": { "enabled": false },
            "shipping_options": [],
            "status": self.status,
            "success_url": self.success_url,
            "total_details": { "amount_discount": 0, "amount_shipping": 0, "amount_tax": 0 },
            "ui_mode": "hosted",
            "url": url,
        });
        if let Some(object) = object.as_object_mut() {
            object.extend(UNUSED.map(|name| (name.to_owned(), Value::Null)));
        }
        object
    }
}

/// The lines and their currency, which must be one.
fn lines(params: &Params<'_>) -> Result<(Vec<Line>, String), Refusal> {
    let items = params.list("line_items")?;
    let mut currency = None;
    let mut lines = Vec::with_capacity(items.len());
    for item in &items {
        item.only(&["price_data", "quantity"])?;
        let price = item.required_map("price_data")?;
        price.only(&["currency", "product_data", "unit_amount"])?;
        let product = price.required_map("product_data")?;
        product.only(&["description", "name"])?;
        let quantity = item.integer("quantity")?.ok_or_else(|| Refusal::missing(&item.name("quantity")))?;
        let unit_amount = price.integer("unit_amount")?.ok_or_else(|| Refusal::missing(&price.name("unit_amount")))?;
        if quantity < 1 {
            let message = "This value must be greater than or equal to 1.";
            return Err(Refusal::invalid(Some("parameter_invalid_integer"), item.name("quantity"), message));
        }
        if !(0..=LARGEST_AMOUNT).contains(&unit_amount) {
            return Err(Refusal::invalid(None, price.name("unit_amount"), "Invalid amount"));
        }
        let line_currency = price.required("currency")?.to_ascii_lowercase();
        if currency.get_or_insert_with(|| line_currency.clone()) != &line_currency {
            let message = "All line items must have the same currency.";
            return Err(Refusal::invalid(None, price.name("currency"), message));
        }
        lines.push(Line {
            name: product.required("name")?.to_owned(),
            description: product.text("description")?.map(str::to_owned),
            unit_amount,
            quantity,
        });
    }
    match currency {
        Some(currency) if lines.len() <= MOST_LINES => Ok((lines, currency)),
        Some(_) => Err(Refusal::invalid(None, "line_items", "Array line_items exceeded maximum 100 allowed elements.")),
        None => Err(Refusal::missing("line_items")),
    }
}

fn total(lines: &[Line], currency: &str) -> Result<i64, Refusal> {
    if currency != "eur" {
        return Err(Refusal::invalid(
            None,
            "currency",
            format!("Invalid currency: {currency}. Only eur is answered here."),
        ));
    }
    let sum = lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.unit_amount.checked_mul(line.quantity)?));
    match sum {
        Some(SMALLEST_AMOUNT..=LARGEST_AMOUNT) => Ok(sum.unwrap_or_default()),
        Some(..SMALLEST_AMOUNT) => {
            let message = "The Checkout Session's total amount must convert to at least 50 cents.";
            Err(Refusal::invalid(Some("amount_too_small"), "line_items", message))
        }
        _ => {
            let message = "The Checkout Session's total amount due must be no more than €999,999.99";
            Err(Refusal::invalid(Some("amount_too_large"), "line_items", message))
        }
    }
}

fn expires_at(params: &Params<'_>, now: i64) -> Result<i64, Refusal> {
    let Some(expires_at) = params.integer("expires_at")? else { return Ok(now + LONGEST) };
    let message = match expires_at.saturating_sub(now) {
        ..SHORTEST => "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
        SHORTEST..=LONGEST => return Ok(expires_at),
        _ => "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
    };
    Err(Refusal::invalid(None, "expires_at", message))
}

fn url(params: &Params<'_>, key: &str) -> Result<Option<String>, Refusal> {
    let Some(url) = params.text(key)? else { return Ok(None) };
    // The placeholder's braces are not allowed in an address; what replaces them is.
    let parsed = url.replace("{CHECKOUT_SESSION_ID}", "cs").parse::<Uri>();
    if parsed.is_ok_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some()) {
        return Ok(Some(url.to_owned()));
    }
    Err(Refusal::invalid(Some("url_invalid"), key, "Not a valid URL"))
}

fn customer_email(params: &Params<'_>) -> Result<Option<String>, Refusal> {
    let Some(email) = params.text("customer_email")? else { return Ok(None) };
    if email.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.')) {
        return Ok(Some(email.to_owned()));
    }
    Err(Refusal::invalid(Some("email_invalid"), "customer_email", format!("Invalid email address: {email}")))
}

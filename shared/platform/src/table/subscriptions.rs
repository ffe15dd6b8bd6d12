//! What accounts have subscribed to: one item, changed on the condition that it is what was read.

use domain::calendar::Day;
use domain::catalog::PlanKey;
use domain::catalog::names::{AddOnId, ChargeId, MeterId, PromotionCode};
use domain::ids::AccountId;
use domain::subscription::{Booking, Phase, Redemption, Subscription, Trial};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::keys;
use super::stored::valid;
use super::write::{Write, number, text};
use super::{Item, Table, decode, encode};
use crate::error::Error;

const ITEM: &str = "subscription";

#[derive(Debug, Serialize, Deserialize)]
struct StoredPhase {
    catalogue: String,
    plan: String,
    from: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredTrial {
    until: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    converted_on: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredBooking {
    add_on: String,
    quantity: String,
    from: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredRedemption {
    code: String,
    on: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    void_from: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredSubscription {
    phases: Vec<StoredPhase>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trial: Option<StoredTrial>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ends_on: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    bookings: Vec<StoredBooking>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    redemptions: Vec<StoredRedemption>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    forecast: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    agreed_prices: Vec<(String, String)>,
    revision: u64,
}

fn day(text: &str) -> Result<Day, Error> {
    valid(Day::parse(text), ITEM)
}

fn optional_day(text: Option<&String>) -> Result<Option<Day>, Error> {
    text.map(|text| day(text)).transpose()
}

fn decimal(text: &str) -> Result<Decimal, Error> {
    valid(text.parse::<Decimal>(), ITEM)
}

impl StoredSubscription {
    fn new(subscription: &Subscription, revision: u64) -> Self {
        let phase = |phase: &Phase| StoredPhase {
            catalogue: phase.plan.catalogue.clone(),
            plan: phase.plan.plan.clone(),
            from: phase.from.to_string(),
        };
        let booking = |booking: &Booking| StoredBooking {
            add_on: booking.add_on.to_string(),
            quantity: booking.quantity.to_string(),
            from: booking.from.to_string(),
            until: booking.until.map(|day| day.to_string()),
            label: booking.label.clone(),
        };
        let redemption = |redemption: &Redemption| StoredRedemption {
            code: redemption.code.to_string(),
            on: redemption.on.to_string(),
            void_from: redemption.void_from.map(|day| day.to_string()),
        };
        Self {
            phases: subscription.phases.iter().map(phase).collect(),
            trial: subscription.trial.map(|trial| StoredTrial {
                until: trial.until.to_string(),
                converted_on: trial.converted_on.map(|day| day.to_string()),
            }),
            ends_on: subscription.ends_on.map(|day| day.to_string()),
            bookings: subscription.bookings.iter().map(booking).collect(),
            redemptions: subscription.redemptions.iter().map(redemption).collect(),
            forecast: subscription.forecast.iter().map(|(id, value)| (id.to_string(), value.to_string())).collect(),
            agreed_prices: subscription
                .agreed_prices
                .iter()
                .map(|(id, value)| (id.to_string(), value.to_string()))
                .collect(),
            revision,
        }
    }

    fn read(&self) -> Result<Subscription, Error> {
        let phase = |stored: &StoredPhase| {
            let plan = PlanKey { catalogue: stored.catalogue.clone(), plan: stored.plan.clone() };
            Ok(Phase { plan, from: day(&stored.from)? })
        };
        let booking = |stored: &StoredBooking| {
            Ok(Booking {
                add_on: valid(AddOnId::parse(&stored.add_on), ITEM)?,
                quantity: decimal(&stored.quantity)?,
                from: day(&stored.from)?,
                until: optional_day(stored.until.as_ref())?,
                label: stored.label.clone(),
            })
        };
        let redemption = |stored: &StoredRedemption| {
            Ok(Redemption {
                code: valid(PromotionCode::parse(&stored.code), ITEM)?,
                on: day(&stored.on)?,
                void_from: optional_day(stored.void_from.as_ref())?,
            })
        };
        let trial = |stored: &StoredTrial| {
            let converted_on = optional_day(stored.converted_on.as_ref())?;
            Ok::<_, Error>(Trial { until: day(&stored.until)?, converted_on })
        };
        Ok(Subscription {
            phases: self.phases.iter().map(phase).collect::<Result<_, Error>>()?,
            trial: self.trial.as_ref().map(trial).transpose()?,
            ends_on: optional_day(self.ends_on.as_ref())?,
            bookings: self.bookings.iter().map(booking).collect::<Result<_, Error>>()?,
            redemptions: self.redemptions.iter().map(redemption).collect::<Result<_, Error>>()?,
            forecast: self
                .forecast
                .iter()
                .map(|(id, value)| Ok((valid(MeterId::parse(id), ITEM)?, decimal(value)?)))
                .collect::<Result<_, Error>>()?,
            agreed_prices: self
                .agreed_prices
                .iter()
                .map(|(id, value)| Ok((valid(ChargeId::parse(id), ITEM)?, decimal(value)?)))
                .collect::<Result<_, Error>>()?,
        })
    }
}

/// A subscription as read, with the revision a change is conditioned on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscribed {
    /// What it says.
    pub subscription: Subscription,
    /// Raised by every change.
    pub revision: u64,
}

/// The write that makes the subscription of a new account.
pub(super) fn making(account: &AccountId, subscription: &Subscription) -> Result<Write, Error> {
    let key = keys::subscription(account);
    let item: Item = encode(&key, &StoredSubscription::new(subscription, 1))?;
    Ok(Write::put(key, item).if_absent())
}

/// The write that replaces a subscription, on the condition that nobody changed it meanwhile.
pub(super) fn replacing(account: &AccountId, before: &Subscribed, after: &Subscription) -> Result<Write, Error> {
    let key = keys::subscription(account);
    let revision = i64::try_from(before.revision).unwrap_or(i64::MAX);
    let item: Item = encode(&key, &StoredSubscription::new(after, before.revision.saturating_add(1)))?;
    Ok(Write::put(key, item).if_equals("revision", Some(number(revision))))
}

/// The write that counts a redeemed code, below its limit.
pub(super) fn redeeming(catalogue: &str, code: &PromotionCode, limit: Option<u64>) -> Write {
    let write = Write::update(keys::promotion(catalogue, code.as_str())).set("code", text(code.to_string()));
    let write = match limit.and_then(|limit| i64::try_from(limit).ok()) {
        Some(limit) => write.if_missing_or_below("redeemed", limit),
        None => write,
    };
    write.add("redeemed", 1)
}

impl Table {
    /// What an account has subscribed to.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such account.
    pub async fn subscription(&self, account: &AccountId) -> Result<Subscribed, Error> {
        let item = self.get(&keys::subscription(account)).await?.ok_or(Error::NotFound("subscription"))?;
        let stored: StoredSubscription = decode(item, ITEM)?;
        Ok(Subscribed { subscription: stored.read()?, revision: stored.revision })
    }

    /// How often a code of a catalogue was redeemed.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn redeemed(&self, catalogue: &str, code: &PromotionCode) -> Result<u64, Error> {
        #[derive(Deserialize)]
        struct Count {
            redeemed: u64,
        }
        let count: Option<Count> = self.read(&keys::promotion(catalogue, code.as_str()), "promotion").await?;
        Ok(count.map_or(0, |count| count.redeemed))
    }
}

//! What accounts have subscribed to: one item, changed on the condition that it is what was read.

use domain::calendar::{Day, Instant};
use domain::catalog::PlanKey;
use domain::catalog::names::{AddOnId, ChargeId, MeterId, PromotionCode};
use domain::ids::AccountId;
use domain::message::{Notice, Owed};
use domain::subscription::change::{Decision, Due, DueTask};
use domain::subscription::{Booking, Phase, Redemption, Subscription, Trial};
use domain::timer::Timer;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::keys;
use super::notices::owe_on_update;
use super::stored::valid;
use super::timers::{cancel, schedule};
use super::write::{Outcome, Write, number, text};
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

/// Reads a subscription item.
pub(super) fn read(item: Item) -> Result<Subscribed, Error> {
    let stored: StoredSubscription = decode(item, ITEM)?;
    Ok(Subscribed { subscription: stored.read()?, revision: stored.revision })
}

/// The writes that make the subscription of a new account, with its timers.
pub(super) fn making(account: &AccountId, subscription: &Subscription, today: Day) -> Result<Vec<Write>, Error> {
    let key = keys::subscription(account);
    let item: Item = encode(&key, &StoredSubscription::new(subscription, 1))?;
    let timers = subscription.due_from(today.next());
    std::iter::once(Ok(Write::put(key, item).if_absent()))
        .chain(timers.into_iter().map(|due| schedule(&Timer::of_subscription(account, due))))
        .collect()
}

/// Attributes that come and go with what a subscription holds.
const OPTIONAL: [&str; 6] = ["trial", "ends_on", "bookings", "redemptions", "forecast", "agreed_prices"];

/// The write that replaces a subscription, on the condition that nobody changed it meanwhile. Other
/// attributes of the item, such as a mail that is owed, stay.
fn replacing(account: &AccountId, before: &Subscribed, after: &Subscription) -> Result<Write, Error> {
    let key = keys::subscription(account);
    let revision = i64::try_from(before.revision).unwrap_or(i64::MAX);
    let mut item: Item = encode(&key, &StoredSubscription::new(after, before.revision.saturating_add(1)))?;
    let mut write = Write::update(key).if_equals("revision", Some(number(revision)));
    for name in OPTIONAL.into_iter().filter(|name| !item.contains_key(*name)) {
        write = write.remove(name);
    }
    item.retain(|name, _| name != "pk" && name != "sk");
    let mut attributes: Vec<_> = item.into_iter().collect();
    // The same change is the same request at every try.
    attributes.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, value) in attributes {
        write = write.set(&name, value);
    }
    Ok(write)
}

/// A redeemed code: counted in the transaction that redeems it, so that its limit holds.
#[derive(Clone, Debug)]
pub struct Redeeming {
    /// Catalogue version the code stands in, `name@version`.
    pub catalogue: String,
    /// The code.
    pub code: PromotionCode,
    /// How often it can be redeemed in all.
    pub limit: Option<u64>,
}

impl Redeeming {
    fn write(&self) -> Write {
        let key = keys::promotion(&self.catalogue, self.code.as_str());
        let write = Write::update(key).set("code", text(self.code.to_string()));
        let write = match self.limit.and_then(|limit| i64::try_from(limit).ok()) {
            Some(limit) => write.if_missing_or_below("redeemed", limit),
            None => write,
        };
        write.add("redeemed", 1)
    }
}

impl Table {
    /// What an account has subscribed to.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such account.
    pub async fn subscription(&self, account: &AccountId) -> Result<Subscribed, Error> {
        read(self.get(&keys::subscription(account)).await?.ok_or(Error::NotFound("subscription"))?)
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

    /// Changes a subscription: in one transaction the new state, its timers in place of the old ones, the
    /// count of a redeemed code and the mail that confirms it. Gives `false` if somebody changed it
    /// meanwhile, or if a code reached its limit.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn change_subscription(
        &self,
        account: &AccountId,
        before: &Subscribed,
        decision: &Decision,
        redeeming: Option<&Redeeming>,
        now: Instant,
    ) -> Result<bool, Error> {
        let tomorrow = Day::of(now).next();
        let key = keys::subscription(account);
        let revision = u32::try_from(before.revision.saturating_add(1)).unwrap_or(u32::MAX);
        let owed = Owed { notice: Notice::SubscriptionChanged, revision };
        let mut writes = vec![owe_on_update(replacing(account, before, &decision.after)?, &key, owed, now)];
        let old = before.subscription.due_from(tomorrow);
        let timer = |due: &Due| Timer::of_subscription(account, *due);
        writes.extend(old.iter().filter(|due| !decision.timers.contains(due)).map(|due| cancel(&timer(due))));
        for due in decision.timers.iter().filter(|due| !old.contains(due)) {
            writes.push(schedule(&timer(due))?);
        }
        writes.extend(redeeming.map(Redeeming::write));
        Ok(self.commit(writes).await? == Outcome::Committed)
    }

    /// Tells people what has come to pass about a subscription, unless it was changed so that it has not;
    /// either way the timer is done with.
    ///
    /// # Errors
    /// [`Error::Contended`] when the subscription changed in between; the timer stays due.
    pub async fn tell_of_subscription(
        &self,
        account: &AccountId,
        due: Due,
        timer: &Timer,
        now: Instant,
    ) -> Result<bool, Error> {
        let subscribed = self.subscription(account).await?;
        if !subscribed.subscription.due_from(due.on).contains(&due) {
            self.commit(vec![cancel(timer)]).await?;
            return Ok(false);
        }
        let notice = match due.task {
            DueTask::TrialEnds => Notice::TrialOver,
            DueTask::PlanChanges => Notice::PlanChanged,
            DueTask::SubscriptionEnds => Notice::SubscriptionOver,
        };
        let key = keys::subscription(account);
        let owed = Owed { notice, revision: u32::try_from(subscribed.revision).unwrap_or(u32::MAX) };
        let revision = i64::try_from(subscribed.revision).unwrap_or(i64::MAX);
        let unchanged = Write::update(key.clone()).if_equals("revision", Some(number(revision)));
        let writes = vec![owe_on_update(unchanged, &key, owed, now), cancel(timer)];
        match self.commit(writes).await? {
            Outcome::Committed => Ok(true),
            _ => Err(Error::Contended),
        }
    }
}

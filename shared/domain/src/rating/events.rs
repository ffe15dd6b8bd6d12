//! Ended events: charged one by one where a plan says so, else usage of the day they ended.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::calendar::Day;
use crate::catalog::Catalogues;
use crate::catalog::charge::Model;
use crate::catalog::meter::EVENT_METERS;
use crate::catalog::names::MeterId;
use crate::rating::metered::event_quantity;
use crate::subscription::Subscription;
use crate::usage::{EndedEvent, Record, Usage};

/// Whether records of a meter of events mean something to the price list of a day: it defines the meter, and
/// its plan does not price it event by event alone. A day without a known plan is held elsewhere.
pub(super) fn counts_by_day(catalogues: &Catalogues, subscription: &Subscription, day: Day, meter: &MeterId) -> bool {
    let plan = subscription.phase_on(day).and_then(|phase| catalogues.plan(&phase.plan));
    let Some((catalogue, plan)) = plan else { return true };
    if catalogue.meter(meter).is_none() {
        return false;
    }
    let prices = catalogue.charges_of(plan).filter(|charge| charge.model.meter() == Some(meter));
    let mut per_event = prices.map(|charge| matches!(&charge.model, Model::Metered(metered) if metered.per_event));
    let first = per_event.next();
    first.is_none_or(|first| !first || per_event.any(|other| !other))
}

/// A record of an event for one of its meters, on the day it ended.
pub(super) fn record(event: &EndedEvent, meter: MeterId) -> Record {
    let quantity: Decimal = event_quantity(event, &meter);
    Record {
        day: event.over_on,
        at: None,
        meter,
        quantity,
        subject: Some(event.event.to_string()),
        recorded_on: event.recorded_on,
    }
}

/// The usage with its events as records too, for the meters that are not priced event by event alone. For
/// usage that has events but not the days on which people answered, as files have it.
#[must_use]
pub fn count_events<'a>(catalogues: &Catalogues, subscription: &Subscription, usage: &'a Usage) -> Cow<'a, Usage> {
    let mut records = Vec::new();
    for event in &usage.events {
        for meter in EVENT_METERS.iter().filter_map(|name| MeterId::parse(name).ok()) {
            let known = subscription.phase_on(event.over_on).is_some();
            if known && counts_by_day(catalogues, subscription, event.over_on, &meter) {
                records.push(record(event, meter));
            }
        }
    }
    if records.is_empty() {
        return Cow::Borrowed(usage);
    }
    let mut usage = usage.clone();
    usage.records.append(&mut records);
    Cow::Owned(usage)
}

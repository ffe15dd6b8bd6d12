//! Ended events of plans that do not charge event by event count as usage of the day they ended.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::calendar::Day;
use crate::catalog::Catalogues;
use crate::catalog::charge::{Charge, Model};
use crate::catalog::names::MeterId;
use crate::rating::metered::{EVENT_METERS, event_quantity};
use crate::subscription::Subscription;
use crate::usage::{Record, Usage};

/// Whether the plan of a day charges event by event; a day without a known plan is held elsewhere.
pub(super) fn is_per_event(catalogues: &Catalogues, subscription: &Subscription, day: Day) -> bool {
    let plan = subscription.phase_on(day).and_then(|phase| catalogues.plan(&phase.plan));
    plan.is_none_or(|(catalogue, plan)| {
        let per_event = |charge: &Charge| matches!(&charge.model, Model::Metered(metered) if metered.per_event);
        catalogue.charges_of(plan).any(per_event)
    })
}

/// The usage with such events turned into records; as it is where there are none.
pub(super) fn counted<'a>(catalogues: &Catalogues, subscription: &Subscription, usage: &'a Usage) -> Cow<'a, Usage> {
    if usage.events.is_empty() {
        return Cow::Borrowed(usage);
    }
    let plan_on = |day| catalogues.plan(&subscription.phase_on(day)?.plan);
    let per_event = |day| is_per_event(catalogues, subscription, day);
    if usage.events.iter().all(|event| per_event(event.over_on)) {
        return Cow::Borrowed(usage);
    }
    let mut usage = usage.clone();
    for event in std::mem::take(&mut usage.events) {
        if per_event(event.over_on) {
            usage.events.push(event);
            continue;
        }
        let known =
            |meter: &MeterId| plan_on(event.over_on).is_some_and(|(catalogue, _)| catalogue.meter(meter).is_some());
        for meter in EVENT_METERS.iter().filter_map(|name| MeterId::parse(name).ok()).filter(known) {
            let quantity: Decimal = event_quantity(&event, &meter);
            usage.records.push(Record {
                day: event.over_on,
                at: None,
                meter,
                quantity,
                subject: Some(event.event.to_string()),
                recorded_on: event.recorded_on,
            });
        }
    }
    Cow::Owned(usage)
}

//! Which usage has to be read to rate a month, so that an account costs no more than what its price list asks for.

use crate::calendar::{Day, Month};
use crate::catalog::Catalogues;
use crate::catalog::charge::Model;
use crate::catalog::meter::{EVENT_METERS, MeterKind};
use crate::catalog::names::MeterId;
use crate::catalog::plan::Reset;
use crate::rating::frame::Frame;
use crate::rating::output::Output;
use crate::rating::{events, stepped};
use crate::subscription::Subscription;
use crate::usage::built_in::{REGISTRATION_FORMS, is_built_in, is_of_forms};
use crate::usage::{EndedEvent, Usage};

/// How far back late records of events are looked for, in months.
const LATE_MONTHS: u32 = 3;

/// What has to be read beside ended events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needed {
    /// The first day whose usage is needed.
    pub from: Day,
    /// Whether what gauges showed before that day is needed.
    pub gauges: bool,
    /// Whether the days on which registration pages were open are needed.
    pub forms: bool,
}

/// What has to be read to rate a month; `None` if ended events, which are rated by themselves, are all.
#[must_use]
pub fn needed_usage(catalogues: &Catalogues, subscription: &Subscription, month: Month) -> Option<Needed> {
    let lists = || {
        let plans = subscription.phases.iter().filter(|phase| phase.from <= month.last());
        plans.filter_map(|phase| catalogues.plan(&phase.plan))
    };
    let meters = || lists().flat_map(|(catalogue, _)| &catalogue.parts().meters);
    // Whatever may be reported is read, so that what the plan does not mark is held and not passed over (G7).
    let reported = meters().any(|meter| !EVENT_METERS.contains(&meter.id.as_str()))
        || lists().any(|(catalogue, _)| {
            catalogue.parts().charges.iter().any(|charge| matches!(charge.model, Model::OneOff(_)))
        });
    // What is left of a pool that is used once follows from all that drew from it (S2).
    let pools = lists().flat_map(|(_, plan)| &plan.pools).any(|pool| pool.reset == Reset::Once);
    let begun = subscription.charged_from().filter(|_| pools && reported);
    let first = [reported.then(|| month.first()), begun, by_days(catalogues, subscription, month)];
    let from = first.into_iter().flatten().min()?.min(month.first());
    let gauges = meters().any(|meter| meter.kind == MeterKind::Gauge && meter.id.as_str() != REGISTRATION_FORMS);
    let forms = meters().any(|meter| is_of_forms(meter.id.as_str()));
    Some(Needed { from, gauges, forms })
}

/// The first day whose counts of events are needed, where a plan of the month, or of those before for which something
/// may come late, prices them by their days.
fn by_days(catalogues: &Catalogues, subscription: &Subscription, month: Month) -> Option<Day> {
    let usage = Usage::default();
    let mut needed: Option<Day> = None;
    // A month's run starts when all of it is counted, so late is a matter of days; a quarter leaves ample room.
    for back in 0..=LATE_MONTHS {
        let month = month.first().minus_months(back).month();
        let frame = Frame::new(catalogues, subscription, &usage, month, month, &mut Output::default());
        for run in frame.runs() {
            let of_event = run.charge.model.meter().is_some_and(|meter| EVENT_METERS.contains(&meter.as_str()));
            let first = match &run.charge.model {
                // Whatever accumulates is needed since it began to.
                Model::Stepped(stepped) => stepped::since(&frame, &run, stepped, month.last()),
                Model::Metered(metered) if of_event && !metered.per_event => month.first(),
                _ => continue,
            };
            needed = Some(needed.map_or(first, |known| known.min(first)));
        }
    }
    needed
}

/// The usage of an account as rating takes it: its ended events, and what was recorded, of which the counts of events
/// stay out that are charged event by event. What is counted for every account means something only to a price list
/// that defines the meter; whatever was reported stays, so that it is charged or held.
#[must_use]
pub fn account_usage(
    catalogues: &Catalogues,
    subscription: &Subscription,
    events: Vec<EndedEvent>,
    recorded: Usage,
) -> Usage {
    let Usage { mut records, mut entries, mut orders, opening, .. } = recorded;
    // That an event took place is known when it is over, not by the days on which people answered.
    let held = MeterId::parse("events").ok();
    records.extend(events.iter().filter_map(|event| Some(events::record(event, held.clone()?))));
    // What is counted after the last day is owed to nobody: the contract is over (P3).
    let owed = |day: Day| subscription.ends_on.is_none_or(|last| day <= last);
    records.retain(|record| owed(record.day));
    entries.retain(|entry| owed(entry.day()));
    orders.retain(|order| owed(order.day));
    records.retain(|record| {
        let meter = &record.meter;
        !is_built_in(meter.as_str()) || events::counts_by_day(catalogues, subscription, record.day, meter)
    });
    Usage { records, events, entries, orders, opening }
}

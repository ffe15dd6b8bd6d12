//! What a plan says of the usage that came: nothing that is neither charged nor marked is passed over (G7).

use crate::calendar::Day;
use crate::catalog::charge::Model;
use crate::catalog::meter::MeterKind;
use crate::catalog::names::{AddOnId, MeterId};
use crate::catalog::plan::{Mark, Plan};
use crate::catalog::{Catalogue, PlanKey};
use crate::rating::HoldReason;
use crate::rating::blocks::local_start;
use crate::rating::frame::{Frame, overlap};
use crate::rating::output::Output;
use crate::usage::{EndedEvent, Record};

/// Holds usage that became known in the month and has no price, and bookings of what there is not.
pub(super) fn check(frame: &Frame<'_>, out: &mut Output) {
    for booking in &frame.subscription.bookings {
        let covered = (booking.from, booking.until.unwrap_or(Day::MAX));
        // One that runs out after a change to a version without it was sold under the version before (G6).
        let mut versions =
            frame.subscription.phases.iter().filter_map(|phase| frame.catalogues.get(&phase.plan.catalogue));
        let known = versions.any(|catalogue| catalogue.add_on(&booking.add_on).is_some());
        if !known && frame.segments.iter().any(|segment| overlap(covered, segment.span).is_some()) {
            out.hold(HoldReason::UnknownAddOn(booking.add_on.clone()));
        }
    }
    let of_month = |record: &&Record| record.billed() == frame.billed && !record.quantity.is_zero();
    for record in sorted(frame.usage.records.iter().filter(of_month)) {
        if frame.is_trial(record.day) {
            continue;
        }
        match frame.plan_on(record.day) {
            Some((catalogue, plan)) => check_meter(frame, catalogue, plan, &record.meter, record.day, out),
            // A gauge holds what was there before, so its records may well be older than the subscription.
            None if is_gauge(frame, &record.meter) => {}
            None => unsubscribed(frame, record.meter.to_string(), record.day, out),
        }
    }
    for entry in sorted(frame.usage.entries.iter().filter(|entry| entry.billed() == frame.billed)) {
        let day = entry.day();
        if frame.is_trial(day) || entry.minutes.is_zero() {
            continue;
        }
        match frame.plan_on(day) {
            None => unsubscribed(frame, entry.channel.to_string(), day, out),
            Some((catalogue, plan)) => {
                let wall = crate::calendar::local(entry.start).naive_local();
                let covers = catalogue.charges_of(plan).any(|charge| match &charge.model {
                    Model::Blocks(blocks) => {
                        blocks.channel == entry.channel
                            && (blocks.windows.is_empty() || blocks.windows.iter().any(|window| window.contains(wall)))
                    }
                    _ => false,
                });
                match plan.mark(&entry.channel) {
                    Some(Mark::Charged) if !covers => out
                        .hold(HoldReason::NoTariff { channel: entry.channel.clone(), start: local_start(entry.start) }),
                    _ => check_meter(frame, catalogue, plan, &entry.channel, day, out),
                }
            }
        }
    }
    let mut events: Vec<&EndedEvent> =
        frame.usage.events.iter().filter(|event| event.billed() == frame.billed).collect();
    events.sort_unstable_by_key(|event| (event.over_on, &event.event));
    for event in events {
        if frame.plan_of_event(event).is_none() && !frame.is_trial(event.over_on) {
            unsubscribed(frame, event.event.to_string(), event.over_on, out);
        }
    }
}

/// Earliest first, so that the same is held whatever the order of what is stored.
fn sorted<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all
}

/// Days on an unknown plan are held already, with the plan as the reason.
fn unsubscribed(frame: &Frame<'_>, what: String, day: Day, out: &mut Output) {
    if frame.subscription.phase_on(day).is_none() {
        out.hold(HoldReason::NoSubscription { what, day });
    }
}

fn is_gauge(frame: &Frame<'_>, meter: &MeterId) -> bool {
    frame.catalogues.iter().any(|catalogue| catalogue.meter(meter).is_some_and(|meter| meter.kind == MeterKind::Gauge))
}

fn check_meter(frame: &Frame<'_>, catalogue: &Catalogue, plan: &Plan, meter: &MeterId, day: Day, out: &mut Output) {
    match plan.mark(meter) {
        Some(Mark::Included | Mark::Ignored) => {}
        None => {
            let plan: PlanKey = catalogue.plan_key(&plan.id);
            out.hold(HoldReason::UnmarkedMeter { plan, meter: meter.clone() });
        }
        Some(Mark::Charged) => {
            let prices = |charge: &&crate::catalog::charge::Charge| charge.model.meter() == Some(meter);
            let mut booked = false;
            let mut per_event_only = true;
            for charge in catalogue.charges_of(plan).filter(prices) {
                // What is there is there until it changes, so a gauge may be older than the booking.
                let since = |add_on: &AddOnId| match catalogue.meter(meter) {
                    Some(meter) if meter.kind == MeterKind::Gauge => {
                        frame.subscription.bookings.iter().any(|booking| booking.add_on == *add_on)
                    }
                    _ => false,
                };
                booked |=
                    charge.add_on.as_ref().is_none_or(|add_on| frame.has_add_on(plan, add_on, day) || since(add_on));
                per_event_only &= matches!(&charge.model, Model::Metered(metered) if metered.per_event);
            }
            if per_event_only {
                out.hold(HoldReason::PerEvent { meter: meter.clone() });
            } else if !booked {
                let known = out
                    .held
                    .iter()
                    .any(|reason| matches!(reason, HoldReason::NotBooked { meter: held, .. } if held == meter));
                if !known {
                    out.hold(HoldReason::NotBooked { meter: meter.clone(), day });
                }
            }
        }
    }
}

//! Monthly fees: in advance with their changes within the month (C1, C2), or in arrears.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::calendar::Day;
use crate::catalog::Catalogue;
use crate::catalog::charge::{Billed, Charge, Every, Flat, Issuer, Model, VatClass};
use crate::catalog::meter::Unit;
use crate::catalog::names::AddOnId;
use crate::catalog::plan::Plan;
use crate::catalog::tiers::Price;
use crate::invoice::Share;
use crate::language::Text;
use crate::rating::frame::{Frame, Run, Span, days_of, days_of_all, overlap};
use crate::rating::output::{Item, Output, Place};
use crate::rating::{Basis, HoldReason, yearly};
use crate::subscription::Booking;

/// Charges the fees of the month.
pub(super) fn rate(frame: &Frame<'_>, out: &mut Output) {
    let runs = frame.runs();
    let mut in_advance = false;
    for run in &runs {
        if let Model::Flat(flat) = &run.charge.model {
            match (flat.every, flat.billed) {
                (Every::Year, _) => yearly::rate(frame, run, flat, out),
                (Every::Month, Billed::Arrears) => arrears(frame, run, flat, out),
                (Every::Month, Billed::Advance) => in_advance = true,
            }
        }
    }
    if in_advance {
        advance(frame, &runs, out);
    }
}

/// The price of a fee; one that is on request has to be agreed with the account.
pub(super) fn fee(frame: &Frame<'_>, charge: &Charge, price: Price) -> Result<Decimal, HoldReason> {
    match price {
        Price::Amount(amount) => Ok(amount),
        Price::OnRequest => {
            frame.subscription.agreed_price(&charge.id).ok_or_else(|| HoldReason::NoAgreedPrice(charge.id.clone()))
        }
    }
}

/// First charged day of the plans without a break that charge the charge of a day.
pub(super) fn began(frame: &Frame<'_>, run: &Run<'_>, day: Day) -> Day {
    let phases = &frame.subscription.phases;
    // An add-on that a plan includes has no fee (S1).
    let included = |plan: &Plan| {
        matches!(run.charge.model, Model::Flat(_))
            && run.charge.add_on.as_ref().is_some_and(|add_on| plan.includes.contains(add_on))
    };
    let lists = |index: usize| {
        let plan = phases.get(index).and_then(|phase| frame.catalogues.plan(&phase.plan));
        plan.is_some_and(|(_, plan)| plan.charges.contains(&run.charge.id) && !included(plan))
    };
    let mut index = phases.iter().rposition(|phase| phase.from <= day).unwrap_or(0);
    while index > 0 && lists(index - 1) {
        index -= 1;
    }
    let from = phases.get(index).map_or(day, |phase| phase.from);
    frame.subscription.charged_from().map_or(from, |charged| charged.max(from))
}

/// Whether a fee that is charged whole falls due in the month (A20).
///
/// Of a plan that another one follows, only the follower's does. A first month that is not whole is
/// charged whole; therefore a last month that is not whole is not charged after such a first one.
pub(super) fn is_due_whole(frame: &Frame<'_>, last: Day, began: Day) -> bool {
    let replaced = frame.segments.iter().rev().skip(1).any(|segment| segment.span.1 == last);
    let ends_within = last < frame.month.last();
    let began_within_earlier = began.month() < frame.month && began != began.month().first();
    !(replaced || ends_within && began_within_earlier)
}

/// Days of a booking, or of the plan where nothing is booked.
struct Interval<'a> {
    booking: Option<&'a Booking>,
    spans: Vec<Span>,
    began: Day,
    /// Last day of the booking, whatever plan it is under by then.
    ends: Day,
}

/// The days of each booking, without those on which the plan includes the add-on.
fn intervals<'a>(frame: &Frame<'a>, run: &Run<'a>) -> Vec<Interval<'a>> {
    let last = run.spans.last().map_or(frame.month.last(), |span| span.1);
    let Some(add_on) = &run.charge.add_on else {
        let began = began(frame, run, last);
        return vec![Interval { booking: None, spans: run.spans.clone(), began, ends: last }];
    };
    let began = began(frame, run, last);
    let mut intervals = Vec::new();
    for (booking, span) in frame.bookings_in_order(run.catalogue, add_on) {
        let mut spans: Vec<Span> = Vec::new();
        for segment in &frame.segments {
            // A charge of the same name in another version is another charge (G6).
            let listed =
                segment.catalogue.key() == run.catalogue.key() && segment.plan.charges.contains(&run.charge.id);
            let charged = listed && !segment.plan.includes.contains(add_on);
            if let Some(both) = overlap(span, segment.span).filter(|_| charged) {
                match spans.last_mut() {
                    Some(known) if known.1.next() == both.0 => known.1 = both.1,
                    _ => spans.push(both),
                }
            }
        }
        if !spans.is_empty() {
            intervals.push(Interval { booking: Some(booking), spans, began: span.0.max(began), ends: span.1 });
        }
    }
    intervals
}

fn arrears(frame: &Frame<'_>, run: &Run<'_>, flat: &Flat, out: &mut Output) {
    let intervals = intervals(frame, run);
    if intervals.is_empty() {
        return;
    }
    let unit_price = match fee(frame, run.charge, flat.price) {
        Ok(price) => price,
        Err(reason) => return out.hold(reason),
    };
    for interval in &intervals {
        let (Some(first), Some(last)) = (interval.spans.first(), interval.spans.last()) else { continue };
        if !flat.prorated {
            let due = match interval.booking {
                None => is_due_whole(frame, last.1, interval.began),
                Some(booking) => booking_is_due_whole(frame, &intervals, booking, interval),
            };
            if !due {
                continue;
            }
        }
        let share = if flat.prorated { frame.share(days_of_all(&interval.spans)) } else { None };
        out.push(Item {
            text: fee_text(&run.charge.text, interval.booking, share),
            quantity: interval.booking.map_or(Decimal::ONE, |booking| booking.quantity),
            unit: Unit::MONTH,
            unit_price,
            share,
            period: (first.0, last.1),
            ..Item::of(frame, run)
        });
    }
}

/// As [`is_due_whole`], for a booking; one that another of the same thing follows leaves it to that.
fn booking_is_due_whole(
    frame: &Frame<'_>,
    intervals: &[Interval<'_>],
    booking: &Booking,
    interval: &Interval<'_>,
) -> bool {
    let last = interval.spans.last().map_or(booking.from, |span| span.1);
    let followed = intervals.iter().filter_map(|other| Some((other, other.booking?))).any(|(other, next)| {
        next.label == booking.label && other.spans.first().is_some_and(|span| span.0 == last.next())
    });
    // Of two plans of a month only the last one's fee is due, and so it is with what is booked under both.
    let replaced = last < interval.ends && frame.charged_days().is_some_and(|(_, charged_last)| last < charged_last);
    let partial_start = interval.began.month() < frame.month && interval.began != interval.began.month().first();
    !(followed || replaced || last < frame.month.last() && partial_start)
}

/// Fees that go together when something changes: those of the plan, or those of an add-on.
type Group<'a> = (Option<&'a AddOnId>, VatRank, Issuer);

/// VAT classes in an order of their own, only to group by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct VatRank(bool);

/// A group's fees of a whole month on a day: the first charge and the amount.
struct Amount<'a> {
    group: Group<'a>,
    catalogue: &'a Catalogue,
    plan: &'a Plan,
    charge: &'a Charge,
    monthly: Decimal,
}

fn advance(frame: &Frame<'_>, runs: &[Run<'_>], out: &mut Output) {
    let Some((first, last)) = frame.charged_days() else { return };
    let due = |run: &Run<'_>| last == frame.month.last() || !began_whole(frame, run);
    for run in runs.iter().filter(|run| run.spans.first().is_some_and(|span| span.0 == first)) {
        let Model::Flat(flat @ Flat { every: Every::Month, billed: Billed::Advance, .. }) = &run.charge.model else {
            continue;
        };
        let Some(segment) = frame.segments.first() else { return };
        let quantity = match &run.charge.add_on {
            None => Some(Decimal::ONE),
            Some(add_on) => frame.booked_on(run.catalogue, segment.plan, add_on, first),
        };
        let Some(quantity) = quantity.filter(|quantity| !quantity.is_zero() && (flat.prorated || due(run))) else {
            continue;
        };
        let unit_price = match fee(frame, run.charge, flat.price) {
            Ok(price) => price,
            Err(reason) => {
                out.hold(reason);
                continue;
            }
        };
        let share = if flat.prorated { frame.share(days_of((first, last))) } else { None };
        out.push(Item {
            text: fee_text(&run.charge.text, None, share),
            plan: segment.plan,
            quantity,
            unit: Unit::MONTH,
            unit_price,
            share,
            period: (first, last),
            charged_on: first,
            ..Item::of(frame, run)
        });
    }
    for day in change_days(frame, first, last) {
        change(frame, day, last, out);
    }
}

/// Whether the fee was charged whole for a first month that was not, in an earlier month (A20). What began with a
/// change later on was charged by its days.
fn began_whole(frame: &Frame<'_>, run: &Run<'_>) -> bool {
    let Some(first) = frame.subscription.charged_from().filter(|first| first.month() < frame.month) else {
        return false;
    };
    let Some((catalogue, plan)) = frame.plan_on(first).filter(|_| first != first.month().first()) else { return false };
    catalogue.charges_of(plan).any(|charge| {
        charge.add_on == run.charge.add_on
            && matches!(
                &charge.model,
                Model::Flat(Flat { every: Every::Month, billed: Billed::Advance, prorated: false, .. })
            )
            && charge.add_on.as_ref().is_none_or(|add_on| {
                frame.booked_on(catalogue, plan, add_on, first).is_none_or(|booked| !booked.is_zero())
            })
    })
}

/// The days after the first on which the plan or a booking changes.
fn change_days(frame: &Frame<'_>, first: Day, last: Day) -> BTreeSet<Day> {
    let mut days: BTreeSet<Day> = frame.segments.iter().map(|segment| segment.span.0).collect();
    for segment in &frame.segments {
        for charge in segment.catalogue.charges_of(segment.plan) {
            if let Some(add_on) = &charge.add_on {
                for (_, span) in frame.bookings(segment.catalogue, add_on) {
                    days.insert(span.0);
                    days.insert(span.1.next());
                }
            }
        }
    }
    days.retain(|day| first < *day && *day <= last);
    days
}

/// Charges the difference for the days that are left, the day of the change included (C1).
fn change(frame: &Frame<'_>, day: Day, last: Day, out: &mut Output) {
    let (before, after) = match (amounts(frame, day.previous()), amounts(frame, day)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(reason), _) | (_, Err(reason)) => return out.hold(reason),
    };
    let groups: BTreeSet<Group<'_>> = before.iter().chain(&after).map(|amount| amount.group).collect();
    for group in groups {
        let of =
            |amounts: &[Amount<'_>]| amounts.iter().find(|amount| amount.group == group).map(|amount| amount.monthly);
        let (old, new) = (of(&before).unwrap_or_default(), of(&after).unwrap_or_default());
        let Some(known) = after.iter().chain(&before).find(|amount| amount.group == group) else { continue };
        let difference = new - old;
        let position = frame.segments.iter().rposition(|segment| segment.span.0 <= day).unwrap_or(0);
        let share = frame.share(days_of((day, last))).unwrap_or(Share { days: frame.days(), of: frame.days() });
        let (plan_before, plan_after) = (frame.plan_on(day.previous()), frame.plan_on(day));
        let text = match (plan_before, plan_after) {
            (Some((_, old)), Some((_, new))) if old.id != new.id => known.charge.text.with(
                &format!(", Wechsel von {} zu {}", old.title.de, new.title.de),
                &format!(", change from {} to {}", old.title.en, new.title.en),
            ),
            _ => known.charge.text.with(", Änderung", ", change"),
        };
        let run = Run {
            catalogue: known.catalogue,
            plan: known.plan,
            charge: known.charge,
            place: Place {
                late: false,
                segment: position,
                charge: known.plan.charges.iter().position(|id| *id == known.charge.id).unwrap_or(0),
            },
            spans: vec![(day, last)],
        };
        out.push(Item {
            text: text.with(&share.suffix().de, &share.suffix().en),
            quantity: if difference < Decimal::ZERO { Decimal::NEGATIVE_ONE } else { Decimal::ONE },
            unit: Unit::MONTH,
            unit_price: difference.abs(),
            share: Some(share),
            charged_on: day,
            basis: Basis::Change { before: old, after: new },
            ..Item::of(frame, &run)
        });
    }
}

/// The fees of a whole month by the plan and the bookings of a day.
fn amounts<'a>(frame: &Frame<'a>, day: Day) -> Result<Vec<Amount<'a>>, HoldReason> {
    let Some((catalogue, plan)) = frame.plan_on(day) else { return Ok(Vec::new()) };
    let mut amounts: Vec<Amount<'a>> = Vec::new();
    for charge in catalogue.charges_of(plan) {
        let Model::Flat(Flat { every: Every::Month, billed: Billed::Advance, price, .. }) = &charge.model else {
            continue;
        };
        let too_large = || HoldReason::TooLarge(charge.id.clone());
        let quantity = match &charge.add_on {
            None => Decimal::ONE,
            Some(add_on) => frame.booked_on(catalogue, plan, add_on, day).ok_or_else(too_large)?,
        };
        if quantity.is_zero() {
            continue;
        }
        let monthly = fee(frame, charge, *price)?.checked_mul(quantity).ok_or_else(too_large)?;
        let group = (charge.add_on.as_ref(), VatRank(charge.vat == VatClass::Reduced), charge.issuer);
        match amounts.iter_mut().find(|amount| amount.group == group) {
            Some(known) => known.monthly = known.monthly.checked_add(monthly).ok_or_else(too_large)?,
            None => amounts.push(Amount { group, catalogue, plan, charge, monthly }),
        }
    }
    Ok(amounts)
}

/// The text of a fee, with what was booked and the days it is for.
pub(super) fn fee_text(text: &Text, booking: Option<&Booking>, share: Option<Share>) -> Text {
    let mut text = text.clone();
    if let Some(label) = booking.and_then(|booking| booking.label.as_ref()) {
        text = text.with(&format!(": {label}"), &format!(": {label}"));
    }
    match share {
        Some(share) => text.with(&share.suffix().de, &share.suffix().en),
        None => text,
    }
}

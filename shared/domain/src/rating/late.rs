//! What became known after its month was closed: billed on the next invoice with its own service date,
//! never lost, never twice.
//!
//! Entries, orders, events and transactions are priced by themselves. What is priced by the quantity of a
//! month is charged as the difference: the closed month with what came late, less what it was without.

use rust_decimal::Decimal;

use crate::calendar::{Day, Month};
use crate::catalog::charge::{Charge, Model};
use crate::catalog::meter::{MeterKind, Unit};
use crate::catalog::names::MeterId;
use crate::language::Language;
use crate::money::Money;
use crate::rating::frame::{Frame, Run, days_of_all};
use crate::rating::metered::Part;
use crate::rating::output::{Item, Output, net_of};
use crate::rating::pools::Covered;
use crate::rating::{Basis, HoldReason, blocks, metered, orders, percentage, stepped};
use crate::usage::Record;

/// Most months looked back at: two centuries.
const MONTHS: u32 = 2_400;

/// Charges the usage of the month and what came late for earlier ones.
pub(super) fn rate(frame: &Frame<'_>, covered: &Covered<'_>, out: &mut Output) {
    orders::check(frame, out);
    rate_usage(frame, covered, out);
    metered::rate_after_end(frame, covered, out);
    for month in months(frame) {
        let past = Frame::new(frame.catalogues, frame.subscription, frame.usage, month, frame.billed, out);
        rate_usage(&past, covered, out);
    }
}

/// The closed months for which something became known in the month that is billed, earliest first.
///
/// What a gauge shows and what a count has reached holds on, so they change every month since.
pub(super) fn months(frame: &Frame<'_>) -> Vec<Month> {
    let usage = frame.usage;
    let records = usage.records.iter().map(|record| (record.day, record.recorded_on));
    let entries =
        usage.entries.iter().filter(|entry| entry.recorded_on.is_some()).map(|entry| (entry.day(), entry.recorded_on));
    let orders = usage.orders.iter().map(|order| (order.day, order.recorded_on));
    let events = usage.events.iter().map(|event| (event.over_on, event.recorded_on));
    let mut months: Vec<Month> = records
        .chain(entries)
        .chain(orders)
        .chain(events)
        .filter(|(day, known)| known.is_some_and(|known| known.month() == frame.billed) && day.month() < frame.billed)
        .map(|(day, _)| day.month())
        .collect();
    if months.is_empty() {
        return months;
    }
    let late = usage.records.iter().filter(|record| is_late(frame, record));
    if let Some(first) = late.filter(|record| holds_on(frame, &record.meter)).map(|record| record.day).min() {
        let charged = frame.subscription.charged_from().unwrap_or(first);
        months.extend(months_from(first.max(charged).month(), frame.billed));
    }
    months.sort_unstable();
    months.dedup();
    months
}

/// The months before another from an earlier one on, at most those of two centuries.
pub(super) fn months_from(first: Month, end: Month) -> impl Iterator<Item = Month> {
    let first = first.max(end.first().minus_months(MONTHS).month());
    std::iter::successors(Some(first), |month| Some(month.next())).take_while(move |month| *month < end)
}

/// Whether a record of a closed month became known in the month that is billed.
fn is_late(frame: &Frame<'_>, record: &Record) -> bool {
    record.billed() == frame.billed && record.day.month() < frame.billed
}

/// Whether what is recorded on a day counts in later months too.
fn holds_on(frame: &Frame<'_>, meter: &MeterId) -> bool {
    let accumulates = |charge: &Charge| matches!(&charge.model, Model::Stepped(stepped) if stepped.meter == *meter);
    frame.catalogues.iter().any(|catalogue| {
        catalogue.meter(meter).is_some_and(|meter| meter.kind == MeterKind::Gauge)
            || catalogue.parts().charges.iter().any(accumulates)
    })
}

fn rate_usage(frame: &Frame<'_>, covered: &Covered<'_>, out: &mut Output) {
    for run in frame.runs() {
        match &run.charge.model {
            Model::Flat(_) => {}
            Model::OneOff(one_off) => orders::rate(frame, &run, one_off, covered, out),
            Model::Metered(metered) => metered::rate(frame, &run, metered, covered, out),
            Model::Stepped(stepped) => stepped::rate(frame, &run, stepped, out),
            Model::Percentage(percentage) => percentage::rate(frame, &run, percentage, out),
            Model::Blocks(blocks) => blocks::rate(frame, &run, blocks, covered, out),
        }
    }
}

/// Charges what a closed month costs more, or less, with what became known since.
pub(super) fn difference(
    frame: &Frame<'_>,
    run: &Run<'_>,
    out: &mut Output,
    price: impl Fn(Month) -> Result<(Vec<Part>, Vec<(Day, Decimal)>), HoldReason>,
) {
    let (waiver, prorated) = match &run.charge.model {
        Model::Metered(metered) => (metered.waiver.as_ref().map(|waiver| &waiver.meter), metered.prorated),
        _ => (None, false),
    };
    let counts = |record: &&Record| {
        let meter = Some(&record.meter);
        meter == run.charge.model.meter() || meter == waiver
    };
    if !frame
        .usage
        .records
        .iter()
        .filter(counts)
        .any(|record| record.billed() == frame.billed && record.day.month() <= frame.month)
    {
        return;
    }
    let currency = run.catalogue.parts().currency;
    let share = if prorated { frame.share(days_of_all(&run.spans)) } else { None };
    let net = |parts: &[Part]| {
        let each = parts.iter().map(|part| {
            let net = net_of(part.quantity, part.unit_price, share)?;
            Money::round(net, currency).ok().map(Money::amount)
        });
        each.sum::<Option<Decimal>>()
    };
    let (with, without) = match (price(frame.billed), price(frame.billed.previous())) {
        (Ok(with), Ok(without)) => (with, without),
        // What was below zero was not charged; now that it is not, all of it is.
        (Ok(with), Err(HoldReason::BelowZeroUsage { .. })) => (with, (Vec::new(), Vec::new())),
        // A month that could not be priced before is still held; one that cannot be priced now is held now.
        (Err(reason), _) | (_, Err(reason)) => return out.hold(reason),
    };
    let (Some(after), Some(before)) = (net(&with.0), net(&without.0)) else {
        return out.hold(HoldReason::TooLarge(run.charge.id.clone()));
    };
    let days: Vec<_> = with.1.into_iter().filter(|day| !without.1.contains(day)).collect();
    let difference = after - before;
    let text = run.charge.text.with(
        &format!(" (Nachberechnung {})", Language::De.month(frame.month)),
        &format!(" (late usage of {})", Language::En.month(frame.month)),
    );
    let late_days = frame.usage.records.iter().filter(|record| {
        Some(&record.meter) == run.charge.model.meter()
            && record.billed() == frame.billed
            && record.day.month() == frame.month
    });
    let (first, last) = late_days.fold((None, None), |(first, last): (Option<Day>, Option<Day>), record| {
        (
            Some(first.map_or(record.day, |day| day.min(record.day))),
            Some(last.map_or(record.day, |day| day.max(record.day))),
        )
    });
    out.push(Item {
        text,
        quantity: if difference < Decimal::ZERO { Decimal::NEGATIVE_ONE } else { Decimal::ONE },
        unit: Unit::LUMP_SUM,
        unit_price: difference.abs(),
        period: (first.unwrap_or(frame.month.first()), last.unwrap_or(frame.month.last())),
        meter: run.charge.model.meter(),
        days,
        basis: Basis::Late { month: frame.month, with: after, without: before },
        ..Item::of(frame, run)
    });
}

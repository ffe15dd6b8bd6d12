//! What became known after its month was closed: billed on the next invoice with its own service date,
//! never lost, never twice.
//!
//! Entries, orders, events and transactions are priced by themselves. What is priced by the quantity of a
//! month is charged as the difference: the closed month with what came late, less what it was without.

use rust_decimal::Decimal;

use crate::calendar::{Day, Month};
use crate::catalog::charge::Model;
use crate::catalog::meter::Unit;
use crate::language::Language;
use crate::money::Money;
use crate::rating::frame::{Frame, Run, days_of_all};
use crate::rating::metered::Part;
use crate::rating::output::{Item, Output, net_of};
use crate::rating::pools::Covered;
use crate::rating::{Basis, HoldReason, blocks, metered, orders, percentage, stepped};

/// Charges the usage of the month and what came late for earlier ones.
pub(super) fn rate(frame: &Frame<'_>, covered: &Covered, out: &mut Output) {
    orders::check(frame, out);
    rate_usage(frame, covered, out);
    for month in months(frame) {
        let past = Frame::new(frame.catalogues, frame.subscription, frame.usage, month, frame.billed, out);
        rate_usage(&past, covered, out);
    }
}

/// The closed months for which something became known in the month that is billed.
fn months(frame: &Frame<'_>) -> Vec<Month> {
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
    months.sort_unstable();
    months.dedup();
    months
}

fn rate_usage(frame: &Frame<'_>, covered: &Covered, out: &mut Output) {
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
    let currency = run.catalogue.parts().currency;
    let prorated = matches!(&run.charge.model, Model::Metered(metered) if metered.prorated);
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

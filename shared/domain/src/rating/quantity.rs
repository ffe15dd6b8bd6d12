//! How the records of a meter become one quantity (P2).

use rust_decimal::Decimal;

use crate::calendar::{Day, Month};
use crate::catalog::meter::{Aggregation, Meter, MeterKind};
use crate::rating::exact;
use crate::rating::frame::{Span, days_of, days_of_all, within};
use crate::usage::Record;

/// A quantity and the days behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) quantity: Decimal,
    pub(super) days: Vec<(Day, Decimal)>,
}

/// What a meter comes to in a whole month, with all that is known of it; `None` where it does not fit.
#[must_use]
pub fn month_quantity(meter: &Meter, records: &[Record], month: Month) -> Option<Decimal> {
    let known = records.iter().map(Record::billed).max().map_or(month, |last| last.max(month));
    count(meter, records, &[(month.first(), month.last())], known).map(|counted| counted.quantity)
}

/// Counts what was known when a month was billed; `None` where it does not fit.
pub(super) fn count(meter: &Meter, records: &[Record], spans: &[Span], known: Month) -> Option<Counted> {
    let of_meter = records.iter().filter(|record| record.meter == meter.id && record.billed() <= known);
    match meter.kind {
        _ if meter.month == Aggregation::Unique => Some(unique(of_meter, spans)),
        MeterKind::Gauge => gauge(meter, of_meter.collect(), spans),
        MeterKind::Counter | MeterKind::Time | MeterKind::Transaction => counter(meter, of_meter, spans),
    }
}

fn counter<'a>(meter: &Meter, records: impl Iterator<Item = &'a Record>, spans: &[Span]) -> Option<Counted> {
    let mut days: Vec<(Day, Decimal)> =
        records.filter(|record| within(spans, record.day)).map(|record| (record.day, record.quantity)).collect();
    days.sort_unstable();
    let mut sums: Vec<(Day, Decimal)> = Vec::with_capacity(days.len());
    for (day, quantity) in days {
        match sums.last_mut() {
            Some(known) if known.0 == day => known.1 = known.1.checked_add(quantity)?,
            _ => sums.push((day, quantity)),
        }
    }
    let total = exact::sum(sums.iter().map(|(_, quantity)| *quantity))?;
    let quantity = match meter.month {
        Aggregation::Sum | Aggregation::Unique => total,
        // A day without a record is 0, so the busiest day never has less.
        Aggregation::Max => sums.iter().map(|(_, quantity)| *quantity).max().unwrap_or_default().max(Decimal::ZERO),
        Aggregation::Mean => mean(total, spans, meter.scale)?,
        Aggregation::Last => {
            let last = spans.iter().map(|span| span.1).max()?;
            sums.iter().find(|(day, _)| *day == last).map_or(Decimal::ZERO, |(_, quantity)| *quantity)
        }
    };
    Some(Counted { quantity, days: sums })
}

/// A gauge has on each day what was observed on it, or the last value before (P2).
fn gauge(meter: &Meter, mut records: Vec<&Record>, spans: &[Span]) -> Option<Counted> {
    records.sort_unstable_by_key(|record| (record.day, record.at, record.quantity));
    let mut counted = Counted::default();
    let (mut highest, mut end, mut total) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
    for span in spans {
        let before = records.partition_point(|record| record.day < span.0);
        let carried = before.checked_sub(1).and_then(|index| records.get(index)).map(|record| record.quantity);
        let inside = records.get(before..).unwrap_or_default();
        let mut value = carried.unwrap_or_default();
        let mut day = span.0;
        if inside.first().is_none_or(|record| record.day > span.0) {
            highest = highest.max(value);
            if !value.is_zero() {
                counted.days.push((span.0, value));
            }
        }
        for record in inside.iter().take_while(|record| record.day <= span.1) {
            // The value before holds on the days up to this record.
            total = total.checked_add(value.checked_mul(Decimal::from(record.day.days_since(day).max(0)))?)?;
            (value, day) = (record.quantity, record.day);
            highest = highest.max(value);
            match counted.days.last_mut() {
                Some(known) if known.0 == day => known.1 = value,
                _ => counted.days.push((day, value)),
            }
        }
        total = total.checked_add(value.checked_mul(Decimal::from(days_of((day, span.1))))?)?;
        end = value;
    }
    counted.quantity = match meter.month {
        Aggregation::Max | Aggregation::Sum | Aggregation::Unique => highest,
        Aggregation::Mean => mean(total, spans, meter.scale)?,
        Aggregation::Last => end,
    };
    Some(counted)
}

fn mean(total: Decimal, spans: &[Span], scale: u32) -> Option<Decimal> {
    Some(exact::rounded(total.checked_div(Decimal::from(days_of_all(spans)))?, scale))
}

/// How many different subjects there were; a record without one stands for nobody known and counts once
/// for itself.
fn unique<'a>(records: impl Iterator<Item = &'a Record>, spans: &[Span]) -> Counted {
    let inside = records.filter(|record| within(spans, record.day) && record.quantity > Decimal::ZERO);
    let mut subjects: Vec<(Option<&str>, Day)> = inside.map(|record| (record.subject.as_deref(), record.day)).collect();
    subjects.sort_unstable();
    subjects.dedup_by(|a, b| a.0.is_some() && a.0 == b.0);
    let mut days: Vec<Day> = subjects.iter().map(|(_, day)| *day).collect();
    days.sort_unstable();
    let mut sums: Vec<(Day, Decimal)> = Vec::new();
    for day in days {
        match sums.last_mut() {
            Some(known) if known.0 == day => known.1 += Decimal::ONE,
            _ => sums.push((day, Decimal::ONE)),
        }
    }
    Counted { quantity: Decimal::from(subjects.len()), days: sums }
}

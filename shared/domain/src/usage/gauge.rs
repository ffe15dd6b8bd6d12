//! Gauges: what was observed on a day, and what holds on from the months before (P2).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::calendar::{Day, Instant, Month};
use crate::catalog::names::MeterId;
use crate::ids::AccountId;
use crate::usage::Record;

/// Most months with an observation that are remembered; older ones decide nothing any more.
const MONTHS: usize = 36;

/// A gauge on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GaugeDay {
    /// When it was observed last.
    pub at: Instant,
    /// Its value then, which holds on.
    pub last: Decimal,
    /// Its highest value of the day.
    pub highest: Decimal,
}

impl GaugeDay {
    /// The day with one more observation, which may be older than the last one.
    #[must_use]
    pub fn observed(known: Option<Self>, at: Instant, value: Decimal) -> Self {
        match known {
            None => Self { at, last: value, highest: value },
            Some(known) if known.at <= at => Self { at, last: value, highest: known.highest.max(value) },
            Some(known) => Self { highest: known.highest.max(value), ..known },
        }
    }

    /// The day as rating takes it: the highest value first, if it was another, then the last one.
    #[must_use]
    pub fn records(&self, day: Day, meter: &MeterId, recorded_on: Option<Day>) -> Vec<Record> {
        let record = |at, quantity| Record { day, at, meter: meter.clone(), quantity, subject: None, recorded_on };
        let peak = (self.highest != self.last).then(|| record(None, self.highest));
        peak.into_iter().chain([record(Some(self.at), self.last)]).collect()
    }
}

/// The last observation of each month that has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GaugeHistory(BTreeMap<Month, (Instant, Decimal)>);

impl GaugeHistory {
    /// A history from what was kept.
    #[must_use]
    pub fn new(months: impl IntoIterator<Item = (Month, (Instant, Decimal))>) -> Self {
        Self(months.into_iter().collect())
    }

    /// The last observation of each month.
    pub fn months(&self) -> impl Iterator<Item = (Month, Instant, Decimal)> {
        self.0.iter().map(|(month, (at, value))| (*month, *at, *value))
    }

    /// Notes an observation; one that is older than the last of its month changes nothing.
    pub fn observe(&mut self, at: Instant, value: Decimal) {
        let last = self.0.entry(Month::of(at)).or_insert((at, value));
        if last.0 <= at {
            *last = (at, value);
        }
        while self.0.len() > MONTHS {
            self.0.pop_first();
        }
    }

    /// The last value there is.
    #[must_use]
    pub fn latest(&self) -> Option<Decimal> {
        self.0.last_key_value().map(|(_, (_, value))| *value)
    }

    /// The value that holds on into a month from those before it, if there was any.
    #[must_use]
    pub fn before(&self, month: Month) -> Option<Decimal> {
        self.0.range(..month).next_back().map(|(_, (_, value))| *value)
    }
}

/// One gauge of several accounts that are billed together: at each change the sum of what holds on for each.
#[must_use]
pub fn together(parts: BTreeMap<AccountId, Vec<Record>>) -> Vec<Record> {
    if parts.len() < 2 {
        return parts.into_values().flatten().collect();
    }
    let mut changes: Vec<(AccountId, Record)> = parts
        .into_iter()
        .flat_map(|(account, records)| records.into_iter().map(move |record| (account.clone(), record)))
        .collect();
    changes.sort_by_key(|(_, change)| (change.day, change.at, change.quantity));
    let mut values: BTreeMap<AccountId, Decimal> = BTreeMap::new();
    let sums = changes.into_iter().map(|(account, record)| {
        values.insert(account, record.quantity);
        Record { quantity: values.values().sum(), ..record }
    });
    sums.collect()
}

/// The highest value observed on each day, and on the first day what held on from before, if nothing was observed on it:
/// the days that a month's quantity is taken from (P2). `changes` are as they come from [`together`].
#[must_use]
pub fn daily_peaks(mut changes: Vec<Record>, first: Day) -> Vec<Record> {
    changes.sort_by_key(|change| (change.day, change.at, change.quantity));
    let inside = changes.split_off(changes.partition_point(|change| change.day < first));
    let held = changes.pop().filter(|before| !before.quantity.is_zero());
    let held = held.filter(|_| inside.first().is_none_or(|change| change.day > first));
    let mut peaks: Vec<Record> = Vec::new();
    peaks.extend(held.map(|before| Record { day: first, at: None, recorded_on: None, ..before }));
    for change in inside {
        match peaks.last_mut() {
            Some(peak) if peak.day == change.day => {
                if change.quantity > peak.quantity {
                    *peak = change;
                }
            }
            _ => peaks.push(change),
        }
    }
    peaks
}

#[cfg(test)]
mod tests;

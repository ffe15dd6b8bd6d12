//! Gauges: the last and the highest value of each day, and the last one of each month, which holds on.
//!
//! They are read, changed and put back on the condition that nobody else did meanwhile.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::calendar::{Day, Instant, Month};
use domain::catalog::names::MeterId;
use domain::ids::AccountId;
use domain::usage::gauge::{GaugeDay, GaugeHistory};
use rust_decimal::Decimal;

use super::stored::{ITEM, account_of, exact, figure, gauge_day, read_gauge_day, words};
use super::{Closed, Reporter, recorded};
use crate::error::Error;
use crate::table::keys;
use crate::table::stored::{instant, valid};
use crate::table::write::{Outcome, Write, text};
use crate::table::{Item, Range, Table};

/// Most tries of an observation that others get in the way of.
const TRIES: usize = 10;

/// How a gauge changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It has this value.
    To(Decimal),
    /// It changes by some; the base is what it was, should it never have been observed.
    By {
        /// How much more, or less.
        step: Decimal,
        /// Its value before, if nothing is known of it.
        base: Decimal,
    },
}

/// What was observed, by gauge, in the order it came.
#[derive(Debug, Default)]
pub(super) struct Observations(BTreeMap<MeterId, Vec<(Instant, Change)>>);

impl Observations {
    pub(super) fn add(&mut self, meter: &MeterId, at: Instant, change: Change) {
        self.0.entry(meter.clone()).or_default().push((at, change));
    }
}

impl Table {
    /// Observes a gauge of this system itself, such as the seats that are taken: its day keeps the last and the highest
    /// value. `also` is written in the same transaction; gives whether its conditions held.
    ///
    /// # Errors
    /// [`Error::Contended`] when others kept observing it.
    pub async fn observe_gauge(
        &self,
        reporter: Reporter<'_>,
        meter: &MeterId,
        change: Change,
        also: &[Write],
    ) -> Result<bool, Error> {
        for _ in 0..TRIES {
            let mut observations = Observations::default();
            observations.add(meter, reporter.now, change);
            // What is observed now belongs to the present month, which is never closed.
            let mut writes = also.to_vec();
            writes.extend(self.observe(reporter, &observations, &Closed::new()).await?);
            let outcome = self.commit(writes).await?;
            match outcome {
                Outcome::Committed => return Ok(true),
                Outcome::Refused(_) if (0..also.len()).any(|index| outcome.refused(index)) => return Ok(false),
                Outcome::Refused(_) => {}
            }
        }
        Err(Error::Contended)
    }

    /// The writes of what was observed, on the condition that nobody observed the same gauge meanwhile.
    pub(super) async fn observe(
        &self,
        reporter: Reporter<'_>,
        observations: &Observations,
        closed: &Closed,
    ) -> Result<Vec<Write>, Error> {
        let mut writes = Vec::new();
        for (meter, values) in &observations.0 {
            let key = keys::gauge(reporter.payer, meter, reporter.account);
            let item = self.get(&key).await?.unwrap_or_default();
            let revision = item.get("revision").cloned();
            let mut history = read_history(&item)?;
            let mut days: BTreeMap<Day, Vec<(Instant, Decimal)>> = BTreeMap::new();
            for (at, change) in values {
                let value = match change {
                    Change::To(value) => *value,
                    Change::By { step, base } => (history.latest().unwrap_or(*base) + step).max(Decimal::ZERO),
                };
                history.observe(*at, value);
                days.entry(Day::of(*at)).or_default().push((*at, value));
            }
            for (day, values) in days {
                let recorded_on = recorded(closed, day, reporter.now);
                let what = format!("gauge#{meter}#{}", reporter.account);
                let key = keys::usage(reporter.payer, day, recorded_on, &what);
                let known = self.get(&key).await?.map(|item| read_gauge_day(&item)).transpose()?;
                let after =
                    values.iter().fold(known, |known, (at, value)| Some(GaugeDay::observed(known, *at, *value)));
                if let Some(after) = after.filter(|after| Some(*after) != known) {
                    writes.push(gauge_day(key, meter, day, recorded_on, known, after));
                }
            }
            let write = Write::update(key).if_equals("revision", revision).add("revision", 1);
            writes.push(write.set("meter", text(meter.as_str())).set("months", stored_history(&history)));
        }
        Ok(writes)
    }

    /// What the gauges of an account, and of those it pays for, showed before a month.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub(super) async fn gauges_before(
        &self,
        payer: &AccountId,
        month: Month,
    ) -> Result<Vec<(AccountId, MeterId, Decimal)>, Error> {
        let range = Range::Prefix(keys::GAUGES.to_owned());
        let mut values = Vec::new();
        for item in self.all(&keys::account_partition(payer), &range).await? {
            let meter = valid(MeterId::parse(words(&item, "meter").unwrap_or_default()), ITEM)?;
            let account = valid(AccountId::parse(account_of(&item)), ITEM)?;
            if let Some(value) = read_history(&item)?.before(month) {
                values.push((account, meter, value));
            }
        }
        Ok(values)
    }
}

/// `months` maps each month to the last observation in it.
fn stored_history(history: &GaugeHistory) -> AttributeValue {
    let months = history.months().map(|(month, at, value)| {
        let last = [("at", text(exact(at))), ("value", AttributeValue::N(value.to_string()))];
        let last = last.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        (month.to_string(), AttributeValue::M(last))
    });
    AttributeValue::M(months.collect())
}

fn read_history(item: &Item) -> Result<GaugeHistory, Error> {
    let months = item.get("months").and_then(|value| value.as_m().ok()).into_iter().flatten();
    let read = months.map(|(month, last)| {
        let last = last.as_m().map_err(|_| Error::corrupt(ITEM, "a month of a gauge"))?;
        let at = instant(words(last, "at").unwrap_or_default(), ITEM)?;
        let value = figure(last, "value")?.ok_or_else(|| Error::corrupt(ITEM, "a month of a gauge"))?;
        Ok::<_, Error>((valid(Month::parse(month), ITEM)?, (at, value)))
    });
    Ok(GaugeHistory::new(read.collect::<Result<Vec<_>, _>>()?))
}

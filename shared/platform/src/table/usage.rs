//! Reported usage: kept exactly once, added up by day where its meter allows.
//!
//! A record is known again by its source and id. The item that remembers it and what it does are one transaction, so a
//! repetition or a crash adds nothing (G4). Records of one request that go to the same day of a counter share one
//! write, so that many records cost few.

pub mod behind;
pub mod built_in;
mod gauges;
mod read;
mod stored;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::TimeDelta;
use domain::calendar::{Day, Instant, Month};
use domain::catalog::names::MeterId;
use domain::ids::AccountId;
use domain::usage::report::{Effect, OLDEST_DAYS, Report};
use rust_decimal::Decimal;

use super::Table;
use super::keys;
use super::runs::INVOICE;
use super::write::{Outcome, Write, number};
use crate::error::Error;
use crate::links::digest;
use gauges::Observations;

pub use gauges::Change;
pub(super) use stored::counted;

/// Most items of a transaction.
const ITEMS: usize = 100;
/// Most months of which a group has to know whether they are closed: those of the oldest record and of this one.
const MONTHS: usize = 3;
/// Most tries of a group that others get in the way of.
const TRIES: usize = 10;
/// How long a record is known again: as long as it would be accepted, a day ahead and one to spare.
const KNOWN_FOR: TimeDelta = TimeDelta::days(OLDEST_DAYS + 2);

/// Whose usage it is, who pays for it, and when it came.
#[derive(Clone, Copy, Debug)]
pub struct Reporter<'a> {
    /// The account it was reported for.
    pub account: &'a AccountId,
    /// The account that is billed for it.
    pub payer: &'a AccountId,
    /// The present time.
    pub now: Instant,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// It is kept.
    Accepted,
    /// It was there before and changed nothing.
    Duplicate,
}

/// Which months are closed, as far as it is known: their run has been planned.
type Closed = BTreeMap<Month, bool>;

/// Usage that comes for a closed month becomes known today.
fn recorded(closed: &Closed, day: Day, now: Instant) -> Option<Day> {
    closed.get(&day.month()).copied().unwrap_or(false).then(|| Day::of(now))
}

impl Table {
    /// Keeps reported records, each exactly once; what became of each, in their order.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if some could not be kept; those that were are known again when they are sent once more.
    pub async fn record_usage(&self, reporter: Reporter<'_>, reports: &[Report]) -> Result<Vec<Noted>, Error> {
        let names: Vec<String> =
            reports.iter().map(|report| digest(&format!("{}\n{}", report.source, report.id))).collect();
        let mut noted = vec![Noted::Duplicate; reports.len()];
        let mut closed = Closed::new();
        let (mut group, mut touched, mut seen) = (Vec::new(), HashSet::new(), HashSet::new());
        for (index, report) in reports.iter().enumerate() {
            // Of two records of the same name in one request the first counts.
            if !seen.insert(&names[index]) {
                continue;
            }
            let mut wanted = touched.clone();
            wanted.extend(targets(&report.effect, &names[index]));
            if group.len() + 1 + wanted.len() + MONTHS > ITEMS {
                self.record_group(reporter, reports, &names, &group, &mut closed, &mut noted).await?;
                group.clear();
                wanted = targets(&report.effect, &names[index]).into_iter().collect();
            }
            group.push(index);
            touched = wanted;
        }
        self.record_group(reporter, reports, &names, &group, &mut closed, &mut noted).await?;
        Ok(noted)
    }

    /// Keeps records that fit into one transaction.
    async fn record_group(
        &self,
        reporter: Reporter<'_>,
        reports: &[Report],
        names: &[String],
        group: &[usize],
        closed: &mut Closed,
        noted: &mut [Noted],
    ) -> Result<(), Error> {
        let mut live = group.to_vec();
        for _ in 0..TRIES {
            if live.is_empty() {
                return Ok(());
            }
            let months: BTreeSet<Month> = live.iter().map(|index| reports[*index].effect.day().month()).collect();
            let open = self.open_months(&months, Month::of(reporter.now), closed).await?;
            let mut writes: Vec<Write> = Vec::with_capacity(ITEMS);
            let expires_at = number((reporter.now + KNOWN_FOR).timestamp());
            writes.extend(live.iter().map(|index| {
                Write::update(keys::report(reporter.account, &names[*index]))
                    .if_absent()
                    .set("expires_at", expires_at.clone())
            }));
            // A run that is planned meanwhile has not read this; then it is late.
            writes.extend(open.iter().map(|month| Write::check(keys::run(INVOICE, &month.to_string())).if_absent()));
            let effects = live.iter().map(|index| (names[*index].as_str(), &reports[*index].effect));
            writes.extend(self.effects(reporter, effects, closed).await?);
            let outcome = match self.commit(writes).await {
                Ok(outcome) => outcome,
                // Earlier groups are kept, so "nothing has been saved" would not be true.
                Err(Error::Contended) => return Err(Error::unavailable("usage", "too many writers at once")),
                Err(error) => return Err(error),
            };
            if outcome == Outcome::Committed {
                for index in live {
                    noted[index] = Noted::Accepted;
                }
                return Ok(());
            }
            for (position, month) in open.iter().enumerate() {
                if outcome.refused(live.len() + position) {
                    closed.insert(*month, true);
                }
            }
            // What is refused otherwise is a gauge that somebody else observed; it is read again.
            let known: Vec<bool> = (0..live.len()).map(|position| outcome.refused(position)).collect();
            let mut known = known.into_iter();
            live.retain(|_| !known.next().unwrap_or(false));
        }
        Err(Error::unavailable("usage", "too many writers at once"))
    }

    /// Finds out which of some months are closed; gives those before the present one that are open still.
    async fn open_months(
        &self,
        months: &BTreeSet<Month>,
        present: Month,
        closed: &mut Closed,
    ) -> Result<Vec<Month>, Error> {
        let mut open = Vec::new();
        for month in months.iter().copied().filter(|month| *month < present) {
            if let std::collections::btree_map::Entry::Vacant(unknown) = closed.entry(month) {
                unknown.insert(self.is_planned(month).await?);
            }
            if closed.get(&month) == Some(&false) {
                open.push(month);
            }
        }
        Ok(open)
    }

    /// The writes of what records do.
    async fn effects<'a>(
        &self,
        reporter: Reporter<'_>,
        effects: impl Iterator<Item = (&'a str, &'a Effect)>,
        closed: &Closed,
    ) -> Result<Vec<Write>, Error> {
        let mut sums: BTreeMap<(&MeterId, Day), Decimal> = BTreeMap::new();
        let mut gauges = Observations::default();
        // Whoever is seen twice on a day is written once: an item stands in a transaction only once.
        let mut single: BTreeMap<String, Write> = BTreeMap::new();
        for (name, effect) in effects {
            let late = recorded(closed, effect.day(), reporter.now);
            match effect {
                Effect::Count { day, meter, quantity } => *sums.entry((meter, *day)).or_default() += quantity,
                Effect::Gauge { at, meter, value } => gauges.add(meter, *at, Change::To(*value)),
                Effect::Seen(record) => {
                    let write = stored::seen(reporter, record, late);
                    single.insert(seen_name(record.subject.as_deref(), &record.meter, record.day), write);
                }
                Effect::Transaction(record) => {
                    single.insert(name.to_owned(), stored::transaction(reporter, record, name, late));
                }
                Effect::Entry(entry) => {
                    single.insert(name.to_owned(), stored::entry(reporter, entry, name, late));
                }
                Effect::Order(order) => {
                    single.insert(name.to_owned(), stored::order(reporter, order, name, late));
                }
            }
        }
        let counts = sums.into_iter();
        let mut writes: Vec<Write> = counts
            .map(|((meter, day), sum)| stored::count(reporter, meter, day, sum, recorded(closed, day, reporter.now)))
            .collect();
        writes.extend(single.into_values());
        writes.extend(self.observe(reporter, &gauges, closed).await?);
        Ok(writes)
    }
}

fn seen_name(subject: Option<&str>, meter: &MeterId, day: Day) -> String {
    format!("seen#{meter}#{day}#{}", subject.unwrap_or_default())
}

/// What tells the items apart that a record writes to.
fn targets(effect: &Effect, name: &str) -> Vec<String> {
    match effect {
        Effect::Count { day, meter, .. } => vec![format!("count#{meter}#{day}")],
        Effect::Gauge { at, meter, .. } => vec![format!("gauge#{meter}"), format!("gauge#{meter}#{}", Day::of(*at))],
        Effect::Seen(record) => vec![seen_name(record.subject.as_deref(), &record.meter, record.day)],
        Effect::Transaction(_) | Effect::Entry(_) | Effect::Order(_) => vec![name.to_owned()],
    }
}

//! Allowance pools: units that are free before a charge begins (A52, A53, S1, S2).
//!
//! Everything that draws from pools is put in one order: by the month it became known in, then by time.
//! So what comes late takes only what was left, and nothing that was billed already changes.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::calendar::{Day, Instant, Month};
use crate::catalog::charge::{Charge, Model};
use crate::catalog::meter::{Aggregation, Meter};
use crate::catalog::names::{ChargeId, PoolId};
use crate::catalog::plan::{Plan, Pool, Reset};
use crate::rating::blocks::{is_tariff, started_minutes};
use crate::rating::frame::{Frame, Run, within};
use crate::rating::output::Output;
use crate::rating::quantity::count;
use crate::rating::{PoolBalance, late, metered};
use crate::usage::{EndedEvent, Order, Record, TimeEntry};

/// What draws from a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// A time entry, by its index.
    Entry(usize),
    /// An order, by its index.
    Order(usize),
    /// An event, by its index.
    Event(usize),
    /// The quantity of a meter in a month.
    Month(Month),
}

/// What pools cover, by source, charge of a catalogue version and the month it was billed in.
#[derive(Debug, Default)]
pub(super) struct Covered<'a>(BTreeMap<Key<'a>, Vec<(Month, Decimal)>>);

/// A source, the version and the charge: a change of version within a month leaves two charges of the same name.
type Key<'a> = (Source, &'a str, &'a ChargeId);

impl Covered<'_> {
    /// What pools cover of a source, as far as it was known in a month.
    pub(super) fn of(&self, source: Source, run: &Run<'_>, known: Month) -> Decimal {
        if self.0.is_empty() {
            return Decimal::ZERO;
        }
        let draws = self.0.get(&(source, run.catalogue.key(), &run.charge.id)).map(Vec::as_slice).unwrap_or_default();
        draws.iter().filter(|(billed, _)| *billed <= known).map(|(_, covered)| *covered).sum()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Draw<'a> {
    billed: Month,
    day: Day,
    at: Option<Instant>,
    position: usize,
    /// Among those of the charge, so that the order in which usage is stored decides nothing.
    rank: usize,
    wanted: Decimal,
    source: Source,
    catalogue: &'a str,
    charge: &'a ChargeId,
}

/// Works out what pools cover of everything that is billed in the month or was before.
pub(super) fn cover<'a>(frame: &Frame<'a>, out: &mut Output) -> Covered<'a> {
    let plans = || frame.subscription.phases.iter().filter_map(|phase| frame.catalogues.plan(&phase.plan));
    if plans().all(|(_, plan)| plan.pools.is_empty()) {
        return Covered::default();
    }
    let opened = |pool: &Pool| frame.usage.opening.pools.iter().any(|(opened, _)| *opened == pool.id);
    let looks_back = plans().flat_map(|(_, plan)| &plan.pools).any(|pool| pool.reset == Reset::Once && !opened(pool));
    let mut draws = Vec::new();
    for month in months(frame, looks_back) {
        // Holds of other months were said when they were rated.
        let past =
            Frame::new(frame.catalogues, frame.subscription, frame.usage, month, frame.billed, &mut Output::default());
        for run in past.runs().into_iter().filter(|run| !run.charge.model.pools().is_empty()) {
            collect(&past, &run, &mut draws);
        }
    }
    draws.sort_unstable();
    let mut levels = Levels::default();
    let mut covered = Covered::default();
    for draw in &draws {
        let amount = levels.draw(frame, draw);
        if amount > Decimal::ZERO {
            covered.0.entry((draw.source, draw.catalogue, draw.charge)).or_default().push((draw.billed, amount));
        }
    }
    levels.balances(frame, out);
    covered
}

/// The months whose draws matter, earliest first: all there are where a pool is used once, else this one
/// and those for which something came late.
fn months(frame: &Frame<'_>, looks_back: bool) -> Vec<Month> {
    let usage = frame.usage;
    let mut months = if looks_back {
        let days = usage.records.iter().map(|record| record.day);
        let days = days.chain(usage.entries.iter().map(TimeEntry::day));
        let days = days.chain(usage.orders.iter().map(|order| order.day));
        let first = days.chain(usage.events.iter().map(|event| event.over_on)).min();
        let first = first.max(first.and(frame.subscription.charged_from()));
        // A gauge draws in months without a record of its own too.
        first.map_or_else(Vec::new, |first| late::months_from(first.month(), frame.billed).collect())
    } else {
        late::months(frame)
    };
    months.push(frame.billed);
    months
}

fn collect<'a>(frame: &Frame<'a>, run: &Run<'a>, draws: &mut Vec<Draw<'a>>) {
    let charge: &'a Charge = run.charge;
    let usage = frame.usage;
    let (mut rank, position) = (0, run.place.charge);
    let mut add = |billed: Month, day: Day, at: Option<Instant>, wanted: Decimal, source: Source| {
        rank += 1;
        if wanted > Decimal::ZERO && billed <= frame.billed {
            let catalogue = run.catalogue.key();
            draws.push(Draw { billed, day, at, position, rank, wanted, source, catalogue, charge: &charge.id });
        }
    };
    match &charge.model {
        Model::Blocks(blocks) => {
            let of_tariff = |entry: &TimeEntry| is_tariff(run, blocks, entry);
            for (index, entry) in in_order(&usage.entries, of_tariff) {
                // What needs an offer is not part of the tariff and takes nothing from its pools.
                if blocks.longest.is_none_or(|longest| entry.minutes <= longest) {
                    let wanted = started_minutes(blocks, entry.minutes).unwrap_or_default();
                    add(entry.billed(), entry.day(), Some(entry.start), wanted, Source::Entry(index));
                }
            }
        }
        Model::OneOff(_) => {
            let of_charge = |order: &Order| order.charge == charge.id && within(&run.spans, order.day);
            for (index, order) in in_order(&usage.orders, of_charge) {
                add(order.billed(), order.day, None, order.quantity, Source::Order(index));
            }
        }
        Model::Metered(metered) if metered.per_event => {
            let billed =
                |event: &EndedEvent| within(&run.spans, event.over_on) && !metered::is_event_waived(metered, event);
            let mut events: Vec<_> = usage.events.iter().enumerate().filter(|(_, event)| billed(event)).collect();
            events.sort_by_key(|(_, event)| &event.event);
            for (index, event) in events {
                let wanted = metered::event_quantity(event, &metered.meter);
                add(event.billed(), event.over_on, None, wanted, Source::Event(index));
            }
        }
        Model::Metered(metered) if metered::is_waived(frame, run, metered, frame.billed) == Some(false) => {
            let Some(meter) = run.catalogue.meter(&metered.meter) else { return };
            let source = Source::Month(frame.month);
            if meter.month == Aggregation::Sum {
                for (record, wanted) in sum_draws(frame, run, meter) {
                    add(record.billed(), record.day, record.at, wanted, source);
                }
                return;
            }
            let day = run.spans.last().map_or(frame.month.last(), |span| span.1);
            let known = |month| count(meter, &usage.records, &run.spans, month).unwrap_or_default().quantity;
            let mut before = known(frame.month);
            add(frame.month, day, None, before, source);
            let later = usage.records.iter().filter(|record| record.meter == meter.id).map(Record::billed);
            let later: BTreeSet<Month> =
                later.filter(|billed| frame.month < *billed && *billed <= frame.billed).collect();
            for month in later {
                let now = known(month);
                add(month, day, None, now.saturating_sub(before), source);
                before = before.max(now);
            }
        }
        Model::Metered(_) | Model::Flat(_) | Model::Stepped(_) | Model::Percentage(_) => {}
    }
}

/// Some of what was used with its index, in an order of its own.
fn in_order<T: Ord>(all: &[T], is_meant: impl Fn(&T) -> bool) -> Vec<(usize, &T)> {
    let mut meant: Vec<(usize, &T)> = all.iter().enumerate().filter(|(_, one)| is_meant(one)).collect();
    meant.sort_by_key(|(_, one)| *one);
    meant
}

/// What the records of a meter draw. What is taken back draws nothing: it is taken off what was counted before it and
/// is not billed yet, then off what comes.
fn sum_draws<'a>(frame: &Frame<'a>, run: &Run<'_>, meter: &Meter) -> Vec<(&'a Record, Decimal)> {
    let of_run = |record: &&Record| record.meter == meter.id && within(&run.spans, record.day);
    let mut records: Vec<&Record> = frame.usage.records.iter().filter(of_run).collect();
    records.sort_unstable_by_key(|record| (record.billed(), *record));
    let mut draws: Vec<(&Record, Decimal)> = Vec::with_capacity(records.len());
    let mut owed = Decimal::ZERO;
    for record in records {
        if record.quantity > Decimal::ZERO {
            let less = owed.min(record.quantity);
            owed -= less;
            draws.push((record, record.quantity - less));
            continue;
        }
        owed = owed.saturating_sub(record.quantity);
        for (_, wanted) in draws.iter_mut().rev().take_while(|(known, _)| known.billed() == record.billed()) {
            let less = owed.min(*wanted);
            *wanted -= less;
            owed -= less;
        }
    }
    draws
}

/// What has been used of each pool.
#[derive(Debug, Default)]
struct Levels {
    monthly: BTreeMap<(PoolId, Month), Decimal>,
    once: BTreeMap<PoolId, Decimal>,
    /// Of pools used once: what was used on the invoice of the month that is rated.
    once_now: BTreeMap<PoolId, Decimal>,
}

impl Levels {
    fn draw(&mut self, frame: &Frame<'_>, draw: &Draw<'_>) -> Decimal {
        let Some((catalogue, plan)) = frame.plan_on(draw.day) else { return Decimal::ZERO };
        let Some(charge) = catalogue.charge(draw.charge) else { return Decimal::ZERO };
        let mut covered = Decimal::ZERO;
        for id in charge.model.pools() {
            let Some(pool) = plan.pool(id) else { continue };
            let left = self.left(frame, plan, pool, draw.day);
            let taken = left.min(draw.wanted - covered);
            if taken <= Decimal::ZERO {
                continue;
            }
            covered += taken;
            match pool.reset {
                Reset::Month => *self.monthly.entry((id.clone(), draw.day.month())).or_default() += taken,
                Reset::Once => {
                    if opening(frame, id).is_some() && draw.billed < frame.billed {
                        // What was used before is in the opening balance.
                        covered -= taken;
                        continue;
                    }
                    *self.once.entry(id.clone()).or_default() += taken;
                    if draw.billed == frame.billed {
                        *self.once_now.entry(id.clone()).or_default() += taken;
                    }
                }
            }
        }
        covered
    }

    /// What is left of a pool on a day.
    fn left(&self, frame: &Frame<'_>, plan: &Plan, pool: &Pool, day: Day) -> Decimal {
        let size = size_on(frame, plan, pool, day);
        let used = match pool.reset {
            Reset::Month => self.monthly.get(&(pool.id.clone(), day.month())),
            Reset::Once => self.once.get(&pool.id),
        };
        let full = match pool.reset {
            Reset::Once => opening(frame, &pool.id).map_or(size, |opening| opening.min(size)),
            Reset::Month => size,
        };
        (full - used.copied().unwrap_or_default()).max(Decimal::ZERO)
    }

    /// How the pools of the month's last plan stand.
    fn balances(&self, frame: &Frame<'_>, out: &mut Output) {
        let Some(segment) = frame.segments.last() else { return };
        for pool in &segment.plan.pools {
            let used = match pool.reset {
                Reset::Month => self.monthly.get(&(pool.id.clone(), frame.month)),
                Reset::Once => self.once_now.get(&pool.id),
            };
            let used = used.copied().unwrap_or_default();
            let left = self.left(frame, segment.plan, pool, segment.span.1);
            out.pools.push(PoolBalance { pool: pool.id.clone(), available: left + used, used });
        }
    }
}

fn opening(frame: &Frame<'_>, id: &PoolId) -> Option<Decimal> {
    frame.usage.opening.pools.iter().find(|(opened, _)| opened == id).map(|(_, left)| (*left).max(Decimal::ZERO))
}

/// The size of a pool on a day: the largest that a booked add-on gives, never the sum (S1).
fn size_on(frame: &Frame<'_>, plan: &Plan, pool: &Pool, day: Day) -> Decimal {
    let with_add_on = pool.sizes.iter().filter(|(add_on, _)| frame.has_add_on(plan, add_on, day));
    with_add_on.map(|(_, size)| *size).fold(pool.size, Decimal::max)
}

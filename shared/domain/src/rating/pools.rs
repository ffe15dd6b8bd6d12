//! Allowance pools: units that are free before a charge begins (A52, A53, S1, S2).
//!
//! Everything that draws from pools is put in one order: by the month it became known in, then by time.
//! So what comes late takes only what was left, and nothing that was billed already changes.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::calendar::{Day, Instant, Month};
use crate::catalog::charge::{Charge, Model};
use crate::catalog::meter::Aggregation;
use crate::catalog::names::{ChargeId, PoolId};
use crate::catalog::plan::{Plan, Pool, Reset};
use crate::rating::blocks::{is_tariff, started_minutes};
use crate::rating::frame::{Frame, Run, within};
use crate::rating::output::Output;
use crate::rating::quantity::count;
use crate::rating::{PoolBalance, metered};

/// Most months looked back at: two centuries.
const MONTHS: usize = 2_400;

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

/// What pools cover, by source, charge and the month it was billed in.
#[derive(Debug, Default)]
pub(super) struct Covered(BTreeMap<(Source, ChargeId), Vec<(Month, Decimal)>>);

impl Covered {
    /// What pools cover of a source, as far as it was known in a month.
    pub(super) fn of(&self, source: Source, charge: &ChargeId, known: Month) -> Decimal {
        if self.0.is_empty() {
            return Decimal::ZERO;
        }
        let draws = self.0.get(&(source, charge.clone())).map(Vec::as_slice).unwrap_or_default();
        draws.iter().filter(|(billed, _)| *billed <= known).map(|(_, covered)| *covered).sum()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Draw<'a> {
    billed: Month,
    day: Day,
    at: Option<Instant>,
    position: usize,
    wanted: Decimal,
    source: Source,
    charge: &'a ChargeId,
}

/// Works out what pools cover of everything that is billed in the month or was before.
pub(super) fn cover(frame: &Frame<'_>, out: &mut Output) -> Covered {
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
            covered.0.entry((draw.source, draw.charge.clone())).or_default().push((draw.billed, amount));
        }
    }
    levels.balances(frame, out);
    covered
}

/// The months whose draws matter, earliest first: all there are where a pool is used once, else this one
/// and those for which something came late.
fn months(frame: &Frame<'_>, looks_back: bool) -> Vec<Month> {
    let usage = frame.usage;
    let dated = usage
        .records
        .iter()
        .map(|record| (record.day, record.billed()))
        .chain(usage.entries.iter().map(|entry| (entry.day(), entry.billed())))
        .chain(usage.orders.iter().map(|order| (order.day, order.billed())))
        .chain(usage.events.iter().map(|event| (event.over_on, event.billed())));
    let mut months: Vec<Month> = dated
        .filter(|(day, billed)| {
            *billed <= frame.billed && day.month() < frame.billed && (looks_back || *billed == frame.billed)
        })
        .map(|(day, _)| day.month())
        .collect();
    months.sort_unstable();
    months.dedup();
    if looks_back && let Some(first) = months.first().copied() {
        // A gauge draws in months without a record of its own too.
        months = std::iter::successors(Some(first), |month| Some(month.next()))
            .take_while(|month| *month < frame.billed)
            .take(MONTHS)
            .collect();
    }
    months.push(frame.billed);
    months
}

fn collect<'a>(frame: &Frame<'a>, run: &Run<'a>, draws: &mut Vec<Draw<'a>>) {
    let charge: &'a Charge = run.charge;
    let mut add = |billed: Month, day: Day, at: Option<Instant>, wanted: Decimal, source: Source| {
        if wanted > Decimal::ZERO && billed <= frame.billed {
            draws.push(Draw { billed, day, at, position: run.place.charge, wanted, source, charge: &charge.id });
        }
    };
    match &charge.model {
        Model::Blocks(blocks) => {
            for (index, entry) in frame.usage.entries.iter().enumerate() {
                // What needs an offer is not part of the tariff and takes nothing from its pools.
                if is_tariff(run, blocks, entry) && blocks.longest.is_none_or(|longest| entry.minutes <= longest) {
                    let wanted = started_minutes(blocks, entry.minutes).unwrap_or_default();
                    add(entry.billed(), entry.day(), Some(entry.start), wanted, Source::Entry(index));
                }
            }
        }
        Model::OneOff(_) => {
            for (index, order) in frame.usage.orders.iter().enumerate() {
                if order.charge == charge.id && within(&run.spans, order.day) {
                    add(order.billed(), order.day, None, order.quantity, Source::Order(index));
                }
            }
        }
        Model::Metered(metered) if metered.per_event => {
            for (index, event) in frame.usage.events.iter().enumerate() {
                if within(&run.spans, event.over_on) {
                    let wanted = metered::event_quantity(event, &metered.meter);
                    add(event.billed(), event.over_on, None, wanted, Source::Event(index));
                }
            }
        }
        Model::Metered(metered) => {
            let Some(meter) = run.catalogue.meter(&metered.meter) else { return };
            let records = &frame.usage.records;
            let source = Source::Month(frame.month);
            if meter.month == Aggregation::Sum {
                for record in records.iter().filter(|record| record.meter == meter.id && within(&run.spans, record.day))
                {
                    add(record.billed(), record.day, record.at, record.quantity, source);
                }
                return;
            }
            let day = run.spans.last().map_or(frame.month.last(), |span| span.1);
            let known = |month| count(meter, records, &run.spans, month).unwrap_or_default().quantity;
            let first = known(frame.month);
            add(frame.month, day, None, first, source);
            if frame.month < frame.billed {
                let mut before = first;
                let mut month = frame.month.next();
                while month <= frame.billed {
                    let now = known(month);
                    add(month, day, None, now - before, source);
                    before = before.max(now);
                    month = month.next();
                }
            }
        }
        Model::Flat(_) | Model::Stepped(_) | Model::Percentage(_) => {}
    }
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

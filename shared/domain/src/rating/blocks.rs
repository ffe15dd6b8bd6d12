//! Started blocks of time (A50, A51, S2, S4).

use rust_decimal::Decimal;

use crate::calendar::{Day, Instant, local};
use crate::catalog::charge::Blocks;
use crate::catalog::meter::Unit;
use crate::language::Language;
use crate::rating::exact;
use crate::rating::frame::{Frame, Run, within};
use crate::rating::output::{Item, Output};
use crate::rating::pools::{Covered, Source};
use crate::rating::{Basis, HoldReason, TimeBasis};
use crate::usage::TimeEntry;

/// The local start as people write it down: `2026-11-24 21:59`.
pub(super) fn local_start(start: Instant) -> String {
    local(start).format("%Y-%m-%d %H:%M").to_string()
}

/// Whether a charge is the tariff of an entry: its channel, its hours, its days.
pub(super) fn is_tariff(run: &Run<'_>, blocks: &Blocks, entry: &TimeEntry) -> bool {
    if entry.channel != blocks.channel {
        return false;
    }
    let wall = local(entry.start).naive_local();
    within(&run.spans, Day::new(wall.date()))
        && (blocks.windows.is_empty() || blocks.windows.iter().any(|window| window.contains(wall)))
}

/// Minutes rounded up to started blocks; `None` where they do not fit.
pub(super) fn started_minutes(blocks: &Blocks, minutes: Decimal) -> Option<Decimal> {
    let first = blocks.first.map_or(Decimal::ZERO, |first| first.minutes);
    if minutes <= Decimal::ZERO {
        return Some(Decimal::ZERO);
    }
    let further = exact::started(minutes.checked_sub(first)?, blocks.block)?;
    first.checked_add(further.checked_mul(blocks.block)?)
}

/// Charges the entries that became known in the billed month.
pub(super) fn rate(frame: &Frame<'_>, run: &Run<'_>, blocks: &Blocks, covered: &Covered<'_>, out: &mut Output) {
    let mut entries: Vec<(usize, &TimeEntry)> = frame
        .usage
        .entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.billed() == frame.billed && is_tariff(run, blocks, entry))
        .collect();
    // Equal entries stay as they came: pools cover the first of them.
    entries.sort_by_key(|(_, entry)| *entry);
    let mut charged = Vec::with_capacity(entries.len());
    for (index, entry) in entries {
        if blocks.longest.is_some_and(|longest| entry.minutes > longest) {
            out.hold(HoldReason::NeedsOffer {
                channel: entry.channel.clone(),
                start: local_start(entry.start),
                longest: blocks.longest.unwrap_or_default(),
            });
            continue;
        }
        let free = covered.of(Source::Entry(index), run, frame.billed);
        match price(blocks, entry, free) {
            Some(basis) => charged.push((entry, basis)),
            None => out.hold(HoldReason::TooLarge(run.charge.id.clone())),
        }
    }
    if blocks.first.is_some() {
        for (entry, basis) in charged {
            push_one(frame, run, blocks, entry, basis, out);
        }
    } else if !charged.is_empty() {
        push_all(frame, run, blocks, charged, out);
    }
}

/// What is left to charge of an entry. Pools cover its earliest minutes, so the first block is charged
/// unless it is covered whole.
fn price(blocks: &Blocks, entry: &TimeEntry, covered: Decimal) -> Option<TimeBasis> {
    let started = started_minutes(blocks, entry.minutes)?;
    let (first_price, further) = match blocks.first {
        Some(first) if started > Decimal::ZERO && covered < first.minutes => {
            (Some(first.price), started.checked_sub(first.minutes)?)
        }
        _ => (None, started.checked_sub(covered)?),
    };
    let count = exact::started(further, blocks.block)?;
    Some(TimeBasis { start: entry.start, minutes: entry.minutes, started, covered, first_price, blocks: count })
}

/// An entry with a first block of its own price is a line by itself: people look for each emergency call.
fn push_one(frame: &Frame<'_>, run: &Run<'_>, blocks: &Blocks, entry: &TimeEntry, basis: TimeBasis, out: &mut Output) {
    let further = basis.blocks.checked_mul(blocks.price);
    let Some(amount) = further.and_then(|further| further.checked_add(basis.first_price.unwrap_or_default())) else {
        out.hold(HoldReason::TooLarge(run.charge.id.clone()));
        return;
    };
    let at = local(entry.start);
    let minutes = |language: Language| language.number(entry.minutes);
    let mut text = run.charge.text.with(
        &format!(", {}, {} Min.", at.format("%d.%m.%Y %H:%M"), minutes(Language::De)),
        &format!(", {}, {} min", at.format("%Y-%m-%d %H:%M"), minutes(Language::En)),
    );
    if let Some(what) = &entry.text {
        text = text.with(&format!(" ({what})"), &format!(" ({what})"));
    }
    let day = entry.day();
    out.push(Item {
        text,
        quantity: Decimal::ONE,
        unit: Unit::CALL,
        unit_price: amount,
        period: (day, day),
        meter: Some(&blocks.channel),
        days: vec![(day, entry.minutes)],
        basis: Basis::Time { block: blocks.block, entries: vec![basis] },
        ..Item::of(frame, run)
    });
}

fn push_all(
    frame: &Frame<'_>,
    run: &Run<'_>,
    blocks: &Blocks,
    charged: Vec<(&TimeEntry, TimeBasis)>,
    out: &mut Output,
) {
    let (Some(quantity), Some(covered)) = (
        exact::sum(charged.iter().map(|(_, basis)| basis.blocks)),
        exact::sum(charged.iter().map(|(_, basis)| basis.covered)),
    ) else {
        out.hold(HoldReason::TooLarge(run.charge.id.clone()));
        return;
    };
    let mut text = run.charge.text.clone();
    if covered > Decimal::ZERO {
        text = text.with(
            &format!(" ({} Freiminuten angerechnet)", Language::De.number(covered)),
            &format!(" ({} free minutes deducted)", Language::En.number(covered)),
        );
    }
    let days: Vec<_> = charged.iter().map(|(entry, _)| (entry.day(), entry.minutes)).collect();
    let period =
        (days.first().map_or(frame.month.first(), |day| day.0), days.last().map_or(frame.month.last(), |day| day.0));
    let minute = blocks.block == Decimal::ONE;
    out.push(Item {
        text,
        quantity,
        unit: if minute { Unit::MINUTE } else { Unit::started_minutes(blocks.block) },
        unit_price: blocks.price,
        period,
        meter: Some(&blocks.channel),
        days,
        basis: Basis::Time { block: blocks.block, entries: charged.into_iter().map(|(_, basis)| basis).collect() },
        ..Item::of(frame, run)
    });
}

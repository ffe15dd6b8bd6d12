//! A monthly fee by the count that has accumulated (A20).

use rust_decimal::Decimal;

use crate::calendar::{Day, Month};
use crate::catalog::charge::{Accumulates, Stepped};
use crate::catalog::meter::Unit;
use crate::catalog::tiers::Price;
use crate::language::Language;
use crate::rating::fees::{began, is_due_whole};
use crate::rating::frame::{Frame, Run};
use crate::rating::late;
use crate::rating::metered::{Part, amount};
use crate::rating::output::{Item, Output};
use crate::rating::{Basis, HoldReason, exact};

/// Most years of one licence.
const YEARS: u32 = 200;

/// Charges the fee of the step that was reached at the end of the month, or on the last day of the plan.
pub(super) fn rate(frame: &Frame<'_>, run: &Run<'_>, stepped: &Stepped, out: &mut Output) {
    let Some(last) = run.spans.last().map(|span| span.1) else { return };
    if !is_due_whole(frame, last, begun(frame, run, last)) {
        return;
    }
    if frame.month < frame.billed {
        // With an opening count, earlier months are closed for good: what came late counts from now on.
        if opening(frame, stepped).is_none() {
            late::difference(frame, run, out, |known| Ok((vec![step(frame, run, stepped, last, known)?], Vec::new())));
        }
        return;
    }
    match step(frame, run, stepped, last, frame.billed) {
        Err(reason) => out.hold(reason),
        Ok(part) => {
            let text = match &part.suffix {
                Some(suffix) => run.charge.text.with(&suffix.de, &suffix.en),
                None => run.charge.text.clone(),
            };
            let days = frame.usage.records.iter().filter(|record| {
                record.meter == stepped.meter && record.billed() <= frame.billed && record.day.month() == frame.month
            });
            let mut days: Vec<_> = days.map(|record| (record.day, record.quantity)).collect();
            days.sort_unstable();
            out.push(Item {
                text,
                quantity: part.quantity,
                unit: part.unit,
                unit_price: part.unit_price,
                meter: Some(&stepped.meter),
                days,
                basis: part.basis,
                ..Item::of(frame, run)
            });
        }
    }
}

fn step(frame: &Frame<'_>, run: &Run<'_>, stepped: &Stepped, last: Day, known: Month) -> Result<Part, HoldReason> {
    let since = since(frame, run, stepped, last);
    let count =
        accumulated(frame, stepped, since, last, known).ok_or_else(|| HoldReason::TooLarge(run.charge.id.clone()))?;
    let (tier, above) = stepped.tiers.reached(count);
    let unit_price = amount(frame, run, tier.price, count)?;
    let (de, en) = (Language::De, Language::En);
    let suffix = crate::language::Text {
        de: format!(" (Stand {}: {})", de.short_date(last), de.number(count)),
        en: format!(" (count on {}: {})", en.short_date(last), en.number(count)),
    };
    let agreed = tier.price == Price::OnRequest;
    let basis = Basis::Step { count, since, above, up_to: tier.up_to, agreed };
    Ok(Part {
        quantity: Decimal::ONE,
        unit_price: unit_price.checked_add(tier.flat).ok_or_else(|| HoldReason::TooLarge(run.charge.id.clone()))?,
        unit: Unit::MONTH,
        suffix: Some(suffix),
        basis,
    })
}

/// First day of the plan, or of the booking without which there is no fee.
fn begun(frame: &Frame<'_>, run: &Run<'_>, last: Day) -> Day {
    let began = began(frame, run, last);
    frame.booked_since(run, last).map_or(began, |booked| booked.max(began))
}

/// The first day the count of a day runs from.
pub(super) fn since(frame: &Frame<'_>, run: &Run<'_>, stepped: &Stepped, last: Day) -> Day {
    let begun = begun(frame, run, last);
    match stepped.accumulates {
        // What was counted before the plan is of another plan, or free.
        Accumulates::Month => begun.max(frame.month.first()),
        Accumulates::Always => begun,
        Accumulates::LicenceYear => {
            // Counted from the first day each time, so 29 February comes back in leap years.
            let begins = |year: u32| begun.last_of_months(year * 12).next();
            (1..YEARS).map(begins).take_while(|day| *day <= last).last().unwrap_or(begun)
        }
    }
}

fn accumulated(frame: &Frame<'_>, stepped: &Stepped, since: Day, last: Day, known: Month) -> Option<Decimal> {
    let opening = opening(frame, stepped);
    let base = opening.filter(|_| since < frame.billed.first()).unwrap_or_default();
    let counts = frame.usage.records.iter().filter(|record| {
        record.meter == stepped.meter
            && since <= record.day
            && record.day <= last
            && record.billed() <= known
            && (opening.is_none() || record.billed() == frame.billed)
    });
    base.checked_add(exact::sum(counts.map(|record| record.quantity))?)
}

fn opening(frame: &Frame<'_>, stepped: &Stepped) -> Option<Decimal> {
    frame.usage.opening.accumulated.iter().find(|(meter, _)| *meter == stepped.meter).map(|(_, count)| *count)
}

//! Yearly fees, charged in the month in which each year of them begins (A31).

use rust_decimal::Decimal;

use crate::calendar::Day;
use crate::catalog::charge::Flat;
use crate::catalog::meter::Unit;
use crate::rating::Basis;
use crate::rating::fees::{began, fee, fee_text};
use crate::rating::frame::{Frame, Run, within};
use crate::rating::output::{Item, Output};
use crate::subscription::Booking;

/// Most years of one booking.
const YEARS: u32 = 200;

/// Charges the years that begin in the month.
pub(super) fn rate(frame: &Frame<'_>, run: &Run<'_>, flat: &Flat, out: &mut Output) {
    let begins: Vec<(Option<&Booking>, Decimal, Day)> = match &run.charge.add_on {
        None => {
            let last = run.spans.last().map_or(frame.month.last(), |span| span.1);
            vec![(None, Decimal::ONE, began(frame, run, last))]
        }
        Some(add_on) if run.plan.includes.contains(add_on) => Vec::new(),
        Some(add_on) => frame
            .bookings_in_order(run.catalogue, add_on)
            .into_iter()
            .map(|(booking, span)| (Some(booking), booking.quantity, first_day(frame, span.0)))
            .collect(),
    };
    for (booking, quantity, anchor) in begins {
        let Some((begin, end)) = year_of(frame, anchor).filter(|(begin, _)| within(&run.spans, *begin)) else {
            continue;
        };
        if booking.is_some_and(|booking| booking.until.is_some_and(|until| until < begin)) {
            continue;
        }
        match fee(frame, run.charge, flat.price) {
            Err(reason) => out.hold(reason),
            Ok(unit_price) => out.push(Item {
                text: fee_text(&run.charge.text, booking, None),
                quantity,
                unit: Unit::YEAR,
                unit_price,
                period: (begin, end),
                charged_on: begin,
                basis: Basis::Year,
                ..Item::of(frame, run)
            }),
        }
    }
}

/// A booking made within a trial begins to be charged with it.
fn first_day(frame: &Frame<'_>, from: Day) -> Day {
    frame.subscription.charged_from().map_or(from, |charged| charged.max(from))
}

/// The year that begins in the month. A year from 29 February ends on 28 February, so the next one begins
/// on 1 March (§ 188 (2), (3) BGB).
fn year_of(frame: &Frame<'_>, anchor: Day) -> Option<(Day, Day)> {
    let last_day = |years: u32| anchor.last_of_months(years * 12);
    let year = (0..YEARS).find(|year| last_day(*year).next() >= frame.month.first())?;
    let begin = last_day(year).next();
    (begin <= frame.month.last()).then(|| (begin, last_day(year + 1)))
}

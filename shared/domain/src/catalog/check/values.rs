//! Single values: texts, amounts, quantities, whole numbers, windows, units.

use std::ops::RangeInclusive;

use rust_decimal::Decimal;

use crate::catalog::charge::PriceSource;
use crate::catalog::check::report::{Place, Report};
use crate::catalog::meter::Unit;
use crate::catalog::tiers::{Price, Tiers};
use crate::catalog::window::{DAY_MINUTES, Window, WindowError};
use crate::language::Text;
use crate::money::Money;
use crate::problem::{self, Problem};

/// Most characters of a text on invoices and pages.
const TEXT_LENGTH: usize = 200;
/// Most characters that say where a price comes from.
const RULE_LENGTH: usize = 80;
/// Most decimal places.
const PLACES: u32 = 8;
/// Months of a term or a promotion.
pub(super) const MONTHS: RangeInclusive<u32> = 1..=120;
/// Days of a trial or a lead time.
pub(super) const DAYS: RangeInclusive<u32> = 0..=366;
/// Hours of a promised response.
pub(super) const HOURS: RangeInclusive<u32> = 1..=1000;

/// Where a number begins.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Least {
    /// Zero is allowed.
    Zero,
    /// Zero would have no meaning.
    AboveZero,
}

/// Both languages of a text.
pub(super) fn text(report: &mut Report, place: &Place<'_>, text: &Text) {
    line(report, &place.then("de"), &text.de, TEXT_LENGTH);
    line(report, &place.then("en"), &text.en, TEXT_LENGTH);
}

fn line(report: &mut Report, place: &Place<'_>, text: &str, most: usize) {
    let wrong = match problem::line(text, most) {
        Ok(trimmed) if trimmed == text => return,
        Ok(_) => "the text begins or ends with a blank or line break; leave it out".to_owned(),
        Err(Problem::Missing) => format!("the text is empty; write 1 to {most} characters"),
        Err(Problem::TooLong { .. }) => {
            format!("the text has {} characters; write at most {most}", text.trim().chars().count())
        }
        Err(_) => "the text has line breaks or other control characters; write it in one line".to_owned(),
    };
    report.add(place, wrong);
}

/// Where the price of the thing in this place comes from (G5).
pub(super) fn source(report: &mut Report, place: &Place<'_>, source: &PriceSource) {
    if let PriceSource::Rule(rule) = source {
        line(report, &place.then("rule"), rule, RULE_LENGTH);
    }
}

/// A number below [`Money::LIMIT`], which keeps every product of a price and a quantity in range.
pub(super) fn number(report: &mut Report, place: &Place<'_>, noun: &str, value: Decimal, least: Least) {
    match least {
        Least::Zero if value < Decimal::ZERO => {
            report.add(place, format!("the {noun} is below zero; write 0 or more"));
        }
        Least::AboveZero if value <= Decimal::ZERO => {
            report.add(place, format!("the {noun} is not above zero; write more than 0"));
        }
        _ if value >= Money::LIMIT => {
            report.add(place, format!("the {noun} is too large; write less than {}", Money::LIMIT));
        }
        _ => {}
    }
    places(report, place, noun, value);
}

/// A price; on request is one too.
pub(super) fn price(report: &mut Report, place: &Place<'_>, price: Price) {
    if let Price::Amount(amount) = price {
        number(report, place, "price", amount, Least::Zero);
    }
}

/// Percent, up to 100.
pub(super) fn percent(report: &mut Report, place: &Place<'_>, value: Decimal, least: Least) {
    let range = match least {
        Least::Zero => "0 to 100",
        Least::AboveZero => "more than 0 and at most 100",
    };
    if value < Decimal::ZERO || (least == Least::AboveZero && value.is_zero()) || value > Decimal::ONE_HUNDRED {
        report.add(place, format!("the percentage {} is out of range; write {range}", value.normalize()));
    }
    places(report, place, "percentage", value);
}

fn places(report: &mut Report, place: &Place<'_>, noun: &str, value: Decimal) {
    let given = value.normalize().scale();
    if given > PLACES {
        report.add(place, format!("the {noun} has {given} decimal places; write at most {PLACES}"));
    }
}

/// The numbers of tiers; their order was checked when they were made.
pub(super) fn tiers(report: &mut Report, place: &Place<'_>, tiers: &Tiers) {
    for (index, tier) in tiers.all().iter().enumerate() {
        let place = place.at(index);
        if let Some(up_to) = tier.up_to {
            number(report, &place.then("up_to"), "quantity", up_to, Least::AboveZero);
        }
        price(report, &place.then("price"), tier.price);
        number(report, &place.then("flat"), "amount", tier.flat, Least::Zero);
    }
}

/// A whole number in a range.
pub(super) fn whole(report: &mut Report, place: &Place<'_>, value: u32, range: &RangeInclusive<u32>) {
    if !range.contains(&value) {
        report.add(
            place,
            format!("{value} is out of range; write a whole number from {} to {}", range.start(), range.end()),
        );
    }
}

/// Windows as [`Window::parse`] makes them.
pub(super) fn windows(report: &mut Report, place: &Place<'_>, windows: &[Window]) {
    for (index, window) in windows.iter().enumerate() {
        if !has_hours(window) || !window.days.contains(&true) {
            report.add(&place.at(index), format!("the window has no hours or no days; {WindowError}"));
        }
    }
}

/// Whether a window begins and ends within a day, and not at the same minute.
pub(super) const fn has_hours(window: &Window) -> bool {
    window.from < DAY_MINUTES && window.to <= DAY_MINUTES && window.from != window.to
}

/// A unit; its code has the form of UN/ECE Recommendation 20.
pub(super) fn unit(report: &mut Report, place: &Place<'_>, unit: &Unit) {
    let inside = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if !(1..=3).contains(&unit.code.len()) || !unit.code.bytes().all(inside) {
        report.add(&place.then("code"), "this is no unit code; write 1 to 3 capital letters or digits such as C62");
    }
    line(report, &place.then("de"), &unit.de, TEXT_LENGTH);
    line(report, &place.then("en"), &unit.en, TEXT_LENGTH);
}

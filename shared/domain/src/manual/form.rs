//! What somebody types about an invoice, or a program sends, and the one reading of it. Every mistake is named at once.

use rust_decimal::Decimal;

use super::{Entered, EnteredLine, KINDS};
use crate::calendar::Day;
use crate::catalog::charge::Issuer;
use crate::catalog::meter::Unit;
use crate::invoice::InvoiceKind;
use crate::problem::{FieldProblem, Problem, line};
use crate::vat::VatRate;

/// Most lines of an invoice entered by hand.
pub const LINES_LIMIT: usize = 200;
/// Longest text of a line, in characters.
pub const TEXT_LENGTH: usize = 200;
/// Longest note, in characters.
pub const NOTE_LENGTH: usize = 500;
/// Longest order number, in characters.
pub const REFERENCE_LENGTH: usize = 50;
/// Longest time to pay, in days.
pub const DUE_LIMIT: u32 = 90;
/// Most decimal places of a quantity and of a unit price.
pub const PLACES: u32 = 6;
/// Largest quantity and largest unit price.
const LIMIT: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);
/// Years a day of service lies in.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;
/// Rates that can be chosen, as they are written.
pub const RATES: [(&str, VatRate); 2] = [("19", VatRate::STANDARD), ("7", VatRate::REDUCED)];

/// An invoice as typed: numbers with a point and without groups, days as `2026-11-30`.
#[derive(Clone, Debug, Default)]
pub struct ManualForm<'a> {
    /// `single` or `settlement_fee`; empty: single.
    pub kind: &'a str,
    /// `operator` or `partner`; empty: operator.
    pub issuer: &'a str,
    /// Its lines.
    pub lines: Vec<LineForm<'a>>,
    /// Note; empty for none.
    pub note: &'a str,
    /// The buyer's order number; empty for the account's own.
    pub order_reference: &'a str,
    /// Days to pay; empty for the issuer's.
    pub due_days: &'a str,
}

/// A line as typed.
#[derive(Clone, Copy, Debug, Default)]
pub struct LineForm<'a> {
    /// What is supplied.
    pub text: &'a str,
    /// How much of it.
    pub quantity: &'a str,
    /// Word of the unit; empty: pieces.
    pub unit: &'a str,
    /// Net price of one unit.
    pub unit_price: &'a str,
    /// Rate in percent: `19` or `7`; empty: 19.
    pub vat: &'a str,
    /// First day of the service; empty: the last.
    pub first_day: &'a str,
    /// Last day of the service.
    pub last_day: &'a str,
}

impl ManualForm<'_> {
    /// Reads the form. What it refers to is added by whoever knows it.
    ///
    /// # Errors
    /// Every wrong field with what would be right; lines are named `lines[0].text` and so on.
    pub fn read(&self) -> Result<Entered, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let kind = take(&mut problems, "kind", read_kind(self.kind));
        let issuer = take(&mut problems, "issuer", read_issuer(self.issuer));
        let order_reference = take(&mut problems, "order_reference", optional(self.order_reference, REFERENCE_LENGTH));
        let due_days = take(&mut problems, "due_days", read_due_days(self.due_days));
        let note = take(&mut problems, "note", optional(self.note, NOTE_LENGTH));
        let count = match self.lines.len() {
            0 => Err(Problem::Missing),
            1..=LINES_LIMIT => Ok(()),
            _ => Err(Problem::TooManyLines { most: LINES_LIMIT }),
        };
        let lines = take(&mut problems, "lines", count).map(|()| self.read_lines(&mut problems));
        let entered = || {
            Some(Entered {
                kind: kind?,
                issuer: issuer?,
                lines: lines?,
                note: note?,
                order_reference: order_reference?,
                due_days: due_days?,
                references: Vec::new(),
            })
        };
        match entered() {
            Some(entered) if problems.is_empty() => Ok(entered),
            _ => Err(problems),
        }
    }

    fn read_lines(&self, problems: &mut Vec<FieldProblem>) -> Vec<EnteredLine> {
        self.lines
            .iter()
            .enumerate()
            .filter_map(|(index, line)| line.read(&format!("lines[{index}]"), problems))
            .collect()
    }
}

impl LineForm<'_> {
    /// Whether nothing was typed into it at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [self.text, self.quantity, self.unit_price, self.first_day, self.last_day]
            .iter()
            .all(|text| text.trim().is_empty())
    }

    /// Reads a line whose fields are called by a prefix.
    pub fn read(&self, prefix: &str, problems: &mut Vec<FieldProblem>) -> Option<EnteredLine> {
        let field = |name: &str| format!("{prefix}.{name}");
        let text = take(problems, &field("text"), line(self.text, TEXT_LENGTH));
        let quantity = take(problems, &field("quantity"), read_quantity(self.quantity));
        let unit = take(problems, &field("unit"), read_unit(self.unit));
        let unit_price = take(problems, &field("unit_price"), read_price(self.unit_price));
        let vat = take(problems, &field("vat"), read_rate(self.vat));
        let last_day = take(problems, &field("last_day"), read_day(self.last_day));
        let first_day = match (self.first_day.trim(), last_day) {
            ("", last_day) => last_day,
            (text, last_day) => take(problems, &field("first_day"), first_day(text, last_day)),
        };
        Some(EnteredLine {
            text: text?,
            quantity: quantity?,
            unit: unit?,
            unit_price: unit_price?,
            vat: vat?,
            first_day: first_day?,
            last_day: last_day?,
        })
    }
}

/// The value of a field, or a note of its problem.
pub(crate) fn take<T>(problems: &mut Vec<FieldProblem>, field: &str, value: Result<T, Problem>) -> Option<T> {
    value.map_err(|problem| problems.push(FieldProblem::new(field, problem))).ok()
}

/// A line of text that may be empty.
pub(crate) fn optional(text: &str, most: usize) -> Result<Option<String>, Problem> {
    if text.trim().is_empty() { Ok(None) } else { line(text, most).map(Some) }
}

fn read_kind(text: &str) -> Result<InvoiceKind, Problem> {
    let words = || KINDS.map(|kind| kind.code().to_owned()).to_vec();
    match text.trim() {
        "" => Ok(InvoiceKind::Single),
        text => InvoiceKind::parse(text)
            .filter(|kind| KINDS.contains(kind))
            .ok_or_else(|| Problem::NotOneOf { known: words() }),
    }
}

fn read_issuer(text: &str) -> Result<Issuer, Problem> {
    let words = || [Issuer::Operator, Issuer::Partner].map(|issuer| issuer.code().to_owned()).to_vec();
    match text.trim() {
        "" => Ok(Issuer::Operator),
        text => Issuer::parse(text).ok_or_else(|| Problem::NotOneOf { known: words() }),
    }
}

fn read_due_days(text: &str) -> Result<Option<u64>, Problem> {
    match text.trim() {
        "" => Ok(None),
        days => match days.parse() {
            Ok(days) if days <= u64::from(DUE_LIMIT) => Ok(Some(days)),
            _ => Err(Problem::OutOfRange { least: 0, most: DUE_LIMIT }),
        },
    }
}

fn read_unit(text: &str) -> Result<Unit, Problem> {
    match text.trim() {
        "" => Ok(Unit::PIECE),
        word => {
            Unit::named(word).ok_or_else(|| Problem::NotOneOf { known: Unit::words().map(ToOwned::to_owned).collect() })
        }
    }
}

fn read_rate(text: &str) -> Result<VatRate, Problem> {
    match text.trim() {
        "" => Ok(VatRate::STANDARD),
        text => RATES
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, rate)| *rate)
            .ok_or_else(|| Problem::NotOneOf { known: RATES.map(|(word, _)| word.to_owned()).to_vec() }),
    }
}

/// A plain decimal within the limits; digits, one point, one sign in front.
fn decimal(text: &str) -> Result<Decimal, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::Missing);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match text.parse::<Decimal>() {
        Ok(number) if plain && number.normalize().scale() <= PLACES && number.abs() <= LIMIT => Ok(number.normalize()),
        _ => Err(Problem::NotADecimal { places: PLACES }),
    }
}

pub(crate) fn read_quantity(text: &str) -> Result<Decimal, Problem> {
    match decimal(text)? {
        quantity if quantity.is_zero() => Err(Problem::Zero),
        quantity => Ok(quantity),
    }
}

pub(crate) fn read_price(text: &str) -> Result<Decimal, Problem> {
    match decimal(text)? {
        price if price.is_sign_negative() && !price.is_zero() => Err(Problem::BelowZero),
        price => Ok(price),
    }
}

pub(crate) fn read_day(text: &str) -> Result<Day, Problem> {
    match text.trim() {
        "" => Err(Problem::Missing),
        text => Day::parse(text).ok().filter(|day| YEARS.contains(&day.month().year())).ok_or(Problem::NotADay),
    }
}

fn first_day(text: &str, last_day: Option<Day>) -> Result<Day, Problem> {
    let first = read_day(text)?;
    if last_day.is_some_and(|last| last < first) { Err(Problem::EndsBeforeStart) } else { Ok(first) }
}

//! The fields of a reported record, one by one.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::problem::RecordProblem;
use super::{OLDEST_DAYS, RawReport};
use crate::calendar::{Day, Instant};
use crate::problem::{FieldProblem, Problem, line};

/// Most characters of a source, an id or a subject.
pub(super) const NAME_LENGTH: usize = 300;
/// Most characters of a text on an invoice.
pub(super) const TEXT_LENGTH: usize = 200;
/// Most digits before the point of a quantity; sums of them stay exact.
const DIGITS: usize = 12;
/// Most decimal places of a quantity.
const PLACES: usize = 6;

/// Reads the fields of one record and collects what is wrong with them.
pub(super) struct Reader<'a> {
    pub(super) raw: &'a RawReport,
    pub(super) problems: Vec<FieldProblem>,
}

impl Reader<'_> {
    /// Where the field stands in what was sent.
    pub(super) fn place(&self, field: &str) -> String {
        let inside = self.raw.is_event && !matches!(field, "source" | "id" | "time" | "subject");
        if inside { format!("data.{field}") } else { field.to_owned() }
    }

    pub(super) fn add(&mut self, field: &str, problem: Problem) {
        let place = self.place(field);
        self.problems.push(FieldProblem::new(place, problem));
    }

    pub(super) fn refuse(&mut self, field: &str, problem: RecordProblem) {
        self.add(field, Problem::Record(problem));
    }

    /// A field is not there, unless something is known to be wrong with it already.
    pub(super) fn missing(&mut self, field: &str) {
        let place = self.place(field);
        if !self.problems.iter().any(|problem| problem.field == place) {
            self.add(field, Problem::Missing);
        }
    }

    pub(super) fn required(&mut self, field: &str, text: Option<&str>) -> Option<String> {
        if text.is_none() {
            self.missing(field);
        }
        self.line(field, text?, NAME_LENGTH)
    }

    /// A text that may be left out or empty.
    pub(super) fn optional(&mut self, field: &str, text: Option<&str>, most: usize) -> Option<String> {
        let text = text.filter(|text| !text.trim().is_empty())?;
        self.line(field, text, most)
    }

    pub(super) fn line(&mut self, field: &str, text: &str, most: usize) -> Option<String> {
        line(text, most).map_err(|problem| self.add(field, problem)).ok()
    }

    pub(super) fn not_below_zero(&mut self, quantity: Decimal) -> Option<Decimal> {
        if quantity < Decimal::ZERO {
            self.refuse("quantity", RecordProblem::BelowZero);
            return None;
        }
        Some(quantity)
    }

    /// A decimal as it was written: digits, a point, digits. No exponent, so that nothing is rounded.
    pub(super) fn decimal(&mut self, field: &str, text: Option<&str>) -> Option<Decimal> {
        let text = text?.trim();
        let (whole, places) =
            text.strip_prefix('-').unwrap_or(text).split_once('.').unwrap_or((text.trim_start_matches('-'), "0"));
        let digits =
            |part: &str, most| (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        let read = if digits(whole, DIGITS) && digits(places, PLACES) { text.parse().ok() } else { None };
        if read.is_none() {
            self.refuse(field, RecordProblem::NotADecimal { digits: DIGITS, places: PLACES });
        }
        read
    }

    /// The day and, where it is given, the time; neither too old nor in the future.
    pub(super) fn when(&mut self, now: Instant) -> Option<(Day, Option<Instant>)> {
        let (time, day) = (self.raw.time.as_deref(), self.raw.day.as_deref());
        let (field, read) = match (time, day) {
            (Some(_), Some(_)) => {
                self.refuse("day", RecordProblem::TimeOrDay);
                return None;
            }
            (None, None) => {
                self.missing("time");
                return None;
            }
            (Some(text), None) => {
                let time = DateTime::parse_from_rfc3339(text.trim()).ok().map(|time| time.with_timezone(&Utc));
                if time.is_none() {
                    self.refuse("time", RecordProblem::NotATime);
                }
                ("time", time.map(|time| (Day::of(time), Some(time))))
            }
            (None, Some(text)) => {
                let day = Day::parse(text.trim()).ok();
                if day.is_none() {
                    self.refuse("day", RecordProblem::NotADay);
                }
                ("day", day.map(|day| (day, None)))
            }
        };
        let (day, at) = read?;
        if at.unwrap_or_else(|| day.start()) > now + TimeDelta::days(1) {
            self.refuse(field, RecordProblem::InTheFuture);
            return None;
        }
        if Day::of(now).days_since(day) > OLDEST_DAYS {
            self.refuse(field, RecordProblem::TooOld { days: OLDEST_DAYS });
            return None;
        }
        Some((day, at))
    }
}

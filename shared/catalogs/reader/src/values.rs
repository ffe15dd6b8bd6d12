//! The values that catalogues and usage files have in common: decimals, whole numbers, words, texts, days, times.

use std::fmt::Display;
use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate, NaiveTime};
use domain::calendar::{Day, Instant, instant_of};
use domain::language::Text;
use domain::problem::{Problem, line};
use rust_decimal::Decimal;

use crate::cursor::{Cursor, Fields};
use crate::document::Value;
use crate::place::short;
use crate::words::hint;

/// Most characters of a line of text.
pub(crate) const LINE_LIMIT: usize = 200;
/// Most decimal places.
const PLACES: usize = 8;
/// Most digits before the point.
const DIGITS: usize = 18;
/// Largest small number: of months, days, hours, ranks.
const SMALL_LIMIT: u64 = 1_000_000;
/// Years in which anything can be dated; others are slips.
const YEARS: RangeInclusive<i32> = 2000..=2199;

/// Keys of a text in both languages.
pub(crate) const TEXT_KEYS: [&str; 2] = ["de", "en"];

impl Cursor<'_> {
    /// A text as it stands.
    pub(crate) fn text(&self) -> Option<&str> {
        match self.value() {
            Value::Text(text) => Some(text),
            _ => {
                self.refuse_type("a text in quotes");
                None
            }
        }
    }

    /// One line of text.
    pub(crate) fn line(&self, most: usize) -> Option<String> {
        let problem = match line(self.text()?, most) {
            Ok(text) => return Some(text),
            Err(problem) => problem,
        };
        self.refuse(match problem {
            Problem::Missing => "this text is empty".to_owned(),
            Problem::TooLong { most } => format!("this text has more than {most} characters"),
            _ => "this text has line breaks or other control characters".to_owned(),
        });
        None
    }

    /// A text in both languages.
    pub(crate) fn bilingual(&self) -> Option<Text> {
        let Value::Table(_) = self.value() else {
            self.refuse_type("a text in both languages such as { de = \"Preis\", en = \"Price\" }");
            return None;
        };
        let fields = self.fields(&TEXT_KEYS)?;
        let side = |key, name| fields.required(key, name).and_then(|text| text.line(LINE_LIMIT));
        let (de, en) = (side("de", "the German text"), side("en", "the English text"));
        Some(Text { de: de?, en: en? })
    }

    /// A decimal, from its text and never through a float (G1).
    pub(crate) fn decimal(&self) -> Option<Decimal> {
        match self.value() {
            Value::Text(text) | Value::Number(text) => match decimal(text) {
                Ok(decimal) => Some(decimal),
                Err(problem) => {
                    self.refuse(problem);
                    None
                }
            },
            _ => {
                self.refuse_type("a decimal such as 49.00");
                None
            }
        }
    }

    /// A decimal that is not below zero.
    pub(crate) fn not_negative(&self) -> Option<Decimal> {
        let decimal = self.decimal()?;
        if decimal < Decimal::ZERO {
            self.refuse("below zero, which is not possible here");
            return None;
        }
        Some(decimal)
    }

    /// A whole number.
    pub(crate) fn whole(&self, range: RangeInclusive<u64>) -> Option<u64> {
        let Value::Number(text) = self.value() else {
            self.refuse_type("a whole number");
            return None;
        };
        let digits = text.strip_prefix('+').unwrap_or(text);
        let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.parse::<u64>().ok().filter(|number| is_whole && range.contains(number));
        if number.is_none() {
            let (number, least, most) = (short(text), range.start(), range.end());
            self.refuse(match text.strip_prefix('-') {
                Some(_) => format!("{number} is below zero, which is not possible here"),
                None if !is_whole => format!("{number} is not a whole number"),
                None => format!("{number} is out of range; write a whole number from {least} to {most}"),
            });
        }
        number
    }

    /// A small whole number; what it may be is checked with the catalogue as a whole.
    pub(crate) fn small(&self) -> Option<u32> {
        self.whole(0..=SMALL_LIMIT).and_then(|number| u32::try_from(number).ok())
    }

    /// True or false.
    pub(crate) fn flag(&self) -> Option<bool> {
        match self.value() {
            Value::Flag(flag) => Some(*flag),
            _ => {
                self.refuse_type("true or false");
                None
            }
        }
    }

    /// One of some words.
    pub(crate) fn word<T: Copy>(&self, words: &[(&'static str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = words.iter().find(|word| word.0 == text).map(|word| word.1);
        if found.is_none() {
            let hint = hint(text, words.iter().map(|word| word.0));
            self.refuse(format!("unknown word \"{}\"; {hint}", short(text)));
        }
        found
    }

    /// A name; what it is read with says what a name may be.
    pub(crate) fn name<T, E: Display>(&self, parse: impl Fn(&str) -> Result<T, E>) -> Option<T> {
        let text = self.text()?;
        parse(text).map_err(|error| self.refuse(format!("\"{}\" is no name; {error}", short(text)))).ok()
    }

    /// The key as a name.
    pub(crate) fn key_name<T, E: Display>(&self, parse: impl Fn(&str) -> Result<T, E>) -> Option<T> {
        let key = self.key();
        parse(key).map_err(|error| self.refuse_key(format!("\"{}\" is no name; {error}", short(key)))).ok()
    }

    /// A day.
    pub(crate) fn day(&self) -> Option<Day> {
        let text = self.date_text("a date such as 2026-11-01")?;
        let day = day(text);
        if day.is_none() {
            self.refuse(format!("\"{}\" is no date; write one such as 2026-11-01", short(text)));
        }
        self.in_range(day?)
    }

    /// A day, with the time if one is given: local, or with an offset.
    pub(crate) fn moment(&self) -> Option<(Day, Option<Instant>)> {
        let text = self.date_text("a date or time such as 2026-11-01 or 2026-11-01T09:30")?;
        if text.len() <= 10 {
            return self.day().map(|day| (day, None));
        }
        self.instant().map(|at| (Day::of(at), Some(at)))
    }

    /// A time: local, or with an offset. Of a local hour that happens twice the first is meant; an hour that
    /// spring skips is the one after it.
    pub(crate) fn instant(&self) -> Option<Instant> {
        let text = self.date_text("a time such as 2026-11-01T09:30")?;
        let Some((day, at)) = instant(text) else {
            self.refuse(format!(
                "\"{}\" is no time; write one such as 2026-11-01T09:30 (local) or 2026-11-01T08:30Z",
                short(text)
            ));
            return None;
        };
        // The written day comes first, since an absurd year must not reach the calendar.
        self.in_range(day)?;
        Some(at)
    }

    fn date_text(&self, expected: &str) -> Option<&str> {
        match self.value() {
            Value::Text(text) | Value::Date(text) => Some(text),
            _ => {
                self.refuse_type(expected);
                None
            }
        }
    }

    fn in_range(&self, day: Day) -> Option<Day> {
        if YEARS.contains(&day.date().year()) {
            return Some(day);
        }
        self.refuse(format!("the year must be from {} to {}", YEARS.start(), YEARS.end()));
        None
    }
}

impl<'a> Fields<'a> {
    /// Reads the value of a key, if it is there.
    pub(crate) fn read<T>(&self, key: &str, read: impl Fn(&Cursor<'a>) -> Option<T>) -> Option<T> {
        self.get(key).and_then(|cursor| read(&cursor))
    }

    /// A flag that is false unless given.
    pub(crate) fn flag(&self, key: &str) -> bool {
        self.read(key, Cursor::flag).unwrap_or(false)
    }

    /// A list of names; the unreadable ones are left out.
    pub(crate) fn names<T, E: Display>(&self, key: &str, parse: impl Fn(&str) -> Result<T, E>) -> Vec<T> {
        self.items(key).iter().filter_map(|item| item.name(&parse)).collect()
    }
}

/// Reads a decimal of at most 18 digits before the point and 8 after it.
fn decimal(text: &str) -> Result<Decimal, String> {
    let example = "write digits with a point such as 49.00";
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, places) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    if digits(whole) && digits(places) {
        if whole.trim_start_matches('0').len() > DIGITS {
            return Err(format!("more than {DIGITS} digits before the point"));
        }
        if places.len() > PLACES {
            return Err(format!("more than {PLACES} decimal places"));
        }
        return text.parse().map_err(|_| format!("\"{}\" is no decimal; {example}", short(text)));
    }
    if let Some((whole, places)) = unsigned.split_once(',')
        && digits(whole)
        && digits(places)
    {
        let sign = if text.starts_with('-') { "-" } else { "" };
        return Err(short(&format!("decimals have a point; write {sign}{whole}.{places}")));
    }
    if unsigned.split_once(['e', 'E']).is_some_and(|(front, _)| digits(&front.replace('.', ""))) {
        return Err(format!("{} has an exponent; write all its digits", short(text)));
    }
    Err(format!("\"{}\" is no decimal; {example}", short(text)))
}

/// Reads `2026-11-01` and nothing else; the calendar's own reading is more generous.
fn day(text: &str) -> Option<Day> {
    let shape = |(index, byte): (usize, u8)| if matches!(index, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
    if text.len() != 10 || !text.bytes().enumerate().all(shape) {
        return None;
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Day::new)
}

/// Reads `2026-11-01T09:30`, with seconds or not, with an offset or without; the day is the written one.
fn instant(text: &str) -> Option<(Day, Instant)> {
    let (date, rest) = text.split_once(['T', ' '])?;
    let day = day(date)?;
    let (time, offset) = match rest.find(['Z', '+', '-']) {
        None => (rest, None),
        Some(index) => (rest.get(..index)?, Some(minutes_east(rest.get(index..)?)?)),
    };
    let wall = day.date().and_time(time_of_day(time)?);
    let at = match offset {
        // Outside of the years that are allowed the calendar need not be asked.
        None if !YEARS.contains(&day.date().year()) => wall.and_utc(),
        None => instant_of(wall),
        Some(minutes) => wall.and_utc().checked_sub_signed(chrono::TimeDelta::minutes(minutes))?,
    };
    Some((day, at))
}

fn time_of_day(text: &str) -> Option<NaiveTime> {
    let mut parts = text.split(':');
    let (hour, minute, second) = (two(parts.next()?)?, two(parts.next()?)?, parts.next().unwrap_or("00"));
    if parts.next().is_some() {
        return None;
    }
    let (second, fraction) = second.split_once('.').unwrap_or((second, "0"));
    if fraction.is_empty() || fraction.len() > 9 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    NaiveTime::from_hms_nano_opt(hour, minute, two(second)?, format!("{fraction:0<9}").parse().ok()?)
}

fn minutes_east(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let east = i64::from(hours * 60 + minutes);
    (hours < 24 && minutes < 60).then_some(if text.starts_with('-') { -east } else { east })
}

fn two(text: &str) -> Option<u32> {
    let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

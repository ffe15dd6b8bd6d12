//! Hours of the week: on which days, from when to when, by local wall-clock time.

use chrono::{Datelike, NaiveDateTime, NaiveTime, Timelike};

/// Minutes of a whole day.
pub const DAY_MINUTES: u32 = 24 * 60;

/// Hours on some days of the week, by the local time something starts.
///
/// An end at or before the start reaches over midnight: `mon-fri 22:00-08:00` are the hours before 8:00
/// and from 22:00 of each of these days, so Saturday at 3:00 is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Monday first.
    pub days: [bool; 7],
    /// Minute of the day it begins at.
    pub from: u32,
    /// Minute of the day it ends before; 1440 is midnight.
    pub to: u32,
}

/// Why a text is no window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write days and hours such as \"mon-fri 09:00-17:00\", \"sat,sun 00:00-24:00\" or \"mon-fri 22:00-08:00\"")]
pub struct WindowError;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Window {
    /// Reads `mon-fri 09:00-17:00`.
    ///
    /// # Errors
    /// [`WindowError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, WindowError> {
        let mut words = text.split_ascii_whitespace();
        let (Some(days), Some(hours), None) = (words.next(), words.next(), words.next()) else {
            return Err(WindowError);
        };
        let (from, to) = hours.split_once('-').ok_or(WindowError)?;
        let (from, to) = (minute(from)?, minute(to)?);
        if from == to || from == DAY_MINUTES {
            return Err(WindowError);
        }
        Ok(Self { days: week(days)?, from, to })
    }

    /// Whether a local time is inside.
    #[must_use]
    pub fn contains(&self, wall: NaiveDateTime) -> bool {
        let day = wall.weekday().num_days_from_monday() as usize % 7;
        self.contains_minute(day, wall.hour() * 60 + wall.minute())
    }

    /// Whether a minute of a day of the week (Monday is 0) is inside.
    #[must_use]
    pub fn contains_minute(&self, day: usize, minute: u32) -> bool {
        let hours = if self.from < self.to {
            (self.from..self.to).contains(&minute)
        } else {
            minute >= self.from || minute < self.to
        };
        hours && self.days.get(day).copied().unwrap_or(false)
    }

    /// The hours of one day of the week (Monday is 0), earliest first, as local times of day; the end is
    /// `None` where it is the midnight at which the day ends.
    #[must_use]
    pub fn spans(&self, day: usize) -> Vec<(NaiveTime, Option<NaiveTime>)> {
        if !self.days.get(day).copied().unwrap_or(false) {
            return Vec::new();
        }
        let time = |minute: u32| NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0);
        let start = |minute| time(minute).unwrap_or(NaiveTime::MIN);
        if self.from < self.to {
            vec![(start(self.from), time(self.to))]
        } else if self.to == 0 {
            vec![(start(self.from), None)]
        } else {
            vec![(NaiveTime::MIN, time(self.to)), (start(self.from), None)]
        }
    }
}

fn minute(text: &str) -> Result<u32, WindowError> {
    let (hour, minute) = text.split_once(':').ok_or(WindowError)?;
    let two = |part: &str| {
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if digits { part.parse::<u32>().map_err(|_| WindowError) } else { Err(WindowError) }
    };
    match (two(hour)?, two(minute)?) {
        (24, 0) => Ok(DAY_MINUTES),
        (hour, minute) if hour < 24 && minute < 60 => Ok(hour * 60 + minute),
        _ => Err(WindowError),
    }
}

fn week(text: &str) -> Result<[bool; 7], WindowError> {
    let mut days = [false; 7];
    let index = |name: &str| DAYS.iter().position(|day| *day == name).ok_or(WindowError);
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (index(first)?, index(last)?);
        if first > last {
            return Err(WindowError);
        }
        days[first..=last].fill(true);
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(window: &str, wall: &str) -> bool {
        Window::parse(window).expect(window).contains(wall.parse().expect(wall))
    }

    #[test]
    fn the_start_decides_s4() {
        for (window, wall, expected) in [
            ("mon-fri 09:30-12:30", "2026-11-24T09:30:00", true),
            ("mon-fri 09:30-12:30", "2026-11-24T09:29:59", false),
            ("mon-fri 09:30-12:30", "2026-11-24T12:29:59", true),
            ("mon-fri 09:30-12:30", "2026-11-24T12:30:00", false),
            ("mon-fri 17:00-22:00", "2026-11-24T21:59:59", true),
            ("mon-fri 17:00-22:00", "2026-11-24T22:00:00", false),
            ("mon-fri 22:00-08:00", "2026-11-24T22:00:00", true),
            ("mon-fri 22:00-08:00", "2026-11-27T23:59:00", true),
            ("mon-fri 22:00-08:00", "2026-11-28T00:00:00", false),
            ("mon-fri 22:00-08:00", "2026-11-23T03:00:00", true),
            ("sat,sun 00:00-24:00", "2026-11-29T23:59:59", true),
            ("sat,sun 00:00-24:00", "2026-11-30T00:00:00", false),
        ] {
            assert_eq!(inside(window, wall), expected, "{window} at {wall}");
        }
    }

    #[test]
    fn windows_are_written_in_one_way() {
        for text in [
            "",
            "mon",
            "mon-fri",
            "09:00-17:00",
            "mon-fri 9:00-17:00",
            "mon-fri 09:00-25:00",
            "mon-fri 09:00-09:00",
            "fri-mon 09:00-17:00",
            "mo-fr 09:00-17:00",
            "mon-fri 09:00",
            "mon-fri 09:60-10:00",
            "mon-fri 24:00-08:00",
            "mon-fri 09:00-17:00 sun",
            "mon–fri 09:00–17:00",
        ] {
            assert!(Window::parse(text).is_err(), "{text}");
        }
    }
}

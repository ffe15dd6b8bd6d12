//! Local days and months in the billing time zone (G3).

use std::fmt;

use chrono::{DateTime, Datelike, Days, LocalResult, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::{Europe::Berlin, Tz};

/// A point in time.
pub type Instant = DateTime<Utc>;

/// Billing time zone of all accounts.
pub const ZONE: Tz = Berlin;

/// Why a text is no day or month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}")]
pub struct CalendarError {
    /// The form that would have been right.
    pub expected: &'static str,
}

/// The instant as local time.
#[must_use]
pub fn local(instant: Instant) -> DateTime<Tz> {
    instant.with_timezone(&ZONE)
}

/// The instant of a local wall-clock time.
///
/// In the hour that happens twice in autumn the first one is taken; a time that spring skips becomes the one an
/// hour later, as the clock shows it.
#[must_use]
pub fn instant_of(wall: NaiveDateTime) -> Instant {
    match ZONE.from_local_datetime(&wall) {
        LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => time.to_utc(),
        LocalResult::None => {
            // Europe/Berlin skips exactly one hour, so an hour earlier exists and lies an hour before
            // the same instant.
            let earlier = wall - chrono::TimeDelta::hours(1);
            match ZONE.from_local_datetime(&earlier) {
                LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => {
                    time.to_utc() + chrono::TimeDelta::hours(1)
                }
                LocalResult::None => wall.and_utc(),
            }
        }
    }
}

/// A local calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

impl Day {
    /// The local day an instant falls on.
    #[must_use]
    pub fn of(instant: Instant) -> Self {
        Self(local(instant).date_naive())
    }

    /// A day by its date.
    #[must_use]
    pub const fn new(date: NaiveDate) -> Self {
        Self(date)
    }

    /// Reads `2026-11-01`.
    ///
    /// # Errors
    /// [`CalendarError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let error = CalendarError { expected: "a date such as 2026-11-01" };
        if text.len() != 10 {
            return Err(error);
        }
        NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Self).map_err(|_| error)
    }

    /// The date.
    #[must_use]
    pub const fn date(self) -> NaiveDate {
        self.0
    }

    /// Midnight at which the day begins.
    #[must_use]
    pub fn start(self) -> Instant {
        instant_of(self.0.and_time(NaiveTime::MIN))
    }

    /// The day after; the last representable day is its own successor.
    #[must_use]
    pub fn next(self) -> Self {
        self.plus_days(1)
    }

    /// The day before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0.pred_opt().unwrap_or(self.0))
    }

    /// The day `days` later.
    #[must_use]
    pub fn plus_days(self, days: u64) -> Self {
        Self(self.0.checked_add_days(Days::new(days)).unwrap_or(self.0))
    }

    /// The last day there is.
    pub const MAX: Self = Self(NaiveDate::MAX);

    /// Days from an earlier day to this one; below zero if that day is later.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).num_days()
    }

    /// The same day `months` later, or the last day of that month where it is shorter.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        Self(self.0.checked_add_months(Months::new(months)).unwrap_or(self.0))
    }

    /// The same day `months` earlier, or the last day of that month where it is shorter.
    #[must_use]
    pub fn minus_months(self, months: u32) -> Self {
        Self(self.0.checked_sub_months(Months::new(months)).unwrap_or(self.0))
    }

    /// The last day of `months` that begin with this day (§ 187 (2), § 188 (2), (3) BGB): 12 months from
    /// 15 March end on 14 March. No months end on the day before.
    #[must_use]
    pub fn last_of_months(self, months: u32) -> Self {
        // From the first on these are whole months, whose last days differ.
        if self.0.day() == 1 { self.plus_months(months).previous() } else { self.previous().plus_months(months) }
    }

    /// The month the day belongs to.
    #[must_use]
    pub fn month(self) -> Month {
        Month { year: self.0.year(), month: self.0.month() }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

/// Mondays to Fridays from `first` up to, but not including, `end`; public holidays are counted.
#[must_use]
pub fn working_days_between(first: Day, end: Day) -> u64 {
    let days = u64::try_from((end.0 - first.0).num_days()).unwrap_or(0);
    let weekday = u64::from(first.0.weekday().num_days_from_monday());
    // Whole weeks hold five each; at most six days are left to look at.
    days / 7 * 5 + (0..days % 7).filter(|day| (weekday + day) % 7 < 5).count() as u64
}

/// A billing month: the half-open local interval [1st 00:00, next 1st 00:00) (G3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    /// The month an instant falls in.
    #[must_use]
    pub fn of(instant: Instant) -> Self {
        Day::of(instant).month()
    }

    /// Reads `2026-11`.
    ///
    /// # Errors
    /// [`CalendarError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let error = CalendarError { expected: "a month such as 2026-11" };
        if text.len() != 7 {
            return Err(error);
        }
        Day::parse(&format!("{text}-01")).map(Day::month).map_err(|_| error)
    }

    /// Calendar year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.year
    }

    /// First day.
    #[must_use]
    pub fn first(self) -> Day {
        Day(NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or(NaiveDate::MAX))
    }

    /// Last day.
    #[must_use]
    pub fn last(self) -> Day {
        self.next().first().previous()
    }

    /// The month after.
    #[must_use]
    pub const fn next(self) -> Self {
        if self.month == 12 {
            Self { year: self.year + 1, month: 1 }
        } else {
            Self { year: self.year, month: self.month + 1 }
        }
    }

    /// The month before.
    #[must_use]
    pub const fn previous(self) -> Self {
        if self.month == 1 {
            Self { year: self.year - 1, month: 12 }
        } else {
            Self { year: self.year, month: self.month - 1 }
        }
    }

    /// Local midnight the month begins at.
    #[must_use]
    pub fn start(self) -> Instant {
        self.first().start()
    }

    /// Local midnight the month ends before.
    #[must_use]
    pub fn end(self) -> Instant {
        self.next().start()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().expect(text)
    }

    #[test]
    fn months_have_743_or_745_hours_where_the_clock_changes_g3() {
        for (month, hours) in [("2026-03", 743), ("2026-10", 745), ("2026-11", 720), ("2026-12", 744), ("2028-02", 696)]
        {
            let month = Month::parse(month).expect(month);
            assert_eq!((month.end() - month.start()).num_hours(), hours, "{month}");
        }
    }

    #[test]
    fn an_instant_belongs_to_its_local_day() {
        for (name, instant, day) in [
            ("winter, last second of the month", "2026-11-30T22:59:59Z", "2026-11-30"),
            ("winter, midnight", "2026-11-30T23:00:00Z", "2026-12-01"),
            ("summer, midnight", "2026-06-30T22:00:00Z", "2026-07-01"),
            ("spring change", "2026-03-29T01:00:00Z", "2026-03-29"),
            ("end of the 25-hour day", "2026-10-25T22:59:59Z", "2026-10-25"),
            ("after the 25-hour day", "2026-10-25T23:00:00Z", "2026-10-26"),
            ("end of the 23-hour day", "2026-03-29T21:59:59Z", "2026-03-29"),
            ("new year", "2026-12-31T23:00:00Z", "2027-01-01"),
        ] {
            assert_eq!(Day::of(at(instant)).to_string(), day, "{name}");
        }
    }

    #[test]
    fn wall_clock_times_of_both_change_days() {
        for (name, wall, instant) in [
            ("skipped hour", "2026-03-29T02:30:00", "2026-03-29T01:30:00Z"),
            ("first of the doubled hour", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),
            ("after the doubled hour", "2026-10-25T03:00:00", "2026-10-25T02:00:00Z"),
        ] {
            assert_eq!(instant_of(wall.parse().expect(name)), at(instant), "{name}");
        }
    }

    fn day(text: &str) -> Day {
        Day::parse(text).expect(text)
    }

    #[test]
    fn months_are_added_to_days() {
        for (name, from, months, later, last) in [
            ("within a year", "2026-03-15", 3, "2026-06-15", "2026-06-14"),
            ("a year, A21", "2026-03-15", 12, "2027-03-15", "2027-03-14"),
            ("no month", "2026-03-15", 0, "2026-03-15", "2026-03-14"),
            ("over new year", "2026-12-31", 2, "2027-02-28", "2027-02-28"),
            ("31st to a month of 30 days", "2026-05-31", 1, "2026-06-30", "2026-06-30"),
            ("30th to February", "2027-01-30", 1, "2027-02-28", "2027-02-28"),
            ("29th to February", "2027-01-29", 1, "2027-02-28", "2027-02-28"),
            ("28th to February", "2027-01-28", 1, "2027-02-28", "2027-02-27"),
            ("29 February, a year", "2028-02-29", 12, "2029-02-28", "2029-02-28"),
            ("29 February, four years", "2028-02-29", 48, "2032-02-29", "2032-02-28"),
            ("1 March before a leap day", "2027-03-01", 12, "2028-03-01", "2028-02-29"),
            ("the first", "2026-11-01", 1, "2026-12-01", "2026-11-30"),
        ] {
            assert_eq!(day(from).plus_months(months), day(later), "{name}");
            assert_eq!(day(from).last_of_months(months), day(last), "{name}");
        }
        for (name, from, months, earlier) in [
            ("a term's notice, A21", "2027-03-14", 3, "2026-12-14"),
            ("to February", "2027-05-31", 3, "2027-02-28"),
            ("to a leap day", "2028-03-31", 1, "2028-02-29"),
            ("over new year", "2027-01-31", 2, "2026-11-30"),
        ] {
            assert_eq!(day(from).minus_months(months), day(earlier), "{name}");
        }
        let end = Day::new(NaiveDate::MAX);
        assert_eq!(end.plus_months(1), end, "nothing lies after the last day");
    }

    #[test]
    fn working_days_are_monday_to_friday_c3() {
        for (name, first, end, days) in [
            ("a week from Monday", "2026-11-23", "2026-11-30", 5),
            ("a week from Wednesday", "2026-11-25", "2026-12-02", 5),
            ("a weekend", "2026-11-28", "2026-11-30", 0),
            ("Friday to Monday", "2026-11-27", "2026-11-30", 1),
            ("Sunday to Tuesday", "2026-11-29", "2026-12-01", 1),
            ("the same day", "2026-11-25", "2026-11-25", 0),
            ("backwards", "2026-11-25", "2026-11-20", 0),
            ("a year", "2026-01-01", "2027-01-01", 261),
        ] {
            assert_eq!(working_days_between(day(first), day(end)), days, "{name}");
        }
    }

    #[test]
    fn month_ends_and_leap_years() {
        for (month, last) in [("2027-02", "2027-02-28"), ("2028-02", "2028-02-29"), ("2026-12", "2026-12-31")] {
            assert_eq!(Month::parse(month).expect(month).last().to_string(), last);
        }
        assert_eq!(Month::parse("2026-12").expect("a month").next().to_string(), "2027-01");
        assert_eq!(Month::parse("2026-01").expect("a month").previous().to_string(), "2025-12");
        for text in ["", "2026", "2026-13", "2026-1", "26-01", "2026-11-01"] {
            assert!(Month::parse(text).is_err(), "{text}");
        }
    }
}

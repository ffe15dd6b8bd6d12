//! When the schedules of the template fire, in local time (`infra/template.yaml`).

use chrono::{DurationRound, NaiveDateTime, NaiveTime, TimeDelta};
use domain::calendar::{Day, Instant, Month, instant_of};

/// Local time of the daily count: 00:15.
const COUNT: NaiveTime = match NaiveTime::from_hms_opt(0, 15, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};
/// Local time of the invoice run, on the first of the month: 03:00.
const INVOICE: NaiveTime = match NaiveTime::from_hms_opt(3, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// Local time of the check of the archive, on the second of the month: 05:00.
const CHECK: NaiveTime = match NaiveTime::from_hms_opt(5, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// A schedule; the order is that in which schedules of the same minute fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Schedule {
    /// Every minute.
    Timers,
    /// Daily at 00:15.
    UsageCounter,
    /// On the first of the month at 03:00.
    InvoiceRun,
    /// On the second of the month at 05:00.
    ArchiveCheck,
}

impl Schedule {
    /// Name of the function it starts.
    #[must_use]
    pub const fn function(self) -> &'static str {
        match self {
            Self::Timers => "timers",
            Self::UsageCounter => "usage-counter",
            Self::InvoiceRun => "invoice-run",
            Self::ArchiveCheck => "deliver",
        }
    }
}

/// The next daily count after a time.
#[must_use]
pub fn next_count(after: Instant) -> Instant {
    let mut day = Day::of(after);
    loop {
        let fires = instant_of(day.date().and_time(COUNT));
        if fires > after {
            return fires;
        }
        day = day.next();
    }
}

/// The next invoice run after a time.
#[must_use]
pub fn next_invoice_run(after: Instant) -> Instant {
    next_in_month(after, |month| month.first().date().and_time(INVOICE))
}

/// The next check of the archive after a time.
#[must_use]
pub fn next_archive_check(after: Instant) -> Instant {
    next_in_month(after, |month| month.first().next().date().and_time(CHECK))
}

fn next_in_month(after: Instant, at: impl Fn(Month) -> NaiveDateTime) -> Instant {
    let mut month = Month::of(after);
    loop {
        let fires = instant_of(at(month));
        if fires > after {
            return fires;
        }
        month = month.next();
    }
}

/// The first whole minute at or after a time.
#[must_use]
pub fn whole_minute(time: Instant) -> Instant {
    let floor = time.duration_trunc(TimeDelta::minutes(1)).unwrap_or(time);
    if floor == time { floor } else { floor + TimeDelta::minutes(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().expect(text)
    }

    #[test]
    fn schedules_go_by_local_time_on_both_change_days() {
        for (name, after, count) in [
            ("winter", "2026-11-22T12:00:00Z", "2026-11-22T23:15:00Z"),
            ("just before", "2026-11-22T23:14:59Z", "2026-11-22T23:15:00Z"),
            ("just at", "2026-11-22T23:15:00Z", "2026-11-23T23:15:00Z"),
            ("day of 23 hours", "2026-03-28T23:15:00Z", "2026-03-29T22:15:00Z"),
            ("day of 25 hours", "2026-10-24T22:15:00Z", "2026-10-25T23:15:00Z"),
        ] {
            assert_eq!(next_count(at(after)), at(count), "{name}");
        }
        assert_eq!(next_invoice_run(at("2026-11-22T12:00:00Z")), at("2026-12-01T02:00:00Z"));
        assert_eq!(next_invoice_run(at("2026-06-15T12:00:00Z")), at("2026-07-01T01:00:00Z"));
        assert_eq!(next_invoice_run(at("2026-12-01T02:00:00Z")), at("2027-01-01T02:00:00Z"));
        assert_eq!(next_archive_check(at("2026-12-02T03:59:59Z")), at("2026-12-02T04:00:00Z"));
        assert_eq!(next_archive_check(at("2026-12-02T04:00:00Z")), at("2027-01-02T04:00:00Z"));
        assert_eq!(whole_minute(at("2026-11-22T12:00:01Z")), at("2026-11-22T12:01:00Z"));
    }
}

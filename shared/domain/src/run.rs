//! Runs: the numbers of the parts of an invoice run, and when a run should have ended, so that one that did not is told of.

use std::fmt;

use chrono::{TimeDelta, Timelike};

use crate::calendar::{Day, Instant, Month, local};

/// Hour of the day, local time, by which the runs of the night have begun. The count starts at 00:15, the invoice run of
/// a first of the month at 03:00, and both are tried again for some time if they cannot start.
pub const BEGUN_BY_HOUR: u32 = 6;
/// How long an invoice run may take before somebody should look.
pub const INVOICE_RUN_TIME: TimeDelta = TimeDelta::hours(24);

/// How far the runs are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The last day a count was started for; none on a system that never counted.
    pub counted: Option<Day>,
    /// Whether a day of the month before this one, or an earlier one, was counted: a system that is younger owes no
    /// invoices for it.
    pub was_there: bool,
    /// When the invoice run of the month before this one was planned, and whether all of its parts are done.
    pub invoicing: Option<(Instant, bool)>,
}

/// A run that should have begun or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overdue {
    /// The count of this day was not started.
    Count(Day),
    /// The invoice run of this month was not planned.
    InvoiceRun(Month),
    /// The invoice run of this month was planned more than a day ago and is not done.
    Unfinished(Month),
}

impl fmt::Display for Overdue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(day) => write!(f, "the count of {day} was not started"),
            Self::InvoiceRun(month) => write!(f, "the invoice run of {month} was not started"),
            Self::Unfinished(month) => write!(f, "the invoice run of {month} is not done"),
        }
    }
}

/// The month whose invoices are made now: the one before this.
#[must_use]
pub fn invoiced_month(now: Instant) -> Month {
    Month::of(now).previous()
}

/// What is overdue now (G4: what is, can be started again at any time).
#[must_use]
pub fn overdue(now: Instant, progress: &Progress) -> Vec<Overdue> {
    let mut found = Vec::new();
    let (today, begun) = (Day::of(now), local(now).hour() >= BEGUN_BY_HOUR);
    let month = invoiced_month(now);
    let newest = if begun { today.previous() } else { today.previous().previous() };
    if progress.counted.is_some_and(|counted| counted < newest) {
        found.push(Overdue::Count(newest));
    }
    match progress.invoicing {
        None if progress.was_there && (begun || today != today.month().first()) => {
            found.push(Overdue::InvoiceRun(month))
        }
        Some((planned, false)) if now - planned > INVOICE_RUN_TIME => found.push(Overdue::Unfinished(month)),
        _ => {}
    }
    found
}

/// The first number of each part of an invoice run, and the number after all of them (I1).
///
/// The prefix sum of the parts' drafts over the next number of the series. Numbers follow the order of parts and of
/// drafts within a part, so the same accounts get the same numbers whatever order the workers ran in.
#[must_use]
pub fn first_numbers(next: u64, drafts: &[u64]) -> (Vec<u64>, u64) {
    let mut next = next;
    let first = drafts.iter().map(|drafts| {
        let first = next;
        next = next.saturating_add(*drafts);
        first
    });
    (first.collect(), next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_parts_follow_each_other_without_gap_i1() {
        for (name, next, drafts, first, after) in [
            ("no part", 1, &[][..], &[][..], 1),
            ("nothing to bill", 7, &[0, 0], &[7, 7], 7),
            ("a new series", 1, &[2, 0, 3], &[1, 3, 3], 6),
            ("a series that has begun", 42, &[1, 1], &[42, 43], 44),
        ] {
            assert_eq!(first_numbers(next, drafts), (first.to_vec(), after), "{name}");
        }
    }

    fn at(text: &str) -> Instant {
        text.parse().expect(text)
    }

    fn day(text: &str) -> Day {
        Day::parse(text).expect(text)
    }

    #[test]
    fn a_run_is_overdue_once_it_should_have_begun_or_ended() {
        let new = Progress::default();
        let counted = |text: &str| Progress { counted: Some(day(text)), ..new };
        let november = Month::parse("2026-11").expect("a month");
        let planned = |done| Progress {
            counted: Some(day("2026-11-30")),
            was_there: true,
            invoicing: Some((at("2026-12-01T02:00:00Z"), done)),
        };
        let unplanned = Progress { invoicing: None, ..planned(false) };
        for (name, now, progress, expected) in [
            ("a new system", "2026-11-24T12:00:00Z", new, vec![]),
            ("counted", "2026-11-24T12:00:00Z", counted("2026-11-23"), vec![]),
            ("before six", "2026-11-24T04:59:00Z", counted("2026-11-22"), vec![]),
            ("at six", "2026-11-24T05:00:00Z", counted("2026-11-22"), vec![Overdue::Count(day("2026-11-23"))]),
            ("long ago", "2026-11-24T04:59:00Z", counted("2026-11-20"), vec![Overdue::Count(day("2026-11-22"))]),
            ("day of 23 hours, before six", "2026-03-29T03:59:00Z", counted("2026-03-27"), vec![]),
            (
                "day of 25 hours, at six",
                "2026-10-25T05:00:00Z",
                counted("2026-10-23"),
                vec![Overdue::Count(day("2026-10-24"))],
            ),
            ("not planned, before six", "2026-12-01T04:59:00Z", unplanned, vec![]),
            ("not planned, at six", "2026-12-01T05:00:00Z", unplanned, vec![Overdue::InvoiceRun(november)]),
            ("younger than the month", "2026-12-01T05:00:00Z", Progress { was_there: false, ..unplanned }, vec![]),
            ("working", "2026-12-02T02:00:00Z", planned(false), vec![]),
            ("still working", "2026-12-02T02:01:00Z", planned(false), vec![Overdue::Unfinished(november)]),
            ("done", "2026-12-02T02:01:00Z", planned(true), vec![]),
        ] {
            let mut progress = progress;
            if name.starts_with("still") || name == "working" || name == "done" {
                progress.counted = Some(day("2026-12-01"));
            }
            assert_eq!(overdue(at(now), &progress), expected, "{name}");
        }
        let unplanned = Progress { counted: Some(day("2026-12-01")), ..unplanned };
        assert_eq!(overdue(at("2026-12-02T00:30:00Z"), &unplanned), [Overdue::InvoiceRun(november)]);
        assert_eq!(
            overdue(at("2026-12-02T00:30:00Z"), &unplanned)[0].to_string(),
            "the invoice run of 2026-11 was not started"
        );
        assert_eq!(invoiced_month(at("2026-12-31T23:00:00Z")).to_string(), "2026-12");
    }
}

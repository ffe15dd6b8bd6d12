//! By when an enquiry has to be answered: a clock that runs only in business hours (S1, S5).
//!
//! A window is open at an instant if the local wall clock then shows a time within it. Where the clock changes, what
//! counts is the time that really passes: `00:00-24:00` is 25 hours long on the last Sunday of October, and a window
//! within the doubled hour is open twice.

use std::iter::successors;

use chrono::{Datelike, NaiveDateTime, NaiveTime, Offset, TimeDelta};

use crate::calendar::{Day, Instant, local};
use crate::catalog::Catalogue;
use crate::catalog::plan::{Plan, Response};
use crate::catalog::window::Window;
use crate::subscription::Subscription;
use crate::support::holidays::{Region, is_holiday};

/// How far ahead an open window is looked for: five years, two of them leap years at most.
const SEARCH_DAYS: usize = 5 * 365 + 2;

/// How an enquiry stands against its promise (S5, S6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseState {
    /// Not answered, and there is still time.
    Waiting {
        /// Time left within the windows: while they are shut it does not shrink.
        left: TimeDelta,
    },
    /// Answered in time.
    Answered,
    /// Not answered in time.
    Breached {
        /// Whether it has been answered since.
        answered: bool,
    },
}

/// The instant by which an enquiry has to be answered, itself still in time (S5).
///
/// The clock runs only while at least one window is open on a day that is no holiday; windows that overlap count once.
/// An enquiry from outside counts as opened when the next window opens. If the hours are used up as a window shuts, the
/// answer is due then, not when the next one opens. `None` if the windows are open for fewer hours within five years.
#[must_use]
pub fn respond_by(opened: Instant, hours: u32, windows: &[Window], holidays: Option<Region>) -> Option<Instant> {
    let mut left = TimeDelta::hours(i64::from(hours));
    for (from, to) in open_spans(opened, windows, holidays) {
        if left <= to - from {
            return Some(from + left);
        }
        left -= to - from;
    }
    None
}

/// How long the windows are open between two instants, of at most five years; zero if the second is not the later one.
#[must_use]
pub fn open_time(from: Instant, to: Instant, windows: &[Window], holidays: Option<Region>) -> TimeDelta {
    open_spans(from, windows, holidays)
        .take_while(|(start, _)| *start < to)
        .fold(TimeDelta::zero(), |sum, (start, end)| sum + (end.min(to) - start))
}

/// How an enquiry stands at `now`, given the instant of [`respond_by`] and the windows and holidays it came from.
///
/// An answer later than `now` is not there yet. One given after `respond_by` is late even if no window has been open
/// since.
#[must_use]
pub fn state(
    opened: Instant,
    answered: Option<Instant>,
    respond_by: Instant,
    now: Instant,
    windows: &[Window],
    holidays: Option<Region>,
) -> ResponseState {
    match answered.filter(|answered| *answered <= now) {
        Some(answered) if answered <= respond_by => ResponseState::Answered,
        Some(_) => ResponseState::Breached { answered: true },
        None if now > respond_by => ResponseState::Breached { answered: false },
        None => ResponseState::Waiting { left: open_time(now.max(opened), respond_by, windows, holidays) },
    }
}

/// The promise an account has on a day: the one with the fewest hours among the add-ons that are booked or part of its
/// plan (S1); the first in the catalogue if several have as few. `None` outside the subscription.
#[must_use]
pub fn promise<'a>(
    catalogue: &'a Catalogue,
    plan: &Plan,
    subscription: &Subscription,
    day: Day,
) -> Option<&'a Response> {
    subscription.phase_on(day)?;
    let add_ons = catalogue.parts().add_ons.iter().filter(|add_on| {
        let booked = subscription.bookings.iter().any(|booking| {
            booking.add_on == add_on.id && booking.from <= day && booking.until.is_none_or(|last| day <= last)
        });
        booked || plan.includes.contains(&add_on.id)
    });
    add_ons.filter_map(|add_on| add_on.response.as_ref()).min_by_key(|response| response.hours)
}

/// When the windows are open from an instant on, earliest first and without overlap.
fn open_spans(from: Instant, windows: &[Window], holidays: Option<Region>) -> impl Iterator<Item = (Instant, Instant)> {
    // Years that people write: local time near the last representable instant would overflow.
    let first = Some(from).filter(|from| (1..=9999).contains(&from.year())).map(Day::of);
    let mut reached = from;
    successors(first, |day| Some(day.next()))
        .take(SEARCH_DAYS)
        .filter(move |day| !holidays.is_some_and(|region| is_holiday(region, *day)))
        .flat_map(move |day| spans_on(day, windows))
        .filter_map(move |(start, end)| {
            let start = start.max(reached);
            (start < end).then(|| {
                reached = end;
                (start, end)
            })
        })
}

/// When the windows are open on a local day, by their beginning; they may overlap.
fn spans_on(day: Day, windows: &[Window]) -> Vec<(Instant, Instant)> {
    let weekday = day.date().weekday().num_days_from_monday() as usize;
    let (date, next_midnight) = (day.date(), day.next().date().and_time(NaiveTime::MIN));
    let parts = parts_of(day);
    let mut spans = Vec::new();
    for (from, to) in windows.iter().flat_map(|window| window.spans(weekday)) {
        let (from, to) = (date.and_time(from), to.map_or(next_midnight, |to| date.and_time(to)));
        for (start, end) in &parts {
            let instant = |wall: NaiveDateTime| wall.and_utc() - utc_offset(*start);
            spans.push((instant(from).max(*start), instant(to).min(*end)));
        }
    }
    spans.sort_unstable();
    spans
}

/// A local day in parts of one UTC offset each: two where the clock changes, otherwise one.
fn parts_of(day: Day) -> Vec<(Instant, Instant)> {
    let (start, end) = (day.start(), day.next().start());
    let length = end - start;
    if length == TimeDelta::hours(24) {
        return vec![(start, end)];
    }
    // The clock changes on a whole hour of UTC (Art. 2 and 3 of Directive 2000/84/EC), as every local day begins on one.
    let change = (1..length.num_hours())
        .map(|hours| start + TimeDelta::hours(hours))
        .find(|instant| utc_offset(*instant) != utc_offset(start))
        .unwrap_or(end);
    vec![(start, change), (change, end)]
}

fn utc_offset(instant: Instant) -> TimeDelta {
    TimeDelta::seconds(i64::from(local(instant).offset().fix().local_minus_utc()))
}

#[cfg(test)]
mod tests;

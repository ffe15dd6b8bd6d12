//! Business hours and holidays: what must hold for every enquiry.
#![expect(clippy::expect_used, reason = "a test ends by a panic")]

use chrono::{DateTime, Datelike, TimeDelta, Weekday};
use domain::calendar::{Day, Instant, local};
use domain::catalog::window::Window;
use domain::support::holidays::{Region, holiday_on, holidays, is_holiday};
use domain::support::response::{ResponseState, open_time, respond_by, state};
use proptest::prelude::*;

/// Any hours of at least one day of the week.
fn window() -> impl Strategy<Value = Window> {
    let days = prop::array::uniform7(prop::bool::weighted(0.7)).prop_map(|mut days| {
        days[0] |= days == [false; 7];
        days
    });
    // From the start of a minute of the day, for up to 24 hours.
    (days, 0_u32..1440, 1_u32..=1440).prop_map(|(days, from, minutes)| {
        let end = from + minutes;
        Window { days, from, to: if end > 1440 { end - 1440 } else { end } }
    })
}

fn windows() -> impl Strategy<Value = Vec<Window>> {
    prop::collection::vec(window(), 1..4)
}

fn region() -> impl Strategy<Value = Option<Region>> {
    prop::option::of(prop::sample::select(&Region::ALL[..]))
}

/// Any second of 2026 and 2027, more often a day around a change of the clock, Easter or Christmas.
fn opened() -> impl Strategy<Value = Instant> {
    const SPECIAL: [&str; 6] = ["2026-03-28", "2026-10-24", "2026-04-02", "2026-12-24", "2027-03-26", "2027-10-30"];
    let first = prop_oneof![
        prop::sample::select(&SPECIAL[..]).prop_map(|day| Day::parse(day).expect(day)),
        (0_u64..730).prop_map(|days| Day::parse("2026-01-01").expect("a day").plus_days(days)),
    ];
    (first, 0_i64..2 * 86_400).prop_map(|(day, seconds)| day.start() + TimeDelta::seconds(seconds))
}

fn runs_at(instant: Instant, windows: &[Window], region: Option<Region>) -> bool {
    let holiday = region.is_some_and(|region| is_holiday(region, Day::of(instant)));
    !holiday && windows.iter().any(|window| window.contains(local(instant).naive_local()))
}

/// A clock that looks once a minute; `None` if more than `minutes` pass.
fn slow_clock(
    opened: Instant,
    hours: u32,
    windows: &[Window],
    region: Option<Region>,
    minutes: i64,
) -> Option<Instant> {
    let mut left = hours * 60;
    for minute in 0..minutes {
        let now = opened + TimeDelta::minutes(minute);
        if runs_at(now, windows, region) {
            if left == 0 {
                return Some(now);
            }
            left -= 1;
            if left == 0 {
                return Some(now + TimeDelta::minutes(1));
            }
        }
    }
    None
}

proptest! {
    #[test]
    fn equals_a_clock_that_looks_every_minute(
        opened in opened(),
        hours in 0_u32..30,
        windows in windows(),
        region in region(),
    ) {
        let opened = opened - TimeDelta::seconds(opened.timestamp() % 60);
        let minutes = 6 * 24 * 60;
        let due = respond_by(opened, hours, &windows, region).filter(|due| *due <= opened + TimeDelta::minutes(minutes));
        // Where both end exactly at the horizon, the slow clock has counted its last minute too.
        let slow = slow_clock(opened, hours, &windows, region, minutes + 1);
        let slow = slow.filter(|due| *due <= opened + TimeDelta::minutes(minutes));
        prop_assert_eq!(due.map(local), slow.map(local));
    }

    #[test]
    fn is_due_when_exactly_the_promised_time_has_passed_in_the_windows(
        opened in opened(),
        hours in 0_u32..200,
        windows in windows(),
        region in region(),
    ) {
        // A few minutes a week may be too little in five years.
        let Some(due) = respond_by(opened, hours, &windows, region) else { return Ok(()) };
        let second = TimeDelta::seconds(1);
        prop_assert!(due >= opened);
        prop_assert_eq!(open_time(opened, due, &windows, region), TimeDelta::hours(i64::from(hours)));
        prop_assert!(runs_at(due, &windows, region) || runs_at(due - second, &windows, region), "outside the windows");
        let waiting = ResponseState::Waiting { left: TimeDelta::hours(i64::from(hours)) };
        prop_assert_eq!(state(opened, None, due, opened, &windows, region), waiting);
        let late = ResponseState::Breached { answered: false };
        prop_assert_eq!(state(opened, None, due, due + second, &windows, region), late);
        prop_assert_eq!(state(opened, Some(due), due, due, &windows, region), ResponseState::Answered);
    }

    #[test]
    fn later_or_longer_is_never_due_earlier(
        opened in opened(),
        later in 0_i64..14 * 86_400,
        hours in 0_u32..100,
        longer in 0_u32..50,
        windows in windows(),
        region in region(),
    ) {
        let due = |opened, hours| respond_by(opened, hours, &windows, region);
        let first = due(opened, hours);
        for second in [due(opened + TimeDelta::seconds(later), hours), due(opened, hours + longer)] {
            prop_assert!(second.is_none_or(|second| first.is_some_and(|first| first <= second)));
        }
    }

    /// Holidays only ever delay, and a further window never does.
    #[test]
    fn holidays_delay_and_windows_hasten(
        opened in opened(),
        hours in 0_u32..50,
        windows in prop::collection::vec(window(), 2..4),
        region in region(),
    ) {
        let due = respond_by(opened, hours, &windows, region);
        let without_holidays = respond_by(opened, hours, &windows, None);
        prop_assert!(due.is_none_or(|due| without_holidays.is_some_and(|without| without <= due)));
        let fewer = respond_by(opened, hours, &windows[1..], region);
        prop_assert!(fewer.is_none_or(|fewer| due.is_some_and(|due| due <= fewer)));
        let mut reversed = windows.clone();
        reversed.reverse();
        prop_assert_eq!(respond_by(opened, hours, &reversed, region), due);
    }

    #[test]
    fn no_instant_makes_the_clock_panic(seconds in any::<i64>(), hours in any::<u32>(), windows in windows()) {
        if let Some(opened) = DateTime::from_timestamp(seconds % 9_000_000_000_000, 0) {
            let _ = respond_by(opened, hours % 1000, &windows, Some(Region::Saxony));
        }
    }

    #[test]
    fn holidays_are_those_days_that_are_one(year in 1583_i32..4000, region in region()) {
        let region = region.unwrap_or(Region::Germany);
        let all = holidays(region, year);
        prop_assert!(all.is_sorted_by_key(|holiday| holiday.day));
        let first = Day::parse(&format!("{year}-01-01")).expect("a day");
        let days = (0..366).map(|days| first.plus_days(days)).filter(|day| day.date().year() == year);
        for day in days {
            let found = all.iter().any(|holiday| holiday.day == day);
            prop_assert_eq!(is_holiday(region, day), found, "{}", day);
            prop_assert_eq!(holiday_on(region, day).is_some(), found, "{}", day);
        }
        for holiday in holidays(Region::Germany, year) {
            prop_assert!(is_holiday(region, holiday.day), "{} is none in {}", holiday.day, region.code());
        }
        let on = |name: &str| all.iter().find(|holiday| holiday.name.de == name).map(|found| found.day.date().weekday());
        prop_assert_eq!(on("Karfreitag"), Some(Weekday::Fri));
        prop_assert_eq!(on("Christi Himmelfahrt"), Some(Weekday::Thu));
        prop_assert!(on("Buß- und Bettag").is_none_or(|weekday| weekday == Weekday::Wed));
    }
}

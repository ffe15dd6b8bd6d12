//! What this system counts by itself. It concerns only price lists that define such a meter.

use crate::calendar::Day;
use crate::catalog::meter::EVENT_METERS;
use crate::catalog::names::MeterId;
use crate::ids::EventId;
use crate::usage::Record;
use rust_decimal::Decimal;

/// Counter: events, on the day they were published.
pub const PUBLISHED_EVENTS: &str = "published_events";
/// Gauge: registration pages through which somebody can register.
pub const REGISTRATION_FORMS: &str = "registration_forms";
/// Gauge: people who may sign in to the console for an account.
pub const CONSOLE_USERS: &str = "console_users";
/// Counter: times a registration page was shown.
pub const REGISTRATION_PAGEVIEWS: &str = "registration_pageviews";
/// Counter: mails that went out to guests.
pub const MAILS: &str = "mails";
/// Gauge: seats that were taken at the same time; its day keeps the highest value.
pub const SEAT_PEAK: &str = "seat_peak";

/// Those that no program can report, because they would be counted twice.
const COUNTED_HERE: [&str; 5] = [PUBLISHED_EVENTS, REGISTRATION_FORMS, CONSOLE_USERS, REGISTRATION_PAGEVIEWS, MAILS];

/// Whether a meter is counted by this system and not reported.
#[must_use]
pub fn is_counted_here(meter: &str) -> bool {
    EVENT_METERS.contains(&meter) || COUNTED_HERE.contains(&meter)
}

/// Whether a meter is counted for every account, whatever its price list.
#[must_use]
pub fn is_built_in(meter: &str) -> bool {
    is_counted_here(meter) || meter == SEAT_PEAK
}

/// Whether a meter is counted from the days on which registration pages are open.
#[must_use]
pub fn is_of_forms(meter: &str) -> bool {
    [PUBLISHED_EVENTS, REGISTRATION_FORMS].contains(&meter)
}

/// The days on which guests can register for an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormDays {
    /// The event.
    pub event: EventId,
    /// The day it was published.
    pub from: Day,
    /// The day its registration closes.
    pub until: Day,
}

/// The records of [`PUBLISHED_EVENTS`] and [`REGISTRATION_FORMS`] on some days.
#[must_use]
pub fn form_records(forms: &[FormDays], first: Day, last: Day) -> Vec<Record> {
    let (Ok(events), Ok(open)) = (MeterId::parse(PUBLISHED_EVENTS), MeterId::parse(REGISTRATION_FORMS)) else {
        return Vec::new();
    };
    let within = |day: &Day| first <= *day && *day <= last;
    let record = |day, meter: &MeterId, quantity, subject| Record {
        day,
        at: None,
        meter: meter.clone(),
        quantity,
        subject,
        recorded_on: None,
    };
    let mut records: Vec<Record> = Vec::new();
    let published = forms.iter().filter(|form| within(&form.from));
    records.extend(published.map(|form| record(form.from, &events, Decimal::ONE, Some(form.event.to_string()))));
    // The gauge changes on the day a page opens and on the day after it closes.
    let mut days: Vec<Day> = forms.iter().flat_map(|form| [form.from, form.until.next()]).filter(within).collect();
    if !forms.is_empty() {
        days.push(first);
    }
    days.sort_unstable();
    days.dedup();
    records.extend(days.into_iter().map(|day| {
        let count = forms.iter().filter(|form| form.from <= day && day <= form.until).count();
        record(day, &open, Decimal::from(count), None)
    }));
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn pages_count_on_the_day_they_open_and_hold_until_they_close_p2() {
        let form = |event: &str, from: &str, until: &str| FormDays {
            event: EventId::parse(event).unwrap(),
            from: day(from),
            until: day(until),
        };
        let before = form("evt_a", "2026-10-05", "2026-11-02");
        let within = form("evt_b", "2026-11-10", "2026-11-20");
        let beyond = form("evt_c", "2026-11-20", "2026-12-24");
        let after = form("evt_d", "2026-12-01", "2026-12-02");
        for (name, forms, published, open) in [
            ("none", vec![], vec![], vec![]),
            ("open before", vec![before.clone()], vec![], vec![("2026-11-01", 1), ("2026-11-03", 0)]),
            (
                "opens and closes",
                vec![within.clone()],
                vec!["2026-11-10"],
                vec![("2026-11-01", 0), ("2026-11-10", 1), ("2026-11-21", 0)],
            ),
            ("later", vec![after.clone()], vec![], vec![("2026-11-01", 0)]),
            (
                "together: on the day one closes and another opens both are open",
                vec![before, within, beyond, after],
                vec!["2026-11-10", "2026-11-20"],
                vec![("2026-11-01", 1), ("2026-11-03", 0), ("2026-11-10", 1), ("2026-11-20", 2), ("2026-11-21", 1)],
            ),
        ] {
            let records = form_records(&forms, day("2026-11-01"), day("2026-11-30"));
            let of = |meter: &str| records.iter().filter(|record| record.meter.as_str() == meter).collect::<Vec<_>>();
            let days: Vec<String> = of(PUBLISHED_EVENTS).iter().map(|record| record.day.to_string()).collect();
            assert_eq!(days, published, "{name}");
            let values: Vec<(String, Decimal)> =
                of(REGISTRATION_FORMS).iter().map(|record| (record.day.to_string(), record.quantity)).collect();
            let expected: Vec<(String, Decimal)> =
                open.iter().map(|(day, count)| ((*day).to_owned(), Decimal::from(*count))).collect();
            assert_eq!(values, expected, "{name}");
        }
    }

    #[test]
    fn what_is_counted_here_cannot_be_reported() {
        for (meter, counted_here, built_in) in [
            ("accepted_attendees", true, true),
            ("mails", true, true),
            ("seat_peak", false, true),
            ("users", false, false),
            ("pageviews", false, false),
        ] {
            assert_eq!((is_counted_here(meter), is_built_in(meter)), (counted_here, built_in), "{meter}");
        }
    }
}

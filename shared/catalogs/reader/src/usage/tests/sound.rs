use domain::calendar::{Day, Instant};
use domain::event::CountingScheme;
use rust_decimal::Decimal;

use super::{SOUND, read};
use crate::{UsageFile, render};

fn sound(text: &str) -> UsageFile {
    read(text).unwrap_or_else(|mistakes| panic!("{}", render("usage.json", &mistakes)))
}

fn day(text: &str) -> Day {
    Day::parse(text).expect(text)
}

fn at(text: &str) -> Instant {
    text.parse().expect(text)
}

#[test]
fn a_sound_file_is_read() {
    let file = sound(SOUND);
    let subscription = &file.subscription;
    let phases: Vec<String> =
        subscription.phases.iter().map(|phase| format!("{} {}", phase.from, phase.plan)).collect();
    assert_eq!(phases, ["2026-01-01 everything@2026-01/basic", "2026-11-16 everything@2026-01/licence"]);
    assert_eq!(subscription.charged_from(), Some(day("2026-02-01")));
    assert_eq!(subscription.bookings[0].label.as_deref(), Some("fest.example"));
    assert_eq!(subscription.redemptions[0].code.as_str(), "WELCOME10");
    assert_eq!(subscription.forecast[0].1, Decimal::from(1000));
    assert_eq!(subscription.agreed_prices[0].1.to_string(), "1299.00");
    assert_eq!(file.usage.orders[0].agreed_price.map(|price| price.to_string()).as_deref(), Some("400.00"));
    assert_eq!(file.usage.entries[0].start, at("2026-11-24T20:59:00Z"));
    assert_eq!(file.usage.opening.pools[0].1, Decimal::from(12));
    assert_eq!(file.usage.opening.accumulated[0].1, Decimal::from(2400));
    assert_eq!(file.tickets[0].answered, Some(at("2026-11-23T09:00:00Z")));
    assert_eq!(file.country, "AT");
}

#[test]
fn records_have_their_days_and_times() {
    let records = sound(SOUND).usage.records;
    let shown: Vec<String> =
        records.iter().map(|record| format!("{} {} {}", record.meter, record.day, record.quantity)).collect();
    assert_eq!(
        shown,
        [
            "processes 2026-11-30 12500",
            "storage 2026-11-01 7.5",
            "accepted_attendees 2026-11-03 5",
            "accepted_attendees 2026-11-05 -1",
            "users 2026-11-03 1",
            "payments 2026-11-03 62.63",
        ]
    );
    assert_eq!(records[3].at, Some(at("2026-11-05T20:59:00Z")));
    assert_eq!(records[3].recorded_on, Some(day("2026-12-02")));
    assert_eq!(records[4].subject.as_deref(), Some("anna"));
}

#[test]
fn an_empty_file_is_a_subscription_from_the_first_of_the_month() {
    let file = sound("{}");
    assert_eq!(file.subscription.phases[0].from, day("2026-11-01"));
    assert_eq!((file.country.as_str(), file.usage, file.tickets), ("DE", Default::default(), Vec::new()));
}

#[test]
fn without_a_first_day_the_earliest_day_of_the_file_is_it() {
    for (name, text, expected) in [
        ("a record", r#"{ "meters": { "processes": [{ "date": "2026-09-03", "quantity": 1 }] } }"#, "2026-09-03"),
        ("an event", r#"{ "events": [{ "id": "evt_a", "ended": "2026-10-01", "responses": 1 }] }"#, "2026-10-01"),
        (
            "when an event was published",
            r#"{ "events": [{ "id": "evt_a", "ended": "2026-10-01", "published": "2026-08-01", "responses": 1 }] }"#,
            "2026-08-01",
        ),
        (
            "a call just after midnight",
            r#"{ "time_entries": [{ "start": "2026-09-30T22:30Z", "minutes": 1, "channel": "phone" }] }"#,
            "2026-10-01",
        ),
        ("an order", r#"{ "orders": [{ "date": "2026-07-01", "charge": "setup" }] }"#, "2026-07-01"),
        ("a ticket", r#"{ "tickets": [{ "opened": "2026-06-01T09:00" }] }"#, "2026-06-01"),
        ("a trial", r#"{ "subscription": { "trial_until": "2026-10-14" } }"#, "2026-10-14"),
        (
            "a change",
            r#"{ "subscription": { "bookings": [{ "add_on": "level-2", "from": "2026-05-01" }] } }"#,
            "2026-05-01",
        ),
        ("only later days", r#"{ "orders": [{ "date": "2026-11-20", "charge": "setup" }] }"#, "2026-11-01"),
    ] {
        assert_eq!(sound(text).subscription.phases[0].from, day(expected), "{name}");
    }
}

#[test]
fn a_trial_is_converted_on_the_day_after_it_unless_the_file_says_otherwise_p1() {
    for (name, converted, expected) in [
        ("nothing said", "", Some("2026-11-15")),
        ("on a day", r#", "converted_on": "2026-11-20""#, Some("2026-11-20")),
        ("within the trial", r#", "converted_on": "2026-11-03""#, Some("2026-11-03")),
        ("never", r#", "converted_on": null"#, None),
    ] {
        let text = format!(r#"{{ "subscription": {{ "trial_until": "2026-11-14"{converted} }} }}"#);
        let trial = sound(&text).subscription.trial.expect(name);
        assert_eq!((trial.until, trial.converted_on), (day("2026-11-14"), expected.map(day)), "{name}");
    }
}

#[test]
fn local_times_are_berlin_times() {
    for (name, written, expected) in [
        ("winter", "2026-11-24T21:59", "2026-11-24T20:59:00Z"),
        ("summer", "2026-07-24T21:59:30", "2026-07-24T19:59:30Z"),
        ("a blank for the T", "2026-11-24 21:59", "2026-11-24T20:59:00Z"),
        ("an offset", "2026-11-24T21:59+05:30", "2026-11-24T16:29:00Z"),
        ("west of Greenwich", "2026-11-24T21:59-01:00", "2026-11-24T22:59:00Z"),
        ("as programs write it", "2026-11-24T21:59:00.250Z", "2026-11-24T21:59:00.250Z"),
        ("an hour that spring skips", "2026-03-29T02:30", "2026-03-29T01:30:00Z"),
        ("an hour that autumn has twice", "2026-10-25T02:30", "2026-10-25T00:30:00Z"),
        ("its second time", "2026-10-25T02:30+01:00", "2026-10-25T01:30:00Z"),
    ] {
        let text = format!(r#"{{ "tickets": [{{ "opened": "{written}" }}] }}"#);
        assert_eq!(sound(&text).tickets[0].opened, at(expected), "{name}");
    }
}

#[test]
fn events_say_which_answers_they_have_a11() {
    for (name, given, counting, counts) in [
        ("accepted", r#""accepted": 3"#, CountingScheme::Accepted, (3, 0, 3)),
        ("both", r#""accepted": 3, "declined": 2"#, CountingScheme::Accepted, (3, 2, 5)),
        ("neither", r#""responses": 5"#, CountingScheme::All, (0, 0, 5)),
        (
            "only declined",
            r#""declined": 2, "responses": 5, "defines": ["declined"]"#,
            CountingScheme::AllExceptDeclined,
            (0, 2, 5),
        ),
        ("nobody accepted", r#""accepted": 0, "responses": 5"#, CountingScheme::Accepted, (0, 0, 5)),
        ("none defined", r#""accepted": 0, "responses": 5, "defines": []"#, CountingScheme::All, (0, 0, 5)),
    ] {
        let text = format!(r#"{{ "events": [{{ "id": "evt_a", "ended": "2026-11-02", {given} }}] }}"#);
        let event = sound(&text).usage.events.remove(0);
        assert_eq!(event.counting, counting, "{name}");
        assert_eq!((event.counts.accepted, event.counts.declined, event.counts.responses), counts, "{name}");
        assert_eq!((event.title.en.as_str(), event.published_on), ("evt_a", event.over_on), "{name}");
    }
}

#[test]
fn a_plan_can_be_named_with_its_catalogue() {
    let text = SOUND.replace("\"plan\": \"licence\"", "\"plan\": \"everything@2026-01/licence\"");
    assert_eq!(sound(&text), sound(SOUND));
}

//! How days become a month (P2), and usage that has no price (G7).

use domain::calendar::Day;
use domain::catalog::names::MeterId;
use domain::usage::Record;

use crate::{Long, Short, catalogue, check_months, check_plan, list, outcome, report_with};

const METERS: &str = include_str!("meters.toml");

const GAUGES: &[Short] = &[
    (
        "max: the highest of the month",
        r#"{"meters": {"seats": [{"date": "2026-11-01", "quantity": 10},
            {"date": "2026-11-17", "quantity": 20},
            {"date": "2026-11-18", "quantity": 5}]}}"#,
        "20.00",
    ),
    ("max: October's value holds on", r#"{"meters": {"seats": [{"date": "2026-10-05", "quantity": 7}]}}"#, "7.00"),
    (
        "max: a value of the first replaces October's",
        r#"{"meters": {"seats": [{"date": "2026-10-05", "quantity": 7},
            {"date": "2026-11-01", "quantity": 3}]}}"#,
        "3.00",
    ),
    (
        "max: a value of the second does not",
        r#"{"meters": {"seats": [{"date": "2026-10-05", "quantity": 7},
            {"date": "2026-11-02", "quantity": 3}]}}"#,
        "7.00",
    ),
    ("max: on the last day", r#"{"meters": {"seats": [{"date": "2026-11-30", "quantity": 4}]}}"#, "4.00"),
    (
        "max: the day after",
        r#"{"subscription": {"from": "2026-11-01"},
            "meters": {"seats": [{"date": "2026-12-01", "quantity": 4}]}}"#,
        "",
    ),
    (
        "max: the highest of a day",
        r#"{"meters": {"seats": [{"date": "2026-11-30T09:00", "quantity": 5},
            {"date": "2026-11-30T15:00", "quantity": 2}]}}"#,
        "5.00",
    ),
    ("max: there were none", r#"{"meters": {"seats": 0}}"#, ""),
    (
        "max: only the days of the plan: 5 is left on the 16th",
        r#"{"subscription": {"from": "2026-11-16"},
            "meters": {"seats": [{"date": "2026-11-03", "quantity": 20},
            {"date": "2026-11-10", "quantity": 5}]}}"#,
        "5.00",
    ),
    (
        "max: what comes after the end does not count",
        r#"{"subscription": {"from": "2026-11-01", "ends_on": "2026-11-15"},
            "meters": {"seats": [{"date": "2026-11-01", "quantity": 5},
            {"date": "2026-11-16", "quantity": 9}]}}"#,
        "5.00",
    ),
    (
        "mean: 10 from the 11th, 20 × 10 ÷ 30",
        r#"{"subscription": {"from": "2026-11-01"},
            "meters": {"space": [{"date": "2026-11-11", "quantity": 10}]}}"#,
        "6.67",
    ),
    (
        "mean: the day's last value stands",
        r#"{"meters": {"space": [{"date": "2026-11-01T15:00", "quantity": 3},
            {"date": "2026-11-01T09:00", "quantity": 5}]}}"#,
        "3.00",
    ),
    (
        "mean: 0.15 ÷ 30 = 0.005, half up",
        r#"{"meters": {"space": [{"date": "2026-11-30", "quantity": 0.15}]}}"#,
        "0.01",
    ),
    (
        "mean over the days of the plan: 7 × 10 ÷ 15",
        r#"{"subscription": {"from": "2026-11-16"},
            "meters": {"space": [{"date": "2026-11-24", "quantity": 10}]}}"#,
        "4.67",
    ),
    (
        "mean, no places: 15 ÷ 30 = 0.5 is 1",
        r#"{"meters": {"rooms": [{"date": "2026-11-16", "quantity": 1}]}}"#,
        "1.00",
    ),
    ("mean, no places: 14 ÷ 30 is 0", r#"{"meters": {"rooms": [{"date": "2026-11-17", "quantity": 1}]}}"#, ""),
    (
        "last",
        r#"{"meters": {"desks": [{"date": "2026-11-01", "quantity": 5},
            {"date": "2026-11-30", "quantity": 2}]}}"#,
        "2.00",
    ),
    (
        "last: given up on the last day",
        r#"{"meters": {"desks": [{"date": "2026-11-01", "quantity": 5},
            {"date": "2026-11-30", "quantity": 0}]}}"#,
        "",
    ),
    (
        "last: at the end of the subscription",
        r#"{"subscription": {"from": "2026-11-01", "ends_on": "2026-11-15"},
            "meters": {"desks": [{"date": "2026-11-01", "quantity": 5},
            {"date": "2026-11-20", "quantity": 2}]}}"#,
        "5.00",
    ),
];

const GAUGES_OVER_MONTHS: &[Long] = &[
    (
        "mean over a leap month: 29 on its last day",
        r#"{"subscription": {"from": "2028-01-01"},
            "meters": {"space": [{"date": "2028-02-29", "quantity": 29}]}}"#,
        &[("2028-01", ""), ("2028-02", "1.00"), ("2028-03", "29.00")],
    ),
    (
        "mean: the 23-hour day is a day, 3 ÷ 31",
        r#"{"subscription": {"from": "2026-03-01"},
            "meters": {"space": [{"date": "2026-03-29", "quantity": 1}]}}"#,
        &[("2026-03", "0.10"), ("2026-04", "1.00")],
    ),
    (
        "mean: the 25-hour day is a day, 7 × 31 ÷ 31",
        r#"{"subscription": {"from": "2026-10-01"},
            "meters": {"space": [{"date": "2026-10-25", "quantity": 31}]}}"#,
        &[("2026-10", "7.00")],
    ),
    (
        "Z4 what was given up is not billed from the next month on",
        r#"{"subscription": {"from": "2026-10-01"},
            "meters": {"seats": [{"date": "2026-10-01", "quantity": 3},
            {"date": "2026-11-20", "quantity": 1}]}}"#,
        &[("2026-10", "3.00"), ("2026-11", "3.00"), ("2026-12", "1.00")],
    ),
];

#[test]
fn gauges_p2() {
    check_plan(METERS, "basic", "2026-11", GAUGES);
    check_months(METERS, "basic", GAUGES_OVER_MONTHS);
}

const COUNTERS: &[Short] = &[
    (
        "max: the busiest day, 3 + 4",
        r#"{"meters": {"peak": [{"date": "2026-11-03", "quantity": 3},
            {"date": "2026-11-03", "quantity": 4},
            {"date": "2026-11-04", "quantity": 5}]}}"#,
        "7.00",
    ),
    ("max: a day without a record has more than -3", r#"{"meters": {"peak": -3}}"#, ""),
    ("mean: 1 ÷ 30 to three places", r#"{"meters": {"calls": 1}}"#, "0.03"),
    ("mean: 30.1485 ÷ 30 = 1.00495 is 1.005 to three places", r#"{"meters": {"calls": 30.1485}}"#, "1.01"),
    (
        "last: that of the last day",
        r#"{"meters": {"final": [{"date": "2026-11-29", "quantity": 9},
            {"date": "2026-11-30", "quantity": 8}]}}"#,
        "8.00",
    ),
    ("last: nothing on the last day", r#"{"meters": {"final": [{"date": "2026-11-29", "quantity": 9}]}}"#, ""),
    (
        "unique: anna twice and bert",
        r#"{"meters": {"guests": [{"date": "2026-11-03", "subject": "anna"},
            {"date": "2026-11-03", "subject": "bert"},
            {"date": "2026-11-30", "subject": "anna"}]}}"#,
        "2.00",
    ),
    (
        "unique: October's anna is not November's",
        r#"{"meters": {"guests": [{"date": "2026-10-31", "subject": "anna"},
            {"date": "2026-11-01", "subject": "anna"}]}}"#,
        "1.00",
    ),
    (
        "unique: counted as nothing",
        r#"{"meters": {"guests": [{"date": "2026-11-03", "subject": "anna", "quantity": 0}]}}"#,
        "",
    ),
];

#[test]
fn counters_p2() {
    check_plan(METERS, "basic", "2026-11", COUNTERS);
}

const WITHOUT_A_PRICE: &[Short] = &[
    ("included", r#"{"meters": {"counted": 500}}"#, ""),
    ("ignored", r#"{"meters": {"unseen": 500}}"#, ""),
    (
        "before the first day",
        r#"{"subscription": {"from": "2026-11-16"},
            "meters": {"calls": [{"date": "2026-11-15", "quantity": 30}]}}"#,
        "held no_subscription",
    ),
    (
        "after the last day",
        r#"{"subscription": {"from": "2026-11-01", "ends_on": "2026-11-15"}, "meters": {"calls": 30}}"#,
        "held no_subscription",
    ),
    (
        "nothing before the first day is nothing",
        r#"{"subscription": {"from": "2026-11-16"},
            "meters": {"calls": [{"date": "2026-11-15", "quantity": 0}]}}"#,
        "",
    ),
    (
        "P1 in the trial",
        r#"{"subscription": {"from": "2026-11-01", "trial_until": "2026-11-15"},
            "meters": {"final": [{"date": "2026-11-15", "quantity": 30}]}}"#,
        "",
    ),
];

const WITHOUT_A_BOOKING: &[Short] = &[
    (
        "Z3 tables without the module; the minimum is not hidden",
        r#"{"meters": {"tables": 5}}"#,
        "10.00 held not_booked",
    ),
    (
        "Z3 tables before the module is booked",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "page-module", "from": "2026-11-20"}]},
            "meters": {"pageviews": [{"date": "2026-11-19", "quantity": 1}]}}"#,
        "10.00 held not_booked",
    ),
    (
        "P1 in the free days of the module, on the first of them",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "page-module", "from": "2026-11-20"}]},
            "meters": {"pageviews": [{"date": "2026-11-20", "quantity": 1}]}}"#,
        "10.00",
    ),
];

const WITHOUT_AN_EVENT: &[Short] = &[
    ("A10 attendees without their event", r#"{"meters": {"accepted_attendees": 37}}"#, "held per_event"),
    ("A42 a chargeback needs no event", r#"{"meters": {"chargebacks": 2}}"#, "80.00"),
    (
        "an event before the subscription",
        r#"{"subscription": {"from": "2026-11-16"},
            "events": [{"id": "evt_a", "ended": "2026-11-15", "accepted": 9}]}"#,
        "held no_subscription",
    ),
];

#[test]
fn usage_without_a_price_g7() {
    check_plan(METERS, "basic", "2026-11", WITHOUT_A_PRICE);
    check_plan(list("modules"), "modules", "2026-11", WITHOUT_A_BOOKING);
    check_plan(list("attendees"), "pay-per-attendee", "2026-11", WITHOUT_AN_EVENT);
}

/// What no usage file can say, because its reader refuses it.
#[test]
fn usage_that_files_cannot_have_g7() {
    let catalogue = catalogue(METERS);
    let record = |meter: &str, subject: Option<&str>| Record {
        day: Day::parse("2026-11-05").expect("a day"),
        at: None,
        meter: MeterId::parse(meter).expect(meter),
        quantity: 1.into(),
        subject: subject.map(ToOwned::to_owned),
        recorded_on: None,
    };
    for (name, records, expected) in [
        ("a meter the plan does not mark", vec![record("unknown", None)], "held unmarked_meter"),
        ("unique: each one without a subject counts for itself", vec![record("guests", None); 3], "3.00"),
        (
            "unique: with and without a subject",
            vec![record("guests", None), record("guests", Some("anna")), record("guests", Some("anna"))],
            "2.00",
        ),
    ] {
        let report = report_with(&catalogue, "basic", "2026-11", "{}", name, |file| {
            file.usage.records.clone_from(&records);
        });
        assert_eq!(outcome(&report), expected, "{name}");
    }
    let report = report_with(&catalogue, "basic", "2026-11", "{}", "unknown plan", |file| {
        file.subscription.phases[0].plan.plan = "gone".to_owned();
    });
    assert_eq!(outcome(&report), "held unknown_plan", "G6");
}

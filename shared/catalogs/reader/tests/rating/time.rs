//! Time: hours that decide a tariff, started blocks, days and months in Europe/Berlin (G3, A50, A51, S2 to S4).

use crate::{Long, Short, check_months, check_plan, list};

/// A tariff for each hour in which the clocks change, all of one block; Tuesday to Friday have none.
const CLOCKS: &str = include_str!("clocks.toml");

/// A call of a length at a time, by the price list of the support levels without a starting credit.
macro_rules! call {
    ($start:literal, $minutes:literal) => {
        concat!(
            r#"{"opening": {"pools": {"credit": 0}}, "time_entries": [{"channel": "phone", "start": ""#,
            $start,
            r#"", "minutes": "#,
            $minutes,
            "}]}"
        )
    };
}

const STARTS: &[Short] = &[
    ("S4 Tuesday 00:00: night", call!("2026-11-24T00:00", "5"), "36.00"),
    ("S4 07:59: night", call!("2026-11-24T07:59", "5"), "36.00"),
    ("S4 08:00: day", call!("2026-11-24T08:00", "5"), "30.00"),
    ("S4 09:29: day", call!("2026-11-24T09:29", "5"), "30.00"),
    ("S4 09:29:59: day", call!("2026-11-24T09:29:59", "5"), "30.00"),
    ("S3 09:30: free minutes", call!("2026-11-24T09:30", "5"), ""),
    ("S3 12:29: free minutes", call!("2026-11-24T12:29", "5"), ""),
    ("S4 12:30: day", call!("2026-11-24T12:30", "5"), "30.00"),
    ("S4 13:29: day", call!("2026-11-24T13:29", "5"), "30.00"),
    ("S3 13:30: free minutes", call!("2026-11-24T13:30", "5"), ""),
    ("S3 16:59, an hour into the emergency hours: 45 × 0.50", call!("2026-11-24T16:59", "60"), "22.50"),
    ("S4 17:00: day", call!("2026-11-24T17:00", "5"), "30.00"),
    ("S4 21:59:59: day", call!("2026-11-24T21:59:59", "6"), "55.00"),
    ("S4 23:59: night", call!("2026-11-24T23:59", "5"), "36.00"),
    ("S4 Friday 21:59", call!("2026-11-27T21:59", "5"), "30.00"),
    ("S4 Friday 22:00", call!("2026-11-27T22:00", "5"), "36.00"),
    ("S4 Saturday 00:00", call!("2026-11-28T00:00", "5"), "36.00"),
    ("S4 Saturday 10:00, hotline hours of a weekday", call!("2026-11-28T10:00", "5"), "36.00"),
    ("S4 Sunday 23:59", call!("2026-11-29T23:59", "5"), "36.00"),
    ("S4 Monday 07:59", call!("2026-11-30T07:59", "5"), "36.00"),
    ("S4 Monday 08:00", call!("2026-11-30T08:00", "5"), "30.00"),
    ("S4 21:59 local given as 20:59 Z", call!("2026-11-24T20:59Z", "6"), "55.00"),
    ("S4 22:00 local given with another offset", call!("2026-11-24T16:00-05:00", "6"), "66.00"),
];

#[test]
fn the_start_decides_s3_s4() {
    check_plan(list("support-levels"), "standard", "2026-11", STARTS);
}

const BLOCKS: &[Short] = &[
    ("S4 no time, no line", call!("2026-11-24T18:00", "0"), ""),
    ("S4 a second begins the first 5 minutes", call!("2026-11-24T18:00", "0.01"), "30.00"),
    ("S4 5:00", call!("2026-11-24T18:00", "5"), "30.00"),
    ("S4 5.01: 30.00 + 25.00", call!("2026-11-24T18:00", "5.01"), "55.00"),
    ("S4 10", call!("2026-11-24T18:00", "10"), "55.00"),
    ("S4 10.01: 30.00 + 2 × 25.00", call!("2026-11-24T18:00", "10.01"), "80.00"),
    ("S4 night 5.01: 36.00 + 30.00", call!("2026-11-24T23:00", "5.01"), "66.00"),
    ("S4 night 60: 36.00 + 11 × 30.00", call!("2026-11-24T23:00", "60"), "366.00"),
    ("S2 15 minutes are free", call!("2026-11-24T10:00", "15"), ""),
    ("S2 15.01: the sixteenth is begun", call!("2026-11-24T10:00", "15.01"), "0.50"),
    ("S2 16.01: 2 × 0.50", call!("2026-11-24T10:00", "16.01"), "1.00"),
    (
        "S2 each call's minutes are begun: 8 + 8 for two of 7.5",
        r#"{"opening": {"pools": {"credit": 0}},
            "time_entries": [{"channel": "phone", "start": "2026-11-24T10:00", "minutes": 7.5},
            {"channel": "phone", "start": "2026-11-24T11:00", "minutes": 7.5}]}"#,
        "0.50",
    ),
    (
        "S4 each emergency call is a line; order of the charges, then of time",
        r#"{"time_entries": [{"channel": "phone", "start": "2026-11-28T11:00", "minutes": 1},
            {"channel": "phone", "start": "2026-11-24T19:00", "minutes": 6},
            {"channel": "phone", "start": "2026-11-24T18:00", "minutes": 1}]}"#,
        "30.00 55.00 36.00",
    ),
    (
        "S7 e-mail costs nothing",
        r#"{"time_entries": [{"channel": "email", "start": "2026-11-24T18:00", "minutes": 99}]}"#,
        "",
    ),
];

const ENQUIRIES: &[Short] = &[
    (
        "A50 15 minutes",
        r#"{"time_entries": [{"channel": "email", "start": "2026-11-24T10:00", "minutes": 15}]}"#,
        "15.00",
    ),
    (
        "A50 a second",
        r#"{"time_entries": [{"channel": "email", "start": "2026-11-24T10:00", "minutes": 0.01}]}"#,
        "15.00",
    ),
    (
        "A50 more needs an offer",
        r#"{"time_entries": [{"channel": "email", "start": "2026-11-24T10:00", "minutes": 15.01}]}"#,
        "held needs_offer",
    ),
    (
        "A51 15 minutes",
        r#"{"time_entries": [{"channel": "phone", "start": "2026-11-24T10:00", "minutes": 15}]}"#,
        "15.00",
    ),
    (
        "A51 15.01",
        r#"{"time_entries": [{"channel": "phone", "start": "2026-11-24T10:00", "minutes": 15.01}]}"#,
        "30.00",
    ),
    (
        "A51 an hour is 60.00",
        r#"{"time_entries": [{"channel": "phone", "start": "2026-11-24T10:00", "minutes": 60}]}"#,
        "60.00",
    ),
    (
        "A51 two calls of 1 minute are two quarters in one line",
        r#"{"time_entries": [{"channel": "phone", "start": "2026-11-24T10:00", "minutes": 1},
            {"channel": "phone", "start": "2026-11-24T10:05", "minutes": 1}]}"#,
        "30.00",
    ),
];

#[test]
fn started_blocks_a50_a51_s2_s4() {
    check_plan(list("support-levels"), "standard", "2026-11", BLOCKS);
    check_plan(list("attendees"), "pay-per-attendee", "2026-11", ENQUIRIES);
}

/// A call of a minute at a time, on the days the clocks change.
macro_rules! clock {
    ($start:literal) => {
        concat!(r#"{"time_entries": [{"channel": "phone", "minutes": 1, "start": ""#, $start, r#""}]}"#)
    };
}

const SPRING: &[Short] = &[
    ("spring, 01:59", clock!("2026-03-29T01:59"), "1.00"),
    ("spring, skipped 02:00 is 03:00", clock!("2026-03-29T02:00"), "3.00"),
    ("spring, skipped 02:59 is 03:59", clock!("2026-03-29T02:59"), "3.00"),
    ("spring, 03:00", clock!("2026-03-29T03:00"), "3.00"),
    ("spring, 01:59 by UTC", clock!("2026-03-29T00:59Z"), "1.00"),
    ("spring, 03:00 by UTC", clock!("2026-03-29T01:00Z"), "3.00"),
    ("spring, 02:30 with the winter offset is 03:30", clock!("2026-03-29T02:30+01:00"), "3.00"),
    ("spring, 02:30 with the summer offset is 01:30", clock!("2026-03-29T02:30+02:00"), "1.00"),
    ("spring, Saturday 23:59", clock!("2026-03-28T23:59"), "10.00"),
    ("spring, midnight before, by UTC", clock!("2026-03-28T23:00Z"), "5.00"),
    ("spring, end of the 23-hour day, by UTC", clock!("2026-03-29T21:59Z"), "5.00"),
    ("spring, Monday begins, by UTC", clock!("2026-03-29T22:00Z"), "20.00"),
    ("end of March, by UTC: Tuesday 23:59 has no tariff", clock!("2026-03-31T21:59Z"), "held no_tariff"),
];

const AUTUMN: &[Short] = &[
    ("autumn, 01:59", clock!("2026-10-25T01:59"), "1.00"),
    ("autumn, doubled 02:30", clock!("2026-10-25T02:30"), "2.00"),
    ("autumn, the first 02:30", clock!("2026-10-25T02:30+02:00"), "2.00"),
    ("autumn, the second 02:30", clock!("2026-10-25T02:30+01:00"), "2.00"),
    ("autumn, the second 02:59 by UTC", clock!("2026-10-25T01:59Z"), "2.00"),
    ("autumn, 03:00 by UTC", clock!("2026-10-25T02:00Z"), "3.00"),
    ("autumn, Saturday 23:59 by UTC", clock!("2026-10-24T21:59Z"), "10.00"),
    ("autumn, Sunday begins, by UTC", clock!("2026-10-24T22:00Z"), "5.00"),
    ("autumn, end of the 25-hour day, by UTC", clock!("2026-10-25T22:59Z"), "5.00"),
    ("autumn, Monday begins, by UTC", clock!("2026-10-25T23:00Z"), "20.00"),
    ("autumn, Monday begins", clock!("2026-10-26T00:00"), "20.00"),
    ("end of October, Saturday 23:59:59", clock!("2026-10-31T22:59:59Z"), "10.00"),
    ("the next month's call is not of this month", clock!("2026-10-31T23:00Z"), ""),
];

#[test]
fn clocks_change_g3() {
    check_plan(CLOCKS, "clocks", "2026-03", SPRING);
    check_plan(CLOCKS, "clocks", "2026-10", AUTUMN);
}

const MIDNIGHTS: &[Long] = &[
    (
        "winter: 22:59:59 Z and 23:00 Z",
        r#"{"meters": {"visits": [{"date": "2026-11-30T22:59:59Z", "quantity": 1},
            {"date": "2026-11-30T23:00:00Z", "quantity": 10}]}}"#,
        &[("2026-11", "1.00"), ("2026-12", "10.00")],
    ),
    (
        "summer: 21:59:59 Z and 22:00 Z",
        r#"{"meters": {"visits": [{"date": "2026-06-30T21:59:59Z", "quantity": 1},
            {"date": "2026-06-30T22:00:00Z", "quantity": 10}]}}"#,
        &[("2026-06", "1.00"), ("2026-07", "10.00")],
    ),
    (
        "new year",
        r#"{"meters": {"visits": [{"date": "2026-12-31T23:59", "quantity": 1},
            {"date": "2027-01-01T00:00", "quantity": 10}]}}"#,
        &[("2026-12", "1.00"), ("2027-01", "10.00")],
    ),
    (
        "a leap day is a day of February",
        r#"{"meters": {"visits": [{"date": "2028-02-29", "quantity": 1},
            {"date": "2028-03-01", "quantity": 10}]}}"#,
        &[("2028-02", "1.00"), ("2028-03", "10.00")],
    ),
    (
        "last day and first day",
        r#"{"meters": {"visits": [{"date": "2026-11-30", "quantity": 1},
            {"date": "2026-12-01", "quantity": 10}]}}"#,
        &[("2026-10", ""), ("2026-11", "1.00"), ("2026-12", "10.00"), ("2027-01", "")],
    ),
];

#[test]
fn months_begin_at_local_midnight_g3() {
    check_months(CLOCKS, "clocks", MIDNIGHTS);
}

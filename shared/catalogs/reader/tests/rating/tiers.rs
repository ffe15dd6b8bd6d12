//! Prices by quantity: the edges of tiers and packages, and fees by a count that accumulates (G1, G7, A20).

use crate::{Long, Short, check_months, check_plan, list};

const TIERS: &str = include_str!("tiers.toml");

const GRADUATED: &[Short] = &[
    ("G5 nothing used, no line", r#"{"meters": {"graduated": 0}}"#, ""),
    ("1 × 1.00", r#"{"meters": {"graduated": 1}}"#, "1.00"),
    ("one below the edge", r#"{"meters": {"graduated": 99}}"#, "99.00"),
    ("a millionth below: 99.999999 is 100.00", r#"{"meters": {"graduated": 99.999999}}"#, "100.00"),
    ("the edge belongs to its tier", r#"{"meters": {"graduated": 100}}"#, "100.00"),
    (
        "a millionth above reaches the next tier and its flat amount",
        r#"{"meters": {"graduated": 100.000001}}"#,
        "100.00 0.00 10.00",
    ),
    ("0.01 × 0.50 = 0.005, half a cent up", r#"{"meters": {"graduated": 100.01}}"#, "100.00 0.01 10.00"),
    ("100 × 1.00 + 1 × 0.50 + 10.00", r#"{"meters": {"graduated": 101}}"#, "100.00 0.50 10.00"),
    ("99 × 0.50 = 49.50", r#"{"meters": {"graduated": 199}}"#, "100.00 49.50 10.00"),
    ("99.999999 × 0.50 = 49.9999995", r#"{"meters": {"graduated": 199.999999}}"#, "100.00 50.00 10.00"),
    ("the second edge", r#"{"meters": {"graduated": 200}}"#, "100.00 50.00 10.00"),
    ("a millionth into the third", r#"{"meters": {"graduated": 200.000001}}"#, "100.00 50.00 10.00 0.00"),
    ("one into the third", r#"{"meters": {"graduated": 201}}"#, "100.00 50.00 10.00 0.10"),
    ("50 × 0.10 in the third", r#"{"meters": {"graduated": 250}}"#, "100.00 50.00 10.00 5.00"),
];

#[test]
fn graduated_g1() {
    check_plan(TIERS, "all", "2026-11", GRADUATED);
}

const BY_VOLUME: &[Short] = &[
    ("G5 nothing used, no line", r#"{"meters": {"volume": 0}}"#, ""),
    ("99 × 1.00", r#"{"meters": {"volume": 99}}"#, "99.00"),
    ("100 × 1.00", r#"{"meters": {"volume": 100}}"#, "100.00"),
    ("100.000001 × 0.80 = 80.0000008", r#"{"meters": {"volume": 100.000001}}"#, "80.00"),
    ("101 × 0.80", r#"{"meters": {"volume": 101}}"#, "80.80"),
    ("200 × 0.80", r#"{"meters": {"volume": 200}}"#, "160.00"),
    ("200.000001 × 0.60 = 120.0000006, + 20.00", r#"{"meters": {"volume": 200.000001}}"#, "120.00 20.00"),
    ("201 × 0.60 = 120.60, + 20.00", r#"{"meters": {"volume": 201}}"#, "120.60 20.00"),
];

#[test]
fn volume_g1() {
    check_plan(TIERS, "all", "2026-11", BY_VOLUME);
}

const ON_REQUEST: &[Short] = &[
    ("volume: 1,000 × 0.50", r#"{"meters": {"asked": 1000}}"#, "500.00"),
    ("volume: a millionth more", r#"{"meters": {"asked": 1000.000001}}"#, "held on_request"),
    (
        "volume: all 1,001 × the agreed 0.40",
        r#"{"subscription": {"agreed_prices": {"asked": "0.40"}}, "meters": {"asked": 1001}}"#,
        "400.40",
    ),
    (
        "volume: the agreed price is not for tiers with a price",
        r#"{"subscription": {"agreed_prices": {"asked": "0.40"}}, "meters": {"asked": 1000}}"#,
        "500.00",
    ),
    ("graduated: 1,000 × 0.50", r#"{"meters": {"asked-above": 1000}}"#, "500.00"),
    ("graduated: nothing is charged in part", r#"{"meters": {"asked-above": 1001}}"#, "held on_request"),
    (
        "graduated: only what is above × the agreed 0.40",
        r#"{"subscription": {"agreed_prices": {"asked-above": "0.40"}}, "meters": {"asked-above": 1001}}"#,
        "500.00 0.40",
    ),
    (
        "graduated: agreed as free",
        r#"{"subscription": {"agreed_prices": {"asked-above": 0}}, "meters": {"asked-above": 1001}}"#,
        "500.00",
    ),
];

#[test]
fn tiers_on_request_g7() {
    check_plan(TIERS, "all", "2026-11", ON_REQUEST);
}

const PACKAGES: &[Short] = &[
    ("no package begun", r#"{"meters": {"thousands": 0}}"#, ""),
    ("a millionth begins one", r#"{"meters": {"thousands": 0.000001}}"#, "5.00"),
    ("999", r#"{"meters": {"thousands": 999}}"#, "5.00"),
    ("1,000 are one", r#"{"meters": {"thousands": 1000}}"#, "5.00"),
    ("a millionth above begins the second", r#"{"meters": {"thousands": 1000.000001}}"#, "10.00"),
    ("1,001", r#"{"meters": {"thousands": 1001}}"#, "10.00"),
    ("2,000 are two", r#"{"meters": {"thousands": 2000}}"#, "10.00"),
    ("0.9 ÷ 0.3 is three exactly", r#"{"meters": {"thirds": 0.9}}"#, "3.00"),
    ("1 ÷ 0.3 begins the fourth", r#"{"meters": {"thirds": 1}}"#, "4.00"),
    ("12,345 × 0.035 = 432.075", r#"{"meters": {"units": 12345}}"#, "432.08"),
    ("1 × 0.035 = 0.035", r#"{"meters": {"units": 1}}"#, "0.04"),
    ("0.1 × 0.035 = 0.0035 is a line of nothing", r#"{"meters": {"units": 0.1}}"#, "0.00"),
    (
        "rounded once: two records of 0.1 are 0.2 × 0.035 = 0.007",
        r#"{"meters": {"units": [{"date": "2026-11-02", "quantity": 0.1},
            {"date": "2026-11-03", "quantity": 0.1}]}}"#,
        "0.01",
    ),
    ("A20 more taken back than counted", r#"{"meters": {"units": -1}}"#, "held below_zero_usage"),
    (
        "A20 all taken back",
        r#"{"meters": {"units": [{"date": "2026-11-02", "quantity": 5},
            {"date": "2026-11-09", "quantity": -5}]}}"#,
        "",
    ),
];

#[test]
fn packages_and_units_g1() {
    check_plan(TIERS, "all", "2026-11", PACKAGES);
}

const LICENCE: &[Short] = &[
    ("no attendee at all", "{}", "299.00"),
    ("4,999", r#"{"meters": {"accepted_attendees": 4999}}"#, "399.00"),
    ("5,000", r#"{"meters": {"accepted_attendees": 5000}}"#, "599.00"),
    ("9,999", r#"{"meters": {"accepted_attendees": 9999}}"#, "599.00"),
    ("10,000", r#"{"meters": {"accepted_attendees": 10000}}"#, "999.00"),
    ("a millionth above 2,499", r#"{"meters": {"accepted_attendees": 2499.000001}}"#, "399.00"),
    (
        "20,000 with 1,299.00 agreed",
        r#"{"subscription": {"agreed_prices": {"licence-fee": "1299.00"}},
            "meters": {"accepted_attendees": 20000}}"#,
        "1299.00",
    ),
    (
        "19,999: what is agreed is not for the steps with a price",
        r#"{"subscription": {"agreed_prices": {"licence-fee": "1299.00"}},
            "meters": {"accepted_attendees": 19999}}"#,
        "999.00",
    ),
    (
        "2,500 less one withdrawn",
        r#"{"meters": {"accepted_attendees": [{"date": "2026-11-02", "quantity": 2500},
            {"date": "2026-11-30", "quantity": -1}]}}"#,
        "299.00",
    ),
    (
        "2,500 in October, one withdrawn in November",
        r#"{"subscription": {"from": "2026-10-01"},
            "meters": {"accepted_attendees": [{"date": "2026-10-02", "quantity": 2500},
            {"date": "2026-11-30", "quantity": -1}]}}"#,
        "299.00",
    ),
    (
        "the waiver of A12 does not hold here: 2,496 + 4 of one event",
        r#"{"meters": {"accepted_attendees": 2496},
            "events": [{"id": "evt_a", "ended": "2026-11-05", "accepted": 4}]}"#,
        "399.00",
    ),
    (
        "an event without values counts all 2,500",
        r#"{"events": [{"id": "evt_a", "ended": "2026-11-05", "responses": 2500}]}"#,
        "399.00",
    ),
    (
        "opening count 2,400 and 99",
        r#"{"subscription": {"from": "2026-03-15"},
            "opening": {"accumulated": {"accepted_attendees": 2400}},
            "meters": {"accepted_attendees": 99}}"#,
        "299.00",
    ),
    (
        "opening count 2,400 and 100",
        r#"{"subscription": {"from": "2026-03-15"},
            "opening": {"accumulated": {"accepted_attendees": 2400}},
            "meters": {"accepted_attendees": 100}}"#,
        "399.00",
    ),
    (
        "the opening count is that of the year before when a year begins in the month",
        r#"{"subscription": {"from": "2025-11-15"},
            "opening": {"accumulated": {"accepted_attendees": 9000}},
            "meters": {"accepted_attendees": 100}}"#,
        "299.00",
    ),
];

#[test]
fn licence_steps_a20() {
    check_plan(list("attendees"), "licence", "2026-11", LICENCE);
}

const OF_A_MONTH: &[Long] = &[
    ("price and flat amount of the step: 5.00 + 1.00", r#"{"meters": {"steps": 10}}"#, &[("2026-11", "6.00")]),
    ("11 in a month", r#"{"meters": {"steps": 11}}"#, &[("2026-11", "20.00")]),
    (
        "each month begins at 0",
        r#"{"subscription": {"from": "2026-10-01"},
            "meters": {"steps": [{"date": "2026-10-31", "quantity": 11},
            {"date": "2026-11-30", "quantity": 1}]}}"#,
        &[("2026-10", "20.00"), ("2026-11", "6.00"), ("2026-12", "6.00")],
    ),
    (
        "P1 what was counted before the plan is charged does not count: 9 in the trial, 2 after it",
        r#"{"subscription": {"from": "2026-11-01", "trial_until": "2026-11-15"},
            "meters": {"steps": [{"date": "2026-11-10", "quantity": 9},
            {"date": "2026-11-20", "quantity": 2}]}}"#,
        &[("2026-11", "6.00")],
    ),
];

const OF_ALL_TIME: &[Long] = &[(
    "never begins again: 10 and 1 more two years later",
    r#"{"subscription": {"from": "2026-10-01"},
        "meters": {"steps": [{"date": "2026-10-31", "quantity": 10},
        {"date": "2028-10-01", "quantity": 1}]}}"#,
    &[("2026-10", "5.00"), ("2028-09", "5.00"), ("2028-10", "20.00")],
)];

#[test]
fn counts_that_accumulate_g7() {
    check_months(TIERS, "monthly", OF_A_MONTH);
    check_months(TIERS, "always", OF_ALL_TIME);
}

//! The ends of what there is: quantities and amounts beyond every limit, shares of payments, waivers, least quantities
//! (A12, A41, A42, G1, G7).

use crate::{Row, Short, catalogue, check, check_plan, list, report};

const LIMITS: &str = include_str!("limits.toml");

const HUGE: &[Short] = &[
    (
        "the largest gross, a cent below a trillion: net × 1.19 = 999,999,999,999.99",
        r#"{"meters": {"whole": 840336134453.77}}"#,
        "840336134453.77",
    ),
    (
        "a cent more net, and the gross is a trillion",
        r#"{"meters": {"whole": 840336134453.78}}"#,
        "840336134453.78 held too_large",
    ),
    ("the largest net of a line", r#"{"meters": {"whole": 999999999999.99499999}}"#, "999999999999.99 held too_large"),
    ("half a cent more rounds to a trillion", r#"{"meters": {"whole": 999999999999.995}}"#, "held too_large"),
    ("the largest quantity", r#"{"meters": {"whole": 999999999999999999.99999999}}"#, "held too_large"),
    (
        "the largest quantity at the smallest price: 9,999,999,999.9999…",
        r#"{"meters": {"fine": 999999999999999999.99999999}}"#,
        "10000000000.00",
    ),
    (
        "two of the largest quantities",
        r#"{"meters": {"fine": [{"date": "2026-11-01", "quantity": 999999999999999999},
            {"date": "2026-11-02", "quantity": 999999999999999999}]}}"#,
        "20000000000.00",
    ),
    ("the smallest quantity", r#"{"meters": {"fine": 0.00000001}}"#, "0.00"),
    ("the most packages", r#"{"meters": {"packs": 999999999999999999.99999999}}"#, "held too_large"),
    ("a package is the smallest quantity", r#"{"meters": {"packs": 0.00000001}}"#, "1.00"),
    ("graduated: the first tier, 9,999.99999999", r#"{"meters": {"tiers": 999999999999}}"#, "10000.00"),
    ("graduated: above", r#"{"meters": {"tiers": 999999999999999999}}"#, "10000.00 held too_large"),
    ("volume: the first tier", r#"{"meters": {"volume": 999999999999}}"#, "10000.00"),
    (
        "volume: above, beyond what a decimal holds",
        r#"{"meters": {"volume": 999999999999999999.99999999}}"#,
        "held too_large",
    ),
    ("mean of the largest", r#"{"meters": {"space": 999999999999999999}}"#, "10000000000.00"),
    (
        "the most minutes in the smallest blocks",
        r#"{"time_entries": [{"channel": "phone", "start": "2026-11-24T10:00",
            "minutes": 999999999999999999.99999999}]}"#,
        "held too_large",
    ),
    (
        "the largest price of a first block",
        r#"{"time_entries": [{"channel": "emergency", "start": "2026-11-24T10:00", "minutes": 5}]}"#,
        "999999999999.00 held too_large",
    ),
    (
        "and one block more",
        r#"{"time_entries": [{"channel": "emergency", "start": "2026-11-24T10:00", "minutes": 5.01}]}"#,
        "held too_large",
    ),
    (
        "a transaction of the largest amount",
        r#"{"meters": {"payments": [{"date": "2026-11-01", "quantity": 1},
            {"date": "2026-11-02", "quantity": 1},
            {"date": "2026-11-03", "quantity": 999999999999999999}]}}"#,
        "held too_large",
    ),
    ("a transaction beyond every amount", r#"{"meters": {"between": 999999999999999999}}"#, "held too_large"),
    ("the maximum of a transaction just below a trillion", r#"{"meters": {"between": 999999999999.99}}"#, "10.00"),
];

#[test]
fn huge_g1_g7() {
    check_plan(LIMITS, "basic", "2026-11", HUGE);
}

const SHARES: &[Short] = &[
    (
        "two free ones",
        r#"{"meters": {"payments": [{"date": "2026-11-01", "quantity": 100},
            {"date": "2026-11-02", "quantity": 100}]}}"#,
        "",
    ),
    (
        "the third: 100 × 1.4 % + 0.25",
        r#"{"meters": {"payments": [{"date": "2026-11-01", "quantity": 1},
            {"date": "2026-11-02", "quantity": 1}, {"date": "2026-11-03", "quantity": 100}]}}"#,
        "1.65",
    ),
    (
        "the first two by time are free, not by place in the file",
        r#"{"meters": {"payments": [{"date": "2026-11-03", "quantity": 100},
            {"date": "2026-11-02T15:00", "quantity": 300},
            {"date": "2026-11-02T09:00", "quantity": 200}]}}"#,
        "1.65",
    ),
    (
        "each is rounded: 2 × (10.15 × 1.4 % = 0.1421, + 0.25 = 0.39)",
        r#"{"meters": {"payments": [{"date": "2026-11-01", "quantity": 1},
            {"date": "2026-11-01", "quantity": 1}, {"date": "2026-11-03", "quantity": 10.15},
            {"date": "2026-11-03", "quantity": 10.15}]}}"#,
        "0.78",
    ),
    ("minimum: 49.99 × 2 % = 0.9998", r#"{"meters": {"between": 49.99}}"#, "1.00"),
    ("minimum reached: 50 × 2 %", r#"{"meters": {"between": 50}}"#, "1.00"),
    ("between: 50.25 × 2 % = 1.005, half up", r#"{"meters": {"between": 50.25}}"#, "1.01"),
    ("maximum: 500.01 × 2 % = 10.0002", r#"{"meters": {"between": 500.01}}"#, "10.00"),
    ("below the maximum: 499.50 × 2 % = 9.99", r#"{"meters": {"between": 499.5}}"#, "9.99"),
    (
        "each of three: 1.00 + 2.00 + 10.00",
        r#"{"meters": {"between": [{"date": "2026-11-01", "quantity": 10},
            {"date": "2026-11-02", "quantity": 100}, {"date": "2026-11-03", "quantity": 1000}]}}"#,
        "13.00",
    ),
];

const CARDS: &[Short] = &[
    ("A41 4 % is the minimum: 62.50", r#"{"meters": {"card_payments": 62.5}}"#, "2.50"),
    ("A41 a cent less", r#"{"meters": {"card_payments": 62.49}}"#, "2.50"),
    ("A41 62.62 × 4 % = 2.5048", r#"{"meters": {"card_payments": 62.62}}"#, "2.50"),
    ("A42 three chargebacks", r#"{"meters": {"chargebacks": 3}}"#, "120.00"),
];

#[test]
fn shares_of_payments_a41() {
    check_plan(LIMITS, "basic", "2026-11", SHARES);
    check_plan(list("attendees"), "pay-per-attendee", "2026-11", CARDS);
}

const LEAST: &[Short] = &[
    ("nothing used: 100 × 2.00", "{}", "200.00"),
    ("99", r#"{"meters": {"least": 99}}"#, "200.00"),
    ("100", r#"{"meters": {"least": 100}}"#, "200.00"),
    ("100.000001 × 2.00 = 200.000002", r#"{"meters": {"least": 100.000001}}"#, "200.00"),
    ("101", r#"{"meters": {"least": 101}}"#, "202.00"),
    ("whole in a month that is not", r#"{"subscription": {"from": "2026-11-30"}}"#, "200.00"),
    ("P1 not in a trial", r#"{"subscription": {"from": "2026-11-01", "trial_until": "2026-11-30"}}"#, ""),
];

const WAIVED: &[Short] = &[
    ("4.999999 of the month", r#"{"meters": {"whole": 4.999999, "waived": 10}}"#, "5.00"),
    ("exactly 5", r#"{"meters": {"whole": 5, "waived": 10}}"#, "5.00 10.00"),
    ("none", r#"{"meters": {"waived": 10}}"#, ""),
    (
        "October's do not count",
        r#"{"subscription": {"from": "2026-10-01"},
            "meters": {"whole": [{"date": "2026-10-31", "quantity": 9}], "waived": 10}}"#,
        "",
    ),
];

#[test]
fn least_and_waived_a12() {
    check_plan(LIMITS, "least", "2026-11", LEAST);
    check_plan(LIMITS, "basic", "2026-11", WAIVED);
}

#[test]
fn far_months() {
    let far = |name, month, usage, expected| Row { name, plan: "medium", month, usage, expected };
    check(
        list("webinars"),
        &[
            far("the first month that can be dated", "2000-01", r#"{"subscription": {"from": "2000-01-17"}}"#, "19.35"),
            far("the last month that can be dated", "2199-12", r#"{"subscription": {"from": "2000-01-01"}}"#, "40.00"),
            far(
                "a year that is no leap year: 28 days",
                "2100-02",
                r#"{"subscription": {"from": "2100-02-15"}}"#,
                "20.00",
            ),
            far("before it begins", "1999-12", r#"{"subscription": {"from": "2000-01-01"}}"#, ""),
        ],
    );
}

#[test]
fn a_buyer_in_another_member_state_without_a_vat_id_is_held_i4() {
    let catalogue = catalogue(list("webinars"));
    let report = report(&catalogue, "medium", "2026-11", r#"{"buyer": {"country": "AT"}}"#, "I4");
    assert_eq!(crate::outcome(&report), "40.00 held no_vat_id");
}

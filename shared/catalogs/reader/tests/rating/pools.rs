//! Allowance pools: by the month and once, shared, larger with an add-on, over months (A52, A53, S1, S2).

use crate::{Long, Short, catalogue, check_months, check_plan, list, outcome, report};

const POOLS: &str = include_str!("pools.toml");

const QUANTITIES: &[Long] = &[
    ("99 of 100", r#"{"meters": {"pages": 99}}"#, &[("2026-11", "")]),
    ("100 of 100", r#"{"meters": {"pages": 100}}"#, &[("2026-11", "")]),
    ("a millionth more is a line of nothing", r#"{"meters": {"pages": 100.000001}}"#, &[("2026-11", "0.00")]),
    ("101", r#"{"meters": {"pages": 101}}"#, &[("2026-11", "1.00")]),
    (
        "two charges share it by time: 60 prints, then 40 of 50 pages",
        r#"{"meters": {"pages": [{"date": "2026-11-20", "quantity": 50}],
            "prints": [{"date": "2026-11-10", "quantity": 60}]}}"#,
        &[("2026-11", "10.00")],
    ),
    (
        "two charges share it by time: 60 pages, then 40 of 50 prints",
        r#"{"meters": {"pages": [{"date": "2026-11-10", "quantity": 60}],
            "prints": [{"date": "2026-11-20", "quantity": 50}]}}"#,
        &[("2026-11", "20.00")],
    ),
    (
        "on the same day by the plan's charges: pages first",
        r#"{"meters": {"prints": [{"date": "2026-11-10", "quantity": 100}],
            "pages": [{"date": "2026-11-10", "quantity": 60}]}}"#,
        &[("2026-11", "120.00")],
    ),
    (
        "what is left lapses: full again on the first",
        r#"{"meters": {"pages": [{"date": "2026-10-31", "quantity": 10},
            {"date": "2026-11-01", "quantity": 130}, {"date": "2026-12-01", "quantity": 101}]}}"#,
        &[("2026-10", ""), ("2026-11", "30.00"), ("2026-12", "1.00")],
    ),
    (
        "A20 a withdrawal uses nothing: 10 − 4 of 8, so 2 are left for December",
        r#"{"meters": {"copies": [{"date": "2026-11-02", "quantity": 10},
            {"date": "2026-11-09", "quantity": -4},
            {"date": "2026-12-09", "quantity": 2}]}}"#,
        &[("2026-11", ""), ("2026-12", "")],
    ),
    (
        "A20 a withdrawal before what it takes back: −4 + 10 of 8",
        r#"{"meters": {"copies": [{"date": "2026-11-02", "quantity": -4},
            {"date": "2026-11-09", "quantity": 10},
            {"date": "2026-12-09", "quantity": 2}]}}"#,
        &[("2026-11", ""), ("2026-12", "")],
    ),
    (
        "before packages: 8 of 18 are free, so one of 10; then none is left",
        r#"{"meters": {"copies": [{"date": "2026-11-02", "quantity": 18},
            {"date": "2026-12-02", "quantity": 1}]}}"#,
        &[("2026-11", "3.00"), ("2026-12", "3.00")],
    ),
    (
        "a gauge draws each month: (6 − 2) in tiers, 3 × 10 + 1 × 1",
        r#"{"subscription": {"from": "2026-10-01"},
            "meters": {"users": [{"date": "2026-10-05", "quantity": 6}]}}"#,
        &[("2026-10", "30.00 1.00"), ("2026-11", "30.00 1.00")],
    ),
    (
        "A12 an event that is not billed draws nothing: 4 and, with 6 free, 7",
        r#"{"events": [{"id": "evt_a", "ended": "2026-11-05", "accepted": 4},
            {"id": "evt_b", "ended": "2026-11-06", "accepted": 7}]}"#,
        &[("2026-11", "3.00")],
    ),
    (
        "G7 an opening balance is never more than the pool",
        r#"{"opening": {"pools": {"gift": 500}}, "meters": {"copies": 18}}"#,
        &[("2026-11", "3.00")],
    ),
];

#[test]
fn quantities_a53() {
    check_months(POOLS, "basic", QUANTITIES);
}

const SUPPORT: &[Long] = &[
    (
        "S2 the credit lasts over months: 15 + 30, 15 + 30, then only 15",
        r#"{"time_entries": [{"channel": "phone", "start": "2026-11-24T10:00", "minutes": 45},
            {"channel": "phone", "start": "2026-12-01T10:00", "minutes": 50},
            {"channel": "phone", "start": "2027-01-05T10:00", "minutes": 16}]}"#,
        &[("2026-11", ""), ("2026-12", "2.50"), ("2027-01", "0.50")],
    ),
    (
        "S2 the month's minutes first: 15 leave the credit whole, 60 a year later",
        r#"{"time_entries": [{"channel": "phone", "start": "2026-11-24T10:00", "minutes": 15},
            {"channel": "phone", "start": "2027-11-23T10:00", "minutes": 75},
            {"channel": "phone", "start": "2027-12-01T10:00", "minutes": 16}]}"#,
        &[("2026-11", ""), ("2027-11", ""), ("2027-12", "0.50")],
    ),
    (
        "S2 free minutes do not carry over",
        r#"{"subscription": {"from": "2026-01-01"}, "opening": {"pools": {"credit": 0}},
            "time_entries": [{"channel": "phone", "start": "2026-11-24T10:00", "minutes": 31}]}"#,
        &[("2026-11", "8.00")],
    ),
    (
        "S3 emergency calls use no free minutes: 55.00, and 15 are left",
        r#"{"opening": {"pools": {"credit": 0}},
            "time_entries": [{"channel": "phone", "start": "2026-11-24T18:00", "minutes": 6},
            {"channel": "phone", "start": "2026-11-25T10:00", "minutes": 16}]}"#,
        &[("2026-11", "0.50 55.00")],
    ),
    (
        "S1 level 2: 39.00 and 30 minutes",
        r#"{"subscription": {"from": "2026-01-01", "bookings": [{"add_on": "level-2"}]},
            "opening": {"pools": {"credit": 0}},
            "time_entries": [{"channel": "phone", "start": "2026-11-24T10:00", "minutes": 31}]}"#,
        &[("2026-11", "39.00 0.50")],
    ),
    (
        "S1 level 3: both fees, 90 minutes and not 120",
        r#"{"subscription": {"from": "2026-01-01", "bookings": [{"add_on": "level-2"}, {"add_on": "level-3"}]},
            "opening": {"pools": {"credit": 0}},
            "time_entries": [{"channel": "phone", "start": "2026-11-24T10:00", "minutes": 91}]}"#,
        &[("2026-11", "39.00 89.00 0.50")],
    ),
    (
        "S1 level 2 from the 16th: 5 of 20 before, then 15 of 20 free, 10 × 0.50",
        r#"{"subscription": {"from": "2026-01-01", "bookings": [{"add_on": "level-2", "from": "2026-11-16"}]},
            "opening": {"pools": {"credit": 0}},
            "time_entries": [{"channel": "phone", "start": "2026-11-10T10:00", "minutes": 20},
            {"channel": "phone", "start": "2026-11-20T10:00", "minutes": 20}]}"#,
        &[("2026-11", "39.00 5.00")],
    ),
    (
        "S1 level 3 until the 15th: 50 of 90, then 10 of which 30 − 50 leave none free",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "level-2"}, {"add_on": "level-3", "until": "2026-11-15"}]},
            "opening": {"pools": {"credit": 0}},
            "time_entries": [{"channel": "phone", "start": "2026-11-10T10:00", "minutes": 50},
            {"channel": "phone", "start": "2026-11-20T10:00", "minutes": 10}]}"#,
        &[("2026-11", "39.00 89.00 5.00")],
    ),
    (
        "S2 an opening credit of 12: 15 + 12 of 30",
        r#"{"opening": {"pools": {"credit": 12}},
            "time_entries": [{"channel": "phone", "start": "2026-11-24T10:00", "minutes": 30}]}"#,
        &[("2026-11", "1.50")],
    ),
];

const ENTERPRISE: &[Short] = &[
    (
        "S1 enterprise has level 2: no fee, 30 minutes",
        r#"{"opening": {"pools": {"credit": 0}},
            "time_entries": [{"channel": "phone", "start": "2026-11-24T10:00", "minutes": 31}]}"#,
        "0.50",
    ),
    (
        "S1 enterprise with level 3: its fee, 90 minutes",
        r#"{"subscription": {"bookings": [{"add_on": "level-3"}]}, "opening": {"pools": {"credit": 0}},
            "time_entries": [{"channel": "phone", "start": "2026-11-24T10:00", "minutes": 91}]}"#,
        "89.00 0.50",
    ),
];

#[test]
fn support_s1_s2() {
    check_months(list("support-levels"), "standard", SUPPORT);
    check_plan(list("support-levels"), "enterprise", "2026-11", ENTERPRISE);
}

const LICENCE: &[Long] = &[
    (
        "A52 four enquiries",
        r#"{"time_entries": [{"channel": "email", "start": "2026-11-02T09:00", "minutes": 15},
            {"channel": "email", "start": "2026-11-03T09:00", "minutes": 1},
            {"channel": "email", "start": "2026-11-04T09:00", "minutes": 15},
            {"channel": "email", "start": "2026-11-05T09:00", "minutes": 1}]}"#,
        &[("2026-11", "299.00")],
    ),
    (
        "A52 four enquiries on one day, then a call of a minute: 15.00",
        r#"{"time_entries": [{"channel": "email", "start": "2026-11-02T09:00", "minutes": 15},
            {"channel": "email", "start": "2026-11-02T09:01", "minutes": 1},
            {"channel": "email", "start": "2026-11-02T09:02", "minutes": 15},
            {"channel": "email", "start": "2026-11-02T09:03", "minutes": 1},
            {"channel": "phone", "start": "2026-11-02T09:04", "minutes": 1}]}"#,
        &[("2026-11", "299.00 15.00")],
    ),
    (
        "A52 a call of an hour",
        r#"{"time_entries": [{"channel": "phone", "start": "2026-11-02T09:00", "minutes": 60}]}"#,
        &[("2026-11", "299.00")],
    ),
    (
        "A52 a call of 61 minutes: 75 − 60",
        r#"{"time_entries": [{"channel": "phone", "start": "2026-11-02T09:00", "minutes": 61}]}"#,
        &[("2026-11", "299.00 15.00")],
    ),
    (
        "A52 by time: the call of the 3rd first, so 30 of its 90 and the enquiry of the 4th are charged",
        r#"{"time_entries": [{"channel": "email", "start": "2026-11-04T09:00", "minutes": 15},
            {"channel": "phone", "start": "2026-11-03T09:00", "minutes": 90}]}"#,
        &[("2026-11", "299.00 15.00 30.00")],
    ),
    (
        "A52 at the same time by the plan's charges: the enquiry is free, 15 of the call's 60 are charged",
        r#"{"time_entries": [{"channel": "phone", "start": "2026-11-03T09:00", "minutes": 60},
            {"channel": "email", "start": "2026-11-03T09:00", "minutes": 15}]}"#,
        &[("2026-11", "299.00 15.00")],
    ),
    (
        "A52 an enquiry that needs an offer takes nothing",
        r#"{"time_entries": [{"channel": "email", "start": "2026-11-02T09:00", "minutes": 20},
            {"channel": "phone", "start": "2026-11-03T09:00", "minutes": 60}]}"#,
        &[("2026-11", "299.00 held needs_offer")],
    ),
    (
        "A53 the first training, once: in November 2026, not a year later",
        r#"{"subscription": {"from": "2026-11-01"},
            "orders": [{"date": "2026-11-05", "charge": "web-training"},
            {"date": "2027-11-05", "charge": "web-training"}]}"#,
        &[("2026-11", "299.00"), ("2026-12", "299.00"), ("2027-11", "299.00 149.00")],
    ),
    (
        "A53 two at once",
        r#"{"orders": [{"date": "2026-11-05", "charge": "web-training", "quantity": 2}]}"#,
        &[("2026-11", "299.00 149.00")],
    ),
    (
        "A53 used before the file begins",
        r#"{"opening": {"pools": {"first-training": 0}},
            "orders": [{"date": "2026-11-05", "charge": "web-training"}]}"#,
        &[("2026-11", "299.00 149.00")],
    ),
];

const FIRST_TRAINING: &[Long] = &[(
    "A53 pay per attendee has no free one; the first of a licence is free after it",
    r#"{"subscription": {"from": "2026-10-01", "changes": [{"on": "2026-11-01", "plan": "licence"}]},
        "orders": [{"date": "2026-10-05", "charge": "web-training"},
        {"date": "2026-11-05", "charge": "web-training"},
        {"date": "2026-11-06", "charge": "web-training"}]}"#,
    &[("2026-10", "149.00"), ("2026-11", "299.00 149.00")],
)];

#[test]
fn licence_a52_a53() {
    check_months(list("attendees"), "licence", LICENCE);
    check_months(list("attendees"), "pay-per-attendee", FIRST_TRAINING);
}

#[test]
fn balances_s2() {
    let catalogue = catalogue(list("support-levels"));
    let calls = r#"{"subscription": {"from": "2026-11-01"},
        "time_entries": [{"channel": "phone", "start": "2026-11-24T10:00", "minutes": 45},
        {"channel": "phone", "start": "2026-12-01T10:00", "minutes": 50}]}"#;
    for (name, month, usage, expected) in [
        ("S2 nothing used", "2026-11", "{}", "free-minutes 0/15 credit 0/60"),
        ("S2 15 and 30 of the credit", "2026-11", calls, "free-minutes 15/15 credit 30/60"),
        ("S2 15 and the 30 that were left", "2026-12", calls, "free-minutes 15/15 credit 30/30"),
        ("S2 a month later", "2027-01", calls, "free-minutes 0/15 credit 0/0"),
        (
            "S2 an opening credit",
            "2026-12",
            r#"{"opening": {"pools": {"credit": 12}}}"#,
            "free-minutes 0/15 credit 0/12",
        ),
        (
            "S1 level 3 in its month",
            "2026-11",
            r#"{"subscription": {"bookings": [{"add_on": "level-2"}, {"add_on": "level-3"}]}}"#,
            "free-minutes 0/90 credit 0/60",
        ),
    ] {
        let report = report(&catalogue, "standard", month, usage, name);
        let balance = |pool: &domain::rating::PoolBalance| {
            format!("{} {}/{}", pool.pool, pool.used.normalize(), pool.available.normalize())
        };
        let found: Vec<String> = report.rating.pools.iter().map(balance).collect();
        assert_eq!(found.join(" "), expected, "{name}: {}", outcome(&report));
    }
}

//! What became known after its month was closed: charged once, in the month it became known, as the difference it
//! makes; and what was there before the first month that is rated (G4, G5, A20).

use crate::{Long, check_months, list};

const LATE: &str = include_str!("late.toml");

const QUANTITIES: &[Long] = &[
    (
        "per unit: own usage first, then what is late",
        r#"{"meters": {"units": [{"date": "2026-09-05", "quantity": 100},
            {"date": "2026-09-06", "quantity": 7, "recorded": "2026-10-02"},
            {"date": "2026-10-05", "quantity": 50}]}}"#,
        &[("2026-09", "100.00"), ("2026-10", "50.00 7.00"), ("2026-11", "")],
    ),
    (
        "known within its month: not late",
        r#"{"meters": {"units": [{"date": "2026-09-05", "quantity": 100, "recorded": "2026-09-30"}]}}"#,
        &[("2026-09", "100.00"), ("2026-10", "")],
    ),
    (
        "a credit is less than the month's own usage",
        r#"{"meters": {"units": [{"date": "2026-09-05", "quantity": 100},
            {"date": "2026-09-06", "quantity": -10, "recorded": "2026-10-01"},
            {"date": "2026-10-05", "quantity": 50}]}}"#,
        &[("2026-09", "100.00"), ("2026-10", "50.00 -10.00")],
    ),
    (
        "G7 a credit alone needs a credit note",
        r#"{"meters": {"units": [{"date": "2026-09-05", "quantity": 100},
            {"date": "2026-09-06", "quantity": -10, "recorded": "2026-10-01"}]}}"#,
        &[("2026-10", "-10.00 held below_zero")],
    ),
    (
        "G7 more taken back than there was",
        r#"{"meters": {"units": [{"date": "2026-09-05", "quantity": 5},
            {"date": "2026-09-06", "quantity": -6, "recorded": "2026-10-01"}]}}"#,
        &[("2026-09", "5.00"), ("2026-10", "held below_zero_usage")],
    ),
    (
        "two months later, for two months, in the order of the months",
        r#"{"meters": {"units": [{"date": "2026-10-05", "quantity": 3, "recorded": "2026-11-30"},
            {"date": "2026-09-05", "quantity": 2, "recorded": "2026-11-30"}]}}"#,
        &[("2026-09", ""), ("2026-10", ""), ("2026-11", "2.00 3.00"), ("2026-12", "")],
    ),
    (
        "packages: 900, then 200 late, then 901 late: each the packages it begins",
        r#"{"meters": {"packs": [{"date": "2026-09-05", "quantity": 900},
            {"date": "2026-09-06", "quantity": 200, "recorded": "2026-10-31"},
            {"date": "2026-09-07", "quantity": 901, "recorded": "2026-11-01"}]}}"#,
        &[("2026-09", "5.00"), ("2026-10", "5.00"), ("2026-11", "5.00")],
    ),
    (
        "packages: 100 late fit into what was begun",
        r#"{"meters": {"packs": [{"date": "2026-09-05", "quantity": 900},
            {"date": "2026-09-06", "quantity": 100, "recorded": "2026-10-31"}]}}"#,
        &[("2026-09", "5.00"), ("2026-10", "")],
    ),
    (
        "graduated: 10 × 1.00 + 10 × 0.50 + 10.00",
        r#"{"meters": {"graduated": [{"date": "2026-09-05", "quantity": 90},
            {"date": "2026-09-06", "quantity": 20, "recorded": "2026-10-31"}]}}"#,
        &[("2026-09", "90.00"), ("2026-10", "25.00")],
    ),
    (
        "graduated: back over the edge, −(1 × 0.50 + 10.00) − 1 × 1.00",
        r#"{"meters": {"graduated": [{"date": "2026-09-05", "quantity": 101},
            {"date": "2026-09-06", "quantity": -2, "recorded": "2026-10-31"}],
            "units": [{"date": "2026-10-31", "quantity": 20}]}}"#,
        &[("2026-09", "100.00 0.50 10.00"), ("2026-10", "20.00 -11.50")],
    ),
    (
        "volume: one more is cheaper in all, 80.80 − 100.00",
        r#"{"meters": {"volume": [{"date": "2026-09-05", "quantity": 100},
            {"date": "2026-09-06", "quantity": 1, "recorded": "2026-10-31"}],
            "units": [{"date": "2026-10-31", "quantity": 20}]}}"#,
        &[("2026-09", "100.00"), ("2026-10", "20.00 -19.20")],
    ),
    (
        "volume: one less is dearer in all, 100.00 − 80.80",
        r#"{"meters": {"volume": [{"date": "2026-09-05", "quantity": 101},
            {"date": "2026-09-06", "quantity": -1, "recorded": "2026-10-31"}]}}"#,
        &[("2026-09", "80.80"), ("2026-10", "19.20")],
    ),
    (
        "G7 volume: late into a tier on request",
        r#"{"meters": {"volume": [{"date": "2026-09-05", "quantity": 1000},
            {"date": "2026-09-06", "quantity": 1, "recorded": "2026-10-31"}]}}"#,
        &[("2026-09", "800.00"), ("2026-10", "held on_request")],
    ),
    (
        "waived with 4 responses; the fifth comes late",
        r#"{"meters": {"waived": [{"date": "2026-09-05", "quantity": 9}],
            "responses": [{"date": "2026-09-05", "quantity": 4},
            {"date": "2026-09-06", "quantity": 1, "recorded": "2026-10-31"}]}}"#,
        &[("2026-09", ""), ("2026-10", "9.00")],
    ),
    (
        "a gauge holds on: 10, late 12, in September, October and November",
        r#"{"meters": {"seats": [{"date": "2026-09-01", "quantity": 10},
            {"date": "2026-09-15", "quantity": 12, "recorded": "2026-11-05"}]}}"#,
        &[("2026-09", "100.00"), ("2026-10", "100.00"), ("2026-11", "120.00 20.00 20.00")],
    ),
    (
        "a gauge holds on until the next value that was known",
        r#"{"meters": {"seats": [{"date": "2026-08-01", "quantity": 10},
            {"date": "2026-08-15", "quantity": 12, "recorded": "2026-11-05"},
            {"date": "2026-09-10", "quantity": 4}]}}"#,
        &[("2026-08", "100.00"), ("2026-09", "100.00"), ("2026-10", "40.00"), ("2026-11", "40.00 20.00 20.00")],
    ),
    (
        "unique: anna was counted, bert was not",
        r#"{"meters": {"guests": [{"date": "2026-09-05", "subject": "anna"},
            {"date": "2026-09-06", "subject": "anna", "recorded": "2026-10-31"},
            {"date": "2026-09-06", "subject": "bert", "recorded": "2026-10-31"}]}}"#,
        &[("2026-09", "1.00"), ("2026-10", "1.00")],
    ),
];

#[test]
fn late_quantities_g5() {
    check_months(LATE, "basic", QUANTITIES);
}

const ONE_BY_ONE: &[Long] = &[
    (
        "transactions: the late one costs its fee, the free one was used",
        r#"{"meters": {"payments": [{"date": "2026-09-05", "quantity": 100},
            {"date": "2026-09-06", "quantity": 50},
            {"date": "2026-09-01", "quantity": 25, "recorded": "2026-10-31"}]}}"#,
        &[("2026-09", "2.00"), ("2026-10", "1.00")],
    ),
    (
        "transactions: the late one is the first of its month",
        r#"{"meters": {"payments": [{"date": "2026-09-01", "quantity": 25, "recorded": "2026-10-31"},
            {"date": "2026-10-05", "quantity": 100}, {"date": "2026-10-06", "quantity": 50}]}}"#,
        &[("2026-09", ""), ("2026-10", "2.00")],
    ),
    (
        "calls: a pool of 30, 20 used, so 10 of 20 late",
        r#"{"time_entries": [{"channel": "phone", "start": "2026-09-05T10:00", "minutes": 20},
            {"channel": "phone", "start": "2026-09-01T10:00", "minutes": 20, "recorded": "2026-10-31"}]}"#,
        &[("2026-09", ""), ("2026-10", "2.00")],
    ),
    (
        "calls: the late one draws from its own month, not from October",
        r#"{"time_entries": [{"channel": "phone", "start": "2026-09-05T10:00", "minutes": 30},
            {"channel": "phone", "start": "2026-09-01T10:00", "minutes": 10, "recorded": "2026-10-31"},
            {"channel": "phone", "start": "2026-10-05T10:00", "minutes": 30}]}"#,
        &[("2026-09", ""), ("2026-10", "2.00")],
    ),
    (
        "calls: two late ones, the first of which empties the pool",
        r#"{"time_entries": [{"channel": "phone", "start": "2026-09-05T10:00", "minutes": 10},
            {"channel": "phone", "start": "2026-09-03T10:00", "minutes": 20, "recorded": "2026-10-31"},
            {"channel": "phone", "start": "2026-09-01T10:00", "minutes": 10,
            "recorded": "2026-11-30"}]}"#,
        &[("2026-09", ""), ("2026-10", ""), ("2026-11", "2.00")],
    ),
    (
        "orders",
        r#"{"orders": [{"date": "2026-09-05", "charge": "setup"},
            {"date": "2026-09-05", "charge": "setup", "quantity": 2, "recorded": "2026-10-31"}]}"#,
        &[("2026-09", "100.00"), ("2026-10", "200.00")],
    ),
    (
        "P3 after the end of the subscription: the last invoices still come",
        r#"{"subscription": {"from": "2026-09-01", "ends_on": "2026-09-30"},
            "meters": {"units": [{"date": "2026-09-30", "quantity": 5, "recorded": "2026-11-02"}]},
            "orders": [{"date": "2026-09-30", "charge": "setup", "recorded": "2026-10-02"}]}"#,
        &[("2026-09", ""), ("2026-10", "100.00"), ("2026-11", "5.00")],
    ),
    (
        "P1 of the trial: free",
        r#"{"subscription": {"from": "2026-09-01", "trial_until": "2026-09-15"},
            "meters": {"units": [{"date": "2026-09-15", "quantity": 5, "recorded": "2026-10-02"},
            {"date": "2026-09-16", "quantity": 3, "recorded": "2026-10-02"}]}}"#,
        &[("2026-09", ""), ("2026-10", "3.00")],
    ),
    (
        "G7 of a time before the subscription",
        r#"{"subscription": {"from": "2026-09-16"},
            "meters": {"units": [{"date": "2026-09-15", "quantity": 5, "recorded": "2026-10-02"}]}}"#,
        &[("2026-09", ""), ("2026-10", "held no_subscription"), ("2026-11", "")],
    ),
    (
        "by the plan of its day, with its share of the month: 10 × 2 × 16 ÷ 31 = 10.32",
        r#"{"subscription": {"from": "2026-08-01", "changes": [{"on": "2026-10-16", "plan": "double"}]},
            "meters": {"units": [{"date": "2026-10-15", "quantity": 7, "recorded": "2026-11-02"},
            {"date": "2026-10-16", "quantity": 10, "recorded": "2026-11-02"}]}}"#,
        &[("2026-10", "10.00 5.00"), ("2026-11", "10.00 5.00 7.00 10.32")],
    ),
];

const LEAST: &[Long] = &[(
    "below the least quantity nothing is added: 3, late 6, late 2 more makes 11",
    r#"{"meters": {"least": [{"date": "2026-09-05", "quantity": 3},
        {"date": "2026-09-05", "quantity": 6, "recorded": "2026-10-02"},
        {"date": "2026-09-05", "quantity": 2, "recorded": "2026-11-02"}]}}"#,
    &[("2026-09", "10.00 5.00"), ("2026-10", "10.00 5.00"), ("2026-11", "10.00 5.00 1.00")],
)];

#[test]
fn late_one_by_one_g5() {
    check_months(LATE, "basic", ONE_BY_ONE);
    check_months(LATE, "double", LEAST);
}

const COUNTS: &[Long] = &[
    (
        "100 of September known in November: September and October reach the next step too",
        r#"{"subscription": {"from": "2026-09-01"},
            "meters": {"accepted_attendees": [{"date": "2026-09-05", "quantity": 2400},
            {"date": "2026-09-06", "quantity": 100, "recorded": "2026-11-02"}]}}"#,
        &[("2026-09", "299.00"), ("2026-10", "299.00"), ("2026-11", "399.00 100.00 100.00"), ("2026-12", "399.00")],
    ),
    (
        "a withdrawal of September known in November",
        r#"{"subscription": {"from": "2026-09-01"},
            "meters": {"accepted_attendees": [{"date": "2026-09-05", "quantity": 2500},
            {"date": "2026-09-06", "quantity": -1, "recorded": "2026-11-02"}]}}"#,
        &[("2026-09", "399.00"), ("2026-10", "399.00"), ("2026-11", "299.00 -100.00 -100.00")],
    ),
    (
        "late in the last year: only the months of that year",
        r#"{"subscription": {"from": "2025-10-01"},
            "meters": {"accepted_attendees": [{"date": "2026-09-05", "quantity": 2500,
            "recorded": "2026-11-02"}]}}"#,
        &[("2026-09", "299.00"), ("2026-10", "299.00"), ("2026-11", "299.00 100.00")],
    ),
    (
        "G7 late into the step on request",
        r#"{"subscription": {"from": "2026-09-01"},
            "meters": {"accepted_attendees": [{"date": "2026-09-05", "quantity": 19999},
            {"date": "2026-09-06", "quantity": 1, "recorded": "2026-10-02"}]}}"#,
        &[("2026-09", "999.00"), ("2026-10", "held on_request")],
    ),
    (
        "with an opening count earlier months are closed: late ones count from now on",
        r#"{"subscription": {"from": "2026-09-01"},
            "opening": {"accumulated": {"accepted_attendees": 2400}},
            "meters": {"accepted_attendees": [{"date": "2026-09-06", "quantity": 100,
            "recorded": "2026-11-02"}]}}"#,
        &[("2026-11", "399.00")],
    ),
];

#[test]
fn late_counts_a20() {
    check_months(list("attendees"), "licence", COUNTS);
}

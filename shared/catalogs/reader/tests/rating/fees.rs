//! Fees: in advance and in arrears, whole and by days, of plans and of bookings, by the month and by the year
//! (A20, A31, P1, P3, Z4).

use crate::{Long, check_months, list};

/// Fees of every kind: whole and by days, in arrears and in advance, of plans and of add-ons.
const FEES: &str = include_str!("fees.toml");

const WHOLE: &[Long] = &[
    (
        "a first month that is not whole is charged whole; then the last one is not",
        r#"{"subscription": {"from": "2026-01-10", "ends_on": "2026-11-09"}}"#,
        &[("2025-12", ""), ("2026-01", "30.00"), ("2026-10", "30.00"), ("2026-11", ""), ("2026-12", "")],
    ),
    (
        "begun on a first, the last month is charged whole",
        r#"{"subscription": {"from": "2026-01-01", "ends_on": "2026-11-15"}}"#,
        &[("2026-11", "30.00"), ("2026-12", "")],
    ),
    (
        "P3 ended with a month",
        r#"{"subscription": {"from": "2026-01-10", "ends_on": "2026-11-30"}}"#,
        &[("2026-11", "30.00")],
    ),
    ("one day", r#"{"subscription": {"from": "2026-11-20", "ends_on": "2026-11-20"}}"#, &[("2026-11", "30.00")]),
    (
        "the plan of the end is charged: changed on the 16th",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-11-16", "plan": "large"}]}}"#,
        &[("2026-11", "60.00")],
    ),
    (
        "changed and back: charged once",
        r#"{"subscription": {"from": "2026-01-01",
            "changes": [{"on": "2026-11-11", "plan": "large"}, {"on": "2026-11-21", "plan": "small"}]}}"#,
        &[("2026-11", "30.00")],
    ),
    (
        "changed on the 5th and ended on the 20th: begun in the same month",
        r#"{"subscription": {"from": "2026-01-10", "ends_on": "2026-11-20",
            "changes": [{"on": "2026-11-05", "plan": "large"}]}}"#,
        &[("2026-11", "60.00")],
    ),
];

const BY_DAYS: &[Long] = &[
    (
        "by days: 31 × 13 ÷ 31",
        r#"{"subscription": {"from": "2026-10-19"}}"#,
        &[("2026-10", "13.00"), ("2026-11", "31.00")],
    ),
    (
        "by days in a leap month: 31 × 28 ÷ 29 = 29.931",
        r#"{"subscription": {"from": "2028-01-01", "ends_on": "2028-02-28"}}"#,
        &[("2028-02", "29.93")],
    ),
    (
        "a whole leap month",
        r#"{"subscription": {"from": "2028-01-01", "ends_on": "2028-02-29"}}"#,
        &[("2028-02", "31.00"), ("2028-03", "")],
    ),
    (
        "half each: 31 × 15 ÷ 30 and 62 × 15 ÷ 30",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-11-16", "plan": "high"}]}}"#,
        &[("2026-11", "15.50 31.00")],
    ),
    (
        "changed and back: 31 × 20 ÷ 30 and 62 × 10 ÷ 30",
        r#"{"subscription": {"from": "2026-01-01",
            "changes": [{"on": "2026-11-11", "plan": "high"}, {"on": "2026-11-21", "plan": "low"}]}}"#,
        &[("2026-11", "20.67 20.67")],
    ),
];

const IN_ADVANCE: &[Long] = &[
    (
        "in advance and whole: the first month, not the last",
        r#"{"subscription": {"from": "2026-10-16", "ends_on": "2026-12-15"}}"#,
        &[("2026-10", "50.00"), ("2026-11", "50.00"), ("2026-12", "")],
    ),
    (
        "in advance and whole, changed: 30 × 15 ÷ 30",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-11-16", "plan": "later"}]}}"#,
        &[("2026-11", "50.00 15.00"), ("2026-12", "80.00")],
    ),
    (
        "what began with a change was charged by its days, 30 × 13 ÷ 28, so the last month is charged",
        r#"{"subscription": {"from": "2027-01-01", "ends_on": "2027-03-09",
            "changes": [{"on": "2027-02-16", "plan": "later"}]}}"#,
        &[("2027-01", "50.00"), ("2027-02", "50.00 13.93"), ("2027-03", "80.00")],
    ),
    (
        "the first month was whole before the change too: two months, two fees",
        r#"{"subscription": {"from": "2027-01-10", "ends_on": "2027-03-09",
            "changes": [{"on": "2027-02-16", "plan": "later"}]}}"#,
        &[("2027-01", "50.00"), ("2027-02", "50.00 13.93"), ("2027-03", "")],
    ),
    (
        "G7 an add-on whose fee has to be agreed",
        r#"{"subscription": {"from": "2026-01-01", "bookings": [{"add_on": "asked"}]}}"#,
        &[("2026-11", "50.00 held no_agreed_price")],
    ),
    (
        "an agreed fee, times two",
        r#"{"subscription": {"from": "2026-01-01", "bookings": [{"add_on": "asked", "quantity": 2}],
            "agreed_prices": {"asked": 7}}}"#,
        &[("2026-11", "50.00 14.00")],
    ),
];

const INCLUDED: &[Long] = &[(
    "an add-on the plan includes has no fee, booked or not, and needs no agreed price",
    r#"{"subscription": {"from": "2026-01-01", "bookings": [{"add_on": "whole"}, {"add_on": "asked"}]}}"#,
    &[("2026-11", "50.00")],
)];

const IN_COMMON: &[Long] = &[(
    "what two plans have in common is charged once: 9.00, and one package of 60 + 40",
    r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-11-16", "plan": "two"}]},
        "meters": {"things": [{"date": "2026-11-15", "quantity": 60},
        {"date": "2026-11-16", "quantity": 40}]}}"#,
    &[("2026-11", "9.00 5.00")],
)];

#[test]
fn fees_in_arrears_a20() {
    check_months(FEES, "small", WHOLE);
    check_months(FEES, "low", BY_DAYS);
    check_months(FEES, "early", IN_ADVANCE);
    check_months(FEES, "all-in", INCLUDED);
    check_months(FEES, "one", IN_COMMON);
}

const BOOKINGS: &[Long] = &[
    (
        "whole, from the 16th",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "whole", "from": "2026-11-16"}]}}"#,
        &[("2026-10", "30.00"), ("2026-11", "30.00 10.00")],
    ),
    (
        "whole, from the 10th of January until 9 November: the last month is not charged",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "whole", "from": "2026-01-10", "until": "2026-11-09"}]}}"#,
        &[("2026-01", "30.00 10.00"), ("2026-10", "30.00 10.00"), ("2026-11", "30.00")],
    ),
    (
        "whole, from a first until 15 November",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "whole", "until": "2026-11-15"}]}}"#,
        &[("2026-11", "30.00 10.00"), ("2026-12", "30.00")],
    ),
    (
        "whole, booked in the trial: it is charged from the 15th of January on, so not in the last month",
        r#"{"subscription": {"from": "2026-01-01", "trial_until": "2026-01-14", "ends_on": "2026-03-10",
            "bookings": [{"add_on": "whole"}]}}"#,
        &[("2026-01", "30.00 10.00"), ("2026-02", "30.00 10.00"), ("2026-03", "")],
    ),
    (
        "whole: 2, from the 16th on 3: the quantity of the end",
        r#"{"subscription": {"from": "2026-01-01", "bookings": [
            {"add_on": "whole", "quantity": 2, "until": "2026-11-15"},
            {"add_on": "whole", "quantity": 3, "from": "2026-11-16"}]}}"#,
        &[("2026-10", "30.00 20.00"), ("2026-11", "30.00 30.00")],
    ),
    (
        "whole: another label is another thing",
        r#"{"subscription": {"from": "2026-01-01", "bookings": [
            {"add_on": "whole", "until": "2026-11-15", "label": "a"},
            {"add_on": "whole", "from": "2026-11-16", "label": "b"}]}}"#,
        &[("2026-11", "30.00 10.00 10.00")],
    ),
    (
        "by days, from the 16th: 6 × 15 ÷ 30",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "daily", "from": "2026-11-16"}]}}"#,
        &[("2026-11", "30.00 3.00")],
    ),
    (
        "by days: 2 until the 10th, 3 from the 11th: 12 × 10 ÷ 30 and 18 × 20 ÷ 30",
        r#"{"subscription": {"from": "2026-01-01", "bookings": [
            {"add_on": "daily", "quantity": 2, "until": "2026-11-10"},
            {"add_on": "daily", "quantity": 3, "from": "2026-11-11"}]}}"#,
        &[("2026-11", "30.00 4.00 12.00")],
    ),
    (
        "P1 14 free days from 5 October: 30 × 13 ÷ 31",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "tried", "from": "2026-10-05"}]}}"#,
        &[("2026-10", "30.00 12.58"), ("2026-11", "30.00 30.00")],
    ),
    (
        "P1 14 free days from 20 November: 30 × 28 ÷ 31 in December",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "tried", "from": "2026-11-20"}]}}"#,
        &[("2026-11", "30.00"), ("2026-12", "30.00 27.10")],
    ),
    (
        "P1 given up in the free days",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "tried", "from": "2026-11-20", "until": "2026-11-30"}]}}"#,
        &[("2026-11", "30.00"), ("2026-12", "30.00")],
    ),
];

const INCLUDED_BEFORE: &[Long] = &[(
    "whole, not included any more from 15 January: charged from then on, so not in the last month",
    r#"{"subscription": {"from": "2025-12-01", "ends_on": "2026-03-10",
        "changes": [{"on": "2026-01-15", "plan": "large"}],
        "bookings": [{"add_on": "whole"}]}}"#,
    &[("2025-12", "50.00"), ("2026-02", "60.00 10.00"), ("2026-03", "")],
)];

#[test]
fn bookings_z4() {
    check_months(FEES, "small", BOOKINGS);
    check_months(FEES, "all-in", INCLUDED_BEFORE);
}

const DOMAINS: &[Long] = &[
    (
        "in the month each year begins",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "domain", "from": "2026-03-14"}]}}"#,
        &[("2026-02", ""), ("2026-03", "60.00"), ("2026-04", ""), ("2027-03", "60.00"), ("2028-03", "60.00")],
    ),
    (
        "given up with the year",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "domain", "from": "2026-03-14", "until": "2027-03-13"}]}}"#,
        &[("2027-03", "")],
    ),
    (
        "given up a day into the next year",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "domain", "from": "2026-03-14", "until": "2027-03-14"}]}}"#,
        &[("2027-03", "60.00"), ("2028-03", "")],
    ),
    (
        "from 29 February: the second year begins on 1 March, the fifth on 29 February",
        r#"{"subscription": {"from": "2028-01-01",
            "bookings": [{"add_on": "domain", "from": "2028-02-29"}]}}"#,
        &[
            ("2028-02", "60.00"),
            ("2029-02", ""),
            ("2029-03", "60.00"),
            ("2031-03", "60.00"),
            ("2032-02", "60.00"),
            ("2032-03", ""),
        ],
    ),
    (
        "from the last of a month: 31 August",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "domain", "from": "2026-08-31"}]}}"#,
        &[("2026-08", "60.00"), ("2027-08", "60.00"), ("2027-09", "")],
    ),
    (
        "from a first",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "domain", "from": "2026-11-01"}]}}"#,
        &[("2026-11", "60.00"), ("2027-10", ""), ("2027-11", "60.00"), ("2027-12", "")],
    ),
    (
        "two domains by name, and two in one booking",
        r#"{"subscription": {"from": "2026-01-01", "bookings": [
            {"add_on": "domain", "from": "2026-11-20", "label": "b.example"},
            {"add_on": "domain", "from": "2026-11-05", "label": "a.example"},
            {"add_on": "domain", "from": "2026-11-25", "quantity": 2}]}}"#,
        &[("2026-11", "60.00 60.00 120.00"), ("2026-12", "")],
    ),
    (
        "P3 the account ends before the next year",
        r#"{"subscription": {"from": "2026-01-01", "ends_on": "2027-03-10",
            "bookings": [{"add_on": "domain", "from": "2026-03-14"}]}}"#,
        &[("2026-03", "60.00"), ("2027-03", "")],
    ),
    (
        "a change of plan does not begin it again",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-06-16", "plan": "licence"}],
            "bookings": [{"add_on": "domain", "from": "2026-03-14"}]}}"#,
        &[("2026-03", "60.00"), ("2026-06", "299.00"), ("2027-03", "299.00 60.00")],
    ),
    (
        "a change of plan in the month the year begins",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-03-20", "plan": "licence"}],
            "bookings": [{"add_on": "domain", "from": "2026-03-14"}]}}"#,
        &[("2026-03", "60.00 299.00"), ("2027-03", "299.00 60.00")],
    ),
    (
        "P1 booked in the trial: the year begins when it is over",
        r#"{"subscription": {"from": "2026-03-10", "trial_until": "2026-04-04",
            "bookings": [{"add_on": "domain", "from": "2026-03-14"}]}}"#,
        &[("2026-03", ""), ("2026-04", "60.00"), ("2027-03", ""), ("2027-04", "60.00")],
    ),
];

const PLAN_YEARS: &[Long] = &[
    (
        "a yearly fee of the plan, whole in a month that is not",
        r#"{"subscription": {"from": "2026-11-16"}}"#,
        &[("2026-11", "120.00"), ("2026-12", ""), ("2027-10", ""), ("2027-11", "120.00")],
    ),
    (
        "P3 ended on the last day of the year",
        r#"{"subscription": {"from": "2026-11-16", "ends_on": "2027-11-15"}}"#,
        &[("2027-11", "")],
    ),
    (
        "P3 ended on the first day of the next",
        r#"{"subscription": {"from": "2026-11-16", "ends_on": "2027-11-16"}}"#,
        &[("2027-11", "120.00")],
    ),
];

#[test]
fn years_a31() {
    check_months(list("attendees"), "pay-per-attendee", DOMAINS);
    check_months(FEES, "year", PLAN_YEARS);
}

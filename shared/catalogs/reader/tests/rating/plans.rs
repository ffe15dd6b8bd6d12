//! Plans over time: changes, trials, terms, licence years, two ways to count licences
//! (A20, A21, C1 to C3, P1, P3, Z1a to Z3).

use crate::{Long, Short, check_months, check_plan, list};

const CHANGES: &[Short] = &[
    (
        "C1 twice up: 25.00, 15 × 20 ÷ 30, 59 × 10 ÷ 30 = 19.667",
        r#"{"subscription": {"from": "2026-01-01",
            "changes": [{"on": "2026-11-11", "plan": "medium"}, {"on": "2026-11-21", "plan": "large"}]}}"#,
        "25.00 10.00 19.67",
    ),
    (
        "C1 up and back: 74 × 20 ÷ 30 = 49.333, −74 × 10 ÷ 30 = −24.667",
        r#"{"subscription": {"from": "2026-01-01",
            "changes": [{"on": "2026-11-11", "plan": "large"}, {"on": "2026-11-21", "plan": "small"}]}}"#,
        "25.00 49.33 -24.67",
    ),
    (
        "C1 up and back to the same on consecutive days: ±74 × 20 ÷ 30, 19 ÷ 30",
        r#"{"subscription": {"from": "2026-01-01",
            "changes": [{"on": "2026-11-11", "plan": "large"}, {"on": "2026-11-12", "plan": "small"}]}}"#,
        "25.00 49.33 -46.87",
    ),
    (
        "C1 on the first day: the new plan from the start",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-11-01", "plan": "large"}]}}"#,
        "99.00",
    ),
    (
        "C1 on the last day: 74 ÷ 30 = 2.467",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-11-30", "plan": "large"}]}}"#,
        "25.00 2.47",
    ),
    (
        "C3 a downgrade within the month gives back −74 × 15 ÷ 30 of what a change before charged",
        r#"{"subscription": {"from": "2026-01-01",
            "changes": [{"on": "2026-11-01", "plan": "large"}, {"on": "2026-11-16", "plan": "small"}]}}"#,
        "99.00 -37.00",
    ),
    (
        "a first month that is not whole: 25 × 15 ÷ 30, then 15 × 10 ÷ 30",
        r#"{"subscription": {"from": "2026-11-16", "changes": [{"on": "2026-11-21", "plan": "medium"}]}}"#,
        "12.50 5.00",
    ),
    (
        "P3 a last month that is not whole: 25 × 20 ÷ 30 = 16.667, then 15 × 10 ÷ 30",
        r#"{"subscription": {"from": "2026-01-01", "ends_on": "2026-11-20",
            "changes": [{"on": "2026-11-11", "plan": "medium"}]}}"#,
        "16.67 5.00",
    ),
    (
        "C2 the add-on changes with the plan: 15 and 6 × 15 ÷ 30",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-11-16", "plan": "medium"}],
            "bookings": [{"add_on": "parallel-events", "from": "2026-01-01"}]}}"#,
        "25.00 10.00 7.50 3.00",
    ),
    (
        "C2 booked within the month: 10 × 15 ÷ 30",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "parallel-events", "from": "2026-11-16"}]}}"#,
        "25.00 5.00",
    ),
    (
        "C2 two, then one more: 2 × 10, 10 × 10 ÷ 30",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "parallel-events", "quantity": 2, "from": "2026-01-01"},
            {"add_on": "parallel-events", "from": "2026-11-21"}]}}"#,
        "25.00 20.00 3.33",
    ),
    (
        "C2 given up on the 15th and booked again on the 21st: −5.00 and 10 × 10 ÷ 30",
        r#"{"subscription": {"from": "2026-01-01", "bookings": [
            {"add_on": "parallel-events", "from": "2026-01-01", "until": "2026-11-15"},
            {"add_on": "parallel-events", "from": "2026-11-21"}]}}"#,
        "25.00 10.00 -5.00 3.33",
    ),
    (
        "C2 booked with the change: 15 × 15 ÷ 30 and 16 × 15 ÷ 30",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-11-16", "plan": "medium"}],
            "bookings": [{"add_on": "parallel-events", "from": "2026-11-16"}]}}"#,
        "25.00 7.50 8.00",
    ),
];

const FROM_FREE: &[Long] = &[(
    "from the free plan to a paid one on the 11th: 40 × 20 ÷ 30, then whole",
    r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-11-11", "plan": "medium"}]}}"#,
    &[("2026-10", ""), ("2026-11", "26.67"), ("2026-12", "40.00")],
)];

const DAYS_NOT_HOURS: &[Long] = &[
    (
        "C1 on 29 February: 15 ÷ 29 = 0.517",
        r#"{"subscription": {"from": "2028-01-01", "changes": [{"on": "2028-02-29", "plan": "medium"}]}}"#,
        &[("2028-01", "25.00"), ("2028-02", "25.00 0.52"), ("2028-03", "40.00")],
    ),
    (
        "C1 days, not hours: from the 23-hour day on, 74 × 3 ÷ 31 = 7.161",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-03-29", "plan": "large"}]}}"#,
        &[("2026-03", "25.00 7.16")],
    ),
    (
        "C1 days, not hours: from the 25-hour day on, 74 × 7 ÷ 31 = 16.710",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-10-25", "plan": "large"}]}}"#,
        &[("2026-10", "25.00 16.71")],
    ),
];

#[test]
fn changes_in_advance_c1_c2_c3() {
    check_plan(list("webinars"), "small", "2026-11", CHANGES);
    check_months(list("webinars"), "trial", FROM_FREE);
    check_months(list("webinars"), "small", DAYS_NOT_HOURS);
}

const TRIALS: &[Long] = &[
    (
        "ends on 10 November: 40 × 20 ÷ 30",
        r#"{"subscription": {"from": "2026-10-28", "trial_until": "2026-11-10"}}"#,
        &[("2026-10", ""), ("2026-11", "26.67"), ("2026-12", "40.00")],
    ),
    (
        "ends with October",
        r#"{"subscription": {"from": "2026-10-18", "trial_until": "2026-10-31"}}"#,
        &[("2026-10", ""), ("2026-11", "40.00")],
    ),
    (
        "never converted",
        r#"{"subscription": {"from": "2026-10-28", "trial_until": "2026-11-10", "converted_on": null}}"#,
        &[("2026-10", ""), ("2026-11", ""), ("2026-12", "")],
    ),
    (
        "converted on the 20th, after its end: 40 × 11 ÷ 30",
        r#"{"subscription": {"from": "2026-10-28", "trial_until": "2026-11-10",
            "converted_on": "2026-11-20"}}"#,
        &[("2026-11", "14.67"), ("2026-12", "40.00")],
    ),
    (
        "converted within it: its days stay free",
        r#"{"subscription": {"from": "2026-10-28", "trial_until": "2026-11-10",
            "converted_on": "2026-11-02"}}"#,
        &[("2026-11", "26.67")],
    ),
    (
        "extended to the end of November",
        r#"{"subscription": {"from": "2026-10-28", "trial_until": "2026-11-30"}}"#,
        &[("2026-11", ""), ("2026-12", "40.00")],
    ),
    (
        "changed within it: 99 × 20 ÷ 30",
        r#"{"subscription": {"from": "2026-10-28", "trial_until": "2026-11-10",
            "changes": [{"on": "2026-11-05", "plan": "large"}]}}"#,
        &[("2026-11", "66.00")],
    ),
    (
        "cancelled within it",
        r#"{"subscription": {"from": "2026-10-28", "trial_until": "2026-11-10", "ends_on": "2026-11-05"}}"#,
        &[("2026-10", ""), ("2026-11", ""), ("2026-12", "")],
    ),
];

#[test]
fn trials_p1() {
    check_months(list("webinars"), "medium", TRIALS);
}

const LICENCES: &[Long] = &[
    (
        "A21 the minimum term ends: twelve fees, the first for a month that is not whole",
        r#"{"subscription": {"from": "2026-03-15", "ends_on": "2027-03-14"}}"#,
        &[("2026-02", ""), ("2026-03", "299.00"), ("2027-02", "299.00"), ("2027-03", ""), ("2027-04", "")],
    ),
    (
        "A21 begun on a first: twelve fees",
        r#"{"subscription": {"from": "2026-03-01", "ends_on": "2027-02-28"}}"#,
        &[("2026-03", "299.00"), ("2027-02", "299.00"), ("2027-03", "")],
    ),
    (
        "A20 the count begins again with each year",
        r#"{"subscription": {"from": "2026-03-15"},
            "meters": {"accepted_attendees": [{"date": "2026-04-01", "quantity": 2500}]}}"#,
        &[("2026-03", "299.00"), ("2026-04", "399.00"), ("2027-02", "399.00"), ("2027-03", "299.00")],
    ),
    (
        "A20 the last day of a year is not of the next",
        r#"{"subscription": {"from": "2026-03-15"},
            "meters": {"accepted_attendees": [{"date": "2027-03-14", "quantity": 2500}]}}"#,
        &[("2027-02", "299.00"), ("2027-03", "299.00"), ("2027-04", "299.00")],
    ),
    (
        "A20 the first day of the next year",
        r#"{"subscription": {"from": "2026-03-15"},
            "meters": {"accepted_attendees": [{"date": "2027-03-15", "quantity": 2500}]}}"#,
        &[("2027-02", "299.00"), ("2027-03", "399.00"), ("2028-02", "399.00"), ("2028-03", "299.00")],
    ),
    (
        "A20 from 29 February: the year ends on the 28th",
        r#"{"subscription": {"from": "2028-02-29"},
            "meters": {"accepted_attendees": [{"date": "2029-02-28", "quantity": 2500}]}}"#,
        &[("2028-02", "299.00"), ("2029-02", "399.00"), ("2029-03", "299.00")],
    ),
    (
        "A20 from 29 February: the next year begins on 1 March",
        r#"{"subscription": {"from": "2028-02-29"},
            "meters": {"accepted_attendees": [{"date": "2029-03-01", "quantity": 2500}]}}"#,
        &[("2029-02", "299.00"), ("2029-03", "399.00"), ("2030-02", "399.00"), ("2030-03", "299.00")],
    ),
    (
        "A20 a licence that ends within a month, begun on a first: by the count of its last day",
        r#"{"subscription": {"from": "2026-03-01", "ends_on": "2026-11-15"},
            "meters": {"accepted_attendees": [{"date": "2026-11-15", "quantity": 2500}]}}"#,
        &[("2026-10", "299.00"), ("2026-11", "399.00")],
    ),
];

const EVENTS: &[Long] = &[
    (
        "from pay per attendee to a licence: each event by the plan of its day",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-11-16", "plan": "licence"}]},
            "events": [{"id": "evt_a", "ended": "2026-11-15", "accepted": 10},
            {"id": "evt_b", "ended": "2026-11-16", "accepted": 2500}]}"#,
        &[("2026-10", ""), ("2026-11", "30.00 399.00"), ("2026-12", "399.00"), ("2027-11", "299.00")],
    ),
    (
        "A10 two events: each in the month it ended, by the day they ended",
        r#"{"events": [{"id": "evt_b", "ended": "2026-11-30", "accepted": 6},
            {"id": "evt_a", "ended": "2026-11-01", "accepted": 5},
            {"id": "evt_c", "ended": "2026-12-01", "accepted": 7}]}"#,
        &[("2026-10", ""), ("2026-11", "15.00 18.00"), ("2026-12", "21.00")],
    ),
    (
        "A10 ended at 23:59 and at 00:00, by UTC",
        r#"{"events": [{"id": "evt_a", "ended": "2026-11-30T22:59Z", "accepted": 5},
            {"id": "evt_b", "ended": "2026-11-30T23:00Z", "accepted": 6}]}"#,
        &[("2026-11", "15.00"), ("2026-12", "18.00")],
    ),
    (
        "A13 cancelled: the last invoice still comes",
        r#"{"subscription": {"from": "2026-01-01", "ends_on": "2026-11-30"},
            "events": [{"id": "evt_a", "ended": "2026-11-30", "accepted": 5}]}"#,
        &[("2026-11", "15.00"), ("2026-12", "")],
    ),
    (
        "A11 only declined is defined: 10 answers, 4 declined",
        r#"{"events": [{"id": "evt_a", "ended": "2026-11-30", "defines": ["declined"], "responses": 10,
            "declined": 4}]}"#,
        &[("2026-11", "18.00")],
    ),
    (
        "A12 5 responses, nobody accepted",
        r#"{"events": [{"id": "evt_a", "ended": "2026-11-30", "accepted": 0, "declined": 5}]}"#,
        &[("2026-11", "")],
    ),
    (
        "A12 5 responses of which 1 accepted, the rest without a value",
        r#"{"events": [{"id": "evt_a", "ended": "2026-11-30", "accepted": 1, "responses": 5}]}"#,
        &[("2026-11", "3.00")],
    ),
];

#[test]
fn licence_years_a20_a21() {
    check_months(list("attendees"), "licence", LICENCES);
    check_months(list("attendees"), "pay-per-attendee", EVENTS);
}

const SEATS: &[Long] = &[
    (
        "Z1a both models for their days: 20 × 29 × 10 ÷ 30 and 12 × 45 × 20 ÷ 30",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-11-11", "plan": "team"}]},
            "meters": {"named_licences": 20, "ordered_licences": 12}}"#,
        &[("2026-11", "193.33 360.00")],
    ),
    (
        "Z1a a peak counts in the days of its model only: 20 × 29 × 10 ÷ 30, 12 × 45 × 20 ÷ 30",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-11-11", "plan": "team"}]},
            "meters": {"named_licences": [{"date": "2026-11-01", "quantity": 20},
            {"date": "2026-11-11", "quantity": 50}],
            "ordered_licences": [{"date": "2026-11-01", "quantity": 90},
            {"date": "2026-11-11", "quantity": 12}]}}"#,
        &[("2026-11", "193.33 360.00"), ("2026-12", "540.00")],
    ),
    (
        "Z2 switched and back: 20 × 29 × 20 ÷ 30 = 386.67 and 12 × 45 × 10 ÷ 30",
        r#"{"subscription": {"from": "2026-01-01",
            "changes": [{"on": "2026-11-11", "plan": "team"}, {"on": "2026-11-21", "plan": "agent"}]},
            "meters": {"named_licences": [{"date": "2026-11-01", "quantity": 20},
            {"date": "2026-11-15", "quantity": 30},
            {"date": "2026-11-21", "quantity": 10}],
            "ordered_licences": 12}}"#,
        &[("2026-11", "386.67 180.00"), ("2026-12", "290.00")],
    ),
    (
        "Z2 switched on the first and on the last day: 12 × 45 × 29 ÷ 30 = 522.00, 20 × 29 ÷ 30 = 19.333",
        r#"{"subscription": {"from": "2026-01-01",
            "changes": [{"on": "2026-11-01", "plan": "team"}, {"on": "2026-11-30", "plan": "agent"}]},
            "meters": {"named_licences": 20, "ordered_licences": 12}}"#,
        &[("2026-11", "522.00 19.33")],
    ),
    (
        "Z3 add-ons by user, OCR by page: 5 × 6, 1,001 × 0.035 = 35.035",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "knowledge-base"}, {"add_on": "ocr"}]},
            "meters": {"knowledge_base_users": [{"date": "2026-11-01", "quantity": 5}],
            "ocr_pages": [{"date": "2026-11-30", "quantity": 1001}]}}"#,
        &[("2026-11", "30.00 35.04"), ("2026-12", "30.00")],
    ),
    (
        "Z4 an add-on given up: the month's users are charged, then none",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "knowledge-base", "until": "2026-11-30"}]},
            "meters": {"knowledge_base_users": [{"date": "2026-11-01", "quantity": 5}]}}"#,
        &[("2026-11", "30.00"), ("2026-12", "")],
    ),
    (
        "Z1a ended on 20 November: 20 × 29 × 20 ÷ 30",
        r#"{"subscription": {"from": "2026-01-01", "ends_on": "2026-11-20"},
            "meters": {"named_licences": [{"date": "2026-10-01", "quantity": 20}]}}"#,
        &[("2026-10", "580.00"), ("2026-11", "386.67"), ("2026-12", "")],
    ),
];

#[test]
fn seat_models_z1a_z2_z3() {
    check_months(list("helpdesk"), "agent", SEATS);
}

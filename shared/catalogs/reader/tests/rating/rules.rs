//! Every example of the business rules, by the five price lists.

use crate::{Row, catalogue, check, now, report};

const ATTENDEES: &str = include_str!("../../../attendees.toml");
const WEBINARS: &str = include_str!("../../../webinars.toml");
const SUPPORT: &str = include_str!("../../../support-levels.toml");

fn row(name: &'static str, plan: &'static str, usage: &'static str, expected: &'static str) -> Row {
    Row { name, plan, month: "2026-11", usage, expected }
}

#[test]
fn pay_per_attendee() {
    let event = |name, usage, expected| row(name, "pay-per-attendee", usage, expected);
    check(
        ATTENDEES,
        &[
            event(
                "A10 37 accepted, 6 declined",
                r#"{"events": [{"id": "evt_a", "ended": "2026-11-20", "accepted": 37, "declined": 6}]}"#,
                "111.00",
            ),
            event(
                "A12 4 accepted: fewer than 5 responses",
                r#"{"events": [{"id": "evt_a", "ended": "2026-11-20", "accepted": 4}]}"#,
                "",
            ),
            event(
                "A12 3 accepted, 2 declined: exactly 5",
                r#"{"events": [{"id": "evt_a", "ended": "2026-11-20", "accepted": 3, "declined": 2}]}"#,
                "9.00",
            ),
            event(
                "A11 5 registrations, no values defined",
                r#"{"events": [{"id": "evt_a", "ended": "2026-11-20", "responses": 5}]}"#,
                "15.00",
            ),
            event(
                "A51 phone, 16 minutes",
                r#"{"time_entries": [{"start": "2026-11-24T10:00", "minutes": 16, "channel": "phone"}]}"#,
                "30.00",
            ),
            event(
                "A41 Stripe fee on 10.00",
                r#"{"meters": {"card_payments": [{"date": "2026-11-03", "quantity": "10.00"}]}}"#,
                "2.50",
            ),
            event(
                "A41 Stripe fee on 62.63",
                r#"{"meters": {"card_payments": [{"date": "2026-11-03", "quantity": "62.63"}]}}"#,
                "2.51",
            ),
            event(
                "A41 Stripe fee on 1,234.56",
                r#"{"meters": {"card_payments": [{"date": "2026-11-03", "quantity": "1234.56"}]}}"#,
                "49.38",
            ),
        ],
    );
}

#[test]
fn licence() {
    let licence = |name, usage, expected| row(name, "licence", usage, expected);
    check(
        ATTENDEES,
        &[
            licence("A20 licence at 2,499", r#"{"meters": {"accepted_attendees": 2499}}"#, "299.00"),
            licence("A20 licence at 2,500", r#"{"meters": {"accepted_attendees": 2500}}"#, "399.00"),
            licence("A20 licence at 19,999", r#"{"meters": {"accepted_attendees": 19999}}"#, "999.00"),
            licence("A20 licence at 20,000", r#"{"meters": {"accepted_attendees": 20000}}"#, "held on_request"),
            licence(
                "A52 3 e-mails and a call of 31 minutes: 90 of 60 free minutes",
                r#"{"time_entries": [
                    {"start": "2026-11-02T09:00", "minutes": 15, "channel": "email"},
                    {"start": "2026-11-03T09:00", "minutes": 10, "channel": "email"},
                    {"start": "2026-11-04T09:00", "minutes": 5, "channel": "email"},
                    {"start": "2026-11-05T09:00", "minutes": 31, "channel": "phone"}]}"#,
                "299.00 30.00",
            ),
        ],
    );
}

#[test]
fn upgrades() {
    let upgrade = |name, month, usage, expected| Row { name, plan: "starter", month, usage, expected };
    let _ = upgrade;
    let catalogue = catalogue(WEBINARS);
    let plan = |price: &str| {
        let of_price = catalogue.parts().plans.iter().find(|plan| {
            catalogue.charges_of(plan).any(|charge| match &charge.model {
                domain::catalog::charge::Model::Flat(flat) => {
                    charge.add_on.is_none()
                        && flat.price == domain::catalog::tiers::Price::Amount(price.parse().expect(price))
                }
                _ => false,
            })
        });
        of_price.expect(price).id.to_string()
    };
    for (name, from, to, month, day, net) in [
        ("C1 40 → 99, 15 of 30 days left", "40", "99", "2026-11", "2026-11-16", "29.50"),
        ("C1 40 → 99, 17 of 31 days left", "40", "99", "2026-10", "2026-10-15", "32.35"),
        ("C1 40 → 99, last day of 31", "40", "99", "2026-10", "2026-10-31", "1.90"),
        ("C1 25 → 40, 14 of 28 days left", "25", "40", "2027-02", "2027-02-15", "7.50"),
    ] {
        let usage = format!(
            r#"{{"subscription": {{"from": "2026-01-01", "changes": [{{"on": "{day}", "plan": "{}"}}]}}}}"#,
            plan(to)
        );
        let report = report(&catalogue, &plan(from), month, &usage, name);
        let found = crate::outcome(&report);
        let fee = format!("{from}.00");
        assert_eq!(found.split(' ').collect::<Vec<_>>(), [fee.as_str(), net], "{name}");
    }
}

#[test]
fn support_levels() {
    let level_1 = |name, usage, expected| row(name, "standard", usage, expected);
    check(
        SUPPORT,
        &[
            level_1(
                "S1 level 1, 16 minutes in a month, credit used up",
                r#"{"opening": {"pools": {"credit": 0}},
                    "time_entries": [{"start": "2026-11-24T10:00", "minutes": 16, "channel": "phone"}]}"#,
                "0.50",
            ),
            level_1(
                "S2 first month, level 1, 80 minutes: 15 free, 60 credit",
                r#"{"time_entries": [{"start": "2026-11-24T10:00", "minutes": 80, "channel": "phone"}]}"#,
                "2.50",
            ),
            level_1(
                "S4 emergency Tuesday 21:59, 6 minutes",
                r#"{"time_entries": [{"start": "2026-11-24T21:59", "minutes": 6, "channel": "phone"}]}"#,
                "55.00",
            ),
            level_1(
                "S4 emergency Tuesday 22:00, 6 minutes",
                r#"{"time_entries": [{"start": "2026-11-24T22:00", "minutes": 6, "channel": "phone"}]}"#,
                "66.00",
            ),
            level_1(
                "S4 emergency Saturday noon, 5 minutes",
                r#"{"time_entries": [{"start": "2026-11-28T12:00", "minutes": 5, "channel": "phone"}]}"#,
                "36.00",
            ),
            level_1(
                "S4 emergency in the evening, 23 minutes",
                r#"{"time_entries": [{"start": "2026-11-24T19:00", "minutes": 23, "channel": "phone"}]}"#,
                "130.00",
            ),
        ],
    );
}

#[test]
fn a_level_3_ticket_of_friday_afternoon_s5() {
    let catalogue = catalogue(SUPPORT);
    let usage = r#"{"subscription": {"bookings": [{"add_on": "level-2", "from": "2026-11-01"},
                    {"add_on": "level-3", "from": "2026-11-01"}]},
                    "tickets": [{"opened": "2026-11-20T16:00"}]}"#;
    let report = report(&catalogue, "standard", "2026-11", usage, "S5");
    let ticket = &report.json()["tickets"][0];
    assert_eq!(ticket["respond_by"], "2026-11-23T11:00:00+01:00");
    assert_eq!(ticket["state"], "breached", "looked at on {}", now());
}

//! Subscriptions that outlive a version, a plan or themselves.

use catalogs::price::price;
use catalogs::{read_usage_among, render};
use domain::calendar::{Day, Month};
use domain::catalog::names::PlanId;
use domain::catalog::{Catalogues, PlanKey};
use domain::rating::needed_usage;
use domain::subscription::Subscription;

use crate::{Row, catalogue, check, now, outcome};

const ATTENDEES: &str = include_str!("../../../attendees.toml");
const WEBINARS: &str = include_str!("../../../webinars.toml");

/// The outcome under the first version, with a second one at hand.
fn among(name: &str, second: &str, month: &str, usage: &str) -> String {
    let (first, second) = (catalogue(WEBINARS), catalogue(second));
    let mut all = Catalogues::default();
    for version in [first.clone(), second] {
        all.add(version.into());
    }
    let (plan, month) = (PlanId::parse("medium").expect(name), Month::parse(month).expect(name));
    let file = read_usage_among(usage, &first, &all, &plan, month)
        .unwrap_or_else(|mistakes| panic!("{name}: {}", render("usage", &mistakes)));
    outcome(&price(&all, &first, &plan, month, &file, now()))
}

#[test]
fn a_code_and_an_add_on_stay_what_they_were_sold_as_g6() {
    let without_code = {
        let (head, _) = WEBINARS.split_once("[promotions.START20]").expect("the code");
        head.replace("version = \"2026-01\"", "version = \"2026-02\"")
    };
    let usage = r#"{"subscription": {"from": "2026-01-01",
        "promotions": [{"code": "START20", "on": "2026-02-05"}],
        "changes": [{"on": "2026-04-01", "plan": "webinars@2026-02/medium"}]}}"#;
    for (name, month, expected) in [
        ("the code's months under its own version", "2026-03", "40.00 -8.00"),
        ("its last month under a version without it", "2026-04", "40.00 -8.00"),
        ("after its months", "2026-12", "40.00"),
    ] {
        assert_eq!(among(name, &without_code, month, usage), expected, "{name}");
    }

    let add_on = WEBINARS.find("[add_ons.parallel-events]").expect("the add-on");
    let charges = WEBINARS.find("[charges.small-fee]").expect("the charges");
    let mut without_add_on = format!("{}{}", &WEBINARS[..add_on], &WEBINARS[charges..]);
    for size in ["small", "medium", "large"] {
        let begin = without_add_on.find(&format!("[charges.{size}-parallel-event]")).expect("the charge");
        let end = begin + without_add_on[begin..].find("\n\n").expect("its end");
        without_add_on.replace_range(begin..end, "");
        without_add_on = without_add_on.replace(&format!(", \"{size}-parallel-event\""), "");
    }
    let without_add_on = without_add_on.replace("version = \"2026-01\"", "version = \"2026-02\"");
    let usage = r#"{"subscription": {"from": "2026-01-01",
        "bookings": [{"add_on": "parallel-events", "from": "2026-01-01", "until": "2026-11-30"}],
        "changes": [{"on": "2026-11-16", "plan": "webinars@2026-02/medium"}]}}"#;
    // 16.00 in advance, and half of it back with the version that no longer has it.
    assert_eq!(among("an add-on that runs out", &without_add_on, "2026-11", usage), "40.00 16.00 -8.00");
}

#[test]
fn an_event_that_ends_after_the_subscription_is_on_a_last_invoice_p3() {
    let row = |name, month, usage, expected| Row { name, plan: "pay-per-attendee", month, usage, expected };
    check(
        ATTENDEES,
        &[
            row(
                "A13 cancelled to 31 October, event on 10 November",
                "2026-11",
                r#"{"subscription": {"from": "2026-01-01", "ends_on": "2026-10-31"},
                    "events": [{"id": "evt_a", "ended": "2026-11-10", "accepted": 37}]}"#,
                "111.00",
            ),
            row(
                "cancelled within the month, event after it",
                "2026-11",
                r#"{"subscription": {"from": "2026-01-01", "ends_on": "2026-11-15"},
                    "events": [{"id": "evt_a", "ended": "2026-11-10", "accepted": 5},
                               {"id": "evt_b", "ended": "2026-11-20", "accepted": 6}]}"#,
                "15.00 18.00",
            ),
            row(
                "before the subscription there is no plan to price it by",
                "2026-11",
                r#"{"subscription": {"from": "2026-11-15"},
                    "events": [{"id": "evt_a", "ended": "2026-11-10", "accepted": 5}]}"#,
                "held no_subscription",
            ),
        ],
    );
}

#[test]
fn records_are_read_as_far_back_as_late_ones_may_belong() {
    let mut all = Catalogues::default();
    all.add(catalogue(ATTENDEES).into());
    let plan = |name: &str| PlanKey { catalogue: "attendees@2021-03".to_owned(), plan: name.to_owned() };
    let day = |text: &str| Day::parse(text).expect(text);
    let first = |subscription: &Subscription, month: &str| {
        needed_usage(&all, subscription, Month::parse(month).expect(month)).map(|needed| needed.from.to_string())
    };
    let licence = Subscription::new(plan("licence"), day("2025-11-01"));
    assert_eq!(first(&licence, "2026-09").as_deref(), Some("2025-11-01"));
    assert_eq!(first(&licence, "2026-11").as_deref(), Some("2025-11-01"), "late ones of the licence year before");
    // The first training is free once (A53): whether it was used is known from all that was used.
    assert_eq!(first(&licence, "2027-02").as_deref(), Some("2025-11-01"));
    let mut changed = licence.clone();
    changed.phases.push(domain::subscription::Phase { plan: plan("pay-per-attendee"), from: day("2026-11-01") });
    assert_eq!(first(&changed, "2026-11").as_deref(), Some("2025-11-01"), "late ones of the plan before");
    // That training belongs to the plan before, whose days are read as long as it is among those of the subscription.
    assert_eq!(first(&changed, "2027-02").as_deref(), Some("2025-11-01"));
    // Support and orders may have been reported, so the month itself is always read.
    let pay = Subscription::new(plan("pay-per-attendee"), day("2025-11-01"));
    assert_eq!(first(&pay, "2026-11").as_deref(), Some("2026-11-01"));
}

/// A version of a plan with a fee in arrears for what is booked.
fn booked(version: &str) -> String {
    format!(
        r#"
format = 1
id = "booked"
version = "{version}"
currency = "EUR"
title = {{ de = "Gebucht", en = "Booked" }}
[add_ons.extra]
title = {{ de = "Extra", en = "Extra" }}
[charges.extra]
text = {{ de = "Extra", en = "Extra" }}
sample = true
add_on = "extra"
model = "flat"
price = "7.00"
[plans.medium]
title = {{ de = "P", en = "P" }}
charges = ["extra"]
meters = {{}}
"#
    )
}

#[test]
fn what_is_booked_is_charged_once_over_a_change_of_version() {
    let (first, second) = (catalogue(&booked("1")), catalogue(&booked("2")));
    let mut all = Catalogues::default();
    all.add(first.clone().into());
    all.add(second.into());
    let (plan, month) = (PlanId::parse("medium").expect("a name"), Month::parse("2026-10").expect("a month"));
    for (name, until, expected) in [
        ("booked throughout", "", "7.00"),
        ("given up to the end of the month", r#", "until": "2026-10-31""#, "7.00"),
        ("given up before the change, begun on a first", r#", "until": "2026-10-10""#, "7.00"),
    ] {
        let usage = format!(
            r#"{{"subscription": {{"from": "2026-01-01", "changes": [{{"on": "2026-10-16", "plan": "booked@2/medium"}}],
                "bookings": [{{"add_on": "extra", "from": "2026-01-01"{until}}}]}}}}"#
        );
        let file = read_usage_among(&usage, &first, &all, &plan, month)
            .unwrap_or_else(|mistakes| panic!("{name}: {}", render("usage", &mistakes)));
        assert_eq!(outcome(&price(&all, &first, &plan, month, &file, now())), expected, "{name}");
    }
}

/// A version of a plan with 20 free units, then 2.00 each.
fn pooled(version: &str, size: &str) -> String {
    format!(
        r#"
format = 1
id = "pooled"
version = "{version}"
currency = "EUR"
title = {{ de = "Frei", en = "Free" }}
[meters.calls]
title = {{ de = "Aufrufe", en = "Calls" }}
unit = "call"
[charges.calls]
text = {{ de = "Aufrufe", en = "Calls" }}
sample = true
model = "per_unit"
meter = "calls"
price = "2.00"
pools = ["free"]
[plans.medium]
title = {{ de = "P", en = "P" }}
charges = ["calls"]
meters = {{ calls = "charged" }}
[plans.medium.pools.free]
title = {{ de = "Frei", en = "Free" }}
size = {size}
"#
    )
}

#[test]
fn a_pool_is_not_given_twice_over_a_change_of_version() {
    let (first, second) = (catalogue(&pooled("1", "20")), catalogue(&pooled("2", "20")));
    let mut all = Catalogues::default();
    all.add(first.clone().into());
    all.add(second.into());
    let (plan, month) = (PlanId::parse("medium").expect("a name"), Month::parse("2026-10").expect("a month"));
    for (name, before, after, expected) in [
        ("15 of 20, then 5 of the 15", 15, 15, "20.00"),
        ("30 and 16: all 20 before", 30, 16, "20.00 32.00"),
        ("8 and 12", 8, 12, ""),
    ] {
        let usage = format!(
            r#"{{"subscription": {{"from": "2026-01-01", "changes": [{{"on": "2026-10-16", "plan": "pooled@2/medium"}}]}},
                "meters": {{"calls": [{{"date": "2026-10-02", "quantity": {before}}}, {{"date": "2026-10-20", "quantity": {after}}}]}}}}"#
        );
        let file = read_usage_among(&usage, &first, &all, &plan, month)
            .unwrap_or_else(|mistakes| panic!("{name}: {}", render("usage", &mistakes)));
        assert_eq!(outcome(&price(&all, &first, &plan, month, &file, now())), expected, "{name}");
    }
}

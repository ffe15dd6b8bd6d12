//! Top-ups, promotion codes, VAT and totals, issuers, orders (C3, G1, G2, O1, Z7, Z8).

use domain::catalog::charge::Issuer;

use crate::{Long, Short, catalogue, check_months, check_plan, list, outcome, report};

const ADJUSTED: &str = include_str!("adjusted.toml");

const CODES: &[Long] = &[
    (
        "three months, that of its redemption included",
        r#"{"subscription": {"from": "2026-01-01",
            "promotions": [{"code": "FEE-ONLY", "on": "2026-09-30"}]}}"#,
        &[("2026-08", "40.00"), ("2026-09", "40.00 -4.00"), ("2026-11", "40.00 -4.00"), ("2026-12", "40.00")],
    ),
    (
        "redeemed on 31 October: October, November, December",
        r#"{"subscription": {"from": "2026-01-01",
            "promotions": [{"code": "FEE-ONLY", "on": "2026-10-31"}]}}"#,
        &[("2026-10", "40.00 -4.00"), ("2026-12", "40.00 -4.00"), ("2027-01", "40.00")],
    ),
    (
        "only of its charge: 40.00 and 10.00",
        r#"{"subscription": {"promotions": [{"code": "FEE-ONLY", "on": "2026-11-02"}]},
            "meters": {"units": 1000}}"#,
        &[("2026-11", "40.00 10.00 -4.00")],
    ),
    (
        "void from 1 December: usage is charged on the last of November",
        r#"{"subscription": {"from": "2026-01-01",
            "promotions": [{"code": "TENTH", "on": "2026-01-01", "void_from": "2026-12-01"}]}}"#,
        &[("2026-11", "40.00 -4.00"), ("2026-12", "40.00")],
    ),
    (
        "void from the last of November",
        r#"{"subscription": {"from": "2026-01-01",
            "promotions": [{"code": "TENTH", "on": "2026-01-01", "void_from": "2026-11-30"}]}}"#,
        &[("2026-10", "40.00 -4.00"), ("2026-11", "40.00")],
    ),
    (
        "G2 a line for each rate: 10 % of 50.00 at 19 % and of 3.00 at 7 %",
        r#"{"subscription": {"promotions": [{"code": "TENTH"}]}, "meters": {"units": 1000, "books": 300}}"#,
        &[("2026-11", "40.00 10.00 3.00 -5.00 -0.30")],
    ),
    (
        "two codes: 10 % of 40.00, then 50 % of 36.00",
        r#"{"subscription": {"promotions": [{"code": "HALF", "on": "2026-11-02"},
            {"code": "TENTH", "on": "2026-11-01"}]}}"#,
        &[("2026-11", "40.00 -4.00 -18.00")],
    ),
    (
        "two codes of one day in the order of their names: 5.00, then 50 % of 35.00",
        r#"{"subscription": {"promotions": [{"code": "HALF", "on": "2026-11-01"},
            {"code": "FIVE", "on": "2026-11-01"}]}}"#,
        &[("2026-11", "40.00 -5.00 -17.50")],
    ),
];

const CODES_TO_THE_CENT: &[Short] = &[
    ("nothing to take off", r#"{"subscription": {"promotions": [{"code": "FIVE"}]}}"#, ""),
    (
        "an amount below the sum",
        r#"{"subscription": {"promotions": [{"code": "FIVE"}]}, "meters": {"units": 501}}"#,
        "5.01 -5.00",
    ),
    (
        "never more than is charged",
        r#"{"subscription": {"promotions": [{"code": "FIVE"}]}, "meters": {"units": 123}}"#,
        "1.23 -1.23",
    ),
    (
        "an amount over two rates, as far as it reaches",
        r#"{"subscription": {"promotions": [{"code": "FIVE"}]}, "meters": {"units": 123, "books": 1000}}"#,
        "1.23 10.00 -1.23 -3.77",
    ),
    (
        "all of it, once",
        r#"{"subscription": {"promotions": [{"code": "ALL", "on": "2026-11-01"},
            {"code": "FIVE", "on": "2026-11-02"}]}, "meters": {"units": 123}}"#,
        "1.23 -1.23",
    ),
    (
        "half of 0.05 is 0.025, half up",
        r#"{"subscription": {"promotions": [{"code": "HALF"}]}, "meters": {"units": 5}}"#,
        "0.05 -0.03",
    ),
    (
        "half of 0.05, then what is left: never below nothing",
        r#"{"subscription": {"promotions": [{"code": "HALF", "on": "2026-11-01"},
            {"code": "FIVE", "on": "2026-11-02"}]}, "meters": {"units": 5}}"#,
        "0.05 -0.03 -0.02",
    ),
    (
        "half of 0.05, then all of the 0.02 that is left",
        r#"{"subscription": {"promotions": [{"code": "HALF", "on": "2026-11-01"},
            {"code": "ALL", "on": "2026-11-02"}]}, "meters": {"units": 5}}"#,
        "0.05 -0.03 -0.02",
    ),
    (
        "33.33333333 % of 0.05 = 0.0167, half of the 0.03 left = 0.015, the 0.01 left",
        r#"{"subscription": {"promotions": [{"code": "THIRD", "on": "2026-11-01"},
            {"code": "HALF", "on": "2026-11-02"}, {"code": "ALL", "on": "2026-11-03"}]},
            "meters": {"units": 5}}"#,
        "0.05 -0.02 -0.02 -0.01",
    ),
    (
        "an amount of fractions is rounded: 0.125",
        r#"{"subscription": {"promotions": [{"code": "ODD"}]}, "meters": {"units": 50}}"#,
        "0.50 -0.13",
    ),
];

const CODES_AND_CHANGES: &[Long] = &[
    (
        "of one plan only: 10 % of the change's 30 × 15 ÷ 30, then of 50.00",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-11-16", "plan": "large"}],
            "promotions": [{"code": "LARGE-ONLY"}]}}"#,
        &[("2026-10", "20.00"), ("2026-11", "20.00 15.00 -1.50"), ("2026-12", "50.00 -5.00")],
    ),
    (
        "C3 void with a change: the fee of the first has it, the change of the 16th has not",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-11-16", "plan": "large"}],
            "promotions": [{"code": "TENTH", "void_from": "2026-11-16"}]}}"#,
        &[("2026-11", "20.00 15.00 -2.00"), ("2026-12", "50.00")],
    ),
];

const CODES_MADE_VOID: &[Long] = &[(
    "C3 a downgrade makes START20 void: 20 % of 99.00, then 25.00 whole",
    r#"{"subscription": {"from": "2026-10-01", "changes": [{"on": "2026-12-01", "plan": "small"}],
        "promotions": [{"code": "START20", "on": "2026-10-01", "void_from": "2026-12-01"}]}}"#,
    &[("2026-10", "99.00 -19.80"), ("2026-11", "99.00 -19.80"), ("2026-12", "25.00")],
)];

#[test]
fn promotions_c3() {
    check_months(ADJUSTED, "whole", CODES);
    check_plan(ADJUSTED, "usage", "2026-11", CODES_TO_THE_CENT);
    check_months(ADJUSTED, "small", CODES_AND_CHANGES);
    check_months(list("webinars"), "large", CODES_MADE_VOID);
}

const MINIMUMS: &[Short] = &[
    ("nothing used: 25.00 beside the fee", "{}", "40.00 25.00"),
    ("24.99: a cent", r#"{"meters": {"units": 2499}}"#, "40.00 24.99 0.01"),
    ("25.00 over two charges", r#"{"meters": {"units": 2400, "books": 100}}"#, "40.00 24.00 1.00"),
    ("25.01", r#"{"meters": {"units": 2501}}"#, "40.00 25.01"),
    ("whole in a month that is not", r#"{"subscription": {"from": "2026-11-16"}}"#, "40.00 25.00"),
    (
        "10 % is taken off the top-up too",
        r#"{"subscription": {"promotions": [{"code": "TENTH"}]}}"#,
        "40.00 25.00 -6.50",
    ),
];

const MINIMUMS_BY_DAYS: &[Long] = &[
    (
        "by days: 30 × 15 ÷ 30",
        r#"{"subscription": {"from": "2026-11-16"}}"#,
        &[("2026-11", "15.00"), ("2026-12", "30.00")],
    ),
    (
        "by days: 30 × 10 ÷ 31 = 9.677",
        r#"{"subscription": {"from": "2026-01-01", "ends_on": "2026-10-10"}}"#,
        &[("2026-10", "9.68"), ("2026-11", "")],
    ),
    (
        "two plans: 15.00 and 30.00, nothing used",
        r#"{"subscription": {"from": "2026-01-01",
            "changes": [{"on": "2026-11-16", "plan": "more-daily"}]}}"#,
        &[("2026-11", "15.00 30.00")],
    ),
    (
        "two plans, 100.00 used in both: more than both minimums",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-11-16", "plan": "more-daily"}]},
            "meters": {"units": [{"date": "2026-11-05", "quantity": 5000},
            {"date": "2026-11-20", "quantity": 5000}]}}"#,
        &[("2026-11", "100.00")],
    ),
    (
        "two plans, 20.00 used in both: 15.00 of it for the first, 5.00 of 30.00 for the second",
        r#"{"subscription": {"from": "2026-01-01", "changes": [{"on": "2026-11-16", "plan": "more-daily"}]},
            "meters": {"units": [{"date": "2026-11-05", "quantity": 1000},
            {"date": "2026-11-20", "quantity": 1000}]}}"#,
        &[("2026-11", "20.00 25.00")],
    ),
    (
        "P1 the days of the trial have no minimum",
        r#"{"subscription": {"from": "2026-11-01", "trial_until": "2026-11-20"}}"#,
        &[("2026-11", "10.00")],
    ),
];

const MINIMUMS_OF_MODULES: &[Long] = &[
    (
        "30 tables: 9.00 + 20 × 0.80, above 10.00",
        r#"{"subscription": {"from": "2026-01-01", "bookings": [{"add_on": "table-module"}]},
            "meters": {"tables": [{"date": "2026-03-01", "quantity": 30}]}}"#,
        &[("2026-11", "9.00 16.00")],
    ),
    (
        "P1 the module's free days from 5 November: 9 × 12 ÷ 30, topped up to 10.00",
        r#"{"subscription": {"from": "2026-01-01",
            "bookings": [{"add_on": "table-module", "from": "2026-11-05"}]},
            "meters": {"tables": [{"date": "2026-11-05", "quantity": 10}]}}"#,
        &[("2026-11", "3.60 6.40")],
    ),
];

#[test]
fn minimum_spend() {
    check_plan(ADJUSTED, "least", "2026-11", MINIMUMS);
    check_months(ADJUSTED, "least-daily", MINIMUMS_BY_DAYS);
    check_months(list("modules"), "modules", MINIMUMS_OF_MODULES);
}

#[test]
fn totals_g2() {
    let catalogue = catalogue(ADJUSTED);
    for (name, plan, usage, expected) in [
        (
            "two rates: 20.03 × 19 % = 3.8057, 5.05 × 7 % = 0.3535",
            "usage",
            r#"{"meters": {"units": 2003, "books": 505}}"#,
            "25.08 0.35 3.81 29.24",
        ),
        ("on the sum: 0.03 × 19 % = 0.0057", "usage", r#"{"meters": {"units": 3}}"#, "0.03 0.01 0.04"),
        ("rounds to nothing: 0.02 × 19 % = 0.0038", "usage", r#"{"meters": {"units": 2}}"#, "0.02 0.00 0.02"),
        ("half a cent: 0.50 × 7 % = 0.035", "usage", r#"{"meters": {"books": 50}}"#, "0.50 0.04 0.54"),
        (
            "a discount lowers its own rate: (40.00 − 5.00) × 19 % = 6.65, 3.00 × 7 % = 0.21",
            "whole",
            r#"{"subscription": {"promotions": [{"code": "FIVE"}]}, "meters": {"books": 300}}"#,
            "38.00 0.21 6.65 44.86",
        ),
        ("nothing", "usage", "{}", "0.00 0.00"),
    ] {
        let report = report(&catalogue, plan, "2026-11", usage, name);
        let vat = report.totals.vat.iter().map(|group| group.vat.plain());
        let sums = std::iter::once(report.totals.net.plain()).chain(vat).chain([report.totals.gross.plain()]);
        assert_eq!(sums.collect::<Vec<_>>().join(" "), expected, "G2 {name}: {}", outcome(&report));
    }
}

const FORECASTS: &[Short] = &[
    (
        "below: 1,000 × 2.40",
        r#"{"subscription": {"forecast": {"partner_messages": 1000}},
            "meters": {"partner_messages": 800}}"#,
        "2400.00",
    ),
    (
        "reached",
        r#"{"subscription": {"forecast": {"partner_messages": 1000}},
            "meters": {"partner_messages": 1000}}"#,
        "2400.00",
    ),
    (
        "above: 1,001 × 2.40",
        r#"{"subscription": {"forecast": {"partner_messages": 1000}},
            "meters": {"partner_messages": 1001}}"#,
        "2402.40",
    ),
    ("nothing used", r#"{"subscription": {"forecast": {"partner_messages": 1000}}}"#, "2400.00"),
    ("none given", r#"{"meters": {"partner_messages": 1}}"#, "held no_forecast"),
    ("none given, nothing ordered: nothing is held", "{}", ""),
    (
        "a forecast of 0 is one",
        r#"{"subscription": {"forecast": {"partner_messages": 0}}, "meters": {"partner_messages": 2}}"#,
        "4.80",
    ),
    (
        "each service has its own",
        r#"{"subscription": {"forecast": {"partner_messages": 10}},
            "meters": {"partner_messages": 2, "partner_calls": 3}}"#,
        "24.00 held no_forecast",
    ),
];

#[test]
fn partners_and_forecasts_z7() {
    check_plan(list("helpdesk"), "agent", "2026-11", FORECASTS);
    let catalogue = catalogue(list("helpdesk"));
    let usage = r#"{"subscription": {"forecast": {"partner_calls": 10}},
            "meters": {"named_licences": 2, "partner_calls": 3}}"#;
    let report = report(&catalogue, "agent", "2026-11", usage, "Z7");
    let invoices: Vec<_> =
        report.invoices.iter().map(|(issuer, totals)| (*issuer, totals.net.plain(), totals.gross.plain())).collect();
    let own = |issuer, net: &str, gross: &str| (issuer, net.to_owned(), gross.to_owned());
    // 2 × 29.00 and 10 × 3.90, each with its own VAT.
    assert_eq!(invoices, [own(Issuer::Operator, "58.00", "69.02"), own(Issuer::Partner, "39.00", "46.41")], "Z7");
}

const ORDERS: &[Short] = &[
    ("A30 250.00", r#"{"orders": [{"date": "2026-11-05", "charge": "setup"}]}"#, "250.00"),
    ("A30 agreed on more", r#"{"orders": [{"date": "2026-11-05", "charge": "setup", "price": "400.00"}]}"#, "400.00"),
    ("A30 agreed on the same", r#"{"orders": [{"date": "2026-11-05", "charge": "setup", "price": 250}]}"#, "250.00"),
    (
        "A30 the account's agreed price",
        r#"{"subscription": {"agreed_prices": {"setup": 300}},
            "orders": [{"date": "2026-11-05", "charge": "setup"}]}"#,
        "300.00",
    ),
    (
        "A30 the account's cannot be less",
        r#"{"subscription": {"agreed_prices": {"setup": 249.99}},
            "orders": [{"date": "2026-11-05", "charge": "setup"}]}"#,
        "held agreed_price_not_allowed",
    ),
    (
        "A30 on the first and last day",
        r#"{"orders": [{"date": "2026-11-30", "charge": "setup"},
            {"date": "2026-11-01", "charge": "setup", "price": 260}]}"#,
        "260.00 250.00",
    ),
    (
        "A30 the next month's",
        r#"{"subscription": {"from": "2026-11-01"},
            "orders": [{"date": "2026-12-01", "charge": "setup"}]}"#,
        "",
    ),
    ("A30 none", r#"{"orders": [{"date": "2026-11-05", "charge": "setup", "quantity": 0}]}"#, ""),
    (
        "G7 before the subscription",
        r#"{"subscription": {"from": "2026-11-06"},
            "orders": [{"date": "2026-11-05", "charge": "setup"}]}"#,
        "held no_subscription",
    ),
];

const SERVICES: &[Short] = &[
    (
        "Z8 1.5 hours of 90.00",
        r#"{"orders": [{"date": "2026-11-05", "charge": "online-support", "quantity": 1.5}]}"#,
        "135.00",
    ),
    (
        "Z8 two people on one trip",
        r#"{"orders": [{"date": "2026-11-05", "charge": "travel", "quantity": 2}]}"#,
        "780.00",
    ),
    (
        "Z8a expenses as agreed",
        r#"{"orders": [{"date": "2026-11-05", "charge": "expenses", "price": "17.35"}]}"#,
        "17.35",
    ),
    (
        "Z8a expenses without an amount",
        r#"{"orders": [{"date": "2026-11-05", "charge": "expenses"}]}"#,
        "held no_agreed_price",
    ),
    (
        "Z8 a third of an hour: 90 × 0.33333333 = 29.9999997",
        r#"{"orders": [{"date": "2026-11-05", "charge": "text-service", "quantity": 0.33333333}]}"#,
        "30.00",
    ),
];

#[test]
fn orders_a30_z8_o1() {
    check_plan(list("attendees"), "pay-per-attendee", "2026-11", ORDERS);
    check_plan(list("helpdesk"), "agent", "2026-11", SERVICES);
}

//! Mistaken files with every mistake they are told.

mod consumption;
mod file;

use super::{edited, mistakes};

/// A name, a piece of the sound file, what stands there instead, and the mistakes; without a piece the whole file.
type Row = (&'static str, &'static str, &'static str, &'static [&'static str]);

fn check(rows: &[Row]) {
    for (name, from, to, expected) in rows {
        let text = if from.is_empty() { (*to).to_owned() } else { edited(name, from, to) };
        assert_eq!(mistakes(&text), *expected, "{name}");
    }
}

#[test]
fn all_mistakes_are_told_in_the_order_of_the_file() {
    let text = r#"{
  "orders": [{ "charge": "fee", "date": "tomorrow" }],
  "buyer": { "country": "de" },
  "meters": { "users": 3, "storage": -1 }
}"#;
    assert_eq!(
        mistakes(text),
        [
            "2:26: orders[0].charge: `fee` cannot be ordered; what can be is `setup`",
            "2:41: orders[0].date: \"tomorrow\" is no date; write one such as 2026-11-01",
            "3:25: buyer.country: \"de\" is no country; write two capital letters such as DE",
            "4:24: meters.users: who was counted is needed, not how many; write records such as \
             [{ \"date\": \"2026-11-03\", \"subject\": \"anna\" }]",
            "4:38: meters.storage: below zero, which is not possible here",
        ]
    );
}

#[test]
fn the_plan_must_be_one_of_the_catalogue() {
    let plan = domain::catalog::names::PlanId::parse("pro").expect("a name");
    let month = domain::calendar::Month::parse("2026-11").expect("a month");
    let mistakes = crate::read_usage("{}", &super::catalogue(), &plan, month).expect_err("no such plan");
    assert_eq!(
        crate::render("usage.json", &mistakes),
        "usage.json:1:1: the catalogue everything@2026-01 has no plan `pro`; its plans are `basic` or `licence`\n"
    );
}

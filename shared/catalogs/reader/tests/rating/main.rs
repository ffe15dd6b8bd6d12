//! The price engine by example: every row is a plan, a month, a usage file and what must come of it.
#![expect(clippy::expect_used, clippy::panic, reason = "a test ends by a panic")]

mod adjustments;
mod fees;
mod late;
mod limits;
mod meters;
mod plans;
mod pools;
mod public_models;
mod rules;
mod tiers;
mod time;
mod versions;

use catalogs::price::{Report, price};
use catalogs::{PRICE_LISTS, UsageFile, read_catalogue, read_usage, render};
use domain::calendar::{Instant, Month};
use domain::catalog::names::PlanId;
use domain::catalog::{Catalogue, Catalogues};

/// A row: its name cites the rule.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) plan: &'static str,
    pub(crate) month: &'static str,
    pub(crate) usage: &'static str,
    /// Nets of the lines in order, then the codes of what is held: `111.00`, `29.50 40.00`, `held on_request`.
    pub(crate) expected: &'static str,
}

/// Name, usage file, expected.
pub(crate) type Short = (&'static str, &'static str, &'static str);

/// Name, usage file, months with what is expected in each.
pub(crate) type Long = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// One of the five price lists.
pub(crate) fn list(name: &str) -> &'static str {
    PRICE_LISTS.iter().find(|list| list.0 == name).expect(name).1
}

/// Prices rows of one plan and month.
pub(crate) fn check_plan(file: &str, plan: &'static str, month: &'static str, rows: &[Short]) {
    let row = |&(name, usage, expected): &Short| Row { name, plan, month, usage, expected };
    check(file, &rows.iter().map(row).collect::<Vec<_>>());
}

/// Prices several months of one usage file each.
pub(crate) fn check_months(file: &str, plan: &'static str, rows: &[Long]) {
    let months = |&(name, usage, months): &Long| {
        months.iter().map(move |&(month, expected)| Row { name, plan, month, usage, expected })
    };
    check(file, &rows.iter().flat_map(months).collect::<Vec<_>>());
}

/// Prices every row and names all that differ.
pub(crate) fn check(file: &str, rows: &[Row]) {
    let catalogue = catalogue(file);
    let mut wrong = Vec::new();
    for row in rows {
        let found = outcome(&report(&catalogue, row.plan, row.month, row.usage, row.name));
        if found != row.expected {
            wrong.push(format!("{} in {}: expected `{}`, found `{found}`", row.name, row.month, row.expected));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// Reads a catalogue that has to be sound.
pub(crate) fn catalogue(file: &str) -> Catalogue {
    read_catalogue(file).unwrap_or_else(|mistakes| panic!("{}", render("catalogue", &mistakes)))
}

/// The report of a plan, a month and a usage file that have to be sound.
pub(crate) fn report(catalogue: &Catalogue, plan: &str, month: &str, usage: &str, name: &str) -> Report {
    report_with(catalogue, plan, month, usage, name, |_| {})
}

/// As [`report`], after a change that no file can make.
pub(crate) fn report_with(
    catalogue: &Catalogue,
    plan: &str,
    month: &str,
    usage: &str,
    name: &str,
    change: impl Fn(&mut UsageFile),
) -> Report {
    let month = Month::parse(month).expect(name);
    let plan = PlanId::parse(plan).expect(name);
    let mut file = read_usage(usage, catalogue, &plan, month)
        .unwrap_or_else(|mistakes| panic!("{name}: {}", render("usage", &mistakes)));
    change(&mut file);
    price(&Catalogues::one(catalogue.clone()), catalogue, &plan, month, &file, now())
}

/// The time at which open tickets are looked at.
pub(crate) fn now() -> Instant {
    "2026-12-01T09:00:00Z".parse().expect("a time")
}

/// Nets of the lines, then what is held.
pub(crate) fn outcome(report: &Report) -> String {
    let nets = report.rating.lines.iter().map(|rated| rated.line.net.plain());
    let held = report.rating.held.iter().map(|reason| format!("held {}", reason.code()));
    nets.chain(held).collect::<Vec<_>>().join(" ")
}

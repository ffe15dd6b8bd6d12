//! What must hold for every price, whatever is subscribed to and used.
#![expect(clippy::expect_used, clippy::panic, reason = "a test ends by a panic")]

mod anything;
mod late;
mod money;
mod samples;

use std::sync::LazyLock;

use catalogs::{PRICE_LISTS, read_catalogue, render};
use domain::calendar::{Day, Month};
use domain::catalog::names::PlanId;
use domain::catalog::{Catalogue, CatalogueParts, Catalogues, PlanKey};
use domain::rating::{Rating, rate_month};
use domain::subscription::Subscription;
use domain::usage::Usage;
use rust_decimal::Decimal;

/// Every model at once.
pub(crate) static MIX: LazyLock<Catalogue> = LazyLock::new(|| read(include_str!("mix.toml")));

/// A catalogue that has to be sound.
pub(crate) fn read(file: &str) -> Catalogue {
    read_catalogue(file).unwrap_or_else(|mistakes| panic!("{}", render("catalogue", &mistakes)))
}

/// One of the five price lists.
pub(crate) fn list(name: &str) -> Catalogue {
    read(PRICE_LISTS.iter().find(|list| list.0 == name).expect(name).1)
}

/// The catalogue with a part of it replaced.
pub(crate) fn with(catalogue: &Catalogue, change: impl Fn(&mut CatalogueParts)) -> Catalogue {
    let mut parts = catalogue.parts().clone();
    change(&mut parts);
    Catalogue::new(parts).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

/// A plan of a catalogue.
pub(crate) fn plan(catalogue: &Catalogue, name: &str) -> PlanKey {
    catalogue.plan_key(&PlanId::parse(name).expect(name))
}

pub(crate) fn rate(catalogue: &Catalogue, subscription: &Subscription, usage: &Usage, month: Month) -> Rating {
    rate_month(&Catalogues::one(catalogue.clone()), subscription, usage, month)
}

/// Sum of the nets.
pub(crate) fn net(rating: &Rating) -> Decimal {
    rating.lines.iter().map(|rated| rated.line.net.amount()).sum()
}

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).expect(text)
}

pub(crate) fn month(text: &str) -> Month {
    Month::parse(text).expect(text)
}

/// So many days after the first of September 2026.
pub(crate) fn nth(days: u64) -> Day {
    day("2026-09-01").plus_days(days)
}

/// September to December 2026.
pub(crate) fn months() -> [Month; 4] {
    ["2026-09", "2026-10", "2026-11", "2026-12"].map(month)
}

/// Days from September to December.
pub(crate) const DAYS: u64 = 122;

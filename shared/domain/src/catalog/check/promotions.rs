//! Promotion codes.

use std::collections::HashSet;

use crate::catalog::CatalogueParts;
use crate::catalog::check::index::{Index, defined_once};
use crate::catalog::check::report::{Place, Report};
use crate::catalog::check::values::{self, Least};
use crate::catalog::plan::{Discount, Promotion};

/// Reports the mistakes of all promotions.
pub(super) fn check(parts: &CatalogueParts, index: &Index<'_>, report: &mut Report) {
    let top = Place::top("promotions");
    let mut seen = HashSet::new();
    for promotion in &parts.promotions {
        let place = top.then(promotion.code.as_str());
        defined_once(report, &place, &mut seen, "promotion", promotion.code.as_str());
        one(report, &place, index, promotion);
        if report.full() {
            return;
        }
    }
}

fn one(report: &mut Report, place: &Place<'_>, index: &Index<'_>, promotion: &Promotion) {
    values::text(report, &place.then("text"), &promotion.text);
    match promotion.discount {
        Discount::Percent(percent) => values::percent(report, &place.then("percent"), percent, Least::AboveZero),
        Discount::Amount(amount) => {
            values::number(report, &place.then("amount"), "amount", amount, Least::AboveZero);
        }
    }
    if let Some(months) = promotion.months {
        values::whole(report, &place.then("months"), months, &values::MONTHS);
    }
    index.plans.list(report, &place.then("plans"), promotion.plans.iter().map(|id| id.as_str()));
    index.charges.list(report, &place.then("charges"), promotion.charges.iter().map(|id| id.as_str()));
    if let (Some(from), Some(until)) = (promotion.from, promotion.until)
        && until < from
    {
        report.add(&place.then("until"), format!("{until} lies before the first day; write {from} or later"));
    }
    if promotion.limit == Some(0) {
        report.add(&place.then("limit"), "nobody could redeem the code; write 1 or more, or leave limit out");
    }
    values::source(report, place, &promotion.source);
}

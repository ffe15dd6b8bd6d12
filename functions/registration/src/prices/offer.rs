//! What can be chosen: the price lists that are sold today, their plans, and the months around today.

use std::cmp::Reverse;
use std::sync::Arc;

use domain::calendar::{Day, Instant, Month};
use domain::catalog::Catalogue;
use domain::catalog::plan::Plan;

use crate::cache::Lists;

/// Years a month can be priced in, as in usage files.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;
/// Months offered before and after the present one.
const MONTHS: (usize, usize) = (3, 12);

/// The newest version of each price list that is valid on a day and has a plan that is sold, by name.
pub(super) fn offered(lists: &Lists, today: Day) -> Vec<&Arc<Catalogue>> {
    let sold = |(catalogue, _): &&(Arc<Catalogue>, Instant)| {
        let parts = catalogue.parts();
        parts.valid_from.is_none_or(|from| from <= today) && parts.plans.iter().any(|plan| plan.sold)
    };
    let mut versions: Vec<&(Arc<Catalogue>, Instant)> = lists.published.iter().filter(sold).collect();
    versions.sort_by_key(|(catalogue, published_at)| {
        let parts = catalogue.parts();
        (parts.id.as_str(), Reverse((parts.valid_from, *published_at, parts.version.as_str())))
    });
    versions.dedup_by(|(later, _), (first, _)| later.parts().id == first.parts().id);
    versions.into_iter().map(|(catalogue, _)| catalogue).collect()
}

/// A plan as addresses name it: `attendees@2021-03/licence`.
pub(super) fn plan_address(catalogue: &Catalogue, plan: &Plan) -> String {
    catalogue.plan_key(&plan.id).to_string()
}

/// The plan an address names, of any version: a link keeps its prices when a newer list comes.
pub(super) fn named<'a>(lists: &'a Lists, address: &str) -> Option<(&'a Arc<Catalogue>, &'a Plan)> {
    let (key, plan) = address.split_once('/')?;
    let catalogue = lists.all.get(key)?;
    Some((catalogue, catalogue.plan(plan)?))
}

/// The plans one can change to within a month: those that are sold and rank as high or higher. A change to a lower
/// one takes effect with the next term (C3).
pub(super) fn changes<'a>(catalogue: &'a Catalogue, plan: &Plan) -> impl Iterator<Item = &'a Plan> {
    let (id, rank) = (plan.id.clone(), plan.rank);
    catalogue.parts().plans.iter().filter(move |other| other.sold && other.id != id && other.rank >= rank)
}

/// The months to choose from, the chosen one among them.
pub(super) fn months(present: Month, chosen: Month) -> Vec<Month> {
    let (before, after) = MONTHS;
    let first = (0..before).fold(present, |month, _| month.previous());
    let mut months: Vec<Month> =
        std::iter::successors(Some(first), |month| Some(month.next())).take(before + 1 + after).collect();
    if !months.contains(&chosen) {
        months.push(chosen);
        months.sort_unstable();
    }
    months
}

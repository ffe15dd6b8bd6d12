//! Which plans can be taken today: those of the newest version of each price list, as far as they are sold.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::calendar::Day;
use domain::catalog::plan::Plan;
use domain::catalog::{Catalogue, Catalogues, PlanKey};

/// The newest version of each price list that is sold on a day and has plans that are, by name. The greatest
/// version text is the newest.
pub(crate) fn newest(catalogues: &Catalogues, today: Day) -> Vec<&Arc<Catalogue>> {
    let mut newest: BTreeMap<&str, &Arc<Catalogue>> = BTreeMap::new();
    for catalogue in catalogues.iter() {
        let parts = catalogue.parts();
        let sold = parts.plans.iter().any(|plan| plan.sold) && parts.valid_from.is_none_or(|from| from <= today);
        let newer = newest.get(parts.id.as_str()).is_none_or(|known| known.parts().version < parts.version);
        if sold && newer {
            newest.insert(&parts.id, catalogue);
        }
    }
    newest.into_values().collect()
}

/// Plans that are sold in some version.
pub(crate) fn sold(catalogue: &Catalogue) -> impl Iterator<Item = (PlanKey, &Plan)> {
    catalogue.parts().plans.iter().filter(|plan| plan.sold).map(|plan| (catalogue.plan_key(&plan.id), plan))
}

/// Plans an account on one version may ask for: those of the newest version of the same price list, then those
/// that its own version still sells.
pub(crate) fn for_account<'a>(catalogues: &'a Catalogues, own: &'a Catalogue, today: Day) -> Vec<(PlanKey, &'a Plan)> {
    let newer = newer(catalogues, own, today).into_iter().flat_map(sold);
    newer.chain(sold(own)).collect()
}

/// The newest version of the same price list, unless it is this one.
pub(crate) fn newer<'a>(catalogues: &'a Catalogues, own: &Catalogue, today: Day) -> Option<&'a Catalogue> {
    let same = |catalogue: &&Arc<Catalogue>| catalogue.parts().id == own.parts().id;
    let found = newest(catalogues, today).into_iter().find(same)?;
    (found.parts().version > own.parts().version).then_some(found.as_ref())
}

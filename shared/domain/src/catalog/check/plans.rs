//! Plans: their terms, their marks on meters (G7), their pools and charges.

use std::collections::{HashMap, HashSet};

use crate::catalog::CatalogueParts;
use crate::catalog::charge::Model;
use crate::catalog::check::index::{Index, defined_once, listed_once};
use crate::catalog::check::overlaps;
use crate::catalog::check::report::{Place, Report};
use crate::catalog::check::values::{self, Least};
use crate::catalog::names::PlanId;
use crate::catalog::plan::{Mark, Plan, Term};

/// Reports the mistakes of all plans.
pub(super) fn check(parts: &CatalogueParts, index: &Index<'_>, report: &mut Report) {
    let top = Place::top("plans");
    if parts.plans.is_empty() {
        report.add(&top, "there is no plan, so nothing can be subscribed to; define one at least");
    }
    let mut seen = HashSet::new();
    for plan in &parts.plans {
        let place = top.then(plan.id.as_str());
        defined_once(report, &place, &mut seen, "plan", plan.id.as_str());
        one(report, &place, index, plan);
        if report.full() {
            return;
        }
    }
}

fn one(report: &mut Report, place: &Place<'_>, index: &Index<'_>, plan: &Plan) {
    values::text(report, &place.then("title"), &plan.title);
    values::whole(report, &place.then("trial_days"), plan.trial_days, &values::DAYS);
    values::whole(report, &place.then("lead_days"), plan.lead_days, &values::DAYS);
    if let Some(agreed) = &plan.term {
        term(report, &place.then("term"), agreed);
    }
    index.add_ons.list(report, &place.then("includes"), plan.includes.iter().map(|id| id.as_str()));
    limits(report, &place.then("limits"), plan);
    index.charges.list(report, &place.then("charges"), plan.charges.iter().map(|id| id.as_str()));
    let mut listed = HashSet::new();
    let by_time = plan.charges.iter().enumerate().filter_map(|(number, id)| {
        let charge = index.charge(id.as_str()).filter(|_| listed.insert(id))?;
        let Model::Blocks(blocks) = &charge.model else { return None };
        Some((number, charge.id.as_str(), blocks.channel.as_str()))
    });
    overlaps::check(report, &place.then("charges"), index, by_time);
    marks(report, &place.then("meters"), index, plan);
    pools(report, &place.then("pools"), index, plan);
    minimum_spend(report, &place.then("minimum_spend"), index, plan);
}

fn term(report: &mut Report, place: &Place<'_>, term: &Term) {
    values::whole(report, &place.then("months"), term.months, &values::MONTHS);
    values::whole(report, &place.then("renewal_months"), term.renewal_months, &(0..=*values::MONTHS.end()));
    if term.notice_months > term.months {
        let (notice, months) = (term.notice_months, term.months);
        report.add(
            &place.then("notice_months"),
            format!("a notice of {notice} months is longer than the term; write {months} or less"),
        );
    }
}

fn limits(report: &mut Report, place: &Place<'_>, plan: &Plan) {
    let mut seen = HashSet::new();
    for (name, _) in &plan.limits {
        let place = place.then(name);
        // Limits are named like everything else in a catalogue.
        if let Err(error) = PlanId::parse(name) {
            report.add(&place, format!("this cannot be the name of a limit; {error}"));
        }
        listed_once(report, &place, &mut seen, name);
    }
}

/// G7: every meter is marked, and marked as charged exactly if a charge of the plan prices it.
fn marks(report: &mut Report, place: &Place<'_>, index: &Index<'_>, plan: &Plan) {
    let charges = plan.charges.iter().filter_map(|id| index.charge(id.as_str()));
    let mut priced: HashMap<&str, &str> = HashMap::new();
    for charge in charges {
        if let Some(meter) = charge.model.meter() {
            priced.entry(meter.as_str()).or_insert(charge.id.as_str());
        }
    }
    let mut seen = HashSet::new();
    for (meter, mark) in &plan.meters {
        let meter = meter.as_str();
        let place = place.then(meter);
        listed_once(report, &place, &mut seen, meter);
        if !index.meters.require(report, &place, meter) {
            continue;
        }
        match (*mark, priced.get(meter)) {
            (Mark::Charged, None) => report.add(
                &place,
                "the meter is marked charged, but no charge of the plan prices it; list one that does, or mark it \
                 included or ignored",
            ),
            (Mark::Included | Mark::Ignored, Some(charge)) => {
                let mark = mark.code();
                report.add(
                    &place,
                    format!(
                        "the meter is marked {mark}, but `{charge}` prices it; mark it charged, or take `{charge}` out \
                         of the plan"
                    ),
                );
            }
            (Mark::Charged, Some(_)) | (Mark::Included | Mark::Ignored, None) => {}
        }
    }
    for meter in index.meters.all().iter().filter(|meter| !seen.contains(*meter)) {
        let right = priced.get(meter).map_or_else(
            || "mark it charged, included or ignored".to_owned(),
            |charge| format!("mark it charged, for `{charge}` prices it"),
        );
        report.add(place, format!("the plan does not mark the meter `{meter}`; {right}"));
        if report.full() {
            return;
        }
    }
}

fn pools(report: &mut Report, place: &Place<'_>, index: &Index<'_>, plan: &Plan) {
    let charges = plan.charges.iter().filter_map(|id| index.charge(id.as_str()));
    let drawn: HashSet<&str> = charges.flat_map(|charge| charge.model.pools()).map(|pool| pool.as_str()).collect();
    let mut seen = HashSet::new();
    for pool in &plan.pools {
        let id = pool.id.as_str();
        let place = place.then(id);
        defined_once(report, &place, &mut seen, "pool", id);
        values::text(report, &place.then("title"), &pool.title);
        // Nothing may be free until an add-on is booked.
        let least = if pool.sizes.is_empty() { Least::AboveZero } else { Least::Zero };
        values::number(report, &place.then("size"), "size of a pool", pool.size, least);
        let mut sized = HashSet::new();
        for (add_on, size) in &pool.sizes {
            let (add_on, sizes) = (add_on.as_str(), place.then("sizes"));
            let place = sizes.then(add_on);
            listed_once(report, &place, &mut sized, add_on);
            index.add_ons.require(report, &place, add_on);
            values::number(report, &place, "size of a pool", *size, Least::Zero);
            if *size < pool.size {
                let least = pool.size;
                report.add(&place, format!("the size is below that without the add-on; write {least} or more"));
            }
        }
        if !drawn.contains(id) {
            report.add(
                &place,
                "no charge of the plan draws from this pool; name it in the pools of one, or leave it out",
            );
        }
    }
}

fn minimum_spend(report: &mut Report, place: &Place<'_>, index: &Index<'_>, plan: &Plan) {
    let Some(minimum) = &plan.minimum_spend else { return };
    values::number(report, &place.then("price"), "price", minimum.amount, Least::Zero);
    values::source(report, place, &minimum.source);
    let place = place.then("charges");
    index.charges.list(report, &place, minimum.charges.iter().map(|id| id.as_str()));
    let listed: HashSet<&str> = plan.charges.iter().map(|id| id.as_str()).collect();
    for (number, id) in minimum.charges.iter().map(|id| id.as_str()).enumerate() {
        if index.charge(id).is_some() && !listed.contains(id) {
            report.add(
                &place.at(number),
                format!("`{id}` is no charge of this plan; list it in the plan, or leave it out here"),
            );
        }
    }
}

//! Add-ons and what they require (S1).

use std::collections::HashSet;

use crate::catalog::CatalogueParts;
use crate::catalog::check::cycles::cycles;
use crate::catalog::check::index::{Index, defined_once};
use crate::catalog::check::report::{Place, Report};
use crate::catalog::check::values;
use crate::catalog::plan::AddOn;

/// Most cycles reported.
const MOST_CYCLES: usize = 100;
/// Most members of a cycle that are named.
const MOST_NAMED: usize = 20;

/// Reports the mistakes of all add-ons.
pub(super) fn check(parts: &CatalogueParts, index: &Index<'_>, report: &mut Report) {
    let top = Place::top("add_ons");
    let used = used(parts);
    let mut seen = HashSet::new();
    for add_on in &parts.add_ons {
        let id = add_on.id.as_str();
        let place = top.then(id);
        defined_once(report, &place, &mut seen, "add-on", id);
        values::text(report, &place.then("title"), &add_on.title);
        requires(report, &place.then("requires"), index, add_on);
        values::whole(report, &place.then("trial_days"), add_on.trial_days, &values::DAYS);
        if let Some(response) = &add_on.response {
            let place = place.then("response");
            values::whole(report, &place.then("hours"), response.hours, &values::HOURS);
            if response.windows.is_empty() {
                report.add(
                    &place.then("windows"),
                    "the clock would never run; write one window at least, such as \"mon-fri 09:00-18:00\"",
                );
            }
            values::windows(report, &place.then("windows"), &response.windows);
        } else if !used.contains(id) {
            report.add(
                &place,
                "nothing uses this add-on; use it in a charge, a pool, a plan or another add-on, name it like a limit, or leave it out",
            );
        }
        if report.full() {
            return;
        }
    }
    circles(parts, index, report, &top);
}

fn requires(report: &mut Report, place: &Place<'_>, index: &Index<'_>, add_on: &AddOn) {
    index.add_ons.list(report, place, add_on.requires.iter().map(|id| id.as_str()));
    if let Some(itself) = add_on.requires.iter().position(|required| *required == add_on.id) {
        report.add(&place.at(itself), "an add-on cannot require itself; leave it out");
    }
}

/// Add-ons that change what is charged, free, included or bookable.
fn used(parts: &CatalogueParts) -> HashSet<&str> {
    let charges = parts.charges.iter().filter_map(|charge| charge.add_on.as_ref());
    let plans = parts.plans.iter().flat_map(|plan| {
        let sizes = plan.pools.iter().flat_map(|pool| &pool.sizes).map(|(add_on, _)| add_on);
        plan.includes.iter().chain(sizes)
    });
    let required =
        parts.add_ons.iter().flat_map(|add_on| add_on.requires.iter().filter(|required| **required != add_on.id));
    // One that raises a limit of its name (C6); hyphens and underscores of names are the same there.
    let limits = || parts.plans.iter().flat_map(|plan| &plan.limits).map(|(name, _)| name.replace('-', "_"));
    let raises = |add_on: &&AddOn| limits().any(|limit| limit == add_on.id.as_str().replace('-', "_"));
    let raising = parts.add_ons.iter().filter(raises).map(|add_on| &add_on.id);
    charges.chain(plans).chain(required).chain(raising).map(|id| id.as_str()).collect()
}

fn circles(parts: &CatalogueParts, index: &Index<'_>, report: &mut Report, top: &Place<'_>) {
    let names = index.add_ons.all();
    let mut edges = vec![Vec::new(); names.len()];
    for add_on in &parts.add_ons {
        let required = add_on.requires.iter().filter_map(|id| index.add_ons.position(id.as_str()));
        if let Some(edges) = index.add_ons.position(add_on.id.as_str()).and_then(|from| edges.get_mut(from)) {
            edges.extend(required);
        }
    }
    for circle in cycles(&edges, MOST_CYCLES) {
        let mut members: Vec<&str> = circle.iter().filter_map(|member| names.get(*member).copied()).collect();
        let Some(first) = members.first().copied() else { continue };
        if members.len() > MOST_NAMED {
            members.truncate(MOST_NAMED);
            members.push("…");
        }
        members.push(first);
        let text = format!("the requirements go round in a circle, {}; leave one of them out", members.join(" → "));
        report.add(&top.then(first).then("requires"), text);
    }
}

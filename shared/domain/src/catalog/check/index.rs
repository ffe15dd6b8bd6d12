//! What exists and what uses it, looked up by name.

use std::collections::{HashMap, HashSet};

use crate::catalog::CatalogueParts;
use crate::catalog::charge::{Charge, Model};
use crate::catalog::check::nearest::nearest;
use crate::catalog::check::overlaps::{self, Span};
use crate::catalog::check::report::{Place, Report};
use crate::catalog::meter::Meter;

/// Names listed for one that does not exist.
const MOST_LISTED: usize = 8;
/// Mistakes from which on the nearest name is no longer sought.
const MOST_SOUGHT: usize = 100;
/// Names a wrong one is compared with.
const MOST_COMPARED: usize = 1000;

/// The names of one kind, in the order of the file.
pub(super) struct Names<'a> {
    what: &'static str,
    all: Vec<&'a str>,
    places: HashMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    fn new(what: &'static str, names: impl Iterator<Item = &'a str>) -> Self {
        let mut index = Self { what, all: Vec::new(), places: HashMap::new() };
        for name in names {
            if !index.places.contains_key(name) {
                index.places.insert(name, index.all.len());
                index.all.push(name);
            }
        }
        index
    }

    /// Each name once.
    pub(super) fn all(&self) -> &[&'a str] {
        &self.all
    }

    /// Its number among all names.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// Reports a name that does not exist, and says whether it exists.
    pub(super) fn require(&self, report: &mut Report, place: &Place<'_>, name: &str) -> bool {
        let known = self.places.contains_key(name);
        if !known {
            let text = format!("there is no {} `{name}`; {}", self.what, self.existing(name, report.len()));
            report.add(place, text);
        }
        known
    }

    fn existing(&self, wrong: &str, mistakes: usize) -> String {
        let compared = if mistakes < MOST_SOUGHT { MOST_COMPARED } else { 0 };
        let near = nearest(wrong, self.all.iter().copied().take(compared));
        let others = self.all.iter().copied().filter(|name| Some(*name) != near);
        let listed: Vec<String> =
            near.into_iter().chain(others).take(MOST_LISTED).map(|name| format!("`{name}`")).collect();
        match (listed.as_slice(), self.all.len().saturating_sub(listed.len())) {
            ([], _) => "the catalogue defines none".to_owned(),
            ([one], _) => format!("there is only {one}"),
            (_, 0) => format!("there are {}", listed.join(", ")),
            (_, more) => format!("there are {} and {more} more", listed.join(", ")),
        }
    }

    /// Checks a list of names: each exists, none is listed twice.
    pub(super) fn list<'n>(&self, report: &mut Report, place: &Place<'_>, names: impl Iterator<Item = &'n str>) {
        let mut seen = HashSet::new();
        for (index, name) in names.enumerate() {
            let place = place.at(index);
            if listed_once(report, &place, &mut seen, name) {
                self.require(report, &place, name);
            }
        }
    }
}

/// Reports a name that a list holds already, and says whether it does not.
pub(super) fn listed_once<'n>(
    report: &mut Report,
    place: &Place<'_>,
    seen: &mut HashSet<&'n str>,
    name: &'n str,
) -> bool {
    let first = seen.insert(name);
    if !first {
        report.add(place, format!("`{name}` is listed twice; leave one of them out"));
    }
    first
}

/// Reports a name that is defined more than once.
pub(super) fn defined_once<'n>(
    report: &mut Report,
    place: &Place<'_>,
    seen: &mut HashSet<&'n str>,
    what: &str,
    name: &'n str,
) {
    if !seen.insert(name) {
        report.add(place, format!("there is another {what} `{name}`; give each a name of its own"));
    }
}

/// What exists and what uses it; of two of the same name the first.
pub(super) struct Index<'a> {
    pub(super) meters: Names<'a>,
    pub(super) add_ons: Names<'a>,
    pub(super) charges: Names<'a>,
    pub(super) plans: Names<'a>,
    /// Pools of any plan.
    pub(super) pools: Names<'a>,
    meter: HashMap<&'a str, &'a Meter>,
    charge: HashMap<&'a str, &'a Charge>,
    /// The first plan that lists a charge.
    listed: HashMap<&'a str, &'a str>,
    /// Charges with a pool that a plan which lists the charge has.
    offered: HashSet<(&'a str, &'a str)>,
    /// Minutes of the week of each charge by time.
    spans: HashMap<&'a str, Vec<Span>>,
}

impl<'a> Index<'a> {
    /// Of a catalogue.
    pub(super) fn new(parts: &'a CatalogueParts) -> Self {
        let pools = parts.plans.iter().flat_map(|plan| &plan.pools).map(|pool| pool.id.as_str());
        let mut index = Self {
            meters: Names::new("meter", parts.meters.iter().map(|meter| meter.id.as_str())),
            add_ons: Names::new("add-on", parts.add_ons.iter().map(|add_on| add_on.id.as_str())),
            charges: Names::new("charge", parts.charges.iter().map(|charge| charge.id.as_str())),
            plans: Names::new("plan", parts.plans.iter().map(|plan| plan.id.as_str())),
            pools: Names::new("pool", pools),
            meter: HashMap::new(),
            charge: HashMap::new(),
            listed: HashMap::new(),
            offered: HashSet::new(),
            spans: HashMap::new(),
        };
        for meter in &parts.meters {
            index.meter.entry(meter.id.as_str()).or_insert(meter);
        }
        for charge in &parts.charges {
            index.charge.entry(charge.id.as_str()).or_insert(charge);
            if let Model::Blocks(blocks) = &charge.model {
                index.spans.entry(charge.id.as_str()).or_insert_with(|| overlaps::spans(&blocks.windows));
            }
        }
        for plan in &parts.plans {
            let pools: HashSet<&str> = plan.pools.iter().map(|pool| pool.id.as_str()).collect();
            for id in &plan.charges {
                index.listed.entry(id.as_str()).or_insert(plan.id.as_str());
                let drawn = index.charge(id.as_str()).map_or(&[][..], |charge| charge.model.pools());
                let offered = drawn.iter().map(|pool| (id.as_str(), pool.as_str()));
                index.offered.extend(offered.filter(|(_, pool)| pools.contains(pool)));
            }
        }
        index
    }

    /// A meter by its name.
    pub(super) fn meter(&self, id: &str) -> Option<&'a Meter> {
        self.meter.get(id).copied()
    }

    /// A charge by its name.
    pub(super) fn charge(&self, id: &str) -> Option<&'a Charge> {
        self.charge.get(id).copied()
    }

    /// A plan that lists a charge.
    pub(super) fn plan_with(&self, charge: &str) -> Option<&'a str> {
        self.listed.get(charge).copied()
    }

    /// Whether a plan that lists a charge has a pool.
    pub(super) fn offers(&self, charge: &str, pool: &str) -> bool {
        self.offered.contains(&(charge, pool))
    }

    /// The minutes of the week a charge by time claims, earliest first, apart from each other.
    pub(super) fn spans(&self, charge: &str) -> &[Span] {
        self.spans.get(charge).map_or(&[], Vec::as_slice)
    }
}

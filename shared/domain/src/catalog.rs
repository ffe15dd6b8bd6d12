//! The price catalogue: meters, add-ons, charges, plans and promotion codes, versioned and immutable (G6).
//!
//! A [`Catalogue`] can only be made by [`Catalogue::new`], which checks all of it: every name that is used
//! is defined, tiers have neither gaps nor overlaps, every plan marks every meter (G7). Rating therefore
//! never meets a catalogue that contradicts itself.

pub mod charge;
pub mod check;
pub mod meter;
pub mod names;
pub mod plan;
pub mod tiers;
pub mod window;

use std::collections::BTreeMap;
use std::fmt;

use crate::calendar::Day;
use crate::catalog::charge::Charge;
use crate::catalog::meter::Meter;
use crate::catalog::names::{AddOnId, ChargeId, MeterId, PlanId, PromotionCode};
use crate::catalog::plan::{AddOn, Plan, Promotion};
use crate::language::Text;
use crate::money::Currency;
use crate::support::holidays::Region;

/// What a subscription names: a plan of one catalogue version (G6).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlanKey {
    /// Catalogue with its version, for example `attendees@2021-03`.
    pub catalogue: String,
    /// Plan within it.
    pub plan: String,
}

impl PlanKey {
    /// The plan that charges each attendee, in the version its source text is dated.
    #[must_use]
    pub fn pay_per_attendee() -> Self {
        Self { catalogue: "attendees@2021-03".to_owned(), plan: "pay-per-attendee".to_owned() }
    }
}

impl fmt::Display for PlanKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.catalogue, self.plan)
    }
}

/// Everything a catalogue says, before it has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueParts {
    /// Name of the catalogue, the same over all its versions.
    pub id: String,
    /// Version, for example `2021-03`.
    pub version: String,
    /// Currency of every price.
    pub currency: Currency,
    /// What people read.
    pub title: Text,
    /// First day it may be sold; always if not given.
    pub valid_from: Option<Day>,
    /// Public holidays on which response clocks stand still; none if not given (S5).
    pub holidays: Option<Region>,
    /// What is counted.
    pub meters: Vec<Meter>,
    /// What can be booked on top of a plan.
    pub add_ons: Vec<AddOn>,
    /// The prices.
    pub charges: Vec<Charge>,
    /// What can be subscribed to.
    pub plans: Vec<Plan>,
    /// Promotion codes.
    pub promotions: Vec<Promotion>,
}

/// A checked catalogue version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    key: String,
    parts: CatalogueParts,
}

impl Catalogue {
    /// Checks a catalogue as a whole.
    ///
    /// # Errors
    /// Every [`check::Mistake`] there is, in the order of the file's sections.
    pub fn new(parts: CatalogueParts) -> Result<Self, Vec<check::Mistake>> {
        let mistakes = check::mistakes(&parts);
        if mistakes.is_empty() {
            Ok(Self { key: format!("{}@{}", parts.id, parts.version), parts })
        } else {
            Err(mistakes)
        }
    }

    /// Name and version as subscriptions name them: `attendees@2021-03`.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// All of it.
    #[must_use]
    pub const fn parts(&self) -> &CatalogueParts {
        &self.parts
    }

    /// A meter by its name.
    #[must_use]
    pub fn meter(&self, id: &MeterId) -> Option<&Meter> {
        self.parts.meters.iter().find(|meter| meter.id == *id)
    }

    /// An add-on by its name.
    #[must_use]
    pub fn add_on(&self, id: &AddOnId) -> Option<&AddOn> {
        self.parts.add_ons.iter().find(|add_on| add_on.id == *id)
    }

    /// A charge by its name.
    #[must_use]
    pub fn charge(&self, id: &ChargeId) -> Option<&Charge> {
        self.parts.charges.iter().find(|charge| charge.id == *id)
    }

    /// A plan by its name.
    #[must_use]
    pub fn plan(&self, id: &str) -> Option<&Plan> {
        self.parts.plans.iter().find(|plan| plan.id.as_str() == id)
    }

    /// The charges of a plan, in the order the plan lists them.
    pub fn charges_of<'a>(&'a self, plan: &'a Plan) -> impl Iterator<Item = &'a Charge> {
        plan.charges.iter().filter_map(|id| self.charge(id))
    }

    /// A promotion by its code.
    #[must_use]
    pub fn promotion(&self, code: &PromotionCode) -> Option<&Promotion> {
        self.parts.promotions.iter().find(|promotion| promotion.code == *code)
    }

    /// How a subscription names a plan of this version.
    #[must_use]
    pub fn plan_key(&self, plan: &PlanId) -> PlanKey {
        PlanKey { catalogue: self.key.clone(), plan: plan.to_string() }
    }
}

/// The catalogue versions at hand, by `name@version`.
#[derive(Clone, Debug, Default)]
pub struct Catalogues(BTreeMap<String, std::sync::Arc<Catalogue>>);

impl Catalogues {
    /// One version alone.
    #[must_use]
    pub fn one(catalogue: Catalogue) -> Self {
        let mut catalogues = Self::default();
        catalogues.add(std::sync::Arc::new(catalogue));
        catalogues
    }

    /// Adds a version.
    pub fn add(&mut self, catalogue: std::sync::Arc<Catalogue>) {
        self.0.insert(catalogue.key().to_owned(), catalogue);
    }

    /// A version by `name@version`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&std::sync::Arc<Catalogue>> {
        self.0.get(key)
    }

    /// All of them, by name and version.
    pub fn iter(&self) -> impl Iterator<Item = &std::sync::Arc<Catalogue>> {
        self.0.values()
    }

    /// A plan with its catalogue.
    #[must_use]
    pub fn plan(&self, key: &PlanKey) -> Option<(&Catalogue, &Plan)> {
        let catalogue = self.0.get(&key.catalogue)?;
        Some((catalogue, catalogue.plan(&key.plan)?))
    }
}

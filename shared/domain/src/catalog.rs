//! The price catalogue: plans with their prices, versioned and immutable (G6).

use std::fmt;

use rust_decimal::Decimal;

use crate::money::{Currency, UnitPrice};

/// What a subscription names: a plan of one catalogue version.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
        Self { catalogue: ATTENDEES.to_owned(), plan: "pay-per-attendee".to_owned() }
    }
}

impl fmt::Display for PlanKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.catalogue, self.plan)
    }
}

const ATTENDEES: &str = "attendees@2021-03";

/// Pay per attendee: no minimum term, cancelled at any time (A13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayPerAttendee {
    /// Id of the price in the catalogue.
    pub price: &'static str,
    /// Net price of an attendee who counts as coming (A10, A54).
    pub unit_price: UnitPrice,
    /// An event with fewer responses is not billed (A12).
    pub minimum_responses: i64,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Each attendee is charged after the event.
    PayPerAttendee(PayPerAttendee),
}

/// Finds a plan of a published catalogue version; `None` if it was never published.
#[must_use]
pub fn find(key: &PlanKey) -> Option<Plan> {
    (*key == PlanKey::pay_per_attendee()).then_some(Plan::PayPerAttendee(PayPerAttendee {
        price: "accepted-attendee",
        unit_price: UnitPrice::new(Decimal::from_parts(300, 0, 0, false, 2), Currency::Eur),
        minimum_responses: 5,
    }))
}

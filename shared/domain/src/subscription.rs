//! What an account has subscribed to over time, and the decisions that change it.

pub mod change;
pub mod decide;
pub mod limits;
pub mod refusal;
pub mod state;
pub mod term;
pub mod warning;

mod add_ons;
mod needs;
mod plans;
mod promotions;

use rust_decimal::Decimal;

use crate::calendar::Day;
use crate::catalog::PlanKey;
use crate::catalog::names::{AddOnId, ChargeId, MeterId, PromotionCode};

/// A plan over some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// The plan, in the version it was sold under (G6).
    pub plan: PlanKey,
    /// First day.
    pub from: Day,
}

/// An add-on over some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking {
    /// The add-on.
    pub add_on: AddOnId,
    /// How many of it.
    pub quantity: Decimal,
    /// First day.
    pub from: Day,
    /// Last day, once it is given up.
    pub until: Option<Day>,
    /// What it is, for the invoice: the name of a domain.
    pub label: Option<String>,
}

impl Booking {
    /// Whether it is in force on a day.
    #[must_use]
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|last| day <= last)
    }
}

/// A promotion code an account has redeemed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redemption {
    /// The code.
    pub code: PromotionCode,
    /// The day of its redemption; the month of this day is the first it applies to.
    pub on: Day,
    /// From this day on it is void (C3).
    pub void_from: Option<Day>,
}

/// A free start (P1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Last free day.
    pub until: Day,
    /// The day it was turned into a paid subscription; until then nothing is charged, also after its end.
    pub converted_on: Option<Day>,
}

/// What an account has subscribed to, from the first day to the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The plans, oldest first; each ends where the next begins. At least one.
    pub phases: Vec<Phase>,
    /// The free start, if there is one.
    pub trial: Option<Trial>,
    /// Last day, once it is cancelled (P3, A21).
    pub ends_on: Option<Day>,
    /// Add-ons.
    pub bookings: Vec<Booking>,
    /// Promotion codes.
    pub redemptions: Vec<Redemption>,
    /// Quantities committed to, by meter (Z7).
    pub forecast: Vec<(MeterId, Decimal)>,
    /// Agreed net prices where the catalogue has none, by charge (A20, O1).
    pub agreed_prices: Vec<(ChargeId, Decimal)>,
}

impl Subscription {
    /// A subscription to one plan, without trial.
    #[must_use]
    pub fn new(plan: PlanKey, from: Day) -> Self {
        Self {
            phases: vec![Phase { plan, from }],
            trial: None,
            ends_on: None,
            bookings: Vec::new(),
            redemptions: Vec::new(),
            forecast: Vec::new(),
            agreed_prices: Vec::new(),
        }
    }

    /// The phase of a day; `None` before the first, and after the last day.
    #[must_use]
    pub fn phase_on(&self, day: Day) -> Option<&Phase> {
        if self.ends_on.is_some_and(|last| day > last) {
            return None;
        }
        self.phases.iter().rev().find(|phase| phase.from <= day)
    }

    /// How many of an add-on are booked on a day, under all labels.
    #[must_use]
    pub fn booked_on(&self, add_on: &AddOnId, day: Day) -> Decimal {
        let booked = self.bookings.iter().filter(|booking| booking.add_on == *add_on && booking.covers(day));
        if self.phase_on(day).is_some() { booked.map(|booking| booking.quantity).sum() } else { Decimal::ZERO }
    }

    /// Whether it is a free start that was not turned into a paid subscription (P1), also after its end.
    #[must_use]
    pub fn in_trial(&self) -> bool {
        self.trial.is_some_and(|trial| trial.converted_on.is_none())
    }

    /// The change of plan that is ordered and has not taken effect on a day; only a downgrade waits (C3).
    #[must_use]
    pub fn pending_after(&self, day: Day) -> Option<&Phase> {
        self.phases.iter().find(|phase| phase.from > day)
    }

    /// The first day that is charged: after the trial, and not before it was turned into a paid subscription.
    /// `None` while nothing is to be charged at all.
    #[must_use]
    pub fn charged_from(&self) -> Option<Day> {
        let first = self.phases.first()?.from;
        match self.trial {
            None => Some(first),
            Some(trial) => Some(first.max(trial.until.next()).max(trial.converted_on?)),
        }
    }

    /// The agreed price of a charge.
    #[must_use]
    pub fn agreed_price(&self, charge: &ChargeId) -> Option<Decimal> {
        self.agreed_prices.iter().find(|(agreed, _)| agreed == charge).map(|(_, price)| *price)
    }
}

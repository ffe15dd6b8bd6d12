//! Plans, add-ons, allowance pools and promotion codes.

use rust_decimal::Decimal;

use crate::calendar::Day;
use crate::catalog::charge::PriceSource;
use crate::catalog::names::{AddOnId, ChargeId, MeterId, PlanId, PoolId, PromotionCode};
use crate::catalog::window::Window;
use crate::language::Text;

/// What a plan does with a meter (G7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// A charge prices it.
    Charged,
    /// Part of the plan: counted and shown, not charged.
    Included,
    /// Not looked at.
    Ignored,
}

impl Mark {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Charged, Self::Included, Self::Ignored];

    /// The word used in files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Charged => "charged",
            Self::Included => "included",
            Self::Ignored => "ignored",
        }
    }
}

/// When a pool is full again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reset {
    /// On the first of each month; what is left lapses (A52).
    Month,
    /// Never: a credit that is used once (S2).
    Once,
}

/// Units that are free before a charge begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Its name, by which charges draw from it.
    pub id: PoolId,
    /// What people read.
    pub title: Text,
    /// Its size, in the unit of the charges that draw from it; minutes for time.
    pub size: Decimal,
    /// When it is full again.
    pub reset: Reset,
    /// Larger sizes while an add-on is booked; the largest that applies counts, never the sum (S1).
    pub sizes: Vec<(AddOnId, Decimal)>,
}

/// Binding time of a plan; without one it ends with any month (A13, A21, P3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// Months it binds at first.
    pub months: u32,
    /// Months before its end by which it must be cancelled.
    pub notice_months: u32,
    /// Months it binds again each time it was not cancelled; 0 goes on month by month.
    pub renewal_months: u32,
}

/// Least net amount of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MinimumSpend {
    /// The amount.
    pub amount: Decimal,
    /// The charges that count towards it; all charges of the plan if empty.
    pub charges: Vec<ChargeId>,
    /// Where it comes from.
    pub source: PriceSource,
    /// Whether a month that is not whole has a share of it.
    pub prorated: bool,
}

/// What can be subscribed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its name.
    pub id: PlanId,
    /// What people read.
    pub title: Text,
    /// Order among the plans: changing to a higher rank is an upgrade (C1), to a lower one a downgrade
    /// (C3), to the same a switch (Z2).
    pub rank: u32,
    /// Whether it can be sold still; an account that has it keeps it (G6).
    pub sold: bool,
    /// A free plan: nobody is downgraded to it (C3).
    pub free: bool,
    /// Free days at the start of a subscription to it (P1).
    pub trial_days: u32,
    /// Whether sub-accounts may count towards it (A22).
    pub sub_accounts: bool,
    /// Binding time.
    pub term: Option<Term>,
    /// Working days before the next term that are advised for a downgrade (C3).
    pub lead_days: u32,
    /// Add-ons that are part of it, at no price of their own (S1).
    pub includes: Vec<AddOnId>,
    /// Limits it sets, for example `attendees` or `parallel_events` (C5, C6); not priced.
    pub limits: Vec<(String, u64)>,
    /// The prices that apply, in the order of the invoice.
    pub charges: Vec<ChargeId>,
    /// What it does with each meter of the catalogue (G7).
    pub meters: Vec<(MeterId, Mark)>,
    /// Its pools.
    pub pools: Vec<Pool>,
    /// Least amount of a month.
    pub minimum_spend: Option<MinimumSpend>,
}

impl Plan {
    /// What it does with a meter.
    #[must_use]
    pub fn mark(&self, meter: &MeterId) -> Option<Mark> {
        self.meters.iter().find(|(marked, _)| marked == meter).map(|(_, mark)| *mark)
    }

    /// One of its pools.
    #[must_use]
    pub fn pool(&self, id: &PoolId) -> Option<&Pool> {
        self.pools.iter().find(|pool| pool.id == *id)
    }

    /// A limit it sets.
    #[must_use]
    pub fn limit(&self, name: &str) -> Option<u64> {
        self.limits.iter().find(|(known, _)| known == name).map(|(_, limit)| *limit)
    }
}

/// A promise to respond within some hours of business (S1, S5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Hours within the windows.
    pub hours: u32,
    /// When the clock runs.
    pub windows: Vec<Window>,
}

/// Something booked on top of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddOn {
    /// Its name.
    pub id: AddOnId,
    /// What people read.
    pub title: Text,
    /// Add-ons that must be booked or included too (S1).
    pub requires: Vec<AddOnId>,
    /// Free days at the start of each booking (P1).
    pub trial_days: u32,
    /// How fast enquiries are answered while it is booked.
    pub response: Option<Response>,
}

/// What a promotion takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discount {
    /// Percent of the net of each line, above 0 to 100.
    Percent(Decimal),
    /// An amount a month, never more than what is charged.
    Amount(Decimal),
}

/// A promotion code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promotion {
    /// The code.
    pub code: PromotionCode,
    /// What stands on the invoice.
    pub text: Text,
    /// What it takes off.
    pub discount: Discount,
    /// In how many months from its redemption on; in all if not given.
    pub months: Option<u32>,
    /// Plans it applies to; all if empty.
    pub plans: Vec<PlanId>,
    /// Charges it applies to; all if empty.
    pub charges: Vec<ChargeId>,
    /// First day it can be redeemed.
    pub from: Option<Day>,
    /// Last day it can be redeemed.
    pub until: Option<Day>,
    /// How often it can be redeemed in all.
    pub limit: Option<u64>,
    /// Where it comes from.
    pub source: PriceSource,
}

//! What can change about a subscription, and what follows from a change.

use rust_decimal::Decimal;

use crate::calendar::Day;
use crate::catalog::PlanKey;
use crate::catalog::names::{AddOnId, ChargeId, MeterId, PromotionCode};
use crate::subscription::Subscription;
use crate::subscription::warning::Warning;

/// A change that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another plan of the same catalogue: at once, or with the next term if it ranks lower (C1, C3, Z2).
    ChangePlan {
        /// The plan.
        to: PlanKey,
    },
    /// The ordered change of plan does not take place (C3).
    WithdrawPlanChange,
    /// So many of an add-on: more from today on, fewer from next month on (Z4).
    Book {
        /// The add-on.
        add_on: AddOnId,
        /// How many in all under this label; above zero.
        quantity: Decimal,
        /// What it is, for the invoice: the name of a domain. Each label is booked by itself.
        label: Option<String>,
    },
    /// None of an add-on from next month on (Z4).
    GiveUp {
        /// The add-on.
        add_on: AddOnId,
        /// The label it was booked under.
        label: Option<String>,
    },
    /// The subscription ends as soon as it may (P3, A13, A21).
    Cancel,
    /// It goes on after all.
    WithdrawCancellation,
    /// The trial becomes a paid subscription; free days that are left stay free (P1).
    Convert,
    /// A longer trial (P1); the operator's decision.
    ExtendTrial {
        /// New last free day.
        until: Day,
    },
    /// A promotion code.
    Redeem {
        /// The code.
        code: PromotionCode,
    },
    /// A price where the catalogue has none (A20, O1); the operator's decision.
    Agree {
        /// The charge.
        charge: ChargeId,
        /// Net price in currency units.
        price: Decimal,
    },
    /// A binding forecast (Z7).
    Commit {
        /// The meter.
        meter: MeterId,
        /// Quantity in each month.
        quantity: Decimal,
    },
}

impl Change {
    /// Whether only the operator may make it: a longer trial, an agreed price, a forecast below the binding one.
    #[must_use]
    pub fn operator_only(&self, before: &Subscription) -> bool {
        match self {
            Self::ExtendTrial { .. } | Self::Agree { .. } => true,
            Self::Commit { meter, quantity } => {
                before.forecast.iter().any(|(committed, most)| committed == meter && quantity < most)
            }
            _ => false,
        }
    }
}

/// What follows from a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The subscription from now on.
    pub after: Subscription,
    /// First day on which the change holds.
    pub effective_on: Day,
    /// What whoever asked should know; nothing of it blocks.
    pub warnings: Vec<Warning>,
    /// What is due after today. It replaces all that was due after today; what is due today stays.
    pub timers: Vec<Due>,
}

/// Something people are told on a day. The subscription changes by its dates alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Due {
    /// First day of the new state.
    pub on: Day,
    /// What it is.
    pub task: DueTask,
}

/// What people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DueTask {
    /// The trial is over and was not turned into a paid subscription (P1).
    TrialEnds,
    /// Another plan takes effect (C3).
    PlanChanges,
    /// The subscription is over: the account closes (P3).
    SubscriptionEnds,
}

impl DueTask {
    /// The word used in storage.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TrialEnds => "trial_ends",
            Self::PlanChanges => "plan_changes",
            Self::SubscriptionEnds => "subscription_ends",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::TrialEnds, Self::PlanChanges, Self::SubscriptionEnds].into_iter().find(|task| task.code() == text)
    }
}

impl Subscription {
    /// What is due from a day on, earliest first. A timer that goes off asks here whether it still holds.
    #[must_use]
    pub fn due_from(&self, day: Day) -> Vec<Due> {
        let trial = self.trial.filter(|_| self.in_trial()).map(|trial| (trial.until.next(), DueTask::TrialEnds));
        let phases = self.phases.iter().skip(1).map(|phase| (phase.from, DueTask::PlanChanges));
        let end = self.ends_on.map(|last| (last.next(), DueTask::SubscriptionEnds));
        let lives = |on: Day| self.ends_on.is_none_or(|last| on <= last);
        let mut due: Vec<Due> = trial
            .into_iter()
            .chain(phases)
            .filter(|(on, _)| lives(*on))
            .chain(end)
            .filter(|(on, _)| *on >= day)
            .map(|(on, task)| Due { on, task })
            .collect();
        due.sort_unstable();
        due
    }
}

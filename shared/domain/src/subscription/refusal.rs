//! Why a change is refused, and what would be right.

use rust_decimal::Decimal;

use crate::calendar::Day;
use crate::catalog::names::PromotionCode;
use crate::language::{Language, Text};
use crate::problem::Problem;

mod sentence;

/// Something of a catalogue with what people read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its name, of a plan with the catalogue: `attendees@2021-03/licence`.
    pub id: String,
    /// What people read.
    pub title: Text,
}

/// Why a change is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The subscription has not begun.
    NotBegun {
        /// Its first day.
        from: Day,
    },
    /// The subscription has ended.
    Ended {
        /// Its last day.
        on: Day,
    },
    /// It is cancelled, and the change reaches beyond its end.
    Cancelled {
        /// Its last day.
        ends_on: Day,
    },
    /// It is cancelled already.
    AlreadyCancelled {
        /// Its last day.
        ends_on: Day,
    },
    /// There is no cancellation to withdraw.
    NotCancelled,
    /// No catalogue at hand has this plan.
    UnknownPlan {
        /// The plan as it was named.
        plan: String,
    },
    /// The plan belongs to another catalogue.
    OtherCatalogue {
        /// The catalogue of the subscription.
        catalogue: String,
    },
    /// The plan is not sold any more.
    NotSold {
        /// The plan.
        plan: Named,
    },
    /// The plan is not sold yet on the day it would begin.
    NotSoldYet {
        /// The plan.
        plan: Named,
        /// First day it is.
        from: Day,
    },
    /// The account has this plan.
    SamePlan {
        /// The plan.
        plan: Named,
        /// Whether a change to another plan is ordered, which could be withdrawn.
        pending: bool,
    },
    /// Nobody goes back to a free plan (C3).
    FreePlan {
        /// The plan.
        plan: Named,
    },
    /// There is no change of plan to withdraw, or it has taken effect (C3).
    NoPendingChange,
    /// The plan has no use for these add-ons.
    NotInPlan {
        /// The plan.
        plan: Named,
        /// The add-ons.
        add_ons: Vec<Named>,
    },
    /// The catalogue has no such add-on.
    UnknownAddOn {
        /// The add-on as it was named.
        add_on: String,
    },
    /// An add-on needs others that are neither booked nor included (S1).
    Requires {
        /// The add-on.
        add_on: Named,
        /// What is missing.
        missing: Vec<Named>,
    },
    /// What would go is required by add-ons that stay (S1).
    Required {
        /// What would go.
        add_on: Named,
        /// What requires it.
        by: Vec<Named>,
    },
    /// So many are booked already.
    AlreadyBooked {
        /// The add-on.
        add_on: Named,
        /// How many.
        quantity: Decimal,
    },
    /// It is not booked, or not under this label.
    NotBooked {
        /// The add-on.
        add_on: Named,
    },
    /// It was given up already.
    GivenUp {
        /// The add-on.
        add_on: Named,
        /// Its last day.
        until: Day,
    },
    /// More bookings than one subscription keeps.
    TooManyBookings {
        /// Most of them.
        most: usize,
    },
    /// Not a quantity that can be booked or committed to.
    NotAQuantity {
        /// Most of it.
        most: u32,
    },
    /// Not a label.
    Label(Problem),
    /// There is no trial.
    NoTrial,
    /// The trial was turned into a paid subscription.
    Converted {
        /// The day it was.
        on: Day,
    },
    /// The trial would not last longer.
    NotLater {
        /// The new last day has to be after this one.
        than: Day,
    },
    /// The catalogue has no such code.
    UnknownCode {
        /// The code.
        code: PromotionCode,
    },
    /// The code cannot be redeemed yet.
    CodeNotYet {
        /// First day it can.
        from: Day,
    },
    /// The code cannot be redeemed any more.
    CodeExpired {
        /// Last day it could.
        until: Day,
    },
    /// The code was redeemed as often as it may be.
    CodeUsedUp,
    /// The code is for other plans.
    CodeNotForPlan {
        /// Their titles.
        plans: Vec<Named>,
    },
    /// The account has redeemed this code.
    CodeRedeemed {
        /// The day it did.
        on: Day,
    },
    /// The code of this account is void (C3).
    CodeVoid {
        /// Since when.
        from: Day,
    },
    /// More codes than apply at once.
    TooManyCodes {
        /// Most of them.
        most: usize,
    },
    /// No plan of the subscription has this charge.
    UnknownCharge {
        /// The charge as it was named.
        charge: String,
    },
    /// Not a price: below zero, too large, or with more than eight decimal places.
    NotAPrice,
    /// No price of the plan goes by a forecast of this meter (Z7).
    NotForecast {
        /// The meter as it was named.
        meter: String,
    },
}

impl Refusal {
    /// Stable code for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotBegun { .. } => "not_begun",
            Self::Ended { .. } => "ended",
            Self::Cancelled { .. } => "cancelled",
            Self::AlreadyCancelled { .. } => "already_cancelled",
            Self::NotCancelled => "not_cancelled",
            Self::UnknownPlan { .. } => "unknown_plan",
            Self::OtherCatalogue { .. } => "other_catalogue",
            Self::NotSold { .. } => "not_sold",
            Self::NotSoldYet { .. } => "not_sold_yet",
            Self::SamePlan { .. } => "same_plan",
            Self::FreePlan { .. } => "free_plan",
            Self::NoPendingChange => "no_pending_change",
            Self::NotInPlan { .. } => "not_in_plan",
            Self::UnknownAddOn { .. } => "unknown_add_on",
            Self::Requires { .. } => "requires",
            Self::Required { .. } => "required",
            Self::AlreadyBooked { .. } => "already_booked",
            Self::NotBooked { .. } => "not_booked",
            Self::GivenUp { .. } => "given_up",
            Self::TooManyBookings { .. } => "too_many_bookings",
            Self::NotAQuantity { .. } => "not_a_quantity",
            Self::Label(_) => "label",
            Self::NoTrial => "no_trial",
            Self::Converted { .. } => "converted",
            Self::NotLater { .. } => "not_later",
            Self::UnknownCode { .. } => "unknown_code",
            Self::CodeNotYet { .. } => "code_not_yet",
            Self::CodeExpired { .. } => "code_expired",
            Self::CodeUsedUp => "code_used_up",
            Self::CodeNotForPlan { .. } => "code_not_for_plan",
            Self::CodeRedeemed { .. } => "code_redeemed",
            Self::CodeVoid { .. } => "code_void",
            Self::TooManyCodes { .. } => "too_many_codes",
            Self::UnknownCharge { .. } => "unknown_charge",
            Self::NotAPrice => "not_a_price",
            Self::NotForecast { .. } => "not_forecast",
        }
    }

    /// A sentence for people that says why and what would be right.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        sentence::of(self, language)
    }
}

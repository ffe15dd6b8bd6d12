//! What is to be done at a later time; deleted in the transaction that does it.

use crate::calendar::Instant;
use crate::ids::{AccountId, EventId, OfferId};
use crate::subscription::change::Due;

/// Something due at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    /// When.
    pub due: Instant,
    /// What.
    pub task: Task,
}

/// What is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// The event and its registration are over: its counts are frozen (A10).
    CloseEvent {
        /// The account that pays.
        account: AccountId,
        /// The event.
        event: EventId,
    },
    /// Something about a subscription has come to pass, and people are told (P1, P3, C3). The subscription
    /// itself changes by its dates alone.
    Subscription {
        /// The account.
        account: AccountId,
        /// What, and on which day.
        due: Due,
    },
    /// The last day of an offer is over: if it was not answered, the operator is told (O1).
    OfferExpired {
        /// The account.
        account: AccountId,
        /// The offer.
        offer: OfferId,
    },
    /// An offer was accepted, and its down payment is to be invoiced (O1).
    DownPayment {
        /// The account.
        account: AccountId,
        /// The offer.
        offer: OfferId,
    },
}

impl Timer {
    /// The timer of something due about a subscription: at the midnight its day begins with.
    #[must_use]
    pub fn of_subscription(account: &AccountId, due: Due) -> Self {
        Self { due: due.on.start(), task: Task::Subscription { account: account.clone(), due } }
    }
}

impl Task {
    /// A name that is the same for the same task, so that it is stored once.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::CloseEvent { event, .. } => format!("close_event#{event}"),
            Self::OfferExpired { offer, .. } => format!("offer_expired#{offer}"),
            Self::DownPayment { offer, .. } => format!("down_payment#{offer}"),
            Self::Subscription { account, due } => format!("{}#{account}#{}", due.task.code(), due.on),
        }
    }
}

//! What is to be done at a later time; deleted in the transaction that does it.

use crate::calendar::Instant;
use crate::ids::{AccountId, EventId};

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
}

impl Task {
    /// A name that is the same for the same task, so that it is stored once.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::CloseEvent { event, .. } => format!("close_event#{event}"),
        }
    }
}

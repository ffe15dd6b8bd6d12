//! What was used: counts per event and local day, and the frozen counts of an event that is over.

use crate::calendar::Day;
use crate::event::CountingScheme;
use crate::ids::EventId;
use crate::language::Text;

/// Attendee counts: of one day (net, so possibly negative) or of a whole event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Attendees whose answer has the value `accepted`.
    pub accepted: i64,
    /// Attendees whose answer has the value `declined`.
    pub declined: i64,
    /// Attendees of any saved registration; a mere invitation is not a response.
    pub responses: i64,
}

impl Counts {
    /// Sum of both.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            accepted: self.accepted.saturating_add(other.accepted),
            declined: self.declined.saturating_add(other.declined),
            responses: self.responses.saturating_add(other.responses),
        }
    }

    /// The attendees that count as coming under a scheme (A10, A11).
    #[must_use]
    pub const fn coming(self, counting: CountingScheme) -> i64 {
        match counting {
            CountingScheme::Accepted => self.accepted,
            CountingScheme::AllExceptDeclined => self.responses.saturating_sub(self.declined),
            CountingScheme::All => self.responses,
        }
    }
}

/// The counts of an event, frozen when both the event and its registration were over (A10).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedEvent {
    /// The event.
    pub event: EventId,
    /// Its title, for the invoice line.
    pub title: Text,
    /// Local day it ended on: the service date.
    pub over_on: Day,
    /// First local day of its service: when it was published.
    pub published_on: Day,
    /// Who counts as coming.
    pub counting: CountingScheme,
    /// The final counts.
    pub counts: Counts,
}

/// The days of a counter that can be moved to usage days, oldest first: those that are over.
#[must_use]
pub fn days_to_move(uncounted: impl IntoIterator<Item = Day>, today: Day) -> Vec<Day> {
    let mut days: Vec<Day> = uncounted.into_iter().filter(|day| *day < today).collect();
    days.sort_unstable();
    days.dedup();
    days
}

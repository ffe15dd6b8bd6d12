//! What was used: counts per event and local day, and the frozen counts of an event that is over.

pub mod built_in;
pub mod gauge;
pub mod report;

use rust_decimal::Decimal;

use crate::calendar::{Day, Instant, Month};
use crate::catalog::names::{ChargeId, MeterId, PoolId};
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
    /// The local day its end became known, if the month it ended in was closed by then.
    pub recorded_on: Option<Day>,
}

/// The days of a counter that can be moved to usage days, oldest first: those that are over.
#[must_use]
pub fn days_to_move(uncounted: impl IntoIterator<Item = Day>, today: Day) -> Vec<Day> {
    let mut days: Vec<Day> = uncounted.into_iter().filter(|day| *day < today).collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// Usage of one meter at one time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    /// The local day it belongs to.
    pub day: Day,
    /// The time, where it is known; of several values of a gauge on one day the last one stands.
    pub at: Option<Instant>,
    /// What was counted.
    pub meter: MeterId,
    /// How much: units, or the amount of a transaction in currency units.
    pub quantity: Decimal,
    /// Who or what was counted, for `unique`.
    pub subject: Option<String>,
    /// The local day it became known, if that was later: one that comes after its month was closed is
    /// billed with the month in which it became known.
    pub recorded_on: Option<Day>,
}

/// Time spent for an account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeEntry {
    /// When it started; decides the tariff (S4).
    pub start: Instant,
    /// The meter of kind `time` it counts on: `phone`, `email` …
    pub channel: MeterId,
    /// Its length in minutes.
    pub minutes: Decimal,
    /// What it was about, for the invoice.
    pub text: Option<String>,
    /// The local day it became known, if that was later.
    pub recorded_on: Option<Day>,
}

/// Something ordered that is charged once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order {
    /// The day it was delivered.
    pub day: Day,
    /// The charge.
    pub charge: ChargeId,
    /// How many, hours or days among them.
    pub quantity: Decimal,
    /// The agreed net price of one, where it is not that of the catalogue.
    pub agreed_price: Option<Decimal>,
    /// What it was, for the invoice.
    pub text: Option<String>,
    /// The local day it became known, if that was later.
    pub recorded_on: Option<Day>,
}

/// What was left or reached before the first day that is rated; what is not named is worked out from the
/// records of earlier months.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// What is left of pools that are used once.
    pub pools: Vec<(PoolId, Decimal)>,
    /// Counts that accumulate over a licence year.
    pub accumulated: Vec<(MeterId, Decimal)>,
}

/// All usage of an account that rating a month looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Counters, gauges and transactions.
    pub records: Vec<Record>,
    /// Events that are over.
    pub events: Vec<EndedEvent>,
    /// Support.
    pub entries: Vec<TimeEntry>,
    /// One-off orders.
    pub orders: Vec<Order>,
    /// What was there before.
    pub opening: Opening,
}

/// The month something is charged in: that of its day, or the later one in which it became known.
fn billed(day: Day, recorded_on: Option<Day>) -> Month {
    recorded_on.map_or(day, |known| known.max(day)).month()
}

impl Record {
    /// The month it is charged in.
    #[must_use]
    pub fn billed(&self) -> Month {
        billed(self.day, self.recorded_on)
    }
}

impl TimeEntry {
    /// The local day it started on.
    #[must_use]
    pub fn day(&self) -> Day {
        Day::of(self.start)
    }

    /// The month it is charged in.
    #[must_use]
    pub fn billed(&self) -> Month {
        billed(self.day(), self.recorded_on)
    }
}

impl Order {
    /// The month it is charged in.
    #[must_use]
    pub fn billed(&self) -> Month {
        billed(self.day, self.recorded_on)
    }
}

impl EndedEvent {
    /// The month it is charged in.
    #[must_use]
    pub fn billed(&self) -> Month {
        billed(self.over_on, self.recorded_on)
    }
}

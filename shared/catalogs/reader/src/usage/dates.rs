//! The earliest day a usage file names.

use domain::calendar::Day;
use domain::usage::Usage;

use crate::usage::Ticket;

/// Keeps the earliest day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dates(Day);

impl Dates {
    /// Begins with a day that is not later than any answer.
    pub(super) const fn new(latest: Day) -> Self {
        Self(latest)
    }

    /// Takes a day into account.
    pub(super) fn add(&mut self, day: Day) {
        self.0 = self.0.min(day);
    }

    /// Takes the days of usage into account: when it happened, not when it became known.
    pub(super) fn add_usage(&mut self, usage: &Usage, tickets: &[Ticket]) {
        let records = usage.records.iter().map(|record| record.day);
        let events = usage.events.iter().map(|event| event.published_on.min(event.over_on));
        let entries = usage.entries.iter().map(|entry| Day::of(entry.start));
        let orders = usage.orders.iter().map(|order| order.day);
        let tickets = tickets.iter().map(|ticket| Day::of(ticket.opened));
        for day in records.chain(events).chain(entries).chain(orders).chain(tickets) {
            self.add(day);
        }
    }

    /// The earliest day.
    pub(super) const fn earliest(self) -> Day {
        self.0
    }
}

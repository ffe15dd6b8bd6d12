//! What a change of a subscription costs: at once, and from the next month on (C1, C2, C7). Worked out by
//! the engine that invoices.

use crate::calendar::{Day, Month};
use crate::catalog::Catalogues;
use crate::invoice::Line;
use crate::rating::{HoldReason, rate_month};
use crate::subscription::Subscription;
use crate::usage::Usage;

/// What a change costs before usage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quote {
    /// What is charged at once because of the change; credits are negative.
    pub now: Vec<Line>,
    /// The month that is quoted as the next one: the first whole month in which the change holds.
    pub next_month: Option<Month>,
    /// The fees of that month.
    pub next: Vec<Line>,
    /// What has to be agreed before it can be priced.
    pub held: Vec<HoldReason>,
}

/// Compares a subscription before and after a change that is made today and holds from `effective_on`.
#[must_use]
pub fn quote(
    catalogues: &Catalogues,
    before: &Subscription,
    after: &Subscription,
    today: Day,
    effective_on: Day,
) -> Quote {
    let usage = Usage::default();
    let month = today.month();
    let known = rate_month(catalogues, before, &usage, month).lines;
    let now = rate_month(catalogues, after, &usage, month)
        .lines
        .into_iter()
        .filter(|rated| rated.line.charged_on == today && !known.iter().any(|known| known.line == rated.line));
    let now = now.map(|rated| rated.line).collect();
    let first = effective_on.max(today);
    // A change on the first of a later month holds in that whole month.
    let next_month = if first > today && first == first.month().first() { first.month() } else { first.month().next() };
    let next = rate_month(catalogues, after, &usage, next_month);
    Quote {
        now,
        next_month: Some(next_month),
        next: next.lines.into_iter().map(|rated| rated.line).collect(),
        held: next.held,
    }
}

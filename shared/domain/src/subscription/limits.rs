//! What a plan allows: limits that add-ons raise, and when to speak of an upgrade (C4, C5, C6, S1).

use rust_decimal::prelude::ToPrimitive;

use crate::calendar::Day;
use crate::catalog::Catalogues;
use crate::catalog::names::AddOnId;
use crate::subscription::Subscription;

/// Whether an add-on is part of the plan of a day.
#[must_use]
pub fn included_on(catalogues: &Catalogues, subscription: &Subscription, add_on: &AddOnId, day: Day) -> bool {
    let plan = subscription.phase_on(day).and_then(|phase| catalogues.plan(&phase.plan));
    plan.is_some_and(|(_, plan)| plan.includes.contains(add_on))
}

/// Whether an account has an add-on on a day, booked or as part of its plan (S1).
#[must_use]
pub fn has_on(catalogues: &Catalogues, subscription: &Subscription, add_on: &AddOnId, day: Day) -> bool {
    !subscription.booked_on(add_on, day).is_zero() || included_on(catalogues, subscription, add_on, day)
}

/// A limit on a day: that of the plan, raised by what is booked of the add-on of the same name (C6). Hyphens and
/// underscores of names are the same here. `None` if the plan sets no such limit.
///
/// A change of plan holds from its first day on, so a higher one raises the limit of running events at once (C5).
#[must_use]
pub fn limit_on(catalogues: &Catalogues, subscription: &Subscription, name: &str, day: Day) -> Option<u64> {
    let same = |other: &str| other.replace('-', "_") == name.replace('-', "_");
    let (_, plan) = catalogues.plan(&subscription.phase_on(day)?.plan)?;
    let (_, limit) = plan.limits.iter().find(|(known, _)| same(known))?;
    let booked = subscription.bookings.iter().filter(|booking| same(booking.add_on.as_str()) && booking.covers(day));
    let more = booked.map(|booking| booking.quantity).sum::<rust_decimal::Decimal>();
    // The whole part counts: half a place is none.
    Some(limit.saturating_add(more.to_u64().unwrap_or(0)))
}

/// How full something is, as far as the organiser is told (C4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fullness {
    /// 90 % of the places are taken.
    Nearly,
    /// All of them are.
    Full,
}

/// What the organiser is to be told now; `told` is the most that was said about this limit before, so each is
/// said once (C4).
#[must_use]
pub fn fullness_to_tell(taken: u64, limit: u64, told: Option<Fullness>) -> Option<Fullness> {
    let reached = if taken >= limit {
        Some(Fullness::Full)
    } else if u128::from(taken) * 10 >= u128::from(limit) * 9 {
        Some(Fullness::Nearly)
    } else {
        None
    };
    reached.filter(|reached| told.is_none_or(|told| told < *reached))
}

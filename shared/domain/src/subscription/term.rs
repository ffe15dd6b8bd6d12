//! Minimum terms: how long a subscription binds and by when it must be cancelled (A13, A21, P3).
//!
//! A term begins with the first phase that has one while none runs, never before a trial was turned into a paid
//! subscription. A change of plan within a term moves none of its dates, also where the new plan has no term:
//! what was promised for twelve months stays promised. Where a term ends, the plan of the next day decides:
//! a plan that goes on renews, a plan that begins there starts its own first term, and one without a term, or
//! with `renewal_months` 0, goes on month by month. All terms are counted from the first day of their chain, so
//! one that begins on the 31st or on 29 February does not drift.

use crate::calendar::Day;
use crate::catalog::Catalogues;
use crate::catalog::plan::{Plan, Term};
use crate::subscription::{Phase, Subscription};

/// One binding term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermSpan {
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
    /// Last day on which cancelling ends the subscription with this term.
    pub cancel_by: Day,
}

/// The term that binds on a day; `None` where it may end with any month.
#[must_use]
pub fn term_on(catalogues: &Catalogues, subscription: &Subscription, day: Day) -> Option<TermSpan> {
    let bound_from = match subscription.trial {
        None => subscription.phases.first()?.from,
        Some(trial) => trial.converted_on?,
    };
    let notice = term_of(catalogues, subscription.phase_on(day)?).map_or(0, |term| term.notice_months);
    // Days before this one belong to terms that are over.
    let mut free_from = bound_from;
    loop {
        let (start, term) = first_term(catalogues, subscription, bound_from, free_from)?;
        let (mut first, mut months) = (start, term.months);
        loop {
            let last = start.last_of_months(months);
            if day < first || last < first {
                return None;
            }
            if day <= last {
                return Some(TermSpan { first, last, cancel_by: cancel_by(last, notice) });
            }
            first = last.next();
            let goes_on = subscription.phase_on(first).filter(|phase| phase.from < first);
            match goes_on.and_then(|phase| term_of(catalogues, phase)) {
                Some(Term { renewal_months, .. }) if renewal_months > 0 => {
                    months = months.checked_add(renewal_months)?
                }
                _ => break,
            }
        }
        free_from = first;
    }
}

/// The last day a subscription has if it is cancelled today: that of the month without a term (P3, A13), that of
/// the term within the notice (A21), otherwise that of the first later term that can still be cancelled.
#[must_use]
pub fn earliest_end(catalogues: &Catalogues, subscription: &Subscription, today: Day) -> Day {
    let mut day = today;
    loop {
        match term_on(catalogues, subscription, day) {
            None => return day.month().last(),
            Some(span) if today <= span.cancel_by => return span.last,
            Some(span) => day = span.last.next(),
        }
    }
}

/// First day of the term after today's; without a term that is the first of next month (C3).
#[must_use]
pub fn next_term(catalogues: &Catalogues, subscription: &Subscription, today: Day) -> Day {
    term_on(catalogues, subscription, today).map_or_else(|| today.month().next().first(), |span| span.last.next())
}

/// The first phase with a term that begins on or after a day, and the day on which it binds first.
fn first_term(catalogues: &Catalogues, subscription: &Subscription, bound_from: Day, day: Day) -> Option<(Day, Term)> {
    let phases = &subscription.phases;
    phases.iter().enumerate().find_map(|(index, phase)| {
        let start = phase.from.max(bound_from);
        // A phase that was over when the trial was turned into a paid subscription never bound.
        let over = phases.get(index + 1).is_some_and(|next| next.from <= start);
        if over || start < day { None } else { Some((start, term_of(catalogues, phase)?)) }
    })
}

fn term_of(catalogues: &Catalogues, phase: &Phase) -> Option<Term> {
    let (_, Plan { term, .. }) = catalogues.plan(&phase.plan)?;
    *term
}

/// The notice before the end of a term; the end of a month stays the end of a month.
fn cancel_by(last: Day, notice_months: u32) -> Day {
    let limit = last.minus_months(notice_months);
    if last == last.month().last() { limit.month().last() } else { limit }
}

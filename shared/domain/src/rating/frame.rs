//! The month that is rated: which plan holds on which of its days, and which charges run over which days.

use rust_decimal::Decimal;

use crate::calendar::{Day, Month};
use crate::catalog::charge::Charge;
use crate::catalog::names::AddOnId;
use crate::catalog::plan::Plan;
use crate::catalog::{Catalogue, Catalogues};
use crate::invoice::Share;
use crate::rating::HoldReason;
use crate::rating::output::{Output, Place};
use crate::subscription::{Booking, Subscription};
use crate::usage::{EndedEvent, Usage};

/// Days from a first to a last one, both included.
pub(super) type Span = (Day, Day);

/// A plan on the days of the month on which it is charged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) plan: &'a Plan,
    pub(super) span: Span,
}

/// A month of a subscription.
#[derive(Clone, Debug)]
pub(super) struct Frame<'a> {
    pub(super) catalogues: &'a Catalogues,
    pub(super) subscription: &'a Subscription,
    pub(super) usage: &'a Usage,
    /// The month whose service is rated.
    pub(super) month: Month,
    /// The month on whose invoice it is charged; later than `month` for what came late.
    pub(super) billed: Month,
    pub(super) segments: Vec<Segment<'a>>,
}

/// A charge over the days of the month on which it applies.
#[derive(Clone, Debug)]
pub(super) struct Run<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) plan: &'a Plan,
    pub(super) charge: &'a Charge,
    pub(super) place: Place,
    pub(super) spans: Vec<Span>,
}

impl<'a> Frame<'a> {
    /// Works out the plans of a month.
    pub(super) fn new(
        catalogues: &'a Catalogues,
        subscription: &'a Subscription,
        usage: &'a Usage,
        month: Month,
        billed: Month,
        out: &mut Output,
    ) -> Self {
        let mut frame = Self { catalogues, subscription, usage, month, billed, segments: Vec::new() };
        let Some((first, last)) = frame.charged_days() else { return frame };
        for (index, phase) in subscription.phases.iter().enumerate() {
            let ends = subscription.phases.get(index + 1).map_or(last, |next| next.from.previous());
            let span = (phase.from.max(first), ends.min(last));
            if span.0 > span.1 {
                continue;
            }
            match catalogues.plan(&phase.plan) {
                Some((catalogue, plan)) => frame.segments.push(Segment { catalogue, plan, span }),
                None => out.hold(HoldReason::UnknownPlan(phase.plan.clone())),
            }
        }
        frame
    }

    /// The days of the month that are charged: after a trial, before the end.
    pub(super) fn charged_days(&self) -> Option<Span> {
        let first = self.subscription.charged_from()?.max(self.month.first());
        let last = self.subscription.ends_on.map_or(self.month.last(), |ends| ends.min(self.month.last()));
        (first <= last).then_some((first, last))
    }

    /// The plan of a charged day, of any month.
    pub(super) fn plan_on(&self, day: Day) -> Option<(&'a Catalogue, &'a Plan)> {
        if self.subscription.charged_from().is_none_or(|first| day < first) {
            return None;
        }
        self.catalogues.plan(&self.subscription.phase_on(day)?.plan)
    }

    /// The plan an ended event is charged by: that of the day it ended, or the last one if the subscription was over
    /// by then, since it was held under that.
    pub(super) fn plan_of_event(&self, event: &EndedEvent) -> Option<(&'a Catalogue, &'a Plan)> {
        self.plan_on(self.subscription.ends_on.map_or(event.over_on, |last| last.min(event.over_on)))
    }

    /// Whether a day belongs to a free start.
    pub(super) fn is_trial(&self, day: Day) -> bool {
        self.subscription.phase_on(day).is_some() && self.subscription.charged_from().is_none_or(|first| day < first)
    }

    /// Days of the month.
    pub(super) fn days(&self) -> u32 {
        days_of((self.month.first(), self.month.last()))
    }

    /// The share of the month that some days are; `None` for a whole month.
    pub(super) fn share(&self, days: u32) -> Option<Share> {
        let of = self.days();
        (days < of).then_some(Share { days, of })
    }

    /// The charges that apply to days of the month. A charge that two plans of the month have in common
    /// runs over the days of both, so that its tiers and packages are not begun twice.
    pub(super) fn runs(&self) -> Vec<Run<'a>> {
        let mut runs: Vec<Run<'a>> = Vec::new();
        for (index, segment) in self.segments.iter().enumerate() {
            for (position, charge) in segment.catalogue.charges_of(segment.plan).enumerate() {
                let spans = self.active_spans(charge, segment);
                if spans.is_empty() {
                    continue;
                }
                let same =
                    |run: &&mut Run<'_>| run.charge.id == charge.id && run.catalogue.key() == segment.catalogue.key();
                match runs.iter_mut().find(same) {
                    Some(run) => {
                        for span in spans {
                            match run.spans.last_mut() {
                                Some(known) if known.1.next() == span.0 => known.1 = span.1,
                                _ => run.spans.push(span),
                            }
                        }
                        run.plan = segment.plan;
                    }
                    None => runs.push(Run {
                        catalogue: segment.catalogue,
                        plan: segment.plan,
                        charge,
                        place: Place { late: self.month < self.billed, segment: index, charge: position },
                        spans,
                    }),
                }
            }
        }
        runs
    }

    /// The days of a segment on which a charge applies: all, or those on which its add-on is booked or
    /// included and not free.
    pub(super) fn active_spans(&self, charge: &Charge, segment: &Segment<'_>) -> Vec<Span> {
        let Some(add_on) = &charge.add_on else { return vec![segment.span] };
        if segment.plan.includes.contains(add_on) {
            return vec![segment.span];
        }
        let mut spans: Vec<Span> =
            self.bookings(segment.catalogue, add_on).filter_map(|(_, span)| overlap(span, segment.span)).collect();
        merge(&mut spans);
        spans
    }

    /// The bookings of an add-on with the days on which they are charged.
    pub(super) fn bookings(
        &self,
        catalogue: &'a Catalogue,
        add_on: &AddOnId,
    ) -> impl Iterator<Item = (&'a Booking, Span)> {
        let trial_days = catalogue.add_on(add_on).map_or(0, |add_on| u64::from(add_on.trial_days));
        let last = self.subscription.ends_on.unwrap_or(Day::MAX);
        self.subscription.bookings.iter().filter(move |booking| booking.add_on == *add_on).filter_map(move |booking| {
            let span = (booking.from.plus_days(trial_days), booking.until.unwrap_or(Day::MAX).min(last));
            (span.0 <= span.1).then_some((booking, span))
        })
    }

    /// As [`Frame::bookings`], earliest first, whatever the order they are stored in.
    pub(super) fn bookings_in_order(&self, catalogue: &'a Catalogue, add_on: &AddOnId) -> Vec<(&'a Booking, Span)> {
        let mut bookings: Vec<_> = self.bookings(catalogue, add_on).collect();
        bookings.sort_by_key(|(booking, span)| (*span, &booking.label, booking.quantity));
        bookings
    }

    /// Since when the add-on of a charge has been booked without a break until a day; `None` for a charge without
    /// one, and where the plan includes it.
    pub(super) fn booked_since(&self, run: &Run<'_>, day: Day) -> Option<Day> {
        let add_on = run.charge.add_on.as_ref().filter(|add_on| !run.plan.includes.contains(add_on))?;
        let mut spans: Vec<Span> = self.bookings(run.catalogue, add_on).map(|(_, span)| span).collect();
        merge(&mut spans);
        spans.into_iter().find(|span| span.0 <= day && day <= span.1).map(|span| span.0)
    }

    /// Whether an add-on is booked, included or in its free days on a day.
    pub(super) fn has_add_on(&self, plan: &Plan, add_on: &AddOnId, day: Day) -> bool {
        plan.includes.contains(add_on)
            || self.subscription.bookings.iter().any(|booking| {
                booking.add_on == *add_on && booking.from <= day && booking.until.is_none_or(|until| day <= until)
            })
    }

    /// How many of an add-on are charged on a day.
    pub(super) fn booked_on(
        &self,
        catalogue: &'a Catalogue,
        plan: &Plan,
        add_on: &AddOnId,
        day: Day,
    ) -> Option<Decimal> {
        if plan.includes.contains(add_on) {
            return Some(Decimal::ZERO);
        }
        let on_day =
            |(booking, span): (&'a Booking, Span)| (span.0 <= day && day <= span.1).then_some(booking.quantity);
        super::exact::sum(self.bookings(catalogue, add_on).filter_map(on_day))
    }
}

/// Number of days of a span.
pub(super) fn days_of(span: Span) -> u32 {
    u32::try_from(span.1.days_since(span.0).saturating_add(1)).unwrap_or(0)
}

/// Number of days of several spans.
pub(super) fn days_of_all(spans: &[Span]) -> u32 {
    spans.iter().map(|span| days_of(*span)).sum()
}

/// Whether a day is in one of the spans.
pub(super) fn within(spans: &[Span], day: Day) -> bool {
    spans.iter().any(|span| span.0 <= day && day <= span.1)
}

/// What two spans have in common.
pub(super) fn overlap(a: Span, b: Span) -> Option<Span> {
    let both = (a.0.max(b.0), a.1.min(b.1));
    (both.0 <= both.1).then_some(both)
}

/// Joins spans that touch or overlap, earliest first.
fn merge(spans: &mut Vec<Span>) {
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans.drain(..) {
        match merged.last_mut() {
            Some(known) if span.0 <= known.1.next() => known.1 = known.1.max(span.1),
            _ => merged.push(span),
        }
    }
    *spans = merged;
}

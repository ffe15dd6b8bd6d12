//! What bookings need of the plan and of each other (S1), on every day from now on.

use std::collections::BTreeSet;

use crate::calendar::Day;
use crate::catalog::names::AddOnId;
use crate::catalog::plan::Plan;
use crate::catalog::{Catalogue, Catalogues, PlanKey};
use crate::language::Text;
use crate::subscription::refusal::{Named, Refusal};
use crate::subscription::{Booking, Subscription};

/// Something a booking needs and does not have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    /// The plan has no use for the add-on.
    NotInPlan { plan: PlanKey, add_on: AddOnId },
    /// An add-on that is required is neither booked nor included.
    Missing { required: AddOnId, by: AddOnId },
}

/// What is asked for: decides which way round a missing requirement is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// To have something.
    ToBook,
    /// To let something go.
    ToLetGo,
}

/// Refuses a change that leaves a booking without what it needs. What was missing before is no reason.
pub(super) fn check(
    catalogues: &Catalogues,
    before: &Subscription,
    after: &Subscription,
    today: Day,
    asked: Asked,
) -> Result<(), Refusal> {
    let old = gaps(catalogues, before, today);
    let new: Vec<Gap> = gaps(catalogues, after, today).into_iter().filter(|gap| !old.contains(gap)).collect();
    let add_on = |id: &AddOnId| name_add_on(catalogues, after, id);
    match new.first() {
        None => Ok(()),
        Some(Gap::NotInPlan { plan, .. }) => {
            let same = |gap: &Gap| match gap {
                Gap::NotInPlan { plan: other, add_on: id } if other == plan => Some(add_on(id)),
                _ => None,
            };
            Err(Refusal::NotInPlan {
                plan: name_plan(catalogues, plan),
                add_ons: new.iter().filter_map(same).collect(),
            })
        }
        Some(Gap::Missing { required, by }) => Err(match asked {
            Asked::ToBook => {
                let missing = new.iter().filter_map(|gap| match gap {
                    Gap::Missing { required, by: other } if other == by => Some(add_on(required)),
                    _ => None,
                });
                Refusal::Requires { add_on: add_on(by), missing: missing.collect() }
            }
            Asked::ToLetGo => {
                let by = new.iter().filter_map(|gap| match gap {
                    Gap::Missing { required: other, by } if other == required => Some(add_on(by)),
                    _ => None,
                });
                Refusal::Required { add_on: add_on(required), by: by.collect() }
            }
        }),
    }
}

/// A plan with what people read.
pub(super) fn name_plan(catalogues: &Catalogues, key: &PlanKey) -> Named {
    let id = key.to_string();
    let title = catalogues.plan(key).map_or_else(|| Text::new(&id, &id), |(_, plan)| plan.title.clone());
    Named { id, title }
}

/// An add-on with what people read, from the newest plan that knows it.
pub(super) fn name_add_on(catalogues: &Catalogues, subscription: &Subscription, id: &AddOnId) -> Named {
    let mut phases = subscription.phases.iter().rev();
    let known = phases.find_map(|phase| catalogues.plan(&phase.plan)?.0.add_on(id));
    let title = known.map_or_else(|| Text::new(id.as_str(), id.as_str()), |add_on| add_on.title.clone());
    Named { id: id.to_string(), title }
}

/// Everything that is missing on any day from today on.
fn gaps(catalogues: &Catalogues, subscription: &Subscription, today: Day) -> BTreeSet<Gap> {
    let phases = subscription.phases.iter().map(|phase| phase.from);
    let begins = subscription.bookings.iter().map(|booking| booking.from);
    let ends = subscription.bookings.iter().filter_map(|booking| booking.until).map(Day::next);
    // Nothing changes between these days.
    let days: BTreeSet<Day> = phases.chain(begins).chain(ends).filter(|day| *day > today).chain([today]).collect();
    let mut gaps = BTreeSet::new();
    for day in days {
        let Some(phase) = subscription.phase_on(day) else { continue };
        let Some((catalogue, plan)) = catalogues.plan(&phase.plan) else { continue };
        let there: BTreeSet<&AddOnId> = in_force(subscription, day).map(|booking| &booking.add_on).collect();
        // What was given up and ends with this month asks for nothing more, so that giving it up is enough to
        // change the plan at once.
        let stays = |booking: &&Booking| booking.until.is_none_or(|last| last > today.month().last());
        let asking: BTreeSet<&AddOnId> =
            in_force(subscription, day).filter(stays).map(|booking| &booking.add_on).collect();
        for add_on in asking {
            if !usable(catalogue, plan, add_on, &there) {
                gaps.insert(Gap::NotInPlan { plan: phase.plan.clone(), add_on: add_on.clone() });
            }
            for required in catalogue.add_on(add_on).map_or(&[][..], |found| &found.requires) {
                if !there.contains(required) && !plan.includes.contains(required) {
                    gaps.insert(Gap::Missing { required: required.clone(), by: add_on.clone() });
                }
            }
        }
    }
    gaps
}

fn in_force(subscription: &Subscription, day: Day) -> impl Iterator<Item = &Booking> {
    subscription.bookings.iter().filter(move |booking| booking.covers(day))
}

/// Whether an add-on does anything in a plan: it is priced or included, enlarges a pool, promises a response, or
/// something booked requires it.
fn usable(catalogue: &Catalogue, plan: &Plan, add_on: &AddOnId, there: &BTreeSet<&AddOnId>) -> bool {
    let Some(known) = catalogue.add_on(add_on) else { return false };
    let required = |other: &&AddOnId| catalogue.add_on(other).is_some_and(|other| other.requires.contains(add_on));
    known.response.is_some()
        || plan.includes.contains(add_on)
        || catalogue.charges_of(plan).any(|charge| charge.add_on.as_ref() == Some(add_on))
        || plan.pools.iter().any(|pool| pool.sizes.iter().any(|(larger, _)| larger == add_on))
        || there.iter().any(|other| *other != add_on && required(other))
}

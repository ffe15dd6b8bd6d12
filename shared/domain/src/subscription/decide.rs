//! Decisions over a subscription: what it is after a change, or why the change is refused.
//!
//! Everything is kept as dates: a downgrade is a phase that begins later, a cancellation a last day. Nothing has to
//! be done on the day itself, and no day before today is ever changed.

use rust_decimal::Decimal;

use crate::calendar::Day;
use crate::catalog::charge::Model;
use crate::catalog::names::{ChargeId, MeterId};
use crate::catalog::plan::Plan;
use crate::catalog::{Catalogue, Catalogues, PlanKey};
use crate::money::Money;
use crate::subscription::change::{Change, Decision};
use crate::subscription::refusal::Refusal;
use crate::subscription::term::{earliest_end, term_on};
use crate::subscription::warning::Warning;
use crate::subscription::{Phase, Subscription, Trial, add_ons, plans, promotions};

/// Most of an add-on or a forecast.
pub(super) const QUANTITY_LIMIT: u32 = 1_000_000_000;

/// What a change is decided by.
#[derive(Clone, Copy)]
pub(super) struct Current<'a> {
    pub(super) catalogues: &'a Catalogues,
    pub(super) before: &'a Subscription,
    pub(super) today: Day,
    pub(super) phase: &'a Phase,
    pub(super) catalogue: &'a Catalogue,
    pub(super) plan: &'a Plan,
}

/// A new subscription; with the free days of its plan it begins as a trial, for which nothing is owed (P1).
///
/// # Errors
/// [`Refusal`] for a plan that is unknown or not sold on that day.
pub fn subscribe(catalogues: &Catalogues, plan: &PlanKey, from: Day) -> Result<Decision, Refusal> {
    let target = plans::sold(catalogues, plan)?;
    plans::begins_within_sale(catalogues, plan, from)?;
    let mut after = Subscription::new(plan.clone(), from);
    if let Some(more) = target.trial_days.checked_sub(1) {
        after.trial = Some(Trial { until: from.plus_days(more.into()), converted_on: None });
    }
    let timers = after.due_from(from.next());
    Ok(Decision { after, effective_on: from, warnings: Vec::new(), timers })
}

/// Decides a change on a day. `redeemed` says how often all accounts have redeemed the code of
/// [`Change::Redeem`]; nothing else looks at it. Who may ask for it is [`Change::operator_only`].
///
/// # Errors
/// [`Refusal`] with what would be right.
pub fn decide(
    catalogues: &Catalogues,
    before: &Subscription,
    change: &Change,
    today: Day,
    redeemed: u64,
) -> Result<Decision, Refusal> {
    let current = current(catalogues, before, today)?;
    let decision = match change {
        Change::ChangePlan { to } => plans::change(&current, to),
        Change::WithdrawPlanChange => plans::withdraw(&current),
        Change::Book { add_on, quantity, label } => add_ons::book(&current, add_on, *quantity, label.as_deref()),
        Change::GiveUp { add_on, label } => add_ons::give_up(&current, add_on, label.as_deref()),
        Change::Cancel => cancel(&current),
        Change::WithdrawCancellation => withdraw_cancellation(&current),
        Change::Convert => convert(&current),
        Change::ExtendTrial { until } => extend_trial(&current, *until),
        Change::Redeem { code } => promotions::redeem(&current, code, redeemed),
        Change::Agree { charge, price } => agree(&current, charge, *price),
        Change::Commit { meter, quantity } => commit(&current, meter, *quantity),
    }?;
    Ok(Decision { timers: decision.after.due_from(today.next()), ..decision })
}

fn current<'a>(catalogues: &'a Catalogues, before: &'a Subscription, today: Day) -> Result<Current<'a>, Refusal> {
    if let Some(on) = before.ends_on.filter(|last| today > *last) {
        return Err(Refusal::Ended { on });
    }
    // Terms and requirements are worked out over all phases, so each must be known (G6, G7).
    if let Some(phase) = before.phases.iter().find(|phase| catalogues.plan(&phase.plan).is_none()) {
        return Err(Refusal::UnknownPlan { plan: phase.plan.to_string() });
    }
    let begins = before.phases.first().map_or(today, |phase| phase.from);
    let phase = before.phase_on(today).ok_or(Refusal::NotBegun { from: begins })?;
    let (catalogue, plan) =
        catalogues.plan(&phase.plan).ok_or_else(|| Refusal::UnknownPlan { plan: phase.plan.to_string() })?;
    Ok(Current { catalogues, before, today, phase, catalogue, plan })
}

fn now(after: Subscription, today: Day) -> Decision {
    Decision { after, effective_on: today, warnings: Vec::new(), timers: Vec::new() }
}

/// Cancels (P3, A13, A21). A change of plan that was to begin after the end goes with it.
fn cancel(current: &Current<'_>) -> Result<Decision, Refusal> {
    let Current { catalogues, before, today, .. } = *current;
    if let Some(ends_on) = before.ends_on {
        return Err(Refusal::AlreadyCancelled { ends_on });
    }
    let ends_on = earliest_end(catalogues, before, today);
    let missed = term_on(catalogues, before, today).filter(|span| today > span.cancel_by);
    let warnings = missed.map(|span| Warning::NoticeMissed { cancel_by: span.cancel_by, ends_on });
    let mut after = before.clone();
    after.ends_on = Some(ends_on);
    plans::drop_pending(&mut after, ends_on);
    Ok(Decision { after, effective_on: ends_on.next(), warnings: warnings.into_iter().collect(), timers: Vec::new() })
}

/// Takes a cancellation back, until the last day; a change of plan that went with it does not come back.
fn withdraw_cancellation(current: &Current<'_>) -> Result<Decision, Refusal> {
    current.before.ends_on.ok_or(Refusal::NotCancelled)?;
    Ok(now(Subscription { ends_on: None, ..current.before.clone() }, current.today))
}

fn trial_of(current: &Current<'_>) -> Result<Trial, Refusal> {
    match current.before.trial {
        None => Err(Refusal::NoTrial),
        Some(Trial { converted_on: Some(on), .. }) => Err(Refusal::Converted { on }),
        Some(trial) => Ok(trial),
    }
}

/// Makes a trial a paid subscription, also after its end (P1). A minimum term begins today.
fn convert(current: &Current<'_>) -> Result<Decision, Refusal> {
    let trial = Trial { converted_on: Some(current.today), ..trial_of(current)? };
    let after = Subscription { trial: Some(trial), ..current.before.clone() };
    plans::ends_within_term(current.catalogues, &after)?;
    Ok(now(after, current.today))
}

/// Makes a trial longer, also one that is over (P1).
fn extend_trial(current: &Current<'_>, until: Day) -> Result<Decision, Refusal> {
    let trial = trial_of(current)?;
    let than = trial.until.max(current.today.previous());
    if until <= than {
        return Err(Refusal::NotLater { than });
    }
    Ok(now(Subscription { trial: Some(Trial { until, ..trial }), ..current.before.clone() }, current.today))
}

/// Agrees on a price (A20, O1).
fn agree(current: &Current<'_>, charge: &ChargeId, price: Decimal) -> Result<Decision, Refusal> {
    let plans = current.before.phases.iter().filter(|phase| phase.from >= current.phase.from);
    let mut plans = plans.filter_map(|phase| current.catalogues.plan(&phase.plan));
    if !plans.any(|(_, plan)| plan.charges.contains(charge)) {
        return Err(Refusal::UnknownCharge { charge: charge.to_string() });
    }
    let price = price.normalize();
    if price < Decimal::ZERO || price >= Money::LIMIT || price.scale() > 8 {
        return Err(Refusal::NotAPrice);
    }
    let mut after = current.before.clone();
    set(&mut after.agreed_prices, charge, price);
    Ok(now(after, current.today))
}

/// Commits to a forecast (Z7).
fn commit(current: &Current<'_>, meter: &MeterId, quantity: Decimal) -> Result<Decision, Refusal> {
    let by_forecast =
        |model: &Model| matches!(model, Model::Metered(metered) if metered.forecast && metered.meter == *meter);
    if !current.catalogue.charges_of(current.plan).any(|charge| by_forecast(&charge.model)) {
        return Err(Refusal::NotForecast { meter: meter.to_string() });
    }
    if quantity <= Decimal::ZERO || quantity > Decimal::from(QUANTITY_LIMIT) {
        return Err(Refusal::NotAQuantity { most: QUANTITY_LIMIT });
    }
    let mut after = current.before.clone();
    set(&mut after.forecast, meter, quantity);
    Ok(now(after, current.today))
}

fn set<Id: Clone + PartialEq>(values: &mut Vec<(Id, Decimal)>, id: &Id, value: Decimal) {
    match values.iter_mut().find(|(known, _)| known == id) {
        Some((_, known)) => *known = value,
        None => values.push((id.clone(), value)),
    }
}

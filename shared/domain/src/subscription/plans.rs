//! Changes of plan: at once, or with the next term (C1, C3, Z2).

use crate::calendar::{Day, working_days_between};
use crate::catalog::plan::Plan;
use crate::catalog::{Catalogues, PlanKey};
use crate::subscription::change::Decision;
use crate::subscription::decide::Current;
use crate::subscription::needs::{self, Asked, name_plan};
use crate::subscription::refusal::Refusal;
use crate::subscription::term::{next_term, term_on};
use crate::subscription::warning::Warning;
use crate::subscription::{Phase, Subscription};

/// Changes the plan.
///
/// An upgrade or a switch holds from today and drops an ordered change. Another one on the same day replaces it, and
/// one back to the plan of yesterday undoes it. In a trial every change is at once and voids no codes. The first
/// day has no yesterday: what ranks lower than the plan it began with comes with the next term.
pub(super) fn change(current: &Current<'_>, to: &PlanKey) -> Result<Decision, Refusal> {
    let Current { catalogues, before, today, phase, plan, .. } = *current;
    let pending = before.pending_after(today);
    if phase.plan == *to {
        return Err(Refusal::SamePlan { plan: name_plan(catalogues, to), pending: pending.is_some() });
    }
    let replaced = replaced_today(current);
    let undoes = replaced.is_some_and(|(yesterday, _)| yesterday.plan == *to);
    let target = target(current, to, undoes)?;
    let mut after = before.clone();
    drop_pending(&mut after, today);
    let at_once = before.in_trial() || target.rank >= replaced.map_or(plan.rank, |(_, yesterday)| yesterday.rank);
    let from = if at_once { today } else { next_term(catalogues, &after, today) };
    begins_within_sale(catalogues, to, from)?;
    let mut warnings = Vec::new();
    if let Some(dropped) = pending.filter(|pending| pending.plan != *to) {
        warnings.push(Warning::PendingDropped { plan: name_plan(catalogues, &dropped.plan), from: dropped.from });
    }
    if at_once {
        begin_today(&mut after, to, today);
    } else {
        after.phases.push(Phase { plan: to.clone(), from });
        warnings.extend(void_codes(&mut after, from));
        let left = working_days_between(today.next(), from);
        if left < u64::from(plan.lead_days) {
            warnings.push(Warning::ShortLead { left, advised: plan.lead_days });
        }
    }
    ends_within_term(catalogues, &after)?;
    needs::check(catalogues, before, &after, today, Asked::ToLetGo)?;
    Ok(Decision { after, effective_on: from, warnings, timers: Vec::new() })
}

/// Withdraws the ordered change; the codes it would have made void stay valid (C3).
pub(super) fn withdraw(current: &Current<'_>) -> Result<Decision, Refusal> {
    let Current { catalogues, before, today, .. } = *current;
    if before.pending_after(today).is_none() {
        return Err(Refusal::NoPendingChange);
    }
    let mut after = before.clone();
    drop_pending(&mut after, today);
    ends_within_term(catalogues, &after)?;
    needs::check(catalogues, before, &after, today, Asked::ToLetGo)?;
    Ok(Decision { after, effective_on: today, warnings: Vec::new(), timers: Vec::new() })
}

/// A plan that is sold.
pub(super) fn sold<'a>(catalogues: &'a Catalogues, key: &PlanKey) -> Result<&'a Plan, Refusal> {
    let (_, plan) = catalogues.plan(key).ok_or_else(|| Refusal::UnknownPlan { plan: key.to_string() })?;
    if plan.sold { Ok(plan) } else { Err(Refusal::NotSold { plan: name_plan(catalogues, key) }) }
}

/// Whether the version may be sold on the day the plan begins.
pub(super) fn begins_within_sale(catalogues: &Catalogues, key: &PlanKey, from: Day) -> Result<(), Refusal> {
    match catalogues.plan(key).and_then(|(catalogue, _)| catalogue.parts().valid_from) {
        Some(valid_from) if from < valid_from => {
            Err(Refusal::NotSoldYet { plan: name_plan(catalogues, key), from: valid_from })
        }
        _ => Ok(()),
    }
}

/// Refuses what leaves a cancelled subscription ending within a term.
pub(super) fn ends_within_term(catalogues: &Catalogues, after: &Subscription) -> Result<(), Refusal> {
    let Some(ends_on) = after.ends_on else { return Ok(()) };
    let beyond = after.phases.last().is_some_and(|phase| phase.from > ends_on);
    let within = term_on(catalogues, after, ends_on).is_some_and(|span| span.last > ends_on);
    if beyond || within { Err(Refusal::Cancelled { ends_on }) } else { Ok(()) }
}

/// Removes changes of plan after a day, and what they would have made void is valid again.
pub(super) fn drop_pending(subscription: &mut Subscription, day: Day) {
    subscription.phases.retain(|phase| phase.from <= day);
    for redemption in &mut subscription.redemptions {
        redemption.void_from = redemption.void_from.filter(|from| *from <= day);
    }
}

/// The plan a change leads to: one of the same catalogue, sold unless today's change is only undone, and free only
/// if the present one is (C3).
fn target<'a>(current: &Current<'a>, to: &PlanKey, undoes: bool) -> Result<&'a Plan, Refusal> {
    let unknown = || Refusal::UnknownPlan { plan: to.to_string() };
    let (catalogue, target) = current.catalogues.plan(to).ok_or_else(unknown)?;
    if catalogue.parts().id != current.catalogue.parts().id {
        return Err(Refusal::OtherCatalogue { catalogue: current.catalogue.parts().id.clone() });
    }
    if target.free && !current.plan.free {
        return Err(Refusal::FreePlan { plan: name_plan(current.catalogues, to) });
    }
    if undoes { Ok(target) } else { sold(current.catalogues, to) }
}

/// The phase and plan of yesterday if an upgrade or a switch of today replaced it. A downgrade that took effect
/// today was not ordered today.
fn replaced_today<'a>(current: &Current<'a>) -> Option<(&'a Phase, &'a Plan)> {
    let began_today = current.phase.from == current.today;
    let yesterday = current.before.phases.iter().rev().find(|phase| phase.from < current.today)?;
    let (_, plan) = current.catalogues.plan(&yesterday.plan)?;
    (began_today && plan.rank <= current.plan.rank).then_some((yesterday, plan))
}

fn begin_today(subscription: &mut Subscription, plan: &PlanKey, today: Day) {
    subscription.phases.retain(|phase| phase.from < today);
    if subscription.phases.last().is_none_or(|yesterday| yesterday.plan != *plan) {
        subscription.phases.push(Phase { plan: plan.clone(), from: today });
    }
}

/// Makes every code that is still valid void from a day on.
fn void_codes(subscription: &mut Subscription, from: Day) -> Option<Warning> {
    let mut codes = Vec::new();
    for redemption in subscription.redemptions.iter_mut().filter(|redemption| redemption.void_from.is_none()) {
        redemption.void_from = Some(from);
        codes.push(redemption.code.clone());
    }
    if codes.is_empty() { None } else { Some(Warning::CodesVoid { codes, from }) }
}

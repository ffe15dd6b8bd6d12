//! Redeeming promotion codes (C3).

use crate::catalog::names::PromotionCode;
use crate::subscription::Redemption;
use crate::subscription::change::Decision;
use crate::subscription::decide::Current;
use crate::subscription::needs::name_plan;
use crate::subscription::refusal::Refusal;
use crate::subscription::warning::Warning;

/// Most codes of an account that apply at once.
const CODES_LIMIT: usize = 10;

/// Redeems a code of the catalogue the account was sold its plan under. `redeemed` says how often all accounts
/// have. Before a downgrade that is ordered, the code becomes void with the others (C3).
pub(super) fn redeem(current: &Current<'_>, code: &PromotionCode, redeemed: u64) -> Result<Decision, Refusal> {
    let Current { catalogues, before, today, catalogue, plan, .. } = *current;
    let promotion = catalogue.promotion(code).ok_or_else(|| Refusal::UnknownCode { code: code.clone() })?;
    if let Some(earlier) = before.redemptions.iter().find(|earlier| earlier.code == *code) {
        return Err(match earlier.void_from.filter(|from| *from <= today) {
            Some(from) => Refusal::CodeVoid { from },
            None => Refusal::CodeRedeemed { on: earlier.on },
        });
    }
    if let Some(from) = promotion.from.filter(|from| today < *from) {
        return Err(Refusal::CodeNotYet { from });
    }
    if let Some(until) = promotion.until.filter(|until| today > *until) {
        return Err(Refusal::CodeExpired { until });
    }
    if promotion.limit.is_some_and(|limit| redeemed >= limit) {
        return Err(Refusal::CodeUsedUp);
    }
    if !promotion.plans.is_empty() && !promotion.plans.contains(&plan.id) {
        let plans = promotion.plans.iter().map(|plan| name_plan(catalogues, &catalogue.plan_key(plan))).collect();
        return Err(Refusal::CodeNotForPlan { plans });
    }
    let valid = |redemption: &&Redemption| redemption.void_from.is_none_or(|from| from > today);
    if before.redemptions.iter().filter(valid).count() >= CODES_LIMIT {
        return Err(Refusal::TooManyCodes { most: CODES_LIMIT });
    }
    let void_from = before.pending_after(today).map(|pending| pending.from);
    let warnings = void_from.map(|from| Warning::CodesVoid { codes: vec![code.clone()], from }).into_iter().collect();
    let mut after = before.clone();
    after.redemptions.push(Redemption { code: code.clone(), on: today, void_from });
    Ok(Decision { after, effective_on: today, warnings, timers: Vec::new() })
}

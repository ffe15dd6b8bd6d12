//! The changes that forms ask for.

use domain::calendar::Day;
use domain::catalog::PlanKey;
use domain::catalog::names::{AddOnId, ChargeId, MeterId, PromotionCode};
use domain::language::Language;
use domain::subscription::change::Change;
use domain::subscription::refusal::Refusal;
use platform::http::field;
use rust_decimal::Decimal;

use super::Wrong;
use crate::numbers::number;

pub(super) const CHANGE: &str = "change-plan";
pub(super) const WITHDRAW: &str = "withdraw-change";
pub(super) const BOOK: &str = "book";
pub(super) const GIVE_UP: &str = "give-up";
pub(super) const REDEEM: &str = "redeem";
pub(super) const CANCEL: &str = "cancel";
pub(super) const GO_ON: &str = "withdraw-cancellation";
pub(super) const CONVERT: &str = "convert";
pub(super) const EXTEND: &str = "extend-trial";
pub(super) const AGREE: &str = "agree";
pub(super) const COMMIT: &str = "commit";

/// Most of an add-on or a forecast, as the domain has it.
const QUANTITY_LIMIT: u32 = 1_000_000_000;

/// Fields that a confirmation sends again.
pub(super) const FIELDS: [&str; 11] =
    ["action", "plan", "add_on", "quantity", "label", "code", "until", "charge", "price", "meter", "committed"];

/// Whether the form of a change is the operator's alone.
pub(super) const fn for_operator(change: &Change) -> bool {
    matches!(change, Change::ExtendTrial { .. } | Change::Agree { .. } | Change::Commit { .. })
}

/// The change a form asks for, or the sentence for what cannot be read; `None` for an action that does not exist.
pub(super) fn read(action: &str, fields: &[(String, String)], language: Language) -> Option<Result<Change, Wrong>> {
    Some(match action {
        CHANGE => Ok(Change::ChangePlan { to: plan(field(fields, "plan")) }),
        WITHDRAW => Ok(Change::WithdrawPlanChange),
        CANCEL => Ok(Change::Cancel),
        GO_ON => Ok(Change::WithdrawCancellation),
        CONVERT => Ok(Change::Convert),
        BOOK | GIVE_UP | REDEEM | EXTEND | AGREE | COMMIT => typed(action, fields, language),
        _ => return None,
    })
}

/// Changes with something that was typed.
fn typed(action: &str, fields: &[(String, String)], language: Language) -> Result<Change, Wrong> {
    let refused = |refusal: Refusal| Wrong::of(&refusal, language);
    let wrong = |field, sentence: &str| Wrong { field, sentence: sentence.to_owned() };
    let value = |name| field(fields, name).trim();
    let label = || Some(value("label").to_owned()).filter(|label| !label.is_empty());
    let add_on = || {
        let text = value("add_on");
        let choose = language.pick("Bitte wählen Sie aus, was Sie buchen möchten.", "Please choose what to book.");
        if text.is_empty() {
            return Err(wrong("add_on", choose));
        }
        AddOnId::parse(text).map_err(|_| refused(Refusal::UnknownAddOn { add_on: text.to_owned() }))
    };
    let quantity = |name: &'static str| {
        let sentence = Refusal::NotAQuantity { most: QUANTITY_LIMIT }.sentence(language);
        let limit = Decimal::from(QUANTITY_LIMIT);
        let number = number(value(name), language).filter(|number| !number.is_zero() && *number <= limit);
        number.ok_or(Wrong { field: name, sentence })
    };
    match action {
        BOOK => Ok(Change::Book { add_on: add_on()?, quantity: quantity("quantity")?, label: label() }),
        GIVE_UP => Ok(Change::GiveUp { add_on: add_on()?, label: label() }),
        REDEEM => {
            let sentence = language.pick(
                "Bitte geben Sie den Aktionscode so ein, wie Sie ihn erhalten haben: 3 bis 40 Buchstaben, Ziffern oder Bindestriche.",
                "Please enter the promotion code as you received it: 3 to 40 letters, digits or hyphens.",
            );
            let code = PromotionCode::parse(value("code")).map_err(|_| wrong("code", sentence))?;
            Ok(Change::Redeem { code })
        }
        EXTEND => {
            let sentence = language.pick("Bitte geben Sie einen Tag an.", "Please give a day.");
            Ok(Change::ExtendTrial { until: Day::parse(value("until")).map_err(|_| wrong("until", sentence))? })
        }
        AGREE => {
            let text = value("charge");
            let unknown = || refused(Refusal::UnknownCharge { charge: text.to_owned() });
            let charge = ChargeId::parse(text).map_err(|_| unknown())?;
            let price = number(value("price"), language).ok_or_else(|| refused(Refusal::NotAPrice))?;
            Ok(Change::Agree { charge, price })
        }
        _ => {
            let text = value("meter");
            let unknown = || refused(Refusal::NotForecast { meter: text.to_owned() });
            let meter = MeterId::parse(text).map_err(|_| unknown())?;
            Ok(Change::Commit { meter, quantity: quantity("committed")? })
        }
    }
}

fn plan(text: &str) -> PlanKey {
    let (catalogue, plan) = text.rsplit_once('/').unwrap_or(("", text));
    PlanKey { catalogue: catalogue.to_owned(), plan: plan.to_owned() }
}

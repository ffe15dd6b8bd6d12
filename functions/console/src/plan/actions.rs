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

/// A number as people write it: `1.234,5` in German, `1,234.5` in English. A point before exactly three digits
/// groups them in German, as does a comma in English; a point is otherwise a decimal point in both.
fn number(text: &str, language: Language) -> Option<Decimal> {
    let (group, decimal) = language.pick(('.', ','), (',', '.'));
    let (whole, fraction) = match text.split_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let mut groups = whole.split(group);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().filter(|first| digits(first))?;
    let rest: Vec<&str> = groups.collect();
    let grouped = first.len() <= 3 && rest.iter().all(|part| part.len() == 3);
    let plain = match (rest.as_slice(), fraction) {
        _ if !rest.iter().all(|part| digits(part)) || !fraction.is_none_or(digits) => return None,
        ([], None) => first.to_owned(),
        ([], Some(fraction)) => format!("{first}.{fraction}"),
        (rest, fraction) if grouped => format!("{first}{}.{}", rest.concat(), fraction.unwrap_or("0")),
        // `12.50` is no group; where groups are points it is a decimal point.
        ([point], None) if group == '.' => format!("{first}.{point}"),
        _ => return None,
    };
    plain.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_as_people_write_them() {
        for (language, text, expected) in [
            (Language::De, "5", Some("5")),
            (Language::De, "12,50", Some("12.50")),
            (Language::De, "12.50", Some("12.50")),
            (Language::De, "1.000", Some("1000")),
            (Language::De, "1.234.567,8", Some("1234567.8")),
            (Language::En, "1,000", Some("1000")),
            (Language::En, "1.000", Some("1.000")),
            (Language::En, "1,234.5", Some("1234.5")),
            (Language::En, "12,50", None),
            (Language::De, "1.00.000", None),
            (Language::De, "1,2,3", None),
            (Language::De, "-5", None),
            (Language::De, "1e3", None),
            (Language::De, "", None),
            (Language::De, "viele", None),
        ] {
            let expected = expected.map(|text| text.parse::<Decimal>().expect("a number"));
            assert_eq!(number(text, language), expected, "{language:?} {text}");
        }
    }
}

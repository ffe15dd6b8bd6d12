//! Why something cannot be invoiced, as it is told beside a form.

use crate::language::Language;
use crate::rating::HoldReason;

/// The sentence for people.
pub(super) fn sentence(reason: &HoldReason, language: Language) -> String {
    if let (HoldReason::BelowZero(_), Language::De) = (reason, language) {
        return "Der Gesamtbetrag wäre negativ. Nehmen Sie stattdessen eine Rechnung durch Storno zurück.".to_owned();
    }
    let told = reason.told();
    language.pick(told.de, format!("This cannot be invoiced: {reason}."))
}

//! Why something cannot be invoiced, as it is told beside a form. Runs tell it to the operator in English.

use crate::language::Language;
use crate::rating::HoldReason;

/// The sentence for people; reasons that only a run can have stand as they are.
pub(super) fn sentence(reason: &HoldReason, language: Language) -> String {
    let german = match reason {
        HoldReason::NoBuyerAddress => "Dem Konto fehlt die Anschrift.".to_owned(),
        HoldReason::NoVatId(country) => format!(
            "Das Konto ist in {country} ansässig und hat keine USt-IdNr. Verbraucher in anderen EU-Staaten werden nicht abgerechnet."
        ),
        HoldReason::ForeignVatId { country, vat_id } => format!(
            "Das Konto ist in {country} ansässig, seine USt-IdNr. {vat_id} stammt aber aus keinem anderen EU-Staat."
        ),
        HoldReason::VatIdUnchecked(vat_id) => format!("Die USt-IdNr. {vat_id} ist noch nicht geprüft."),
        HoldReason::VatIdInvalid { vat_id, on } => {
            format!("Die USt-IdNr. {vat_id} war bei der Prüfung am {} ungültig.", Language::De.date(*on))
        }
        HoldReason::BelowZero(_) => {
            "Der Gesamtbetrag wäre negativ. Nehmen Sie stattdessen eine Rechnung durch Storno zurück.".to_owned()
        }
        HoldReason::Total(_) => "Ein Betrag ist größer, als eine Rechnung ausweisen kann.".to_owned(),
        other => format!("Das lässt sich so nicht abrechnen: {other}."),
    };
    language.pick(german, format!("This cannot be invoiced: {reason}."))
}

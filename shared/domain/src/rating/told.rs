//! Why something is held, as the operator reads it (G7).

use super::HoldReason;
use crate::language::{Language, Text};

impl HoldReason {
    /// The sentence in both languages. Names are the ids of the price list, because whoever mends it has to find them there.
    #[must_use]
    pub fn told(&self) -> Text {
        let english = self.to_string();
        let mut letters = english.chars();
        let first = letters.next().filter(|_| !self.begins_with_an_id()).map(|letter| letter.to_ascii_uppercase());
        let en = first.map_or_else(|| format!("{english}."), |first| format!("{first}{}.", letters.as_str()));
        Text { de: self.german(), en }
    }

    /// Ids are written as the price list has them.
    const fn begins_with_an_id(&self) -> bool {
        matches!(
            self,
            Self::OnRequest { .. }
                | Self::NoAgreedPrice(_)
                | Self::AgreedPriceNotAllowed { .. }
                | Self::NoForecast(_)
                | Self::NotBooked { .. }
                | Self::PerEvent { .. }
                | Self::NoSubscription { .. }
                | Self::NeedsOffer { .. }
                | Self::BelowZeroUsage { .. }
        )
    }

    fn german(&self) -> String {
        match self {
            Self::UnknownPlan(plan) => format!("Keine veröffentlichte Preisliste enthält den Tarif {plan}."),
            Self::UnknownAddOn(add_on) => format!("Die Preisliste enthält keinen Zusatz {add_on}."),
            Self::UnknownPromotion(code) => {
                format!("Keine Preisliste des Kontos kennt den Aktionscode {code}.")
            }
            Self::ImpossibleCounts(event) => format!(
                "Die Zahlen der Veranstaltung {event} widersprechen sich: mehr oder weniger Teilnehmer, als zu den Antworten passt."
            ),
            Self::TooLarge(charge) => {
                format!("Der Betrag der Position {charge} ist größer, als eine Rechnung ausweisen kann.")
            }
            Self::Total(_) => "Ein Betrag ist größer, als eine Rechnung ausweisen kann.".to_owned(),
            Self::BelowZero(amount) => format!(
                "Die Gutschriften sind höher als die Entgelte, zusammen {}. Das braucht eine Rechnungskorrektur.",
                Language::De.money(*amount)
            ),
            Self::Unreadable(what) => format!("Gespeicherte Daten sind nicht lesbar: {what}."),
            Self::Void { number, why } => {
                format!("Der Entwurf ließ sich nicht ausstellen, die Nummer {number} bleibt ungenutzt: {why}.")
            }
            Self::OtherVat => {
                "Die Anzahlung wurde anders besteuert, als die restliche Leistung jetzt besteuert wird. Stornieren Sie die Anzahlung, dann kommt alles auf eine Rechnung."
                    .to_owned()
            }
            Self::NoSellerVatId => {
                "Dem Rechnungssteller fehlt die USt-IdNr., ohne die er keine Rechnung mit Übergang der Steuerschuld ausstellen darf."
                    .to_owned()
            }
            Self::OpenCorrection => {
                "Die Rechnungskorrektur der Anzahlung ist noch ein Entwurf. Stellen Sie sie aus, oder verwerfen Sie sie."
                    .to_owned()
            }
            Self::NoPartner => {
                "Es gibt Positionen im Namen eines Servicepartners, aber kein Servicepartner ist eingetragen."
                    .to_owned()
            }
            Self::SharedSeries(prefix) => {
                format!("Die Rechnungsnummern des Servicepartners beginnen mit {prefix}, genau wie die des Betreibers.")
            }
            Self::NoBuyerAddress
            | Self::UnknownCountry(_)
            | Self::NoVatId(_)
            | Self::ForeignVatId { .. }
            | Self::VatIdUnchecked(_)
            | Self::VatIdInvalid { .. } => self.german_about_the_buyer(),
            _ => self.german_about_usage(),
        }
    }

    fn german_about_the_buyer(&self) -> String {
        match self {
            Self::UnknownCountry(country) => format!("Das Land {country} des Kontos steht nicht in ISO 3166-1."),
            Self::NoVatId(country) => format!(
                "Das Konto ist in {country} ansässig und hat keine USt-IdNr. Verbraucher in anderen EU-Staaten werden nicht abgerechnet."
            ),
            Self::ForeignVatId { country, vat_id } => format!(
                "Das Konto ist in {country} ansässig, seine USt-IdNr. {vat_id} stammt aber aus keinem anderen EU-Staat."
            ),
            Self::VatIdUnchecked(vat_id) => format!("Die USt-IdNr. {vat_id} ist noch nicht geprüft."),
            Self::VatIdInvalid { vat_id, on } => {
                format!("Die USt-IdNr. {vat_id} war bei der Prüfung am {} ungültig.", Language::De.date(*on))
            }
            _ => "Dem Konto fehlt die Rechnungsanschrift.".to_owned(),
        }
    }

    fn german_about_usage(&self) -> String {
        let date = |day: &crate::calendar::Day| Language::De.date(*day);
        match self {
            Self::OnRequest { charge, quantity } => {
                let quantity = Language::De.number(*quantity);
                format!("{charge}: Ab {quantity} muss der Preis mit dem Konto vereinbart werden.")
            }
            Self::NoAgreedPrice(charge) => format!("{charge}: Der Preis muss erst vereinbart werden."),
            Self::AgreedPriceNotAllowed { charge, day, allowed } => format!(
                "{charge}: Der Preis, der für den Auftrag vom {} vereinbart ist, ist nicht zulässig; die Preisliste erlaubt {allowed}.",
                date(day)
            ),
            Self::NoForecast(charge) => {
                format!("{charge}: Die Position braucht eine verbindliche Planmenge, und der Vertrag nennt keine.")
            }
            Self::UnmarkedMeter { plan, meter } => format!(
                "Der Tarif {plan} sagt nicht, ob {meter} berechnet wird, enthalten ist oder außer Betracht bleibt."
            ),
            Self::NotBooked { meter, day } => format!(
                "{meter} wurde am {} genutzt, aber kein Zusatz ist gebucht, der dafür einen Preis hat.",
                date(day)
            ),
            Self::PerEvent { meter } => format!(
                "{meter} wird je Veranstaltung berechnet, wenn sie vorbei ist; einzelne Mengen sagen nicht, zu welcher sie gehören."
            ),
            Self::NoSubscription { what, day } => {
                format!("{what} am {}: An diesem Tag besteht kein Vertrag.", date(day))
            }
            Self::NoTariff { channel, start } => format!("Der Tarif hat für {channel} um {start} keinen Preis."),
            Self::NeedsOffer { channel, start, longest } => format!(
                "{channel} um {start} dauerte länger als {} Minuten: Das braucht ein Angebot.",
                Language::De.number(*longest)
            ),
            Self::NotSold { plan, charge } => format!("Der Tarif {plan} hat keine einmalige Leistung {charge}."),
            Self::BelowZeroUsage { meter, month, quantity } => {
                let (month, quantity) = (Language::De.month(*month), Language::De.number(*quantity));
                format!("{meter} liegt im {month} unter null: {quantity}. Es wurde mehr zurückgenommen als gezählt.")
            }
            // What concerns the buyer or the price list is told above.
            other => format!("Das lässt sich so nicht abrechnen: {other}."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Day, Month};
    use crate::catalog::PlanKey;
    use crate::catalog::names::{AddOnId, ChargeId, MeterId};
    use crate::ids::EventId;
    use crate::money::{Currency, Money, MoneyError};
    use rust_decimal::Decimal;

    fn every() -> Vec<HoldReason> {
        let plan = PlanKey { catalogue: "tables@2022-06".to_owned(), plan: "small".to_owned() };
        let charge = ChargeId::parse("base").unwrap();
        let meter = MeterId::parse("tables").unwrap();
        let (day, month) = (Day::parse("2026-11-05").unwrap(), Month::parse("2026-11").unwrap());
        let (number, word) = (Decimal::new(12_345, 1), || "XY".to_owned());
        vec![
            HoldReason::UnknownPlan(plan.clone()),
            HoldReason::UnknownAddOn(AddOnId::parse("extra").unwrap()),
            HoldReason::ImpossibleCounts(EventId::parse("evt_1").unwrap()),
            HoldReason::TooLarge(charge.clone()),
            HoldReason::Total(MoneyError::TooLarge),
            HoldReason::BelowZero(Money::from_cents(-1_250, Currency::Eur).unwrap()),
            HoldReason::OpenCorrection,
            HoldReason::OtherVat,
            HoldReason::NoSellerVatId,
            HoldReason::NoBuyerAddress,
            HoldReason::UnknownCountry(word()),
            HoldReason::Unreadable(word()),
            HoldReason::NoVatId(word()),
            HoldReason::ForeignVatId { country: word(), vat_id: word() },
            HoldReason::VatIdUnchecked(word()),
            HoldReason::VatIdInvalid { vat_id: word(), on: day },
            HoldReason::OnRequest { charge: charge.clone(), quantity: number },
            HoldReason::NoAgreedPrice(charge.clone()),
            HoldReason::AgreedPriceNotAllowed { charge: charge.clone(), day, allowed: word() },
            HoldReason::NoForecast(charge.clone()),
            HoldReason::UnmarkedMeter { plan: plan.clone(), meter: meter.clone() },
            HoldReason::NotBooked { meter: meter.clone(), day },
            HoldReason::PerEvent { meter: meter.clone() },
            HoldReason::NoPartner,
            HoldReason::SharedSeries(word()),
            HoldReason::Void { number: word(), why: word() },
            HoldReason::NoSubscription { what: word(), day },
            HoldReason::NoTariff { channel: meter.clone(), start: word() },
            HoldReason::NeedsOffer { channel: meter.clone(), start: word(), longest: number },
            HoldReason::NotSold { plan, charge },
            HoldReason::BelowZeroUsage { meter, month, quantity: -number },
            HoldReason::UnknownPromotion(word()),
        ]
    }

    #[test]
    fn every_reason_is_told_in_both_languages_g7() {
        let mut seen = Vec::new();
        for reason in every() {
            let Text { de, en } = reason.told();
            for sentence in [&de, &en] {
                assert!(sentence.ends_with('.') && !sentence.ends_with(".."), "{sentence}");
                assert!(!seen.contains(sentence), "{sentence}");
            }
            assert!(!de.contains("Das lässt sich so nicht abrechnen"), "{reason:?} has no German sentence of its own");
            assert_eq!(en.to_lowercase(), format!("{reason}.").to_lowercase());
            seen.extend([de, en]);
        }
    }

    #[test]
    fn numbers_and_days_are_written_as_the_language_does() {
        let told = HoldReason::BelowZero(Money::from_cents(-123_450, Currency::Eur).unwrap()).told();
        assert!(told.de.contains("zusammen -1.234,50\u{a0}€."), "{}", told.de);
        assert!(told.en.ends_with(": -€1,234.50 in all."), "{}", told.en);
        let told = HoldReason::NoForecast(ChargeId::parse("base").unwrap()).told();
        assert!(told.en.starts_with("base: "), "ids are written as they are: {}", told.en);
        let on = Day::parse("2026-11-05").unwrap();
        let told = HoldReason::VatIdInvalid { vat_id: "ATU12345678".to_owned(), on }.told();
        assert_eq!(told.de, "Die USt-IdNr. ATU12345678 war bei der Prüfung am 5. November 2026 ungültig.");
    }
}

//! Why a month would be held, told to somebody who only wants to know a price (G7).

use chrono::NaiveDateTime;
use domain::catalog::Catalogue;
use domain::catalog::charge::Model;
use domain::catalog::names::{ChargeId, MeterId};
use domain::language::{Language, Text};
use domain::rating::HoldReason;

/// One sentence that names things as the price list does. What the form does not let anybody ask for has no sentence of
/// its own.
pub(super) fn sentence(reason: &HoldReason, catalogue: &Catalogue, language: Language) -> String {
    let text = text(reason, catalogue);
    language.pick(text.de, text.en)
}

fn said(de: String, en: String) -> Text {
    Text { de, en }
}

fn text(reason: &HoldReason, catalogue: &Catalogue) -> Text {
    match reason {
        HoldReason::OnRequest { charge, quantity } => {
            let name = charge_text(catalogue, charge);
            let (de, en) = (Language::De.number(*quantity), Language::En.number(*quantity));
            said(
                format!("{}: Bei {de} wird der Preis individuell vereinbart. Sprechen Sie uns an.", name.de),
                format!("{}: for {en} the price is agreed individually. Please talk to us.", name.en),
            )
        }
        HoldReason::NoAgreedPrice(charge) => {
            let name = charge_text(catalogue, charge);
            said(
                format!("{}: Hier wird der Preis vereinbart. Ohne ihn lässt sich nichts berechnen.", name.de),
                format!("{}: this price is agreed with us. Without it nothing can be worked out.", name.en),
            )
        }
        HoldReason::NoForecast(charge) => {
            let name = charge_text(catalogue, charge);
            said(
                format!("{}: Dafür braucht es eine verbindliche Planmenge.", name.de),
                format!("{}: this needs a quantity you commit to.", name.en),
            )
        }
        HoldReason::NotBooked { meter, .. } => not_booked(meter, catalogue),
        HoldReason::NoTariff { channel, start } => {
            let name = meter_title(catalogue, channel);
            said(
                format!("{}: Für {} Uhr gibt es in diesem Tarif keinen Preis.", name.de, local(start, Language::De)),
                format!("{}: this plan has no price for {}.", name.en, local(start, Language::En)),
            )
        }
        HoldReason::NeedsOffer { channel, longest, .. } => {
            let name = meter_title(catalogue, channel);
            let (de, en) = (Language::De.number(*longest), Language::En.number(*longest));
            said(
                format!("{}: Was länger als {de} Minuten dauert, rechnen wir nach Angebot ab.", name.de),
                format!("{}: what takes longer than {en} minutes is charged by an offer.", name.en),
            )
        }
        HoldReason::TooLarge(charge) => {
            let name = charge_text(catalogue, charge);
            said(
                format!("{}: Der Betrag ist größer, als sich abrechnen lässt.", name.de),
                format!("{}: the amount is larger than can be invoiced.", name.en),
            )
        }
        HoldReason::Total(_) => said(
            "Der Gesamtbetrag ist größer, als sich abrechnen lässt.".to_owned(),
            "The total is larger than can be invoiced.".to_owned(),
        ),
        HoldReason::BelowZero(_) => said(
            "Die Gutschriften sind höher als die Kosten. Das ergäbe eine Gutschrift statt einer Rechnung.".to_owned(),
            "The credits are larger than the costs. That would be a credit note instead of an invoice.".to_owned(),
        ),
        _ => said(
            "Dieser Fall lässt sich nicht ohne Rückfrage berechnen. Sprechen Sie uns an.".to_owned(),
            "This case cannot be worked out without asking. Please talk to us.".to_owned(),
        ),
    }
}

/// Names what has to be booked for a meter to have a price.
fn not_booked(meter: &MeterId, catalogue: &Catalogue) -> Text {
    let name = meter_title(catalogue, meter);
    let prices = catalogue.parts().charges.iter().filter(|charge| charge.model.meter() == Some(meter));
    let add_on = prices.filter_map(|charge| catalogue.add_on(charge.add_on.as_ref()?)).next();
    match add_on {
        Some(add_on) => said(
            format!("{}: Dafür muss „{}“ gebucht sein.", name.de, add_on.title.de),
            format!("{}: this needs “{}” to be booked.", name.en, add_on.title.en),
        ),
        None => said(
            format!("{}: Dafür ist in diesem Tarif nichts gebucht.", name.de),
            format!("{}: nothing is booked that has a price for it.", name.en),
        ),
    }
}

fn charge_text(catalogue: &Catalogue, id: &ChargeId) -> Text {
    let charge = catalogue.charge(id);
    match charge.map(|charge| (&charge.model, &charge.text)) {
        // Several tariffs of one channel: the channel is what people know.
        Some((Model::Blocks(blocks), _)) => meter_title(catalogue, &blocks.channel),
        Some((_, text)) => text.clone(),
        None => Text::new(id.as_str(), id.as_str()),
    }
}

fn meter_title(catalogue: &Catalogue, id: &MeterId) -> Text {
    catalogue.meter(id).map_or_else(|| Text::new(id.as_str(), id.as_str()), |meter| meter.title.clone())
}

/// The local start of an entry as the language writes it; as it is if it cannot be read.
fn local(start: &str, language: Language) -> String {
    let format = language.pick("%d.%m.%Y, %H:%M", "%Y-%m-%d %H:%M");
    NaiveDateTime::parse_from_str(start, "%Y-%m-%d %H:%M")
        .map_or_else(|_| start.to_owned(), |time| time.format(format).to_string())
}

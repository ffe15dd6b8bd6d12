//! Mails about offers (O1).

use domain::account::Operator;
use domain::language::Language;
use domain::message::Notice;
use domain::offer::Offer;
use domain::offer::state::How;
use platform::table::offers::Kept;

use super::{Text, business_letter};

/// The mail that brings an offer to its customer.
#[must_use]
pub fn offer_sent(offer: &Offer, seller: &Operator, link: &str) -> Text {
    let language = offer.language;
    let (number, until) = (offer.number(), language.date(offer.valid_until));
    let mut facts = facts(offer, language);
    facts.push((language.pick("Gültig bis", "Valid until").to_owned(), until.clone()));
    Text {
        subject: language
            .pick(format!("Angebot {number}: {}", offer.title), format!("Offer {number}: {}", offer.title)),
        paragraphs: vec![
            language.pick("Guten Tag,", "Hello,").to_owned(),
            language.pick(
                "gern bieten wir Ihnen an, was unten steht. Alle Positionen und Preise sehen Sie über den Link; dort können Sie das Angebot auch annehmen.".to_owned(),
                "we are pleased to offer you what is stated below. The link shows all items and prices; there you can also accept the offer.".to_owned(),
            ),
        ],
        facts,
        button: Some((
            language.pick("Angebot ansehen und annehmen", "See and accept the offer").to_owned(),
            link.to_owned(),
        )),
        closing: [language.pick(
            format!("Das Angebot ist bis zum {until} bindend. Wer den Link hat, kann es annehmen: Bitte geben Sie ihn nur an Personen weiter, die das dürfen."),
            format!("The offer is binding until {until}. Whoever has the link can accept it: please pass it on only to those who may."),
        )]
        .into_iter()
        .chain(business_letter(seller, language))
        .collect(),
    }
}

/// The mail that tells the operator what became of an offer.
#[must_use]
pub fn offer_told(notice: Notice, kept: &Kept, customer: &str, link: &str) -> Text {
    let (offer, language) = (&kept.offer, Language::De);
    let number = offer.number();
    let (word, sentence) = match notice {
        Notice::OfferAccepted => ("angenommen", format!("{customer} hat das Angebot {number} angenommen.")),
        Notice::OfferDeclined => ("abgelehnt", format!("{customer} hat das Angebot {number} abgelehnt.")),
        _ => (
            "abgelaufen",
            format!("Das Angebot {number} an {customer} ist abgelaufen, ohne dass es beantwortet wurde."),
        ),
    };
    let mut facts = facts(offer, language);
    if let Some(acceptance) = kept.state.acceptance() {
        let how = match &acceptance.how {
            How::Link => "über den persönlichen Link".to_owned(),
            How::Recorded { by, way } => format!("{way}, vermerkt von {by}"),
        };
        facts.push(("Angenommen von".to_owned(), acceptance.name.clone()));
        facts.push(("Wann und wie".to_owned(), format!("{}, {how}", language.date_time(acceptance.at))));
        if let Some(percent) = acceptance.down_payment {
            facts.push((
                "Anzahlung".to_owned(),
                format!("{}\u{a0}%, die Rechnung wird ausgestellt", language.number(percent)),
            ));
        }
    }
    Text {
        subject: format!("Angebot {number} {word}: {}", offer.title),
        paragraphs: vec!["Guten Tag,".to_owned(), sentence],
        facts,
        button: Some(("Angebot öffnen".to_owned(), link.to_owned())),
        closing: Vec::new(),
    }
}

fn facts(offer: &Offer, language: Language) -> Vec<(String, String)> {
    let net = offer.net().map(|net| language.money(net)).unwrap_or_default();
    [
        (language.pick("Angebot", "Offer"), format!("{}: {}", offer.number(), offer.title)),
        (language.pick("Summe netto", "Net total"), net),
        (language.pick("Lieferung am", "Delivery on"), language.date(offer.deliver_on)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

//! The form of an offer. Without scripts: buttons add items, empty ones or those of the price list.

use domain::account::Account;
use domain::calendar::Day;
use domain::catalog::Catalogue;
use domain::catalog::charge::{Model, VatClass};
use domain::catalog::plan::Plan;
use domain::catalog::tiers::Price;
use domain::ids::{AccountId, OfferId};
use domain::language::{Language, Text};
use domain::offer::Offer;
use domain::offer::form::OfferForm;
use domain::problem::FieldProblem;
use domain::vat::VatRate;
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::http::field;
use platform::table::offers::Kept;
use rust_decimal::Decimal;

use crate::Signed;
use crate::fields::{Form, form_token};
use crate::frame::signed_reply;
use crate::typed_lines::{Kind, Known, TypedLines, word};

const HEAD: [&str; 4] = ["title", "deliver_on", "valid_until", "note"];

/// A one-off price of a price list.
pub(super) struct OneOffPrice {
    id: String,
    text: Text,
    unit: &'static str,
    price: Decimal,
    vat: VatRate,
}

/// The one-off charges of a plan that have a price.
pub(super) fn one_offs(catalogue: &Catalogue, plan: &Plan) -> Vec<OneOffPrice> {
    let one = |charge: &domain::catalog::charge::Charge| {
        let Model::OneOff(one_off) = &charge.model else { return None };
        let Price::Amount(price) = one_off.price else { return None };
        Some(OneOffPrice {
            id: charge.id.to_string(),
            text: charge.text.clone(),
            unit: charge.unit.as_ref().map_or("piece", word),
            price,
            vat: match charge.vat {
                VatClass::Standard => VatRate::STANDARD,
                VatClass::Reduced => VatRate::REDUCED,
            },
        })
    };
    catalogue.charges_of(plan).filter_map(one).collect()
}

/// A form as it was filled in.
pub(super) struct Typed {
    pub(super) id: String,
    pub(super) revision: u32,
    head: Vec<(String, String)>,
    pub(super) items: TypedLines,
}

impl Typed {
    /// An empty form; offers are usually valid for two weeks.
    pub(super) fn new(id: &OfferId, today: Day) -> Self {
        let head = vec![("valid_until".to_owned(), today.plus_days(14).to_string())];
        let mut items = TypedLines::none(Kind::Offer);
        items.add();
        Self { id: id.to_string(), revision: 0, head, items }
    }

    /// A draft, as somebody would type it.
    pub(super) fn of(kept: &Kept, language: Language) -> Self {
        let offer = &kept.offer;
        let head = [
            ("title", offer.title.clone()),
            ("deliver_on", offer.deliver_on.to_string()),
            ("valid_until", offer.valid_until.to_string()),
            ("note", offer.note.clone().unwrap_or_default()),
        ];
        let mut items = TypedLines::none(Kind::Offer);
        for item in &offer.items {
            let (unit, vat) = (word(&item.unit), item.vat);
            let (text, quantity, unit_price) = (item.text.as_str(), item.quantity, item.unit_price);
            items.add_known(Known { text, quantity, unit, unit_price, vat, days: None }, language);
        }
        Self {
            id: offer.id.to_string(),
            revision: kept.revision,
            head: head.map(|(name, value)| (name.to_owned(), value)).to_vec(),
            items,
        }
    }

    /// What was sent.
    pub(super) fn read(fields: &[(String, String)]) -> Self {
        Self {
            id: field(fields, "offer").to_owned(),
            revision: field(fields, "revision").parse().unwrap_or(0),
            head: HEAD.map(|name| (name.to_owned(), field(fields, name).to_owned())).to_vec(),
            items: TypedLines::read(Kind::Offer, fields),
        }
    }

    /// An item of the price list, its price as it is now.
    pub(super) fn add_price(&mut self, id: &str, prices: &[OneOffPrice], language: Language) {
        let Some(price) = prices.iter().find(|price| price.id == id) else { return };
        self.items.drop_empty();
        let (text, quantity, unit_price) = (price.text.get(language), Decimal::ONE, price.price);
        let known = Known { text, quantity, unit: price.unit, unit_price, vat: price.vat, days: None };
        self.items.add_known(known, language);
    }

    pub(super) fn offer(
        &self,
        id: OfferId,
        (account, written_in): (AccountId, Language),
        today: Day,
        language: Language,
    ) -> Result<Offer, Vec<FieldProblem>> {
        let numbers = self.items.numbers(language);
        let head = |name| field(&self.head, name);
        let form = OfferForm {
            title: head("title"),
            items: self.items.forms(&numbers),
            deliver_on: head("deliver_on"),
            valid_until: head("valid_until"),
            note: head("note"),
        };
        form.read(id, (account, written_in), today)
    }

    fn values(&self) -> Vec<(String, String)> {
        self.head.iter().cloned().chain(self.items.values()).collect()
    }
}

/// The page of the form.
pub(super) fn page(
    signed: &Signed<'_>,
    account: &Account,
    typed: &Typed,
    problems: &[FieldProblem],
    prices: &[OneOffPrice],
) -> Response<Body> {
    let language = signed.language;
    let values = typed.values();
    let form = Form { values: &values, problems, language };
    let title = language.pick("Angebot schreiben", "Write an offer");
    let content = html! {
        h1 { (title) }
        p class="lead" { (account.name) " · " (language.pick("Kundennummer ", "customer number ")) (account.id) }
        (form.refusal(language.pick("Es wurde noch nichts gespeichert.", "Nothing has been saved yet.")))
        form class="card" method="post" action={ "/console/offers/" (account.id) "/new?lang=" (language.code()) } novalidate {
            (form_token(signed))
            input type="hidden" name="offer" value=(typed.id);
            input type="hidden" name="revision" value=(typed.revision);
            // Enter in a field presses the first button of a form.
            button class="sr" type="submit" name="action" value="save" tabindex="-1" aria-hidden="true" { (language.pick("Speichern", "Save")) }
            (form.input("title", language.pick("Worum es geht", "What it is about"), "text", language.pick(
                "in der Sprache des Kunden, wie alle Texte des Angebots", "in the customer's language, as all texts of the offer")))
            (typed.items.inputs(&form))
            div class="actions" {
                button class="quiet" type="submit" name="action" value="add_item" { (language.pick("Position hinzufügen", "Add an item")) }
                @if !prices.is_empty() { (price_choice(prices, language)) }
            }
            div class="entry" {
                (form.input("deliver_on", language.pick("Lieferung am", "Delivery on"), "date", ""))
                (form.input("valid_until", language.pick("Gültig bis", "Valid until"), "date", ""))
            }
            (form.input("note", language.pick("Bemerkung", "Note"), "text", language.pick("freiwillig", "optional")))
            button type="submit" name="action" value="save" { (language.pick("Speichern und ansehen", "Save and look at it")) }
        }
    };
    signed_reply(form.status(), signed, title, &content)
}

fn price_choice(prices: &[OneOffPrice], language: Language) -> Markup {
    html! {
        span class="entry" {
            select name="price" aria-label=(language.pick("Preis der Preisliste", "Price of the price list")) {
                @for price in prices { option value=(price.id) { (price.text.get(language)) } }
            }
        }
        button class="quiet" type="submit" name="action" value="add_price" { (language.pick("Aus der Preisliste übernehmen", "Take from the price list")) }
    }
}

//! The form of an offer. Without scripts: buttons add items, empty ones or those of the price list.

use domain::account::Account;
use domain::calendar::Day;
use domain::catalog::Catalogue;
use domain::catalog::charge::{Model, VatClass};
use domain::catalog::meter::Unit;
use domain::catalog::plan::Plan;
use domain::catalog::tiers::Price;
use domain::ids::{AccountId, OfferId};
use domain::language::{Language, Text};
use domain::manual::form::{LineForm, RATES};
use domain::offer::Offer;
use domain::offer::form::{ITEMS_LIMIT, OfferForm};
use domain::problem::FieldProblem;
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::http::field;
use platform::table::offers::Kept;
use rust_decimal::Decimal;

use crate::Signed;
use crate::fields::{Form, form_token};
use crate::frame::signed_reply;
use crate::numbers::plain;

const HEAD: [&str; 4] = ["title", "deliver_on", "valid_until", "note"];
const ITEM: [&str; 5] = ["text", "quantity", "unit", "unit_price", "vat"];

/// A one-off price of a price list.
pub(super) struct OneOffPrice {
    id: String,
    text: Text,
    unit: &'static str,
    price: Decimal,
    vat: &'static str,
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
                VatClass::Standard => "19",
                VatClass::Reduced => "7",
            },
        })
    };
    catalogue.charges_of(plan).filter_map(one).collect()
}

/// The word of a unit; one that a price list has described itself is known by its code, or counted in pieces.
fn word(unit: &Unit) -> &'static str {
    let alike = |same: fn(&Unit, &Unit) -> bool| {
        Unit::words().find(|word| Unit::named(word).is_some_and(|known| same(&known, unit)))
    };
    let same = alike(|known, unit| known == unit);
    same.or_else(|| alike(|known, unit| known.code == unit.code && known.code != "C62")).unwrap_or("piece")
}

/// A form as it was filled in.
pub(super) struct Typed {
    pub(super) id: String,
    pub(super) revision: u32,
    head: Vec<(String, String)>,
    items: Vec<[String; 5]>,
}

impl Typed {
    /// An empty form; offers are usually valid for two weeks.
    pub(super) fn new(id: &OfferId, today: Day) -> Self {
        let head = vec![("valid_until".to_owned(), today.plus_days(14).to_string())];
        let mut typed = Self { id: id.to_string(), revision: 0, head, items: Vec::new() };
        typed.add_item();
        typed
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
        let items = offer.items.iter().map(|item| {
            [
                item.text.clone(),
                language.number(item.quantity),
                word(&item.unit).to_owned(),
                language.number(item.unit_price),
                item.vat.percent().to_string(),
            ]
        });
        Self {
            id: offer.id.to_string(),
            revision: kept.revision,
            head: head.map(|(name, value)| (name.to_owned(), value)).to_vec(),
            items: items.collect(),
        }
    }

    /// What was sent.
    pub(super) fn read(fields: &[(String, String)]) -> Self {
        let count = (0..=ITEMS_LIMIT).take_while(|index| {
            let prefix = format!("items[{index}].");
            fields.iter().any(|(name, _)| name.starts_with(&prefix))
        });
        let item = |index: usize| ITEM.map(|name| field(fields, &format!("items[{index}].{name}")).to_owned());
        Self {
            id: field(fields, "offer").to_owned(),
            revision: field(fields, "revision").parse().unwrap_or(0),
            head: HEAD.map(|name| (name.to_owned(), field(fields, name).to_owned())).to_vec(),
            items: count.map(item).collect(),
        }
    }

    pub(super) fn add_item(&mut self) {
        if self.items.len() < ITEMS_LIMIT {
            self.items.push(["", "1", "piece", "", "19"].map(ToOwned::to_owned));
        }
    }

    /// An item of the price list, its price as it is now.
    pub(super) fn add_price(&mut self, id: &str, prices: &[OneOffPrice], language: Language) {
        let Some(price) = prices.iter().find(|price| price.id == id) else { return };
        self.drop_empty_items();
        if self.items.len() < ITEMS_LIMIT {
            let (text, amount) = (price.text.get(language).to_owned(), language.number(price.price));
            self.items.push([text, "1".to_owned(), price.unit.to_owned(), amount, price.vat.to_owned()]);
        }
    }

    pub(super) fn remove_item(&mut self, action: &str) {
        let index = action.strip_prefix("remove_").and_then(|index| index.parse::<usize>().ok());
        if let Some(index) = index.filter(|index| *index < self.items.len()) {
            self.items.remove(index);
        }
    }

    pub(super) fn drop_empty_items(&mut self) {
        self.items.retain(|[text, _, _, unit_price, _]| !text.trim().is_empty() || !unit_price.trim().is_empty());
    }

    pub(super) fn offer(
        &self,
        id: OfferId,
        (account, written_in): (AccountId, Language),
        today: Day,
        language: Language,
    ) -> Result<Offer, Vec<FieldProblem>> {
        let numbers: Vec<(String, String)> =
            self.items.iter().map(|item| (plain(&item[1], language), plain(&item[3], language))).collect();
        let items = self.items.iter().zip(&numbers).map(|(item, (quantity, unit_price))| {
            let [text, _, unit, _, vat] = item;
            LineForm { text, quantity, unit, unit_price, vat, ..LineForm::default() }
        });
        let head = |name| field(&self.head, name);
        let form = OfferForm {
            title: head("title"),
            items: items.collect(),
            deliver_on: head("deliver_on"),
            valid_until: head("valid_until"),
            note: head("note"),
        };
        form.read(id, (account, written_in), today)
    }

    fn values(&self) -> Vec<(String, String)> {
        let items = self.items.iter().enumerate().flat_map(|(index, item)| {
            ITEM.iter().zip(item).map(move |(name, value)| (format!("items[{index}].{name}"), value.clone()))
        });
        self.head.iter().cloned().chain(items).collect()
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
            @for index in 0..typed.items.len() { (item(&form, index, typed.items.len())) }
            (form.told("items"))
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

fn item(form: &Form<'_>, index: usize, count: usize) -> Markup {
    let language = form.language;
    let name = |field: &str| format!("items[{index}].{field}");
    let label = |word: &str| Unit::named(word).map(|unit| unit.label(Decimal::TWO, language).to_owned());
    let units: Vec<(&str, String)> = Unit::words().filter_map(|word| Some((word, label(word)?))).collect();
    let units: Vec<(&str, &str)> = units.iter().map(|(word, label)| (*word, label.as_str())).collect();
    let rates = RATES.map(|(word, _)| (word, format!("{word}\u{a0}%")));
    let rates: Vec<(&str, &str)> = rates.iter().map(|(word, label)| (*word, label.as_str())).collect();
    html! {
        fieldset {
            legend { (language.pick("Position ", "Item ")) (index + 1) }
            (form.input(&name("text"), language.pick("Leistung", "Supply"), "text", ""))
            div class="entry" {
                (form.input(&name("quantity"), language.pick("Menge", "Quantity"), "text", ""))
                (form.select(&name("unit"), language.pick("Einheit", "Unit"), &units))
                (form.input(&name("unit_price"), language.pick("Einzelpreis netto in €", "Net unit price in €"), "text", ""))
                (form.select(&name("vat"), language.pick("USt", "VAT"), &rates))
            }
            @if count > 1 {
                button class="quiet" type="submit" name="action" value={ "remove_" (index) } {
                    (language.pick(format!("Position {} entfernen", index + 1), format!("Remove item {}", index + 1)))
                }
            }
        }
    }
}

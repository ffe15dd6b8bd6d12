//! The form of an invoice entered by hand. Without scripts: a button adds a line, another takes one away.

use domain::account::Account;
use domain::calendar::Day;
use domain::catalog::meter::Unit;
use domain::ids::InvoiceId;
use domain::invoice::InvoiceKind;
use domain::language::Language;
use domain::manual::Entered;
use domain::manual::form::{LINES_LIMIT, LineForm, ManualForm, RATES};
use domain::problem::FieldProblem;
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::http::field;
use platform::table::manual::Kept;
use rust_decimal::Decimal;

use crate::Signed;
use crate::fields::{Form, form_token};
use crate::frame::signed_reply;
use crate::numbers::plain;

/// Fields of the invoice as a whole.
const HEAD: [&str; 5] = ["kind", "issuer", "note", "order_reference", "due_days"];
/// Fields of a line.
const LINE: [&str; 7] = ["text", "quantity", "unit", "unit_price", "vat", "first_day", "last_day"];

/// A form as it was filled in.
pub(super) struct Typed {
    /// The id the invoice will have.
    pub(super) id: String,
    /// Revision of what was kept; 0 for what is new.
    pub(super) revision: u32,
    head: Vec<(String, String)>,
    lines: Vec<[String; 7]>,
}

impl Typed {
    /// An empty form for an invoice of today.
    pub(super) fn new(id: &InvoiceId, today: Day) -> Self {
        let head = [("kind", InvoiceKind::Single.code()), ("issuer", "operator")];
        let head = head.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let mut typed = Self { id: id.to_string(), revision: 0, head, lines: Vec::new() };
        typed.add_line();
        if let Some([.., last_day]) = typed.lines.first_mut() {
            *last_day = today.to_string();
        }
        typed
    }

    /// What was kept, as somebody would type it.
    pub(super) fn of(kept: &Kept, language: Language) -> Self {
        let entered = &kept.entered;
        let head = [
            ("kind", entered.kind.code().to_owned()),
            ("issuer", entered.issuer.code().to_owned()),
            ("note", entered.note.clone().unwrap_or_default()),
            ("order_reference", entered.order_reference.clone().unwrap_or_default()),
            ("due_days", entered.due_days.map(|days| days.to_string()).unwrap_or_default()),
        ];
        let unit = |unit: &Unit| Unit::words().find(|word| Unit::named(word).as_ref() == Some(unit)).unwrap_or("piece");
        let lines = entered.lines.iter().map(|line| {
            [
                line.text.clone(),
                language.number(line.quantity),
                unit(&line.unit).to_owned(),
                language.number(line.unit_price),
                line.vat.percent().to_string(),
                line.first_day.to_string(),
                line.last_day.to_string(),
            ]
        });
        Self {
            id: kept.id.to_string(),
            revision: kept.revision,
            head: head.map(|(name, value)| (name.to_owned(), value)).to_vec(),
            lines: lines.collect(),
        }
    }

    /// What was sent.
    pub(super) fn read(fields: &[(String, String)]) -> Self {
        let head = HEAD.map(|name| (name.to_owned(), field(fields, name).to_owned())).to_vec();
        let count = (0..=LINES_LIMIT).take_while(|index| {
            let prefix = format!("lines[{index}].");
            fields.iter().any(|(name, _)| name.starts_with(&prefix))
        });
        let line = |index: usize| LINE.map(|name| field(fields, &format!("lines[{index}].{name}")).to_owned());
        let lines = count.map(line).collect();
        Self {
            id: field(fields, "invoice").to_owned(),
            revision: field(fields, "revision").parse().unwrap_or(0),
            head,
            lines,
        }
    }

    /// One more line, with the unit and rate most lines have.
    pub(super) fn add_line(&mut self) {
        if self.lines.len() < LINES_LIMIT {
            let last_day = self.lines.last().map(|line| line[6].clone()).unwrap_or_default();
            self.lines.push(["", "1", "piece", "", "19", "", &last_day].map(ToOwned::to_owned));
        }
    }

    /// Takes away the line that a button names.
    pub(super) fn remove_line(&mut self, action: &str) {
        let index = action.strip_prefix("remove_").and_then(|index| index.parse::<usize>().ok());
        if let Some(index) = index.filter(|index| *index < self.lines.len()) {
            self.lines.remove(index);
        }
    }

    /// Lines that nobody filled in are none.
    pub(super) fn drop_empty_lines(&mut self) {
        self.lines.retain(|[text, _, _, unit_price, ..]| !text.trim().is_empty() || !unit_price.trim().is_empty());
    }

    /// What it comes to.
    pub(super) fn entered(&self, language: Language) -> Result<Entered, Vec<FieldProblem>> {
        let numbers: Vec<(String, String)> =
            self.lines.iter().map(|line| (plain(&line[1], language), plain(&line[3], language))).collect();
        let lines = self.lines.iter().zip(&numbers).map(|(line, (quantity, unit_price))| {
            let [text, _, unit, _, vat, first_day, last_day] = line;
            LineForm { text, quantity, unit, unit_price, vat, first_day, last_day }
        });
        let head = |name| field(&self.head, name);
        // What corrects another invoice stays a correction; its kind cannot be chosen.
        let kind = if head("kind") == InvoiceKind::Correction.code() { "" } else { head("kind") };
        ManualForm {
            kind,
            issuer: head("issuer"),
            lines: lines.collect(),
            note: head("note"),
            order_reference: head("order_reference"),
            due_days: head("due_days"),
        }
        .read()
    }

    fn values(&self) -> Vec<(String, String)> {
        let lines = self.lines.iter().enumerate().flat_map(|(index, line)| {
            LINE.iter().zip(line).map(move |(name, value)| (format!("lines[{index}].{name}"), value.clone()))
        });
        self.head.iter().cloned().chain(lines).collect()
    }
}

/// The page of the form.
pub(super) fn page(
    signed: &Signed<'_>,
    account: &Account,
    typed: &Typed,
    problems: &[FieldProblem],
    partner: bool,
) -> Response<Body> {
    let language = signed.language;
    let values = typed.values();
    let form = Form { values: &values, problems, language };
    let title = language.pick("Rechnung schreiben", "Write an invoice");
    let correction = form.value("kind") == InvoiceKind::Correction.code();
    let content = html! {
        h1 { (title) }
        p class="lead" { (account.name) " · " (language.pick("Kundennummer ", "customer number ")) (account.id) }
        (form.refusal(language.pick("Es wurde noch nichts gespeichert.", "Nothing has been saved yet.")))
        form class="card" method="post" action={ "/console/invoices/" (account.id) "/new?lang=" (language.code()) } novalidate {
            (form_token(signed))
            input type="hidden" name="invoice" value=(typed.id);
            input type="hidden" name="revision" value=(typed.revision);
            // Enter in a field presses the first button of a form.
            button class="sr" type="submit" name="action" value="save" tabindex="-1" aria-hidden="true" { (language.pick("Vorschau", "Preview")) }
            @if correction { input type="hidden" name="kind" value=(InvoiceKind::Correction.code()); } @else { (kinds(&form)) }
            @if partner { (form.choice("issuer", language.pick("Aussteller", "Issuer"), &[
                ("operator", language.pick("Betreiber", "Operator")), ("partner", language.pick("Dienstleister", "Service partner"))])) }
            @else { input type="hidden" name="issuer" value="operator"; (form.told("issuer")) }
            @for index in 0..typed.lines.len() { (line(&form, index, typed.lines.len())) }
            (form.told("lines"))
            p { button class="quiet" type="submit" name="action" value="add_line" { (language.pick("Position hinzufügen", "Add a line")) } }
            (form.input("note", language.pick("Bemerkung", "Note"), "text", language.pick("freiwillig; steht auf der Rechnung", "optional; printed on the invoice")))
            div class="pair" {
                (form.input("order_reference", language.pick("Bestellnummer des Kunden", "Customer's order number"), "text", language.pick("leer: wie am Konto", "empty: as at the account")))
                (form.input("due_days", language.pick("Zahlungsziel in Tagen", "Days to pay"), "text", language.pick("leer: wie immer", "empty: as always")))
            }
            button type="submit" name="action" value="save" { (language.pick("Vorschau", "Preview")) }
        }
    };
    signed_reply(form.status(), signed, title, &content)
}

fn kinds(form: &Form<'_>) -> Markup {
    let language = form.language;
    form.choice(
        "kind",
        language.pick("Art", "Kind"),
        &[
            ("single", language.pick("Rechnung über einzelne Leistungen", "Invoice of single supplies")),
            (
                "settlement_fee",
                language.pick("Rechnung über Gebühren einer Abrechnung", "Invoice of the fees of a settlement"),
            ),
        ],
    )
}

fn line(form: &Form<'_>, index: usize, count: usize) -> Markup {
    let language = form.language;
    let name = |field: &str| format!("lines[{index}].{field}");
    // One and many are told apart by the quantity when it is printed.
    let label = |word: &str| Unit::named(word).map(|unit| unit.label(Decimal::TWO, language).to_owned());
    let units: Vec<(&str, String)> = Unit::words().filter_map(|word| Some((word, label(word)?))).collect();
    let units: Vec<(&str, &str)> = units.iter().map(|(word, label)| (*word, label.as_str())).collect();
    let rates = RATES.map(|(word, _)| (word, format!("{word}\u{a0}%")));
    let rates: Vec<(&str, &str)> = rates.iter().map(|(word, label)| (*word, label.as_str())).collect();
    let day = |field: &str, label: &str| form.input(&name(field), label, "date", "");
    html! {
        fieldset {
            legend { (language.pick("Position ", "Line ")) (index + 1) }
            (form.input(&name("text"), language.pick("Leistung", "Supply"), "text", ""))
            div class="entry" {
                (form.input(&name("quantity"), language.pick("Menge", "Quantity"), "text", ""))
                (form.select(&name("unit"), language.pick("Einheit", "Unit"), &units))
                (form.input(&name("unit_price"), language.pick("Einzelpreis netto in €", "Net unit price in €"), "text", ""))
                (form.select(&name("vat"), language.pick("USt", "VAT"), &rates))
                (day("first_day", language.pick("Leistung von", "Supplied from")))
                (day("last_day", language.pick("bis", "to")))
            }
            @if count > 1 {
                button class="quiet" type="submit" name="action" value={ "remove_" (index) } {
                    (language.pick(format!("Position {} entfernen", index + 1), format!("Remove line {}", index + 1)))
                }
            }
        }
    }
}

//! The form of an invoice entered by hand. Without scripts: a button adds a line, another takes one away.

use domain::account::Account;
use domain::calendar::Day;
use domain::ids::InvoiceId;
use domain::invoice::InvoiceKind;
use domain::language::Language;
use domain::manual::Entered;
use domain::manual::form::ManualForm;
use domain::problem::FieldProblem;
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::http::field;
use platform::table::manual::Kept;

use crate::Signed;
use crate::fields::{Form, form_token};
use crate::frame::signed_reply;
use crate::typed_lines::{Kind, Known, TypedLines, word};

/// Fields of the invoice as a whole.
const HEAD: [&str; 5] = ["kind", "issuer", "note", "order_reference", "due_days"];

/// A form as it was filled in.
pub(super) struct Typed {
    /// The id the invoice will have.
    pub(super) id: String,
    /// Revision of what was kept; 0 for what is new.
    pub(super) revision: u32,
    head: Vec<(String, String)>,
    pub(super) lines: TypedLines,
}

impl Typed {
    /// An empty form for an invoice of today.
    pub(super) fn new(id: &InvoiceId, today: Day) -> Self {
        let head = [("kind", InvoiceKind::Single.code()), ("issuer", "operator")];
        let head = head.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let mut lines = TypedLines::none(Kind::Invoice);
        lines.add();
        lines.date(&today.to_string());
        Self { id: id.to_string(), revision: 0, head, lines }
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
        let mut lines = TypedLines::none(Kind::Invoice);
        for line in &entered.lines {
            let known = Known {
                text: &line.text,
                quantity: line.quantity,
                unit: word(&line.unit),
                unit_price: line.unit_price,
                vat: line.vat,
                days: Some([line.first_day.to_string(), line.last_day.to_string()]),
            };
            lines.add_known(known, language);
        }
        Self {
            id: kept.id.to_string(),
            revision: kept.revision,
            head: head.map(|(name, value)| (name.to_owned(), value)).to_vec(),
            lines,
        }
    }

    /// What was sent.
    pub(super) fn read(fields: &[(String, String)]) -> Self {
        let head = HEAD.map(|name| (name.to_owned(), field(fields, name).to_owned())).to_vec();
        Self {
            id: field(fields, "invoice").to_owned(),
            revision: field(fields, "revision").parse().unwrap_or(0),
            head,
            lines: TypedLines::read(Kind::Invoice, fields),
        }
    }

    /// What it comes to.
    pub(super) fn entered(&self, language: Language) -> Result<Entered, Vec<FieldProblem>> {
        let numbers = self.lines.numbers(language);
        let head = |name| field(&self.head, name);
        // What corrects another invoice stays a correction; its kind cannot be chosen.
        let kind = if head("kind") == InvoiceKind::Correction.code() { "" } else { head("kind") };
        ManualForm {
            kind,
            issuer: head("issuer"),
            lines: self.lines.forms(&numbers),
            note: head("note"),
            order_reference: head("order_reference"),
            due_days: head("due_days"),
        }
        .read()
    }

    fn values(&self) -> Vec<(String, String)> {
        self.head.iter().cloned().chain(self.lines.values()).collect()
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
                ("operator", language.pick("Betreiber", "Operator")), ("partner", language.pick("Servicepartner", "Service partner"))])) }
            @else { input type="hidden" name="issuer" value="operator"; (form.told("issuer")) }
            (typed.lines.inputs(&form))
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

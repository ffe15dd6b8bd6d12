//! `GET` and `POST /console/operator`: who issues the invoices, for the operator.

use domain::account::Operator;
use domain::account::form::OperatorForm;
use domain::problem::FieldProblem;
use http::Response;
use lambda_http::Body;
use maud::html;
use platform::error::Error;
use platform::http::{field, query, see_other};
use platform::page::banner;

use crate::fields::{Form, Row, filled, form_token};
use crate::frame::signed_reply;
use crate::{Console, Signed};

const COMPANY: [Row; 4] = [
    ("name", "Name der Firma", "Name of the company", "text", "wie im Register", "as registered"),
    ("street", "Straße und Hausnummer", "Street and number", "text", "", ""),
    ("postal_code", "Postleitzahl", "Postal code", "text", "", ""),
    (
        "city",
        "Ort",
        "Town",
        "text",
        "in Deutschland: Berechnet wird deutsche Umsatzsteuer",
        "in Germany: the VAT charged is German",
    ),
];

const REGISTER: [Row; 4] = [
    ("vat_id", "USt-IdNr.", "VAT id", "text", "DE und neun Ziffern", "DE and nine digits"),
    ("tax_number", "Steuernummer", "Tax number", "text", "vom Finanzamt", "given by the tax office"),
    (
        "register",
        "Registereintrag",
        "Register entry",
        "text",
        "zum Beispiel: Amtsgericht Musterstadt, HRB 12345; leer, wenn es keinen gibt",
        "for example: Amtsgericht Musterstadt, HRB 12345; empty if there is none",
    ),
    (
        "directors",
        "Geschäftsführung",
        "Directors",
        "text",
        "alle Namen, wie sie auf Rechnungen stehen sollen; leer, wenn es keine gibt",
        "all names, as they are to stand on invoices; empty if there are none",
    ),
];

const CONTACT: [Row; 2] = [
    ("email", "E-Mail-Adresse", "E-mail address", "email", "für Fragen zu Rechnungen", "for questions about invoices"),
    ("phone", "Telefon", "Telephone", "text", "", ""),
];

const BILLING: [Row; 5] = [
    ("bank_name", "Bank", "Bank", "text", "", ""),
    ("iban", "IBAN", "IBAN", "text", "", ""),
    ("bic", "BIC", "BIC", "text", "8 oder 11 Zeichen", "8 or 11 characters"),
    (
        "invoice_prefix",
        "Kürzel vor Rechnungsnummern",
        "Letters in front of invoice numbers",
        "text",
        "1 bis 10 Großbuchstaben: Aus RE wird RE-2026-00001. Ein anderes Kürzel beginnt eine eigene Nummernfolge.",
        "1 to 10 capital letters: RE gives RE-2026-00001. Other letters begin a series of their own.",
    ),
    ("payment_term_days", "Zahlungsziel in Tagen", "Days to pay", "text", "1–90", "1–90"),
];

impl Console {
    pub(crate) async fn operator(&self, signed: &Signed<'_>) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let (values, state) = match self.table.operator().await {
            Ok(operator) if query(signed.request, "saved").is_some() => (values(&operator), State::Saved),
            Ok(operator) => (values(&operator), State::Entered),
            Err(Error::NotYet(_)) => (filled([("invoice_prefix", "RE"), ("payment_term_days", "14")]), State::Missing),
            Err(error) => return Err(error),
        };
        Ok(show(signed, &values, &[], state))
    }

    pub(crate) async fn change_operator(
        &self,
        signed: &Signed<'_>,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        match form(fields).read() {
            Ok(operator) => self.table.save_operator(&operator).await?,
            Err(problems) => return Ok(show(signed, fields, &problems, State::Entered)),
        }
        Ok(see_other(&format!("/console/operator?saved=1&lang={}", signed.language.code())))
    }
}

impl Signed<'_> {
    /// The operator's pages do not exist for anybody else.
    pub(crate) const fn must_be_operator(&self) -> Result<(), Error> {
        if self.access.operator { Ok(()) } else { Err(Error::NotFound("path")) }
    }
}

/// What is said above the form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Missing,
    Entered,
    Saved,
}

fn form(fields: &[(String, String)]) -> OperatorForm<'_> {
    let text = |name| field(fields, name);
    OperatorForm {
        name: text("name"),
        street: text("street"),
        postal_code: text("postal_code"),
        city: text("city"),
        vat_id: text("vat_id"),
        tax_number: text("tax_number"),
        register: text("register"),
        directors: text("directors"),
        email: text("email"),
        phone: text("phone"),
        bank_name: text("bank_name"),
        iban: text("iban"),
        bic: text("bic"),
        invoice_prefix: text("invoice_prefix"),
        payment_term_days: text("payment_term_days"),
    }
}

fn values(operator: &Operator) -> Vec<(String, String)> {
    filled([
        ("name", &operator.name),
        ("street", &operator.address.street),
        ("postal_code", &operator.address.postal_code),
        ("city", &operator.address.city),
        ("vat_id", &operator.vat_id),
        ("tax_number", &operator.tax_number),
        ("register", &operator.register),
        ("directors", &operator.directors),
        ("email", operator.email.as_str()),
        ("phone", &operator.phone),
        ("bank_name", &operator.bank_name),
        ("iban", &operator.iban),
        ("bic", &operator.bic),
        ("invoice_prefix", &operator.invoice_prefix),
        ("payment_term_days", &operator.payment_term_days.to_string()),
    ])
}

fn show(signed: &Signed<'_>, values: &[(String, String)], problems: &[FieldProblem], state: State) -> Response<Body> {
    let language = signed.language;
    let form = Form { values, problems, language };
    let title = language.pick("Betreiber", "Operator");
    let content = html! {
        h1 { (title) }
        p class="lead" { (language.pick(
            "Wer die Rechnungen ausstellt. Diese Angaben stehen auf jeder Rechnung und im Impressum.",
            "Who issues the invoices. These details stand on each invoice and in the legal notice.")) }
        (form.refusal(language.pick("Es wurde noch nichts gespeichert.", "Nothing has been saved yet.")))
        @match state {
            State::Missing => (banner("note", &html! { p { (language.pick(
                "Diese Angaben fehlen noch. Ohne sie wird keine Rechnung ausgestellt.",
                "These details are still missing. Without them no invoice is issued.")) } })),
            State::Saved => (banner("good", &html! { p { (language.pick("Gespeichert.", "Saved.")) } })),
            State::Entered => "",
        }
        form class="card" method="post" action={ "/console/operator?lang=" (language.code()) } novalidate {
            @for (de, en, rows) in [
                ("Firma", "Company", &COMPANY[..]),
                ("Steuer und Register", "Tax and register", &REGISTER[..]),
                ("Kontakt", "Contact", &CONTACT[..]),
                ("Bankverbindung und Rechnungen", "Bank and invoices", &BILLING[..]),
            ] {
                h2 { (language.pick(de, en)) }
                (form.inputs(rows))
            }
            (form_token(signed))
            p class="hint" { (language.pick(
                "Die Angaben gelten für künftige Rechnungen; ausgestellte ändern sich nicht.",
                "The details apply to future invoices; issued ones do not change.")) }
            button type="submit" { (language.pick("Speichern", "Save")) }
        }
        p { a href={ "/console/api-keys/operator?lang=" (language.code()) } { (language.pick("API-Schlüssel des Betreibers", "API keys of the operator")) } }
    };
    signed_reply(form.status(), signed, title, &content)
}

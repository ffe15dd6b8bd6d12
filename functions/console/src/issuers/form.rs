//! The form of an issuer.

use domain::account::Operator;
use domain::account::form::issuer::OperatorForm;
use domain::calendar::Day;
use domain::catalog::charge::Issuer;
use domain::invoice::{InvoiceNumber, NUMBER_FORMAT};
use domain::language::Language;
use domain::problem::FieldProblem;
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::http::field;
use platform::page::banner;

use super::{logo, path};
use crate::Signed;
use crate::fields::{Form, Row, filled, form_token};
use crate::frame::signed_reply;

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

const TAX: [Row; 2] = [
    (
        "vat_id",
        "USt-IdNr.",
        "VAT id",
        "text",
        "DE und neun Ziffern; sie oder die Steuernummer muss auf der Rechnung stehen",
        "DE and nine digits; it or the tax number has to stand on invoices",
    ),
    ("tax_number", "Steuernummer", "Tax number", "text", "vom Finanzamt", "given by the tax office"),
];

const REGISTER: [Row; 2] = [
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

const CONTACT: [Row; 4] = [
    (
        "contact_name",
        "Ansprechpartner",
        "Contact",
        "text",
        "freiwillig: Person oder Abteilung für Fragen zu Rechnungen",
        "optional: person or department to ask about invoices",
    ),
    ("email", "E-Mail-Adresse", "E-mail address", "email", "für Fragen zu Rechnungen", "for questions about invoices"),
    ("phone", "Telefon", "Telephone", "text", "", ""),
    (
        "website",
        "Internetadresse",
        "Web site",
        "text",
        "freiwillig, zum Beispiel www.beispiel.de",
        "optional, for example www.example.org",
    ),
];

const BANK: [Row; 4] = [
    ("bank_name", "Bank", "Bank", "text", "", ""),
    ("iban", "IBAN", "IBAN", "text", "", ""),
    ("bic", "BIC", "BIC", "text", "8 oder 11 Zeichen", "8 or 11 characters"),
    (
        "creditor_id",
        "Gläubiger-Identifikationsnummer",
        "Creditor identifier",
        "text",
        "nur für SEPA-Lastschriften; vergibt die Bundesbank",
        "for SEPA direct debits only; issued by the German central bank",
    ),
];

const INVOICES: [Row; 4] = [
    (
        "invoice_prefix",
        "Kürzel vor Rechnungsnummern",
        "Letters in front of invoice numbers",
        "text",
        "1 bis 10 Großbuchstaben: Aus RE wird RE-2026-00001. Ein anderes Kürzel beginnt eine eigene Nummernfolge.",
        "1 to 10 capital letters: RE gives RE-2026-00001. Other letters begin a series of their own.",
    ),
    (
        "number_format",
        "Aufbau der Rechnungsnummern",
        "Format of invoice numbers",
        "text",
        "leer für {prefix}-{year}-{number:5}. Möglich sind auch {yy} für das Jahr mit zwei Ziffern, {number} ohne führende Nullen und als Trennzeichen Punkt oder Unterstrich.",
        "empty for {prefix}-{year}-{number:5}. Also possible: {yy} for the year in two digits, {number} without leading zeros, and a dot or an underscore in between.",
    ),
    ("payment_term_days", "Zahlungsziel in Tagen", "Days to pay", "text", "1–90", "1–90"),
    (
        "colour",
        "Farbe des Briefkopfs",
        "Colour of the letterhead",
        "text",
        "freiwillig, zum Beispiel #1f6f54; sie muss auf weißem Papier lesbar sein",
        "optional, for example #1f6f54; it has to be readable on white paper",
    ),
];

/// What is said above the form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Missing,
    Entered,
    Saved,
}

pub(super) fn form(fields: &[(String, String)]) -> OperatorForm<'_> {
    let text = |name| field(fields, name);
    OperatorForm {
        name: text("name"),
        street: text("street"),
        postal_code: text("postal_code"),
        city: text("city"),
        vat_id: text("vat_id"),
        tax_number: text("tax_number"),
        small_business: text("small_business"),
        vat_check_required: text("vat_check_required"),
        register: text("register"),
        directors: text("directors"),
        contact_name: text("contact_name"),
        email: text("email"),
        phone: text("phone"),
        website: text("website"),
        bank_name: text("bank_name"),
        iban: text("iban"),
        bic: text("bic"),
        creditor_id: text("creditor_id"),
        invoice_prefix: text("invoice_prefix"),
        number_format: text("number_format"),
        payment_term_days: text("payment_term_days"),
        colour: text("colour"),
    }
}

pub(super) fn values(operator: &Operator) -> Vec<(String, String)> {
    let terms = &operator.terms;
    let some = |text: &'_ Option<String>| text.clone().unwrap_or_default();
    let tick = |ticked: bool| if ticked { "yes" } else { "" };
    filled([
        ("name", &operator.name),
        ("street", &operator.address.street),
        ("postal_code", &operator.address.postal_code),
        ("city", &operator.address.city),
        ("vat_id", &operator.vat_id),
        ("tax_number", &operator.tax_number),
        ("small_business", tick(terms.small_business)),
        ("vat_check_required", tick(terms.vat_check_required)),
        ("register", &operator.register),
        ("directors", &operator.directors),
        ("contact_name", &some(&terms.contact_name)),
        ("email", operator.email.as_str()),
        ("phone", &operator.phone),
        ("website", &some(&terms.website)),
        ("bank_name", &operator.bank_name),
        ("iban", &operator.iban),
        ("bic", &operator.bic),
        ("creditor_id", &some(&terms.creditor_id)),
        ("invoice_prefix", &operator.invoice_prefix),
        ("number_format", &some(&terms.number_format)),
        ("payment_term_days", &operator.payment_term_days.to_string()),
        ("colour", &some(&terms.colour)),
    ])
}

/// The page: what was typed stays, with each problem below its field.
pub(super) fn show(
    signed: &Signed<'_>,
    issuer: Issuer,
    known: Option<&Operator>,
    values: &[(String, String)],
    problems: &[FieldProblem],
    state: State,
) -> Response<Body> {
    let language = signed.language;
    let form = Form { values, problems, language };
    let title = match issuer {
        Issuer::Operator => language.pick("Betreiber", "Operator"),
        Issuer::Partner => language.pick("Servicepartner", "Service partner"),
    };
    let path = path(issuer);
    let content = html! {
        h1 { (title) }
        p class="lead" { (lead(issuer, language)) }
        (form.refusal(language.pick("Es wurde noch nichts gespeichert.", "Nothing has been saved yet.")))
        @match state {
            State::Missing => (banner("note", &html! { p { (missing(issuer, language)) } })),
            State::Saved => (banner("good", &html! { p { (language.pick("Gespeichert.", "Saved.")) } })),
            State::Entered => "",
        }
        form class="card" method="post" action={ "/console/" (path) "?lang=" (language.code()) } novalidate {
            h2 { (language.pick("Firma", "Company")) }
            (form.inputs(&COMPANY))
            h2 { (language.pick("Steuer und Register", "Tax and register")) }
            (form.inputs(&TAX))
            (tax_choices(&form))
            (form.inputs(&REGISTER))
            h2 { (language.pick("Kontakt", "Contact")) }
            (form.inputs(&CONTACT))
            h2 { (language.pick("Bankverbindung", "Bank")) }
            (form.inputs(&BANK))
            h2 { (language.pick("Rechnungen", "Invoices")) }
            (form.inputs(&INVOICES))
            @if let Some(known) = known { p class="hint" { (example(known, signed.today, language)) } }
            (form_token(signed))
            p class="hint" { (language.pick(
                "Die Angaben gelten für künftige Rechnungen; ausgestellte ändern sich nicht.",
                "The details apply to future invoices; issued ones do not change.")) }
            button type="submit" { (language.pick("Speichern", "Save")) }
        }
        @if let Some(known) = known { (logo::card(signed, path, known, &form)) }
        @if issuer == Issuer::Operator {
            p { a href={ "/console/operator/policy?lang=" (language.code()) } { (language.pick("Anzahlungen bei Angeboten", "Down payments of offers")) } }
            p { a href={ "/console/api-keys/operator?lang=" (language.code()) } { (language.pick("API-Schlüssel des Betreibers", "API keys of the operator")) } }
        }
        p { @match issuer {
            Issuer::Operator => a href={ "/console/partner?lang=" (language.code()) } { (language.pick("Servicepartner, in dessen Namen abgerechnet wird", "Service partner in whose name is billed")) },
            Issuer::Partner => a href={ "/console/operator?lang=" (language.code()) } { (language.pick("Betreiber", "Operator")) },
        } }
    };
    signed_reply(form.status(), signed, title, &content)
}

const fn lead(issuer: Issuer, language: Language) -> &'static str {
    match (issuer, language) {
        (Issuer::Operator, Language::De) => {
            "Wer die Rechnungen ausstellt. Diese Angaben stehen auf jeder Rechnung und im Impressum."
        }
        (Issuer::Operator, Language::En) => {
            "Who issues the invoices. These details stand on each invoice and in the legal notice."
        }
        (Issuer::Partner, Language::De) => {
            "Wer die Leistungen erbringt, die eine Preisliste dem Servicepartner zuschreibt. Sie kommen als eigene Rechnung in seinem Namen, mit eigener Nummernfolge und eigener Gläubiger-Identifikationsnummer."
        }
        (Issuer::Partner, Language::En) => {
            "Who supplies what a price list marks as the service partner's. It comes as a separate invoice in the partner's name, with a series of numbers and a creditor identifier of its own."
        }
    }
}

const fn missing(issuer: Issuer, language: Language) -> &'static str {
    match (issuer, language) {
        (Issuer::Operator, Language::De) => "Diese Angaben fehlen noch. Ohne sie wird keine Rechnung ausgestellt.",
        (Issuer::Operator, Language::En) => "These details are still missing. Without them no invoice is issued.",
        (Issuer::Partner, Language::De) => {
            "Noch ist kein Servicepartner eingetragen. Konten mit Leistungen eines Partners werden so lange nicht abgerechnet."
        }
        (Issuer::Partner, Language::En) => {
            "No service partner has been entered yet. Until then accounts with a partner's services are not billed."
        }
    }
}

/// Boxes that decide about VAT (I4).
fn tax_choices(form: &Form<'_>) -> Markup {
    let language = form.language;
    html! {
        (form.tick("small_business", language.pick("Kleinunternehmer (§ 19 UStG)", "Small business (section 19 UStG)"), language.pick(
            "Es wird keine Umsatzsteuer berechnet; Rechnungen nennen den Grund.",
            "No VAT is charged; invoices say why.")))
        (form.tick("vat_check_required", language.pick("Kunden in anderen EU-Staaten erst nach Prüfung ihrer USt-IdNr. abrechnen", "Bill customers in other member states only after a check of their VAT ids"), language.pick(
            "Bis die USt-IdNr. bei VIES als gültig bestätigt ist, werden ihre Rechnungen angehalten.",
            "Their invoices are held until VIES has confirmed the VAT id.")))
    }
}

/// The next year's first number, as it would be printed.
fn example(known: &Operator, today: Day, language: Language) -> String {
    let number = InvoiceNumber::new(known, &InvoiceNumber::series(known, today), 1);
    let format = known.terms.number_format.as_deref().unwrap_or(NUMBER_FORMAT);
    language.pick(
        format!(
            "So, wie es jetzt gespeichert ist ({format}), heißt die erste Rechnung eines Jahres zum Beispiel {number}."
        ),
        format!("As it is saved now ({format}), the first invoice of a year is called {number}, for example."),
    )
}

//! The form of an account.

use domain::account::form::account::{AccountForm, PaymentForm};
use domain::account::{Account, Address, PaymentMethod};
use domain::ids::AccountId;
use domain::language::Language;
use domain::problem::FieldProblem;
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::http::{field, query};
use platform::page::banner;
use platform::table::users::User;

use super::vat::told;
use crate::Signed;
use crate::fields::{Form, Row, filled, form_token};
use crate::frame::signed_reply;

const COMPANY: [Row; 6] = [
    ("name", "Name", "Name", "text", "Firma oder Person, wie auf Rechnungen", "company or person, as on invoices"),
    ("street", "Straße und Hausnummer", "Street and number", "text", "", ""),
    ("postal_code", "Postleitzahl", "Postal code", "text", "", ""),
    ("city", "Ort", "Town", "text", "", ""),
    (
        "country",
        "Land",
        "Country",
        "text",
        "Zwei Buchstaben. In anderen EU-Staaten werden nur Unternehmen mit USt-IdNr. abgerechnet; Rechnungen an andere werden angehalten.",
        "Two letters. In other member states of the EU only businesses with a VAT id are billed; invoices to others are held.",
    ),
    (
        "vat_id",
        "USt-IdNr.",
        "VAT id",
        "text",
        "in Deutschland freiwillig; bei Kunden in anderen EU-Staaten nötig, denn dort schuldet der Kunde die Steuer",
        "optional in Germany; needed of customers in other member states, where the customer owes the tax",
    ),
];

const INVOICES: [Row; 4] = [
    ("billing_email", "E-Mail-Adresse für Rechnungen", "E-mail address for invoices", "email", "", ""),
    (
        "payer",
        "Unterkonto von",
        "Sub-account of",
        "text",
        "freiwillig: Kundennummer des Kontos, auf dessen Rechnung alles kommt. Gilt für neue Veranstaltungen.",
        "optional: customer number of the account that is billed for it. Holds for new events.",
    ),
    (
        "leitweg_id",
        "Leitweg-ID",
        "Leitweg-ID",
        "text",
        "nur für öffentliche Auftraggeber: Sie erhalten zusätzlich eine XRechnung.",
        "for public buyers in Germany only: they get an XRechnung as well.",
    ),
    (
        "order_reference",
        "Bestellnummer des Kunden",
        "Customer's order number",
        "text",
        "freiwillig; steht auf jeder Rechnung",
        "optional; stands on each invoice",
    ),
];

const MANDATE: [Row; 4] = [
    (
        "mandate_reference",
        "Mandatsreferenz",
        "Mandate reference",
        "text",
        "Diese und die folgenden Angaben gelten nur bei SEPA-Lastschrift.",
        "This and what follows matter with SEPA direct debit only.",
    ),
    ("mandate_signed_on", "Mandat unterschrieben am", "Mandate signed on", "date", "", ""),
    ("mandate_iban", "IBAN des Kunden", "Customer's IBAN", "text", "", ""),
    ("mandate_holder", "Kontoinhaber", "Account holder", "text", "", ""),
];

const PARTNER_MANDATE: [Row; 4] = [
    (
        "partner_mandate_reference",
        "Mandatsreferenz",
        "Mandate reference",
        "text",
        "Der Servicepartner zieht unter einem eigenen Mandat ein.",
        "The service partner collects under a mandate of its own.",
    ),
    ("partner_mandate_signed_on", "Mandat unterschrieben am", "Mandate signed on", "date", "", ""),
    ("partner_mandate_iban", "IBAN des Kunden", "Customer's IBAN", "text", "", ""),
    ("partner_mandate_holder", "Kontoinhaber", "Account holder", "text", "", ""),
];

const DUNNING: [Row; 1] = [(
    "dunning_stopped",
    "Keine Mahnungen, weil",
    "No reminders, because",
    "text",
    "leer, wenn gemahnt werden soll; sonst der Grund, zum Beispiel: Ratenzahlung vereinbart",
    "empty if reminders are to be sent; otherwise the reason, for example: instalments agreed",
)];

/// What the page of an account is for.
#[derive(Clone, Copy)]
pub(super) enum Purpose<'a> {
    /// With the plans there are.
    New(&'a [(String, String)]),
    /// With those who may sign in to it, and what is known of its VAT id.
    Change(&'a [User], &'a Markup),
}

/// The fields as they were sent.
pub(super) fn form(fields: &[(String, String)]) -> AccountForm<'_> {
    let text = |name: &str| field(fields, name);
    let payment = |method: &str, [reference, signed_on, iban, holder]: [&str; 4]| PaymentForm {
        method: text(method),
        reference: text(reference),
        signed_on: text(signed_on),
        iban: text(iban),
        holder: text(holder),
    };
    AccountForm {
        name: text("name"),
        street: text("street"),
        postal_code: text("postal_code"),
        city: text("city"),
        country: text("country"),
        vat_id: text("vat_id"),
        billing_email: text("billing_email"),
        language: text("language"),
        payer: text("payer"),
        leitweg_id: text("leitweg_id"),
        order_reference: text("order_reference"),
        payment: payment("payment", MANDATE.map(|row| row.0)),
        partner_payment: payment("partner_payment", PARTNER_MANDATE.map(|row| row.0)),
        dunning_stopped: text("dunning_stopped"),
        users: text("users"),
    }
}

/// The fields of an account as it is stored.
pub(super) fn values(account: &Account) -> Vec<(String, String)> {
    let part = |part: fn(&Address) -> &str| account.address.as_ref().map_or("", part);
    let terms = &account.terms;
    let mut values = filled([
        ("name", &account.name),
        ("street", part(|address| &address.street)),
        ("postal_code", part(|address| &address.postal_code)),
        ("city", part(|address| &address.city)),
        ("country", part(|address| &address.country)),
        ("vat_id", account.vat_id.as_deref().unwrap_or_default()),
        ("billing_email", account.billing_email.as_str()),
        ("language", account.language.code()),
        ("payer", account.payer.as_ref().map_or("", AccountId::as_str)),
        ("leitweg_id", terms.leitweg_id.as_deref().unwrap_or_default()),
        ("order_reference", terms.order_reference.as_deref().unwrap_or_default()),
        ("dunning_stopped", terms.dunning_stopped.as_deref().unwrap_or_default()),
    ]);
    let ways = [("payment", MANDATE, &terms.payment), ("partner_payment", PARTNER_MANDATE, &terms.partner_payment)];
    for (method, [reference, signed_on, iban, holder], payment) in ways {
        match payment {
            PaymentMethod::Transfer => values.extend(filled([(method, "transfer")])),
            PaymentMethod::DirectDebit(mandate) => values.extend(filled([
                (method, "direct_debit"),
                (reference.0, &mandate.reference),
                (signed_on.0, &mandate.signed_on.to_string()),
                (iban.0, &mandate.iban),
                (holder.0, &mandate.holder),
            ])),
        }
    }
    values
}

/// The page: what was typed stays, with each problem below its field.
pub(super) fn show(
    signed: &Signed<'_>,
    purpose: Purpose<'_>,
    path: &str,
    values: &[(String, String)],
    problems: &[FieldProblem],
) -> Response<Body> {
    let language = signed.language;
    let form = Form { values, problems, language };
    let new = matches!(purpose, Purpose::New(_));
    let title = match purpose {
        Purpose::New(_) => language.pick("Konto anlegen", "New account"),
        Purpose::Change(..) => language.pick("Konto bearbeiten", "Edit account"),
    };
    let content = html! {
        h1 { (title) }
        @if !new { p class="lead" { (language.pick("Kundennummer ", "Customer number ")) (path) } }
        @if !new { (pages(path, language)) }
        (form.refusal(language.pick("Es wurde noch nichts gespeichert.", "Nothing has been saved yet.")))
        @if problems.is_empty() && query(signed.request, "saved").is_some() {
            (banner("good", &html! { p { (language.pick("Gespeichert.", "Saved.")) } }))
        }
        @if problems.is_empty() { (told(signed)) }
        form class="card" method="post" action={ "/console/accounts/" (path) "?lang=" (language.code()) } novalidate {
            (form_token(signed))
            @if new { input type="hidden" name="account" value=(form.value("account")); }
            @if let Purpose::New(plans) = purpose { (plan_choice(&form, plans)) }
            (form.inputs(&COMPANY))
            h2 { (language.pick("Rechnungen", "Invoices")) }
            (form.inputs(&INVOICES))
            (form.choice("language", language.pick("Sprache der Rechnungen und E-Mails", "Language of invoices and e-mails"), &[("de", "Deutsch"), ("en", "English")]))
            h2 { (language.pick("Zahlung", "Payment")) }
            (payment(&form, "payment", language.pick("Zahlungsweise", "Way to pay")))
            (form.inputs(&MANDATE))
            details open[PARTNER_MANDATE.iter().any(|row| !form.value(row.0).is_empty() || form.has_problem(row.0)) || form.has_problem("partner_payment")] {
                summary { (language.pick("Leistungen des Servicepartners", "Services of the service partner")) }
                (payment(&form, "partner_payment", language.pick("Zahlungsweise beim Servicepartner", "Way to pay the service partner")))
                (form.inputs(&PARTNER_MANDATE))
            }
            (form.inputs(&DUNNING))
            h2 { (language.pick("Anmeldung", "Signing in")) }
            (form.area("users", users_label(purpose, language), language.pick(
                "E-Mail-Adressen, je Zeile eine oder mit Komma getrennt, höchstens 20. Eine Einladung wird nicht verschickt: Wer hier steht, meldet sich unter /console/sign-in an.",
                "E-mail addresses, one a line or separated by commas, at most 20. No invitation is sent: whoever is named here signs in at /console/sign-in.")))
            button type="submit" { (language.pick("Speichern", "Save")) }
        }
        @if let Purpose::Change(users, vat) = purpose {
            (vat)
            (user_list(signed, path, users))
        }
        p { a href={ "/console/accounts?lang=" (language.code()) } { (language.pick("Alle Konten", "All accounts")) } }
    };
    signed_reply(form.status(), signed, title, &content)
}

/// Transfer or direct debit; who never chose transfers.
fn payment(form: &Form<'_>, name: &str, legend: &str) -> Markup {
    let language = form.language;
    form.choice(
        name,
        legend,
        &[
            ("transfer", language.pick("Überweisung oder Zahlung im Internet", "Transfer or payment online")),
            ("direct_debit", language.pick("SEPA-Lastschrift", "SEPA direct debit")),
        ],
    )
}

/// The plan an account begins with.
fn plan_choice(form: &Form<'_>, plans: &[(String, String)]) -> Markup {
    let language = form.language;
    if plans.is_empty() {
        return banner(
            "bad",
            &html! { p { (language.pick(
            "Es ist noch keine Preisliste veröffentlicht. Ohne Tarif lässt sich kein Konto anlegen.",
            "No price list has been published yet. An account needs a plan.")) } },
        );
    }
    let plans: Vec<(&str, &str)> = plans.iter().map(|(key, label)| (key.as_str(), label.as_str())).collect();
    form.choice("plan", language.pick("Tarif", "Plan"), &plans)
}

/// Those who may sign in, each with a button that takes the right away.
fn user_list(signed: &Signed<'_>, account: &str, users: &[User]) -> Markup {
    let language = signed.language;
    html! {
        div class="card" {
            h2 { (language.pick("Wer sich anmelden darf", "Who may sign in")) }
            @if users.is_empty() { p class="empty" { (language.pick("Noch niemand.", "Nobody yet.")) } }
            @for user in users {
                form class="actions" method="post" action={ "/console/accounts/" (account) "/users/" (user.digest) "/remove?lang=" (language.code()) } {
                    (form_token(signed))
                    span { (user.email) }
                    button class="danger" type="submit" { (language.pick("Entfernen", "Remove")) }
                }
            }
        }
    }
}

const fn users_label(purpose: Purpose<'_>, language: Language) -> &'static str {
    match (purpose, language) {
        (Purpose::New(_), Language::De) => "Wer sich anmelden darf",
        (Purpose::New(_), Language::En) => "Who may sign in",
        (Purpose::Change(..), Language::De) => "Wer sich außerdem anmelden darf",
        (Purpose::Change(..), Language::En) => "Who else may sign in",
    }
}

/// The other pages of an account.
fn pages(account: &str, language: Language) -> Markup {
    let pages = [
        (format!("/console/invoices/{account}?"), ("Rechnungen und Guthaben", "Invoices and credit")),
        (format!("/console/plan/{account}?"), ("Tarif und Vertrag", "Plan and subscription")),
        (format!("/console/usage/{account}?"), ("Nutzung", "Usage")),
        (format!("/console/offers/{account}?"), ("Angebote", "Offers")),
        (format!("/console/support?account={account}&"), ("Supportzeit eintragen", "Enter support time")),
        (format!("/console/api-keys/{account}?"), ("API-Schlüssel", "API keys")),
    ];
    html! {
        p class="actions" { @for (address, (de, en)) in &pages {
            a href={ (address) "lang=" (language.code()) } { (language.pick(*de, *en)) }
        } }
    }
}

//! The frame of console pages.

use domain::calendar::Day;
use domain::invoice::InvoiceKind;
use domain::language::Language;
use domain::message::MailFailure;
use domain::payment::PaymentState;
use http::{Response, StatusCode};
use lambda_http::Body;
use maud::{Markup, html};
use platform::http::html_reply;
use platform::page::{Frame, page};
use platform::table::invoices::Standing;

use crate::Signed;

/// A page for somebody who is signed in.
pub(crate) fn signed_page(signed: &Signed<'_>, title: &str, content: &Markup) -> Response<Body> {
    signed_reply(StatusCode::OK, signed, title, content)
}

/// A page for somebody who is signed in, with another status.
pub(crate) fn signed_reply(status: StatusCode, signed: &Signed<'_>, title: &str, content: &Markup) -> Response<Body> {
    let language = signed.language;
    let code = language.code();
    let mut navigation = vec![(language.pick("Übersicht", "Overview"), format!("/console?lang={code}"))];
    if signed.access.operator {
        navigation.push((language.pick("Konten", "Accounts"), format!("/console/accounts?lang={code}")));
        navigation.push((language.pick("Preislisten", "Price lists"), format!("/console/catalogues?lang={code}")));
        navigation.push(("Support", format!("/console/support?lang={code}")));
        navigation.push((language.pick("Abrechnungsläufe", "Runs"), format!("/console/runs?lang={code}")));
        navigation.push((language.pick("Auswertung", "Figures"), format!("/console/figures?lang={code}")));
        navigation.push((language.pick("Archiv", "Archive"), format!("/console/archive?lang={code}")));
        navigation.push((language.pick("Zustellung", "Delivery"), format!("/console/delivery?lang={code}")));
        navigation.push((language.pick("Mahnungen", "Reminders"), format!("/console/dunning?lang={code}")));
        navigation.push((language.pick("Betreiber", "Operator"), format!("/console/operator?lang={code}")));
    }
    let other = format!("{}?lang={}", signed.request.uri().path(), language.pick("en", "de"));
    let frame = Frame { language, title, navigation, other_language: Some(other), wide: true };
    let content = html! {
        (content)
        form class="actions" method="post" action="/console/sign-out" {
            input type="hidden" name="form_token" value=(signed.form_token);
            span class="hint" { (signed.email.as_str()) }
            button class="quiet" type="submit" { (language.pick("Abmelden", "Sign out")) }
        }
    };
    html_reply(status, page(&frame, &content))
}

/// A page before signing in.
pub(crate) fn open_page(language: Language, title: &str, path: &str, content: &Markup) -> Response<Body> {
    let other = format!("{path}?lang={}", language.pick("en", "de"));
    let frame = Frame { language, title, navigation: Vec::new(), other_language: Some(other), wide: false };
    html_reply(StatusCode::OK, page(&frame, content))
}

/// How far an invoice is paid on a day, as a coloured word.
fn payment_tag(standing: &Standing, today: Day, language: Language) -> Markup {
    let overdue = standing.is_overdue(today);
    let (kind, text) = match standing.payment() {
        PaymentState::Open if standing.is_to_be_collected() => {
            ("plain", language.pick("wird eingezogen", "to be collected"))
        }
        PaymentState::Paid => ("good", language.pick("bezahlt", "paid")),
        PaymentState::Overpaid => ("note", language.pick("überzahlt", "overpaid")),
        PaymentState::PartlyPaid if !overdue => ("note", language.pick("teilweise bezahlt", "partly paid")),
        PaymentState::PartlyPaid => ("bad", language.pick("teilweise bezahlt, überfällig", "partly paid, overdue")),
        PaymentState::Open if overdue => ("bad", language.pick("überfällig", "overdue")),
        PaymentState::Open => ("plain", language.pick("offen", "open")),
        PaymentState::Cancelled => ("plain", language.pick("storniert", "cancelled")),
    };
    html! { span class={ "tag " (kind) } { (text) } }
}

/// How an invoice stands on a day, as a coloured word.
pub(crate) fn standing_tag(standing: &Standing, today: Day, language: Language) -> Markup {
    if standing.invoice.draft.kind == InvoiceKind::Cancellation {
        return html! { span class="tag plain" { (language.pick("Storno", "cancellation")) } };
    }
    html! {
        (payment_tag(standing, today, language))
        @if standing.cancelled_by.is_none() && !standing.credited.is_zero() {
            " " span class="tag note" { (language.money(standing.credited)) (language.pick(" gutgeschrieben", " credited")) }
        }
    }
}

/// Why a mail did not reach its reader, as a coloured word; nothing if it did.
pub(crate) fn mail_failure_tag(failure: Option<MailFailure>, language: Language) -> Markup {
    let text = match failure {
        None => return html! {},
        Some(MailFailure::Bounced) => language.pick("E-Mail unzustellbar", "mail bounced"),
        Some(MailFailure::Complained) => language.pick("als Spam gemeldet", "marked as spam"),
        Some(MailFailure::Rejected) => language.pick("E-Mail nicht versandt", "mail not sent"),
    };
    html! { span class="tag bad" { (text) } }
}

/// A number with what it counts.
pub(crate) fn total(number: impl std::fmt::Display, label: &str) -> Markup {
    html! { div class="total" { b { (number.to_string()) } span { (label) } } }
}

//! The pages of offers: the list of an account, and one offer with what can be done with it.

use domain::account::{Account, Operator};
use domain::calendar::Day;
use domain::language::Language;
use domain::offer::billing;
use domain::offer::policy::BillingPolicy;
use domain::offer::state::{How, Refusal, Standing};
use domain::problem::{FieldProblem, Problem};
use domain::rating::HoldReason;
use http::{Response, StatusCode};
use lambda_http::Body;
use maud::{Markup, html};
use platform::page::banner;
use platform::table::offers::Kept;

use super::has_link;
use crate::Signed;
use crate::fields::{Form, form_token};
use crate::frame::{signed_page, signed_reply};
use crate::invoices::lines;

/// What a page says above an offer.
pub(super) enum Said {
    Nothing,
    /// It is no longer what was looked at.
    Changed,
    /// Fields that are wrong.
    Wrong(Vec<FieldProblem>),
    /// Why nothing was done.
    Refused(Refusal),
    /// Why it cannot be invoiced.
    Held(HoldReason),
}

/// What is shown of an offer.
pub(super) struct Shown<'a> {
    pub(super) kept: &'a Kept,
    pub(super) account: &'a Account,
    pub(super) seller: &'a Operator,
    pub(super) policy: &'a BillingPolicy,
    pub(super) standing: Standing,
    pub(super) link: &'a str,
}

/// All offers to an account.
pub(super) fn list(signed: &Signed<'_>, account: &Account, offers: &[Kept], today: Day) -> Response<Body> {
    let language = signed.language;
    let title = language.pick("Angebote", "Offers");
    let content = html! {
        h1 { (title) }
        p class="lead" { (account.name) " · " (language.pick("Kundennummer ", "customer number ")) (account.id) }
        div class="card" {
            @if offers.is_empty() { p class="empty" { (language.pick("Noch kein Angebot.", "No offer yet.")) } }
            @else { div class="scroll" { table {
                thead { tr {
                    th { (language.pick("Nummer", "Number")) } th { (language.pick("Worum es geht", "What it is about")) }
                    th { (language.pick("Vom", "Made on")) } th { (language.pick("Gültig bis", "Valid until")) }
                    th class="number" { (language.pick("Netto", "Net")) } th { (language.pick("Stand", "State")) }
                } }
                tbody { @for kept in offers { @let offer = &kept.offer; tr {
                    td { a href={ "/console/offers/" (account.id) "/" (offer.id) "?lang=" (language.code()) } { (offer.number()) } }
                    td { (offer.title) }
                    td { (language.short_date(offer.made_on)) } td { (language.short_date(offer.valid_until)) }
                    td class="number" { @if let Ok(net) = offer.net() { (language.money(net)) } }
                    td { (tag(kept.state.on(offer, today), language)) }
                } } }
            } } }
        }
        p { a class="button quiet" href={ "/console/offers/" (account.id) "/new?lang=" (language.code()) } { (title_new(language)) } }
    };
    signed_page(signed, title, &content)
}

const fn title_new(language: Language) -> &'static str {
    match language {
        Language::De => "Angebot schreiben",
        Language::En => "Write an offer",
    }
}

fn tag(standing: Standing, language: Language) -> Markup {
    let (kind, text) = match standing {
        Standing::Draft => ("plain", language.pick("Entwurf", "draft")),
        Standing::Open => ("note", language.pick("wartet auf Antwort", "waits for an answer")),
        Standing::Expired => ("bad", language.pick("abgelaufen", "expired")),
        Standing::Accepted => ("good", language.pick("angenommen", "accepted")),
        Standing::Declined => ("bad", language.pick("abgelehnt", "declined")),
        Standing::Withdrawn => ("plain", language.pick("zurückgezogen", "withdrawn")),
        Standing::Delivered => ("good", language.pick("geliefert und abgerechnet", "delivered and invoiced")),
    };
    html! { span class={ "tag " (kind) } { (text) } }
}

/// One offer.
pub(super) fn show(
    signed: &Signed<'_>,
    shown: &Shown<'_>,
    said: &Said,
    values: &[(String, String)],
    status: StatusCode,
    today: Day,
) -> Response<Body> {
    let language = signed.language;
    let Shown { kept, account, seller, standing, link, .. } = shown;
    let offer = &kept.offer;
    let problems: &[FieldProblem] = if let Said::Wrong(problems) = said { problems } else { &[] };
    let form = Form { values, problems, language };
    let title = format!("{} {}", language.pick("Angebot", "Offer"), offer.number());
    let totals = billing::total(offer, seller, account);
    let content = html! {
        h1 { (title) " " (tag(*standing, language)) }
        p class="lead" { (offer.title) " · " (account.name) }
        (above(said, language))
        (form.refusal(language.pick("Es wurde noch nichts gespeichert.", "Nothing has been saved yet.")))
        (facts(shown, language))
        div class="card" {
            @match &totals {
                Ok(draft) => (lines(draft, language)),
                Err(reason) => (banner("note", &html! { p { (Problem::Held(reason.clone()).sentence(language)) } })),
            }
            @if let Some(note) = &offer.note { p { (note) } }
        }
        @if has_link(*standing) { p class="hint" { (language.pick("Persönlicher Link des Kunden: ", "The customer's personal link: ")) a href=(link) { (link) } } }
        (actions(signed, shown, &form, today))
        p { a href={ "/console/offers/" (account.id) "?lang=" (language.code()) } { (language.pick("Alle Angebote an dieses Konto", "All offers to this account")) } }
    };
    signed_reply(status, signed, &title, &content)
}

fn above(said: &Said, language: Language) -> Markup {
    let text = match said {
        Said::Nothing | Said::Wrong(_) => return html! {},
        Said::Changed => language
            .pick(
                "Das Angebot hat sich inzwischen geändert. So steht es jetzt.",
                "The offer has changed meanwhile. This is how it stands now.",
            )
            .to_owned(),
        Said::Refused(refusal) => refusal.sentence(language).to_owned(),
        Said::Held(reason) => Problem::Held(reason.clone()).sentence(language),
    };
    let kind = if matches!(said, Said::Changed) { "note" } else { "bad" };
    banner(kind, &html! { p { b { (text) } } })
}

fn facts(shown: &Shown<'_>, language: Language) -> Markup {
    let Shown { kept, account, policy, standing, .. } = shown;
    let offer = &kept.offer;
    let part = policy.down_payment.as_ref().filter(|part| offer.net().is_ok_and(|net| part.is_due_for(net)));
    let invoice = |id: &domain::ids::InvoiceId, label: &str| {
        html! { dt { (label) } dd { a href={ "/console/invoices/" (account.id) "/" (id) "?lang=" (language.code()) } { (language.pick("ansehen", "look at it")) } } }
    };
    html! {
        div class="card" { dl class="facts" {
            dt { (language.pick("Vom", "Made on")) } dd { (language.date(offer.made_on)) }
            dt { (language.pick("Lieferung am", "Delivery on")) } dd { (language.date(offer.deliver_on)) }
            dt { (language.pick("Gültig bis", "Valid until")) } dd { (language.date(offer.valid_until)) }
            @if let (Some(part), Standing::Draft | Standing::Open) = (part, standing) {
                dt { (language.pick("Anzahlung", "Down payment")) }
                dd { (language.number(part.percent())) "\u{a0}% " (language.pick("bei Annahme", "on acceptance")) }
            }
            @if let Some(acceptance) = kept.state.acceptance() {
                dt { (language.pick("Angenommen", "Accepted")) }
                dd { (acceptance.name) ", " (language.date_time(acceptance.at)) ", "
                    @match &acceptance.how {
                        How::Link => (language.pick("über den persönlichen Link", "through the personal link")),
                        How::Recorded { by, way } => { (way) (language.pick(", vermerkt von ", ", recorded by ")) (by) }
                    }
                }
                dt { (language.pick("Prüfsumme", "Checksum")) }
                dd { span class="code" { (acceptance.content) } " "
                    @if acceptance.content == kept.content() { span class="tag good" { (language.pick("stimmt", "matches")) } }
                    @else { span class="tag bad" { (language.pick("stimmt nicht", "does not match")) } }
                }
                @if let (Some(percent), None, Standing::Accepted) = (acceptance.down_payment, &kept.down_payment, standing) {
                    dt { (language.pick("Anzahlung", "Down payment")) }
                    dd { (language.number(percent)) "\u{a0}%, " @match &kept.held {
                        Some(reason) => { (language.pick("angehalten: ", "held: ")) (reason) }
                        None => (language.pick("die Rechnung wird ausgestellt", "the invoice is being issued")),
                    } }
                }
            }
            @if let Some(id) = &kept.down_payment { (invoice(id, language.pick("Anzahlungsrechnung", "Down payment invoice"))) }
            @if let Some(id) = &kept.settled_by { (invoice(id, language.pick("Rechnung", "Invoice"))) }
        } }
    }
}

/// What can be done with an offer as it stands.
fn actions(signed: &Signed<'_>, shown: &Shown<'_>, form: &Form<'_>, today: Day) -> Markup {
    let language = signed.language;
    let Shown { kept, account, standing, .. } = shown;
    let address = format!("/console/offers/{}/{}", account.id, kept.offer.id);
    let post = format!("{address}?lang={}", language.code());
    let button = |action: &str, class: &str, label: &str| html! { button class=(class) type="submit" name="action" value=(action) { (label) } };
    html! {
        @match standing {
            Standing::Draft => form class="actions" method="post" action=(post) {
                (form_token(signed))
                (button("send", "", language.pick("An den Kunden schicken", "Send to the customer")))
                a class="button quiet" href={ (address) "/edit?lang=" (language.code()) } { (language.pick("Bearbeiten", "Edit")) }
                (button("withdraw", "danger", language.pick("Verwerfen", "Discard")))
            },
            Standing::Open => {
                form class="card" method="post" action=(post) novalidate {
                    (form_token(signed))
                    h2 { (language.pick("Annahme vermerken", "Record an acceptance")) }
                    (form.input("name", language.pick("Wer angenommen hat", "Who accepted"), "text", ""))
                    (form.input("way", language.pick("Auf welchem Weg", "In which way"), "text", language.pick(
                        "zum Beispiel: unterschriebene Bestellung vom 3. Dezember", "for example: signed order of 3 December")))
                    (button("accept", "", language.pick("Als angenommen vermerken", "Record as accepted")))
                }
                form class="actions" method="post" action=(post) {
                    (form_token(signed))
                    (button("decline", "quiet", language.pick("Ablehnung vermerken", "Record a refusal")))
                    (button("withdraw", "danger", language.pick("Zurückziehen", "Withdraw")))
                }
            },
            Standing::Expired => form class="actions" method="post" action=(post) {
                (form_token(signed)) (button("withdraw", "quiet", language.pick("Zurückziehen", "Withdraw")))
            },
            Standing::Accepted => {
                form class="card" method="post" action=(post) novalidate {
                    (form_token(signed))
                    h2 { (language.pick("Lieferung vermerken", "Note the delivery")) }
                    @let day = if form.value("delivered_on").is_empty() { today.to_string() } else { form.value("delivered_on").to_owned() };
                    (delivered_on(form, &day))
                    (button("deliver", "", language.pick("Geliefert: Rechnung ausstellen", "Delivered: issue the invoice")))
                    p class="hint" { (language.pick(
                        "Die Rechnung geht sofort an den Kunden. Gestellte Anzahlungen zieht sie ab, stornierte nicht.",
                        "The invoice goes to the customer at once. It deducts down payments that were invoiced and not cancelled.")) }
                }
                @if kept.held.is_some() && kept.down_payment.is_none() {
                    form class="actions" method="post" action=(post) {
                        (form_token(signed)) (button("down_payment", "quiet", language.pick("Anzahlung jetzt in Rechnung stellen", "Invoice the down payment now")))
                    }
                }
            },
            Standing::Declined | Standing::Withdrawn | Standing::Delivered => "",
        }
    }
}

fn delivered_on(form: &Form<'_>, day: &str) -> Markup {
    let values = [("delivered_on".to_owned(), day.to_owned())];
    let label = form.language.pick("Geliefert am", "Delivered on");
    Form { values: &values, ..*form }.input("delivered_on", label, "date", "")
}

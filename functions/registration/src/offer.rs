//! `GET` and `POST /o/{token}`: an offer, and its acceptance by name or its refusal (O1). POST only, because a mail
//! scanner that opens the link must not accept anything.

use domain::account::Operator;
use domain::calendar::Day;
use domain::language::Language;
use domain::offer::billing;
use domain::offer::form::name as read_name;
use domain::offer::state::{Action, How, Refusal, Standing, State, decide};
use domain::problem::{FieldProblem, Problem};
use http::{Method, Response, StatusCode};
use lambda_http::{Body, Request};
use maud::{Markup, html};
use platform::error::Error;
use platform::http::{field, form, language, query, see_other};
use platform::page::banner;
use platform::table::offers::Kept;

use crate::pages::public_page;

/// What the page says above the offer.
enum Said {
    Nothing,
    /// Fields that are wrong.
    Wrong(Vec<FieldProblem>),
    /// Why nothing was done.
    Refused(Refusal),
}

impl crate::Registration {
    pub(crate) async fn offer(&self, request: &Request, method: &Method, token: &str) -> Result<Response<Body>, Error> {
        let link = self.links.read_offer(token)?;
        let is_post = crate::is_post(method)?;
        let kept = self.table.offer(&link.account, &link.offer).await?;
        if kept.state == State::Draft {
            return Err(Error::NotFound("offer link"));
        }
        let language = if query(request, "lang").is_some() { language(request) } else { kept.offer.language };
        if !is_post {
            return self.show_offer(&kept, token, language, &[], &Said::Nothing).await;
        }
        let fields = form(request)?;
        let action = match read(&fields) {
            Ok(action) => action,
            Err(problems) => return self.show_offer(&kept, token, language, &fields, &Said::Wrong(problems)).await,
        };
        let (now, policy) = (self.clock.now(), self.table.policy().await?);
        let back = format!("/o/{token}?lang={}", language.code());
        match decide((&kept.offer, &kept.state), action, (&kept.content(), &policy), now) {
            // Somebody else may have answered at this moment: the page shows what holds now.
            Ok(state) => {
                self.table.move_offer(&kept, state, now).await?;
                Ok(see_other(&back))
            }
            // A second click finds what the first one did.
            Err(Refusal::Accepted | Refusal::Delivered) if kept.state.acceptance().is_some() => Ok(see_other(&back)),
            Err(refusal) => self.show_offer(&kept, token, language, &fields, &Said::Refused(refusal)).await,
        }
    }

    async fn show_offer(
        &self,
        kept: &Kept,
        token: &str,
        language: Language,
        fields: &[(String, String)],
        said: &Said,
    ) -> Result<Response<Body>, Error> {
        let (today, policy) = (Day::of(self.clock.now()), self.table.policy().await?);
        let seller = self.table.operator().await?;
        let offer = &kept.offer;
        let account = self.table.account(&offer.account).await?;
        let title = format!("{} {}", language.pick("Angebot", "Offer"), offer.number());
        let standing = kept.state.on(offer, today);
        let asks = policy.down_payment.filter(|part| offer.net().is_ok_and(|net| part.is_due_for(net)));
        let totals = billing::total(offer, &seller, &account).ok();
        let (status, above) = match said {
            Said::Nothing => (StatusCode::OK, html! {}),
            Said::Wrong(_) => (StatusCode::UNPROCESSABLE_ENTITY, html! {}),
            Said::Refused(refusal) => {
                (StatusCode::CONFLICT, banner("bad", &html! { p { b { (refusal.sentence(language)) } } }))
            }
        };
        let content = html! {
            h1 { (title) }
            p class="lead" { (offer.title) }
            (above)
            (answered(kept, standing, language))
            (facts(kept, &seller, &account.name, language))
            div class="card" { div class="scroll" { table {
                thead { tr {
                    th { (language.pick("Leistung", "Item")) } th class="number" { (language.pick("Menge", "Quantity")) }
                    th class="number" { (language.pick("Einzelpreis", "Unit price")) } th class="number" { (language.pick("Netto", "Net")) }
                } }
                tbody {
                    @for item in &offer.items { tr {
                        td { (item.text) }
                        td class="number" { (language.number(item.quantity)) " " (item.unit.label(item.quantity, language)) }
                        td class="number" { (language.unit_price(domain::money::UnitPrice::new(item.unit_price, domain::money::Currency::Eur))) }
                        td class="number" { @if let Ok(net) = item.net() { (language.money(net)) } }
                    } }
                    (sums(kept, totals.as_ref(), language))
                }
            } } }
            @if let (Standing::Open, Some(part)) = (standing, &asks) {
                p { (language.pick(
                    format!("Mit der Annahme stellen wir eine Anzahlung von {}\u{a0}% in Rechnung; die Schlussrechnung zieht sie ab.", language.number(part.percent())),
                    format!("On acceptance we invoice a down payment of {}\u{a0}%, which the final invoice deducts.", language.number(part.percent())))) }
            }
            @if let Some(note) = &offer.note { p { (note) } }
            @if standing == Standing::Open { (answer(kept, token, language, fields, said)) }
        };
        Ok(public_page(status, language, &title, &format!("/o/{token}"), &content))
    }
}

/// What a form says: acceptance needs a name and the tick, declining nothing.
fn read(fields: &[(String, String)]) -> Result<Action, Vec<FieldProblem>> {
    if field(fields, "action") == "decline" {
        return Ok(Action::Decline);
    }
    let mut problems = Vec::new();
    let name = read_name(field(fields, "name"));
    if let Err(problem) = &name {
        problems.push(FieldProblem::new("name", problem.clone()));
    }
    if field(fields, "agreed") != "yes" {
        problems.push(FieldProblem::new("agreed", Problem::Missing));
    }
    match name {
        Ok(name) if problems.is_empty() => {
            Ok(Action::Accept { name, how: How::Link, content: field(fields, "content").to_owned() })
        }
        _ => Err(problems),
    }
}

fn facts(kept: &Kept, seller: &Operator, customer: &str, language: Language) -> Markup {
    let offer = &kept.offer;
    html! {
        div class="card" { dl class="facts" {
            dt { (language.pick("Von", "From")) } dd { (seller.name) }
            dt { (language.pick("An", "To")) } dd { (customer) }
            dt { (language.pick("Datum", "Date")) } dd { (language.date(offer.made_on)) }
            dt { (language.pick("Lieferung am", "Delivery on")) } dd { (language.date(offer.deliver_on)) }
            dt { (language.pick("Gültig bis", "Valid until")) } dd { (language.date(offer.valid_until)) }
        } }
    }
}

fn sums(kept: &Kept, totals: Option<&domain::invoice::Draft>, language: Language) -> Markup {
    let row = |label: String, amount: domain::money::Money| {
        html! { tr { td colspan="3" { (label) } td class="number" { (language.money(amount)) } } }
    };
    html! {
        @match totals {
            Some(draft) => {
                (row(language.pick("Summe netto", "Net total").to_owned(), draft.totals.net))
                @for group in &draft.totals.vat {
                    @let rate = format!("{}\u{a0}% {}", language.number(group.treatment.percent()), language.pick("USt", "VAT"));
                    (row(group.treatment.exemption_text(language).map_or(rate, ToOwned::to_owned), group.vat))
                }
                tr { td colspan="3" { b { (language.pick("Gesamtbetrag", "Total")) } } td class="number" { b { (language.money(draft.totals.gross)) } } }
            },
            None => @if let Ok(net) = kept.offer.net() {
                (row(language.pick("Summe netto, zuzüglich Umsatzsteuer", "Net total, plus VAT").to_owned(), net))
            },
        }
    }
}

/// How the offer stands, where it can no longer be answered.
fn answered(kept: &Kept, standing: Standing, language: Language) -> Markup {
    let (kind, text) = match (standing, kept.state.acceptance()) {
        (Standing::Accepted | Standing::Delivered, Some(acceptance)) => (
            "good",
            language.pick(
                format!("Angenommen von {} am {}. Vielen Dank!", acceptance.name, language.date_time(acceptance.at)),
                format!("Accepted by {} on {}. Thank you!", acceptance.name, language.date_time(acceptance.at)),
            ),
        ),
        (Standing::Declined, _) => {
            ("note", language.pick("Sie haben dieses Angebot abgelehnt.", "You have declined this offer.").to_owned())
        }
        (Standing::Withdrawn, _) => {
            ("note", language.pick("Dieses Angebot gilt nicht mehr.", "This offer no longer stands.").to_owned())
        }
        (Standing::Expired, _) => (
            "note",
            language
                .pick(
                    "Dieses Angebot ist abgelaufen. Auf Wunsch machen wir Ihnen gern ein neues.",
                    "This offer has expired. We will gladly make you a new one.",
                )
                .to_owned(),
        ),
        _ => return html! {},
    };
    banner(kind, &html! { p { b { (text) } } })
}

/// The form of the answer.
fn answer(kept: &Kept, token: &str, language: Language, fields: &[(String, String)], said: &Said) -> Markup {
    let wrong = |name: &str| match said {
        Said::Wrong(problems) => problems.iter().find(|problem| problem.field == name),
        Said::Nothing | Said::Refused(_) => None,
    };
    let sentence = |problem: &FieldProblem| html! { p class="problem" id={ (problem.field) "-problem" } { (problem.problem.sentence(language)) } };
    let address = format!("/o/{token}?lang={}", language.code());
    html! {
        form class="card" method="post" action=(address) novalidate {
            h2 { (language.pick("Annehmen", "Accept")) }
            input type="hidden" name="content" value=(kept.content());
            div class=(if wrong("name").is_some() { "field wrong" } else { "field" }) {
                label for="name" { (language.pick("Ihr Vor- und Nachname", "Your first and last name")) }
                input id="name" name="name" type="text" autocomplete="name" value=(field(fields, "name")) aria-invalid=[wrong("name").map(|_| "true")] aria-describedby=[wrong("name").map(|_| "name-problem")];
                @if let Some(problem) = wrong("name") { (sentence(problem)) }
            }
            fieldset class=[wrong("agreed").map(|_| "wrong")] {
                label class="choice" {
                    input type="checkbox" name="agreed" value="yes" checked[field(fields, "agreed") == "yes"];
                    (language.pick(
                        "Ich nehme dieses Angebot für den genannten Kunden verbindlich an und bin dazu berechtigt.",
                        "I accept this offer for the customer named above. It is binding, and I am entitled to do so."))
                }
                @if let Some(problem) = wrong("agreed") { (sentence(problem)) }
            }
            div class="actions" {
                button type="submit" name="action" value="accept" { (language.pick("Verbindlich annehmen", "Accept with obligation to pay")) }
                button class="quiet" type="submit" name="action" value="decline" { (language.pick("Ablehnen", "Decline")) }
            }
            p class="hint" { (language.pick(
                "Als Nachweis bewahren wir Ihren Namen, den Zeitpunkt und eine Prüfsumme des Angebots auf.",
                "As evidence we keep your name, the time and a checksum of the offer.")) }
        }
    }
}

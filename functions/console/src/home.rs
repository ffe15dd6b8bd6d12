//! `GET /console`: events and invoices of the accounts of the session.

use domain::account::Account;
use domain::calendar::Day;
use domain::language::Language;
use domain::subscription::state::State;
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::error::Error;
use platform::page::banner;
use platform::table::events::Published;
use platform::table::invoices::Standing;
use platform::table::marks::MonthState;

use crate::frame::signed_page;
use crate::invoices::list;
use crate::plan::said;
use crate::{Console, Signed};

/// Invoices of an account on the overview; its own page has them all.
const NEWEST: usize = 12;

impl Console {
    pub(crate) async fn home(&self, signed: &Signed<'_>) -> Result<Response<Body>, Error> {
        let (language, now) = (signed.language, self.clock.now());
        let mut parts = Vec::new();
        for id in signed.access.accounts.clone() {
            let account = self.table.account(&id).await?;
            let mut events = self.table.events(&id).await?;
            events.sort_by_key(|published| std::cmp::Reverse(published.event.draft().starts_at));
            let invoices = self.table.invoices(&id).await?;
            let state = self.account_state(&id).await?;
            let last_month = domain::calendar::Month::of(now).previous();
            let held = matches!(self.table.month(&id, last_month).await?, MonthState::Held(_));
            parts.push(html! {
                h1 { (account.name) }
                p class="lead" {
                    (language.pick("Kundennummer ", "Customer number ")) (account.id) " · "
                    a href={ "/console/plan/" (account.id) "?lang=" (language.code()) } { (language.pick("Tarif und Vertrag", "Plan and subscription")) }
                    " · " a href={ "/console/usage/" (account.id) "?lang=" (language.code()) } { (language.pick("Nutzung", "Usage")) }
                }
                @if let Some(notice) = said::notice(state, &account.id, language) { (notice) }
                @if held { (held_banner(&language.month(last_month), language)) }
                (events_card(&account, &events, state, (language, now)))
                (invoices_card(&account, &invoices, language, Day::of(now)))
            });
        }
        let content = html! {
            @for part in &parts { (part) }
            @if parts.is_empty() {
                h1 { (language.pick("Willkommen", "Welcome")) }
                p class="lead" { (language.pick("Ihrer Anmeldung ist noch kein Konto zugeordnet.", "No account belongs to your sign-in yet.")) }
            }
        };
        Ok(signed_page(signed, language.pick("Übersicht", "Overview"), &content))
    }
}

/// Why it is held is for the operator to see; the customer is told that nothing is lost.
fn held_banner(month: &str, language: Language) -> Markup {
    banner(
        "note",
        &html! { p { (language.pick(
            format!("Die Rechnung für {month} ist noch nicht fertig: Eine Angabe muss geklärt werden. Wir kümmern uns darum."),
            format!("The invoice for {month} is not ready yet: something has to be clarified. We are taking care of it."),
        )) } },
    )
}

fn events_card(
    account: &Account,
    events: &[Published],
    state: State,
    (language, now): (Language, domain::calendar::Instant),
) -> Markup {
    html! {
        div class="card" {
            h2 { (language.pick("Veranstaltungen", "Events")) }
            @if events.is_empty() { p class="empty" { (language.pick("Noch keine Veranstaltung.", "No event yet.")) } }
            @else {
                div class="scroll" { table {
                    thead { tr {
                        th { (language.pick("Titel", "Title")) } th { (language.pick("Beginn", "Start")) }
                        th class="number" { (language.pick("Plätze", "Places")) } th { (language.pick("Anmeldung", "Registration")) } th { (language.pick("Seite", "Page")) }
                    } }
                    tbody { @for published in events {
                        @let draft = published.event.draft();
                        tr {
                            td { a href={ "/console/events/" (account.id) "/" (draft.id) "?lang=" (language.code()) } { (draft.title.get(language)) } }
                            td { (language.date_time(draft.starts_at)) }
                            td class="number" { (draft.capacity.map_or_else(|| language.pick("unbegrenzt", "no limit").to_owned(), |places| places.to_string())) }
                            td { @if published.event.is_open(now) { span class="tag good" { (language.pick("offen", "open")) } } @else { span class="tag plain" { (language.pick("geschlossen", "closed")) } } }
                            td { a href={ "/e/" (draft.slug) } { "/e/" (draft.slug) } }
                        }
                    } }
                } }
            }
            @if state == State::Open { p { a class="button quiet" href={ "/console/events/" (account.id) "/new?lang=" (language.code()) } { (language.pick("Veranstaltung anlegen", "New event")) } } }
        }
    }
}

fn invoices_card(account: &Account, invoices: &[Standing], language: Language, today: Day) -> Markup {
    html! {
        div class="card" {
            h2 { (language.pick("Rechnungen", "Invoices")) }
            @if invoices.is_empty() { p class="empty" { (language.pick("Noch keine Rechnung. Abgerechnet wird am Ersten des Monats nach einer Veranstaltung.", "No invoice yet. Events are billed on the first of the month after they end.")) } }
            @else {
                @let newest: Vec<&Standing> = invoices.iter().take(NEWEST).collect();
                (list::table(&account.id, &newest, today, language))
                p {
                    a href={ "/console/invoices/" (account.id) "?lang=" (language.code()) } { (language.pick("Alle Rechnungen", "All invoices")) } " · "
                    a href={ "/console/archive/" (account.id) "?lang=" (language.code()) } { (language.pick("Archiv nach Jahren", "Archive by year")) }
                }
            }
        }
    }
}

//! Parts that several public pages share.

use domain::calendar::Instant;
use domain::language::Language;
use http::{Response, StatusCode};
use lambda_http::Body;
use maud::{Markup, html};
use platform::http::html_reply;
use platform::page::{Frame, page};
use platform::table::events::Published;

/// A public page with a link to itself in the other language.
pub(crate) fn public_page(
    status: StatusCode,
    language: Language,
    title: &str,
    path: &str,
    content: &Markup,
) -> Response<Body> {
    let other = format!("{path}?lang={}", language.pick("en", "de"));
    let frame = Frame { language, title, navigation: Vec::new(), other_language: Some(other), wide: false };
    html_reply(status, page(&frame, content))
}

/// Title, time and place of an event, and the places left where they are limited and known.
pub(crate) fn event_head(published: &Published, language: Language, now: Instant, free: Option<i64>) -> Markup {
    let draft = published.event.draft();
    html! {
        h1 { (draft.title.get(language)) }
        @if !draft.description.get(language).is_empty() { p class="lead" { (draft.description.get(language)) } }
        div class="card" {
            dl class="facts" {
                dt { (language.pick("Wann", "When")) } dd { (language.span(draft.starts_at, draft.ends_at)) }
                dt { (language.pick("Wo", "Where")) } dd { (draft.location) }
                dt { (language.pick("Veranstalter", "Organiser")) } dd { (draft.organiser) }
                @if let (Some(capacity), Some(free)) = (draft.capacity, free) {
                    dt { (language.pick("Plätze", "Places")) }
                    dd { @if free > 0 {
                        (language.pick(format!("{capacity}, davon {free} frei"), format!("{capacity}, {free} of them free")))
                    } @else {
                        span class="tag note" { (language.pick("ausgebucht", "fully booked")) }
                    } }
                }
                dt { (language.pick("Anmeldung", "Registration")) }
                dd {
                    @if published.event.is_open(now) {
                        (language.pick("bis ", "until ")) (language.date_time(draft.closes_at))
                    } @else { (language.pick("geschlossen", "closed")) }
                }
            }
        }
    }
}

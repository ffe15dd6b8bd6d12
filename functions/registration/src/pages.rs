//! Parts that several public pages share.

use domain::calendar::{Day, Instant};
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

/// Title, time and place of an event.
pub(crate) fn event_head(published: &Published, language: Language, now: Instant) -> Markup {
    let draft = published.event.draft();
    html! {
        h1 { (draft.title.get(language)) }
        @if !draft.description.get(language).is_empty() { p class="lead" { (draft.description.get(language)) } }
        div class="card" {
            dl class="facts" {
                dt { (language.pick("Wann", "When")) } dd { (span(draft.starts_at, draft.ends_at, language)) }
                dt { (language.pick("Wo", "Where")) } dd { (draft.location) }
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

fn span(from: Instant, to: Instant, language: Language) -> String {
    if Day::of(from) == Day::of(to) {
        let end = domain::calendar::local(to).format("%H:%M");
        let start = domain::calendar::local(from).format("%H:%M");
        let date = language.date(Day::of(from));
        language.pick(format!("{date}, {start} bis {end} Uhr"), format!("{date}, {start} to {end}"))
    } else {
        language.pick(
            format!("{} bis {}", language.date_time(from), language.date_time(to)),
            format!("{} to {}", language.date_time(from), language.date_time(to)),
        )
    }
}

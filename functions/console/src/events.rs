//! `GET /console/events/{account}/{event}`: totals and attendees (A5).

use domain::event::AnswerValue;
use domain::ids::{AccountId, EventId};
use domain::language::Language;
use domain::registration::{Registration, Standing};
use domain::usage::Counts;
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::error::Error;
use platform::table::events::Published;
use platform::table::registrations::Listed;

use crate::frame::{mail_failure_tag, signed_page, total};
use crate::{Console, Signed};

impl Console {
    pub(crate) async fn event(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        event: &str,
    ) -> Result<Response<Body>, Error> {
        let language = signed.language;
        let event = EventId::parse(event).map_err(|_| Error::NotFound("event"))?;
        let published = self.table.event(account, &event).await?;
        let (mut counts, mut free) = (Counts::default(), None);
        for shard in 0..published.event.seat_shards() {
            let counter = self.table.counter(&published.counter_key(shard)).await?;
            counts = counts.plus(counter.totals());
            free = match (free, counter.free()) {
                (None, here) => here,
                (Some(sum), here) => Some(sum + here.unwrap_or(0)),
            };
        }
        let mut registrations = self.table.registrations(&published).await?;
        registrations.sort_by_cached_key(sort_name);
        let draft = published.event.draft();
        let page = format!("{}/e/{}", self.origin, draft.slug);
        let content = html! {
            h1 { (draft.title.get(language)) }
            p class="lead" { (language.date_time(draft.starts_at)) " · " (draft.location) " · " a href=(page) { (page) } }
            div class="totals" {
                (total(counts.accepted, language.pick("Zusagen", "accepted")))
                (total(counts.declined, language.pick("Absagen", "declined")))
                (total(counts.responses, language.pick("Rückmeldungen", "responses")))
                @if let Some(free) = free { (total(free, language.pick("freie Plätze", "free places"))) }
            }
            (attendees(&published, &registrations, language))
        };
        Ok(signed_page(signed, draft.title.get(language), &content))
    }
}

/// Parties in the order of their first person's name.
fn sort_name(listed: &Listed) -> Option<(String, String)> {
    let first = listed.registration.reply.attendees.first()?;
    Some((first.last_name().to_lowercase(), first.first_name().to_lowercase()))
}

fn attendees(published: &Published, registrations: &[Listed], language: Language) -> Markup {
    html! {
        div class="card" {
            h2 { (language.pick("Teilnehmer", "Attendees")) }
            @if registrations.is_empty() { p class="empty" { (language.pick("Noch hat niemand geantwortet.", "Nobody has answered yet.")) } }
            @else { div class="scroll" { table {
                thead { tr {
                    th { "Name" } th { (language.pick("E-Mail-Adresse", "E-mail address")) }
                    th { (language.pick("Antwort", "Answer")) } th { (language.pick("Geantwortet", "Answered")) }
                } }
                tbody { @for listed in registrations { @for attendee in &listed.registration.reply.attendees {
                    @let registration = &listed.registration;
                    tr {
                        td { (attendee.last_name()) ", " (attendee.first_name()) }
                        td { (registration.email.as_str()) " " (mail_failure_tag(listed.mail_failure, language)) }
                        td { (answer(published, registration, language)) }
                        td { (language.date_time(registration.changed_at)) }
                    }
                } } }
            } } }
        }
    }
}

fn answer(published: &Published, registration: &Registration, language: Language) -> Markup {
    if registration.standing == Standing::Withdrawn {
        return html! { span class="tag note" { (language.pick("zurückgezogen", "withdrawn")) } };
    }
    let label = published.event.answer(&registration.reply.answer).map_or("", |answer| answer.label.get(language));
    let kind = match registration.reply.value {
        Some(AnswerValue::Accepted) => "good",
        Some(AnswerValue::Declined) => "bad",
        None => "plain",
    };
    html! { span class={ "tag " (kind) } { (label) } }
}

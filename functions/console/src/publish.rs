//! `GET` and `POST /console/events/{account}/new`: an organiser publishes an event (A1, A3).

use chrono::NaiveDateTime;
use domain::calendar::{Day, Instant, instant_of};
use domain::event::{Answer, AnswerValue, Event, EventDraft};
use domain::ids::{AccountId, EventId, Slug};
use domain::language::Text;
use domain::problem::{FieldProblem, Problem};
use http::{Response, StatusCode};
use lambda_http::Body;
use maud::html;
use platform::entropy;
use platform::error::Error;
use platform::http::{field, see_other};

use crate::fields::{Form, Row, filled, form_token};
use crate::frame::signed_reply;
use crate::plan::said;
use crate::{Console, Signed};

const FIELDS: [Row; 9] = [
    ("title.de", "Titel (deutsch)", "Title (German)", "text", "", ""),
    ("title.en", "Titel (englisch)", "Title (English)", "text", "", ""),
    ("description.de", "Beschreibung (deutsch)", "Description (German)", "text", "freiwillig", "optional"),
    ("description.en", "Beschreibung (englisch)", "Description (English)", "text", "freiwillig", "optional"),
    (
        "slug",
        "Adresse der Seite",
        "Address of the page",
        "text",
        "Kleinbuchstaben, Ziffern und Bindestriche; steht hinter /e/",
        "lower-case letters, digits and hyphens; stands after /e/",
    ),
    ("location", "Ort", "Location", "text", "", ""),
    ("starts_at", "Beginn", "Start", "datetime-local", "Ortszeit Deutschland", "local time in Germany"),
    ("ends_at", "Ende", "End", "datetime-local", "", ""),
    ("closes_at", "Anmeldung möglich bis", "Registration closes", "datetime-local", "", ""),
];

impl Console {
    pub(crate) async fn publish_form(&self, signed: &Signed<'_>, account: &AccountId) -> Result<Response<Body>, Error> {
        self.table.account(account).await?;
        if let Some(closed) = self.closed(signed, account).await? {
            return Ok(closed);
        }
        Ok(show(signed, account, &filled([("party_limit", "4"), ("answers", "values")]), &[]))
    }

    pub(crate) async fn publish(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        let organiser = self.table.account(account).await?.name;
        if let Some(closed) = self.closed(signed, account).await? {
            return Ok(closed);
        }
        let id = EventId::parse(&format!("{}_{}", EventId::PREFIX, entropy::hex::<16>()?));
        let id = id.map_err(|error| Error::internal("event id", error))?;
        let event = match read(fields, account, (id, self.clock.now()), organiser) {
            Ok(event) => event,
            Err(problems) => return Ok(show(signed, account, fields, &problems)),
        };
        let today = Day::of(self.clock.now());
        if !self.table.publish(&event, today, &entropy::hex::<32>()?).await? {
            let taken = FieldProblem::new("slug", Problem::SlugTaken);
            return Ok(show(signed, account, fields, &[taken]));
        }
        Ok(see_other(&format!("/console/events/{account}/{}?lang={}", event.draft().id, signed.language.code())))
    }
}

impl Console {
    /// What is said instead of the form while the account is closed (P1, P3).
    async fn closed(&self, signed: &Signed<'_>, account: &AccountId) -> Result<Option<Response<Body>>, Error> {
        let language = signed.language;
        let title = language.pick("Veranstaltung anlegen", "New event");
        let notice = said::notice(self.account_state(account).await?, account, language);
        Ok(notice.map(|notice| signed_reply(StatusCode::FORBIDDEN, signed, title, &html! { h1 { (title) } (notice) })))
    }
}

/// Reads the form; every wrong field is named at once, those that cannot be read and those that do not fit.
fn read(
    fields: &[(String, String)],
    account: &AccountId,
    (id, now): (EventId, Instant),
    organiser: String,
) -> Result<Event, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut refuse = |name: &str, problem| problems.push(FieldProblem::new(name, problem));
    let [starts_at, ends_at, closes_at] = ["starts_at", "ends_at", "closes_at"].map(|name| {
        let wall = NaiveDateTime::parse_from_str(field(fields, name), "%Y-%m-%dT%H:%M");
        wall.map(instant_of).map_err(|_| refuse(name, Problem::NotATime)).unwrap_or_default()
    });
    let text = |name: &str| field(fields, name).trim().to_owned();
    let slug = Slug::parse(&text("slug")).map_err(|_| refuse("slug", Problem::NotASlug)).ok();
    let capacity = match text("capacity").as_str() {
        "" => None,
        // What is no number is out of range too.
        number => Some(number.parse().unwrap_or(0)),
    };
    let both = |name: &str| Text { de: text(&format!("{name}.de")), en: text(&format!("{name}.en")) };
    let stand_in = Slug::parse("x").ok();
    let planned = Event::plan(
        EventDraft {
            id,
            account: account.clone(),
            organiser,
            slug: slug.or(stand_in).ok_or_else(Vec::new)?,
            title: both("title"),
            description: both("description"),
            location: text("location"),
            starts_at,
            ends_at,
            closes_at,
            capacity,
            party_limit: text("party_limit").parse().unwrap_or(0),
            answers: answers(field(fields, "answers")),
        },
        now,
    );
    let no_time = problems.iter().any(|problem| problem.problem == Problem::NotATime);
    match planned {
        Ok(event) if problems.is_empty() => Ok(event),
        planned => {
            // Without both times, whether the end lies after the start is no question yet.
            let others = planned.err().into_iter().flatten();
            problems.extend(others.filter(|other| !(no_time && is_about_times(&other.problem))));
            Err(problems)
        }
    }
}

/// Problems that mean nothing while one of the times cannot be read.
const fn is_about_times(problem: &Problem) -> bool {
    matches!(problem, Problem::EndNotAfterStart | Problem::InThePast | Problem::ClosesAfterEnd)
}

/// The two ways to ask that the form offers.
fn answers(choice: &str) -> Vec<Answer> {
    let answer = |key: &str, de: &str, en: &str, value| Answer { key: key.to_owned(), label: Text::new(de, en), value };
    if choice == "plain" {
        return vec![answer("registered", "Ich melde mich an", "I register", None)];
    }
    vec![
        answer("yes", "Ja, ich komme gern", "Yes, I will come", Some(AnswerValue::Accepted)),
        answer("no", "Nein, ich kann leider nicht", "No, I cannot come", Some(AnswerValue::Declined)),
    ]
}

fn show(
    signed: &Signed<'_>,
    account: &AccountId,
    values: &[(String, String)],
    problems: &[FieldProblem],
) -> Response<Body> {
    let language = signed.language;
    let form = Form { values, problems, language };
    let title = language.pick("Veranstaltung anlegen", "New event");
    let content = html! {
        h1 { (title) }
        (form.refusal(language.pick("Es wurde noch nichts veröffentlicht.", "Nothing has been published yet.")))
        form class="card" method="post" action={ "/console/events/" (account) "/new?lang=" (language.code()) } novalidate {
            (form_token(signed))
            (form.inputs(&FIELDS))
            (form.input("capacity", language.pick("Plätze", "Places"), "text", language.pick("leer für unbegrenzt", "empty for no limit")))
            (form.input("party_limit", language.pick("Teilnehmer je Anmeldung, höchstens", "Attendees per registration, at most"), "text", "1–20"))
            (form.choice("answers", language.pick("Antworten", "Answers"), &[
                ("values", language.pick("Zusage und Absage (nur Zusagen werden berechnet)", "Accept and decline (only accepted attendees are billed)")),
                ("plain", language.pick("Nur Anmeldung (alle Angemeldeten werden berechnet)", "Registration only (all who register are billed)")),
            ]))
            p class="hint" { (language.pick(
                "Nach dem Veröffentlichen lassen sich diese Angaben nicht mehr ändern.",
                "After publication these entries can no longer be changed.")) }
            button type="submit" { (language.pick("Veröffentlichen", "Publish")) }
        }
    };
    signed_reply(form.status(), signed, title, &content)
}

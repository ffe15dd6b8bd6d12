//! `GET` and `POST /console/events/{account}/new`: an organiser publishes an event (A1, A3).

use chrono::NaiveDateTime;
use domain::calendar::{Day, Instant, instant_of};
use domain::event::{Answer, AnswerValue, Event, EventDraft};
use domain::ids::{AccountId, EventId, Slug};
use domain::language::{Language, Text};
use domain::problem::{FieldProblem, Problem};
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::entropy;
use platform::error::Error;
use platform::http::{field, see_other};
use platform::page::banner;

use crate::frame::signed_page;
use crate::{Console, Signed};

/// Fields of the form: name, German label, English label, kind, German hint, English hint.
const FIELDS: [(&str, &str, &str, &str, &str, &str); 9] = [
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
        Ok(show(signed, account, &[], &[]))
    }

    pub(crate) async fn publish(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        self.table.account(account).await?;
        let event = match read(fields, account) {
            Ok(event) => event,
            Err(problems) if problems.is_empty() => return Err(Error::internal("event id", "no randomness")),
            Err(problems) => return Ok(show(signed, account, fields, &problems)),
        };
        let today = Day::of(self.clock.now());
        if !self.table.publish(&event, today, &entropy::hex::<32>()?).await? {
            let expected = signed.language.pick("eine Adresse, die noch frei ist", "an address that is still free");
            let taken = FieldProblem::new("slug", Problem::NotAllowed { expected: expected.to_owned() });
            return Ok(show(signed, account, fields, &[taken]));
        }
        Ok(see_other(&format!("/console/events/{account}/{}?lang={}", event.draft().id, signed.language.code())))
    }
}

fn read(fields: &[(String, String)], account: &AccountId) -> Result<Event, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut keep = |name: &str, problem: Problem| problems.push(FieldProblem::new(name, problem));
    let expected = |text: &str| Problem::NotAllowed { expected: text.to_owned() };
    let mut time = |name: &str| -> Instant {
        match NaiveDateTime::parse_from_str(field(fields, name), "%Y-%m-%dT%H:%M") {
            Ok(wall) => instant_of(wall),
            Err(_) => {
                keep(
                    name,
                    if field(fields, name).is_empty() { Problem::Missing } else { expected("2026-12-31T18:00") },
                );
                Instant::default()
            }
        }
    };
    let (starts_at, ends_at, closes_at) = (time("starts_at"), time("ends_at"), time("closes_at"));
    let slug = Slug::parse(field(fields, "slug").trim());
    if let Err(error) = &slug {
        keep("slug", expected(&error.to_string()));
    }
    let whole = |text: &str| text.trim().parse::<u32>();
    let capacity = match field(fields, "capacity").trim() {
        "" => None,
        text => match whole(text) {
            Ok(places) => Some(places),
            Err(_) => {
                keep("capacity", expected("1–100000"));
                None
            }
        },
    };
    let party_limit = whole(field(fields, "party_limit")).map_or(0, |limit| usize::try_from(limit).unwrap_or(0));
    let text = |name: &str| {
        Text::new(field(fields, &format!("{name}.de")).trim(), field(fields, &format!("{name}.en")).trim())
    };
    let id = entropy::hex::<16>().ok().and_then(|hex| EventId::parse(&format!("{}_{hex}", EventId::PREFIX)).ok());
    let (Ok(slug), Some(id), true) = (slug, id, problems.is_empty()) else { return Err(problems) };
    Event::plan(EventDraft {
        id,
        account: account.clone(),
        slug,
        title: text("title"),
        description: text("description"),
        location: field(fields, "location").trim().to_owned(),
        starts_at,
        ends_at,
        closes_at,
        capacity,
        party_limit,
        answers: answers(field(fields, "answers")),
    })
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
    fields: &[(String, String)],
    problems: &[FieldProblem],
) -> Response<Body> {
    let language = signed.language;
    let title = language.pick("Veranstaltung anlegen", "New event");
    let content = html! {
        h1 { (title) }
        @if !problems.is_empty() {
            (banner("bad", &html! { p { b { (language.pick("Bitte prüfen Sie Ihre Angaben. Es wurde noch nichts veröffentlicht.", "Please check your entries. Nothing has been published yet.")) } } }))
        }
        form class="card" method="post" action={ "/console/events/" (account) "/new?lang=" (language.code()) } novalidate {
            input type="hidden" name="form_token" value=(signed.form_token);
            @for (name, de, en, kind, hint_de, hint_en) in FIELDS {
                (input(name, language.pick(de, en), kind, language.pick(hint_de, hint_en), field(fields, name), problems, language))
            }
            (input("capacity", language.pick("Plätze", "Places"), "text", language.pick("leer für unbegrenzt", "empty for no limit"), field(fields, "capacity"), problems, language))
            (input("party_limit", language.pick("Teilnehmer je Anmeldung, höchstens", "Attendees per registration, at most"), "text", "1–20", if fields.is_empty() { "4" } else { field(fields, "party_limit") }, problems, language))
            fieldset {
                legend { (language.pick("Antworten", "Answers")) }
                @for (value, de, en) in [
                    ("values", "Zusage und Absage (nur Zusagen werden berechnet)", "Accept and decline (only accepted attendees are billed)"),
                    ("plain", "Nur Anmeldung (alle Angemeldeten werden berechnet)", "Registration only (all who register are billed)"),
                ] {
                    label class="choice" {
                        input type="radio" name="answers" value=(value) checked[(field(fields, "answers") == "plain") == (value == "plain")];
                        (language.pick(de, en))
                    }
                }
            }
            p class="hint" { (language.pick(
                "Nach dem Veröffentlichen lassen sich diese Angaben nicht mehr ändern.",
                "After publication these entries can no longer be changed.")) }
            button type="submit" { (language.pick("Veröffentlichen", "Publish")) }
        }
    };
    signed_page(signed, title, &content)
}

fn input(
    name: &str,
    label: &str,
    kind: &str,
    hint: &str,
    value: &str,
    problems: &[FieldProblem],
    language: Language,
) -> Markup {
    let problem = problems.iter().find(|problem| problem.field == name);
    html! {
        div class=(if problem.is_some() { "field wrong" } else { "field" }) {
            label for=(name) { (label) }
            input id=(name) name=(name) type=(kind) value=(value) aria-invalid=[problem.map(|_| "true")];
            @if !hint.is_empty() { p class="hint" { (hint) } }
            @if let Some(problem) = problem { p class="problem" { (problem.problem.sentence(language)) } }
        }
    }
}

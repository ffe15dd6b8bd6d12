//! The registration form: reading what was typed, and showing it again as it was.

use domain::event::Event;
use domain::language::Language;
use domain::problem::FieldProblem;
use domain::registration::RawRegistration;
use maud::{Markup, html};
use platform::http::field;
use platform::page::banner;

/// Attendees shown at once; more open on demand.
const SHOWN: usize = 1;

/// Reads the fields of the form. Lines for attendees that were left empty are no attendees; the first
/// line always is.
pub(crate) fn read(form: &[(String, String)]) -> RawRegistration {
    let values = |name: &str| -> Vec<String> {
        form.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    };
    let last_names = values("last_name");
    let attendees = values("first_name")
        .into_iter()
        .enumerate()
        .map(|(index, first)| (first, last_names.get(index).cloned().unwrap_or_default()));
    let empty = |(first, last): &(String, String)| first.trim().is_empty() && last.trim().is_empty();
    let attendees: Vec<_> =
        attendees.enumerate().filter(|(index, names)| *index == 0 || !empty(names)).map(|(_, names)| names).collect();
    RawRegistration { email: field(form, "email").to_owned(), answer: field(form, "answer").to_owned(), attendees }
}

/// What the form shows: what was typed so far and what is wrong with it.
pub(crate) struct Filled<'a> {
    pub(crate) raw: &'a RawRegistration,
    pub(crate) problems: &'a [FieldProblem],
}

/// A list of everything that is wrong, with links to the fields.
pub(crate) fn summary(problems: &[FieldProblem], language: Language) -> Markup {
    if problems.is_empty() {
        return html! {};
    }
    banner(
        "bad",
        &html! {
            p { b { (language.pick("Bitte prüfen Sie Ihre Angaben. Es wurde noch nichts gespeichert.", "Please check your entries. Nothing has been saved yet.")) } }
            ul {
                @for problem in problems {
                    li { a href={ "#" (anchor(&problem.field)) } { (label(&problem.field, language)) } ": " (problem.problem.sentence(language)) }
                }
            }
        },
    )
}

fn anchor(field: &str) -> String {
    field.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

fn label(field: &str, language: Language) -> String {
    let number = field.split(['[', ']']).nth(1).and_then(|index| index.parse::<usize>().ok()).map(|index| index + 1);
    let person = number.map(|number| language.pick(format!(" (Teilnehmer {number})"), format!(" (attendee {number})")));
    let name = match field.rsplit('.').next().unwrap_or(field) {
        "email" => language.pick("E-Mail-Adresse", "E-mail address"),
        "answer" => language.pick("Ihre Antwort", "Your answer"),
        "attendees" => language.pick("Teilnehmer", "Attendees"),
        "first_name" => language.pick("Vorname", "First name"),
        "last_name" => language.pick("Nachname", "Last name"),
        other => other,
    };
    format!("{name}{}", person.unwrap_or_default())
}

/// One line of text with its label and what is wrong with it.
fn text_input(
    filled: &Filled<'_>,
    field: &str,
    name: &str,
    kind: &str,
    complete: &str,
    value: &str,
    language: Language,
) -> Markup {
    let problem = filled.problems.iter().find(|problem| problem.field == field);
    let id = anchor(field);
    html! {
        div class=(if problem.is_some() { "field wrong" } else { "field" }) {
            label for=(id) { (label(field, language).split(" (").next().unwrap_or_default()) }
            input id=(id) name=(name) type=(kind) value=(value) autocomplete=(complete)
                aria-invalid=[problem.map(|_| "true")] aria-describedby=[problem.map(|_| format!("{id}-problem"))];
            @if let Some(problem) = problem {
                p class="problem" id={ (id) "-problem" } { (problem.problem.sentence(language)) }
            }
        }
    }
}

/// The contact address.
pub(crate) fn email(filled: &Filled<'_>, language: Language) -> Markup {
    text_input(filled, "email", "email", "email", "email", &filled.raw.email, language)
}

/// The answers to choose from.
pub(crate) fn answers(event: &Event, filled: &Filled<'_>, language: Language) -> Markup {
    let problem = filled.problems.iter().find(|problem| problem.field == "answer");
    html! {
        fieldset id="answer" aria-describedby=[problem.map(|_| "answer-problem")] {
            legend { (language.pick("Ihre Antwort", "Your answer")) }
            @for answer in &event.draft().answers {
                label class="choice" {
                    input type="radio" name="answer" value=(answer.key) checked[filled.raw.answer == answer.key];
                    (answer.label.get(language))
                }
            }
            @if let Some(problem) = problem {
                p class="problem" id="answer-problem" { (problem.problem.sentence(language)) }
            }
        }
    }
}

/// Lines for the attendees: those filled in, one at least, and the rest on demand.
pub(crate) fn attendees(event: &Event, filled: &Filled<'_>, language: Language) -> Markup {
    let most = event.draft().party_limit;
    let typed = filled.raw.attendees.len().clamp(SHOWN, most.max(filled.raw.attendees.len()));
    let problem = filled.problems.iter().find(|problem| problem.field == "attendees");
    let line = |index: usize| {
        let empty = (String::new(), String::new());
        let (first, last) = filled.raw.attendees.get(index).unwrap_or(&empty);
        let complete = |name| if index == 0 { name } else { "off" };
        html! {
            div class="pair" role="group" aria-label=(language.pick(format!("Teilnehmer {}", index + 1), format!("Attendee {}", index + 1))) {
                (text_input(filled, &format!("attendees[{index}].first_name"), "first_name", "text", complete("given-name"), first, language))
                (text_input(filled, &format!("attendees[{index}].last_name"), "last_name", "text", complete("family-name"), last, language))
            }
        }
    };
    html! {
        fieldset id="attendees" {
            legend { (if most > 1 { language.pick("Wer kommt?", "Who is coming?") } else { language.pick("Ihr Name", "Your name") }) }
            @if let Some(problem) = problem { p class="problem" { (problem.problem.sentence(language)) } }
            @for index in 0..typed { (line(index)) }
            @if typed < most {
                details {
                    summary { (language.pick("Weitere Teilnehmer anmelden", "Register more attendees")) }
                    p class="hint" { (language.pick(
                        format!("Höchstens {most} je Anmeldung. Leere Zeilen zählen nicht."),
                        format!("At most {most} per registration. Empty lines do not count."))) }
                    @for index in typed..most { (line(index)) }
                }
            }
        }
    }
}

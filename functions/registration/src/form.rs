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

/// One line of text to be typed.
struct Input<'a> {
    /// Name of the field in problems.
    field: &'a str,
    /// Name of the field in the form.
    name: &'a str,
    kind: &'a str,
    autocomplete: &'a str,
    value: &'a str,
    hint: &'a str,
}

/// One line of text with its label, its hint and what is wrong with it.
fn text_input(input: &Input<'_>, filled: &Filled<'_>, language: Language) -> Markup {
    let problem = filled.problems.iter().find(|problem| problem.field == input.field);
    let id = anchor(input.field);
    let hint_id = (!input.hint.is_empty()).then(|| format!("{id}-hint"));
    let described: Vec<String> = problem.map(|_| format!("{id}-problem")).into_iter().chain(hint_id.clone()).collect();
    html! {
        div class=(if problem.is_some() { "field wrong" } else { "field" }) {
            label for=(id) { (label(input.field, language).split(" (").next().unwrap_or_default()) }
            input id=(id) name=(input.name) type=(input.kind) value=(input.value) autocomplete=(input.autocomplete)
                aria-invalid=[problem.map(|_| "true")]
                aria-describedby=[(!described.is_empty()).then(|| described.join(" "))];
            @if let Some(problem) = problem {
                p class="problem" id={ (id) "-problem" } { (problem.problem.sentence(language)) }
            }
            @if let Some(hint_id) = hint_id { p class="hint" id=(hint_id) { (input.hint) } }
        }
    }
}

/// The contact address.
pub(crate) fn email(filled: &Filled<'_>, language: Language) -> Markup {
    let hint = language.pick(
        "An diese Adresse schicken wir die Bestätigung mit Ihrem persönlichen Link, über den Sie Ihre Antwort ändern können.",
        "We send the confirmation to this address, with your personal link for changing your answer.",
    );
    let value = &filled.raw.email;
    text_input(
        &Input { field: "email", name: "email", kind: "email", autocomplete: "email", value, hint },
        filled,
        language,
    )
}

/// The answers to choose from.
pub(crate) fn answers(event: &Event, filled: &Filled<'_>, language: Language) -> Markup {
    let problem = filled.problems.iter().find(|problem| problem.field == "answer");
    html! {
        fieldset id="answer" class=[problem.map(|_| "wrong")] aria-describedby=[problem.map(|_| "answer-problem")] {
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
        let name = language.pick(format!("Teilnehmer {}", index + 1), format!("Attendee {}", index + 1));
        let empty = (String::new(), String::new());
        let (first, last) = filled.raw.attendees.get(index).unwrap_or(&empty);
        let input = |name: &str, complete, value: &str| {
            let autocomplete = if index == 0 { complete } else { "off" };
            let field = format!("attendees[{index}].{name}");
            text_input(&Input { field: &field, name, kind: "text", autocomplete, value, hint: "" }, filled, language)
        };
        html! {
            @if index > 0 { p class="who" { (name) } }
            div class="pair" role="group" aria-label=(name) {
                (input("first_name", "given-name", first))
                (input("last_name", "family-name", last))
            }
        }
    };
    html! {
        fieldset id="attendees" {
            legend { (if most > 1 { language.pick("Für wen antworten Sie?", "Who are you answering for?") } else { language.pick("Ihr Name", "Your name") }) }
            @if let Some(problem) = problem { p class="problem" { (problem.problem.sentence(language)) } }
            @for index in 0..typed { (line(index)) }
            @if typed < most {
                details {
                    summary { (language.pick("Weitere Personen hinzufügen", "Add more people")) }
                    p class="hint" { (language.pick(
                        format!("Höchstens {most} je Anmeldung. Leere Zeilen zählen nicht."),
                        format!("At most {most} per registration. Empty lines do not count."))) }
                    @for index in typed..most { (line(index)) }
                }
            }
        }
    }
}

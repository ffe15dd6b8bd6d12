//! Fields of forms: what was typed stays, and each problem stands below its field.

use domain::language::Language;
use domain::problem::FieldProblem;
use http::StatusCode;
use maud::{Markup, html};
use platform::http::field;
use platform::page::banner;

use crate::Signed;

/// A field of one line: name, German label, English label, kind, German hint, English hint.
pub(crate) type Row = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

/// A form as it was filled in, and what is wrong with it.
#[derive(Clone, Copy)]
pub(crate) struct Form<'a> {
    pub(crate) values: &'a [(String, String)],
    pub(crate) problems: &'a [FieldProblem],
    pub(crate) language: Language,
}

impl Form<'_> {
    /// Status of the page that shows it.
    pub(crate) const fn status(&self) -> StatusCode {
        if self.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// Says above a refused form that nothing has happened yet.
    pub(crate) fn refusal(&self, nothing: &str) -> Markup {
        let check = self.language.pick("Bitte prüfen Sie Ihre Angaben.", "Please check your entries.");
        html! {
            @if !self.problems.is_empty() { (banner("bad", &html! { p { b { (check) " " (nothing) } } })) }
        }
    }

    /// What a field holds; empty if it was not sent.
    pub(crate) fn value(&self, name: &str) -> &str {
        field(self.values, name)
    }

    /// Fields of one line.
    pub(crate) fn inputs(&self, rows: &[Row]) -> Markup {
        let language = self.language;
        html! {
            @for (name, de, en, kind, hint_de, hint_en) in rows {
                (self.input(name, language.pick(de, en), kind, language.pick(hint_de, hint_en)))
            }
        }
    }

    /// A field of one line.
    pub(crate) fn input(&self, name: &str, label: &str, kind: &str, hint: &str) -> Markup {
        let (invalid, described) = self.marks(name);
        let control = html! {
            input id=(name) name=(name) type=(kind) value=(self.value(name)) aria-invalid=[invalid] aria-describedby=[described];
        };
        self.labelled(name, label, hint, &control)
    }

    /// A field of several lines.
    pub(crate) fn area(&self, name: &str, label: &str, hint: &str) -> Markup {
        let (invalid, described) = self.marks(name);
        let control = html! {
            textarea id=(name) name=(name) rows="4" aria-invalid=[invalid] aria-describedby=[described] { (self.value(name)) }
        };
        self.labelled(name, label, hint, &control)
    }

    /// One of several values, each with its label.
    pub(crate) fn choice(&self, name: &str, legend: &str, values: &[(&str, &str)]) -> Markup {
        let problem = self.problem(name);
        html! {
            fieldset class=[problem.map(|_| "wrong")] aria-describedby=[self.marks(name).1] {
                legend { (legend) }
                @for (value, label) in values {
                    label class="choice" {
                        input type="radio" name=(name) value=(value) checked[self.value(name) == *value];
                        (label)
                    }
                }
                @if let Some(problem) = problem { (self.sentence(problem)) }
            }
        }
    }

    /// One of many values, each with its label.
    pub(crate) fn select(&self, name: &str, label: &str, values: &[(&str, &str)]) -> Markup {
        let (invalid, described) = self.marks(name);
        let control = html! {
            select id=(name) name=(name) aria-invalid=[invalid] aria-describedby=[described] {
                @for (value, text) in values { option value=(value) selected[self.value(name) == *value] { (text) } }
            }
        };
        self.labelled(name, label, "", &control)
    }

    /// What is wrong with something that has no field of its own.
    pub(crate) fn told(&self, name: &str) -> Markup {
        html! { @if let Some(problem) = self.problem(name) { (self.sentence(problem)) } }
    }

    /// A box to tick, sent as `yes`.
    pub(crate) fn tick(&self, name: &str, label: &str, hint: &str) -> Markup {
        html! {
            div class="field" {
                label class="choice" {
                    input type="checkbox" name=(name) value="yes" checked[self.value(name) == "yes"];
                    (label)
                }
                @if !hint.is_empty() { p class="hint" { (hint) } }
            }
        }
    }

    /// A file to choose.
    pub(crate) fn file(&self, name: &str, label: &str, kinds: &str, hint: &str) -> Markup {
        let (invalid, described) = self.marks(name);
        let control = html! {
            input id=(name) name=(name) type="file" accept=(kinds) aria-invalid=[invalid] aria-describedby=[described];
        };
        self.labelled(name, label, hint, &control)
    }

    /// Whether something is wrong with a field.
    pub(crate) fn has_problem(&self, name: &str) -> bool {
        self.problem(name).is_some()
    }

    fn problem(&self, name: &str) -> Option<&FieldProblem> {
        self.problems.iter().find(|problem| problem.field == name)
    }

    /// What assistive technology is told of a wrong field.
    fn marks(&self, name: &str) -> (Option<&'static str>, Option<String>) {
        let wrong = self.problem(name).is_some();
        (wrong.then_some("true"), wrong.then(|| format!("{name}-problem")))
    }

    fn labelled(&self, name: &str, label: &str, hint: &str, control: &Markup) -> Markup {
        let problem = self.problem(name);
        html! {
            div class=(if problem.is_some() { "field wrong" } else { "field" }) {
                label for=(name) { (label) }
                (control)
                @if !hint.is_empty() { p class="hint" { (hint) } }
                @if let Some(problem) = problem { (self.sentence(problem)) }
            }
        }
    }

    fn sentence(&self, problem: &FieldProblem) -> Markup {
        html! { p class="problem" id={ (problem.field) "-problem" } { (problem.problem.sentence(self.language)) } }
    }
}

/// The token that a form of this session carries.
pub(crate) fn form_token(signed: &Signed<'_>) -> Markup {
    html! { input type="hidden" name="form_token" value=(signed.form_token); }
}

/// Fields with their values, as forms send them.
pub(crate) fn filled<const N: usize>(fields: [(&str, &str); N]) -> Vec<(String, String)> {
    fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

//! What somebody types about an operator or an account, and the one reading of it. Every wrong field is
//! named at once.

pub mod account;
pub mod issuer;

use crate::problem::{FieldProblem, Problem, line};

/// Longest name of a company, and longest register entry or list of directors, in characters.
pub const COMPANY_LENGTH: usize = 200;
/// Longest street, town or name of a bank, in characters.
pub const PLACE_LENGTH: usize = 100;
/// Longest telephone or tax number, in characters.
pub const NUMBER_LENGTH: usize = 40;

/// Collects what is wrong while a form is read.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    pub(crate) problems: Vec<FieldProblem>,
}

impl Reader {
    /// The value of a field, or a note of its problem: there is a problem exactly where there is no value.
    pub(crate) fn take<T>(&mut self, field: &str, value: Result<T, Problem>) -> Option<T> {
        value.map_err(|problem| self.problems.push(FieldProblem::new(field, problem))).ok()
    }
}

/// A field that may be empty.
fn optional(text: &str, check: impl FnOnce(&str) -> Result<String, Problem>) -> Result<Option<String>, Problem> {
    if text.trim().is_empty() { Ok(None) } else { check(text).map(Some) }
}

/// A line that may be empty: a sole trader has no register entry and no directors.
fn optional_line(text: &str) -> Result<String, Problem> {
    if text.trim().is_empty() { Ok(String::new()) } else { line(text, COMPANY_LENGTH) }
}

/// A box that is ticked, sent as `yes`, or not sent at all.
fn ticked(text: &str) -> bool {
    text == "yes"
}

#[cfg(test)]
mod tests;

//! One tree for TOML and JSON: what a file says, in its order, with the place of every value.

use std::ops::Range;

use crate::place::Found;

/// Deepest nesting of values. Catalogues need fewer than ten; without a bound a file could exhaust the stack.
pub(crate) const NESTING_LIMIT: usize = 64;

/// A value with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    /// Where it is written, in bytes.
    pub(crate) span: Range<usize>,
    /// What it is.
    pub(crate) value: Value,
}

/// What a value is. Numbers keep their text, so that no float is involved (G1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Keys with their values, in the order of the file; no key twice.
    Table(Vec<Entry>),
    /// Values one after another.
    Array(Vec<Node>),
    /// Text without its quotes.
    Text(String),
    /// A number as written.
    Number(String),
    /// True or false.
    Flag(bool),
    /// A date or time that is not in quotes.
    Date(String),
    /// JSON's `null`.
    Null,
}

impl Value {
    /// What it is, as a message calls it.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Table(_) => "a table",
            Self::Array(_) => "a list",
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Flag(_) => "true or false",
            Self::Date(_) => "a date",
            Self::Null => "null",
        }
    }
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The key.
    pub(crate) key: String,
    /// Where the key begins, in bytes.
    pub(crate) key_start: usize,
    /// Its value.
    pub(crate) node: Node,
}

impl Node {
    /// The value below a table's key or, written `[2]`, a list's index.
    pub(crate) fn child(&self, step: &str) -> Option<&Self> {
        match &self.value {
            Value::Table(entries) => {
                // Promotion codes are the same in any case.
                let alike = || entries.iter().find(|entry| entry.key.eq_ignore_ascii_case(step));
                entries.iter().find(|entry| entry.key == step).or_else(alike).map(|entry| &entry.node)
            }
            Value::Array(items) => {
                let index = step.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(step);
                items.get(index.parse::<usize>().ok()?)
            }
            _ => None,
        }
    }
}

/// A file that could not be read as TOML or JSON at all.
pub(crate) type Syntax = Vec<Found>;

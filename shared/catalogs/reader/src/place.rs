//! Mistakes with their place in the file.

use std::cell::{Cell, RefCell};
use std::fmt;

/// Most mistakes that are reported of one file; who made more has another kind of file.
const MISTAKES_LIMIT: usize = 200;
/// Most characters of a piece of the file that a message repeats.
const QUOTE_LIMIT: usize = 60;

/// One mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The keys from the top of the file down, for example `charges.per-attendee.tiers[2].price`; empty where
    /// the file as a whole is meant or could not be read.
    pub path: String,
    /// What is wrong and what would be right.
    pub text: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.line, self.column)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.text)
    }
}

/// The mistakes of a file, a line each: `prices.toml:12:9: charges.setup.price: …`.
#[must_use]
pub fn render(file: &str, mistakes: &[Mistake]) -> String {
    mistakes.iter().map(|mistake| format!("{file}:{mistake}\n")).collect()
}

/// A mistake before its place is worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Byte it begins at.
    pub(crate) offset: usize,
    /// Keys from the top of the file down; an index is written `[2]`.
    pub(crate) path: Vec<String>,
    /// What is wrong and what would be right.
    pub(crate) text: String,
    /// Paths of keys that it leaves unread besides its own.
    pub(crate) unread: Vec<Vec<String>>,
}

impl Found {
    /// A mistake of the file's syntax.
    pub(crate) fn at(offset: usize, text: impl Into<String>) -> Self {
        Self { offset, path: Vec::new(), text: text.into(), unread: Vec::new() }
    }
}

/// Collects the mistakes of one file.
#[derive(Debug, Default)]
pub(crate) struct Report {
    found: RefCell<Vec<Found>>,
    more: Cell<bool>,
}

impl Report {
    /// Adds a mistake.
    pub(crate) fn add(&self, found: Found) {
        let mut all = self.found.borrow_mut();
        if all.len() < MISTAKES_LIMIT * 5 {
            all.push(found);
        } else {
            self.more.set(true);
        }
    }

    /// Whether mistakes are no longer kept, so that looking for more is in vain.
    pub(crate) fn is_full(&self) -> bool {
        self.more.get()
    }

    /// What was found.
    pub(crate) fn into_found(self) -> Vec<Found> {
        self.found.into_inner()
    }
}

/// Works out lines and columns; in the order of the file, none twice.
pub(crate) fn placed(text: &str, mut found: Vec<Found>) -> Vec<Mistake> {
    found.sort_by_key(|found| found.offset.min(text.len()));
    found.dedup_by(|one, other| (&one.path, &one.text) == (&other.path, &other.text) && one.offset == other.offset);
    let mut mistakes: Vec<Mistake> = Vec::new();
    for one in &found {
        let mistake = place(text, one);
        if mistakes.len() == MISTAKES_LIMIT {
            let text = "there are more mistakes; correct those above first".to_owned();
            mistakes.push(Mistake { path: String::new(), text, ..mistake });
            break;
        }
        mistakes.push(mistake);
    }
    mistakes
}

fn place(text: &str, found: &Found) -> Mistake {
    let before = text.get(..found.offset).or_else(|| text.get(..floor(text, found.offset))).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Mistake {
        line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
        column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
        path: shown(&found.path),
        text: found.text.clone(),
    }
}

/// The start of the character that a byte belongs to.
fn floor(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|index| text.is_char_boundary(*index)).unwrap_or(0)
}

fn shown(path: &[String]) -> String {
    let mut text = String::new();
    for step in path {
        let index = step.starts_with('[') && step.ends_with(']');
        if !text.is_empty() && !index {
            text.push('.');
        }
        let bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if index || (!step.is_empty() && step.len() <= QUOTE_LIMIT && step.bytes().all(bare)) {
            text.push_str(step);
        } else {
            text.push_str(&format!("\"{}\"", short(step)));
        }
    }
    text
}

/// A piece of the file as a message repeats it: one line, of bounded length.
pub(crate) fn short(text: &str) -> String {
    let plain = |character: char| if character.is_control() { '·' } else { character };
    let mut short: String = text.chars().take(QUOTE_LIMIT).map(plain).collect();
    if text.chars().nth(QUOTE_LIMIT).is_some() {
        short.push('…');
    }
    short
}

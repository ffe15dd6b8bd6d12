//! A typed way through a document that notes every mistake and goes on.
//!
//! What could not be read is `None`, and its mistake is in the report; so a reader never stops at the first.

use crate::document::{Entry, Node, Value};
use crate::place::{Found, Report, short};
use domain::catalog::check::nearest::nearest;

use crate::words::hint;

/// One step of a path.
#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// A value with its path.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    node: &'a Node,
    key_start: usize,
    path: Vec<Step<'a>>,
    report: &'a Report,
}

impl<'a> Cursor<'a> {
    /// The whole file.
    pub(crate) const fn root(node: &'a Node, report: &'a Report) -> Self {
        Self { node, key_start: node.span.start, path: Vec::new(), report }
    }

    /// The value.
    pub(crate) const fn value(&self) -> &'a Value {
        &self.node.value
    }

    /// The key it stands under; empty for the items of a list.
    pub(crate) fn key(&self) -> &'a str {
        match self.path.last() {
            Some(Step::Key(key)) => key,
            _ => "",
        }
    }

    /// Notes a mistake of this value.
    pub(crate) fn refuse(&self, text: impl Into<String>) {
        self.note(self.node.span.start, self.steps(), text.into(), Vec::new());
    }

    /// Notes a mistake of the key it stands under.
    pub(crate) fn refuse_key(&self, text: impl Into<String>) {
        self.note(self.key_start, self.steps(), text.into(), Vec::new());
    }

    /// Notes that the value is of another type.
    pub(crate) fn refuse_type(&self, expected: &str) {
        let kind = self.node.value.kind();
        match self.value() {
            Value::Null => self.refuse("null is no value here; leave the key out"),
            Value::Text(text) => self.refuse(format!("expected {expected}, found the text \"{}\"", short(text))),
            Value::Number(number) => self.refuse(format!("expected {expected}, found the number {}", short(number))),
            _ => self.refuse(format!("expected {expected}, found {kind}")),
        }
    }

    /// A table whose keys are known. Unknown keys are mistakes.
    pub(crate) fn fields(&self, known: &[&'static str]) -> Option<Fields<'a>> {
        self.fields_or(known, |_| None)
    }

    /// A table whose keys are known, with what there is to say about keys that belong elsewhere.
    pub(crate) fn fields_or(
        &self,
        known: &[&'static str],
        elsewhere: impl Fn(&str) -> Option<String>,
    ) -> Option<Fields<'a>> {
        let fields = self.open_fields()?;
        let unknown = |entry: &&Entry| !known.contains(&entry.key.as_str());
        let mut meant = Vec::new();
        for entry in fields.entries.iter().filter(unknown) {
            if self.report.is_full() {
                break;
            }
            if let Some(text) = elsewhere(&entry.key) {
                self.note(entry.key_start, self.path_to(&entry.key), text, vec![self.steps()]);
                continue;
            }
            let absent = |key: &&str| fields.get(key).is_none();
            let near = nearest(&entry.key, known.iter().copied());
            // Somebody who misspelt a key has not forgotten it as well.
            let mut unread = Vec::new();
            if let Some(key) = near.filter(absent) {
                meant.extend(known.iter().copied().filter(|known| *known == key));
                unread.push(self.path_to(key));
            } else {
                unread.push(self.steps());
            }
            let text = format!("unknown key; {}", hint(&entry.key, known.iter().copied()));
            self.note(entry.key_start, self.path_to(&entry.key), text, unread);
        }
        Some(Fields { meant, ..fields })
    }

    /// A table whose keys are not checked.
    pub(crate) fn open_fields(&self) -> Option<Fields<'a>> {
        match self.value() {
            Value::Table(entries) => Some(Fields { table: self.clone(), entries, meant: Vec::new() }),
            _ => {
                self.refuse_type("a table");
                None
            }
        }
    }

    /// The values of a table whose keys are names, in the order of the file; none if it is no table.
    pub(crate) fn named(&self) -> Vec<Self> {
        self.open_fields().map_or_else(Vec::new, |fields| fields.all())
    }

    /// The items of a list; none if it is no list.
    pub(crate) fn items(&self) -> Vec<Self> {
        let Value::Array(items) = self.value() else {
            self.refuse_type("a list in brackets");
            return Vec::new();
        };
        let item = |(index, node): (usize, &'a Node)| self.step(Step::Index(index), node, node.span.start);
        items.iter().enumerate().map(item).collect()
    }

    fn step(&self, step: Step<'a>, node: &'a Node, key_start: usize) -> Self {
        let mut path = self.path.clone();
        path.push(step);
        Self { node, key_start, path, report: self.report }
    }

    fn steps(&self) -> Vec<String> {
        let step = |step: &Step<'a>| match step {
            Step::Key(key) => (*key).to_owned(),
            Step::Index(index) => format!("[{index}]"),
        };
        self.path.iter().map(step).collect()
    }

    fn path_to(&self, key: &str) -> Vec<String> {
        let mut path = self.steps();
        path.push(key.to_owned());
        path
    }

    fn note(&self, offset: usize, path: Vec<String>, text: String, unread: Vec<Vec<String>>) {
        self.report.add(Found { offset, path, text, unread });
    }
}

/// The values of a table by their keys.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    table: Cursor<'a>,
    entries: &'a [Entry],
    meant: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<Cursor<'a>> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| self.at(entry))
    }

    /// The value of a key that must be there; what it is for completes the message.
    pub(crate) fn required(&self, key: &str, purpose: &str) -> Option<Cursor<'a>> {
        let found = self.get(key);
        if found.is_none() && !self.meant.contains(&key) {
            self.refuse_at(key, format!("this key is missing: {purpose}"));
        }
        found
    }

    /// Notes a mistake about a key that may not be there, at the table.
    pub(crate) fn refuse_at(&self, key: &str, text: impl Into<String>) {
        match self.get(key) {
            Some(cursor) => cursor.refuse(text),
            None => {
                let (start, path) = (self.table.node.span.start, self.table.path_to(key));
                self.table.note(start, path, text.into(), Vec::new());
            }
        }
    }

    /// Whether a key is there, be it misspelt.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some() || self.meant.contains(&key)
    }

    /// All values, in the order of the file.
    pub(crate) fn all(&self) -> Vec<Cursor<'a>> {
        self.entries.iter().map(|entry| self.at(entry)).collect()
    }

    /// The values of a section whose keys are names; none if the section is not there.
    pub(crate) fn section(&self, key: &str) -> Vec<Cursor<'a>> {
        self.get(key).map_or_else(Vec::new, |section| section.named())
    }

    /// The items of a list; none if the list is not there.
    pub(crate) fn items(&self, key: &str) -> Vec<Cursor<'a>> {
        self.get(key).map_or_else(Vec::new, |list| list.items())
    }

    fn at(&self, entry: &'a Entry) -> Cursor<'a> {
        self.table.step(Step::Key(&entry.key), &entry.node, entry.key_start)
    }
}

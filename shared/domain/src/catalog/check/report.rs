//! Collects mistakes with their places.

use crate::catalog::check::{MOST, Mistake};

#[derive(Clone, Copy)]
enum Key<'a> {
    Name(&'a str),
    Index(usize),
}

/// A place in the file, linked to the one it lies in, so that a sound catalogue costs no memory.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    above: Option<&'a Place<'a>>,
    key: Key<'a>,
}

impl<'a> Place<'a> {
    /// A key at the top of the file.
    pub(super) const fn top(key: &'a str) -> Self {
        Self { above: None, key: Key::Name(key) }
    }

    /// A key in this place.
    pub(super) const fn then<'b>(&'b self, key: &'b str) -> Place<'b> {
        Place { above: Some(self), key: Key::Name(key) }
    }

    /// An element of the list in this place.
    pub(super) const fn at(&self, index: usize) -> Place<'_> {
        Place { above: Some(self), key: Key::Index(index) }
    }

    fn path(&self) -> Vec<String> {
        let mut path = self.above.map(Place::path).unwrap_or_default();
        path.push(match self.key {
            Key::Name(name) => name.to_owned(),
            Key::Index(index) => index.to_string(),
        });
        path
    }
}

/// The mistakes found so far.
#[derive(Default)]
pub(super) struct Report {
    found: Vec<Mistake>,
}

impl Report {
    /// Adds a mistake; leaves it out once there are [`MOST`].
    pub(super) fn add(&mut self, place: &Place<'_>, text: impl Into<String>) {
        if !self.full() {
            self.found.push(Mistake { path: place.path(), text: text.into() });
        }
    }

    /// Whether looking further is of no use.
    pub(super) fn full(&self) -> bool {
        self.found.len() >= MOST
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.found.len()
    }

    /// All of them.
    pub(super) fn finish(mut self) -> Vec<Mistake> {
        if self.full() {
            let text = format!("no more than {MOST} mistakes are listed; correct these first");
            self.found.push(Mistake { path: Vec::new(), text });
        }
        self.found
    }
}

//! What a catalogue must hold as a whole.

use crate::catalog::CatalogueParts;

/// One thing that is wrong in a catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where: the keys from the top of the file down, for example `charges`, `per-attendee`, `price`.
    pub path: Vec<String>,
    /// What is wrong and what would be right, as a sentence without the place.
    pub text: String,
}

/// Every mistake of a catalogue, in the order of its sections; none if it is sound.
#[must_use]
pub fn mistakes(parts: &CatalogueParts) -> Vec<Mistake> {
    let _ = parts;
    Vec::new()
}

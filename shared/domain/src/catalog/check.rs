//! What a catalogue must hold as a whole.
//!
//! Work and answer are bounded whatever the parts hold: names are looked up in sets, and no more than
//! [`MOST`] mistakes are listed.

mod add_ons;
mod charges;
mod cycles;
mod index;
mod meters;
pub mod nearest;
mod overlaps;
mod plans;
mod promotions;
mod report;
#[cfg(test)]
mod tests;
mod values;

use crate::catalog::CatalogueParts;
use crate::catalog::check::index::Index;
use crate::catalog::check::report::{Place, Report};
use crate::catalog::names::MeterId;

/// Most mistakes listed of one catalogue; one more says that there are others.
pub const MOST: usize = 10_000;

/// One thing that is wrong in a catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where: the keys from the top of the file down, for example `charges`, `per-attendee`, `price`;
    /// an element of a list by its index from 0. Empty for the file as a whole.
    pub path: Vec<String>,
    /// What is wrong and what would be right, as a sentence without the place.
    pub text: String,
}

/// Every mistake of a catalogue, in the order of its sections; none if it is sound.
#[must_use]
pub fn mistakes(parts: &CatalogueParts) -> Vec<Mistake> {
    let index = Index::new(parts);
    let mut report = Report::default();
    head(parts, &mut report);
    meters::check(parts, &mut report);
    add_ons::check(parts, &index, &mut report);
    charges::check(parts, &index, &mut report);
    plans::check(parts, &index, &mut report);
    promotions::check(parts, &index, &mut report);
    report.finish()
}

fn head(parts: &CatalogueParts, report: &mut Report) {
    // Catalogues are named like what is in them.
    if let Err(error) = MeterId::parse(&parts.id) {
        report.add(&Place::top("id"), format!("this cannot be the name of a catalogue; {error}"));
    }
    let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'-';
    if !(1..=20).contains(&parts.version.len()) || !parts.version.bytes().all(inside) {
        report.add(
            &Place::top("version"),
            "this cannot be a version; use 1 to 20 lower-case letters, digits, points or hyphens",
        );
    }
    values::text(report, &Place::top("title"), &parts.title);
}

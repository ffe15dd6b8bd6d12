//! Price catalogues and usage as files: TOML and JSON become domain types, every mistake with its place.
//!
//! Both readers go on after a mistake and report all there are. Numbers are read from their text, never through
//! a float (G1). What a catalogue must hold as a whole is the domain's to say; here its mistakes get lines.
#![deny(clippy::float_arithmetic)]

mod catalogue;
mod cursor;
mod document;
mod json;
mod place;
pub mod price;
mod toml;
mod usage;
mod values;
mod words;

pub use catalogue::read_catalogue;
pub use place::{Mistake, render};
pub use usage::{Ticket, UsageFile, read_usage, read_usage_among};

/// The five price lists that come with the system: name and file. An operator starts from them.
pub const PRICE_LISTS: [(&str, &str); 5] = [
    ("attendees", include_str!("../../attendees.toml")),
    ("webinars", include_str!("../../webinars.toml")),
    ("helpdesk", include_str!("../../helpdesk.toml")),
    ("modules", include_str!("../../modules.toml")),
    ("support-levels", include_str!("../../support-levels.toml")),
];

/// Largest file that is read, in bytes: far above any price list.
pub const SIZE_LIMIT: usize = 1024 * 1024;

/// JSON Schema (draft 2020-12) of catalogue files, for editors.
#[must_use]
pub const fn schema_catalogue() -> &'static str {
    include_str!("../../catalogue.schema.json")
}

/// JSON Schema (draft 2020-12) of usage files, for editors.
#[must_use]
pub const fn schema_usage() -> &'static str {
    include_str!("../../usage.schema.json")
}

/// The text without the mark some editors put first.
///
/// # Errors
/// The sentence for a file above the size limit.
fn bounded(text: &str) -> Result<&str, Vec<Mistake>> {
    if text.len() > SIZE_LIMIT {
        let text = format!("the file has {} bytes; at most {SIZE_LIMIT} are read", text.len());
        return Err(vec![Mistake { line: 1, column: 1, path: String::new(), text }]);
    }
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

#[cfg(test)]
mod tests;

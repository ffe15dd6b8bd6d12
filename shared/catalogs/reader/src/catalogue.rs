//! Catalogue files.

mod add_ons;
mod charges;
mod follow_ups;
mod meters;
mod models;
mod plans;
mod promotions;

use domain::catalog::names::PlanId;
use domain::catalog::{Catalogue, CatalogueParts};
use domain::language::Text;
use domain::money::Currency;
use domain::support::holidays::Region;

use crate::cursor::{Cursor, Fields};
use crate::document::Value;
use crate::place::{Mistake, Report, placed, short};
use crate::values::LINE_LIMIT;
use crate::words::hint;
use crate::{bounded, toml};

/// Version of the file format that this program reads.
const FORMAT: u64 = 1;
/// Most characters of a version.
const VERSION_LIMIT: usize = 20;

/// Keys at the top of the file.
const KEYS: [&str; 12] = [
    "format",
    "id",
    "version",
    "currency",
    "title",
    "valid_from",
    "holidays",
    "meters",
    "add_ons",
    "charges",
    "plans",
    "promotions",
];

/// Reads a catalogue file (TOML).
///
/// # Errors
/// Every mistake there is, in the order of the file: first those of syntax alone, then those of the values together
/// with those of the catalogue as a whole that do not follow from them.
pub fn read_catalogue(text: &str) -> Result<Catalogue, Vec<Mistake>> {
    let text = bounded(text)?;
    let root = toml::parse(text).map_err(|found| placed(text, found))?;
    let report = Report::default();
    let parts = parts(&Cursor::root(&root, &report));
    let mut found = report.into_found();
    if let Some(parts) = parts {
        if found.is_empty() {
            match Catalogue::new(parts) {
                Ok(catalogue) => return Ok(catalogue),
                Err(mistakes) => found.extend(mistakes.into_iter().map(|mistake| follow_ups::located(&root, mistake))),
            }
        } else {
            let more = domain::catalog::check::mistakes(&parts);
            let more = more.into_iter().map(|mistake| follow_ups::located(&root, mistake));
            let genuine = follow_ups::genuine(&root, &found, more);
            found.extend(genuine);
        }
    }
    Err(placed(text, found))
}

/// What could be read, with stand-ins for what could not; they are never more than a part of a mistaken file.
fn parts(root: &Cursor<'_>) -> Option<CatalogueParts> {
    // A file of another format has other keys: to judge them would mislead.
    let version = root.open_fields()?.get("format").map(|format| (format.value().clone(), format));
    match version {
        Some((Value::Number(number), format)) if number != FORMAT.to_string() => {
            format.refuse(format!("format {} is not known here; this program reads {FORMAT}", short(&number)));
            return None;
        }
        Some((Value::Number(_), _)) => {}
        Some((_, format)) => format.refuse_type("the number 1"),
        None => {}
    }
    let fields = root.fields(&KEYS)?;
    fields.required("format", "the version of the file format, 1");
    Some(CatalogueParts {
        id: id(&fields).unwrap_or_default(),
        version: fields
            .required("version", "for example \"2026-01\"")
            .and_then(|it| version_of(&it))
            .unwrap_or_default(),
        currency: currency(&fields),
        title: title(&fields),
        valid_from: fields.read("valid_from", Cursor::day),
        holidays: fields.read("holidays", holidays),
        meters: fields.section("meters").iter().filter_map(meters::meter).collect(),
        add_ons: fields.section("add_ons").iter().filter_map(add_ons::add_on).collect(),
        charges: fields.section("charges").iter().filter_map(charges::charge).collect(),
        plans: (1..).zip(fields.section("plans")).filter_map(|(rank, plan)| plans::plan(&plan, rank)).collect(),
        promotions: promotions::promotions(&fields),
    })
}

/// The title of something; every part of a catalogue that people read has one.
fn title(fields: &Fields<'_>) -> Text {
    let title = fields.required("title", "what people read");
    title.and_then(|title| title.bilingual()).unwrap_or_else(|| Text::new("?", "?"))
}

fn id(fields: &Fields<'_>) -> Option<String> {
    let id = fields.required("id", "the name of the catalogue")?;
    id.name(PlanId::parse).map(|id| id.to_string())
}

fn version_of(cursor: &Cursor<'_>) -> Option<String> {
    let text = cursor.line(LINE_LIMIT)?;
    let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    if text.len() <= VERSION_LIMIT && text.bytes().all(inside) {
        return Some(text);
    }
    let use_this = format!("use 1 to {VERSION_LIMIT} lower-case letters, digits, points or hyphens");
    cursor.refuse(format!("\"{}\" is no version; {use_this}", short(&text)));
    None
}

fn currency(fields: &Fields<'_>) -> Currency {
    let word = fields.required("currency", "\"EUR\"").and_then(|currency| currency.word(&CURRENCIES));
    word.unwrap_or(Currency::Eur)
}

/// Currencies by their codes.
const CURRENCIES: [(&str, Currency); 1] = [(Currency::Eur.code(), Currency::Eur)];

fn holidays(cursor: &Cursor<'_>) -> Option<Region> {
    let text = cursor.text()?;
    let region = Region::parse(text);
    if region.is_none() {
        let hint = hint(text, Region::ALL.iter().map(|region| region.code()));
        cursor.refuse(format!("unknown region \"{}\"; {hint}", short(text)));
    }
    region
}

#[cfg(test)]
mod tests;

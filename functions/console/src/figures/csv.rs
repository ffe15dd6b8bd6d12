//! The invoices of a month as CSV (RFC 4180), one a line: separated and with decimals as spreadsheets of the language
//! expect it, and with nothing that a spreadsheet would take for a formula.

use domain::language::Language;
use domain::money::Money;
use platform::files::field;
use platform::table::invoices::Standing;

use super::sheet::{Row, headings, row};

/// Mark that tells spreadsheets that a file is UTF-8.
const MARK: &str = "\u{feff}";

/// All of it.
pub(super) fn of(invoices: &[Standing], language: Language) -> String {
    let separator = language.pick(";", ",");
    let line = |cells: Vec<String>| format!("{}\r\n", cells.join(separator));
    let mut text = MARK.to_owned();
    text.push_str(&line(headings(language).iter().map(|heading| field(heading)).collect()));
    for standing in invoices {
        text.push_str(&line(cells(&row(standing, language), language)));
    }
    text
}

fn cells(row: &Row, language: Language) -> Vec<String> {
    let texts = row.before.iter().map(|text| field(text));
    let dates = row.dates.iter().map(|day| day.to_string());
    let more = row.after.iter().map(|text| field(text));
    let amounts = row.amounts.iter().map(|amount| field(&decimal(*amount, language)));
    texts.chain(dates).chain(more).chain(amounts).collect()
}

fn decimal(amount: Money, language: Language) -> String {
    amount.plain().replace('.', language.pick(",", "."))
}

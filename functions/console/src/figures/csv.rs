//! The invoices of a month as CSV (RFC 4180), one a line: separated and with decimals as spreadsheets of the language
//! expect it, and with nothing that a spreadsheet would take for a formula.

use domain::language::Language;
use domain::money::Money;
use platform::table::invoices::Standing;

use super::sheet::{Row, headings, row};

/// Mark that tells spreadsheets that a file is UTF-8.
const MARK: &str = "\u{feff}";

/// All of it.
pub(super) fn of(invoices: &[Standing], language: Language) -> String {
    let separator = language.pick(";", ",");
    let line = |cells: Vec<String>| format!("{}\r\n", cells.join(separator));
    let mut text = MARK.to_owned();
    text.push_str(&line(headings(language).iter().map(|heading| cell(heading)).collect()));
    for standing in invoices {
        text.push_str(&line(cells(&row(standing, language), language)));
    }
    text
}

fn cells(row: &Row, language: Language) -> Vec<String> {
    let texts = row.before.iter().map(|text| cell(text));
    let dates = row.dates.iter().map(|day| day.to_string());
    let more = row.after.iter().map(|text| cell(text));
    let amounts = row.amounts.iter().map(|amount| decimal(*amount, language));
    texts.chain(dates).chain(more).chain(amounts).collect()
}

fn decimal(amount: Money, language: Language) -> String {
    amount.plain().replace('.', language.pick(",", "."))
}

/// A text in quotation marks. One that a spreadsheet would work out gets an apostrophe in front, which spreadsheets take as
/// "this is text" (OWASP, CSV Injection).
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_taken_for_a_formula() {
        for (given, expected) in [
            ("Musterhaus e. K.", "\"Musterhaus e. K.\""),
            ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""),
            ("+49 40 1", "\"'+49 40 1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("\r=1", "\"'\r=1\""),
            ("＝1", "\"'＝1\""),
            ("a;b,\"c\"\nd", "\"a;b,\"\"c\"\"\nd\""),
            ("", "\"\""),
        ] {
            assert_eq!(cell(given), expected);
        }
    }
}

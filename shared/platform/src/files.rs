//! Files that people download: how their names and the fields of their tables are written.

/// A text as the name of a file: numbers may hold a slash or a blank.
#[must_use]
pub fn file_name(text: &str) -> String {
    let kept = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
    text.chars().map(|character| if kept(character) { character } else { '-' }).collect()
}

/// A field of a table of values as RFC 4180 writes it, whether a comma or a semicolon separates fields. One that a spreadsheet
/// would take for a formula gets an apostrophe in front, unless it is a number (OWASP, "CSV Injection").
#[must_use]
pub fn field(text: &str) -> String {
    let is_digit = |byte: u8| byte.is_ascii_digit() || matches!(byte, b',' | b'.');
    let is_number = text.strip_prefix('-').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(is_digit));
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) && !is_number;
    let guard = if formula { "'" } else { "" };
    if text.contains(['"', ';', ',', '\n', '\r']) {
        return format!("\"{guard}{}\"", text.replace('"', "\"\""));
    }
    format!("{guard}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_never_formulas() {
        for (name, text, expected) in [
            ("nothing", "", ""),
            ("plain", "Musterhaus e. K.", "Musterhaus e. K."),
            ("a semicolon", "Haus; Hof", "\"Haus; Hof\""),
            ("a comma", "Haus, Hof", "\"Haus, Hof\""),
            ("a quote", "Haus \"Hof\"", "\"Haus \"\"Hof\"\"\""),
            ("two lines", "Haus\nHof", "\"Haus\nHof\""),
            ("a formula", "=1+1", "'=1+1"),
            ("a wide formula", "＝1", "'＝1"),
            ("a formula with a quote", "=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("a plus", "+49 30", "'+49 30"),
            ("a function", "@SUM(A1)", "'@SUM(A1)"),
            ("a tab", "\t=1", "'\t=1"),
            ("a line first", "\r=1", "\"'\r=1\""),
            ("a minus that is no number", "-2+3", "'-2+3"),
            ("a minus alone", "-", "'-"),
            ("an amount below zero", "-12.50", "-12.50"),
            ("the same with a comma", "-12,50", "\"-12,50\""),
            ("an amount", "1234,50", "\"1234,50\""),
        ] {
            assert_eq!(field(text), expected, "{name}");
        }
    }

    #[test]
    fn names_of_files_hold_no_separators() {
        assert_eq!(file_name("Rechnung RE/2026 1.pdf"), "Rechnung-RE-2026-1.pdf");
    }
}

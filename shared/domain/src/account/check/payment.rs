//! SEPA direct debits: who collects, and under which mandate (Z6).

use super::{code, mod_97};
use crate::calendar::Day;
use crate::problem::{Problem, line};

/// Longest mandate reference (AT-01 of the SEPA rulebooks; BT-89), in characters.
pub const MANDATE_REFERENCE_LENGTH: usize = 35;

/// A creditor identifier (AT-02 of the SEPA rulebooks): country, two check digits, three letters or digits that the
/// creditor may choose and that no check covers, national number. A German one has 18 characters.
///
/// # Errors
/// [`Problem::Missing`] or [`Problem::NotACreditorId`].
pub fn creditor_id(text: &str) -> Result<String, Problem> {
    let id = code(text)?;
    let bytes = id.as_bytes();
    let form = (8..=35).contains(&bytes.len())
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && bytes.iter().take(2).all(u8::is_ascii_uppercase)
        && bytes.iter().skip(2).take(2).all(u8::is_ascii_digit);
    let german = bytes.len() == 18 && bytes.iter().skip(7).all(u8::is_ascii_digit);
    let (start, number) = (id.get(..4).unwrap_or_default(), id.get(7..).unwrap_or_default());
    if form && (german || !id.starts_with("DE")) && mod_97(&format!("{number}{start}")) == 1 {
        Ok(id)
    } else {
        Err(Problem::NotACreditorId)
    }
}

/// A mandate reference, of the characters that every bank takes (EPC217-08), without blanks; banks compare it without regard to
/// case, and refuse a slash at the beginning and two in a row.
///
/// # Errors
/// [`Problem::Missing`], [`Problem::TooLong`] or [`Problem::NotAMandateReference`].
pub fn mandate_reference(text: &str) -> Result<String, Problem> {
    let reference = line(text, MANDATE_REFERENCE_LENGTH)?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+?/-:().,'".contains(&byte);
    if reference.bytes().all(allowed) && !reference.starts_with('/') && !reference.contains("//") {
        Ok(reference)
    } else {
        Err(Problem::NotAMandateReference)
    }
}

/// The day a mandate was signed on: today or before.
///
/// # Errors
/// [`Problem::Missing`], [`Problem::NotADay`] or [`Problem::InTheFuture`].
pub fn signed_on(text: &str, today: Day) -> Result<Day, Problem> {
    match text.trim() {
        "" => Err(Problem::Missing),
        text => match Day::parse(text) {
            Ok(day) if day <= today => Ok(day),
            Ok(_) => Err(Problem::InTheFuture),
            Err(_) => Err(Problem::NotADay),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::check::tests::table;

    #[test]
    fn creditor_ids() {
        table(
            creditor_id,
            &[
                // The German central bank's number for tests.
                ("DE98ZZZ09999999999", "DE98ZZZ09999999999"),
                ("de98 zzz 0999 9999 999", "DE98ZZZ09999999999"),
                // The business code is the creditor's own choice.
                ("DE98ABC09999999999", "DE98ABC09999999999"),
                ("AT61ZZZ01234567890", "AT61ZZZ01234567890"),
            ],
            &Problem::NotACreditorId,
            &[
                "DE98ZZZ09999999998",
                "DE97ZZZ09999999999",
                "DE98ZZZ0999999999",
                "DE98ZZZ099999999990",
                "DE98ZZZ0999999999X",
                "98DEZZZ09999999999",
                "DE98ZZÄ09999999999",
                "DE98",
                "DE89370400440532013000",
            ],
        );
    }

    #[test]
    fn mandate_references() {
        table(
            mandate_reference,
            &[("M-10001/2026", "M-10001/2026"), (" m'1 ", "m'1"), ("A+?(:).,", "A+?(:).,")],
            &Problem::NotAMandateReference,
            &["M 1", "M#1", "MÄ1", "/M1", "M//1", "M*1", "M_1"],
        );
        assert_eq!(mandate_reference(&"1".repeat(35)), Ok("1".repeat(35)));
        assert_eq!(mandate_reference(&"1".repeat(36)), Err(Problem::TooLong { most: 35 }));
    }

    #[test]
    fn a_mandate_is_not_signed_tomorrow() {
        let today = Day::parse("2026-11-27").expect("a day");
        for (text, expected) in [
            ("2026-11-27", Ok(today)),
            (" 2026-11-26 ", Ok(today.previous())),
            ("2026-11-28", Err(Problem::InTheFuture)),
            ("27.11.2026", Err(Problem::NotADay)),
            ("2026-02-30", Err(Problem::NotADay)),
            ("", Err(Problem::Missing)),
        ] {
            assert_eq!(signed_on(text, today), expected, "{text}");
        }
    }
}

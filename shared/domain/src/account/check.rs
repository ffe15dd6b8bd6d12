//! Checks of what stands on an invoice: forms that can be told without asking anybody.
//!
//! Codes are read as people copy them, with blanks between groups and in either case, and kept without
//! blanks in capitals.

pub mod letterhead;
pub mod payment;
pub mod public;
pub mod vat_ids;

use crate::country::is_country;
use crate::problem::{Problem, line};

/// Longest postal code kept of an address abroad, in characters.
const POSTAL_CODE_LENGTH: usize = 12;

/// An IBAN (ISO 13616): country, two check digits, account; the whole leaves 1 when divided by 97.
///
/// # Errors
/// [`Problem::Missing`] or [`Problem::NotAnIban`].
pub fn iban(text: &str) -> Result<String, Problem> {
    let iban = code(text)?;
    let bytes = iban.as_bytes();
    let form = (15..=34).contains(&bytes.len())
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && bytes.iter().take(2).all(u8::is_ascii_uppercase)
        && bytes.iter().skip(2).take(2).all(u8::is_ascii_digit);
    // A German one has eight digits for the bank and ten for the account.
    let german = bytes.len() == 22 && bytes.iter().skip(2).all(u8::is_ascii_digit);
    let (start, rest) = iban.split_at_checked(4).unwrap_or_default();
    if form && (german || !iban.starts_with("DE")) && mod_97(&format!("{rest}{start}")) == 1 {
        Ok(iban)
    } else {
        Err(Problem::NotAnIban)
    }
}

/// What ISO 7064 MOD 97-10 leaves of letters and digits, letters counting from 10 for A to 35 for Z.
fn mod_97(text: &str) -> u32 {
    text.chars().filter_map(|character| character.to_digit(36)).fold(0, |rest, value| {
        let places = if value < 10 { 10 } else { 100 };
        (rest * places + value) % 97
    })
}

/// A BIC (ISO 9362): 8 or 11 letters and digits, the fifth and sixth of them the country.
///
/// # Errors
/// [`Problem::Missing`] or [`Problem::NotABic`].
pub fn bic(text: &str) -> Result<String, Problem> {
    let bic = code(text)?;
    let bytes = bic.as_bytes();
    let fits = matches!(bytes.len(), 8 | 11)
        && bytes.iter().all(u8::is_ascii_alphanumeric)
        && bytes.iter().skip(4).take(2).all(u8::is_ascii_uppercase);
    if fits { Ok(bic) } else { Err(Problem::NotABic) }
}

/// A country: ISO 3166-1 alpha-2, in capitals.
///
/// # Errors
/// [`Problem::Missing`] or [`Problem::NotACountry`].
pub fn country(text: &str) -> Result<String, Problem> {
    let country = code(text)?;
    if is_country(&country) { Ok(country) } else { Err(Problem::NotACountry) }
}

/// A postal code: five digits in Germany, a short line elsewhere.
///
/// # Errors
/// [`Problem::NotAPostalCode`], or what is wrong with the line.
pub fn postal_code(text: &str, country: &str) -> Result<String, Problem> {
    let postal_code = line(text, POSTAL_CODE_LENGTH)?;
    let german = postal_code.len() == 5 && postal_code.bytes().all(|byte| byte.is_ascii_digit());
    if german || country != "DE" { Ok(postal_code) } else { Err(Problem::NotAPostalCode) }
}

/// Letters in front of invoice numbers. Digits are refused: `RE1-2026-00001` is easily read as another
/// number, and payments are told apart by it.
///
/// # Errors
/// [`Problem::Missing`] or [`Problem::NotAPrefix`].
pub fn invoice_prefix(text: &str) -> Result<String, Problem> {
    match text.trim() {
        "" => Err(Problem::Missing),
        prefix if prefix.len() <= 10 && prefix.bytes().all(|byte| byte.is_ascii_uppercase()) => Ok(prefix.to_owned()),
        _ => Err(Problem::NotAPrefix),
    }
}

/// A code without the blanks people write in it, in capitals.
fn code(text: &str) -> Result<String, Problem> {
    let code: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    if code.is_empty() { Err(Problem::Missing) } else { Ok(code.to_ascii_uppercase()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts that are read as what follows them, and texts that are refused.
    pub(super) fn table(
        check: fn(&str) -> Result<String, Problem>,
        read: &[(&str, &str)],
        problem: &Problem,
        refused: &[&str],
    ) {
        for (text, expected) in read {
            assert_eq!(check(text).as_deref(), Ok(*expected), "{text:?}");
        }
        for text in refused {
            assert_eq!(check(text).as_ref(), Err(problem), "{text:?}");
        }
        for text in ["", " ", "\u{a0}\t"] {
            assert_eq!(check(text), Err(Problem::Missing), "{text:?}");
        }
    }

    #[test]
    fn ibans() {
        table(
            iban,
            &[
                ("DE89370400440532013000", "DE89370400440532013000"),
                ("de89 3704 0044 0532 0130 00", "DE89370400440532013000"),
                ("DE89\u{a0}3704\u{a0}0044\u{a0}0532\u{a0}0130\u{a0}00", "DE89370400440532013000"),
                ("GB29 NWBK 6016 1331 9268 19", "GB29NWBK60161331926819"),
                ("NO93 8601 1117 947", "NO9386011117947"),
                ("MT84MALT011000012345MTLCAST001S", "MT84MALT011000012345MTLCAST001S"),
            ],
            &Problem::NotAnIban,
            &[
                "DE89370400440532013001",
                "DE88370400440532013000",
                "DE89370400440532010300",
                "DE98370400440532013000",
                "DE8937040044053201300",
                "DE893704004405320130000",
                "DE89 3704 0044 0532 0130 0O",
                "GB29 NWBK 6016 1331 9268 18",
                "89370400440532013000DE",
                "8937040044053201300000",
                "DEXX370400440532013000",
                "DE89-3704-0044-0532-0130-00",
                "DE",
                "0532013000",
                "DE89370400440532013000DE89370400440532013000",
                "ÄE89370400440532013000",
                "DE٨٩370400440532013000",
            ],
        );
    }

    #[test]
    fn bics() {
        table(
            bic,
            &[("COBADEFFXXX", "COBADEFFXXX"), ("cobadeff", "COBADEFF"), ("COBA DE FF 123", "COBADEFF123")],
            &Problem::NotABic,
            &["COBADEF", "COBADEFFX", "COBADEFFXX", "COBADEFFXXXX", "COBA12FF", "COBADEF-", "CÖBADEFF", "COBADEFFXXÄ"],
        );
    }

    #[test]
    fn countries() {
        table(
            country,
            &[("DE", "DE"), (" AT ", "AT"), ("de", "DE"), ("D E", "DE")],
            &Problem::NotACountry,
            &["D", "DEU", "D1", "Ä", "Deutschland", "D\n", "XX", "EL", "UK", "EU"],
        );
    }

    #[test]
    fn prefixes() {
        table(
            invoice_prefix,
            &[("RE", "RE"), (" R ", "R"), ("ABCDEFGHIJ", "ABCDEFGHIJ")],
            &Problem::NotAPrefix,
            &["re", "RE1", "2026", "RE-", "R E", "RÄ", "ABCDEFGHIJK", "RE#", "R\nE"],
        );
    }

    #[test]
    fn postal_codes() {
        for (text, country, expected) in [
            ("20457", "DE", Ok("20457")),
            (" 01067 ", "DE", Ok("01067")),
            ("1010", "AT", Ok("1010")),
            ("SW1A 1AA", "GB", Ok("SW1A 1AA")),
            // Without a country that can be read only the length is known to be wrong.
            ("2045", "", Ok("2045")),
            ("", "DE", Err(Problem::Missing)),
            ("", "AT", Err(Problem::Missing)),
            ("2045", "DE", Err(Problem::NotAPostalCode)),
            ("204570", "DE", Err(Problem::NotAPostalCode)),
            ("2045A", "DE", Err(Problem::NotAPostalCode)),
            ("20 457", "DE", Err(Problem::NotAPostalCode)),
            ("D-20457", "DE", Err(Problem::NotAPostalCode)),
            ("٢٠٤٥٧", "DE", Err(Problem::NotAPostalCode)),
            ("10\n10", "AT", Err(Problem::ControlCharacters)),
            ("1234567890123", "AT", Err(Problem::TooLong { most: 12 })),
        ] {
            assert_eq!(postal_code(text, country).as_deref(), expected.as_ref().copied(), "{text:?} {country}");
        }
    }
}

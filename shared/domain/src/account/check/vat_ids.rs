//! VAT ids by their form: what each member state writes, and its check digits where they are public.
//!
//! Sources: Art. 215 of Directive 2006/112/EC; the structures in the questions and answers of VIES, as of 2026. An id that
//! passes may still not exist: only VIES knows ([`crate::account::VatCheck`]).

use super::code;
use crate::country::is_country;
use crate::problem::Problem;

/// What stands after the letters of a member state: `9` is a digit, `A` a letter, `X` either, everything else itself.
const FORMS: [(&str, &[&str]); 28] = [
    ("AT", &["U99999999"]),
    ("BE", &["0999999999", "1999999999"]),
    ("BG", &["999999999", "9999999999"]),
    ("CY", &["99999999A"]),
    ("CZ", &["99999999", "999999999", "9999999999"]),
    ("DE", &["999999999"]),
    ("DK", &["99999999"]),
    ("EE", &["999999999"]),
    ("EL", &["999999999"]),
    ("ES", &["X9999999X"]),
    ("FI", &["99999999"]),
    ("FR", &["XX999999999"]),
    ("HR", &["99999999999"]),
    ("HU", &["99999999"]),
    ("IE", &["9X99999A", "9999999AA"]),
    ("IT", &["99999999999"]),
    ("LT", &["999999999", "999999999999"]),
    ("LU", &["99999999"]),
    ("LV", &["99999999999"]),
    ("MT", &["99999999"]),
    ("NL", &["999999999B99"]),
    ("PL", &["9999999999"]),
    ("PT", &["999999999"]),
    ("RO", &["99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999", "9999999999"]),
    ("SE", &["999999999999"]),
    ("SI", &["99999999"]),
    ("SK", &["9999999999"]),
    // Northern Ireland, for goods.
    ("XI", &["999999999", "999999999999"]),
];

/// A VAT id by its form (§ 27a UStG, Art. 215 of Directive 2006/112/EC), with its check digits where they are known; of a
/// country outside the union its code of ISO 3166-1, as EN 16931 wants (BR-CO-09), and 2 to 12 letters and digits.
///
/// # Errors
/// [`Problem::Missing`] or [`Problem::NotAVatId`].
pub fn vat_id(text: &str) -> Result<String, Problem> {
    let id = code(text)?;
    let (country, rest) = id.split_at_checked(2).ok_or(Problem::NotAVatId)?;
    let fits = match FORMS.iter().find(|(state, _)| *state == country) {
        Some((_, forms)) => forms.iter().any(|form| has_form(rest, form)) && has_check_digits(country, rest),
        // Greek ids begin with EL, though the country is GR.
        None => country != "GR" && is_country(country) && is_foreign(rest),
    };
    if fits { Ok(id) } else { Err(Problem::NotAVatId) }
}

fn is_foreign(rest: &str) -> bool {
    (2..=12).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn has_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(byte, form)| match form {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_uppercase(),
            b'X' => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            other => byte == other,
        })
}

/// Whether the check digits of an id that has its form are right; `true` where no public rule is known.
fn has_check_digits(country: &str, rest: &str) -> bool {
    let digits: Vec<u32> = rest.chars().filter_map(|character| character.to_digit(10)).collect();
    let sum = |weights: &[u32]| digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum::<u32>();
    let number = |from: usize, to: usize| digits.get(from..to).unwrap_or_default().iter().fold(0, |n, d| n * 10 + d);
    let last = digits.last().copied().unwrap_or_default();
    match country {
        "AT" => (luhn_sum(digits.get(..7).unwrap_or_default()) + 4 + last).is_multiple_of(10),
        "BE" => 97 - number(0, 8) % 97 == number(8, 10),
        "DE" | "HR" => is_mod_11_10(&digits),
        "DK" => sum(&[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11),
        "EE" => sum(&[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10),
        "EL" => sum(&[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == last,
        "FI" => sum(&[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11),
        // Two digits are a key; older ids have letters there.
        "FR" if digits.len() == 11 => (number(2, 11) % 97 * 3 + 12) % 97 == number(0, 2),
        "HU" => sum(&[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10),
        "IT" => luhn_sum(&digits).is_multiple_of(10),
        "LU" => number(0, 6) % 89 == number(6, 8),
        "MT" => sum(&[3, 4, 6, 7, 8, 9, 10, 1]).is_multiple_of(37),
        // Companies have a sum modulo 11; sole traders, since 2020, check digits over the whole.
        "NL" => {
            sum(&[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == digits.get(8).copied().unwrap_or(10)
                || super::mod_97(&format!("NL{rest}")) == 1
        }
        "PL" => sum(&[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == last,
        "PT" => (11 - sum(&[9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10 == last,
        "SE" => luhn_sum(digits.get(..10).unwrap_or_default()).is_multiple_of(10) && number(10, 12) > 0,
        "SI" => matches!(11 - sum(&[8, 7, 6, 5, 4, 3, 2]) % 11, check if check % 10 == last && check != 11),
        "SK" => digits.iter().fold(0, |rest, digit| (rest * 10 + digit) % 11) == 0,
        _ => true,
    }
}

/// The sum of digits with every second one from the right doubled, the digits of two-digit products added.
fn luhn_sum(digits: &[u32]) -> u32 {
    let doubled = |digit: u32| digit * 2 / 10 + digit * 2 % 10;
    digits.iter().rev().enumerate().map(|(place, digit)| if place % 2 == 1 { doubled(*digit) } else { *digit }).sum()
}

/// ISO 7064 MOD 11,10, the check digit last.
fn is_mod_11_10(digits: &[u32]) -> bool {
    let Some((last, digits)) = digits.split_last() else { return false };
    let product = digits.iter().fold(10, |product, digit| {
        let sum = (product + digit) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10 == *last
}

#[cfg(test)]
mod tests;

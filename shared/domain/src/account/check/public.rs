//! What public buyers in Germany are addressed by.

use super::{code, mod_97};
use crate::problem::Problem;

/// A Leitweg-ID (KoSIT, format specification 2.0.2): coarse address of 2 to 12 digits, fine address of up to 30 letters
/// and digits, which may be missing, and two check digits by ISO 7064 MOD 97-10 over all of it without hyphens.
///
/// # Errors
/// [`Problem::Missing`] or [`Problem::NotALeitwegId`].
pub fn leitweg_id(text: &str) -> Result<String, Problem> {
    let id = code(text)?;
    let parts: Vec<&str> = id.split('-').collect();
    let (coarse, fine, check) = match parts.as_slice() {
        [coarse, fine, check] if !fine.is_empty() => (*coarse, *fine, *check),
        [coarse, check] => (*coarse, "", *check),
        _ => return Err(Problem::NotALeitwegId),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let form = (2..=12).contains(&coarse.len())
        && digits(coarse)
        && fine.len() <= 30
        && fine.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && check.len() == 2
        && digits(check);
    if form && mod_97(&format!("{coarse}{fine}{check}")) == 1 { Ok(id) } else { Err(Problem::NotALeitwegId) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::check::tests::table;

    #[test]
    fn leitweg_ids() {
        table(
            leitweg_id,
            &[
                // From the test suite of XRechnung.
                ("04011000-1234512345-06", "04011000-1234512345-06"),
                (" 04011000-12345 12345-06", "04011000-1234512345-06"),
                ("991-33333test-33", "991-33333TEST-33"),
                ("04-86", "04-86"),
            ],
            &Problem::NotALeitwegId,
            &[
                "04011000-1234512345-07",
                "04011000-1234512354-06",
                "04011000-1234512345-6",
                "04011000-1234512345-006",
                "04011000123451234506",
                "04011000--06",
                "0-1234512345-06",
                "0401100012345-1234512345-06",
                "04011000-12345-12345-06",
                "04011000-12345_12345-06",
                "A4011000-1234512345-06",
                "DE-1-06",
            ],
        );
        assert_eq!(leitweg_id(&format!("04-{}-00", "1".repeat(31))), Err(Problem::NotALeitwegId));
    }
}

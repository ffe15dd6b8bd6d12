//! Numbers that people type.

use domain::language::Language;
use rust_decimal::Decimal;

/// A number as people write it: `1.234,5` in German, `1,234.5` in English. A point before exactly three digits
/// groups them in German, as does a comma in English; a point is otherwise a decimal point in both.
pub(crate) fn number(text: &str, language: Language) -> Option<Decimal> {
    let (group, decimal) = language.pick(('.', ','), (',', '.'));
    let (whole, fraction) = match text.split_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let mut groups = whole.split(group);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().filter(|first| digits(first))?;
    let rest: Vec<&str> = groups.collect();
    let grouped = first.len() <= 3 && rest.iter().all(|part| part.len() == 3);
    let plain = match (rest.as_slice(), fraction) {
        _ if !rest.iter().all(|part| digits(part)) || !fraction.is_none_or(digits) => return None,
        ([], None) => first.to_owned(),
        ([], Some(fraction)) => format!("{first}.{fraction}"),
        (rest, fraction) if grouped => format!("{first}{}.{}", rest.concat(), fraction.unwrap_or("0")),
        // `12.50` is no group; where groups are points it is a decimal point.
        ([point], None) if group == '.' => format!("{first}.{point}"),
        _ => return None,
    };
    plain.parse().ok()
}

/// A number as people write it, as programs write it; what is none stays as it is, for whoever reads it to say so.
pub(crate) fn plain(text: &str, language: Language) -> String {
    let text = text.trim();
    let (sign, digits) = text.strip_prefix(['-', '\u{2212}']).map_or(("", text), |rest| ("-", rest.trim_start()));
    number(digits, language).map_or_else(|| text.to_owned(), |number| format!("{sign}{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_as_people_write_them() {
        for (language, text, expected) in [
            (Language::De, "5", Some("5")),
            (Language::De, "12,50", Some("12.50")),
            (Language::De, "12.50", Some("12.50")),
            (Language::De, "1.000", Some("1000")),
            (Language::De, "1.234.567,8", Some("1234567.8")),
            (Language::En, "1,000", Some("1000")),
            (Language::En, "1.000", Some("1.000")),
            (Language::En, "1,234.5", Some("1234.5")),
            (Language::En, "12,50", None),
            (Language::De, "1.00.000", None),
            (Language::De, "1,2,3", None),
            (Language::De, "-5", None),
            (Language::De, "1e3", None),
            (Language::De, "", None),
            (Language::De, "viele", None),
        ] {
            let expected = expected.map(|text| text.parse::<Decimal>().expect("a number"));
            assert_eq!(number(text, language), expected, "{language:?} {text}");
        }
    }

    #[test]
    fn hands_on_what_is_no_number() {
        for (text, expected) in [
            ("1.234,5", "1234.5"),
            ("-2,50", "-2.50"),
            ("\u{2212} 3", "-3"),
            ("viele", "viele"),
            ("", ""),
            ("1,2,3", "1,2,3"),
        ] {
            assert_eq!(plain(text, Language::De), expected, "{text}");
        }
    }
}

//! What was typed, and reading it: strictly, so that a number never means another one.

use chrono::{NaiveDateTime, Timelike};
use domain::calendar::Day;
use domain::language::Language;
use rust_decimal::Decimal;

/// Most digits before the decimal sign.
const DIGITS: usize = 12;
/// Most decimal places.
const PLACES: usize = 8;

/// What was typed, by the names of entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed(pub(super) Vec<(String, String)>);

impl Typed {
    /// What was typed into an entry, without blanks around it.
    pub(super) fn value(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }
}

/// An entry that is wrong, and what would be right.
#[derive(Clone, Debug)]
pub(super) struct Wrong {
    pub(super) name: String,
    pub(super) text: String,
}

/// Reads entries and notes what is wrong with them.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) typed: &'a Typed,
    pub(super) language: Language,
    pub(super) wrong: Vec<Wrong>,
}

impl Reader<'_> {
    /// Notes that an entry is wrong.
    pub(super) fn refuse(&mut self, name: &str, de: impl Into<String>, en: impl Into<String>) {
        let text = self.language.pick(de.into(), en.into());
        self.wrong.push(Wrong { name: name.to_owned(), text });
    }

    /// Whether something was typed.
    pub(super) fn has(&self, name: &str) -> bool {
        !self.typed.value(name).is_empty()
    }

    /// A quantity or amount; `None` if nothing was typed or it is wrong.
    pub(super) fn decimal(&mut self, name: &str) -> Option<Decimal> {
        let text = self.typed.value(name);
        if text.is_empty() {
            return None;
        }
        match decimal(text) {
            Ok(number) => Some(number),
            Err((de, en)) => {
                self.refuse(name, de, en);
                None
            }
        }
    }

    /// A whole number up to a limit.
    pub(super) fn whole(&mut self, name: &str, most: u32) -> Option<u32> {
        let number = self.decimal(name)?;
        let whole = u32::try_from(number.normalize()).ok().filter(|whole| number.fract().is_zero() && *whole <= most);
        if whole.is_none() {
            let (de, en) = (Language::De.number(Decimal::from(most)), Language::En.number(Decimal::from(most)));
            self.refuse(
                name,
                format!("Bitte geben Sie eine ganze Zahl bis {de} an."),
                format!("Please give a whole number up to {en}."),
            );
        }
        whole
    }

    /// A day, as browsers send it.
    pub(super) fn day(&mut self, name: &str) -> Option<Day> {
        let day = Day::parse(self.typed.value(name));
        if day.is_err() {
            self.refuse(name, "Bitte geben Sie ein Datum an.", "Please give a date.");
        }
        day.ok()
    }

    /// A local time, as browsers send it.
    pub(super) fn time(&mut self, name: &str) -> Option<NaiveDateTime> {
        let text = self.typed.value(name);
        let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
            .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"));
        let time = time.ok().filter(|time| time.second() < 60);
        if time.is_none() {
            self.refuse(name, "Bitte geben Sie Datum und Uhrzeit an.", "Please give a date and a time.");
        }
        time
    }
}

/// Reads digits with one comma or point as the decimal sign. What could be a separator of thousands is refused: it
/// would make a price a thousand times too low.
///
/// # Errors
/// What would be right, in German and English.
pub(super) fn decimal(text: &str) -> Result<Decimal, (String, String)> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, places) = text.split_once([',', '.']).unwrap_or((text, "0"));
    if !digits(whole) || !digits(places) {
        return Err((
            "Bitte schreiben Sie nur Ziffern, Nachkommastellen nach einem Komma oder Punkt und Tausender ohne Trennzeichen: 1250 oder 12,50.".to_owned(),
            "Please write digits only, decimals after one point or comma, and no separator of thousands: 1250 or 12.50.".to_owned(),
        ));
    }
    if whole.len() > DIGITS || places.len() > PLACES {
        return Err((
            format!("Möglich sind höchstens {DIGITS} Stellen vor und {PLACES} nach dem Komma."),
            format!("At most {DIGITS} digits before and {PLACES} after the point are possible."),
        ));
    }
    if text.len() > whole.len() && places.len() == 3 && whole.len() <= 3 && !whole.starts_with('0') {
        let fraction = places.strip_suffix('0').map_or_else(|| format!("{places}0"), str::to_owned);
        return Err((
            format!("Ist {whole}{places} gemeint oder {whole},{fraction}? Bitte schreiben Sie es so."),
            format!("Do you mean {whole}{places} or {whole}.{fraction}? Please write it like that."),
        ));
    }
    format!("{whole}.{places}")
        .parse()
        .map_err(|_| ("Bitte geben Sie eine Zahl an.".to_owned(), "Please give a number.".to_owned()))
}

/// Amounts with blanks or semicolons between them.
pub(super) fn amounts(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', ';', '\n', '\r', '\t']).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_strictly() {
        for (typed, expected) in [
            ("1250", Some("1250.0")),
            ("12,5", Some("12.5")),
            ("12.50", Some("12.50")),
            ("0,035", Some("0.035")),
            ("0.125", Some("0.125")),
            ("1250,125", Some("1250.125")),
            ("1,2500", Some("1.2500")),
            ("1.250", None),
            ("1,250", None),
            ("999.999", None),
            ("1.250,50", None),
            ("1,250.50", None),
            ("1 250", None),
            ("-5", None),
            ("+5", None),
            ("1e3", None),
            (",5", None),
            ("5,", None),
            ("٣", None),
            ("12345678901234", None),
            ("0,123456789", None),
        ] {
            assert_eq!(decimal(typed).ok().map(|number| number.to_string()).as_deref(), expected, "{typed}");
        }
        let (de, en) = decimal("1.250").unwrap_err();
        assert!(de.contains("1250 gemeint oder 1,25?") && en.contains("1250 or 1.25?"), "{de} {en}");
        let (de, _) = decimal("1.255").unwrap_err();
        assert!(de.contains("1255 gemeint oder 1,2550?"), "{de}");
    }

    #[test]
    fn amounts_are_told_apart() {
        for (typed, expected) in [("", vec![]), ("62,63; 10 ;1234.56\r\n5", vec!["62,63", "10", "1234.56", "5"])] {
            assert_eq!(amounts(typed).collect::<Vec<_>>(), expected, "{typed}");
        }
    }
}

//! German and English, side by side, and how amounts and dates are written in each.

use chrono::Datelike;
use rust_decimal::Decimal;

use crate::calendar::{Day, Instant, Month, local};
use crate::money::{Currency, Money, UnitPrice};

/// A language people read pages, mails and invoices in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// German, the default.
    De,
    /// English.
    En,
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// German.
    pub de: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Both languages at once.
    #[must_use]
    pub fn new(de: &str, en: &str) -> Self {
        Self { de: de.to_owned(), en: en.to_owned() }
    }

    /// The text with something put behind it in each language.
    #[must_use]
    pub fn with(&self, de: &str, en: &str) -> Self {
        Self { de: [&self.de, de].concat(), en: [&self.en, en].concat() }
    }

    /// The text in one language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        language.pick(&self.de, &self.en)
    }
}

const MONTHS: [(&str, &str); 12] = [
    ("Januar", "January"),
    ("Februar", "February"),
    ("März", "March"),
    ("April", "April"),
    ("Mai", "May"),
    ("Juni", "June"),
    ("Juli", "July"),
    ("August", "August"),
    ("September", "September"),
    ("Oktober", "October"),
    ("November", "November"),
    ("Dezember", "December"),
];

const WEEKDAYS: [(&str, &str); 7] = [
    ("Montag", "Monday"),
    ("Dienstag", "Tuesday"),
    ("Mittwoch", "Wednesday"),
    ("Donnerstag", "Thursday"),
    ("Freitag", "Friday"),
    ("Samstag", "Saturday"),
    ("Sonntag", "Sunday"),
];

impl Language {
    /// ISO 639-1 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::De => "de",
            Self::En => "en",
        }
    }

    /// Reads `de` or `en`, also with a region (`de-AT`).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "de" => Some(Self::De),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The preferred one of an `Accept-Language` header (RFC 9110 § 12.5.4); German if it names neither.
    #[must_use]
    pub fn negotiate(header: &str) -> Self {
        let mut best: Option<(u32, Self)> = None;
        for range in header.split(',').take(32) {
            let mut parts = range.split(';');
            let Some(language) = parts.next().and_then(Self::parse) else { continue };
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, weight_thousandths);
            if weight > 0 && best.is_none_or(|(known, _)| weight > known) {
                best = Some((weight, language));
            }
        }
        best.map_or(Self::De, |(_, language)| language)
    }

    /// One of two values by language; keeps both texts side by side where they are written.
    pub fn pick<T>(self, de: T, en: T) -> T {
        match self {
            Self::De => de,
            Self::En => en,
        }
    }

    /// An amount as people write it: `1.234,56 €` or `€1,234.56`.
    #[must_use]
    pub fn money(self, money: Money) -> String {
        let number = self.grouped(&money.plain());
        match (self, money.currency()) {
            (Self::De, Currency::Eur) => format!("{number}\u{a0}€"),
            (Self::En, Currency::Eur) => match number.strip_prefix('-') {
                Some(positive) => format!("-€{positive}"),
                None => format!("€{number}"),
            },
        }
    }

    /// A number with the language's separators; trailing zeros after the point are dropped.
    #[must_use]
    pub fn number(self, number: Decimal) -> String {
        self.grouped(&number.normalize().to_string())
    }

    fn grouped(self, plain: &str) -> String {
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |rest| ("-", rest));
        let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
        let mut grouped = String::new();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                grouped.push_str(self.pick(".", ","));
            }
            grouped.push(digit);
        }
        match fraction {
            Some(fraction) => format!("{sign}{grouped}{}{fraction}", self.pick(",", ".")),
            None => format!("{sign}{grouped}"),
        }
    }

    /// A local date: `1. Dezember 2026` or `1 December 2026`.
    #[must_use]
    pub fn date(self, day: Day) -> String {
        let date = day.date();
        let (de, en) = MONTHS[date.month0() as usize % 12];
        match self {
            Self::De => format!("{}. {de} {}", date.day(), date.year()),
            Self::En => format!("{} {en} {}", date.day(), date.year()),
        }
    }

    /// A month: `November 2026`.
    #[must_use]
    pub fn month(self, month: Month) -> String {
        let date = month.first().date();
        let (de, en) = MONTHS[date.month0() as usize % 12];
        format!("{} {}", self.pick(de, en), date.year())
    }

    /// A unit price with all its decimals, two at least: `3,00 €`.
    #[must_use]
    pub fn unit_price(self, price: UnitPrice) -> String {
        let mut amount = price.amount().normalize();
        if amount.scale() < 2 {
            amount.rescale(2);
        }
        let number = self.grouped(&amount.to_string());
        match price.currency() {
            Currency::Eur => self.pick(format!("{number}\u{a0}€"), format!("€{number}")),
        }
    }

    /// A short local date: `01.12.2026` or `2026-12-01`.
    #[must_use]
    pub fn short_date(self, day: Day) -> String {
        day.date().format(self.pick("%d.%m.%Y", "%Y-%m-%d")).to_string()
    }

    /// From when to when, with the weekday: `Montag, 30. November 2026, 18:00 bis 22:00 Uhr`.
    #[must_use]
    pub fn span(self, from: Instant, to: Instant) -> String {
        let with_weekday = |instant: Instant| {
            let day = Day::of(instant);
            let (de, en) = WEEKDAYS[day.date().weekday().num_days_from_monday() as usize % 7];
            format!("{}, {}", self.pick(de, en), self.date(day))
        };
        let time = |instant: Instant| local(instant).format("%H:%M").to_string();
        if Day::of(from) == Day::of(to) {
            let date = with_weekday(from);
            self.pick(
                format!("{date}, {} bis {} Uhr", time(from), time(to)),
                format!("{date}, {} to {}", time(from), time(to)),
            )
        } else {
            self.pick(
                format!("{}, {} Uhr, bis {}, {} Uhr", with_weekday(from), time(from), with_weekday(to), time(to)),
                format!("{}, {}, to {}, {}", with_weekday(from), time(from), with_weekday(to), time(to)),
            )
        }
    }

    /// Local date and time: `1. Dezember 2026, 18:00 Uhr` or `1 December 2026, 18:00`.
    #[must_use]
    pub fn date_time(self, instant: Instant) -> String {
        let time = local(instant).format("%H:%M");
        let date = self.date(Day::of(instant));
        self.pick(format!("{date}, {time} Uhr"), format!("{date}, {time}"))
    }
}

/// `0.8` → 800; anything that is no weight counts as 0, so it is never preferred.
fn weight_thousandths(text: &str) -> u32 {
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let Ok(whole) = whole.parse::<u32>() else { return 0 };
    let mut digits = fraction.chars().take(3).collect::<String>();
    while digits.len() < 3 {
        digits.push('0');
    }
    digits.parse::<u32>().map_or(0, |fraction| (whole.min(1) * 1000 + fraction).min(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negotiates_the_preferred_language() {
        for (header, expected) in [
            ("", Language::De),
            ("en", Language::En),
            ("en-GB,en;q=0.9,de;q=0.8", Language::En),
            ("fr, de;q=0.3, en;q=0.7", Language::En),
            ("de-AT, en;q=0.99", Language::De),
            ("en;q=0, de;q=0.1", Language::De),
            ("en;q=nonsense", Language::De),
            ("fr", Language::De),
        ] {
            assert_eq!(Language::negotiate(header), expected, "{header}");
        }
    }

    #[test]
    fn writes_amounts_as_people_do() {
        let money = |text| Money::parse(text, Currency::Eur).expect("an amount");
        assert_eq!(Language::De.money(money("1234567.80")), "1.234.567,80\u{a0}€");
        assert_eq!(Language::En.money(money("-1234.50")), "-€1,234.50");
        assert_eq!(Language::De.money(money("999")), "999,00\u{a0}€");
        assert_eq!(Language::De.number(Decimal::new(19_000, 3)), "19");
    }
}

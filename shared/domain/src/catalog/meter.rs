//! Meters: what is counted, in which unit, and how the days of a month become one quantity (P2).

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::catalog::names::MeterId;
use crate::language::{Language, Text};

/// Unit a quantity is counted in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Code of UN/ECE Recommendation 20 (EN 16931 BT-130).
    pub code: Cow<'static, str>,
    /// German label, for any number of them.
    pub de: Cow<'static, str>,
    /// English label.
    pub en: Cow<'static, str>,
}

/// A unit of [`UNITS`]: how catalogues name it, its UN/ECE code, and what people read of one and of many.
struct Known {
    word: &'static str,
    code: &'static str,
    de: (&'static str, &'static str),
    en: (&'static str, &'static str),
}

macro_rules! units {
    ($($word:literal $code:literal $de:literal $de_many:literal $en:literal $en_many:literal;)*) => {
        [$(Known { word: $word, code: $code, de: ($de, $de_many), en: ($en, $en_many) }),*]
    };
}

/// Units a catalogue can name by one word.
const UNITS: [Known; 27] = units! {
    "attendee" "C62" "Teilnehmer" "Teilnehmer" "attendee" "attendees";
    "call" "C62" "Anruf" "Anrufe" "call" "calls";
    "day" "DAY" "Tag" "Tage" "day" "days";
    "domain" "C62" "Domain" "Domains" "domain" "domains";
    "enquiry" "C62" "Anfrage" "Anfragen" "enquiry" "enquiries";
    "event" "C62" "Veranstaltung" "Veranstaltungen" "event" "events";
    "form" "C62" "Formular" "Formulare" "form" "forms";
    "gigabyte" "E34" "GB" "GB" "GB" "GB";
    "hour" "HUR" "Stunde" "Stunden" "hour" "hours";
    "licence" "C62" "Lizenz" "Lizenzen" "licence" "licences";
    "lump-sum" "LS" "pauschal" "pauschal" "lump sum" "lump sums";
    "message" "C62" "Nachricht" "Nachrichten" "message" "messages";
    "minute" "MIN" "Minute" "Minuten" "minute" "minutes";
    "month" "MON" "Monat" "Monate" "month" "months";
    "package" "C62" "Paket" "Pakete" "package" "packages";
    "page" "C62" "Seite" "Seiten" "page" "pages";
    "pageview" "C62" "Seitenaufruf" "Seitenaufrufe" "page view" "page views";
    "piece" "C62" "Stück" "Stück" "piece" "pieces";
    "process" "C62" "Vorgang" "Vorgänge" "process" "processes";
    "quarter-hour" "C62" "Viertelstunde" "Viertelstunden" "quarter hour" "quarter hours";
    "table" "C62" "Tabelle" "Tabellen" "table" "tables";
    "training" "C62" "Schulung" "Schulungen" "training" "trainings";
    "transaction" "C62" "Transaktion" "Transaktionen" "transaction" "transactions";
    "trip" "C62" "Reise" "Reisen" "trip" "trips";
    "user" "C62" "Benutzer" "Benutzer" "user" "users";
    "week" "WEE" "Woche" "Wochen" "week" "weeks";
    "year" "ANN" "Jahr" "Jahre" "year" "years";
};

impl Unit {
    /// A unit by the word catalogues name it by.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let known = UNITS.iter().find(|unit| unit.word == word)?;
        Some(Self::fixed(known.code, known.de.1, known.en.1))
    }

    /// The words of units that have a name.
    pub fn words() -> impl Iterator<Item = &'static str> {
        UNITS.iter().map(|unit| unit.word)
    }

    /// What people read behind a quantity: `1 Monat`, `3 Monate`.
    #[must_use]
    pub fn label(&self, quantity: Decimal, language: Language) -> &str {
        let known = UNITS.iter().find(|known| known.de.1 == self.de && known.en.1 == self.en);
        match known.filter(|_| quantity.abs() == Decimal::ONE) {
            Some(one) => language.pick(one.de.0, one.en.0),
            None => language.pick(&*self.de, &*self.en),
        }
    }

    /// The unit of a lump sum: one piece.
    pub const PIECE: Self = Self::fixed("C62", "Stück", "pieces");
    /// Months of a fee.
    pub const MONTH: Self = Self::fixed("MON", "Monate", "months");
    /// Years of a fee.
    pub const YEAR: Self = Self::fixed("ANN", "Jahre", "years");
    /// Attendees who count as coming to an event.
    pub const ATTENDEE: Self = Self::fixed("C62", "Teilnehmer", "attendees");
    /// Packages.
    pub const PACKAGE: Self = Self::fixed("C62", "Pakete", "packages");
    /// Lump sums.
    pub const LUMP_SUM: Self = Self::fixed("LS", "pauschal", "lump sums");

    /// Telephone calls.
    pub const CALL: Self = Self::fixed("C62", "Anrufe", "calls");
    /// Minutes.
    pub const MINUTE: Self = Self::fixed("MIN", "Minuten", "minutes");

    /// Blocks of some minutes, of which each one begun counts.
    #[must_use]
    pub fn started_minutes(minutes: Decimal) -> Self {
        let minutes = minutes.normalize();
        Self {
            code: Cow::Borrowed("C62"),
            de: Cow::Owned(format!("angefangene {minutes} Minuten").replace('.', ",")),
            en: Cow::Owned(format!("started {minutes} minutes")),
        }
    }

    /// A unit that is known when the program is built.
    #[must_use]
    pub const fn fixed(code: &'static str, de: &'static str, en: &'static str) -> Self {
        Self { code: Cow::Borrowed(code), de: Cow::Borrowed(de), en: Cow::Borrowed(en) }
    }
}

/// Meters that every event has when it is over, whatever else is counted.
pub const EVENT_METERS: [&str; 4] = ["accepted_attendees", "declined_attendees", "responses", "events"];

/// How quantities reach a meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MeterKind {
    /// Things that happen; a day without a record is 0 (P2).
    Counter,
    /// Things that are there; the last value holds over days without a record (P2).
    Gauge,
    /// Time entries: a start, minutes and the channel, which is the name of this meter.
    Time,
    /// Amounts of money, priced one by one.
    Transaction,
}

impl MeterKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Counter, Self::Gauge, Self::Time, Self::Transaction];

    /// The word used in files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Time => "time",
            Self::Transaction => "transaction",
        }
    }
}

/// How the days of a month become one quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aggregation {
    /// All records added up.
    Sum,
    /// The highest value of the month; of a counter, of its busiest day.
    Max,
    /// The mean over all days of the period, rounded half away from zero to the meter's scale.
    Mean,
    /// The value at the end of the period; of a counter, that of its last day.
    Last,
    /// How many different subjects there were.
    Unique,
}

impl Aggregation {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Sum, Self::Max, Self::Mean, Self::Last, Self::Unique];

    /// The word used in files.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Max => "max",
            Self::Mean => "mean",
            Self::Last => "last",
            Self::Unique => "unique",
        }
    }
}

/// A countable unit of usage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meter {
    /// Its name.
    pub id: MeterId,
    /// What people read.
    pub title: Text,
    /// What it counts in.
    pub unit: Unit,
    /// How quantities reach it.
    pub kind: MeterKind,
    /// How days become a month. A gauge cannot be `sum`; `time` and `transaction` are always `sum`.
    pub month: Aggregation,
    /// Decimal places a `mean` is rounded to, 0 to 6.
    pub scale: u32,
}

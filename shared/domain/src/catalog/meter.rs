//! Meters: what is counted, in which unit, and how the days of a month become one quantity (P2).

use std::borrow::Cow;

use crate::catalog::names::MeterId;
use crate::language::Text;

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

/// Units a catalogue can name by one word: word, UN/ECE code, German, English.
pub const UNITS: [(&str, &str, &str, &str); 24] = [
    ("attendee", "C62", "Teilnehmer", "attendees"),
    ("call", "C62", "Anrufe", "calls"),
    ("day", "DAY", "Tage", "days"),
    ("domain", "C62", "Domains", "domains"),
    ("enquiry", "C62", "Anfragen", "enquiries"),
    ("event", "C62", "Veranstaltungen", "events"),
    ("form", "C62", "Formulare", "forms"),
    ("gigabyte", "E34", "GB", "GB"),
    ("hour", "HUR", "Stunden", "hours"),
    ("licence", "C62", "Lizenzen", "licences"),
    ("message", "C62", "Nachrichten", "messages"),
    ("minute", "MIN", "Minuten", "minutes"),
    ("month", "MON", "Monate", "months"),
    ("package", "C62", "Pakete", "packages"),
    ("page", "C62", "Seiten", "pages"),
    ("pageview", "C62", "Seitenaufrufe", "page views"),
    ("piece", "C62", "Stück", "pieces"),
    ("process", "C62", "Vorgänge", "processes"),
    ("quarter-hour", "C62", "Viertelstunden", "quarter hours"),
    ("table", "C62", "Tabellen", "tables"),
    ("training", "C62", "Schulungen", "trainings"),
    ("transaction", "C62", "Transaktionen", "transactions"),
    ("trip", "C62", "Reisen", "trips"),
    ("user", "C62", "Benutzer", "users"),
];

impl Unit {
    /// A unit of [`UNITS`].
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let (_, code, de, en) = UNITS.iter().find(|unit| unit.0 == word)?;
        Some(Self { code: Cow::Borrowed(code), de: Cow::Borrowed(de), en: Cow::Borrowed(en) })
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
    pub const LUMP_SUM: Self = Self::fixed("LS", "pauschal", "flat");

    /// Telephone calls.
    pub const CALL: Self = Self::fixed("C62", "Anruf", "call");
    /// Minutes.
    pub const MINUTE: Self = Self::fixed("MIN", "Minuten", "minutes");

    /// Blocks of some minutes, of which each one begun counts.
    #[must_use]
    pub fn started_minutes(minutes: rust_decimal::Decimal) -> Self {
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

//! What can be wrong with a reported record.

use crate::calendar::Day;
use crate::language::Language;

/// What is wrong with a field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordProblem {
    /// A record is an object.
    NotAnObject,
    /// The value is not a text.
    NotAText,
    /// The same key stands there twice.
    Twice,
    /// Not a decimal as it can be kept exactly.
    NotADecimal {
        /// Most digits before the point.
        digits: usize,
        /// Most digits after it.
        places: usize,
    },
    /// Less than nothing.
    BelowZero,
    /// Only with a key that the operator made: taking back what was counted, or agreeing a price.
    OperatorOnly,
    /// A price where nothing is ordered.
    OnlyForOrders,
    /// Both a meter and a charge.
    MeterOrCharge,
    /// A meter that this system counts by itself.
    CountedHere,
    /// Not a time with its offset.
    NotATime,
    /// Not a day.
    NotADay,
    /// Both a time and a day.
    TimeOrDay,
    /// Only a day where the tariff depends on the time.
    TimeNeeded,
    /// More than a day ahead.
    InTheFuture,
    /// Older than is accepted.
    TooOld {
        /// Most days.
        days: i64,
    },
    /// On a day after the last one of the subscription: nobody would be charged for it (P3).
    SubscriptionOver {
        /// Its last day.
        last: Day,
    },
    /// On a day before the subscription begins.
    BeforeSubscription,
    /// Not version 1.0 of CloudEvents.
    SpecVersion,
    /// Data of an event that are not a JSON object.
    NoData,
    /// A type of an event that names no meter.
    NoMeterInType,
    /// More fields than a record has.
    TooManyFields {
        /// Most fields.
        most: usize,
    },
    /// More records than one request may have.
    TooMany {
        /// Most records.
        most: usize,
    },
}

impl RecordProblem {
    /// Stable code for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAnObject => "not_an_object",
            Self::NotAText => "not_a_text",
            Self::Twice => "twice",
            Self::NotADecimal { .. } => "not_a_decimal",
            Self::BelowZero => "below_zero",
            Self::OperatorOnly => "operator_only",
            Self::OnlyForOrders => "only_for_orders",
            Self::MeterOrCharge => "meter_or_charge",
            Self::CountedHere => "counted_here",
            Self::NotATime => "not_a_time",
            Self::NotADay => "not_a_day",
            Self::TimeOrDay => "time_or_day",
            Self::TimeNeeded => "time_needed",
            Self::InTheFuture => "in_the_future",
            Self::TooOld { .. } => "too_old",
            Self::SubscriptionOver { .. } => "subscription_over",
            Self::BeforeSubscription => "before_subscription",
            Self::SpecVersion => "spec_version",
            Self::NoData => "no_data",
            Self::NoMeterInType => "no_meter_in_type",
            Self::TooManyFields { .. } => "too_many_fields",
            Self::TooMany { .. } => "too_many_records",
        }
    }

    /// A sentence for people that says what would be right.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table with a row for each problem")]
    pub fn sentence(&self, language: Language) -> String {
        let (de, en) = match self {
            Self::NotADecimal { digits, places } => {
                return language.pick(
                    format!("Bitte geben Sie eine Dezimalzahl mit Punkt an, zum Beispiel 12 oder 12.50, mit höchstens {digits} Stellen davor und {places} danach."),
                    format!("Please give a decimal with a point, such as 12 or 12.50, with at most {digits} digits before and {places} after it."),
                );
            }
            Self::TooOld { days } => {
                return language.pick(
                    format!("Das liegt mehr als {days} Tage zurück und wird nicht mehr angenommen."),
                    format!("This is more than {days} days ago and no longer accepted."),
                );
            }
            Self::SubscriptionOver { last } => {
                return language.pick(
                    format!(
                        "Der Vertrag endete am {}. Was danach war, wird nicht mehr angenommen.",
                        Language::De.date(*last)
                    ),
                    format!(
                        "The subscription ended on {}. What was after it is no longer accepted.",
                        Language::En.date(*last)
                    ),
                );
            }
            Self::TooManyFields { most } => {
                return language.pick(
                    format!("Ein Datensatz hat höchstens {most} Felder."),
                    format!("A record has at most {most} fields."),
                );
            }
            Self::TooMany { most } => {
                return language.pick(
                    format!("Bitte senden Sie höchstens {most} Datensätze auf einmal."),
                    format!("Please send at most {most} records at once."),
                );
            }
            Self::BeforeSubscription => {
                ("An diesem Tag hatte der Vertrag noch nicht begonnen.", "On that day the subscription had not begun.")
            }
            Self::NotAnObject => ("Ein Datensatz ist ein JSON-Objekt.", "A record is a JSON object."),
            Self::NotAText => ("Bitte geben Sie einen Text in Anführungszeichen an.", "Please give a text in quotes."),
            Self::Twice => (
                "Dieses Feld steht zweimal da. Bitte lassen Sie eines weg.",
                "This field is there twice. Please leave one out.",
            ),
            Self::BelowZero => ("Weniger als null ist hier nicht möglich.", "Less than zero is not possible here."),
            Self::OperatorOnly => (
                "Das ist nur mit einem Schlüssel möglich, den der Betreiber angelegt hat.",
                "This is possible only with a key that the operator made.",
            ),
            Self::OnlyForOrders => (
                "Einen vereinbarten Preis gibt es nur bei Bestellungen (charge).",
                "Only orders (charge) have an agreed price.",
            ),
            Self::MeterOrCharge => {
                ("Bitte geben Sie entweder meter oder charge an.", "Please give either meter or charge.")
            }
            Self::CountedHere => (
                "Das zählt dieses System selbst; es lässt sich nicht melden.",
                "This system counts it by itself; it cannot be reported.",
            ),
            Self::NotATime => (
                "Bitte geben Sie einen Zeitpunkt nach RFC 3339 mit Zeitzone an, zum Beispiel 2026-11-03T10:00:00+01:00.",
                "Please give a time as in RFC 3339 with its offset, for example 2026-11-03T10:00:00+01:00.",
            ),
            Self::NotADay => {
                ("Bitte geben Sie einen Tag an, zum Beispiel 2026-11-03.", "Please give a day, for example 2026-11-03.")
            }
            Self::TimeOrDay => ("Bitte geben Sie entweder time oder day an.", "Please give either time or day."),
            Self::TimeNeeded => (
                "Hier wird die Uhrzeit des Beginns gebraucht (time), weil sie den Tarif bestimmt.",
                "The time of the start is needed here (time), because it decides the tariff.",
            ),
            Self::InTheFuture => {
                ("Das liegt mehr als einen Tag in der Zukunft.", "This is more than a day in the future.")
            }
            Self::SpecVersion => {
                ("Angenommen werden CloudEvents der Version 1.0.", "CloudEvents of version 1.0 are accepted.")
            }
            Self::NoData => (
                "Die Daten eines Ereignisses müssen ein JSON-Objekt mit meter und quantity sein.",
                "The data of an event have to be a JSON object with meter and quantity.",
            ),
            Self::NoMeterInType => (
                "Bitte nennen Sie den Zähler in data.meter oder am Ende von type, zum Beispiel com.example.usage.pageviews.",
                "Please name the meter in data.meter or at the end of type, for example com.example.usage.pageviews.",
            ),
        };
        language.pick(de, en).to_owned()
    }
}

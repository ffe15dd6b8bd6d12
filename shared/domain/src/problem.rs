//! What is wrong with a field somebody filled in, typed, with a sentence in both languages.

mod held;

use crate::language::Language;
use crate::rating::HoldReason;
use crate::usage::report::problem::RecordProblem;

/// One wrong field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// Name of the field as the interface calls it, for example `attendees[0].last_name`.
    pub field: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with the value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nothing was given.
    Missing,
    /// More characters than are kept.
    TooLong {
        /// Most characters allowed.
        most: usize,
    },
    /// Line breaks or other control characters.
    ControlCharacters,
    /// Not an e-mail address.
    NotAnEmail,
    /// Not one of the event's answers.
    UnknownAnswer {
        /// Keys of the answers that exist.
        known: Vec<String>,
    },
    /// More attendees than one registration may name.
    TooManyAttendees {
        /// Most attendees allowed.
        most: usize,
    },
    /// There are not enough places left for this party.
    NoPlaceLeft,
    /// Not a whole number within bounds.
    OutOfRange {
        /// Least allowed.
        least: u32,
        /// Most allowed.
        most: u32,
    },
    /// Fewer or more answers than an event can offer, or two of the same key.
    Answers,
    /// The end does not lie after the start.
    EndNotAfterStart,
    /// The event would be over already.
    InThePast,
    /// Registration would close after the event has ended.
    ClosesAfterEnd,
    /// A name that holds an address of the web, as those who misuse forms for advertising send them.
    HoldsAddress,
    /// Not a date with a time.
    NotATime,
    /// Not a public name.
    NotASlug,
    /// A public name that another event has.
    SlugTaken,
    /// Not a postal code of Germany.
    NotAPostalCode,
    /// Not the code of a country.
    NotACountry,
    /// Not a VAT id by its form.
    NotAVatId,
    /// Not an IBAN: its form, length or check digits are wrong.
    NotAnIban,
    /// Not a BIC by its form.
    NotABic,
    /// Not letters that can stand in front of invoice numbers.
    NotAPrefix,
    /// Some of several e-mail addresses are none.
    NotEmails {
        /// Those that are none, as typed.
        wrong: Vec<String>,
    },
    /// More e-mail addresses than are taken at once.
    TooManyEmails {
        /// Most addresses allowed.
        most: usize,
    },
    /// As many API keys work already as one owner may have.
    TooManyKeys {
        /// Most keys allowed.
        most: usize,
    },
    /// Not an account that another one can be billed to (A22).
    NotAPayer,
    /// The value is not one of those allowed.
    NotAllowed {
        /// What would be right.
        expected: String,
    },
    /// Not one of the names there are.
    NotOneOf {
        /// The names there are.
        known: Vec<String>,
    },
    /// More lines than an invoice entered by hand may have.
    TooManyLines {
        /// Most lines allowed.
        most: usize,
    },
    /// Not a decimal, or a finer one than is kept.
    NotADecimal {
        /// Most decimal places.
        places: u32,
    },
    /// A quantity of nothing.
    Zero,
    /// Nothing would have to be paid.
    NothingToPay,
    /// Below zero where that is not possible.
    BelowZero,
    /// Not a day.
    NotADay,
    /// The last day lies before the first.
    EndsBeforeStart,
    /// It cannot be invoiced as it is (G7, I4).
    Held(HoldReason),
    /// Something about a reported record.
    Record(RecordProblem),
    /// What the reader of a file says of a value; in English, as such files are.
    Mistake {
        /// What is wrong and what would be right.
        text: String,
    },
}

impl FieldProblem {
    /// A problem of a field.
    #[must_use]
    pub fn new(field: impl Into<String>, problem: Problem) -> Self {
        Self { field: field.into(), problem }
    }
}

impl Problem {
    /// The values that would be right, where they can be listed.
    #[must_use]
    pub fn allowed(&self) -> &[String] {
        match self {
            Self::UnknownAnswer { known } | Self::NotOneOf { known } => known,
            _ => &[],
        }
    }

    /// Stable code for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TooLong { .. } => "too_long",
            Self::ControlCharacters => "control_characters",
            Self::NotAnEmail => "not_an_email",
            Self::UnknownAnswer { .. } => "unknown_answer",
            Self::TooManyAttendees { .. } => "too_many_attendees",
            Self::NoPlaceLeft => "no_place_left",
            Self::OutOfRange { .. } => "out_of_range",
            Self::Answers => "answers",
            Self::EndNotAfterStart => "end_not_after_start",
            Self::InThePast => "in_the_past",
            Self::ClosesAfterEnd => "closes_after_end",
            Self::HoldsAddress => "holds_address",
            Self::NotATime => "not_a_time",
            Self::NotASlug => "not_a_slug",
            Self::SlugTaken => "slug_taken",
            Self::NotAPostalCode => "not_a_postal_code",
            Self::NotACountry => "not_a_country",
            Self::NotAVatId => "not_a_vat_id",
            Self::NotAnIban => "not_an_iban",
            Self::NotABic => "not_a_bic",
            Self::NotAPrefix => "not_a_prefix",
            Self::NotEmails { .. } => "not_emails",
            Self::TooManyEmails { .. } => "too_many_emails",
            Self::TooManyKeys { .. } => "too_many_keys",
            Self::NotAPayer => "not_a_payer",
            Self::NotAllowed { .. } => "not_allowed",
            Self::NotOneOf { .. } => "not_one_of",
            Self::TooManyLines { .. } => "too_many_lines",
            Self::NotADecimal { .. } => "not_a_decimal",
            Self::Zero => "zero",
            Self::NothingToPay => "nothing_to_pay",
            Self::BelowZero => "below_zero",
            Self::NotADay => "not_a_day",
            Self::EndsBeforeStart => "ends_before_start",
            Self::Held(_) => "held",
            Self::Record(problem) => problem.code(),
            Self::Mistake { .. } => "mistake",
        }
    }

    /// A sentence for people that says what would be right.
    #[must_use]
    #[expect(clippy::too_many_lines, reason = "a table with a row for each problem")]
    pub fn sentence(&self, language: Language) -> String {
        let pick = |de: &str, en: &str| language.pick(de, en).to_owned();
        match self {
            Self::Missing => pick("Bitte füllen Sie dieses Feld aus.", "Please fill in this field."),
            Self::TooLong { most } => language.pick(
                format!("Bitte verwenden Sie höchstens {most} Zeichen."),
                format!("Please use at most {most} characters."),
            ),
            Self::ControlCharacters => pick(
                "Bitte verwenden Sie hier keine Zeilenumbrüche oder Steuerzeichen.",
                "Please use no line breaks or control characters here.",
            ),
            Self::NotAnEmail => pick(
                "Bitte geben Sie eine gültige E-Mail-Adresse an, zum Beispiel name@beispiel.de.",
                "Please give a valid e-mail address, for example name@example.org.",
            ),
            Self::UnknownAnswer { .. } => pick("Bitte wählen Sie eine Antwort aus.", "Please choose an answer."),
            Self::TooManyAttendees { most } => language.pick(
                format!("Je Anmeldung sind höchstens {most} Teilnehmer möglich."),
                format!("One registration can name at most {most} attendees."),
            ),
            Self::NoPlaceLeft => pick(
                "Für diese Anmeldung sind leider nicht mehr genügend Plätze frei. Sie können weniger Teilnehmer angeben oder absagen.",
                "Sorry, there are not enough places left for this registration. You can name fewer attendees or decline.",
            ),
            Self::OutOfRange { least, most } => language.pick(
                format!("Bitte geben Sie eine ganze Zahl von {least} bis {most} an."),
                format!("Please give a whole number from {least} to {most}."),
            ),
            Self::Answers => pick(
                "Bitte geben Sie 1 bis 10 Antworten mit je eigenem Schlüssel an.",
                "Please give 1 to 10 answers, each with a key of its own.",
            ),
            Self::EndNotAfterStart => {
                pick("Das Ende muss nach dem Beginn liegen.", "The end has to be after the start.")
            }
            Self::InThePast => pick("Das Ende liegt schon in der Vergangenheit.", "The end lies in the past already."),
            Self::ClosesAfterEnd => pick(
                "Die Anmeldung muss spätestens mit dem Ende der Veranstaltung schließen.",
                "Registration has to close by the end of the event.",
            ),
            Self::HoldsAddress => pick(
                "Bitte geben Sie nur den Namen an, keine Internetadresse.",
                "Please give the name only, no web address.",
            ),
            Self::NotATime => pick("Bitte geben Sie Datum und Uhrzeit an.", "Please give a date and a time."),
            Self::NotASlug => pick(
                "Bitte verwenden Sie 1 bis 63 Kleinbuchstaben, Ziffern und Bindestriche, am Anfang und Ende keinen Bindestrich.",
                "Please use 1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end.",
            ),
            Self::SlugTaken => pick(
                "Diese Adresse ist schon vergeben. Bitte wählen Sie eine andere.",
                "This address is taken. Please choose another one.",
            ),
            Self::NotAPostalCode => pick(
                "Bitte geben Sie eine Postleitzahl aus fünf Ziffern an.",
                "Please give a postal code of five digits.",
            ),
            Self::NotACountry => pick(
                "Bitte geben Sie das Land mit zwei Buchstaben an, zum Beispiel DE.",
                "Please give the country as two capital letters, for example DE.",
            ),
            Self::NotAVatId => pick(
                "Bitte prüfen Sie die USt-IdNr. Eine deutsche besteht aus DE und neun Ziffern, jede andere beginnt mit dem Kürzel ihres Landes.",
                "Please check the VAT id. A German one is DE and nine digits, any other begins with the letters of its country.",
            ),
            Self::NotAnIban => pick(
                "Diese IBAN stimmt nicht. Bitte prüfen Sie, ob alle Zeichen richtig und vollständig sind.",
                "This IBAN is not right. Please check that all its characters are there and correct.",
            ),
            Self::NotABic => pick(
                "Bitte geben Sie einen BIC aus 8 oder 11 Buchstaben und Ziffern an, zum Beispiel COBADEFFXXX.",
                "Please give a BIC of 8 or 11 letters and digits, for example COBADEFFXXX.",
            ),
            Self::NotAPrefix => pick(
                "Bitte verwenden Sie 1 bis 10 Großbuchstaben von A bis Z, keine Ziffern.",
                "Please use 1 to 10 capital letters from A to Z, no digits.",
            ),
            Self::NotEmails { wrong } => language.pick(
                format!("Keine gültige E-Mail-Adresse: {}.", wrong.join(", ")),
                format!("Not a valid e-mail address: {}.", wrong.join(", ")),
            ),
            Self::TooManyEmails { most } => language.pick(
                format!("Bitte geben Sie höchstens {most} E-Mail-Adressen auf einmal an."),
                format!("Please give at most {most} e-mail addresses at once."),
            ),
            Self::TooManyKeys { most } => language.pick(
                format!(
                    "Es gelten schon {most} Schlüssel. Bitte widerrufen Sie zuerst einen, den Sie nicht mehr brauchen."
                ),
                format!("{most} keys work already. Please revoke one that you no longer need first."),
            ),
            Self::NotAPayer => pick(
                "Bitte geben Sie die Kundennummer eines anderen Kontos an, dessen Tarif Unterkonten erlaubt und das selbst kein Unterkonto ist.",
                "Please give the customer number of another account whose plan allows sub-accounts and that is no sub-account itself.",
            ),
            Self::NotAllowed { expected } => language
                .pick(format!("Möglich ist hier nur: {expected}."), format!("Only this is possible here: {expected}.")),
            Self::NotOneOf { known } => {
                let known = known.join(", ");
                language.pick(
                    format!("Das gibt es nicht. Es gibt: {known}."),
                    format!("There is none. There are: {known}."),
                )
            }
            Self::TooManyLines { most } => language.pick(
                format!("Möglich sind höchstens {most} Positionen."),
                format!("There can be at most {most} lines."),
            ),
            Self::NotADecimal { places } => language.pick(
                format!("Bitte geben Sie eine Zahl mit höchstens {places} Nachkommastellen an."),
                format!("Please give a number with at most {places} decimal places."),
            ),
            Self::Zero => {
                pick("Bitte geben Sie eine andere Zahl als null an.", "Please give a number other than zero.")
            }
            Self::NothingToPay => pick("Die Summe muss größer als null sein.", "The total has to be above zero."),
            Self::BelowZero => pick(
                "Das darf nicht negativ sein. Was abgezogen wird, bekommt eine negative Menge.",
                "This cannot be negative. What is deducted gets a negative quantity.",
            ),
            Self::NotADay => pick("Bitte geben Sie einen Tag an.", "Please give a day."),
            Self::EndsBeforeStart => {
                pick("Der letzte Tag liegt vor dem ersten.", "The last day lies before the first.")
            }
            Self::Held(reason) => held::sentence(reason, language),
            Self::Record(problem) => problem.sentence(language),
            Self::Mistake { text } => text.clone(),
        }
    }
}

/// Characters that reverse or break the lines around them, so that a name could make a text say something else
/// (Unicode Technical Report 36, § 2.4). The joiners that some scripts need are not among them.
const fn changes_direction(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Checks a line of text people typed: trimmed, bounded, without control characters.
///
/// # Errors
/// The [`Problem`]; an empty text is [`Problem::Missing`].
pub fn line(text: &str, most: usize) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        Err(Problem::Missing)
    } else if text.chars().any(|character| character.is_control() || changes_direction(character)) {
        Err(Problem::ControlCharacters)
    } else if text.chars().count() > most {
        Err(Problem::TooLong { most })
    } else {
        Ok(text.to_owned())
    }
}

//! What is wrong with a field somebody filled in, typed, with a sentence in both languages.

use crate::language::Language;

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
        /// The answers that exist.
        known: Vec<String>,
    },
    /// More attendees than one registration may name.
    TooManyAttendees {
        /// Most attendees allowed.
        most: usize,
    },
    /// There are not enough places left for this party.
    NoPlaceLeft,
    /// The value is not one of those allowed.
    NotAllowed {
        /// What would be right.
        expected: String,
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
            Self::NotAllowed { .. } => "not_allowed",
        }
    }

    /// A sentence for people that says what would be right.
    #[must_use]
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
            Self::UnknownAnswer { known } => language.pick(
                format!("Bitte wählen Sie eine dieser Antworten: {}.", known.join(", ")),
                format!("Please choose one of these answers: {}.", known.join(", ")),
            ),
            Self::TooManyAttendees { most } => language.pick(
                format!("Je Anmeldung sind höchstens {most} Teilnehmer möglich."),
                format!("One registration can name at most {most} attendees."),
            ),
            Self::NoPlaceLeft => pick(
                "Für diese Anmeldung sind leider nicht mehr genügend Plätze frei. Sie können weniger Teilnehmer angeben oder absagen.",
                "Sorry, there are not enough places left for this registration. You can name fewer attendees or decline.",
            ),
            Self::NotAllowed { expected } => {
                language.pick(format!("Erwartet wird: {expected}."), format!("Expected: {expected}."))
            }
        }
    }
}

/// Checks a line of text people typed: trimmed, bounded, without control characters.
///
/// # Errors
/// The [`Problem`]; an empty text is [`Problem::Missing`].
pub fn line(text: &str, most: usize) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        Err(Problem::Missing)
    } else if text.chars().any(char::is_control) {
        Err(Problem::ControlCharacters)
    } else if text.chars().count() > most {
        Err(Problem::TooLong { most })
    } else {
        Ok(text.to_owned())
    }
}

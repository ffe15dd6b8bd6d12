//! What is wrong with a field somebody filled in, typed, with a sentence in both languages.

mod held;
mod sentence;

use rust_decimal::Decimal;

use crate::money::Money;
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
    /// Not a SEPA creditor identifier: its form, length or check digits are wrong.
    NotACreditorId,
    /// Not a reference of a SEPA mandate.
    NotAMandateReference,
    /// Direct debit without a creditor identifier of the issuer.
    NoCreditorId,
    /// Not a Leitweg-ID: its form or check digits are wrong.
    NotALeitwegId,
    /// A day that is yet to come.
    InTheFuture,
    /// Not the address of a web site.
    NotAWebsite,
    /// Not a colour `#rrggbb`.
    NotAColour,
    /// A colour that cannot be read on white.
    TooLight {
        /// Contrast in tenths.
        contrast_tenths: u32,
    },
    /// Not a way to write numbers by which each can be told from all others.
    NotANumberFormat,
    /// Letters in front of numbers that another issuer has.
    PrefixTaken,
    /// Not a picture that can be printed.
    NotAnImage,
    /// A picture with too few or too many pixels.
    ImageSize {
        /// Least width and height.
        least: u32,
        /// Most width and height.
        most: u32,
    },
    /// A file that is larger than is kept.
    FileTooLarge {
        /// Most kilobytes allowed.
        most_kilobytes: usize,
    },
    /// Not an amount of money within bounds.
    NotAnAmount {
        /// Most allowed, in euros.
        most: u32,
    },
    /// Not an amount of a payment: zero, beyond the bound, or with parts of a cent.
    NotAPayment {
        /// Most allowed, in euros.
        most: u32,
    },
    /// More would be taken back than there is.
    MoreThanReceived {
        /// What has arrived for the invoice and has not become credit.
        received: Money,
    },
    /// The form was entered before, with something else in it.
    EnteredBefore {
        /// What was entered with it.
        amount: Money,
    },
    /// Another invoice deducts this one.
    Deducted,
    /// Not a percentage within bounds, or one with more than two decimal places.
    NotAPercentage {
        /// Least allowed.
        least: Decimal,
        /// Most allowed.
        most: Decimal,
    },
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
    /// There is no account of this customer number.
    UnknownAccount,
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
            Self::NotACreditorId => "not_a_creditor_id",
            Self::NotAMandateReference => "not_a_mandate_reference",
            Self::NoCreditorId => "no_creditor_id",
            Self::NotALeitwegId => "not_a_leitweg_id",
            Self::InTheFuture => "in_the_future",
            Self::NotAWebsite => "not_a_website",
            Self::NotAColour => "not_a_colour",
            Self::TooLight { .. } => "too_light",
            Self::NotANumberFormat => "not_a_number_format",
            Self::PrefixTaken => "prefix_taken",
            Self::NotAnImage => "not_an_image",
            Self::ImageSize { .. } => "image_size",
            Self::FileTooLarge { .. } => "file_too_large",
            Self::NotAnAmount { .. } => "not_an_amount",
            Self::NotAPayment { .. } => "not_a_payment",
            Self::MoreThanReceived { .. } => "more_than_received",
            Self::EnteredBefore { .. } => "entered_before",
            Self::Deducted => "deducted",
            Self::NotAPercentage { .. } => "not_a_percentage",
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
            Self::UnknownAccount => "unknown_account",
            Self::Held(_) => "held",
            Self::Record(problem) => problem.code(),
            Self::Mistake { .. } => "mistake",
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

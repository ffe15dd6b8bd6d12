//! E-mail addresses and names of people.

use std::fmt;

use email_address::{EmailAddress, Options};

use crate::problem::{Problem, line};

/// Longest address an SMTP path can carry (RFC 5321 § 4.5.3.1.3: 256 octets with the angle brackets).
pub const EMAIL_LENGTH: usize = 254;
/// Longest part of a person's name that is kept, in characters.
pub const NAME_LENGTH: usize = 100;

/// An e-mail address, kept as typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Reads an address (RFC 5321; no display name, no address literal, a domain with a dot).
    ///
    /// # Errors
    /// [`Problem`] that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = line(text, EMAIL_LENGTH)?;
        let options = Options::default().with_required_tld().without_display_text().without_domain_literal();
        match EmailAddress::parse_with_options(&text, options) {
            Ok(_) if text.is_ascii() && !text.contains('"') => Ok(Self(text)),
            _ => Err(Problem::NotAnEmail),
        }
    }

    /// The address as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that decides whether two addresses are the same: lower case. No known mail provider
    /// tells people apart by case, and people type their own address in either.
    #[must_use]
    pub fn normal(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// An address is personal data: debug output, which may end in a log, leaves it out.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

/// A person in a registration.
#[derive(Clone, PartialEq, Eq)]
pub struct Attendee {
    first_name: String,
    last_name: String,
}

impl Attendee {
    /// A person by both names.
    ///
    /// # Errors
    /// The problems of the first and the last name.
    #[expect(clippy::result_large_err, reason = "made only where a form is wrong, and taken apart at once")]
    pub fn new(first_name: &str, last_name: &str) -> Result<Self, (Option<Problem>, Option<Problem>)> {
        match (name(first_name), name(last_name)) {
            (Ok(first_name), Ok(last_name)) => Ok(Self { first_name, last_name }),
            (first, last) => Err((first.err(), last.err())),
        }
    }

    /// Given name.
    #[must_use]
    pub fn first_name(&self) -> &str {
        &self.first_name
    }

    /// Family name.
    #[must_use]
    pub fn last_name(&self) -> &str {
        &self.last_name
    }
}

/// A name stands in the greeting of a mail, so nobody may send somebody else a link in it.
fn name(text: &str) -> Result<String, Problem> {
    let name = line(text, NAME_LENGTH)?;
    let lower = name.to_lowercase();
    if lower.contains("://") || lower.contains("www.") { Err(Problem::HoldsAddress) } else { Ok(name) }
}

/// Names are personal data and stay out of debug output.
impl fmt::Debug for Attendee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attendee(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for text in ["anna@example.org", " Anna.B+tag@mail.example.org ", "a@b.de"] {
            assert!(Email::parse(text).is_ok(), "{text}");
        }
        for text in [
            "",
            "anna",
            "anna@",
            "@example.org",
            "anna@localhost",
            "anna@@example.org",
            "a b@example.org",
            "Anna <anna@example.org>",
            "anna@[127.0.0.1]",
            "anna@example.org\nBcc: x@y.de",
            "\"a b\"@example.org",
        ] {
            assert!(Email::parse(text).is_err(), "{text}");
        }
        assert!(Email::parse(&format!("{}@example.org", "a".repeat(250))).is_err());
        assert_eq!(Email::parse("Anna@Example.ORG").expect("an address").normal(), "anna@example.org");
    }

    #[test]
    fn debug_output_holds_no_personal_data() {
        let email = Email::parse("anna@example.org").expect("an address");
        let attendee = Attendee::new("Anna", "Berger").expect("names");
        assert!(!format!("{email:?}{attendee:?}").contains("nna"));
    }
}

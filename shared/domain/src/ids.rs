//! Identifiers: a prefix that says what is named, an underscore, and lower-case letters, digits or hyphens.
//!
//! No identifier can contain `#`, the separator of table keys, so a key built from ids cannot be forged.

use std::fmt;

/// Why a text is not an identifier of the wanted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected the prefix `{prefix}_` and 1 to 40 lower-case letters, digits or hyphens")]
pub struct IdError {
    /// The prefix that was expected, without the underscore.
    pub prefix: &'static str,
}

fn is_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).is_some_and(is_name)
}

fn is_name(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Prefix of this kind of id, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// Reads an id.
            ///
            /// # Errors
            /// [`IdError`] for another prefix or a character that ids do not have.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                if is_id(text, $prefix) { Ok(Self(text.to_owned())) } else { Err(IdError { prefix: $prefix }) }
            }

            /// The whole id, prefix included.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// A paying customer of the operator.
    AccountId = "acc";
    /// An occasion people register for.
    EventId = "evt";
    /// One party's answer to one event.
    RegistrationId = "reg";
    /// An invoice, from draft to paid; not its number.
    InvoiceId = "inv";
    /// A binding offer to an account.
    OfferId = "off";
}

/// The public name of an event in its address: lower-case letters, digits and hyphens, 1 to 63 of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

/// Why a text cannot be the public name of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("use 1 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit")]
pub struct SlugError;

impl Slug {
    /// Reads a public name.
    ///
    /// # Errors
    /// [`SlugError`] for other characters, a hyphen at either end, or a wrong length.
    pub fn parse(text: &str) -> Result<Self, SlugError> {
        let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let fits = (1..=63).contains(&text.len()) && text.bytes().all(inside);
        if fits && !text.starts_with('-') && !text.ends_with('-') { Ok(Self(text.to_owned())) } else { Err(SlugError) }
    }

    /// The name as it stands in the address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_their_prefix_and_refuse_separators() {
        assert!(AccountId::parse("acc_demo").is_ok());
        for text in ["", "acc_", "acc", "evt_demo", "acc_De", "acc_a#b", "acc_a/b", "acc_ä", "acc_ "] {
            assert!(AccountId::parse(text).is_err(), "{text}");
        }
        assert!(AccountId::parse(&format!("acc_{}", "a".repeat(41))).is_err());
    }

    #[test]
    fn slugs_are_plain() {
        assert!(Slug::parse("sommerfest-2026").is_ok());
        for text in ["", "-a", "a-", "A", "a b", "a#b", "a.b", "ü", &"a".repeat(64)] {
            assert!(Slug::parse(text).is_err(), "{text}");
        }
    }
}

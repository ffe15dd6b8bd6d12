//! Names within a catalogue: 1 to 40 lower-case letters, digits, hyphens or underscores, a letter first.

use std::fmt;
use std::sync::Arc;

/// Why a text cannot be a name in a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("use 1 to 40 lower-case letters, digits, hyphens or underscores, beginning with a letter")]
pub struct NameError;

fn is_name(text: &str) -> bool {
    let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    (1..=40).contains(&text.len()) && text.as_bytes()[0].is_ascii_lowercase() && text.bytes().all(inside)
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Reads a name.
            ///
            /// # Errors
            /// [`NameError`] for other characters or a wrong length.
            pub fn parse(text: &str) -> Result<Self, NameError> {
                if is_name(text) { Ok(Self(text.into())) } else { Err(NameError) }
            }

            /// The name.
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

names! {
    /// A meter: a countable unit of usage.
    MeterId;
    /// A charge: one price of the catalogue.
    ChargeId;
    /// A plan.
    PlanId;
    /// Something booked on top of a plan.
    AddOnId;
    /// An allowance pool.
    PoolId;
}

/// A promotion code: 3 to 40 capital letters, digits or hyphens; read in any case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PromotionCode(Arc<str>);

/// Why a text cannot be a promotion code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("use 3 to 40 letters, digits or hyphens")]
pub struct PromotionCodeError;

impl PromotionCode {
    /// Reads a code; small letters become capitals.
    ///
    /// # Errors
    /// [`PromotionCodeError`] for other characters or a wrong length.
    pub fn parse(text: &str) -> Result<Self, PromotionCodeError> {
        let code = text.trim().to_ascii_uppercase();
        let inside = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
        if (3..=40).contains(&code.len()) && code.bytes().all(inside) {
            Ok(Self(code.into()))
        } else {
            Err(PromotionCodeError)
        }
    }

    /// The code in capitals.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PromotionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

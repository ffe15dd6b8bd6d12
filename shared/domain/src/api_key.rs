//! Keys by which programs of a customer or of the operator prove who they are, and what each may do.

use crate::calendar::{Day, Instant};
use crate::ids::AccountId;
use crate::language::Language;

/// What every secret begins with, so that one that leaked is recognised for what it is.
pub const SECRET_PREFIX: &str = "elk_";
/// Most characters of the name of a key.
pub const NAME_LENGTH: usize = 60;
/// Most keys of one owner that work at the same time.
pub const MOST_KEYS: usize = 20;

/// Whom a key speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyOwner {
    /// One account: nothing of another one can be reached with it.
    Account(AccountId),
    /// The operator.
    Operator,
}

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Report usage of its account.
    UsageWrite,
    /// Write invoices by hand.
    InvoicesWrite,
}

impl Scope {
    /// As interface and table name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UsageWrite => "usage:write",
            Self::InvoicesWrite => "invoices:write",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        [Self::UsageWrite, Self::InvoicesWrite].into_iter().find(|scope| scope.code() == code)
    }

    /// What it permits, for people.
    #[must_use]
    pub const fn described(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::UsageWrite, Language::De) => "Nutzung melden",
            (Self::UsageWrite, Language::En) => "report usage",
            (Self::InvoicesWrite, Language::De) => "Rechnungen schreiben",
            (Self::InvoicesWrite, Language::En) => "write invoices",
        }
    }
}

impl KeyOwner {
    /// The scope that keys of this owner get: an account reports its usage, the operator writes invoices.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        match self {
            Self::Account(_) => Scope::UsageWrite,
            Self::Operator => Scope::InvoicesWrite,
        }
    }
}

/// A key, without its secret, which nobody keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Names it in forms and lists; opens nothing.
    pub id: String,
    /// Whom it speaks for.
    pub owner: KeyOwner,
    /// Whether the operator made it. One that a customer made reports what was used, but takes nothing back and agrees
    /// no prices.
    pub by_operator: bool,
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The first characters of the secret, to tell keys apart.
    pub hint: String,
    /// When it was made.
    pub created_at: Instant,
    /// The last day it was used on, if ever.
    pub last_used_on: Option<Day>,
    /// When it was revoked, if so.
    pub revoked_at: Option<Instant>,
}

/// Why a program is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefusal {
    /// No key came with the request.
    #[error("no API key")]
    Missing,
    /// There is no such key, or it was revoked.
    #[error("no such API key")]
    Unknown,
    /// The key may not do this.
    #[error("the API key lacks the scope {}", .0.code())]
    Scope(Scope),
}

impl ApiKey {
    /// Whether it may do something now. Whoever holds a revoked key learns no more than whoever made one up.
    ///
    /// # Errors
    /// [`KeyRefusal`].
    pub fn permits(&self, scope: Scope) -> Result<(), KeyRefusal> {
        match () {
            () if self.revoked_at.is_some() => Err(KeyRefusal::Unknown),
            () if !self.scopes.contains(&scope) => Err(KeyRefusal::Scope(scope)),
            () => Ok(()),
        }
    }
}

/// The secret in an `Authorization` header (RFC 6750 § 2.1): `Bearer elk_…`; the scheme in any case.
///
/// # Errors
/// [`KeyRefusal`] without a header or with one of another form.
pub fn bearer(header: Option<&str>) -> Result<&str, KeyRefusal> {
    let header = header.ok_or(KeyRefusal::Missing)?.trim();
    let (scheme, secret) = header.split_once(' ').ok_or(KeyRefusal::Missing)?;
    let secret = secret.trim();
    let digits = secret.strip_prefix(SECRET_PREFIX).unwrap_or_default();
    match () {
        () if !scheme.eq_ignore_ascii_case("bearer") => Err(KeyRefusal::Missing),
        () if digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => Ok(secret),
        () => Err(KeyRefusal::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bearer_with_a_whole_secret_is_read() {
        let secret = format!("elk_{}", "0a".repeat(32));
        for header in [format!("Bearer {secret}"), format!("bearer {secret}"), format!(" Bearer  {secret} ")] {
            assert_eq!(bearer(Some(&header)), Ok(secret.as_str()), "{header}");
        }
        for (name, header, refusal) in [
            ("no header", None, KeyRefusal::Missing),
            ("an empty one", Some(String::new()), KeyRefusal::Missing),
            ("another scheme", Some(format!("Basic {secret}")), KeyRefusal::Missing),
            ("the secret alone", Some(secret.clone()), KeyRefusal::Missing),
            ("no secret", Some("Bearer x".to_owned()), KeyRefusal::Unknown),
            ("a short one", Some(format!("Bearer {}", &secret[..60])), KeyRefusal::Unknown),
            ("a long one", Some(format!("Bearer {secret}0")), KeyRefusal::Unknown),
            ("another prefix", Some(format!("Bearer {}", secret.replace("elk_", "sk__"))), KeyRefusal::Unknown),
            ("no digits", Some(format!("Bearer {}", secret.replace('a', "#"))), KeyRefusal::Unknown),
        ] {
            assert_eq!(bearer(header.as_deref()), Err(refusal), "{name}");
        }
    }
}

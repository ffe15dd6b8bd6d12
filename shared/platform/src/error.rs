//! What can go wrong, independent of how it is told to whom.

use std::error::Error as StdError;

use domain::api_key::KeyRefusal;
use domain::problem::FieldProblem;

/// Anything boxed that has a cause.
pub type Source = Box<dyn StdError + Send + Sync>;

/// A failure of a request, a message or a run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was asked for does not exist, or is not the caller's to see.
    #[error("not found: {0}")]
    NotFound(&'static str),
    /// Fields with wrong values; every one is named.
    #[error("{} fields are not valid", .0.len())]
    Invalid(Vec<FieldProblem>),
    /// The body cannot be read at all.
    #[error("the body cannot be read: {0}")]
    Malformed(String),
    /// Registration is over.
    #[error("registration has closed")]
    Closed,
    /// An Idempotency-Key came again with another body.
    #[error("the Idempotency-Key was used with another body")]
    KeyReused,
    /// The body is larger than accepted.
    #[error("the body is larger than {limit} bytes")]
    TooLarge {
        /// Most bytes accepted.
        limit: usize,
    },
    /// The body has a media type that is not accepted.
    #[error("unsupported media type; accepted: {accepted}")]
    UnsupportedMediaType {
        /// What would be right.
        accepted: &'static str,
    },
    /// The method does not exist for this path.
    #[error("method not allowed; allowed: {allowed}")]
    MethodNotAllowed {
        /// What would be right.
        allowed: &'static str,
    },
    /// Nobody is signed in, or the proof is not valid.
    #[error("not signed in: {0}")]
    Unauthenticated(&'static str),
    /// Somebody is signed in who may not do this.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// A program did not bring a key that may do this.
    #[error("{0}")]
    Key(KeyRefusal),
    /// Too many of the caller's requests in a short time.
    #[error("too many requests: {0}")]
    TooMany(&'static str),
    /// Too many writers at one item; the next try may succeed.
    #[error("too many writers at once")]
    Contended,
    /// Something else has to happen first; the next try may succeed.
    #[error("not yet: {0}")]
    NotYet(String),
    /// A service did not answer, or refused; the next try may succeed.
    #[error("{service} is not available")]
    Unavailable {
        /// Which service.
        service: &'static str,
        /// Why.
        #[source]
        source: Source,
    },
    /// A service takes no more for now: the sender was too fast or has used up a quota. Nothing is wrong with what was sent.
    #[error("{service} takes no more for now")]
    Throttled {
        /// Which service.
        service: &'static str,
        /// Whether it stays so for long, as with a quota of a day.
        for_long: bool,
    },
    /// A stored item cannot be read.
    #[error("stored {item} cannot be read")]
    Corrupt {
        /// What kind of item.
        item: &'static str,
        /// Why.
        #[source]
        source: Source,
    },
    /// Something that should not be possible.
    #[error("{context}")]
    Internal {
        /// What was being done.
        context: &'static str,
        /// Why it failed.
        #[source]
        source: Source,
    },
}

impl Error {
    /// Something that should not be possible.
    pub fn internal(context: &'static str, source: impl Into<Source>) -> Self {
        Self::Internal { context, source: source.into() }
    }

    /// A stored item that cannot be read.
    pub fn corrupt(item: &'static str, source: impl Into<Source>) -> Self {
        Self::Corrupt { item, source: source.into() }
    }

    /// A service that did not answer.
    pub fn unavailable(service: &'static str, source: impl Into<Source>) -> Self {
        Self::Unavailable { service, source: source.into() }
    }

    /// Whether the same request may succeed later. Without a wildcard, so a new kind has to decide.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        match self {
            Self::Contended
            | Self::Unavailable { .. }
            | Self::Throttled { .. }
            | Self::TooMany(_)
            | Self::NotYet(_) => true,
            Self::NotFound(_)
            | Self::Invalid(_)
            | Self::Malformed(_)
            | Self::Closed
            | Self::KeyReused
            | Self::TooLarge { .. }
            | Self::UnsupportedMediaType { .. }
            | Self::MethodNotAllowed { .. }
            | Self::Unauthenticated(_)
            | Self::Forbidden(_)
            | Self::Key(_)
            | Self::Corrupt { .. }
            | Self::Internal { .. } => false,
        }
    }

    /// The error with all its causes, for logs.
    #[must_use]
    pub fn chain(&self) -> String {
        chain(self)
    }
}

/// An error with all its causes, for logs.
#[must_use]
pub fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

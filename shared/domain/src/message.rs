//! Mails that follow from what happened. Each is written in the transaction it follows from.

use std::fmt;

/// Why a mail is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Notice {
    /// A registration was saved.
    Registered,
    /// An answer was changed through the personal link.
    AnswerChanged,
    /// An answer was withdrawn.
    AnswerWithdrawn,
    /// Somebody registered with an address that is registered already.
    AlreadyRegistered,
    /// Somebody asked for a link to sign in.
    SignIn,
    /// An invoice was issued.
    InvoiceIssued,
    /// An invoice is unpaid: the level it has reached is the revision (I6).
    Reminder,
    /// The subscription was changed: what it is from now on (C1, C3, P3).
    SubscriptionChanged,
    /// The trial is over and was not turned into a paid subscription (P1).
    TrialOver,
    /// A change of plan that was ordered has taken effect (C3).
    PlanChanged,
    /// The subscription is over (P3).
    SubscriptionOver,
    /// An offer is made to a customer (O1).
    OfferSent,
    /// A customer accepted an offer: told to the operator (O1).
    OfferAccepted,
    /// A customer declined an offer: told to the operator (O1).
    OfferDeclined,
    /// An offer ran out unanswered: told to the operator (O1).
    OfferExpired,
}

/// Why a mail that was sent did not reach its reader, in the words of Amazon SES.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailFailure {
    /// The recipient's server did not take it.
    Bounced,
    /// The recipient marked it as spam; no more mail is sent there.
    Complained,
    /// SES itself did not send it, because it found a virus.
    Rejected,
}

impl MailFailure {
    /// Whether the mail did not arrive: one that was taken for spam did.
    #[must_use]
    pub const fn is_undelivered(self) -> bool {
        matches!(self, Self::Bounced | Self::Rejected)
    }

    /// The word used in storage.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Bounced => "bounced",
            Self::Complained => "complained",
            Self::Rejected => "rejected",
        }
    }

    /// Reads the word used in storage.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Bounced, Self::Complained, Self::Rejected].into_iter().find(|failure| failure.code() == code)
    }
}

impl Notice {
    const ALL: [Self; 15] = [
        Self::Registered,
        Self::AnswerChanged,
        Self::AnswerWithdrawn,
        Self::AlreadyRegistered,
        Self::SignIn,
        Self::InvoiceIssued,
        Self::Reminder,
        Self::SubscriptionChanged,
        Self::TrialOver,
        Self::PlanChanged,
        Self::SubscriptionOver,
        Self::OfferSent,
        Self::OfferAccepted,
        Self::OfferDeclined,
        Self::OfferExpired,
    ];

    /// Whether many of it are owed at the same time, as after an invoice run. Those wait in a queue and are sent evenly;
    /// all others are waited for by somebody and go out at once.
    #[must_use]
    pub const fn comes_in_bulk(self) -> bool {
        matches!(self, Self::InvoiceIssued)
    }

    /// The word used in storage.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::AnswerChanged => "answer_changed",
            Self::AnswerWithdrawn => "answer_withdrawn",
            Self::AlreadyRegistered => "already_registered",
            Self::SignIn => "sign_in",
            Self::InvoiceIssued => "invoice_issued",
            Self::Reminder => "reminder",
            Self::SubscriptionChanged => "subscription_changed",
            Self::TrialOver => "trial_over",
            Self::PlanChanged => "plan_changed",
            Self::SubscriptionOver => "subscription_over",
            Self::OfferSent => "offer_sent",
            Self::OfferAccepted => "offer_accepted",
            Self::OfferDeclined => "offer_declined",
            Self::OfferExpired => "offer_expired",
        }
    }
}

/// A mail that is owed: the notice and the revision of the item it belongs to.
///
/// Written as `registered#1`. The item's key and this text together make the Message-ID, so a mail
/// sent twice around a crash is named the same both times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Owed {
    /// Why it is sent.
    pub notice: Notice,
    /// Revision of the item.
    pub revision: u32,
}

impl Owed {
    /// Reads what [`fmt::Display`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (code, revision) = text.split_once('#')?;
        let notice = Notice::ALL.into_iter().find(|notice| notice.code() == code)?;
        Some(Self { notice, revision: revision.parse().ok()? })
    }
}

impl fmt::Display for Owed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.notice.code(), self.revision)
    }
}

//! What may become of an offer: pure, by its state and the day.

use rust_decimal::Decimal;

use super::Offer;
use super::policy::BillingPolicy;
use crate::calendar::{Day, Instant};
use crate::language::Language;

/// How far an offer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It was written and not sent yet; it can still be changed.
    Draft,
    /// It was sent, and waits for an answer until its last day.
    Sent,
    /// It was accepted.
    Accepted(Acceptance),
    /// The customer does not want it.
    Declined(Instant),
    /// The operator took it back before it was answered.
    Withdrawn(Instant),
    /// What it offers was delivered and invoiced.
    Delivered(Acceptance, Day),
}

/// An acceptance, with what is kept as evidence of it. No address of the caller is kept: who had the personal link and
/// gave a name is known, and an address of the net would tell no more about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// Who accepted, as typed.
    pub name: String,
    /// When.
    pub at: Instant,
    /// How.
    pub how: How,
    /// Digest of what was accepted.
    pub content: String,
    /// Percentage of the down payment it asked for then; `None`: none.
    pub down_payment: Option<Decimal>,
}

/// How an offer was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// Through the personal link.
    Link,
    /// Told in another way, and recorded by the operator.
    Recorded {
        /// Address of who recorded it.
        by: String,
        /// In which way, for example `Brief vom 3. Dezember`.
        way: String,
    },
}

/// How an offer stands on a day, as people see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not sent yet.
    Draft,
    /// Waits for an answer.
    Open,
    /// Its last day is over.
    Expired,
    /// Accepted and not delivered.
    Accepted,
    /// Declined.
    Declined,
    /// Taken back.
    Withdrawn,
    /// Delivered and invoiced.
    Delivered,
}

impl State {
    /// How it stands on a day. The date alone decides whether an offer has expired.
    #[must_use]
    pub fn on(&self, offer: &Offer, day: Day) -> Standing {
        match self {
            Self::Draft => Standing::Draft,
            Self::Sent if day > offer.valid_until => Standing::Expired,
            Self::Sent => Standing::Open,
            Self::Accepted(_) => Standing::Accepted,
            Self::Declined(_) => Standing::Declined,
            Self::Withdrawn(_) => Standing::Withdrawn,
            Self::Delivered(..) => Standing::Delivered,
        }
    }

    /// The acceptance, if there is one.
    #[must_use]
    pub const fn acceptance(&self) -> Option<&Acceptance> {
        match self {
            Self::Accepted(acceptance) | Self::Delivered(acceptance, _) => Some(acceptance),
            Self::Draft | Self::Sent | Self::Declined(_) | Self::Withdrawn(_) => None,
        }
    }
}

/// What somebody does with an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Sends it to the customer.
    Send,
    /// Accepts it: who, how, and the digest of what was shown.
    Accept {
        /// Name, as typed.
        name: String,
        /// How.
        how: How,
        /// Digest of what was shown.
        content: String,
    },
    /// Does not want it.
    Decline,
    /// Takes it back.
    Withdraw,
    /// It was delivered on this day.
    Deliver(Day),
}

/// Why an action is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It was sent already.
    #[error("the offer has been sent already")]
    Sent,
    /// It was not sent yet.
    #[error("the offer has not been sent yet")]
    NotSent,
    /// Its last day is over.
    #[error("the offer has expired")]
    Expired,
    /// It was accepted already.
    #[error("the offer has been accepted already")]
    Accepted,
    /// It was declined.
    #[error("the offer has been declined")]
    Declined,
    /// It was taken back.
    #[error("the offer has been withdrawn")]
    Withdrawn,
    /// It was delivered already.
    #[error("the offer has been delivered already")]
    Delivered,
    /// It was not accepted, so nothing is delivered.
    #[error("the offer has not been accepted")]
    NotAccepted,
    /// What was shown is not what is offered.
    #[error("the offer is not the one that was shown")]
    Changed,
    /// The delivery lies in the future, or before the acceptance.
    #[error("the delivery lies in the future or before the acceptance")]
    DeliveryDay,
}

impl Refusal {
    /// A sentence for people.
    #[must_use]
    pub fn sentence(self, language: Language) -> &'static str {
        let (de, en) = match self {
            Self::Sent => ("Das Angebot wurde schon verschickt.", "The offer has been sent already."),
            Self::NotSent => ("Das Angebot wurde noch nicht verschickt.", "The offer has not been sent yet."),
            Self::Expired => ("Das Angebot ist abgelaufen.", "The offer has expired."),
            Self::Accepted => ("Das Angebot wurde schon angenommen.", "The offer has been accepted already."),
            Self::Declined => ("Das Angebot wurde abgelehnt.", "The offer has been declined."),
            Self::Withdrawn => ("Das Angebot wurde zurückgezogen.", "The offer has been withdrawn."),
            Self::Delivered => ("Die Lieferung ist schon vermerkt.", "The delivery has been noted already."),
            Self::NotAccepted => ("Das Angebot wurde noch nicht angenommen.", "The offer has not been accepted yet."),
            Self::Changed => (
                "Das Angebot hat sich geändert, seit Sie es geöffnet haben. Bitte prüfen Sie es noch einmal.",
                "The offer has changed since you opened it. Please look at it again.",
            ),
            Self::DeliveryDay => (
                "Bitte geben Sie einen Tag zwischen der Annahme und heute an.",
                "Please give a day between the acceptance and today.",
            ),
        };
        language.pick(de, en)
    }
}

/// What comes of an action. `content` is the digest of the offer as it is stored.
///
/// # Errors
/// [`Refusal`].
pub fn decide(
    (offer, state): (&Offer, &State),
    action: Action,
    (content, policy): (&str, &BillingPolicy),
    now: Instant,
) -> Result<State, Refusal> {
    let today = Day::of(now);
    match (state.on(offer, today), action) {
        (Standing::Draft, Action::Send) if today > offer.valid_until => Err(Refusal::Expired),
        (Standing::Draft, Action::Send) => Ok(State::Sent),
        (_, Action::Send) => Err(Refusal::Sent),
        (Standing::Open, Action::Accept { content: shown, .. }) if shown != content => Err(Refusal::Changed),
        (Standing::Open, Action::Accept { name, how, content }) => {
            let asked = policy.down_payment.as_ref().filter(|part| offer.net().is_ok_and(|net| part.is_due_for(net)));
            let down_payment = asked.map(super::policy::DownPayment::percent);
            Ok(State::Accepted(Acceptance { name, at: now, how, content, down_payment }))
        }
        (Standing::Open, Action::Decline) => Ok(State::Declined(now)),
        (Standing::Draft | Standing::Open | Standing::Expired, Action::Withdraw) => Ok(State::Withdrawn(now)),
        (Standing::Accepted, Action::Deliver(on)) => delivered(state, on, today),
        (Standing::Draft | Standing::Open | Standing::Expired, Action::Deliver(_)) => Err(Refusal::NotAccepted),
        (Standing::Draft, Action::Accept { .. } | Action::Decline) => Err(Refusal::NotSent),
        (Standing::Expired, Action::Accept { .. } | Action::Decline) => Err(Refusal::Expired),
        (Standing::Accepted, Action::Accept { .. } | Action::Decline | Action::Withdraw) => Err(Refusal::Accepted),
        (Standing::Declined, _) => Err(Refusal::Declined),
        (Standing::Withdrawn, _) => Err(Refusal::Withdrawn),
        (Standing::Delivered, _) => Err(Refusal::Delivered),
    }
}

fn delivered(state: &State, on: Day, today: Day) -> Result<State, Refusal> {
    let Some(acceptance) = state.acceptance() else { return Err(Refusal::NotAccepted) };
    if on > today || on < Day::of(acceptance.at) {
        return Err(Refusal::DeliveryDay);
    }
    Ok(State::Delivered(acceptance.clone(), on))
}

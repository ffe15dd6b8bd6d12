//! Offers (O1): kept with their state, each change on the condition that nothing changed since it was read.
//!
//! They lie in a partition of their own for each account, so that the function anybody may call can be given rights to
//! offers without rights to accounts and invoices.

mod billing;
pub(super) mod deducted;

use domain::calendar::{Day, Instant};
use domain::catalog::meter::Unit;
use domain::ids::{AccountId, InvoiceId, OfferId};
use domain::language::{Language, Text};
use domain::message::{Notice, Owed};
use domain::offer::state::{Acceptance, How, State};
use domain::offer::{Item as OfferItem, Offer};
use domain::timer::{Task, Timer};
use domain::vat::VatRate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use billing::{DownPaid, Settled};

use super::keys::{self, moment};
use super::stored::{StoredText, instant, some, valid};
use super::write::{Outcome, Write, number};
use super::{Item, Range, Table, decode, encode, notices, timers};
use crate::error::Error;
use crate::links::digest;

const ITEM: &str = "offer";

/// An offer with its state.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What is offered.
    pub offer: Offer,
    /// How far it is.
    pub state: State,
    /// Raised by every change.
    pub revision: u32,
    /// The down payment invoice, once it was issued.
    pub down_payment: Option<InvoiceId>,
    /// The invoice for what was delivered.
    pub settled_by: Option<InvoiceId>,
    /// Why the down payment could not be invoiced, if so.
    pub held: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredItem {
    text: String,
    quantity: String,
    unit: (String, StoredText),
    unit_price: String,
    vat_percent: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredAcceptance {
    name: String,
    at: String,
    content: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recorded_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    way: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    down_payment_percent: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredOffer {
    id: String,
    account: String,
    language: String,
    title: String,
    items: Vec<StoredItem>,
    deliver_on: String,
    valid_until: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    made_on: String,
    state: String,
    /// When it was declined or withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    acceptance: Option<StoredAcceptance>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delivered_on: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    down_payment: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    settled_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held: Option<String>,
    revision: u32,
}

impl StoredAcceptance {
    fn new(acceptance: &Acceptance) -> Self {
        let (recorded_by, way) = match &acceptance.how {
            How::Link => (None, None),
            How::Recorded { by, way } => (Some(by.clone()), Some(way.clone())),
        };
        Self {
            name: acceptance.name.clone(),
            at: moment(acceptance.at),
            content: acceptance.content.clone(),
            recorded_by,
            way,
            down_payment_percent: acceptance.down_payment.map(|percent| percent.to_string()),
        }
    }

    fn read(self) -> Result<Acceptance, Error> {
        Ok(Acceptance {
            name: self.name,
            at: instant(&self.at, ITEM)?,
            content: self.content,
            how: match (self.recorded_by, self.way) {
                (Some(by), Some(way)) => How::Recorded { by, way },
                _ => How::Link,
            },
            down_payment: self.down_payment_percent.map(|text| valid(text.parse::<Decimal>(), ITEM)).transpose()?,
        })
    }
}

impl StoredItem {
    fn new(item: &OfferItem) -> Self {
        Self {
            text: item.text.clone(),
            quantity: item.quantity.to_string(),
            unit: (item.unit.code.to_string(), StoredText::new(&item.unit.de, &item.unit.en)),
            unit_price: item.unit_price.to_string(),
            vat_percent: item.vat.percent().to_string(),
        }
    }

    fn read(self) -> Result<OfferItem, Error> {
        let label = Text::from(self.unit.1);
        let decimal = |text: &str| valid(text.parse::<Decimal>(), ITEM);
        Ok(OfferItem {
            text: self.text,
            quantity: decimal(&self.quantity)?,
            unit: Unit { code: self.unit.0.into(), de: label.de.into(), en: label.en.into() },
            unit_price: decimal(&self.unit_price)?,
            vat: some(VatRate::from_percent(decimal(&self.vat_percent)?), ITEM)?,
        })
    }
}

impl StoredOffer {
    fn state(&mut self) -> Result<State, Error> {
        let acceptance = self.acceptance.take().map(StoredAcceptance::read).transpose()?;
        let ended = |text: &Option<String>| instant(text.as_deref().unwrap_or_default(), ITEM);
        Ok(match (self.state.as_str(), acceptance, self.delivered_on.as_deref()) {
            ("draft", ..) => State::Draft,
            ("sent", ..) => State::Sent,
            ("declined", ..) => State::Declined(ended(&self.ended_at)?),
            ("withdrawn", ..) => State::Withdrawn(ended(&self.ended_at)?),
            ("accepted", Some(acceptance), _) => State::Accepted(acceptance),
            ("delivered", Some(acceptance), Some(day)) => State::Delivered(acceptance, valid(Day::parse(day), ITEM)?),
            _ => return Err(Error::corrupt(ITEM, "an unknown state")),
        })
    }
}

impl Kept {
    /// An offer that was just written.
    #[must_use]
    pub const fn new(offer: Offer) -> Self {
        Self { offer, state: State::Draft, revision: 1, down_payment: None, settled_by: None, held: None }
    }

    /// Digest of what is offered.
    #[must_use]
    pub fn content(&self) -> String {
        digest(&self.offer.content())
    }

    fn key(&self) -> keys::Key {
        keys::offer(&self.offer.account, &self.offer.id)
    }

    fn stored(&self) -> StoredOffer {
        let offer = &self.offer;
        let (state, ended_at, delivered_on) = match &self.state {
            State::Draft => ("draft", None, None),
            State::Sent => ("sent", None, None),
            State::Accepted(_) => ("accepted", None, None),
            State::Declined(at) => ("declined", Some(moment(*at)), None),
            State::Withdrawn(at) => ("withdrawn", Some(moment(*at)), None),
            State::Delivered(_, on) => ("delivered", None, Some(on.to_string())),
        };
        StoredOffer {
            id: offer.id.to_string(),
            account: offer.account.to_string(),
            language: offer.language.code().to_owned(),
            title: offer.title.clone(),
            items: offer.items.iter().map(StoredItem::new).collect(),
            deliver_on: offer.deliver_on.to_string(),
            valid_until: offer.valid_until.to_string(),
            note: offer.note.clone(),
            made_on: offer.made_on.to_string(),
            state: state.to_owned(),
            ended_at,
            acceptance: self.state.acceptance().map(StoredAcceptance::new),
            delivered_on,
            down_payment: self.down_payment.as_ref().map(ToString::to_string),
            settled_by: self.settled_by.as_ref().map(ToString::to_string),
            held: self.held.clone(),
            revision: self.revision,
        }
    }

    /// Reads the item of an offer.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn read(item: Item) -> Result<Self, Error> {
        let mut stored: StoredOffer = decode(item, ITEM)?;
        let state = stored.state()?;
        let invoice = |id: Option<String>| id.map(|id| valid(InvoiceId::parse(&id), ITEM)).transpose();
        Ok(Self {
            state,
            revision: stored.revision,
            down_payment: invoice(stored.down_payment)?,
            settled_by: invoice(stored.settled_by)?,
            held: stored.held,
            offer: Offer {
                id: valid(OfferId::parse(&stored.id), ITEM)?,
                account: valid(AccountId::parse(&stored.account), ITEM)?,
                language: some(Language::parse(&stored.language), ITEM)?,
                title: stored.title,
                items: stored.items.into_iter().map(StoredItem::read).collect::<Result<_, _>>()?,
                deliver_on: valid(Day::parse(&stored.deliver_on), ITEM)?,
                valid_until: valid(Day::parse(&stored.valid_until), ITEM)?,
                note: stored.note,
                made_on: valid(Day::parse(&stored.made_on), ITEM)?,
            },
        })
    }

    /// The write that puts it in the place of the revision before it, with a mail that is owed.
    fn replacing(&self, notice: Option<Notice>, now: Instant) -> Result<Write, Error> {
        let key = self.key();
        let mut item = encode(&key, &self.stored())?;
        if let Some(notice) = notice {
            notices::owe(&mut item, &key, Owed { notice, revision: self.revision }, now);
        }
        Ok(Write::put(key, item).if_equals("revision", Some(number(i64::from(self.revision) - 1))))
    }
}

/// The timers that follow from a new state: one that tells when an offer ran out unanswered, one that invoices the down
/// payment.
fn following(kept: &Kept, now: Instant) -> Result<Vec<Write>, Error> {
    let (account, offer) = (kept.offer.account.clone(), kept.offer.id.clone());
    let timer = match &kept.state {
        State::Sent => {
            Timer { due: kept.offer.valid_until.next().start(), task: Task::OfferExpired { account, offer } }
        }
        State::Accepted(acceptance) if acceptance.down_payment.is_some() => {
            Timer { due: now, task: Task::DownPayment { account, offer } }
        }
        _ => return Ok(Vec::new()),
    };
    Ok(vec![timers::schedule(&timer)?])
}

/// The mail that follows from a new state.
const fn told(state: &State) -> Option<Notice> {
    match state {
        State::Sent => Some(Notice::OfferSent),
        State::Accepted(_) => Some(Notice::OfferAccepted),
        State::Declined(_) => Some(Notice::OfferDeclined),
        State::Draft | State::Withdrawn(_) | State::Delivered(..) => None,
    }
}

impl Table {
    /// Keeps an offer that was written: a new one, or a draft in the place of the one that was read. Gives `false` if
    /// it was kept or changed before.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn keep_offer(&self, kept: &Kept) -> Result<bool, Error> {
        let key = kept.key();
        let put = Write::put(key.clone(), encode(&key, &kept.stored())?);
        self.commit_one(match kept.revision {
            1 => put.if_absent(),
            revision => put.if_equals("revision", Some(number(i64::from(revision) - 1))),
        })
        .await
    }

    /// An offer of an account.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of this id.
    pub async fn offer(&self, account: &AccountId, offer: &OfferId) -> Result<Kept, Error> {
        Kept::read(self.get(&keys::offer(account, offer)).await?.ok_or(Error::NotFound("offer"))?)
    }

    /// All offers of an account, newest first.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn offers(&self, account: &AccountId) -> Result<Vec<Kept>, Error> {
        let prefix = Range::Prefix(format!("{}_", OfferId::PREFIX));
        let items = self.all(&keys::offers_partition(account), &prefix).await?;
        let mut offers = items.into_iter().map(Kept::read).collect::<Result<Vec<_>, _>>()?;
        offers.sort_by_key(|kept| std::cmp::Reverse(kept.offer.made_on));
        Ok(offers)
    }

    /// Gives an offer a new state, with the mail and the timer that follow from it, on the condition that it is as it
    /// was read. Gives `false` if it is not.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn move_offer(&self, kept: &Kept, state: State, now: Instant) -> Result<bool, Error> {
        let moved = Kept { state, revision: kept.revision.saturating_add(1), ..kept.clone() };
        let mut writes = vec![moved.replacing(told(&moved.state), now)?];
        writes.extend(following(&moved, now)?);
        Ok(self.commit(writes).await? == Outcome::Committed)
    }

    /// Tells the operator that an offer ran out unanswered, unless it was answered; the timer is deleted with it.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn tell_of_expiry(
        &self,
        (account, offer): (&AccountId, &OfferId),
        timer: &Timer,
        now: Instant,
    ) -> Result<bool, Error> {
        let kept = self.offer(account, offer).await?;
        let mut writes = vec![timers::cancel(timer)];
        if kept.state == State::Sent {
            let told = Kept { revision: kept.revision.saturating_add(1), ..kept.clone() };
            writes.push(told.replacing(Some(Notice::OfferExpired), now)?);
        }
        let told = writes.len() > 1;
        // Refused: it was answered at this moment; the timer is still due.
        Ok(self.commit(writes).await? == Outcome::Committed && told)
    }
}

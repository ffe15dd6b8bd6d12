//! Reminders: the operator's table, and how far each invoice was reminded of (I6).
//!
//! What is open stands in a sparse index by the day to look at it again. An invoice enters it when its mail has gone out,
//! in the write that notes that, and leaves it at the first look that finds it paid or cancelled; so an issue costs nothing
//! more, and a look costs a read and a write. Each level is one transaction on the condition that the one before was reached
//! and that nothing was received meanwhile.

mod levels;

use domain::calendar::{Day, Instant};
use domain::catalog::charge::Issuer;
use domain::dunning::{Case, Dunned, DunningTable, Next, is_collected};
use domain::invoice::InvoiceKind;
use domain::ledger::Posting;
use domain::message::{MailFailure, Notice, Owed};
use domain::money::{Currency, Money};
use domain::payment::PaymentState;
use serde::Deserialize;

use super::invoices::Standing;
use super::keys::{self, Key};
use super::postings::posting_item;
use super::stored::{some, valid};
use super::write::{Outcome, Write, number, text};
use super::{Item, OPEN, Table, decode};
use crate::error::Error;

const ITEM: &str = "dunning table";
/// Sorts after every day.
const EVER: &str = "9999-12-31";
/// Most tries of a level that something comes in between of.
const TRIES: usize = 5;

/// What an invoice item keeps of its reminders.
#[derive(Debug, Default, Deserialize)]
struct StoredDunned {
    #[serde(default)]
    dunning_level: usize,
    #[serde(default)]
    dunning_on: Option<String>,
    #[serde(default)]
    charged_cents: Option<i64>,
    #[serde(default)]
    dunning_paused: Option<String>,
    #[serde(default)]
    debit_failed_on: Option<String>,
    #[serde(default)]
    due_anew_on: Option<String>,
}

/// How far an invoice item was reminded of.
///
/// # Errors
/// [`Error::Corrupt`].
pub fn dunned(item: &Item) -> Result<Dunned, Error> {
    let stored: StoredDunned = decode(item.clone(), "invoice")?;
    let day = |text: Option<String>| text.map(|text| valid(Day::parse(&text), "invoice")).transpose();
    Ok(Dunned {
        level: stored.dunning_level,
        on: day(stored.dunning_on)?,
        charged: valid(Money::from_cents(stored.charged_cents.unwrap_or(0), Currency::Eur), "invoice")?,
        paused: stored.dunning_paused,
        debit_failed_on: day(stored.debit_failed_on)?,
        due_anew_on: day(stored.due_anew_on)?,
    })
}

impl Standing {
    /// What is to be paid with what came on top.
    #[must_use]
    pub fn claim(&self) -> Money {
        // Both are within the limit and of one currency.
        let due = self.invoice.draft.due();
        due.plus(self.dunned.charged).unwrap_or(due)
    }

    /// What is still to be paid, with what came on top: nothing once it was cancelled.
    #[must_use]
    pub fn open(&self) -> Money {
        let claim = self.claim();
        if self.is_cancelled() {
            return Money::zero(claim.currency());
        }
        // A difference of amounts within the limit, which exists.
        claim.minus(self.kept()).unwrap_or(claim)
    }

    /// Whether something of the invoice itself is still open; fees alone are not reminded of.
    #[must_use]
    pub fn is_unpaid(&self) -> bool {
        !self.is_cancelled() && self.kept().amount() < self.invoice.draft.due().amount()
    }

    /// Whether it is overdue on a day. What is collected by direct debit is the operator's to fetch, until the debit fails.
    #[must_use]
    pub fn is_overdue(&self, today: Day) -> bool {
        self.is_unpaid() && self.due_on() < today && !self.is_to_be_collected()
    }

    /// The last day to pay: the one on the invoice, or a later one if its mail first went out after that.
    #[must_use]
    pub fn due_on(&self) -> Day {
        self.dunned.due_anew_on.unwrap_or(self.invoice.due_on)
    }

    /// Whether it waits for the operator to collect it by direct debit.
    #[must_use]
    pub fn is_to_be_collected(&self) -> bool {
        self.is_unpaid() && self.dunned.debit_failed_on.is_none() && is_collected(&self.invoice)
    }

    /// Whether it can be paid online now: as its invoice says, or because a debit came back or was reminded of.
    #[must_use]
    pub fn is_payable_online(&self) -> bool {
        let invoice = &self.invoice;
        let fetched = is_collected(invoice) && (self.dunned.debit_failed_on.is_some() || self.dunned.level > 0);
        let asks = invoice.is_payable_online() || (fetched && invoice.draft.issuer == Issuer::Operator);
        asks && matches!(self.payment(), PaymentState::Open | PaymentState::PartlyPaid)
    }

    /// Whether it asks for nothing any longer.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled_by.is_some() || self.invoice.draft.kind == InvoiceKind::Cancellation
    }
}

/// An open invoice, and what is to be done about it.
#[derive(Clone, Debug)]
pub struct Reminding {
    /// The invoice as it stands.
    pub standing: Standing,
    /// What is to be done.
    pub next: Next,
}

/// What looking at an invoice came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// A level was reached, and its mail is owed.
    Reached(usize),
    /// Nothing was to be done but to note when to look again, if ever.
    Noted,
}

/// When a level is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// On its day.
    Due,
    /// Now, because the operator wants this level; a stop holds all the same, and the level after it does not go out.
    Now {
        /// 1, 2, 3 …
        level: usize,
    },
}

/// The write that puts an open invoice into the index, or takes it out.
pub(super) fn looking(write: Write, key: &Key, on: Option<Day>) -> Write {
    match on {
        Some(day) => write.set(OPEN.partition, text(OPEN.bucket_of(key))).set(OPEN.sort, text(day.to_string())),
        None => write.remove(OPEN.partition).remove(OPEN.sort),
    }
}

/// The write on an invoice on the condition that it stands as it was read.
fn unchanged(key: &Key, standing: &Standing) -> Write {
    let dunned = &standing.dunned;
    Write::update(key.clone())
        .if_present()
        .if_amounts_to("dunning_level", i64::try_from(dunned.level).unwrap_or(i64::MAX))
        .if_amounts_to("charged_cents", dunned.charged.cents())
        .if_amounts_to("received_cents", standing.received.cents())
        .if_missing("cancelled_by")
        .if_equals("debit_failed_on", dunned.debit_failed_on.map(|day| text(day.to_string())))
        .if_equals("dunning_paused", dunned.paused.as_ref().map(text))
}

impl Table {
    /// Invoices to be looked at by a day, or on any day, at most `limit` of each part of the index.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn open_invoices(&self, until: Option<Day>, limit: i32) -> Result<Vec<Key>, Error> {
        let until = until.map_or_else(|| EVER.to_owned(), |day| day.to_string());
        let mut found = Vec::new();
        for bucket in 0..OPEN.buckets {
            found.extend(self.index(&OPEN, bucket, &until, limit).await?);
        }
        Ok(found)
    }

    /// The next day on which an invoice is to be looked at, if there is one.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn next_open(&self) -> Result<Option<Day>, Error> {
        let mut next: Option<Day> = None;
        for bucket in 0..OPEN.buckets {
            for key in self.index(&OPEN, bucket, EVER, 1).await? {
                let item = self.get(&key).await?.unwrap_or_default();
                let day = item.get(OPEN.sort).and_then(|value| value.as_s().ok());
                if let Some(day) = day.and_then(|day| Day::parse(day).ok()) {
                    next = Some(next.map_or(day, |known| known.min(day)));
                }
            }
        }
        Ok(next)
    }

    /// An invoice and what is to be done about it.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn reminding(&self, key: &Key, table: &DunningTable) -> Result<Reminding, Error> {
        let standing = self.standing(self.get(key).await?.ok_or(Error::NotFound("invoice"))?).await?;
        let account = self.account(&standing.invoice.draft.buyer.id).await?;
        let invoice = &standing.invoice;
        let next = table.next(&Case {
            due_on: invoice.due_on,
            asked: invoice.draft.due(),
            received: standing.kept(),
            cancelled: standing.is_cancelled(),
            collected: is_collected(invoice),
            account_stopped: account.terms.dunning_stopped.is_some(),
            undelivered: standing.mail_failure.is_some_and(MailFailure::is_undelivered),
            dunned: &standing.dunned,
        });
        Ok(Reminding { standing, next })
    }

    /// Looks at an invoice: takes it up a level if its day has come, and notes when to look again.
    ///
    /// # Errors
    /// [`Error::Contended`] when something kept coming in between.
    pub async fn remind(&self, key: &Key, table: &DunningTable, when: When, now: Instant) -> Result<Looked, Error> {
        for _ in 0..TRIES {
            let reminding = match self.reminding(key, table).await {
                Ok(reminding) => reminding,
                Err(Error::NotFound(_)) => return Ok(Looked::Noted),
                Err(error) => return Err(error),
            };
            let today = Day::of(now);
            let looked = match reminding.next {
                Next::On { level, day } if day <= today || when == (When::Now { level }) => {
                    let writes = reaching(key, &reminding.standing, table, level, now)?;
                    let owes = reminding.standing.owes_mail;
                    match self.commit(writes).await? {
                        Outcome::Committed => Some(Looked::Reached(level)),
                        // The mail before has not gone out: nobody is reminded of what never reached them.
                        Outcome::Refused(_) if owes => self.look_later(key, &reminding, Some(today.next())).await?,
                        Outcome::Refused(_) => None,
                    }
                }
                next => self.look_later(key, &reminding, next.look_on(today)).await?,
            };
            if let Some(looked) = looked {
                return Ok(looked);
            }
        }
        Err(Error::Contended)
    }

    /// Notes when to look again; `None` if the invoice has changed meanwhile.
    async fn look_later(&self, key: &Key, reminding: &Reminding, on: Option<Day>) -> Result<Option<Looked>, Error> {
        let write = looking(unchanged_or_over(key, reminding), key, on);
        Ok(self.commit_one(write).await?.then_some(Looked::Noted))
    }

    /// Stops reminding of an invoice, or goes on with it.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn pause_reminders(&self, key: &Key, reason: Option<&str>, today: Day) -> Result<(), Error> {
        let write = Write::update(key.clone()).if_present();
        let write = match reason {
            Some(reason) => write.set("dunning_paused", text(reason)),
            // Looked at at once: its level may be due for long.
            None => looking(write.remove("dunning_paused"), key, Some(today)),
        };
        if self.commit_one(write).await? { Ok(()) } else { Err(Error::NotFound("invoice")) }
    }
}

/// What is over may be taken out of the index even if it has been cancelled, but not if a payment was taken back meanwhile.
fn unchanged_or_over(key: &Key, reminding: &Reminding) -> Write {
    match reminding.next {
        Next::Over => {
            let received = reminding.standing.received.cents();
            Write::update(key.clone()).if_present().if_amounts_to("received_cents", received)
        }
        _ => unchanged(key, &reminding.standing),
    }
}

/// The writes by which an invoice reaches a level: its mail is owed, its fee is claimed.
fn reaching(
    key: &Key,
    standing: &Standing,
    table: &DunningTable,
    number_of: usize,
    now: Instant,
) -> Result<Vec<Write>, Error> {
    let level = some(table.level(number_of), ITEM)?;
    let today = Day::of(now);
    let next = match table.level(number_of + 1) {
        Some(following) => today.plus_days(following.after_days),
        None => some(Next::LastReached.look_on(today), ITEM)?,
    };
    let revision = u32::try_from(number_of).map_err(|error| Error::internal("level", error))?;
    let write = unchanged(key, standing)
        .if_missing("notify")
        .set("dunning_level", number(i64::from(revision)))
        .set("dunning_on", text(today.to_string()))
        .add("charged_cents", level.fee.cents());
    let write = super::notices::owe_on_update(write, key, Owed { notice: Notice::Reminder, revision }, now);
    let mut writes = vec![looking(write, key, Some(next))];
    let (account, invoice) = (&standing.invoice.draft.buyer.id, &standing.invoice.id);
    writes.extend(charging(keys::reminder_posting(account, invoice, number_of), level.fee, today)?);
    Ok(writes)
}

/// The posting of what came on top of an invoice, if anything did.
pub(super) fn charging(key: Key, fee: Money, today: Day) -> Result<Option<Write>, Error> {
    if fee.is_zero() {
        return Ok(None);
    }
    let posting = Posting::damages(fee).map_err(|error| Error::internal("posting", error))?;
    let item = posting_item(&key, &posting, today)?;
    Ok(Some(Write::put(key, item).if_absent()))
}

//! Payments told by a provider's events, applied once.

use std::time::Duration;

use domain::calendar::{Day, Instant};
use domain::ids::{AccountId, InvoiceId};
use domain::ledger::{LedgerAccount, Posting};
use domain::money::Money;
use domain::payment::Received;
use domain::problem::{FieldProblem, Problem};
use rust_decimal::Decimal;

use super::Table;
use super::credits::crediting;
use super::dunning::looking;
use super::invoices::Standing;
use super::keys::{self, moment};
use super::postings::{posting_item, read_posting};
use super::write::{Outcome, Write, text};
use crate::error::Error;

/// Most times an invoice is read again because something else was booked in between.
const TRIES: usize = 20;
/// Pause between two tries.
const PAUSE: Duration = Duration::from_millis(10);

/// The word for payments that arrived at the bank, where those of a provider have its name.
const TRANSFER: &str = "transfer";

/// A payment on its way into the books.
struct Booking<'a> {
    provider: &'a str,
    /// The event that told of it, if one did.
    event: Option<&'a str>,
    received: &'a Received,
    posting: Posting,
    on: Day,
    now: Instant,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The payment is booked.
    Booked,
    /// The event or the payment was booked before.
    Before,
    /// There is no such invoice: the event is kept, and somebody has to look.
    UnknownInvoice,
}

impl Table {
    /// Keeps an event of a payment that cannot be booked, for somebody to look at: the provider has its details.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn keep_unapplied(&self, provider: &str, event: &str, field: &str, now: Instant) -> Result<(), Error> {
        let kept = Write::update(keys::provider_event(provider, event))
            .if_absent()
            .set("seen_at", text(moment(now)))
            .set("unapplied", text(format!("unusable {field}")));
        self.commit_one(kept).await.map(|_| ())
    }

    /// Books a payment: one transaction of the event's id, the ledger posting and the invoice. What is more than the
    /// invoice asks for becomes credit of the account in the same transaction, all of it if the invoice was cancelled.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn book_payment(
        &self,
        provider: &str,
        event: &str,
        received: &Received,
        now: Instant,
    ) -> Result<Applied, Error> {
        let posting = Posting::payment(received.amount).map_err(|error| Error::internal("posting", error))?;
        let booking = Booking { provider, event: Some(event), received, posting, on: Day::of(now), now };
        if let Some(applied) = self.book(&booking).await? {
            return Ok(applied);
        }
        if self.standing_of(&received.account, &received.invoice).await?.is_some() {
            return Err(Error::Contended);
        }
        let kept = seen(provider, event, now)
            .set("unapplied", text("no such invoice"))
            .set("account", text(received.account.to_string()))
            .set("invoice", text(received.invoice.to_string()))
            .set("payment", text(&received.payment))
            .set("amount", text(received.amount.to_string()));
        // Refused: the event was seen before.
        Ok(if self.commit_one(kept).await? { Applied::UnknownInvoice } else { Applied::Before })
    }

    /// Books what arrived at the bank on a day, as somebody saw on the statement; below zero what was taken back. The id of
    /// the payment is one of the form it was entered with, so that it counts once.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such invoice, [`Error::Invalid`] if more is taken back than has arrived, and
    /// [`Error`] of the table.
    pub async fn book_transfer(&self, received: &Received, on: Day, now: Instant) -> Result<Applied, Error> {
        let posting = Posting::transfer(received.amount).map_err(|error| Error::internal("posting", error))?;
        match self.book(&Booking { provider: TRANSFER, event: None, received, posting, on, now }).await? {
            Some(applied) => Ok(applied),
            None => Err(self.invoice(&received.account, &received.invoice).await.err().unwrap_or(Error::Contended)),
        }
    }

    /// What was booked with a form, if it was, and the day the money arrived.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn transfer(&self, account: &AccountId, payment: &str) -> Result<Option<(Money, Day)>, Error> {
        let posting = self.get(&keys::payment_posting(account, TRANSFER, payment)).await?;
        posting.map(|posting| read_posting(posting, LedgerAccount::Bank)).transpose()
    }

    /// Commits a booking, with the mark that its event was seen; `None` if there is no such invoice, or it kept changing.
    async fn book(&self, booking: &Booking<'_>) -> Result<Option<Applied>, Error> {
        let Booking { provider, event, received, posting, on, now } = booking;
        let posting_key = keys::payment_posting(&received.account, provider, &received.payment);
        let item = posting_item(&posting_key, posting, *on)?;
        for _ in 0..TRIES {
            let Some(standing) = self.standing_of(&received.account, &received.invoice).await? else { break };
            let mut writes = vec![Write::put(posting_key.clone(), item.clone()).if_absent()];
            writes.extend(event.map(|event| seen(provider, event, *now)));
            let once = writes.len();
            writes.extend(applying(received, &standing, provider, *now)?);
            match self.commit(writes).await? {
                Outcome::Committed => return Ok(Some(Applied::Booked)),
                outcome if (0..once).any(|index| outcome.refused(index)) => return Ok(Some(Applied::Before)),
                // Another payment or a cancellation came in between.
                _ => tokio::time::sleep(PAUSE).await,
            }
        }
        Ok(None)
    }

    async fn standing_of(&self, account: &AccountId, invoice: &InvoiceId) -> Result<Option<Standing>, Error> {
        match self.invoice(account, invoice).await {
            Ok(standing) => Ok(Some(standing)),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The write that notes that an event was seen, once.
fn seen(provider: &str, event: &str, now: Instant) -> Write {
    Write::update(keys::provider_event(provider, event)).if_absent().set("seen_at", text(moment(now)))
}

/// The writes that apply a payment to an invoice that stands as it was read, with the credit that comes of it.
fn applying(received: &Received, standing: &Standing, provider: &str, now: Instant) -> Result<Vec<Write>, Error> {
    let amount = |error| Error::internal("amount", error);
    let surplus = standing.paid().and(received.amount).and_then(|paid| paid.surplus()).map_err(amount)?;
    let by = standing.cancelled_by.as_ref().map(|id| text(id.as_str()));
    let mut invoice = Write::update(keys::invoice(&received.account, &received.invoice))
        .if_present()
        .if_equals("cancelled_by", by)
        .if_amounts_to("received_cents", standing.received.cents())
        .if_amounts_to("charged_cents", standing.dunned.charged.cents())
        .add("received_cents", received.amount.cents())
        .set("received_at", text(moment(now)));
    if received.amount.amount() < Decimal::ZERO {
        // More than arrived cannot be taken back, whatever came in between.
        let left = standing.kept().plus(received.amount).map_err(amount)?;
        if left.amount() < Decimal::ZERO {
            return Err(Error::Invalid(vec![FieldProblem::new(
                "amount",
                Problem::MoreThanReceived { received: standing.kept() },
            )]));
        }
        // It may be open again, and due: reminders look at it from tomorrow on.
        let key = keys::invoice(&received.account, &received.invoice);
        invoice = looking(invoice, &key, Some(Day::of(now).next()));
    }
    if surplus.is_zero() {
        return Ok(vec![invoice]);
    }
    invoice = invoice.add("credited_cents", surplus.cents());
    let cause = format!("{provider}#{}", received.payment);
    let issuer = standing.invoice.draft.issuer;
    let credit = crediting(&received.account, issuer, (surplus, &cause), Day::of(now))?;
    Ok([invoice].into_iter().chain(credit).collect())
}

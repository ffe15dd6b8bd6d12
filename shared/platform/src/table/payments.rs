//! Payments told by a provider's events, applied once.

use domain::calendar::{Day, Instant};
use domain::ledger::Posting;
use domain::payment::Received;

use super::Table;
use super::invoices::posting_item;
use super::keys::{self, moment};
use super::write::{Outcome, Write, text};
use crate::error::Error;

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

    /// Books a payment: one transaction of the event's id, the ledger posting and the invoice.
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
        let posting_key = keys::payment_posting(&received.account, provider, &received.payment);
        let item = posting_item(&posting_key, &posting, Day::of(now))?;
        let seen =
            || Write::update(keys::provider_event(provider, event)).if_absent().set("seen_at", text(moment(now)));
        let invoice = Write::update(keys::invoice(&received.account, &received.invoice))
            .if_present()
            .add("received_cents", received.amount.cents())
            .set("received_at", text(moment(now)));
        let outcome = self.commit(vec![seen(), Write::put(posting_key, item).if_absent(), invoice]).await?;
        if outcome == Outcome::Committed {
            return Ok(Applied::Booked);
        }
        if outcome.refused(0) || outcome.refused(1) {
            return Ok(Applied::Before);
        }
        let kept = seen()
            .set("unapplied", text("no such invoice"))
            .set("account", text(received.account.to_string()))
            .set("invoice", text(received.invoice.to_string()))
            .set("payment", text(&received.payment))
            .set("amount", text(received.amount.to_string()));
        self.commit_one(kept).await?;
        Ok(Applied::UnknownInvoice)
    }
}

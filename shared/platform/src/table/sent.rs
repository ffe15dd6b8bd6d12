//! What follows from a mail about an invoice, in the write that notes that it went out, or need not go out any longer.

use domain::calendar::{Day, Instant};
use domain::ledger::{LedgerAccount, Posting};
use domain::message::Owed;
use domain::money::Money;

use super::Table;
use super::dunning::looking;
use super::invoices::Standing;
use super::keys::{self, Key};
use super::postings::{posting_item, read_posting};
use super::write::{Write, text};
use crate::error::Error;

/// What is written with it.
#[derive(Debug, Default)]
pub struct Follows {
    /// Counts the mail, if mails are counted.
    pub counted: Option<Write>,
    /// The day on which the invoice that has now reached its buyer is looked at, because it was due (I6).
    pub first_look: Option<Day>,
    /// The day on which it is due anew, because it first went out after it had been due.
    pub due_anew: Option<Day>,
    /// The fee of a reminder that does not go out: nobody was asked for it.
    pub waived: Option<Waived>,
}

/// A fee that is taken back.
#[derive(Debug)]
pub struct Waived {
    /// All fees of the invoice and all that was received for it, as they were read.
    charged: Money,
    received: Money,
    fee: Money,
    posting: Write,
}

impl Table {
    /// Notes that an owed mail has gone out, or need not, with what follows from it: one transaction.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn settle_with(&self, key: &Key, owed: Owed, now: Instant, follows: Follows) -> Result<(), Error> {
        let Follows { counted, first_look, due_anew, waived } = follows;
        let mut write = self.settling(key, owed, now);
        if first_look.is_some() {
            write = looking(write, key, first_look);
        }
        if let Some(day) = due_anew {
            write = write.set("due_anew_on", text(day.to_string()));
        }
        let mut with: Vec<Write> = counted.into_iter().collect();
        if let Some(Waived { charged, received, fee, posting }) = waived {
            // If it is cancelled or its fee paid at this moment, the mail stays owed and is looked at once more.
            write = write
                .if_missing("cancelled_by")
                .if_amounts_to("received_cents", received.cents())
                .if_amounts_to("charged_cents", charged.cents())
                .add("charged_cents", -fee.cents());
            with.push(posting);
        }
        if with.is_empty() {
            return self.commit_one(write).await.map(|_| ());
        }
        with.insert(0, write);
        self.commit(with).await.map(|_| ())
    }

    /// What takes back the fee of a reminder that need not go out, because its invoice was paid; a cancellation has taken it
    /// back already.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn waiving(&self, standing: &Standing, level: u32, today: Day) -> Result<Option<Waived>, Error> {
        let (account, invoice) = (&standing.invoice.draft.buyer.id, &standing.invoice.id);
        let level = usize::try_from(level).unwrap_or(usize::MAX);
        let Some(charged) = self.get(&keys::reminder_posting(account, invoice, level)).await? else { return Ok(None) };
        if standing.is_cancelled() {
            return Ok(None);
        }
        let (fee, _) = read_posting(charged, LedgerAccount::Receivable)?;
        let amount = |error| Error::internal("amount", error);
        if standing.kept().plus(fee).map_err(amount)?.amount() > standing.claim().amount() {
            // It has been paid, by somebody who saw it on the page of the payment.
            return Ok(None);
        }
        let back = Money::zero(fee.currency()).minus(fee).and_then(Posting::damages);
        let back = back.map_err(amount)?;
        let key = keys::reminder_waived_posting(account, invoice, level);
        let item = posting_item(&key, &back, today)?;
        let posting = Write::put(key, item).if_absent();
        Ok(Some(Waived { charged: standing.dunned.charged, received: standing.received, fee, posting }))
    }
}

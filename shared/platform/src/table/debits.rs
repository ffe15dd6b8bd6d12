//! Direct debits that the bank returned (Z6, I6).

use std::time::Duration;

use domain::calendar::{Day, Instant};
use domain::ids::{AccountId, InvoiceId};
use domain::ledger::Posting;
use domain::money::Money;
use domain::problem::{FieldProblem, Problem};

use super::Table;
use super::dunning::{charging, looking};
use super::invoices::Standing;
use super::keys::{self, moment};
use super::postings::posting_item;
use super::write::{Outcome, Write, text};
use crate::error::Error;

/// Most times an invoice is read again because something else was booked in between.
const TRIES: usize = 5;
/// Pause between two tries.
const PAUSE: Duration = Duration::from_millis(10);

/// A direct debit that came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReturnedDebit {
    /// What is taken back of what was entered as received; nothing if it was never entered.
    pub amount: Money,
    /// What the bank charged, which is passed on.
    pub fee: Money,
    /// When one came back before, as whoever notes this one knows it.
    pub before: Option<Day>,
}

impl Table {
    /// Notes that a direct debit came back, once: what it had brought is taken back, what the bank charged is claimed,
    /// and the invoice is looked at by reminders from the next day on. One transaction.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such invoice or it was cancelled, [`Error::Invalid`] if more is taken back than has arrived, and
    /// [`Error`] of the table.
    pub async fn debit_failed(
        &self,
        account: &AccountId,
        invoice: &InvoiceId,
        returned: ReturnedDebit,
        now: Instant,
    ) -> Result<(), Error> {
        for _ in 0..TRIES {
            let standing = self.invoice(account, invoice).await?;
            if standing.is_cancelled() {
                // What it had brought is credit, which is noted as paid back where it is shown.
                return Err(Error::NotFound("invoice that was not cancelled"));
            }
            if standing.dunned.debit_failed_on != returned.before {
                return Ok(());
            }
            match self.commit(taking_back(account, &standing, returned, now)?).await? {
                Outcome::Committed => return Ok(()),
                // A payment or a cancellation came in between, or the same form.
                Outcome::Refused(_) => tokio::time::sleep(PAUSE).await,
            }
        }
        Err(Error::Contended)
    }
}

fn taking_back(
    account: &AccountId,
    standing: &Standing,
    returned: ReturnedDebit,
    now: Instant,
) -> Result<Vec<Write>, Error> {
    let ReturnedDebit { amount, fee, before } = returned;
    if amount.amount() > standing.kept().amount() {
        let problem = Problem::MoreThanReceived { received: standing.kept() };
        return Err(Error::Invalid(vec![FieldProblem::new("amount", problem)]));
    }
    let (invoice, today) = (&standing.invoice.id, Day::of(now));
    let key = keys::invoice(account, invoice);
    let mut write = Write::update(key.clone())
        .if_present()
        .if_missing("cancelled_by")
        .if_amounts_to("received_cents", standing.received.cents())
        .if_equals("debit_failed_on", before.map(|day| text(day.to_string())))
        .set("debit_failed_on", text(today.to_string()))
        .add("charged_cents", fee.cents());
    let mut writes = Vec::new();
    if !amount.is_zero() {
        write = write.add("received_cents", -amount.cents()).set("received_at", text(moment(now)));
        let back = Money::zero(amount.currency()).minus(amount).and_then(Posting::transfer);
        let back = back.map_err(|error| Error::internal("posting", error))?;
        let key = keys::payment_posting(account, "returned", &format!("{invoice}#{today}"));
        let item = posting_item(&key, &back, today)?;
        writes.push(Write::put(key, item).if_absent());
    }
    writes.push(looking(write, &key, Some(today.next())));
    writes.extend(charging(keys::debit_posting(account, invoice, today), fee, today)?);
    Ok(writes)
}

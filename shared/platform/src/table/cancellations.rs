//! Cancelling an invoice: the cancellation is issued, and what was received for the invoice becomes credit.

use domain::account::Operator;
use domain::calendar::{Day, Instant};
use domain::cancellation::{Refusal, cancel};
use domain::ids::{AccountId, InvoiceId};
use domain::invoice::Invoice;
use domain::ledger::Posting;
use domain::money::Money;

use super::Table;
use super::credits::{adding, crediting};
use super::invoices::Standing;
use super::keys;
use super::postings::posting_item;
use super::singles::{Issued, Single, derived_id};
use super::write::{Write, text};
use crate::error::Error;

/// Most times an invoice is read again because a payment came in between.
const TRIES: usize = 10;

/// What became of a cancellation.
#[derive(Clone, Debug)]
pub enum Cancelled {
    /// The cancellation was issued now.
    Now(Box<Invoice>),
    /// It was issued before; this is its id.
    Before(InvoiceId),
    /// The invoice cannot be cancelled.
    Refused(Refusal),
}

impl Table {
    /// Cancels an invoice in one transaction: the cancellation with its number and posting, the note on the invoice, and
    /// the credit that what was received becomes, together with the credit the invoice had used up.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the account has no such invoice, [`Error::Contended`] when payments kept coming.
    pub async fn cancel_invoice(
        &self,
        (account, id): (&AccountId, &InvoiceId),
        seller: &Operator,
        reason: &str,
        now: Instant,
    ) -> Result<Cancelled, Error> {
        let cancellation = derived_id(id.as_str(), "cancellation")?;
        let today = Day::of(now);
        for _ in 0..TRIES {
            let standing = self.invoice(account, id).await?;
            if let Some(by) = standing.cancelled_by {
                return Ok(Cancelled::Before(by));
            }
            if self.is_settled(&standing).await? {
                return Ok(Cancelled::Refused(Refusal::Deducted));
            }
            let draft = match cancel(&standing.invoice, false, reason, today) {
                Ok(draft) => draft,
                Err(refusal) => return Ok(Cancelled::Refused(refusal)),
            };
            let single = Single { id: cancellation.clone(), draft, seller: seller.clone(), due_on: today };
            let with = taking_back(account, &standing, &cancellation, today)?;
            match self.issue_single(&single, &with, now).await? {
                Issued::Now(invoice) => return Ok(Cancelled::Now(invoice)),
                Issued::Before(_) => return Ok(Cancelled::Before(cancellation)),
                // A payment came, or somebody else cancelled it: see what it is now.
                Issued::Refused => {}
            }
        }
        Err(Error::Contended)
    }
}

/// The writes that go with a cancellation: the invoice is noted as cancelled, on the condition that it stands as it was
/// read, and what it had been paid with becomes credit.
fn taking_back(account: &AccountId, standing: &Standing, by: &InvoiceId, today: Day) -> Result<Vec<Write>, Error> {
    let invoice = &standing.invoice;
    let (issuer, amount) = (invoice.draft.issuer, |error| Error::internal("amount", error));
    let surplus = domain::credit::Paid { cancelled: true, ..standing.paid() }.surplus().map_err(amount)?;
    let original = Write::update(keys::invoice(account, &invoice.id))
        .if_present()
        .if_missing("cancelled_by")
        .if_equals("deducted_by", standing.deducted_by.as_ref().map(|by| text(by.as_str())))
        .if_amounts_to("received_cents", standing.received.cents())
        .if_amounts_to("charged_cents", standing.dunned.charged.cents())
        .if_amounts_to("credited_cents", standing.credited.cents())
        .set("cancelled_by", text(by.as_str()))
        .set("cancelled_on", text(today.to_string()))
        .add("credited_cents", surplus.cents());
    let mut writes = vec![original];
    // Nobody owes the fees of reminders of what was never owed.
    let charged = standing.dunned.charged;
    if !charged.is_zero() {
        let waived = Money::zero(charged.currency()).minus(charged).and_then(Posting::damages).map_err(amount)?;
        let key = keys::waived_posting(account, &invoice.id);
        let item = posting_item(&key, &waived, today)?;
        writes.push(Write::put(key, item).if_absent());
    }
    let used = invoice.draft.credit;
    if surplus.is_zero() {
        if !used.is_zero() {
            writes.push(adding(account, issuer, used));
        }
        return Ok(writes);
    }
    let [posting, _] = crediting(account, issuer, (surplus, invoice.id.as_str()), today)?;
    // One item takes both: what was received, and the credit that had been used up.
    writes.extend([posting, adding(account, issuer, surplus.plus(used).map_err(amount)?)]);
    Ok(writes)
}

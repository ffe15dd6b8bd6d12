//! The invoices of offers: each is issued once, in the transaction that notes it on the offer.

use domain::calendar::{Day, Instant};
use domain::ids::{AccountId, InvoiceId, OfferId};
use domain::invoice::Invoice;
use domain::offer::billing::{down_payment, settling};
use domain::offer::state::State;
use domain::rating::HoldReason;
use domain::timer::Timer;

use super::super::singles::{Issued, Single, derived_id};
use super::super::write::{Outcome, Write, number, text};
use super::super::{Table, keys, timers};
use super::Kept;
use super::deducted::{self, Stands};
use crate::error::Error;

/// What became of a down payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DownPaid {
    /// It was invoiced now.
    Invoiced(InvoiceId),
    /// There is nothing to invoice: it was before, or the offer asks for none.
    Nothing,
    /// It cannot be invoiced, and why; noted on the offer.
    Held(HoldReason),
}

/// What became of the invoice for what was delivered.
#[derive(Clone, Debug)]
pub enum Settled {
    /// It was issued, now or before.
    By(InvoiceId),
    /// It cannot be invoiced, and why.
    Held(HoldReason),
    /// The offer, or one of its down payments, changed meanwhile.
    Meanwhile,
}

impl Table {
    /// Invoices the down payment of an accepted offer, in one transaction with the note on the offer and the end of its
    /// timer. Asked again, there is nothing left to do.
    ///
    /// # Errors
    /// [`Error::Contended`] when others changed the offer in between.
    pub async fn invoice_down_payment(
        &self,
        (account, offer): (&AccountId, &OfferId),
        timer: Option<&Timer>,
        now: Instant,
    ) -> Result<DownPaid, Error> {
        let kept = self.offer(account, offer).await?;
        let percent = match &kept.state {
            State::Accepted(acceptance) if kept.down_payment.is_none() => acceptance.down_payment,
            _ => None,
        };
        let Some(percent) = percent else {
            if let Some(timer) = timer {
                self.commit(vec![timers::cancel(timer)]).await?;
            }
            return Ok(DownPaid::Nothing);
        };
        let (seller, buyer, today) = (self.operator().await?, self.account(account).await?, Day::of(now));
        let revision = Some(number(i64::from(kept.revision)));
        let note = Write::update(keys::offer(account, offer))
            .if_equals("revision", revision)
            .set("revision", number(i64::from(kept.revision) + 1));
        let draft = match down_payment(&kept.offer, percent, (&seller, &buyer), today) {
            Ok(draft) => draft,
            Err(reason) => {
                let mut writes = vec![note.set("held", text(reason.to_string()))];
                writes.extend(timer.map(timers::cancel));
                if self.commit(writes).await? != Outcome::Committed {
                    return Err(Error::Contended);
                }
                return Ok(DownPaid::Held(reason));
            }
        };
        let id = derived_id(offer.as_str(), "down payment")?;
        let due_on = today.plus_days(seller.payment_term_days);
        let mut with = vec![note.set("down_payment", text(id.as_str())).remove("held")];
        with.extend(timer.map(timers::cancel));
        match self.issue_single(&Single { id: id.clone(), draft, seller, due_on }, &with, now).await? {
            Issued::Now(_) => Ok(DownPaid::Invoiced(id)),
            // Another one was faster; whoever comes again finds nothing to do.
            Issued::Before(_) | Issued::Refused => Err(Error::Contended),
        }
    }

    /// Notes what an offer promised as delivered, and issues the invoice for it, less the down payment that was invoiced and
    /// not cancelled, or its correction: one transaction.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn settle_offer(&self, kept: &Kept, state: State, now: Instant) -> Result<Settled, Error> {
        if let Some(by) = &kept.settled_by {
            return Ok(Settled::By(by.clone()));
        }
        let State::Delivered(_, delivered_on) = &state else {
            return Err(Error::internal("offer", "it is settled once it is delivered"));
        };
        let offer = &kept.offer;
        let (seller, buyer, today) = (self.operator().await?, self.account(&offer.account).await?, Day::of(now));
        let down_payment = match &kept.down_payment {
            Some(id) => Some(self.stands(&offer.account, id).await?),
            None => None,
        };
        let down_payments: Vec<Invoice> = match &down_payment {
            Some(Stands::Invoice(invoice)) => vec![Invoice::clone(invoice)],
            Some(Stands::Entered) => return Ok(Settled::Held(HoldReason::OpenCorrection)),
            Some(Stands::Cancelled(_)) | None => Vec::new(),
        };
        let draft = match settling(offer, &down_payments, *delivered_on, (&seller, &buyer), today) {
            Ok(draft) => draft,
            Err(reason) => return Ok(Settled::Held(reason)),
        };
        let id = derived_id(offer.id.as_str(), "settled")?;
        let settled = Kept {
            state,
            settled_by: Some(id.clone()),
            held: None,
            revision: kept.revision.saturating_add(1),
            ..kept.clone()
        };
        let mut with = vec![settled.replacing(None, now)?];
        if let Some(down_payment) = &down_payment {
            with.extend(deducted::settling(&offer.account, down_payment, &id)?);
        }
        let due_on = today.plus_days(seller.payment_term_days);
        match self.issue_single(&Single { id: id.clone(), draft, seller, due_on }, &with, now).await? {
            Issued::Now(_) | Issued::Before(_) => Ok(Settled::By(id)),
            Issued::Refused => Ok(Settled::Meanwhile),
        }
    }
}

//! Invoices that are issued one by one: each takes the next number of its issuer's series in its own transaction.

use domain::account::Operator;
use domain::calendar::{Day, Instant};
use domain::credit::apply_credit;
use domain::ids::InvoiceId;
use domain::invoice::{Draft, Invoice, InvoiceKind, InvoiceNumber};

use super::Table;
use super::credits;
use super::figures;
use super::invoices::Standing;
use super::numbers::{NUMBER_TRIES, PAUSE};
use super::write::{Outcome, Write};
use crate::error::Error;
use crate::links::digest;

/// An invoice that is to be issued by itself.
#[derive(Clone, Debug)]
pub struct Single {
    /// Its id: the same one is issued once.
    pub id: InvoiceId,
    /// What is on it.
    pub draft: Draft,
    /// Who issues it.
    pub seller: Operator,
    /// Last day to pay.
    pub due_on: Day,
}

/// What became of an invoice that was to be issued.
#[derive(Clone, Debug)]
pub enum Issued {
    /// It was issued now.
    Now(Box<Invoice>),
    /// It was issued before, and that is the one.
    Before(Box<Standing>),
    /// It was not issued: a condition that came with it does not hold.
    Refused,
}

/// An id that follows from another invoice: what is made of it is made once, whoever asks for it and how often.
///
/// # Errors
/// [`Error::Internal`]; not for a digest.
pub fn derived_id(from: &str, purpose: &str) -> Result<InvoiceId, Error> {
    let mut name = digest(&format!("{purpose}\n{from}"));
    name.truncate(32);
    InvoiceId::parse(&format!("{}_{name}", InvoiceId::PREFIX)).map_err(|error| Error::internal("invoice id", error))
}

impl Table {
    /// Issues an invoice in one transaction of the series, the invoice with the mail it owes, its ledger posting and
    /// figures, the credit it uses up, and what else comes with it.
    ///
    /// # Errors
    /// [`Error::Contended`] when others kept taking numbers in between.
    pub async fn issue_single(&self, single: &Single, with: &[Write], now: Instant) -> Result<Issued, Error> {
        let issued_on = Day::of(now);
        let (account, issuer) = (single.draft.buyer.id.clone(), single.draft.issuer);
        let series = InvoiceNumber::series(&single.seller, issued_on);
        for _ in 0..NUMBER_TRIES {
            let mut draft = single.draft.clone();
            let mut credit = Vec::new();
            if draft.kind != InvoiceKind::Cancellation {
                let balances = self.credit(&account).await?;
                draft = apply_credit(draft, balances.of(issuer));
                credit.extend(credits::using(&account, balances, [(issuer, draft.credit)])?);
            }
            let (next, series_write) = self.next_number(&series, 1).await?;
            let invoice = Invoice {
                id: single.id.clone(),
                number: InvoiceNumber::new(&single.seller, &series, next),
                issued_on,
                due_on: single.due_on,
                seller: single.seller.clone(),
                draft,
            };
            let mut writes = vec![series_write];
            writes.extend(self.issuing(&invoice, now)?);
            writes.push(figures::noting(&invoice)?);
            let issued = 1..writes.len();
            writes.extend(credit);
            let others = writes.len()..writes.len() + with.len();
            writes.extend(with.iter().cloned());
            match self.commit(writes).await? {
                Outcome::Committed => return Ok(Issued::Now(Box::new(invoice))),
                outcome if issued.clone().any(|index| outcome.refused(index)) => {
                    return Ok(Issued::Before(Box::new(self.invoice(&account, &single.id).await?)));
                }
                outcome if others.clone().any(|index| outcome.refused(index)) => return Ok(Issued::Refused),
                // The number or the credit was taken by another one.
                _ => tokio::time::sleep(PAUSE).await,
            }
        }
        Err(Error::Contended)
    }
}

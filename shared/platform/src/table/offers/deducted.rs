//! Which invoice stands for a down payment, and which deducts it: what was cancelled and corrected stands as its correction.

use domain::ids::{AccountId, InvoiceId};
use domain::invoice::{Invoice, InvoiceKind};

use super::super::invoices::Standing;
use super::super::manual;
use super::super::singles::derived_id;
use super::super::write::{Write, text};
use super::super::{Table, keys};
use crate::error::Error;

/// Most corrections of corrections that are followed.
const CORRECTIONS: usize = 20;

/// What stands of an invoice.
#[derive(Clone, Debug)]
pub(in crate::table) enum Stands {
    /// It, or the correction that took its place.
    Invoice(Box<Invoice>),
    /// Nothing: the invoice of this id, it or its last correction, was cancelled.
    Cancelled(InvoiceId),
    /// Nothing yet: a correction is entered and not issued.
    Entered,
}

impl Table {
    /// What stands of an invoice.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub(in crate::table) async fn stands(&self, account: &AccountId, invoice: &InvoiceId) -> Result<Stands, Error> {
        let mut id = invoice.clone();
        for _ in 0..CORRECTIONS {
            let standing = self.invoice(account, &id).await?;
            if standing.cancelled_by.is_none() {
                return Ok(Stands::Invoice(Box::new(standing.invoice)));
            }
            let correction = derived_id(id.as_str(), manual::CORRECTION)?;
            // In this order, because what is entered becomes an invoice in one transaction.
            let is_entered = self.kept_draft(account, &correction).await?.is_some();
            match self.invoice(account, &correction).await {
                Ok(_) => id = correction,
                Err(Error::NotFound(_)) if is_entered => return Ok(Stands::Entered),
                Err(Error::NotFound(_)) => return Ok(Stands::Cancelled(id)),
                Err(error) => return Err(error),
            }
        }
        Err(Error::corrupt("invoice", "it was corrected too often"))
    }

    /// Whether an invoice was a down payment for what another one settles, which stands itself or by its correction.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn is_settled(&self, down_payment: &Standing) -> Result<bool, Error> {
        let Some(by) = &down_payment.deducted_by else { return Ok(false) };
        let account = &down_payment.invoice.draft.buyer.id;
        Ok(!matches!(self.stands(account, by).await?, Stands::Cancelled(_)))
    }

    /// Whether the down payments that an invoice deducts still stand as it names them. The correction of one deducts them, too.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub(in crate::table) async fn deducts_what_stands(&self, invoice: &Invoice) -> Result<bool, Error> {
        let account = &invoice.draft.buyer.id;
        let mut first = invoice.clone();
        for _ in 0..CORRECTIONS {
            match (first.draft.kind, first.draft.references.first()) {
                (InvoiceKind::Correction, Some(corrected)) => {
                    first = self.invoice(account, &corrected.invoice).await?.invoice;
                }
                _ => break,
            }
        }
        if first.draft.kind != InvoiceKind::Final {
            return Ok(true);
        }
        for reference in &first.draft.references {
            let stands = self.stands(account, &reference.invoice).await?;
            if !matches!(stands, Stands::Invoice(standing) if standing.id == reference.invoice) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The writes that note on a down payment which invoice settles what it was for, on the condition that nothing about it
/// changes at this moment: one that stands is not cancelled, one that was cancelled is not being corrected.
pub(in crate::table) fn settling(account: &AccountId, stands: &Stands, by: &InvoiceId) -> Result<Vec<Write>, Error> {
    let noting = |id: &InvoiceId| {
        Write::update(keys::invoice(account, id))
            .if_present()
            .if_missing("deducted_by")
            .set("deducted_by", text(by.as_str()))
    };
    Ok(match stands {
        Stands::Invoice(invoice) => vec![noting(&invoice.id).if_missing("cancelled_by")],
        Stands::Cancelled(id) => {
            let correction = derived_id(id.as_str(), manual::CORRECTION)?;
            let uncorrected = [keys::manual_draft(account, &correction), keys::invoice(account, &correction)];
            [noting(id)].into_iter().chain(uncorrected.map(|key| Write::check(key).if_absent())).collect()
        }
        Stands::Entered => Vec::new(),
    })
}

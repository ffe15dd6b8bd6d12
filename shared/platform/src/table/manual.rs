//! Invoices entered by hand, until they are issued or discarded.

use domain::account::{Account, Operator};
use domain::calendar::{Day, Instant};
use domain::catalog::charge::Issuer;
use domain::catalog::meter::Unit;
use domain::ids::{AccountId, InvoiceId};
use domain::invoice::{Draft, InvoiceKind};
use domain::language::Text;
use domain::manual::{Entered, EnteredLine};
use domain::vat::VatRate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::invoices::Standing;
use super::invoices::StoredReference;
use super::keys;
use super::offers::deducted::Stands;
use super::singles::{Issued, Single, derived_id};
use super::stored::{StoredText, some, valid};
use super::write::{Outcome, Write, number, text};
use super::{Item, Range, Table, decode, encode};
use crate::error::Error;

const ITEM: &str = "draft";

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StoredEntry {
    text: String,
    quantity: String,
    unit: (String, StoredText),
    unit_price: String,
    vat_percent: String,
    first_day: String,
    last_day: String,
}

impl StoredEntry {
    pub(super) fn new(line: &EnteredLine) -> Self {
        Self {
            text: line.text.clone(),
            quantity: line.quantity.to_string(),
            unit: (line.unit.code.to_string(), StoredText::new(&line.unit.de, &line.unit.en)),
            unit_price: line.unit_price.to_string(),
            vat_percent: line.vat.percent().to_string(),
            first_day: line.first_day.to_string(),
            last_day: line.last_day.to_string(),
        }
    }

    pub(super) fn read(self) -> Result<EnteredLine, Error> {
        let label = Text::from(self.unit.1);
        Ok(EnteredLine {
            text: self.text,
            quantity: valid(self.quantity.parse::<Decimal>(), ITEM)?,
            unit: Unit { code: self.unit.0.into(), de: label.de.into(), en: label.en.into() },
            unit_price: valid(self.unit_price.parse::<Decimal>(), ITEM)?,
            vat: some(VatRate::from_percent(valid(self.vat_percent.parse::<Decimal>(), ITEM)?), ITEM)?,
            first_day: valid(Day::parse(&self.first_day), ITEM)?,
            last_day: valid(Day::parse(&self.last_day), ITEM)?,
        })
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredManual {
    id: String,
    kind: String,
    issuer: String,
    lines: Vec<StoredEntry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order_reference: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_days: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    references: Vec<StoredReference>,
    revision: u32,
    entered_on: String,
}

/// An invoice that was entered and is not issued yet.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The id it has, and will have when it is issued.
    pub id: InvoiceId,
    /// What was entered.
    pub entered: Entered,
    /// Raised by every change.
    pub revision: u32,
    /// When it was entered or last changed.
    pub entered_on: Day,
}

impl Kept {
    /// What was entered, to be kept for the first time.
    #[must_use]
    pub const fn new(id: InvoiceId, entered: Entered, today: Day) -> Self {
        Self { id, entered, revision: 1, entered_on: today }
    }

    fn stored(&self) -> StoredManual {
        let entered = &self.entered;
        StoredManual {
            id: self.id.to_string(),
            kind: entered.kind.code().to_owned(),
            issuer: entered.issuer.code().to_owned(),
            lines: entered.lines.iter().map(StoredEntry::new).collect(),
            note: entered.note.clone(),
            order_reference: entered.order_reference.clone(),
            due_days: entered.due_days,
            references: entered.references.iter().map(StoredReference::new).collect(),
            revision: self.revision,
            entered_on: self.entered_on.to_string(),
        }
    }

    fn read(item: Item) -> Result<Self, Error> {
        let stored: StoredManual = decode(item, ITEM)?;
        Ok(Self {
            id: valid(InvoiceId::parse(&stored.id), ITEM)?,
            revision: stored.revision,
            entered_on: valid(Day::parse(&stored.entered_on), ITEM)?,
            entered: Entered {
                kind: some(InvoiceKind::parse(&stored.kind), ITEM)?,
                issuer: some(Issuer::parse(&stored.issuer), ITEM)?,
                lines: stored.lines.into_iter().map(StoredEntry::read).collect::<Result<_, _>>()?,
                note: stored.note,
                order_reference: stored.order_reference,
                due_days: stored.due_days,
                references: stored.references.into_iter().map(StoredReference::read).collect::<Result<_, _>>()?,
            },
        })
    }

    /// The invoice that it makes today.
    ///
    /// # Errors
    /// Why it cannot be invoiced.
    pub fn single(
        &self,
        seller: &Operator,
        account: &Account,
        today: Day,
    ) -> Result<Single, domain::rating::HoldReason> {
        let draft: Draft = self.entered.draft(seller, account, today)?;
        let due_on = self.entered.due_on(seller, today);
        Ok(Single { id: self.id.clone(), draft, seller: seller.clone(), due_on })
    }
}

/// The write that keeps what was entered: a new one if there is none of its id; a changed one in the place of the
/// revision before it.
///
/// # Errors
/// [`Error::Internal`]; not for what the domain reads.
pub fn keeping(account: &AccountId, kept: &Kept) -> Result<Write, Error> {
    let key = keys::manual_draft(account, &kept.id);
    let write = Write::put(key.clone(), encode(&key, &kept.stored())?);
    Ok(match kept.revision {
        1 => write.if_absent(),
        revision => write.if_equals("revision", Some(number(i64::from(revision) - 1))),
    })
}

/// What the id of a correction is derived for, from the id of the invoice it corrects.
pub const CORRECTION: &str = "correction";

impl Table {
    /// Prepares the correction of a cancelled invoice, once: one that is there already has perhaps been edited and stays. Gives
    /// `false` if a down payment and the invoice for the whole would no longer add up: the other one stands, or was changed.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn prepare_correction(&self, corrected: &Standing, kept: &Kept) -> Result<bool, Error> {
        if !self.deducts_what_stands(&corrected.invoice).await? {
            return Ok(false);
        }
        let (account, by) = (&corrected.invoice.draft.buyer.id, corrected.deducted_by.as_ref());
        let whole = match by {
            Some(by) => Some(self.stands(account, by).await?),
            None => None,
        };
        let unsettled = Write::check(keys::invoice(account, &corrected.invoice.id))
            .if_present()
            .if_missing("part_corrected")
            .if_equals("deducted_by", by.map(|by| text(by.as_str())));
        let mut writes = vec![keeping(account, kept)?, unsettled];
        match whole {
            None => {}
            // What settled it was cancelled, too, and is not to be corrected any longer: it says something else of this part.
            Some(Stands::Cancelled(last)) => {
                writes.push(Write::update(keys::invoice(account, &last)).if_present().set("part_corrected", number(1)));
                let correction = keys::manual_draft(account, &derived_id(last.as_str(), CORRECTION)?);
                writes.push(Write::check(correction).if_absent());
            }
            Some(Stands::Invoice(_) | Stands::Entered) => return Ok(false),
        }
        Ok(match self.commit(writes).await? {
            Outcome::Committed => true,
            // Only that it is there already.
            refused => (1..4).all(|index| !refused.refused(index)),
        })
    }

    /// Keeps what was entered; gives `false` if it was kept, changed, issued or discarded meanwhile.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn keep_draft(&self, account: &AccountId, kept: &Kept) -> Result<bool, Error> {
        self.commit_one(keeping(account, kept)?).await
    }

    /// Keeps what was entered together with something else, both or nothing; gives which condition did not hold.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn keep_draft_with(&self, account: &AccountId, kept: &Kept, other: Write) -> Result<Outcome, Error> {
        self.commit(vec![keeping(account, kept)?, other]).await
    }

    /// What was entered under an id, unless it has been issued or discarded.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn kept_draft(&self, account: &AccountId, id: &InvoiceId) -> Result<Option<Kept>, Error> {
        self.get(&keys::manual_draft(account, id)).await?.map(Kept::read).transpose()
    }

    /// Everything of an account that was entered and is not issued, newest first.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn kept_drafts(&self, account: &AccountId) -> Result<Vec<Kept>, Error> {
        let items = self.all(&keys::account_partition(account), &Range::Prefix("DRAFT#".to_owned())).await?;
        let mut kept = items.into_iter().map(Kept::read).collect::<Result<Vec<_>, _>>()?;
        kept.sort_by_key(|kept| std::cmp::Reverse(kept.entered_on));
        Ok(kept)
    }

    /// Throws away what was entered; nothing happens to what was issued.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn discard_draft(&self, account: &AccountId, id: &InvoiceId) -> Result<(), Error> {
        self.commit(vec![Write::delete(keys::manual_draft(account, id))]).await.map(|_| ())
    }

    /// Issues what was entered, on the condition that it is still as it was read. Issued twice, it is one invoice.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn issue_draft(&self, kept: &Kept, single: &Single, now: Instant) -> Result<Issued, Error> {
        let account = &single.draft.buyer.id;
        let revision = Some(number(i64::from(kept.revision)));
        let taken = Write::delete(keys::manual_draft(account, &kept.id)).if_equals("revision", revision);
        match self.issue_single(single, &[taken], now).await? {
            // Another one issued it between our read and our write, and took the draft away.
            Issued::Refused => match self.invoice(account, &kept.id).await {
                Ok(standing) => Ok(Issued::Before(Box::new(standing))),
                Err(Error::NotFound(_)) => Ok(Issued::Refused),
                Err(error) => Err(error),
            },
            issued => Ok(issued),
        }
    }
}

//! What the archive holds: one record for each invoice whose documents are stored, under its year and in the order of
//! numbers. It is written once, before the mail goes out, and never changed (I5).

use domain::archive::{Fault, Fingerprint};
use domain::calendar::{Day, Instant};
use domain::ids::{AccountId, InvoiceId};
use domain::invoice::{Invoice, InvoiceKind};
use serde::{Deserialize, Serialize};

use super::keys::{self, Key, moment};
use super::stored::{some, valid};
use super::write::Write;
use super::{Item, Range, Table, decode, encode};
use crate::error::Error;

const ITEM: &str = "archive record";

/// A document of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivedDocument {
    /// Name of the file.
    pub name: String,
    /// Key in the object store.
    pub key: String,
    /// Media type.
    pub content_type: String,
    /// Size and hash of the content.
    pub fingerprint: Fingerprint,
    /// Version the object store gave it, where it gives one.
    pub version: Option<String>,
}

/// The documents of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archived {
    /// Whose invoice it is.
    pub account: AccountId,
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its series.
    pub series: String,
    /// Its place in the series.
    pub sequence: u64,
    /// Its number, as printed.
    pub number: String,
    /// What it is.
    pub kind: InvoiceKind,
    /// Its date.
    pub issued_on: Day,
    /// Its documents.
    pub documents: Vec<ArchivedDocument>,
}

#[derive(Serialize, Deserialize)]
struct StoredDocument {
    name: String,
    key: String,
    content_type: String,
    size: u64,
    sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredArchived {
    account: String,
    invoice: String,
    series: String,
    sequence: u64,
    number: String,
    kind: String,
    issued_on: String,
    documents: Vec<StoredDocument>,
    archived_at: String,
}

impl Archived {
    /// The record of an invoice and its documents.
    #[must_use]
    pub fn of(invoice: &Invoice, documents: Vec<ArchivedDocument>) -> Self {
        Self {
            account: invoice.draft.buyer.id.clone(),
            invoice: invoice.id.clone(),
            series: invoice.number.series.clone(),
            sequence: invoice.number.sequence,
            number: invoice.number.to_string(),
            kind: invoice.draft.kind,
            issued_on: invoice.issued_on,
            documents,
        }
    }

    fn key(&self) -> Key {
        keys::kept::archived(self.issued_on, (&self.series, self.sequence), &self.account, &self.invoice)
    }

    fn item(&self, now: Instant) -> Result<Item, Error> {
        let document = |document: &ArchivedDocument| StoredDocument {
            name: document.name.clone(),
            key: document.key.clone(),
            content_type: document.content_type.clone(),
            size: document.fingerprint.size,
            sha256: document.fingerprint.sha256.clone(),
            version: document.version.clone(),
        };
        let stored = StoredArchived {
            account: self.account.to_string(),
            invoice: self.invoice.to_string(),
            series: self.series.clone(),
            sequence: self.sequence,
            number: self.number.clone(),
            kind: self.kind.code().to_owned(),
            issued_on: self.issued_on.to_string(),
            documents: self.documents.iter().map(document).collect(),
            archived_at: moment(now),
        };
        encode(&self.key(), &stored)
    }
}

fn read(item: Item) -> Result<Archived, Error> {
    let stored: StoredArchived = decode(item, ITEM)?;
    let document = |document: StoredDocument| ArchivedDocument {
        name: document.name,
        key: document.key,
        content_type: document.content_type,
        fingerprint: Fingerprint { size: document.size, sha256: document.sha256 },
        version: document.version,
    };
    Ok(Archived {
        account: valid(AccountId::parse(&stored.account), ITEM)?,
        invoice: valid(InvoiceId::parse(&stored.invoice), ITEM)?,
        series: stored.series,
        sequence: stored.sequence,
        number: stored.number,
        kind: some(InvoiceKind::parse(&stored.kind), ITEM)?,
        issued_on: valid(Day::parse(&stored.issued_on), ITEM)?,
        documents: stored.documents.into_iter().map(document).collect(),
    })
}

impl Table {
    /// Records the documents of an invoice, once. What is recorded already stays, and must be the same content.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a document is recorded with another content than it is stored with now.
    pub async fn archive(&self, archived: &Archived, now: Instant) -> Result<(), Error> {
        if self.commit_one(Write::put(archived.key(), archived.item(now)?).if_absent()).await? {
            return Ok(());
        }
        let Some(first) = self.get(&archived.key()).await?.map(read).transpose()? else { return Ok(()) };
        let recorded = |document: &ArchivedDocument| first.documents.iter().find(|known| known.key == document.key);
        let other = |document: &&ArchivedDocument| {
            recorded(document).is_some_and(|known| known.fingerprint != document.fingerprint)
        };
        match archived.documents.iter().find(other) {
            Some(document) => Err(Error::corrupt("document", format!("{} is not as it was recorded", document.key))),
            None => Ok(()),
        }
    }

    /// The record of an invoice; `None` while it has no documents.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn archived(&self, invoice: &Invoice) -> Result<Option<Archived>, Error> {
        let key = Archived::of(invoice, Vec::new()).key();
        self.get(&key).await?.map(read).transpose()
    }

    /// Records of a year in the order of numbers, after one of them, at most `limit`; with each its place.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn archived_in(&self, year: i32, after: &str, limit: i32) -> Result<Vec<(String, Archived)>, Error> {
        let range = Range::After(after.to_owned(), "~".to_owned());
        let items = self.page(&keys::kept::archive_partition(year), &range, limit, false).await?;
        items.into_iter().map(|item| Ok((place(&item), read(item)?))).collect()
    }

    /// Whether a number has a record.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn is_archived(&self, year: i32, series: &str, sequence: u64) -> Result<bool, Error> {
        let range = Range::Prefix(keys::kept::archived_number(series, sequence));
        Ok(!self.page(&keys::kept::archive_partition(year), &range, 1, false).await?.is_empty())
    }

    /// Why a number of a series was given up, if it was (I1).
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn void_reason(&self, series: &str, sequence: u64) -> Result<Option<String>, Error> {
        #[derive(Deserialize)]
        struct Void {
            reason: String,
        }
        let stored: Option<Void> = self.read(&keys::void(series, sequence), "void number").await?;
        Ok(stored.map(|void| void.reason))
    }

    /// The number that a series would give next.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn series_next(&self, series: &str) -> Result<u64, Error> {
        #[derive(Deserialize)]
        struct Series {
            next: u64,
        }
        let stored: Option<Series> = self.read(&keys::series(series), "series").await?;
        Ok(stored.map_or(1, |series| series.next))
    }
}

/// Where an item stands within its partition.
fn place(item: &Item) -> String {
    item.get("sk").and_then(|sk| sk.as_s().ok()).cloned().unwrap_or_default()
}

/// A document that a check found at fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundFault {
    /// Whose it is.
    pub account: String,
    /// Of which invoice.
    pub invoice: String,
    /// Its number.
    pub number: String,
    /// Key in the object store.
    pub document: String,
    /// What is wrong.
    pub fault: String,
}

impl FoundFault {
    /// A document at fault.
    #[must_use]
    pub fn new(archived: &Archived, document: &ArchivedDocument, fault: Fault) -> Self {
        Self {
            account: archived.account.to_string(),
            invoice: archived.invoice.to_string(),
            number: archived.number.clone(),
            document: document.key.clone(),
            fault: fault.code().to_owned(),
        }
    }
}

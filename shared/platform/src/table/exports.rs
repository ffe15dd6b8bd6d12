//! Exports of a year for an auditor: how far each is, and what it came to so far.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::archive::{Numbers, YearTotals};
use domain::calendar::Instant;
use domain::ids::{AccountId, InvoiceId};
use domain::invoice::Totals;
use domain::money::{Currency, Money, MoneyError};
use domain::vat::{VatGroup, VatTreatment};
use futures::future::try_join_all;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::archive::Archived;
use super::invoices::Standing;
use super::keys::{self, moment};
use super::stored::{some, valid};
use super::write::Write;
use super::{Item, Range, Table, UNSENT, decode, encode};
use crate::error::Error;

/// Invoices read at the same time.
const AT_ONCE: usize = 8;

const ITEM: &str = "export";
/// How long an export is kept; the template removes its files after that time, too.
pub const EXPORT_KEPT: TimeDelta = TimeDelta::days(7);
/// Most entries of the index of unsent mails that are looked through, for each of its parts.
const OWED: i32 = 1_000;

/// Key of a file of an export in its bucket.
#[must_use]
pub fn file_key(export: &str, name: &str) -> String {
    format!("exports/{export}/{name}")
}

/// An export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its id; ids sort by time.
    pub id: String,
    /// The year.
    pub year: i32,
    /// The account, if it is of one only.
    pub account: Option<AccountId>,
    /// When it was asked for, as stored.
    pub started_at: String,
    /// The last record packed.
    pub after: String,
    /// How many invoices there will be, as far as that is known.
    pub expected: u64,
    /// Documents packed.
    pub documents: u64,
    /// Documents that are missing or differ.
    pub faults: u64,
    /// What the invoices packed come to.
    pub totals: YearTotals,
    /// Last number packed of each series.
    pub numbers: Numbers,
    /// Sums of each issuer, by its name: a service partner's turnover is not the operator's (Z7).
    pub issuers: BTreeMap<String, YearTotals>,
    /// Numbers left out so far: series, first and last.
    pub gaps: Vec<(String, u64, u64)>,
    /// Files made: name and size in bytes.
    pub files: Vec<(String, u64)>,
    /// When it was done, as stored.
    pub done_at: Option<String>,
}

#[derive(Clone, Serialize, Deserialize)]
struct StoredExport {
    id: String,
    year: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    started_at: String,
    after: String,
    expected: u64,
    documents: u64,
    faults: u64,
    totals: StoredTotals,
    issuers: BTreeMap<String, StoredTotals>,
    numbers: BTreeMap<String, u64>,
    gaps: Vec<(String, u64, u64)>,
    files: Vec<(String, u64)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    done_at: Option<String>,
    expires_at: i64,
}

#[derive(Clone, Serialize, Deserialize)]
struct StoredTotals {
    invoices: u64,
    net: String,
    /// Category, percentage, taxable amount, VAT.
    vat: Vec<(String, String, String, String)>,
    gross: String,
}

impl StoredTotals {
    fn of(totals: &YearTotals) -> Self {
        let group = |group: &VatGroup| {
            let percent = group.treatment.percent().to_string();
            (group.treatment.category().to_owned(), percent, group.taxable.plain(), group.vat.plain())
        };
        Self {
            invoices: totals.invoices,
            net: totals.net.plain(),
            vat: totals.vat.iter().map(group).collect(),
            gross: totals.gross.plain(),
        }
    }

    fn read(self) -> Result<YearTotals, Error> {
        let money = |text: &str| valid(Money::parse(text, Currency::Eur), ITEM);
        let group = |(category, percent, taxable, vat): (String, String, String, String)| {
            let percent: Decimal = valid(percent.parse(), ITEM)?;
            let treatment = some(VatTreatment::parse(&category, percent), ITEM)?;
            Ok(VatGroup { treatment, taxable: money(&taxable)?, vat: money(&vat)? })
        };
        Ok(YearTotals {
            invoices: self.invoices,
            net: money(&self.net)?,
            vat: self.vat.into_iter().map(group).collect::<Result<_, Error>>()?,
            gross: money(&self.gross)?,
        })
    }
}

impl Export {
    /// An export that begins now.
    #[must_use]
    pub fn starting(id: String, year: i32, account: Option<AccountId>, expected: u64, now: Instant) -> Self {
        Self {
            id,
            year,
            account,
            started_at: moment(now),
            after: String::new(),
            expected,
            documents: 0,
            faults: 0,
            totals: YearTotals::zero(Currency::Eur),
            issuers: BTreeMap::new(),
            numbers: Numbers::default(),
            gaps: Vec::new(),
            files: Vec::new(),
            done_at: None,
        }
    }

    /// Adds the totals of an invoice to those of all, and of its issuer.
    ///
    /// # Errors
    /// [`MoneyError`] when a sum is beyond the limit.
    pub fn add(&mut self, issuer: &str, totals: &Totals) -> Result<(), MoneyError> {
        self.totals.add(totals)?;
        let of_issuer = self.issuers.entry(issuer.to_owned()).or_insert_with(|| YearTotals::zero(Currency::Eur));
        of_issuer.add(totals)
    }

    fn item(&self) -> Result<Item, Error> {
        let started: Instant = valid(self.started_at.parse(), ITEM)?;
        let stored = StoredExport {
            id: self.id.clone(),
            year: self.year,
            account: self.account.as_ref().map(ToString::to_string),
            started_at: self.started_at.clone(),
            after: self.after.clone(),
            expected: self.expected,
            documents: self.documents,
            faults: self.faults,
            totals: StoredTotals::of(&self.totals),
            issuers: self.issuers.iter().map(|(name, totals)| (name.clone(), StoredTotals::of(totals))).collect(),
            numbers: self.numbers.last().clone(),
            gaps: self.gaps.clone(),
            files: self.files.clone(),
            done_at: self.done_at.clone(),
            expires_at: (started + EXPORT_KEPT).timestamp(),
        };
        encode(&keys::kept::export(&self.id), &stored)
    }
}

fn read(item: Item) -> Result<Export, Error> {
    let stored: StoredExport = decode(item, ITEM)?;
    let of_issuer = |(name, totals): (String, StoredTotals)| Ok((name, totals.read()?));
    Ok(Export {
        id: stored.id,
        year: stored.year,
        account: stored.account.map(|account| valid(AccountId::parse(&account), ITEM)).transpose()?,
        started_at: stored.started_at,
        after: stored.after,
        expected: stored.expected,
        documents: stored.documents,
        faults: stored.faults,
        totals: stored.totals.read()?,
        issuers: stored.issuers.into_iter().map(of_issuer).collect::<Result<_, Error>>()?,
        numbers: Numbers::after(stored.numbers),
        gaps: stored.gaps,
        files: stored.files,
        done_at: stored.done_at,
    })
}

/// An invoice to be exported, with its place and the record of its documents, if they are stored.
#[derive(Clone, Debug)]
pub struct Row {
    /// Where it stands among the others.
    pub place: String,
    /// The invoice.
    pub standing: Standing,
    /// Its documents.
    pub archived: Option<Archived>,
}

impl Table {
    /// Puts a new export.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn start_export(&self, export: &Export) -> Result<(), Error> {
        self.commit_one(Write::put(keys::kept::export(&export.id), export.item()?).if_absent()).await.map(|_| ())
    }

    /// An export.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of this id, or no longer.
    pub async fn export(&self, id: &str) -> Result<Export, Error> {
        read(self.get(&keys::kept::export(id)).await?.ok_or(Error::NotFound("export"))?)
    }

    /// The newest exports, newest first.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn exports(&self, limit: i32) -> Result<Vec<Export>, Error> {
        let everything = Range::Between("0".to_owned(), "~".to_owned());
        self.page(keys::kept::EXPORTS, &everything, limit, true).await?.into_iter().map(read).collect()
    }

    /// Keeps the next state of an export, if it still is in the one it was read in. Gives whether it was.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn note_exported(&self, before: &Export, after: &Export) -> Result<bool, Error> {
        let write = Write::put(keys::kept::export(&after.id), after.item()?);
        let write = write.if_equals("after", Some(super::write::text(&before.after))).if_missing("done_at");
        self.commit_one(write).await
    }

    /// The next invoices of an export, in the order of numbers, at most `limit`.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn rows(&self, export: &Export, limit: i32) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        let Some(account) = &export.account else {
            let archived = self.archived_in(export.year, &export.after, limit).await?;
            for some in archived.chunks(AT_ONCE) {
                let standings = some.iter().map(|(_, archived)| self.invoice(&archived.account, &archived.invoice));
                for ((place, archived), standing) in some.iter().zip(try_join_all(standings).await?) {
                    rows.push(Row { place: place.clone(), standing, archived: Some(archived.clone()) });
                }
            }
            return Ok(rows);
        };
        let mut standings = Vec::new();
        for standing in self.invoices_of_year(account, export.year).await? {
            let number = &standing.invoice.number;
            let place = keys::kept::archived_number(&number.series, number.sequence) + account.as_str();
            if place > export.after {
                standings.push((place, standing));
            }
        }
        standings.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (place, standing) in standings.into_iter().take(usize::try_from(limit).unwrap_or(0)) {
            let archived = self.archived(&standing.invoice).await?;
            rows.push(Row { place, standing, archived });
        }
        Ok(rows)
    }

    /// Invoices of an account that were issued in a year.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn invoices_of_year(&self, account: &AccountId, year: i32) -> Result<Vec<Standing>, Error> {
        let all = self.invoices(account).await?;
        Ok(all.into_iter().filter(|standing| standing.invoice.issued_on.month().year() == year).collect())
    }

    /// Invoices whose mail is owed or was given up. Only these can be without a record in the archive, because it is
    /// made before the mail goes out.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn invoices_on_their_way(&self, now: Instant) -> Result<Vec<Standing>, Error> {
        let mut keys: Vec<keys::Key> = self.given_up().await?.into_iter().map(|mail| mail.item).collect();
        // What was put off is in the index under a time to come.
        let horizon = moment(now + TimeDelta::days(2));
        for bucket in 0..UNSENT.buckets {
            keys.extend(self.index(&UNSENT, bucket, &horizon, OWED).await?);
        }
        let mut standings = Vec::new();
        for key in keys {
            let parts = (key.pk.strip_prefix("ACCOUNT#"), key.sk.strip_prefix("INVOICE#"));
            let (Some(account), Some(invoice)) = parts else { continue };
            let account = valid(AccountId::parse(account), ITEM)?;
            standings.push(self.invoice(&account, &valid(InvoiceId::parse(invoice), ITEM)?).await?);
        }
        Ok(standings)
    }
}

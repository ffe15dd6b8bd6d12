//! Sums of what was invoiced, kept as invoices are issued, so that nobody has to read the invoices to add them up.
//!
//! The monthly run adds a page's invoices to its part of the run in the write that moves the part's cursor: no item
//! more, and exactly once, since a cursor leaves each page once. An invoice that is issued by itself puts an item of its
//! own, in the transaction that issues it; by these items they are also found again.

use std::collections::BTreeSet;

use domain::calendar::Month;
use domain::catalog::charge::Issuer;
use domain::figures::{Cell, Figures, Sum};
use domain::ids::{AccountId, InvoiceId};
use domain::invoice::{Invoice, InvoiceKind};
use domain::money::{Currency, Money};
use domain::vat::VatTreatment;
use futures::future::try_join_all;
use futures::stream::{self, StreamExt, TryStreamExt};
use rust_decimal::Decimal;

use super::invoices::Standing;
use super::marks::MonthState;
use super::runs::INVOICE;
use super::stored::{some, valid};
use super::write::{Write, text};
use super::{Item, PAGE, PAGES, Range, Table, keys};
use crate::error::Error;

const ITEM: &str = "figures";
/// Invoices that are read at once.
const AT_ONCE: usize = 32;
/// Sums of lines in cents: `net#operator#monthly#S#19#attendees@2021-03`.
const NET: &str = "net";
/// VAT in cents, named alike.
const VAT: &str = "vat";
/// Number of invoices: `invoices#operator#monthly`.
const INVOICES: &str = "invoices";

/// Adds figures to an item.
#[must_use]
pub fn adding(mut write: Write, figures: &Figures) -> Write {
    for (cell, sum) in &figures.cells {
        let name = cell_name(cell);
        write = write.add(&format!("{NET}#{name}"), sum.net.cents()).add(&format!("{VAT}#{name}"), sum.vat.cents());
    }
    for ((issuer, kind), invoices) in &figures.invoices {
        let name = format!("{INVOICES}#{}#{}", issuer.code(), kind.code());
        write = write.add(&name, i64::try_from(*invoices).unwrap_or(i64::MAX));
    }
    write
}

/// The write that keeps the figures of an invoice issued by itself; it belongs into the transaction that issues it.
///
/// # Errors
/// [`Error::Internal`] when an amount is beyond every limit.
pub fn noting(invoice: &Invoice) -> Result<Write, Error> {
    let figures = Figures::of(&invoice.draft).map_err(|error| Error::internal(ITEM, error))?;
    let write = Write::update(keys::figure(invoice.draft.month, &invoice.id))
        .if_absent()
        .set("account", text(invoice.draft.buyer.id.to_string()))
        .set("invoice", text(invoice.id.to_string()));
    Ok(adding(write, &figures))
}

fn cell_name(cell: &Cell) -> String {
    let Cell { issuer, kind, vat, catalogue } = cell;
    let catalogue = catalogue.as_deref().unwrap_or_default();
    let percent = vat.percent().normalize();
    format!("{}#{}#{}#{percent}#{catalogue}", issuer.code(), kind.code(), vat.category())
}

/// The figures that an item holds.
///
/// # Errors
/// [`Error::Corrupt`].
pub(crate) fn figures_of(item: &Item) -> Result<Figures, Error> {
    let mut figures = Figures::default();
    for (attribute, value) in item {
        let Some((word, name)) = attribute.split_once('#') else { continue };
        if ![NET, VAT, INVOICES].contains(&word) {
            continue;
        }
        let number = some(value.as_n().ok(), ITEM)?;
        if word == INVOICES {
            let (issuer, kind) = some(name.split_once('#'), ITEM)?;
            let (issuer, kind) = (some(Issuer::parse(issuer), ITEM)?, some(InvoiceKind::parse(kind), ITEM)?);
            figures.count(issuer, kind, valid(number.parse(), ITEM)?);
            continue;
        }
        let amount = valid(Money::from_cents(valid(number.parse(), ITEM)?, Currency::Eur), ITEM)?;
        let sum = match word {
            NET => Sum { net: amount, ..Sum::zero() },
            _ => Sum { vat: amount, ..Sum::zero() },
        };
        valid(figures.add(cell_of(name)?, sum), ITEM)?;
    }
    Ok(figures)
}

fn cell_of(name: &str) -> Result<Cell, Error> {
    let parts: Vec<&str> = name.splitn(5, '#').collect();
    let [issuer, kind, category, percent, catalogue] = parts[..] else {
        return Err(Error::corrupt(ITEM, "the name of a sum"));
    };
    Ok(Cell {
        issuer: some(Issuer::parse(issuer), ITEM)?,
        kind: some(InvoiceKind::parse(kind), ITEM)?,
        vat: some(VatTreatment::parse(category, valid(percent.parse::<Decimal>(), ITEM)?), ITEM)?,
        catalogue: (!catalogue.is_empty()).then(|| catalogue.to_owned()),
    })
}

impl Table {
    /// What was invoiced for a month: by its run, and by invoices of their own.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn figures(&self, month: Month) -> Result<Figures, Error> {
        let run = keys::run_partition(INVOICE, &month.to_string());
        let (parts, singles) =
            tokio::try_join!(async { self.all(&run, &Range::Prefix("SHARD#".to_owned())).await }, async {
                self.all(&keys::figures_partition(month), &Range::Prefix("INVOICE#".to_owned())).await
            },)?;
        let mut figures = Figures::default();
        for item in parts.iter().chain(&singles) {
            valid(figures.merge(&figures_of(item)?), ITEM)?;
        }
        Ok(figures)
    }

    /// The invoices of a month as they stand, in the order of their numbers: those of its run, and those issued by
    /// themselves. Reads each of them (1 RCU), several at a time.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn invoices_of(&self, month: Month) -> Result<Vec<Standing>, Error> {
        let mut known: BTreeSet<(AccountId, InvoiceId)> = self.single_invoices(month).await?.into_iter().collect();
        let parts = (0..keys::ACCOUNT_SHARDS).map(|part| self.invoices_of_part(month, part));
        for invoices in try_join_all(parts).await? {
            known.extend(invoices);
        }
        let read = known.into_iter().map(|(account, invoice)| self.invoice_if_issued(account, invoice));
        let read: Vec<Option<Standing>> = stream::iter(read).buffered(AT_ONCE).try_collect().await?;
        let mut invoices: Vec<Standing> = read.into_iter().flatten().collect();
        invoices.sort_by(|a, b| a.invoice.number.cmp(&b.invoice.number));
        Ok(invoices)
    }

    /// A draft of a run that is still working has no invoice yet.
    async fn invoice_if_issued(&self, account: AccountId, invoice: InvoiceId) -> Result<Option<Standing>, Error> {
        match self.invoice(&account, &invoice).await {
            Ok(standing) => Ok(Some(standing)),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn invoices_of_part(&self, month: Month, part: u16) -> Result<Vec<(AccountId, InvoiceId)>, Error> {
        let (mut found, mut after) = (Vec::new(), None::<String>);
        for _ in 0..PAGES {
            let (marks, more) = self.marks_after(month, part, after.as_deref(), PAGE).await?;
            for mark in &marks {
                if let MonthState::Drafted { invoice } = mark.state()? {
                    found.push((mark.account()?, invoice));
                }
            }
            match marks.last() {
                Some(last) if more => after = Some(last.place().to_owned()),
                _ => return Ok(found),
            }
        }
        Err(Error::internal("marks", "more pages than any partition should have"))
    }

    /// Invoices of a month that were issued by themselves, with whom they belong to.
    async fn single_invoices(&self, month: Month) -> Result<Vec<(AccountId, InvoiceId)>, Error> {
        let range = Range::Prefix("INVOICE#".to_owned());
        let items = self.all(&keys::figures_partition(month), &range).await?;
        let text = |item: &Item, name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
        items
            .iter()
            .map(|item| {
                let account = some(text(item, "account"), ITEM)?;
                let invoice = some(text(item, "invoice"), ITEM)?;
                Ok((valid(AccountId::parse(&account), ITEM)?, valid(InvoiceId::parse(&invoice), ITEM)?))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::AttributeValue;

    use super::*;

    #[test]
    fn sums_are_read_as_they_were_written() {
        let item: Item = [
            ("net#operator#monthly#S#19#attendees@2021-03", "11100"),
            ("vat#operator#monthly#S#19#attendees@2021-03", "2109"),
            ("net#partner#cancellation#AE#0#", "-500"),
            ("invoices#operator#monthly", "2"),
            ("drafted", "7"),
        ]
        .map(|(name, value)| (name.to_owned(), AttributeValue::N(value.to_owned())))
        .into();
        let figures = figures_of(&item).expect("figures");
        let names: Vec<String> = figures.cells.keys().map(cell_name).collect();
        assert_eq!(names, ["operator#monthly#S#19#attendees@2021-03", "partner#cancellation#AE#0#"]);
        assert_eq!(figures.total().expect("a sum").gross().expect("a sum").plain(), "127.09");
        assert_eq!(figures.count_all(), 2);
    }

    #[test]
    fn what_no_one_wrote_is_told() {
        for (name, attribute, value) in [
            ("an unknown issuer", "net#nobody#monthly#S#19#", "1"),
            ("an unknown kind", "vat#operator#weekly#S#19#", "1"),
            ("an unknown category", "net#operator#monthly#X#19#", "1"),
            ("no rate", "net#operator#monthly#S##", "1"),
            ("a part is missing", "net#operator#monthly#S", "1"),
            ("no whole number of cents", "net#operator#monthly#S#19#", "1.5"),
            ("invoices below zero", "invoices#operator#monthly", "-1"),
            ("no kind", "invoices#operator", "1"),
        ] {
            let item = Item::from([(attribute.to_owned(), AttributeValue::N(value.to_owned()))]);
            assert!(matches!(figures_of(&item), Err(Error::Corrupt { .. })), "{name}");
        }
        let text = Item::from([("net#operator#monthly#S#19#".to_owned(), AttributeValue::S("1".to_owned()))]);
        assert!(figures_of(&text).is_err(), "not a number");
    }
}

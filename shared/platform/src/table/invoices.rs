//! Drafts and invoices.

use domain::calendar::{Day, Instant, Month};
use domain::catalog::PlanKey;
use domain::catalog::charge::Issuer;
use domain::catalog::meter::Unit;
use domain::ids::{AccountId, EventId, InvoiceId};
use domain::invoice::{Draft, Invoice, InvoiceNumber, Line, Provenance, Share, Totals};
use domain::language::Text;
use domain::ledger::Posting;
use domain::message::{MailFailure, Notice, Owed};
use domain::money::{Currency, Money, UnitPrice};
use domain::payment::PaymentState;
use domain::vat::{VatGroup, VatRate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::keys;
use super::stored::{StoredAccount, StoredOperator, StoredText, some, valid};
use super::write::Write;
use super::{Item, Range, Table, decode, encode, notices};
use crate::error::Error;

const ITEM: &str = "invoice";

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredLine {
    text: StoredText,
    quantity: String,
    /// UN/ECE code and what people read.
    unit: (String, StoredText),
    unit_price: String,
    /// Days charged and days of the month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    share: Option<(u32, u32)>,
    net: String,
    vat_percent: String,
    first_day: String,
    last_day: String,
    charged_on: String,
    issuer: String,
    catalogue: String,
    plan: String,
    price: String,
    rule: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    meter: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredVat {
    percent: String,
    taxable: String,
    vat: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StoredDraft {
    buyer: StoredAccount,
    month: String,
    currency: String,
    lines: Vec<StoredLine>,
    net: String,
    vat: Vec<StoredVat>,
    gross: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredInvoice {
    id: String,
    series: String,
    sequence: u64,
    issued_on: String,
    due_on: String,
    seller: StoredOperator,
    draft: StoredDraft,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    received_cents: Option<i64>,
}

fn decimal(text: &str) -> Result<Decimal, Error> {
    valid(text.parse::<Decimal>(), ITEM)
}

fn money(text: &str, currency: Currency) -> Result<Money, Error> {
    valid(Money::parse(text, currency), ITEM)
}

fn rate(text: &str) -> Result<VatRate, Error> {
    some(VatRate::from_percent(decimal(text)?), ITEM)
}

impl StoredLine {
    fn new(line: &Line) -> Self {
        Self {
            text: (&line.text).into(),
            quantity: line.quantity.to_string(),
            unit: (line.unit.code.to_string(), StoredText::new(&line.unit.de, &line.unit.en)),
            unit_price: line.unit_price.amount().to_string(),
            share: line.share.map(|share| (share.days, share.of)),
            net: line.net.plain(),
            vat_percent: line.vat_rate.percent().to_string(),
            first_day: line.first_day.to_string(),
            last_day: line.last_day.to_string(),
            charged_on: line.charged_on.to_string(),
            issuer: line.issuer.code().to_owned(),
            catalogue: line.provenance.plan.catalogue.clone(),
            plan: line.provenance.plan.plan.clone(),
            price: line.provenance.price.clone(),
            rule: line.provenance.rule.clone(),
            meter: line.provenance.meter.clone(),
            event: line.provenance.event.as_ref().map(ToString::to_string),
        }
    }

    fn read(self, currency: Currency) -> Result<Line, Error> {
        let (code, label) = self.unit;
        let label = Text::from(label);
        Ok(Line {
            text: self.text.into(),
            quantity: decimal(&self.quantity)?,
            unit: Unit { code: code.into(), de: label.de.into(), en: label.en.into() },
            unit_price: UnitPrice::new(decimal(&self.unit_price)?, currency),
            share: self.share.filter(|(_, of)| *of > 0).map(|(days, of)| Share { days, of }),
            net: money(&self.net, currency)?,
            vat_rate: rate(&self.vat_percent)?,
            first_day: valid(Day::parse(&self.first_day), ITEM)?,
            last_day: valid(Day::parse(&self.last_day), ITEM)?,
            charged_on: valid(Day::parse(&self.charged_on), ITEM)?,
            issuer: some(Issuer::parse(&self.issuer), ITEM)?,
            provenance: Provenance {
                plan: PlanKey { catalogue: self.catalogue, plan: self.plan },
                price: self.price,
                rule: self.rule,
                meter: self.meter,
                event: self.event.map(|event| valid(EventId::parse(&event), ITEM)).transpose()?,
            },
        })
    }
}

impl StoredDraft {
    pub(crate) fn new(draft: &Draft) -> Self {
        let vat = |group: &VatGroup| StoredVat {
            percent: group.rate.percent().to_string(),
            taxable: group.taxable.plain(),
            vat: group.vat.plain(),
        };
        Self {
            buyer: (&draft.buyer).into(),
            month: draft.month.to_string(),
            currency: draft.totals.net.currency().code().to_owned(),
            lines: draft.lines.iter().map(StoredLine::new).collect(),
            net: draft.totals.net.plain(),
            vat: draft.totals.vat.iter().map(vat).collect(),
            gross: draft.totals.gross.plain(),
        }
    }

    pub(crate) fn read(self) -> Result<Draft, Error> {
        let currency = some(Currency::parse(&self.currency), ITEM)?;
        let vat = |group: StoredVat| {
            Ok(VatGroup {
                rate: rate(&group.percent)?,
                taxable: money(&group.taxable, currency)?,
                vat: money(&group.vat, currency)?,
            })
        };
        Ok(Draft {
            buyer: self.buyer.read()?,
            month: valid(Month::parse(&self.month), ITEM)?,
            totals: Totals {
                net: money(&self.net, currency)?,
                vat: self.vat.into_iter().map(vat).collect::<Result<_, Error>>()?,
                gross: money(&self.gross, currency)?,
            },
            lines: self.lines.into_iter().map(|line| line.read(currency)).collect::<Result<_, _>>()?,
        })
    }
}

/// An invoice as it stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The invoice, unchanged since it was issued.
    pub invoice: Invoice,
    /// What has been received for it.
    pub received: Money,
    /// Why the mail it came with did not reach its reader, if so.
    pub mail_failure: Option<MailFailure>,
}

impl Standing {
    /// How far it is paid.
    #[must_use]
    pub fn payment(&self) -> PaymentState {
        PaymentState::of(self.invoice.draft.totals.gross, self.received)
    }
}

/// The writes that issue an invoice: the invoice with the mail it owes, and its ledger posting.
/// Both on the condition that they are not there yet.
///
/// # Errors
/// [`Error::Internal`] when an amount is beyond every limit.
pub fn issuing(invoice: &Invoice, now: Instant) -> Result<[Write; 2], Error> {
    let account = &invoice.draft.buyer.id;
    let key = keys::invoice(account, &invoice.id);
    let stored = StoredInvoice {
        id: invoice.id.to_string(),
        series: invoice.number.series.clone(),
        sequence: invoice.number.sequence,
        issued_on: invoice.issued_on.to_string(),
        due_on: invoice.due_on.to_string(),
        seller: (&invoice.seller).into(),
        draft: StoredDraft::new(&invoice.draft),
        received_cents: None,
    };
    let mut item = encode(&key, &stored)?;
    notices::owe(&mut item, &key, Owed { notice: Notice::InvoiceIssued, revision: 1 }, now);
    let posting = Posting::invoice(&invoice.draft.totals).map_err(|error| Error::internal("posting", error))?;
    let posting_key = keys::invoice_posting(account, &invoice.id);
    let posting = posting_item(&posting_key, &posting, invoice.issued_on)?;
    Ok([Write::put(key, item).if_absent(), Write::put(posting_key, posting).if_absent()])
}

/// A ledger posting as an item.
///
/// # Errors
/// [`Error::Internal`]; not for postings of the domain.
pub(crate) fn posting_item(key: &keys::Key, posting: &Posting, day: Day) -> Result<Item, Error> {
    #[derive(Serialize)]
    struct Entry {
        account: &'static str,
        amount: String,
        currency: &'static str,
    }
    #[derive(Serialize)]
    struct StoredPosting {
        day: String,
        entries: Vec<Entry>,
    }
    let entry = |(account, money): &(domain::ledger::LedgerAccount, Money)| Entry {
        account: account.code(),
        amount: money.plain(),
        currency: money.currency().code(),
    };
    encode(key, &StoredPosting { day: day.to_string(), entries: posting.entries().iter().map(entry).collect() })
}

/// Reads an invoice item.
///
/// # Errors
/// [`Error::Corrupt`].
pub fn read(item: Item) -> Result<Standing, Error> {
    let mail_failure = notices::mail_failure(&item);
    let stored: StoredInvoice = decode(item, ITEM)?;
    let draft = stored.draft.read()?;
    let received = Money::from_cents(stored.received_cents.unwrap_or(0), draft.totals.gross.currency());
    Ok(Standing {
        received: valid(received, ITEM)?,
        mail_failure,
        invoice: Invoice {
            id: valid(InvoiceId::parse(&stored.id), ITEM)?,
            number: InvoiceNumber { series: stored.series, sequence: stored.sequence },
            issued_on: valid(Day::parse(&stored.issued_on), ITEM)?,
            due_on: valid(Day::parse(&stored.due_on), ITEM)?,
            seller: stored.seller.read()?,
            draft,
        },
    })
}

/// Key of an invoice's PDF in the object store.
#[must_use]
pub fn document_key(account: &AccountId, invoice: &InvoiceId) -> String {
    format!("{account}/invoices/{invoice}.pdf")
}

impl Table {
    /// Reads an invoice.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the account has none of this id.
    pub async fn invoice(&self, account: &AccountId, invoice: &InvoiceId) -> Result<Standing, Error> {
        read(self.get(&keys::invoice(account, invoice)).await?.ok_or(Error::NotFound("invoice"))?)
    }

    /// All invoices of an account, newest number first.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn invoices(&self, account: &AccountId) -> Result<Vec<Standing>, Error> {
        let items = self.all(&keys::account_partition(account), &Range::Prefix("INVOICE#".to_owned())).await?;
        let mut invoices = items.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        invoices.sort_by(|a, b| {
            let order = |standing: &Standing| (standing.invoice.issued_on, standing.invoice.number.clone());
            order(b).cmp(&order(a))
        });
        Ok(invoices)
    }
}

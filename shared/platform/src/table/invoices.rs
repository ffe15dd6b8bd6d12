//! Drafts and invoices.

mod reference;

use domain::calendar::{Day, Instant, Month};
use domain::catalog::PlanKey;
use domain::catalog::charge::Issuer;
use domain::catalog::meter::Unit;
use domain::dunning::Dunned;
use domain::ids::{AccountId, EventId, InvoiceId};
use domain::invoice::{Draft, Invoice, InvoiceKind, InvoiceNumber, Line, Provenance, Share, Totals};
use domain::language::Text;
use domain::ledger::Posting;
use domain::message::{MailFailure, Notice, Owed};
use domain::money::{Currency, Money, UnitPrice};
use domain::payment::PaymentState;
use domain::vat::{VatGroup, VatTreatment};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::keys;
use super::parties::{StoredAccount, StoredOperator};
use super::postings::posting_item;
use super::stored::{StoredText, some, valid};
use super::write::Write;
use super::{Item, Range, Table, decode, dunning, encode, notices};
use crate::error::Error;

pub(super) use reference::StoredReference;

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
    /// Category of EN 16931; standard where it is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vat_category: Option<String>,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    taxable: String,
    vat: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StoredDraft {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    buyer: StoredAccount,
    month: String,
    currency: String,
    lines: Vec<StoredLine>,
    net: String,
    vat: Vec<StoredVat>,
    gross: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    credit: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    references: Vec<StoredReference>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredInvoice {
    id: String,
    series: String,
    sequence: u64,
    /// As printed; made of series and sequence where it is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    issued_on: String,
    due_on: String,
    /// Version of the seller; older items, and those of a seller saved before versions were kept, hold a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seller_version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seller: Option<StoredOperator>,
    draft: StoredDraft,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    received_cents: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    credited_cents: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cancelled_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    deducted_by: Option<String>,
    /// Generation of its links; 0 where it is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link_generation: Option<u32>,
}

fn decimal(text: &str) -> Result<Decimal, Error> {
    valid(text.parse::<Decimal>(), ITEM)
}

fn money(text: &str, currency: Currency) -> Result<Money, Error> {
    valid(Money::parse(text, currency), ITEM)
}

/// Percentage and category; only the first is stored where VAT is charged.
fn stored_vat(treatment: VatTreatment) -> (String, Option<String>) {
    let category = (!matches!(treatment, VatTreatment::Taxed(_))).then(|| treatment.category().to_owned());
    (treatment.percent().to_string(), category)
}

fn vat(percent: &str, category: Option<&str>) -> Result<VatTreatment, Error> {
    some(VatTreatment::parse(category.unwrap_or("S"), decimal(percent)?), ITEM)
}

impl StoredLine {
    fn new(line: &Line) -> Self {
        let (vat_percent, vat_category) = stored_vat(line.vat);
        Self {
            text: (&line.text).into(),
            quantity: line.quantity.to_string(),
            unit: (line.unit.code.to_string(), StoredText::new(&line.unit.de, &line.unit.en)),
            unit_price: line.unit_price.amount().to_string(),
            share: line.share.map(|share| (share.days, share.of)),
            net: line.net.plain(),
            vat_percent,
            vat_category,
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
            vat: vat(&self.vat_percent, self.vat_category.as_deref())?,
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
        let vat = |group: &VatGroup| {
            let (percent, category) = stored_vat(group.treatment);
            StoredVat { percent, category, taxable: group.taxable.plain(), vat: group.vat.plain() }
        };
        Self {
            kind: (draft.kind != InvoiceKind::Monthly).then(|| draft.kind.code().to_owned()),
            issuer: (draft.issuer != Issuer::Operator).then(|| draft.issuer.code().to_owned()),
            buyer: (&draft.buyer).into(),
            month: draft.month.to_string(),
            currency: draft.totals.net.currency().code().to_owned(),
            lines: draft.lines.iter().map(StoredLine::new).collect(),
            net: draft.totals.net.plain(),
            vat: draft.totals.vat.iter().map(vat).collect(),
            gross: draft.totals.gross.plain(),
            credit: (!draft.credit.is_zero()).then(|| draft.credit.plain()),
            references: draft.references.iter().map(StoredReference::new).collect(),
            note: draft.note.clone(),
        }
    }

    pub(crate) fn read(self) -> Result<Draft, Error> {
        let currency = some(Currency::parse(&self.currency), ITEM)?;
        let group = |group: StoredVat| {
            Ok(VatGroup {
                treatment: vat(&group.percent, group.category.as_deref())?,
                taxable: money(&group.taxable, currency)?,
                vat: money(&group.vat, currency)?,
            })
        };
        let kind = self.kind.as_deref().map_or(Some(InvoiceKind::Monthly), InvoiceKind::parse);
        let issuer = self.issuer.as_deref().map_or(Some(Issuer::Operator), Issuer::parse);
        let credit = self.credit.map_or(Ok(Money::zero(currency)), |credit| money(&credit, currency))?;
        Ok(Draft {
            kind: some(kind, ITEM)?,
            issuer: some(issuer, ITEM)?,
            credit,
            references: self.references.into_iter().map(StoredReference::read).collect::<Result<_, _>>()?,
            note: self.note,
            buyer: self.buyer.read()?,
            month: valid(Month::parse(&self.month), ITEM)?,
            totals: Totals {
                net: money(&self.net, currency)?,
                vat: self.vat.into_iter().map(group).collect::<Result<_, Error>>()?,
                gross: money(&self.gross, currency)?,
            },
            lines: self.lines.into_iter().map(|line| line.read(currency)).collect::<Result<_, _>>()?,
        })
    }
}

/// An invoice as it stands. What became of it lies beside it: it stays as it was issued (I2).
#[derive(Clone, Debug)]
pub struct Standing {
    /// The invoice, unchanged since it was issued.
    pub invoice: Invoice,
    /// What has been received for it.
    pub received: Money,
    /// How much of that has become credit of the account.
    pub credited: Money,
    /// The invoice that takes it back, if it was cancelled.
    pub cancelled_by: Option<InvoiceId>,
    /// The invoice for what it was a down payment for, once that is issued.
    pub deducted_by: Option<InvoiceId>,
    /// How far it was reminded of, and what came on top of it (I6).
    pub dunned: Dunned,
    /// Whether a mail of it has yet to go out.
    pub owes_mail: bool,
    /// Why the mail it came with did not reach its reader, if so.
    pub mail_failure: Option<MailFailure>,
    /// Generation of its payment links; links of earlier ones no longer work.
    pub link_generation: u32,
}

impl Standing {
    /// How far it is paid.
    #[must_use]
    pub fn payment(&self) -> PaymentState {
        if self.is_cancelled() {
            return PaymentState::Cancelled;
        }
        PaymentState::of(self.claim(), self.kept())
    }
}

/// Key of an invoice's PDF in the object store.
#[must_use]
pub fn document_key(account: &AccountId, invoice: &InvoiceId) -> String {
    format!("{account}/invoices/{invoice}.pdf")
}

/// Key of the XML of an invoice that is XRechnung.
#[must_use]
pub fn xml_key(account: &AccountId, invoice: &InvoiceId) -> String {
    format!("{account}/invoices/{invoice}.xml")
}

impl Table {
    /// The writes that issue an invoice: the invoice with the mail it owes, and its ledger posting.
    /// Both on the condition that they are not there yet.
    ///
    /// # Errors
    /// [`Error::Internal`] when an amount is beyond every limit.
    pub fn issuing(&self, invoice: &Invoice, now: Instant) -> Result<[Write; 2], Error> {
        let account = &invoice.draft.buyer.id;
        let key = keys::invoice(account, &invoice.id);
        let seller = StoredOperator::from(&invoice.seller);
        let seller_version = self.known_version(&seller)?;
        let stored = StoredInvoice {
            id: invoice.id.to_string(),
            series: invoice.number.series.clone(),
            sequence: invoice.number.sequence,
            number: Some(invoice.number.text.clone()),
            issued_on: invoice.issued_on.to_string(),
            due_on: invoice.due_on.to_string(),
            seller: seller_version.is_none().then_some(seller),
            seller_version,
            draft: StoredDraft::new(&invoice.draft),
            received_cents: None,
            credited_cents: None,
            cancelled_by: None,
            deducted_by: None,
            link_generation: None,
        };
        let mut item = encode(&key, &stored)?;
        notices::owe(&mut item, &key, Owed { notice: Notice::InvoiceIssued, revision: 1 }, now);
        let posting = Posting::invoice(&invoice.draft.totals, invoice.draft.credit)
            .map_err(|error| Error::internal("posting", error))?;
        let posting_key = keys::invoice_posting(account, &invoice.id);
        let posting = posting_item(&posting_key, &posting, invoice.issued_on)?;
        Ok([Write::put(key, item).if_absent(), Write::put(posting_key, posting).if_absent()])
    }

    /// Reads an invoice item, and its seller where this process does not know that version yet.
    ///
    /// # Errors
    /// [`Error::Corrupt`], or [`Error`] of the table.
    pub async fn standing(&self, item: Item) -> Result<Standing, Error> {
        let mail_failure = notices::mail_failure(&item);
        let (dunned, owes_mail) = (dunning::dunned(&item)?, notices::owed(&item).is_some());
        let stored: StoredInvoice = decode(item, ITEM)?;
        let draft = stored.draft.read()?;
        let cents =
            |cents: Option<i64>| valid(Money::from_cents(cents.unwrap_or(0), draft.totals.gross.currency()), ITEM);
        let seller = match (stored.seller, stored.seller_version) {
            (Some(copy), _) => copy.read()?,
            (None, Some(version)) => self.issuer_version(&version).await?,
            (None, None) => return Err(Error::corrupt(ITEM, "it has no seller")),
        };
        Ok(Standing {
            received: cents(stored.received_cents)?,
            credited: cents(stored.credited_cents)?,
            cancelled_by: stored.cancelled_by.map(|id| valid(InvoiceId::parse(&id), ITEM)).transpose()?,
            deducted_by: stored.deducted_by.map(|id| valid(InvoiceId::parse(&id), ITEM)).transpose()?,
            dunned,
            owes_mail,
            mail_failure,
            link_generation: stored.link_generation.unwrap_or(0),
            invoice: Invoice {
                id: valid(InvoiceId::parse(&stored.id), ITEM)?,
                number: match stored.number {
                    Some(text) => InvoiceNumber { series: stored.series, sequence: stored.sequence, text },
                    None => InvoiceNumber::unformatted(&stored.series, stored.sequence),
                },
                issued_on: valid(Day::parse(&stored.issued_on), ITEM)?,
                due_on: valid(Day::parse(&stored.due_on), ITEM)?,
                seller,
                draft,
            },
        })
    }

    /// Reads an invoice.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the account has none of this id.
    pub async fn invoice(&self, account: &AccountId, invoice: &InvoiceId) -> Result<Standing, Error> {
        let item = self.get(&keys::invoice(account, invoice)).await?;
        self.standing(item.ok_or(Error::NotFound("invoice"))?).await
    }

    /// All invoices of an account, newest number first.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn invoices(&self, account: &AccountId) -> Result<Vec<Standing>, Error> {
        let items = self.all(&keys::account_partition(account), &Range::Prefix("INVOICE#".to_owned())).await?;
        let mut invoices = Vec::new();
        for item in items {
            invoices.push(self.standing(item).await?);
        }
        invoices.sort_by(|a, b| {
            let order = |standing: &Standing| (standing.invoice.issued_on, standing.invoice.number.clone());
            order(b).cmp(&order(a))
        });
        Ok(invoices)
    }
}

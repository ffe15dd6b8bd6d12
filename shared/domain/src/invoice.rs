//! Invoices: the month's draft, its totals, and the issued invoice that never changes again (I1, I2).

mod month;

use std::fmt;

use rust_decimal::Decimal;

use crate::account::{Account, Operator};
use crate::calendar::{Day, Month};
use crate::catalog::PlanKey;
use crate::catalog::charge::Issuer;
use crate::catalog::meter::Unit;
use crate::ids::{EventId, InvoiceId};
use crate::language::Text;
use crate::money::{Currency, Money, MoneyError, UnitPrice};
use crate::vat::{VatGroup, VatTreatment, groups};

pub use month::{Issuers, Issuing, MonthOutcome, MonthOutcomes, draft_month};

/// The days of a month that a price is charged for: price × days ÷ days of the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Share {
    /// Days that are charged.
    pub days: u32,
    /// Days of the month; never 0.
    pub of: u32,
}

impl Share {
    /// ` (15 von 30 Tagen)`, to stand behind what is charged.
    #[must_use]
    pub fn suffix(self) -> Text {
        let Self { days, of } = self;
        Text { de: format!(" ({days} von {of} Tagen)"), en: format!(" ({days} of {of} days)") }
    }
}

/// Where a line comes from, so that it can be traced (G5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// Catalogue version and plan; both empty for a line that was agreed or entered by itself ([`Provenance::agreed`]).
    pub plan: PlanKey,
    /// Price within the catalogue.
    pub price: String,
    /// Business rule.
    pub rule: String,
    /// Meter the quantity was counted by; fees, orders and discounts have none.
    pub meter: Option<String>,
    /// Event whose usage days add up to the quantity, where events are charged one by one.
    pub event: Option<EventId>,
}

impl Provenance {
    /// A line that comes from no price list: of an offer, or entered by the operator.
    #[must_use]
    pub fn agreed(price: &str, rule: &str) -> Self {
        let plan = PlanKey { catalogue: String::new(), plan: String::new() };
        Self { plan, price: price.to_owned(), rule: rule.to_owned(), meter: None, event: None }
    }

    /// Whether the line comes from a price list.
    #[must_use]
    pub fn is_from_price_list(&self) -> bool {
        !self.plan.catalogue.is_empty()
    }
}

/// A line of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What was supplied.
    pub text: Text,
    /// How much of it.
    pub quantity: Decimal,
    /// Counted in.
    pub unit: Unit,
    /// Net price of one unit.
    pub unit_price: UnitPrice,
    /// The part of the month it is charged for, where that is not whole.
    pub share: Option<Share>,
    /// Quantity × unit price × share, rounded once (G1).
    pub net: Money,
    /// How it is taxed.
    pub vat: VatTreatment,
    /// First day of the service.
    pub first_day: Day,
    /// Last day of the service; the supply is made on it.
    pub last_day: Day,
    /// The day it fell due to be charged: the first of the month for fees in advance, the day of a change,
    /// the day an event ended, the last day of the month for what is counted.
    pub charged_on: Day,
    /// In whose name it is invoiced.
    pub issuer: Issuer,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// Totals of an invoice.
///
/// Invariant (G2): sum of lines = net, net + VAT of all groups = gross.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Sum of the line nets.
    pub net: Money,
    /// One entry per rate.
    pub vat: Vec<VatGroup>,
    /// What is to be paid.
    pub gross: Money,
}

impl Totals {
    /// Adds up lines.
    ///
    /// # Errors
    /// [`MoneyError`] when a sum is beyond the limit.
    pub fn of(lines: &[Line], currency: Currency) -> Result<Self, MoneyError> {
        let net = Money::sum(lines.iter().map(|line| line.net), currency)?;
        let vat = groups(lines.iter().map(|line| (line.vat, line.net)), currency)?;
        let vat_sum = Money::sum(vat.iter().map(|group| group.vat), currency)?;
        Ok(Self { net, vat, gross: net.plus(vat_sum)? })
    }

    /// VAT of all groups.
    ///
    /// # Errors
    /// [`MoneyError`] when the sum is beyond the limit; never for totals made by [`Totals::of`].
    pub fn vat_sum(&self) -> Result<Money, MoneyError> {
        self.gross.minus(self.net)
    }
}

/// What an invoice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InvoiceKind {
    /// Of a month, by the price list.
    Monthly,
    /// Of single supplies, entered by the operator or ordered by an offer.
    Single,
    /// Asked for before the supply, when an offer is accepted (§ 13 (1) No. 1 a sentence 4, § 14 (5) UStG; O1).
    DownPayment,
    /// Of an offer that was fulfilled; down payments are deducted as lines of their own (§ 14 (5) sentence 2 UStG; O1).
    Final,
    /// Fees of a 4-week settlement (A41–A43).
    SettlementFee,
    /// Takes back another invoice as a whole: Stornorechnung (I2). Quantities are those of the other, negated.
    Cancellation,
    /// Stands in for an invoice that was cancelled (I2).
    Correction,
}

impl InvoiceKind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::Monthly,
        Self::Single,
        Self::DownPayment,
        Self::Final,
        Self::SettlementFee,
        Self::Cancellation,
        Self::Correction,
    ];

    /// The word used in storage and interfaces.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Monthly => "monthly",
            Self::Single => "single",
            Self::DownPayment => "down_payment",
            Self::Final => "final",
            Self::SettlementFee => "settlement_fee",
            Self::Cancellation => "cancellation",
            Self::Correction => "correction",
        }
    }

    /// Reads the word used in storage and interfaces.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What stands above it. A cancellation is never called „Gutschrift“, which § 14 (2) UStG keeps for invoices that
    /// buyers write.
    #[must_use]
    pub fn title(self) -> Text {
        match self {
            Self::Monthly | Self::Single | Self::SettlementFee => Text::new("Rechnung", "Invoice"),
            Self::DownPayment => Text::new("Anzahlungsrechnung", "Down payment invoice"),
            Self::Final => Text::new("Schlussrechnung", "Final invoice"),
            Self::Cancellation => Text::new("Stornorechnung", "Cancellation invoice"),
            Self::Correction => Text::new("Rechnungskorrektur", "Corrected invoice"),
        }
    }
}

/// Another invoice that one names (BG-3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its id.
    pub invoice: InvoiceId,
    /// Its number, as printed.
    pub number: String,
    /// Its date.
    pub issued_on: Day,
}

/// An invoice before it has a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What it is.
    pub kind: InvoiceKind,
    /// In whose name it is issued (Z7).
    pub issuer: Issuer,
    /// The buyer as it is now; a later change of the account does not touch the invoice.
    pub buyer: Account,
    /// The billing month; of an invoice that is not monthly, the month it is issued in.
    pub month: Month,
    /// At least one line, in the order the events ended.
    pub lines: Vec<Line>,
    /// Their totals.
    pub totals: Totals,
    /// Money the issuer has already, deducted from what is to be paid: credit from overpaid invoices (BT-113).
    pub credit: Money,
    /// Invoices it names: the one it cancels or corrects, the down payments it deducts.
    pub references: Vec<Reference>,
    /// What else is to be said on it, in the buyer's language: why it is cancelled, which offer it belongs to (BT-22).
    pub note: Option<String>,
}

impl Draft {
    /// A draft of the usual kind: no credit, no references, no note.
    ///
    /// # Errors
    /// [`MoneyError`] when a sum is beyond the limit.
    pub fn new(
        kind: InvoiceKind,
        issuer: Issuer,
        buyer: Account,
        month: Month,
        lines: Vec<Line>,
    ) -> Result<Self, MoneyError> {
        let totals = Totals::of(&lines, Currency::Eur)?;
        let credit = Money::zero(Currency::Eur);
        Ok(Self { kind, issuer, buyer, month, lines, totals, credit, references: Vec::new(), note: None })
    }

    /// What is to be paid: gross less the credit (BT-115 = BT-112 − BT-113).
    #[must_use]
    pub fn due(&self) -> Money {
        // Credit is never more than gross, so the difference of two amounts within the limit exists.
        self.totals.gross.minus(self.credit).unwrap_or(self.totals.gross)
    }

    /// First and last day of all services; `None` without lines.
    #[must_use]
    pub fn service_period(&self) -> Option<(Day, Day)> {
        let first = self.lines.iter().map(|line| line.first_day).min()?;
        Some((first, self.lines.iter().map(|line| line.last_day).max()?))
    }
}

/// How numbers are written where the issuer says nothing else: `RE-2026-00001`.
pub const NUMBER_FORMAT: &str = "{prefix}-{year}-{number:5}";

/// A number, unique and consecutive in its series: prefix and year of issue (I1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InvoiceNumber {
    /// The series, for example `RE-2026`.
    pub series: String,
    /// 1, 2, 3 … within the series.
    pub sequence: u64,
    /// The number as printed (BT-1).
    pub text: String,
}

impl InvoiceNumber {
    /// The series an operator uses for invoices issued on a day.
    #[must_use]
    pub fn series(operator: &Operator, issued_on: Day) -> String {
        Self::series_of(operator, issued_on.month().year())
    }

    /// The series an operator uses in a year.
    #[must_use]
    pub fn series_of(operator: &Operator, year: i32) -> String {
        format!("{}-{year}", operator.invoice_prefix)
    }

    /// The number with a place in a series.
    #[must_use]
    pub fn new(operator: &Operator, series: &str, sequence: u64) -> Self {
        let (prefix, year) = series.rsplit_once('-').unwrap_or((series, ""));
        let format = operator.terms.number_format.as_deref().unwrap_or(NUMBER_FORMAT);
        Self { series: series.to_owned(), sequence, text: written(format, prefix, year, sequence) }
    }

    /// The number of an invoice that was stored before numbers could be formatted.
    #[must_use]
    pub fn unformatted(series: &str, sequence: u64) -> Self {
        Self { series: series.to_owned(), sequence, text: format!("{series}-{sequence:05}") }
    }
}

/// Fills a format: `{prefix}`, `{year}`, `{yy}`, `{number}` and `{number:5}`, the last with leading zeros. Everything
/// else stands as it is.
pub(crate) fn written(format: &str, prefix: &str, year: &str, sequence: u64) -> String {
    let short = year.get(year.len().saturating_sub(2)..).unwrap_or(year);
    let mut text = format.replace("{prefix}", prefix).replace("{year}", year).replace("{yy}", short);
    for digits in 1..=9 {
        text = text.replace(&format!("{{number:{digits}}}"), &format!("{sequence:0digits$}"));
    }
    text.replace("{number}", &sequence.to_string())
}

impl fmt::Display for InvoiceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// An issued invoice; nothing in it ever changes (I2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// Its id.
    pub id: InvoiceId,
    /// Its number.
    pub number: InvoiceNumber,
    /// Date of issue.
    pub issued_on: Day,
    /// Last day to pay.
    pub due_on: Day,
    /// The seller as it was at issue.
    pub seller: Operator,
    /// Buyer, lines and totals.
    pub draft: Draft,
}

impl Invoice {
    /// Gives a draft its number and dates.
    #[must_use]
    pub fn issue(draft: Draft, id: InvoiceId, number: InvoiceNumber, issued_on: Day, seller: Operator) -> Self {
        let due_on = issued_on.plus_days(seller.payment_term_days);
        Self { id, number, issued_on, due_on, seller, draft }
    }

    /// First and last day of all services on it.
    #[must_use]
    pub fn service_period(&self) -> (Day, Day) {
        self.draft.service_period().unwrap_or((self.issued_on, self.issued_on))
    }

    /// How others name it.
    #[must_use]
    pub fn reference(&self) -> Reference {
        Reference { invoice: self.id.clone(), number: self.number.to_string(), issued_on: self.issued_on }
    }
}

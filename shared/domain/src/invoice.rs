//! Invoices: the month's draft, its totals, and the issued invoice that never changes again (I1, I2).

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
use crate::rating::{HoldReason, Rating};
use crate::vat::{VatGroup, VatRate, groups, rate_for};

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
    /// Catalogue version and plan.
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
    /// VAT rate.
    pub vat_rate: VatRate,
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
        let vat = groups(lines.iter().map(|line| (line.vat_rate, line.net)), currency)?;
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

/// An invoice before it has a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The buyer as it is now; a later change of the account does not touch the invoice.
    pub buyer: Account,
    /// The billing month.
    pub month: Month,
    /// At least one line, in the order the events ended.
    pub lines: Vec<Line>,
    /// Their totals.
    pub totals: Totals,
}

/// What a month of an account comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MonthOutcome {
    /// Nothing is to be billed.
    Nothing,
    /// An invoice.
    Draft(Box<Draft>),
    /// Something cannot be priced: no invoice, and why (G7).
    Held(Vec<HoldReason>),
}

/// Makes a month's draft of what it comes to. Same input, same outcome.
#[must_use]
pub fn draft_month(account: &Account, month: Month, rating: Rating) -> MonthOutcome {
    let Rating { lines, held: mut reasons, .. } = rating;
    let lines: Vec<Line> = lines.into_iter().map(|rated| rated.line).collect();
    if lines.is_empty() && reasons.is_empty() {
        return MonthOutcome::Nothing;
    }
    if !lines.is_empty()
        && let Err(reason) = rate_for(account.address.as_ref())
    {
        reasons.push(reason);
    }
    if lines.iter().any(|line| line.issuer == Issuer::Partner) {
        reasons.push(HoldReason::PartnerInvoice);
    }
    let totals = match Totals::of(&lines, Currency::Eur) {
        Ok(totals) if totals.gross.amount().is_sign_negative() && !totals.gross.is_zero() => {
            reasons.push(HoldReason::BelowZero(totals.net.amount()));
            None
        }
        Ok(totals) => Some(totals),
        Err(error) => {
            reasons.push(HoldReason::Total(error));
            None
        }
    };
    match totals {
        Some(totals) if reasons.is_empty() => {
            MonthOutcome::Draft(Box::new(Draft { buyer: account.clone(), month, lines, totals }))
        }
        _ => MonthOutcome::Held(reasons),
    }
}

/// A number, unique and consecutive in its series: prefix and year of issue (I1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InvoiceNumber {
    /// The series, for example `RE-2026`.
    pub series: String,
    /// 1, 2, 3 … within the series.
    pub sequence: u64,
}

impl InvoiceNumber {
    /// The series an operator uses for invoices issued on a day.
    #[must_use]
    pub fn series(operator: &Operator, issued_on: Day) -> String {
        format!("{}-{}", operator.invoice_prefix, issued_on.month().year())
    }
}

impl fmt::Display for InvoiceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:05}", self.series, self.sequence)
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
        let first = self.draft.lines.iter().map(|line| line.first_day).min();
        let last = self.draft.lines.iter().map(|line| line.last_day).max();
        (first.unwrap_or(self.issued_on), last.unwrap_or(self.issued_on))
    }
}

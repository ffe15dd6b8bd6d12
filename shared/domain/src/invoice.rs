//! Invoices: the month's draft, its totals, and the issued invoice that never changes again (I1, I2).

use std::fmt;

use rust_decimal::Decimal;

use crate::account::{Account, Operator};
use crate::calendar::{Day, Month};
use crate::catalog::{OldPlan as Plan, PlanKey, find};
use crate::ids::{EventId, InvoiceId};
use crate::language::Text;
use crate::money::{Currency, Money, MoneyError, UnitPrice};
use crate::rating::{HoldReason, Rated, rate_ended_event};
use crate::usage::EndedEvent;
use crate::vat::{VatGroup, VatRate, groups, rate_for};

/// Unit a quantity is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A person who counts as coming to an event.
    Attendee,
}

impl Unit {
    /// The word used in storage.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Attendee => "attendee",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text == "attendee").then_some(Self::Attendee)
    }

    /// What people read.
    #[must_use]
    pub fn label(self) -> Text {
        match self {
            Self::Attendee => Text::new("Teilnehmer", "attendee"),
        }
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
    /// Meter the quantity was counted by.
    pub meter: String,
    /// Event whose usage days add up to the quantity.
    pub event: EventId,
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
    /// Quantity times price, rounded once (G1).
    pub net: Money,
    /// VAT rate.
    pub vat_rate: VatRate,
    /// First day of the service.
    pub first_day: Day,
    /// Last day of the service; the supply is made on it.
    pub last_day: Day,
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

/// Prices a month of an account. Same input, same outcome.
#[must_use]
pub fn draft_month(account: &Account, month: Month, ended: &[EndedEvent]) -> MonthOutcome {
    if ended.is_empty() {
        return MonthOutcome::Nothing;
    }
    let Some(Plan::PayPerAttendee(plan)) = find(&account.plan) else {
        return MonthOutcome::Held(vec![HoldReason::UnknownPlan(account.plan.clone())]);
    };
    let vat_rate = rate_for(account.address.as_ref());
    let mut ended: Vec<&EndedEvent> = ended.iter().collect();
    ended.sort_by(|a, b| (a.over_on, &a.event).cmp(&(b.over_on, &b.event)));
    let (mut lines, mut reasons) = (Vec::new(), Vec::new());
    for event in ended {
        // A rate is needed to make a line at all; the hold for a missing one is added once, below, and
        // only if there is something to bill.
        match rate_ended_event(&plan, &account.plan, event, *vat_rate.as_ref().unwrap_or(&VatRate::STANDARD)) {
            Ok(Rated::Line(line)) => lines.push(*line),
            Ok(Rated::Free(_)) => {}
            Err(reason) => reasons.push(reason),
        }
    }
    match vat_rate {
        Err(reason) if !lines.is_empty() => reasons.push(reason),
        _ => {}
    }
    if !reasons.is_empty() {
        return MonthOutcome::Held(reasons);
    }
    if lines.is_empty() {
        return MonthOutcome::Nothing;
    }
    match Totals::of(&lines, Currency::Eur) {
        Ok(totals) => MonthOutcome::Draft(Box::new(Draft { buyer: account.clone(), month, lines, totals })),
        Err(error) => MonthOutcome::Held(vec![HoldReason::Total(error)]),
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

//! What a month of an account comes to: an invoice of the operator's, one of the service partner's (Z7), or why not.

use rust_decimal::Decimal;

use super::{Draft, Invoice, InvoiceKind, InvoiceNumber, Line};
use crate::account::{Account, Operator};
use crate::calendar::{Day, Month};
use crate::catalog::charge::Issuer;
use crate::ids::InvoiceId;
use crate::rating::{HoldReason, Rating};
use crate::vat::treatment_for;

/// What a month of an account comes to in one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MonthOutcome {
    /// Nothing is to be billed.
    Nothing,
    /// An invoice.
    Draft(Box<Draft>),
    /// Something cannot be priced: no invoice, and why (G7).
    Held(Vec<HoldReason>),
}

/// What a month of an account comes to, for each of those who may issue an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthOutcomes {
    /// In the operator's name.
    pub operator: MonthOutcome,
    /// In the service partner's name; nothing for most accounts.
    pub partner: MonthOutcome,
}

impl MonthOutcomes {
    /// A month that cannot be evaluated at all.
    #[must_use]
    pub fn held(reason: HoldReason) -> Self {
        Self { operator: MonthOutcome::Held(vec![reason]), partner: MonthOutcome::Nothing }
    }

    /// The outcome in one name.
    #[must_use]
    pub const fn of(&self, issuer: Issuer) -> &MonthOutcome {
        match issuer {
            Issuer::Operator => &self.operator,
            Issuer::Partner => &self.partner,
        }
    }
}

/// Those in whose names invoices are issued.
#[derive(Clone, Copy, Debug)]
pub struct Issuers<'a> {
    /// The operator.
    pub operator: &'a Operator,
    /// Its service partner, once entered.
    pub partner: Option<&'a Operator>,
}

/// Makes the drafts of a month of what it comes to. Same input, same outcomes.
///
/// What keeps rating from pricing something holds the whole month; what concerns one issuer holds that one's invoice.
#[must_use]
pub fn draft_month(issuers: Issuers<'_>, account: &Account, month: Month, rating: Rating) -> MonthOutcomes {
    let Rating { lines, held, .. } = rating;
    let lines = lines.into_iter().map(|rated| rated.line);
    let (own, others): (Vec<Line>, Vec<Line>) = lines.partition(|line| line.issuer == Issuer::Operator);
    let partner = match issuers.partner {
        _ if others.is_empty() => MonthOutcome::Nothing,
        None => {
            let mut reasons = held.clone();
            reasons.push(HoldReason::NoPartner);
            MonthOutcome::Held(reasons)
        }
        // One series for two issuers would give each of them gaps (I1).
        Some(partner) if partner.invoice_prefix == issuers.operator.invoice_prefix => {
            let mut reasons = held.clone();
            reasons.push(HoldReason::SharedSeries(partner.invoice_prefix.clone()));
            MonthOutcome::Held(reasons)
        }
        Some(partner) => draft(partner, Issuer::Partner, account, month, others, held.clone()),
    };
    MonthOutcomes { operator: draft(issuers.operator, Issuer::Operator, account, month, own, held), partner }
}

fn draft(
    seller: &Operator,
    issuer: Issuer,
    account: &Account,
    month: Month,
    mut lines: Vec<Line>,
    mut reasons: Vec<HoldReason>,
) -> MonthOutcome {
    if lines.is_empty() && reasons.is_empty() {
        return MonthOutcome::Nothing;
    }
    match treatment_for(seller, account) {
        Ok(Some(treatment)) => lines.iter_mut().for_each(|line| line.vat = treatment),
        Err(reason) if !lines.is_empty() => reasons.push(reason),
        Ok(None) | Err(_) => {}
    }
    let draft = match Draft::new(InvoiceKind::Monthly, issuer, account.as_buyer_of(issuer), month, lines) {
        Ok(draft) if draft.totals.gross.amount() < Decimal::ZERO => {
            reasons.push(HoldReason::BelowZero(draft.totals.net));
            None
        }
        Ok(draft) => Some(draft),
        Err(error) => {
            reasons.push(HoldReason::Total(error));
            None
        }
    };
    match draft {
        Some(draft) if reasons.is_empty() => MonthOutcome::Draft(Box::new(draft)),
        _ => MonthOutcome::Held(reasons),
    }
}

/// How the invoices of a day, or of a run, are issued: date, and for each issuer who it is and where its numbers come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuing {
    issued_on: Day,
    operator: (Operator, String),
    partner: Option<(Operator, String)>,
}

impl Issuing {
    /// For invoices of a day. A partner whose prefix is the operator's issues none.
    #[must_use]
    pub fn on(issuers: Issuers<'_>, issued_on: Day) -> Self {
        let series = InvoiceNumber::series(issuers.operator, issued_on);
        let partner = issuers.partner.map(|partner| InvoiceNumber::series(partner, issued_on));
        Self::in_series(issuers, issued_on, series, partner)
    }

    /// For invoices whose series were fixed before.
    #[must_use]
    pub fn in_series(issuers: Issuers<'_>, issued_on: Day, series: String, partner: Option<String>) -> Self {
        let partner = issuers.partner.cloned().zip(partner.filter(|partner| *partner != series));
        Self { issued_on, operator: (issuers.operator.clone(), series), partner }
    }

    /// Date on the invoices.
    #[must_use]
    pub const fn issued_on(&self) -> Day {
        self.issued_on
    }

    /// The series of an issuer, if it issues any.
    #[must_use]
    pub fn series(&self, issuer: Issuer) -> Option<&str> {
        self.issuer(issuer).map(|(_, series)| series.as_str())
    }

    /// The number with a place in the series of an issuer.
    #[must_use]
    pub fn number(&self, issuer: Issuer, sequence: u64) -> Option<InvoiceNumber> {
        self.issuer(issuer).map(|(seller, series)| InvoiceNumber::new(seller, series, sequence))
    }

    /// The invoice of a draft.
    #[must_use]
    pub fn invoice(&self, draft: Draft, id: InvoiceId, sequence: u64) -> Option<Invoice> {
        let (seller, _) = self.issuer(draft.issuer)?;
        let number = self.number(draft.issuer, sequence)?;
        Some(Invoice::issue(draft, id, number, self.issued_on, seller.clone()))
    }

    fn issuer(&self, issuer: Issuer) -> Option<&(Operator, String)> {
        match issuer {
            Issuer::Operator => Some(&self.operator),
            Issuer::Partner => self.partner.as_ref(),
        }
    }
}

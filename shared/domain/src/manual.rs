//! Invoices entered by hand: what the operator types becomes a draft like any other (I1, I4, O1).
//!
//! What was entered is kept as entered; the draft is made of it anew each time, with the buyer and the seller as
//! they are then, so that a preview shows what would be issued now.

pub mod form;

use rust_decimal::Decimal;

use crate::account::{Account, Operator};
use crate::calendar::Day;
use crate::catalog::charge::Issuer;
use crate::catalog::meter::Unit;
use crate::invoice::{Draft, InvoiceKind, Line, Provenance, Reference};
use crate::language::Text;
use crate::money::{Currency, UnitPrice};
use crate::rating::HoldReason;
use crate::vat::{VatRate, VatTreatment, treatment_for};

/// Kinds that can be entered by hand.
pub const KINDS: [InvoiceKind; 2] = [InvoiceKind::Single, InvoiceKind::SettlementFee];

/// Price and rule that lines entered by hand name as their origin (G5).
const ORIGIN: (&str, &str) = ("manual", "agreed");

/// An invoice as it was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// What it is.
    pub kind: InvoiceKind,
    /// In whose name it is issued.
    pub issuer: Issuer,
    /// Its lines; at least one.
    pub lines: Vec<EnteredLine>,
    /// What else is to be said on it.
    pub note: Option<String>,
    /// The buyer's order number, where it differs from the one its account always has (BT-13).
    pub order_reference: Option<String>,
    /// Days to pay, where they differ from the issuer's.
    pub due_days: Option<u64>,
    /// Invoices it names: the one it corrects (I2).
    pub references: Vec<Reference>,
}

/// A line as it was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnteredLine {
    /// What is supplied, in the buyer's language.
    pub text: String,
    /// How much of it; below zero for what is taken back.
    pub quantity: Decimal,
    /// Counted in.
    pub unit: Unit,
    /// Net price of one unit; never below zero (BR-27).
    pub unit_price: Decimal,
    /// The rate that holds if it is taxed at all.
    pub vat: VatRate,
    /// First day of the service.
    pub first_day: Day,
    /// Last day of the service.
    pub last_day: Day,
}

impl EnteredLine {
    /// The line as it stands on an invoice.
    ///
    /// # Errors
    /// [`HoldReason::Total`] when the amount is beyond the limit.
    fn line(&self, issuer: Issuer, treatment: Option<VatTreatment>) -> Result<Line, HoldReason> {
        let unit_price = UnitPrice::new(self.unit_price, Currency::Eur);
        Ok(Line {
            text: Text::new(&self.text, &self.text),
            quantity: self.quantity,
            unit: self.unit.clone(),
            unit_price,
            share: None,
            net: unit_price.times(self.quantity).map_err(HoldReason::Total)?,
            vat: treatment.unwrap_or(VatTreatment::Taxed(self.vat)),
            first_day: self.first_day,
            last_day: self.last_day,
            charged_on: self.last_day,
            issuer,
            provenance: Provenance::agreed(ORIGIN.0, ORIGIN.1),
        })
    }
}

impl Entered {
    /// The draft it makes today. Same input, same draft.
    ///
    /// # Errors
    /// Why it cannot be invoiced: the VAT cannot be told (I4), or the amounts are out of bounds.
    pub fn draft(&self, seller: &Operator, account: &Account, today: Day) -> Result<Draft, HoldReason> {
        let treatment = treatment_for(seller, account)?;
        let lines = self.lines.iter().map(|line| line.line(self.issuer, treatment)).collect::<Result<_, _>>()?;
        let mut buyer = account.clone();
        if let Some(reference) = &self.order_reference {
            buyer.terms.order_reference = Some(reference.clone());
        }
        let draft = Draft::new(self.kind, self.issuer, buyer, today.month(), lines).map_err(HoldReason::Total)?;
        if draft.totals.gross.amount() < Decimal::ZERO {
            return Err(HoldReason::BelowZero(draft.totals.net));
        }
        Ok(Draft { references: self.references.clone(), note: self.note.clone(), ..draft })
    }

    /// Last day to pay of an invoice issued on a day.
    #[must_use]
    pub fn due_on(&self, seller: &Operator, issued_on: Day) -> Day {
        issued_on.plus_days(self.due_days.unwrap_or(seller.payment_term_days))
    }
}

#[cfg(test)]
pub(crate) mod tests;

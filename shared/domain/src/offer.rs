//! Binding offers (O1): items, prices and a delivery date; accepted, delivered and invoiced.
//!
//! What is offered never changes once it was sent, so that what was accepted can be shown years later. States change
//! by [`state::decide`] alone.

pub mod billing;
pub mod form;
pub mod policy;
pub mod policy_form;
pub mod state;

use rust_decimal::Decimal;

use crate::calendar::Day;
use crate::catalog::meter::Unit;
use crate::ids::{AccountId, OfferId};
use crate::language::Language;
use crate::manual::EnteredLine;
use crate::money::{Currency, Money, MoneyError, UnitPrice};
use crate::vat::VatRate;

/// A binding offer to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its id.
    pub id: OfferId,
    /// To whom.
    pub account: AccountId,
    /// The language it is written in: that of the account.
    pub language: Language,
    /// What it is about, in a few words.
    pub title: String,
    /// What is offered; at least one item.
    pub items: Vec<Item>,
    /// When it will be delivered.
    pub deliver_on: Day,
    /// The last day it can be accepted on.
    pub valid_until: Day,
    /// What else is agreed.
    pub note: Option<String>,
    /// When it was made.
    pub made_on: Day,
}

/// Something that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What, in the customer's language.
    pub text: String,
    /// How much of it; below zero for a discount.
    pub quantity: Decimal,
    /// Counted in.
    pub unit: Unit,
    /// Net price of one unit; kept as offered, whatever price lists say later.
    pub unit_price: Decimal,
    /// The rate that holds if it is taxed at all.
    pub vat: VatRate,
}

impl Item {
    /// Quantity × unit price, rounded once (G1).
    ///
    /// # Errors
    /// [`MoneyError`] beyond the limit.
    pub fn net(&self) -> Result<Money, MoneyError> {
        UnitPrice::new(self.unit_price, Currency::Eur).times(self.quantity)
    }

    /// The line of an invoice for it, supplied on a day.
    #[must_use]
    pub fn line(&self, day: Day) -> EnteredLine {
        EnteredLine {
            text: self.text.clone(),
            quantity: self.quantity,
            unit: self.unit.clone(),
            unit_price: self.unit_price,
            vat: self.vat,
            first_day: day,
            last_day: day,
        }
    }
}

impl Offer {
    /// What people call it by: `AN-2026-3F9A1C`, of the year it was made and its id.
    #[must_use]
    pub fn number(&self) -> String {
        let id = self.id.as_str().rsplit('_').next().unwrap_or_default();
        let letters: String = id.chars().take(6).collect();
        format!("AN-{}-{}", self.made_on.month().year(), letters.to_ascii_uppercase())
    }

    /// Net total of its items.
    ///
    /// # Errors
    /// [`MoneyError`] beyond the limit.
    pub fn net(&self) -> Result<Money, MoneyError> {
        let nets = self.items.iter().map(Item::net).collect::<Result<Vec<_>, _>>()?;
        Money::sum(nets, Currency::Eur)
    }

    /// All that is offered as one text, always the same for the same offer. Its digest, kept with the acceptance, tells
    /// later whether this is what was accepted.
    #[must_use]
    pub fn content(&self) -> String {
        let Self { id, account, language, title, items, deliver_on, valid_until, note, made_on } = self;
        let note = note.as_deref().unwrap_or_default();
        let mut text =
            format!("{id}\n{account}\n{}\n{made_on}\n{deliver_on}\n{valid_until}\n{title}\n{note}\n", language.code());
        for item in items {
            let Item { text: what, quantity, unit, unit_price, vat } = item;
            let (quantity, unit_price) = (quantity.normalize(), unit_price.normalize());
            text.push_str(&format!("{quantity}\t{}\t{unit_price}\t{}\t{what}\n", unit.de, vat.percent().normalize()));
        }
        text
    }
}

#[cfg(test)]
mod tests;

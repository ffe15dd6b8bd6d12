//! Sums of what was invoiced: by month, price list, kind of invoice and VAT, such that every breakdown adds up to the
//! invoices to the cent.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::catalog::charge::Issuer;
use crate::invoice::{Draft, InvoiceKind, Line};
use crate::money::{Currency, Money, MoneyError};
use crate::vat::{VatGroup, VatTreatment};

/// What a sum is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// In whose name it was invoiced (Z7).
    pub issuer: Issuer,
    /// On invoices of which kind.
    pub kind: InvoiceKind,
    /// How it was taxed.
    pub vat: VatTreatment,
    /// The price list, `name@version`; none for what was agreed or entered by itself.
    pub catalogue: Option<String>,
}

/// Net and VAT that were invoiced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Sum of lines.
    pub net: Money,
    /// VAT on them, as it stands on the invoices.
    pub vat: Money,
}

impl Sum {
    /// Nothing.
    #[must_use]
    pub const fn zero() -> Self {
        Self { net: Money::zero(Currency::Eur), vat: Money::zero(Currency::Eur) }
    }

    /// Both together.
    ///
    /// # Errors
    /// [`MoneyError`] when the sum is beyond the limit.
    pub fn gross(self) -> Result<Money, MoneyError> {
        self.net.plus(self.vat)
    }

    /// The sum of two.
    ///
    /// # Errors
    /// [`MoneyError`] when a sum is beyond the limit.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self { net: self.net.plus(other.net)?, vat: self.vat.plus(other.vat)? })
    }
}

/// Sums of some invoices.
///
/// Invariant: the cells add up to net and VAT of the invoices, whichever way they are grouped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// What was invoiced. A cancellation invoice counts below zero (I2).
    pub cells: BTreeMap<Cell, Sum>,
    /// How many invoices there are of each kind.
    pub invoices: BTreeMap<(Issuer, InvoiceKind), u64>,
}

impl Figures {
    /// The figures of one invoice.
    ///
    /// The VAT of a group is worked out on the group as a whole (G2). Where its lines come from several price lists,
    /// each gets the VAT on its own part, and what rounding leaves over goes to the one with the largest part.
    ///
    /// # Errors
    /// [`MoneyError`] when a sum is beyond the limit; never for totals made by [`crate::invoice::Totals::of`].
    pub fn of(draft: &Draft) -> Result<Self, MoneyError> {
        let mut figures = Self::default();
        for group in &draft.totals.vat {
            let lines = draft.lines.iter().filter(|line| line.vat == group.treatment);
            for (catalogue, sum) in shared(lines, group)? {
                let cell = Cell { issuer: draft.issuer, kind: draft.kind, vat: group.treatment, catalogue };
                figures.add(cell, sum)?;
            }
        }
        figures.count(draft.issuer, draft.kind, 1);
        Ok(figures)
    }

    /// Adds to a cell.
    ///
    /// # Errors
    /// [`MoneyError`] when a sum is beyond the limit.
    pub fn add(&mut self, cell: Cell, sum: Sum) -> Result<(), MoneyError> {
        let known = self.cells.entry(cell).or_insert(Sum::zero());
        *known = known.plus(sum)?;
        Ok(())
    }

    /// Counts invoices of a kind.
    pub fn count(&mut self, issuer: Issuer, kind: InvoiceKind, invoices: u64) {
        let known = self.invoices.entry((issuer, kind)).or_default();
        *known = known.saturating_add(invoices);
    }

    /// Adds the figures of other invoices.
    ///
    /// # Errors
    /// [`MoneyError`] when a sum is beyond the limit.
    pub fn merge(&mut self, other: &Self) -> Result<(), MoneyError> {
        for (cell, sum) in &other.cells {
            self.add(cell.clone(), *sum)?;
        }
        for ((issuer, kind), invoices) in &other.invoices {
            self.count(*issuer, *kind, *invoices);
        }
        Ok(())
    }

    /// The figures in the name of one issuer alone: what a partner invoices is no turnover of the operator.
    #[must_use]
    pub fn of_issuer(&self, issuer: Issuer) -> Self {
        let cells = self.cells.iter().filter(|(cell, _)| cell.issuer == issuer);
        let invoices = self.invoices.iter().filter(|((known, _), _)| *known == issuer);
        Self {
            cells: cells.map(|(cell, sum)| (cell.clone(), *sum)).collect(),
            invoices: invoices.map(|(key, invoices)| (*key, *invoices)).collect(),
        }
    }

    /// All of it.
    ///
    /// # Errors
    /// [`MoneyError`] when a sum is beyond the limit.
    pub fn total(&self) -> Result<Sum, MoneyError> {
        self.cells.values().try_fold(Sum::zero(), |sum, cell| sum.plus(*cell))
    }

    /// How many invoices there are.
    #[must_use]
    pub fn count_all(&self) -> u64 {
        self.invoices.values().fold(0, |sum, invoices| sum.saturating_add(*invoices))
    }

    /// Sums by any part of what they are of.
    ///
    /// # Errors
    /// [`MoneyError`] when a sum is beyond the limit.
    pub fn by<K: Ord>(&self, key: impl Fn(&Cell) -> K) -> Result<BTreeMap<K, Sum>, MoneyError> {
        let mut sums = BTreeMap::new();
        for (cell, sum) in &self.cells {
            let known = sums.entry(key(cell)).or_insert(Sum::zero());
            *known = known.plus(*sum)?;
        }
        Ok(sums)
    }
}

/// Net and VAT of each price list that lines of one VAT group come from.
fn shared<'a>(
    lines: impl Iterator<Item = &'a Line>,
    group: &VatGroup,
) -> Result<BTreeMap<Option<String>, Sum>, MoneyError> {
    let mut parts: BTreeMap<Option<String>, Sum> = BTreeMap::new();
    for line in lines {
        let provenance = &line.provenance;
        let catalogue = provenance.is_from_price_list().then(|| provenance.plan.catalogue.clone());
        let part = parts.entry(catalogue).or_insert(Sum::zero());
        part.net = part.net.plus(line.net)?;
    }
    let mut given = Money::zero(Currency::Eur);
    let mut largest = (Decimal::NEGATIVE_ONE, None);
    for (catalogue, part) in &mut parts {
        part.vat = part.net.percent(group.treatment.percent())?;
        given = given.plus(part.vat)?;
        if part.net.amount().abs() > largest.0 {
            largest = (part.net.amount().abs(), Some(catalogue.clone()));
        }
    }
    if let Some(part) = largest.1.and_then(|catalogue| parts.get_mut(&catalogue)) {
        part.vat = part.vat.plus(group.vat.minus(given)?)?;
    }
    Ok(parts)
}

#[cfg(test)]
mod tests;

//! The archive of invoices: what is compared when it is checked, what a year comes to, and which numbers are not in it
//! (I1, I5).

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::invoice::Totals;
use crate::money::{Currency, Money, MoneyError};
use crate::vat::{VatGroup, VatTreatment};

/// What is known of a stored document: its size in bytes and the SHA-256 of its content, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// Bytes.
    pub size: u64,
    /// SHA-256, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// What is wrong with a document of the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is none under its key.
    Missing,
    /// There is one, but not the one that was stored.
    Differs,
}

impl Fault {
    /// The word used in storage and logs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Differs => "differs",
        }
    }

    /// Reads the word used in storage.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Missing, Self::Differs].into_iter().find(|fault| fault.code() == code)
    }

    /// Compares what is found with what was stored; `None` if all is well.
    #[must_use]
    pub fn of(stored: &Fingerprint, found: Option<&Fingerprint>) -> Option<Self> {
        match found {
            None => Some(Self::Missing),
            Some(found) => (found != stored).then_some(Self::Differs),
        }
    }
}

/// What the invoices of a year come to.
///
/// Invariant: net + VAT of all groups = gross, as for each invoice (G2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearTotals {
    /// How many invoices, cancellations among them.
    pub invoices: u64,
    /// Sum of their nets.
    pub net: Money,
    /// VAT by treatment: sums of what the invoices say, not computed anew.
    pub vat: Vec<VatGroup>,
    /// Sum of their gross amounts.
    pub gross: Money,
}

impl YearTotals {
    /// Of no invoice.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { invoices: 0, net: Money::zero(currency), vat: Vec::new(), gross: Money::zero(currency) }
    }

    /// Adds the totals of an invoice. What takes an invoice back has amounts below zero, so sums are what remains.
    ///
    /// # Errors
    /// [`MoneyError`] when a sum is beyond the limit.
    pub fn add(&mut self, totals: &Totals) -> Result<(), MoneyError> {
        let mut groups: BTreeMap<VatTreatment, (Money, Money)> =
            self.vat.iter().map(|group| (group.treatment, (group.taxable, group.vat))).collect();
        for group in &totals.vat {
            let zero = Money::zero(group.taxable.currency());
            let sum = groups.entry(group.treatment).or_insert((zero, zero));
            *sum = (sum.0.plus(group.taxable)?, sum.1.plus(group.vat)?);
        }
        let (net, gross) = (self.net.plus(totals.net)?, self.gross.plus(totals.gross)?);
        let group = |(treatment, (taxable, vat))| VatGroup { treatment, taxable, vat };
        *self = Self { invoices: self.invoices + 1, net, vat: groups.into_iter().map(group).collect(), gross };
        Ok(())
    }

    /// Whether the sums agree with each other, to the cent.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let sum = |part: fn(&VatGroup) -> Money| Money::sum(self.vat.iter().map(part), self.net.currency());
        let (Ok(taxable), Ok(vat)) = (sum(|group| group.taxable), sum(|group| group.vat)) else { return false };
        taxable == self.net && self.net.plus(vat) == Ok(self.gross)
    }
}

/// Follows the numbers of several series in their order, and tells which are left out (I1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    last: BTreeMap<String, u64>,
}

impl Numbers {
    /// Goes on after the last number seen of each series.
    #[must_use]
    pub const fn after(last: BTreeMap<String, u64>) -> Self {
        Self { last }
    }

    /// The last number seen of each series.
    #[must_use]
    pub const fn last(&self) -> &BTreeMap<String, u64> {
        &self.last
    }

    /// Notes the next number of a series; gives those left out before it.
    pub fn see(&mut self, series: &str, number: u64) -> Option<RangeInclusive<u64>> {
        let last = self.last.get(series).copied().unwrap_or(0);
        if number <= last {
            return None;
        }
        self.last.insert(series.to_owned(), number);
        left_out(last, number)
    }

    /// Numbers of a series that were taken after the last one seen; `next` is the number it would give next.
    #[must_use]
    pub fn rest(&self, series: &str, next: u64) -> Option<RangeInclusive<u64>> {
        left_out(self.last.get(series).copied().unwrap_or(0), next)
    }
}

/// Numbers between two, both excluded.
fn left_out(last: u64, next: u64) -> Option<RangeInclusive<u64>> {
    let first = last.saturating_add(1);
    (first < next).then(|| first..=next.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vat::VatRate;
    use rust_decimal::Decimal;

    fn eur(cents: i64) -> Money {
        Money::from_cents(cents, Currency::Eur).expect("an amount")
    }

    fn totals(groups: &[(VatTreatment, i64, i64)]) -> Totals {
        let net = groups.iter().map(|(_, taxable, _)| taxable).sum();
        let vat: i64 = groups.iter().map(|(_, _, vat)| vat).sum();
        let group = |(treatment, taxable, vat): &(VatTreatment, i64, i64)| VatGroup {
            treatment: *treatment,
            taxable: eur(*taxable),
            vat: eur(*vat),
        };
        Totals { net: eur(net), vat: groups.iter().map(group).collect(), gross: eur(net + vat) }
    }

    fn taxed(percent: i64) -> VatTreatment {
        VatTreatment::Taxed(VatRate::from_percent(Decimal::from(percent)).expect("a rate"))
    }

    #[test]
    fn a_document_is_compared_by_size_and_hash() {
        let print = |size, sha256: &str| Fingerprint { size, sha256: sha256.to_owned() };
        let stored = print(3, "aa");
        for (name, found, expected) in [
            ("the same", Some(print(3, "aa")), None),
            ("another content", Some(print(3, "ab")), Some(Fault::Differs)),
            ("cut off", Some(print(2, "aa")), Some(Fault::Differs)),
            ("none", None, Some(Fault::Missing)),
        ] {
            assert_eq!(Fault::of(&stored, found.as_ref()), expected, "{name}");
        }
    }

    /// G2 for a year: VAT is the sum of what the invoices say. Twice 0.03 at 19 % is 0.02 on two invoices, 0.01 on one.
    #[test]
    fn a_year_adds_up_to_the_cent() {
        let mut year = YearTotals::zero(Currency::Eur);
        assert!(year.adds_up());
        for invoice in [
            totals(&[(taxed(19), 3, 1)]),
            totals(&[(taxed(19), 3, 1)]),
            totals(&[(taxed(7), 1_000, 70), (taxed(19), 10_000, 1_900)]),
            totals(&[(VatTreatment::ReverseCharge, 5_000, 0)]),
            totals(&[(taxed(19), -10_000, -1_900)]),
        ] {
            year.add(&invoice).expect("within the limit");
        }
        assert_eq!((year.invoices, year.net, year.gross), (5, eur(6_006), eur(6_078)));
        let group = |treatment| year.vat.iter().find(|group| group.treatment == treatment).expect("a group");
        assert_eq!((group(taxed(19)).taxable, group(taxed(19)).vat), (eur(6), eur(2)));
        assert_eq!((group(taxed(7)).taxable, group(taxed(7)).vat), (eur(1_000), eur(70)));
        assert_eq!(group(VatTreatment::ReverseCharge).taxable, eur(5_000));
        assert!(year.adds_up());
        year.gross = eur(6_079);
        assert!(!year.adds_up(), "a cent too much is noticed");
    }

    #[test]
    fn numbers_left_out_are_told_in_each_series() {
        let mut numbers = Numbers::default();
        for (name, series, number, expected) in [
            ("the first", "RE-2026", 1, None),
            ("the next", "RE-2026", 2, None),
            ("one left out", "RE-2026", 4, Some(3..=3)),
            ("the same again", "RE-2026", 4, None),
            ("another series that begins late", "PA-2026", 3, Some(1..=2)),
            ("many left out", "RE-2026", 10, Some(5..=9)),
        ] {
            assert_eq!(numbers.see(series, number), expected, "{name}");
        }
        assert_eq!(numbers.rest("RE-2026", 11), None, "11 is the next one to be given");
        assert_eq!(numbers.rest("RE-2026", 13), Some(11..=12));
        assert_eq!(numbers.rest("XX-2026", 1), None, "a series without numbers");
        assert_eq!(Numbers::after(numbers.last().clone()), numbers);
    }
}

//! Value added tax: which rate a line has, and the amount per rate group (G2, I4).

use rust_decimal::Decimal;

use crate::account::Address;
use crate::money::{Currency, Money, MoneyError};
use crate::rating::HoldReason;

/// A VAT rate in percent, category S of EN 16931 (standard rate).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VatRate(Decimal);

impl VatRate {
    /// 19 %, § 12 (1) UStG.
    pub const STANDARD: Self = Self(Decimal::from_parts(19, 0, 0, false, 0));

    /// 7 %, § 12 (2) UStG.
    pub const REDUCED: Self = Self(Decimal::from_parts(7, 0, 0, false, 0));

    /// A rate from storage.
    #[must_use]
    pub fn from_percent(percent: Decimal) -> Option<Self> {
        (percent > Decimal::ZERO && percent <= Decimal::ONE_HUNDRED).then_some(Self(percent))
    }

    /// Percent, for example 19.
    #[must_use]
    pub const fn percent(self) -> Decimal {
        self.0
    }
}

/// One VAT group of an invoice (EN 16931 BG-23).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VatGroup {
    /// The rate.
    pub rate: VatRate,
    /// Sum of the rounded line nets of this rate.
    pub taxable: Money,
    /// VAT on that sum, rounded (EN 16931 BR-CO-17).
    pub vat: Money,
}

/// The rate for a buyer (I4): domestic 19 %, everything else is held until it is decided.
///
/// # Errors
/// [`HoldReason::NoBuyerAddress`] or [`HoldReason::BuyerCountry`].
pub fn rate_for(buyer: Option<&Address>) -> Result<VatRate, HoldReason> {
    match buyer {
        None => Err(HoldReason::NoBuyerAddress),
        Some(address) if address.country == "DE" => Ok(VatRate::STANDARD),
        Some(address) => Err(HoldReason::BuyerCountry(address.country.clone())),
    }
}

/// Groups line nets by rate and taxes each group once, lowest rate first (G2).
///
/// # Errors
/// [`MoneyError`] when a sum is beyond the limit.
pub fn groups(
    lines: impl IntoIterator<Item = (VatRate, Money)>,
    currency: Currency,
) -> Result<Vec<VatGroup>, MoneyError> {
    let mut sums = std::collections::BTreeMap::new();
    for (rate, net) in lines {
        let sum = sums.entry(rate).or_insert(Money::zero(currency));
        *sum = sum.plus(net)?;
    }
    sums.into_iter()
        .map(|(rate, taxable)| Ok(VatGroup { rate, taxable, vat: taxable.percent(rate.percent())? }))
        .collect()
}

//! Money is a decimal amount in whole cents with its currency; unit prices may be finer (G1).

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};

/// ISO 4217 currency. The operator's sources name euros only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Currency {
    /// Euro, two decimal places.
    Eur,
}

impl Currency {
    /// ISO 4217 code in capitals.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Eur => "EUR",
        }
    }

    /// Reads an ISO 4217 code in any case; `None` for a currency that is not supported.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.eq_ignore_ascii_case("EUR").then_some(Self::Eur)
    }
}

/// Why an amount could not be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The result is beyond [`Money::LIMIT`].
    #[error("the amount is larger than can be invoiced")]
    TooLarge,
    /// Two currencies met in one sum.
    #[error("amounts in different currencies cannot be added")]
    MixedCurrencies,
    /// Text that is no amount, or one with fractions of a cent.
    #[error("not an amount in whole cents")]
    Malformed,
}

/// An amount in whole cents.
///
/// Invariant: at most two decimal places, magnitude below [`Money::LIMIT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    amount: Decimal,
    currency: Currency,
}

impl Money {
    /// Largest magnitude, in currency units: one trillion leaves every sum of lines far from overflow.
    pub const LIMIT: Decimal = Decimal::from_parts(0xD4A5_1000, 0xE8, 0, false, 0);

    /// Nothing.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { amount: Decimal::ZERO, currency }
    }

    /// The only way to cents: rounds half away from zero (G1).
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] beyond [`Money::LIMIT`].
    pub fn round(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let mut amount = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        if amount.abs() >= Self::LIMIT {
            return Err(MoneyError::TooLarge);
        }
        amount.rescale(2);
        // Decimals know a zero below zero, which nobody wants to read.
        if amount.is_zero() {
            amount.set_sign_positive(true);
        }
        Ok(Self { amount, currency })
    }

    /// An amount given in cents, as payment providers send it.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] beyond [`Money::LIMIT`].
    pub fn from_cents(cents: i64, currency: Currency) -> Result<Self, MoneyError> {
        Self::round(Decimal::new(cents, 2), currency)
    }

    /// Reads what [`Money::plain`] wrote.
    ///
    /// # Errors
    /// [`MoneyError::Malformed`] for anything but a decimal with at most two places.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        // Decimals also come as `1e3`; amounts do not.
        if !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-')) {
            return Err(MoneyError::Malformed);
        }
        let amount: Decimal = text.parse().map_err(|_| MoneyError::Malformed)?;
        let money = Self::round(amount, currency)?;
        if money.amount == amount { Ok(money) } else { Err(MoneyError::Malformed) }
    }

    /// The amount in currency units.
    #[must_use]
    pub const fn amount(self) -> Decimal {
        self.amount
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The amount in cents; exact, since an amount has no fractions of a cent.
    #[must_use]
    pub fn cents(self) -> i64 {
        let mut cents = self.amount;
        cents.rescale(2);
        i64::try_from(cents.mantissa()).unwrap_or(i64::MAX)
    }

    /// Whether nothing is owed.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.amount.is_zero()
    }

    /// Sum of two amounts.
    ///
    /// # Errors
    /// [`MoneyError`] for mixed currencies or a sum beyond the limit.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::MixedCurrencies);
        }
        let sum = self.amount.checked_add(other.amount).ok_or(MoneyError::TooLarge)?;
        Self::round(sum, self.currency)
    }

    /// Difference of two amounts.
    ///
    /// # Errors
    /// [`MoneyError`] for mixed currencies or a difference beyond the limit.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.plus(Self { amount: -other.amount, currency: other.currency })
    }

    /// Sum of many amounts; zero of `currency` for none.
    ///
    /// # Errors
    /// [`MoneyError`] for mixed currencies or a sum beyond the limit.
    pub fn sum(amounts: impl IntoIterator<Item = Self>, currency: Currency) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::plus)
    }

    /// Share of this amount in percent, rounded once.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] beyond the limit.
    pub fn percent(self, percent: Decimal) -> Result<Self, MoneyError> {
        let product = self.amount.checked_mul(percent).ok_or(MoneyError::TooLarge)?;
        // Dividing by 100 moves the decimal point and is exact; the one rounding is in `round`.
        let share = product.checked_mul(Decimal::new(1, 2)).ok_or(MoneyError::TooLarge)?;
        Self::round(share, self.currency)
    }

    /// The amount with two places and a point, for storage and interfaces: `132.09`.
    #[must_use]
    pub fn plain(self) -> String {
        format!("{:.2}", self.amount)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.plain(), self.currency.code())
    }
}

/// Price of one unit; may have more than two decimal places (G1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnitPrice {
    amount: Decimal,
    currency: Currency,
}

impl UnitPrice {
    /// A price in currency units per unit.
    #[must_use]
    pub const fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// The price in currency units.
    #[must_use]
    pub const fn amount(self) -> Decimal {
        self.amount
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Quantity times price, rounded once: the net amount of an invoice line (G1).
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] beyond the limit.
    pub fn times(self, quantity: Decimal) -> Result<Money, MoneyError> {
        let product = self.amount.checked_mul(quantity).ok_or(MoneyError::TooLarge)?;
        Money::round(product, self.currency)
    }
}

/// Splits a whole number by weights so that the parts add up to it again.
///
/// Each part gets its share rounded down; what is left goes one by one to the earliest parts that
/// have a weight. All weights zero gives everything to the first part; no weights give no parts.
#[must_use]
pub fn allocate(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    if sum == 0 {
        return weights.iter().enumerate().map(|(index, _)| if index == 0 { total } else { 0 }).collect();
    }
    let mut parts: Vec<u64> = weights
        .iter()
        // The floor of a share never exceeds the total, so it fits.
        .map(|weight| u64::try_from(u128::from(total) * u128::from(*weight) / sum).unwrap_or(total))
        .collect();
    let mut left = total - parts.iter().sum::<u64>();
    for (part, weight) in parts.iter_mut().zip(weights) {
        if left == 0 {
            break;
        }
        if *weight > 0 {
            *part += 1;
            left -= 1;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_half_away_from_zero_g1() {
        for (name, given, expected) in [
            ("half cent up", "0.005", "0.01"),
            ("below half", "0.00499", "0.00"),
            ("negative half cent down", "-0.005", "-0.01"),
            ("bankers would differ", "2.675", "2.68"),
            ("whole", "3", "3.00"),
            ("less than nothing, rounded to nothing", "-0.004", "0.00"),
        ] {
            let amount: Decimal = given.parse().expect(name);
            assert_eq!(Money::round(amount, Currency::Eur).expect(name).plain(), expected, "{name}");
        }
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for text in ["", "1,00", "1.001", "abc", "1e3", "2000000000000"] {
            assert!(Money::parse(text, Currency::Eur).is_err(), "{text}");
        }
        assert_eq!(Money::LIMIT, Decimal::from(1_000_000_000_000_i64));
    }

    #[test]
    fn allocation_gives_the_rest_to_the_first() {
        for (name, total, weights, expected) in [
            ("even", 9, vec![1, 1, 1], vec![3, 3, 3]),
            ("rest first", 40, vec![1, 1, 1], vec![14, 13, 13]),
            ("a weight of zero gets nothing", 5, vec![0, 1, 1], vec![0, 3, 2]),
            ("all zero", 5, vec![0, 0], vec![5, 0]),
            ("no parts", 5, vec![], vec![]),
        ] {
            assert_eq!(allocate(total, &weights), expected, "{name}");
        }
    }
}

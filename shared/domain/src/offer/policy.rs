//! What an operator has set for offers: when a down payment is invoiced, and how much of it (O1).

use rust_decimal::Decimal;

use crate::money::Money;

/// What an operator has set about invoices that are not of a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BillingPolicy {
    /// When an accepted offer is followed by a down payment invoice; `None`: never.
    pub down_payment: Option<DownPayment>,
}

/// The down payment that is asked for when an offer is accepted (O1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DownPayment {
    above: Money,
    percent: Decimal,
}

/// Why a down payment cannot be set like that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DownPaymentError {
    /// The amount is below zero.
    #[error("the amount above which a down payment is due is below zero")]
    BelowZero,
    /// The percentage is none of a part: above 0, below 100, in hundredths at the finest.
    #[error("a down payment is more than 0 and less than 100 percent, in hundredths at the finest")]
    NotAPart,
}

impl DownPayment {
    /// A down payment of a percentage of the net total, for offers whose net total is above an amount.
    ///
    /// # Errors
    /// [`DownPaymentError`].
    pub fn new(above: Money, percent: Decimal) -> Result<Self, DownPaymentError> {
        if above.amount() < Decimal::ZERO {
            return Err(DownPaymentError::BelowZero);
        }
        let fine = percent.normalize().scale() <= 2;
        if percent <= Decimal::ZERO || percent >= Decimal::ONE_HUNDRED || !fine {
            return Err(DownPaymentError::NotAPart);
        }
        Ok(Self { above, percent: percent.normalize() })
    }

    /// The net total above which it is due; an offer of exactly this amount is free of it.
    #[must_use]
    pub const fn above(&self) -> Money {
        self.above
    }

    /// Percent of the net total.
    #[must_use]
    pub const fn percent(&self) -> Decimal {
        self.percent
    }

    /// Whether an offer of this net total asks for it.
    #[must_use]
    pub fn is_due_for(&self, net: Money) -> bool {
        net.amount() > self.above.amount()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn a_down_payment_is_a_part_of_what_is_above_an_amount() {
        let money = |text| Money::parse(text, Currency::Eur).expect(text);
        for (above, percent, expected) in [
            ("500.00", "30", Ok(())),
            ("0.00", "33.33", Ok(())),
            ("500.00", "0", Err(DownPaymentError::NotAPart)),
            ("500.00", "-5", Err(DownPaymentError::NotAPart)),
            ("500.00", "100", Err(DownPaymentError::NotAPart)),
            ("500.00", "33.333", Err(DownPaymentError::NotAPart)),
            ("-0.01", "30", Err(DownPaymentError::BelowZero)),
        ] {
            let made = DownPayment::new(money(above), percent.parse().expect(percent));
            assert_eq!(made.map(|_| ()), expected, "{above} {percent}");
        }
        let half = DownPayment::new(money("500.00"), Decimal::from(50)).expect("a part");
        for (net, due) in [("499.99", false), ("500.00", false), ("500.01", true)] {
            assert_eq!(half.is_due_for(money(net)), due, "{net}");
        }
    }
}

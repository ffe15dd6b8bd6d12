//! The policy as an operator types it.

use rust_decimal::Decimal;

use super::policy::{BillingPolicy, DownPayment};
use crate::account::form::Reader;
use crate::money::{Currency, Money};
use crate::problem::{FieldProblem, Problem};

/// Highest amount that can be set, in euros.
const AMOUNT_LIMIT: u32 = 1_000_000;

/// The policy as typed: both fields empty for no down payments.
#[derive(Clone, Copy, Debug, Default)]
pub struct PolicyForm<'a> {
    /// Net total above which a down payment is asked for, in euros; empty for every offer.
    pub above: &'a str,
    /// Percent of the net total; empty for none.
    pub percent: &'a str,
}

impl PolicyForm<'_> {
    /// Reads the form.
    ///
    /// # Errors
    /// Every wrong field with what would be right.
    pub fn read(&self) -> Result<BillingPolicy, Vec<FieldProblem>> {
        if self.percent.trim().is_empty() && self.above.trim().is_empty() {
            return Ok(BillingPolicy::default());
        }
        let mut reader = Reader::default();
        let above = reader.take("above", amount(self.above));
        let percent = reader.take("percent", percent(self.percent));
        let down_payment = above.zip(percent).and_then(|(above, percent)| {
            let made = DownPayment::new(above, percent).map_err(|_| not_a_part());
            reader.take("percent", made)
        });
        if reader.problems.is_empty() { Ok(BillingPolicy { down_payment }) } else { Err(reader.problems) }
    }
}

fn number(text: &str) -> Option<Decimal> {
    text.trim().trim_end_matches(['€', '%']).trim_end().replace(',', ".").parse().ok()
}

fn amount(text: &str) -> Result<Money, Problem> {
    let amount = if text.trim().is_empty() { Some(Decimal::ZERO) } else { number(text) };
    let fits = |amount: &Decimal| {
        *amount >= Decimal::ZERO && *amount <= Decimal::from(AMOUNT_LIMIT) && amount.normalize().scale() <= 2
    };
    let amount = amount.filter(fits).and_then(|amount| Money::round(amount, Currency::Eur).ok());
    amount.ok_or(Problem::NotAnAmount { most: AMOUNT_LIMIT })
}

fn percent(text: &str) -> Result<Decimal, Problem> {
    if text.trim().is_empty() { Err(Problem::Missing) } else { number(text).ok_or_else(not_a_part) }
}

fn not_a_part() -> Problem {
    Problem::NotAPercentage { least: Decimal::new(1, 2), most: Decimal::new(99_99, 2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn down_payments_are_set_or_left_out_o1() {
        let part = || not_a_part();
        let amount = || Problem::NotAnAmount { most: AMOUNT_LIMIT };
        for (above, percent, expected) in [
            ("", "", Ok(None)),
            ("500", "30", Ok(Some(("500.00", "30")))),
            ("1000,50 €", "33,33 %", Ok(Some(("1000.50", "33.33")))),
            ("", "50", Ok(Some(("0.00", "50")))),
            ("500", "", Err(vec![("percent", Problem::Missing)])),
            ("-1", "0", Err(vec![("above", amount())])),
            ("500", "0", Err(vec![("percent", part())])),
            ("500", "100", Err(vec![("percent", part())])),
            ("viel", "halb", Err(vec![("above", amount()), ("percent", part())])),
        ] {
            let read = PolicyForm { above, percent }
                .read()
                .map(|policy| policy.down_payment.map(|set| (set.above().plain(), set.percent().to_string())));
            let expected = expected
                .map(|set| set.map(|(above, percent)| (above.to_owned(), percent.to_owned())))
                .map_err(|problems| problems.into_iter().map(|(field, it)| FieldProblem::new(field, it)).collect());
            assert_eq!(read, expected, "{above} {percent}");
        }
    }
}

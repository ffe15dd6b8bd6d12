//! Money that arrived at the bank, as the operator types it in.

use rust_decimal::Decimal;

use crate::calendar::Day;
use crate::money::{Currency, Money};
use crate::problem::{FieldProblem, Problem};

/// Most that can be entered at once, in euros.
const LIMIT: u32 = 10_000_000;

/// The fields as they were typed, numbers with a decimal point.
#[derive(Clone, Copy, Debug)]
pub struct PaymentForm<'a> {
    /// What arrived; below zero it takes back what was entered by mistake.
    pub amount: &'a str,
    /// The day it arrived, as `2026-11-02`.
    pub received_on: &'a str,
}

impl PaymentForm<'_> {
    /// Whether it says the same as what was booked.
    #[must_use]
    pub fn says(&self, amount: Money, received_on: Day) -> bool {
        parsed(self.amount) == Ok(amount) && Day::parse(self.received_on.trim()) == Ok(received_on)
    }

    /// Reads the form. `kept` is what has arrived so far: no more than that can be taken back.
    ///
    /// # Errors
    /// Every wrong field with what would be right.
    pub fn read(&self, kept: Money, today: Day) -> Result<(Money, Day), Vec<FieldProblem>> {
        let amount = amount(self.amount, kept);
        let day = match Day::parse(self.received_on.trim()) {
            _ if self.received_on.trim().is_empty() => Err(Problem::Missing),
            Err(_) => Err(Problem::NotADay),
            Ok(day) if day > today => Err(Problem::InTheFuture),
            Ok(day) => Ok(day),
        };
        match (amount, day) {
            (Ok(amount), Ok(day)) => Ok((amount, day)),
            (amount, day) => {
                let amount = amount.err().map(|problem| FieldProblem::new("amount", problem));
                let day = day.err().map(|problem| FieldProblem::new("received_on", problem));
                Err(amount.into_iter().chain(day).collect())
            }
        }
    }
}

/// Reads what is taken back of a direct debit that the bank returned; nothing typed is nothing taken back.
///
/// # Errors
/// [`Problem::NotAnAmount`], or [`Problem::MoreThanReceived`] with what has arrived.
pub fn returned(text: &str, kept: Money) -> Result<Money, Problem> {
    match parsed(text) {
        Err(Problem::Missing) => Ok(Money::zero(kept.currency())),
        Ok(amount) if amount.amount() > kept.amount() => Err(Problem::MoreThanReceived { received: kept }),
        Ok(amount) if amount.amount() > Decimal::ZERO => Ok(amount),
        _ if text.trim().trim_end_matches('€').trim_end().parse() == Ok(Decimal::ZERO) => {
            Ok(Money::zero(kept.currency()))
        }
        _ => Err(Problem::NotAnAmount { most: LIMIT }),
    }
}

fn amount(text: &str, kept: Money) -> Result<Money, Problem> {
    let amount = parsed(text)?;
    if amount.amount() + kept.amount() < Decimal::ZERO {
        return Err(Problem::MoreThanReceived { received: kept });
    }
    Ok(amount)
}

fn parsed(text: &str) -> Result<Money, Problem> {
    let text = text.trim().trim_end_matches('€').trim_end();
    if text.is_empty() {
        return Err(Problem::Missing);
    }
    let wrong = || Problem::NotAPayment { most: LIMIT };
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let amount: Decimal = text.parse().ok().filter(|_| plain).ok_or_else(wrong)?;
    if amount.is_zero() {
        return Err(wrong());
    }
    if amount.abs() > Decimal::from(LIMIT) || amount.normalize().scale() > 2 {
        return Err(wrong());
    }
    Money::round(amount, Currency::Eur).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_named() {
        let today = Day::parse("2026-11-27").unwrap();
        let kept = Money::from_cents(5000, Currency::Eur).unwrap();
        let not_an_amount = || ("amount", Problem::NotAPayment { most: LIMIT });
        for (amount, received_on, expected) in [
            ("119", "2026-11-27", Ok("119.00")),
            ("0.01 €", "2025-01-02", Ok("0.01")),
            ("-50", "2026-11-27", Ok("-50.00")),
            ("-50.01", "2026-11-27", Err(vec![("amount", Problem::MoreThanReceived { received: kept })])),
            ("0", "2026-11-28", Err(vec![not_an_amount(), ("received_on", Problem::InTheFuture)])),
            ("", "", Err(vec![("amount", Problem::Missing), ("received_on", Problem::Missing)])),
            ("1.005", "gestern", Err(vec![not_an_amount(), ("received_on", Problem::NotADay)])),
            ("10000000.01", "2026-11-27", Err(vec![not_an_amount()])),
            ("1e3", "2026-11-27", Err(vec![not_an_amount()])),
        ] {
            let read = PaymentForm { amount, received_on }.read(kept, today);
            let read = read.map(|(amount, day)| (amount.plain(), day.to_string()));
            let expected = expected
                .map(|amount| (amount.to_owned(), received_on.to_owned()))
                .map_err(|problems| problems.into_iter().map(|(field, it)| FieldProblem::new(field, it)).collect());
            assert_eq!(read, expected, "{amount} {received_on}");
        }
    }

    #[test]
    fn what_is_taken_back_of_a_debit_is_at_most_what_arrived() {
        let kept = Money::from_cents(5000, Currency::Eur).unwrap();
        let wrong = Err(Problem::NotAnAmount { most: LIMIT });
        for (text, expected) in [
            ("", Ok("0.00")),
            ("0", Ok("0.00")),
            ("0.00 €", Ok("0.00")),
            ("50 €", Ok("50.00")),
            ("50.01", Err(Problem::MoreThanReceived { received: kept })),
            ("-50", wrong.clone()),
            ("alles", wrong),
        ] {
            assert_eq!(returned(text, kept).map(|amount| amount.plain()), expected.map(str::to_owned), "{text}");
        }
    }

    #[test]
    fn a_form_says_the_same_only_with_the_same_amount_and_day() {
        let (amount, day) = (Money::from_cents(-5000, Currency::Eur).unwrap(), Day::parse("2026-11-27").unwrap());
        for (text, on, same) in [
            ("-50.00 €", " 2026-11-27", true),
            ("-50.01", "2026-11-27", false),
            ("-50", "2026-11-26", false),
            ("", "", false),
        ] {
            assert_eq!(PaymentForm { amount: text, received_on: on }.says(amount, day), same, "{text} {on}");
        }
    }
}

//! Fees of a settlement, as lines of an invoice (A41, A42).
//!
//! Fees are net; VAT is added on the invoice. They were kept back from the payout already, so who enters such an
//! invoice sets nothing to be paid by transfer.

use rust_decimal::Decimal;

use crate::calendar::Day;
use crate::catalog::meter::Unit;
use crate::language::{Language, Text};
use crate::manual::EnteredLine;
use crate::money::{Money, MoneyError};
use crate::vat::VatRate;

/// What a settlement charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeTariff {
    /// Percent of the gross amount of a transaction.
    pub percent: Decimal,
    /// Least fee of a transaction, in currency units.
    pub least: Decimal,
    /// Flat fee of a chargeback, in currency units.
    pub chargeback: Decimal,
}

impl FeeTariff {
    /// 4 %, at least 2.50, and 40.00 for a chargeback (A41, A42).
    pub const USUAL: Self = Self {
        percent: Decimal::from_parts(4, 0, 0, false, 0),
        least: Decimal::from_parts(250, 0, 0, false, 2),
        chargeback: Decimal::from_parts(4000, 0, 0, false, 2),
    };

    /// Fee of one transaction, and whether it is the least one.
    ///
    /// # Errors
    /// [`MoneyError`] beyond the limit.
    pub fn of(&self, gross: Money) -> Result<(Money, bool), MoneyError> {
        let share = gross.percent(self.percent)?;
        let least = Money::round(self.least, gross.currency())?;
        Ok(if share.amount() < self.least { (least, true) } else { (share, false) })
    }
}

/// Something a settlement charges for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeeEntry {
    /// A transaction over this gross amount (A41).
    Transaction(Money),
    /// A chargeback (A42).
    Chargeback,
}

/// The lines that charge these entries, in the buyer's language: transactions at the least fee, the others, and
/// chargebacks; each only if there are any.
///
/// # Errors
/// [`MoneyError`] beyond the limit.
pub fn fee_lines(
    tariff: &FeeTariff,
    entries: &[FeeEntry],
    (first_day, last_day): (Day, Day),
    language: Language,
) -> Result<Vec<EnteredLine>, MoneyError> {
    let (mut least, mut others, mut sum, mut chargebacks) = (0_u32, 0_u32, Decimal::ZERO, 0_u32);
    for entry in entries {
        match entry {
            FeeEntry::Chargeback => chargebacks += 1,
            FeeEntry::Transaction(gross) => match tariff.of(*gross)? {
                (_, true) => least += 1,
                (fee, false) => {
                    others += 1;
                    sum += fee.amount();
                }
            },
        }
    }
    let percent = language.number(tariff.percent);
    let line = |text: Text, quantity: Decimal, unit: &str, unit_price: Decimal| EnteredLine {
        text: text.get(language).to_owned(),
        quantity,
        unit: Unit::named(unit).unwrap_or(Unit::PIECE),
        unit_price,
        vat: VatRate::STANDARD,
        first_day,
        last_day,
    };
    let mut lines = Vec::new();
    if least > 0 {
        let text = Text::new("Mindestgebühr je Transaktion", "Least fee of a transaction");
        lines.push(line(text, Decimal::from(least), "transaction", tariff.least));
    }
    if others > 0 {
        let text = Text {
            de: format!("{percent}\u{a0}% von {others} Transaktionen, je Transaktion gerundet"),
            en: format!("{percent}\u{a0}% of {others} transactions, each rounded"),
        };
        lines.push(line(text, Decimal::ONE, "lump-sum", sum));
    }
    if chargebacks > 0 {
        let text = Text::new("Rückbuchungen durch Karteninhaber", "Chargebacks by card holders");
        lines.push(line(text, Decimal::from(chargebacks), "process", tariff.chargeback));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn money(text: &str) -> Money {
        Money::parse(text, Currency::Eur).expect(text)
    }

    #[test]
    fn a_fee_is_four_percent_and_at_least_two_fifty_a41() {
        for (gross, fee, least) in [
            ("10.00", "2.50", true),
            ("62.49", "2.50", false),
            ("62.37", "2.50", true),
            ("62.63", "2.51", false),
            ("1234.56", "49.38", false),
        ] {
            let found = FeeTariff::USUAL.of(money(gross)).expect(gross);
            assert_eq!((found.0.plain().as_str(), found.1), (fee, least), "{gross}");
        }
    }

    #[test]
    fn fees_become_lines_that_add_up_a41_a42() {
        let day = |text| Day::parse(text).expect(text);
        let period = (day("2026-11-01"), day("2026-11-28"));
        let entries = [
            FeeEntry::Transaction(money("10.00")),
            FeeEntry::Transaction(money("62.63")),
            FeeEntry::Chargeback,
            FeeEntry::Transaction(money("1234.56")),
            FeeEntry::Transaction(money("20.00")),
        ];
        let lines = fee_lines(&FeeTariff::USUAL, &entries, period, Language::De).expect("within limits");
        let nets: Vec<String> =
            lines.iter().map(|line| (line.quantity * line.unit_price).normalize().to_string()).collect();
        assert_eq!(nets, ["5", "51.89", "40"]);
        assert!(fee_lines(&FeeTariff::USUAL, &[], period, Language::En).expect("nothing").is_empty());
    }
}

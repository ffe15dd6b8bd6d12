//! Credit of an account: money of a customer that no invoice asks for any longer, deducted from the next one.

use crate::invoice::{Draft, InvoiceKind};
use crate::money::{Money, MoneyError};
use rust_decimal::Decimal;

/// Deducts credit from a draft: as much of the balance as the draft asks for (BT-113), so that what is to be paid is
/// never below zero. A cancellation takes credit back instead and is left as it is.
#[must_use]
pub fn apply_credit(draft: Draft, balance: Money) -> Draft {
    let gross = draft.totals.gross;
    let applies = draft.kind != InvoiceKind::Cancellation
        && balance.amount() > Decimal::ZERO
        && gross.amount() > Decimal::ZERO
        && balance.currency() == gross.currency();
    let credit = if balance.amount() < gross.amount() { balance } else { gross };
    if applies { Draft { credit, ..draft } } else { draft }
}

/// What an invoice asks for, and what has come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// What it asks for.
    pub due: Money,
    /// What has been received for it.
    pub received: Money,
    /// How much of that has become credit of the account.
    pub credited: Money,
    /// Whether it was cancelled, so that it asks for nothing any longer.
    pub cancelled: bool,
}

impl Paid {
    /// What is more than asked for and has not become credit yet: nothing, or an amount above zero.
    ///
    /// # Errors
    /// [`MoneyError`] for mixed currencies or a difference beyond the limit.
    pub fn surplus(&self) -> Result<Money, MoneyError> {
        // What gives something back asks for nothing.
        let asks = !self.cancelled && self.due.amount() > Decimal::ZERO;
        let asked = if asks { self.due } else { Money::zero(self.due.currency()) };
        let surplus = self.received.minus(self.credited)?.minus(asked)?;
        Ok(if surplus.amount() > Decimal::ZERO { surplus } else { Money::zero(surplus.currency()) })
    }

    /// The same after a payment.
    ///
    /// # Errors
    /// [`MoneyError`] for mixed currencies or a sum beyond the limit.
    pub fn and(&self, payment: Money) -> Result<Self, MoneyError> {
        Ok(Self { received: self.received.plus(payment)?, ..*self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Day;
    use crate::manual::form::{LineForm, ManualForm};
    use crate::manual::tests::samples::{buyer, seller};
    use crate::money::Currency;

    fn money(text: &str) -> Money {
        Money::parse(text, Currency::Eur).expect(text)
    }

    #[test]
    fn credit_is_deducted_down_to_zero_and_never_below() {
        let line =
            LineForm { text: "A", quantity: "1", unit_price: "100", last_day: "2026-11-30", ..LineForm::default() };
        let entered = ManualForm { lines: vec![line], ..ManualForm::default() }.read().expect("a sound form");
        let today = Day::parse("2026-11-30").expect("a day");
        let draft = entered.draft(&seller(), &buyer("DE", None), today).expect("a draft");
        for (balance, credit, due) in [
            ("0.00", "0.00", "119.00"),
            ("0.01", "0.01", "118.99"),
            ("119.00", "119.00", "0.00"),
            ("500.00", "119.00", "0.00"),
            ("-5.00", "0.00", "119.00"),
        ] {
            let applied = apply_credit(draft.clone(), money(balance));
            assert_eq!((applied.credit.plain().as_str(), applied.due().plain().as_str()), (credit, due), "{balance}");
        }
        let cancellation = Draft { kind: InvoiceKind::Cancellation, ..draft };
        assert!(apply_credit(cancellation, money("5.00")).credit.is_zero());
    }

    #[test]
    fn what_is_more_than_asked_for_is_surplus() {
        for (name, due, received, credited, cancelled, surplus) in [
            ("nothing came", "119.00", "0.00", "0.00", false, "0.00"),
            ("a part came", "119.00", "50.00", "0.00", false, "0.00"),
            ("all came", "119.00", "119.00", "0.00", false, "0.00"),
            ("more came", "119.00", "120.00", "0.00", false, "1.00"),
            ("more came and is credited", "119.00", "120.00", "1.00", false, "0.00"),
            ("it was cancelled unpaid", "119.00", "0.00", "0.00", true, "0.00"),
            ("it was cancelled paid", "119.00", "120.00", "1.00", true, "119.00"),
            ("nothing was to be paid", "0.00", "5.00", "0.00", false, "5.00"),
        ] {
            let paid = Paid { due: money(due), received: money(received), credited: money(credited), cancelled };
            assert_eq!(paid.surplus().expect(name).plain(), surplus, "{name}");
        }
    }
}

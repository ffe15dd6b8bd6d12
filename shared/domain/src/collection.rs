//! How the amount of an invoice comes in: by transfer, or collected by SEPA direct debit on a day on which banks settle (Z6).

use chrono::{Datelike, Weekday};
use rust_decimal::Decimal;

use crate::account::{Mandate, Operator, PaymentMethod};
use crate::calendar::{Day, Month};
use crate::catalog::charge::Issuer;
use crate::invoice::{Draft, Invoice, InvoiceKind};
use crate::support::holidays::easter;

/// TARGET days that lie between an invoice and its collection at least. A CORE debit has to reach the bank one day
/// before; two more leave time to hand it in, and to object to it.
const LEAD_DAYS: u32 = 3;

/// How an amount comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Collection<'a> {
    /// The buyer transfers it, or pays online.
    Transfer,
    /// It is collected under a mandate.
    DirectDebit {
        /// The mandate.
        mandate: &'a Mandate,
        /// Creditor identifier of the issuer.
        creditor_id: &'a str,
        /// Day the amount is due on at the buyer's bank.
        on: Day,
    },
    /// Nothing is to be paid: it comes to nothing, or credit covers it.
    Settled,
    /// The buyer gets something back: an invoice was cancelled, or it comes to less than nothing.
    Refund,
}

impl Invoice {
    /// How what is to be paid comes in. A mandate counts only if the issuer has a creditor identifier to collect with.
    #[must_use]
    pub fn collection(&self) -> Collection<'_> {
        let due = self.draft.due().amount();
        if self.draft.kind == InvoiceKind::Cancellation || due < Decimal::ZERO {
            return Collection::Refund;
        }
        if due.is_zero() {
            return Collection::Settled;
        }
        match mandate(&self.draft, &self.seller) {
            Some((mandate, creditor_id)) => {
                let on = collection_day(self.draft.month, self.issued_on);
                Collection::DirectDebit { mandate, creditor_id, on }
            }
            None => Collection::Transfer,
        }
    }
}

impl Invoice {
    /// Whether it asks to be paid online, too. The payment provider pays out to the operator: what is owed to a service partner
    /// goes to the partner's own bank account (Z7).
    #[must_use]
    pub fn is_payable_online(&self) -> bool {
        self.draft.issuer == Issuer::Operator && self.collection() == Collection::Transfer
    }
}

fn mandate<'a>(draft: &'a Draft, seller: &'a Operator) -> Option<(&'a Mandate, &'a str)> {
    match (&draft.buyer.terms.payment, &seller.terms.creditor_id) {
        (PaymentMethod::DirectDebit(mandate), Some(creditor_id)) => Some((mandate, creditor_id)),
        _ => None,
    }
}

/// The day on which what an invoice asks for has to be there: the one it is collected on, or `due_on`. The same as BT-9,
/// which an invoice that asks for nothing leaves out.
#[must_use]
pub fn payable_on(draft: &Draft, seller: &Operator, issued_on: Day, due_on: Day) -> Day {
    let asks = draft.kind != InvoiceKind::Cancellation && draft.due().amount() > Decimal::ZERO;
    match mandate(draft, seller) {
        Some(_) if asks => collection_day(draft.month, issued_on),
        _ => due_on,
    }
}

/// The day an invoice of a month is collected on: at the start of the following month, on the first TARGET day that
/// leaves the bank its time (Z6).
#[must_use]
pub fn collection_day(month: Month, issued_on: Day) -> Day {
    let mut day = issued_on;
    for _ in 0..LEAD_DAYS {
        day = on_or_after(day.next());
    }
    on_or_after(day.max(month.next().first()))
}

/// The first TARGET day from a day on. Banks are closed for four days at most.
fn on_or_after(day: Day) -> Day {
    let days = std::iter::successors(Some(day), |day| Some(day.next())).take(8);
    days.into_iter().find(|day| is_target_day(*day)).unwrap_or(day)
}

/// Whether TARGET settles payments on a day: Mondays to Fridays, but not on 1 January, Good Friday, Easter Monday,
/// 1 May, 25 and 26 December (ECB, "Long-term calendar for TARGET closing days", 14 December 2000).
#[must_use]
pub fn is_target_day(day: Day) -> bool {
    let date = day.date();
    if matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
        return false;
    }
    if matches!((date.month(), date.day()), (1, 1) | (5, 1) | (12, 25 | 26)) {
        return false;
    }
    let since_easter = easter(date.year()).map(|easter| (date - easter).num_days());
    !matches!(since_easter, Some(-2 | 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).expect(text)
    }

    #[test]
    fn banks_are_closed_on_these_days() {
        for (name, text, open) in [
            ("a Friday", "2026-11-27", true),
            ("a Saturday", "2026-11-28", false),
            ("a Sunday", "2026-11-29", false),
            ("New Year", "2027-01-01", false),
            ("Maundy Thursday", "2027-03-25", true),
            ("Good Friday", "2027-03-26", false),
            ("Easter Monday", "2027-03-29", false),
            ("Easter Tuesday", "2027-03-30", true),
            ("Labour Day", "2026-05-01", false),
            ("Ascension is a German holiday only", "2026-05-14", true),
            ("German Unity Day, a Saturday in 2026, a Tuesday in 2028", "2028-10-03", true),
            ("Christmas Eve", "2026-12-24", true),
            ("Christmas", "2026-12-25", false),
            ("Boxing Day in 2028, a Tuesday", "2028-12-26", false),
        ] {
            assert_eq!(is_target_day(day(text)), open, "{name}");
        }
    }

    #[test]
    fn collected_at_the_start_of_the_following_month_z6() {
        for (name, month, issued, expected) in [
            ("by the run on the first, a Tuesday", "2026-11", "2026-12-01", "2026-12-04"),
            ("over a weekend", "2026-10", "2026-11-01", "2026-11-04"),
            ("over New Year: 4, 5 and 6 January count", "2026-12", "2027-01-01", "2027-01-06"),
            ("over Easter: 25, 30 and 31 March count", "2027-02", "2027-03-24", "2027-03-31"),
            ("a single invoice waits for the next month", "2026-12", "2026-12-07", "2027-01-04"),
            ("… and for a day on which banks are open", "2027-04", "2027-04-12", "2027-05-03"),
            ("… unless too few days are left", "2026-11", "2026-11-30", "2026-12-03"),
            ("late", "2026-09", "2026-12-24", "2026-12-30"),
        ] {
            let month = Month::parse(month).expect(month);
            assert_eq!(collection_day(month, day(issued)), day(expected), "{name}");
        }
    }
}

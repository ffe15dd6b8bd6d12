//! Double-entry record of every cent owed: postings that balance, and are never changed.

use crate::invoice::Totals;
use crate::money::{Money, MoneyError};

/// An account of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LedgerAccount {
    /// What a customer owes.
    Receivable,
    /// Net turnover.
    Revenue,
    /// VAT owed to the tax office.
    VatPayable,
    /// Damages for late payment: fees of reminders and of debits that came back (I6).
    Damages,
    /// Money the payment provider holds for the operator.
    ProviderBalance,
    /// Money of a customer that no invoice asks for: credit.
    CustomerCredit,
    /// The bank account that an invoice names: the operator's, or for what a service partner invoices the partner's (Z7).
    Bank,
}

impl LedgerAccount {
    /// The word used in storage.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Receivable => "receivable",
            Self::Revenue => "revenue",
            Self::VatPayable => "vat_payable",
            Self::Damages => "damages",
            Self::ProviderBalance => "provider_balance",
            Self::CustomerCredit => "customer_credit",
            Self::Bank => "bank",
        }
    }
}

/// Entries that balance: debits positive, credits negative, sum zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    entries: Vec<(LedgerAccount, Money)>,
}

impl Posting {
    /// An issued invoice: the customer owes gross less the credit that is used up, turnover and VAT arise. A
    /// cancellation, whose amounts are negated, takes all of it back.
    ///
    /// # Errors
    /// [`MoneyError`] when an amount is beyond the limit.
    pub fn invoice(totals: &Totals, credit: Money) -> Result<Self, MoneyError> {
        let zero = Money::zero(totals.net.currency());
        let mut entries = vec![
            (LedgerAccount::Receivable, totals.gross.minus(credit)?),
            (LedgerAccount::Revenue, zero.minus(totals.net)?),
            (LedgerAccount::VatPayable, zero.minus(totals.vat_sum()?)?),
        ];
        if !credit.is_zero() {
            entries.push((LedgerAccount::CustomerCredit, credit));
        }
        Ok(Self { entries })
    }

    /// More was received for an invoice than it asks for: the customer has credit.
    ///
    /// # Errors
    /// [`MoneyError`] when an amount is beyond the limit.
    pub fn credited(surplus: Money) -> Result<Self, MoneyError> {
        let negative = Money::zero(surplus.currency()).minus(surplus)?;
        Ok(Self { entries: vec![(LedgerAccount::Receivable, surplus), (LedgerAccount::CustomerCredit, negative)] })
    }

    /// Credit is paid back from the bank.
    ///
    /// # Errors
    /// [`MoneyError`] when an amount is beyond the limit.
    pub fn paid_back(amount: Money) -> Result<Self, MoneyError> {
        let negative = Money::zero(amount.currency()).minus(amount)?;
        Ok(Self { entries: vec![(LedgerAccount::CustomerCredit, amount), (LedgerAccount::Bank, negative)] })
    }

    /// A payment through the provider: its balance grows, the customer owes less.
    ///
    /// # Errors
    /// [`MoneyError`] when an amount is beyond the limit.
    pub fn payment(amount: Money) -> Result<Self, MoneyError> {
        Ok(Self {
            entries: vec![
                (LedgerAccount::ProviderBalance, amount),
                (LedgerAccount::Receivable, Money::zero(amount.currency()).minus(amount)?),
            ],
        })
    }

    /// A payment that arrived at the bank: the operator has more, the customer owes less. Below zero it is taken back.
    ///
    /// # Errors
    /// [`MoneyError`] when an amount is beyond the limit.
    pub fn transfer(amount: Money) -> Result<Self, MoneyError> {
        let negative = Money::zero(amount.currency()).minus(amount)?;
        Ok(Self { entries: vec![(LedgerAccount::Bank, amount), (LedgerAccount::Receivable, negative)] })
    }

    /// What late payment cost: the customer owes it, without VAT, for nothing is supplied (§ 280 (2) BGB).
    ///
    /// # Errors
    /// [`MoneyError`] when an amount is beyond the limit.
    pub fn damages(amount: Money) -> Result<Self, MoneyError> {
        let negative = Money::zero(amount.currency()).minus(amount)?;
        Ok(Self { entries: vec![(LedgerAccount::Receivable, amount), (LedgerAccount::Damages, negative)] })
    }

    /// The entries; their sum is zero.
    #[must_use]
    pub fn entries(&self) -> &[(LedgerAccount, Money)] {
        &self.entries
    }
}

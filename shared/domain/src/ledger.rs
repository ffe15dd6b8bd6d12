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
    /// Money the payment provider holds for the operator.
    ProviderBalance,
}

impl LedgerAccount {
    /// The word used in storage.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Receivable => "receivable",
            Self::Revenue => "revenue",
            Self::VatPayable => "vat_payable",
            Self::ProviderBalance => "provider_balance",
        }
    }
}

/// Entries that balance: debits positive, credits negative, sum zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    entries: Vec<(LedgerAccount, Money)>,
}

impl Posting {
    /// An issued invoice: the customer owes gross, turnover and VAT arise.
    ///
    /// # Errors
    /// [`MoneyError`] when an amount is beyond the limit.
    pub fn invoice(totals: &Totals) -> Result<Self, MoneyError> {
        let zero = Money::zero(totals.net.currency());
        Ok(Self {
            entries: vec![
                (LedgerAccount::Receivable, totals.gross),
                (LedgerAccount::Revenue, zero.minus(totals.net)?),
                (LedgerAccount::VatPayable, zero.minus(totals.vat_sum()?)?),
            ],
        })
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

    /// The entries; their sum is zero.
    #[must_use]
    pub fn entries(&self) -> &[(LedgerAccount, Money)] {
        &self.entries
    }
}

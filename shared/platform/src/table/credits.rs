//! Credit of accounts: one item with a balance for each issuer, moved in the transaction that it follows from.

use domain::calendar::{Day, Instant};
use domain::catalog::charge::Issuer;
use domain::credit::Paid;
use domain::ids::AccountId;
use domain::ledger::Posting;
use domain::money::{Currency, Money};
use serde::Deserialize;

use super::invoices::Standing;
use super::keys;
use super::postings::posting_item;
use super::stored::valid;
use super::write::{Outcome, Write, number};
use super::{Item, Table, decode};
use crate::error::Error;

/// What an account has to its credit with each issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credits {
    operator: Money,
    partner: Money,
}

impl Credits {
    /// Nothing.
    #[must_use]
    pub const fn none() -> Self {
        Self { operator: Money::zero(Currency::Eur), partner: Money::zero(Currency::Eur) }
    }

    /// The balance with an issuer.
    #[must_use]
    pub const fn of(&self, issuer: Issuer) -> Money {
        match issuer {
            Issuer::Operator => self.operator,
            Issuer::Partner => self.partner,
        }
    }

    /// Reads the item of an account's credit.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn read(item: Item) -> Result<Self, Error> {
        #[derive(Deserialize)]
        struct Stored {
            #[serde(default)]
            operator_cents: i64,
            #[serde(default)]
            partner_cents: i64,
        }
        let stored: Stored = decode(item, "credit")?;
        let money = |cents| valid(Money::from_cents(cents, Currency::Eur), "credit");
        Ok(Self { operator: money(stored.operator_cents)?, partner: money(stored.partner_cents)? })
    }
}

const fn attribute(issuer: Issuer) -> &'static str {
    match issuer {
        Issuer::Operator => "operator_cents",
        Issuer::Partner => "partner_cents",
    }
}

/// The write that uses up credit, on the condition that the balances are those read; `None` if nothing is used. It takes
/// all issuers at once, because an item stands in a transaction only once.
///
/// # Errors
/// [`Error::Internal`] when more is used than there is.
pub fn using(
    account: &AccountId,
    balances: Credits,
    used: impl IntoIterator<Item = (Issuer, Money)>,
) -> Result<Option<Write>, Error> {
    let mut write = None;
    for (issuer, used) in used.into_iter().filter(|(_, used)| !used.is_zero()) {
        let balance = balances.of(issuer);
        let left = balance.minus(used).map_err(|error| Error::internal("credit", error))?;
        if left.cents() < 0 {
            return Err(Error::internal("credit", "more is used than there is"));
        }
        let name = attribute(issuer);
        let before = write.unwrap_or_else(|| Write::update(keys::credit(account)));
        write = Some(before.if_equals(name, Some(number(balance.cents()))).set(name, number(left.cents())));
    }
    Ok(write)
}

/// The write that adds credit.
#[must_use]
pub fn adding(account: &AccountId, issuer: Issuer, amount: Money) -> Write {
    Write::update(keys::credit(account)).add(attribute(issuer), amount.cents())
}

/// The writes that make a surplus credit: its posting, once for its cause, and the balance.
///
/// # Errors
/// [`Error::Internal`] when an amount is beyond every limit.
pub fn crediting(
    account: &AccountId,
    issuer: Issuer,
    (surplus, cause): (Money, &str),
    on: Day,
) -> Result<[Write; 2], Error> {
    let posting = Posting::credited(surplus).map_err(|error| Error::internal("posting", error))?;
    let key = keys::credit_posting(account, cause);
    let item = posting_item(&key, &posting, on)?;
    Ok([Write::put(key, item).if_absent(), adding(account, issuer, surplus)])
}

impl Standing {
    /// What has been received and is kept for it.
    #[must_use]
    pub fn kept(&self) -> Money {
        self.received.minus(self.credited).unwrap_or(self.received)
    }

    /// What it asks for, and what has come of it.
    #[must_use]
    pub fn paid(&self) -> Paid {
        let (received, credited) = (self.received, self.credited);
        // What came on top is asked for, too: a payment of it is no credit.
        Paid { due: self.claim(), received, credited, cancelled: self.cancelled_by.is_some() }
    }
}

impl Table {
    /// What an account has to its credit.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn credit(&self, account: &AccountId) -> Result<Credits, Error> {
        self.get(&keys::credit(account)).await?.map_or(Ok(Credits::none()), Credits::read)
    }

    /// Notes that credit was paid back, on the condition that there is as much. The id makes it happen once. Gives
    /// whether the money is noted as paid back, now or before.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn pay_back(
        &self,
        account: &AccountId,
        issuer: Issuer,
        (amount, id): (Money, &str),
        now: Instant,
    ) -> Result<bool, Error> {
        let posting = Posting::paid_back(amount).map_err(|error| Error::internal("posting", error))?;
        let key = keys::pay_back_posting(account, id);
        let item = posting_item(&key, &posting, Day::of(now))?;
        let name = attribute(issuer);
        let balance = Write::update(keys::credit(account)).if_at_least(name, amount.cents()).add(name, -amount.cents());
        let outcome = self.commit(vec![Write::put(key, item).if_absent(), balance]).await?;
        Ok(outcome == Outcome::Committed || outcome.refused(0))
    }
}

//! Accounts and their directory.

use domain::account::Account;
use domain::calendar::Day;
use domain::ids::AccountId;
use domain::subscription::Subscription;

use super::credits::Credits;
use super::keys;
use super::parties::StoredAccount;
use super::write::{Outcome, Write, number};
use super::{Range, Table, encode, subscriptions};
use crate::error::Error;

/// What an account is billed by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    /// The account.
    pub account: Account,
    /// What it subscribes to.
    pub subscription: Subscription,
    /// What it has to its credit.
    pub credits: Credits,
}

impl Table {
    /// Makes an account with what it subscribes to and its directory entry; gives whether it was not there yet.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn create_account(
        &self,
        account: &Account,
        subscription: &Subscription,
        today: Day,
    ) -> Result<bool, Error> {
        let (key, entry) = (keys::account(&account.id), keys::directory(&account.id));
        let item = encode(&key, &StoredAccount::from(account))?;
        let mut writes =
            vec![Write::put(key, item).if_absent(), Write::update(entry).if_absent().set("listed", number(1))];
        writes.extend(subscriptions::making(&account.id, subscription, today)?);
        let outcome = self.commit(writes).await?;
        Ok(outcome == Outcome::Committed)
    }

    /// Replaces the details of an account that exists.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such account.
    pub async fn save_account(&self, account: &Account) -> Result<(), Error> {
        let key = keys::account(&account.id);
        let item = encode(&key, &StoredAccount::from(account))?;
        match self.commit_one(Write::put(key, item).if_present()).await? {
            true => Ok(()),
            false => Err(Error::NotFound("account")),
        }
    }

    /// Reads an account.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn account(&self, id: &AccountId) -> Result<Account, Error> {
        let stored: Option<StoredAccount> = self.read(&keys::account(id), "account").await?;
        stored.ok_or(Error::NotFound("account"))?.read()
    }

    /// An account with its credit and what it subscribes to, which stand side by side: one query, eventually consistent. What was
    /// changed in the last second may be missing, so this is for whoever looks at a month that is over.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn contract(&self, id: &AccountId) -> Result<Contract, Error> {
        let (first, last) = (keys::account(id), keys::subscription(id));
        let items = self.glance(&first.pk, &Range::Between(first.sk.clone(), last.sk.clone())).await?;
        let (mut account, mut subscription, mut credits) = (None, None, Credits::none());
        for item in items {
            let is = |key: &keys::Key| item.get("sk").and_then(|value| value.as_s().ok()) == Some(&key.sk);
            if is(&first) {
                account = Some(super::decode::<StoredAccount>(item, "account")?.read()?);
            } else if is(&last) {
                subscription = Some(subscriptions::read(item)?.subscription);
            } else if is(&keys::credit(id)) {
                credits = Credits::read(item)?;
            }
        }
        let account = account.ok_or(Error::NotFound("account"))?;
        let subscription = subscription.ok_or(Error::NotFound("subscription"))?;
        Ok(Contract { account, subscription, credits })
    }

    /// Ids of accounts of one part of the directory, in order, after one of them.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn accounts(&self, shard: u16, after: Option<&str>, limit: i32) -> Result<Vec<AccountId>, Error> {
        let range = match after {
            None => Range::Prefix(AccountId::PREFIX.to_owned()),
            // `~` sorts after every character an id can have.
            Some(after) => Range::After(after.to_owned(), "~".to_owned()),
        };
        let items = self.page(&keys::directory_partition(shard), &range, limit, false).await?;
        let id = |item: &super::Item| {
            let text = item.get("sk").and_then(|value| value.as_s().ok()).map_or("", String::as_str);
            AccountId::parse(text).map_err(|error| Error::corrupt("directory", error))
        };
        items.iter().map(id).collect()
    }

    /// How many accounts each part of the directory has, about: who was added in the last second may be missing.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn accounts_by_part(&self) -> Result<Vec<u64>, Error> {
        let mut counts = Vec::new();
        for part in 0..keys::ACCOUNT_SHARDS {
            counts.push(self.count(&keys::directory_partition(part)).await?);
        }
        Ok(counts)
    }
}

//! Who may sign in, and to which accounts.
//!
//! Kept twice: under a digest of the address, for signing in, and under the account, for the operator to see
//! and take away. Both are written in one transaction.

use domain::calendar::Instant;
use domain::catalog::names::MeterId;
use domain::contact::Email;
use domain::ids::AccountId;
use domain::usage::built_in::CONSOLE_USERS;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::keys;
use super::usage::{Change, Reporter};
use super::write::{Outcome, Write, text};
use super::{Range, Table, decode};
use crate::error::Error;
use crate::links::digest;

/// Most tries when the same person is changed from two places at once.
const TRIES: usize = 10;

/// What somebody who signs in may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Accounts.
    pub accounts: Vec<AccountId>,
    /// Whether the operator's pages too.
    pub operator: bool,
}

/// Somebody who may sign in to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Digest of the address, which names the person in links.
    pub digest: String,
    /// The address.
    pub email: String,
}

#[derive(Deserialize)]
struct StoredAccess {
    #[serde(default)]
    accounts: Vec<String>,
}

/// Entry of somebody in the list of an account.
fn entry(email: &Email, account: &AccountId, digest: &str) -> Write {
    Write::update(keys::account_user(account, digest)).set("email", text(email.as_str())).set("digest", text(digest))
}

impl Table {
    /// The accounts an address may see; `None` if it may not sign in.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn user(&self, email: &Email) -> Result<Option<Vec<AccountId>>, Error> {
        let accounts = self.accounts_of(&digest(&email.normal())).await?;
        Ok(accounts.map(|accounts| accounts.iter().filter_map(|id| AccountId::parse(id).ok()).collect()))
    }

    async fn accounts_of(&self, digest: &str) -> Result<Option<Vec<String>>, Error> {
        let stored: Option<StoredAccess> = self.read(&keys::user(digest), "user").await?;
        Ok(stored.map(|stored| stored.accounts))
    }

    /// Lets an address sign in to an account; again changes nothing. It is not counted as a user: for setting a system up
    /// before anything is counted.
    ///
    /// # Errors
    /// [`Error::Contended`] when others kept changing the same person.
    pub async fn allow(&self, email: &Email, account: &AccountId) -> Result<(), Error> {
        let digest = digest(&email.normal());
        self.change_access(&digest, entry(email, account, &digest), account, true, None).await
    }

    /// As [`Table::allow`], and counts the users of the account from now on (P2).
    ///
    /// # Errors
    /// [`Error::Contended`] when others kept changing the same person or account.
    pub async fn admit(&self, email: &Email, account: &AccountId, now: Instant) -> Result<(), Error> {
        let digest = digest(&email.normal());
        self.change_access(&digest, entry(email, account, &digest), account, true, Some(now)).await
    }

    /// Takes the right to sign in to an account away; it is gone with the next request.
    ///
    /// # Errors
    /// [`Error::Contended`] when others kept changing the same person or account.
    pub async fn revoke(&self, digest: &str, account: &AccountId, now: Instant) -> Result<(), Error> {
        let listed = Write::delete(keys::account_user(account, digest));
        self.change_access(digest, listed, account, false, Some(now)).await
    }

    /// Changes what somebody may see, and the number of users with it in one transaction.
    async fn change_access(
        &self,
        digest: &str,
        listed: Write,
        account: &AccountId,
        may: bool,
        counted_at: Option<Instant>,
    ) -> Result<(), Error> {
        let list = |accounts: &Vec<String>| {
            serde_dynamo::to_attribute_value(accounts).map_err(|error| Error::internal("accounts of a user", error))
        };
        for _ in 0..TRIES {
            let read = self.accounts_of(digest).await?;
            let mut accounts = read.clone().unwrap_or_default();
            let might = accounts.iter().any(|known| known == account.as_str());
            accounts.retain(|known| known != account.as_str());
            if may {
                accounts.push(account.to_string());
            }
            let write = Write::update(keys::user(digest))
                .if_equals("accounts", read.as_ref().map(list).transpose()?)
                .set("accounts", list(&accounts)?);
            let writes = [write, listed.clone()];
            let changed = match counted_at.filter(|_| might != may) {
                None => self.commit(writes.to_vec()).await? == Outcome::Committed,
                Some(now) => self.count_users(account, may, now, &writes).await?,
            };
            if changed {
                return Ok(());
            }
        }
        Err(Error::Contended)
    }

    async fn count_users(&self, account: &AccountId, more: bool, now: Instant, also: &[Write]) -> Result<bool, Error> {
        let Ok(meter) = MeterId::parse(CONSOLE_USERS) else { return Ok(false) };
        let payer = self.account(account).await?.payer;
        // Whoever was let in before users were counted counts as well.
        let base = Decimal::from(self.users_of(account).await?.len());
        let step = if more { Decimal::ONE } else { Decimal::NEGATIVE_ONE };
        let reporter = Reporter { account, payer: payer.as_ref().unwrap_or(account), now };
        self.observe_gauge(reporter, &meter, Change::By { step, base }, also).await
    }

    /// Everybody who may sign in to an account.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn users_of(&self, account: &AccountId) -> Result<Vec<User>, Error> {
        let items = self.all(&keys::account_partition(account), &Range::Prefix("USER#".to_owned())).await?;
        let mut users: Vec<User> = items.into_iter().map(|item| decode(item, "user")).collect::<Result<_, _>>()?;
        users.sort_by_cached_key(|user| user.email.to_lowercase());
        Ok(users)
    }
}

//! Keys of programs: kept by a digest of the secret, listed for whom they belong to.
//!
//! The secret has 256 random bits, so a plain digest of it cannot be turned back, and the table's content opens nothing.

use chrono::TimeDelta;
use domain::api_key::{ApiKey, KeyOwner, KeyRefusal, SECRET_PREFIX, Scope, bearer};
use domain::calendar::{Day, Instant};
use domain::ids::AccountId;
use lambda_http::Request;
use serde::{Deserialize, Serialize};

use super::keys::{self, Key, moment};
use super::stored::{instant, some, valid};
use super::write::{Outcome, Write, number, text};
use super::{Range, Table, decode, encode};
use crate::entropy;
use crate::error::Error;
use crate::http::header;
use crate::links::digest;

/// What a key is called in errors.
const ITEM: &str = "API key";
/// Characters of the secret that are shown later.
const HINT: usize = 8;
/// How long a revoked key stays in the list.
const KEPT: TimeDelta = TimeDelta::days(366);

#[derive(Serialize, Deserialize)]
struct StoredKey {
    id: String,
    /// The account; the operator if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(default)]
    by_operator: bool,
    name: String,
    scopes: Vec<String>,
    hint: String,
    created_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_used_on: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    revoked_at: Option<String>,
}

/// Entry of a key in the list of its owner.
#[derive(Deserialize)]
struct Listed {
    digest: String,
}

impl StoredKey {
    fn read(self) -> Result<ApiKey, Error> {
        let owner = match &self.account {
            Some(account) => KeyOwner::Account(valid(AccountId::parse(account), ITEM)?),
            None => KeyOwner::Operator,
        };
        Ok(ApiKey {
            id: self.id,
            owner,
            by_operator: self.by_operator,
            name: self.name,
            scopes: self.scopes.iter().map(|code| some(Scope::parse(code), ITEM)).collect::<Result<_, _>>()?,
            hint: self.hint,
            created_at: instant(&self.created_at, ITEM)?,
            last_used_on: self.last_used_on.map(|day| valid(Day::parse(&day), ITEM)).transpose()?,
            revoked_at: self.revoked_at.map(|at| instant(&at, ITEM)).transpose()?,
        })
    }
}

fn listing(owner: &KeyOwner, id: &str) -> Key {
    match owner {
        KeyOwner::Account(account) => keys::account_api_key(account, id),
        KeyOwner::Operator => keys::operator_api_key(id),
    }
}

impl Table {
    /// Makes a key and gives its secret, which is not kept; `None` if there is one of this id already.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn create_api_key(
        &self,
        owner: &KeyOwner,
        id: &str,
        name: &str,
        by_operator: bool,
        now: Instant,
    ) -> Result<Option<String>, Error> {
        let secret = format!("{SECRET_PREFIX}{}", entropy::hex::<32>()?);
        let stored = StoredKey {
            id: id.to_owned(),
            account: match owner {
                KeyOwner::Account(account) => Some(account.to_string()),
                KeyOwner::Operator => None,
            },
            by_operator,
            name: name.to_owned(),
            scopes: vec![owner.scope().code().to_owned()],
            hint: secret.chars().take(HINT).collect(),
            created_at: moment(now),
            last_used_on: None,
            revoked_at: None,
        };
        let key = keys::api_key(&digest(&secret));
        let item = encode(&key, &stored)?;
        let listed = Write::update(listing(owner, id)).if_absent().set("digest", text(digest(&secret)));
        let outcome = self.commit(vec![Write::put(key, item).if_absent(), listed]).await?;
        Ok((outcome == Outcome::Committed).then_some(secret))
    }

    /// The keys of an owner, newest first; those revoked more than a year ago may be gone.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn api_keys(&self, owner: &KeyOwner) -> Result<Vec<ApiKey>, Error> {
        let Key { pk, sk } = listing(owner, "");
        let mut found = Vec::new();
        for item in self.all(&pk, &Range::Prefix(sk)).await? {
            let listed: Listed = decode(item, ITEM)?;
            if let Some(stored) = self.read::<StoredKey>(&keys::api_key(&listed.digest), ITEM).await? {
                found.push(stored.read()?);
            }
        }
        found.sort_by_key(|key| std::cmp::Reverse(key.created_at));
        Ok(found)
    }

    /// Revokes a key of an owner; the next request with it is refused. Again changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the owner has no such key.
    pub async fn revoke_api_key(&self, owner: &KeyOwner, id: &str, now: Instant) -> Result<(), Error> {
        let listed = listing(owner, id);
        let entry: Option<Listed> = self.read(&listed, ITEM).await?;
        let entry = entry.ok_or(Error::NotFound("API key"))?;
        let expires_at = number((now + KEPT).timestamp());
        let key = Write::update(keys::api_key(&entry.digest))
            .if_present()
            .if_missing("revoked_at")
            .set("revoked_at", text(moment(now)))
            .set("expires_at", expires_at.clone());
        // Refused: it was revoked before.
        self.commit(vec![key, Write::update(listed).if_present().set("expires_at", expires_at)]).await.map(|_| ())
    }

    /// The key a request came with (`Authorization: Bearer elk_…`), if it may do this. Costs a read, and one write
    /// for each day the key is used on.
    ///
    /// # Errors
    /// [`Error::Key`] if it may not.
    pub async fn authenticate(&self, request: &Request, scope: Scope, now: Instant) -> Result<ApiKey, Error> {
        let digest = digest(bearer(header(request, "authorization")).map_err(Error::Key)?);
        let stored: Option<StoredKey> = self.read(&keys::api_key(&digest), ITEM).await?;
        let key = stored.ok_or(Error::Key(KeyRefusal::Unknown))?.read()?;
        key.permits(scope).map_err(Error::Key)?;
        let today = Day::of(now);
        if key.last_used_on != Some(today) {
            let used = Write::update(keys::api_key(&digest)).if_present().set("last_used_on", text(today.to_string()));
            if let Err(error) = self.commit_one(used).await {
                // Whoever reports usage need not wait for it; the next request notes the day.
                tracing::warn!(error = error.chain(), "the day an API key was used on is not noted");
            }
        }
        Ok(key)
    }
}

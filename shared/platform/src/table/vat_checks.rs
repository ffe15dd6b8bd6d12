//! Answers about VAT ids, kept as evidence (I4): all of them under the account, the latest on its profile.

use domain::account::VatCheck;
use domain::ids::AccountId;

use super::parties::StoredVatCheck;
use super::write::{Outcome, Write, text};
use super::{Range, Table, decode, encode, keys};
use crate::error::Error;

/// Most answers that are shown.
const SHOWN: i32 = 20;

impl Table {
    /// Keeps an answer. It becomes the latest of the account unless the account has another VAT id by now.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn keep_vat_check(&self, account: &AccountId, check: &VatCheck) -> Result<(), Error> {
        let key = keys::vat_check(account, check.checked_at, &check.vat_id);
        let stored = StoredVatCheck::from(check);
        let latest = serde_dynamo::to_attribute_value(&stored).map_err(|error| Error::internal("VAT check", error))?;
        let kept = Write::put(key.clone(), encode(&key, &stored)?);
        let profile = Write::update(keys::account(account))
            .if_equals("vat_id", Some(text(check.vat_id.clone())))
            .set("vat_check", latest);
        match self.commit(vec![kept.clone(), profile]).await? {
            Outcome::Committed => Ok(()),
            Outcome::Refused(_) => self.commit_one(kept).await.map(|_| ()),
        }
    }

    /// The last answers about the VAT ids of an account, newest first.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn vat_checks(&self, account: &AccountId) -> Result<Vec<VatCheck>, Error> {
        let range = Range::Prefix("VATCHECK#".to_owned());
        let items = self.page(&keys::account_partition(account), &range, SHOWN, true).await?;
        items.into_iter().map(|item| decode::<StoredVatCheck>(item, "VAT check")?.read()).collect()
    }
}

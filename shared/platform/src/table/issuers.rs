//! Those in whose names invoices are issued: the operator and its service partner (Z7).
//!
//! An issued invoice shows its seller as it was at issue (I2). It refers to a version, kept under a digest of its
//! content when the issuer was saved, so that a thousand invoices share one copy.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::account::Operator;
use domain::catalog::charge::Issuer;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::parties::StoredOperator;
use super::write::{Outcome, Write};
use super::{Table, encode, keys};
use crate::error::Error;

const ITEM: &str = "operator";
/// Hexadecimal digits of a digest: 128 bits, which no two contents share by accident.
const DIGITS: usize = 32;

/// Versions this process knows to be stored. They never change, so they are never read again.
#[derive(Clone, Debug, Default)]
pub(super) struct Known(Arc<Mutex<BTreeMap<String, Operator>>>);

impl Known {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Operator>> {
        // A panic while the lock was held left the map as it was: inserting is all that is done with it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An issuer as it stands now, with the version it is kept under.
#[derive(Debug, Serialize, Deserialize)]
struct StoredIssuer {
    #[serde(flatten)]
    operator: StoredOperator,
    /// Missing where it was saved before versions were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<String>,
}

/// Digest of everything an invoice shows of its seller.
fn digest(stored: &StoredOperator) -> Result<String, Error> {
    let text = serde_json::to_string(stored).map_err(|error| Error::internal(ITEM, error))?;
    let mut digits = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    digits.truncate(DIGITS);
    Ok(digits)
}

impl Table {
    /// Writes who the operator is.
    ///
    /// # Errors
    /// As [`Table::save_issuer`].
    pub async fn save_operator(&self, operator: &Operator) -> Result<(), Error> {
        self.save_issuer(Issuer::Operator, operator).await
    }

    /// Writes who issues invoices in a name, with the version that invoices refer to.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn save_issuer(&self, issuer: Issuer, operator: &Operator) -> Result<(), Error> {
        let stored = StoredOperator::from(operator);
        let version = digest(&stored)?;
        let version_key = keys::issuer_version(&version);
        // The same content again is the same version: putting it once more changes nothing.
        let kept = Write::put(version_key.clone(), encode(&version_key, &stored)?);
        let key = keys::issuer(issuer);
        let item = encode(&key, &StoredIssuer { operator: stored, version: Some(version) })?;
        match self.commit(vec![Write::put(key, item), kept]).await? {
            Outcome::Committed => Ok(()),
            Outcome::Refused(_) => Err(Error::Contended),
        }
    }

    /// Who issues invoices in a name; `None` until it has been entered.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn issuer(&self, issuer: Issuer) -> Result<Option<Operator>, Error> {
        let Some(stored) = self.read::<StoredIssuer>(&keys::issuer(issuer), ITEM).await? else { return Ok(None) };
        let version = match stored.version {
            Some(version) if digest(&stored.operator)? == version => Some(version),
            _ => None,
        };
        let operator = stored.operator.read()?;
        if let Some(version) = version {
            self.issuers.lock().insert(version, operator.clone());
        }
        Ok(Some(operator))
    }

    /// Reads who the operator is.
    ///
    /// # Errors
    /// [`Error::NotYet`] until it has been entered: nothing can be invoiced without a seller.
    pub async fn operator(&self) -> Result<Operator, Error> {
        let operator = self.issuer(Issuer::Operator).await?;
        operator.ok_or_else(|| Error::NotYet("the operator has not been entered".to_owned()))
    }

    /// The version an invoice may refer to instead of a copy of its seller: one that this process has seen stored.
    pub(super) fn known_version(&self, seller: &StoredOperator) -> Result<Option<String>, Error> {
        let version = digest(seller)?;
        Ok(self.issuers.lock().contains_key(&version).then_some(version))
    }

    /// An issuer as it was, by its version.
    pub(super) async fn issuer_version(&self, version: &str) -> Result<Operator, Error> {
        if let Some(known) = self.issuers.lock().get(version) {
            return Ok(known.clone());
        }
        let stored: Option<StoredOperator> = self.read(&keys::issuer_version(version), ITEM).await?;
        let operator = stored.ok_or_else(|| Error::corrupt("invoice", "its seller is not stored"))?.read()?;
        self.issuers.lock().insert(version.to_owned(), operator.clone());
        Ok(operator)
    }
}

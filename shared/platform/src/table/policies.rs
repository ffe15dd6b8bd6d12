//! What the operator has set about offers and their down payments.

use domain::money::{Currency, Money};
use domain::offer::policy::{BillingPolicy, DownPayment};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::keys;
use super::stored::{some, valid};
use super::write::Write;
use super::{Table, encode};
use crate::error::Error;

#[derive(Debug, Default, Serialize, Deserialize)]
struct StoredPolicy {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    down_payment: Option<StoredDownPayment>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredDownPayment {
    above: String,
    currency: String,
    percent: String,
}

impl StoredDownPayment {
    fn new(down_payment: &DownPayment) -> Self {
        let above = down_payment.above();
        Self {
            above: above.plain(),
            currency: above.currency().code().to_owned(),
            percent: down_payment.percent().to_string(),
        }
    }

    fn read(self) -> Result<DownPayment, Error> {
        const ITEM: &str = "policy";
        let currency = some(Currency::parse(&self.currency), ITEM)?;
        let above = valid(Money::parse(&self.above, currency), ITEM)?;
        valid(DownPayment::new(above, valid(self.percent.parse::<Decimal>(), ITEM)?), ITEM)
    }
}

impl Table {
    /// What the operator has set; nothing, if it has set nothing yet.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn policy(&self) -> Result<BillingPolicy, Error> {
        let stored: StoredPolicy = self.read(&keys::policy(), "policy").await?.unwrap_or_default();
        Ok(BillingPolicy { down_payment: stored.down_payment.map(StoredDownPayment::read).transpose()? })
    }

    /// Writes what the operator has set.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn save_policy(&self, policy: &BillingPolicy) -> Result<(), Error> {
        let key = keys::policy();
        let stored = StoredPolicy { down_payment: policy.down_payment.as_ref().map(StoredDownPayment::new) };
        let item = encode(&key, &stored)?;
        self.commit_one(Write::put(key, item)).await.map(|_| ())
    }
}

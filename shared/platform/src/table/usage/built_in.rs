//! What this system counts by itself: only for accounts whose price lists define the meter, so that it costs nobody else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use domain::calendar::{Day, Instant};
use domain::catalog::names::MeterId;
use domain::ids::AccountId;
use domain::usage::built_in::is_built_in;
use rust_decimal::Decimal;

use super::{Reporter, stored};
use crate::error::Error;
use crate::table::Table;
use crate::table::write::Write;

/// How long it is remembered what an account's price lists define. A change of price list counts from then on at the
/// latest.
const LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// Most accounts remembered.
const ACCOUNTS: usize = 1_000;

/// The built-in meters that the price lists of an account define, read lately.
#[derive(Clone, Debug, Default)]
pub(in crate::table) struct Defined(Arc<Mutex<Known>>);

/// Meters by account, with when they were read.
type Known = HashMap<AccountId, (Instant, Arc<[MeterId]>)>;

impl Defined {
    fn fresh(&self, payer: &AccountId, now: Instant) -> Option<Arc<[MeterId]>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, meters) = kept.get(payer)?;
        let age = now.signed_duration_since(*read_at);
        (TimeDelta::zero() <= age && age < LIFETIME).then(|| Arc::clone(meters))
    }

    fn keep(&self, payer: &AccountId, now: Instant, meters: &Arc<[MeterId]>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= ACCOUNTS {
            kept.clear();
        }
        kept.insert(payer.clone(), (now, Arc::clone(meters)));
    }
}

impl Table {
    /// A built-in meter by its name, if the price lists of an account define it. Costs two reads every ten minutes.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn built_in_meter(&self, payer: &AccountId, name: &str, now: Instant) -> Result<Option<MeterId>, Error> {
        let meters = match self.defined.fresh(payer, now) {
            Some(meters) => meters,
            None => {
                let subscription = self.subscription(payer).await?.subscription;
                let catalogues = self.catalogues_of(&subscription).await?;
                let all = catalogues.iter().flat_map(|catalogue| &catalogue.parts().meters).map(|meter| &meter.id);
                let meters: Arc<[MeterId]> = all.filter(|meter| is_built_in(meter.as_str())).cloned().collect();
                self.defined.keep(payer, now, &meters);
                meters
            }
        };
        Ok(meters.iter().find(|meter| meter.as_str() == name).cloned())
    }
}

/// The write that adds to today's count of a meter.
#[must_use]
pub fn counting(reporter: Reporter<'_>, meter: &MeterId, quantity: u64) -> Write {
    stored::count(reporter, meter, Day::of(reporter.now), Decimal::from(quantity), None)
}

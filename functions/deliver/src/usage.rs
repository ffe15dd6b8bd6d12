//! What has to be read for the pages of an invoice: the days behind its lines (Z5) and the issuer's logo.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::account::Operator;
use domain::invoice::Invoice;
use platform::error::Error;

use crate::Deliver;
use crate::print::Days;
use crate::typeset::Logo;

/// Most logos kept in memory: one for each issuer, and few deployments have many.
const LOGOS: usize = 16;

/// Logos by their key; what is stored under a key never changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Logos(Arc<Mutex<HashMap<String, Logo>>>);

impl Deliver {
    /// The days behind each line that was counted day by day.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub(crate) async fn days_behind(&self, invoice: &Invoice) -> Result<Vec<Days>, Error> {
        let behind = self.table.behind(invoice).await?;
        let mut days = Vec::new();
        for (index, line) in invoice.draft.lines.iter().enumerate() {
            if line.provenance.meter.is_none() {
                continue;
            }
            let aggregation = self.table.aggregation(line).await?;
            days.push(Days { line: index, aggregation, days: behind.days(line) });
        }
        Ok(days)
    }

    /// The issuer's logo; none if it has none, or none that can be read.
    ///
    /// # Errors
    /// [`Error`] of the object store.
    pub(crate) async fn logo(&self, seller: &Operator) -> Result<Option<Logo>, Error> {
        let Some(key) = &seller.terms.logo else { return Ok(None) };
        if let Some(known) = self.logos.0.lock().unwrap_or_else(PoisonError::into_inner).get(key) {
            return Ok(Some(known.clone()));
        }
        let Some(logo) = self.objects.get(key).await?.and_then(Logo::read) else {
            // An invoice without a logo is better than none.
            tracing::warn!(key, "the logo is not there, or neither PNG nor JPEG");
            return Ok(None);
        };
        let mut known = self.logos.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= LOGOS {
            known.clear();
        }
        known.insert(key.clone(), logo.clone());
        Ok(Some(logo))
    }
}

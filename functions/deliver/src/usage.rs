//! What has to be read for the pages of an invoice: the days behind its lines (Z5) and the issuer's logo.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::account::Operator;
use domain::catalog::meter::Aggregation;
use domain::catalog::names::MeterId;
use domain::invoice::{Invoice, Line};
use domain::usage::Record;
use platform::error::Error;

use crate::Deliver;
use crate::print::{Days, UsageDay};
use crate::typeset::Logo;

/// Most logos kept in memory: one for each issuer, and few deployments have many.
const LOGOS: usize = 16;

/// Logos by their key; what is stored under a key never changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Logos(Arc<Mutex<HashMap<String, Logo>>>);

impl Deliver {
    /// The days behind each line that was counted day by day. One query, whatever the number of lines.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub(crate) async fn days_behind(&self, invoice: &Invoice) -> Result<Vec<Days>, Error> {
        let counted: Vec<(usize, &Line, &String)> = invoice
            .draft
            .lines
            .iter()
            .enumerate()
            .filter_map(|(index, line)| Some((index, line, line.provenance.meter.as_ref()?)))
            .collect();
        let first = counted.iter().map(|(_, line, _)| line.first_day).min();
        let last = counted.iter().map(|(_, line, _)| line.last_day).max();
        let (Some(first), Some(last)) = (first, last) else { return Ok(Vec::new()) };
        let records = self.table.usage_records(&invoice.draft.buyer.id, first, last).await?;
        let mut days = Vec::new();
        for (index, line, meter) in counted {
            let aggregation = self.aggregation(line, meter).await?;
            let of_line = records.iter().filter(|record| counts(record, line, meter, invoice));
            days.push(Days { line: index, aggregation, days: by_day(of_line) });
        }
        Ok(days)
    }

    /// How the days of a meter become a quantity, by the price list the line comes from.
    async fn aggregation(&self, line: &Line, meter: &str) -> Result<Aggregation, Error> {
        let provenance = &line.provenance;
        let (true, None, Ok(meter)) = (provenance.is_from_price_list(), &provenance.event, MeterId::parse(meter))
        else {
            return Ok(Aggregation::Sum);
        };
        let catalogue = self.table.catalogue(&provenance.plan.catalogue).await?;
        Ok(catalogue.and_then(|catalogue| Some(catalogue.meter(&meter)?.month)).unwrap_or(Aggregation::Sum))
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

/// Whether a record is behind a line: of its meter, its event and its days, and known when the line was charged. A line for
/// a closed month is charged for what became known since.
fn counts(record: &Record, line: &Line, meter: &str, invoice: &Invoice) -> bool {
    let event = line.provenance.event.as_ref();
    let is_its_own = record.meter.as_str() == meter
        && (line.first_day..=line.last_day).contains(&record.day)
        && event.is_none_or(|event| record.subject.as_deref() == Some(event.as_str()));
    let billed = record.billed();
    let charged = invoice.draft.month;
    let is_late_line = event.is_none() && line.last_day.month() < charged;
    is_its_own && if is_late_line { billed == charged } else { billed <= charged }
}

/// Each day once, in order. Several records of a day are those of different events, calls or sub-accounts: they add up.
fn by_day<'a>(records: impl Iterator<Item = &'a Record>) -> Vec<UsageDay> {
    let mut days: Vec<UsageDay> = Vec::new();
    for record in records {
        let is_late = record.billed() > record.day.month();
        match days.last_mut().filter(|last| last.day == record.day) {
            None => days.push(UsageDay { day: record.day, quantity: record.quantity, is_late }),
            Some(known) => {
                known.is_late |= is_late;
                known.quantity += record.quantity;
            }
        }
    }
    days
}

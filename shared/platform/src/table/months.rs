//! What each month of an account came to: the run's idempotency.
//!
//! One item per account and month. `ended` counts the events closed in it, `outcome` is set once: a
//! month with an outcome takes no more events, so nothing slips between reading and drafting.

use domain::calendar::{Day, Month};
use domain::catalog::names::MeterId;
use domain::event::CountingScheme;
use domain::ids::{AccountId, EventId, InvoiceId};
use domain::usage::{Counts, EndedEvent, Record};
use rust_decimal::Decimal;
use serde::Deserialize;

use super::keys;
use super::stored::{StoredEnded, valid};
use super::{Item, Range, Table, decode};
use crate::error::Error;

/// A month of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MonthState {
    /// Not evaluated yet.
    Open,
    /// Evaluated: nothing to bill.
    Nothing,
    /// Evaluated: an invoice, with its place in the order of its part of the run.
    Drafted {
        /// The invoice.
        invoice: InvoiceId,
        /// 0, 1, 2 … within the part; `None` if it was issued outside the run's numbering.
        rank: Option<u64>,
    },
    /// Evaluated: cannot be priced, and why (G7).
    Held(Vec<String>),
}

#[derive(Debug, Deserialize)]
struct StoredMonth {
    #[serde(default)]
    outcome: Option<String>,
    #[serde(default)]
    invoice: Option<String>,
    #[serde(default)]
    rank: Option<u64>,
    #[serde(default)]
    reasons: Vec<String>,
}

impl Table {
    /// How a month of an account stands.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn month(&self, account: &AccountId, month: Month) -> Result<MonthState, Error> {
        const ITEM: &str = "month";
        let stored: Option<StoredMonth> = self.read(&keys::month(account, month), ITEM).await?;
        let Some(stored) = stored else { return Ok(MonthState::Open) };
        Ok(match stored.outcome.as_deref() {
            None => MonthState::Open,
            Some("nothing") => MonthState::Nothing,
            Some("held") => MonthState::Held(stored.reasons),
            Some("drafted") => MonthState::Drafted {
                invoice: valid(InvoiceId::parse(stored.invoice.as_deref().unwrap_or_default()), ITEM)?,
                rank: stored.rank,
            },
            Some(_) => return Err(Error::corrupt(ITEM, "an unknown outcome")),
        })
    }

    /// Events that are billed in a month of an account.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn ended_events(&self, account: &AccountId, month: Month) -> Result<Vec<EndedEvent>, Error> {
        let range = Range::Prefix(format!("ENDED#{month}#"));
        let items = self.all(&keys::account_partition(account), &range).await?;
        items.into_iter().map(|item| decode::<StoredEnded>(item, "ended event")?.read()).collect()
    }

    /// The usage days of an event, oldest first: what stands behind the quantity of an invoice line (G5).
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn usage_days(
        &self,
        account: &AccountId,
        event: &EventId,
        first: Day,
        last: Day,
    ) -> Result<Vec<(Day, Counts)>, Error> {
        let range = Range::Between(format!("USAGE#{first}"), format!("USAGE#{last}~"));
        let mut days = Vec::new();
        for item in self.all(&keys::account_partition(account), &range).await? {
            // Reported usage has no event.
            if item.get("event").and_then(|value| value.as_s().ok()).is_some_and(|known| known == event.as_str()) {
                let (day, counts, _) = decode::<StoredDay>(item, "usage day")?.read()?;
                days.push((day, counts));
            }
        }
        Ok(days)
    }
}

/// The day of an event as records of its meters.
pub(super) fn read_event_day(item: Item) -> Result<Vec<Record>, Error> {
    let stored: StoredDay = decode(item, "usage day")?;
    let (day, counts, recorded_on) = stored.read()?;
    let quantities = [
        ("accepted_attendees", counts.coming(stored.counting()?)),
        ("declined_attendees", counts.declined),
        ("responses", counts.responses),
    ];
    let counted = quantities.into_iter().filter(|(_, quantity)| *quantity != 0).map(|(meter, quantity)| {
        Ok(Record {
            day,
            at: None,
            meter: valid(MeterId::parse(meter), "usage day")?,
            quantity: Decimal::from(quantity),
            subject: Some(stored.event.clone()),
            recorded_on,
        })
    });
    counted.collect()
}

#[derive(Deserialize)]
struct StoredDay {
    day: String,
    event: String,
    #[serde(default)]
    counting: Option<String>,
    #[serde(default)]
    recorded_on: Option<String>,
    #[serde(default)]
    accepted: i64,
    #[serde(default)]
    declined: i64,
    #[serde(default)]
    responses: i64,
}

impl StoredDay {
    fn read(&self) -> Result<(Day, Counts, Option<Day>), Error> {
        const ITEM: &str = "usage day";
        let recorded_on = self.recorded_on.as_deref().map(|day| valid(Day::parse(day), ITEM)).transpose()?;
        let counts = Counts { accepted: self.accepted, declined: self.declined, responses: self.responses };
        Ok((valid(Day::parse(&self.day), ITEM)?, counts, recorded_on))
    }

    fn counting(&self) -> Result<CountingScheme, Error> {
        match self.counting.as_deref() {
            None => Ok(CountingScheme::Accepted),
            Some(code) => CountingScheme::parse(code).ok_or_else(|| Error::corrupt("usage day", "an unknown counting")),
        }
    }
}

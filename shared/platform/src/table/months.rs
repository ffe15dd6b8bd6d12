//! What accounts have used: ended events, and the usage days of events.

use domain::calendar::{Day, Month};
use domain::catalog::names::MeterId;
use domain::event::CountingScheme;
use domain::ids::{AccountId, EventId};
use domain::usage::{Counts, EndedEvent, Record};
use rust_decimal::Decimal;
use serde::Deserialize;

use super::keys;
use super::stored::{StoredEnded, valid};
use super::{Item, Range, Table, decode};
use crate::error::Error;

/// Which usage of an account is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Ended events of the month alone.
    Ended,
    /// Its usage days since a day, too.
    DaysSince(Day),
}

impl Table {
    /// The ended events of a month of an account and its usage days, up to the last of the month, in one query.
    pub(super) async fn ended_and_days(
        &self,
        account: &AccountId,
        month: Month,
        look: Look,
    ) -> Result<(Vec<EndedEvent>, Vec<Item>), Error> {
        let prefix = keys::ended_prefix(month);
        let range = match look {
            Look::Ended => Range::Prefix(prefix.clone()),
            // The month's events stand before the usage days of its first, and after those of the months before.
            Look::DaysSince(day) => {
                Range::Between(format!("USAGE#{day}").min(prefix.clone()), days_until(month.last()))
            }
        };
        let (mut ended, mut days) = (Vec::new(), Vec::new());
        for item in self.all(&keys::account_partition(account), &range).await? {
            let key = sort_key(&item);
            if key.starts_with(&prefix) {
                ended.push(decode::<StoredEnded>(item, "ended event")?.read()?);
            } else if !keys::is_ended(key) && matches!(look, Look::DaysSince(day) if *key >= *format!("USAGE#{day}")) {
                days.push(item);
            }
        }
        Ok((ended, days))
    }

    /// Items of usage days, oldest first.
    pub(super) async fn usage_items(&self, account: &AccountId, first: Day, last: Day) -> Result<Vec<Item>, Error> {
        let range = Range::Between(format!("USAGE#{first}"), days_until(last));
        let mut items = self.all(&keys::account_partition(account), &range).await?;
        items.retain(|item| !keys::is_ended(sort_key(item)));
        Ok(items)
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
        let mut days = Vec::new();
        for item in self.usage_items(account, first, last).await? {
            // Reported usage has no event.
            if item.get("event").and_then(|value| value.as_s().ok()).is_some_and(|known| known == event.as_str()) {
                let (day, counts, _) = decode::<StoredDay>(item, "usage day")?.read()?;
                days.push((day, counts));
            }
        }
        Ok(days)
    }
}

/// The last key of the usage days up to a day.
fn days_until(last: Day) -> String {
    format!("USAGE#{last}~")
}

fn sort_key(item: &Item) -> &str {
    item.get("sk").and_then(|value| value.as_s().ok()).map_or("", String::as_str)
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

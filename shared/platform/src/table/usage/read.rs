//! Usage as rating takes it.

use std::collections::BTreeMap;

use domain::calendar::{Day, Month};
use domain::catalog::Catalogues;
use domain::catalog::names::MeterId;
use domain::ids::{AccountId, EventId};
use domain::rating::needed_usage;
use domain::subscription::Subscription;
use domain::usage::built_in::{FormDays, form_records};
use domain::usage::gauge::together;
use domain::usage::report::OLDEST_DAYS;
use domain::usage::{EndedEvent, Record, Usage};
use serde::Deserialize;

use super::stored::{Held, ITEM, account_of, read, words};
use crate::error::Error;
use crate::table::months::{Look, read_event_day};
use crate::table::stored::valid;
use crate::table::{Item, Range, Table, decode, keys};

/// A gauge of an account, by its days.
pub(super) type Gauges = BTreeMap<MeterId, BTreeMap<AccountId, Vec<Record>>>;

impl Table {
    /// All usage that rating a month of an account looks at: ended events, and what else was used. One query where nothing came late, one
    /// more for gauges and one for registration pages where the price list asks for them.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn usage_of_month(
        &self,
        payer: &AccountId,
        catalogues: &Catalogues,
        subscription: &Subscription,
        month: Month,
    ) -> Result<(Vec<EndedEvent>, Usage), Error> {
        let Some(needed) = needed_usage(catalogues, subscription, month) else {
            return Ok((self.ended_and_days(payer, month, Look::Ended).await?.0, Usage::default()));
        };
        let (ended, mut items) = self.ended_and_days(payer, month, Look::DaysSince(needed.from)).await?;
        // What became known in this month for an earlier one is priced as the difference, for which all of that month
        // and of those since is needed.
        let first =
            items.iter().filter(|item| words(item, "recorded_on").is_some()).filter_map(|item| words(item, "day"));
        let first = first.filter_map(|day| Day::parse(day).ok()).min().map(|day| day.month().first());
        let from = first.map_or(needed.from, |first| first.min(needed.from));
        if from < needed.from {
            items.extend(self.usage_items(payer, from, needed.from.previous()).await?);
        }
        let mut usage = self.read_usage(payer, &items, needed.gauges.then_some(from)).await?;
        if needed.forms {
            let forms = self.forms(payer, from).await?;
            usage.records.extend(form_records(&forms, from, month.last()));
        }
        Ok((ended, usage))
    }

    /// The usage of some days, whenever it became known, gauges with what they showed before: what people are shown.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn usage_between(&self, payer: &AccountId, first: Day, last: Day) -> Result<Usage, Error> {
        // What came late lies with the day it became known.
        let known = last.plus_days(OLDEST_DAYS.unsigned_abs() + 1);
        let items = self.usage_items(payer, first, known).await?;
        let mut usage = self.read_usage(payer, &items, Some(first)).await?;
        let inside = |day: Day| first <= day && day <= last;
        usage.entries.retain(|entry| inside(entry.day()));
        usage.orders.retain(|order| inside(order.day));
        // Before the first day there is only what gauges held on with.
        usage.records.retain(|record| inside(record.day) || record.day == first.month().first().previous());
        let forms = self.forms(payer, first).await?;
        usage.records.extend(form_records(&forms, first, last));
        Ok(usage)
    }

    async fn read_usage(&self, payer: &AccountId, items: &[Item], gauges_since: Option<Day>) -> Result<Usage, Error> {
        let mut usage = Usage::default();
        let mut gauges = match gauges_since {
            Some(first) => self.gauges_until(payer, first).await?,
            None => Gauges::new(),
        };
        for item in items {
            match read(item)? {
                None => usage.records.extend(read_event_day(item.clone())?),
                Some(Held::Record(record)) => usage.records.push(record),
                Some(Held::Entry(entry)) => usage.entries.push(entry),
                Some(Held::Order(order)) => usage.orders.push(order),
                Some(Held::Gauge(records)) => add_gauge(&mut gauges, item, records)?,
            }
        }
        usage.records.extend(gauges.into_values().flat_map(together));
        Ok(usage)
    }

    /// What gauges showed before the month of a day, as of its last day.
    pub(super) async fn gauges_until(&self, payer: &AccountId, first: Day) -> Result<Gauges, Error> {
        let (mut gauges, month) = (Gauges::new(), first.month());
        for (account, meter, quantity) in self.gauges_before(payer, month).await? {
            let day = month.first().previous();
            let before = Record { day, at: None, meter: meter.clone(), quantity, subject: None, recorded_on: None };
            gauges.entry(meter).or_default().entry(account).or_default().push(before);
        }
        Ok(gauges)
    }

    /// Registration pages that were open on a day or later.
    pub(super) async fn forms(&self, payer: &AccountId, first: Day) -> Result<Vec<FormDays>, Error> {
        // `~` sorts after every digit.
        let range = Range::Between(format!("FORM#{first}"), "FORM#~".to_owned());
        let items = self.all(&keys::account_partition(payer), &range).await?;
        items.into_iter().map(|item| decode::<StoredForm>(item, ITEM)?.read()).collect()
    }
}

pub(super) fn add_gauge(gauges: &mut Gauges, item: &Item, records: Vec<Record>) -> Result<(), Error> {
    let account = valid(AccountId::parse(account_of(item)), ITEM)?;
    for record in records {
        gauges.entry(record.meter.clone()).or_default().entry(account.clone()).or_default().push(record);
    }
    Ok(())
}

/// The days on which guests can register for an event.
#[derive(Deserialize)]
struct StoredForm {
    event: String,
    from: String,
    until: String,
}

impl StoredForm {
    fn read(self) -> Result<FormDays, Error> {
        Ok(FormDays {
            event: valid(EventId::parse(&self.event), ITEM)?,
            from: valid(Day::parse(&self.from), ITEM)?,
            until: valid(Day::parse(&self.until), ITEM)?,
        })
    }
}

//! The days behind the lines of an invoice (G5, Z5).

use std::collections::{BTreeMap, BTreeSet};

use domain::calendar::{Day, Month};
use domain::catalog::meter::Aggregation;
use domain::catalog::names::MeterId;
use domain::invoice::{Invoice, Line};
use domain::usage::Record;
use domain::usage::built_in::{FormDays, form_records, is_of_forms};
use domain::usage::gauge::{daily_peaks, together};
use domain::usage::report::OLDEST_DAYS;
use rust_decimal::Decimal;

use super::read::{Gauges, add_gauge};
use super::stored::{Held, read};
use crate::error::Error;
use crate::table::Table;
use crate::table::months::read_event_day;

/// What was counted on the days of an invoice's lines.
#[derive(Debug, Default)]
pub struct Behind {
    /// The month that the invoice charges.
    charged: Option<Month>,
    records: Vec<Record>,
    gauges: Gauges,
    forms: Vec<FormDays>,
}

impl Table {
    /// Reads what was counted on the days of an invoice's lines: counters, gauges with what held on before, and minutes.
    /// One query for the days and one for what held on, whatever the number of lines, and one for registration pages if they
    /// are charged.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn behind(&self, invoice: &Invoice) -> Result<Behind, Error> {
        let counted = || invoice.draft.lines.iter().filter(|line| line.provenance.meter.is_some());
        let first = counted().map(|line| line.first_day).min();
        let last = counted().map(|line| line.last_day).max();
        let (Some(first), Some(last)) = (first, last) else { return Ok(Behind::default()) };
        let payer = &invoice.draft.buyer.id;
        let mut behind = Behind { charged: Some(invoice.draft.month), ..Behind::default() };
        behind.gauges = self.gauges_until(payer, first).await?;
        // What a month's gauges begin with is known; the days of it before the first one lead there. What came late lies with
        // the day it became known, which is not much later.
        let known = last.plus_days(OLDEST_DAYS.unsigned_abs() + 1);
        for item in self.usage_items(payer, first.month().first(), known).await? {
            match read(&item)? {
                None => behind.records.extend(read_event_day(item)?),
                Some(Held::Record(record)) => behind.records.push(record),
                Some(Held::Gauge(of_day)) => add_gauge(&mut behind.gauges, &item, of_day)?,
                Some(Held::Entry(entry)) => behind.records.push(Record {
                    day: entry.day(),
                    at: Some(entry.start),
                    meter: entry.channel,
                    quantity: entry.minutes,
                    subject: None,
                    recorded_on: entry.recorded_on,
                }),
                Some(Held::Order(_)) => {}
            }
        }
        if counted().any(|line| line.provenance.meter.as_deref().is_some_and(is_of_forms)) {
            behind.forms = self.forms(payer, first).await?;
        }
        behind.records.sort_by_key(|record| (record.day, record.at));
        Ok(behind)
    }
}

impl Table {
    /// How the days of a line become its quantity, by the price list it comes from.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn aggregation(&self, line: &Line) -> Result<Aggregation, Error> {
        let provenance = &line.provenance;
        let meter = provenance.meter.as_ref().and_then(|meter| MeterId::parse(meter).ok());
        let (true, None, Some(meter)) = (provenance.is_from_price_list(), &provenance.event, meter) else {
            return Ok(Aggregation::Sum);
        };
        let catalogue = self.catalogue(&provenance.plan.catalogue).await?;
        Ok(catalogue.and_then(|catalogue| Some(catalogue.meter(&meter)?.month)).unwrap_or(Aggregation::Sum))
    }
}

/// What was counted on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageDay {
    /// The local day.
    pub day: Day,
    /// How much.
    pub quantity: Decimal,
    /// Whether it became known after its month was closed.
    pub is_late: bool,
}

impl Behind {
    /// The days behind a line, each once, oldest first. Several records of a day are those of different events, calls or
    /// sub-accounts: they add up.
    #[must_use]
    pub fn days(&self, line: &Line) -> Vec<UsageDay> {
        let mut days: Vec<UsageDay> = Vec::new();
        for record in self.records(line) {
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

    /// The records behind a line, oldest first: of its meter and event, as they were known when it was charged. A gauge has
    /// the highest value of each day, and on the first day of the line what held on.
    fn records(&self, line: &Line) -> Vec<Record> {
        let (Some(meter), Some(charged)) = (&line.provenance.meter, self.charged) else { return Vec::new() };
        let event = line.provenance.event.as_ref();
        // A line for a closed month is charged for what became known since.
        let is_late_line = event.is_none() && line.last_day.month() < charged;
        let was_charged = |record: &&Record| {
            let billed = record.billed();
            if is_late_line { billed == charged } else { billed <= charged }
        };
        let inside = |record: &Record| (line.first_day..=line.last_day).contains(&record.day);
        let its_own = |record: &&Record| {
            let fits = event.is_none_or(|event| record.subject.as_deref() == Some(event.as_str()));
            record.meter.as_str() == meter && inside(record) && fits
        };
        let mut days: Vec<Record> = self.records.iter().filter(its_own).filter(was_charged).cloned().collect();
        days.extend(
            form_records(&self.forms, line.first_day, line.last_day).into_iter().filter(|record| its_own(&record)),
        );
        if let Some((_, parts)) = self.gauges.iter().find(|(gauge, _)| gauge.as_str() == meter) {
            let known =
                |records: &Vec<Record>| records.iter().filter(|record| record.billed() <= charged).cloned().collect();
            let parts: BTreeMap<_, Vec<Record>> =
                parts.iter().map(|(account, records)| (account.clone(), known(records))).collect();
            let changes = together(parts);
            // What became known late made a difference on its days; in a month that it only held on into, on all of them.
            let late: BTreeSet<Day> = changes
                .iter()
                .filter(|change| inside(change) && change.billed() == charged)
                .map(|change| change.day)
                .collect();
            let shown = |peak: &Record| inside(peak) && (!is_late_line || late.is_empty() || late.contains(&peak.day));
            days.extend(daily_peaks(changes, line.first_day).into_iter().filter(shown));
        }
        days
    }
}

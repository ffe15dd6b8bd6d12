//! What a program reports: each record is read into what it does, or refused with everything that is wrong (P2).

mod fields;
pub mod problem;

use rust_decimal::Decimal;

use crate::calendar::{Day, Instant};
use crate::catalog::charge::{Charge, Model};
use crate::catalog::meter::{Aggregation, Meter, MeterKind};
use crate::catalog::names::MeterId;
use crate::catalog::{Catalogue, Catalogues};
use crate::problem::{FieldProblem, Problem};
use crate::subscription::Subscription;
use crate::usage::built_in::is_counted_here;
use crate::usage::{Order, Record, TimeEntry};
use fields::{NAME_LENGTH, Reader, TEXT_LENGTH};
use problem::RecordProblem;

/// Most records of one request.
pub const MOST_RECORDS: usize = 500;
/// A record may be this many days old. For as long, and longer, a repetition is recognised.
pub const OLDEST_DAYS: i64 = 40;

/// A record as it came: texts as they stand, numbers as they were written, `None` for what was not given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawReport {
    /// Where it comes from: with the id it names the record.
    pub source: Option<String>,
    /// Its id within the source.
    pub id: Option<String>,
    /// The meter it counts on.
    pub meter: Option<String>,
    /// The charge that was ordered, in place of a meter.
    pub charge: Option<String>,
    /// How much; of time, minutes.
    pub quantity: Option<String>,
    /// The agreed net price of an order.
    pub price: Option<String>,
    /// When, with its offset.
    pub time: Option<String>,
    /// The local day, in place of a time.
    pub day: Option<String>,
    /// Who or what was counted.
    pub subject: Option<String>,
    /// What it was about, for the invoice.
    pub text: Option<String>,
    /// Whether it came as a CloudEvent, whose fields have other places.
    pub is_event: bool,
    /// What was wrong with its form.
    pub problems: Vec<FieldProblem>,
}

/// A record that can be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Where it comes from.
    pub source: String,
    /// Its id within the source.
    pub id: String,
    /// What it does.
    pub effect: Effect,
}

/// What a record does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Adds to the day of a counter.
    Count {
        /// The local day.
        day: Day,
        /// The counter.
        meter: MeterId,
        /// How much; below zero to take back.
        quantity: Decimal,
    },
    /// Observes a gauge.
    Gauge {
        /// When.
        at: Instant,
        /// The gauge.
        meter: MeterId,
        /// Its value.
        value: Decimal,
    },
    /// Somebody was there, who counts once however often (`unique`).
    Seen(Record),
    /// A transaction, priced by itself.
    Transaction(Record),
    /// Time that was spent.
    Entry(TimeEntry),
    /// Something that was ordered.
    Order(Order),
}

impl Effect {
    /// The local day it belongs to.
    #[must_use]
    pub fn day(&self) -> Day {
        match self {
            Self::Count { day, .. } => *day,
            Self::Gauge { at, .. } => Day::of(*at),
            Self::Seen(record) | Self::Transaction(record) => record.day,
            Self::Entry(entry) => entry.day(),
            Self::Order(order) => order.day,
        }
    }
}

/// Against what records are read.
#[derive(Clone, Copy, Debug)]
pub struct Reporting<'a> {
    /// The price lists of the subscription.
    pub catalogues: &'a Catalogues,
    /// What the account, or the one that pays for it, has subscribed to.
    pub subscription: &'a Subscription,
    /// Whether the operator stands behind it: only then may something be taken back or a price be agreed.
    pub by_operator: bool,
    /// The present time.
    pub now: Instant,
}

/// What a record counts on.
enum Target<'a> {
    Meter(&'a Meter),
    Charge(&'a Charge),
}

impl Reporting<'_> {
    /// Reads a record.
    ///
    /// # Errors
    /// All fields that are wrong.
    pub fn read(&self, raw: &RawReport) -> Result<Report, Vec<FieldProblem>> {
        if raw.problems.iter().any(|problem| problem.problem == Problem::Record(RecordProblem::NotAnObject)) {
            return Err(raw.problems.clone());
        }
        let mut reader = Reader { raw, problems: raw.problems.clone() };
        let source = reader.required("source", raw.source.as_deref());
        let id = reader.required("id", raw.id.as_deref());
        let when = reader.when(self.now);
        if let Some(problem) = when.and_then(|(day, _)| self.uncovered(day)) {
            reader.refuse(if raw.time.is_some() { "time" } else { "day" }, problem);
        }
        let subject = reader.optional("subject", raw.subject.as_deref(), NAME_LENGTH);
        let text = reader.optional("text", raw.text.as_deref(), TEXT_LENGTH);
        let target = self.target(&mut reader, when.map(|(day, _)| day));
        let quantity = reader.decimal("quantity", raw.quantity.as_deref());
        let price = reader.decimal("price", raw.price.as_deref());
        if let Some(price) = price {
            if !self.by_operator {
                reader.refuse("price", RecordProblem::OperatorOnly);
            }
            if price < Decimal::ZERO {
                reader.refuse("price", RecordProblem::BelowZero);
            }
            if matches!(target, Some(Target::Meter(_))) {
                reader.refuse("price", RecordProblem::OnlyForOrders);
            }
        }
        let effect = match target {
            Some(Target::Meter(meter)) => self.effect(&mut reader, meter, when, quantity, subject, text),
            Some(Target::Charge(charge)) => {
                reader.not_below_zero(quantity.unwrap_or(Decimal::ONE)).and_then(|quantity| {
                    let day = when?.0;
                    Some(Effect::Order(Order {
                        day,
                        charge: charge.id.clone(),
                        quantity,
                        agreed_price: price,
                        text,
                        recorded_on: None,
                    }))
                })
            }
            None => None,
        };
        match (source, id, effect) {
            (Some(source), Some(id), Some(effect)) if reader.problems.is_empty() => Ok(Report { source, id, effect }),
            _ => Err(reader.problems),
        }
    }

    /// Why nobody would be charged for what was on a day, if so.
    fn uncovered(&self, day: Day) -> Option<RecordProblem> {
        match self.subscription.ends_on {
            Some(last) if day > last => Some(RecordProblem::SubscriptionOver { last }),
            _ => self.subscription.phase_on(day).is_none().then_some(RecordProblem::BeforeSubscription),
        }
    }

    /// The price lists, that of a day first.
    fn lists(&self, day: Option<Day>) -> Vec<&Catalogue> {
        let of_day = day.and_then(|day| self.subscription.phase_on(day)).map(|phase| phase.plan.catalogue.as_str());
        let mut lists: Vec<&Catalogue> = self.catalogues.iter().map(|catalogue| &**catalogue).collect();
        lists.sort_by_key(|catalogue| Some(catalogue.key()) != of_day);
        lists
    }

    fn target(&self, reader: &mut Reader<'_>, day: Option<Day>) -> Option<Target<'_>> {
        let (meter, charge) = (reader.raw.meter.as_deref(), reader.raw.charge.as_deref());
        let lists = self.lists(day);
        match (meter, charge) {
            (Some(_), Some(_)) => {
                reader.refuse("charge", RecordProblem::MeterOrCharge);
                None
            }
            (None, None)
                if reader
                    .problems
                    .iter()
                    .any(|problem| problem.field.ends_with("meter") || problem.field.ends_with("charge")) =>
            {
                None
            }
            (None, None) => {
                reader.add("meter", Problem::Missing);
                None
            }
            (Some(name), None) if is_counted_here(name) => {
                reader.refuse("meter", RecordProblem::CountedHere);
                None
            }
            (Some(name), None) => {
                let meters = || lists.iter().flat_map(|list| &list.parts().meters);
                let found = meters().find(|meter| meter.id.as_str() == name);
                if found.is_none() {
                    let known = meters().map(|meter| meter.id.as_str()).filter(|name| !is_counted_here(name));
                    reader.add("meter", Problem::NotOneOf { known: names(known) });
                }
                found.map(Target::Meter)
            }
            (None, Some(name)) => {
                let orders = || {
                    lists
                        .iter()
                        .flat_map(|list| &list.parts().charges)
                        .filter(|charge| matches!(charge.model, Model::OneOff(_)))
                };
                let found = orders().find(|charge| charge.id.as_str() == name);
                if found.is_none() {
                    reader.add("charge", Problem::NotOneOf { known: names(orders().map(|charge| charge.id.as_str())) });
                }
                found.map(Target::Charge)
            }
        }
    }

    fn effect(
        &self,
        reader: &mut Reader<'_>,
        meter: &Meter,
        when: Option<(Day, Option<Instant>)>,
        quantity: Option<Decimal>,
        subject: Option<String>,
        text: Option<String>,
    ) -> Option<Effect> {
        let unique = meter.month == Aggregation::Unique && meter.kind != MeterKind::Time;
        if unique && subject.is_none() && reader.raw.subject.is_none() {
            reader.add("subject", Problem::Missing);
        }
        if !unique && reader.raw.quantity.is_none() {
            reader.missing("quantity");
        }
        // Who is counted once needs no number.
        let quantity = quantity.or(unique.then_some(Decimal::ONE))?;
        let quantity = match meter.kind {
            MeterKind::Counter if self.by_operator && !unique => quantity,
            MeterKind::Counter if quantity < Decimal::ZERO => {
                reader.refuse("quantity", if unique { RecordProblem::BelowZero } else { RecordProblem::OperatorOnly });
                return None;
            }
            _ if unique && quantity.is_zero() => {
                // Zero would say that somebody who was there was not.
                reader.add("quantity", Problem::Zero);
                return None;
            }
            _ => reader.not_below_zero(quantity)?,
        };
        if meter.kind == MeterKind::Time && reader.raw.time.is_none() && reader.raw.day.is_some() {
            // The start decides the tariff (S4).
            reader.refuse("day", RecordProblem::TimeNeeded);
        }
        let (day, at) = when?;
        let meter_id = meter.id.clone();
        let record = |subject| Record { day, at, meter: meter_id.clone(), quantity, subject, recorded_on: None };
        Some(match meter.kind {
            MeterKind::Time => {
                Effect::Entry(TimeEntry { start: at?, channel: meter_id, minutes: quantity, text, recorded_on: None })
            }
            _ if unique => Effect::Seen(record(Some(subject?))),
            MeterKind::Transaction => Effect::Transaction(record(subject)),
            MeterKind::Gauge => {
                Effect::Gauge { at: at.unwrap_or_else(|| day.start()), meter: meter_id, value: quantity }
            }
            MeterKind::Counter => Effect::Count { day, meter: meter_id, quantity },
        })
    }
}

/// Each name once, in order.
fn names<'a>(all: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names: Vec<String> = all.map(str::to_owned).collect();
    names.sort_unstable();
    names.dedup();
    names
}

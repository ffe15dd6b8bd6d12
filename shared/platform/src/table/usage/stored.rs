//! Items of reported usage and back. `kind` says what an item holds; one without it is the day of an event.

use chrono::SecondsFormat;
use domain::calendar::{Day, Instant};
use domain::catalog::names::{ChargeId, MeterId};
use domain::ids::AccountId;
use domain::usage::gauge::GaugeDay;
use domain::usage::{Order, Record, TimeEntry};
use rust_decimal::Decimal;

use super::Reporter;
use crate::error::Error;
use crate::links::digest;
use crate::table::Item;
use crate::table::keys::{self, Key};
use crate::table::stored::{instant, valid};
use crate::table::write::{Write, text};
use aws_sdk_dynamodb::types::AttributeValue;

/// What an item is called in errors.
pub(super) const ITEM: &str = "usage";

/// What a stored item holds.
pub(super) enum Held {
    Record(Record),
    Gauge(Vec<Record>),
    Entry(TimeEntry),
    Order(Order),
}

fn begun(key: Key, kind: &str, day: Day, recorded_on: Option<Day>) -> Write {
    let write = Write::update(key).set("kind", text(kind)).set("day", text(day.to_string()));
    match recorded_on {
        Some(known) => write.set("recorded_on", text(known.to_string())),
        None => write,
    }
}

/// Text of an instant with all of its digits, so that of two observations within a second the later one is known.
pub(super) fn exact(instant: Instant) -> String {
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn decimal(value: Decimal) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

fn set_some(write: Write, name: &str, value: Option<&str>) -> Write {
    match value {
        Some(value) => write.set(name, text(value)),
        None => write,
    }
}

/// Adds to the day of a counter.
pub(super) fn count(
    reporter: Reporter<'_>,
    meter: &MeterId,
    day: Day,
    sum: Decimal,
    recorded_on: Option<Day>,
) -> Write {
    counted(reporter.payer, reporter.account, meter, day, sum, recorded_on)
}

/// As [`count`], for what was counted before and becomes known now.
pub(in crate::table) fn counted(
    payer: &AccountId,
    account: &AccountId,
    meter: &MeterId,
    day: Day,
    sum: Decimal,
    recorded_on: Option<Day>,
) -> Write {
    let key = keys::usage(payer, day, recorded_on, &format!("count#{meter}#{account}"));
    begun(key, "count", day, recorded_on).set("meter", text(meter.as_str())).add_decimal("quantity", sum)
}

/// Notes that somebody was there on a day; again changes nothing.
pub(super) fn seen(reporter: Reporter<'_>, record: &Record, recorded_on: Option<Day>) -> Write {
    let subject = record.subject.as_deref().unwrap_or_default();
    let what = format!("seen#{}#{}", record.meter, &digest(subject)[..32]);
    one(keys::usage(reporter.payer, record.day, recorded_on, &what), record, recorded_on)
}

/// Keeps a transaction.
pub(super) fn transaction(reporter: Reporter<'_>, record: &Record, name: &str, recorded_on: Option<Day>) -> Write {
    let what = format!("transaction#{}#{name}", reporter.account);
    one(keys::usage(reporter.payer, record.day, recorded_on, &what), record, recorded_on)
}

fn one(key: Key, record: &Record, recorded_on: Option<Day>) -> Write {
    let write = begun(key, "record", record.day, recorded_on)
        .set("meter", text(record.meter.as_str()))
        .set("quantity", decimal(record.quantity));
    let at = record.at.map(exact);
    set_some(set_some(write, "at", at.as_deref()), "subject", record.subject.as_deref())
}

/// Keeps a time entry.
pub(super) fn entry(reporter: Reporter<'_>, entry: &TimeEntry, name: &str, recorded_on: Option<Day>) -> Write {
    let what = format!("entry#{}#{name}", reporter.account);
    let key = keys::usage(reporter.payer, entry.day(), recorded_on, &what);
    let write = begun(key, "entry", entry.day(), recorded_on)
        .set("meter", text(entry.channel.as_str()))
        .set("at", text(exact(entry.start)))
        .set("quantity", decimal(entry.minutes));
    set_some(write, "text", entry.text.as_deref())
}

/// Keeps an order.
pub(super) fn order(reporter: Reporter<'_>, order: &Order, name: &str, recorded_on: Option<Day>) -> Write {
    let what = format!("order#{}#{name}", reporter.account);
    let write = begun(keys::usage(reporter.payer, order.day, recorded_on, &what), "order", order.day, recorded_on)
        .set("charge", text(order.charge.as_str()))
        .set("quantity", decimal(order.quantity));
    let write = set_some(write, "text", order.text.as_deref());
    match order.agreed_price {
        Some(price) => write.set("price", decimal(price)),
        None => write,
    }
}

/// The write of a day of a gauge, on the condition that it is the one read.
pub(super) fn gauge_day(
    key: Key,
    meter: &MeterId,
    day: Day,
    recorded_on: Option<Day>,
    known: Option<GaugeDay>,
    now: GaugeDay,
) -> Write {
    let mut write = begun(key, "gauge", day, recorded_on).set("meter", text(meter.as_str()));
    for (name, before, value) in [
        ("quantity", known.map(|day| decimal(day.last)), decimal(now.last)),
        ("highest", known.map(|day| decimal(day.highest)), decimal(now.highest)),
        ("at", known.map(|day| text(exact(day.at))), text(exact(now.at))),
    ] {
        write = write.if_equals(name, before).set(name, value);
    }
    write
}

/// Reads an attribute that is a text.
pub(super) fn words<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str)
}

/// Reads an attribute that is a number, exactly.
pub(super) fn figure(item: &Item, name: &str) -> Result<Option<Decimal>, Error> {
    let Some(digits) = item.get(name).and_then(|value| value.as_n().ok()) else { return Ok(None) };
    let read = digits.parse::<Decimal>().or_else(|_| Decimal::from_scientific(digits));
    Ok(Some(valid(read, ITEM)?.normalize()))
}

fn needed<T>(value: Option<T>) -> Result<T, Error> {
    value.ok_or_else(|| Error::corrupt(ITEM, "an attribute is missing"))
}

/// Reads a day of a gauge.
pub(super) fn read_gauge_day(item: &Item) -> Result<GaugeDay, Error> {
    Ok(GaugeDay {
        at: needed(read_at(item)?)?,
        last: needed(figure(item, "quantity")?)?,
        highest: needed(figure(item, "highest")?)?,
    })
}

fn read_at(item: &Item) -> Result<Option<Instant>, Error> {
    words(item, "at").map(|at| instant(at, ITEM)).transpose()
}

/// Reads an item; `None` for the day of an event.
pub(super) fn read(item: &Item) -> Result<Option<Held>, Error> {
    let Some(kind) = words(item, "kind") else { return Ok(None) };
    let day = valid(Day::parse(needed(words(item, "day"))?), ITEM)?;
    let recorded_on = words(item, "recorded_on").map(|known| valid(Day::parse(known), ITEM)).transpose()?;
    let said = words(item, "text").map(str::to_owned);
    let quantity = needed(figure(item, "quantity")?)?;
    let meter = || valid(MeterId::parse(needed(words(item, "meter"))?), ITEM);
    let subject = words(item, "subject").map(str::to_owned);
    Ok(Some(match kind {
        "count" => Held::Record(Record { day, at: None, meter: meter()?, quantity, subject: None, recorded_on }),
        "record" => Held::Record(Record { day, at: read_at(item)?, meter: meter()?, quantity, subject, recorded_on }),
        "gauge" => Held::Gauge(read_gauge_day(item)?.records(day, &meter()?, recorded_on)),
        "entry" => Held::Entry(TimeEntry {
            start: needed(read_at(item)?)?,
            channel: meter()?,
            minutes: quantity,
            text: said,
            recorded_on,
        }),
        "order" => Held::Order(Order {
            day,
            charge: valid(ChargeId::parse(needed(words(item, "charge"))?), ITEM)?,
            quantity,
            agreed_price: figure(item, "price")?,
            text: said,
            recorded_on,
        }),
        _ => return Err(Error::corrupt(ITEM, "a kind that is not known")),
    }))
}

/// The account a gauge is of, from its key `USAGE#day#gauge#meter#acc`.
pub(super) fn account_of(item: &Item) -> &str {
    words(item, "sk").and_then(|sk| sk.rsplit('#').next()).unwrap_or_default()
}

//! Records of meters, time entries and orders.

use domain::calendar::Day;
use domain::catalog::charge::{Charge, Model};
use domain::catalog::meter::{Aggregation, Meter, MeterKind};
use domain::catalog::tiers::Price;
use domain::usage::{Order, Record, TimeEntry};
use rust_decimal::Decimal;

use crate::cursor::{Cursor, Fields};
use crate::document::Value;
use crate::place::short;
use crate::usage::{Context, line, named, unknown_key};
use crate::words::{hint, listed};

/// Keys of a record.
pub(crate) const RECORD_KEYS: [&str; 4] = ["date", "quantity", "subject", "recorded"];
/// Keys of a time entry.
pub(crate) const ENTRY_KEYS: [&str; 5] = ["start", "minutes", "channel", "text", "recorded"];
/// Keys of an order.
pub(crate) const ORDER_KEYS: [&str; 6] = ["date", "charge", "quantity", "price", "text", "recorded"];

/// The meter a key names.
pub(super) fn meter_key<'a>(cursor: &Cursor<'_>, context: Context<'a>) -> Option<&'a Meter> {
    let meters = &context.catalogue.parts().meters;
    let meter = meters.iter().find(|meter| meter.id.as_str() == cursor.key());
    if meter.is_none() {
        unknown_key(cursor, "meter", meters.iter().map(|meter| meter.id.as_str()));
    }
    meter
}

/// The records of all meters.
pub(super) fn records(fields: &Fields<'_>, context: Context<'_>) -> Vec<Record> {
    let mut records = Vec::new();
    for entry in fields.section("meters") {
        match (meter_key(&entry, context), entry.value()) {
            (None, _) => {}
            (Some(meter), _) if meter.kind == MeterKind::Time => {
                let example = format!("{{ \"start\": …, \"minutes\": …, \"channel\": \"{}\" }}", meter.id);
                entry.refuse(format!("a meter of time has no records; write {example} under `time_entries`"));
            }
            (Some(meter), Value::Array(_)) => {
                records.extend(entry.items().iter().filter_map(|item| record(item, meter)));
            }
            (Some(meter), _) if meter.month == Aggregation::Unique => {
                let example = "[{ \"date\": \"2026-11-03\", \"subject\": \"anna\" }]";
                entry.refuse(format!("who was counted is needed, not how many; write records such as {example}"));
            }
            (Some(meter), _) => records.extend(total(&entry, meter, context)),
        }
    }
    records
}

/// One number for the whole month: of a gauge its value from the first day on, else all on the last day.
fn total(cursor: &Cursor<'_>, meter: &Meter, context: Context<'_>) -> Option<Record> {
    let is_number = matches!(cursor.value(), Value::Number(_) | Value::Text(_));
    if !is_number {
        cursor.refuse_type("a quantity, or a list of records in brackets");
        return None;
    }
    let day = if meter.kind == MeterKind::Gauge { context.month.first() } else { context.month.last() };
    let quantity = quantity(cursor, meter)?;
    Some(Record { day, at: None, meter: meter.id.clone(), quantity, subject: None, recorded_on: None })
}

fn record(cursor: &Cursor<'_>, meter: &Meter) -> Option<Record> {
    let fields = cursor.fields(&RECORD_KEYS)?;
    let moment = fields.required("date", "the day or time it belongs to").and_then(|it| it.moment());
    let unique = meter.month == Aggregation::Unique;
    let quantity = match fields.get("quantity") {
        // Who is counted once needs no number.
        None if unique => Some(Decimal::ONE),
        _ => fields.required("quantity", "how much").and_then(|it| quantity(&it, meter)),
    };
    let subject = line(&fields, "subject");
    if unique {
        fields.required("subject", "who or what was counted; this meter counts each one once");
    }
    let recorded_on = recorded(&fields);
    let (day, at) = moment?;
    Some(Record { day, at, meter: meter.id.clone(), quantity: quantity?, subject, recorded_on })
}

/// A counter may be corrected downwards (A20); what is there, and money that was paid, cannot be less than nothing.
fn quantity(cursor: &Cursor<'_>, meter: &Meter) -> Option<Decimal> {
    if meter.kind == MeterKind::Counter { cursor.decimal() } else { cursor.not_negative() }
}

fn recorded(fields: &Fields<'_>) -> Option<Day> {
    fields.read("recorded", Cursor::moment).map(|(day, _)| day)
}

/// The time entries.
pub(super) fn entries(fields: &Fields<'_>, context: Context<'_>) -> Vec<TimeEntry> {
    fields.items("time_entries").iter().filter_map(|item| entry(item, context)).collect()
}

fn entry(cursor: &Cursor<'_>, context: Context<'_>) -> Option<TimeEntry> {
    let fields = cursor.fields(&ENTRY_KEYS)?;
    let start = fields.required("start", "the time it began").and_then(|it| it.instant());
    let minutes = fields.required("minutes", "its length").and_then(|it| it.not_negative());
    let channel = fields.required("channel", "the meter of time it counts on").and_then(|it| channel(&it, context));
    let (text, recorded_on) = (line(&fields, "text"), recorded(&fields));
    Some(TimeEntry { start: start?, channel: channel?.id.clone(), minutes: minutes?, text, recorded_on })
}

fn channel<'a>(cursor: &Cursor<'_>, context: Context<'a>) -> Option<&'a Meter> {
    let text = cursor.text()?;
    let of_time = context.catalogue.parts().meters.iter().filter(|meter| meter.kind == MeterKind::Time);
    let channel = of_time.clone().find(|meter| meter.id.as_str() == text);
    if channel.is_none() {
        let hint = hint(text, of_time.map(|meter| meter.id.as_str()));
        cursor.refuse(format!("the catalogue has no meter of time \"{}\"; {hint}", short(text)));
    }
    channel
}

/// The orders.
pub(super) fn orders(fields: &Fields<'_>, context: Context<'_>) -> Vec<Order> {
    fields.items("orders").iter().filter_map(|item| order(item, context)).collect()
}

fn order(cursor: &Cursor<'_>, context: Context<'_>) -> Option<Order> {
    let fields = cursor.fields(&ORDER_KEYS)?;
    let day = fields.required("date", "the day it was delivered").and_then(|it| it.day());
    let charge = fields.required("charge", "the charge of what was ordered").and_then(|it| charge(&it, context));
    let quantity = fields.get("quantity").map_or(Some(Decimal::ONE), |it| it.not_negative());
    let price = fields.get("price");
    let agreed_price = price.as_ref().and_then(Cursor::not_negative);
    if let (Some(charge), Some(price), Some(agreed)) = (charge, price, agreed_price) {
        agreed_above(charge, &price, agreed);
    }
    let (text, recorded_on) = (line(&fields, "text"), recorded(&fields));
    let charge = charge?.id.clone();
    Some(Order { day: day?, charge, quantity: quantity?, agreed_price, text, recorded_on })
}

fn charge<'a>(cursor: &Cursor<'_>, context: Context<'a>) -> Option<&'a Charge> {
    let charges = &context.catalogue.parts().charges;
    let charge = named(cursor, "charge", charges, |charge| charge.id.as_str())?;
    if matches!(charge.model, Model::OneOff(_)) {
        return Some(charge);
    }
    let one_off = charges.iter().filter(|charge| matches!(charge.model, Model::OneOff(_)));
    let one_off = listed(one_off.map(|charge| charge.id.as_str()));
    cursor.refuse(format!("`{}` cannot be ordered; what can be is {one_off}", charge.id));
    None
}

/// A30: a price "from 250" is the least that can be agreed.
fn agreed_above(charge: &Charge, price: &Cursor<'_>, agreed: Decimal) {
    if let Model::OneOff(one_off) = &charge.model
        && let Price::Amount(least) = one_off.price
        && one_off.from
        && agreed < least
    {
        price.refuse(format!("below the price of `{}`, which begins at {least}", charge.id));
    }
}

//! Meters and units.

use domain::catalog::meter::{Aggregation, Meter, MeterKind, Unit};
use domain::catalog::names::MeterId;

use crate::catalogue::title;
use crate::cursor::Cursor;
use crate::document::Value;
use crate::place::short;
use crate::values::LINE_LIMIT;
use crate::words::hint;

/// Keys of a meter.
pub(crate) const METER_KEYS: [&str; 5] = ["title", "unit", "kind", "month", "scale"];
/// Keys of a unit that is not one of the known words.
pub(crate) const UNIT_KEYS: [&str; 3] = ["code", "de", "en"];
/// Kinds of meters.
pub(crate) const KINDS: [(&str, MeterKind); 4] = [
    (MeterKind::Counter.code(), MeterKind::Counter),
    (MeterKind::Gauge.code(), MeterKind::Gauge),
    (MeterKind::Time.code(), MeterKind::Time),
    (MeterKind::Transaction.code(), MeterKind::Transaction),
];
/// How days become a month.
pub(crate) const MONTHS: [(&str, Aggregation); 5] = [
    (Aggregation::Sum.code(), Aggregation::Sum),
    (Aggregation::Max.code(), Aggregation::Max),
    (Aggregation::Mean.code(), Aggregation::Mean),
    (Aggregation::Last.code(), Aggregation::Last),
    (Aggregation::Unique.code(), Aggregation::Unique),
];
/// Decimal places of a mean, unless given.
const SCALE: u32 = 2;

/// Reads a meter.
pub(super) fn meter(cursor: &Cursor<'_>) -> Option<Meter> {
    let id = cursor.key_name(MeterId::parse);
    let fields = cursor.fields(&METER_KEYS)?;
    let title = title(&fields);
    let unit = fields.required("unit", "what it counts, for example \"attendee\"").and_then(|it| unit(&it));
    let kind = fields.read("kind", |it| it.word(&KINDS)).unwrap_or(MeterKind::Counter);
    let default = if kind == MeterKind::Gauge { Aggregation::Max } else { Aggregation::Sum };
    let month = fields.get("month").map_or(Some(default), |it| it.word(&MONTHS));
    let scale = fields.get("scale");
    if let (Some(scale), Some(month)) = (&scale, month)
        && month != Aggregation::Mean
    {
        scale.refuse("only a meter with month = \"mean\" is rounded; remove this or write that");
    }
    Some(Meter {
        id: id?,
        title,
        unit: unit.unwrap_or(Unit::PIECE),
        kind,
        month: month.unwrap_or(default),
        scale: scale.and_then(|it| it.small()).unwrap_or(SCALE),
    })
}

/// Reads a unit: one of the known words, or a table.
pub(super) fn unit(cursor: &Cursor<'_>) -> Option<Unit> {
    if let Value::Table(_) = cursor.value() {
        let fields = cursor.fields(&UNIT_KEYS)?;
        let code = fields.required("code", "its code of UN/ECE Recommendation 20").and_then(|it| code(&it));
        let side = |key, name| fields.required(key, name).and_then(|it| it.line(LINE_LIMIT));
        let (de, en) = (side("de", "the German label"), side("en", "the English label"));
        return Some(Unit { code: code?.into(), de: de?.into(), en: en?.into() });
    }
    let Value::Text(word) = cursor.value() else {
        cursor.refuse_type("a unit such as \"attendee\" or { code = \"C62\", de = \"…\", en = \"…\" }");
        return None;
    };
    let unit = Unit::named(word);
    if unit.is_none() {
        let hint = hint(word, Unit::words().chain(["{ code, de, en }"]).collect::<Vec<_>>());
        cursor.refuse(format!("unknown unit \"{}\"; {hint}", short(word)));
    }
    unit
}

fn code(cursor: &Cursor<'_>) -> Option<String> {
    let text = cursor.text()?;
    let inside = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if (1..=3).contains(&text.len()) && text.bytes().all(inside) {
        return Some(text.to_owned());
    }
    cursor.refuse(format!("\"{}\" is no code; write 1 to 3 capital letters or digits such as C62", short(text)));
    None
}

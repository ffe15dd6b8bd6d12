//! Reported records as JSON: our own form and CloudEvents 1.0 (JSON Event Format, §§ 3 and 4). Numbers stay as written.

use std::fmt;

use domain::problem::{FieldProblem, Problem};
use domain::usage::report::RawReport;
use domain::usage::report::problem::RecordProblem;
use platform::error::Error;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Most fields of a record: an event may have some that extend it.
const MOST_FIELDS: usize = 64;
/// Keys of a record of our own.
const KEYS: [&str; 10] = ["source", "id", "meter", "charge", "quantity", "price", "time", "day", "subject", "text"];

/// An object with its keys in order, those that come twice included, and its values as they were written.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Fields(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

impl<'a> Fields<'a> {
    fn get(&self, name: &str) -> Option<&'a RawValue> {
        // What is null was not given.
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| *value).filter(|value| value.get() != "null")
    }
}

/// The records of a body.
///
/// # Errors
/// [`Error::Malformed`] for what is no JSON, [`Error::Invalid`] for JSON that holds no records.
pub(super) fn records(bytes: &[u8], media_type: &str) -> Result<Vec<RawReport>, Error> {
    let malformed = |error: serde_json::Error| Error::Malformed(error.to_string());
    let body: &RawValue = serde_json::from_slice(bytes).map_err(malformed)?;
    let list = |value: &'_ RawValue| {
        serde_json::from_str::<Vec<&RawValue>>(value.get())
            .ok()
            .map(|list| list.into_iter().map(|value| value.get().to_owned()).collect::<Vec<String>>())
    };
    let events = |all: Vec<String>| all.iter().map(|one| event(one)).collect();
    let is = |name: &str| media_type.eq_ignore_ascii_case(name);
    if is("application/cloudevents+json") {
        return Ok(vec![event(body.get())]);
    }
    if let Some(all) = list(body) {
        return Ok(events(all));
    }
    let fields = serde_json::from_str::<Fields<'_>>(body.get()).ok();
    let fields = fields.filter(|_| !is("application/cloudevents-batch+json"));
    match fields {
        Some(fields) if fields.get("specversion").is_some() => Ok(vec![event(body.get())]),
        Some(fields) => match fields.get("records") {
            None => Err(invalid(Problem::Missing)),
            Some(value) => match list(value) {
                Some(all) => Ok(all.iter().map(|one| record(one)).collect()),
                None => Err(invalid(not_a_list())),
            },
        },
        None => Err(invalid(not_a_list())),
    }
}

fn invalid(problem: Problem) -> Error {
    Error::Invalid(vec![FieldProblem::new("records", problem)])
}

fn not_a_list() -> Problem {
    Problem::NotAllowed { expected: "[…]".to_owned() }
}

fn refused(field: impl Into<String>, problem: RecordProblem) -> FieldProblem {
    FieldProblem::new(field, Problem::Record(problem))
}

/// The fields of a record, which are few: each is compared with the others.
fn fields_of<'a>(text: &'a str, problems: &mut Vec<FieldProblem>) -> Option<Fields<'a>> {
    match serde_json::from_str::<Fields<'a>>(text) {
        Ok(fields) if fields.0.len() <= MOST_FIELDS => return Some(fields),
        Ok(_) => problems.push(refused("", RecordProblem::TooManyFields { most: MOST_FIELDS })),
        Err(_) => problems.push(refused("", RecordProblem::NotAnObject)),
    }
    None
}

/// A record of our own.
fn record(text: &str) -> RawReport {
    let mut raw = RawReport::default();
    let Some(fields) = fields_of(text, &mut raw.problems) else { return raw };
    twice(&fields, "", &mut raw.problems);
    for (key, _) in fields.0.iter().filter(|(key, _)| !KEYS.contains(&key.as_str())) {
        let known = KEYS.map(str::to_owned).to_vec();
        raw.problems.push(FieldProblem::new(key.chars().take(60).collect::<String>(), Problem::NotOneOf { known }));
    }
    let problems = &mut raw.problems;
    raw.source = word(&fields, "source", "", problems);
    raw.id = word(&fields, "id", "", problems);
    raw.time = word(&fields, "time", "", problems);
    raw.day = word(&fields, "day", "", problems);
    raw.subject = word(&fields, "subject", "", problems);
    counted(&fields, "", &mut raw);
    raw
}

/// A CloudEvent: `type` ends with the meter behind `usage.`, or `data.meter` names it. Attributes that extend the
/// event are left alone.
fn event(text: &str) -> RawReport {
    let mut raw = RawReport { is_event: true, ..RawReport::default() };
    let Some(fields) = fields_of(text, &mut raw.problems) else { return raw };
    twice(&fields, "", &mut raw.problems);
    let problems = &mut raw.problems;
    raw.source = word(&fields, "source", "", problems);
    raw.id = word(&fields, "id", "", problems);
    raw.time = word(&fields, "time", "", problems);
    raw.subject = word(&fields, "subject", "", problems);
    match word(&fields, "specversion", "", problems) {
        Some(version) if version == "1.0" => {}
        _ if problems.iter().any(|problem| problem.field == "specversion") => {}
        _ => problems.push(refused("specversion", RecordProblem::SpecVersion)),
    }
    let kind = word(&fields, "type", "", problems);
    if kind.is_none() && !problems.iter().any(|problem| problem.field == "type") {
        problems.push(FieldProblem::new("type", Problem::Missing));
    }
    let content = word(&fields, "datacontenttype", "", problems).unwrap_or_default();
    let content = content.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_json = content.is_empty() || content.ends_with("/json") || content.ends_with("+json");
    let data =
        fields.get("data").filter(|_| is_json).and_then(|data| serde_json::from_str::<Fields<'_>>(data.get()).ok());
    if data.as_ref().is_some_and(|data| data.0.len() > MOST_FIELDS) {
        raw.problems.push(refused("data", RecordProblem::TooManyFields { most: MOST_FIELDS }));
        return raw;
    }
    let Some(data) = data else {
        raw.problems.push(refused("data", RecordProblem::NoData));
        return raw;
    };
    twice(&data, "data.", &mut raw.problems);
    counted(&data, "data.", &mut raw);
    raw.day = word(&data, "day", "data.", &mut raw.problems);
    if raw.meter.is_none() && raw.charge.is_none() {
        raw.meter = kind.as_deref().and_then(meter_of);
        if raw.meter.is_none() && kind.is_some() && !raw.problems.iter().any(|problem| problem.field == "data.meter") {
            // Named where the meter would be looked for first, so that it is not said twice.
            raw.problems.push(refused("data.meter", RecordProblem::NoMeterInType));
        }
    }
    raw
}

/// The meter a type ends with: `com.example.usage.pageviews`.
fn meter_of(kind: &str) -> Option<String> {
    let (before, meter) = kind.rsplit_once("usage.")?;
    ((before.is_empty() || before.ends_with('.')) && !meter.is_empty()).then(|| meter.to_owned())
}

/// What records and the data of events have in common.
fn counted(fields: &Fields<'_>, place: &str, raw: &mut RawReport) {
    let problems = &mut raw.problems;
    raw.meter = word(fields, "meter", place, problems);
    raw.charge = word(fields, "charge", place, problems);
    raw.text = word(fields, "text", place, problems);
    raw.quantity = figure(fields, "quantity", place, problems);
    raw.price = figure(fields, "price", place, problems);
}

/// Names each key that is there a second time: which value was meant, nobody knows.
fn twice(fields: &Fields<'_>, place: &str, problems: &mut Vec<FieldProblem>) {
    for (index, (key, _)) in fields.0.iter().enumerate() {
        if fields.0.iter().take(index).any(|(known, _)| known == key) {
            problems
                .push(refused(format!("{place}{}", key.chars().take(60).collect::<String>()), RecordProblem::Twice));
        }
    }
}

fn word(fields: &Fields<'_>, name: &str, place: &str, problems: &mut Vec<FieldProblem>) -> Option<String> {
    let value = fields.get(name)?;
    let text = serde_json::from_str(value.get()).ok();
    if text.is_none() {
        problems.push(refused(format!("{place}{name}"), RecordProblem::NotAText));
    }
    text
}

/// A number as it was written, or a text that holds one. What is neither is refused where it is read.
fn figure(fields: &Fields<'_>, name: &str, place: &str, problems: &mut Vec<FieldProblem>) -> Option<String> {
    let value = fields.get(name)?.get();
    if value.starts_with('"') { word(fields, name, place, problems) } else { Some(value.to_owned()) }
}

//! Records of which something is wrong, each with what is named.

use serde_json::json;

use crate::harness::TestWorld;
use crate::usage::{KINDS, NOW, key, on, report};

/// What is wrong, what was sent, which fields are named, and with which code.
type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Records of which something is wrong.
const WRONG: &[Row] = &[
    ("not an object", r#"7"#, &[("", "not_an_object")]),
    ("nothing in it", r#"{}"#, &[("id", "missing"), ("meter", "missing"), ("source", "missing"), ("time", "missing")]),
    ("no id", r#"{"source": "a", "meter": "pageviews", "quantity": 1, "day": "2026-11-03"}"#, &[("id", "missing")]),
    (
        "an empty id",
        r#"{"source": "a", "id": "", "meter": "pageviews", "quantity": 1, "day": "2026-11-03"}"#,
        &[("id", "missing")],
    ),
    (
        "an id that is a number",
        r#"{"source": "a", "id": 7, "meter": "pageviews", "quantity": 1, "day": "2026-11-03"}"#,
        &[("id", "not_a_text")],
    ),
    (
        "a line break in the source",
        r#"{"source": "a\nb", "id": "1", "meter": "pageviews", "quantity": 1, "day": "2026-11-03"}"#,
        &[("source", "control_characters")],
    ),
    (
        "a key twice",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "quantity": 1, "quantity": 100, "day": "2026-11-03"}"#,
        &[("quantity", "twice")],
    ),
    (
        "a slip in a key",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "quantiy": 1, "day": "2026-11-03"}"#,
        &[("quantity", "missing"), ("quantiy", "not_one_of")],
    ),
    (
        "an unknown meter",
        r#"{"source": "a", "id": "1", "meter": "clicks", "quantity": 1, "day": "2026-11-03"}"#,
        &[("meter", "not_one_of")],
    ),
    (
        "a meter that is counted here",
        r#"{"source": "a", "id": "1", "meter": "mails", "quantity": 1, "day": "2026-11-03"}"#,
        &[("meter", "counted_here")],
    ),
    (
        "one of another price list",
        r#"{"source": "a", "id": "1", "meter": "accepted_attendees", "quantity": 1, "day": "2026-11-03"}"#,
        &[("meter", "counted_here")],
    ),
    (
        "meter and charge",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "charge": "set-up", "quantity": 1, "day": "2026-11-03"}"#,
        &[("charge", "meter_or_charge")],
    ),
    (
        "a charge that cannot be ordered",
        r#"{"source": "a", "id": "1", "charge": "pageviews", "day": "2026-11-03"}"#,
        &[("charge", "not_one_of")],
    ),
    (
        "no quantity",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "day": "2026-11-03"}"#,
        &[("quantity", "missing")],
    ),
    (
        "nobody was there",
        r#"{"source": "a", "id": "1", "meter": "readers", "subject": "anna", "quantity": 0, "day": "2026-11-03"}"#,
        &[("quantity", "zero")],
    ),
    (
        "null is not given",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "quantity": null, "day": "2026-11-03"}"#,
        &[("quantity", "missing")],
    ),
    (
        "a comma",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "quantity": "1,5", "day": "2026-11-03"}"#,
        &[("quantity", "not_a_decimal")],
    ),
    (
        "an exponent",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "quantity": 1e3, "day": "2026-11-03"}"#,
        &[("quantity", "not_a_decimal")],
    ),
    (
        "too many places",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "quantity": 0.1234567, "day": "2026-11-03"}"#,
        &[("quantity", "not_a_decimal")],
    ),
    (
        "too large",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "quantity": 1234567890123, "day": "2026-11-03"}"#,
        &[("quantity", "not_a_decimal")],
    ),
    (
        "a flag",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "quantity": true, "day": "2026-11-03"}"#,
        &[("quantity", "not_a_decimal")],
    ),
    (
        "a gauge below zero",
        r#"{"source": "a", "id": "1", "meter": "tables", "quantity": -1, "day": "2026-11-03"}"#,
        &[("quantity", "below_zero")],
    ),
    (
        "a sale below zero",
        r#"{"source": "a", "id": "1", "meter": "sales", "quantity": -1, "day": "2026-11-03"}"#,
        &[("quantity", "below_zero")],
    ),
    (
        "nobody who was counted",
        r#"{"source": "a", "id": "1", "meter": "readers", "day": "2026-11-03"}"#,
        &[("subject", "missing")],
    ),
    (
        "time without its start",
        r#"{"source": "a", "id": "1", "meter": "phone", "quantity": 5, "day": "2026-11-03"}"#,
        &[("day", "time_needed")],
    ),
    (
        "neither time nor day",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "quantity": 1}"#,
        &[("time", "missing")],
    ),
    (
        "time and day",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "quantity": 1, "day": "2026-11-03", "time": "2026-11-03T10:00:00Z"}"#,
        &[("day", "time_or_day")],
    ),
    (
        "a time without its offset",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "quantity": 1, "time": "2026-11-03T10:00:00"}"#,
        &[("time", "not_a_time")],
    ),
    (
        "a day that is none",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "quantity": 1, "day": "2026-02-30"}"#,
        &[("day", "not_a_day")],
    ),
    (
        "the day after tomorrow",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "quantity": 1, "day": "2026-11-22"}"#,
        &[("day", "in_the_future")],
    ),
    (
        "more than a day ahead",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "quantity": 1, "time": "2026-11-21T09:00:01+01:00"}"#,
        &[("time", "in_the_future")],
    ),
    (
        "41 days ago",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "quantity": 1, "day": "2026-10-10"}"#,
        &[("day", "too_old")],
    ),
    (
        "a price of a meter",
        r#"{"source": "a", "id": "1", "meter": "pageviews", "quantity": 1, "price": 1, "day": "2026-11-03"}"#,
        &[("price", "only_for_orders")],
    ),
    (
        "several at once",
        r#"{"source": "a", "meter": "tables", "quantity": -1, "day": "2025-11-03"}"#,
        &[("day", "too_old"), ("id", "missing"), ("quantity", "below_zero")],
    ),
];

/// Records that just fit.
const RIGHT: &[(&str, &str)] = &[
    ("tomorrow", r#"{"source": "a", "id": "t1", "meter": "pageviews", "quantity": 1, "day": "2026-11-21"}"#),
    (
        "a day ahead",
        r#"{"source": "a", "id": "t2", "meter": "pageviews", "quantity": 1, "time": "2026-11-21T09:00:00+01:00"}"#,
    ),
    ("40 days ago", r#"{"source": "a", "id": "t3", "meter": "pageviews", "quantity": 1, "day": "2026-10-11"}"#),
    ("six places", r#"{"source": "a", "id": "t4", "meter": "pageviews", "quantity": "0.000001", "day": "2026-11-03"}"#),
    ("nothing", r#"{"source": "a", "id": "t5", "meter": "tables", "quantity": 0, "day": "2026-11-03"}"#),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_record_is_named_all_at_once_and_the_others_are_kept() {
    let world = TestWorld::start(NOW).await;
    let account = on(&world, "acc_kinds", KINDS, "all").await;
    let key = key(&world, &account, true).await;
    let texts = WRONG.iter().map(|(_, text, _)| *text).chain(RIGHT.iter().map(|(_, text)| *text));
    let body = format!(r#"{{"records": [{}]}}"#, texts.collect::<Vec<_>>().join(","));
    let reply = report(&world, &key, "application/json", &body).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let json = reply.json();
    assert_eq!((&json["invalid"], &json["accepted"]), (&json!(WRONG.len()), &json!(RIGHT.len())), "{}", reply.body);
    for (index, (name, _, expected)) in WRONG.iter().enumerate() {
        let one = &json["results"][index];
        let errors = one["errors"].as_array().unwrap_or_else(|| panic!("{name}: {one}"));
        let mut named: Vec<(&str, &str)> =
            errors.iter().map(|error| (error["field"].as_str().unwrap(), error["code"].as_str().unwrap())).collect();
        named.sort_unstable();
        assert_eq!(named, *expected, "{name}");
        assert!(errors.iter().all(|error| !error["message"].as_str().unwrap().is_empty()), "{name}");
    }
    for (index, (name, _)) in RIGHT.iter().enumerate() {
        assert_eq!(json["results"][WRONG.len() + index]["result"], "accepted", "{name}");
    }
    let known = json["results"][8]["errors"][0]["allowed"].as_array().unwrap();
    assert_eq!(known, &["pageviews", "phone", "readers", "sales", "tables"], "which meters there are");
    let german = world.request("POST", "/api/v1/usage?lang=de").header("authorization", format!("Bearer {key}"));
    let german = world.send(german.json(&json!({ "records": [{}] }))).await;
    assert!(german.body.contains("Bitte füllen Sie dieses Feld aus."), "{}", german.body);
}

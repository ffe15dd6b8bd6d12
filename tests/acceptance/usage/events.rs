//! CloudEvents.

use serde_json::{Value, json};

use crate::harness::TestWorld;
use crate::usage::{KINDS, NOW, counted, key, on, report, results};

const ONE: &str = "application/cloudevents+json";
const BATCH: &str = "application/cloudevents-batch+json";

/// CloudEvents 1.0.2, JSON Event Format § 3.2, with our data and a type that names the meter. Attributes are changed,
/// or taken away by null.
fn event(id: &str, changes: &Value) -> Value {
    let mut event = json!({
        "specversion": "1.0", "type": "com.example.usage.pageviews", "source": "/mycontext", "subject": "form-7", "id": id,
        "time": "2026-11-05T17:31:00Z", "comexampleextension1": "value", "comexampleothervalue": 5,
        "datacontenttype": "application/json", "data": { "quantity": 3 },
    });
    for (name, value) in changes.as_object().unwrap() {
        event[name] = value.clone();
    }
    event.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    event
}

fn good(id: &str) -> Value {
    event(id, &json!({}))
}

#[tokio::test(flavor = "multi_thread")]
async fn cloud_events_as_the_specification_shows_them() {
    let world = TestWorld::start(NOW).await;
    let account = on(&world, "acc_kinds", KINDS, "all").await;
    let key = key(&world, &account, false).await;
    let of_tables = json!({ "data": { "meter": "tables", "quantity": "4" } });
    let of_a_day = json!({ "time": null, "data": { "quantity": 3, "day": "2026-11-06" } });
    for (name, media_type, body, expected) in [
        ("one", "application/cloudevents+json; charset=UTF-8", good("A1"), vec!["accepted"]),
        ("a batch", BATCH, json!([good("A1"), good("A2")]), vec!["duplicate", "accepted"]),
        ("an empty batch", BATCH, json!([]), vec![]),
        ("an array as plain JSON", "application/json", json!([good("A3")]), vec!["accepted"]),
        ("one as plain JSON", "application/json", good("A4"), vec!["accepted"]),
        ("the meter in the data", ONE, event("A5", &of_tables), vec!["accepted"]),
        ("a day in the data", ONE, event("A6", &of_a_day), vec!["accepted"]),
        ("another kind of JSON", ONE, event("A7", &json!({ "datacontenttype": "text/json" })), vec!["accepted"]),
    ] {
        let reply = report(&world, &key, media_type, &body.to_string()).await;
        assert_eq!(results(&reply), expected, "{name}: {}", reply.body);
    }
    let expected = [("pageviews", "18"), ("tables", "4")];
    assert_eq!(counted(&world, &account).await, expected.map(|(m, q)| (m.to_owned(), q.to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_cloud_event_is_named() {
    let world = TestWorld::start(NOW).await;
    let account = on(&world, "acc_kinds", KINDS, "all").await;
    let key = key(&world, &account, false).await;
    for (name, changes, field, code) in [
        ("no version", json!({ "specversion": null }), "specversion", "spec_version"),
        ("version 0.3", json!({ "specversion": "0.3" }), "specversion", "spec_version"),
        ("a version that is a number", json!({ "specversion": 1.0 }), "specversion", "not_a_text"),
        ("no id", json!({ "id": null }), "id", "missing"),
        ("no source", json!({ "source": null }), "source", "missing"),
        ("no type", json!({ "type": null }), "type", "missing"),
        ("no time", json!({ "time": null }), "time", "missing"),
        ("a type without a meter", json!({ "type": "com.example.someevent" }), "data.meter", "no_meter_in_type"),
        ("a type that ends early", json!({ "type": "com.example.usage." }), "data.meter", "no_meter_in_type"),
        ("no data", json!({ "data": null }), "data", "no_data"),
        ("XML", json!({ "data": "<much wow=\"xml\"/>" }), "data", "no_data"),
        ("another content", json!({ "datacontenttype": "text/xml" }), "data", "no_data"),
        ("bytes", json!({ "data": null, "data_base64": "eyJ4IjoxfQ==" }), "data", "no_data"),
        ("no quantity", json!({ "data": {} }), "data.quantity", "missing"),
        ("an unknown meter", json!({ "data": { "meter": "clicks", "quantity": 1 } }), "data.meter", "not_one_of"),
    ] {
        let reply = report(&world, &key, ONE, &event("B1", &changes).to_string()).await;
        assert_eq!(results(&reply), ["invalid"], "{name}: {}", reply.body);
        let errors = reply.json()["results"][0]["errors"].clone();
        let named = errors.as_array().unwrap().iter().any(|error| error["field"] == field && error["code"] == code);
        assert!(named, "{name}: {errors}");
    }
    assert!(counted(&world, &account).await.is_empty());
}

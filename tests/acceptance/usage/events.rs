//! CloudEvents.

use serde_json::{Value, json};

use crate::harness::TestWorld;
use crate::usage::{KINDS, NOW, counted, key, on, report, results};

#[tokio::test(flavor = "multi_thread")]
async fn cloud_events_as_the_specification_shows_them() {
    let world = TestWorld::start(NOW).await;
    let account = on(&world, "acc_kinds", KINDS, "all").await;
    let key = key(&world, &account, false).await;
    // CloudEvents 1.0.2, JSON Event Format § 3.2, with our data and a type that names the meter.
    let event = |id: &str, change: &dyn Fn(&mut Value)| {
        let mut event = json!({
            "specversion": "1.0", "type": "com.example.usage.pageviews", "source": "/mycontext", "subject": "form-7", "id": id,
            "time": "2026-11-05T17:31:00Z", "comexampleextension1": "value", "comexampleothervalue": 5,
            "datacontenttype": "application/json", "data": { "quantity": 3 },
        });
        change(&mut event);
        event
    };
    let good = |id: &str| event(id, &|_| ());
    for (name, media_type, body, expected) in [
        ("one", "application/cloudevents+json; charset=UTF-8", good("A1"), vec!["accepted"]),
        (
            "a batch",
            "application/cloudevents-batch+json",
            json!([good("A1"), good("A2")]),
            vec!["duplicate", "accepted"],
        ),
        ("an empty batch", "application/cloudevents-batch+json", json!([]), vec![]),
        ("an array as plain JSON", "application/json", json!([good("A3")]), vec!["accepted"]),
        ("one as plain JSON", "application/json", good("A4"), vec!["accepted"]),
        (
            "the meter in the data",
            "application/cloudevents+json",
            event("A5", &|e| e["data"] = json!({ "meter": "tables", "quantity": "4" })),
            vec!["accepted"],
        ),
        (
            "a day in the data",
            "application/cloudevents+json",
            event("A6", &|e| {
                e.as_object_mut().unwrap().remove("time");
                e["data"]["day"] = json!("2026-11-06");
            }),
            vec!["accepted"],
        ),
    ] {
        let reply = report(&world, &key, media_type, &body.to_string()).await;
        assert_eq!(results(&reply), expected, "{name}: {}", reply.body);
    }
    let wrong: [(&str, &dyn Fn(&mut Value), &str, &str); 14] = [
        (
            "no version",
            &|e: &mut Value| {
                e.as_object_mut().unwrap().remove("specversion");
            },
            "specversion",
            "spec_version",
        ),
        ("version 0.3", &|e| e["specversion"] = json!("0.3"), "specversion", "spec_version"),
        (
            "no id",
            &|e| {
                e.as_object_mut().unwrap().remove("id");
            },
            "id",
            "missing",
        ),
        (
            "no source",
            &|e| {
                e.as_object_mut().unwrap().remove("source");
            },
            "source",
            "missing",
        ),
        (
            "no type",
            &|e| {
                e.as_object_mut().unwrap().remove("type");
            },
            "type",
            "missing",
        ),
        (
            "no time",
            &|e| {
                e.as_object_mut().unwrap().remove("time");
            },
            "time",
            "missing",
        ),
        ("a type without a meter", &|e| e["type"] = json!("com.example.someevent"), "data.meter", "no_meter_in_type"),
        ("a type that ends early", &|e| e["type"] = json!("com.example.usage."), "data.meter", "no_meter_in_type"),
        (
            "no data",
            &|e| {
                e.as_object_mut().unwrap().remove("data");
            },
            "data",
            "no_data",
        ),
        ("XML", &|e| e["data"] = json!("<much wow=\"xml\"/>"), "data", "no_data"),
        ("another content", &|e| e["datacontenttype"] = json!("text/xml"), "data", "no_data"),
        (
            "bytes",
            &|e| {
                e.as_object_mut().unwrap().remove("data");
                e["data_base64"] = json!("eyJ4IjoxfQ==");
            },
            "data",
            "no_data",
        ),
        ("no quantity", &|e| e["data"] = json!({}), "data.quantity", "missing"),
        ("an unknown meter", &|e| e["data"]["meter"] = json!("clicks"), "data.meter", "not_one_of"),
    ];
    for (name, change, field, code) in wrong {
        let body = event("B1", change).to_string();
        let reply = report(&world, &key, "application/cloudevents+json", &body).await;
        assert_eq!(results(&reply), ["invalid"], "{name}: {}", reply.body);
        let errors = reply.json()["results"][0]["errors"].clone();
        let named = errors.as_array().unwrap().iter().any(|error| error["field"] == field && error["code"] == code);
        assert!(named, "{name}: {errors}");
    }
    let expected = [("pageviews", "15"), ("tables", "4")];
    assert_eq!(counted(&world, &account).await, expected.map(|(m, q)| (m.to_owned(), q.to_owned())));
}

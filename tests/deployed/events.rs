//! The recorded events, with what a test puts into them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use platform::table::keys::Key;
use serde_json::{Value, json};

use crate::template;

fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A request for a page.
pub(crate) fn page(route: &str, path: &str) -> Value {
    at(read(include_str!("events/http-page.json")), route, path)
}

/// A form that was sent.
pub(crate) fn form(route: &str, path: &str, fields: &[(&str, &str)]) -> Value {
    let mut event = at(read(include_str!("events/http-form.json")), route, path);
    let mut body = String::new();
    for (name, value) in fields {
        let separator = if body.is_empty() { "" } else { "&" };
        body = format!("{body}{separator}{name}={}", percent(value));
    }
    event["headers"]["content-length"] = body.len().to_string().into();
    event["body"] = STANDARD.encode(body).into();
    event
}

/// JSON that was sent.
pub(crate) fn json(route: &str, path: &str, body: &Value) -> Value {
    with_body(at(read(include_str!("events/http-json.json")), route, path), body.to_string())
}

/// A webhook with its signature.
pub(crate) fn webhook(signature: &str, body: &str) -> Value {
    let mut event = with_body(read(include_str!("events/http-webhook.json")), body.to_owned());
    event["headers"]["stripe-signature"] = signature.into();
    event
}

/// A request for a page of a stage that has a name.
pub(crate) fn staged_page() -> Value {
    read(include_str!("events/http-stage.json"))
}

/// What Stripe sends about a payment.
pub(crate) fn stripe_paid(account: &str, invoice: &str, cents: i64) -> Value {
    let mut event = read(include_str!("events/stripe-paid.json"));
    let session = &mut event["data"]["object"];
    session["metadata"] = json!({ "account": account, "invoice": invoice });
    (session["amount_total"], session["amount_subtotal"]) = (cents.into(), cents.into());
    event
}

/// What a schedule sends.
pub(crate) fn schedule() -> Value {
    read(include_str!("events/schedule.json"))
}

/// A batch of a queue, with the ids of its messages.
pub(crate) fn queue(bodies: &[&str]) -> (Value, Vec<String>) {
    let records = read(include_str!("events/sqs.json"))["Records"].as_array().cloned().unwrap();
    assert!(bodies.len() <= records.len());
    let records = records.into_iter().zip(bodies).map(|(mut record, body)| {
        record["body"] = (*body).into();
        record
    });
    batch(records.collect(), |record| &record["messageId"])
}

/// A batch of the stream, with the numbers of its records.
pub(crate) fn stream(keys: &[Key]) -> (Value, Vec<String>) {
    let records = read(include_str!("events/stream.json"))["Records"].as_array().cloned().unwrap();
    assert!(keys.len() <= records.len());
    let records = records.into_iter().zip(keys).map(|(mut record, key)| {
        for part in ["Keys", "NewImage"] {
            record["dynamodb"][part]["pk"]["S"] = key.pk.clone().into();
            record["dynamodb"][part]["sk"]["S"] = key.sk.clone().into();
        }
        record
    });
    batch(records.collect(), |record| &record["dynamodb"]["SequenceNumber"])
}

/// The answer that names failed records.
pub(crate) fn failures(ids: &[&String]) -> Value {
    json!({ "batchItemFailures": ids.iter().map(|id| json!({ "itemIdentifier": id })).collect::<Vec<_>>() })
}

fn batch(records: Vec<Value>, id: impl Fn(&Value) -> &Value) -> (Value, Vec<String>) {
    let ids = records.iter().map(|record| id(record).as_str().unwrap().to_owned()).collect();
    (json!({ "Records": records }), ids)
}

fn with_body(mut event: Value, body: String) -> Value {
    event["headers"]["content-length"] = body.len().to_string().into();
    event["body"] = body.into();
    event
}

/// Puts a route of the template and its path into a request.
fn at(mut event: Value, route: &str, path: &str) -> Value {
    assert!(template::has_route(route), "the template has no route {route}");
    let (method, pattern) = route.split_once(' ').unwrap();
    let (path, query) = path.split_once('?').unwrap_or((path, event["rawQueryString"].as_str().unwrap_or_default()));
    let parts = || pattern.split('/').zip(path.split('/'));
    let proxied = || path[pattern.find("{proxy+}").unwrap()..].to_owned();
    let parameters: serde_json::Map<String, Value> = if pattern.ends_with("{proxy+}") {
        [("proxy".to_owned(), proxied().into())].into_iter().collect()
    } else {
        let named = |(name, value): (&str, &str)| {
            Some((name.strip_prefix('{')?.strip_suffix('}')?.to_owned(), value.to_owned().into()))
        };
        parts().filter_map(named).collect()
    };
    let (path, query) = (path.to_owned(), query.to_owned());
    if method != "ANY" {
        event["requestContext"]["http"]["method"] = method.into();
    }
    event["requestContext"]["http"]["path"] = path.clone().into();
    event["requestContext"]["routeKey"] = route.into();
    (event["routeKey"], event["rawPath"], event["rawQueryString"]) = (route.into(), path.into(), query.into());
    event["pathParameters"] = parameters.into();
    event
}

fn percent(text: &str) -> String {
    let byte = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(*byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.as_bytes().iter().map(byte).collect()
}

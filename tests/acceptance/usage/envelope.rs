//! Requests as a whole: their form and size.

use serde_json::json;

use crate::harness::TestWorld;
use crate::usage::{KINDS, NOW, counted, key, on, report, report_until_answered};

#[tokio::test(flavor = "multi_thread")]
async fn an_envelope_that_is_wrong_is_refused_as_a_whole() {
    let world = TestWorld::start(NOW).await;
    let account = on(&world, "acc_kinds", KINDS, "all").await;
    let key = key(&world, &account, true).await;
    let many = |count: usize| {
        let record = |id: usize| json!({ "source": "a", "id": format!("{id}"), "meter": "pageviews", "quantity": 1, "day": "2026-11-03" });
        json!({ "records": (0..count).map(record).collect::<Vec<_>>() }).to_string()
    };
    let large = json!({ "records": [], "filler": "x".repeat(256 * 1024) }).to_string();
    let too_many = many(501);
    let batch = "application/cloudevents-batch+json";
    for (name, media_type, body, status) in [
        ("no JSON", "application/json", "{", 400),
        ("two values", "application/json", "{} {}", 400),
        ("nothing", "application/json", "", 400),
        ("no records", "application/json", "{}", 422),
        ("records that are no list", "application/json", r#"{"records": {}}"#, 422),
        ("a text", "application/json", r#""records""#, 422),
        ("501 records", "application/json", too_many.as_str(), 422),
        ("a batch that is no list", batch, "{}", 422),
        ("another type", "text/plain", "{}", 415),
        ("a form", "application/x-www-form-urlencoded", "records=1", 415),
        ("more than 256 KiB", "application/json", large.as_str(), 413),
    ] {
        let reply = report(&world, &key, media_type, body).await;
        assert_eq!(reply.status, status, "{name}: {}", reply.body);
        assert_eq!(reply.headers["content-type"], "application/problem+json", "{name}");
    }
    let get = world.request("GET", "/api/v1/usage").header("authorization", format!("Bearer {key}"));
    assert_eq!(world.send(get).await.status, 405);
    assert_eq!(world.get("/api/v1/usage/more").await.status, 404);
    assert!(counted(&world, &account).await.is_empty(), "nothing was kept");

    world.watch.take();
    let reply = report_until_answered(&world, &key, &many(500)).await;
    assert_eq!((&reply.json()["invalid"], reply.status), (&json!(0), 200), "{}", reply.body);
    // 100 items a transaction: 96 records beside their sum, and room for months that are over. A busy machine may need more tries.
    let transactions = world.watch.take().iter().filter(|operation| *operation == "TransactWriteItems").count();
    assert!((6..=20).contains(&transactions), "{transactions}");
    assert_eq!(counted(&world, &account).await, [("pageviews".to_owned(), "500".to_owned())]);
    let reply = report_until_answered(&world, &key, &many(500)).await;
    assert_eq!(reply.json()["duplicate"], 500, "{}", reply.body);
    assert_eq!(counted(&world, &account).await, [("pageviews".to_owned(), "500".to_owned())]);
}

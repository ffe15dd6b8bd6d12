//! `POST /api/v1/prices`.

use serde_json::{Value, json};

use super::{NOW, post};
use crate::harness::TestWorld;

#[tokio::test(flavor = "multi_thread")]
async fn the_interface_gives_the_examples_of_the_rules() {
    let world = TestWorld::start(NOW).await;
    let event = |accepted: u32, declined: u32| json!({ "events": [{ "id": "evt_fest", "ended": "2026-10-14", "accepted": accepted, "declined": declined }] });
    let licence = |count: &str| json!({ "meters": { "accepted_attendees": count } });
    let call = |start: &str, minutes: u32| {
        json!({ "time_entries": [{ "start": start, "minutes": minutes, "channel": "phone" }],
                "opening": { "pools": { "credit": 0 } } })
    };
    let rows = [
        ("A10 37 accepted + 6 declined", "attendees@2021-03", "pay-per-attendee", event(37, 6), "132.09", 0),
        ("A12 4 accepted", "attendees@2021-03", "pay-per-attendee", event(4, 0), "0.00", 0),
        ("A12 3 accepted + 2 declined", "attendees@2021-03", "pay-per-attendee", event(3, 2), "10.71", 0),
        ("A20 at 2,499", "attendees@2021-03", "licence", licence("2499"), "355.81", 0),
        ("A20 at 2,500", "attendees@2021-03", "licence", licence("2500"), "474.81", 0),
        ("A20 at 20,000", "attendees@2021-03", "licence", licence("20000"), "0.00", 1),
        ("S4 Tue 21:59, 6 min", "support-levels@2026-01", "standard", call("2026-10-20T21:59", 6), "65.45", 0),
        ("S2 level 1, 16 minutes", "support-levels@2026-01", "standard", call("2026-10-20T10:00", 16), "0.60", 0),
    ];
    for (name, catalogue, plan, usage, gross, held) in rows {
        let body = json!({ "catalogue": catalogue, "plan": plan, "month": "2026-10", "usage": usage });
        let reply = post(&world, &body).await;
        assert_eq!(reply.status, 200, "{name}: {}", reply.body);
        let json = reply.json();
        assert_eq!(
            (json["gross"].as_str(), json["held"].as_array().unwrap().len()),
            (Some(gross), held),
            "{name}: {json}"
        );
        assert_eq!(json["catalogue"], catalogue, "{name}");
    }
    // Numbers stay as they are written, beyond what a float holds.
    let body = r#"{"catalogue":"helpdesk@2026-01","plan":"agent","month":"2026-10","language":"de","usage":{
        "orders":[{"date":"2026-10-01","charge":"expenses","quantity":1,"price":9007199254.74099371}],
        "subscription":{"forecast":{"partner_messages":0,"partner_calls":0}}}}"#;
    let request = world.request("POST", "/api/v1/prices").header("content-type", "application/json").body(body);
    let reply = world.send(request).await;
    let line = &reply.json()["lines"][0];
    assert_eq!(line["unit_price"], "9007199254.74099371", "{}", reply.body);
    assert!(line["explanation"].to_string().contains("vereinbarter Preis"), "{line}");
    // Without month and usage: the present month, nothing used.
    let reply = post(&world, &json!({ "catalogue": "attendees@2021-03", "plan": "licence" })).await;
    assert_eq!((reply.json()["month"].as_str(), reply.json()["net"].as_str()), (Some("2026-11"), Some("299.00")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_interface_names_every_mistake() {
    let world = TestWorld::start(NOW).await;
    let of = |month: &str, usage: Value| json!({ "catalogue": "webinars@2026-01", "plan": "medium", "month": month, "usage": usage });
    let record = |date: &str| json!({ "date": date, "quantity": 1 });
    let rows = [
        ("an empty body", json!({}), vec!["catalogue", "plan"]),
        ("unknown key", json!({ "catalog": "x", "plan": "medium" }), vec!["catalog", "catalogue"]),
        (
            "wrong types",
            json!({ "catalogue": 1, "plan": [], "month": 3, "language": "fr" }),
            vec!["language", "month", "catalogue", "plan"],
        ),
        ("unknown catalogue", json!({ "catalogue": "nope@1", "plan": "x" }), vec!["catalogue"]),
        ("unknown plan", json!({ "catalogue": "webinars@2026-01", "plan": "gold" }), vec!["plan"]),
        ("P5 a month before 2000", of("1999-12", json!({})), vec!["month"]),
        ("P5 a month after 2199", of("2200-01", json!({})), vec!["month"]),
        ("usage is no table", of("2026-10", json!([])), vec!["usage"]),
        (
            "several places",
            of(
                "2026-10",
                json!({ "meters": { "events": [record("2026-10-01"), { "date": "2026-10-02", "quantity": "x" }], "nope": 1 }, "orders": 3 }),
            ),
            vec!["usage.meters.events[1].quantity", "usage.meters.nope", "usage.orders"],
        ),
        (
            "a promotion code",
            of("2026-10", json!({ "subscription": { "promotions": [{ "code": "START2" }] } })),
            vec!["usage.subscription.promotions[0].code"],
        ),
        ("P5 too long ago", of("2026-10", json!({ "meters": { "events": [record("2016-09-30")] } })), vec!["usage"]),
    ];
    for (name, body, expected) in rows {
        let reply = post(&world, &body).await;
        assert_eq!(
            (reply.status, reply.wrong_fields()),
            (422, expected.into_iter().map(str::to_owned).collect()),
            "{name}: {}",
            reply.body
        );
        assert!(!reply.body.contains("START20"), "{name}: codes are not for everybody: {}", reply.body);
    }
    let unknown = post(&world, &json!({ "catalogue": "nope@1", "plan": "x" })).await.json();
    let known =
        ["attendees@2021-03", "helpdesk@2026-01", "modules@2026-01", "support-levels@2026-01", "webinars@2026-01"];
    assert_eq!(unknown["errors"][0]["allowed"], json!(known));
    let plan = post(&world, &json!({ "catalogue": "webinars@2026-01", "plan": "gold" })).await.json();
    assert_eq!(plan["errors"][0]["allowed"], json!(["trial", "small", "medium", "large"]));

    let many: Vec<Value> = (0..2_001).map(|_| json!({ "add_on": "parallel-events" })).collect();
    let reply = post(&world, &of("2026-10", json!({ "subscription": { "bookings": many } }))).await;
    assert_eq!(reply.status, 422, "{}", reply.body);
    assert!(reply.body.contains("at most 2000 are priced at once"), "{}", reply.body);

    let large = post(&world, &json!({ "catalogue": "x".repeat(64 * 1024) })).await;
    assert_eq!(
        (large.status, large.json()["detail"].as_str()),
        (413, Some("The request may have at most 65536 bytes."))
    );
    let send = |method: &str, kind: &str, body: &str| {
        let request = world.request(method, "/api/v1/prices").header("content-type", kind.to_owned());
        world.send(request.body(body.to_owned()))
    };
    assert_eq!(send("POST", "text/plain", "{}").await.status, 415);
    assert_eq!(send("GET", "application/json", "").await.status, 405);
    for body in ["", "[]", "{", r#"{"usage": {"meters": {"a": 1,}}}"#, "null", "7"] {
        assert_eq!(send("POST", "application/json", body).await.status, 400, "{body}");
    }
}

/// What costs most of the engine's time within the bounds, and the page's.
#[tokio::test(flavor = "multi_thread")]
async fn the_largest_questions_are_answered_in_time() {
    let world = TestWorld::start(NOW).await;
    let late: Vec<Value> = (0..600)
        .map(|index| {
            let date = format!("{}-{:02}-01T10:00", 2016 + index % 10, index / 10 % 12 + 1);
            json!({ "start": date, "minutes": 1, "channel": "phone", "recorded": "2026-10-02" })
        })
        .filter(|entry| entry["start"].as_str() >= Some("2016-10-01"))
        .collect();
    let body = json!({ "catalogue": "support-levels@2026-01", "plan": "standard", "month": "2026-10", "usage": { "time_entries": late } });
    let began = std::time::Instant::now();
    let reply = post(&world, &body).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert!(began.elapsed().as_secs() < 10, "{:?} without optimisation", began.elapsed());
}

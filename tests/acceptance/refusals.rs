//! What the public interface refuses, and how it says so.

use serde_json::json;

use crate::harness::{FORM, TestWorld, registration};

const NOW: &str = "2026-11-02T09:00:00+01:00";
const END: &str = "2026-11-20T22:00:00+01:00";

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_is_named_at_once() {
    let world = TestWorld::start(NOW).await;
    world.fest("fest", END).await;
    let long = "x".repeat(101);
    for (name, body, wrong) in [
        ("nothing at all", json!({}), vec!["answer", "attendees", "email"]),
        (
            "everything empty",
            json!({"email": "", "answer": "", "attendees": [{}]}),
            vec!["answer", "attendees[0].first_name", "attendees[0].last_name", "email"],
        ),
        (
            "not an address",
            json!({"email": "a@b", "answer": "yes", "attendees": [{"first_name": "A", "last_name": "B"}]}),
            vec!["email"],
        ),
        (
            "an address with a second one",
            json!({"email": "a@b.de\nBcc: c@d.de", "answer": "yes", "attendees": [{"first_name": "A", "last_name": "B"}]}),
            vec!["email"],
        ),
        (
            "an unknown answer",
            json!({"email": "a@b.de", "answer": "perhaps", "attendees": [{"first_name": "A", "last_name": "B"}]}),
            vec!["answer"],
        ),
        ("too many people", registration("a@b.de", "yes", 6), vec!["attendees"]),
        (
            "too long a name",
            json!({"email": "a@b.de", "answer": "yes", "attendees": [{"first_name": long, "last_name": "B"}]}),
            vec!["attendees[0].first_name"],
        ),
        (
            "a line break in a name",
            json!({"email": "a@b.de", "answer": "yes", "attendees": [{"first_name": "A\nB", "last_name": "B"}]}),
            vec!["attendees[0].first_name"],
        ),
        (
            "the third person without a name",
            json!({"email": "a@b.de", "answer": "yes", "attendees": [
            {"first_name": "A", "last_name": "B"}, {"first_name": "C", "last_name": "D"}, {"first_name": " ", "last_name": "F"}]}),
            vec!["attendees[2].first_name"],
        ),
    ] {
        let reply = world.send(world.register_request("fest", &body)).await;
        assert_eq!(reply.status, 422, "{name}");
        assert_eq!(reply.headers["content-type"], "application/problem+json", "{name}");
        assert_eq!(reply.wrong_fields(), wrong, "{name}");
    }
    let english = world.send(world.register_request("fest", &json!({})).header("accept-language", "en")).await;
    assert!(english.body.contains("Please choose an answer.") && english.body.contains("Please fill in this field."));
    assert_eq!(english.json()["errors"][0]["allowed"], json!(["yes", "no", "maybe"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_of_the_transport() {
    let world = TestWorld::start(NOW).await;
    world.fest("fest", END).await;
    let path = "/api/v1/events/fest/registrations";
    let json = "application/json";
    for (name, method, path, content_type, body, status) in [
        ("no such event", "POST", "/api/v1/events/nix/registrations", json, "{}".to_owned(), 404),
        ("a name that no event can have", "POST", "/api/v1/events/N%23X/registrations", json, "{}".to_owned(), 404),
        ("a wrong method", "PUT", path, json, "{}".to_owned(), 405),
        ("not JSON", "POST", path, json, "{".to_owned(), 400),
        ("JSON of another shape", "POST", path, json, r#"{"attendees": 3}"#.to_owned(), 400),
        ("arrays for objects", "POST", path, json, r#"["a@b.de","yes",[["A","B"]]]"#.to_owned(), 400),
        ("a person that is no object", "POST", path, json, r#"{"attendees": [["A","B"]]}"#.to_owned(), 400),
        ("too large", "POST", path, json, format!("{{\"email\":\"{}\"}}", "x".repeat(70_000)), 413),
        ("another media type", "POST", path, "text/xml", "<a/>".to_owned(), 415),
        ("a form to the JSON interface", "POST", path, FORM, "email=a".to_owned(), 415),
        ("JSON to the form", "POST", "/e/fest", json, "{}".to_owned(), 415),
        ("a page that is none", "GET", "/nix", json, String::new(), 404),
        ("no such page", "GET", "/e/nix", json, String::new(), 404),
        ("a wrong method of a page", "DELETE", "/e/fest", json, String::new(), 405),
        ("a personal link that is none", "GET", "/r/nix", json, String::new(), 404),
        (
            "a personal link of nobody",
            "GET",
            "/r/fest.00000000000000000000000000000000.00000000000000000000000000000000",
            json,
            String::new(),
            404,
        ),
        (
            "a payment link that is none",
            "GET",
            "/pay/acc_10001.inv_a.00000000000000000000000000000000",
            json,
            String::new(),
            404,
        ),
    ] {
        let reply = world.send(world.request(method, path).header("content-type", content_type).body(body)).await;
        assert_eq!(reply.status, status, "{name}: {}", reply.body);
        let expected = if path.starts_with("/api") { "application/problem+json" } else { "text/html; charset=utf-8" };
        assert_eq!(reply.headers["content-type"], expected, "{name}");
        assert_eq!(reply.headers["cache-control"], "no-store", "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_is_gone_and_nothing_typed_is_lost_before() {
    let world = TestWorld::start("2026-11-20T18:59:59+01:00").await;
    world.fest("fest", END).await;
    assert_eq!(world.register("fest", "a@example.org", "yes", 1).await.status, 201);
    world.travel("2026-11-20T19:00:00+01:00").await;
    let reply = world.register("fest", "b@example.org", "yes", 1).await;
    assert_eq!(reply.status, 410);
    assert_eq!(reply.json()["type"], "urn:einlass:problem:closed");
    let form = world.post_form("/e/fest", &[("email", "c@example.org")]).await;
    assert_eq!(form.status, 410);
    // Changing is over too, and the page still shows the answer.
    let link = world.link_in(&world.mails_to("a@example.org")[0]);
    let page = world.get(&link).await;
    assert!(page.status == 200 && page.body.contains("Anna0 Berger"));
    assert_eq!(world.post_form(&link, &[("action", "withdraw")]).await.status, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_address_is_answered_like_a_new_one() {
    let world = TestWorld::start(NOW).await;
    world.fest("fest", END).await;
    let first = world.register("fest", "Anna@Example.org", "yes", 2).await;
    world.settle().await;
    let second = world.register("fest", "anna@example.ORG", "yes", 2).await;
    assert_eq!((first.status, &first.body), (second.status, &second.body));
    world.settle().await;
    // The holder learns of it, once a day however often it is tried; the answer stays as it was.
    for _ in 0..3 {
        world.register("fest", "anna@example.org", "no", 1).await;
        world.settle().await;
    }
    let mails = world.mails();
    assert_eq!(mails.len(), 2);
    assert!(mails[1].subject.contains("schon angemeldet"), "{}", mails[1].subject);
    assert_eq!(world.link_in(&mails[0]), world.link_in(&mails[1]));
    assert!(world.get(&world.link_in(&mails[0])).await.body.contains("Antwort yes"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_is_kept_for_its_client_and_event() {
    let world = TestWorld::start(NOW).await;
    world.fest("fest", END).await;
    world.fest("anderes", END).await;
    let send = |slug: &'static str, body: serde_json::Value| {
        let request = world.register_request(slug, &body).header("idempotency-key", "k-1");
        world.send(request)
    };
    let first = send("fest", registration("a@example.org", "yes", 1)).await;
    let again = send("fest", registration("a@example.org", "yes", 1)).await;
    assert_eq!((first.status, &first.body), (201, &again.body));
    let other_body = send("fest", registration("b@example.org", "yes", 1)).await;
    assert_eq!(other_body.status, 409);
    assert_eq!(other_body.json()["type"], "urn:einlass:problem:idempotency_key_reused");
    assert_eq!(send("anderes", registration("b@example.org", "yes", 1)).await.status, 201);
    world.settle().await;
    // A repetition is no second registration of a known address: it causes no mail.
    assert_eq!(world.mails_to("a@example.org").len(), 1);
    let long = world.register_request("fest", &registration("c@example.org", "yes", 1));
    assert_eq!(world.send(long.header("idempotency-key", "k".repeat(256))).await.wrong_fields(), ["Idempotency-Key"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_speak_the_language_asked_for() {
    let world = TestWorld::start(NOW).await;
    world.fest("fest", END).await;
    for (header, query, expected) in [
        ("de", "", "Antwort senden"),
        ("en-GB,en;q=0.9", "", "Send answer"),
        ("fr", "", "Antwort senden"),
        ("de", "?lang=en", "Send answer"),
        ("en", "?lang=de", "Antwort senden"),
        ("en", "?lang=xx", "Send answer"),
    ] {
        let page = world.send(world.request("GET", &format!("/e/fest{query}")).header("accept-language", header)).await;
        assert!(page.body.contains(expected), "{header} {query}");
    }
    let legal = world.get("/legal?lang=de").await;
    assert!(legal.body.contains("Einlass Betriebs GmbH") && legal.body.contains("Amtsgericht Hamburg"));
    assert!(world.get("/legal?lang=en").await.body.contains("Legal notice"));

    // What people typed is text, never markup.
    let fields =
        [("email", "x\"><script>alert(1)</script>"), ("first_name", "<b>"), ("last_name", "&"), ("answer", "yes")];
    let page = world.post_form("/e/fest", &fields).await;
    assert!(!page.body.contains("<script>") && page.body.contains("&lt;script&gt;"));
}

//! The function registration: guests, programs and visitors of the price calculator.

use domain::registration::Standing;
use domain::usage::Counts;
use serde_json::json;

use crate::events;
use crate::lambda::Lambda;
use crate::system::{System, registration};

const EVENT_PAGE: &str = "GET /e/{event}";
const EVENT_SUBMIT: &str = "POST /e/{event}";
const CREATE: &str = "POST /api/v1/events/{event}/registrations";
const CREATE_PATH: &str = "/api/v1/events/fest/registrations";

fn counts(accepted: i64, responses: i64) -> Counts {
    Counts { accepted, declined: 0, responses }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn a_guest_registers_with_the_form_and_withdraws_by_the_mailed_link() {
    let system = System::start().await;
    let event = system.fest().await;
    let mut registration = Lambda::start("registration", &system).await;
    let page = registration.reply(&events::page(EVENT_PAGE, "/e/fest")).await;
    assert_eq!((page.status, page.headers["content-type"].as_str()), (200, "text/html; charset=utf-8"));
    assert!(page.body.contains("Party fest") && page.body.contains("40 of them free"), "{}", page.body);

    let names = [("first_name", "Jörg"), ("last_name", "Groß & Söhne"), ("first_name", "Zoë"), ("last_name", "Müller")];
    let mut fields = vec![("answer", "yes"), ("email", "jörg@example.org")];
    fields.extend(names);
    let refused = registration.reply(&events::form(EVENT_SUBMIT, "/e/fest", &fields)).await;
    assert!(refused.status == 422 && refused.body.contains("Groß &amp; Söhne"), "the form comes back as it was typed");
    assert_eq!(system.totals(&event).await, counts(0, 0));
    fields[1].1 = "joerg@example.org";
    let reply = registration.reply(&events::form(EVENT_SUBMIT, "/e/fest?lang=en", &fields)).await;
    assert_eq!((reply.status, reply.headers["location"].as_str()), (303, "/e/fest?received=accepted&lang=en"));
    let saved = system.registration(&event, "joerg@example.org").await;
    let names: Vec<&str> = saved.reply.attendees.iter().map(|attendee| attendee.last_name()).collect();
    assert_eq!(names, ["Groß & Söhne", "Müller"], "as sent, through base64 and percent signs");
    assert_eq!(system.totals(&event).await, counts(2, 2));

    let mut deliver = Lambda::start("deliver", &system).await;
    let (batch, _) = events::stream(&system.owing().await);
    assert_eq!(deliver.answer(&batch).await, events::failures(&[]));
    let mails = system.mails_to("joerg@example.org");
    let link = System::path_in(&mails[0]);
    let own = registration.reply(&events::page("GET /r/{token}", &link)).await;
    assert!(own.status == 200 && own.body.contains("Groß &amp; Söhne"), "{}", own.body);
    let withdrawn = registration.reply(&events::form("POST /r/{token}", &link, &[("action", "withdraw")])).await;
    assert_eq!(withdrawn.status, 303, "{}", withdrawn.body);
    assert_eq!(system.registration(&event, "joerg@example.org").await.standing, Standing::Withdrawn);
    assert_eq!(system.totals(&event).await, counts(0, 0));

    for logged in [registration.logged(), deliver.logged()] {
        let text = format!("{logged:?}");
        assert!(!text.contains("example.org") && !text.contains("Groß") && !text.contains(&link[3..]), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn a_program_registers() {
    let system = System::start().await;
    let event = system.fest().await;
    let mut function = Lambda::start("registration", &system).await;
    let created = events::json(CREATE, CREATE_PATH, &registration("a@example.org", 3));
    let reply = function.reply(&created).await;
    assert_eq!((reply.status, reply.headers["content-type"].as_str()), (201, "application/json"));
    assert_eq!((&reply.json()["attendees"], &reply.json()["value"]), (&json!(3), &json!("accepted")));
    assert_eq!(system.totals(&event).await, counts(3, 3));
    assert_eq!(function.reply(&created).await.status, 201, "nobody learns who is registered");
    assert_eq!(system.totals(&event).await, counts(3, 3));

    let wrong = function.reply(&events::json(CREATE, CREATE_PATH, &json!({ "email": "nobody" }))).await;
    assert_eq!((wrong.status, wrong.headers["content-type"].as_str()), (422, "application/problem+json"));
    let problem = wrong.json();
    let fields: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().filter_map(|one| one["field"].as_str()).collect();
    assert_eq!(fields, ["answer", "attendees", "email"]);
    assert_eq!(problem["instance"], "JKJaXmPLvHcESHA=", "the id that API Gateway logs");
    let mut broken = created.clone();
    broken["body"] = "{".into();
    assert_eq!(function.reply(&broken).await.status, 400);
    let unknown = events::json(CREATE, "/api/v1/events/unknown/registrations", &registration("a@example.org", 1));
    assert_eq!(function.reply(&unknown).await.status, 404);
    assert_eq!(system.totals(&event).await, counts(3, 3));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn prices_legal_details_and_health() {
    let system = System::start().await;
    let mut function = Lambda::start("registration", &system).await;
    let page = function.reply(&events::page("GET /prices", "/prices")).await;
    assert!(page.status == 200 && page.body.contains("Pay per attendee"), "{}", page.body);
    let question = json!({ "catalogue": "attendees@2021-03", "plan": "licence" });
    let price = function.reply(&events::json("POST /api/v1/prices", "/api/v1/prices", &question)).await;
    assert!(price.status == 200 && price.json().is_object(), "{}", price.body);
    let unknown = json!({ "catalogue": "attendees@1999-01", "plan": "licence" });
    let refused = function.reply(&events::json("POST /api/v1/prices", "/api/v1/prices", &unknown)).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    let legal = function.reply(&events::page("GET /legal", "/legal")).await;
    assert!(legal.status == 200 && legal.body.contains("Einlass Betriebs GmbH"), "{}", legal.body);
    let health = function.reply(&events::page("GET /healthz", "/healthz")).await;
    assert_eq!((health.status, health.json()), (200, json!({ "status": "ok" })));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn a_stage_with_a_name_is_answered_and_harms_nobody() {
    let system = System::start().await;
    system.fest().await;
    let mut function = Lambda::start("registration", &system).await;
    // The template deploys `$default` only. A stage with a name stands in the path, which no route here begins with.
    let staged = events::staged_page();
    assert_eq!(staged["rawPath"], "/v1/e/fest");
    let reply = function.reply(&staged).await;
    assert!(reply.status == 404 && reply.body.contains("Not found"), "{}: {}", reply.status, reply.body);
    assert_eq!(function.reply(&events::page(EVENT_PAGE, "/e/fest")).await.status, 200);
}

//! What must not end a process: events that are none, and a table that is away. And what must: a variable that is
//! missing.

use serde_json::{Value, json};

use crate::events;
use crate::lambda::{Lambda, Start};
use crate::system::System;
use crate::template::{self, Function};

/// Events that no service of AWS sends.
const NONSENSE: [&str; 7] =
    ["{}", "[]", "null", "7", r#""text""#, r#"{"Records":[{}]}"#, r#"{"version":"2.0","requestContext":{"http":{}}}"#];
/// Variables that a function does without.
const OPTIONAL: [&str; 3] = ["RUST_LOG", "OPERATOR_EMAILS", "SES_CONFIGURATION_SET"];

fn is_http(name: &str) -> bool {
    matches!(name, "registration" | "console" | "stripe-webhook")
}

/// An event that the function must be able to deal with, whatever came before.
fn sound(name: &str) -> Value {
    match name {
        "registration" => events::page("GET /e/{event}", "/e/fest"),
        "console" => events::page("ANY /console/{proxy+}", "/console/sign-in"),
        "stripe-webhook" => events::webhook("t=1,v1=00", "{}"),
        "deliver" => json!({ "Records": [] }),
        _ => events::schedule(),
    }
}

async fn answers_well(function: &mut Lambda, name: &str) {
    let answer = function.answer(&sound(name)).await;
    match name {
        "registration" | "console" => assert_eq!(answer["statusCode"], 200, "{answer}"),
        "stripe-webhook" => assert_eq!(answer["statusCode"], 400, "{answer}"),
        "deliver" => assert_eq!(answer, events::failures(&[])),
        "usage-counter" => assert_eq!(answer, json!({ "moved": 0 })),
        "timers" => assert_eq!(answer, json!({ "done": 0, "failed": 0, "resent": 0, "overdue": 0 })),
        _ => assert_eq!(answer["parts"], 8, "{answer}"),
    }
}

fn assert_no_panic(function: &Lambda, name: &str) {
    let said = function.process.said();
    assert!(!said.contains("panicked"), "{name} panicked:\n{said}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn an_event_that_is_none_ends_no_process() {
    let system = System::start().await;
    system.fest().await;
    for Function { name, .. } in template::functions() {
        let mut function = Lambda::start(&name, &system).await;
        for payload in NONSENSE {
            let answer = function.send(payload).await.answer;
            if let Err(told) = &answer {
                assert!(told["errorType"].is_string() && told["errorMessage"].is_string(), "{name} {payload}: {told}");
            }
            assert!(!is_http(&name) || answer.is_err(), "{name} takes {payload} for a request: {answer:?}");
        }
        answers_well(&mut function, &name).await;
        assert_no_panic(&function, &name);
        function.logged();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn a_batch_with_a_record_that_is_none_comes_again_as_a_whole() {
    let system = System::start().await;
    let mut deliver = Lambda::start("deliver", &system).await;
    // An empty or missing identifier makes Lambda hand out the whole batch again.
    let answer = deliver.answer(&json!({ "Records": [{}] })).await;
    assert_eq!(answer, json!({ "batchItemFailures": [{ "itemIdentifier": null }] }));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn without_the_table_a_function_says_so_and_lives() {
    let system = System::start().await;
    let event = system.fest().await;
    let key = event.registration_key(&event.contact_hash("a@example.org"));
    // Nobody listens at a port that was free a moment ago.
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for function in template::functions() {
        let mut start = Start::of(&function, &system);
        start.variables.insert("AWS_ENDPOINT_URL_DYNAMODB".to_owned(), nobody.clone());
        let (name, mut lambda) = (function.name.as_str(), start.go().await);
        for _ in 0..2 {
            match name {
                "registration" => {
                    let reply = lambda.reply(&sound(name)).await;
                    assert_eq!(reply.status, 503, "{}", reply.body);
                }
                "deliver" => {
                    let (batch, ids) = events::stream(std::slice::from_ref(&key));
                    assert_eq!(lambda.answer(&batch).await, events::failures(&[&ids[0]]));
                }
                // Neither needs the table for its page and for refusing a signature.
                "console" | "stripe-webhook" => answers_well(&mut lambda, name).await,
                _ => {
                    let told = lambda.send(&sound(name).to_string()).await.answer.unwrap_err();
                    assert!(told["errorMessage"].as_str().unwrap().contains("not available"), "{name}: {told}");
                }
            }
        }
        assert_no_panic(&lambda, name);
        lambda.logged();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn without_its_variables_a_function_does_not_start_and_names_all_of_them() {
    let system = System::start().await;
    for function in template::functions() {
        let mut start = Start::of(&function, &system);
        let needed: Vec<&String> =
            function.variables.keys().filter(|name| !OPTIONAL.contains(&name.as_str())).collect();
        start.variables.retain(|name, _| !needed.contains(&name));
        let dead = start.fail().await;
        assert!(!dead.status.success(), "{}: {}", function.name, dead.status);
        let told = format!("{}\n{:?}", dead.said, dead.told);
        for name in needed {
            assert!(told.contains(&format!("{name} is not set")), "{} does not name {name}:\n{told}", function.name);
        }
        assert!(!told.contains("panicked"), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn a_start_that_fails_is_told_to_the_runtime_api() {
    let system = System::start().await;
    for function in template::functions() {
        let mut start = Start::of(&function, &system);
        start.variables.remove("TABLE_NAME");
        let dead = start.fail().await;
        let (kind, body) = dead.told.unwrap_or_else(|| panic!("{} tells it to nobody:\n{}", function.name, dead.said));
        let message = body["errorMessage"].as_str().unwrap_or_default();
        assert!(message.contains("TABLE_NAME is not set"), "{}: {body}", function.name);
        assert!(!kind.is_empty() && body["errorType"].is_string(), "{}: {kind:?} {body}", function.name);
    }
}

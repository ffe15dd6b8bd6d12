//! What schedules and queues start: the functions usage-counter, invoice-run and timers.

use chrono::TimeDelta;
use domain::calendar::{Day, Month};
use domain::ids::EventId;
use domain::usage::Counts;
use platform::clock::machine_time;
use serde_json::{Value, json};

use crate::events;
use crate::lambda::Lambda;
use crate::payments::last_month;
use crate::system::System;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn the_usage_of_yesterday_is_counted_once() {
    let system = System::start_ago(TimeDelta::days(1)).await;
    let event = system.fest().await;
    system.registered("fest", "a@example.org", 3).await;
    let yesterday = Day::of(system.world.clock.now());
    assert_eq!(system.counter(&event).await.uncounted(), [yesterday]);
    let mut function = Lambda::start("usage-counter", &system).await;
    assert_eq!(function.answer(&events::schedule()).await, json!({ "moved": 1 }));
    assert!(system.counter(&event).await.uncounted().is_empty());
    let id = EventId::parse("evt_fest").unwrap();
    let days = system.world.table.usage_days(&system.account, &id, yesterday, yesterday).await.unwrap();
    assert_eq!(days, [(yesterday, Counts { accepted: 3, declined: 0, responses: 3 })]);
    assert_eq!(function.answer(&events::schedule()).await, json!({ "moved": 0 }), "a schedule may fire twice");
    let again = system.world.table.usage_days(&system.account, &id, yesterday, yesterday).await.unwrap();
    assert_eq!(again, days);
    function.logged();
}

/// Plans the month that is over and works through its parts; gives the messages of the plan. Whichever part takes the
/// numbers tells the others, so more messages follow.
pub(crate) async fn bill(system: &System) -> Vec<String> {
    let mut function = Lambda::start("invoice-run", system).await;
    let month = Month::of(machine_time()).previous().to_string();
    let planned = function.answer(&events::schedule()).await;
    assert_eq!((&planned["month"], &planned["parts"]), (&json!(month), &json!(8)));
    let parts = system.queue("invoice-run");
    let mut worked = 0;
    // What has been received stays in the folder, behind it comes what the parts send.
    while let Some(body) = system.queue("invoice-run").get(worked) {
        assert_eq!(function.answer(&events::queue(&[body]).0).await, events::failures(&[]), "{body}");
        worked += 1;
    }
    assert!(worked <= 2 * parts.len(), "{worked} messages");
    function.logged();
    parts
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn a_month_is_billed_by_its_schedule_and_the_messages_that_follow() {
    let system = last_month().await;
    let parts = bill(&system).await;
    let shard = |body: &String| serde_json::from_str::<Value>(body).unwrap()["shard"].as_u64().unwrap();
    let mut shards: Vec<u64> = parts.iter().map(shard).collect();
    shards.sort_unstable();
    assert_eq!(shards, (0..8).collect::<Vec<_>>(), "one message for each part");
    let invoices = system.world.table.invoices(&system.account).await.unwrap();
    let [standing] = invoices.as_slice() else { panic!("one invoice: {invoices:?}") };
    assert_eq!((standing.invoice.number.sequence, standing.invoice.issued_on), (1, Day::of(machine_time())));

    let mut function = Lambda::start("invoice-run", &system).await;
    // One that cannot be worked on comes again alone, and the other is done.
    let (batch, ids) = events::queue(&[r#"{"month":"never","shard":0}"#, &parts[0]]);
    assert_eq!(function.answer(&batch).await, events::failures(&[&ids[0]]));
    let again = function.answer(&events::schedule()).await;
    assert_eq!(again["parts"], 8, "a schedule may fire twice");
    for body in &parts {
        function.answer(&events::queue(&[body]).0).await;
    }
    assert_eq!(system.world.table.invoices(&system.account).await.unwrap().len(), 1);
    let refused = function.send(&json!({ "month": Month::of(machine_time()).to_string() }).to_string()).await.answer;
    let told = refused.unwrap_err();
    assert!(told["errorMessage"].as_str().unwrap().contains("is not over"), "{told}");
    function.logged();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn timers_close_an_event_and_find_a_mail_that_was_lost() {
    let system = System::start_ago(TimeDelta::days(2)).await;
    let over = system.publish("over", machine_time() - TimeDelta::hours(1)).await;
    let open = system.fest().await;
    system.registered("over", "a@example.org", 2).await;
    let owing = system.owing().await;
    let mut function = Lambda::start("timers", &system).await;
    assert_eq!(
        function.answer(&events::schedule()).await,
        json!({ "done": 1, "failed": 0, "resent": 1, "overdue": 0 })
    );
    assert!(system.counter(&over).await.is_closed() && !system.counter(&open).await.is_closed());
    let messages = system.queue("deliver");
    let [message] = messages.as_slice() else { panic!("one message: {messages:?}") };
    let pointer: Value = serde_json::from_str(message).unwrap();
    assert_eq!(pointer, json!({ "pk": owing[0].pk, "sk": owing[0].sk }));
    assert_eq!(
        function.answer(&events::schedule()).await,
        json!({ "done": 0, "failed": 0, "resent": 0, "overdue": 0 })
    );

    // What the timers wrote is what the next function reads.
    let mut deliver = Lambda::start("deliver", &system).await;
    assert_eq!(deliver.answer(&events::queue(&[message]).0).await, events::failures(&[]));
    assert_eq!(system.mails_to("a@example.org").len(), 1);
    assert!(system.owing().await.is_empty());
    function.logged();
}

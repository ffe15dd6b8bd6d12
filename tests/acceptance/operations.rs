//! What each path costs, in calls of the table.

use crate::harness::{TestWorld, at};

const GET: &str = "GetItem";
const TRANSACT: &str = "TransactWriteItems";

fn count(operations: &[String], name: &str) -> usize {
    operations.iter().filter(|operation| *operation == name).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submit_is_one_transaction_and_at_most_one_read() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    world.watch.take();
    world.register("fest", "a@example.org", "yes", 1).await;
    assert_eq!(world.watch.take(), [GET, TRANSACT], "the first one of this function reads the event");
    world.register("fest", "b@example.org", "yes", 1).await;
    assert_eq!(world.watch.take(), [TRANSACT]);
    let body = crate::harness::registration("c@example.org", "yes", 1);
    world.send(world.register_request("fest", &body).header("idempotency-key", "k")).await;
    assert_eq!(world.watch.take(), [TRANSACT], "an Idempotency-Key is in the same transaction");
    let fields = [("email", "d@example.org"), ("answer", "yes"), ("first_name", "D"), ("last_name", "D")];
    world.post_form("/e/fest", &fields).await;
    assert_eq!(world.watch.take(), [TRANSACT]);
    world.register("fest", "a@example.org", "yes", 1).await;
    assert_eq!(world.watch.take(), [TRANSACT, "UpdateItem"], "a known address: its holder is told");
    world.post_form("/e/fest", &[]).await;
    assert_eq!(world.watch.take(), [""; 0], "what is wrong by itself costs nothing");
    world.get("/e/fest").await;
    let operations = world.watch.take();
    assert!(
        operations.iter().all(|one| one == GET) && operations.len() <= 2,
        "what its price list counts: {operations:?}"
    );
    // On a busy machine it may take more than the second that a page waits for it.
    for _ in 0..20 {
        world.get("/e/fest").await;
        if world.watch.take().is_empty() {
            return;
        }
    }
    panic!("that page views are not counted is known for ten minutes");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_paths() {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    world.fest("fest", "2026-11-20T22:00:00+01:00").await;
    world.fest("still", "2026-11-20T22:00:00+01:00").await;
    world.register_people("fest", "yes", 10).await;
    world.settle().await;
    let link = world.link_in(&world.mails()[0]);
    world.watch.take();
    world.get(&link).await;
    assert_eq!(world.watch.take(), [GET]);
    world.post_form(&link, &[("answer", "no"), ("first_name", "A"), ("last_name", "B")]).await;
    assert_eq!(world.watch.take(), [GET, TRANSACT]);
    world.settle().await;

    // The count: one transaction per counter that changed, whatever else there is.
    world.world.clock.set("2026-11-03T00:15:00+01:00".parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    world.watch.take();
    let summary = world.world.functions().unwrap().usage_counter.handle().await.unwrap();
    let operations = world.watch.take();
    assert!((1..=2).contains(&summary.moved), "ten people in two parties: one or two of the four counters");
    assert_eq!(count(&operations, TRANSACT), usize::try_from(summary.moved).unwrap());
    world.world.functions().unwrap().usage_counter.handle().await.unwrap();
    assert_eq!(count(&world.watch.take(), TRANSACT), 0, "nothing changed, nothing written");

    // Closing: one transaction for the event with all its counters.
    world.travel("2026-11-30T12:00:00+01:00").await;
    // Billing: one transaction gives all parts their numbers, and one issues the account's invoice.
    world.world.clock.set("2026-12-01T03:00:00+01:00".parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    world.watch.take();
    world.world.functions().unwrap().usage_counter.handle().await.unwrap();
    world.run_everything("2026-11").await;
    let operations = world.watch.take();
    assert_eq!(count(&operations, TRANSACT), 1 + 1, "{operations:?}");

    // A webhook: the invoice is read, once in a process the version of its issuer, then one transaction.
    let invoice = world.invoices(&world.account).await[0].invoice.clone();
    let pay = world.link_in(world.mails_to("buchhaltung@musterhaus.example").last().unwrap());
    let provider = world.post_form(&pay, &[]).await.headers["location"].clone();
    world.watch.take();
    world.post_form(&provider, &[("choice", "pay")]).await;
    assert_eq!(world.watch.take(), ["GetItem", "GetItem", TRANSACT], "{}", invoice.number);
}

/// Once an hour the timers look whether count and invoice run have done their work.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_did_not_begin_is_told_of_once_an_hour() {
    let world = TestWorld::start("2026-11-28T09:00:00+01:00").await;
    world.travel("2026-11-30T12:00:00+01:00").await;
    let functions = world.world.functions().unwrap();
    let overdue = async |now: &str| {
        world.world.clock.set(at(now));
        functions.timers.handle().await.unwrap().overdue
    };
    assert_eq!(overdue("2026-12-01T05:30:00+01:00").await, 0);
    assert_eq!(overdue("2026-12-01T06:29:00+01:00").await, 0, "not each minute");
    assert_eq!(overdue("2026-12-01T06:30:00+01:00").await, 2, "the count of November 30, and the run of November");
    // The next night it counts again, but nobody started the invoice run.
    world.world.clock.set(at("2026-12-02T00:15:00+01:00"));
    functions.usage_counter.handle().await.unwrap();
    assert_eq!(overdue("2026-12-02T01:30:00+01:00").await, 1, "the invoice run of November");
    let time = std::time::Duration::from_secs(900);
    functions.invoice_run.handle(serde_json::json!({}), time).await.unwrap();
    assert_eq!(overdue("2026-12-02T06:30:00+01:00").await, 0, "planned, and its day is not over");
    assert_eq!(overdue("2026-12-03T07:30:00+01:00").await, 2, "the next count, and the parts nobody worked on");
}

//! What an invoice costs, in calls and capacity units: the same for ten registrations and for a hundred thousand.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::calendar::Month;
use domain::ids::AccountId;
use platform::queue::Part;
use serde_json::json;

use crate::ended::counted;
use crate::harness::{TestWorld, at};
use crate::watch::Consumed;

/// Accounts that are billed. The more there are, the less of a page's own cost falls on each.
const ACCOUNTS: usize = 64;
const TIME: Duration = Duration::from_secs(900);

/// What a run of November costs for accounts with an event of this many registrations.
async fn cost(accounts: usize, registrations: i64) -> (BTreeMap<String, usize>, Consumed) {
    let world = TestWorld::start("2026-11-02T09:00:00+01:00").await;
    let month = Month::parse("2026-11").unwrap();
    for index in 0..accounts {
        let account = world.add_account(&format!("acc_k{index}"), |_| {}).await;
        world.end_event(&account, "2026-11", registrations).await;
        world.world.table.commit(counted(&account, month, registrations)).await.unwrap();
    }
    world.world.clock.set(at("2026-12-01T03:00:00+01:00"));
    let run = &world.world.functions().unwrap().invoice_run;
    run.handle(json!({ "month": "2026-11" }), TIME).await.unwrap();
    world.watch.take();
    world.watch.measure();
    for part in Part::all(month, 8) {
        run.work(&part, TIME).await.unwrap();
    }
    for part in Part::all(month, 8) {
        run.work(&Part { woken: true, ..part }, TIME).await.unwrap();
    }
    let consumed = world.watch.consumed();
    let mut calls = BTreeMap::new();
    for call in world.watch.take() {
        *calls.entry(call).or_insert(0) += 1;
    }
    for index in 0..accounts {
        let account = AccountId::parse(&format!("acc_k{index}")).unwrap();
        assert_eq!(world.invoices(&account).await.len(), 1, "{account}");
    }
    (calls, consumed)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_costs_the_same_at_ten_and_at_a_hundred_thousand_registrations() {
    let (no_calls, nothing) = cost(0, 0).await;
    let (calls, few) = cost(ACCOUNTS, 10).await;
    let (_, many) = cost(ACCOUNTS, 100_000).await;
    let of = |calls: &BTreeMap<String, usize>, name: &str| calls.get(name).copied().unwrap_or(0);
    let more = |name: &str| of(&calls, name) - of(&no_calls, name);
    // Two queries for each account; for each part one of the marks of its page when it drafts and one when it issues. A run of
    // no other accounts asks for one of them: for the part of the account that every test has.
    assert_eq!(more("Query"), 2 * ACCOUNTS + 2 * 8 - 1, "{calls:?}");
    // One draft each; the part's notes of its progress are among those of a run of no accounts, or one for each page.
    assert!((ACCOUNTS..=ACCOUNTS + 8).contains(&more("UpdateItem")), "{calls:?}");
    assert_eq!(more("TransactWriteItems"), ACCOUNTS, "{calls:?}");
    assert_eq!((more("PutItem"), of(&calls, "DeleteItem")), (0, 0), "{calls:?}");

    let accounts = ACCOUNTS as f64;
    let each = |cost: Consumed| ((cost.read - nothing.read) / accounts, (cost.write - nothing.write) / accounts);
    assert_eq!(each(few), each(many), "registrations cost nothing here");
    let (read, write) = each(few);
    assert!(read <= 2.0 && write <= 7.0, "{read} RCU and {write} WCU for each invoice");
    // Draft 1, invoice 2, posting 2, index of what is unsent 1, and a share of the progress.
    assert!((6.0..6.3).contains(&write), "{write} WCU");
}

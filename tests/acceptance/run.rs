//! The monthly run from inside: numbers by prefix sum, two issuers, void numbers, one account again, and progress.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::calendar::Month;
use domain::catalog::charge::Issuer;
use domain::ids::AccountId;
use local::world::DEMO_EMAIL;
use platform::queue::Part;
use platform::table::keys;
use platform::table::runs::{INVOICE, Phase};
use platform::table::write::{Write, number, text};
use serde_json::json;

use crate::harness::{TestWorld, at, day};
use crate::setup::Person;
use crate::watch::Trouble;

const NOW: &str = "2026-11-02T09:00:00+01:00";
const BILLING: &str = "2026-12-01T03:00:00+01:00";
const TIME: Duration = Duration::from_secs(900);

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

/// Plans the run of a month; what the queue holds then waits until the world settles.
async fn plan(world: &TestWorld, month: &str) {
    world.world.functions().unwrap().invoice_run.handle(json!({ "month": month }), TIME).await.unwrap();
}

/// Works on a part as if its message had come.
async fn work(world: &TestWorld, month: &str, shard: u16) -> Result<(), platform::error::Error> {
    let part = Part { month: month.to_owned(), shard, ..Part::default() };
    world.world.functions().unwrap().invoice_run.work(&part, TIME).await
}

async fn numbers(world: &TestWorld, accounts: &[AccountId]) -> BTreeMap<String, String> {
    let mut numbers = BTreeMap::new();
    for account in accounts {
        for standing in world.invoices(account).await {
            numbers.insert(account.to_string(), standing.invoice.number.to_string());
        }
    }
    numbers
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_accounts_get_the_same_numbers_whatever_order_the_workers_ran_in_i1() {
    let mut all = Vec::new();
    for order in [[0, 1, 2, 3, 4, 5, 6, 7], [7, 6, 5, 4, 3, 2, 1, 0], [3, 7, 0, 5, 1, 6, 2, 4]] {
        let world = TestWorld::start(NOW).await;
        let mut accounts = Vec::new();
        for index in 0..20 {
            let account = world.add_account(&format!("acc_r{index}"), |_| {}).await;
            // Every fourth account has nothing to bill.
            if index % 4 != 0 {
                world.end_event(&account, "2026-11", 5).await;
            }
            accounts.push(account);
        }
        world.world.clock.set(at(BILLING));
        plan(&world, "2026-11").await;
        for (done, part) in order.into_iter().enumerate() {
            assert!(numbers(&world, &accounts).await.is_empty(), "no number before all parts are drafted: {done}");
            work(&world, "2026-11", part).await.unwrap();
        }
        world.settle().await;
        all.push(numbers(&world, &accounts).await);
        assert_eq!(world.mails_to("buchhaltung@musterhaus.example").len(), 15, "one mail each");
    }
    let mut taken: Vec<&String> = all[0].values().collect();
    taken.sort();
    let expected: Vec<String> = (1..=15).map(|number| format!("RE-2026-{number:05}")).collect();
    assert_eq!(taken, expected.iter().collect::<Vec<_>>(), "no gap and no twin");
    assert_eq!(all[0], all[1]);
    assert_eq!(all[0], all[2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_turns_out_unusable_leaves_its_number_void_and_the_others_go_on_i1() {
    let world = TestWorld::start(NOW).await;
    let table = &world.world.table;
    let mut accounts = Vec::new();
    for index in 0..12 {
        accounts.push(world.add_billed(&format!("acc_v{index}")).await);
    }
    world.world.clock.set(at(BILLING));
    plan(&world, "2026-11").await;
    let spoilt = &accounts[5];
    let part = keys::part(spoilt);
    for index in (0..8).filter(|index| *index != (part + 1) % 8) {
        work(&world, "2026-11", index).await.unwrap();
    }
    // Drafted and not numbered yet: now it is spoilt.
    let mark = keys::month(spoilt, month("2026-11"), Issuer::Operator);
    table.commit_one(Write::update(mark).set("draft", text("rubbish"))).await.unwrap();
    for _ in 0..2 {
        // Whatever comes again finds the number void already.
        work(&world, "2026-11", (part + 1) % 8).await.unwrap();
        world.settle().await;
    }
    assert!(world.world.runner.dead_letters().is_empty(), "no part was stopped");
    let void = table.void_numbers("RE-2026").await.unwrap();
    assert_eq!(void.len(), 1);
    assert_eq!((&void[0].account, void[0].day), (spoilt, day("2026-12-01")));
    let mut taken: Vec<String> = numbers(&world, &accounts).await.into_values().collect();
    taken.push(void[0].number.clone());
    taken.sort();
    // The account that was spoilt has been evaluated again since, as one that is held: with the next number.
    let expected: Vec<String> = (1..=13).map(|number| format!("RE-2026-{number:05}")).collect();
    assert_eq!(taken, expected);
    assert_eq!(
        numbers(&world, std::slice::from_ref(spoilt)).await.into_values().collect::<Vec<_>>(),
        ["RE-2026-00013"]
    );

    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let page = person.get("/console/runs?lang=de").await.body;
    assert!(
        page.contains("Ungültige Rechnungsnummern") && page.contains(&void[0].number),
        "the operator can explain it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_account_stops_nobody_and_is_evaluated_again_by_itself_g7() {
    let world = TestWorld::start(NOW).await;
    let table = &world.world.table;
    let good = world.add_billed("acc_gut").await;
    let unreadable = world.add_billed("acc_kaputt").await;
    table.commit_one(Write::update(keys::account(&unreadable)).set("billing_email", number(7))).await.unwrap();
    world.travel("2026-12-01T03:05:00+01:00").await;
    assert_eq!((world.invoices(&good).await.len(), world.invoices(&unreadable).await.len()), (1, 0));
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    let page = person.get("/console/runs?lang=de").await;
    for text in ["acc_kaputt", "stored account cannot be read", "Neu bewerten"] {
        assert!(page.body.contains(text), "{text}");
    }
    assert!(!page.headers.contains_key("refresh"), "a run that is done needs no look");
    let mut account = local::seed::account().unwrap();
    account.id = unreadable.clone();
    table.save_account(&account).await.unwrap();
    let path = "/console/runs/2026-11/evaluate";
    let done = person.post(path, &[("account", "acc_kaputt")]).await;
    assert_eq!(done.headers["location"], "/console/runs?asked=acc_kaputt&lang=de");
    assert!(person.get(&done.headers["location"]).await.body.contains("acc_kaputt wird neu bewertet"));
    world.settle().await;
    let numbers: Vec<String> =
        world.invoices(&unreadable).await.iter().map(|one| one.invoice.number.to_string()).collect();
    assert_eq!(numbers, ["RE-2026-00002"]);
    assert!(!person.get("/console/runs?lang=de").await.body.contains("Angehaltene"));
    // A month without a run, and something that is no account, are not found.
    for (path, account) in
        [("/console/runs/2026-10/evaluate", "acc_gut"), ("/console/runs/november/evaluate", "acc_gut"), (path, "evt_1")]
    {
        assert_eq!(person.post(path, &[("account", account)]).await.status, 404, "{path} {account}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_is_shown_while_a_run_is_on_its_way() {
    let world = TestWorld::start(NOW).await;
    for index in 0..16 {
        world.add_billed(&format!("acc_p{index}")).await;
    }
    // Before the schedules of the night: only what is worked on here happens.
    world.travel("2026-11-30T23:00:00+01:00").await;
    world.world.clock.set(at("2026-12-01T00:10:00+01:00"));
    let person = Person::sign_in(&world, DEMO_EMAIL).await;
    plan(&world, "2026-11").await;
    let permille = async || {
        let told = world.get("/_local/runs").await.json();
        told["runs"][0]["permille"].as_u64().unwrap()
    };
    let mut seen = vec![permille().await];
    for index in 0..8 {
        work(&world, "2026-11", index).await.unwrap();
        seen.push(permille().await);
        if index == 3 {
            let page = person.get("/console/runs?lang=de").await;
            assert_eq!(page.headers["refresh"], "4");
            for text in ["<progress", "wartet auf die Nummern", "bewertet Konten"] {
                assert!(page.body.contains(text), "{text}");
            }
        }
    }
    world.settle().await;
    seen.push(permille().await);
    assert_eq!((seen[0], seen[9]), (0, 1000));
    assert!(seen.windows(2).all(|pair| pair[0] < pair[1]), "{seen:?}");
    let parts = world.world.table.shards(INVOICE, "2026-11", 8).await.unwrap();
    assert!(parts.iter().all(|part| part.phase == Phase::Done && part.drafted == part.issued));
    assert_eq!(parts.iter().map(|part| part.invoices()).sum::<u64>(), 16);
}

/// The worker dies after each number of calls, or has the reply of its last one lost: between any two writes of any phase.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_call_a_worker_dies_at_its_message_comes_again_and_nothing_is_lost_g4() {
    let world = TestWorld::start("2020-01-02T09:00:00+01:00").await;
    let accounts: Vec<AccountId> =
        ["acc_eins", "acc_zwei", "acc_drei"].map(|id| AccountId::parse(id).unwrap()).to_vec();
    for account in &accounts {
        world.add_account(account.as_str(), |_| {}).await;
    }
    let mut billed = month("2020-01");
    let mut finished_alive = 0;
    for calls in (0..180).step_by(4) {
        let period = billed.to_string();
        for account in &accounts {
            world.end_event(account, &period, 5).await;
        }
        world.world.clock.set(billed.end() + chrono::TimeDelta::hours(3));
        plan(&world, &period).await;
        let trouble = if calls % 8 == 0 { Trouble::DiesAfter(calls) } else { Trouble::LosesReplyAfter(calls) };
        world.watch.trouble(trouble);
        let mut died = false;
        for index in 0..8 {
            died |= work(&world, &period, index).await.is_err();
        }
        world.watch.trouble(Trouble::None);
        finished_alive += usize::from(!died);
        // Each message comes again, in another order; those that were done with it find nothing to do.
        for index in [5, 2, 7, 0, 3, 6, 1, 4] {
            work(&world, &period, index).await.unwrap();
        }
        let parts = world.world.table.shards(INVOICE, &period, 8).await.unwrap();
        if parts.iter().any(|part| part.phase != Phase::Done) {
            // Whoever took the numbers has told the others.
            world.settle().await;
        }
        for account in &accounts {
            let months = world.invoices(account).await;
            let count = months.iter().filter(|one| one.invoice.draft.month == billed).count();
            assert_eq!(count, 1, "{account} {billed} after {calls} calls");
        }
        billed = billed.next();
    }
    assert!(finished_alive > 0, "the last ones did not die");
    let mut numbers: Vec<(String, u64)> = Vec::new();
    for account in &accounts {
        for one in world.invoices(account).await {
            numbers.push((one.invoice.number.series.clone(), one.invoice.number.sequence));
        }
    }
    numbers.sort();
    let mut before = (String::new(), 0);
    for (series, sequence) in numbers {
        before = if before.0 == series { (before.0, before.1 + 1) } else { (series.clone(), 1) };
        assert_eq!((series, sequence), before, "no gap and no twin");
    }
}

/// The worker that took the numbers dies before it has told the others: its message comes again and tells them.
#[tokio::test(flavor = "multi_thread")]
async fn a_death_between_taking_the_numbers_and_telling_the_others_is_made_up_for() {
    for calls in 6..16 {
        let world = TestWorld::start(NOW).await;
        let mut accounts = Vec::new();
        for index in 0..6 {
            accounts.push(world.add_billed(&format!("acc_t{index}")).await);
        }
        world.world.clock.set(at(BILLING));
        // The queue is emptied before anybody dies: only the last message is left.
        plan(&world, "2026-11").await;
        for index in 0..7 {
            work(&world, "2026-11", index).await.unwrap();
        }
        world.watch.trouble(Trouble::DiesAfter(calls));
        let _ = work(&world, "2026-11", 7).await;
        world.watch.trouble(Trouble::None);
        work(&world, "2026-11", 7).await.unwrap();
        world.settle().await;
        assert_eq!(numbers(&world, &accounts).await.len(), 6, "{calls}");
    }
}

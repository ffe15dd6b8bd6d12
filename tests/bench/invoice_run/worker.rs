//! The process that is killed: the local system on what its folder keeps, working off the queue of the run.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use local::world::{Options, World};
use platform::clock::Clock;
use platform::table::keys;
use platform::table::notices::owed;
use platform::table::runs::{INVOICE, Phase, Shard};
use serde_json::{Value, json};

use crate::{BILLING, MAILED, MONTH, account};

/// Time a worker is given, as in the template.
const TIME: Duration = Duration::from_secs(900);
/// Pause between two looks.
const PAUSE: Duration = Duration::from_millis(40);
/// Parts worked on side by side.
const SIDE_BY_SIDE: usize = 2;

pub(crate) async fn open(folder: &Path) -> World {
    let http_client = platform::aws::http_client().unwrap();
    let http_clients = Arc::new(move |_: &str| http_client.clone());
    let clock = Clock::stopped(BILLING.parse::<domain::calendar::Instant>().unwrap());
    World::start(Options { folder: folder.to_owned(), port: 0, clock, http_clients }).await.unwrap()
}

pub(crate) async fn run(folder: &Path) {
    let world = open(folder).await;
    println!("progress {}", progress(&world).await.0);
    tokio::join!(work(&world), mail(&world), tell(&world));
    println!("done");
}

async fn parts(world: &World) -> Vec<Shard> {
    world.table.shards(INVOICE, MONTH, keys::ACCOUNT_SHARDS).await.unwrap()
}

/// Steps that are done, and whether all are.
async fn progress(world: &World) -> (u64, bool) {
    let parts = parts(world).await;
    (parts.iter().map(|part| part.accounts + part.issued).sum(), parts.iter().all(|part| part.phase == Phase::Done))
}

async fn tell(world: &World) {
    let mut told = 0;
    loop {
        let (steps, done) = progress(world).await;
        if steps > told {
            println!("progress {steps}");
            told = steps;
        }
        if done {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Works off the queue, and plans the run as the schedule does where nothing of it is left to be done.
async fn work(world: &World) {
    loop {
        let messages = world.queues.receive("invoice-run", SIDE_BY_SIDE);
        if messages.is_empty() {
            if progress(world).await.1 {
                return;
            }
            // A process that died before its plan was on the queue left nothing there.
            let start = json!({ "month": MONTH });
            world.functions().unwrap().invoice_run.handle(start, TIME).await.unwrap();
            continue;
        }
        futures::future::join_all(messages.iter().map(async |message| {
            let event =
                json!({ "Records": [{ "messageId": message.id, "body": message.body, "eventSource": "aws:sqs" }] });
            let answer = world.functions().unwrap().invoice_run.handle(event, TIME).await.unwrap();
            let failed = answer["batchItemFailures"].as_array().is_some_and(|all| !all.is_empty());
            if failed {
                world.queues.fail("invoice-run", &message.id).unwrap();
            } else {
                world.queues.delete("invoice-run", &message.id).unwrap();
            }
        }))
        .await;
    }
}

/// Prints and mails the invoices of the first accounts, as the queue of the function that does so would have it.
async fn mail(world: &World) {
    let mut left: BTreeSet<usize> = (0..MAILED).collect();
    loop {
        for index in left.clone() {
            let Some(standing) = world.table.invoices(&account(index)).await.unwrap().pop() else { continue };
            let key = keys::invoice(&account(index), &standing.invoice.id);
            let item = world.table.get(&key).await.unwrap().unwrap_or_default();
            if owed(&item).is_none() {
                left.remove(&index);
                continue;
            }
            let body = json!({ "pk": key.pk, "sk": key.sk }).to_string();
            let record = json!({ "messageId": "1", "body": body, "eventSource": "aws:sqs" });
            let answer: Value =
                world.functions().unwrap().deliver.handle(json!({ "Records": [record] }), TIME).await.unwrap();
            assert_eq!(answer["batchItemFailures"], json!([]), "{answer}");
        }
        // There are fewer accounts than that in a small run.
        let known = left.iter().filter(|index| **index < MAILED).count();
        if known == 0 || (progress(world).await.1 && unbilled(world, &left).await) {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Whether none of the accounts has an invoice.
async fn unbilled(world: &World, accounts: &BTreeSet<usize>) -> bool {
    for index in accounts {
        if !world.table.invoices(&account(*index)).await.unwrap().is_empty() {
            return false;
        }
    }
    true
}

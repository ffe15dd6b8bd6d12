//! Guards the rate of the embedded DynamoDB: with a stream, each write numbers its record by the highest
//! number so far, which is a scan of all records unless the index exists that the store adds at start.
//!
//! Prints rates of one run against each other and fails when they fall: a ratio does not depend on the machine.

// The types of nested SDK calls are deeper than the compiler's default.
#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and ends by a panic")]

use std::time::Instant;

use domain::registration::CountChange;
use local::store::Store;
use platform::table::counters::moved_counter;
use platform::table::keys::Key;
use platform::table::write::{Write, text};
use platform::table::{Table, schema};

const TRANSACTIONS: usize = 6_000;
const SAMPLE: usize = 500;
/// Measured in an unoptimised build: 0.45 without the index, 0.85 with it.
const LOWEST_RATIO: f64 = 0.5;

#[tokio::main]
async fn main() {
    let folder = tempfile::TempDir::new().unwrap();
    let store = Store::start(folder.path()).await.unwrap();
    let variables = platform::config::Variables::from_pairs([("AWS_ENDPOINT_URL_DYNAMODB", store.endpoint())]);
    let aws = local::world::aws(platform::aws::http_client().unwrap());
    let environment = platform::environment::Environment { variables, aws, clock: platform::clock::Clock::system() };
    schema::create(&environment.dynamodb(), "bench").await.unwrap();
    store.index_stream().unwrap();
    let table = Table::new(environment.dynamodb(), "bench".to_owned());
    let counter = Key::new("EVENT#acc_a#evt_a#SEATS#0", "COUNTER");
    table
        .commit_one(Write::update(counter.clone()).set("free", platform::table::write::number(1_000_000)))
        .await
        .unwrap();
    let mut rates = Vec::new();
    let mut started = Instant::now();
    for index in 0..TRANSACTIONS {
        let change = CountChange { accepted: 1, declined: 0, responses: 1, seats: 1 };
        let today = domain::calendar::Day::of(environment.clock.now());
        let registration = Write::update(Key::new(format!("P#{}", index % 16), format!("REG#{index}")))
            .if_absent()
            .set("a", text("b"));
        table.commit(vec![registration, moved_counter(counter.clone(), change, true, today)]).await.unwrap();
        if (index + 1) % SAMPLE == 0 {
            let rate = SAMPLE as f64 / started.elapsed().as_secs_f64();
            println!("transactions {:>5}: {rate:>6.0}/s", index + 1);
            rates.push(rate);
            started = Instant::now();
        }
    }
    // A thousand transactions at each end, so that one slow moment decides nothing.
    let ratio = rates.iter().rev().take(2).sum::<f64>() / rates.iter().take(2).sum::<f64>();
    println!("last to first: {ratio:.2} (at least {LOWEST_RATIO})");
    assert!(ratio >= LOWEST_RATIO, "writes become slower as records of the stream pile up");
    store.stop().await.unwrap();
}

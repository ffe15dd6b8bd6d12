//! Accounts by the thousand, each with an event that has ended, and the rate of bare transactions.

use std::path::Path;
use std::time::Instant;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::calendar::{Day, Month};
use domain::catalog::PlanKey;
use domain::catalog::charge::Issuer;
use domain::ids::EventId;
use domain::subscription::Subscription;
use local::store::Store;
use platform::clock::Clock;
use platform::config::Variables;
use platform::environment::Environment;
use platform::table::keys::{self, Key};
use platform::table::write::{Outcome, Write, number, text};
use platform::table::{Item, Table, schema};

use crate::{BILLING, MONTH, account, mail_address};

/// The table's name, as the local system has it.
const TABLE: &str = "einlass";
/// Accounts of a transaction, of five items each; a transaction takes a hundred.
const BATCH: usize = 20;
/// Transactions the bare rate is taken from.
const SAMPLE: usize = 1_000;

async fn open(folder: &Path) -> (Store, Table) {
    let store = Store::start(folder).await.unwrap();
    let variables = Variables::from_pairs([("AWS_ENDPOINT_URL_DYNAMODB", store.endpoint())]);
    let aws = local::world::aws(platform::aws::http_client().unwrap());
    let environment = Environment { variables, aws, clock: Clock::system() };
    schema::create(&environment.dynamodb(), TABLE).await.unwrap();
    store.index_stream().unwrap();
    let table = Table::new(environment.dynamodb(), TABLE.to_owned());
    (store, table)
}

/// Makes the accounts: the first one as the console would, the others as copies of it.
pub(crate) async fn seed(folder: &Path, accounts: usize) {
    let (store, table) = open(folder).await;
    let month = Month::parse(MONTH).unwrap();
    let now = BILLING.parse::<domain::calendar::Instant>().unwrap();
    table.save_operator(&local::seed::operator().unwrap()).await.unwrap();
    local::seed::publish_price_lists(&table, now).await.unwrap();
    let mut first = local::seed::account().unwrap();
    first.id = account(0);
    first.billing_email = domain::contact::Email::parse(&mail_address(0)).unwrap();
    let subscription = Subscription::new(PlanKey::pay_per_attendee(), Day::parse("2026-01-01").unwrap());
    assert!(table.create_account(&first, &subscription, Day::of(now)).await.unwrap());
    let profile = table.get(&keys::account(&first.id)).await.unwrap().unwrap();
    let subscribed = table.get(&keys::subscription(&first.id)).await.unwrap().unwrap();
    let indexes: Vec<usize> = (0..accounts).collect();
    for batch in indexes.chunks(BATCH) {
        let mut writes = Vec::new();
        for &index in batch {
            if index > 0 {
                let mut profile = copy(&profile, &keys::account(&account(index)));
                profile.insert("id".to_owned(), text(account(index).as_str()));
                profile.insert("billing_email".to_owned(), text(mail_address(index)));
                writes.push(Write::put(keys::account(&account(index)), profile));
                let key = keys::subscription(&account(index));
                writes.push(Write::put(key.clone(), copy(&subscribed, &key)));
                writes.push(Write::update(keys::directory(&account(index))).set("listed", number(1)));
            }
            writes.extend(ended(month, index));
        }
        assert_eq!(table.commit(writes).await.unwrap(), Outcome::Committed);
    }
    store.stop().await.unwrap();
}

fn copy(item: &Item, key: &Key) -> Item {
    let mut item = item.clone();
    item.insert("pk".to_owned(), text(&key.pk));
    item.insert("sk".to_owned(), text(&key.sk));
    item
}

/// An event of the account that has ended, with 5 to 54 people.
fn ended(month: Month, index: usize) -> [Write; 2] {
    let id = account(index);
    let event = EventId::parse(&format!("evt_{index:05}")).unwrap();
    let title = [("de".to_owned(), text("Sommerfest")), ("en".to_owned(), text("Party"))];
    let people = i64::try_from(5 + index % 50).unwrap();
    let ended = Write::update(keys::ended(&id, month, &event))
        .set("event", text(event.as_str()))
        .set("title", AttributeValue::M(title.into()))
        .set("over_on", text(month.last().to_string()))
        .set("published_on", text(month.first().to_string()))
        .set("counting", text("accepted"))
        .set("accepted", number(people))
        .set("declined", number(0))
        .set("responses", number(people));
    [ended, Write::update(keys::month(&id, month, Issuer::Operator)).add("ended", 1)]
}

/// Transactions a second of two items that are as large as an invoice and its posting, on a fresh file.
pub(crate) async fn raw_rate() -> f64 {
    let folder = tempfile::TempDir::new().unwrap();
    let (store, table) = open(folder.path()).await;
    let put =
        |pk: String, size: usize| Write::update(Key::new(pk, "ITEM")).if_absent().set("body", text("x".repeat(size)));
    let started = Instant::now();
    for index in 0..SAMPLE {
        let writes = vec![put(format!("ACCOUNT#{index}"), 900), put(format!("LEDGER#{index}"), 300)];
        assert_eq!(table.commit(writes).await.unwrap(), Outcome::Committed);
    }
    let rate = SAMPLE as f64 / started.elapsed().as_secs_f64();
    store.stop().await.unwrap();
    rate
}

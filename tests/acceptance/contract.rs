//! What `platform::table` relies on in DynamoDB, told as a contract.
//!
//! The embedded DynamoDB keeps it for all other tests. With `EINLASS_DYNAMODB_ENDPOINT` the same tests ask whatever
//! answers there, so that what the emulator is trusted with does not rest on the emulator alone.

mod reads;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{
    AttributeValue, BillingMode, ProjectionType, StreamViewType, TimeToLiveStatus, TransactWriteItem, Update,
};
use local::store::Store;
use platform::config::Variables;
use platform::entropy;
use platform::table::keys::Key;
use platform::table::write::{Outcome, Write, number, text};
use platform::table::{Item, Range, Table, schema};
use tempfile::TempDir;

/// A table of its own, as the system makes it.
struct Contract {
    client: Client,
    name: String,
    table: Table,
    /// Serves the table as long as it is kept.
    _embedded: Option<(Store, TempDir)>,
}

impl Contract {
    async fn begin() -> Self {
        let (endpoint, embedded) = match Variables::from_environment().optional("EINLASS_DYNAMODB_ENDPOINT") {
            Some(foreign) => (foreign, None),
            None => {
                let folder = TempDir::new().unwrap();
                let store = Store::start(folder.path()).await.unwrap();
                (store.endpoint(), Some((store, folder)))
            }
        };
        let aws = local::world::aws(platform::aws::http_client().unwrap());
        // The key that foreign emulators know their owner by; the embedded one takes any.
        let owner = aws_sdk_dynamodb::config::Credentials::new("test", "test", None, None, "contract");
        let config = aws_sdk_dynamodb::config::Builder::from(&aws).endpoint_url(endpoint).credentials_provider(owner);
        let client = Client::from_conf(config.build());
        let name = format!("contract-{}", entropy::hex::<8>().unwrap());
        schema::create(&client, &name).await.unwrap();
        let table = Table::new(client.clone(), name.clone());
        Self { client, name, table, _embedded: embedded }
    }

    async fn item(&self, sk: &str) -> Option<Item> {
        self.table.get(&key(sk)).await.unwrap()
    }

    /// Puts an item with nothing but its key.
    async fn put(&self, sk: &str) {
        assert!(self.table.commit_one(Write::put(key(sk), item(sk, []))).await.unwrap());
    }

    async fn commit(&self, writes: impl IntoIterator<Item = Write>) -> Outcome {
        self.table.commit(writes.into_iter().collect()).await.unwrap()
    }

    async fn sort_keys(&self, range: Range) -> Vec<String> {
        self.table.all("P", &range).await.unwrap().iter().map(sort_key).collect()
    }
}

fn key(sk: &str) -> Key {
    Key::new("P", sk)
}

/// From the first key to the last; an empty text is no bound of a key.
fn all() -> Range {
    Range::Between("\u{1}".to_owned(), "\u{10ffff}".to_owned())
}

fn item<const N: usize>(sk: &str, attributes: [(&str, AttributeValue); N]) -> Item {
    let own = [("pk", text("P")), ("sk", text(sk))];
    own.into_iter().chain(attributes).map(|(name, value)| (name.to_owned(), value)).collect()
}

fn sort_key(item: &Item) -> String {
    item["sk"].as_s().unwrap().clone()
}

fn digits(item: &Item, name: &str) -> String {
    item[name].as_n().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_is_made_with_indexes_stream_and_time_to_live() {
    let contract = Contract::begin().await;
    // Made already: nothing happens.
    schema::create(&contract.client, &contract.name).await.unwrap();
    let made = contract.client.describe_table().table_name(&contract.name).send().await.unwrap().table.unwrap();
    assert_eq!(made.billing_mode_summary().and_then(|mode| mode.billing_mode()), Some(&BillingMode::PayPerRequest));
    let stream = made.stream_specification().unwrap();
    assert!(stream.stream_enabled() && made.latest_stream_arn().is_some());
    assert_eq!(stream.stream_view_type(), Some(&StreamViewType::NewImage));
    let projection = |index: &aws_sdk_dynamodb::types::GlobalSecondaryIndexDescription| {
        let kind = index.projection().and_then(|projection| projection.projection_type()).cloned();
        (index.index_name().unwrap().to_owned(), kind)
    };
    let mut indexes: Vec<_> = made.global_secondary_indexes().iter().map(projection).collect();
    indexes.sort_by(|one, other| one.0.cmp(&other.0));
    let keys_only = Some(ProjectionType::KeysOnly);
    assert_eq!(indexes, ["dirty", "open", "unsent"].map(|name| (name.to_owned(), keys_only.clone())));
    let live = contract.client.describe_time_to_live().table_name(&contract.name).send().await.unwrap();
    let live = live.time_to_live_description().unwrap();
    assert_eq!(live.attribute_name(), Some(schema::TTL_ATTRIBUTE));
    assert_eq!(live.time_to_live_status(), Some(&TimeToLiveStatus::Enabled));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_put_on_condition_is_made_once() {
    let contract = Contract::begin().await;
    let put = |value| Write::put(key("a"), item("a", [("value", number(value))])).if_absent();
    assert!(contract.table.commit_one(put(1)).await.unwrap());
    assert!(!contract.table.commit_one(put(2)).await.unwrap());
    assert_eq!(digits(&contract.item("a").await.unwrap(), "value"), "1");
    assert!(contract.item("b").await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_is_made_whole_or_not_at_all_and_tells_which_conditions_failed() {
    let contract = Contract::begin().await;
    contract.put("there").await;
    contract.put("old").await;
    let new = || Write::put(key("new"), item("new", [])).if_absent();
    let old = || Write::delete(key("old")).if_missing("name");
    let there = Write::put(key("there"), item("there", [])).if_absent();
    let refused = contract.commit([new(), there, Write::check(key("nowhere")).if_present(), old()]).await;
    assert_eq!(refused, Outcome::Refused(vec![false, true, true, false]));
    assert!(contract.item("new").await.is_none() && contract.item("old").await.is_some());

    let there = Write::update(key("there")).if_present().set("name", text("set"));
    assert_eq!(contract.commit([new(), there, old()]).await, Outcome::Committed);
    assert_eq!(contract.sort_keys(all()).await, ["new", "there"]);
    let checked = contract.commit([Write::check(key("there")).if_present(), Write::delete(key("gone"))]).await;
    assert_eq!(checked, Outcome::Committed, "what is not there may be deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_sent_twice_under_one_token_is_applied_once() {
    let contract = Contract::begin().await;
    let add = |amount: i64| {
        let update = Update::builder().table_name(&contract.name).key("pk", text("P")).key("sk", text("counter"));
        let update = update.update_expression("ADD #n :v").expression_attribute_names("#n", "count");
        let update = update.expression_attribute_values(":v", number(amount)).build().unwrap();
        let item = TransactWriteItem::builder().update(update).build();
        contract.client.transact_write_items().transact_items(item).client_request_token("once").send()
    };
    for _ in 0..3 {
        add(1).await.unwrap();
    }
    assert_eq!(digits(&contract.item("counter").await.unwrap(), "count"), "1");
    let other = add(2).await.unwrap_err();
    assert_eq!(other.code(), Some("IdempotentParameterMismatchException"));
    assert_eq!(digits(&contract.item("counter").await.unwrap(), "count"), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_sets_adds_and_removes() {
    let contract = Contract::begin().await;
    let first = Write::update(key("a"))
        .set("name", text("words that are reserved, too"))
        .set_if_missing("kept", number(1))
        .add("day#2026-11-01#accepted", 5)
        .remove("never");
    assert!(contract.table.commit_one(first).await.unwrap(), "an update makes what is not there");
    // Above 2^53, where a float would lose the last digit.
    let second = Write::update(key("a"))
        .set_if_missing("kept", number(2))
        .add("day#2026-11-01#accepted", -7)
        .add("large", 9_007_199_254_740_993)
        .remove("name");
    assert_eq!(contract.commit([second]).await, Outcome::Committed);
    let item = contract.item("a").await.unwrap();
    assert_eq!(digits(&item, "day#2026-11-01#accepted"), "-2");
    assert_eq!([digits(&item, "kept"), digits(&item, "large")], ["1", "9007199254740993"]);
    assert!(!item.contains_key("name") && !item.contains_key("never"));
}

#[tokio::test(flavor = "multi_thread")]
async fn conditions_hold_as_they_say() {
    let contract = Contract::begin().await;
    let stored = item("a", [("count", number(10)), ("name", text("Anna"))]);
    contract.table.commit_one(Write::put(key("a"), stored)).await.unwrap();
    let on = || Write::update(key("a")).set("touched", number(1));
    let nobody = || Write::update(key("nobody")).set("touched", number(1));
    for (what, write, holds) in [
        ("present", on().if_present(), true),
        ("present, of none", nobody().if_present(), false),
        ("missing", on().if_missing("other"), true),
        ("missing, though there", on().if_missing("name"), false),
        ("equals", on().if_equals("name", Some(text("Anna"))), true),
        ("equals another", on().if_equals("name", Some(text("anna"))), false),
        ("equals nothing", on().if_equals("name", None), false),
        ("a number is no text", on().if_equals("count", Some(text("10"))), false),
        ("numbers by value", on().if_equals("count", Some(AttributeValue::N("10.0".to_owned()))), true),
        ("differs", on().if_differs("name", text("Ben")), true),
        ("differs, of the same", on().if_differs("name", text("Anna")), false),
        ("differs, of none", on().if_differs("other", text("Anna")), true),
        ("at least", on().if_at_least("count", 10), true),
        ("at least, by value and not by digits", on().if_at_least("count", 9), true),
        ("at least one more", on().if_at_least("count", 11), false),
        ("at least, of none", on().if_at_least("other", 0), false),
        ("below", on().if_missing_or_below("count", 11), true),
        ("below the same", on().if_missing_or_below("count", 10), false),
        ("below, of none", on().if_missing_or_below("other", 0), true),
        ("two that hold", on().if_present().if_at_least("count", 1), true),
        ("one of two", on().if_present().if_at_least("count", 11), false),
    ] {
        assert_eq!(contract.table.commit_one(write.clone()).await.unwrap(), holds, "{what}, alone");
        let expected = if holds { Outcome::Committed } else { Outcome::Refused(vec![true]) };
        assert_eq!(contract.commit([write]).await, expected, "{what}, in a transaction");
    }
    assert!(contract.item("nobody").await.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_never_given_twice() {
    let contract = Contract::begin().await;
    contract.table.commit_one(Write::put(key("seats"), item("seats", [("free", number(10))]))).await.unwrap();
    let take = |index: usize| {
        let table = contract.table.clone();
        let sk = format!("guest{index:02}");
        async move {
            let guest = Write::put(key(&sk), item(&sk, [])).if_absent();
            let seat = Write::update(key("seats")).if_at_least("free", 1).add("free", -1);
            table.commit(vec![guest, seat]).await.unwrap()
        }
    };
    let outcomes = futures::future::join_all((0..25).map(take)).await;
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Outcome::Committed).count(), 10);
    assert!(outcomes.iter().all(|outcome| !outcome.refused(0)));
    assert_eq!(digits(&contract.item("seats").await.unwrap(), "free"), "0");
    assert_eq!(contract.sort_keys(Range::Prefix("guest".to_owned())).await.len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_sees_every_write_before_it() {
    let contract = Contract::begin().await;
    for count in 1..=50 {
        contract.commit([Write::update(key("a")).add("count", 1)]).await;
        assert_eq!(digits(&contract.item("a").await.unwrap(), "count"), count.to_string());
        let page = contract.table.page("P", &Range::Prefix("a".to_owned()), 1, false).await.unwrap();
        assert_eq!(digits(&page[0], "count"), count.to_string());
    }
}

//! Queries, indexes, and where DynamoDB ends.

use std::time::Duration;

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{Put, ReturnConsumedCapacity, TransactWriteItem};
use platform::table::keys::Key;
use platform::table::write::{Outcome, Write, number, text};
use platform::table::{DIRTY, Index, Range, UNSENT};

use super::{Contract, all, item, key, sort_key};

const KILOBYTE: usize = 1024;
/// An index follows its table within moments, and never at once for sure.
const PATIENCE: usize = 100;
const PAUSE: Duration = Duration::from_millis(50);

/// Waits until a bucket of an index holds these sort keys up to a bound, in this order.
async fn index_holds(contract: &Contract, index: &Index, up_to: &str, expected: &[&str]) {
    let mut found = Vec::new();
    for _ in 0..PATIENCE {
        let keys: Vec<Key> = contract.table.index(index, 0, up_to, 100).await.unwrap();
        found = keys.into_iter().map(|key| key.sk).collect();
        if found == expected {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
    assert_eq!(found, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn ranges_come_in_key_order_to_the_last_page() {
    let contract = Contract::begin().await;
    let names: Vec<String> = (0..250).map(|index| format!("n{index:03}")).collect();
    for chunk in names.chunks(50) {
        let writes = chunk.iter().rev().map(|name| Write::put(key(name), item(name, [])));
        assert_eq!(contract.commit(writes).await, Outcome::Committed);
    }
    contract.put("m").await;
    contract.put("o").await;
    assert_eq!(contract.sort_keys(Range::Prefix("n".to_owned())).await, names);
    let between = |from: &str, to: &str| Range::Between(from.to_owned(), to.to_owned());
    assert_eq!(contract.sort_keys(between("n010", "n012")).await, ["n010", "n011", "n012"], "both ends belong to it");
    assert_eq!(contract.sort_keys(between("n0105", "n0115")).await, ["n011"]);
    let after = Range::After("n010".to_owned(), "n012".to_owned());
    assert_eq!(contract.sort_keys(after).await, ["n011", "n012"], "the first does not belong to it");
    let newest = contract.table.page("P", &Range::Prefix("n".to_owned()), 2, true).await.unwrap();
    assert_eq!(newest.iter().map(sort_key).collect::<Vec<_>>(), ["n249", "n248"]);
    assert!(contract.table.all("Q", &all()).await.unwrap().is_empty(), "another partition");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_ordered_by_their_bytes() {
    let contract = Contract::begin().await;
    for name in ["ä", "b", "B", "#", "a#2", "a#10", "a"] {
        contract.put(name).await;
    }
    let order = ["#", "B", "a", "a#10", "a#2", "b", "ä"];
    assert_eq!(contract.sort_keys(all()).await, order);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_ends_at_its_limit_or_at_a_megabyte_and_tells_where() {
    let contract = Contract::begin().await;
    let large = "x".repeat(300 * KILOBYTE);
    for name in ["a", "b", "c", "d", "e"] {
        let stored = item(name, [("large", text(large.as_str()))]);
        assert!(contract.table.commit_one(Write::put(key(name), stored)).await.unwrap());
    }
    let query = |limit: Option<i32>| {
        let query = contract.client.query().table_name(&contract.name).set_limit(limit).consistent_read(true);
        query.key_condition_expression("pk = :p").expression_attribute_values(":p", text("P"))
    };
    let page = query(Some(2)).send().await.unwrap();
    let last = page.last_evaluated_key().cloned().unwrap();
    assert_eq!((page.count(), last["sk"].as_s().unwrap().as_str(), last.len()), (2, "b", 2));
    let next = query(Some(3)).set_exclusive_start_key(Some(last)).send().await.unwrap();
    assert_eq!(next.items().iter().map(sort_key).collect::<Vec<_>>(), ["c", "d", "e"]);
    let page = query(None).send().await.unwrap();
    assert!(page.count() < 5 && page.last_evaluated_key().is_some(), "five of 300 KB are more than a megabyte");
    assert_eq!(contract.sort_keys(all()).await, ["a", "b", "c", "d", "e"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_holds_what_has_both_its_attributes_and_only_the_keys() {
    let contract = Contract::begin().await;
    let entry = |sk: &str, since: &str| {
        let attributes =
            [("unsent_bucket", text(UNSENT.bucket(0))), ("unsent_since", text(since)), ("other", number(1))];
        Write::put(key(sk), item(sk, attributes))
    };
    let writes = [entry("late", "2026-11-03"), entry("first", "2026-11-01"), entry("second", "2026-11-02")];
    assert_eq!(contract.commit(writes).await, Outcome::Committed);
    contract.put("plain").await;
    let half = Write::put(key("half"), item("half", [("unsent_bucket", text(UNSENT.bucket(0)))]));
    assert!(contract.table.commit_one(half).await.unwrap());
    index_holds(&contract, &UNSENT, "9", &["first", "second", "late"]).await;
    index_holds(&contract, &UNSENT, "2026-11-02", &["first", "second"]).await;
    index_holds(&contract, &DIRTY, "9", &[]).await;
    assert_eq!(contract.table.index(&UNSENT, 0, "9", 1).await.unwrap(), [key("first")]);
    assert!(contract.table.index(&UNSENT, 1, "9", 100).await.unwrap().is_empty(), "another bucket");

    let query = contract.client.query().table_name(&contract.name).index_name("unsent").limit(1);
    let query = query.key_condition_expression("unsent_bucket = :p");
    let found = query.expression_attribute_values(":p", text(UNSENT.bucket(0))).send().await.unwrap();
    let mut names: Vec<_> = found.items()[0].keys().cloned().collect();
    names.sort();
    assert_eq!(names, ["pk", "sk", "unsent_bucket", "unsent_since"]);

    // One leaves, one moves to the end, one goes with its item.
    let sent = Write::update(key("first")).remove("unsent_bucket").remove("unsent_since");
    let moved = Write::update(key("second")).set("unsent_since", text("2026-11-04"));
    assert_eq!(contract.commit([sent, moved]).await, Outcome::Committed);
    index_holds(&contract, &UNSENT, "9", &["late", "second"]).await;
    contract.commit([Write::delete(key("late"))]).await;
    index_holds(&contract, &UNSENT, "9", &["second"]).await;
    assert!(contract.item("first").await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_or_ambiguous_is_refused_as_a_whole() {
    let contract = Contract::begin().await;
    let put = |sk: &str, bytes: usize| {
        let stored = item(sk, [("large", text("x".repeat(bytes)))]);
        TransactWriteItem::builder()
            .put(Put::builder().table_name(&contract.name).set_item(Some(stored)).build().unwrap())
            .build()
    };
    let names: Vec<String> = (0..101).map(|index| format!("n{index}")).collect();
    let many = |count: usize| names[..count].iter().map(|name| put(name, 1)).collect::<Vec<_>>();
    for (what, items) in [
        ("an item above 400 KB", vec![put("a", 1), put("b", 400 * KILOBYTE)]),
        ("more than 100 writes", many(101)),
        ("more than 4 MB", names[..15].iter().map(|name| put(name, 300 * KILOBYTE)).collect()),
        ("one item twice", vec![put("a", 1), put("a", 2)]),
        ("an empty key", vec![put("a", 1), put("", 1)]),
        ("nothing", vec![]),
    ] {
        let sent = contract.client.transact_write_items().set_transact_items(Some(items)).send().await;
        let error = sent.err().unwrap_or_else(|| panic!("{what} was taken"));
        let code = error.code().unwrap_or_default();
        assert!(["ValidationException", "TransactionCanceledException"].contains(&code), "{what}: {error:?}");
    }
    assert!(contract.sort_keys(all()).await.is_empty(), "nothing was written");
    let largest = Write::put(key("a"), item("a", [("large", text("x".repeat(399 * KILOBYTE)))]));
    assert!(contract.table.commit_one(largest).await.unwrap());
    let hundred = contract.client.transact_write_items().set_transact_items(Some(many(100)));
    hundred.send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_call_consumes_is_told() {
    let contract = Contract::begin().await;
    let stored = item("a", [("text", text("x".repeat(1_500)))]);
    let put = contract.client.put_item().table_name(&contract.name).set_item(Some(stored));
    let put = put.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await.unwrap();
    let get = contract.client.get_item().table_name(&contract.name).key("pk", text("P")).key("sk", text("a"));
    let get = get.consistent_read(true).return_consumed_capacity(ReturnConsumedCapacity::Total).send().await.unwrap();
    let units = |capacity: Option<&aws_sdk_dynamodb::types::ConsumedCapacity>| {
        capacity.and_then(|capacity| capacity.capacity_units()).map(|units| units.to_string())
    };
    assert_eq!(units(put.consumed_capacity()).as_deref(), Some("2"), "1.5 KB are two units of a write");
    assert_eq!(units(get.consumed_capacity()).as_deref(), Some("1"), "and one of a read");
}

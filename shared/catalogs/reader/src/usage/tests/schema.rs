use std::collections::BTreeMap;

use crate::tests::{allowed, assert_same};
use crate::usage::{BUYER_KEYS, KEYS, OPENING_KEYS, TICKET_KEYS, consumption, events, subscription};
use crate::values::TEXT_KEYS;

#[test]
fn schema_and_reader_know_the_same_keys_and_words() {
    let mut expected: BTreeMap<String, Vec<&str>> = BTreeMap::from([(String::new(), KEYS.to_vec())]);
    for (table, keys) in [
        ("text", &TEXT_KEYS[..]),
        ("subscription", &subscription::SUBSCRIPTION_KEYS),
        ("change", &subscription::CHANGE_KEYS),
        ("booking", &subscription::BOOKING_KEYS),
        ("redemption", &subscription::REDEMPTION_KEYS),
        ("record", &consumption::RECORD_KEYS),
        ("event", &events::EVENT_KEYS),
        ("time_entry", &consumption::ENTRY_KEYS),
        ("order", &consumption::ORDER_KEYS),
        ("ticket", &TICKET_KEYS),
        ("opening", &OPENING_KEYS),
        ("buyer", &BUYER_KEYS),
    ] {
        expected.insert(format!("/$defs/{table}"), keys.to_vec());
    }
    let schema = allowed(crate::schema_usage());
    assert_same(&schema.keys, expected);
    let answers = events::ANSWERS.iter().map(|answer| answer.0).collect();
    assert_same(&schema.words, BTreeMap::from([("/$defs/event/properties/defines/items".to_owned(), answers)]));
}

//! What several tests need.

use std::collections::BTreeMap;

use crate::document::{Node, Value};
use crate::json;

/// What a schema allows: the keys of every table and the words of every list of words, by their places.
#[derive(Debug, Default)]
pub(crate) struct Allowed {
    /// Keys, by the place of their table.
    pub(crate) keys: BTreeMap<String, Vec<String>>,
    /// Words, by the place of their list.
    pub(crate) words: BTreeMap<String, Vec<String>>,
}

/// Reads a schema and checks that every key has a description and no table takes unknown keys.
pub(crate) fn allowed(schema: &str) -> Allowed {
    let root = json::parse(schema).expect("a schema");
    let mut allowed = Allowed::default();
    walk(&root, "", &mut allowed);
    allowed
}

fn walk(node: &Node, place: &str, allowed: &mut Allowed) {
    match &node.value {
        Value::Table(entries) => {
            if let Some(Value::Table(properties)) = node.child("properties").map(|child| &child.value) {
                for property in properties {
                    let described = property.node.child("description").is_some();
                    assert!(described, "{place}: {} has no description", property.key);
                }
                let closed = node.child("additionalProperties").map(|child| &child.value);
                assert_eq!(closed, Some(&Value::Flag(false)), "{place}");
                allowed.keys.insert(place.to_owned(), properties.iter().map(|entry| entry.key.clone()).collect());
            }
            if let Some(Value::Array(items)) = node.child("enum").map(|child| &child.value) {
                let words =
                    items.iter().filter_map(|item| if let Value::Text(word) = &item.value { Some(word) } else { None });
                allowed.words.insert(place.to_owned(), words.cloned().collect());
            }
            for entry in entries {
                walk(&entry.node, &format!("{place}/{}", entry.key), allowed);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{place}/{index}"), allowed);
            }
        }
        _ => {}
    }
}

/// Compares two sets of lists, and says at which place they differ.
pub(crate) fn assert_same(found: &BTreeMap<String, Vec<String>>, expected: BTreeMap<String, Vec<&str>>) {
    let sorted = |words: &[String]| {
        let mut words = words.to_vec();
        words.sort();
        words
    };
    for (place, words) in &expected {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(found.get(place).map(|found| sorted(found)), Some(sorted(&words)), "{place}");
    }
    let unknown: Vec<&String> = found.keys().filter(|place| !expected.contains_key(*place)).collect();
    assert!(unknown.is_empty(), "the reader does not know {unknown:?}");
}

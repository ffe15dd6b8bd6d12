//! Mistakes of the catalogue as a whole: where they are, and which are only consequences of mistakes in the file.
//!
//! The check of the whole sees stand-ins where the file could not be read. What it says about those, or about
//! something that an unread part may have named, would mislead; it is left for the next reading. When in doubt a
//! mistake is left out: it comes back once the others are corrected.

use std::collections::BTreeSet;

use domain::catalog::check;
use domain::catalog::check::nearest::nearest;
use domain::catalog::names::PlanId;

use crate::document::{Node, Value};
use crate::place::Found;

/// Keys that name or define what others refer to. While one is unread, nobody knows what is used nowhere.
const REFERENCES: [&str; 15] = [
    "model",
    "meter",
    "channel",
    "tiers",
    "pools",
    "add_on",
    "waive_below",
    "charges",
    "includes",
    "meters",
    "requires",
    "sizes",
    "kind",
    "month",
    "windows",
];
/// Keys at the top of the file that nothing refers to.
const ALONE: [&str; 7] = ["format", "id", "version", "currency", "title", "valid_from", "holidays"];

/// A mistake of the whole with the place of the longest part of its path that is in the file.
pub(super) fn located(root: &Node, mistake: check::Mistake) -> Found {
    let (mut node, mut offset, mut path) = (Some(root), root.span.start, Vec::new());
    for step in mistake.path.iter().flat_map(|step| steps(step)) {
        let is_list = node.is_some_and(|node| matches!(node.value, Value::Array(_)));
        let is_index = !step.starts_with('[') && is_list;
        node = node.and_then(|node| node.child(&step));
        if let Some(found) = node {
            offset = found.span.start;
        }
        path.push(if is_index { format!("[{step}]") } else { step });
    }
    Found { offset, path, text: mistake.text, unread: Vec::new() }
}

/// `tiers[2]` is two steps, `tiers` and `[2]`.
fn steps(step: &str) -> Vec<String> {
    match step.split_once('[') {
        Some((key, index)) if !key.is_empty() => vec![key.to_owned(), format!("[{index}")],
        _ => vec![step.to_owned()],
    }
}

/// The mistakes of the whole that do not follow from those of the file.
pub(super) fn genuine(root: &Node, found: &[Found], more: impl Iterator<Item = Found>) -> Vec<Found> {
    let all: Vec<&[String]> = found
        .iter()
        .flat_map(|one| if one.unread.is_empty() { std::slice::from_ref(&one.path) } else { &one.unread })
        .map(Vec::as_slice)
        .collect();
    let is_alone = |path: &[String]| path.first().is_some_and(|first| ALONE.contains(&first.as_str()));
    let unread: Vec<&[String]> = all.iter().copied().filter(|path| !is_alone(path)).collect();
    // A whole section or an unknown one: anything may have been in it.
    if unread.iter().any(|path| path.len() <= 1) {
        return Vec::new();
    }
    let mut names = BTreeSet::new();
    for path in found.iter().map(|one| one.path.as_slice()).chain(unread.iter().copied()) {
        names.extend(path.get(1).filter(|_| is_reference(path)).map(String::as_str));
        if let Some(node) = path.iter().try_fold(root, |node, step| node.child(step)) {
            collect(node, &mut names);
        }
    }
    // Others may use the name that a mistaken one stands for.
    let entities = unread.iter().filter(|path| path.len() == 2).filter_map(|path| path.get(1));
    let mistaken: Vec<&str> = entities.map(String::as_str).filter(|name| PlanId::parse(name).is_err()).collect();
    let open = unread.iter().any(|path| is_reference(path));
    more.filter(|mistake| {
        let path = mistake.path.as_slice();
        let touched = all.iter().any(|unread| is_related(path, unread));
        let mentioned = words(mistake).any(|word| {
            names.contains(word) || mistaken.iter().any(|name| nearest(word, std::iter::once(*name)).is_some())
        });
        let unsure = open && is_about_use(path);
        !touched && !mentioned && !unsure
    })
    .collect()
}

/// One lies within the other; a part of an entity says nothing about the entity as a whole.
fn is_related(path: &[String], unread: &[String]) -> bool {
    path.starts_with(unread) || (path.len() != 2 && unread.starts_with(path))
}

fn is_reference(unread: &[String]) -> bool {
    unread.len() <= 2 || unread.iter().skip(2).any(|step| REFERENCES.contains(&step.as_str()))
}

/// Whether a mistake can say that something is used nowhere, or not where it should be.
fn is_about_use(path: &[String]) -> bool {
    let among = |words: &[&str]| path.get(2).is_some_and(|step| words.contains(&step.as_str()));
    match path.first().map(String::as_str) {
        _ if path.len() <= 2 => true,
        Some("plans") => among(&["meters", "pools", "minimum_spend"]),
        Some("charges") => among(&["pools"]),
        _ => false,
    }
}

/// Every name that a part of the file may hold.
fn collect<'a>(node: &'a Node, names: &mut BTreeSet<&'a str>) {
    match &node.value {
        Value::Text(text) => {
            names.insert(text);
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
        Value::Table(entries) => {
            for entry in entries {
                names.insert(&entry.key);
                collect(&entry.node, names);
            }
        }
        _ => {}
    }
}

/// The words of a mistake that can be names: every second step of its path, and those of its text up to the advice.
fn words(mistake: &Found) -> impl Iterator<Item = &str> {
    let inside = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    let text = mistake.text.split(';').next().unwrap_or_default();
    let text = text.split(move |character: char| !inside(character));
    mistake.path.iter().skip(1).step_by(2).map(String::as_str).chain(text).filter(|word| !word.is_empty())
}

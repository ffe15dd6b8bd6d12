//! Mistaken files with every mistake they are told.

mod charges;
mod head;
mod plans;

use super::{edited, mistakes};

/// A name, a piece of the sound file, what stands there instead, and the mistakes.
type Row = (&'static str, &'static str, &'static str, &'static [&'static str]);

fn check(rows: &[Row]) {
    for (name, from, to, expected) in rows {
        assert_eq!(mistakes(&edited(name, from, to)), *expected, "{name}");
    }
}

#[test]
fn long_pieces_of_a_file_are_not_repeated() {
    let long = "9".repeat(100_000);
    for (name, from, to) in [
        ("a number", "rank = 7", format!("rank = {long}")),
        ("a text", "\"49.00\"", format!("\"{long},00\"")),
        ("a key", "rank = 7", format!("{long} = 7")),
        ("a key twice", "rank = 7", format!("{long} = 7\n{long} = 7")),
        ("a word", "\"once\"", format!("\"{long}\"")),
        ("a name", "[promotions.five-off]", format!("[promotions.{long}]")),
    ] {
        let mistakes = mistakes(&edited(name, from, &to));
        assert!(!mistakes.is_empty(), "{name}");
        assert!(mistakes.iter().all(|mistake| mistake.len() < 600), "{name}: {}", mistakes[0].len());
    }
}

#[test]
fn a_file_can_be_too_large_and_have_too_many_mistakes() {
    let large = " ".repeat(crate::SIZE_LIMIT + 1);
    assert_eq!(mistakes(&large), ["1:1: the file has 1048577 bytes; at most 1048576 are read"]);
    let keys: String = (0..50_000).map(|number| format!("k{number} = 1\n")).collect();
    let mistakes = mistakes(&keys);
    assert_eq!(mistakes.len(), 201);
    assert_eq!(
        mistakes[200].split_once(": ").expect("a place").1,
        "there are more mistakes; correct those above first"
    );
}

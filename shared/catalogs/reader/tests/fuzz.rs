//! Whatever a file holds: the readers answer, and every mistake has a place in the file.
#![expect(clippy::expect_used, reason = "a test says what went wrong by failing")]

use catalogs::price::price;
use catalogs::{Mistake, read_catalogue, read_usage};
use domain::calendar::Month;
use domain::catalog::names::PlanId;
use domain::catalog::{Catalogue, Catalogues};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};

const TOML: &str = include_str!("files/sound.toml");
const JSON: &str = include_str!("files/sound.json");

/// Pieces that have broken readers before, and some that may.
const PIECES: [&str; 36] = [
    "[",
    "]",
    "{",
    "}",
    "[[",
    "]]",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "\\",
    "\\u",
    "\\ud800",
    ",",
    ".",
    "=",
    ":",
    "#",
    "//",
    "/*",
    "\n",
    "\r",
    "\u{0}",
    "\u{feff}",
    "ä",
    "😀",
    "\u{202e}",
    "null",
    "true",
    "1e999",
    "-0",
    "99999999999999999999999999999999",
    "0.00000000000000000000000000000000001",
    "9999-12-31T23:59:59Z",
    "[a.b]",
    "0001-01-01",
];

/// A change of a file, in shares of its length so that it fits any.
#[derive(Clone, Debug)]
enum Change {
    Flip { at: u16, bit: u8 },
    Insert { at: u16, piece: &'static str, times: u8 },
    Cut { at: u16, length: u8 },
    RemoveLine { line: u16 },
    DoubleLine { line: u16 },
    SwapLines { one: u16, other: u16 },
    Nest { at: u16, piece: &'static str, times: u16 },
    End { at: u16 },
}

fn change() -> impl Strategy<Value = Change> {
    let piece = || proptest::sample::select(&PIECES[..]);
    prop_oneof![
        (any::<u16>(), 0..8_u8).prop_map(|(at, bit)| Change::Flip { at, bit }),
        (any::<u16>(), piece(), 1..4_u8).prop_map(|(at, piece, times)| Change::Insert { at, piece, times }),
        (any::<u16>(), any::<u8>()).prop_map(|(at, length)| Change::Cut { at, length }),
        any::<u16>().prop_map(|line| Change::RemoveLine { line }),
        any::<u16>().prop_map(|line| Change::DoubleLine { line }),
        (any::<u16>(), any::<u16>()).prop_map(|(one, other)| Change::SwapLines { one, other }),
        (
            any::<u16>(),
            proptest::sample::select(&["[", "{", "{a=", "a.", "[a.", "{\"a\":", "[[a]]\n"][..]),
            1..2000_u16
        )
            .prop_map(|(at, piece, times)| Change::Nest { at, piece, times }),
        any::<u16>().prop_map(|at| Change::End { at }),
    ]
}

fn place(length: usize, share: u16) -> usize {
    length * usize::from(share) / (usize::from(u16::MAX) + 1)
}

fn changed(text: &str, changes: &[Change]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for change in changes {
        let length = bytes.len();
        let insert = |bytes: &mut Vec<u8>, at: usize, piece: String| drop(bytes.splice(at..at, piece.into_bytes()));
        match change {
            Change::Flip { at, bit } => {
                if let Some(byte) = bytes.get_mut(place(length, *at)) {
                    *byte ^= 1 << bit;
                }
            }
            Change::Insert { at, piece, times } => {
                insert(&mut bytes, place(length, *at), piece.repeat(usize::from(*times)));
            }
            Change::Nest { at, piece, times } => {
                insert(&mut bytes, place(length, *at), piece.repeat(usize::from(*times)));
            }
            Change::Cut { at, length: cut } => {
                let at = place(length, *at);
                bytes.drain(at..(at + usize::from(*cut)).min(length));
            }
            Change::End { at } => bytes.truncate(place(length, *at)),
            Change::RemoveLine { .. } | Change::DoubleLine { .. } | Change::SwapLines { .. } => {
                bytes = with_lines(&bytes, change);
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn with_lines(bytes: &[u8], change: &Change) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let count = lines.len();
    match change {
        Change::RemoveLine { line } => drop(lines.remove(place(count, *line))),
        Change::DoubleLine { line } => lines.insert(place(count, *line), lines[place(count, *line)]),
        Change::SwapLines { one, other } => lines.swap(place(count, *one), place(count, *other)),
        _ => {}
    }
    lines.join(&b'\n')
}

fn check(text: &str, mistakes: &[Mistake]) {
    let lines: Vec<&str> = text.split('\n').collect();
    assert!(!mistakes.is_empty());
    for mistake in mistakes {
        assert!(!mistake.text.is_empty(), "{mistake:?}");
        assert!(!mistake.text.contains('\n') && !mistake.path.contains('\n'), "{mistake:?}");
        let line = lines.get(mistake.line.wrapping_sub(1)).expect("a line of the file");
        assert!((1..=line.chars().count() + 1).contains(&mistake.column), "no such column: {mistake:?}");
    }
    let places: Vec<(usize, usize)> = mistakes.iter().map(|mistake| (mistake.line, mistake.column)).collect();
    assert!(places.is_sorted(), "{mistakes:?}");
}

fn check_catalogue(text: &str) {
    if let Err(mistakes) = read_catalogue(text) {
        check(text, &mistakes);
    }
}

fn check_usage(text: &str, catalogue: &Catalogue) {
    let (plan, month) = (PlanId::parse("basic").expect("a name"), Month::parse("2026-11").expect("a month"));
    if let Err(mistakes) = read_usage(text, catalogue, &plan, month) {
        check(text, &mistakes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn changed_catalogues_are_answered(changes in proptest::collection::vec(change(), 1..6)) {
        check_catalogue(&changed(TOML, &changes));
    }

    #[test]
    fn changed_usage_is_answered(changes in proptest::collection::vec(change(), 1..6)) {
        let catalogue = read_catalogue(TOML).expect("a sound catalogue");
        let text = changed(JSON, &changes);
        check_usage(&text, &catalogue);
        // What can be read can be priced, or is held; nothing panics.
        let (plan, month) = (PlanId::parse("basic").expect("a name"), Month::parse("2026-11").expect("a month"));
        if let Ok(file) = read_usage(&text, &catalogue, &plan, month) {
            let all = Catalogues::one(catalogue.clone());
            let _ = price(&all, &catalogue, &plan, month, &file, month.end()).json();
        }
    }

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        check_catalogue(&text);
        check_usage(&text, &read_catalogue(TOML).expect("a sound catalogue"));
    }

    #[test]
    fn pieces_in_any_order_are_answered(
        pieces in proptest::collection::vec(prop_oneof![proptest::sample::select(&PIECES[..]), Just("a")], 0..40),
    ) {
        let text = pieces.concat();
        check_catalogue(&text);
        check_usage(&text, &read_catalogue(TOML).expect("a sound catalogue"));
    }
}

#[test]
fn large_files_are_answered_in_bounded_stack_and_time() {
    let catalogue = read_catalogue(TOML).expect("a sound catalogue");
    let most = catalogs::SIZE_LIMIT;
    for piece in
        ["[", "{", "a.", "[a]\n", "[[a]]\n", "a=1\n", "[1,", "{\"a\":", "x", "\"", "'''", "a={", "\n", "ä", "[],", "1,"]
    {
        let text = piece.repeat(most / piece.len());
        check_catalogue(&text);
        check_usage(&text, &catalogue);
        check_usage(&format!("[{text}"), &catalogue);
    }
    let keys: String = (0..50_000).map(|number| format!("[meters.m{number}]\nunit = \"x\"\n")).collect();
    check_catalogue(&keys[..most.min(keys.len())]);
    let records = format!("{{\"meters\":{{\"users\":[{}0]}}}}", "{\"dte\":1},".repeat(100_000));
    check_usage(&records, &catalogue);
}

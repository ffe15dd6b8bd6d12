//! Both files have the same keys, and their sentences the same values.

use std::collections::BTreeMap;

use super::*;

/// Every text with the names it is filled with, in order, by `section.key`.
fn names(file: &str) -> BTreeMap<String, Vec<String>> {
    let sections: toml::Table = toml::from_str(file).expect("a TOML file");
    let mut found = BTreeMap::new();
    for (section, texts) in &sections {
        for (key, text) in texts.as_table().expect(section) {
            let text = text.as_str().expect(key);
            assert!(!text.trim().is_empty(), "{section}.{key} is empty");
            let mut names: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|part| part.split_once('}'))
                .map(|(name, _)| name.to_owned())
                .collect();
            names.sort();
            found.insert(format!("{section}.{key}"), names);
        }
    }
    found
}

#[test]
fn both_languages_have_the_same_keys_and_values() {
    let (german, english) = (names(GERMAN), names(ENGLISH));
    assert_eq!(german, english);
    for language in [Language::De, Language::En] {
        assert_eq!(Texts::of(language).expect("texts").document.language, language.code());
    }
}

#[test]
fn a_cancellation_is_never_called_a_credit_note() {
    // § 14 (2) UStG keeps the word for invoices that buyers write.
    assert!(!GERMAN.to_lowercase().contains("gutschrift"));
    assert!(!ENGLISH.to_lowercase().contains("credit note"));
}

#[test]
fn values_are_put_in_once() {
    for (name, text, values, expected) in [
        ("in order", "{a} und {b}", vec![("a", "1"), ("b", "2")], "1 und 2"),
        ("twice", "{a}{a}", vec![("a", "1")], "11"),
        ("a value that looks like a name", "{a}{b}", vec![("a", "{b}"), ("b", "2")], "{b}2"),
        ("unknown", "{c}", vec![("a", "1")], "{c}"),
        ("not closed", "{a", vec![("a", "1")], "{a"),
        ("nothing", "", vec![], ""),
    ] {
        assert_eq!(fill(text, &values), expected, "{name}");
    }
}

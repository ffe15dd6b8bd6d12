//! The examples beside the price lists: each says in its first line what it comes to, and it does.
#![expect(clippy::panic, reason = "a test ends by a panic")]

use std::fs;
use std::path::PathBuf;

use catalogs::price::price;
use catalogs::{PRICE_LISTS, read_catalogue, read_usage, render};
use domain::calendar::Month;
use domain::catalog::charge::PriceSource;
use domain::catalog::names::PlanId;
use domain::catalog::{Catalogue, Catalogues};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn catalogue(name: &str, text: &str) -> Catalogue {
    read_catalogue(text).unwrap_or_else(|mistakes| panic!("{}", render(name, &mistakes)))
}

/// What a command line says behind an option.
fn option<'a>(line: &'a str, name: &str) -> &'a str {
    let mut words = line.split_whitespace().skip_while(|word| *word != name);
    words.nth(1).unwrap_or_else(|| panic!("{name} is missing in: {line}"))
}

#[test]
fn every_example_comes_to_what_it_says() {
    let mut checked = 0;
    for entry in fs::read_dir(folder().join("examples")).expect("the examples") {
        let path = entry.expect("an example").path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let name = path.display().to_string();
        let text = fs::read_to_string(&path).expect(&name);
        let command = text.lines().next().unwrap_or_default();
        let expected = command.split("net ").nth(1).unwrap_or_else(|| panic!("{name}: no net in the first line"));
        assert!(
            option(command, "--catalog").ends_with(&*path.file_name().expect("a name").to_string_lossy()),
            "{name}"
        );
        let usage = folder().join("../..").join(option(command, "--usage"));
        let usage = fs::read_to_string(usage).expect(&name);
        let catalogue = catalogue(&name, &text);
        let (plan, month) = (PlanId::parse(option(command, "--plan")), Month::parse(option(command, "--month")));
        let (plan, month) = (plan.expect(&name), month.expect(&name));
        let file = read_usage(&usage, &catalogue, &plan, month)
            .unwrap_or_else(|mistakes| panic!("{}", render(&name, &mistakes)));
        let now = month.end();
        let report = price(&Catalogues::one(catalogue.clone()), &catalogue, &plan, month, &file, now);
        assert_eq!(report.totals.net.plain(), expected.trim(), "{name}");
        assert!(report.rating.held.is_empty(), "{name}: {:?}", report.rating.held);
        checked += 1;
    }
    assert!(checked >= 17, "only {checked} examples were found");
}

#[test]
fn the_price_lists_are_sound_and_say_where_each_price_comes_from() {
    let mut sources = 0;
    for (name, text) in PRICE_LISTS {
        let catalogue = catalogue(name, text);
        assert_eq!(catalogue.parts().id, name);
        for charge in &catalogue.parts().charges {
            let known = match &charge.source {
                PriceSource::Sample => true,
                PriceSource::Rule(rule) => rule.starts_with(['A', 'C', 'O', 'P', 'S', 'Z']),
            };
            assert!(known, "{name}: {} names neither a rule nor a sample", charge.id);
            sources += 1;
        }
    }
    assert!(sources > 40, "{sources}");
}

#[test]
fn complete_catalogues_in_the_documentation_are_sound() {
    let text = fs::read_to_string(folder().join("README.md")).expect("the documentation");
    let blocks = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let complete: Vec<&str> = blocks.filter(|block| block.contains("format = 1")).collect();
    assert!(!complete.is_empty());
    for block in complete {
        catalogue("README.md", block);
    }
}

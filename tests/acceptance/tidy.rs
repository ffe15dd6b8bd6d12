//! Rules of this repository that no compiler checks.

use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn files(ending: &str) -> Vec<(String, String)> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .unwrap();
    let names = String::from_utf8(listed.stdout).unwrap();
    let found: Vec<_> = names
        .lines()
        .filter(|name| name.ends_with(ending))
        .filter_map(|name| Some((name.to_owned(), std::fs::read_to_string(root().join(name)).ok()?)))
        .collect();
    assert!(!found.is_empty(), "no file ends with {ending}");
    found
}

/// The template for AWS alone may be longer: it is a list, read from place to place.
#[test]
fn no_source_file_is_longer_than_400_lines() {
    for ending in [".rs", ".mjs", ".typ", ".css"] {
        for (name, text) in files(ending) {
            assert!(text.lines().count() <= 400, "{name} has {} lines", text.lines().count());
        }
    }
    assert!(!files("README.md").iter().any(|(_, text)| text.contains("BUILD_TIME")));
}

#[test]
fn the_domain_knows_no_floats_no_io_and_no_aws() {
    for (name, text) in files(".rs").into_iter().filter(|(name, _)| name.starts_with("shared/domain/src")) {
        for word in ["f32", "f64", "async ", "aws_", "serde", "std::fs", "std::net", "std::env", "tokio"] {
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            assert!(code.into_iter().all(|line| !line.contains(word)), "{name} has {word}");
        }
    }
}

#[test]
fn shipped_paths_neither_unwrap_nor_panic() {
    for (name, text) in files(".rs") {
        let shipped = ["shared/", "functions/", "infra/"].iter().any(|folder| name.starts_with(folder));
        if !shipped || name.contains("/tests") || name.contains("/benches/") || name.ends_with("_test.rs") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            for word in [".unwrap()", ".expect(", "panic!(", "unreachable!(", "todo!(", "unimplemented!("] {
                assert!(!line.contains(word), "{name}:{}: {line}", number + 1);
            }
        }
    }
}

#[test]
fn dependencies_point_one_way() {
    for (name, text) in files("Cargo.toml") {
        let depends = |other: &str| text.lines().any(|line| line.starts_with(&format!("{other}.workspace")));
        let functions =
            ["registration", "console", "stripe-webhook", "usage-counter", "invoice-run", "timers", "deliver"];
        if name.starts_with("shared/") || name.starts_with("functions/") {
            assert!(!functions.iter().any(|function| depends(function)) && !depends("local"), "{name}");
        }
        if name == "shared/domain/Cargo.toml" {
            assert!(!depends("platform"), "{name}");
        }
    }
}

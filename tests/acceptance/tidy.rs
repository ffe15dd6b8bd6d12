//! Rules of this repository that no compiler checks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
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

/// Variables of each function: those its `config.rs` reads against those the template sets.
#[test]
fn template_and_configuration_name_the_same_variables() {
    let template = std::fs::read_to_string(root().join("infra/template.yaml")).unwrap();
    let globals = section(&template, "Globals:");
    for function in ["registration", "console", "stripe-webhook", "usage-counter", "invoice-run", "timers", "deliver"] {
        let config = std::fs::read_to_string(root().join(format!("functions/{function}/src/config.rs"))).unwrap();
        let mut read: BTreeSet<String> =
            config.split('"').skip(1).step_by(2).filter(|text| is_variable(text)).map(str::to_owned).collect();
        // Where the Stripe API is: Stripe's own address unless somebody tests against another.
        read.remove("STRIPE_ORIGIN");
        let pascal: String = function.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
        let resource = section(&template, &format!("  {pascal}Function:"));
        let set = variables(&resource).union(&variables(&globals)).cloned().collect::<BTreeSet<_>>();
        let set: BTreeSet<_> = set.into_iter().filter(|name| name != "RUST_LOG").collect();
        assert_eq!(read, set, "{function}");
    }
}

fn is_variable(text: &str) -> bool {
    text.len() > 5 && text.contains('_') && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// The lines below a heading that are indented further than it.
fn section(text: &str, heading: &str) -> String {
    let indent = heading.len() - heading.trim_start().len();
    let mut lines = text.lines().skip_while(|line| *line != heading);
    assert!(lines.next().is_some(), "the template has no {heading}");
    lines
        .take_while(|line| line.trim().is_empty() || line.len() - line.trim_start().len() > indent)
        .collect::<Vec<_>>()
        .join("\n")
}

fn variables(section: &str) -> BTreeSet<String> {
    section
        .lines()
        .filter_map(|line| Some(line.trim().split_once(':')?.0.to_owned()))
        .filter(|name| is_variable(name))
        .collect()
}

/// The table of the template is the one the code makes elsewhere.
#[test]
fn template_and_schema_describe_the_same_table() {
    let template = std::fs::read_to_string(root().join("infra/template.yaml")).unwrap();
    use platform::table::{DIRTY, UNSENT, schema::TTL_ATTRIBUTE};
    for text in [DIRTY.partition, DIRTY.sort, UNSENT.partition, UNSENT.sort, "pk", "sk"] {
        assert!(template.contains(&format!("AttributeName: {text}")), "{text}");
    }
    for text in [
        format!("IndexName: {}", DIRTY.name),
        format!("IndexName: {}", UNSENT.name),
        format!("AttributeName: {TTL_ATTRIBUTE}"),
        "StreamViewType: NEW_IMAGE".to_owned(),
    ] {
        assert!(template.contains(&text), "{text}");
    }
    for schedule in ["cron(15 0 * * ? *)", "cron(0 3 1 * ? *)", "rate(1 minute)", "Europe/Berlin"] {
        assert!(template.contains(schedule), "{schedule}");
    }
}

/// Every public path of the handlers has a route in the template, and the other way round.
#[test]
fn template_routes_what_the_handlers_answer() {
    let template = std::fs::read_to_string(root().join("infra/template.yaml")).unwrap();
    let routes: BTreeSet<&str> = template.lines().filter_map(|line| line.trim().strip_prefix("RouteKey: ")).collect();
    let expected = [
        "GET /e/{event}",
        "POST /e/{event}",
        "POST /api/v1/events/{event}/registrations",
        "GET /r/{token}",
        "POST /r/{token}",
        "GET /pay/{token}",
        "POST /pay/{token}",
        "GET /healthz",
        "GET /legal",
        "GET /prices",
        "POST /api/v1/prices",
        "ANY /console",
        "ANY /console/{proxy+}",
        "POST /webhooks/stripe",
    ];
    let routes: BTreeSet<String> = routes.into_iter().map(|route| route.trim_matches('"').to_owned()).collect();
    assert_eq!(routes, expected.into_iter().map(str::to_owned).collect());
}

//! The command line as scripts meet it: the real program, its exit codes, and what goes where.
#![expect(clippy::expect_used, reason = "a test ends by a panic")]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn run(arguments: &[&str], input: &str) -> Output {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut child = Command::new(env!("CARGO_BIN_EXE_local"))
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let _ = child.stdin.take().expect("standard input").write_all(input.as_bytes());
    child.wait_with_output().expect("the program ends")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

const ATTENDEES: &str = "shared/catalogs/attendees.toml";

#[test]
fn the_price_lists_are_sound() {
    let files = ["attendees", "webinars", "helpdesk", "modules", "support-levels"];
    let files: Vec<String> = files.iter().map(|name| format!("shared/catalogs/{name}.toml")).collect();
    let arguments: Vec<&str> = ["catalog", "check"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let done = run(&arguments, "");
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert_eq!(text(&done.stdout).lines().count(), 5);
}

#[test]
fn every_mistake_of_a_file_is_told_with_its_place() {
    let wrong = "format = 1\nid = \"x\"\nversion = \"1\"\ncurrency = \"EUR\"\ntitle = { de = \"X\" }\n\
                 [charges.fee]\ntext = { de = \"F\", en = \"F\" }\nsample = true\nmodel = \"flat\"\nprice = -1\n\
                 [plans.p]\ntitle = { de = \"P\", en = \"P\" }\ncharges = [\"fe\"]\nmeters = {}\n";
    let done = run(&["catalog", "check", "-"], wrong);
    assert_eq!((done.status.code(), text(&done.stdout)), (Some(2), ""));
    let told = text(&done.stderr);
    for expected in ["-:5:9: title.en:", "-:10:9: charges.fee.price:", "-:13:12: plans.p.charges[0]:", "mistakes"] {
        assert!(told.contains(expected), "{expected} is missing in:\n{told}");
    }
    let missing = run(&["catalog", "check", "no-such-file.toml", ATTENDEES], "");
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("no-such-file.toml: cannot be read"), "{}", text(&missing.stderr));
}

#[test]
fn a_month_is_priced_as_json_and_for_people() {
    let usage =
        r#"{"events": [{"id": "evt_fest", "title": "Fest", "ended": "2026-10-14", "accepted": 37, "declined": 6}]}"#;
    let price = ["price", "--catalog", ATTENDEES, "--plan", "pay-per-attendee", "--usage", "-", "--month", "2026-10"];
    let arguments: Vec<&str> = price.into_iter().chain(["--json"]).collect();
    let done = run(&arguments, usage);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let report: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!(
        (&report["net"], &report["vat"][0]["vat"], &report["gross"]),
        (&Value::from("111.00"), &Value::from("21.09"), &Value::from("132.09"))
    );
    assert_eq!(report["lines"][0]["net"], "111.00");
    assert_eq!(report["held"], Value::Array(Vec::new()));
    assert_eq!(run(&arguments, usage).stdout, done.stdout, "the same input gives the same bytes");

    let arguments: Vec<&str> = price.into_iter().chain(["--explain", "--language", "de"]).collect();
    let done = run(&arguments, usage);
    let told = text(&done.stdout);
    assert!(told.contains("37 Teilnehmer × 3,00\u{a0}€ = 111,00\u{a0}€") && told.contains("132,09"), "{told}");
}

#[test]
fn wrong_arguments_are_told_all_at_once() {
    let done = run(&["price", "--month", "2026-13", "--language", "fr"], "");
    assert_eq!((done.status.code(), text(&done.stdout)), (Some(2), ""));
    for expected in ["--month", "--language", "--catalog", "--plan"] {
        assert!(text(&done.stderr).contains(expected), "{expected}");
    }
    let done = run(&["price", "--catalog", ATTENDEES, "--plan", "licens", "--usage", "-"], "{\"meter\": 1");
    assert_eq!(done.status.code(), Some(2));
    assert!(text(&done.stderr).contains("licence"), "{}", text(&done.stderr));
    for wrong in [&["catalog"][..], &["catalog", "check"], &["price", "--json", "extra"]] {
        assert_eq!(run(wrong, "").status.code(), Some(2), "{wrong:?}");
    }
    assert_eq!(run(&["catalog", "schema"], "").status.code(), Some(0));
}

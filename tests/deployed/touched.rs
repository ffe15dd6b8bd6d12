//! What a start touches. Whatever the bare runtime does not touch costs every cold start and needs a reason.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use platform::config::Variables;
use tempfile::TempDir;

use crate::lambda::Start;
use crate::settings;
use crate::system::System;
use crate::template::{self, Function};
use crate::trace::Trace;

/// Files that a function may look for though the bare runtime does not: the parts of the C library, of which not every
/// linker names the same ones.
const FILES: [&str; 5] = ["/libc.so.6", "/libm.so.6", "/libgcc_s.so.1", "/libpthread.so.0", "/libdl.so.2"];
/// Most calls of the kernel more than those of the bare runtime.
const CALLS: usize = 200;

/// What of a trace is not allowed.
fn complaints(function: &Function, start: &Start, trace: &Trace, bare: &Trace, system: &System) -> Vec<String> {
    let variable = |name: &str| start.variables[name].trim_start_matches("http://").to_owned();
    let known: &Variables = &system.world.environment.variables;
    let world = known.optional("PUBLIC_ORIGIN").unwrap().trim_start_matches("http://").to_owned();
    let secrets = function.variables.keys().filter(|name| name.ends_with("_SECRET_ID")).count();
    let mut wrong = Vec::new();
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let is_allowed = |file: &String| FILES.iter().any(|library| file.ends_with(library));
    for file in trace.files.difference(&bare.files).filter(|file| !is_allowed(file)) {
        let (folder, name) = file.rsplit_once('/').unwrap_or((".", file));
        folders.entry(folder).or_default().push(name);
    }
    for (folder, names) in folders {
        wrong.push(format!(
            "looks in {folder} for {} files: {}, …",
            names.len(),
            names[..names.len().min(3)].join(", ")
        ));
    }
    for file in &trace.written {
        wrong.push(format!("opens {file} for writing"));
    }
    // The Runtime API is the one port that no variable of the template names.
    let mut addresses: BTreeSet<String> = trace.connections.keys().cloned().collect();
    addresses.remove(&variable("AWS_ENDPOINT_URL_DYNAMODB"));
    if secrets > 0 {
        addresses.remove(&world);
    }
    let others: Vec<&String> = addresses.iter().filter(|address| !address.starts_with("127.0.0.1:")).collect();
    let foreign = [&world, &variable("AWS_ENDPOINT_URL_S3")].map(|address| addresses.contains(address));
    if !others.is_empty() || foreign.contains(&true) || addresses.len() > 1 {
        wrong.push(format!("connects to {addresses:?}"));
    }
    for (address, times) in trace.connections.iter().filter(|(_, times)| **times > 1) {
        wrong.push(format!("connects to {address} {times} times"));
    }
    let asked = |path: &str| trace.requests.iter().filter(|request| *request == path).count();
    let (read, table, next) = (asked("POST /_local/aws/secrets/"), asked("POST /"), 1);
    if read > secrets {
        wrong.push(format!("reads {read} secrets, though it has {secrets}"));
    }
    if table > 1 || read + table + next != trace.requests.len() {
        wrong.push(format!("asks for {:?}", trace.requests));
    }
    if trace.calls > bare.calls + CALLS {
        wrong.push(format!("calls the kernel {} times, the bare runtime {} times", trace.calls, bare.calls));
    }
    wrong
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn a_start_touches_nothing_it_does_not_need() {
    if Command::new("strace").arg("--version").output().is_err() {
        assert!(!settings::is_strict(), "strace is not here");
        println!("LEFT OUT: strace is not here, so nobody looks at what a start touches.");
        return;
    }
    let system = System::start().await;
    let folder = TempDir::new().unwrap();
    println!("{:<16}{:>8}{:>7}{:>13}  requests", "start", "calls", "files", "connections");
    let bare = trace("bare", Start::binary(settings::bare(), "bare", 512), folder.path()).await;
    let mut wrong = Vec::new();
    for function in template::functions() {
        let trace = trace(&function.name, Start::of(&function, &system), folder.path()).await;
        let complaints = complaints(&function, &Start::of(&function, &system), &trace, &bare, &system);
        wrong.extend(complaints.into_iter().map(|complaint| format!("{} {complaint}", function.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Starts a binary under the tracer, and tells what it touched.
async fn trace(name: &str, mut start: Start, folder: &Path) -> Trace {
    let file = folder.join(name);
    start.trace = Some(file.clone());
    // Its end writes out what the tracer has kept.
    drop(start.go().await);
    let trace = Trace::read(&file);
    let (calls, files, connections) = (trace.calls, trace.files.len(), trace.connections.len());
    println!("{name:<16}{calls:>8}{files:>7}{connections:>13}  {}", trace.requests.join(", "));
    trace
}

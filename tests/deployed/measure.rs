//! What a function weighs and what its start costs, beside the bare runtime in the same run. Milliseconds are told and
//! never judged.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde_json::Value;

use crate::events;
use crate::lambda::Start;
use crate::process::Usage;
use crate::settings::{self, SizeLimits};
use crate::system::System;
use crate::template;

/// Starts of each binary; the median is told.
const STARTS: usize = 5;
/// Largest bootstrap that is released, in bytes; the typesetter brings its fonts.
const LARGEST: usize = 9_000_000;
const LARGEST_TYPESETTER: usize = 60_000_000;
/// Largest zip that Lambda takes directly.
const LARGEST_ZIP: usize = 50 * 1024 * 1024;

/// What one start and two events took.
#[derive(Clone, Copy, Debug, Default)]
struct Sample {
    init: Duration,
    first: (Duration, Duration),
    second: (Duration, Duration),
    peak: u64,
}

/// The medians of a binary.
#[derive(Debug)]
struct Row {
    name: String,
    size: usize,
    zipped: usize,
    sample: Sample,
}

async fn sample(start: &Start, events: [&Value; 2]) -> Sample {
    let mut function = start.go().await;
    let mut took = [(Duration::ZERO, Duration::ZERO); 2];
    for (took, event) in took.iter_mut().zip(events) {
        let outcome = function.send(&event.to_string()).await;
        assert!(outcome.answer.is_ok(), "{:?}", outcome.answer);
        *took = (outcome.cpu, outcome.wall);
    }
    let peak = Usage::of(function.process.id()).peak;
    Sample { init: function.start.cpu, first: took[0], second: took[1], peak }
}

fn median(samples: &[Sample]) -> Sample {
    fn middle<T: Ord + Copy>(samples: &[Sample], value: impl Fn(&Sample) -> T) -> T {
        let mut values: Vec<T> = samples.iter().map(value).collect();
        values.sort_unstable();
        values[values.len() / 2]
    }
    Sample {
        init: middle(samples, |one| one.init),
        first: (middle(samples, |one| one.first.0), middle(samples, |one| one.first.1)),
        second: (middle(samples, |one| one.second.0), middle(samples, |one| one.second.1)),
        peak: middle(samples, |one| one.peak),
    }
}

/// Bytes of a file, and of the file in a zip.
fn weigh(file: &Path) -> (usize, usize) {
    let bytes = std::fs::read(file).unwrap();
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&bytes).unwrap();
    // Its entry and the directory of one file.
    (bytes.len(), encoder.finish().unwrap().len() + 142)
}

/// The events that a function is measured with; each has something to do.
async fn events_of(name: &str, round: usize, system: &System) -> [Value; 2] {
    match name {
        "registration" => [0, 1].map(|_| events::page("GET /e/{event}", "/e/fest")),
        "console" => [0, 1].map(|_| events::page("ANY /console/{proxy+}", "/console/sign-in")),
        "stripe-webhook" => [0, 1].map(|_| events::webhook("t=1,v1=00", "{}")),
        "deliver" => {
            let event = system.event("fest").await;
            let mut records = Vec::new();
            for index in 0..2 {
                let address = format!("guest{round}-{index}@example.org");
                system.registered("fest", &address, 1).await;
                let key = event.registration_key(&event.contact_hash(&address));
                records.push(events::stream(&[key]).0);
            }
            [records.remove(0), records.remove(0)]
        }
        _ => [0, 1].map(|_| events::schedule()),
    }
}

fn print(rows: &[Row]) {
    let millis = |time: Duration| format!("{:.1}", time.as_secs_f64() * 1000.0);
    let mega = |bytes: usize| format!("{}.{:02}", bytes / 1_000_000, bytes % 1_000_000 / 10_000);
    let bare = rows[0].sample.init;
    println!("Sizes in MB of 1,000,000 bytes, times in ms, memory in MiB; medians of {STARTS} starts.");
    let heads = ["size", "zipped", "init CPU", "over bare", "1st CPU", "1st wall", "2nd CPU", "2nd wall", "memory"];
    let head: String = heads.iter().map(|head| format!("{head:>11}")).collect();
    println!("{:<16}{head}", "function");
    for Row { name, size, zipped, sample } in rows {
        let over = (sample.init.as_secs_f64() - bare.as_secs_f64()) * 1000.0;
        let cells = [
            mega(*size),
            mega(*zipped),
            millis(sample.init),
            format!("{over:+.1}"),
            millis(sample.first.0),
            millis(sample.first.1),
            millis(sample.second.0),
            millis(sample.second.1),
            format!("{}.{}", sample.peak / 1024, sample.peak % 1024 * 10 / 1024),
        ];
        let cells: String = cells.iter().map(|cell| format!("{cell:>11}")).collect();
        println!("{name:<16}{cells}");
    }
}

fn too_large(row: &Row, limits: SizeLimits) -> Option<String> {
    let Row { name, size, zipped, .. } = row;
    let largest = if name == "deliver" { LARGEST_TYPESETTER } else { LARGEST };
    if limits == SizeLimits::Final && *size > largest {
        return Some(format!("{name} has {size} bytes, more than {largest}"));
    }
    (*zipped >= LARGEST_ZIP).then(|| format!("{name} has {zipped} bytes zipped, which Lambda does not take directly"))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the built functions; tests/run builds them"]
async fn what_a_function_weighs_and_what_its_start_costs() {
    let limits = settings::size_limits();
    let system = System::start().await;
    system.fest().await;
    let mut starts = vec![("bare".to_owned(), Start::binary(settings::bare(), "bare", 512))];
    for function in template::functions() {
        let start = Start::of(&function, &system);
        starts.push((function.name, start));
    }
    let mut samples = vec![Vec::new(); starts.len()];
    for round in 0..STARTS {
        // In turns, so that a slow moment of the machine hits all alike.
        for ((name, start), samples) in starts.iter().zip(&mut samples) {
            let [first, second] = events_of(name, round, &system).await;
            samples.push(sample(start, [&first, &second]).await);
        }
    }
    let rows = starts.iter().zip(&samples).map(|((name, start), samples)| {
        let (size, zipped) = weigh(&start.bootstrap);
        Row { name: name.clone(), size, zipped, sample: median(samples) }
    });
    let rows: Vec<Row> = rows.collect();
    print(&rows);
    let wrong: Vec<String> = rows.iter().filter_map(|row| too_large(row, limits)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

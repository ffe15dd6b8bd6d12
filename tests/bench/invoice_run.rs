//! A run over thousands of accounts, in a process of its own on the embedded DynamoDB, killed with `kill -9` at random
//! points and started again (G4, I1): no invoice doubled, none lost, no number left out, every mail sent at least once
//! and a repeated one under the same Message-ID.
//!
//! `cargo bench --package acceptance --bench invoice-run -- [--accounts N] [--kills N] [--seed N]`. Mails and documents are
//! made for the first hundred accounts; nobody follows the stream for the others. Prints the time, and the rate against that
//! of bare transactions on the same machine.

// The types of nested SDK calls are deeper than the compiler's default.
#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, clippy::print_stdout, clippy::panic, reason = "a benchmark prints, and ends by a panic")]

#[path = "invoice_run/check.rs"]
mod check;
#[path = "invoice_run/seed.rs"]
mod seed;
#[path = "invoice_run/worker.rs"]
mod worker;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use domain::ids::AccountId;

/// The month that is billed.
pub(crate) const MONTH: &str = "2026-11";
/// When its run begins.
pub(crate) const BILLING: &str = "2026-12-01T03:00:00+01:00";
/// Accounts whose invoices are printed and mailed.
pub(crate) const MAILED: usize = 100;

/// What is asked for.
#[derive(Clone, Debug)]
struct Arguments {
    accounts: usize,
    kills: usize,
    seed: u64,
    worker: Option<PathBuf>,
}

fn arguments() -> Arguments {
    let random = u64::from_be_bytes(platform::entropy::bytes::<8>().unwrap());
    let mut found = Arguments { accounts: 10_000, kills: 50, seed: random, worker: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap_or_else(|| panic!("{word} needs a value"));
        match word.as_str() {
            "--accounts" => found.accounts = value().parse().unwrap(),
            "--kills" => found.kills = value().parse().unwrap(),
            "--seed" => found.seed = value().parse().unwrap(),
            "--worker" => found.worker = Some(value().into()),
            // Cargo says so to every benchmark.
            "--bench" => {}
            other => panic!("what is {other}?"),
        }
    }
    found
}

/// Numbers that look random and are the same for the same seed (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }
}

pub(crate) fn account(index: usize) -> AccountId {
    AccountId::parse(&format!("acc_{index:05}")).unwrap()
}

pub(crate) fn mail_address(index: usize) -> String {
    format!("konto{index}@example.org")
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().unwrap()
}

fn main() {
    let arguments = arguments();
    if let Some(folder) = &arguments.worker {
        return runtime().block_on(worker::run(folder));
    }
    println!("{} accounts, {} kills, --seed {}", arguments.accounts, arguments.kills, arguments.seed);
    let folder = tempfile::TempDir::new().unwrap();
    let started = Instant::now();
    runtime().block_on(seed::seed(folder.path(), arguments.accounts));
    println!("seeded in {:.1} s", started.elapsed().as_secs_f64());
    let raw = runtime().block_on(seed::raw_rate());
    println!("bare transactions of an invoice and a posting: {raw:.0}/s");

    let worked = work_through(&arguments, folder.path());
    let rate = arguments.accounts as f64 / worked.alive.as_secs_f64();
    println!(
        "run in {:.1} s, killed {} times; {:.1} s of it in {} starts",
        (worked.alive + worked.starting).as_secs_f64(),
        worked.kills,
        worked.starting.as_secs_f64(),
        worked.kills + 1
    );
    println!(
        "{rate:.0} invoices/s, from reading the account to the committed invoice: {:.0} % of the bare rate",
        rate / raw * 100.0
    );
    runtime().block_on(check::check(folder.path(), arguments.accounts, worked.kills));
}

/// What it took.
struct Worked {
    kills: usize,
    /// Time of workers after they had started.
    alive: Duration,
    starting: Duration,
}

/// Starts workers and kills them at random points of the progress, until the run is done.
fn work_through(arguments: &Arguments, folder: &Path) -> Worked {
    let mut random = Random(arguments.seed);
    // Two steps for each account: it is evaluated, then its invoice is issued.
    let steps = u64::try_from(arguments.accounts).unwrap() * 2;
    let mut points: Vec<u64> = (0..arguments.kills).map(|_| random.below(steps)).collect();
    points.sort_unstable();
    let mut worked = Worked { kills: 0, alive: Duration::ZERO, starting: Duration::ZERO };
    let mut seen = Vec::new();
    for point in points.into_iter().map(Some).chain([None]) {
        let started = Instant::now();
        let mut worker = start(folder);
        let lines = BufReader::new(worker.stdout.take().unwrap()).lines();
        let mut ready = None;
        let mut done = false;
        for line in lines {
            let line = line.unwrap();
            if ready.is_none() {
                worked.starting += started.elapsed();
                ready = Some(Instant::now());
            }
            if line == "done" {
                done = true;
                break;
            }
            let progress: u64 = line.strip_prefix("progress ").unwrap_or_else(|| panic!("{line}")).parse().unwrap();
            if seen.last() != Some(&progress) {
                seen.push(progress);
            }
            if point.is_some_and(|point| progress >= point) {
                // Somewhere between two notes of the progress, not always behind one.
                std::thread::sleep(Duration::from_micros(random.below(60_000)));
                break;
            }
        }
        worked.alive += ready.map_or(Duration::ZERO, |ready| ready.elapsed());
        if done {
            assert!(worker.wait().unwrap().success());
            break;
        }
        // SIGKILL: nothing is told, nothing is finished.
        worker.kill().unwrap();
        worker.wait().unwrap();
        worked.kills += 1;
    }
    assert_eq!(worked.kills, arguments.kills, "the run lasted to the last of the points");
    assert!(seen.windows(2).all(|pair| pair[0] < pair[1]), "progress only grows: {seen:?}");
    assert!(seen.len() > 20 || arguments.accounts < 1000, "progress was seen: {seen:?}");
    println!("progress was seen growing {} times", seen.len());
    worked
}

fn start(folder: &Path) -> Child {
    let program = std::env::current_exe().unwrap();
    Command::new(program).arg("--worker").arg(folder).stdout(Stdio::piped()).spawn().unwrap()
}

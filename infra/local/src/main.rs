//! `cargo run`: the whole system on one machine.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use domain::calendar::Instant;
use local::demo::Demo;
use local::runner::kept_time;
use local::world::{Options, World};
use local::{Failure, command, seed};
use platform::clock::Clock;
use tracing_subscriber::EnvFilter;

const USAGE: &str = "\
Starts Einlass on this machine.

  cargo run [-- OPTIONS]

  --port N       port on 127.0.0.1 (4600)
  --data FOLDER  where everything is kept (./.local)
  --fresh        delete what is kept and begin anew
  --date TIME    begin at this time, RFC 3339 such as 2026-11-02T09:00:00+01:00; needs an empty folder or --fresh
  --help         this text";

struct Arguments {
    port: u16,
    folder: PathBuf,
    fresh: bool,
    date: Option<Instant>,
}

fn main() -> Result<ExitCode, Failure> {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    if let Some(code) = command::run(&words, platform::clock::machine_time()) {
        return Ok(code);
    }
    tokio::runtime::Runtime::new()?.block_on(start())?;
    Ok(ExitCode::SUCCESS)
}

/// Starts the whole system and keeps it running until Ctrl-C.
async fn start() -> Result<(), Failure> {
    let Some(arguments) = arguments()? else {
        say(&format!(
            "{USAGE}\n\nPrices without starting anything:\n\n{}\n\nAsking the running system:\n\n{}",
            command::USAGE,
            command::RUNS_USAGE
        ));
        return Ok(());
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,dynoxide=error"));
    tracing_subscriber::fmt().compact().with_env_filter(filter).with_writer(std::io::stderr).init();
    if arguments.fresh && arguments.folder.exists() {
        std::fs::remove_dir_all(&arguments.folder)?;
    }
    let kept = kept_time(&arguments.folder)?;
    let clock = match (kept, arguments.date) {
        (Some(_), Some(_)) => return Err("--date begins a new world; add --fresh to delete the old one".into()),
        (Some((_, ahead)), None) => Clock::ahead(ahead),
        (None, Some(date)) => Clock::ahead(date - platform::clock::machine_time()),
        (None, None) => Clock::system(),
    };
    let http_client = platform::aws::http_client()?;
    let folder = arguments.folder.clone();
    let options = Options {
        folder: arguments.folder,
        port: arguments.port,
        clock,
        http_clients: Arc::new(move |_| http_client.clone()),
    };
    let world = World::start(options).await?;
    seed::seed(&world.table, world.clock.now()).await?;
    let runner = world.runner.clone();
    runner.enliven(Demo::new(world.table.clone(), world.origin.clone(), &folder)?).await;
    greet(&world.origin);
    let running = tokio::spawn(async move { runner.run().await });
    tokio::signal::ctrl_c().await?;
    running.abort();
    world.stop().await
}

fn arguments() -> Result<Option<Arguments>, Failure> {
    use lexopt::prelude::{Long, ValueExt};
    let mut found = Arguments { port: 4600, folder: PathBuf::from(".local"), fresh: false, date: None };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => found.port = parser.value()?.parse()?,
            Long("data") => found.folder = parser.value()?.into(),
            Long("fresh") => found.fresh = true,
            Long("date") => found.date = Some(parser.value()?.parse()?),
            Long("help") => return Ok(None),
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(Some(found))
}

fn greet(origin: &str) {
    say(&format!(
        "Einlass is running on this machine. Start here:

  overview            {origin}/_local/
  registration pages  {origin}/e/{}
                      {origin}/e/{}   (40 places)
  console             {origin}/_local/console   (signs you in)
  mailbox             {origin}/_local/mail
  documents           {origin}/_local/documents
  clock               {origin}/_local/clock

Ctrl-C stops it; everything is kept for the next start.",
        seed::OPEN_EVENT,
        seed::LIMITED_EVENT
    ));
}

#[expect(clippy::print_stdout, reason = "the person at the terminal reads this")]
fn say(text: &str) {
    println!("{text}");
}

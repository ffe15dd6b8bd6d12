//! `cargo run -- catalog …` and `cargo run -- price …`: the price engine at the terminal, without starting
//! the system; `cargo run -- runs …` asks one that is running. 0 is success, 2 is wrong input with every mistake listed on
//! standard error.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use catalogs::UsageFile;
use catalogs::price::price;
use domain::calendar::{Instant, Month};
use domain::catalog::names::PlanId;
use domain::catalog::{Catalogue, Catalogues};
use domain::language::Language;
use lexopt::prelude::{Long, Short, Value, ValueExt};

/// What the commands are and take.
pub const USAGE: &str =
    "  cargo run -- catalog check FILE…         check price catalogues; every mistake with file, line and path
  cargo run -- catalog schema [usage]      print the JSON Schema of catalogue files, or of usage files
  cargo run -- price --catalog FILE --plan ID [--usage FILE] [--month 2026-10] [--explain] [--json] [--language de]
                                           price a month of usage by a catalogue";

/// What the commands are that ask a running system.
pub const RUNS_USAGE: &str = crate::runs_command::USAGE;

const PRICE_USAGE: &str =
    "  --catalog FILE   the price catalogue (TOML); give it again for other versions that the usage file names
  --plan ID        a plan of the first catalogue
  --usage FILE     what was used (JSON); `-` reads standard input; nothing was used without it
  --month MONTH    such as 2026-10; without it the newest month of the usage file, or the present one
  --explain        how each line came about
  --json           the report as JSON, amounts as strings
  --language L     de or en (en)";

/// Mistakes, one a line, as they are printed.
type Mistakes = Vec<String>;

/// Runs a command if the first argument names one; `None` starts the system.
#[must_use]
pub fn run(arguments: &[OsString], now: Instant) -> Option<ExitCode> {
    let command = arguments.first()?.to_str()?;
    let rest = arguments.get(1..).unwrap_or_default();
    let result = match command {
        "catalog" => catalog(rest),
        "price" => price_command(rest, now),
        "runs" => crate::runs_command::run(rest, say),
        _ => return None,
    };
    Some(match result {
        Ok(text) => {
            say(&text);
            ExitCode::SUCCESS
        }
        Err(mistakes) => {
            complain(&mistakes.join("\n"));
            ExitCode::from(2)
        }
    })
}

/// The result, for the person or script at the terminal. One that has stopped reading wants no more.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{}", text.trim_end());
}

/// Mistakes, for the person or script at the terminal.
fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

fn catalog(arguments: &[OsString]) -> Result<String, Mistakes> {
    let words: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    match words.as_slice() {
        ["schema"] => Ok(catalogs::schema_catalogue().to_owned()),
        ["schema", "usage"] => Ok(catalogs::schema_usage().to_owned()),
        ["check", files @ ..] if !files.is_empty() => check(files),
        _ => Err(vec!["say what to do:".to_owned(), USAGE.to_owned()]),
    }
}

/// Checks files one by one; one that is wrong does not keep the others from being checked.
fn check(files: &[&str]) -> Result<String, Mistakes> {
    let (mut sound, mut mistakes) = (Vec::new(), Vec::new());
    for file in files {
        match read_catalogue(file) {
            Ok(catalogue) => {
                let parts = catalogue.parts();
                let count = |many: usize, noun: &str| format!("{many} {noun}{}", if many == 1 { "" } else { "s" });
                sound.push(format!(
                    "{file}: {} is sound: {}, {}, {}",
                    catalogue.key(),
                    count(parts.plans.len(), "plan"),
                    count(parts.charges.len(), "charge"),
                    count(parts.meters.len(), "meter")
                ));
            }
            Err(found) => mistakes.extend(found),
        }
    }
    if mistakes.is_empty() {
        return Ok(sound.join("\n"));
    }
    let count = mistakes.len();
    let noun = if count == 1 { "mistake" } else { "mistakes" };
    mistakes.extend(sound);
    mistakes.push(format!("{count} {noun}"));
    Err(mistakes)
}

fn read_file(file: &str) -> Result<String, Mistakes> {
    let bytes = if file == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes).map(|_| bytes)
    } else {
        fs::read(file)
    };
    let bytes = bytes.map_err(|error| vec![format!("{file}: cannot be read: {error}")])?;
    String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes().iter().take(error.utf8_error().valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
        vec![format!("{file}:{line}:1: the file is not UTF-8 text; save it as UTF-8")]
    })
}

fn read_catalogue(file: &str) -> Result<Catalogue, Mistakes> {
    let text = read_file(file)?;
    catalogs::read_catalogue(&text).map_err(|mistakes| rendered(file, &mistakes))
}

fn rendered(file: &str, mistakes: &[catalogs::Mistake]) -> Mistakes {
    catalogs::render(file, mistakes).lines().map(ToOwned::to_owned).collect()
}

#[derive(Default)]
struct PriceArguments {
    catalogues: Vec<String>,
    plan: Option<String>,
    usage: Option<String>,
    month: Option<String>,
    explain: bool,
    json: bool,
    language: Option<String>,
    help: bool,
}

fn price_arguments(arguments: &[OsString]) -> Result<PriceArguments, lexopt::Error> {
    let mut found = PriceArguments::default();
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("catalog") => found.catalogues.push(parser.value()?.string()?),
            Long("plan") => found.plan = Some(parser.value()?.string()?),
            Long("usage") => found.usage = Some(parser.value()?.string()?),
            Long("month") => found.month = Some(parser.value()?.string()?),
            Long("language") => found.language = Some(parser.value()?.string()?),
            Long("explain") => found.explain = true,
            Long("json") => found.json = true,
            Long("help") | Short('h') => found.help = true,
            Value(_) | Long(_) | Short(_) => return Err(argument.unexpected()),
        }
    }
    Ok(found)
}

fn price_command(arguments: &[OsString], now: Instant) -> Result<String, Mistakes> {
    let found = price_arguments(arguments).map_err(|error| vec![format!("price: {error}"), PRICE_USAGE.to_owned()])?;
    if found.help {
        return Ok(PRICE_USAGE.to_owned());
    }
    let mut mistakes = Vec::new();
    let month = found.month.as_deref().map(Month::parse).transpose().unwrap_or_else(|_| {
        mistakes.push("--month: give a month such as 2026-10".to_owned());
        None
    });
    let language = found.language.as_deref().map_or(Some(Language::En), Language::parse).unwrap_or_else(|| {
        mistakes.push("--language: give de or en".to_owned());
        Language::En
    });
    if found.catalogues.is_empty() {
        mistakes.push("--catalog: give the file of a price catalogue".to_owned());
    }
    if found.plan.is_none() {
        mistakes.push("--plan: give a plan of the catalogue".to_owned());
    }
    let mut catalogues = Vec::new();
    for file in &found.catalogues {
        match read_catalogue(file) {
            Ok(catalogue) => catalogues.push(Arc::new(catalogue)),
            Err(wrong) => mistakes.extend(wrong),
        }
    }
    let plan = match (catalogues.first(), &found.plan) {
        (Some(catalogue), Some(name)) => plan(catalogue, name).map_err(|mistake| mistakes.push(mistake)).ok(),
        _ => None,
    };
    let mut all = Catalogues::default();
    for catalogue in &catalogues {
        all.add(catalogue.clone());
    }
    let usage = found.usage.as_deref().map_or(Ok("{}".to_owned()), read_file);
    let (file, month) = match (catalogues.first(), &plan, usage) {
        (_, _, Err(wrong)) => {
            mistakes.extend(wrong);
            return Err(mistakes);
        }
        (Some(catalogue), Some(plan), Ok(text)) => {
            let name = found.usage.as_deref().unwrap_or("usage");
            read_usage(name, &text, (catalogue, &all), plan, month, now).map_err(|wrong| {
                mistakes.extend(wrong);
                std::mem::take(&mut mistakes)
            })?
        }
        _ => return Err(mistakes),
    };
    let (Some(first), Some(plan), true) = (catalogues.first(), plan, mistakes.is_empty()) else { return Err(mistakes) };
    let report = price(&all, first, &plan, month, &file, now);
    Ok(if found.json { format!("{:#}", report.json()) } else { report.text(language, found.explain) })
}

fn plan(catalogue: &Catalogue, name: &str) -> Result<PlanId, String> {
    let known = || {
        let names: Vec<&str> = catalogue.parts().plans.iter().map(|plan| plan.id.as_str()).collect();
        format!("--plan: {} has no plan `{name}`; it has {}", catalogue.key(), names.join(", "))
    };
    catalogue.plan(name).map(|plan| plan.id.clone()).ok_or_else(known)
}

/// Reads the usage file for the month that was asked for, or for the newest one it has something of.
fn read_usage(
    name: &str,
    text: &str,
    (catalogue, others): (&Catalogue, &Catalogues),
    plan: &PlanId,
    month: Option<Month>,
    now: Instant,
) -> Result<(UsageFile, Month), Mistakes> {
    let read = |month| {
        catalogs::read_usage_among(text, catalogue, others, plan, month).map_err(|wrong| rendered(name, &wrong))
    };
    if let Some(month) = month {
        return Ok((read(month)?, month));
    }
    let present = Month::of(now);
    let file = read(present)?;
    let usage = &file.usage;
    let newest = usage
        .records
        .iter()
        .map(domain::usage::Record::billed)
        .chain(usage.events.iter().map(domain::usage::EndedEvent::billed))
        .chain(usage.entries.iter().map(domain::usage::TimeEntry::billed))
        .chain(usage.orders.iter().map(domain::usage::Order::billed))
        .max();
    match newest {
        Some(newest) if newest != present => Ok((read(newest)?, newest)),
        _ => Ok((file, present)),
    }
}

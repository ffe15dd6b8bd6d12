//! `cargo run -- runs`: how far the invoice runs of the running system are, and what a month would come to.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use domain::calendar::Month;
use domain::language::Language;
use domain::money::{Currency, Money};
use lexopt::prelude::{Long, Short, Value, ValueExt};
use serde::Deserialize;

/// What the commands are and take.
pub(crate) const USAGE: &str =
    "  cargo run -- runs [--watch]              how far the invoice runs are; --watch follows them until they are done
  cargo run -- runs dry MONTH              what would be invoiced for a month such as 2026-11, and the difference to
                                           the month before; nothing is issued. Both take --port N (4600)";

/// Characters of a bar.
const WIDTH: u64 = 30;
/// Pause between two looks.
const PAUSE: Duration = Duration::from_secs(1);
/// Most looks: a day.
const LOOKS: usize = 86_400;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How far the runs are, as the system says.
#[derive(Deserialize)]
struct Told {
    runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    month: String,
    permille: u64,
    held: Vec<Held>,
    parts: Vec<Part>,
}

#[derive(Deserialize)]
struct Held {
    account: String,
    issuer: String,
    reasons: Vec<String>,
}

#[derive(Deserialize)]
struct Part {
    phase: String,
    permille: u64,
    accounts: u64,
    of: u64,
    drafts: u64,
    invoices: u64,
    nothing: u64,
    held: u64,
}

/// What a dry run came to.
#[derive(Deserialize)]
struct Dry {
    id: String,
    month: String,
    done: bool,
    permille: u64,
    accounts: u64,
    billed: u64,
    held: u64,
    net_cents: i64,
    partner_cents: i64,
    before_cents: i64,
    results: Vec<DryResult>,
    held_accounts: Vec<DryResult>,
}

#[derive(Deserialize)]
struct DryResult {
    account: String,
    name: String,
    net_cents: i64,
    before_cents: i64,
    reasons: Vec<String>,
}

struct Arguments {
    port: u16,
    watch: bool,
    dry: Option<Month>,
    help: bool,
}

/// Runs the command; what it says while it follows a run goes out at once, through `say`.
pub(crate) fn run(arguments: &[OsString], say: impl Fn(&str)) -> Result<String, Vec<String>> {
    let found = read(arguments).map_err(|mistake| vec![format!("runs: {mistake}"), USAGE.to_owned()])?;
    match found {
        Arguments { help: true, .. } => Ok(USAGE.to_owned()),
        Arguments { dry: Some(month), port, .. } => dry(port, month, say).map_err(|error| vec![error]),
        Arguments { port, watch, .. } => runs(port, watch, say).map_err(|error| vec![error]),
    }
}

fn read(arguments: &[OsString]) -> Result<Arguments, String> {
    let mut found = Arguments { port: 4600, watch: false, dry: None, help: false };
    let mut words = Vec::new();
    let mut parser = lexopt::Parser::from_args(arguments);
    let told = |error: lexopt::Error| error.to_string();
    while let Some(argument) = parser.next().map_err(told)? {
        match argument {
            Long("port") => found.port = parser.value().and_then(|value| value.parse()).map_err(told)?,
            Long("watch") => found.watch = true,
            Long("help") | Short('h') => found.help = true,
            Value(word) => words.push(word.string().map_err(told)?),
            Long(_) | Short(_) => return Err(told(argument.unexpected())),
        }
    }
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => {}
        ["dry", month] => {
            found.dry =
                Some(Month::parse(month).map_err(|_| format!("{month} is no month; give one such as 2026-11"))?);
        }
        ["dry"] => return Err("give the month of the dry run, such as 2026-11".to_owned()),
        other => return Err(format!("what is `{}`?", other.join(" "))),
    }
    Ok(found)
}

/// Asks the running system. Its answers are small, and this program asks nobody else, so that this is all of HTTP it needs.
fn ask(port: u16, method: &str, path: &str) -> Result<String, String> {
    let absent = |error: std::io::Error| {
        format!("nothing answers on 127.0.0.1:{port} ({error}); start the system with `cargo run`, or give its --port")
    };
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map_err(absent)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(absent)?;
    let request = format!("{method} {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\n\r\n");
    stream.write_all(request.as_bytes()).map_err(absent)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(absent)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    match head.split(' ').nth(1) {
        Some("200") => Ok(body.to_owned()),
        Some("404") => Err("there is no such run; a dry run is of this month or an earlier one".to_owned()),
        _ => Err(format!("the system answers: {}", if body.is_empty() { head } else { body })),
    }
}

fn parsed<T: for<'a> Deserialize<'a>>(body: &str) -> Result<T, String> {
    serde_json::from_str(body).map_err(|error| format!("the answer is not understood: {error}"))
}

fn runs(port: u16, watch: bool, say: impl Fn(&str)) -> Result<String, String> {
    let mut before = String::new();
    for _ in 0..LOOKS {
        let told: Told = parsed(&ask(port, "GET", "/_local/runs")?)?;
        let text = written(&told);
        if !watch || told.runs.iter().all(|run| run.permille == 1000) {
            return Ok(text);
        }
        if text != before {
            say(&text);
            before = text;
        }
        std::thread::sleep(PAUSE);
    }
    Ok(before)
}

fn written(told: &Told) -> String {
    let mut text = String::new();
    if told.runs.is_empty() {
        text.push_str("No invoice run yet.");
    }
    for run in &told.runs {
        let sum = |of: fn(&Part) -> u64| run.parts.iter().map(of).sum::<u64>();
        let _ = writeln!(
            text,
            "{}  {}  {} accounts, {} drafts, {} invoices, {} with nothing to bill, {} held",
            run.month,
            bar(run.permille),
            sum(|part| part.accounts),
            sum(|part| part.drafts),
            sum(|part| part.invoices),
            sum(|part| part.nothing),
            sum(|part| part.held)
        );
        if run.permille < 1000 {
            for (index, part) in run.parts.iter().enumerate() {
                let of = part.of.max(part.accounts);
                let phase = phase(&part.phase);
                let Part { accounts, drafts, invoices, .. } = part;
                let _ = writeln!(
                    text,
                    "  part {}  {}  {phase}: {accounts} of {of} accounts, {drafts} drafts, {invoices} invoices",
                    index + 1,
                    bar(part.permille)
                );
            }
        }
        for held in &run.held {
            let partner = if held.issuer == "partner" { " (service partner)" } else { "" };
            let _ = writeln!(text, "  held: {}{partner}: {}", held.account, held.reasons.join(" "));
        }
    }
    text
}

fn phase(code: &str) -> &str {
    match code {
        "drafting" => "evaluating accounts",
        "drafted" => "waiting for numbers",
        "numbered" => "issuing invoices",
        other => other,
    }
}

fn bar(permille: u64) -> String {
    let full = permille.saturating_mul(WIDTH) / 1000;
    let signs: String = (0..WIDTH).map(|place| if place < full { '#' } else { '.' }).collect();
    format!("[{signs}] {:>3} %", permille / 10)
}

fn dry(port: u16, month: Month, say: impl Fn(&str)) -> Result<String, String> {
    #[derive(Deserialize)]
    struct Started {
        id: String,
    }
    let path = format!("/_local/runs/dry/{month}");
    let started: Started = parsed(&ask(port, "POST", &path)?)?;
    let mut before = String::new();
    for _ in 0..LOOKS {
        let dry: Dry = parsed(&ask(port, "GET", &path)?)?;
        if dry.id != started.id {
            return Err("another dry run of this month was started; it takes the place of this one".to_owned());
        }
        if dry.done {
            return Ok(result(&dry));
        }
        let text = bar(dry.permille);
        if text != before {
            say(&text);
            before = text;
        }
        std::thread::sleep(PAUSE);
    }
    Err("the dry run does not end".to_owned())
}

fn result(dry: &Dry) -> String {
    let difference = dry.net_cents.saturating_sub(dry.before_cents);
    let mut text = format!(
        "{}: {} of {} accounts would get an invoice, {} net in all ({} to the month before)",
        dry.month,
        dry.billed,
        dry.accounts,
        euro(dry.net_cents),
        signed(difference)
    );
    if dry.partner_cents != 0 {
        let _ = write!(text, ", {} of it in the service partner's name", euro(dry.partner_cents));
    }
    text.push('\n');
    for one in &dry.results {
        let held = if one.reasons.is_empty() { "" } else { "  held" };
        let name = if one.name.is_empty() { String::new() } else { format!("  {}", one.name) };
        let change = signed(one.net_cents.saturating_sub(one.before_cents));
        let _ = writeln!(text, "  {:>14}  {:>14}  {}{name}{held}", euro(one.net_cents), change, one.account);
    }
    if dry.held > 0 {
        let _ = writeln!(text, "{} held:", dry.held);
    }
    for one in &dry.held_accounts {
        let _ = writeln!(text, "  {}: {}", one.account, one.reasons.join(" "));
    }
    text
}

fn euro(cents: i64) -> String {
    Money::from_cents(cents, Currency::Eur).map_or_else(|_| cents.to_string(), |money| Language::En.money(money))
}

fn signed(cents: i64) -> String {
    format!("{}{}", if cents > 0 { "+" } else { "" }, euro(cents))
}

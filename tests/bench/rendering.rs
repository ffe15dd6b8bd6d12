//! How many invoices one core makes in a second, and that memory does not grow with their number.
//!
//! `cargo bench --package deliver --bench rendering` measures; with `--profile dev` and few documents it only guards.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::float_arithmetic,
    reason = "a benchmark prints and ends by a panic"
)]

#[path = "../einvoice/samples.rs"]
#[expect(dead_code, reason = "shared with tests that use all of it")]
mod samples;

use std::time::Instant;

use deliver::documents::{Pages, make};
use deliver::einvoice::EInvoice;
use deliver::texts::Texts;
use domain::invoice::{Invoice, InvoiceKind};
use domain::language::Language;

/// Most that memory may grow by from the first tenth of the documents to the last, in MB.
const MOST_GROWTH_MB: f64 = 24.0;
/// Documents whose stages are timed.
const STAGED: usize = 20;

/// Memory of this process in MB (`VmRSS` of proc(5)).
fn memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

/// Invoices that differ, as those of a run do.
fn invoice(index: usize) -> Invoice {
    let language = if index.is_multiple_of(4) { Language::En } else { Language::De };
    let mut invoice = samples::invoice(InvoiceKind::Monthly, samples::seller(), samples::domestic(language));
    invoice.number.text = format!("RE-2026-{index:05}");
    invoice.draft.buyer.name = format!("Kundin Nummer {index} GmbH");
    invoice
}

fn render(index: usize) -> usize {
    let invoice = invoice(index);
    let texts = Texts::of(invoice.draft.buyer.language).unwrap();
    let pages = Pages::new(&invoice, texts, "https://billing.example/pay/token", &[], None);
    let documents = make(&invoice, texts, &pages).unwrap();
    assert!(documents.len() == 1 && documents[0].bytes.starts_with(b"%PDF-1.7"));
    documents[0].bytes.len()
}

/// Where the time of a document goes.
fn stages() {
    let issued_at = "2026-12-01T00:00:00+01:00".parse().unwrap();
    let (mut setting, mut embedding) = (0.0, 0.0);
    for index in 0..STAGED {
        let invoice = invoice(index);
        let texts = Texts::of(invoice.draft.buyer.language).unwrap();
        let printed = deliver::print::invoice(&invoice, texts, "https://billing.example/pay/token", &[]);
        let started = Instant::now();
        let pdf = deliver::typeset::render(&printed, None, issued_at).unwrap();
        setting += started.elapsed().as_secs_f64();
        let started = Instant::now();
        EInvoice::of(&invoice, texts).unwrap().embed(&pdf, "Rechnung", invoice.issued_on).unwrap();
        embedding += started.elapsed().as_secs_f64();
    }
    let each = |seconds: f64| seconds * 1e3 / STAGED as f64;
    println!("of each: {:.1} ms for the pages, {:.1} ms for the data in them", each(setting), each(embedding));
}

#[expect(clippy::disallowed_methods, reason = "a bench is told by its caller how much to do")]
fn main() {
    let named = std::env::var("EINLASS_BENCH_DOCUMENTS").ok().and_then(|count| count.parse().ok());
    let count = named.unwrap_or(if cfg!(debug_assertions) { 60 } else { 1000 });
    let tenth = (count / 10).max(5);
    let started = Instant::now();
    let size = render(0);
    println!("first document: {:.1} ms, {} KB", started.elapsed().as_secs_f64() * 1e3, size / 1024);
    for index in 1..tenth {
        render(index);
    }
    let early = memory();
    let started = Instant::now();
    for index in tenth..count {
        render(index);
    }
    let rate = (count - tenth) as f64 / started.elapsed().as_secs_f64();
    let late = memory();
    println!("hybrid PDFs of one page: {rate:.0} a second");
    println!("memory after {tenth}: {early:.0} MB, after {count}: {late:.0} MB (at most {MOST_GROWTH_MB} MB more)");

    stages();
    let started = Instant::now();
    for index in 0..count {
        let invoice = invoice(index);
        let texts = Texts::of(invoice.draft.buyer.language).unwrap();
        assert!(EInvoice::of(&invoice, texts).unwrap().xml().trim_end().ends_with("CrossIndustryInvoice>"));
    }
    println!("XML, with all rules checked: {:.0} a second", count as f64 / started.elapsed().as_secs_f64());
    assert!(late - early <= MOST_GROWTH_MB, "memory grows with the number of documents");
}

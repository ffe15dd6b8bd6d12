//! Makes invoices of every kind as they are sent, for checkers that nobody here wrote: `tests/run` hands them to
//! `einvoice-check`. They are written to the folder that `EINLASS_EINVOICES` names, else to one of the build.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends by a panic")]

mod cases;
mod days;
mod samples;
mod showcase;

use std::collections::BTreeSet;
use std::path::PathBuf;

use deliver::documents::{Pages, make};
use deliver::einvoice::EInvoice;
use deliver::texts::Texts;
use domain::invoice::{Invoice, InvoiceKind, Line};

#[expect(clippy::disallowed_methods, reason = "a test is told by its caller where to write")]
fn folder() -> PathBuf {
    let named = std::env::var_os("EINLASS_EINVOICES").map(PathBuf::from);
    named.unwrap_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("einvoices"))
}

fn is_public(invoice: &Invoice) -> bool {
    invoice.draft.buyer.terms.leitweg_id.is_some()
}

/// Whether the PDF is made, too. Typesetting is slow without optimisation, and says nothing new about some.
fn is_typeset(name: &str, invoice: &Invoice) -> bool {
    let like_another = ["debit-", "-debit", "199"].iter().any(|part| name.contains(part)) && !name.starts_with("show");
    name == "xrechnung-monthly-de" || !(is_public(invoice) || like_another)
}

/// Writes the documents of each case under its name.
fn write(cases: &[(String, Invoice)]) {
    let folder = folder();
    std::fs::create_dir_all(&folder).unwrap();
    for (name, invoice) in cases {
        let texts = Texts::of(invoice.draft.buyer.language).unwrap();
        if !is_typeset(name, invoice) {
            let einvoice = EInvoice::of(invoice, texts).unwrap_or_else(|error| panic!("{name}: {error}"));
            std::fs::write(folder.join(format!("{name}.xml")), einvoice.xml()).unwrap();
            continue;
        }
        let pages = Pages::new(invoice, texts, "https://billing.example/pay/token", &days::behind(invoice), None);
        let documents = make(invoice, texts, &pages).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(documents.len(), if is_public(invoice) { 2 } else { 1 }, "{name}");
        for document in documents {
            let (_, extension) = document.name.rsplit_once('.').unwrap();
            // The copy that comes with XRechnung is no invoice, and checkers would miss one in it.
            let copy = if extension == "pdf" && is_public(invoice) { "copy-" } else { "" };
            std::fs::write(folder.join(format!("{copy}{name}.{extension}")), &document.bytes).unwrap();
        }
    }
}

#[test]
fn every_kind_is_made() {
    write(&cases::kinds());
}

#[test]
fn every_vat_case_is_made() {
    write(&cases::treatments());
}

#[test]
fn every_edge_of_rounding_is_made() {
    write(&cases::rounding());
}

#[test]
fn every_amount_and_party_is_made() {
    write(&cases::amounts());
    write(&cases::parties());
}

#[test]
fn those_to_look_at_are_made() {
    write(&showcase::all());
}

/// Forty cases at least, each under a name of its own, with every kind, every category and a long one among them.
#[test]
fn nothing_is_left_out() {
    let cases: Vec<(String, Invoice)> =
        [cases::kinds(), cases::treatments(), cases::rounding(), cases::amounts(), cases::parties(), showcase::all()]
            .concat();
    let names: BTreeSet<&String> = cases.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), cases.len(), "a name twice");
    assert!(cases.iter().filter(|(name, invoice)| is_typeset(name, invoice)).count() >= 40, "too few PDFs");
    for kind in InvoiceKind::ALL {
        assert!(cases.iter().any(|(_, invoice)| invoice.draft.kind == kind), "no {}", kind.code());
    }
    for category in ["S", "AE", "O", "E"] {
        let of = |line: &Line| line.vat.category() == category;
        assert!(cases.iter().any(|(_, invoice)| invoice.draft.lines.iter().any(of)), "no {category}");
    }
    assert!(cases.iter().any(|(_, invoice)| invoice.draft.lines.len() >= 200), "no long one");
}

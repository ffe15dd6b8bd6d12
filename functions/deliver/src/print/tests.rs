//! What is said on which invoice.

use domain::invoice::{Invoice, InvoiceKind};
use domain::language::Language;
use domain::money::{Currency, Money};

use crate::print;
use crate::samples::{
    buyer, domestic, draft, invoice, issue, partner, public, seller, small_business, usual_lines, with_mandate,
};
use crate::texts::Texts;

/// All text of an invoice but its fixed words.
fn text(invoice: &Invoice) -> String {
    let texts = Texts::of(invoice.draft.buyer.language).unwrap();
    let mut printed =
        serde_json::to_value(print::invoice(invoice, texts, "https://billing.example/pay/x", &[])).unwrap();
    printed.as_object_mut().unwrap().remove("labels");
    printed.to_string()
}

#[test]
fn each_invoice_says_what_it_has_to_i1_i2_i4() {
    let de = Language::De;
    let kind = |kind| invoice(kind, seller(), domestic(de));
    let of = |seller: domain::account::Operator, buyer| invoice(InvoiceKind::Monthly, seller, buyer);
    let mut credited = draft(InvoiceKind::Monthly, &seller(), domestic(de), usual_lines());
    credited.credit = Money::parse("27.13", Currency::Eur).unwrap();
    let mut covered = credited.clone();
    covered.credit = covered.totals.gross;
    let rows: [(&str, Invoice, &[&str], &[&str]); 12] = [
        ("monthly", kind(InvoiceKind::Monthly), &["für November 2026", "15. Dezember 2026", "627,13"], &["Storno"]),
        ("down payment", kind(InvoiceKind::DownPayment), &["Anzahlungsrechnung", "als Anzahlung"], &[]),
        (
            "final",
            kind(InvoiceKind::Final),
            &["Schlussrechnung", "Mit Anzahlungsrechnung RE-2026-00041 vom 02.11.2026"],
            &[],
        ),
        (
            "correction",
            kind(InvoiceKind::Correction),
            &["Rechnungskorrektur", "Ersetzt die Rechnung RE-2026-00041"],
            &[],
        ),
        (
            "cancellation",
            kind(InvoiceKind::Cancellation),
            &["Stornorechnung", "−627,13", "nächste Rechnung", "Storno zur Rechnung RE-2026-00041 vom 02.11.2026"],
            &["überweisen", "billing.example", "runs", "Gutschrift"],
        ),
        (
            "direct debit",
            of(seller(), with_mandate(domestic(de))),
            &["M-10042-1", "DE98ZZZ09999999999", "4. Dezember 2026", "Vorabankündigung", "••61 99"],
            &["überweisen", "billing.example", "runs"],
        ),
        ("credit", issue(credited, seller()), &["−27,13", "600,00", "überweisen"], &[]),
        ("covered by credit", issue(covered, seller()), &["Ihr Guthaben deckt den Betrag"], &["überweisen", "runs"]),
        (
            "reverse charge",
            of(seller(), buyer("NL", Some("NL123456782B90"), de)),
            &["Steuerschuldnerschaft des Leistungsempfängers", "NL123456782B90", "NIEDERLANDE", "keine USt auf"],
            &["19\u{a0}%"],
        ),
        ("third country", of(seller(), buyer("CH", None, de)), &["§ 3a Abs. 2 UStG", "SCHWEIZ"], &["19\u{a0}%"]),
        ("small business", of(small_business(), domestic(de)), &["§ 19 UStG"], &["19\u{a0}%"]),
        (
            "public",
            of(partner(), public(de)),
            &["991-01234-44", "4500012345", "xrechnung-BS-2026-00123.xml", "Belegservice"],
            &["Rosenstein"],
        ),
    ];
    for (name, invoice, expected, missing) in rows {
        let text = text(&invoice);
        for part in expected {
            assert!(text.contains(part), "{name}: {part} is missing in {text}");
        }
        for part in missing {
            assert!(!text.contains(part), "{name}: {part} is in {text}");
        }
    }
}

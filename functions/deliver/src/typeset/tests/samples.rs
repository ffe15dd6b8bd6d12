//! Two invoices as people receive them: domestic in German with the days behind it, reverse charge in English.

use domain::calendar::Day;
use domain::catalog::meter::Aggregation;
use domain::invoice::{Invoice, InvoiceKind};
use domain::language::Language;
use rust_decimal::Decimal;

use crate::print::{self, Days, UsageDay};
use crate::samples::{buyer, domestic, invoice, seller, with_mandate};
use crate::texts::Texts;
use crate::typeset::PrintInvoice;

pub(super) fn german() -> PrintInvoice {
    printed(&invoice(InvoiceKind::Monthly, seller(), domestic(Language::De)))
}

pub(super) fn english() -> PrintInvoice {
    let buyer = with_mandate(buyer("NL", Some("NL123456782B90"), Language::En));
    printed(&invoice(InvoiceKind::Monthly, seller(), buyer))
}

pub(super) fn cancellation() -> PrintInvoice {
    printed(&invoice(InvoiceKind::Cancellation, seller(), domestic(Language::De)))
}

/// The German one with figures of each day.
pub(super) fn with_appendix() -> PrintInvoice {
    let invoice = invoice(InvoiceKind::Monthly, seller(), domestic(Language::De));
    let texts = Texts::of(Language::De).unwrap();
    print::invoice(&invoice, texts, "https://billing.rosenstein.example/pay/token", &days(&invoice))
}

fn printed(invoice: &Invoice) -> PrintInvoice {
    let texts = Texts::of(invoice.draft.buyer.language).unwrap();
    print::invoice(invoice, texts, "https://billing.rosenstein.example/pay/token", &[])
}

fn days(invoice: &Invoice) -> Vec<Days> {
    let month = invoice.draft.month;
    let days =
        std::iter::successors(Some(month.first()), |day| Some(day.next())).take_while(|day| *day <= month.last());
    let counted =
        |(index, day): (usize, Day)| UsageDay { day, quantity: Decimal::from(index * 13 % 70), is_late: index == 28 };
    vec![Days { line: 1, aggregation: Aggregation::Sum, days: days.enumerate().map(counted).collect() }]
}

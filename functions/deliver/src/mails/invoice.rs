//! The mail an invoice comes with.

use domain::calendar::Day;
use domain::collection::Collection;
use domain::invoice::{Invoice, InvoiceKind};

use super::{Text, business_letter};
use crate::texts::{Texts, fill};

/// The mail with an invoice: what it is, what it comes to, and how that is paid by when.
#[must_use]
pub fn invoice(invoice: &Invoice, texts: &Texts, due_on: Day, pay: &str) -> Text {
    let language = invoice.draft.buyer.language;
    let mail = &texts.mail;
    let collection = invoice.collection();
    let button = invoice.is_payable_online().then(|| (mail.pay.clone(), pay.to_owned()));
    let seller = &invoice.seller;
    let questions = fill(&mail.questions, &[("email", seller.email.as_str())]);
    Text {
        subject: fill(
            &mail.subject,
            &[("title", invoice.draft.kind.title().get(language)), ("number", &invoice.number.to_string())],
        ),
        paragraphs: paragraphs(invoice, texts, &collection),
        facts: facts(invoice, texts, &collection, due_on),
        button,
        closing: std::iter::once(questions).chain(business_letter(seller, language)).collect(),
    }
}

fn paragraphs(invoice: &Invoice, texts: &Texts, collection: &Collection<'_>) -> Vec<String> {
    let draft = &invoice.draft;
    let language = draft.buyer.language;
    let mail = &texts.mail;
    let month = language.month(draft.month);
    let reference = draft.references.first();
    let (number, date) = reference
        .map_or_else(Default::default, |reference| (reference.number.clone(), language.date(reference.issued_on)));
    let values = [("month", month.as_str()), ("number", &number), ("date", &date)];
    // A cancellation or correction that names no other invoice is told like a single one.
    let kind = match draft.kind {
        InvoiceKind::Correction if reference.is_none() => InvoiceKind::Single,
        kind => kind,
    };
    let mut paragraphs = vec![mail.greeting.clone(), fill(mail.of(kind), &values)];
    if draft.buyer.terms.leitweg_id.is_some() {
        paragraphs.push(mail.xrechnung.clone());
    }
    match collection {
        Collection::Transfer => {}
        Collection::DirectDebit { mandate, creditor_id, on } => paragraphs.push(fill(
            &mail.direct_debit,
            &[
                ("amount", &language.money(draft.due())),
                ("date", &language.date(*on)),
                ("mandate", &mandate.reference),
                ("creditor_id", creditor_id),
            ],
        )),
        Collection::Settled | Collection::Refund => paragraphs.push(texts.nothing_to_pay(invoice).to_owned()),
    }
    paragraphs
}

fn facts(invoice: &Invoice, texts: &Texts, collection: &Collection<'_>, due_on: Day) -> Vec<(String, String)> {
    let draft = &invoice.draft;
    let language = draft.buyer.language;
    let mail = &texts.mail;
    // The totals were computed together, so the difference exists; gross would be shown in its place.
    let vat = draft.totals.vat_sum().unwrap_or(draft.totals.gross);
    let mut facts = vec![
        (mail.number.clone(), invoice.number.to_string()),
        (mail.net.clone(), language.money(draft.totals.net)),
        (mail.vat.clone(), language.money(vat)),
        (mail.gross.clone(), language.money(draft.totals.gross)),
    ];
    if !draft.credit.is_zero() {
        facts.push((mail.credit.clone(), language.money(draft.credit)));
        facts.push((mail.due.clone(), language.money(draft.due())));
    }
    if *collection == Collection::Transfer {
        facts.push((mail.due_on.clone(), language.date(due_on)));
    }
    facts
}

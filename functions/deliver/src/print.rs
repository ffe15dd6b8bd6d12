//! An invoice as finished strings, ready to be laid out.

mod appendix;
mod giro;
mod look;
mod payment;

#[cfg(test)]
mod tests;

use domain::account::Address;
use domain::collection::Collection;
use domain::country;
use domain::invoice::{Invoice, Line};
use domain::language::Language;
use domain::money::Money;
use domain::vat::{VatGroup, VatTreatment};

pub use self::appendix::{Days, UsageDay};
use crate::documents::xrechnung_name;
use crate::texts::sentences::{period, written};
use crate::texts::{Texts, fill};
use crate::typeset::{self, Bank, Fact, PrintInvoice, Seller, Totals, VatRow};

/// Turns an invoice into the print model, in the buyer's language. `days` are those behind its lines, as far as they were
/// counted day by day.
#[must_use]
pub fn invoice(invoice: &Invoice, texts: &Texts, payment_url: &str, days: &[Days]) -> PrintInvoice {
    let draft = &invoice.draft;
    let language = draft.buyer.language;
    PrintInvoice {
        document: texts.document.clone(),
        labels: texts.labels.clone(),
        look: look::look(invoice.seller.terms.colour.as_deref()),
        title: draft.kind.title().get(language).to_owned(),
        number: invoice.number.to_string(),
        seller: seller(invoice),
        recipient: recipient(invoice, language),
        facts: facts(invoice, texts),
        introduction: introduction(invoice, texts),
        lines: lines(invoice, texts),
        totals: totals(invoice, texts),
        notes: notes(invoice, texts),
        payment: payment::payment(invoice, texts, payment_url),
        appendix: appendix::appendix(invoice, texts, days),
    }
}

fn seller(invoice: &Invoice) -> Seller {
    let seller = &invoice.seller;
    let language = invoice.draft.buyer.language;
    let address = &seller.address;
    let present = |text: &String| (!text.is_empty()).then(|| text.clone());
    Seller {
        name: seller.name.clone(),
        return_address: format!("{} · {} · {} {}", seller.name, address.street, address.postal_code, address.city),
        address_lines: address_lines(address, None, language),
        vat_id: present(&seller.vat_id),
        tax_number: present(&seller.tax_number),
        register_lines: seller.register_lines(language),
        email: seller.email.as_str().to_owned(),
        phone: seller.phone.clone(),
        website: seller.terms.website.clone(),
        bank: Some(Bank { name: seller.bank_name.clone(), iban: grouped(&seller.iban), bic: seller.bic.clone() }),
    }
}

/// An IBAN in groups of four, as it is printed (ISO 13616).
fn grouped(iban: &str) -> String {
    let digits: Vec<char> = iban.chars().collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn recipient(invoice: &Invoice, language: Language) -> Vec<String> {
    let buyer = &invoice.draft.buyer;
    let from = Some(invoice.seller.address.country.as_str());
    let mut lines = vec![buyer.name.clone()];
    lines.extend(buyer.address.iter().flat_map(|address| address_lines(address, from, language)));
    lines
}

/// Street and town; the country where a letter crosses a border.
fn address_lines(address: &Address, from: Option<&str>, language: Language) -> Vec<String> {
    let mut lines = vec![address.street.clone(), format!("{} {}", address.postal_code, address.city)];
    if from.is_some_and(|from| from != address.country) {
        lines.push(country::name(&address.country, language).to_uppercase());
    }
    lines
}

/// The information block.
fn facts(invoice: &Invoice, texts: &Texts) -> Vec<Fact> {
    let draft = &invoice.draft;
    let (language, buyer, labels) = (draft.buyer.language, &draft.buyer, &texts.labels);
    let (first, last) = invoice.service_period();
    let supplied = if first == last { &labels.service_date } else { &labels.service_period };
    let payment = match invoice.collection() {
        Collection::Transfer => Some((&labels.due_date, written(invoice.due_on, language))),
        Collection::DirectDebit { on, .. } => Some((&labels.collected_on, written(on, language))),
        Collection::Settled | Collection::Refund => None,
    };
    [
        Some((&labels.number, invoice.number.to_string())),
        Some((&labels.issue_date, written(invoice.issued_on, language))),
        Some((supplied, period(first, last, language))),
        Some((&labels.customer_number, buyer.id.to_string())),
        buyer.terms.order_reference.clone().map(|order| (&labels.order_reference, order)),
        buyer.terms.leitweg_id.clone().map(|id| (&labels.leitweg_id, id)),
        buyer.vat_id.clone().map(|id| (&labels.buyer_vat_id, id)),
        payment,
    ]
    .into_iter()
    .flatten()
    .map(|(label, value)| Fact { label: label.clone(), value })
    .collect()
}

fn introduction(invoice: &Invoice, texts: &Texts) -> Vec<String> {
    let draft = &invoice.draft;
    let month = draft.buyer.language.month(draft.month);
    let opening = fill(texts.introduction.of(draft.kind), &[("month", &month)]);
    let mut paragraphs = vec![texts.introduction.greeting.clone(), opening];
    let references = texts.reference_sentences(invoice);
    if !references.is_empty() {
        paragraphs.push(references.join("\n"));
    }
    paragraphs
}

fn lines(invoice: &Invoice, texts: &Texts) -> Vec<typeset::Line> {
    let language = invoice.draft.buyer.language;
    let mut sum = Money::zero(invoice.draft.totals.net.currency());
    // What holds for the whole invoice stands in its head already.
    let known = invoice.service_period();
    let lines = invoice.draft.lines.iter().enumerate();
    lines
        .map(|(index, one)| {
            // The total is within the limit, and so is what adds up to it; a sum beyond would not be carried.
            sum = sum.plus(one.net).unwrap_or(sum);
            let mut line = line(index, one, language);
            line.detail = Some(texts.line_detail(one, Some(known), language)).filter(|detail| !detail.is_empty());
            line.carry = money(sum, language);
            line
        })
        .collect()
}

fn line(index: usize, line: &Line, language: Language) -> typeset::Line {
    typeset::Line {
        position: (index + 1).to_string(),
        text: line.text.get(language).to_owned(),
        detail: None,
        quantity: minus(language.number(line.quantity)),
        unit: line.unit.label(line.quantity, language).to_owned(),
        unit_price: minus(language.unit_price(line.unit_price)),
        vat_rate: match line.vat {
            VatTreatment::Taxed(_) => percent(line.vat, language),
            VatTreatment::ReverseCharge | VatTreatment::NotTaxable | VatTreatment::SmallBusiness => "–".to_owned(),
        },
        net: money(line.net, language),
        carry: String::new(),
    }
}

fn percent(treatment: VatTreatment, language: Language) -> String {
    let rate = language.number(treatment.percent());
    language.pick(format!("{rate}\u{a0}%"), format!("{rate}%"))
}

/// An amount with a minus sign instead of a hyphen.
fn money(amount: Money, language: Language) -> String {
    minus(language.money(amount))
}

fn minus(number: String) -> String {
    match number.strip_prefix('-') {
        Some(positive) => format!("−{positive}"),
        None => number,
    }
}

fn totals(invoice: &Invoice, texts: &Texts) -> Totals {
    let draft = &invoice.draft;
    let language = draft.buyer.language;
    let totals = &draft.totals;
    let credit = Money::zero(draft.credit.currency()).minus(draft.credit).ok().filter(|credit| !credit.is_zero());
    Totals {
        net: money(totals.net, language),
        vat: totals.vat.iter().map(|group| vat_row(group, texts, language)).collect(),
        gross: money(totals.gross, language),
        due: credit.map(|_| money(draft.due(), language)),
        credit: credit.map(|credit| money(credit, language)),
    }
}

fn vat_row(group: &VatGroup, texts: &Texts, language: Language) -> VatRow {
    let rate = language.number(group.treatment.percent());
    let text = match group.treatment {
        VatTreatment::Taxed(_) => &texts.totals.taxed,
        VatTreatment::ReverseCharge | VatTreatment::NotTaxable | VatTreatment::SmallBusiness => &texts.totals.untaxed,
    };
    let amount = money(group.taxable, language);
    VatRow { label: fill(text, &[("rate", &rate), ("amount", &amount)]), amount: money(group.vat, language) }
}

/// Why there is no VAT, what else is to be said, and that the page is a copy where it is one.
fn notes(invoice: &Invoice, texts: &Texts) -> Vec<String> {
    let draft = &invoice.draft;
    let exemptions = draft.totals.vat.iter().filter_map(|group| group.treatment.exemption_text(draft.buyer.language));
    let copy = draft.buyer.terms.leitweg_id.as_ref().map(|_| {
        let file = xrechnung_name(invoice);
        fill(&texts.copy.xrechnung, &[("file", &file)])
    });
    exemptions.map(|text| format!("{text}.")).chain(draft.note.clone()).chain(copy).collect()
}

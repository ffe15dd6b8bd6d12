//! An invoice as finished strings, ready to be laid out.

use domain::account::{Account, Address};
use domain::calendar::Day;
use domain::invoice::{Invoice, Line};
use domain::language::Language;
use domain::vat::VatGroup;

use crate::typeset::labels::Labels;
use crate::typeset::{self, Bank, Buyer, PrintInvoice, Seller, Totals, VatRow};

/// Turns an invoice into the print model, in the buyer's language.
#[must_use]
pub fn invoice(invoice: &Invoice, payment_url: &str) -> PrintInvoice {
    let language = invoice.draft.buyer.language;
    let totals = &invoice.draft.totals;
    let (first, last) = invoice.service_period();
    let due = language.short_date(invoice.due_on);
    let number = invoice.number.to_string();
    PrintInvoice {
        labels: language.pick(Labels::german(), Labels::english()),
        seller: seller(invoice),
        buyer: buyer(&invoice.draft.buyer),
        number: number.clone(),
        issue_date: language.short_date(invoice.issued_on),
        service_period: period(first, last, language),
        due_date: Some(due.clone()),
        cancels: None,
        introduction: vec![
            language.pick("Sehr geehrte Damen und Herren,", "Dear Sir or Madam,").to_owned(),
            language.pick(
                format!("für {} berechnen wir Ihnen:", language.month(invoice.draft.month)),
                format!("for {} we charge you:", language.month(invoice.draft.month)),
            ),
        ],
        lines: invoice.draft.lines.iter().enumerate().map(|(index, one)| line(index, one, language)).collect(),
        totals: Totals {
            net: language.money(totals.net),
            vat: totals.vat.iter().map(|group| vat_row(group, language)).collect(),
            gross: language.money(totals.gross),
        },
        notes: Vec::new(),
        payment_terms: vec![language.pick(
            format!("Bitte überweisen Sie {} bis zum {due} unter Angabe der Rechnungsnummer {number} auf unser unten genanntes Konto.", language.money(totals.gross)),
            format!("Please transfer {} by {due} to the account below, quoting the invoice number {number}.", language.money(totals.gross)),
        )],
        payment_url: Some(payment_url.to_owned()),
    }
}

fn seller(invoice: &Invoice) -> Seller {
    let seller = &invoice.seller;
    let language = invoice.draft.buyer.language;
    let address = &seller.address;
    Seller {
        name: seller.name.clone(),
        return_address: format!("{} · {} · {} {}", seller.name, address.street, address.postal_code, address.city),
        address_lines: vec![address.street.clone(), format!("{} {}", address.postal_code, address.city)],
        vat_id: Some(seller.vat_id.clone()),
        tax_number: Some(seller.tax_number.clone()),
        register_lines: seller.register_lines(language),
        email: seller.email.as_str().to_owned(),
        phone: seller.phone.clone(),
        website: None,
        bank: Some(Bank { name: seller.bank_name.clone(), iban: grouped(&seller.iban), bic: seller.bic.clone() }),
    }
}

/// An IBAN in groups of four, as it is printed (ISO 13616).
fn grouped(iban: &str) -> String {
    let digits: Vec<char> = iban.chars().collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn buyer(account: &Account) -> Buyer {
    let mut lines = vec![account.name.clone()];
    lines.extend(account.address.iter().flat_map(address_lines));
    Buyer {
        address_lines: lines,
        customer_number: account.id.to_string(),
        vat_id: account.vat_id.clone(),
        reference: None,
    }
}

fn address_lines(address: &Address) -> Vec<String> {
    let town = format!("{} {}", address.postal_code, address.city);
    vec![address.street.clone(), town]
}

fn line(index: usize, line: &Line, language: Language) -> typeset::Line {
    let catalogue = &line.provenance.plan.catalogue;
    let when = match (&line.provenance.event, line.first_day == line.last_day) {
        (Some(_), _) => language.pick("beendet am ", "ended on ").to_owned() + &language.short_date(line.last_day),
        (None, _) => period(line.first_day, line.last_day, language),
    };
    typeset::Line {
        position: (index + 1).to_string(),
        text: line.text.get(language).to_owned(),
        detail: Some(language.pick(
            format!("{when} · Preisliste {catalogue} · {}", source(line, language)),
            format!("{when} · price list {catalogue} · {}", source(line, language)),
        )),
        quantity: language.number(line.quantity),
        unit: line.unit.label(line.quantity, language).to_owned(),
        unit_price: language.unit_price(line.unit_price),
        vat_rate: format!("{}\u{a0}%", language.number(line.vat.percent())),
        net: language.money(line.net),
    }
}

/// Where a price comes from, as people read it.
fn source(line: &Line, language: Language) -> String {
    match line.provenance.rule.as_str() {
        "sample" => language.pick("Beispielpreis", "sample price").to_owned(),
        rule => format!("{} {rule}", language.pick("Regel", "rule")),
    }
}

fn vat_row(group: &VatGroup, language: Language) -> VatRow {
    let (rate, taxable) = (language.number(group.treatment.percent()), language.money(group.taxable));
    VatRow {
        label: language
            .pick(format!("zzgl. {rate}\u{a0}% USt auf {taxable}"), format!("plus {rate}\u{a0}% VAT on {taxable}")),
        amount: language.money(group.vat),
    }
}

fn period(first: Day, last: Day, language: Language) -> String {
    if first == last {
        language.short_date(last)
    } else {
        format!("{} – {}", language.short_date(first), language.short_date(last))
    }
}

//! How the amount comes in, as it is printed.

use domain::account::Mandate;
use domain::calendar::Day;
use domain::collection::Collection;
use domain::invoice::Invoice;

use super::{giro, grouped, money};
use crate::texts::{Texts, fill};
use crate::typeset::{Fact, Payment};

/// The paragraph below the totals, with what a transfer or a collection needs.
pub(super) fn payment(invoice: &Invoice, texts: &Texts, url: &str) -> Payment {
    match invoice.collection() {
        Collection::Transfer => transfer(invoice, texts, url),
        Collection::DirectDebit { mandate, creditor_id, on } => direct_debit(invoice, texts, mandate, creditor_id, on),
        Collection::Settled | Collection::Refund => {
            Payment { paragraphs: vec![texts.nothing_to_pay(invoice).to_owned()], ..Payment::default() }
        }
    }
}

fn fact(label: &str, value: impl Into<String>) -> Fact {
    Fact { label: label.to_owned(), value: value.into() }
}

fn transfer(invoice: &Invoice, texts: &Texts, url: &str) -> Payment {
    let (seller, labels) = (&invoice.seller, &texts.labels);
    let language = invoice.draft.buyer.language;
    let number = invoice.number.to_string();
    let due = invoice.draft.due();
    let mut facts = vec![
        fact(&labels.recipient, &seller.name),
        fact(&labels.iban, grouped(&seller.iban)),
        fact(&labels.bic, &seller.bic),
        fact(&labels.amount, money(due, language)),
        fact(&labels.remittance, &number),
    ];
    facts.retain(|fact| !fact.value.is_empty());
    Payment {
        paragraphs: vec![fill(&texts.payment.transfer, &[("date", &language.date(invoice.due_on))])],
        facts,
        code: giro::code(seller, due, &number),
        url: invoice.is_payable_online().then(|| url.to_owned()),
    }
}

/// The pre-notification: amount, day, mandate and creditor, as the scheme's rulebook wants them.
fn direct_debit(invoice: &Invoice, texts: &Texts, mandate: &Mandate, creditor_id: &str, on: Day) -> Payment {
    let labels = &texts.labels;
    let language = invoice.draft.buyer.language;
    let (amount, date) = (money(invoice.draft.due(), language), language.date(on));
    Payment {
        paragraphs: vec![fill(&texts.payment.direct_debit, &[("amount", &amount), ("date", &date)])],
        facts: vec![
            fact(&labels.amount, amount),
            fact(&labels.collected_on, date),
            fact(&labels.debited_account, masked(&mandate.iban)),
            fact(&labels.holder, &mandate.holder),
            fact(&labels.mandate, &mandate.reference),
            fact(&labels.creditor_id, creditor_id),
        ],
        code: None,
        url: None,
    }
}

/// An IBAN by which its holder knows it, and nobody else: country and the last four digits.
fn masked(iban: &str) -> String {
    let characters: Vec<char> = iban.chars().collect();
    let hidden = |(index, character): (usize, &char)| {
        if index < 2 || index + 4 >= characters.len() { *character } else { '•' }
    };
    grouped(&characters.iter().enumerate().map(hidden).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iban_is_masked() {
        assert_eq!(masked("DE75512108001245126199"), "DE•• •••• •••• •••• ••61 99");
        assert_eq!(masked("NO9386011117947"), "NO•• •••• •••7 947");
        assert_eq!(masked(""), "");
    }
}

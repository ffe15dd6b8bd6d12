//! Reminders of unpaid invoices (I6).

use domain::catalog::charge::Issuer;
use domain::dunning::DunningLevel;
use domain::money::Money;
use platform::table::invoices::Standing;

use super::{Text, business_letter};

/// A reminder of a level. What is open is told as a sum that can be checked: invoice, what was received, what came on top.
#[must_use]
pub fn reminder(standing: &Standing, level: &DunningLevel, interest_note: Option<String>, pay: &str) -> Text {
    let invoice = &standing.invoice;
    let (language, seller) = (invoice.draft.buyer.language, &invoice.seller);
    let number = invoice.number.to_string();
    let reached_on = standing.dunned.on.unwrap_or(standing.due_on());
    let pay_by = language.date(reached_on.plus_days(level.pay_within_days));
    let (charged, received) = (standing.dunned.charged, standing.kept());
    let open = standing.open();
    let fact = |de: &str, en: &str, value: String| (language.pick(de, en).to_owned(), value);
    let some = |money: Money| (!money.is_zero()).then(|| language.money(money));
    let mut facts = vec![
        fact("Rechnungsnummer", "Invoice number", number.clone()),
        fact("Rechnungsdatum", "Invoice date", language.date(invoice.issued_on)),
        fact("Fällig seit", "Due since", language.date(standing.due_on())),
        fact("Rechnungsbetrag", "Invoice amount", language.money(invoice.draft.due())),
    ];
    facts.extend(some(received).map(|amount| fact("Davon eingegangen", "Received of it", amount)));
    facts.extend(some(charged).map(|amount| fact("Gebühren", "Fees", amount)));
    facts.push(fact("Offener Betrag", "Open amount", language.money(open)));
    facts.push(fact("Zahlbar bis", "Payable by", pay_by));
    let title = level.title.get(language);
    let debit = standing.dunned.debit_failed_on.map(|day| {
        language.pick(
            format!("Die Lastschrift wurde am {} zurückgegeben; die Kosten der Bank sind in den Gebühren enthalten. Bitte überweisen Sie den Betrag.", language.date(day)),
            format!("The direct debit was returned on {}; what the bank charged for it is included in the fees. Please transfer the amount.", language.date(day)),
        )
    });
    let mut paragraphs = vec![
        language.pick("Sehr geehrte Damen und Herren,", "Dear Sir or Madam,").to_owned(),
        level.text.get(language).to_owned(),
    ];
    paragraphs.extend(debit);
    let mut closing = vec![language.pick(
        format!(
            "Bitte geben Sie bei einer Überweisung die Rechnungsnummer {number} an: {}, IBAN {}, BIC {}.",
            seller.bank_name, seller.iban, seller.bic
        ),
        format!(
            "Please quote the invoice number {number} with a transfer: {}, IBAN {}, BIC {}.",
            seller.bank_name, seller.iban, seller.bic
        ),
    )];
    closing.extend(interest_note);
    closing.push(language.pick(
        "Haben Sie inzwischen bezahlt, betrachten Sie dieses Schreiben bitte als gegenstandslos.".to_owned(),
        "If you have paid in the meantime, please disregard this letter.".to_owned(),
    ));
    closing.push(language.pick(
        format!("Fragen beantworten wir gern unter {} oder {}.", seller.email.as_str(), seller.phone),
        format!("We are happy to answer questions at {} or {}.", seller.email.as_str(), seller.phone),
    ));
    closing.extend(business_letter(seller, language));
    Text {
        subject: format!("{title}: {} {number}", language.pick("Rechnung", "invoice")),
        paragraphs,
        facts,
        // A service partner is paid by transfer (Z7).
        button: (invoice.draft.issuer == Issuer::Operator)
            .then(|| (language.pick("Online bezahlen", "Pay online").to_owned(), pay.to_owned())),
        closing,
    }
}

//! The invoices of an offer: a part of it in advance, and the whole less that part once it is delivered (§ 14 (5) UStG).

use rust_decimal::Decimal;

use super::Offer;
use crate::account::{Account, Operator};
use crate::calendar::Day;
use crate::catalog::charge::Issuer;
use crate::catalog::meter::Unit;
use crate::invoice::{Draft, Invoice, InvoiceKind, Line};
use crate::language::{Language, Text};
use crate::manual::{Entered, EnteredLine};
use crate::money::{Currency, Money, MoneyError};
use crate::rating::HoldReason;
use crate::vat::{VatRate, VatTreatment};

/// The draft that shows what an offer comes to, with the VAT of the buyer.
///
/// # Errors
/// Why the VAT cannot be told, or amounts beyond the limit.
pub fn total(offer: &Offer, seller: &Operator, buyer: &Account) -> Result<Draft, HoldReason> {
    entered(offer, InvoiceKind::Single, items(offer, offer.deliver_on)).draft(seller, buyer, offer.made_on)
}

/// The draft of the down payment invoice: one line for each rate, a percentage of what is offered at that rate. Its
/// day of service is the one that was promised.
///
/// # Errors
/// Why the VAT cannot be told, or amounts beyond the limit.
pub fn down_payment(
    offer: &Offer,
    percent: Decimal,
    (seller, buyer): (&Operator, &Account),
    today: Day,
) -> Result<Draft, HoldReason> {
    let nets = by_rate(offer).map_err(HoldReason::Total)?;
    let many = nets.len() > 1;
    let mut lines = Vec::new();
    for (vat, net) in nets {
        let part = net.percent(percent).map_err(HoldReason::Total)?;
        if part.amount() <= Decimal::ZERO {
            continue;
        }
        let (number, rate) = (offer.number(), offer.language.number(vat.percent()));
        let (share, of) = (offer.language.number(percent), offer.language.money(net));
        let suffix = if many { format!(" ({rate}\u{a0}%)") } else { String::new() };
        let text = Text {
            de: format!("Anzahlung von {share}\u{a0}% auf {of} netto, Angebot {number}{suffix}"),
            en: format!("Down payment of {share}\u{a0}% on {of} net, offer {number}{suffix}"),
        };
        lines.push(EnteredLine {
            text: text.get(offer.language).to_owned(),
            quantity: Decimal::ONE,
            unit: Unit::LUMP_SUM,
            unit_price: part.amount(),
            vat,
            first_day: offer.deliver_on,
            last_day: offer.deliver_on,
        });
    }
    entered(offer, InvoiceKind::DownPayment, lines).draft(seller, buyer, today)
}

/// The draft of the invoice for what was delivered: all items, less each down payment that was invoiced and not
/// cancelled, as lines of quantity −1 at its own rate. It is never below zero.
///
/// # Errors
/// Why it cannot be invoiced.
pub fn settling(
    offer: &Offer,
    down_payments: &[Invoice],
    delivered_on: Day,
    (seller, buyer): (&Operator, &Account),
    today: Day,
) -> Result<Draft, HoldReason> {
    let kind = if down_payments.is_empty() { InvoiceKind::Single } else { InvoiceKind::Final };
    let whole = entered(offer, kind, items(offer, delivered_on)).draft(seller, buyer, today)?;
    let mut lines = whole.lines;
    for invoice in down_payments {
        let mut told = Vec::new();
        for line in &invoice.draft.lines {
            // The tax on a part that was paid has to be told with it (§ 14 (5) UStG): for each rate once.
            let tax = invoice.draft.totals.vat.iter().find(|group| group.treatment == line.vat && !group.vat.is_zero());
            let tax = tax.filter(|group| !told.contains(&group.treatment)).map(|group| group.vat);
            told.push(line.vat);
            lines.push(deducted(invoice, line, tax, delivered_on).map_err(HoldReason::Total)?);
        }
    }
    // What is not taxable stands alone on an invoice (BR-O-11): the buyer has moved since the down payment.
    let outside = |line: &&Line| line.vat == VatTreatment::NotTaxable;
    if lines.iter().any(|line| outside(&line)) && !lines.iter().all(|line| outside(&line)) {
        return Err(HoldReason::OtherVat);
    }
    // Nor can what the buyer owed the tax for without its VAT id (BR-AE-02).
    if whole.buyer.vat_id.is_none() && lines.iter().any(|line| line.vat == VatTreatment::ReverseCharge) {
        return Err(HoldReason::OtherVat);
    }
    let (buyer, month, note) = (whole.buyer, whole.month, whole.note);
    let draft = Draft::new(kind, Issuer::Operator, buyer, month, lines).map_err(HoldReason::Total)?;
    if draft.totals.gross.amount() < Decimal::ZERO {
        return Err(HoldReason::BelowZero(draft.totals.net));
    }
    Ok(Draft { references: down_payments.iter().map(Invoice::reference).collect(), note, ..draft })
}

fn deducted(invoice: &Invoice, line: &Line, tax: Option<Money>, day: Day) -> Result<Line, MoneyError> {
    let net = Money::zero(Currency::Eur).minus(line.net)?;
    let (number, on, (de, en)) = (&invoice.number, invoice.issued_on, (Language::De, Language::En));
    let text = Text {
        de: format!("abzüglich Anzahlung laut {number} vom {}", de.date(on))
            + &tax.map(|tax| format!(", darauf entfallende USt {}", de.money(tax))).unwrap_or_default(),
        en: format!("less down payment by {number} of {}", en.date(on))
            + &tax.map(|tax| format!(", VAT on it {}", en.money(tax))).unwrap_or_default(),
    };
    Ok(Line { text, quantity: -line.quantity, net, first_day: day, last_day: day, charged_on: day, ..line.clone() })
}

fn items(offer: &Offer, day: Day) -> Vec<EnteredLine> {
    offer.items.iter().map(|item| item.line(day)).collect()
}

fn entered(offer: &Offer, kind: InvoiceKind, lines: Vec<EnteredLine>) -> Entered {
    let (number, date) = (offer.number(), offer.language.date(offer.made_on));
    let by = match kind {
        InvoiceKind::DownPayment => Text {
            de: format!(
                "Zu unserem Angebot {number} vom {date}, Lieferung voraussichtlich am {}.",
                offer.language.date(offer.deliver_on)
            ),
            en: format!(
                "For our offer {number} of {date}, delivery expected on {}.",
                offer.language.date(offer.deliver_on)
            ),
        },
        _ => Text {
            de: format!("Gemäß unserem Angebot {number} vom {date}."),
            en: format!("According to our offer {number} of {date}."),
        },
    };
    Entered {
        kind,
        issuer: Issuer::Operator,
        lines,
        note: Some(by.get(offer.language).to_owned()),
        order_reference: None,
        due_days: None,
        references: Vec::new(),
    }
}

/// Net sums by rate, the highest first.
fn by_rate(offer: &Offer) -> Result<Vec<(VatRate, Money)>, MoneyError> {
    let mut sums: std::collections::BTreeMap<VatRate, Money> = std::collections::BTreeMap::new();
    for item in &offer.items {
        let sum = sums.entry(item.vat).or_insert(Money::zero(Currency::Eur));
        *sum = sum.plus(item.net()?)?;
    }
    Ok(sums.into_iter().rev().collect())
}

//! Taking an issued invoice back, and what stands in for it (I2): the invoice itself never changes.

use crate::calendar::Day;
use crate::catalog::meter::Unit;
use crate::invoice::{Draft, Invoice, InvoiceKind, Line};
use crate::language::Language;
use crate::manual::{Entered, EnteredLine};
use crate::money::{Currency, Money, MoneyError, UnitPrice};
use crate::vat::{VatRate, VatTreatment};

/// Why an invoice is not cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It was cancelled before.
    #[error("the invoice has been cancelled already")]
    Already,
    /// It is a cancellation itself: what was wrongly cancelled is invoiced anew.
    #[error("a cancellation cannot be cancelled")]
    Cancellation,
    /// An invoice for the whole deducts it, which has to be cancelled first: else nobody asked for this part any longer.
    #[error("another invoice deducts this down payment and has to be cancelled first")]
    Deducted,
    /// An amount is beyond the limit.
    #[error(transparent)]
    Amount(#[from] MoneyError),
}

/// The draft that takes an invoice back as a whole: its lines with negated quantities, so that all sums are negated,
/// naming it as its reference. Buyer and rates are those of the invoice.
///
/// # Errors
/// [`Refusal`].
pub fn cancel(invoice: &Invoice, cancelled: bool, reason: &str, today: Day) -> Result<Draft, Refusal> {
    if invoice.draft.kind == InvoiceKind::Cancellation {
        return Err(Refusal::Cancellation);
    }
    if cancelled {
        return Err(Refusal::Already);
    }
    let original = &invoice.draft;
    let lines = original.lines.iter().map(negated).collect::<Result<_, MoneyError>>()?;
    let buyer = original.buyer.clone();
    let draft = Draft::new(InvoiceKind::Cancellation, original.issuer, buyer, today.month(), lines)?;
    let credit = Money::zero(original.credit.currency()).minus(original.credit)?;
    Ok(Draft { credit, references: vec![invoice.reference()], note: Some(reason.to_owned()), ..draft })
}

fn negated(line: &Line) -> Result<Line, MoneyError> {
    let net = Money::zero(line.net.currency()).minus(line.net)?;
    Ok(Line { quantity: -line.quantity, net, ..line.clone() })
}

/// What is entered for the invoice that stands in for a cancelled one: its lines, to be corrected by hand.
#[must_use]
pub fn correction(invoice: &Invoice) -> Entered {
    let language = invoice.draft.buyer.language;
    Entered {
        kind: InvoiceKind::Correction,
        issuer: invoice.draft.issuer,
        lines: invoice.draft.lines.iter().map(|line| entered(line, language)).collect(),
        note: None,
        order_reference: invoice.draft.buyer.terms.order_reference.clone(),
        due_days: u64::try_from(invoice.due_on.days_since(invoice.issued_on)).ok(),
        references: vec![invoice.reference()],
    }
}

/// A line as somebody would have entered it. One that is charged for a part of a month, or with a price below zero,
/// becomes a lump sum: its net amount is what was charged.
fn entered(line: &Line, language: Language) -> EnteredLine {
    let vat = match line.vat {
        VatTreatment::Taxed(rate) => rate,
        // What is not taxed now is asked of the buyer again when the correction is issued.
        VatTreatment::ReverseCharge | VatTreatment::NotTaxable | VatTreatment::SmallBusiness => VatRate::STANDARD,
    };
    let plain = UnitPrice::new(line.unit_price.amount(), Currency::Eur).times(line.quantity) == Ok(line.net);
    let suffix = line.share.map(|share| share.suffix().get(language).to_owned()).unwrap_or_default();
    let one =
        if line.net.amount().is_sign_negative() { -rust_decimal::Decimal::ONE } else { rust_decimal::Decimal::ONE };
    let (quantity, unit, unit_price) = if plain && line.unit_price.amount() >= rust_decimal::Decimal::ZERO {
        (line.quantity, line.unit.clone(), line.unit_price.amount())
    } else {
        (one, Unit::LUMP_SUM, line.net.amount().abs())
    };
    EnteredLine {
        text: format!("{}{suffix}", line.text.get(language)),
        quantity,
        unit,
        unit_price,
        vat,
        first_day: line.first_day,
        last_day: line.last_day,
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::ids::InvoiceId;
    use crate::invoice::{InvoiceNumber, Share};
    use crate::language::Text;
    use crate::manual::form::{LineForm, ManualForm};
    use crate::manual::tests::samples::{buyer, seller};

    fn day(text: &str) -> Day {
        Day::parse(text).expect(text)
    }

    fn invoice() -> Invoice {
        let line = |text, quantity, unit_price, vat| LineForm {
            text,
            quantity,
            unit: "piece",
            unit_price,
            vat,
            first_day: "2026-11-02",
            last_day: "2026-11-30",
        };
        // Three cents of 19 % and a half cent that is rounded: what is negated must round alike.
        let lines = vec![line("A", "3", "0.01", "19"), line("B", "0.5", "0.01", "7"), line("C", "7", "12.345", "19")];
        let entered = ManualForm { lines, ..ManualForm::default() }.read().expect("a sound form");
        let mut draft = entered.draft(&seller(), &buyer("DE", None), day("2026-11-30")).expect("a draft");
        draft.lines[0].share = Some(Share { days: 15, of: 30 });
        draft.lines[0].net = Money::parse("0.02", Currency::Eur).expect("an amount");
        draft.totals = crate::invoice::Totals::of(&draft.lines, Currency::Eur).expect("totals");
        draft.credit = Money::parse("1.00", Currency::Eur).expect("an amount");
        let number = InvoiceNumber::new(&seller(), "RE-2026", 7);
        Invoice::issue(draft, InvoiceId::parse("inv_a").expect("an id"), number, day("2026-11-30"), seller())
    }

    #[test]
    fn a_cancellation_takes_back_every_cent_i2() {
        let original = invoice();
        let draft = cancel(&original, false, "Falscher Empfänger", day("2026-12-05")).expect("can be cancelled");
        assert_eq!((draft.kind, draft.month.to_string().as_str()), (InvoiceKind::Cancellation, "2026-12"));
        assert_eq!(draft.references, [original.reference()]);
        let zero = |a: Money, b: Money| a.plus(b).expect("a sum").is_zero();
        let (now, before) = (&draft.totals, &original.draft.totals);
        assert!(
            zero(now.net, before.net) && zero(now.gross, before.gross) && zero(draft.credit, original.draft.credit)
        );
        for (group, known) in now.vat.iter().zip(&before.vat) {
            assert!(
                zero(group.vat, known.vat) && zero(group.taxable, known.taxable) && group.treatment == known.treatment
            );
        }
        assert!(zero(draft.due(), original.draft.due()));
        assert_eq!(draft.lines[0].quantity, Decimal::from(-3));

        assert_eq!(cancel(&original, true, "x", day("2026-12-05")), Err(Refusal::Already));
        let cancellation = Invoice { draft, ..original };
        assert_eq!(cancel(&cancellation, false, "x", day("2026-12-05")), Err(Refusal::Cancellation));
    }

    #[test]
    fn a_correction_begins_with_what_was_charged() {
        let original = invoice();
        let entered = correction(&original);
        let draft = entered.draft(&seller(), &buyer("DE", None), day("2026-12-05")).expect("a draft");
        assert_eq!(draft.totals, original.draft.totals);
        assert_eq!((draft.kind, draft.references.len()), (InvoiceKind::Correction, 1));
        assert_eq!(entered.lines[0].text, "A (15 von 30 Tagen)");
        assert_eq!(entered.lines[0].unit, Unit::LUMP_SUM);
        assert_eq!(entered.lines[2].unit_price.to_string(), "12.345");
        let mut discounted = original;
        discounted.draft.lines[2].text = Text::new("Rabatt", "Discount");
        discounted.draft.lines[2].unit_price = UnitPrice::new(Decimal::from(-5), Currency::Eur);
        discounted.draft.lines[2].net = Money::parse("-35.00", Currency::Eur).expect("an amount");
        let line = &correction(&discounted).lines[2];
        assert_eq!((line.quantity, line.unit_price), (Decimal::NEGATIVE_ONE, Decimal::new(3500, 2)));
    }
}

//! Lines (BG-25), so that quantity × price ÷ base quantity is the net amount to the cent.

use domain::invoice::Line;
use domain::language::Language;
use domain::money::Money;
use domain::vat::VatTreatment;
use en16931::codes::generated::UNIT_CODES;
use en16931::invoice::{Code, Item, LineVat, Period, PriceDetails};
use en16931::{InvoiceLine, Percentage, Quantity, UnitPriceAmount};
use rust_decimal::Decimal;

use super::{EInvoiceError, amount, date};
use crate::texts::Texts;

/// Most decimal places of a price that receivers are known to keep.
const PRICE_PLACES: u32 = 4;

/// What a line is charged by, as the standard puts it: no price below zero (BR-27), and a price for a base quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Priced {
    pub(super) quantity: Decimal,
    pub(super) unit: String,
    pub(super) price: Decimal,
    pub(super) base: Decimal,
    /// Whether quantity and price are those that are printed.
    pub(super) as_printed: bool,
}

/// A line.
///
/// # Errors
/// [`EInvoiceError::Value`] for a date that the standard does not know.
pub(super) fn line(
    position: usize,
    line: &Line,
    sign: i64,
    texts: &Texts,
    language: Language,
) -> Result<InvoiceLine, EInvoiceError> {
    let priced = priced(line, sign);
    let has_rate = line.vat != VatTreatment::NotTaxable;
    let rate = has_rate.then(|| Percentage::new(line.vat.percent()));
    let mut written = InvoiceLine::new(
        position.to_string(),
        line.text.get(language),
        Quantity::new(priced.quantity),
        priced.unit.as_str(),
        amount(line.net, sign),
        line.vat.category(),
        rate,
    );
    written.price = PriceDetails {
        net_price: UnitPriceAmount::new(priced.price),
        base_quantity: Some(Quantity::new(priced.base)),
        base_quantity_code: Some(Code::new(priced.unit)),
        ..PriceDetails::default()
    };
    written.vat = LineVat { category: Code::new(line.vat.category()), rate };
    written.period = Some(Period { start: Some(date(line.first_day)?), end: Some(date(line.last_day)?) });
    written.note = (!priced.as_printed).then(|| texts.calculation(line, language));
    written.item = Item {
        name: Some(line.text.get(language).to_owned()),
        description: Some(texts.line_detail(line, None, language)),
        seller_identifier: Some(line.provenance.price.clone()).filter(|price| !price.trim().is_empty()),
        ..Item::default()
    };
    Ok(written)
}

/// Puts what a line is charged by into the terms of the standard.
///
/// - A share of a month becomes days: 2 licences for 15 of 30 days at 9.00 are 30 days at 9.00 for each 30.
/// - A small price is one for 1,000 or a million.
/// - What does not multiply to the net amount all the same is one piece at that amount.
pub(super) fn priced(line: &Line, sign: i64) -> Priced {
    let sign = Decimal::from(sign);
    let price = line.unit_price.amount();
    let (quantity, price) =
        if price < Decimal::ZERO { (-line.quantity * sign, -price) } else { (line.quantity * sign, price) };
    let net = line.net.amount() * sign;
    let direct = match line.share {
        Some(share) => quantity.checked_mul(Decimal::from(share.days)).map(|quantity| Priced {
            quantity,
            unit: "DAY".to_owned(),
            price,
            base: Decimal::from(share.of),
            as_printed: false,
        }),
        None => Some(per_base(quantity, unit_code(line), price)),
    };
    match direct {
        Some(priced) if multiplies_to(&priced, net, line.net) => priced.normalized(),
        _ => Priced {
            quantity: if net < Decimal::ZERO { Decimal::NEGATIVE_ONE } else { Decimal::ONE },
            unit: "C62".to_owned(),
            price: net.abs(),
            base: Decimal::ONE,
            as_printed: false,
        },
    }
}

impl Priced {
    fn normalized(mut self) -> Self {
        for number in [&mut self.quantity, &mut self.price, &mut self.base] {
            *number = number.normalize();
        }
        self
    }
}

/// The price for one, or for 1,000 or a million where that has few decimal places and is a cent at least.
fn per_base(quantity: Decimal, unit: String, price: Decimal) -> Priced {
    let bases = [Decimal::ONE, Decimal::ONE_THOUSAND, Decimal::from(1_000_000)];
    let fits = |base: &Decimal| {
        price.checked_mul(*base).is_some_and(|price| {
            price.normalize().scale() <= PRICE_PLACES && (price.is_zero() || price >= Decimal::new(1, 2))
        })
    };
    let base = bases.into_iter().find(fits).unwrap_or(Decimal::ONE);
    Priced { quantity, unit, price: price.checked_mul(base).unwrap_or(price), base, as_printed: true }
}

fn multiplies_to(priced: &Priced, net: Decimal, of: Money) -> bool {
    let exact = priced.quantity.checked_mul(priced.price).and_then(|product| product.checked_div(priced.base));
    let rounded = exact.and_then(|exact| Money::round(exact, of.currency()).ok());
    rounded.is_some_and(|rounded| rounded.amount() == net)
}

/// The unit's code; that of pieces for one the standard does not list. Its name stands in the text.
fn unit_code(line: &Line) -> String {
    let code = Code::new(line.unit.code.as_ref());
    if code.is_in(UNIT_CODES) { code.as_str().to_owned() } else { "C62".to_owned() }
}

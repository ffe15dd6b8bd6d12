//! Collects lines and holds while a month is rated.

use rust_decimal::Decimal;

use crate::calendar::Day;
use crate::catalog::Catalogue;
use crate::catalog::charge::{Charge, PriceSource, VatClass};
use crate::catalog::meter::Unit;
use crate::catalog::names::MeterId;
use crate::catalog::plan::Plan;
use crate::ids::EventId;
use crate::invoice::{Line, Provenance, Share};
use crate::language::Text;
use crate::money::{Money, UnitPrice};
use crate::rating::frame::{Frame, Run};
use crate::rating::{Basis, HoldReason, PoolBalance, RatedLine};
use crate::vat::{VatRate, VatTreatment};

/// Where a line stands on the invoice: late lines after the others, then by the plan's charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Whether it is for a closed month.
    pub(super) late: bool,
    /// Which plan of the month.
    pub(super) segment: usize,
    /// Which charge of the plan.
    pub(super) charge: usize,
}

/// A line with its place.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) place: Place,
    pub(super) line: RatedLine,
}

/// What has come of rating so far.
#[derive(Debug, Default)]
pub(super) struct Output {
    pub(super) lines: Vec<Placed>,
    pub(super) held: Vec<HoldReason>,
    pub(super) pools: Vec<PoolBalance>,
}

/// A line about to be priced.
pub(super) struct Item<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) plan: &'a Plan,
    pub(super) charge: &'a Charge,
    pub(super) place: Place,
    pub(super) text: Text,
    pub(super) quantity: Decimal,
    pub(super) unit: Unit,
    pub(super) unit_price: Decimal,
    pub(super) share: Option<Share>,
    pub(super) period: (Day, Day),
    pub(super) charged_on: Day,
    pub(super) meter: Option<&'a MeterId>,
    pub(super) event: Option<&'a EventId>,
    pub(super) basis: Basis,
    pub(super) days: Vec<(Day, Decimal)>,
}

impl<'a> Item<'a> {
    /// What the lines of a run have in common; usage is charged at the end of the month it is billed in.
    pub(super) fn of(frame: &Frame<'a>, run: &Run<'a>) -> Self {
        Self {
            catalogue: run.catalogue,
            plan: run.plan,
            charge: run.charge,
            place: run.place,
            text: Text { de: String::new(), en: String::new() },
            quantity: Decimal::ZERO,
            unit: Unit::PIECE,
            unit_price: Decimal::ZERO,
            share: None,
            period: (
                run.spans.first().map_or(frame.month.first(), |span| span.0),
                run.spans.last().map_or(frame.month.last(), |span| span.1),
            ),
            charged_on: frame.billed.last(),
            meter: None,
            event: None,
            basis: Basis::Fee,
            days: Vec::new(),
        }
    }
}

impl Output {
    /// Adds a hold once.
    pub(super) fn hold(&mut self, reason: HoldReason) {
        if !self.held.contains(&reason) {
            self.held.push(reason);
        }
    }

    /// Prices a line: quantity × unit price × share, rounded once (G1). What costs nothing has no line.
    pub(super) fn push(&mut self, item: Item<'_>) {
        if item.quantity.is_zero() || item.unit_price.is_zero() || item.share.is_some_and(|share| share.days == 0) {
            return;
        }
        let currency = item.catalogue.parts().currency;
        let unit_price = UnitPrice::new(item.unit_price.normalize(), currency);
        let Some(net) =
            net_of(item.quantity, item.unit_price, item.share).and_then(|net| Money::round(net, currency).ok())
        else {
            self.hold(HoldReason::TooLarge(item.charge.id.clone()));
            return;
        };
        let line = Line {
            text: item.text,
            quantity: item.quantity.normalize(),
            unit: unit(item.charge, item.unit),
            unit_price,
            share: item.share,
            net,
            vat: vat_of(item.charge.vat),
            first_day: item.period.0,
            last_day: item.period.1,
            charged_on: item.charged_on,
            issuer: item.charge.issuer,
            provenance: Provenance {
                plan: item.catalogue.plan_key(&item.plan.id),
                price: item.charge.id.to_string(),
                rule: source(&item.charge.source),
                meter: item.meter.map(ToString::to_string),
                event: item.event.cloned(),
            },
        };
        self.lines.push(Placed { place: item.place, line: RatedLine { line, basis: item.basis, days: item.days } });
    }

    /// The lines in the order of the invoice; those of one place stay as they came.
    pub(super) fn in_order(mut self) -> Self {
        self.lines.sort_by_key(|placed| placed.place);
        self
    }
}

/// The unit a charge names stands for what is counted, not for calls, packages or lump sums made of it.
fn unit(charge: &Charge, unit: Unit) -> Unit {
    match &charge.unit {
        Some(named) if ![Unit::CALL, Unit::PACKAGE, Unit::LUMP_SUM].contains(&unit) => named.clone(),
        _ => unit,
    }
}

/// Quantity × unit price × share, not rounded yet; `None` where it does not fit.
pub(super) fn net_of(quantity: Decimal, unit_price: Decimal, share: Option<Share>) -> Option<Decimal> {
    let whole = quantity.checked_mul(unit_price)?;
    match share {
        None => Some(whole),
        Some(share) => whole.checked_mul(Decimal::from(share.days))?.checked_div(Decimal::from(share.of)),
    }
}

/// How a domestic buyer is taxed; who the buyer is decides the rest (I4).
pub(super) const fn vat_of(class: VatClass) -> VatTreatment {
    match class {
        VatClass::Standard => VatTreatment::STANDARD,
        VatClass::Reduced => VatTreatment::Taxed(VatRate::REDUCED),
    }
}

/// Where a price comes from, in a word.
pub(super) fn source(source: &PriceSource) -> String {
    match source {
        PriceSource::Rule(rule) => rule.clone(),
        PriceSource::Sample => "sample".to_owned(),
    }
}

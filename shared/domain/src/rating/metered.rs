//! Prices by quantity: per unit, package, graduated, volume; by month or by event.

use rust_decimal::Decimal;

use crate::calendar::{Day, Month};
use crate::catalog::charge::{Metered, Model, Shape, Waiver};
use crate::catalog::meter::{Meter, Unit};
use crate::catalog::names::MeterId;
use crate::catalog::tiers::{Price, Tier, Tiers};
use crate::language::{Language, Text};
use crate::rating::exact;
use crate::rating::frame::{Frame, Run, days_of_all, within};
use crate::rating::late;
use crate::rating::output::{Item, Output, Place};
use crate::rating::pools::{Covered, Source};
use crate::rating::quantity::{Counted, count};
use crate::rating::{Basis, HoldReason};
use crate::usage::EndedEvent;

/// A part of a price: one line.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) quantity: Decimal,
    pub(super) unit_price: Decimal,
    pub(super) unit: Unit,
    pub(super) suffix: Option<Text>,
    pub(super) basis: Basis,
}

/// What an ended event has of a meter (A10, A11).
pub(super) fn event_quantity(event: &EndedEvent, meter: &MeterId) -> Decimal {
    Decimal::from(match meter.as_str() {
        "accepted_attendees" => event.counts.coming(event.counting),
        "declined_attendees" => event.counts.declined,
        "responses" => event.counts.responses,
        "events" => 1,
        _ => 0,
    })
}

/// Charges the usage of a meter.
pub(super) fn rate(frame: &Frame<'_>, run: &Run<'_>, metered: &Metered, covered: &Covered<'_>, out: &mut Output) {
    if metered.per_event {
        return rate_events(frame, run, metered, covered, out);
    }
    let Some(meter) = run.catalogue.meter(&metered.meter) else { return };
    let price = |known| {
        let Some(counted) = counted(frame, run, metered, meter, known)? else { return Ok((Vec::new(), Vec::new())) };
        let free = covered.of(Source::Month(frame.month), run, known);
        Ok((parts(frame, run, metered, meter, counted.quantity, free)?, counted.days))
    };
    if frame.month < frame.billed {
        return late::difference(frame, run, out, price);
    }
    let result = price(frame.billed);
    match result {
        Err(reason) => out.hold(reason),
        Ok((parts, days)) => {
            let share = if metered.prorated { frame.share(days_of_all(&run.spans)) } else { None };
            for part in parts {
                let mut text = match &part.suffix {
                    Some(suffix) => run.charge.text.with(&suffix.de, &suffix.en),
                    None => run.charge.text.clone(),
                };
                if let Some(share) = share {
                    text = text.with(&share.suffix().de, &share.suffix().en);
                }
                out.push(Item {
                    text,
                    quantity: part.quantity,
                    unit: part.unit,
                    unit_price: part.unit_price,
                    share,
                    meter: Some(&metered.meter),
                    basis: part.basis,
                    days: days.clone(),
                    ..Item::of(frame, run)
                });
            }
        }
    }
}

/// The quantity of the meter as known in a month; `None` while a waiver holds, minimum or not (A12).
fn counted(
    frame: &Frame<'_>,
    run: &Run<'_>,
    metered: &Metered,
    meter: &Meter,
    known: Month,
) -> Result<Option<Counted>, HoldReason> {
    let too_large = || HoldReason::TooLarge(run.charge.id.clone());
    let records = &frame.usage.records;
    let counted = count(meter, records, &run.spans, known).ok_or_else(too_large)?;
    if counted.quantity < Decimal::ZERO {
        return Err(HoldReason::BelowZeroUsage {
            meter: meter.id.clone(),
            month: frame.month,
            quantity: counted.quantity,
        });
    }
    let waived = is_waived(frame, run, metered, known).ok_or_else(too_large)?;
    Ok((!waived).then_some(counted))
}

/// Whether a waiver holds for the month, by what is known in another; `None` where its count does not fit.
pub(super) fn is_waived(frame: &Frame<'_>, run: &Run<'_>, metered: &Metered, known: Month) -> Option<bool> {
    let Some(Waiver { meter, below }) = &metered.waiver else { return Some(false) };
    let looked_at = count(run.catalogue.meter(meter)?, &frame.usage.records, &run.spans, known)?;
    Some(looked_at.quantity < *below)
}

/// Whether a waiver holds for an event (A12).
pub(super) fn is_event_waived(metered: &Metered, event: &EndedEvent) -> bool {
    metered.waiver.as_ref().is_some_and(|waiver| event_quantity(event, &waiver.meter) < waiver.below)
}

fn rate_events(frame: &Frame<'_>, run: &Run<'_>, metered: &Metered, covered: &Covered<'_>, out: &mut Output) {
    let Some(meter) = run.catalogue.meter(&metered.meter) else { return };
    let mut events: Vec<(usize, &EndedEvent)> = frame
        .usage
        .events
        .iter()
        .enumerate()
        .filter(|(_, event)| event.billed() == frame.billed && within(&run.spans, event.over_on))
        .collect();
    events.sort_unstable_by_key(|(_, event)| (event.over_on, &event.event));
    for (index, event) in events {
        let counts = event.counts;
        let negative = counts.accepted < 0 || counts.declined < 0 || counts.responses < 0;
        if negative || counts.accepted.saturating_add(counts.declined) > counts.responses {
            out.hold(HoldReason::ImpossibleCounts(event.event.clone()));
            continue;
        }
        if is_event_waived(metered, event) {
            continue;
        }
        let quantity = event_quantity(event, &metered.meter);
        let free = covered.of(Source::Event(index), run, frame.billed);
        match parts(frame, run, metered, meter, quantity, free) {
            Err(reason) => out.hold(reason),
            Ok(parts) => {
                for part in parts {
                    let text = run.charge.text.with(&format!(": {}", event.title.de), &format!(": {}", event.title.en));
                    let text = part.suffix.map_or_else(|| text.clone(), |suffix| text.with(&suffix.de, &suffix.en));
                    out.push(Item {
                        text,
                        quantity: part.quantity,
                        unit: part.unit,
                        unit_price: part.unit_price,
                        period: (event.published_on.min(event.over_on), event.over_on),
                        charged_on: event.over_on.max(frame.billed.first()),
                        meter: Some(&metered.meter),
                        event: Some(&event.event),
                        basis: part.basis,
                        days: vec![(event.over_on, quantity)],
                        ..Item::of(frame, run)
                    });
                }
            }
        }
    }
}

/// Charges events that ended after the subscription did, by its last plan: the last invoice still comes (P3).
pub(super) fn rate_after_end(frame: &Frame<'_>, covered: &Covered<'_>, out: &mut Output) {
    let Some(last) = frame.subscription.ends_on else { return };
    let after = |event: &&EndedEvent| event.billed() == frame.billed && event.over_on > last;
    if !frame.usage.events.iter().any(|event| after(&event)) {
        return;
    }
    let Some((catalogue, plan)) = frame.plan_on(last) else { return };
    for (position, charge) in catalogue.charges_of(plan).enumerate() {
        let booked = charge.add_on.as_ref().is_none_or(|add_on| frame.has_add_on(plan, add_on, last));
        if let Model::Metered(metered) = &charge.model
            && metered.per_event
            && booked
        {
            let place = Place { late: false, segment: frame.segments.len(), charge: position };
            let run = Run { catalogue, plan, charge, place, spans: vec![(last.next(), Day::MAX)] };
            rate_events(frame, &run, metered, covered, out);
        }
    }
}

/// The lines of a quantity: pools first, then the minimum, then the shape of the price.
fn parts(
    frame: &Frame<'_>,
    run: &Run<'_>,
    metered: &Metered,
    meter: &Meter,
    counted: Decimal,
    covered: Decimal,
) -> Result<Vec<Part>, HoldReason> {
    let mut quantity = (counted - covered).max(Decimal::ZERO);
    let mut minimum = None;
    let of_meter = || frame.subscription.forecast.iter().find(|(meter, _)| *meter == metered.meter);
    let committed = match metered.forecast.then(of_meter) {
        None => None,
        Some(Some((_, committed))) => Some(*committed),
        // Who neither ordered a service nor used it owes nothing for it.
        Some(None) if counted.is_zero() => None,
        Some(None) => return Err(HoldReason::NoForecast(run.charge.id.clone())),
    };
    if let Some(least) = metered.minimum_quantity.max(committed)
        && quantity < least
    {
        quantity = least;
        minimum = Some(least);
    }
    if quantity.is_zero() {
        return Ok(Vec::new());
    }
    let units = Basis::Units { counted, covered, minimum };
    let unit = || run.charge.unit.clone().unwrap_or_else(|| meter.unit.clone());
    match &metered.shape {
        Shape::PerUnit(price) => Ok(vec![Part {
            quantity,
            unit_price: *price,
            unit: unit(),
            suffix: covered_suffix(covered, &unit()),
            basis: units,
        }]),
        Shape::Package { size, price } => {
            let packages =
                exact::started(quantity, *size).ok_or_else(|| HoldReason::TooLarge(run.charge.id.clone()))?;
            let suffix = Text {
                de: format!(" (je angefangene {} {})", Language::De.number(*size), unit().de),
                en: format!(" (per started {} {})", Language::En.number(*size), unit().en),
            };
            let basis = Basis::Packages { units: quantity, size: *size };
            Ok(vec![Part { quantity: packages, unit_price: *price, unit: Unit::PACKAGE, suffix: Some(suffix), basis }])
        }
        Shape::Graduated(tiers) => graduated(frame, run, tiers, quantity, &unit()),
        Shape::Volume(tiers) => volume(frame, run, tiers, quantity, &unit()),
    }
}

fn covered_suffix(covered: Decimal, unit: &Unit) -> Option<Text> {
    (covered > Decimal::ZERO).then(|| Text {
        de: format!(" (abzüglich {} {} frei)", Language::De.number(covered), unit.de),
        en: format!(" (less {} free {})", Language::En.number(covered), unit.en),
    })
}

fn graduated(
    frame: &Frame<'_>,
    run: &Run<'_>,
    tiers: &Tiers,
    quantity: Decimal,
    unit: &Unit,
) -> Result<Vec<Part>, HoldReason> {
    let mut parts = Vec::new();
    let mut above = Decimal::ZERO;
    for tier in tiers.all() {
        let end = tier.up_to.map_or(quantity, |up_to| up_to.min(quantity));
        if end <= above {
            break;
        }
        let unit_price = amount(frame, run, tier.price, quantity)?;
        let reached = Reached { tier, above, quantity, volume: false };
        reached.lines(end - above, unit_price, unit, &mut parts);
        above = end;
    }
    Ok(parts)
}

fn volume(
    frame: &Frame<'_>,
    run: &Run<'_>,
    tiers: &Tiers,
    quantity: Decimal,
    unit: &Unit,
) -> Result<Vec<Part>, HoldReason> {
    let (tier, above) = tiers.reached(quantity);
    let unit_price = amount(frame, run, tier.price, quantity)?;
    let mut parts = Vec::new();
    Reached { tier: &tier, above, quantity, volume: true }.lines(quantity, unit_price, unit, &mut parts);
    Ok(parts)
}

/// A tier that a quantity reaches.
struct Reached<'a> {
    tier: &'a Tier,
    above: Decimal,
    quantity: Decimal,
    volume: bool,
}

impl Reached<'_> {
    /// The line of its units, and that of the amount charged once for reaching it.
    fn lines(&self, units: Decimal, unit_price: Decimal, unit: &Unit, parts: &mut Vec<Part>) {
        let Self { tier, above, quantity, volume } = *self;
        let suffix = Some(tier_suffix(above, tier.up_to));
        let basis = |flat| Basis::Tier { above, up_to: tier.up_to, quantity, volume, flat };
        let of_units =
            Part { quantity: units, unit_price, unit: unit.clone(), suffix: suffix.clone(), basis: basis(false) };
        parts.push(of_units);
        if !tier.flat.is_zero() {
            let (quantity, unit) = (Decimal::ONE, Unit::LUMP_SUM);
            parts.push(Part { quantity, unit_price: tier.flat, unit, suffix, basis: basis(true) });
        }
    }
}

/// The price of a tier; one that is on request has to be agreed with the account (G7).
pub(super) fn amount(frame: &Frame<'_>, run: &Run<'_>, price: Price, quantity: Decimal) -> Result<Decimal, HoldReason> {
    match price {
        Price::Amount(amount) => Ok(amount),
        Price::OnRequest => frame
            .subscription
            .agreed_price(&run.charge.id)
            .ok_or_else(|| HoldReason::OnRequest { charge: run.charge.id.clone(), quantity }),
    }
}

/// Which tier a line is about: ` (bis 1.000)`, ` (über 1.000 bis 5.000)`, ` (über 5.000)`.
pub(super) fn tier_suffix(above: Decimal, up_to: Option<Decimal>) -> Text {
    let (de, en) = (Language::De, Language::En);
    match (above.is_zero(), up_to) {
        (true, None) => Text { de: String::new(), en: String::new() },
        (true, Some(end)) => {
            Text { de: format!(" (bis {})", de.number(end)), en: format!(" (up to {})", en.number(end)) }
        }
        (false, None) => {
            Text { de: format!(" (über {})", de.number(above)), en: format!(" (above {})", en.number(above)) }
        }
        (false, Some(end)) => Text {
            de: format!(" (über {} bis {})", de.number(above), de.number(end)),
            en: format!(" (above {} up to {})", en.number(above), en.number(end)),
        },
    }
}

//! Charges, each for itself and against the meters, add-ons and pools it names.

use std::collections::HashSet;

use rust_decimal::Decimal;

use crate::catalog::CatalogueParts;
use crate::catalog::charge::{Billed, Blocks, Charge, Every, Flat, Metered, Model, Percentage, Shape, Stepped};
use crate::catalog::check::index::{Index, defined_once};
use crate::catalog::check::report::{Place, Report};
use crate::catalog::check::values::{self, Least};
use crate::catalog::meter::{Aggregation, EVENT_METERS, Meter, MeterKind};

/// Reports the mistakes of all charges.
pub(super) fn check(parts: &CatalogueParts, index: &Index<'_>, report: &mut Report) {
    let top = Place::top("charges");
    let mut seen = HashSet::new();
    for charge in &parts.charges {
        let id = charge.id.as_str();
        let place = top.then(id);
        defined_once(report, &place, &mut seen, "charge", id);
        values::text(report, &place.then("text"), &charge.text);
        values::source(report, &place, &charge.source);
        if let Some(add_on) = &charge.add_on {
            index.add_ons.require(report, &place.then("add_on"), add_on.as_str());
        }
        if let Some(unit) = &charge.unit {
            values::unit(report, &place.then("unit"), unit);
        }
        model(report, &place, index, charge);
        pools(report, &place.then("pools"), index, charge);
        if index.plan_with(id).is_none() {
            report.add(&place, "no plan has this charge; list it in the charges of a plan, or leave it out");
        }
        if report.full() {
            return;
        }
    }
}

fn model(report: &mut Report, place: &Place<'_>, index: &Index<'_>, charge: &Charge) {
    let key = if matches!(charge.model, Model::Blocks(_)) { "channel" } else { "meter" };
    let meter = charge.model.meter().and_then(|id| {
        index.meters.require(report, &place.then(key), id.as_str());
        index.meter(id.as_str())
    });
    if let Some(meter) = meter {
        kind(report, &place.then(key), &charge.model, meter);
    }
    match &charge.model {
        Model::Flat(model) => flat(report, place, model),
        Model::OneOff(model) => values::price(report, &place.then("price"), model.price),
        Model::Metered(model) => metered(report, place, index, meter, model),
        Model::Stepped(Stepped { tiers, .. }) => values::tiers(report, &place.then("tiers"), tiers),
        Model::Percentage(model) => percentage(report, place, model),
        Model::Blocks(model) => blocks(report, place, model),
    }
}

/// Whether a model can price a meter.
fn kind(report: &mut Report, place: &Place<'_>, model: &Model, meter: &Meter) {
    let kinds: &[MeterKind] = match model {
        Model::Flat(_) | Model::OneOff(_) => return,
        Model::Metered(_) => &[MeterKind::Counter, MeterKind::Gauge],
        Model::Stepped(_) => &[MeterKind::Counter],
        Model::Percentage(_) => &[MeterKind::Transaction],
        Model::Blocks(_) => &[MeterKind::Time],
    };
    let (id, model_code) = (&meter.id, model.code());
    if !kinds.contains(&meter.kind) {
        let expected = kinds.iter().map(|kind| kind.code()).collect::<Vec<_>>().join(" or ");
        let kind = meter.kind.code();
        report.add(place, format!("`{id}` is of kind {kind}, but {model_code} needs a meter of kind {expected}"));
    } else if matches!(model, Model::Stepped(_)) && meter.month != Aggregation::Sum {
        let month = meter.month.code();
        report.add(place, format!("`{id}` has month = \"{month}\", but {model_code} needs a meter with \"sum\""));
    }
}

fn flat(report: &mut Report, place: &Place<'_>, flat: &Flat) {
    values::price(report, &place.then("price"), flat.price);
    if flat.every == Every::Year {
        // Arrears is also what stands here if nothing was written.
        if flat.billed == Billed::Advance {
            report.add(&place.then("billed"), "a yearly fee always falls due in advance; leave billed out");
        }
        if flat.prorated {
            report.add(&place.then("prorated"), "a yearly fee is charged for a whole year; leave prorated out");
        }
    }
}

fn metered(report: &mut Report, place: &Place<'_>, index: &Index<'_>, meter: Option<&Meter>, metered: &Metered) {
    let price = |report: &mut Report, value: Decimal| {
        values::number(report, &place.then("price"), "price", value, Least::Zero);
    };
    match &metered.shape {
        Shape::PerUnit(value) => price(report, *value),
        Shape::Package { size, price: value } => {
            values::number(report, &place.then("size"), "size of a package", *size, Least::AboveZero);
            price(report, *value);
        }
        Shape::Graduated(tiers) | Shape::Volume(tiers) => values::tiers(report, &place.then("tiers"), tiers),
    }
    if let Some(quantity) = metered.minimum_quantity {
        values::number(report, &place.then("minimum_quantity"), "quantity", quantity, Least::Zero);
    }
    let gauge = meter.is_some_and(|meter| meter.kind == MeterKind::Gauge);
    if metered.per_event {
        event_meter(report, &place.then("meter"), index, metered.meter.as_str());
        if let Some(waiver) = &metered.waiver {
            event_meter(report, &place.then("waive_below").then("meter"), index, waiver.meter.as_str());
        }
        if gauge {
            report.add(&place.then("per_event"), "events count on counters, and the meter is a gauge; leave it out");
        }
        for (key, given) in [
            ("minimum_quantity", metered.minimum_quantity.is_some()),
            ("forecast", metered.forecast),
            ("prorated", metered.prorated),
        ] {
            if given {
                report.add(&place.then(key), format!("{key} is about months, per_event is not; leave one of them out"));
            }
        }
    }
    if let Some(waiver) = &metered.waiver {
        let place = place.then("waive_below");
        if gauge {
            report.add(&place, "a charge can be waived on counters only, and its meter is a gauge; leave it out");
        }
        let looked_at = waiver.meter.as_str();
        index.meters.require(report, &place.then("meter"), looked_at);
        if let Some(other) = index.meter(looked_at).filter(|meter| meter.kind != MeterKind::Counter) {
            let kind = other.kind.code();
            report.add(&place.then("meter"), format!("`{looked_at}` is of kind {kind}; name a meter of kind counter"));
        }
        values::number(report, &place.then("quantity"), "quantity", waiver.below, Least::Zero);
    }
}

fn percentage(report: &mut Report, place: &Place<'_>, percentage: &Percentage) {
    values::percent(report, &place.then("percent"), percentage.percent, Least::Zero);
    values::number(report, &place.then("fixed"), "amount", percentage.fixed, Least::Zero);
    for (key, amount) in [("minimum", percentage.minimum), ("maximum", percentage.maximum)] {
        if let Some(amount) = amount {
            values::number(report, &place.then(key), "amount", amount, Least::Zero);
        }
    }
    if let (Some(minimum), Some(maximum)) = (percentage.minimum, percentage.maximum)
        && minimum > maximum
    {
        report.add(
            &place.then("minimum"),
            format!("the minimum {minimum} is above the maximum {maximum}; write {maximum} or less"),
        );
    }
}

fn blocks(report: &mut Report, place: &Place<'_>, blocks: &Blocks) {
    values::number(report, &place.then("block"), "length of a block", blocks.block, Least::AboveZero);
    values::number(report, &place.then("price"), "price", blocks.price, Least::Zero);
    if let Some(first) = blocks.first {
        let place = place.then("first");
        values::number(report, &place.then("minutes"), "length of the first block", first.minutes, Least::AboveZero);
        values::number(report, &place.then("price"), "price", first.price, Least::Zero);
    }
    if let Some(longest) = blocks.longest {
        values::number(report, &place.then("longest"), "length of an entry", longest, Least::AboveZero);
    }
    values::windows(report, &place.then("windows"), &blocks.windows);
}

fn pools(report: &mut Report, place: &Place<'_>, index: &Index<'_>, charge: &Charge) {
    let (id, drawn) = (charge.id.as_str(), charge.model.pools());
    index.pools.list(report, place, drawn.iter().map(|pool| pool.as_str()));
    // A charge of no plan is a mistake of its own.
    let Some(plan) = index.plan_with(id) else { return };
    for (number, pool) in drawn.iter().map(|pool| pool.as_str()).enumerate() {
        if index.pools.position(pool).is_some() && !index.offers(id, pool) {
            report.add(
                &place.at(number),
                format!("no plan with this charge has the pool `{pool}`; define it in `{plan}`, or leave it out"),
            );
        }
    }
}

/// An event has no other meters, so a charge by another one would never charge anything.
fn event_meter(report: &mut Report, place: &Place, index: &Index<'_>, meter: &str) {
    let counter = index.meter(meter).is_some_and(|known| known.kind == MeterKind::Counter);
    if counter && !EVENT_METERS.contains(&meter) {
        let known = EVENT_METERS.map(|known| format!("`{known}`")).join(", ");
        report.add(place, format!("events do not have the meter `{meter}`; a charge per event goes by one of {known}"));
    }
}

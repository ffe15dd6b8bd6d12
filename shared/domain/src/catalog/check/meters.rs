//! Meters.

use std::collections::HashSet;

use crate::catalog::CatalogueParts;
use crate::catalog::check::index::defined_once;
use crate::catalog::check::report::{Place, Report};
use crate::catalog::check::values;
use crate::catalog::meter::{Aggregation, Meter, MeterKind};

/// Most decimal places of a mean.
const MOST_SCALE: u32 = 6;
/// What files leave out and programs leave empty; anything else was meant.
const UNUSED_SCALES: [u32; 2] = [0, 2];

/// Reports the mistakes of all meters.
pub(super) fn check(parts: &CatalogueParts, report: &mut Report) {
    let top = Place::top("meters");
    let mut seen = HashSet::new();
    for meter in &parts.meters {
        let place = top.then(meter.id.as_str());
        defined_once(report, &place, &mut seen, "meter", meter.id.as_str());
        values::text(report, &place.then("title"), &meter.title);
        values::unit(report, &place.then("unit"), &meter.unit);
        month(report, &place, meter);
        if report.full() {
            return;
        }
    }
}

fn month(report: &mut Report, place: &Place<'_>, meter: &Meter) {
    match meter.kind {
        MeterKind::Gauge if meter.month == Aggregation::Sum => report.add(
            &place.then("month"),
            "the values of a gauge cannot be added up; write \"max\", \"mean\", \"last\" or \"unique\"",
        ),
        MeterKind::Time | MeterKind::Transaction if meter.month != Aggregation::Sum => {
            let kind = meter.kind.code();
            report.add(&place.then("month"), format!("a meter of kind {kind} is always added up; write \"sum\""));
        }
        _ => {}
    }
    if meter.month == Aggregation::Mean {
        values::whole(report, &place.then("scale"), meter.scale, &(0..=MOST_SCALE));
    } else if !UNUSED_SCALES.contains(&meter.scale) {
        report.add(&place.then("scale"), "only a mean is rounded; leave scale out, or write month = \"mean\"");
    }
}

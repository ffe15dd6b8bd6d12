use std::borrow::Cow;

use crate::catalog::charge::Billed;
use crate::catalog::check::mistakes;
use crate::catalog::check::tests::{base, check, decimal};
use crate::catalog::meter::{MeterKind, Unit};
use crate::catalog::plan::Mark;

#[test]
fn charges_are_checked() {
    check(&[
        ("text", |parts| parts.charges[0].text.de.clear(), &[("charges.fee.text.de", "empty")]),
        (
            "unit",
            |parts| {
                let label = Cow::Borrowed("x");
                parts.charges[0].unit = Some(Unit { code: Cow::Borrowed("MONTH"), de: label.clone(), en: label });
            },
            &[("charges.fee.unit.code", "C62")],
        ),
        ("twice", |parts| parts.charges.push(parts.charges[0].clone()), &[("charges.fee", "another charge `fee`")]),
        (
            "in no plan",
            |parts| {
                parts.plans[1].charges.retain(|id| id.as_str() != "setup");
            },
            &[("charges.setup", "no plan has this charge")],
        ),
        (
            "A31: a year by its months",
            |parts| {
                base::yearly(parts).billed = Billed::Advance;
                base::yearly(parts).prorated = true;
            },
            &[("charges.domain.billed", "always falls due in advance"), ("charges.domain.prorated", "whole year")],
        ),
        (
            "A10: an event by its month",
            |parts| {
                let metered = base::quantity(parts, "per-attendee");
                metered.minimum_quantity = Some(decimal("1"));
                metered.forecast = true;
                metered.prorated = true;
            },
            &[
                ("charges.per-attendee.minimum_quantity", "minimum_quantity is about months, per_event is not"),
                ("charges.per-attendee.forecast", "forecast is about months"),
                ("charges.per-attendee.prorated", "prorated is about months"),
            ],
        ),
        (
            "windows",
            |parts| {
                let windows = &mut base::blocks(parts, "phone").windows;
                windows[0].days = [false; 7];
                windows[1].to = windows[1].from;
            },
            &[
                ("charges.phone.windows.0", "no hours or no days; write days and hours such as"),
                ("charges.phone.windows.1", "no hours or no days"),
            ],
        ),
        (
            "windows beyond midnight",
            |parts| {
                base::blocks(parts, "phone").windows[0].from = 1_440;
                base::blocks(parts, "phone").windows[1].to = u32::MAX;
            },
            &[("charges.phone.windows.0", "no hours"), ("charges.phone.windows.1", "no hours")],
        ),
    ]);
}

#[test]
fn models_price_meters_of_their_kind() {
    check(&[
        (
            "per unit of time",
            |parts| {
                parts.charges[3].model = parts.charges[4].model.clone();
                base::quantity(parts, "per-attendee").meter = base::meter("phone");
                base::mark(parts, 0, "accepted_attendees", Mark::Ignored);
            },
            &[(
                "charges.per-attendee.meter",
                "`phone` is of kind time, but volume needs a meter of kind counter or gauge",
            )],
        ),
        (
            "per unit of money",
            |parts| {
                base::meter_of(parts, "users").kind = MeterKind::Transaction;
                base::month(parts, "users", "sum");
            },
            &[("charges.users-fee.meter", "`users` is of kind transaction")],
        ),
        (
            "A20: steps of a gauge",
            |parts| {
                base::meter_of(parts, "pageviews").kind = MeterKind::Gauge;
                base::month(parts, "pageviews", "max");
            },
            &[("charges.steps.meter", "`pageviews` is of kind gauge, but stepped needs a meter of kind counter")],
        ),
        (
            "A20: steps of a maximum",
            |parts| base::month(parts, "pageviews", "max"),
            &[("charges.steps.meter", "`pageviews` has month = \"max\", but stepped needs a meter with \"sum\"")],
        ),
        (
            "A41: a share of a count",
            |parts| base::meter_of(parts, "card").kind = MeterKind::Counter,
            &[("charges.card-fee.meter", "percentage needs a meter of kind transaction")],
        ),
        (
            "A51: blocks of a count",
            |parts| base::meter_of(parts, "phone").kind = MeterKind::Counter,
            &[
                ("charges.phone.channel", "`phone` is of kind counter, but blocks needs a meter of kind time"),
                ("charges.evening.channel", "blocks needs"),
            ],
        ),
    ]);
}

#[test]
fn events_and_waivers_look_at_counters() {
    check(&[
        (
            "A10: events by a gauge",
            |parts| {
                base::quantity(parts, "users-fee").minimum_quantity = None;
                base::quantity(parts, "users-fee").per_event = true;
            },
            &[("charges.users-fee.per_event", "the meter is a gauge")],
        ),
        (
            "A12: a gauge waived",
            |parts| {
                let waiver = base::quantity(parts, "per-attendee").waiver.clone();
                base::quantity(parts, "users-fee").waiver = waiver;
            },
            &[("charges.users-fee.waive_below", "its meter is a gauge")],
        ),
        (
            "A12: waived by a gauge",
            |parts| {
                if let Some(waiver) = &mut base::quantity(parts, "per-attendee").waiver {
                    waiver.meter = base::meter("users");
                }
            },
            &[("charges.per-attendee.waive_below.meter", "`users` is of kind gauge; name a meter of kind counter")],
        ),
        (
            "A12: waived by a counter that events do not have",
            |parts| {
                if let Some(waiver) = &mut base::quantity(parts, "per-attendee").waiver {
                    waiver.meter = base::meter("pageviews");
                }
            },
            &[("charges.per-attendee.waive_below.meter", "events do not have the meter `pageviews`")],
        ),
    ]);
}

#[test]
fn windows_of_a_channel_do_not_overlap() {
    check(&[
        (
            "S3: an hour of every day",
            |parts| base::blocks(parts, "evening").windows = base::windows("mon-fri 16:00-22:00"),
            &[
                ("plans.basic.charges.3", "`evening` and `phone` both price `phone` on Monday at 16:00"),
                ("plans.pro.charges.8", "on Monday at 16:00"),
            ],
        ),
        (
            "one minute over midnight",
            |parts| {
                base::blocks(parts, "evening").windows = base::windows("sat 17:00-22:00;sun 22:00-08:00");
                base::blocks(parts, "phone").windows = base::windows("sat 08:00-17:00;sun 07:59-08:30");
            },
            &[("plans.basic.charges.3", "on Sunday at 07:59"), ("plans.pro.charges.8", "on Sunday at 07:59")],
        ),
        (
            "at any hour",
            |parts| {
                base::blocks(parts, "phone").windows.clear();
                parts.plans.remove(0);
                parts.charges.remove(3);
            },
            &[("plans.pro.charges.8", "on Monday at 17:00")],
        ),
        (
            "with two others",
            |parts| {
                base::copies(parts, "evening", 1);
                base::blocks(parts, "evening-0").windows.clear();
            },
            &[
                ("plans.pro.charges.9", "`evening-0` and `phone` both price `phone` on Monday at 09:30"),
                ("plans.pro.charges.9", "`evening-0` and `evening` both price `phone` on Monday at 17:00"),
            ],
        ),
    ]);

    let mut parts = base::sound();
    base::copies(&mut parts, "evening", 5_000);
    assert_eq!(mistakes(&parts).len(), 5_000, "each with the first of them");
}

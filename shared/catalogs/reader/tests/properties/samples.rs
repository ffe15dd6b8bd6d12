//! Subscriptions and usage as they come, from September to December 2026.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::calendar::{Day, Instant};
use domain::catalog::names::{AddOnId, ChargeId, MeterId, PoolId, PromotionCode};
use domain::event::CountingScheme;
use domain::ids::EventId;
use domain::language::Text;
use domain::subscription::{Booking, Phase, Redemption, Subscription, Trial};
use domain::usage::{Counts, EndedEvent, Opening, Order, Record, TimeEntry, Usage};
use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

use crate::{DAYS, MIX, nth, plan};

/// The meters of `mix` that have records.
pub(crate) const METERS: [&str; 13] = [
    "units",
    "packs",
    "graduated",
    "volume",
    "waived",
    "steps",
    "guests",
    "peak",
    "final",
    "seats",
    "space",
    "desks",
    "payments",
];

pub(crate) fn any_day() -> impl Strategy<Value = Day> {
    (0..DAYS).prop_map(nth)
}

/// One of a few days, so that some things are used at the same time.
fn one_of_few_days() -> impl Strategy<Value = Day> {
    (0_u64..8).prop_map(|weeks| nth(weeks * 15))
}

/// The same day or a later one, more often none.
fn known() -> impl Strategy<Value = Option<u64>> {
    option::weighted(0.3, 0_u64..70)
}

pub(crate) fn meter(name: &str) -> MeterId {
    MeterId::parse(name).expect(name)
}

/// A time on a day, in whole quarters of an hour.
fn at(day: Day, quarters: i64) -> Instant {
    day.start() + TimeDelta::minutes(quarters * 15)
}

/// Zero, small, with fractions.
pub(crate) fn quantity() -> impl Strategy<Value = Decimal> {
    prop_oneof![(0_i64..40).prop_map(Decimal::from), (0_i64..4000).prop_map(|hundredths| Decimal::new(hundredths, 2))]
}

pub(crate) fn record(
    meters: &'static [&'static str],
    quantity: impl Strategy<Value = Decimal>,
) -> impl Strategy<Value = Record> {
    let time = option::weighted(0.3, 0_i64..88);
    let subject = option::of(select(&["anna", "bert", "carl"][..]));
    (any_day(), time, select(meters), quantity, subject, known()).prop_map(
        |(day, time, name, quantity, subject, known)| Record {
            day,
            at: time.map(|quarters| at(day, quarters)),
            meter: meter(name),
            quantity,
            subject: subject.map(ToOwned::to_owned),
            recorded_on: known.map(|days| day.plus_days(days)),
        },
    )
}

pub(crate) fn entry() -> impl Strategy<Value = TimeEntry> {
    let text = option::of(select(&["login", "print"][..]));
    let minutes =
        prop_oneof![(0_i64..60).prop_map(Decimal::from), (0_i64..600).prop_map(|tenths| Decimal::new(tenths, 1))];
    (one_of_few_days(), select(&[0_i64, 36, 79][..]), select(&["phone", "chat"][..]), minutes, text, known()).prop_map(
        |(day, quarters, channel, minutes, text, known)| TimeEntry {
            start: at(day, quarters),
            channel: meter(channel),
            minutes,
            text: text.map(ToOwned::to_owned),
            recorded_on: known.map(|days| day.plus_days(days)),
        },
    )
}

pub(crate) fn order() -> impl Strategy<Value = Order> {
    let price = option::of((10_i64..40).prop_map(Decimal::from));
    (one_of_few_days(), select(&["order", "order", "partner"][..]), 0_i64..9, price, known()).prop_map(
        |(day, charge, quantity, agreed_price, known)| Order {
            day,
            charge: ChargeId::parse(charge).expect(charge),
            quantity: Decimal::new(quantity, u32::from(quantity > 4)),
            agreed_price,
            text: None,
            recorded_on: known.map(|days| day.plus_days(days)),
        },
    )
}

fn event() -> impl Strategy<Value = EndedEvent> {
    let counting = select(&[CountingScheme::Accepted, CountingScheme::AllExceptDeclined, CountingScheme::All][..]);
    (any_day(), 0_u64..20, counting, 0_i64..12, 0_i64..6, 0_i64..4, known()).prop_map(
        |(over_on, before, counting, accepted, declined, more, known)| EndedEvent {
            event: EventId::parse("evt_a").expect("an id"),
            title: Text::new("Fest", "Party"),
            over_on,
            published_on: nth(0).max(Day::new(over_on.date() - TimeDelta::days(i64::try_from(before).expect("few")))),
            counting,
            counts: Counts { accepted, declined, responses: accepted + declined + more },
            recorded_on: known.map(|days| over_on.plus_days(days)),
        },
    )
}

/// Usage of every kind; quantities of counters may be below zero.
pub(crate) fn usage() -> impl Strategy<Value = Usage> {
    let quantity = prop_oneof![4 => quantity().boxed(), 1 => quantity().prop_map(|quantity| -quantity).boxed()];
    let records = vec(record(&METERS, quantity), 0..30);
    let opening = (option::weighted(0.2, 0_i64..50), option::weighted(0.2, 0_i64..90));
    (records, vec(entry(), 0..12), vec(order(), 0..5), vec(event(), 0..5), opening).prop_map(
        |(mut records, entries, orders, mut events, (gift, steps))| {
            let gauges = ["seats", "space", "desks", "payments"];
            for record in &mut records {
                if gauges.contains(&record.meter.as_str()) {
                    record.quantity = record.quantity.abs();
                }
            }
            for (index, event) in events.iter_mut().enumerate() {
                event.event = EventId::parse(&format!("evt_{index}")).expect("an id");
            }
            let gift = gift.map(|left| (PoolId::parse("gift").expect("a name"), Decimal::from(left)));
            let steps = steps.map(|count| (meter("steps"), Decimal::from(count)));
            let opening = Opening { pools: gift.into_iter().collect(), accumulated: steps.into_iter().collect() };
            Usage { records, events, entries, orders, opening }
        },
    )
}

/// Plans `a` and `b` in turn, from the first month on.
pub(crate) fn phases(from: Day, changes: &BTreeSet<u64>, begins_with_b: bool) -> Vec<Phase> {
    let changes = changes.iter().map(|days| nth(*days)).filter(|day| *day > from);
    let names = ["a", "b"].iter().cycle().skip(usize::from(begins_with_b));
    std::iter::once(from).chain(changes).zip(names).map(|(from, name)| Phase { plan: plan(&MIX, name), from }).collect()
}

fn booking() -> impl Strategy<Value = Booking> {
    let label = option::of(select(&["x", "y"][..]));
    (select(&["extra", "tried"][..]), 1_i64..4, any_day(), option::of(0_u64..60), label).prop_map(
        |(add_on, quantity, from, days, label)| Booking {
            add_on: AddOnId::parse(add_on).expect(add_on),
            quantity: Decimal::from(quantity),
            from,
            until: days.map(|days| from.plus_days(days)),
            label: label.map(ToOwned::to_owned),
        },
    )
}

fn redemption() -> impl Strategy<Value = Redemption> {
    (select(&["TENTH", "THIRD", "ALL", "FIVE"][..]), any_day(), option::of(0_u64..90)).prop_map(|(code, on, void)| {
        Redemption { code: PromotionCode::parse(code).expect(code), on, void_from: void.map(|days| on.plus_days(days)) }
    })
}

/// What can be subscribed to of `mix`.
pub(crate) fn subscription() -> impl Strategy<Value = Subscription> {
    let trial = option::weighted(0.3, (0_u64..40, option::weighted(0.8, 0_u64..50)));
    let agreed = (any::<bool>(), option::of(0_i64..50));
    let dates = (0_u64..40, btree_set(0..DAYS, 0..4), any::<bool>(), trial, option::weighted(0.3, 0_u64..130));
    (dates, vec(booking(), 0..5), vec(redemption(), 0..3), agreed).prop_map(
        |((from, changes, begins_with_b, trial, end), bookings, redemptions, (prices, forecast))| {
            let from = nth(from);
            let names = ["asked", "partner", "volume", "month-steps"];
            let price = |name: &str| (ChargeId::parse(name).expect(name), Decimal::from(12));
            Subscription {
                phases: phases(from, &changes, begins_with_b),
                trial: trial.map(|(days, converted)| Trial {
                    until: from.plus_days(days),
                    converted_on: converted.map(|days| from.plus_days(days)),
                }),
                ends_on: end.map(|days| from.plus_days(days)),
                bookings,
                redemptions,
                forecast: forecast.map(|quantity| (meter("final"), Decimal::from(quantity))).into_iter().collect(),
                agreed_prices: if prices { names.map(price).to_vec() } else { Vec::new() },
            }
        },
    )
}

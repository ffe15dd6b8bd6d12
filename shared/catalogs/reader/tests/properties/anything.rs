//! Values nobody should send: nothing panics, what cannot be priced is held (G7).

use chrono::{DateTime, NaiveDate, TimeDelta};
use domain::calendar::{Day, Instant};
use domain::catalog::Catalogues;
use domain::catalog::names::{AddOnId, ChargeId, PoolId, PromotionCode};
use domain::event::CountingScheme;
use domain::ids::EventId;
use domain::language::{Language, Text};
use domain::rating::{account_usage, explain, needed_usage, rate_month};
use domain::subscription::{Booking, Phase, Redemption, Subscription, Trial};
use domain::usage::{Counts, EndedEvent, Opening, Order, Record, TimeEntry, Usage};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

use crate::samples::{METERS, any_day, meter};
use crate::{MIX, months, plan};

/// Near both ends of the calendar, which end a day and more before the ends of time.
fn days() -> impl Strategy<Value = Day> {
    let first = NaiveDate::MIN + TimeDelta::days(3);
    let last = NaiveDate::MAX - TimeDelta::days(3);
    prop_oneof![
        6 => any_day().boxed(),
        1 => select(vec![NaiveDate::MIN, first, NaiveDate::MAX, last]).prop_map(Day::new).boxed(),
    ]
}

fn times() -> impl Strategy<Value = Instant> {
    let ends =
        [DateTime::<chrono::Utc>::MIN_UTC + TimeDelta::days(3), DateTime::<chrono::Utc>::MAX_UTC - TimeDelta::days(3)];
    prop_oneof![9 => any_day().prop_map(Day::start).boxed(), 1 => select(ends.to_vec()).boxed()]
}

fn numbers() -> impl Strategy<Value = Decimal> {
    let ends = [
        Decimal::MAX,
        Decimal::MIN,
        Decimal::ONE,
        Decimal::ZERO,
        Decimal::NEGATIVE_ONE,
        Decimal::from_parts(1, 0, 0, false, 28),
    ];
    prop_oneof![
        select(ends.to_vec()),
        (any::<i64>(), 0_u32..=28).prop_map(|(digits, scale)| Decimal::new(digits, scale)),
        (-50_i64..50).prop_map(Decimal::from),
    ]
}

fn usage() -> impl Strategy<Value = Usage> {
    let names = || prop_oneof![8 => select(&METERS[..]), 1 => select(&["phone", "accepted_attendees", "unknown"][..])];
    let record = (days(), option::of(times()), names(), numbers(), option::of("[ab]"), option::of(days())).prop_map(
        |(day, at, name, quantity, subject, recorded_on)| Record {
            day,
            at,
            meter: meter(name),
            quantity,
            subject,
            recorded_on,
        },
    );
    let entry = (times(), select(&["phone", "chat", "units"][..]), numbers(), option::of(days())).prop_map(
        |(start, channel, minutes, recorded_on)| TimeEntry {
            start,
            channel: meter(channel),
            minutes,
            text: None,
            recorded_on,
        },
    );
    let order = (
        days(),
        select(&["order", "partner", "fee", "gone"][..]),
        numbers(),
        option::of(numbers()),
        option::of(days()),
    )
        .prop_map(|(day, charge, quantity, agreed_price, recorded_on)| Order {
            day,
            charge: ChargeId::parse(charge).expect(charge),
            quantity,
            agreed_price,
            text: Some("Ä".to_owned()),
            recorded_on,
        });
    let counts = || prop_oneof![Just(i64::MAX), Just(i64::MIN), -3_i64..30];
    let event = (days(), days(), [counts(), counts(), counts()], option::of(days())).prop_map(
        |(over_on, published_on, [accepted, declined, responses], recorded_on)| EndedEvent {
            event: EventId::parse("evt_a").expect("an id"),
            title: Text::new("Fest", "Party"),
            over_on,
            published_on,
            counting: CountingScheme::AllExceptDeclined,
            counts: Counts { accepted, declined, responses },
            recorded_on,
        },
    );
    let opening = (option::of(numbers()), option::of(numbers())).prop_map(|(gift, steps)| Opening {
        pools: gift.map(|left| (PoolId::parse("gift").expect("a name"), left)).into_iter().collect(),
        accumulated: steps.map(|count| (meter("steps"), count)).into_iter().collect(),
    });
    (vec(record, 0..12), vec(entry, 0..5), vec(order, 0..4), vec(event, 0..4), opening)
        .prop_map(|(records, entries, orders, events, opening)| Usage { records, events, entries, orders, opening })
}

/// Phases in any order, or none; everything may end before it begins.
fn subscription() -> impl Strategy<Value = Subscription> {
    let phase = (select(&["a", "b"][..]), days(), prop::bool::weighted(0.9)).prop_map(|(name, from, known)| {
        let mut plan = plan(&MIX, name);
        if !known {
            plan.plan = "gone".to_owned();
        }
        Phase { plan, from }
    });
    let trial = (days(), option::of(days())).prop_map(|(until, converted_on)| Trial { until, converted_on });
    let booking = (select(&["extra", "tried", "gone"][..]), numbers(), days(), option::of(days())).prop_map(
        |(add_on, quantity, from, until)| Booking {
            add_on: AddOnId::parse(add_on).expect(add_on),
            quantity,
            from,
            until,
            label: None,
        },
    );
    let redemption = (select(&["TENTH", "FIVE", "GONE"][..]), days(), option::of(days()))
        .prop_map(|(code, on, void_from)| Redemption { code: PromotionCode::parse(code).expect(code), on, void_from });
    let prices = (option::of(numbers()), option::of(numbers()));
    (
        vec(phase, 0..4),
        option::weighted(0.2, trial),
        option::weighted(0.2, days()),
        vec(booking, 0..4),
        vec(redemption, 0..3),
        prices,
    )
        .prop_map(|(phases, trial, ends_on, bookings, redemptions, (forecast, price))| Subscription {
            phases,
            trial,
            ends_on,
            bookings,
            redemptions,
            forecast: forecast.map(|quantity| (meter("final"), quantity)).into_iter().collect(),
            agreed_prices: price
                .into_iter()
                .flat_map(|price| ["asked", "volume", "month-steps", "order"].map(|name| (name, price)))
                .map(|(name, price)| (ChargeId::parse(name).expect(name), price))
                .collect(),
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nothing_panics_g7(subscription in subscription(), usage in usage(), ends in any::<bool>()) {
        let catalogues = Catalogues::one(MIX.clone());
        let mut months = months().to_vec();
        if ends {
            months.extend([Day::new(NaiveDate::MIN).month(), Day::new(NaiveDate::MAX).month()]);
        }
        for month in months {
            let rating = rate_month(&catalogues, &subscription, &usage, month);
            for rated in &rating.lines {
                prop_assert!(!explain::steps(rated, Language::De).is_empty());
            }
            prop_assert!(needed_usage(&catalogues, &subscription, month).is_none_or(|needed| needed.from <= month.first()));
        }
        let counted = account_usage(&catalogues, &subscription, usage.events.clone(), usage.clone());
        prop_assert!(counted.events.len() <= usage.events.len());
    }
}

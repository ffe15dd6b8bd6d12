//! Order, months and pools: what comes when decides where it stands, never what it costs in all (G4, A52, S1, S2).

use std::collections::BTreeSet;

use domain::calendar::Day;
use domain::catalog::Catalogues;
use domain::catalog::charge::Model;
use domain::catalog::names::ChargeId;
use domain::rating::{HoldReason, rate_month};
use domain::subscription::Subscription;
use domain::usage::{Opening, Usage};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::samples::{entry, order, phases, quantity, record, subscription, usage};
use crate::{DAYS, MIX, months, net, nth, plan, rate, with};

/// Meters whose price is that of a month, however its records are spread.
const COUNTED: [&str; 9] = ["units", "packs", "graduated", "volume", "waived", "guests", "seats", "desks", "space"];

/// From plan `a` to `b` and back, from the first month on.
fn of_plans(changes: &BTreeSet<u64>) -> Subscription {
    Subscription { phases: phases(nth(0), changes, false), ..Subscription::new(plan(&MIX, "a"), nth(0)) }
}

fn shuffled<T: Clone + std::fmt::Debug>(items: &[T]) -> impl Strategy<Value = Vec<T>> + use<T> {
    Just(items.to_vec()).prop_shuffle()
}

fn in_two_orders() -> impl Strategy<Value = (Subscription, Usage, Subscription, Usage)> {
    (subscription(), usage()).prop_flat_map(|(subscription, usage)| {
        let parts = (
            shuffled(&usage.records),
            shuffled(&usage.entries),
            shuffled(&usage.orders),
            shuffled(&usage.events),
            shuffled(&subscription.bookings),
            shuffled(&subscription.redemptions),
        );
        parts.prop_map(move |(records, entries, orders, events, bookings, redemptions)| {
            let other = Subscription { bookings, redemptions, ..subscription.clone() };
            let shuffled = Usage { records, entries, orders, events, opening: usage.opening.clone() };
            (subscription.clone(), usage.clone(), other, shuffled)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_in_which_things_are_stored_decides_nothing_g4(
        (subscription, usage, other, shuffled) in in_two_orders(),
    ) {
        let catalogues = Catalogues::one(MIX.clone());
        for month in months() {
            prop_assert_eq!(
                rate_month(&catalogues, &subscription, &usage, month),
                rate_month(&catalogues, &other, &shuffled, month)
            );
        }
    }

    #[test]
    fn what_becomes_known_later_changes_no_month_before_g4(subscription in subscription(), usage in usage()) {
        for month in months() {
            let mut known = usage.clone();
            known.records.retain(|record| record.billed() <= month);
            known.entries.retain(|entry| entry.billed() <= month);
            known.orders.retain(|order| order.billed() <= month);
            known.events.retain(|event| event.billed() <= month);
            prop_assert_eq!(rate(&MIX, &subscription, &usage, month), rate(&MIX, &subscription, &known, month));
        }
    }

    #[test]
    fn pools_give_what_they_have_s1_s2(subscription in subscription(), usage in usage()) {
        for month in months() {
            for pool in rate(&MIX, &subscription, &usage, month).pools {
                let sizes = MIX.parts().plans.iter().filter_map(|plan| plan.pool(&pool.pool));
                let largest = sizes.flat_map(|pool| pool.sizes.iter().map(|size| size.1).chain([pool.size])).max();
                prop_assert!(Decimal::ZERO <= pool.used, "{pool:?}");
                prop_assert!(pool.used <= pool.available, "{pool:?}");
                prop_assert!(Some(pool.available) <= largest, "{pool:?}");
            }
        }
    }

    #[test]
    fn a_pool_used_once_is_used_once_s2(usage in usage(), changes in btree_set(0..DAYS, 0..3)) {
        let subscription = of_plans(&changes);
        let usage = Usage { opening: Opening::default(), ..usage };
        let used = months().map(|month| {
            let pools = rate(&MIX, &subscription, &usage, month).pools;
            pools.iter().find(|pool| pool.pool.as_str() == "gift").map_or(Decimal::ZERO, |pool| pool.used)
        });
        prop_assert!(used.iter().sum::<Decimal>() <= Decimal::from(20));
    }

    /// Without pools, minimums of the plan, shares and the like all that counts is the quantity of the month.
    #[test]
    fn what_comes_late_is_charged_once_and_in_full_g5(
        records in vec(record(&COUNTED, quantity()), 0..25),
        entries in vec(entry(), 0..8),
        orders in vec(order(), 0..4),
        payments in vec(record(&["payments"], quantity()), 0..6),
        steps in vec(record(&["steps"], quantity()), 0..4),
        change in prop::option::of(1_u64..120),
    ) {
        let catalogue = with(&MIX, |parts| {
            for charge in &mut parts.charges {
                match &mut charge.model {
                    Model::Metered(metered) => metered.pools.clear(),
                    Model::Blocks(blocks) => {
                        blocks.pools.clear();
                        blocks.longest = None;
                    }
                    Model::OneOff(one_off) => one_off.pools.clear(),
                    Model::Percentage(percentage) => percentage.free_transactions = 0,
                    Model::Flat(_) | Model::Stepped(_) => {}
                }
            }
            for plan in &mut parts.plans {
                plan.pools.clear();
                plan.minimum_spend = None;
            }
        });
        let changes = change.into_iter().collect();
        let mut subscription = of_plans(&changes);
        subscription.agreed_prices = ["volume", "month-steps", "partner", "asked"]
            .map(|name| (ChargeId::parse(name).expect(name), Decimal::from(12)))
            .to_vec();
        // All is known by the end of the last month.
        let by_the_end = |known: Option<Day>| known.map(|known| known.min(nth(DAYS - 1)));
        let records = records.into_iter().chain(payments).chain(steps).collect();
        let mut late = Usage { records, entries, orders, ..Usage::default() };
        late.records.iter_mut().for_each(|record| record.recorded_on = by_the_end(record.recorded_on));
        late.entries.iter_mut().for_each(|entry| entry.recorded_on = by_the_end(entry.recorded_on));
        for order in &mut late.orders {
            (order.recorded_on, order.agreed_price) = (by_the_end(order.recorded_on), Some(Decimal::from(15)));
        }
        let mut in_time = late.clone();
        in_time.records.iter_mut().for_each(|record| record.recorded_on = None);
        in_time.entries.iter_mut().for_each(|entry| entry.recorded_on = None);
        in_time.orders.iter_mut().for_each(|order| order.recorded_on = None);
        let all = |usage: &Usage| {
            let ratings = months().map(|month| rate(&catalogue, &subscription, usage, month));
            let held: Vec<_> = ratings.iter().flat_map(|rating| rating.held.clone()).collect();
            (ratings.iter().map(net).sum::<Decimal>(), held)
        };
        let ((late_net, late_held), (net, held)) = (all(&late), all(&in_time));
        let unpriced = ["not_booked", "not_sold", "no_forecast", "no_tariff"];
        let only_unpriced = |held: &[HoldReason]| held.iter().all(|reason| unpriced.contains(&reason.code()));
        prop_assert!(only_unpriced(&late_held) && only_unpriced(&held), "{late_held:?} {held:?}");
        prop_assert_eq!(late_net, net);
    }
}

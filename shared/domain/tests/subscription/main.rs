//! What subscriptions do, row by row, and what holds for any sequence of changes.
#![expect(clippy::expect_used, reason = "a test ends by a panic")]
#![expect(clippy::panic, reason = "a script that cannot be read is a mistake of the test")]

mod add_ons;
mod plans;
mod sentences;
mod shop;
mod terms;

use domain::calendar::Day;
use domain::catalog::Catalogues;
use domain::subscription::Subscription;
use domain::subscription::change::Change;
use domain::subscription::decide::{decide, subscribe};
use domain::subscription::term::{earliest_end, term_on};
use proptest::prelude::*;

const START: &str = "2027-11-15";

fn any_plan() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "free",
        "basic",
        "starter",
        "named",
        "concurrent",
        "pro",
        "licence",
        "switched",
        "pilot",
        "quarter",
        "enterprise",
        "licence-xl",
        "licence-trial",
        "old",
        "shop@2/pro",
    ])
}

fn any_change() -> impl Strategy<Value = String> {
    let add_on = prop::sample::select(vec!["level-2", "level-3", "domain", "parallel-events", "more-minutes"]);
    prop_oneof![
        5 => any_plan().prop_map(|plan| format!("to {plan}")),
        2 => Just("withdraw".to_owned()),
        4 => (add_on.clone(), 1_u32..4).prop_map(|(add_on, quantity)| format!("book {add_on} {quantity}")),
        2 => add_on.prop_map(|add_on| format!("give-up {add_on}")),
        1 => Just("cancel".to_owned()),
        1 => Just("uncancel".to_owned()),
        1 => Just("convert".to_owned()),
        1 => Just("extend 2027-12-31".to_owned()),
        2 => (0..12).prop_map(|number| format!("redeem CODE-{number}")),
        1 => Just("commit processes 7".to_owned()),
    ]
}

/// Days between one change and the next: often none, sometimes more than a term.
fn any_pause() -> impl Strategy<Value = u64> {
    prop_oneof![3 => Just(0_u64), 3 => 1_u64..20, 2 => 20_u64..100, 1 => 100_u64..500]
}

/// What one day looks like: plan, bookings and codes that are valid.
fn look(subscription: &Subscription, day: Day) -> (Option<String>, Vec<(String, String)>, Vec<String>) {
    let plan = subscription.phase_on(day).map(|phase| phase.plan.to_string());
    let mut booked: Vec<(String, String)> = subscription
        .bookings
        .iter()
        .map(|booking| {
            (booking.add_on.to_string(), subscription.booked_on(&booking.add_on, day).normalize().to_string())
        })
        .filter(|(_, quantity)| quantity != "0")
        .collect();
    booked.sort();
    booked.dedup();
    let valid = subscription
        .redemptions
        .iter()
        .filter(|redemption| redemption.on <= day && redemption.void_from.is_none_or(|from| day < from));
    (plan, booked, valid.map(|redemption| redemption.code.to_string()).collect())
}

fn rank(catalogues: &Catalogues, subscription: &Subscription, index: usize) -> (u32, bool) {
    let (_, plan) = catalogues.plan(&subscription.phases[index].plan).expect("a known plan");
    (plan.rank, plan.free)
}

fn holds(
    catalogues: &Catalogues,
    before: &Subscription,
    after: &Subscription,
    today: Day,
) -> Result<(), TestCaseError> {
    prop_assert!(!after.phases.is_empty());
    prop_assert!(after.phases.windows(2).all(|pair| pair[0].from < pair[1].from), "phases ascend");
    prop_assert!(after.phases.windows(2).all(|pair| pair[0].plan != pair[1].plan), "each phase changes the plan");
    for index in 1..after.phases.len() {
        let (now, free) = rank(catalogues, after, index);
        let (earlier, _) = rank(catalogues, after, index - 1);
        prop_assert!(now >= earlier || !free, "nobody is downgraded to a free plan (C3)");
    }
    for booking in &after.bookings {
        prop_assert!(booking.quantity > rust_decimal::Decimal::ZERO);
        prop_assert!(booking.until.is_none_or(|last| last >= booking.from));
    }
    // No day before today is another one than it was.
    let mut day = shop::day(START);
    while day < today {
        prop_assert_eq!(look(before, day), look(after, day), "{} was rewritten on {}", day, today);
        day = day.next();
    }
    if let Some(last) = after.ends_on {
        prop_assert!(last >= today, "nothing ends in the past");
        prop_assert!(after.phases.iter().all(|phase| phase.from <= last), "no plan begins after the end");
        let within = term_on(catalogues, after, last).is_some_and(|span| span.last > last);
        prop_assert!(!within, "nothing ends within a term (A21)");
    }
    if let Some(span) = term_on(catalogues, after, today) {
        prop_assert!(span.first <= today && today <= span.last && span.cancel_by <= span.last);
        prop_assert!(after.ends_on.is_some() || earliest_end(catalogues, after, today) >= span.last);
    }
    // Level 3 has level 2 on every day it is booked and goes on (S1).
    let level = |name: &str, day| domain::subscription::limits::has_on(catalogues, after, &shop::add_on(name), day);
    for day in after.phases.iter().map(|phase| phase.from).chain([today]).filter(|day| *day >= today) {
        let ending = after.bookings.iter().any(|booking| booking.until.is_some_and(|last| last >= day));
        let alive = after.phase_on(day).is_some();
        prop_assert!(ending || !alive || !level("level-3", day) || level("level-2", day), "level 3 without level 2");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_sequence_of_changes_keeps_what_must_hold(
        first in any_plan(),
        steps in prop::collection::vec((any_pause(), any_change()), 1..14),
    ) {
        let catalogues = shop::catalogues();
        let mut today = shop::day(START);
        let Ok(begun) = subscribe(&catalogues, &shop::plan(first), today) else { return Ok(()) };
        let mut now = begun.after;
        for (pause, words) in steps {
            today = today.plus_days(pause);
            let change: Change = shop::change(&words.split(' ').collect::<Vec<_>>());
            let Ok(decision) = decide(&catalogues, &now, &change, today, 0) else { continue };
            let after = decision.after;
            holds(&catalogues, &now, &after, today)?;
            prop_assert!(decision.timers.iter().all(|due| due.on > today));
            prop_assert!(decision.timers.is_sorted());
            prop_assert!(decision.effective_on >= today);
            // The same again on the same day adds nothing, or is refused.
            if let Ok(again) = decide(&catalogues, &after, &change, today, 0) {
                prop_assert_eq!(&again.after, &after, "{} twice", words);
            }
            // Before its effective day nothing but orders has changed.
            if decision.effective_on > today {
                prop_assert_eq!(look(&now, today), look(&after, today), "{} holds too early", words);
            }
            now = after;
        }
    }

    #[test]
    fn a_downgrade_that_is_withdrawn_leaves_no_trace(from in any_plan(), to in any_plan(), days in 0_u64..700) {
        let catalogues = shop::catalogues();
        let begun = subscribe(&catalogues, &shop::plan(from), shop::day(START));
        let Ok(begun) = begun.map(|decision| decision.after) else { return Ok(()) };
        let today = shop::day(START).plus_days(days);
        let redeemed = decide(&catalogues, &begun, &shop::change(&["redeem", "WELCOME"]), today, 0).expect("a code").after;
        let change = Change::ChangePlan { to: shop::plan(to) };
        let Ok(ordered) = decide(&catalogues, &redeemed, &change, today, 0) else { return Ok(()) };
        if ordered.effective_on > today {
            let eve = ordered.effective_on.previous();
            let withdrawn = decide(&catalogues, &ordered.after, &Change::WithdrawPlanChange, eve, 0);
            prop_assert_eq!(withdrawn.expect("pending").after, redeemed);
        }
    }
}

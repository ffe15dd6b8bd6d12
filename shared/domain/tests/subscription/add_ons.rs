//! Bookings and what they need (S1, Z4, A31), limits (C4, C5, C6), agreements (A20, Z7).

use crate::shop::{add_on, catalogues, change, check, day, outcome, play};
use domain::subscription::limits::{Fullness, fullness_to_tell, has_on, limit_on};

const BOOKINGS: &str = "
Z4 booked from today
    2026-01-15 start pro; 2026-11-16 book domain 1 fest.example
    2026-11-16: pro@2026-01-15 1×domain(fest.example)@2026-11-16
A31 another domain is a booking of its own
    2026-01-15 start pro; 2026-11-16 book domain 1 a.example; 2026-11-16 book domain 1 b.example
    2026-11-16: pro@2026-01-15 1×domain(a.example)@2026-11-16 1×domain(b.example)@2026-11-16
Z4 twice is once
    2026-01-15 start pro; 2026-11-16 book domain 1 a.example; 2026-11-16 book domain 1 a.example
    refused: already_booked
Z4 more: what comes on top begins today
    2026-01-15 start pro; 2026-10-05 book parallel-events 2; 2026-11-16 book parallel-events 5
    2026-11-16: pro@2026-01-15 2×parallel-events@2026-10-05 3×parallel-events@2026-11-16
Z4 more on the same day
    2026-01-15 start pro; 2026-11-16 book parallel-events 2; 2026-11-16 book parallel-events 5
    2026-11-16: pro@2026-01-15 5×parallel-events@2026-11-16
Z4 fewer: from next month on
    2026-01-15 start pro; 2026-10-05 book parallel-events 5; 2026-11-16 book parallel-events 2
    2026-12-01: pro@2026-01-15 2×parallel-events@2026-10-05 3×parallel-events@2026-10-05..2026-11-30
Z4 fewer, the newest first
    2026-01-15 start pro; 2026-10-05 book parallel-events 2; 2026-10-06 book parallel-events 5; 2026-11-16 book parallel-events 1
    2026-12-01: pro@2026-01-15 1×parallel-events@2026-10-05 3×parallel-events@2026-10-06..2026-11-30 1×parallel-events@2026-10-05..2026-11-30
Z4 fewer taken back
    2026-01-15 start pro; 2026-10-05 book parallel-events 5; 2026-11-16 book parallel-events 2; 2026-11-17 book parallel-events 5
    2026-11-17: pro@2026-01-15 2×parallel-events@2026-10-05 3×parallel-events@2026-10-05
Z4 given up
    2026-01-15 start pro; 2026-10-05 book domain 1; 2026-11-16 give-up domain
    2026-12-01: pro@2026-01-15 1×domain@2026-10-05..2026-11-30
Z4 on the last day of a month
    2026-01-15 start pro; 2026-10-05 book domain 1; 2026-11-30 give-up domain
    2026-12-01: pro@2026-01-15 1×domain@2026-10-05..2026-11-30
Z4 on 29 February
    2028-01-15 start pro; 2028-02-05 book domain 1; 2028-02-29 give-up domain
    2028-03-01: pro@2028-01-15 1×domain@2028-02-05..2028-02-29
Z4 given up twice
    2026-01-15 start pro; 2026-10-05 book domain 1; 2026-11-16 give-up domain; 2026-11-17 give-up domain
    refused: given_up
Z4 the giving up taken back
    2026-01-15 start pro; 2026-10-05 book domain 1; 2026-11-16 give-up domain; 2026-11-30 book domain 1
    2026-11-30: pro@2026-01-15 1×domain@2026-10-05
Z4 booked again after its end
    2026-01-15 start pro; 2026-10-05 book domain 1; 2026-11-16 give-up domain; 2026-12-01 book domain 1
    2026-12-01: pro@2026-01-15 1×domain@2026-10-05..2026-11-30 1×domain@2026-12-01
Z4 another label is not booked
    2026-01-15 start pro; 2026-10-05 book domain 1 a.example; 2026-11-16 give-up domain b.example
    refused: not_booked
Z4 nothing is booked
    2026-01-15 start pro; 2026-11-16 give-up domain
    refused: not_booked
an unknown add-on
    2026-01-15 start pro; 2026-11-16 book hovercraft 1
    refused: unknown_add_on
no quantity
    2026-01-15 start pro; 2026-11-16 book domain 0
    refused: not_a_quantity
less than none
    2026-01-15 start pro; 2026-11-16 book domain -1
    refused: not_a_quantity
too many
    2026-01-15 start pro; 2026-11-16 book domain 1000000001
    refused: not_a_quantity
an empty label
    2026-01-15 start pro; 2026-11-16 book domain 1 _
    refused: label
not part of the plan
    2026-01-15 start basic; 2026-11-16 book domain 1
    refused: not_in_plan
S1 a larger pool is use enough
    2026-01-15 start pro; 2026-11-16 book more-minutes 1
    2026-11-16: pro@2026-01-15 1×more-minutes@2026-11-16
S1 no larger pool in this plan
    2026-01-15 start basic; 2026-11-16 book more-minutes 1
    refused: not_in_plan
not part of the plan that is ordered
    2026-01-15 start pro; 2026-11-16 to basic; 2026-11-17 book domain 1
    refused: not_in_plan
after a cancellation, until the end
    2026-01-15 start pro; 2026-11-16 cancel; 2026-11-17 book domain 1
    2026-11-17: pro@2026-01-15 1×domain@2026-11-17 ends 2026-11-30
";

#[test]
fn bookings() {
    check(BOOKINGS, outcome);
}

const REQUIREMENTS_S1: &str = "
S1 level 3 requires level 2
    2026-01-15 start pro; 2026-11-16 book level-3 1
    refused: requires
S1 booked on the same day
    2026-01-15 start pro; 2026-11-16 book level-2 1; 2026-11-16 book level-3 1
    2026-11-16: pro@2026-01-15 1×level-2@2026-11-16 1×level-3@2026-11-16
S1 included in the plan
    2026-01-15 start enterprise; 2026-11-16 book level-3 1
    2026-11-16: enterprise@2026-01-15 1×level-3@2026-11-16
S1 not on what ends with the month
    2026-01-15 start pro; 2026-10-01 book level-2 1; 2026-11-16 give-up level-2; 2026-11-16 book level-3 1
    refused: requires
S1 what is required stays
    2026-01-15 start pro; 2026-11-16 book level-2 1; 2026-11-16 book level-3 1; 2026-11-17 give-up level-2
    refused: required
S1 both in the same month
    2026-01-15 start pro; 2026-10-16 book level-2 1; 2026-10-16 book level-3 1; 2026-11-17 give-up level-3; 2026-11-18 give-up level-2
    2026-12-01: pro@2026-01-15 1×level-2@2026-10-16..2026-11-30 1×level-3@2026-10-16..2026-11-30
S1 level 3 taken back, but level 2 goes
    2026-01-15 start pro; 2026-10-16 book level-2 1; 2026-10-16 book level-3 1; 2026-11-17 give-up level-3; 2026-11-18 give-up level-2; 2026-11-19 book level-3 1
    refused: requires
S1 a downgrade that takes level 2 away
    2026-01-15 start enterprise; 2026-11-16 book level-3 1; 2026-11-17 to pro
    refused: required
S1 unless it is booked
    2026-01-15 start enterprise; 2026-11-16 book level-3 1; 2026-11-16 book level-2 1; 2026-11-17 to pro
    2026-12-01: enterprise@2026-01-15 pro@2026-12-01 1×level-3@2026-11-16 1×level-2@2026-11-16
S1 or level 3 was given up
    2026-01-15 start enterprise; 2026-11-16 book level-3 1; 2026-11-17 give-up level-3; 2026-11-18 to pro
    2026-12-01: enterprise@2026-01-15 pro@2026-12-01 1×level-3@2026-11-16..2026-11-30
S1 level 2 goes before the plan that includes it comes
    2026-01-15 start licence-xl; 2026-06-01 book level-2 1; 2026-06-02 book level-3 1; 2026-06-03 to enterprise; 2026-12-10 give-up level-2
    refused: required
S1 level 2 goes once it is included
    2026-01-15 start licence-xl; 2026-06-01 book level-2 1; 2026-06-02 book level-3 1; 2026-06-03 to enterprise; 2027-01-10 give-up level-2
    2027-02-01: licence-xl@2026-01-15 enterprise@2027-01-15 1×level-2@2026-06-01..2027-01-31 1×level-3@2026-06-02
S1 and its withdrawal is refused
    2026-03-01 start licence-xl; 2026-06-01 book level-2 1; 2026-06-02 book level-3 1; 2026-06-03 to enterprise; 2027-02-10 give-up level-2; 2027-02-11 withdraw
    refused: required
S1 an upgrade that includes it
    2026-01-15 start pro; 2026-11-16 book level-2 1; 2026-11-17 to enterprise
    2026-11-17: pro@2026-01-15 enterprise@2026-11-17 1×level-2@2026-11-16
S1 undone while something needs it
    2026-01-15 start pro; 2026-11-16 to enterprise; 2026-11-16 book level-3 1; 2026-11-16 to pro
    refused: required
a use by being required
    2026-01-15 start pro; 2026-11-16 book base 1
    refused: not_in_plan
C3 bookings the plan has no use for
    2026-01-15 start pro; 2026-11-16 book domain 1; 2026-11-17 to basic
    refused: not_in_plan
C3 given up first
    2026-01-15 start pro; 2026-11-16 book domain 1; 2026-11-17 give-up domain; 2026-11-17 to basic
    2026-12-01: pro@2026-01-15 basic@2026-12-01 1×domain@2026-11-16..2026-11-30
C3 which is then not taken back
    2026-01-15 start pro; 2026-11-16 book domain 1; 2026-11-17 give-up domain; 2026-11-17 to basic; 2026-11-18 book domain 1
    refused: not_in_plan
C1 the same for an upgrade
    2026-01-15 start pro; 2026-11-16 book parallel-events 1; 2026-11-17 to licence
    refused: not_in_plan
C1 given up, at once and not at the month's end
    2026-01-15 start pro; 2026-11-16 book parallel-events 1; 2026-11-17 give-up parallel-events; 2026-11-17 to licence
    2026-11-17: pro@2026-01-15 licence@2026-11-17 1×parallel-events@2026-11-16..2026-11-30
";

#[test]
fn requirements_s1() {
    check(REQUIREMENTS_S1, outcome);
}

#[test]
fn what_was_missing_before_is_no_reason_s1() {
    let mut before =
        play("2026-01-15 start pro; 2026-11-16 book domain 1; 2026-11-16 book level-2 1").expect("booked").after;
    // As another catalogue may have allowed it.
    before.phases[0].plan.plan = "basic".to_owned();
    let decided = |words: &[&str]| {
        let decision =
            domain::subscription::decide::decide(&catalogues(), &before, &change(words), day("2026-11-17"), 0);
        decision.map(|_| ()).map_err(|refusal| refusal.code())
    };
    for (name, words, expected) in [
        ("S1 more of something else", &["book", "level-3", "1"][..], Ok(())),
        ("Z4 giving it up", &["give-up", "domain"], Ok(())),
        ("Z2 another plan without it", &["to", "named"], Err("not_in_plan")),
        ("C1 a plan with it", &["to", "pro"], Ok(())),
    ] {
        assert_eq!(decided(words), expected, "{name}");
    }
}

#[test]
fn refusals_name_what_is_in_the_way() {
    use domain::language::Language;
    for (name, script, german, english) in [
        (
            "C3 every add-on is listed",
            "2026-01-15 start pro; 2026-11-16 book domain 1; 2026-11-16 book parallel-events 1; 2026-11-17 to basic",
            "Im Tarif „basic“ gibt es nicht: „domain“, „parallel-events“. Was davon gebucht ist, bestellen Sie bitte zuerst ab.",
            "Not part of the plan “basic”: “domain”, “parallel-events”. What is booked of it, please give up first.",
        ),
        (
            "S1 what requires it",
            "2026-01-15 start pro; 2026-11-16 book level-2 1; 2026-11-16 book level-3 1; 2026-11-17 give-up level-2",
            "„level-2“ wird noch benötigt für: „level-3“. Bitte bestellen Sie dies zuerst ab.",
            "“level-2” is still required by: “level-3”. Please give this up first.",
        ),
        (
            "S1 what is missing",
            "2026-01-15 start pro; 2026-11-16 book level-3 1",
            "„level-3“ setzt voraus: „level-2“. Bitte buchen Sie dies zuerst.",
            "“level-3” requires: “level-2”. Please book this first.",
        ),
    ] {
        let refusal = play(script).expect_err(name);
        assert_eq!(refusal.sentence(Language::De), german, "{name}");
        assert_eq!(refusal.sentence(Language::En), english, "{name}");
    }
}

#[test]
fn limits_are_raised_by_add_ons_c6() {
    let catalogues = catalogues();
    for (name, script, limit, on, expected) in [
        ("C6 the plan's own", "2026-01-15 start pro", "parallel_events", "2026-11-16", Some(3)),
        (
            "C6 raised",
            "2026-01-15 start pro; 2026-11-16 book parallel-events 2",
            "parallel_events",
            "2026-11-16",
            Some(5),
        ),
        (
            "C6 by either name",
            "2026-01-15 start pro; 2026-11-16 book parallel-events 2",
            "parallel-events",
            "2026-11-16",
            Some(5),
        ),
        (
            "C6 not before",
            "2026-01-15 start pro; 2026-11-16 book parallel-events 2",
            "parallel_events",
            "2026-11-15",
            Some(3),
        ),
        (
            "C6 half of one is none",
            "2026-01-15 start pro; 2026-11-16 book parallel-events 2.5",
            "parallel_events",
            "2026-11-16",
            Some(5),
        ),
        (
            "Z4 until the month's end",
            "2026-01-15 start pro; 2026-10-16 book parallel-events 2; 2026-11-16 give-up parallel-events",
            "parallel_events",
            "2026-11-30",
            Some(5),
        ),
        (
            "Z4 not after it",
            "2026-01-15 start pro; 2026-10-16 book parallel-events 2; 2026-11-16 give-up parallel-events",
            "parallel_events",
            "2026-12-01",
            Some(3),
        ),
        (
            "C5 an upgrade raises it at once",
            "2026-01-15 start pro; 2026-11-16 to enterprise",
            "parallel_events",
            "2026-11-16",
            Some(5),
        ),
        ("C6 no such limit", "2026-01-15 start pro", "rooms", "2026-11-16", None),
        ("C6 before the first day", "2026-01-15 start pro", "attendees", "2026-01-14", None),
        ("C6 after the end", "2026-01-15 start pro; 2026-11-16 cancel", "attendees", "2026-12-01", None),
    ] {
        let subscription = play(script).expect(name).after;
        assert_eq!(limit_on(&catalogues, &subscription, limit, day(on)), expected, "{name}");
    }
    let subscription = play("2026-01-15 start enterprise; 2026-11-16 book level-3 1").expect("booked").after;
    for (name, id, on, expected) in [
        ("S1 included", "level-2", "2026-11-15", true),
        ("S1 booked", "level-3", "2026-11-16", true),
        ("S1 not booked yet", "level-3", "2026-11-15", false),
    ] {
        assert_eq!(has_on(&catalogues, &subscription, &add_on(id), day(on)), expected, "{name}");
    }
}

#[test]
fn organisers_are_told_once_each_c4() {
    for (name, taken, limit, told, expected) in [
        ("C4 below 90 %", 89, 100, None, None),
        ("C4 at 90 %", 90, 100, None, Some(Fullness::Nearly)),
        ("C4 once", 95, 100, Some(Fullness::Nearly), None),
        ("C4 at 100 %", 100, 100, Some(Fullness::Nearly), Some(Fullness::Full)),
        ("C4 at 100 % at once", 100, 100, None, Some(Fullness::Full)),
        ("C4 never again", 100, 100, Some(Fullness::Full), None),
        ("C4 not back to 90 %", 92, 100, Some(Fullness::Full), None),
        ("C4 beyond", 120, 100, None, Some(Fullness::Full)),
        ("C4 90 % of 25 are 22.5", 22, 25, None, None),
        ("C4 so 23", 23, 25, None, Some(Fullness::Nearly)),
    ] {
        assert_eq!(fullness_to_tell(taken, limit, told), expected, "{name}");
    }
}

const AGREEMENTS: &str = "
A20 a price of another plan
    2026-01-15 start basic; 2026-11-16 agree domain-fee 50
    refused: unknown_charge
A20 of a plan that is ordered
    2026-01-15 start enterprise; 2026-11-15 to pro; 2026-11-16 agree processes 50
    2026-11-16: enterprise@2026-01-15 pro@2026-12-01
A20 below zero
    2026-01-15 start pro; 2026-11-16 agree fee -0.01
    refused: not_a_price
A20 nine decimal places
    2026-01-15 start pro; 2026-11-16 agree fee 0.000000001
    refused: not_a_price
A20 too large
    2026-01-15 start pro; 2026-11-16 agree fee 1000000000000
    refused: not_a_price
Z7 a plan without forecast
    2026-01-15 start basic; 2026-11-16 commit processes 1000
    refused: not_forecast
Z7 no quantity
    2026-01-15 start pro; 2026-11-16 commit processes 0
    refused: not_a_quantity
";

#[test]
fn agreements() {
    check(AGREEMENTS, outcome);
    let price =
        play("2026-01-15 start pro; 2026-11-16 agree fee 1299.00; 2026-11-17 agree fee 1399").expect("agreed").after;
    let fee = domain::catalog::names::ChargeId::parse("fee").expect("a charge");
    assert_eq!(price.agreed_price(&fee), Some(1399.into()), "A20 the newest stands");
    let committed = play("2026-01-15 start pro; 2026-11-16 commit processes 1000").expect("committed").after;
    assert_eq!(committed.forecast.len(), 1, "Z7");
    for (name, words, expected) in [
        ("Z7 more is the customer's", &["commit", "processes", "1001"][..], false),
        ("Z7 less is the operator's", &["commit", "processes", "999"], true),
        ("P1 a longer trial", &["extend", "2026-12-31"], true),
        ("A20 a price", &["agree", "fee", "1"], true),
        ("C7 an upgrade", &["to", "enterprise"], false),
        ("Z11 a booking", &["book", "domain", "1"], false),
    ] {
        assert_eq!(change(words).operator_only(&committed), expected, "{name}");
    }
}

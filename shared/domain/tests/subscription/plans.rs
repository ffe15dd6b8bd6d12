//! Upgrades, downgrades and switches (C1, C3, Z2), trials (P1) and promotion codes.

use crate::shop::{check, day, outcome, play};
use domain::subscription::warning::Warning;

const CHANGES_OF_PLAN: &str = "
C1 an upgrade holds at once
    2026-01-15 start pro; 2026-11-16 to enterprise
    2026-11-16: pro@2026-01-15 enterprise@2026-11-16
C1 on the last day of a month
    2026-01-15 start pro; 2026-10-31 to enterprise
    2026-10-31: pro@2026-01-15 enterprise@2026-10-31
C1 on 29 February
    2028-01-15 start pro; 2028-02-29 to enterprise
    2028-02-29: pro@2028-01-15 enterprise@2028-02-29
C1 a second upgrade on one day replaces the first
    2026-01-15 start basic; 2026-11-16 to enterprise; 2026-11-16 to pro
    2026-11-16: basic@2026-01-15 pro@2026-11-16
C1 on the first day the plan is replaced
    2026-11-16 start pro; 2026-11-16 to enterprise
    2026-11-16: enterprise@2026-11-16
C1 and back on one day
    2026-01-15 start pro; 2026-11-16 to enterprise; 2026-11-16 to pro
    2026-11-16: pro@2026-01-15
C1 and back a day later is a downgrade
    2026-01-15 start pro; 2026-11-16 to enterprise; 2026-11-17 to pro
    2026-12-01: pro@2026-01-15 enterprise@2026-11-16 pro@2026-12-01
C1 the same upgrade twice
    2026-01-15 start pro; 2026-11-16 to enterprise; 2026-11-16 to enterprise
    refused: same_plan
C3 below the plan of yesterday, on the day of an upgrade
    2026-01-15 start pro; 2026-11-16 to enterprise; 2026-11-16 to basic
    2026-12-01: pro@2026-01-15 enterprise@2026-11-16 basic@2026-12-01
C3 a downgrade comes with the next month
    2026-01-15 start pro; 2026-11-16 to basic
    2026-12-01: pro@2026-01-15 basic@2026-12-01
C3 on the first day of a month: with the next one
    2026-01-15 start pro; 2026-11-01 to basic
    2026-12-01: pro@2026-01-15 basic@2026-12-01
C3 on the last day: short, but not blocked
    2026-01-15 start pro; 2026-11-30 to basic
    2026-12-01: pro@2026-01-15 basic@2026-12-01 !short_lead
C3 on 29 February
    2028-01-15 start pro; 2028-02-29 to basic
    2028-03-01: pro@2028-01-15 basic@2028-03-01 !short_lead
C3 three working days are enough
    2026-01-15 start pro; 2026-11-25 to basic
    2026-12-01: pro@2026-01-15 basic@2026-12-01
C3 two working days are short
    2026-01-15 start pro; 2026-11-26 to basic
    2026-12-01: pro@2026-01-15 basic@2026-12-01 !short_lead
C3 on the first day there is no yesterday
    2026-11-16 start pro; 2026-11-16 to basic
    2026-12-01: pro@2026-11-16 basic@2026-12-01
C3 never to a free plan
    2026-01-15 start pro; 2026-11-16 to free
    refused: free_plan
C3 not to a free plan by the way back either
    2026-01-15 start free; 2026-11-16 to pro; 2026-11-16 to free
    refused: free_plan
C3 not to a free plan from a trial
    2026-11-01 start starter; 2026-11-05 to free
    refused: free_plan
C3 a second downgrade replaces the first
    2026-01-15 start pro; 2026-11-16 to basic; 2026-11-17 to named
    2026-12-01: pro@2026-01-15 named@2026-12-01 !pending_dropped
C3 the same downgrade twice is one
    2026-01-15 start pro; 2026-11-16 to basic; 2026-11-16 to basic
    2026-12-01: pro@2026-01-15 basic@2026-12-01
C3 withdrawn
    2026-01-15 start pro; 2026-11-16 to basic; 2026-11-17 withdraw
    2026-11-17: pro@2026-01-15
C3 withdrawn on the last day before it
    2026-01-15 start pro; 2026-11-16 to basic; 2026-11-30 withdraw
    2026-11-30: pro@2026-01-15
C3 not withdrawn on its first day
    2026-01-15 start pro; 2026-11-16 to basic; 2026-12-01 withdraw
    refused: no_pending_change
C3 withdrawn twice
    2026-01-15 start pro; 2026-11-16 to basic; 2026-11-17 withdraw; 2026-11-17 withdraw
    refused: no_pending_change
C3 nothing to withdraw
    2026-01-15 start pro; 2026-11-17 withdraw
    refused: no_pending_change
C3 an upgrade drops it
    2026-01-15 start pro; 2026-11-16 to basic; 2026-11-20 to enterprise
    2026-11-20: pro@2026-01-15 enterprise@2026-11-20 !pending_dropped
C3 to keep the plan it is withdrawn
    2026-01-15 start pro; 2026-11-16 to basic; 2026-11-20 to pro
    refused: same_plan
C1 an upgrade on the day a downgrade took effect
    2026-01-15 start enterprise; 2026-11-16 to basic; 2026-12-01 to pro
    2026-12-01: enterprise@2026-01-15 pro@2026-12-01
C1 back up on the day a downgrade took effect
    2026-01-15 start enterprise; 2026-11-16 to basic; 2026-12-01 to enterprise
    2026-12-01: enterprise@2026-01-15
C1 after it took effect
    2026-01-15 start pro; 2026-11-16 to basic; 2026-12-02 to pro
    2026-12-02: pro@2026-01-15 basic@2026-12-01 pro@2026-12-02
Z2 a switch of the seat model holds at once
    2026-01-15 start named; 2026-11-16 to concurrent
    2026-11-16: named@2026-01-15 concurrent@2026-11-16
Z2 and back on the same day
    2026-01-15 start named; 2026-11-16 to concurrent; 2026-11-16 to named
    2026-11-16: named@2026-01-15
Z2 and back on the next day
    2026-01-15 start named; 2026-11-16 to concurrent; 2026-11-17 to named
    2026-11-17: named@2026-01-15 concurrent@2026-11-16 named@2026-11-17
G6 another version of the plan is a switch
    2026-01-15 start pro; 2027-01-01 to shop@2/pro
    2027-01-01: pro@2026-01-15 pro@2027-01-01
G6 a version before its first day
    2026-01-15 start pro; 2026-12-31 to shop@2/pro
    refused: not_sold_yet
G6 a downgrade into a version of its first day
    2026-01-15 start pro; 2026-12-16 to shop@2/basic
    2027-01-01: pro@2026-01-15 basic@2027-01-01
G6 an unknown version
    2026-01-15 start pro; 2026-11-16 to shop@9/pro
    refused: unknown_plan
G6 an unknown plan
    2026-01-15 start pro; 2026-11-16 to platinum
    refused: unknown_plan
another catalogue
    2026-01-15 start pro; 2026-11-16 to other@1/enterprise
    refused: other_catalogue
a plan that is not sold any more
    2026-01-15 start basic; 2026-11-16 to old
    refused: not_sold
G6 an account that has it keeps it
    2026-01-15 hold old; 2026-11-16 redeem WELCOME
    2026-11-16: old@2026-01-15 WELCOME@2026-11-16
G6 and goes back to it on the same day
    2026-01-15 hold old; 2026-11-16 to enterprise; 2026-11-16 to old
    2026-11-16: old@2026-01-15
G6 but not on the next
    2026-01-15 hold old; 2026-11-16 to enterprise; 2026-11-17 to old
    refused: not_sold
G6 nor on the day it was left by a downgrade
    2026-01-15 hold old; 2026-11-16 to basic; 2026-12-01 to old
    refused: not_sold
a plan that is not sold cannot be begun
    2026-01-15 start old
    refused: not_sold
before the first day
    2026-11-16 start pro; 2026-11-15 to enterprise
    refused: not_begun
after the last day
    2026-01-15 start pro; 2026-11-16 cancel; 2026-12-01 to enterprise
    refused: ended
";

#[test]
fn changes_of_plan() {
    check(CHANGES_OF_PLAN, outcome);
}

const TRIALS: &str = "
P1 fourteen free days
    2026-01-01 start starter
    2026-01-01: starter@2026-01-01 trial..2026-01-14
P1 a plan without free days
    2026-01-01 start basic
    2026-01-01: basic@2026-01-01
P1 any change is at once, upwards
    2026-01-01 start starter; 2026-01-05 to pro
    2026-01-05: starter@2026-01-01 pro@2026-01-05 trial..2026-01-14
P1 any change is at once, downwards
    2026-01-01 start starter; 2026-01-05 to pro; 2026-01-07 to basic
    2026-01-07: starter@2026-01-01 pro@2026-01-05 basic@2026-01-07 trial..2026-01-14
P1 at once after its end too
    2026-01-01 start starter; 2026-01-05 to pro; 2026-02-07 to basic
    2026-02-07: starter@2026-01-01 pro@2026-01-05 basic@2026-02-07 trial..2026-01-14
P1 codes stay valid in a trial
    2026-01-01 start starter; 2026-01-02 to pro; 2026-01-03 redeem WELCOME; 2026-01-05 to basic
    2026-01-05: starter@2026-01-01 pro@2026-01-02 basic@2026-01-05 WELCOME@2026-01-03 trial..2026-01-14
P1 turned into a paid one
    2026-01-01 start starter; 2026-01-05 convert
    2026-01-05: starter@2026-01-01 trial..2026-01-14 converted 2026-01-05
P1 on the last free day
    2026-01-01 start starter; 2026-01-14 convert
    2026-01-14: starter@2026-01-01 trial..2026-01-14 converted 2026-01-14
P1 after its end
    2026-01-01 start starter; 2026-03-05 convert
    2026-03-05: starter@2026-01-01 trial..2026-01-14 converted 2026-03-05
P1 twice
    2026-01-01 start starter; 2026-01-05 convert; 2026-01-05 convert
    refused: converted
P1 without a trial
    2026-01-01 start basic; 2026-01-05 convert
    refused: no_trial
C3 after the conversion a downgrade waits
    2026-01-01 start starter; 2026-01-02 to pro; 2026-01-05 convert; 2026-01-06 to basic
    2026-02-01: starter@2026-01-01 pro@2026-01-02 basic@2026-02-01 trial..2026-01-14 converted 2026-01-05
P1 extended
    2026-01-01 start starter; 2026-01-05 extend 2026-01-31
    2026-01-05: starter@2026-01-01 trial..2026-01-31
P1 extended after its end
    2026-01-01 start starter; 2026-02-05 extend 2026-02-05
    2026-02-05: starter@2026-01-01 trial..2026-02-05
P1 not to the same day
    2026-01-01 start starter; 2026-01-05 extend 2026-01-14
    refused: not_later
P1 not to a day that is over
    2026-01-01 start starter; 2026-02-05 extend 2026-02-04
    refused: not_later
P1 not once it is paid
    2026-01-01 start starter; 2026-01-05 convert; 2026-01-06 extend 2026-01-31
    refused: converted
P1 no trial to extend
    2026-01-01 start basic; 2026-01-05 extend 2026-01-31
    refused: no_trial
P3 a trial is cancelled to the end of the month
    2026-01-01 start licence-trial; 2026-01-05 cancel
    2026-02-01: licence-trial@2026-01-01 trial..2026-01-14 ends 2026-01-31
A21 no term begins beyond a cancellation
    2026-01-01 start licence-trial; 2026-01-05 cancel; 2026-01-06 convert
    refused: cancelled
";

#[test]
fn trials() {
    check(TRIALS, outcome);
}

#[test]
fn free_days_that_are_left_stay_free_p1() {
    for (name, script, expected) in [
        ("without a trial", "2026-01-01 start basic", Some("2026-01-01")),
        ("not turned into a paid one", "2026-01-01 start starter", None),
        ("within the trial", "2026-01-01 start starter; 2026-01-05 convert", Some("2026-01-15")),
        ("after it", "2026-01-01 start starter; 2026-01-20 convert", Some("2026-01-20")),
        ("extended", "2026-01-01 start starter; 2026-01-05 extend 2026-01-31; 2026-01-06 convert", Some("2026-02-01")),
    ] {
        assert_eq!(play(script).expect(name).after.charged_from(), expected.map(day), "{name}");
    }
}

const PROMOTION_CODES: &str = "
C3 void with a downgrade
    2026-01-15 start pro; 2026-11-02 redeem WELCOME; 2026-11-16 to basic
    2026-12-01: pro@2026-01-15 basic@2026-12-01 WELCOME@2026-11-02..void 2026-12-01 !codes_void
C3 valid again when it is withdrawn
    2026-01-15 start pro; 2026-11-02 redeem WELCOME; 2026-11-16 to basic; 2026-11-30 withdraw
    2026-11-30: pro@2026-01-15 WELCOME@2026-11-02
C3 valid again when an upgrade drops it
    2026-01-15 start pro; 2026-11-02 redeem WELCOME; 2026-11-16 to basic; 2026-11-17 to enterprise
    2026-11-17: pro@2026-01-15 enterprise@2026-11-17 WELCOME@2026-11-02 !pending_dropped
C3 valid again when the end comes before it
    2026-01-15 start pro; 2026-11-02 redeem WELCOME; 2026-11-16 to basic; 2026-11-17 cancel
    2026-12-01: pro@2026-01-15 WELCOME@2026-11-02 ends 2026-11-30
C3 stays void once it took effect
    2026-01-15 start pro; 2026-11-02 redeem WELCOME; 2026-11-16 to basic; 2026-12-01 to pro
    2026-12-01: pro@2026-01-15 WELCOME@2026-11-02..void 2026-12-01
C3 moves with a second downgrade
    2026-01-15 start pro; 2026-11-02 redeem WELCOME; 2026-11-16 to basic; 2026-11-17 to named
    2026-12-01: pro@2026-01-15 named@2026-12-01 WELCOME@2026-11-02..void 2026-12-01 !pending_dropped !codes_void
C3 redeemed before a downgrade that is ordered
    2026-01-15 start pro; 2026-11-16 to basic; 2026-11-17 redeem WELCOME
    2026-11-17: pro@2026-01-15 basic@2026-12-01 WELCOME@2026-11-17..void 2026-12-01 !codes_void
C3 an upgrade leaves codes alone
    2026-01-15 start pro; 2026-11-02 redeem WELCOME; 2026-11-16 to enterprise
    2026-11-16: pro@2026-01-15 enterprise@2026-11-16 WELCOME@2026-11-02
C3 a void code cannot be redeemed again
    2026-01-15 start pro; 2026-11-02 redeem WELCOME; 2026-11-16 to basic; 2026-12-01 redeem WELCOME
    refused: code_void
once for an account
    2026-01-15 start pro; 2026-11-02 redeem WELCOME; 2026-11-02 redeem WELCOME
    refused: code_redeemed
an unknown code
    2026-01-15 start pro; 2026-11-02 redeem NOPE
    refused: unknown_code
the day before its first
    2026-01-15 start pro; 2026-08-31 redeem AUTUMN
    refused: code_not_yet
its first day
    2026-01-15 start pro; 2026-09-01 redeem AUTUMN
    2026-09-01: pro@2026-01-15 AUTUMN@2026-09-01
its last day
    2026-01-15 start pro; 2026-11-30 redeem AUTUMN
    2026-11-30: pro@2026-01-15 AUTUMN@2026-11-30
the day after its last
    2026-01-15 start pro; 2026-12-01 redeem AUTUMN
    refused: code_expired
for another plan
    2026-01-15 start basic; 2026-11-02 redeem FOR-PRO
    refused: code_not_for_plan
for this plan
    2026-01-15 start pro; 2026-11-02 redeem FOR-PRO
    2026-11-02: pro@2026-01-15 FOR-PRO@2026-11-02
the last of its limit
    2026-01-15 start pro; 2026-11-02 redeem LIMITED
    2026-11-02: pro@2026-01-15 LIMITED@2026-11-02
";

#[test]
fn promotion_codes() {
    check(PROMOTION_CODES, outcome);
}

#[test]
fn codes_are_bounded() {
    let redeem = |count: usize| {
        let steps = (0..count).map(|number| format!("; 2026-11-02 redeem CODE-{number}")).collect::<String>();
        outcome(&format!("2026-01-15 start pro{steps}"))
    };
    assert!(redeem(10).contains("CODE-9"), "ten codes apply at once");
    assert_eq!(redeem(11), "refused: too_many_codes");
    let catalogues = crate::shop::catalogues();
    let before = play("2026-01-15 start pro").expect("begins").after;
    let limited = crate::shop::change(&["redeem", "LIMITED"]);
    let refused = domain::subscription::decide::decide(&catalogues, &before, &limited, day("2026-11-02"), 100);
    assert_eq!(refused.expect_err("used up").code(), "code_used_up");
}

#[test]
fn lead_time_says_how_many_working_days_are_left_c3() {
    for (name, today, expected) in [
        ("three are advised", "2026-11-25", None),
        ("Thursday to Tuesday", "2026-11-26", Some(2)),
        ("Friday to Tuesday", "2026-11-27", Some(1)),
        ("Saturday to Tuesday", "2026-11-28", Some(1)),
        ("Monday to Tuesday", "2026-11-30", Some(0)),
    ] {
        let decision = play(&format!("2026-01-15 start pro; {today} to basic")).expect(name);
        let expected: Vec<Warning> = expected.map(|left| Warning::ShortLead { left, advised: 3 }).into_iter().collect();
        assert_eq!(decision.warnings, expected, "{name}");
    }
}

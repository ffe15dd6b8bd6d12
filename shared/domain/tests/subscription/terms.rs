//! Cancelling and minimum terms (A13, A21, P3), and what is due when.

use crate::shop::{catalogues, check, day, outcome, play};
use domain::subscription::change::DueTask;
use domain::subscription::term::term_on;

const CANCELLING: &str = "
P3 to the end of the month
    2026-01-15 start pro; 2026-11-16 cancel
    2026-12-01: pro@2026-01-15 ends 2026-11-30
P3 on the last day of a month
    2026-01-15 start pro; 2026-11-30 cancel
    2026-12-01: pro@2026-01-15 ends 2026-11-30
P3 on the first day
    2026-01-15 start pro; 2026-11-01 cancel
    2026-12-01: pro@2026-01-15 ends 2026-11-30
P3 in a leap year
    2028-01-15 start pro; 2028-02-29 cancel
    2028-03-01: pro@2028-01-15 ends 2028-02-29
A13 on the day it was begun
    2026-11-16 start basic; 2026-11-16 cancel
    2026-12-01: basic@2026-11-16 ends 2026-11-30
P3 twice
    2026-01-15 start pro; 2026-11-16 cancel; 2026-11-16 cancel
    refused: already_cancelled
P3 withdrawn
    2026-01-15 start pro; 2026-11-16 cancel; 2026-11-17 uncancel
    2026-11-17: pro@2026-01-15
P3 withdrawn on the last day
    2026-01-15 start pro; 2026-11-16 cancel; 2026-11-30 uncancel
    2026-11-30: pro@2026-01-15
P3 not withdrawn after it
    2026-01-15 start pro; 2026-11-16 cancel; 2026-12-01 uncancel
    refused: ended
P3 nothing to withdraw
    2026-01-15 start pro; 2026-11-16 uncancel
    refused: not_cancelled
P3 and withdrawn twice
    2026-01-15 start pro; 2026-11-16 cancel; 2026-11-17 uncancel; 2026-11-17 uncancel
    refused: not_cancelled
C3 the end takes a downgrade with it
    2026-01-15 start pro; 2026-11-16 to basic; 2026-11-17 cancel
    2026-12-01: pro@2026-01-15 ends 2026-11-30
C3 no downgrade after the end
    2026-01-15 start pro; 2026-11-16 cancel; 2026-11-17 to basic
    refused: cancelled
C1 an upgrade before the end
    2026-01-15 start pro; 2026-11-16 cancel; 2026-11-17 to enterprise
    2026-11-17: pro@2026-01-15 enterprise@2026-11-17 ends 2026-11-30
A21 no licence for the days before the end
    2026-01-15 start pro; 2026-11-16 cancel; 2026-11-17 to licence
    refused: cancelled
A21 early in the term
    2026-03-15 start licence; 2026-05-01 cancel
    2027-03-15: licence@2026-03-15 ends 2027-03-14
A21 the day before the limit
    2026-03-15 start licence; 2026-12-13 cancel
    2027-03-15: licence@2026-03-15 ends 2027-03-14
A21 on the limit
    2026-03-15 start licence; 2026-12-14 cancel
    2027-03-15: licence@2026-03-15 ends 2027-03-14
A21 the day after the limit
    2026-03-15 start licence; 2026-12-15 cancel
    2028-03-15: licence@2026-03-15 ends 2028-03-14 !notice_missed
A21 on the last day of the term
    2026-03-15 start licence; 2027-03-14 cancel
    2028-03-15: licence@2026-03-15 ends 2028-03-14 !notice_missed
A21 on the first day of the second
    2026-03-15 start licence; 2027-03-15 cancel
    2028-03-15: licence@2026-03-15 ends 2028-03-14
A21 from the first of a month the notice is whole months
    2026-03-01 start licence; 2026-11-30 cancel
    2027-03-01: licence@2026-03-01 ends 2027-02-28
A21 from the first of a month, a day late
    2026-03-01 start licence; 2026-12-01 cancel
    2028-03-01: licence@2026-03-01 ends 2028-02-29 !notice_missed
A21 withdrawn before the end
    2026-03-15 start licence; 2026-12-01 cancel; 2027-03-14 uncancel
    2027-03-14: licence@2026-03-15
term 12/3/0 in time
    2026-03-15 start pilot; 2026-12-14 cancel
    2027-03-15: pilot@2026-03-15 ends 2027-03-14
term 12/3/0 late: month by month after it
    2026-03-15 start pilot; 2026-12-15 cancel
    2027-04-01: pilot@2026-03-15 ends 2027-03-31 !notice_missed
term 12/3/0 late, the term ends with a month
    2026-04-01 start pilot; 2027-01-01 cancel
    2027-05-01: pilot@2026-04-01 ends 2027-04-30 !notice_missed
term 12/3/0 once it is over
    2026-03-15 start pilot; 2027-07-10 cancel
    2027-08-01: pilot@2026-03-15 ends 2027-07-31
a notice as long as the term, renewed by months
    2026-01-01 start quarter; 2026-01-01 cancel
    2026-05-01: quarter@2026-01-01 ends 2026-04-30 !notice_missed
A21 the term begins with the paid subscription
    2026-01-01 start licence-trial; 2026-01-05 convert; 2026-01-05 cancel
    2027-01-05: licence-trial@2026-01-01 trial..2026-01-14 converted 2026-01-05 ends 2027-01-04
";

#[test]
fn cancelling() {
    check(CANCELLING, outcome);
}

const CHANGES_OF_PLAN_WITHIN_A_TERM: &str = "
A21 a downgrade comes with the next term
    2026-03-15 start licence; 2026-06-01 to basic
    2027-03-15: licence@2026-03-15 basic@2027-03-15
C3 on the last day of a term
    2026-03-15 start licence; 2027-03-14 to basic
    2027-03-15: licence@2026-03-15 basic@2027-03-15 !short_lead
C3 on the first day of the second
    2026-03-15 start licence; 2027-03-15 to basic
    2028-03-15: licence@2026-03-15 basic@2028-03-15
C3 withdrawn on the last day of a term
    2026-03-15 start licence; 2026-06-01 to basic; 2027-03-14 withdraw
    2027-03-14: licence@2026-03-15
C3 month by month after a first term
    2026-03-15 start pilot; 2027-07-10 to basic
    2027-08-01: pilot@2026-03-15 basic@2027-08-01
A21 an upgrade keeps the dates of the term
    2026-03-15 start licence; 2026-06-01 to licence-xl; 2026-12-14 cancel
    2027-03-15: licence@2026-03-15 licence-xl@2026-06-01 ends 2027-03-14
A21 an upgrade without a term does not end the running one
    2026-03-15 start licence; 2026-06-01 to enterprise; 2026-06-02 cancel
    2027-03-15: licence@2026-03-15 enterprise@2026-06-01 ends 2027-03-14
A21 nor does a switch
    2026-03-15 start licence; 2026-06-01 to switched; 2026-06-02 cancel
    2027-03-15: licence@2026-03-15 switched@2026-06-01 ends 2027-03-14
A21 after that term it goes on month by month
    2026-03-15 start licence; 2026-06-01 to enterprise; 2027-03-15 cancel
    2027-04-01: licence@2026-03-15 enterprise@2026-06-01 ends 2027-03-31
A21 an upgrade to a plan with a term begins one
    2026-03-15 start pro; 2026-06-10 to licence; 2026-07-01 cancel
    2027-06-10: pro@2026-03-15 licence@2026-06-10 ends 2027-06-09
A21 undone on the same day
    2026-03-15 start pro; 2026-06-10 to licence; 2026-06-10 to pro; 2026-06-10 cancel
    2026-07-01: pro@2026-03-15 ends 2026-06-30
A21 cancelled late, a downgrade within the end stays
    2026-03-15 start licence; 2026-06-01 to basic; 2027-01-10 cancel
    2027-04-01: licence@2026-03-15 basic@2027-03-15 ends 2027-03-31 !notice_missed
A21 and is not withdrawn, which would renew the term
    2026-03-15 start licence; 2026-06-01 to basic; 2027-01-10 cancel; 2027-01-11 withdraw
    refused: cancelled
A21 nor replaced by one with a term
    2026-03-15 start licence-xl; 2026-06-01 to basic; 2027-01-10 cancel; 2027-01-11 to licence
    refused: cancelled
";

#[test]
fn changes_of_plan_within_a_term() {
    check(CHANGES_OF_PLAN_WITHIN_A_TERM, outcome);
}

/// The last step is the day that is looked at.
const TERMS: &str = "
first day
    2026-03-15 start licence; 2026-03-15
    2026-03-15..2027-03-14 by 2026-12-14
last day
    2026-03-15 start licence; 2027-03-14
    2026-03-15..2027-03-14 by 2026-12-14
renewed
    2026-03-15 start licence; 2027-03-15
    2027-03-15..2028-03-14 by 2027-12-14
renewed twice
    2026-03-15 start licence; 2028-06-01
    2028-03-15..2029-03-14 by 2028-12-14
before it
    2026-03-15 start licence; 2026-03-14
    none
no term
    2026-03-15 start pro; 2026-06-01
    none
from the 31st
    2026-05-31 start licence; 2026-06-01
    2026-05-31..2027-05-30 by 2027-02-28
months from the 31st, first
    2026-10-31 start quarter; 2026-12-01
    2026-10-31..2027-01-30 by 2026-10-30
months from the 31st, into February
    2026-10-31 start quarter; 2027-02-01
    2027-01-31..2027-02-28 by 2026-11-30
months from the 31st do not drift
    2026-10-31 start quarter; 2027-03-15
    2027-03-01..2027-03-30 by 2026-12-30
from 29 February
    2028-02-29 start licence; 2028-02-29
    2028-02-29..2029-02-28 by 2028-11-30
from 29 February, second
    2028-02-29 start licence; 2029-03-01
    2029-03-01..2030-02-28 by 2029-11-30
from 29 February, until the next leap year
    2028-02-29 start licence; 2031-06-01
    2031-03-01..2032-02-28 by 2031-11-28
from 1 March, over a leap day
    2027-03-01 start licence; 2027-06-01
    2027-03-01..2028-02-29 by 2027-11-30
first term of 12/3/0
    2026-03-15 start pilot; 2027-03-14
    2026-03-15..2027-03-14 by 2026-12-14
after it
    2026-03-15 start pilot; 2027-03-15
    none
a plan with a term that begins after it
    2026-03-15 start pilot; 2027-05-02 to licence-xl; 2027-06-01
    2027-05-02..2028-05-01 by 2028-02-01
a plan that begins where a term ends starts its own first one
    2026-03-15 start licence-xl; 2026-06-01 to quarter; 2027-04-01
    2027-03-15..2027-06-14 by 2027-03-14
a trial binds nobody
    2026-03-15 start licence-trial; 2026-03-20
    none
from the conversion
    2026-03-15 start licence-trial; 2026-03-20 convert; 2026-06-01
    2026-03-20..2027-03-19 by 2026-12-19
not before the conversion
    2026-03-15 start licence-trial; 2026-03-20 convert; 2026-03-19
    none
a plan that was over at the conversion binds nobody
    2026-03-15 start licence-trial; 2026-03-18 to basic; 2026-03-20 convert; 2026-03-21
    none
";

#[test]
fn terms_run_from_the_day_a21() {
    let catalogues = catalogues();
    check(TERMS, |script| {
        let (script, on) = script.rsplit_once("; ").expect("a day");
        match term_on(&catalogues, &play(script).expect(script).after, day(on)) {
            Some(span) => format!("{}..{} by {}", span.first, span.last, span.cancel_by),
            None => "none".to_owned(),
        }
    });
}

#[test]
fn people_are_told_on_the_first_day_of_the_new_state() {
    use DueTask::{PlanChanges, SubscriptionEnds, TrialEnds};
    for (name, script, expected) in [
        ("nothing is due", "2026-01-15 start pro", vec![]),
        ("P1 a trial", "2026-01-01 start starter", vec![("2026-01-15", TrialEnds)]),
        ("P1 turned into a paid one", "2026-01-01 start starter; 2026-01-05 convert", vec![]),
        ("P1 extended", "2026-01-01 start starter; 2026-01-05 extend 2026-01-31", vec![("2026-02-01", TrialEnds)]),
        (
            "P1 cancelled before its end",
            "2026-01-25 start starter; 2026-01-26 cancel",
            vec![("2026-02-01", SubscriptionEnds)],
        ),
        ("C3 a downgrade", "2026-01-15 start pro; 2026-11-16 to basic", vec![("2026-12-01", PlanChanges)]),
        ("C3 withdrawn", "2026-01-15 start pro; 2026-11-16 to basic; 2026-11-17 withdraw", vec![]),
        ("C1 an upgrade is told at once", "2026-01-15 start pro; 2026-11-16 to enterprise", vec![]),
        ("P3 the end", "2026-01-15 start pro; 2026-11-16 cancel", vec![("2026-12-01", SubscriptionEnds)]),
        (
            "A21 a downgrade and the end",
            "2026-03-15 start licence; 2026-06-01 to basic; 2027-01-10 cancel",
            vec![("2027-03-15", PlanChanges), ("2027-04-01", SubscriptionEnds)],
        ),
    ] {
        let due: Vec<_> = play(script).expect(name).timers.iter().map(|due| (due.on, due.task)).collect();
        assert_eq!(due, expected.into_iter().map(|(on, task)| (day(on), task)).collect::<Vec<_>>(), "{name}");
    }
}

//! Whether an account takes part: it closes itself at the end of its subscription, or of a trial (P1, P3).

use crate::calendar::Day;
use crate::subscription::Subscription;

/// How an account stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It takes part.
    Open,
    /// Its trial is over and was not turned into a paid subscription.
    TrialOver {
        /// The last free day.
        until: Day,
    },
    /// Its subscription has ended.
    Ended {
        /// The last day.
        on: Day,
    },
}

impl Subscription {
    /// How its account stands on a day.
    #[must_use]
    pub fn state_on(&self, today: Day) -> State {
        if let Some(on) = self.ends_on.filter(|last| *last < today) {
            return State::Ended { on };
        }
        match self.trial.filter(|trial| self.in_trial() && trial.until < today) {
            Some(trial) => State::TrialOver { until: trial.until },
            None => State::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::PlanKey;
    use crate::subscription::Trial;

    use super::*;

    #[test]
    fn an_account_closes_itself() {
        let day = |text| Day::parse(text).expect("a day");
        let trial = |until, converted_on| Some(Trial { until: day(until), converted_on });
        for (name, trial, ends_on, expected) in [
            ("neither trial nor end", None, None, State::Open),
            ("P1: last free day", trial("2026-11-10", None), None, State::Open),
            ("P1: the day after", trial("2026-11-09", None), None, State::TrialOver { until: day("2026-11-09") }),
            ("P1: turned into a paid one", trial("2026-11-09", Some(day("2026-11-05"))), None, State::Open),
            ("P3: last day", None, Some("2026-11-10"), State::Open),
            ("P3: the day after", None, Some("2026-11-09"), State::Ended { on: day("2026-11-09") }),
            (
                "P3: the end counts first",
                trial("2026-11-01", None),
                Some("2026-11-09"),
                State::Ended { on: day("2026-11-09") },
            ),
        ] {
            let mut subscription = Subscription::new(PlanKey::pay_per_attendee(), day("2026-10-27"));
            (subscription.trial, subscription.ends_on) = (trial, ends_on.map(day));
            assert_eq!(subscription.state_on(day("2026-11-10")), expected, "{name}");
        }
    }
}

//! Whether an account takes part: it closes itself at the end of its subscription, or of a trial (P1, P3).

use domain::calendar::Day;
use domain::ids::AccountId;
use domain::language::Language;
use domain::subscription::Subscription;
use maud::{Markup, html};
use platform::page::banner;

/// How an account stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It takes part.
    Open,
    /// Its trial is over and was not turned into a paid subscription.
    TrialOver { until: Day },
    /// Its subscription has ended.
    Ended { on: Day },
}

/// How an account stands on a day.
pub(crate) fn of(subscription: &Subscription, today: Day) -> State {
    if let Some(on) = subscription.ends_on.filter(|last| *last < today) {
        return State::Ended { on };
    }
    match subscription.trial.filter(|trial| subscription.in_trial() && trial.until < today) {
        Some(trial) => State::TrialOver { until: trial.until },
        None => State::Open,
    }
}

impl State {
    /// Why nothing new can be published; `None` while it can.
    pub(crate) fn sentence(self, language: Language) -> Option<String> {
        match self {
            Self::Open => None,
            Self::TrialOver { until } => Some(language.pick(
                format!(
                    "Ihre Testphase ist am {} zu Ende gegangen. Neue Veranstaltungen können Sie wieder anlegen, sobald Sie einen kostenpflichtigen Vertrag daraus gemacht haben. Alles Bisherige bleibt lesbar.",
                    language.date(until)
                ),
                format!(
                    "Your trial ended on {}. You can create new events again as soon as you turn it into a paid subscription. All you have stays readable.",
                    language.date(until)
                ),
            )),
            Self::Ended { on } => Some(language.pick(
                format!(
                    "Ihr Vertrag ist am {} ausgelaufen. Neue Veranstaltungen lassen sich nicht mehr anlegen. Alles Bisherige, auch Ihre Rechnungen, bleibt lesbar.",
                    language.date(on)
                ),
                format!(
                    "Your subscription ended on {}. New events can no longer be created. All you have, your invoices too, stays readable.",
                    language.date(on)
                ),
            )),
        }
    }

    /// The sentence with a link to the account's plan; nothing while it takes part.
    pub(crate) fn notice(self, account: &AccountId, language: Language) -> Option<Markup> {
        let sentence = self.sentence(language)?;
        Some(banner(
            "note",
            &html! {
                p { (sentence) }
                p { a href={ "/console/plan/" (account) "?lang=" (language.code()) } {
                    (language.pick("Tarif und Vertrag ansehen", "See plan and subscription")) } }
            },
        ))
    }
}

#[cfg(test)]
mod tests {
    use domain::catalog::PlanKey;
    use domain::subscription::Trial;

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
            assert_eq!(of(&subscription, day("2026-11-10")), expected, "{name}");
        }
    }
}

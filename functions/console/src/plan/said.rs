//! What is said of an account that no longer takes part (P1, P3).

use domain::ids::AccountId;
use domain::language::Language;
use domain::subscription::state::State;
use maud::{Markup, html};
use platform::page::banner;

/// Why nothing new can be published; `None` while it can.
pub(crate) fn sentence(state: State, language: Language) -> Option<String> {
    match state {
        State::Open => None,
        State::TrialOver { until } => Some(language.pick(
            format!(
                "Ihre Testphase ist am {} zu Ende gegangen. Neue Veranstaltungen können Sie wieder anlegen, sobald Sie einen kostenpflichtigen Vertrag daraus gemacht haben. Alles Bisherige bleibt lesbar.",
                language.date(until)
            ),
            format!(
                "Your trial ended on {}. You can create new events again as soon as you turn it into a paid subscription. All you have stays readable.",
                language.date(until)
            ),
        )),
        State::Ended { on } => Some(language.pick(
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
pub(crate) fn notice(state: State, account: &AccountId, language: Language) -> Option<Markup> {
    let sentence = sentence(state, language)?;
    Some(banner(
        "note",
        &html! {
            p { (sentence) }
            p { a href={ "/console/plan/" (account) "?lang=" (language.code()) } {
                (language.pick("Tarif und Vertrag ansehen", "See plan and subscription")) } }
        },
    ))
}

//! Every refusal and warning says something of its own in both languages.

use std::collections::BTreeSet;

use domain::catalog::names::PromotionCode;
use domain::language::{Language, Text};
use domain::problem::Problem;
use domain::subscription::refusal::{Named, Refusal};
use domain::subscription::warning::Warning;
use rust_decimal::Decimal;

use crate::shop::day;

fn refusals() -> Vec<Refusal> {
    let on = day("2026-11-30");
    let code = PromotionCode::parse("WELCOME").expect("a code");
    let plan = Named { id: "shop@1/pro".to_owned(), title: Text::new("Profi", "Professional") };
    let add_on = Named { id: "level-3".to_owned(), title: Text::new("Stufe 3", "Level 3") };
    let name = || "abc".to_owned();
    vec![
        Refusal::NotBegun { from: on },
        Refusal::Ended { on },
        Refusal::Cancelled { ends_on: on },
        Refusal::AlreadyCancelled { ends_on: on },
        Refusal::NotCancelled,
        Refusal::UnknownPlan { plan: name() },
        Refusal::OtherCatalogue { catalogue: name() },
        Refusal::NotSold { plan: plan.clone() },
        Refusal::NotSoldYet { plan: plan.clone(), from: on },
        Refusal::SamePlan { plan: plan.clone(), pending: false },
        Refusal::SamePlan { plan: plan.clone(), pending: true },
        Refusal::FreePlan { plan: plan.clone() },
        Refusal::NoPendingChange,
        Refusal::NotInPlan { plan: plan.clone(), add_ons: vec![add_on.clone()] },
        Refusal::UnknownAddOn { add_on: name() },
        Refusal::Requires { add_on: add_on.clone(), missing: vec![add_on.clone()] },
        Refusal::Required { add_on: add_on.clone(), by: vec![add_on.clone()] },
        Refusal::AlreadyBooked { add_on: add_on.clone(), quantity: Decimal::TEN },
        Refusal::NotBooked { add_on: add_on.clone() },
        Refusal::GivenUp { add_on, until: on },
        Refusal::TooManyBookings { most: 200 },
        Refusal::NotAQuantity { most: 1000 },
        Refusal::Label(Problem::Missing),
        Refusal::NoTrial,
        Refusal::Converted { on },
        Refusal::NotLater { than: on },
        Refusal::UnknownCode { code },
        Refusal::CodeNotYet { from: on },
        Refusal::CodeExpired { until: on },
        Refusal::CodeUsedUp,
        Refusal::CodeNotForPlan { plans: vec![plan] },
        Refusal::CodeRedeemed { on },
        Refusal::CodeVoid { from: on },
        Refusal::TooManyCodes { most: 10 },
        Refusal::UnknownCharge { charge: name() },
        Refusal::NotAPrice,
        Refusal::NotForecast { meter: name() },
    ]
}

#[test]
fn sentences_are_there_and_differ() {
    let on = day("2026-11-30");
    let plan = Named { id: "shop@1/pro".to_owned(), title: Text::new("Profi", "Professional") };
    let warnings = [
        Warning::ShortLead { left: 0, advised: 3 },
        Warning::ShortLead { left: 1, advised: 3 },
        Warning::ShortLead { left: 2, advised: 3 },
        Warning::CodesVoid { codes: Vec::new(), from: on },
        Warning::PendingDropped { plan, from: on },
        Warning::NoticeMissed { cancel_by: on, ends_on: on },
    ];
    let mut seen = BTreeSet::new();
    for language in [Language::De, Language::En] {
        let sentences =
            refusals().iter().map(|refusal| (refusal.code(), refusal.sentence(language))).collect::<Vec<_>>();
        let said = warnings.iter().map(|warning| (warning.code(), warning.sentence(language)));
        for (code, sentence) in sentences.into_iter().chain(said) {
            assert!(sentence.ends_with('.') && sentence.len() > 20, "{code}: {sentence}");
            assert!(seen.insert(sentence), "{code} says what another one says");
        }
    }
    let codes: BTreeSet<_> = refusals().iter().map(Refusal::code).collect();
    assert_eq!(codes.len(), refusals().len() - 1, "codes differ; a plan that is the same has two sentences");
}

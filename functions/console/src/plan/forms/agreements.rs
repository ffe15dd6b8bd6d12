//! What the operator alone agrees on with an account.

use domain::catalog::charge::{Charge, Model};
use domain::catalog::tiers::Price;
use maud::{Markup, html};
use platform::http::field;

use super::{Line, form, input, problem};
use crate::plan::{Contract, Said, actions};
use crate::prices::Words;

/// What the operator agrees on with the account: prices the list leaves open, and forecasts.
pub(in crate::plan) fn agreements(contract: &Contract<'_>, said: &Said<'_>) -> Markup {
    let language = contract.signed.language;
    let own = contract.today_plan().filter(|_| contract.signed.access.operator);
    let Some((catalogue, plan)) = own else { return html! {} };
    let charges = || catalogue.charges_of(plan);
    let open: Vec<(&str, &str)> = charges()
        .filter(|charge| is_open(charge))
        .map(|charge| (charge.id.as_str(), charge.text.get(language)))
        .collect();
    let forecast = |charge: &Charge| match &charge.model {
        Model::Metered(metered) if metered.forecast => catalogue.meter(&metered.meter),
        _ => None,
    };
    let meters: Vec<(&str, &str)> =
        charges().filter_map(forecast).map(|meter| (meter.id.as_str(), meter.title.get(language))).collect();
    let net = language.pick("netto, in Euro", "net, in euros");
    html! {
        @if !open.is_empty() || !meters.is_empty() {
            div class="card" {
                h2 { (language.pick("Vereinbarungen", "Agreements")) " " span class="tag plain" { (language.pick("nur für den Betreiber", "for the operator only")) } }
                @if !open.is_empty() {
                    (problem(said, actions::AGREE))
                    (form(contract, actions::AGREE, &[], &html! {
                        (choices(said, actions::AGREE, "charge", language.pick("Preis für", "Price of"), &open))
                        (input(said, actions::AGREE, &Line { name: "price", kind: "text", label: language.pick("Vereinbarter Preis", "Agreed price"), hint: net, default: "" }))
                    }, ("quiet", language.pick("Weiter", "Continue"))))
                }
                @if !meters.is_empty() {
                    (problem(said, actions::COMMIT))
                    (form(contract, actions::COMMIT, &[], &html! {
                        (choices(said, actions::COMMIT, "meter", language.pick("Verbindliche Planmenge für", "Quantity committed to for"), &meters))
                        (input(said, actions::COMMIT, &Line { name: "committed", kind: "text", label: language.pick("Menge im Monat", "Quantity a month"), hint: language.pick("Berechnet wird mindestens diese Menge.", "At least this quantity is charged."), default: "" }))
                    }, ("quiet", language.pick("Weiter", "Continue"))))
                }
            }
        }
    }
}

fn choices(said: &Said<'_>, action: &str, name: &str, legend: &str, values: &[(&str, &str)]) -> Markup {
    let typed = said.of(action).map(|(_, fields)| field(fields, name));
    let chosen = typed.or(values.first().map(|(value, _)| *value));
    html! {
        fieldset {
            legend { (legend) }
            @for (value, label) in values {
                label class="choice" { input type="radio" name=(name) value=(value) checked[chosen == Some(*value)]; (label) }
            }
        }
    }
}

/// Whether a price, or that of a tier, is left to an agreement.
fn is_open(charge: &Charge) -> bool {
    let open = |price: Price| price == Price::OnRequest;
    match &charge.model {
        Model::Flat(flat) => open(flat.price),
        Model::OneOff(one_off) => open(one_off.price) || one_off.from,
        _ => Words::tiers(charge).is_some_and(|tiers| tiers.all().iter().any(|tier| open(tier.price))),
    }
}

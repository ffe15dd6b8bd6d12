//! The page of a subscription: what it is, and the forms that change it.

use domain::catalog::names::AddOnId;
use domain::catalog::plan::Plan;
use domain::catalog::{Catalogue, PlanKey};
use domain::subscription::Phase;
use domain::subscription::state::State;
use domain::subscription::term::term_on;
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::page::banner;

use super::said;
use super::{Contract, Said, forms};
use crate::frame::signed_reply;
use crate::offers;
use crate::prices::Words;

pub(super) fn show(contract: &Contract<'_>, said: &Said<'_>) -> Response<Body> {
    let (signed, language) = (contract.signed, contract.signed.language);
    let title = language.pick("Tarif und Vertrag", "Plan and subscription");
    let state = contract.subscribed.subscription.state_on(contract.today);
    let content = html! {
        h1 { (title) }
        p class="lead" { (contract.account.name) " · " (language.pick("Kundennummer ", "customer number ")) (contract.account.id) }
        (above(contract, said))
        @match (state, said::sentence(state, language)) {
            (State::Open, _) | (_, None) => "",
            (_, Some(sentence)) => (banner("note", &html! { p { (sentence) } })),
        }
        (current(contract))
        @if !matches!(state, State::Ended { .. }) {
            (forms::convert(contract, said))
            (forms::plans(contract, said))
            (forms::add_ons(contract, said))
            (forms::codes(contract, said))
            (forms::agreements(contract, said))
            (forms::cancel(contract, said))
        }
        p { a href={ "/console/usage/" (contract.account.id) "?lang=" (language.code()) } { (language.pick("Nutzung", "Usage")) } }
        p { a href={ "/console/api-keys/" (contract.account.id) "?lang=" (language.code()) } { (language.pick("API-Schlüssel", "API keys")) } }
        @if signed.access.operator {
            p { a href={ "/console/accounts/" (contract.account.id) "?lang=" (language.code()) } { (language.pick("Konto bearbeiten", "Edit account")) } }
        }
    };
    signed_reply(said.status(), signed, title, &content)
}

/// What became of the last change.
fn above(contract: &Contract<'_>, said: &Said<'_>) -> Markup {
    let language = contract.signed.language;
    match said {
        Said::Nothing => html! {},
        Said::Saved => banner(
            "good",
            &html! { p { (language.pick(
            "Gespeichert. Eine Bestätigung ist per E-Mail unterwegs an ", "Saved. A confirmation is on its way to "))
            (contract.account.billing_email.as_str()) "." } },
        ),
        Said::Meanwhile => banner(
            "note",
            &html! { p { (language.pick(
            "Der Vertrag wurde inzwischen geändert, vielleicht durch einen zweiten Klick. Unten steht der aktuelle Stand; doppelt ausgeführt wurde nichts.",
            "The subscription has been changed meanwhile, perhaps by a second click. Below is how it stands now; nothing was done twice.")) } },
        ),
        Said::Refused { wrong, .. } => banner(
            "bad",
            &html! { p { b { (language.pick("Es wurde nichts geändert.", "Nothing has been changed.")) } " " (wrong.sentence) } },
        ),
    }
}

fn current(contract: &Contract<'_>) -> Markup {
    let language = contract.signed.language;
    let subscription = &contract.subscribed.subscription;
    // After the end the last plan is shown.
    let phase = subscription
        .phase_on(contract.today)
        .or_else(|| subscription.phases.iter().rfind(|phase| phase.from <= contract.today));
    let Some(phase) = phase.or_else(|| subscription.phases.first()) else { return html! {} };
    html! {
        div class="card lone" {
            h2 { (language.pick("Ihr Tarif: ", "Your plan: ")) (contract.plan_title(&phase.plan)) " " (tag(contract)) }
            @match contract.catalogues.plan(&phase.plan) {
                None => (banner("bad", &html! { p { (language.pick(
                    "Diese Preisliste ist nicht veröffentlicht. Bitte wenden Sie sich an uns.",
                    "This price list is not published. Please contact us.")) } })),
                Some((catalogue, plan)) => {
                    @let words = Words { catalogue, language };
                    @for price in words.plan(plan) { p class="price" { (price) } }
                }
            }
            p class="hint" { (vat_note(contract)) }
            dl class="facts" { @for (name, value) in facts(contract, phase) { dt { (name) } dd { (value) } } }
            (forms::withdrawals(contract))
        }
    }
}

/// How the prices of the page are meant.
fn vat_note(contract: &Contract<'_>) -> String {
    let language = contract.signed.language;
    match contract.treatment.and_then(|treatment| treatment.exemption_text(language)) {
        None => language
            .pick(
                "Alle Preise auf dieser Seite netto, zuzüglich Umsatzsteuer.",
                "All prices on this page are net; VAT is added.",
            )
            .to_owned(),
        Some(text) => language.pick(
            format!("Auf die Preise dieser Seite kommt keine Umsatzsteuer: {text}."),
            format!("No VAT is added to the prices of this page: {text}."),
        ),
    }
}

fn tag(contract: &Contract<'_>) -> Markup {
    let language = contract.signed.language;
    let subscription = &contract.subscribed.subscription;
    let (kind, text) = match subscription.state_on(contract.today) {
        State::Ended { .. } => ("bad", language.pick("beendet", "ended")),
        State::TrialOver { .. } => ("bad", language.pick("Testphase zu Ende", "trial over")),
        State::Open if subscription.ends_on.is_some() => ("note", language.pick("gekündigt", "cancelled")),
        State::Open if subscription.in_trial() => ("note", language.pick("Testphase", "trial")),
        State::Open => return html! {},
    };
    html! { span class={ "tag " (kind) } { (text) } }
}

fn facts(contract: &Contract<'_>, phase: &Phase) -> Vec<(&'static str, Markup)> {
    let language = contract.signed.language;
    let subscription = &contract.subscribed.subscription;
    let today = contract.today;
    let mut facts = Vec::new();
    let mut fact = |de, en, value: Markup| facts.push((language.pick(de, en), value));
    if let Some(catalogue) = contract.catalogues.get(&phase.plan.catalogue) {
        fact(
            "Preisliste",
            "Price list",
            html! {
                (contract.version(catalogue))
                @if let Some(newer) = offers::newer(&contract.catalogues, catalogue, today) {
                    p class="hint" { (language.pick(
                        format!("Es gibt die neuere Fassung {}. Ihre Preise bleiben, solange Sie den Tarif nicht wechseln.", newer.parts().version),
                        format!("There is a newer version, {}. Your prices stay as long as you do not change the plan.", newer.parts().version))) }
                }
            },
        );
    }
    fact("Seit", "Since", html! { (language.date(phase.from)) });
    if let Some(trial) = subscription.trial.filter(|trial| trial.until >= today) {
        let left = trial.until.days_since(today) + 1;
        fact(
            "Kostenlos bis",
            "Free until",
            html! {
                (language.date(trial.until)) " · "
                (if left == 1 { language.pick("heute ist der letzte Tag", "today is the last day").to_owned() }
                    else { language.pick(format!("noch {left} Tage"), format!("{left} days left")) })
            },
        );
    }
    if let Some(next) = subscription.pending_after(today) {
        let (title, from) = (contract.plan_title(&next.plan), language.date(next.from));
        fact(
            "Vorgemerkt",
            "Ordered",
            html! { (language.pick(format!("„{title}“ ab {from}"), format!("“{title}” from {from}"))) },
        );
    }
    match subscription.ends_on {
        Some(last) => fact("Letzter Tag", "Last day", html! { (language.date(last)) }),
        None => fact("Kündigung", "Cancellation", term(contract)),
    }
    let agreed = subscription.agreed_prices.iter().map(|(charge, price)| {
        let catalogue = contract.catalogues.get(&phase.plan.catalogue);
        let text = catalogue
            .and_then(|known| known.charge(charge))
            .map_or(charge.as_str(), |charge| charge.text.get(language));
        let price =
            catalogue.map_or_else(|| language.number(*price), |catalogue| Words { catalogue, language }.amount(*price));
        format!("{text}: {price}")
    });
    let agreed: Vec<String> = agreed.collect();
    if !agreed.is_empty() {
        fact("Vereinbarte Preise", "Agreed prices", html! { @for line in agreed { div { (line) } } });
    }
    if !subscription.forecast.is_empty() {
        fact(
            "Verbindliche Planmengen",
            "Quantities committed to",
            html! { @for (meter, quantity) in &subscription.forecast {
                @let known = contract.own().and_then(|own| own.meter(meter));
                div { (known.map_or(meter.as_str(), |meter| meter.title.get(language))) ": " (language.number(*quantity)) (language.pick(" im Monat", " a month")) }
            } },
        );
    }
    facts
}

/// By when it must be cancelled (A13, A21, P3).
fn term(contract: &Contract<'_>) -> Markup {
    let language = contract.signed.language;
    let text = match term_on(&contract.catalogues, &contract.subscribed.subscription, contract.today) {
        None => language.pick("jederzeit zum Monatsende", "at any time to the end of the month").to_owned(),
        Some(span) => {
            let (first, last, by) =
                (language.date(span.first), language.date(span.last), language.date(span.cancel_by));
            if contract.today <= span.cancel_by {
                language.pick(
                    format!("Laufzeit {first} bis {last}; kündbar zu ihrem Ende bis {by}"),
                    format!("term from {first} to {last}; to end with it, cancel by {by}"),
                )
            } else {
                language.pick(
                    format!("Laufzeit {first} bis {last}; die Kündigung zu ihrem Ende war bis {by} möglich"),
                    format!("term from {first} to {last}; cancelling to its end was possible until {by}"),
                )
            }
        }
    };
    html! { (text) }
}

impl Contract<'_> {
    /// The price list of today's plan.
    pub(super) fn own(&self) -> Option<&Catalogue> {
        let phase = self.subscribed.subscription.phase_on(self.today)?;
        self.catalogues.get(&phase.plan.catalogue).map(AsRef::as_ref)
    }

    /// Today's plan with its price list.
    pub(super) fn today_plan(&self) -> Option<(&Catalogue, &Plan)> {
        self.catalogues.plan(&self.subscribed.subscription.phase_on(self.today)?.plan)
    }

    /// What people read of a plan; its name if no published version has it.
    pub(super) fn plan_title(&self, key: &PlanKey) -> String {
        let known = self.catalogues.plan(key);
        known.map_or_else(|| key.plan.clone(), |(_, plan)| plan.title.get(self.signed.language).to_owned())
    }

    /// What people read of an add-on.
    pub(super) fn add_on_title(&self, id: &AddOnId) -> String {
        let mut phases = self.subscribed.subscription.phases.iter().rev();
        let known = phases.find_map(|phase| self.catalogues.get(&phase.plan.catalogue)?.add_on(id));
        known.map_or_else(|| id.to_string(), |add_on| add_on.title.get(self.signed.language).to_owned())
    }

    /// `Webinare, Fassung 2026-01`.
    pub(super) fn version(&self, catalogue: &Catalogue) -> String {
        let language = self.signed.language;
        let (title, version) = (catalogue.parts().title.get(language), &catalogue.parts().version);
        language.pick(format!("{title}, Fassung {version}"), format!("{title}, version {version}"))
    }
}

//! The form: the plan and the month, then an entry for everything the plan charges.

mod sections;

use std::sync::Arc;

use domain::calendar::Month;
use domain::catalog::Catalogue;
use domain::catalog::charge::Charge;
use domain::catalog::plan::Plan;
use domain::language::Language;
use maud::{Markup, html};
use platform::page::banner;

use super::asked::{Asked, names};
use super::buyer;
use super::describe::{describe, is_sample};
use super::entries::{Typed, Wrong};
use super::offer::plan_address;

/// What the form shows: what was typed so far and what is wrong with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) plan: &'a Plan,
    pub(super) asked: &'a Asked<'a>,
    pub(super) month: Month,
    pub(super) typed: &'a Typed,
    pub(super) wrong: &'a [Wrong],
    pub(super) language: Language,
}

/// An entry of one line.
#[derive(Clone, Copy, Debug, Default)]
struct Entry<'a> {
    name: &'a str,
    label: &'a str,
    kind: &'a str,
    unit: &'a str,
    placeholder: &'a str,
    hints: &'a [Markup],
    bounds: Option<(&'a str, &'a str)>,
    /// Whether the label stands beside it.
    narrow: bool,
}

/// Id of an entry in the page.
fn anchor(name: &str) -> String {
    name.replace('.', "-")
}

impl Form<'_> {
    fn pick<T>(&self, de: T, en: T) -> T {
        self.language.pick(de, en)
    }

    fn problem(&self, name: &str) -> Option<&Wrong> {
        self.wrong.iter().find(|wrong| wrong.name == name)
    }

    fn is_typed(&self, names: &[String]) -> bool {
        names.iter().any(|name| !self.typed.value(name).is_empty())
    }

    /// Everything that is wrong, with links to the entries.
    pub(super) fn summary(&self) -> Markup {
        if self.wrong.is_empty() {
            return html! {};
        }
        banner(
            "bad",
            &html! {
                p { b { (self.pick("Bitte prüfen Sie Ihre Angaben. Dann erscheint auch der Preis.", "Please check your entries. Then the price will appear.")) } }
                ul { @for wrong in self.wrong { li { a href={ "#" (anchor(&wrong.name)) } { (self.label(&wrong.name)) } ": " (wrong.text) } } }
            },
        )
    }

    /// What an entry is called where it is not beside its label.
    fn label(&self, name: &str) -> String {
        let asked = self.asked;
        let title = |text: &domain::language::Text| text.get(self.language).to_owned();
        let meters = asked.meters.iter().chain(&asked.payments).map(|meter| meter.what);
        let titles = meters.map(|meter| ([names::meter(meter), names::payments(meter)], &meter.title));
        let orders = asked.orders.iter().map(|(charge, _)| (names::order(charge), &charge.text));
        if let Some((_, text)) = titles.chain(orders).find(|(known, _)| known.iter().any(|known| known == name)) {
            return title(text);
        }
        let add_on = asked.add_ons.iter().find(|add_on| names::add_on(add_on.what) == name);
        let pool = asked.pools.iter().find(|pool| names::pool(pool) == name);
        let forecast = asked.forecasts.iter().find(|meter| names::forecast(meter.what) == name);
        let channel = asked.channels.iter().find(|channel| name.starts_with(&format!("t.{}.", channel.what.id)));
        let texts = [
            add_on.map(|add_on| &add_on.what.title),
            pool.map(|pool| &pool.title),
            forecast.map(|meter| &meter.what.title),
            channel.map(|channel| &channel.what.title),
        ];
        if let Some(text) = texts.into_iter().flatten().next() {
            return title(text);
        }
        let label = match name {
            "plan" => self.pick("Tarif", "Plan"),
            "month" => self.pick("Monat", "Month"),
            names::ACCEPTED => self.pick("Zusagen", "Accepted"),
            names::DECLINED => self.pick("Absagen", "Declined"),
            names::RESPONSES => self.pick("Rückmeldungen insgesamt", "Responses in all"),
            names::CODE => self.pick("Aktionscode", "Promotion code"),
            names::CHANGE_TO => self.pick("Neuer Tarif", "New plan"),
            buyer::COUNTRY => self.pick("Land", "Country"),
            buyer::VAT_ID => self.pick("USt-IdNr.", "VAT id"),
            names::CHANGE_ON => self.pick("Erster Tag", "First day"),
            other => other,
        };
        label.to_owned()
    }

    /// Plan and month.
    pub(super) fn choice(&self, offered: &[&Arc<Catalogue>], months: &[Month]) -> Markup {
        let address = plan_address(self.catalogue, self.plan);
        let is_offered = offered.iter().any(|catalogue| catalogue.key() == self.catalogue.key()) && self.plan.sold;
        html! {
            div class="choose" {
                div class=(self.class("plan")) {
                    label for="plan" { (self.pick("Tarif", "Plan")) }
                    select id="plan" name="plan" aria-describedby=[self.problem("plan").map(|_| "plan-problem")] {
                        @for catalogue in offered {
                            optgroup label=(catalogue.parts().title.get(self.language)) {
                                @for plan in catalogue.parts().plans.iter().filter(|plan| plan.sold) {
                                    @let value = plan_address(catalogue, plan);
                                    option value=(value) selected[value == address] { (plan.title.get(self.language)) }
                                }
                            }
                        }
                        @if !is_offered {
                            optgroup label=(self.pick("Frühere Preislisten", "Earlier price lists")) {
                                option value=(address) selected {
                                    (self.plan.title.get(self.language)) " (" (self.catalogue.key()) ")"
                                }
                            }
                        }
                    }
                    (self.told("plan"))
                }
                div class=(self.class("month")) {
                    label for="month" { (self.pick("Monat", "Month")) }
                    select id="month" name="month" aria-describedby=[self.problem("month").map(|_| "month-problem")] {
                        @for month in months {
                            option value=(month) selected[*month == self.month] { (self.language.month(*month)) }
                        }
                    }
                    (self.told("month"))
                }
                button class="quiet" type="submit" { (self.pick("Anzeigen", "Show")) }
            }
        }
    }

    fn class(&self, name: &str) -> &'static str {
        if self.problem(name).is_some() { "field wrong" } else { "field" }
    }

    fn told(&self, name: &str) -> Markup {
        let id = anchor(name);
        html! { @for wrong in self.wrong.iter().filter(|wrong| wrong.name == name).take(3) {
            p class="problem" id={ (id) "-problem" } { (wrong.text) }
        } }
    }

    fn entry(&self, entry: &Entry<'_>) -> Markup {
        let (id, wrong) = (anchor(entry.name), self.problem(entry.name).is_some());
        // A unit that the label has already is not said twice.
        let unit = entry.unit;
        let unit = (!unit.is_empty() && !entry.label.to_lowercase().contains(&unit.to_lowercase())).then_some(unit);
        let hinted = unit.is_some() || !entry.hints.is_empty();
        let described = [(wrong, "problem"), (hinted, "hint")];
        let described: Vec<String> =
            described.iter().filter(|(is, _)| *is).map(|(_, what)| format!("{id}-{what}")).collect();
        let kind = if entry.kind.is_empty() { "text" } else { entry.kind };
        html! {
            div class={ (self.class(entry.name)) @if entry.narrow { " narrow-entry" } } {
                div {
                    label for=(id) { (entry.label) }
                    @if hinted {
                        p class="hint" id={ (id) "-hint" } {
                            @if let Some(unit) = unit { span { (unit) } }
                            @for hint in entry.hints { span { (hint) } }
                        }
                    }
                }
                input id=(id) name=(entry.name) type=(kind) value=(self.typed.value(entry.name)) autocomplete="off"
                    inputmode=[(kind == "text").then_some("decimal")]
                    placeholder=[(!entry.placeholder.is_empty()).then_some(entry.placeholder)]
                    min=[entry.bounds.map(|bounds| bounds.0)] max=[entry.bounds.map(|bounds| bounds.1)]
                    aria-invalid=[wrong.then_some("true")]
                    aria-describedby=[(!described.is_empty()).then(|| described.join(" "))];
                (self.told(entry.name))
            }
        }
    }

    /// An entry of a short text.
    pub(super) fn text(&self, name: &str, label: &str, hint: &str) -> Markup {
        let hints = [html! { (hint) }];
        self.entry(&Entry { name, label, kind: "search", hints: &hints, ..Entry::default() })
    }

    /// An entry of a number, beside its label.
    fn number(&self, name: &str, label: &str, unit: &str, hints: &[Markup]) -> Markup {
        self.entry(&Entry { name, label, unit, hints, narrow: true, ..Entry::default() })
    }

    /// That nobody has set a price yet.
    fn sample(&self) -> &'static str {
        self.pick(" (Beispielpreis)", " (sample price)")
    }

    /// The price of a charge.
    fn price(&self, charge: &Charge) -> Markup {
        html! {
            (describe(self.catalogue, charge, self.language))
            @if is_sample(charge) { (self.sample()) }
        }
    }

    /// Prices of charges; with their texts if there are several.
    fn prices(&self, charges: &[&Charge]) -> Vec<Markup> {
        match charges {
            [only] => vec![self.price(only)],
            all => {
                all.iter().map(|charge| html! { (charge.text.get(self.language)) ": " (self.price(charge)) }).collect()
            }
        }
    }
}

//! The parts of the form: one for each kind of thing that a plan charges.

use domain::catalog::charge::{Accumulates, Charge, Model, OneOff, PriceSource};
use domain::catalog::meter::{Aggregation, Meter};
use domain::catalog::plan::{AddOn, Plan, Pool, Reset};
use domain::catalog::tiers::Price;
use maud::{Markup, html};

use super::{Entry, Form};
use crate::prices::asked::{CALLS, EventAsked, Priced, names};
use crate::prices::describe::{all_hours, amount};
use crate::prices::result::pool_unit;
use crate::prices::usage::needs_start;

/// Orders shown at once; more are folded away until something is typed there.
const ORDERS_SHOWN: usize = 4;

impl Form<'_> {
    /// All entries of the plan.
    pub(in crate::prices) fn entries(&self, targets: &[&Plan]) -> Markup {
        let asked = self.asked;
        html! {
            (self.fees())
            @if !asked.add_ons.is_empty() {
                fieldset {
                    legend { (self.pick("Zubuchungen", "Add-ons")) }
                    @for add_on in &asked.add_ons { (self.add_on(add_on)) }
                }
            }
            @if let Some(event) = &asked.event { (self.event(event)) }
            @if !asked.meters.is_empty() || !asked.payments.is_empty() {
                fieldset {
                    legend { (self.pick("Nutzung im Monat", "Usage of the month")) }
                    @for meter in &asked.meters { (self.meter(meter)) }
                    @for meter in &asked.payments { (self.payments(meter)) }
                }
            }
            @for channel in &asked.channels { (self.calls(channel)) }
            (self.orders())
            (self.more(targets))
        }
    }

    /// What is charged, and what is free, without any entry.
    fn fees(&self) -> Markup {
        let included = self.plan.includes.iter().filter_map(|id| self.catalogue.add_on(id));
        let included: Vec<&str> = included.map(|add_on| add_on.title.get(self.language)).collect();
        let minimum = self.plan.minimum_spend.as_ref();
        let nothing =
            self.asked.fees.is_empty() && included.is_empty() && minimum.is_none() && self.plan.pools.is_empty();
        html! {
            @if !nothing {
                dl class="facts fees" {
                    @for charge in &self.asked.fees { dt { (charge.text.get(self.language)) } dd { (self.price(charge)) } }
                    @if let Some(minimum) = minimum {
                        @let amount = amount(minimum.amount, self.language);
                        dt { (self.pick("Mindestumsatz", "Minimum spend")) }
                        dd {
                            (self.pick(format!("{amount} im Monat"), format!("{amount} a month")))
                            @if minimum.source == PriceSource::Sample { (self.sample()) }
                        }
                    }
                    @for pool in &self.plan.pools { dt { (pool.title.get(self.language)) } dd { (self.allowance(pool)) } }
                    @if !included.is_empty() { dt { (self.pick("Enthalten", "Included")) } dd { (included.join(", ")) } }
                }
            }
        }
    }

    /// `15 Minuten im Monat, mit „Supportlevel 2“ 30`.
    fn allowance(&self, pool: &Pool) -> String {
        let size = format!("{}{}", self.language.number(pool.size), pool_unit(self.catalogue, &pool.id, self.language));
        let mut text = match pool.reset {
            Reset::Month => self.pick(format!("{size} im Monat"), format!("{size} a month")),
            Reset::Once => self.pick(format!("{size}, einmalig"), format!("{size}, once")),
        };
        for (id, size) in &pool.sizes {
            let title = self.catalogue.add_on(id).map_or("", |add_on| add_on.title.get(self.language));
            let size = self.language.number(*size);
            text.push_str(&self.pick(format!(", mit „{title}“ {size}"), format!(", with “{title}” {size}")));
        }
        text
    }

    fn add_on(&self, add_on: &Priced<'_, AddOn>) -> Markup {
        let fees: Vec<&Charge> =
            add_on.charges.iter().copied().filter(|charge| matches!(charge.model, Model::Flat(_))).collect();
        let mut hints = match fees.as_slice() {
            [] => vec![html! { (self.pick("Preis nach Nutzung", "priced by usage")) }],
            fees => self.prices(fees),
        };
        if add_on.what.trial_days > 0 {
            let days = add_on.what.trial_days;
            hints.push(html! { (self.pick(format!("die ersten {days} Tage kostenlos"), format!("the first {days} days are free"))) });
        }
        for required in add_on.what.requires.iter().filter_map(|id| self.catalogue.add_on(id)) {
            let title = required.title.get(self.language);
            hints.push(
                html! { (self.pick(format!("nur zusammen mit „{title}“"), format!("only together with “{title}”"))) },
            );
        }
        let (name, label) = (names::add_on(add_on.what), add_on.what.title.get(self.language));
        let narrow = true;
        self.entry(&Entry { name: &name, label, placeholder: "0", hints: &hints, narrow, ..Entry::default() })
    }

    fn event(&self, event: &EventAsked<'_>) -> Markup {
        let unit = self.pick("Teilnehmer", "attendees");
        let count = |name: &str, label: &str, hint: &str| {
            let hints = if hint.is_empty() { Vec::new() } else { vec![html! { (hint) }] };
            self.number(name, label, unit, &hints)
        };
        html! {
            fieldset {
                legend { (self.pick("Eine Veranstaltung, die im Monat endet", "One event that ends in the month")) }
                @for price in self.prices(&event.charges) { p class="hint" { (price) } }
                @if event.accepted { (count(names::ACCEPTED, self.pick("Zusagen", "Accepted"), "")) }
                @if event.declined { (count(names::DECLINED, self.pick("Absagen", "Declined"), "")) }
                (count(
                    names::RESPONSES,
                    self.pick("Rückmeldungen insgesamt", "Responses in all"),
                    self.pick("Zusagen und Absagen; leer: alle haben zugesagt", "accepted and declined; empty: all have accepted")))
            }
        }
    }

    fn meter(&self, meter: &Priced<'_, Meter>) -> Markup {
        let mut hints = self.prices(&meter.charges);
        let accumulates = meter.charges.iter().find_map(|charge| match &charge.model {
            Model::Stepped(stepped) => Some(stepped.accumulates),
            _ => None,
        });
        let what = match (accumulates, meter.what.month) {
            (Some(Accumulates::LicenceYear), _) => {
                self.pick("im Lizenzjahr bis zum Monatsende", "in the licence year up to the end of the month")
            }
            (Some(Accumulates::Always), _) => {
                self.pick("von Beginn an bis zum Monatsende", "from the beginning to the end of the month")
            }
            (Some(Accumulates::Month), _) | (_, Aggregation::Sum) => "",
            (_, Aggregation::Max) => self.pick("Höchststand im Monat", "the highest number of the month"),
            (_, Aggregation::Mean) => {
                self.pick("Durchschnitt über alle Tage des Monats", "the mean over all days of the month")
            }
            (_, Aggregation::Last) => self.pick("Stand am Monatsende", "the number at the end of the month"),
            (_, Aggregation::Unique) => self.pick("jeder zählt einmal", "each one counts once"),
        };
        if !what.is_empty() {
            hints.insert(0, html! { (what) });
        }
        let needed = meter.charges.iter().filter_map(|charge| self.catalogue.add_on(charge.add_on.as_ref()?));
        let included = |add_on: &&AddOn| !self.plan.includes.contains(&add_on.id);
        if let (Some(add_on), true) =
            (needed.clone().find(included), meter.charges.iter().all(|charge| charge.add_on.is_some()))
        {
            let title = add_on.title.get(self.language);
            hints.push(html! { (self.pick(format!("nur mit „{title}“"), format!("only with “{title}”"))) });
        }
        let (name, label) = (names::meter(meter.what), meter.what.title.get(self.language));
        let unit = self.pick(&*meter.what.unit.de, &*meter.what.unit.en);
        let committed = self.asked.forecasts.iter().find(|forecast| forecast.what.id == meter.what.id);
        html! {
            @if let Some(forecast) = committed {
                @let planned = self.pick("Verbindliche Planmenge", "Quantity committed to");
                @let charged = [html! { (self.pick("wird jeden Monat mindestens berechnet", "charged at least, each month")) }];
                div role="group" aria-label=(label) {
                    (self.number(&name, label, unit, &hints))
                    (self.number(&names::forecast(forecast.what), planned, unit, &charged))
                }
            } @else { (self.number(&name, label, unit, &hints)) }
        }
    }

    fn payments(&self, meter: &Priced<'_, Meter>) -> Markup {
        let mut hints = self.prices(&meter.charges);
        hints.push(
            html! { (self.pick("Beträge in €, mehrere mit Leerzeichen getrennt", "amounts in €, blanks between several")) },
        );
        let (name, label) = (names::payments(meter.what), meter.what.title.get(self.language));
        let placeholder = self.pick("62,63 120", "62.63 120");
        self.entry(&Entry { name: &name, label, placeholder, hints: &hints, ..Entry::default() })
    }

    /// Calls: one line, and more on demand. When they began is asked only where the price depends on it.
    fn calls(&self, channel: &Priced<'_, Meter>) -> Markup {
        let typed = |call: &usize| self.is_typed(&names::call(channel.what, *call));
        let shown = (1..=CALLS).rev().find(typed).unwrap_or(0).max(1);
        let start = needs_start(&channel.charges)
            || (1..=CALLS).any(|call| !self.typed.value(&names::call(channel.what, call)[0]).is_empty());
        html! {
            fieldset {
                legend { (channel.what.title.get(self.language)) }
                (self.tariffs(&channel.charges))
                @for call in 1..=shown { (self.call(channel.what, call, start)) }
                @if shown < CALLS {
                    details {
                        summary { (self.pick("Weitere eintragen", "Add more")) }
                        @for call in shown + 1..=CALLS { (self.call(channel.what, call, start)) }
                    }
                }
            }
        }
    }

    fn call(&self, channel: &Meter, call: usize, start: bool) -> Markup {
        let [start_name, minutes] = names::call(channel, call);
        let (first, last) = (format!("{}T00:00", self.month.first()), format!("{}T23:59", self.month.last()));
        let (began, length) = (self.pick("Beginn", "Start"), self.pick("Dauer in Minuten", "Length in minutes"));
        let numbered = |what: &str| format!("{what} ({call})");
        html! {
            @if start {
                div class="pair" {
                    (self.entry(&Entry {
                        name: &start_name, label: &numbered(began), kind: "datetime-local", bounds: Some((&first, &last)), ..Entry::default()
                    }))
                    (self.entry(&Entry { name: &minutes, label: &numbered(length), ..Entry::default() }))
                }
            } @else { (self.number(&minutes, &numbered(length), "", &[])) }
        }
    }

    /// The tariffs of a channel: by their hours, where they have some.
    fn tariffs(&self, charges: &[&Charge]) -> Markup {
        let hours = |charge: &Charge| match &charge.model {
            Model::Blocks(blocks) => all_hours(&blocks.windows, self.language),
            _ => String::new(),
        };
        html! {
            dl class="tariffs" {
                @for charge in charges {
                    @let hours = hours(charge);
                    @if !hours.is_empty() { dt { (hours) } }
                    dd { (self.price(charge)) }
                }
            }
        }
    }

    fn orders(&self) -> Markup {
        let orders = &self.asked.orders;
        if orders.is_empty() {
            return html! {};
        }
        let typed = orders.iter().any(|(charge, _)| self.is_typed(&names::order(charge)));
        let rows = html! { @for (charge, one_off) in orders { (self.order(charge, one_off)) } };
        let title = self.pick("Einmalige Leistungen", "One-off services");
        html! {
            fieldset {
                @if orders.len() > ORDERS_SHOWN {
                    details open[typed] { summary { (title) " (" (orders.len()) ")" } (rows) }
                } @else { legend { (title) } (rows) }
            }
        }
    }

    fn order(&self, charge: &Charge, one_off: &OneOff) -> Markup {
        let [quantity, price] = names::order(charge);
        let unit = charge.unit.as_ref().filter(|unit| unit.code != "LS");
        let unit = unit.map_or("", |unit| self.pick(&*unit.de, &*unit.en));
        let hints = [self.price(charge)];
        let (label, agreed) = (charge.text.get(self.language), self.pick("Vereinbarter Preis", "Agreed price"));
        let open = one_off.from || one_off.price == Price::OnRequest;
        let ordered =
            Entry { name: &quantity, label, unit, placeholder: "0", hints: &hints, narrow: true, ..Entry::default() };
        html! {
            @if open {
                div role="group" aria-label=(label) {
                    (self.entry(&ordered))
                    (self.number(&price, agreed, self.pick("€ netto je Stück", "€ net for one"), &[]))
                }
            } @else { (self.entry(&ordered)) }
        }
    }

    /// What is left of credits, the promotion code, and a change of plan.
    fn more(&self, targets: &[&Plan]) -> Markup {
        let names = [names::CODE, names::CHANGE_ON, names::CHANGE_TO].map(str::to_owned);
        let pools: Vec<String> = self.asked.pools.iter().map(|pool| names::pool(pool)).collect();
        let wrong = self.wrong.iter().any(|wrong| names.contains(&wrong.name) || pools.contains(&wrong.name));
        if pools.is_empty() && !self.asked.promotions && targets.is_empty() && !wrong {
            return html! {};
        }
        let open = wrong || self.is_typed(&names) || self.is_typed(&pools);
        html! {
            details open[open] {
                summary { (self.pick("Weitere Angaben", "More")) }
                @for pool in &self.asked.pools {
                    @let label = self.pick(format!("{}: noch übrig", pool.title.de), format!("{}: left", pool.title.en));
                    @let size = self.language.number(pool.size);
                    (self.entry(&Entry { name: &names::pool(pool), label: &label, placeholder: &size, narrow: true, ..Entry::default() }))
                }
                @if self.asked.promotions {
                    (self.entry(&Entry { name: names::CODE, label: self.pick("Aktionscode", "Promotion code"), kind: "search", ..Entry::default() }))
                }
                @if !targets.is_empty() || wrong { (self.change(targets)) }
            }
        }
    }

    fn change(&self, targets: &[&Plan]) -> Markup {
        let (first, last) = (self.month.first().next().to_string(), self.month.last().to_string());
        let chosen = self.typed.value(names::CHANGE_TO);
        html! {
            fieldset {
                legend { (self.pick("Tarifwechsel im Monat", "Change of plan within the month")) }
                div class="pair" {
                    div class=(self.class(names::CHANGE_TO)) {
                        label for="to" { (self.pick("Neuer Tarif", "New plan")) }
                        select id="to" name="to" aria-describedby=[self.problem("to").map(|_| "to-problem")] {
                            option value="" { (self.pick("kein Wechsel", "no change")) }
                            @for plan in targets {
                                option value=(plan.id) selected[plan.id.as_str() == chosen] { (plan.title.get(self.language)) }
                            }
                        }
                        (self.told(names::CHANGE_TO))
                    }
                    (self.entry(&Entry {
                        name: names::CHANGE_ON, label: self.pick("Erster Tag", "First day"), kind: "date", bounds: Some((&first, &last)), ..Entry::default()
                    }))
                }
                p class="hint" { (self.pick(
                    "Mengen zählen zum Ende des Monats, also im neuen Tarif. Ein Wechsel in einen kleineren Tarif gilt erst ab der nächsten Laufzeit.",
                    "Quantities count at the end of the month, that is in the new plan. A change to a smaller plan takes effect with the next term.")) }
            }
        }
    }
}

//! What a change costs now and from the next period on, before it is bought (C7).

use domain::calendar::Month;
use domain::invoice::{Line, Totals};
use domain::money::Currency;
use domain::rating::quote::{Quote, quote};
use domain::rating::{HoldReason, rate_month};
use domain::subscription::change::{Change, Decision};
use domain::subscription::{Subscription, Trial};
use domain::usage::Usage;
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::http::field;
use platform::page::banner;

use super::{Contract, actions, described};
use crate::fields::form_token;
use crate::frame::signed_page;

/// A change that is asked for and allowed.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) change: &'a Change,
    pub(super) decision: &'a Decision,
    /// The form it was asked for by.
    pub(super) fields: &'a [(String, String)],
    /// Whether it was confirmed, but as it was on another day.
    pub(super) stale: bool,
}

pub(super) fn show(contract: &Contract<'_>, asked: &Asked<'_>) -> Response<Body> {
    let Asked { change, decision, .. } = *asked;
    let (signed, language) = (contract.signed, contract.signed.language);
    let title = language.pick("Bitte prüfen Sie Ihre Änderung", "Please check your change");
    let before = &contract.subscribed.subscription;
    let costs = quote(&contract.catalogues, before, &decision.after, contract.today, decision.effective_on);
    let content = html! {
        h1 { (title) }
        p class="lead" { (contract.account.name) " · " (language.pick("Kundennummer ", "customer number ")) (contract.account.id) }
        @if asked.stale { (banner("note", &html! { p { (language.pick(
            "Seit der letzten Ansicht hat ein neuer Tag begonnen. Bitte prüfen Sie die Beträge noch einmal; es wurde nichts geändert.",
            "A new day has begun since this was shown. Please check the amounts once more; nothing has been changed.")) } })) }
        div class="card" {
            h2 { (described::describe(contract, change)) }
            dl class="facts" { @for (name, value) in facts(contract, asked) { dt { (name) } dd { (value) } } }
        }
        @for warning in &decision.warnings { (banner("note", &html! { p { (warning.sentence(language)) } })) }
        @if !matches!(change, Change::Cancel) || !costs.now.is_empty() { (amounts(contract, decision, &costs)) }
        (confirm(contract, asked, is_charged(contract, &costs, &decision.after)))
    };
    signed_page(signed, title, &content)
}

/// When it holds, and what it leads to.
fn facts(contract: &Contract<'_>, asked: &Asked<'_>) -> Vec<(&'static str, String)> {
    let language = contract.signed.language;
    let after = &asked.decision.after;
    let mut facts = Vec::new();
    match (asked.change, after.ends_on) {
        (Change::Cancel, Some(last)) => {
            facts.push((language.pick("Letzter Tag", "Last day"), language.date(last)));
            let then = language.pick(
                "Bis dahin bleibt alles, wie es ist. Danach ist das Konto geschlossen; Rechnungen und Daten bleiben lesbar, die letzte Rechnung kommt Anfang des Folgemonats.",
                "Until then all stays as it is. After that the account is closed; invoices and data stay readable, the last invoice comes at the beginning of the month after.",
            );
            facts.push((language.pick("Was dann gilt", "What follows"), then.to_owned()));
        }
        _ => {
            let now = asked.decision.effective_on <= contract.today;
            let on = language.date(asked.decision.effective_on);
            let from = if now { language.pick(format!("sofort ({on})"), format!("now ({on})")) } else { on };
            facts.push((language.pick("Gilt ab", "Takes effect"), from));
        }
    }
    let new_plan = match asked.change {
        Change::ChangePlan { to } => contract.catalogues.plan(to),
        _ => None,
    };
    if let Some((catalogue, plan)) = new_plan {
        let words = crate::prices::Words { catalogue, language };
        facts.push((language.pick("Preisliste", "Price list"), contract.version(catalogue)));
        facts.push((language.pick("Bindung", "Term"), words.term(plan.term)));
    }
    if let Some(trial) = after.trial.filter(|trial| trial.until >= contract.today) {
        facts.push((language.pick("Kostenlos bis", "Free until"), language.date(trial.until)));
    }
    facts
}

fn amounts(contract: &Contract<'_>, decision: &Decision, costs: &Quote) -> Markup {
    let language = contract.signed.language;
    let after = &decision.after;
    let in_trial = after.in_trial();
    let month = costs.next_month.map_or_else(String::new, |month| language.month(month));
    html! {
        div class="card" {
            h2 { (language.pick("Jetzt", "Now")) }
            @if costs.now.is_empty() {
                p { (if in_trial {
                    language.pick("0,00 €: In der Testphase kostet Sie das nichts.", "€0.00: during the trial this costs nothing.")
                } else {
                    language.pick("Durch diese Änderung fällt sofort nichts an.", "Nothing is charged at once because of this change.")
                }) }
            } @else {
                (lines(&costs.now, contract))
                p class="hint" { (language.pick(
                    format!("Diese Beträge stehen auf der Rechnung für {}.", language.month(contract.today.month())),
                    format!("These amounts are on the invoice for {}.", language.month(contract.today.month())))) }
            }
        }
        @if in_trial { (after_the_trial(contract, after, costs.next_month)) }
        @else {
        @let later = later_this_month(contract, after);
        @if !later.is_empty() { div class="card" {
            h2 { (language.pick(
                format!("Am Ende dieses Monats, für {}", language.month(contract.today.month())),
                format!("At the end of this month, for {}", language.month(contract.today.month())))) }
            (lines(&later, contract))
        } }
        div class="card" {
            h2 { (language.pick(format!("Grundgebühren im {month}"), format!("Fees in {month}"))) }
            @if costs.next.is_empty() && costs.held.is_empty() {
                p { (language.pick("Keine.", "None.")) }
            } @else {
                @if !costs.next.is_empty() { (lines(&costs.next, contract)) }
                @for reason in &costs.held { p { (held(contract, reason)) } }
            }
            p class="hint" { (language.pick(
                "Dazu kommt, was nach Nutzung berechnet wird, sobald es gezählt ist.",
                "What is charged by usage comes on top once it has been counted.")) }
        }
        }
    }
}

/// What falls due later this month before usage, where the change makes it another amount: fees in arrears.
fn later_this_month(contract: &Contract<'_>, after: &Subscription) -> Vec<Line> {
    let rated = |subscription: &Subscription| -> Vec<Line> {
        let month = contract.today.month();
        let rating = rate_month(&contract.catalogues, subscription, &Usage::default(), month);
        rating.lines.into_iter().map(|rated| rated.line).filter(|line| line.charged_on > contract.today).collect()
    };
    let lines = rated(after);
    if lines == rated(&contract.subscribed.subscription) { Vec::new() } else { lines }
}

/// What it would cost as a paid subscription.
fn after_the_trial(contract: &Contract<'_>, after: &Subscription, month: Option<Month>) -> Markup {
    let language = contract.signed.language;
    let trial = after.trial.map(|trial| Trial { converted_on: Some(contract.today), ..trial });
    let paid = Subscription { trial, ..after.clone() };
    // From the first whole month after the free days on.
    let first =
        month.map_or(contract.today, Month::first).max(trial.map_or(contract.today, |trial| trial.until.next()));
    let effective = if first == first.month().first() { first } else { first.month().next().first() };
    let costs = quote(&contract.catalogues, &paid, &paid, contract.today, effective);
    html! {
        @if !costs.next.is_empty() {
            div class="card" {
                h2 { (language.pick("Wenn Sie die Testphase umwandeln", "If you turn the trial into a paid subscription")) }
                p { (language.pick("Grundgebühren je Monat, nach den kostenlosen Tagen:", "Fees of a month, after the free days:")) }
                (lines(&costs.next, contract))
            }
        }
    }
}

/// Lines with their nets, VAT and sum.
pub(super) fn lines(lines: &[Line], contract: &Contract<'_>) -> Markup {
    let language = contract.signed.language;
    let mut lines = lines.to_vec();
    if let Some(treatment) = contract.treatment {
        lines.iter_mut().for_each(|line| line.vat = treatment);
    }
    let totals = Totals::of(&lines, Currency::Eur).ok();
    html! {
        div class="scroll" { table {
            thead { tr { th { (language.pick("Leistung", "Item")) } th class="number" { (language.pick("Netto", "Net")) } } }
            tbody {
                @for line in &lines {
                    tr {
                        td { (line.text.get(language)) }
                        td class="number" { (language.money(line.net)) }
                    }
                }
                @if let Some(totals) = totals {
                    @if lines.len() > 1 { tr { td { (language.pick("Summe netto", "Net total")) } td class="number" { (language.money(totals.net)) } } }
                    @for group in &totals.vat { tr {
                        td { (group.treatment.label(language)) }
                        td class="number" { (language.money(group.vat)) }
                    } }
                    tr { td { b { (language.pick("Gesamtbetrag", "Total")) } } td class="number" { b { (language.money(totals.gross)) } } }
                }
            }
        } }
    }
}

/// What has to be agreed first (G7).
fn held(contract: &Contract<'_>, reason: &HoldReason) -> String {
    let language = contract.signed.language;
    let open = match reason {
        HoldReason::OnRequest { charge, .. } | HoldReason::NoAgreedPrice(charge) | HoldReason::NoForecast(charge) => {
            contract.own().and_then(|own| own.charge(charge)).map(|charge| charge.text.get(language).to_owned())
        }
        _ => None,
    };
    match open {
        Some(text) => language.pick(
            format!("„{text}“: wird zuerst mit Ihnen vereinbart."),
            format!("“{text}”: has to be agreed with you first."),
        ),
        None => language
            .pick(
                "Ein Betrag lässt sich noch nicht berechnen. Wir klären ihn, bevor er auf einer Rechnung steht.",
                "One amount cannot be worked out yet. We will settle it before it is on an invoice.",
            )
            .to_owned(),
    }
}

/// Whether whoever confirms owes money for it.
fn is_charged(contract: &Contract<'_>, costs: &Quote, after: &Subscription) -> bool {
    let above = |lines: &[Line]| lines.iter().any(|line| line.net.cents() > 0);
    !after.in_trial() && (above(&costs.now) || above(&costs.next) || above(&later_this_month(contract, after)))
}

/// The form that buys what is shown, as it is shown.
fn confirm(contract: &Contract<'_>, asked: &Asked<'_>, charged: bool) -> Markup {
    let (signed, language) = (contract.signed, contract.signed.language);
    let address = format!("/console/plan/{}?lang={}", contract.account.id, language.code());
    let (label, danger) = match asked.change {
        Change::Cancel => (language.pick("Jetzt kündigen", "Cancel now"), true),
        Change::GiveUp { .. } => (language.pick("Abbestellen", "Give up"), true),
        Change::WithdrawPlanChange => (language.pick("Nicht wechseln", "Do not change"), false),
        Change::Redeem { .. } => (language.pick("Einlösen", "Redeem"), false),
        Change::ChangePlan { .. } | Change::Book { .. } | Change::Convert | Change::WithdrawCancellation if charged => {
            // The words § 312j (3) BGB asks for; customers are businesses, yet nobody shall be unsure.
            (language.pick("Zahlungspflichtig bestellen", "Order with obligation to pay"), false)
        }
        _ => (language.pick("Übernehmen", "Apply"), false),
    };
    html! {
        form class="actions" method="post" action=(address) {
            (form_token(signed))
            @for name in actions::FIELDS {
                @let value = field(asked.fields, name);
                @if !value.is_empty() { input type="hidden" name=(name) value=(value); }
            }
            input type="hidden" name="step" value="confirm";
            input type="hidden" name="revision" value=(contract.subscribed.revision);
            input type="hidden" name="day" value=(contract.today);
            button class=[danger.then_some("danger")] type="submit" { (label) }
            a class="button quiet" href=(address) { (language.pick("Zurück, nichts ändern", "Back, change nothing")) }
        }
    }
}

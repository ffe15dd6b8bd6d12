//! The forms that ask for a change; each leads to what it costs, and nothing is changed before that is confirmed.

mod agreements;

use domain::catalog::names::AddOnId;
use domain::subscription::change::Change;
use domain::subscription::decide::decide;
use domain::subscription::limits::included_on;
use domain::subscription::refusal::Refusal;
use domain::subscription::term::earliest_end;
use domain::subscription::{Booking, Redemption};
use maud::{Markup, html};
use platform::http::field;
use rust_decimal::Decimal;

use super::{Contract, Said, actions, described};
use crate::fields::form_token;
use crate::offers;
use crate::prices::Words;

pub(super) use agreements::agreements;

/// A form of one action: hidden fields, what can be typed, and its button.
fn form(
    contract: &Contract<'_>,
    action: &str,
    hidden: &[(&str, &str)],
    inside: &Markup,
    button: (&str, &str),
) -> Markup {
    let address = format!("/console/plan/{}?lang={}", contract.account.id, contract.signed.language.code());
    html! {
        form method="post" action=(address) novalidate {
            (form_token(contract.signed))
            input type="hidden" name="action" value=(action);
            input type="hidden" name="step" value="preview";
            @for (name, value) in hidden { input type="hidden" name=(name) value=(value); }
            (inside)
            button class=(button.0) type="submit" { (button.1) }
        }
    }
}

/// Why the form of an action was refused, unless it is about one of its fields.
fn problem(said: &Said<'_>, action: &str) -> Markup {
    let wrong = said.of(action).map(|(wrong, _)| wrong).filter(|wrong| !TYPED.contains(&wrong.field));
    html! { @if let Some(wrong) = wrong { p class="problem" { (wrong.sentence) } } }
}

/// Fields that are typed, below which their problem stands.
const TYPED: [&str; 6] = ["quantity", "label", "code", "until", "price", "committed"];

/// What a field is called, which kind it is, and what it says at first.
struct Line<'a> {
    name: &'a str,
    kind: &'a str,
    label: &'a str,
    hint: &'a str,
    default: &'a str,
}

/// A line to type in; what was typed before stays.
fn input(said: &Said<'_>, action: &str, line: &Line<'_>) -> Markup {
    let Line { name, kind, label, hint, default } = *line;
    let refused = said.of(action);
    let value = refused.map_or(default, |(_, fields)| field(fields, name));
    let wrong = refused.map(|(wrong, _)| wrong).filter(|wrong| wrong.field == name);
    let id = format!("{action}-{name}");
    html! {
        div class=(if wrong.is_some() { "field wrong" } else { "field" }) {
            label for=(id) { (label) }
            input id=(id) name=(name) type=(kind) value=(value) aria-invalid=[wrong.map(|_| "true")] aria-describedby=[wrong.map(|_| format!("{id}-problem"))];
            @if !hint.is_empty() { p class="hint" { (hint) } }
            @if let Some(wrong) = wrong { p class="problem" id={ (id) "-problem" } { (wrong.sentence) } }
        }
    }
}

/// Buttons that take an ordered change of plan or a cancellation back.
pub(super) fn withdrawals(contract: &Contract<'_>) -> Markup {
    let language = contract.signed.language;
    let subscription = &contract.subscribed.subscription;
    let runs = subscription.phase_on(contract.today).is_some();
    html! {
        @if runs && subscription.pending_after(contract.today).is_some() {
            (form(contract, actions::WITHDRAW, &[], &html! {}, ("quiet", language.pick("Tarifwechsel zurücknehmen", "Withdraw the change of plan"))))
        }
        @if runs && subscription.ends_on.is_some() {
            (form(contract, actions::GO_ON, &[], &html! {}, ("quiet", language.pick("Kündigung zurücknehmen", "Withdraw the cancellation"))))
        }
    }
}

/// Turning a trial into a paid subscription, and making it longer.
pub(super) fn convert(contract: &Contract<'_>, said: &Said<'_>) -> Markup {
    let language = contract.signed.language;
    if !contract.subscribed.subscription.in_trial() {
        return html! {};
    }
    html! {
        div class="card" {
            h2 { (language.pick("Weitermachen nach der Testphase", "Going on after the trial")) }
            p { (language.pick(
                "Die Testphase kostet nichts und verpflichtet zu nichts. Ein kostenpflichtiger Vertrag entsteht erst, wenn Sie ihn bestellen; kostenlose Tage, die noch übrig sind, bleiben kostenlos.",
                "The trial costs nothing and binds you to nothing. A paid subscription only comes about when you order it; free days that are left stay free.")) }
            (problem(said, actions::CONVERT))
            (form(contract, actions::CONVERT, &[], &html! {}, ("", language.pick("Kosten ansehen", "See what it costs"))))
            @if contract.signed.access.operator {
                hr;
                (problem(said, actions::EXTEND))
                (form(contract, actions::EXTEND, &[],
                    &input(said, actions::EXTEND, &Line { name: "until", kind: "date", label: language.pick("Testphase verlängern bis", "Extend the trial until"), hint: language.pick("nur für den Betreiber", "for the operator only"), default: "" }),
                    ("quiet", language.pick("Weiter", "Continue"))))
            }
        }
    }
}

/// The other plans there are, each with what it costs and from when it would hold.
pub(super) fn plans(contract: &Contract<'_>, said: &Said<'_>) -> Markup {
    let language = contract.signed.language;
    let subscription = &contract.subscribed.subscription;
    let Some((own, plan)) = contract.today_plan() else { return html! {} };
    // Prices that both plans have tell nothing about the difference.
    let known = Words { catalogue: own, language }.plan(plan);
    let pending = subscription.pending_after(contract.today).map(|phase| &phase.plan);
    let newer = offers::newer(&contract.catalogues, own, contract.today).is_some();
    let mut rows = Vec::new();
    for (key, plan) in offers::for_account(&contract.catalogues, own, contract.today) {
        let Some((catalogue, _)) = contract.catalogues.plan(&key) else { continue };
        let change = Change::ChangePlan { to: key.clone() };
        let offer = match decide(&contract.catalogues, subscription, &change, contract.today, 0) {
            _ if pending == Some(&key) => Err(language.pick("vorgemerkt", "ordered").to_owned()),
            Ok(decision) if decision.effective_on <= contract.today => {
                Ok(language.pick("Wechsel sofort", "changes at once").to_owned())
            }
            Ok(decision) => {
                let on = language.date(decision.effective_on);
                Ok(language.pick(format!("Wechsel zum {on}"), format!("changes on {on}")))
            }
            Err(Refusal::SamePlan { .. } | Refusal::FreePlan { .. }) => continue,
            Err(refusal) => Err(refusal.sentence(language)),
        };
        let words = Words { catalogue, language };
        let (prices, same): (Vec<String>, Vec<String>) =
            words.plan(plan).into_iter().partition(|price| !known.contains(price));
        // A plan with the same prices shows them all.
        let (prices, same) = if prices.is_empty() { (same, prices) } else { (prices, same) };
        let version = newer.then(|| version_tag(contract, catalogue.key() == own.key(), &catalogue.parts().version));
        rows.push(html! {
            div class="offer" {
                div {
                    b { (plan.title.get(language)) }
                    @if let Some(version) = version { " " (version) }

                    @for price in &prices { p class="price" { (price) } }
                    @if !same.is_empty() { p class="hint" { (language.pick("Alle übrigen Preise sind dieselben wie in Ihrem Tarif.", "All other prices are those of your plan.")) } }
                    p class="hint" { (words.term(plan.term)) @if let Ok(from) = &offer { " · " (from) } }
                }
                @match &offer {
                    Ok(_) => (form(contract, actions::CHANGE, &[("plan", &key.to_string())], &html! {}, ("quiet", language.pick("Auswählen", "Choose")))),
                    Err(why) => p class="hint" { (why) },
                }
            }
        });
    }
    html! {
        @if !rows.is_empty() {
            div class="card" {
                h2 { (language.pick("Tarif wechseln", "Change the plan")) }
                (problem(said, actions::CHANGE))
                @for row in &rows { (row) }
            }
        }
    }
}

/// Which version of the price list a plan is of, where there are two to choose from.
fn version_tag(contract: &Contract<'_>, own: bool, version: &str) -> Markup {
    let language = contract.signed.language;
    let text = if own {
        language.pick(format!("Ihre Fassung {version}"), format!("your version {version}"))
    } else {
        language.pick(format!("neue Fassung {version}"), format!("new version {version}"))
    };
    html! { span class="tag plain" { (text) } }
}

/// What is booked on top, and what can be.
pub(super) fn add_ons(contract: &Contract<'_>, said: &Said<'_>) -> Markup {
    let language = contract.signed.language;
    let subscription = &contract.subscribed.subscription;
    let booked: Vec<&Booking> = subscription
        .bookings
        .iter()
        .filter(|booking| booking.until.is_none_or(|last| last >= contract.today))
        .collect();
    let offered = offered(contract);
    if booked.is_empty() && offered.is_empty() {
        return html! {};
    }
    let typed = said.of(actions::BOOK).map(|(_, fields)| field(fields, "add_on").to_owned());
    let chosen = |id: &AddOnId| typed.as_deref() == Some(id.as_str()) || (typed.is_none() && offered.len() == 1);
    html! {
        div class="card" {
            h2 { (language.pick("Zusatzleistungen", "Add-ons")) }
            (problem(said, actions::GIVE_UP))
            @for booking in booked { (booked_row(contract, booking)) }
            @if !offered.is_empty() {
                h3 { (language.pick("Buchen", "Book")) }
                (problem(said, actions::BOOK))
                (form(contract, actions::BOOK, &[], &html! {
                    fieldset {
                        legend class="sr" { (language.pick("Was", "What")) }
                        @for (id, price) in &offered {
                            label class="choice" {
                                input type="radio" name="add_on" value=(id) checked[chosen(id)];
                                span { (contract.add_on_title(id)) @if !price.is_empty() { span class="hint" { br; (price) } } }
                            }
                        }
                    }
                    div class="pair" {
                        (input(said, actions::BOOK, &Line { name: "quantity", kind: "text", label: language.pick("Menge insgesamt", "Quantity in all"), hint: language.pick("Mehr gilt ab heute, weniger ab dem nächsten Monat.", "More holds from today, less from next month."), default: "1" }))
                        (input(said, actions::BOOK, &Line { name: "label", kind: "text", label: language.pick("Bezeichnung", "Label"), hint: language.pick("freiwillig, zum Beispiel der Name einer Domain; steht auf der Rechnung", "optional, for example the name of a domain; stands on the invoice"), default: "" }))
                    }
                }, ("", language.pick("Kosten ansehen", "See what it costs"))))
            }
        }
    }
}

/// Add-ons that do something in today's plan and are not part of it, with what they cost.
fn offered(contract: &Contract<'_>) -> Vec<(AddOnId, String)> {
    let language = contract.signed.language;
    let subscription = &contract.subscribed.subscription;
    let Some((catalogue, plan)) = contract.today_plan() else { return Vec::new() };
    let words = Words { catalogue, language };
    let mut offered = Vec::new();
    for add_on in &catalogue.parts().add_ons {
        let more = subscription.booked_on(&add_on.id, contract.today) + Decimal::ONE;
        let change = Change::Book { add_on: add_on.id.clone(), quantity: more, label: None };
        let decided = decide(&contract.catalogues, subscription, &change, contract.today, 0);
        let included = included_on(&contract.catalogues, subscription, &add_on.id, contract.today);
        if included || matches!(decided, Err(Refusal::NotInPlan { .. } | Refusal::UnknownPlan { .. })) {
            continue;
        }
        let mut notes = words.add_on(plan, &add_on.id);
        if add_on.trial_days > 0 {
            let days = add_on.trial_days;
            notes.push(language.pick(format!("{days} Tage kostenlos"), format!("{days} days free")));
        }
        if let Err(Refusal::Requires { missing, .. }) = &decided {
            let titles = missing.iter().map(|named| named.title.get(language)).collect::<Vec<_>>().join(", ");
            notes.push(language.pick(format!("setzt voraus: {titles}"), format!("requires: {titles}")));
        }
        offered.push((add_on.id.clone(), notes.join(" · ")));
    }
    offered
}

fn booked_row(contract: &Contract<'_>, booking: &Booking) -> Markup {
    let language = contract.signed.language;
    let label = booking.label.as_deref().unwrap_or_default();
    html! {
        div class="offer" {
            div {
                b { (language.number(booking.quantity)) " × " (contract.add_on_title(&booking.add_on)) }
                @if !label.is_empty() { " · " (label) }
                p class="hint" { (language.pick("seit ", "since ")) (language.date(booking.from))
                    @if let Some(last) = booking.until { ", " (language.pick("abbestellt zum ", "given up, until ")) (language.date(last)) } }
            }
            @if booking.until.is_none() {
                (form(contract, actions::GIVE_UP, &[("add_on", booking.add_on.as_str()), ("label", label)], &html! {}, ("danger", language.pick("Abbestellen", "Give up"))))
            }
        }
    }
}

/// Promotion codes that were redeemed, and the form for another.
pub(super) fn codes(contract: &Contract<'_>, said: &Said<'_>) -> Markup {
    let language = contract.signed.language;
    let redemptions = &contract.subscribed.subscription.redemptions;
    html! {
        div class="card" {
            h2 { (language.pick("Aktionscodes", "Promotion codes")) }
            @for redemption in redemptions { (code_row(contract, redemption)) }
            (problem(said, actions::REDEEM))
            (form(contract, actions::REDEEM, &[],
                &input(said, actions::REDEEM, &Line { name: "code", kind: "text", label: language.pick("Aktionscode", "Promotion code"), hint: "", default: "" }),
                ("quiet", language.pick("Prüfen", "Check"))))
        }
    }
}

fn code_row(contract: &Contract<'_>, redemption: &Redemption) -> Markup {
    let language = contract.signed.language;
    let known = contract.own().and_then(|own| own.promotion(&redemption.code).map(|promotion| (own, promotion)));
    let over = known
        .and_then(|(_, promotion)| promotion.months)
        .map(|months| redemption.on.month().first().plus_months(months));
    let (kind, state) = match (redemption.void_from, over) {
        (Some(from), _) if from <= contract.today => {
            ("plain", language.pick("ungültig seit ", "void since ").to_owned() + &language.date(from))
        }
        (_, Some(over)) if over <= contract.today => ("plain", language.pick("aufgebraucht", "used up").to_owned()),
        (Some(from), _) => {
            ("note", language.pick("gilt bis ", "valid until ").to_owned() + &language.date(from.previous()))
        }
        (None, Some(over)) => {
            ("good", language.pick("gilt bis ", "valid until ").to_owned() + &language.date(over.previous()))
        }
        (None, None) => ("good", language.pick("gilt", "valid").to_owned()),
    };
    html! {
        div class="offer" { div {
            b { (redemption.code.as_str()) } " " span class={ "tag " (kind) } { (state) }
            p class="hint" {
                @if let Some((own, promotion)) = known { (described::discount(own, promotion.discount, promotion.months, language)) " · " }
                (language.pick("eingelöst am ", "redeemed on ")) (language.date(redemption.on))
            }
        } }
    }
}

/// Ending the subscription, with its last day.
pub(super) fn cancel(contract: &Contract<'_>, said: &Said<'_>) -> Markup {
    let language = contract.signed.language;
    let subscription = &contract.subscribed.subscription;
    if subscription.ends_on.is_some() || subscription.phase_on(contract.today).is_none() {
        return html! {};
    }
    let last = language.date(earliest_end(&contract.catalogues, subscription, contract.today));
    html! {
        div class="card" {
            h2 { (language.pick("Kündigen", "Cancel")) }
            p { (language.pick(
                format!("Wenn Sie heute kündigen, ist der {last} der letzte Tag."),
                format!("If you cancel today, {last} is the last day."))) }
            (problem(said, actions::CANCEL))
            (form(contract, actions::CANCEL, &[], &html! {}, ("danger", language.pick("Vertrag kündigen", "Cancel the subscription"))))
        }
    }
}

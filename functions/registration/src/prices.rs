//! `GET /prices`: what a month costs, worked out by the code that invoices (P5).
//!
//! One form sent with GET, so the address of a result is the link to it. Nothing is stored.

mod api;
mod asked;
mod buyer;
mod describe;
mod entries;
mod form;
mod held;
mod offer;
mod result;
mod usage;

use std::sync::Arc;

use catalogs::price::price;
use domain::calendar::{Day, Month};
use domain::catalog::Catalogue;
use domain::catalog::plan::Plan;
use domain::language::Language;
use http::{Method, Response, StatusCode};
use lambda_http::{Body, Request};
use maud::{Markup, html};
use platform::error::Error;
use platform::http::{html_reply, language, queries};
use platform::page::{Frame, banner, page};

use crate::cache::Lists;
use asked::{Asked, names};
use entries::{Reader, Typed};
use form::Form;
use result::Shown;
use usage::Case;

/// Entries of other plans that are kept while somebody compares plans.
const CARRIED: usize = 60;

impl crate::Registration {
    /// The calculator with what was typed, and its result.
    pub(crate) async fn prices(&self, request: &Request) -> Result<Response<Body>, Error> {
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            return Err(Error::MethodNotAllowed { allowed: "GET" });
        }
        let now = self.clock.now();
        let lists = self.price_lists.get(&self.table, now).await?;
        let (language, typed) = (language(request), Typed(queries(request)));
        let offered = offer::offered(&lists, Day::of(now));
        let Some((catalogue, plan)) = first(&offered) else { return Ok(nothing(language)) };
        let mut reader = Reader { typed: &typed, language, wrong: Vec::new() };
        let present = Month::of(now);
        let month = month(&mut reader, present);
        let (catalogue, plan) = chosen(&mut reader, &lists).unwrap_or((catalogue, plan));
        let (target, on) = change(&mut reader, catalogue, plan, month);
        let case = Case { catalogue, plan, change: on.zip(target), month };
        let plans: Vec<&Plan> = [plan].into_iter().chain(target).collect();
        let asked = Asked::of(catalogue, &plans);
        let mut file = usage::read(&mut reader, case, &asked);
        (file.country, file.vat_id) = buyer::read(&mut reader);
        file.small_business = lists.small_business;
        let wrong = reader.wrong;

        let share = address(&typed, catalogue, plan, month, &asked);
        let result = (wrong.is_empty() && !typed.value("plan").is_empty()).then(|| {
            let report = price(&lists.all, catalogue, &plan.id, month, &file, now);
            let address = format!("{}{share}", self.origin);
            let timed = typed.0.iter().any(|(name, value)| name.ends_with(".start") && !value.is_empty());
            let shown =
                Shown { catalogue, plans: &plans, month, address: &address, timed, country: &file.country, language };
            result::result(&report, &shown)
        });
        let form = Form { catalogue, plan, asked: &asked, month, typed: &typed, wrong: &wrong, language };
        let targets: Vec<&Plan> = offer::changes(catalogue, plan).collect();
        let newer = !offered.iter().any(|offered| offered.key() == catalogue.key());
        let content = html! {
            (head(language))
            (form.summary())
            @if newer { (outdated(language)) }
            form method="get" action="/prices#result" novalidate {
                input type="hidden" name="lang" value=(language.code());
                (carried(&typed, &asked))
                div class="card" { (form.choice(&offered, &offer::months(present, month))) }
                div class="calculator" {
                    div class="card" {
                        h2 { (result::titles(catalogue, plan.title.get(language), language)) }
                        (form.entries(&targets))
                        (buyer::entries(&form))
                        div class="actions" { button type="submit" { (language.pick("Preis berechnen", "Work out the price")) } }
                    }
                    @match result {
                        Some(result) => (result),
                        None => (no_result(wrong.is_empty(), language)),
                    }
                }
            }
        };
        let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let other = in_language(&typed, language.pick("en", "de"));
        Ok(calculator_page(status, language, other, &content))
    }
}

fn calculator_page(status: StatusCode, language: Language, other: String, content: &Markup) -> Response<Body> {
    let title = language.pick("Preisrechner", "Price calculator");
    let frame = Frame { language, title, navigation: Vec::new(), other_language: Some(other), wide: true };
    html_reply(status, page(&frame, content))
}

fn head(language: Language) -> Markup {
    html! {
        h1 { (language.pick("Preisrechner", "Price calculator")) }
        p class="lead" { (language.pick(
            "Was kostet ein Monat? Gerechnet wird mit demselben Programm, das auch die Rechnungen stellt.",
            "What does a month cost? It is worked out by the same program that makes the invoices.")) }
    }
}

/// The page while there is no price list.
fn nothing(language: Language) -> Response<Body> {
    let content = html! {
        (head(language))
        (banner("note", &html! {
            p { b { (language.pick("Zurzeit ist keine Preisliste veröffentlicht.", "No price list is published at present.")) } }
            p {
                (language.pick("Wir nennen Ihnen die Preise gern persönlich: Sie erreichen uns über das ", "We are happy to tell you our prices: you can reach us through the "))
                a href={ "/legal?lang=" (language.code()) } { (language.pick("Impressum", "legal notice")) } "."
            }
        }))
    };
    calculator_page(StatusCode::OK, language, format!("/prices?lang={}", language.pick("en", "de")), &content)
}

fn no_result(right: bool, language: Language) -> Markup {
    let text = if right {
        language.pick(
            "Hier steht der Preis, sobald Sie auf „Preis berechnen“ drücken.",
            "The price appears here as soon as you press “Work out the price”.",
        )
    } else {
        language.pick(
            "Hier steht der Preis, sobald alle Angaben stimmen.",
            "The price appears here as soon as all entries are right.",
        )
    };
    html! { div class="card" { h2 { (language.pick("Ihr Preis", "Your price")) } p class="empty" { (text) } } }
}

fn outdated(language: Language) -> Markup {
    banner(
        "note",
        &html! { p { (language.pick(
        "Dieser Link nennt eine Preisliste, die nicht mehr angeboten wird. Gerechnet wird mit ihren Preisen; die heutigen finden Sie unter „Tarif“.",
        "This link names a price list that is no longer offered. It is priced by that list; the present ones are under “Plan”.")) } },
    )
}

/// The first plan that is sold.
fn first<'a>(offered: &[&'a Arc<Catalogue>]) -> Option<(&'a Catalogue, &'a Plan)> {
    let sold =
        |catalogue: &&'a Arc<Catalogue>| Some((&***catalogue, catalogue.parts().plans.iter().find(|plan| plan.sold)?));
    offered.iter().find_map(sold)
}

fn month(reader: &mut Reader<'_>, present: Month) -> Month {
    let typed = reader.typed.value("month");
    if typed.is_empty() {
        return present;
    }
    let month = Month::parse(typed).ok().filter(|month| offer::YEARS.contains(&month.year()));
    month.unwrap_or_else(|| {
        let (first, last) = (offer::YEARS.start(), offer::YEARS.end());
        reader.refuse(
            "month",
            format!("Bitte wählen Sie einen Monat der Jahre {first} bis {last}."),
            format!("Please choose a month of the years {first} to {last}."),
        );
        present
    })
}

fn chosen<'a>(reader: &mut Reader<'_>, lists: &'a Lists) -> Option<(&'a Catalogue, &'a Plan)> {
    let address = reader.typed.value("plan");
    if address.is_empty() {
        return None;
    }
    let named = offer::named(lists, address).map(|(catalogue, plan)| (&**catalogue, plan));
    if named.is_none() {
        reader.refuse(
            "plan",
            "Diesen Tarif gibt es nicht. Bitte wählen Sie einen aus.",
            "There is no such plan. Please choose one.",
        );
    }
    named
}

/// The plan that is changed to, and the day.
fn change<'a>(
    reader: &mut Reader<'_>,
    catalogue: &'a Catalogue,
    plan: &Plan,
    month: Month,
) -> (Option<&'a Plan>, Option<Day>) {
    let (to, on) = (names::CHANGE_TO, names::CHANGE_ON);
    if !reader.has(to) {
        if reader.has(on) {
            reader.refuse(to, "Bitte wählen Sie den neuen Tarif.", "Please choose the new plan.");
        }
        return (None, None);
    }
    let name = reader.typed.value(to);
    let Some(target) = offer::changes(catalogue, plan).find(|target| target.id.as_str() == name) else {
        match catalogue.plan(name) {
            Some(known) if known.rank < plan.rank => reader.refuse(
                to,
                "Ein Wechsel in einen kleineren Tarif gilt erst ab der nächsten Laufzeit und ändert diesen Monat nicht.",
                "A change to a smaller plan takes effect with the next term and does not alter this month.",
            ),
            _ => reader.refuse(
                to,
                "In diesen Tarif kann man von hier nicht wechseln.",
                "One cannot change to this plan from here.",
            ),
        }
        return (None, None);
    };
    let day = reader.day(on);
    let within = day.filter(|day| *day > month.first() && *day <= month.last());
    if day.is_some() && within.is_none() {
        let (first, last) = (month.first().next(), month.last());
        let range = |language: Language| (language.date(first), language.date(last));
        let (de, en) = (range(Language::De), range(Language::En));
        reader.refuse(
            on,
            format!("Der erste Tag im neuen Tarif muss vom {} bis zum {} liegen.", de.0, de.1),
            format!("The first day of the new plan must be from {} to {}.", en.0, en.1),
        );
    }
    (Some(target), within)
}

/// The address of what is shown: what was chosen, and what was typed into the entries there are.
fn address(typed: &Typed, catalogue: &Catalogue, plan: &Plan, month: Month, asked: &Asked<'_>) -> String {
    let chosen = [("plan".to_owned(), offer::plan_address(catalogue, plan)), ("month".to_owned(), month.to_string())];
    let buyer = [buyer::COUNTRY, buyer::VAT_ID].map(str::to_owned);
    let entries = asked.names().into_iter().chain(buyer).map(|name| (name.clone(), typed.value(&name).to_owned()));
    join(chosen.into_iter().chain(entries))
}

/// The same page in another language, with everything that was typed.
fn in_language(typed: &Typed, code: &str) -> String {
    let kept = typed.0.iter().filter(|(name, _)| name != "lang").cloned();
    join(kept.chain([("lang".to_owned(), code.to_owned())]))
}

fn join(pairs: impl Iterator<Item = (String, String)>) -> String {
    let pairs = pairs.filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{}={}", encoded(&name), encoded(&value))).collect();
    format!("/prices?{}", pairs.join("&"))
}

/// Percent-encoding of a query (RFC 3986 § 3.4) that leaves readable what may stay.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~@/:,".contains(&byte);
    let encode = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(encode).collect()
}

/// What was typed for another plan stays in the form, so that nothing is lost when plans are compared.
fn carried(typed: &Typed, asked: &Asked<'_>) -> Markup {
    let shown = asked.names();
    let kept = typed.0.iter().filter(|(name, value)| {
        let known = names::PREFIXES.iter().any(|prefix| name.starts_with(prefix));
        known && !value.trim().is_empty() && !shown.contains(name)
    });
    html! { @for (name, value) in kept.take(CARRIED) { input type="hidden" name=(name) value=(value); } }
}

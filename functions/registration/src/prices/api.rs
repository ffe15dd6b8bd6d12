//! `POST /api/v1/prices`: what a month costs, for programs.
//!
//! Usage is taken as the text it came in and read by the reader of usage files, so numbers stay as written.

use std::collections::BTreeMap;

use catalogs::UsageFile;
use catalogs::price::price;
use domain::calendar::{Day, Month};
use domain::catalog::Catalogue;
use domain::catalog::plan::Plan;
use domain::language::Language;
use domain::problem::{FieldProblem, Problem};
use http::{Method, Response, StatusCode};
use lambda_http::{Body, Request};
use platform::error::Error;
use platform::http::{body, json_reply, language};
use serde_json::value::RawValue;

use super::offer::YEARS;
use crate::cache::Lists;

/// Keys of the body.
const KEYS: [&str; 5] = ["catalogue", "plan", "month", "language", "usage"];
/// Most dated things of a usage file: records, events, time entries, orders, tickets, changes, bookings, codes.
const THINGS: usize = 2_000;
/// Most months before the priced one that usage may reach back. Pools and what comes late look at each of them.
const MONTHS_BACK: u32 = 120;

type Fields<'a> = BTreeMap<String, &'a RawValue>;

/// Collects what is wrong with the body.
#[derive(Debug, Default)]
struct Wrong(Vec<FieldProblem>);

impl Wrong {
    fn add(&mut self, field: &str, problem: Problem) {
        self.0.push(FieldProblem::new(field, problem));
    }

    fn mistake(&mut self, field: &str, text: impl Into<String>) {
        self.add(field, Problem::Mistake { text: text.into() });
    }
}

impl crate::Registration {
    /// Prices a month. Everything that is wrong is named at once.
    pub(crate) async fn price_json(&self, request: &Request) -> Result<Response<Body>, Error> {
        if request.method() != Method::POST {
            return Err(Error::MethodNotAllowed { allowed: "POST" });
        }
        let bytes = body(request, "application/json")?;
        let fields: Fields<'_> = serde_json::from_slice(bytes).map_err(|error| Error::Malformed(error.to_string()))?;
        let now = self.clock.now();
        let lists = self.price_lists.get(&self.table, now).await?;
        let mut wrong = Wrong::default();
        for key in fields.keys().filter(|key| !KEYS.contains(&key.as_str())) {
            let known = KEYS.map(str::to_owned).to_vec();
            wrong.add(&key.chars().take(60).collect::<String>(), Problem::NotOneOf { known });
        }
        let explained = explained(&fields, &mut wrong).unwrap_or_else(|| language(request));
        let month = month(&fields, Month::of(now), &mut wrong);
        let chosen = chosen(&fields, &lists, &mut wrong);
        let (Some(month), Some((catalogue, plan))) = (month, chosen) else { return Err(Error::Invalid(wrong.0)) };
        let file = usage(&fields, catalogue, plan, month, &mut wrong);
        match file {
            Some(file) if wrong.0.is_empty() => {
                let file = UsageFile { small_business: lists.small_business, ..file };
                let report = price(&lists.all, catalogue, &plan.id, month, &file, now);
                Ok(json_reply(StatusCode::OK, &report.json_in(explained)))
            }
            _ => Err(Error::Invalid(wrong.0)),
        }
    }
}

/// A text of the body; `None` if it is not there, or is no text, which is noted.
fn text(fields: &Fields<'_>, key: &str, wrong: &mut Wrong) -> Option<String> {
    let raw = fields.get(key)?;
    let text = serde_json::from_str(raw.get()).ok();
    if text.is_none() {
        wrong.mistake(key, "expected a text in quotes");
    }
    text
}

fn explained(fields: &Fields<'_>, wrong: &mut Wrong) -> Option<Language> {
    let code = text(fields, "language", wrong)?;
    let language = [Language::De, Language::En].into_iter().find(|language| language.code() == code);
    if language.is_none() {
        wrong.add("language", Problem::NotOneOf { known: vec!["de".to_owned(), "en".to_owned()] });
    }
    language
}

/// The month; the present one if none is given.
fn month(fields: &Fields<'_>, present: Month, wrong: &mut Wrong) -> Option<Month> {
    if !fields.contains_key("month") {
        return Some(present);
    }
    let month = Month::parse(&text(fields, "month", wrong)?).ok().filter(|month| YEARS.contains(&month.year()));
    if month.is_none() {
        let (first, last) = (YEARS.start(), YEARS.end());
        wrong.mistake("month", format!("expected a month such as 2026-10, of the years {first} to {last}"));
    }
    month
}

/// The catalogue and the plan, of any version that is published.
fn chosen<'a>(fields: &Fields<'_>, lists: &'a Lists, wrong: &mut Wrong) -> Option<(&'a Catalogue, &'a Plan)> {
    for key in ["catalogue", "plan"] {
        if !fields.contains_key(key) {
            wrong.add(key, Problem::Missing);
        }
    }
    let key = text(fields, "catalogue", wrong);
    let name = text(fields, "plan", wrong);
    let key = key?;
    let Some(catalogue) = lists.all.get(&key) else {
        let known = lists.all.iter().map(|catalogue| catalogue.key().to_owned()).collect();
        wrong.add("catalogue", Problem::NotOneOf { known });
        return None;
    };
    let plan = catalogue.plan(&name?);
    if plan.is_none() {
        let known = catalogue.parts().plans.iter().map(|plan| plan.id.to_string()).collect();
        wrong.add("plan", Problem::NotOneOf { known });
    }
    Some((&**catalogue, plan?))
}

fn usage(
    fields: &Fields<'_>,
    catalogue: &Catalogue,
    plan: &Plan,
    month: Month,
    wrong: &mut Wrong,
) -> Option<UsageFile> {
    let text = fields.get("usage").map_or("{}", |raw| raw.get());
    match catalogs::read_usage(text, catalogue, &plan.id, month) {
        Ok(file) => bounded(file, month, wrong),
        Err(mistakes) => {
            for mistake in mistakes {
                let path = ["usage", &mistake.path].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
                wrong.mistake(&path.join("."), said(&mistake.path, mistake.text));
            }
            None
        }
    }
}

/// The reader names the codes there are; they are not for everybody.
fn said(path: &str, text: String) -> String {
    let code = path.starts_with("subscription.promotions[") && path.ends_with("].code");
    match text.split_once("; ") {
        Some((said, _)) if code && said.starts_with("the catalogue has no promotion") => said.to_owned(),
        _ => text,
    }
}

/// What anybody may ask for is bounded, since working it out costs time.
fn bounded(file: UsageFile, month: Month, wrong: &mut Wrong) -> Option<UsageFile> {
    let (usage, subscription) = (&file.usage, &file.subscription);
    let things = usage.records.len()
        + usage.events.len()
        + usage.entries.len()
        + usage.orders.len()
        + file.tickets.len()
        + subscription.phases.len()
        + subscription.bookings.len()
        + subscription.redemptions.len();
    if things > THINGS {
        wrong.mistake("usage", format!("{things} dated things; at most {THINGS} are priced at once"));
        return None;
    }
    let records = usage.records.iter().map(|record| record.day);
    let events = usage.events.iter().map(|event| event.over_on);
    let entries = usage.entries.iter().map(domain::usage::TimeEntry::day);
    let orders = usage.orders.iter().map(|order| order.day);
    let tickets = file.tickets.iter().map(|ticket| Day::of(ticket.opened));
    let first = records.chain(events).chain(entries).chain(orders).chain(tickets).min();
    let least = month.first().minus_months(MONTHS_BACK);
    if let Some(first) = first.filter(|first| *first < least) {
        wrong.mistake(
            "usage",
            format!("{first} is too long ago: usage may reach back {MONTHS_BACK} months, to {least}"),
        );
        return None;
    }
    Some(file)
}

//! `/console/support`: the operator enters the time spent for an account (A50–A52, S1–S4).

use chrono::NaiveDateTime;
use domain::account::Account;
use domain::calendar::{Day, Month, instant_of, local};
use domain::catalog::meter::{Meter, MeterKind};
use domain::ids::AccountId;
use domain::problem::{FieldProblem, Problem};
use domain::usage::TimeEntry;
use domain::usage::report::{RawReport, Reporting};
use http::{Response, StatusCode};
use lambda_http::Body;
use maud::{Markup, html};
use platform::entropy;
use platform::error::Error;
use platform::http::{field, query, see_other};
use platform::page::banner;
use platform::table::usage::Reporter;

use crate::fields::{Form, filled, form_token};
use crate::frame::{signed_page, signed_reply};
use crate::{Console, Signed};

/// Where entries of this page come from, as records name it.
const SOURCE: &str = "console/support";

/// What the page of an account shows.
struct Page<'a> {
    signed: &'a Signed<'a>,
    account: Account,
    channels: Vec<Meter>,
    entries: Vec<TimeEntry>,
}

impl Console {
    pub(crate) async fn support(&self, signed: &Signed<'_>) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let language = signed.language;
        let asked = query(signed.request, "account").unwrap_or_default();
        let known = match AccountId::parse(asked.trim()) {
            Ok(id) => match self.table.account(&id).await {
                Ok(account) => Some(account),
                Err(Error::NotFound(_)) => None,
                Err(error) => return Err(error),
            },
            Err(_) => None,
        };
        if let Some(account) = known {
            let now = local(self.clock.now()).format("%Y-%m-%dT%H:%M").to_string();
            let values = filled([("entry", entropy::hex::<8>()?.as_str()), ("start", now.as_str())]);
            return Ok(show(&self.support_of(signed, account).await?, &values, &[]));
        }
        let title = "Support";
        let content = html! {
            h1 { (title) }
            p class="lead" { (language.pick("Für welches Konto haben Sie Zeit aufgewendet?", "For which account did you spend time?")) }
            form class="card" method="get" action="/console/support" {
                input type="hidden" name="lang" value=(language.code());
                div class=(if asked.is_empty() { "field" } else { "field wrong" }) {
                    label for="account" { (language.pick("Kundennummer", "Customer number")) }
                    input id="account" name="account" type="text" value=(asked);
                    @if !asked.is_empty() { p class="problem" { (language.pick("Dieses Konto gibt es nicht.", "There is no such account.")) } }
                }
                button type="submit" { (language.pick("Weiter", "Continue")) }
            }
        };
        Ok(signed_page(signed, title, &content))
    }

    pub(crate) async fn enter_support(
        &self,
        signed: &Signed<'_>,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let id = AccountId::parse(field(fields, "account")).map_err(|_| Error::NotFound("account"))?;
        let page = self.support_of(signed, self.table.account(&id).await?).await?;
        let payer = page.account.payer.clone().unwrap_or_else(|| id.clone());
        let subscription = self.table.subscription(&payer).await?.subscription;
        let catalogues = self.table.catalogues_of(&subscription).await?;
        let now = self.clock.now();
        let reporting = Reporting { catalogues: &catalogues, subscription: &subscription, by_operator: true, now };
        let mut read = reporting.read(&raw(fields));
        if !page.channels.iter().any(|meter| meter.id.as_str() == field(fields, "channel")) {
            let known = page.channels.iter().map(|meter| meter.id.to_string()).collect();
            let mut problems = read.err().unwrap_or_default();
            problems.retain(|problem| problem.field != "meter");
            problems.push(FieldProblem::new("meter", Problem::NotOneOf { known }));
            read = Err(problems);
        }
        match read {
            Ok(report) => {
                self.table.record_usage(Reporter { account: &id, payer: &payer, now }, &[report]).await?;
                Ok(see_other(&format!("/console/support?account={id}&saved=1&lang={}", signed.language.code())))
            }
            Err(problems) => {
                let problems: Vec<FieldProblem> = problems.into_iter().map(placed).collect();
                Ok(show(&page, fields, &problems))
            }
        }
    }

    async fn support_of<'a>(&self, signed: &'a Signed<'a>, account: Account) -> Result<Page<'a>, Error> {
        let payer = account.payer.clone().unwrap_or_else(|| account.id.clone());
        let subscription = self.table.subscription(&payer).await?.subscription;
        let catalogues = self.table.catalogues_of(&subscription).await?;
        let mut channels: Vec<Meter> = Vec::new();
        for meter in catalogues.iter().flat_map(|catalogue| &catalogue.parts().meters) {
            if meter.kind == MeterKind::Time && !channels.iter().any(|known| known.id == meter.id) {
                channels.push(meter.clone());
            }
        }
        let month = Month::of(self.clock.now());
        let usage = self.table.usage_between(&payer, month.previous().first(), month.last()).await?;
        let mut entries = usage.entries;
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.start));
        Ok(Page { signed, account, channels, entries })
    }
}

/// The form as a record. A time that cannot be read is one the record refuses.
fn raw(fields: &[(String, String)]) -> RawReport {
    let some = |name| Some(field(fields, name).trim().to_owned()).filter(|text| !text.is_empty());
    let start = some("start").map(|text| {
        let wall = NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M");
        wall.map_or(text, |wall| instant_of(wall).to_rfc3339())
    });
    RawReport {
        source: Some(SOURCE.to_owned()),
        id: some("entry"),
        meter: some("channel"),
        // In German a decimal has a comma.
        quantity: some("minutes").map(|minutes| minutes.replace(',', ".")),
        time: start,
        text: some("text"),
        ..RawReport::default()
    }
}

/// The problem at the field of the form.
fn placed(problem: FieldProblem) -> FieldProblem {
    let field = match problem.field.as_str() {
        "meter" => "channel",
        "quantity" => "minutes",
        "time" | "day" => "start",
        other => other,
    };
    FieldProblem::new(field, problem.problem)
}

fn show(page: &Page<'_>, values: &[(String, String)], problems: &[FieldProblem]) -> Response<Body> {
    let (signed, language) = (page.signed, page.signed.language);
    let form = Form { values, problems, language };
    let title = "Support";
    let channels: Vec<(&str, &str)> =
        page.channels.iter().map(|meter| (meter.id.as_str(), meter.title.get(language))).collect();
    let content = html! {
        h1 { (title) }
        p class="lead" { (page.account.name) " · " (language.pick("Kundennummer ", "customer number ")) (page.account.id) }
        (form.refusal(language.pick("Es wurde noch nichts gespeichert.", "Nothing has been saved yet.")))
        @if problems.is_empty() && query(signed.request, "saved").is_some() {
            (banner("good", &html! { p { (language.pick("Gespeichert.", "Saved.")) } }))
        }
        @if channels.is_empty() {
            (banner("note", &html! { p { (language.pick(
                "Die Preisliste dieses Kontos kennt keine Supportzeiten.", "The price list of this account has no support time.")) } }))
        } @else {
            form class="card" method="post" action={ "/console/support?lang=" (language.code()) } novalidate {
                h2 { (language.pick("Zeit eintragen", "Enter time")) }
                (form_token(signed))
                input type="hidden" name="account" value=(page.account.id);
                input type="hidden" name="entry" value=(form.value("entry"));
                (form.choice("channel", language.pick("Art", "Kind"), &channels))
                (form.input("start", language.pick("Beginn", "Start"), "datetime-local", language.pick("Ortszeit Deutschland", "local time in Germany")))
                (form.input("minutes", language.pick("Minuten", "Minutes"), "text", ""))
                (form.input("text", language.pick("Worum es ging", "What it was about"), "text", language.pick("freiwillig", "optional")))
                button type="submit" { (language.pick("Speichern", "Save")) }
            }
        }
        (entries(page))
        p { a href={ "/console/usage/" (page.account.id) "?lang=" (language.code()) } { (language.pick("Nutzung", "Usage")) } }
    };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    signed_reply(status, signed, title, &content)
}

/// What was entered for this month and the one before.
fn entries(page: &Page<'_>) -> Markup {
    let language = page.signed.language;
    html! {
        div class="card" {
            h2 { (language.pick("Dieser und voriger Monat", "This month and the one before")) }
            @if page.entries.is_empty() { p class="empty" { (language.pick("Noch nichts eingetragen.", "Nothing entered yet.")) } }
            @else { div class="scroll" { table {
                thead { tr {
                    th { (language.pick("Beginn", "Start")) } th { (language.pick("Art", "Kind")) }
                    th class="number" { (language.pick("Minuten", "Minutes")) } th { (language.pick("Worum es ging", "What it was about")) }
                } }
                tbody { @for entry in &page.entries { tr {
                    td { (language.date_time(entry.start)) }
                    td { @match page.channels.iter().find(|meter| meter.id == entry.channel) {
                        Some(meter) => (meter.title.get(language)), None => (entry.channel),
                    } }
                    td class="number" { (language.number(entry.minutes)) }
                    td {
                        (entry.text.as_deref().unwrap_or_default())
                        @if entry.recorded_on.is_some_and(|known| known.month() > Day::of(entry.start).month()) {
                            " " span class="tag note" { (language.pick("auf der nächsten Rechnung", "on the next invoice")) }
                        }
                    }
                } } }
            } } }
        }
    }
}

//! `/console/figures`: what was invoiced, by month and price list, for the operator. `/console/figures/2026` is a year,
//! `/console/figures/2026-11` a month; `.xlsx` and `.csv` behind a month give its invoices as a spreadsheet.

mod chart;
mod csv;
mod names;
mod sheet;
mod tables;

use domain::calendar::{Day, Month};
use domain::catalog::charge::Issuer;
use domain::figures::Figures;
use domain::language::Language;
use domain::money::{Currency, Money};
use futures::future::try_join_all;
use http::{HeaderValue, Response, StatusCode, header};
use lambda_http::Body;
use maud::{Markup, html};
use platform::error::Error;
use platform::http::{query, reply};

use self::names::Lists;
use self::tables::{breakdown, invoice_list, month_table, sum_table, totals};
use crate::frame::{signed_page, total};
use crate::{Console, Signed};

/// Years that can be asked for.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;
/// Invoices of one document; those of a larger month are split. A Lambda function may answer with 6 MB, and what is no text
/// grows by a third on its way.
const IN_ONE: usize = 8_000;
/// Invoices up to which the page of a month reads them all, to tell what is open; the spreadsheet does so for any number.
const READ_AT_MOST: u64 = 300;
/// Type of a spreadsheet in Office Open XML.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What a page is about.
#[derive(Clone, Copy)]
enum Period {
    Year(i32),
    Month(Month),
}

/// How a month's invoices are given.
#[derive(Clone, Copy)]
enum Format {
    Xlsx,
    Csv,
}

impl Console {
    /// The page of a year or month; without one the year of the month that was invoiced last.
    pub(crate) async fn figures(&self, signed: &Signed<'_>, period: &str) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let now = self.clock.now();
        if let Some((month, format)) = export(period) {
            return self.figures_document(signed, month, format).await;
        }
        match parse(period, domain::run::invoiced_month(now))? {
            Period::Year(year) => self.figures_of_year(signed, year).await,
            Period::Month(month) => self.figures_of_month(signed, month).await,
        }
    }

    async fn figures_of_year(&self, signed: &Signed<'_>, year: i32) -> Result<Response<Body>, Error> {
        let language = signed.language;
        let months = months_of(year)?;
        let figures = try_join_all(months.iter().copied().map(|month| self.table.figures(month))).await?;
        let lists = Lists::of(&self.table.published_catalogues().await?, language);
        let all = merged(&figures)?;
        let own: Vec<(Month, Figures)> =
            months.iter().zip(&figures).map(|(month, one)| (*month, one.of_issuer(Issuer::Operator))).collect();
        let title = format!("{} {year}", language.pick("Auswertung", "Figures"));
        let content = html! {
            h1 { (title) }
            p class="lead" { (language.pick(
                "Was in Rechnung gestellt wurde, nach Abrechnungsmonat und Preisliste. Stornorechnungen sind abgezogen.",
                "What was invoiced, by billing month and price list. Cancellation invoices are subtracted.")) }
            (year_links(year, language))
            (totals(&all.of_issuer(Issuer::Operator), language)?)
            (chart::card(&own, &lists, language)?)
            (month_table(&own, &lists, language)?)
            (breakdown(&all, language)?)
        };
        Ok(signed_page(signed, &title, &content))
    }

    async fn figures_of_month(&self, signed: &Signed<'_>, month: Month) -> Result<Response<Body>, Error> {
        let language = signed.language;
        let figures = self.table.figures(month).await?;
        let lists = Lists::of(&self.table.published_catalogues().await?, language);
        let own = figures.of_issuer(Issuer::Operator);
        let title = format!("{} {}", language.pick("Auswertung", "Figures for"), language.month(month));
        let code = language.code();
        let parts = usize::try_from(figures.count_all()).unwrap_or(usize::MAX).div_ceil(IN_ONE).max(1);
        let link = |month: Month| format!("/console/figures/{month}?lang={code}");
        let by_list = own.by(|cell| cell.catalogue.clone()).map_err(beyond)?;
        let rows = by_list.iter().map(|(list, sum)| (lists.name(list.as_deref()), None, *sum)).collect();
        let content = html! {
            h1 { (title) }
            div class="actions" {
                a href=(link(month.previous())) { "← " (language.month(month.previous())) }
                a href={ "/console/figures/" (month.year()) "?lang=" (code) } { (month.year()) }
                a href=(link(month.next())) { (language.month(month.next())) " →" }
            }
            (totals(&own, language)?)
            @for part in 1..=parts { div class="actions" {
                @if parts > 1 { span { (language.pick("Teil", "Part")) " " (part) " / " (parts) } }
                a class="button" href={ "/console/figures/" (month) ".xlsx?part=" (part) "&lang=" (code) } { (language.pick("Tabelle (Excel)", "Spreadsheet (Excel)")) }
                a class="button quiet" href={ "/console/figures/" (month) ".csv?part=" (part) "&lang=" (code) } { (language.pick("Rechnungen als CSV", "Invoices as CSV")) }
            } }
            (self.payments(month, (&own, figures.count_all()), language).await?)
            (sum_table(language.pick("Nach Preisliste", "By price list"), language.pick("Preisliste", "Price list"), rows, language)?)
            (breakdown(&figures, language)?)
        };
        Ok(signed_page(signed, &title, &content))
    }

    /// What of a month's invoices has been paid and what is open.
    async fn payments(&self, month: Month, (own, all): (&Figures, u64), language: Language) -> Result<Markup, Error> {
        if all == 0 {
            return Ok(html! {});
        }
        if all > READ_AT_MOST {
            return Ok(html! { p class="hint" { (language.pick(
            "Was davon bezahlt und offen ist, steht in der Tabelle.",
            "What of it is paid and open stands in the spreadsheet.")) } });
        }
        let today = Day::of(self.clock.now());
        let zero = Money::zero(Currency::Eur);
        let (mut received, mut open, mut overdue) = (zero, zero, zero);
        let invoices = self.table.invoices_of(month).await?;
        for standing in &invoices {
            if standing.invoice.draft.issuer != Issuer::Operator {
                continue;
            }
            let left = standing.open();
            received = received.plus(standing.received).map_err(beyond)?;
            open = open.plus(left).map_err(beyond)?;
            if standing.is_overdue(today) {
                overdue = overdue.plus(left).map_err(beyond)?;
            }
        }
        Ok(html! {
            @if own.count_all() > 0 { div class="totals" {
                (total(language.money(received), language.pick("eingegangen", "received")))
                (total(language.money(open), language.pick("offen", "open")))
                (total(language.money(overdue), language.pick("davon überfällig", "of which overdue")))
            } }
            (invoice_list(&invoices, today, language))
        })
    }

    async fn figures_document(
        &self,
        signed: &Signed<'_>,
        month: Month,
        format: Format,
    ) -> Result<Response<Body>, Error> {
        let language = signed.language;
        let part = query(signed.request, "part").map_or(Ok(1), |part| part.parse::<usize>());
        let part = part.ok().and_then(|part| part.checked_sub(1)).ok_or(Error::NotFound("part"))?;
        let all = self.table.invoices_of(month).await?;
        let invoices = match all.chunks(IN_ONE).nth(part) {
            Some(invoices) => invoices,
            None if part == 0 => &[],
            None => return Err(Error::NotFound("part")),
        };
        let (bytes, kind, ending) = match format {
            Format::Csv => (csv::of(invoices, language).into_bytes(), "text/csv; charset=utf-8", "csv"),
            Format::Xlsx => {
                let lists = Lists::of(&self.table.published_catalogues().await?, language);
                let today = Day::of(self.clock.now());
                let bytes = sheet::of(month, invoices, &lists, today, language);
                (bytes.map_err(|error| Error::internal("spreadsheet", error))?, XLSX, "xlsx")
            }
        };
        let mut response = reply(StatusCode::OK, kind, bytes);
        let split = if all.len() > IN_ONE { format!("-{}", part + 1) } else { String::new() };
        let word = language.pick("rechnungen", "invoices");
        let name = format!("attachment; filename=\"{word}-{month}{split}.{ending}\"");
        if let Ok(value) = HeaderValue::from_str(&name) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
        }
        Ok(response)
    }
}

fn export(period: &str) -> Option<(Month, Format)> {
    let (month, ending) = period.split_once('.')?;
    let format = match ending {
        "xlsx" => Format::Xlsx,
        "csv" => Format::Csv,
        _ => return None,
    };
    Some((Month::parse(month).ok()?, format))
}

fn parse(period: &str, invoiced: Month) -> Result<Period, Error> {
    let none = || Error::NotFound("period");
    if period.is_empty() {
        return Ok(Period::Year(invoiced.year()));
    }
    if period.len() == 4 {
        let year = period.parse().ok().filter(|year| YEARS.contains(year));
        return year.map(Period::Year).ok_or_else(none);
    }
    let month = Month::parse(period).ok().filter(|month| YEARS.contains(&month.year()));
    month.map(Period::Month).ok_or_else(none)
}

fn months_of(year: i32) -> Result<Vec<Month>, Error> {
    let months = (1..=12).map(|month| Month::parse(&format!("{year}-{month:02}")));
    months.collect::<Result<_, _>>().map_err(|_| Error::NotFound("period"))
}

fn beyond(error: domain::money::MoneyError) -> Error {
    Error::internal("figures", error)
}

fn merged(figures: &[Figures]) -> Result<Figures, Error> {
    let mut all = Figures::default();
    for one in figures {
        all.merge(one).map_err(beyond)?;
    }
    Ok(all)
}

fn year_links(year: i32, language: Language) -> Markup {
    let link = |year: i32| format!("/console/figures/{year}?lang={}", language.code());
    html! {
        div class="actions" {
            @if YEARS.contains(&(year - 1)) { a href=(link(year - 1)) { "← " (year - 1) } }
            @if YEARS.contains(&(year + 1)) { a href=(link(year + 1)) { (year + 1) " →" } }
        }
    }
}

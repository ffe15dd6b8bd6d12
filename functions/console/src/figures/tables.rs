//! Tables of figures, each with a total that its rows add up to.

use std::collections::BTreeMap;

use domain::calendar::{Day, Month};
use domain::catalog::charge::Issuer;
use domain::figures::{Figures, Sum};
use domain::invoice::InvoiceKind;
use domain::language::Language;
use domain::money::Money;
use domain::vat::VatTreatment;
use maud::{Markup, html};
use platform::error::Error;
use platform::table::invoices::Standing;

use super::beyond;
use super::names::{Lists, kind_name, vat_name};
use crate::frame::{mail_failure_tag, standing_tag, total};

/// The sums at the top of a page.
pub(super) fn totals(figures: &Figures, language: Language) -> Result<Markup, Error> {
    let sum = figures.total().map_err(beyond)?;
    Ok(html! {
        div class="totals" {
            (total(language.money(sum.net), language.pick("netto", "net")))
            (total(language.money(sum.vat), language.pick("Umsatzsteuer", "VAT")))
            (total(language.money(sum.gross().map_err(beyond)?), language.pick("brutto", "gross")))
            (total(figures.count_all(), language.pick("Rechnungen", "invoices")))
        }
    })
}

/// A row for each month, a column for each price list; what the bars of the chart stand for.
pub(super) fn month_table(months: &[(Month, Figures)], lists: &Lists, language: Language) -> Result<Markup, Error> {
    let columns = lists.used(months.iter().map(|(_, figures)| figures));
    let mut rows = Vec::new();
    let (mut sums, mut all) = (vec![Sum::zero(); columns.len()], Figures::default());
    for (month, figures) in months {
        let by_list = figures.by(|cell| cell.catalogue.clone()).map_err(beyond)?;
        let of_month: Vec<Sum> = columns.iter().map(|list| by_list.get(list).copied().unwrap_or(Sum::zero())).collect();
        for (sum, one) in sums.iter_mut().zip(&of_month) {
            *sum = sum.plus(*one).map_err(beyond)?;
        }
        all.merge(figures).map_err(beyond)?;
        rows.push((*month, of_month, figures.total().map_err(beyond)?, figures.count_all()));
    }
    let sum = all.total().map_err(beyond)?;
    let heading = language.pick("Netto nach Monat und Preisliste", "Net by month and price list");
    // Most of a year may lie ahead: what is nothing should not catch the eye.
    let money = |money: Money| if money.is_zero() { "–".to_owned() } else { language.money(money) };
    let figures = |of_lists: &[Sum], sum: Sum, count: u64| -> Result<Markup, Error> {
        Ok(html! {
            @for one in of_lists { td class="number" { (money(one.net)) } }
            td class="number" { b { (money(sum.net)) } }
            td class="number" { (money(sum.vat)) }
            td class="number" { (money(sum.gross().map_err(beyond)?)) }
            td class="number" { @if count == 0 { "–" } @else { (count) } }
        })
    };
    Ok(html! {
        div class="card" {
            h2 id="by-month" { (heading) }
            div class="scroll" { table class="roomy dense" {
                thead { tr {
                    th scope="col" { (language.pick("Monat", "Month")) }
                    @for list in &columns { th scope="col" class="number" { (lists.name(list.as_deref())) } }
                    th scope="col" class="number" { (language.pick("Netto", "Net")) }
                    th scope="col" class="number" { (language.pick("USt", "VAT")) }
                    th scope="col" class="number" { (language.pick("Brutto", "Gross")) }
                    th scope="col" class="number" { (language.pick("Anzahl", "Count")) }
                } }
                tbody {
                    @for (month, of_lists, sum, count) in &rows { tr {
                        th scope="row" { a href={ "/console/figures/" (month) "?lang=" (language.code()) } { (language.month(*month)) } }
                        (figures(of_lists, *sum, *count)?)
                    } }
                    tr { th scope="row" { (language.pick("Summe", "Total")) } (figures(&sums, sum, all.count_all())?) }
                }
            } }
        }
    })
}

/// By kind of invoice and by VAT; what a partner invoices in its own name in a table of its own (Z7).
pub(super) fn breakdown(all: &Figures, language: Language) -> Result<Markup, Error> {
    let own = all.of_issuer(Issuer::Operator);
    let partner = all.of_issuer(Issuer::Partner);
    let by_vat = own.by(|cell| cell.vat).map_err(beyond)?;
    let vat = by_vat.iter().map(|(vat, sum): (&VatTreatment, &Sum)| (vat_name(*vat, language), None, *sum)).collect();
    let kind = language.pick("Art", "Kind");
    Ok(html! {
        (sum_table(language.pick("Nach Art der Rechnung", "By kind of invoice"), kind, kinds(&own, language)?, language)?)
        (sum_table(language.pick("Nach Umsatzsteuer", "By VAT"), language.pick("Umsatzsteuer", "VAT"), vat, language)?)
        @if !partner.cells.is_empty() {
            (sum_table(
                language.pick("Im Namen des Servicepartners", "In the name of the service partner"),
                kind, kinds(&partner, language)?, language)?)
        }
    })
}

/// The invoices themselves, each with its page.
pub(super) fn invoice_list(invoices: &[Standing], today: Day, language: Language) -> Markup {
    html! {
        div class="card" {
            h2 { (language.pick("Rechnungen", "Invoices")) }
            div class="scroll" { table class="dense" {
                thead { tr {
                    th { (language.pick("Nummer", "Number")) } th { (language.pick("Art", "Kind")) } th { (language.pick("Kunde", "Customer")) }
                    th { (language.pick("Datum", "Date")) } th class="number" { (language.pick("Brutto", "Gross")) }
                    th class="number" { (language.pick("Offen", "Open")) } th { (language.pick("Stand", "State")) }
                } }
                tbody { @for standing in invoices {
                    @let invoice = &standing.invoice;
                    @let buyer = &invoice.draft.buyer;
                    tr {
                        td class="nowrap" { a href={ "/console/invoices/" (buyer.id) "/" (invoice.id) "?lang=" (language.code()) } { (invoice.number) } }
                        td { (invoice.draft.kind.title().get(language)) }
                        td { a href={ "/console/accounts/" (buyer.id) "?lang=" (language.code()) } { (buyer.name) } }
                        td class="nowrap" { (language.short_date(invoice.issued_on)) }
                        td class="number" { (language.money(invoice.draft.totals.gross)) }
                        td class="number" { (language.money(standing.open())) }
                        td { (standing_tag(standing, today, language)) " " (mail_failure_tag(standing.mail_failure, language)) }
                    }
                } }
            } }
        }
    }
}

/// A name, how many invoices, and what they come to.
pub(super) type Row = (String, Option<u64>, Sum);

fn kinds(figures: &Figures, language: Language) -> Result<Vec<Row>, Error> {
    let counts: BTreeMap<InvoiceKind, u64> =
        figures.invoices.iter().map(|((_, kind), invoices)| (*kind, *invoices)).collect();
    let by_kind = figures.by(|cell| cell.kind).map_err(beyond)?;
    Ok(by_kind.iter().map(|(kind, sum)| (kind_name(*kind, language), counts.get(kind).copied(), *sum)).collect())
}

pub(super) fn sum_table(heading: &str, what: &str, rows: Vec<Row>, language: Language) -> Result<Markup, Error> {
    let mut all = Sum::zero();
    for (_, _, sum) in &rows {
        all = all.plus(*sum).map_err(beyond)?;
    }
    let counted = rows.iter().any(|(_, count, _)| count.is_some());
    let count_all: u64 = rows.iter().filter_map(|(_, count, _)| *count).sum();
    let total = (language.pick("Summe", "Total").to_owned(), counted.then_some(count_all), all);
    Ok(html! {
        div class="card" {
            h2 { (heading) }
            @if rows.is_empty() { p class="empty" { (language.pick("Noch keine Rechnung.", "No invoice yet.")) } }
            @else { div class="scroll" { table {
                thead { tr {
                    th scope="col" { (what) }
                    @if counted { th scope="col" class="number" { (language.pick("Rechnungen", "Invoices")) } }
                    th scope="col" class="number" { (language.pick("Netto", "Net")) }
                    th scope="col" class="number" { (language.pick("USt", "VAT")) }
                    th scope="col" class="number" { (language.pick("Brutto", "Gross")) }
                } }
                tbody { @for (name, count, sum) in rows.iter().chain([&total]) { tr {
                    th scope="row" { (name) }
                    @if counted { td class="number" { (count.unwrap_or(0)) } }
                    td class="number" { (language.money(sum.net)) } td class="number" { (language.money(sum.vat)) }
                    td class="number" { (language.money(sum.gross().map_err(beyond)?)) }
                } } }
            } } }
        }
    })
}

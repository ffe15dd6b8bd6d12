//! What it costs: the lines with how they came about, the totals, and what would be held.

use catalogs::price::Report;
use domain::calendar::Month;
use domain::catalog::Catalogue;
use domain::catalog::charge::{Issuer, Model};
use domain::catalog::names::PoolId;
use domain::catalog::plan::Plan;
use domain::invoice::Totals;
use domain::language::Language;
use domain::rating::{Basis, PoolBalance, RatedLine, explain};
use maud::{Markup, html};
use platform::page::banner;

use super::buyer::HOME;
use super::held;

/// How a line whose price nobody has set yet says so.
const SAMPLE: &str = "sample";

/// What the result is of, and where it can be found again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) plans: &'a [&'a Plan],
    pub(super) month: Month,
    pub(super) address: &'a str,
    /// Whether starts of calls were typed.
    pub(super) timed: bool,
    /// Where the buyer is.
    pub(super) country: &'a str,
    pub(super) language: Language,
}

/// The result.
pub(super) fn result(report: &Report, shown: &Shown<'_>) -> Markup {
    let language = shown.language;
    let names: Vec<&str> = shown.plans.iter().map(|plan| plan.title.get(language)).collect();
    let rating = &report.rating;
    html! {
        section class="card" id="result" aria-labelledby="result-title" {
            h2 id="result-title" {
                (language.pick("Ihr Preis im ", "Your price in ")) (language.month(shown.month))
            }
            p class="hint" { (titles(shown.catalogue, &names.join(" → "), language)) }
            @if !rating.held.is_empty() {
                (banner("note", &html! {
                    p { b { (language.pick(
                        "Dafür ginge noch keine Rechnung heraus. Vorher ist zu klären:",
                        "No invoice would go out for this yet. First this has to be settled:")) } }
                    ul { @for reason in &rating.held { li { (held::sentence(reason, shown.catalogue, language)) } } }
                }))
            }
            @if rating.lines.is_empty() {
                @if rating.held.is_empty() {
                    p { (language.pick("In diesem Monat fällt nichts an.", "Nothing is charged in this month.")) }
                }
            } @else {
                @if rating.lines.iter().any(is_partner) {
                    @for (issuer, totals) in &report.invoices {
                        h3 { (invoice(*issuer, language)) }
                        (lines(&rating.lines, *issuer, shown))
                        (sums(totals, language, false))
                    }
                    h3 { (language.pick("Zusammen", "Together")) }
                    (sums(&report.totals, language, true))
                } @else {
                    (lines(&rating.lines, Issuer::Operator, shown))
                    (sums(&report.totals, language, true))
                }
                @if !rating.held.is_empty() {
                    p class="hint" { (language.pick("Ohne das, was noch zu klären ist.", "Without what has to be settled.")) }
                }
            }
            (pools(&rating.pools, shown))
            (share(shown))
            (assumptions(shown.month, shown.country, rating.lines.iter().any(is_sample), language))
        }
    }
}

/// The names of price list and plan; one of them if they are the same.
pub(super) fn titles(catalogue: &Catalogue, plans: &str, language: Language) -> String {
    match catalogue.parts().title.get(language) {
        title if title == plans => plans.to_owned(),
        title => format!("{title}, {plans}"),
    }
}

fn is_partner(rated: &RatedLine) -> bool {
    rated.line.issuer == Issuer::Partner
}

fn is_sample(rated: &RatedLine) -> bool {
    rated.line.provenance.rule == SAMPLE
}

fn invoice(issuer: Issuer, language: Language) -> &'static str {
    match issuer {
        Issuer::Operator => language.pick("Rechnung des Betreibers", "Invoice of the operator"),
        Issuer::Partner => language.pick("Rechnung des Servicepartners", "Invoice of the service partner"),
    }
}

/// That a price is an example.
pub(super) fn sample_tag(language: Language) -> Markup {
    html! { span class="tag note" { (language.pick("Beispielpreis", "sample price")) } }
}

fn lines(lines: &[RatedLine], issuer: Issuer, shown: &Shown<'_>) -> Markup {
    let language = shown.language;
    html! {
        ul class="lines" {
            @for rated in lines.iter().filter(|rated| rated.line.issuer == issuer) {
                li {
                    div class="line" {
                        span { b { (rated.line.text.get(language)) } @if is_sample(rated) { " " (sample_tag(language)) } }
                        b class="number" { (language.money(rated.line.net)) }
                    }
                    @for step in steps(rated, shown.timed, language) { p { (step) } }
                }
            }
        }
    }
}

/// The steps without the days of the quantity, and without the start of a call where none was asked for: nobody
/// typed them.
fn steps(rated: &RatedLine, timed: bool, language: Language) -> Vec<String> {
    let mut steps = explain::steps(&RatedLine { days: Vec::new(), ..rated.clone() }, language);
    if let Basis::Time { entries, .. } = &rated.basis
        && !timed
    {
        for step in steps.iter_mut().take(entries.len()) {
            *step = step.split_once(": ").map_or_else(|| step.clone(), |(_, rest)| rest.to_owned());
        }
    }
    steps
}

fn sums(totals: &Totals, language: Language, last: bool) -> Markup {
    html! {
        dl class="sums" {
            dt { (language.pick("Netto", "Net")) } dd { (language.money(totals.net)) }
            @for group in &totals.vat {
                dt {
                    (group.treatment.label(language))
                    @if totals.vat.len() > 1 { (language.pick(" auf ", " on ")) (language.money(group.taxable)) }
                }
                dd { (language.money(group.vat)) }
            }
            dt class=[last.then_some("gross")] { (language.pick("Brutto", "Gross")) }
            dd class=[last.then_some("gross")] { (language.money(totals.gross)) }
        }
    }
}

fn pools(pools: &[PoolBalance], shown: &Shown<'_>) -> Markup {
    let language = shown.language;
    let title = |id: &PoolId| {
        let pool = shown.plans.iter().rev().find_map(|plan| plan.pool(id));
        pool.map_or_else(|| id.to_string(), |pool| pool.title.get(language).to_owned())
    };
    // Nothing is said of an allowance that has no size here.
    let pools: Vec<&PoolBalance> = pools.iter().filter(|pool| !pool.available.is_zero()).collect();
    html! {
        @if !pools.is_empty() {
            h3 { (language.pick("Freikontingente", "Allowances")) }
            ul class="pools" {
                @for pool in pools {
                    @let (used, available) = (language.number(pool.used), language.number(pool.available));
                    @let unit = pool_unit(shown.catalogue, &pool.pool, language);
                    li {
                        (title(&pool.pool)) ": "
                        (language.pick(format!("{used} von {available}{unit} genutzt"), format!("{used} of {available}{unit} used")))
                    }
                }
            }
        }
    }
}

/// What a pool counts in: minutes where calls draw from it.
pub(super) fn pool_unit(catalogue: &Catalogue, id: &PoolId, language: Language) -> &'static str {
    let draws = catalogue.parts().charges.iter().find(|charge| charge.model.pools().contains(id));
    match draws.map(|charge| &charge.model) {
        Some(Model::Blocks(_)) => language.pick(" Minuten", " minutes"),
        _ => "",
    }
}

/// The address of this result, to copy.
fn share(shown: &Shown<'_>) -> Markup {
    let language = shown.language;
    html! {
        div class="field share" {
            label for="share" { (language.pick("Link zu diesem Ergebnis", "Link to this result")) }
            input type="text" id="share" readonly value=(shown.address);
        }
    }
}

/// What was taken for granted.
fn assumptions(month: Month, country: &str, sample: bool, language: Language) -> Markup {
    let place = if country == HOME { language.pick("Deutschland", "Germany") } else { country };
    let from = language.date(month.first());
    html! {
        p class="hint" {
            (language.pick(
                format!("Unverbindlich. Angenommen sind ein Vertrag ab {from}, eine abgelaufene Testphase und eine Rechnungsanschrift in {place}."),
                format!("Not binding. Assumed are a contract from {from} on, a trial that is over, and a billing address in {place}.")))
            @if sample { " " (language.pick(
                "Beispielpreise hat der Betreiber noch nicht festgelegt.",
                "Sample prices have not been set by the operator yet.")) }
        }
    }
}

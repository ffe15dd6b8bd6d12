//! `/console/runs/dry/{month}`: what would be billed, and the difference to the month before.

use domain::calendar::Month;
use domain::language::Language;
use domain::money::{Currency, Money};
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::error::Error;
use platform::http::{field, query, see_other};
use platform::page::banner;
use platform::queue::Part;
use platform::table::dry_runs::{DryPart, DryResult, DryRun};

use super::held::reasons;
use super::progress::bar;
use super::refresh;
use crate::fields::form_token;
use crate::frame::{signed_page, total};
use crate::{Console, Signed};

/// Accounts of a page.
const SHOWN: i32 = 100;

/// The form that starts a dry run: of this month as far as it is counted, or of the one before.
pub(super) fn start_card(signed: &Signed<'_>, month: Month) -> Markup {
    let language = signed.language;
    html! {
        div class="card" {
            h2 { (language.pick("Probelauf", "Dry run")) }
            p class="hint" { (language.pick(
                "Zeigt, was berechnet würde, und den Unterschied zum Vormonat. Es wird nichts ausgestellt und keine Nummer vergeben. Der laufende Monat zählt, soweit er schon gezählt ist.",
                "Shows what would be invoiced and the difference to the month before. Nothing is issued and no number is given. The present month counts as far as it has been counted.")) }
            form method="post" action={ "/console/runs/dry?lang=" (language.code()) } {
                (form_token(signed))
                div class="field" {
                    label for="month" { (language.pick("Monat", "Month")) }
                    select id="month" name="month" {
                        @for month in [month, month.previous()] { option value=(month) { (language.month(month)) } }
                    }
                }
                button type="submit" { (language.pick("Probelauf starten", "Start a dry run")) }
            }
        }
    }
}

impl Console {
    pub(crate) async fn start_dry_run(
        &self,
        signed: &Signed<'_>,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let month = Month::parse(field(fields, "month")).map_err(|_| Error::NotFound("month"))?;
        let now = self.clock.now();
        if month > Month::of(now) {
            return Err(Error::NotFound("month"));
        }
        let run = self.table.start_dry_run(month, now).await?;
        self.invoice_queue.send_parts(&Part::dry(&run)).await?;
        Ok(see_other(&format!("/console/runs/dry/{month}?lang={}", signed.language.code())))
    }

    pub(crate) async fn dry_run(&self, signed: &Signed<'_>, month: &str) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let month = Month::parse(month).map_err(|_| Error::NotFound("run"))?;
        let run = self.table.dry_run(month).await?.ok_or(Error::NotFound("run"))?;
        let parts = self.table.dry_parts(&run).await?;
        let after = query(signed.request, "after").filter(|after| after.starts_with("RESULT#"));
        let results = self.table.dry_results(&run, after.as_deref(), SHOWN).await?;
        let held = self.table.dry_held(&run, SHOWN).await?;
        let sum = DryPart::sum(&parts);
        let language = signed.language;
        let title = language
            .pick(format!("Probelauf für {}", language.month(month)), format!("Dry run of {}", language.month(month)));
        let content = html! {
            h1 { (title) }
            p class="lead" {
                (language.pick("Stand: ", "As of ")) (language.date_time(run.started_at)) ". "
                (language.pick("Alle Beträge sind netto.", "All amounts are net."))
            }
            @if !sum.done { div class="card" { (bar(run.permille(&parts), language)) } }
            (sums(&sum, language))
            (held_table(&held, sum.held, language))
            (table(&run, &results, language))
        };
        let mut page = signed_page(signed, &title, &content);
        if !sum.done {
            refresh(&mut page);
        }
        Ok(page)
    }
}

fn euro(cents: i64, language: Language) -> String {
    Money::from_cents(cents, Currency::Eur).map_or_else(|_| cents.to_string(), |money| language.money(money))
}

/// An amount with its sign, as a difference is written.
fn difference(cents: i64, language: Language) -> String {
    let sign = if cents > 0 { "+" } else { "" };
    format!("{sign}{}", euro(cents, language))
}

fn sums(sum: &DryPart, language: Language) -> Markup {
    html! {
        div class="totals" {
            (total(sum.billed, language.pick("Konten mit Rechnung", "accounts with an invoice")))
            (total(euro(sum.net_cents, language), language.pick("in allen Rechnungen", "on all invoices")))
            (total(difference(sum.net_cents.saturating_sub(sum.before_cents), language), language.pick("zum Vormonat", "to the month before")))
            @if sum.partner_cents != 0 {
                (total(euro(sum.partner_cents, language), language.pick("davon im Namen des Servicepartners", "of it in the service partner’s name")))
            }
            (total(sum.held, language.pick("angehalten", "held")))
        }
    }
}

fn held_table(held: &[DryResult], count: u64, language: Language) -> Markup {
    if held.is_empty() {
        return html! {};
    }
    let more = count.saturating_sub(u64::try_from(held.len()).unwrap_or(count));
    html! {
        div class="card" {
            h2 { (language.pick("Würde angehalten", "Would be held")) }
            div class="scroll" { table {
                thead { tr { th { (language.pick("Konto", "Account")) } th { (language.pick("Grund", "Reason")) } } }
                tbody { @for result in held { tr { td { (link(result, language)) } td { (reasons(&result.reasons, language)) } } } }
            } }
            @if more > 0 { p class="hint" { (language.pick(format!("und {more} weitere"), format!("and {more} more"))) } }
        }
    }
}

fn table(run: &DryRun, results: &[(String, DryResult)], language: Language) -> Markup {
    let full = results.len() >= usize::try_from(SHOWN).unwrap_or(0);
    html! {
        div class="card" {
            h2 { (language.pick("Konten", "Accounts")) }
            p class="hint" { (language.pick("Die größten Unterschiede stehen oben.", "The largest differences come first.")) }
            @if results.is_empty() { (banner("note", &html! { p { (language.pick("Noch nichts.", "Nothing yet.")) } })) }
            @else { div class="scroll" { table {
                thead { tr {
                    th { (language.pick("Konto", "Account")) } th class="number" { (language.month(run.month)) }
                    th class="number" { (language.month(run.month.previous())) } th class="number" { (language.pick("Unterschied", "Difference")) }
                } }
                tbody { @for (_, result) in results { tr {
                    td { (link(result, language)) }
                    td class="number" { @if result.reasons.is_empty() { (language.money(result.net)) } @else { span class="tag note" { (language.pick("angehalten", "held")) } } }
                    td class="number" { (language.money(result.before)) }
                    td class="number" { (difference(result.difference_cents(), language)) }
                } } }
            } } }
            @if let Some((place, _)) = results.last().filter(|_| full) {
                @let place = place.replace('#', "%23");
                p { a href={ "/console/runs/dry/" (run.month) "?lang=" (language.code()) "&after=" (place) } { (language.pick("Weitere Konten", "More accounts")) } }
            }
        }
    }
}

fn link(result: &DryResult, language: Language) -> Markup {
    html! {
        a href={ "/console/accounts/" (result.account) "?lang=" (language.code()) } {
            @if result.name.is_empty() { (result.account) } @else { (result.name) }
        }
    }
}

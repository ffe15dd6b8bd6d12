//! How far invoice runs are, in all and part by part, as bars.

use domain::language::Language;
use maud::{Markup, html};
use platform::table::runs::{Phase, Shard};

use super::{Shown, short_date};

/// Invoice runs with their progress.
pub(super) fn card(runs: &[Shown], language: Language) -> Markup {
    html! {
        div class="card" {
            h2 { (language.pick("Rechnungsläufe", "Invoice runs")) }
            @if runs.is_empty() { p class="empty" { (language.pick("Noch kein Lauf.", "No run yet.")) } }
            @else { div class="scroll" { table {
                thead { tr {
                    th { (language.pick("Monat", "Month")) } th { (language.pick("Rechnungsdatum", "Invoice date")) }
                    th class="number" { (language.pick("Rechnungen", "Invoices")) } th class="number" { (language.pick("Ohne Betrag", "Nothing to bill")) }
                    th class="number" { (language.pick("Angehalten", "Held")) } th { (language.pick("Fortschritt", "Progress")) }
                } }
                tbody { @for shown in runs { tr {
                    td { a href={ "/console/figures/" (shown.month) "?lang=" (language.code()) } { (language.month(shown.month)) } } td { (short_date(&shown.run.issued_on, language)) }
                    td class="number" { (shown.sum(Shard::invoices)) } td class="number" { (shown.sum(|part| part.nothing)) }
                    td class="number" { (shown.parts.iter().map(|part| part.held).sum::<i64>().max(0)) }
                    td { @if shown.is_done() { span class="tag good" { (language.pick("fertig", "done")) } }
                        @else { (bar(shown.run.permille(&shown.parts), language)) } }
                } } }
            } } }
        }
        @for shown in runs.iter().filter(|shown| !shown.is_done()) { (parts(shown, language)) }
    }
}

fn parts(shown: &Shown, language: Language) -> Markup {
    html! {
        div class="card" {
            h2 { (language.pick("Lauf für ", "Run of ")) (language.month(shown.month)) }
            p class="hint" { (language.pick(
                "Erst werden alle Konten bewertet, dann bekommen alle Teile zusammen ihre Rechnungsnummern, dann werden die Rechnungen ausgestellt. Diese Seite lädt sich selbst neu.",
                "First all accounts are evaluated, then all parts get their invoice numbers together, then the invoices are issued. This page reloads by itself.")) }
            div class="scroll" { table {
                thead { tr {
                    th { (language.pick("Teil", "Part")) } th { (language.pick("Stand", "Status")) } th { (language.pick("Fortschritt", "Progress")) }
                    th class="number" { (language.pick("Konten", "Accounts")) } th class="number" { (language.pick("Entwürfe", "Drafts")) }
                    th class="number" { (language.pick("Ausgestellt", "Issued")) } th class="number" { (language.pick("Ohne Betrag", "Nothing to bill")) }
                    th class="number" { (language.pick("Angehalten", "Held")) }
                } }
                tbody { @for (index, part) in shown.parts.iter().enumerate() {
                    @let accounts = shown.run.accounts_of(index);
                    tr {
                        td { (index + 1) } td { (phase(part, language)) } td { (bar(part.permille(accounts), language)) }
                        td class="number" { (part.accounts) " / " (accounts.max(part.accounts)) }
                        td class="number" { (part.drafts()) } td class="number" { (part.invoices()) }
                        td class="number" { (part.nothing) } td class="number" { (part.held.max(0)) }
                    }
                } }
            } }
        }
    }
}

/// A bar with its percentage beside it, for whoever does not see bars.
pub(super) fn bar(permille: u64, language: Language) -> Markup {
    let percent = format!("{}{}", permille / 10, language.pick(" %", "%"));
    html! { progress max="1000" value=(permille) { (percent) } " " (percent) }
}

fn phase(part: &Shard, language: Language) -> &'static str {
    match part.phase {
        Phase::Drafting => language.pick("bewertet Konten", "evaluating accounts"),
        Phase::Drafted => language.pick("wartet auf die Nummern", "waiting for numbers"),
        Phase::Numbered => language.pick("stellt Rechnungen aus", "issuing invoices"),
        Phase::Done => language.pick("fertig", "done"),
    }
}

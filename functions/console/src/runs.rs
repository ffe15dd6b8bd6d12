//! `GET /console/runs`: progress of the last runs, for the operator.

use domain::calendar::{Day, Month};
use domain::ids::AccountId;
use domain::language::Language;
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::error::Error;
use platform::table::runs::{COUNT, INVOICE, Phase, Run};

use crate::frame::signed_page;
use crate::{Console, Signed};

/// Runs shown of each kind.
const SHOWN: i32 = 12;

#[derive(Default)]
struct Progress {
    parts_done: u16,
    drafted: u64,
    nothing: u64,
    held: Vec<(AccountId, String)>,
}

impl Console {
    pub(crate) async fn runs(&self, signed: &Signed<'_>) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let language = signed.language;
        let mut invoice_runs = Vec::new();
        for run in self.table.last_runs(INVOICE, SHOWN).await? {
            let month = Month::parse(&run.period).map_err(|error| Error::corrupt("run", error))?;
            let mut progress = Progress::default();
            for index in 0..run.shards {
                let shard = self.table.shard(month, index).await?;
                progress.parts_done += u16::from(shard.phase == Phase::Done);
                progress.drafted += shard.drafted + shard.settled;
                progress.nothing += shard.nothing;
                progress.held.extend(shard.held);
            }
            invoice_runs.push((run, language.month(month), progress));
        }
        let counts = self.table.last_runs(COUNT, SHOWN).await?;
        let title = language.pick("Abrechnungsläufe", "Runs");
        let content = html! {
            h1 { (title) }
            (invoice_table(&invoice_runs, language))
            (held_table(&invoice_runs, language))
            (count_table(&counts, language))
        };
        Ok(signed_page(signed, title, &content))
    }
}

fn invoice_table(runs: &[(Run, String, Progress)], language: Language) -> Markup {
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
                tbody { @for (run, month, progress) in runs { tr {
                    td { (month) } td { (short_date(&run.issued_on, language)) }
                    td class="number" { (progress.drafted) } td class="number" { (progress.nothing) }
                    td class="number" { (progress.held.len()) }
                    td {
                        @if progress.parts_done == run.shards { span class="tag good" { (language.pick("fertig", "done")) } }
                        @else { span class="tag note" { (progress.parts_done) " / " (run.shards) } }
                    }
                } } }
            } } }
        }
    }
}

/// Accounts whose invoice is held, and why (G7).
fn held_table(runs: &[(Run, String, Progress)], language: Language) -> Markup {
    if runs.iter().all(|(_, _, progress)| progress.held.is_empty()) {
        return html! {};
    }
    html! {
        div class="card" {
            h2 { (language.pick("Angehaltene Rechnungen", "Held invoices")) }
            p class="hint" { (language.pick(
                "Ist die Ursache behoben, bewertet der nächste Rechnungslauf diese Konten neu.",
                "Once the cause is mended, the next invoice run evaluates these accounts again.")) }
            div class="scroll" { table {
                thead { tr { th { (language.pick("Monat", "Month")) } th { (language.pick("Konto", "Account")) } th { (language.pick("Grund", "Reason")) } } }
                tbody { @for (_, month, progress) in runs { @for (account, reason) in &progress.held {
                    tr { td { (month) } td { (account) } td { (reason) } }
                } } }
            } }
        }
    }
}

fn count_table(runs: &[Run], language: Language) -> Markup {
    html! {
        div class="card" {
            h2 { (language.pick("Tägliche Zählung", "Daily count")) }
            @if runs.is_empty() { p class="empty" { (language.pick("Noch kein Lauf.", "No run yet.")) } }
            @else { div class="scroll" { table {
                thead { tr { th { (language.pick("Bis einschließlich", "Up to and including")) } th { (language.pick("Gestartet", "Started")) } th class="number" { (language.pick("Nutzungstage gezählt", "Usage days counted")) } } }
                tbody { @for run in runs { tr { td { (short_date(&run.period, language)) } td { (started(&run.started_at, language)) } td class="number" { (run.moved) } } } }
            } } }
        }
    }
}

fn short_date(text: &str, language: Language) -> String {
    Day::parse(text).map_or_else(|_| text.to_owned(), |day| language.short_date(day))
}

fn started(text: &str, language: Language) -> String {
    text.parse().map_or_else(|_| text.to_owned(), |instant| language.date_time(instant))
}

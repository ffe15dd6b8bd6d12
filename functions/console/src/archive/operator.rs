//! `/console/archive`: the checks of the archive and the exports for auditors, for the operator.

use domain::calendar::{Day, Month};
use domain::ids::AccountId;
use domain::invoice::InvoiceNumber;
use domain::language::Language;
use domain::problem::{FieldProblem, Problem};
use http::{HeaderValue, Response, header};
use lambda_http::Body;
use maud::{Markup, html};
use platform::entropy;
use platform::error::Error;
use platform::http::{field, see_other};
use platform::table::archive::FoundFault;
use platform::table::checks::Check;
use platform::table::exports::{Export, file_key};

use crate::fields::{Form, filled, form_token};
use crate::frame::signed_reply;
use crate::{Console, Signed};

/// Checks and exports shown.
const SHOWN: i32 = 12;
/// Seconds after which a page with something under way is loaded again.
const REFRESH: &str = "3";

impl Console {
    pub(crate) async fn archives(&self, signed: &Signed<'_>) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let year = Day::of(self.clock.now()).month().previous().year().to_string();
        self.show_archives(signed, &filled([("year", &year), ("account", "")]), &[]).await
    }

    async fn show_archives(
        &self,
        signed: &Signed<'_>,
        values: &[(String, String)],
        problems: &[FieldProblem],
    ) -> Result<Response<Body>, Error> {
        let language = signed.language;
        let (checks, exports) = (self.table.checks(SHOWN).await?, self.table.exports(SHOWN).await?);
        let mut faults = Vec::new();
        // The last check that is done says how the archive is; what an older one found may be mended.
        if let Some(check) = checks.iter().find(|check| check.faults > 0 || check.done_at.is_some()) {
            faults = self.table.faults(&check.id).await?;
        }
        let form = Form { values, problems, language };
        let title = language.pick("Archiv", "Archive");
        let content = html! {
            h1 { (title) }
            p class="lead" { (language.pick(
                "Jedes Dokument wird einmal abgelegt, mit seiner Prüfsumme verzeichnet und jeden Monat damit verglichen.",
                "Every document is stored once, recorded with its checksum, and compared with it every month.")) }
            (faults_card(&faults, language))
            (checks_card(signed, &checks))
            (exports_card(signed, &exports))
            (export_form(signed, &form))
        };
        let mut response = signed_reply(form.status(), signed, title, &content);
        let under_way =
            checks.iter().any(|check| check.done_at.is_none()) || exports.iter().any(|one| one.done_at.is_none());
        // What is typed into the form must not be lost by it.
        if under_way && problems.is_empty() {
            response.headers_mut().insert(header::REFRESH, HeaderValue::from_static(REFRESH));
        }
        Ok(response)
    }

    /// Starts a check or goes on with one that stands still.
    pub(crate) async fn start_check(
        &self,
        signed: &Signed<'_>,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let now = self.clock.now();
        let id = match field(fields, "check") {
            "" => self.table.start_check(&now.format("%Y-%m-%dT%H%M%SZ").to_string(), now).await?.id,
            known => self.table.check(known).await?.id,
        };
        self.go_on(&format!(r#"{{"check":"{id}"}}"#)).await?;
        Ok(back(signed.language))
    }

    /// Starts an export or goes on with one that stands still.
    pub(crate) async fn start_export(
        &self,
        signed: &Signed<'_>,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let now = self.clock.now();
        let id = match field(fields, "export") {
            "" => {
                let (year, account, expected) = match self.asked(fields).await? {
                    Ok(asked) => asked,
                    Err(problems) => return self.show_archives(signed, fields, &problems).await,
                };
                let id = format!("{}-{}", now.format("%Y%m%dT%H%M%SZ"), entropy::hex::<4>()?);
                self.table.start_export(&Export::starting(id.clone(), year, account, expected, now)).await?;
                id
            }
            known => self.table.export(known).await?.id,
        };
        self.go_on(&format!(r#"{{"export":"{id}"}}"#)).await?;
        Ok(back(signed.language))
    }

    /// What the form asks for: year, account, and how many invoices that will be; or all that is wrong with it.
    async fn asked(
        &self,
        fields: &[(String, String)],
    ) -> Result<Result<(i32, Option<AccountId>, u64), Vec<FieldProblem>>, Error> {
        let mut problems = Vec::new();
        let this_year = Day::of(self.clock.now()).month().year();
        let year = field(fields, "year").trim().parse::<i32>().ok().filter(|year| (2000..=this_year).contains(year));
        if year.is_none() {
            problems.push(FieldProblem::new("year", Problem::NotAllowed { expected: format!("2000 – {this_year}") }));
        }
        let typed = field(fields, "account").trim();
        let mut account = None;
        if !typed.is_empty() {
            account = self.known_account(typed).await?;
            if account.is_none() {
                problems.push(FieldProblem::new("account", Problem::NotAllowed { expected: "acc_…".to_owned() }));
            }
        }
        let (Some(year), true) = (year, problems.is_empty()) else { return Ok(Err(problems)) };
        let expected = match &account {
            Some(account) => self.table.invoices_of_year(account, year).await?.len() as u64,
            None => self.invoices_issued(year).await?,
        };
        Ok(Ok((year, account, expected)))
    }

    async fn known_account(&self, text: &str) -> Result<Option<AccountId>, Error> {
        let Ok(id) = AccountId::parse(text) else { return Ok(None) };
        match self.table.account(&id).await {
            Ok(_) => Ok(Some(id)),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// How many numbers were taken in a year by the operator, which is how many invoices there are about.
    async fn invoices_issued(&self, year: i32) -> Result<u64, Error> {
        match self.table.operator().await {
            Ok(operator) => {
                let next = self.table.series_next(&InvoiceNumber::series_of(&operator, year)).await?;
                Ok(next.saturating_sub(1))
            }
            Err(Error::NotYet(_)) => Ok(0),
            Err(error) => Err(error),
        }
    }

    async fn go_on(&self, message: &str) -> Result<(), Error> {
        self.archive_queue.send(&[message.to_owned()]).await
    }

    /// Leads to a file of an export. It may be larger than what a function can reply with, so the store itself gives it
    /// out, at an address that works for a quarter of an hour.
    pub(crate) async fn export_file(&self, signed: &Signed<'_>, id: &str, name: &str) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let export = self.table.export(id).await?;
        if !export.files.iter().any(|(known, _)| known == name) {
            return Err(Error::NotFound("file"));
        }
        let download = format!("archiv-{}-{name}", export.year);
        Ok(see_other(&self.exports.address(&file_key(id, name), &download).await?))
    }
}

fn back(language: Language) -> Response<Body> {
    see_other(&format!("/console/archive?lang={}", language.code()))
}

fn faults_card(faults: &[FoundFault], language: Language) -> Markup {
    html! {
        @if !faults.is_empty() {
            div class="card" {
                h2 { (language.pick("Dokumente, die nicht stimmen", "Documents that are not right")) " " span class="tag bad" { (faults.len()) } }
                p { (language.pick(
                    "Stellen Sie diese Dokumente aus der ersten Version des Speichers oder einer Sicherung wieder her. docs/operations.md sagt, wie.",
                    "Restore these documents from the first version in the store or from a backup. docs/operations.md says how.")) }
                div class="scroll" { table {
                    thead { tr { th { (language.pick("Rechnung", "Invoice")) } th { (language.pick("Konto", "Account")) } th { (language.pick("Dokument", "Document")) } th { (language.pick("Befund", "Finding")) } } }
                    tbody { @for fault in faults { tr {
                        td { a href={ "/console/invoices/" (fault.account) "/" (fault.invoice) "?lang=" (language.code()) } { (fault.number) } }
                        td { (fault.account) } td { code { (fault.document) } }
                        td { @if fault.fault == "missing" { (language.pick("fehlt", "missing")) } @else { (language.pick("Inhalt weicht ab", "content differs")) } }
                    } } }
                } }
            }
        }
    }
}

fn checks_card(signed: &Signed<'_>, checks: &[Check]) -> Markup {
    let language = signed.language;
    html! {
        div class="card" {
            h2 { (language.pick("Prüfungen", "Checks")) }
            @if checks.is_empty() { p class="empty" { (language.pick("Noch keine Prüfung. Am zweiten Tag jedes Monats beginnt eine von selbst.", "No check yet. One begins by itself on the second day of each month.")) } }
            @else { div class="scroll" { table {
                thead { tr {
                    th { (language.pick("Prüfung", "Check")) } th { (language.pick("Gestartet", "Started")) }
                    th class="number" { (language.pick("Dokumente", "Documents")) } th class="number" { (language.pick("Fehler", "Faults")) } th { (language.pick("Stand", "State")) }
                } }
                tbody { @for check in checks { tr {
                    td { (name(&check.id, language)) } td { (moment(&check.started_at, language)) }
                    td class="number" { (check.documents) }
                    td class="number" { @if check.faults > 0 { span class="tag bad" { (check.faults) } } @else { "0" } }
                    td { @if check.done_at.is_some() { span class="tag good" { (language.pick("fertig", "done")) } } @else {
                        span class="tag note" { (language.pick("Jahrgang ", "year ")) (check.year) }
                        (again(signed, "/console/archive/check", ("check", &check.id)))
                    } }
                } } }
            } } }
            form method="post" action={ "/console/archive/check?lang=" (language.code()) } {
                (form_token(signed))
                button class="quiet" type="submit" { (language.pick("Jetzt prüfen", "Check now")) }
            }
        }
    }
}

fn exports_card(signed: &Signed<'_>, exports: &[Export]) -> Markup {
    let language = signed.language;
    html! {
        @for export in exports {
            div class="card" {
                h2 { (language.pick("Export ", "Export ")) (export.year) @match &export.account { Some(account) => { " · " (account) }, None => { " · " (language.pick("alle Konten", "all accounts")) } } }
                p class="hint" { (moment(&export.started_at, language)) " · " (export.totals.invoices) " " (language.pick("Rechnungen", "invoices")) " · " (language.pick("netto ", "net ")) (language.money(export.totals.net)) " · " (language.pick("brutto ", "gross ")) (language.money(export.totals.gross)) }
                @if export.done_at.is_none() {
                    p { label { (language.pick("Wird gepackt: ", "Being packed: ")) (export.totals.invoices) " / " (export.expected.max(export.totals.invoices)) " "
                        progress value=(export.totals.invoices) max=(export.expected.max(export.totals.invoices).max(1)) {}
                    } }
                    (again(signed, "/console/archive/export", ("export", &export.id)))
                } @else {
                    @if export.faults > 0 { p { span class="tag bad" { (export.faults) } " " (language.pick("Dokumente fehlen oder weichen ab; belege.csv nennt sie.", "documents are missing or differ; belege.csv names them.")) } }
                    ul { @for (file, size) in export.files.iter().rev() {
                        li { a href={ "/console/archive/exports/" (export.id) "/" (file) } { (file) } " " span class="hint" { (kilobytes(*size)) } }
                    } }
                    p class="hint" { (language.pick("Die Dateien werden sieben Tage nach dem Start gelöscht.", "The files are deleted seven days after the start.")) }
                }
            }
        }
    }
}

fn export_form(signed: &Signed<'_>, form: &Form<'_>) -> Markup {
    let language = signed.language;
    html! {
        form class="card" method="post" action={ "/console/archive/export?lang=" (language.code()) } novalidate {
            h2 { (language.pick("Export für eine Prüfung", "Export for an auditor")) }
            p { (language.pick(
                "Alle Rechnungen eines Jahres: ein Verzeichnis als Tabellen mit Beträgen, Summen und Prüfsummen, und alle Dokumente unverändert.",
                "All invoices of a year: an index as tables with amounts, sums and checksums, and all documents unchanged.")) }
            (form.refusal(language.pick("Es wurde nichts begonnen.", "Nothing has been started.")))
            (form_token(signed))
            (form.input("year", language.pick("Jahr der Ausstellung", "Year of issue"), "number", ""))
            (form.input("account", language.pick("Kundennummer", "Customer number"), "text", language.pick("leer: alle Konten", "empty: all accounts")))
            button type="submit" { (language.pick("Export beginnen", "Start the export")) }
        }
    }
}

/// Goes on with what stands still, for example because it ended in the dead letters.
fn again(signed: &Signed<'_>, action: &str, (name, id): (&str, &str)) -> Markup {
    let language = signed.language;
    html! {
        form method="post" action={ (action) "?lang=" (language.code()) } {
            (form_token(signed))
            input type="hidden" name=(name) value=(id);
            button class="quiet" type="submit" { (language.pick("Steht es still? Weitermachen", "Does it stand still? Go on")) }
        }
    }
}

/// A check of a month by its name, another one as it is.
fn name(id: &str, language: Language) -> String {
    Month::parse(id).map_or_else(|_| language.pick("von Hand", "by hand").to_owned(), |month| language.month(month))
}

fn moment(text: &str, language: Language) -> String {
    text.parse().map_or_else(|_| text.to_owned(), |instant| language.date_time(instant))
}

fn kilobytes(size: u64) -> String {
    format!("{} KB", size.div_ceil(1_000))
}

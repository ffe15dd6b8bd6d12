//! The archive of invoices: for a customer its documents by the year, for the operator checks and exports.

mod operator;

use domain::calendar::Day;
use domain::ids::{AccountId, InvoiceId};
use domain::language::Language;
use futures::future::try_join_all;
use http::{HeaderValue, Response, StatusCode, header};
use lambda_http::Body;
use maud::{Markup, html};
use platform::error::Error;
use platform::http::{query, reply};
use platform::table::archive::{Archived, ArchivedDocument};
use platform::table::invoices::Standing;

use crate::frame::{mail_failure_tag, signed_page, standing_tag};
use crate::{Console, Signed};

/// Records read at the same time.
const AT_ONCE: usize = 25;

impl Console {
    /// Invoices of a year with their documents.
    pub(crate) async fn archive(&self, signed: &Signed<'_>, account: &AccountId) -> Result<Response<Body>, Error> {
        let language = signed.language;
        let today = Day::of(self.clock.now());
        let details = self.table.account(account).await?;
        let all = self.table.invoices(account).await?;
        let mut years: Vec<i32> = all.iter().map(|standing| standing.invoice.issued_on.month().year()).collect();
        years.dedup();
        let asked = query(signed.request, "year").and_then(|year| year.parse().ok());
        let year = asked.or_else(|| years.first().copied()).unwrap_or_else(|| today.month().year());
        let shown: Vec<&Standing> =
            all.iter().filter(|standing| standing.invoice.issued_on.month().year() == year).collect();
        let mut rows = Vec::new();
        for some in shown.chunks(AT_ONCE) {
            let records = try_join_all(some.iter().map(|standing| self.table.archived(&standing.invoice))).await?;
            rows.extend(some.iter().copied().zip(records));
        }
        let title = language.pick("Rechnungsarchiv", "Archive of invoices");
        let content = html! {
            h1 { (title) " " (year) }
            p class="lead" { (details.name) " · " (language.pick(
                "Jede Rechnung bleibt acht Jahre unverändert abrufbar.",
                "Every invoice stays here unchanged for eight years.")) }
            @if years.len() > 1 { p { @for other in &years {
                a href={ "/console/archive/" (account) "?year=" (other) "&lang=" (language.code()) } aria-current=[(*other == year).then_some("page")] { (other) } " "
            } } }
            div class="card" {
                @if rows.is_empty() { p class="empty" { (language.pick("In diesem Jahr gibt es keine Rechnung.", "There is no invoice in this year.")) } }
                @else { (table(account, &rows, today, language)) }
            }
        };
        Ok(signed_page(signed, title, &content))
    }

    /// A document of an invoice, as it is stored.
    pub(crate) async fn document(
        &self,
        account: &AccountId,
        invoice: &str,
        index: &str,
    ) -> Result<Response<Body>, Error> {
        let id = InvoiceId::parse(invoice).map_err(|_| Error::NotFound("invoice"))?;
        let standing = self.table.invoice(account, &id).await?;
        let archived = self.table.archived(&standing.invoice).await?.ok_or(Error::NotFound("document"))?;
        let index: usize = index.parse().map_err(|_| Error::NotFound("document"))?;
        let document = archived.documents.get(index).ok_or(Error::NotFound("document"))?;
        let bytes = self.objects.get(&document.key).await?.ok_or(Error::NotFound("document"))?;
        let content_type =
            if document.content_type == "application/xml" { "application/xml" } else { "application/pdf" };
        let mut response = reply(StatusCode::OK, content_type, bytes);
        if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{}\"", ascii(&document.name))) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
        }
        Ok(response)
    }
}

/// A name in the characters that every browser takes in this header.
fn ascii(name: &str) -> String {
    let kept = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
    name.chars().map(|character| if kept(character) { character } else { '-' }).collect()
}

fn table(account: &AccountId, rows: &[(&Standing, Option<Archived>)], today: Day, language: Language) -> Markup {
    html! {
        div class="scroll" { table {
            thead { tr {
                th { (language.pick("Nummer", "Number")) } th { (language.pick("Datum", "Date")) }
                th class="number" { (language.pick("Betrag", "Amount")) } th { (language.pick("Stand", "State")) }
                th { (language.pick("Dokumente", "Documents")) }
            } }
            tbody { @for (standing, archived) in rows {
                @let invoice = &standing.invoice;
                tr {
                    td { a href={ "/console/invoices/" (account) "/" (invoice.id) "?lang=" (language.code()) } { (invoice.number) }
                        br; span class="hint" { (invoice.draft.kind.title().get(language)) } }
                    td { (language.short_date(invoice.issued_on)) }
                    td class="number" { (language.money(invoice.draft.totals.gross)) }
                    td { (standing_tag(standing, today, language)) " " (mail_failure_tag(standing.mail_failure, language)) }
                    td { (documents(account, &invoice.id, archived.as_ref(), language)) }
                }
            } }
        } }
    }
}

/// Links to the documents of an invoice, with their fingerprints behind a click.
pub(crate) fn documents(
    account: &AccountId,
    invoice: &InvoiceId,
    archived: Option<&Archived>,
    language: Language,
) -> Markup {
    let Some(archived) = archived else {
        return html! { span class="hint" { (language.pick("wird erstellt", "is being made")) } };
    };
    html! {
        @for (index, document) in archived.documents.iter().enumerate() {
            a href={ "/console/archive/" (account) "/" (invoice) "/" (index) } { (kind(document)) } " "
        }
        details {
            summary { (language.pick("Prüfsummen", "Checksums")) }
            @for document in &archived.documents {
                p class="hint" {
                    (document.name) " · " (document.fingerprint.size) " " (language.pick("Bytes", "bytes"))
                    br; "SHA-256 " code { (document.fingerprint.sha256) }
                }
            }
        }
    }
}

fn kind(document: &ArchivedDocument) -> &'static str {
    if document.content_type == "application/xml" { "XML" } else { "PDF" }
}

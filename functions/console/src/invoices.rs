//! Invoices: what is on them, the usage days behind each line (G5), and their PDF; written by hand, and taken back.

mod cancel;
mod entry;
mod form;
pub(crate) mod list;
mod payment;
mod sheet;

pub(crate) use entry::FORM_LIMIT;
pub(crate) use sheet::lines;

use domain::calendar::Day;
use domain::catalog::meter::Aggregation;
use domain::collection::Collection;
use domain::ids::{AccountId, InvoiceId};
use domain::invoice::{Invoice, InvoiceKind, Line};
use domain::language::Language;
use domain::payment::PaymentState;
use domain::usage::Counts;
use http::{HeaderValue, Response, StatusCode, header};
use lambda_http::Body;
use maud::{Markup, html};
use platform::error::Error;
use platform::http::{query, reply};
use platform::page::banner;
use platform::table::invoices::{Standing, document_key};
use platform::table::usage::behind::UsageDay;
use rust_decimal::Decimal;

use crate::fields::form_token;
use crate::frame::{mail_failure_tag, signed_page, standing_tag};
use crate::{Console, Signed, archive, resend};

impl Console {
    pub(crate) async fn invoice(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        invoice: &str,
    ) -> Result<Response<Body>, Error> {
        let language = signed.language;
        let id = InvoiceId::parse(invoice).map_err(|_| Error::NotFound("invoice"))?;
        let standing = self.table.invoice(account, &id).await?;
        let invoice = &standing.invoice;
        let archived = self.table.archived(invoice).await?;
        let traces = self.traces(invoice, language).await?;
        let word = invoice.draft.kind.title();
        let title = format!("{} {}", word.get(language), invoice.number);
        let today = Day::of(self.clock.now());
        let token = self.links.invoice(account, &id, standing.link_generation, today.next());
        let pay = format!("/pay/{token}?lang={}", language.code());
        let (others, settled) = (self.table.invoices(account).await?, self.table.is_settled(&standing).await?);
        let content = html! {
            (resend::said(signed))
            h1 { (word.get(language)) " " span class="nowrap" { (invoice.number) } " " (standing_tag(&standing, today, language)) " " (mail_failure_tag(standing.mail_failure, language)) }
            p class="lead" {
                (language.date(invoice.issued_on)) " · "
                @match invoice.collection() {
                    Collection::Transfer => { (language.pick("fällig am ", "due on ")) (language.date(standing.due_on())) " · " }
                    Collection::DirectDebit { on, .. } => { (language.pick("Einzug am ", "collected on ")) (language.date(on)) " · " }
                    Collection::Settled | Collection::Refund => {}
                }
                (invoice.draft.buyer.name)
            }
            @if query(signed.request, "issued").is_some() {
                (banner("good", &html! { p { (language.pick("Ausgestellt. Die E-Mail mit dem PDF ist unterwegs.", "Issued. The mail with the PDF is on its way.")) } }))
            }
            @if query(signed.request, "uncorrectable").is_some() {
                (banner("note", &html! { p { (language.pick(
                    "Diese Rechnung lässt sich nicht mehr als Korrektur vorbereiten: Anzahlung und Schlussrechnung passten dann nicht mehr zusammen. Schreiben Sie eine neue Rechnung.",
                    "No correction can be prepared of this invoice any longer: the down payment and the final invoice would no longer add up. Please write a new invoice.")) } }))
            }
            @if query(signed.request, "booked").is_some() {
                (banner("good", &html! { p { (booked(&standing, language)) } }))
            }
            (references(account, &standing, &others, language))
            div class="actions" {
                a class="button" href={ "/console/invoices/" (account) "/" (id) "/pdf" } { (language.pick("PDF öffnen", "Open PDF")) }
                @if standing.is_payable_online() {
                    a class="button quiet" href=(pay) { (language.pick("Online bezahlen", "Pay online")) }
                }
                @if signed.access.operator && asks_for_money(invoice) {
                    a class="button quiet" href={ "/console/invoices/" (account) "/" (id) "/payment?lang=" (language.code()) } { (language.pick("Zahlungseingang buchen", "Enter a payment")) }
                }
                @if signed.access.operator && standing.cancelled_by.is_none() && invoice.draft.kind != InvoiceKind::Cancellation {
                    a class="button quiet" href={ "/console/invoices/" (account) "/" (id) "/cancel?lang=" (language.code()) } { (language.pick("Stornieren", "Cancel")) }
                }
            }
            @if signed.access.operator && standing.cancelled_by.is_some() && !settled { (correct_button(signed, account, &id)) }
            div class="card" { (sheet::lines(&invoice.draft, language)) @if let Some(note) = &invoice.draft.note { p { (note) } } }
            @if !traces.is_empty() { h2 { (language.pick("Woraus sich die Mengen ergeben", "Where the quantities come from")) } }
            @for trace in &traces { (trace) }
            div class="card" {
                h2 { (language.pick("Dokumente", "Documents")) }
                (archive::documents(account, &id, archived.as_ref(), language))
            }
            (resend::card(signed, account, &standing))
            p { a href={ "/console/invoices/" (account) "?lang=" (language.code()) } { (language.pick("Alle Rechnungen des Kontos", "All invoices of the account")) } }
        };
        Ok(signed_page(signed, &title, &content))
    }

    /// Where the quantities of each line come from. What a cancellation takes back stands with the invoice it cancels.
    async fn traces(&self, invoice: &Invoice, language: Language) -> Result<Vec<Markup>, Error> {
        let mut traces = Vec::new();
        if invoice.draft.kind == InvoiceKind::Cancellation {
            return Ok(traces);
        }
        let behind = self.table.behind(invoice).await?;
        for line in &invoice.draft.lines {
            if let Some(event) = &line.provenance.event {
                let account = &invoice.draft.buyer.id;
                let days = self.table.usage_days(account, event, line.first_day, line.last_day).await?;
                traces.push(trace(line, &days, language));
            } else if line.provenance.is_from_price_list() {
                let aggregation = self.table.aggregation(line).await?;
                traces.push(source(line, &behind.days(line), aggregation, language));
            }
        }
        Ok(traces)
    }

    pub(crate) async fn pdf(&self, account: &AccountId, invoice: &str) -> Result<Response<Body>, Error> {
        let id = InvoiceId::parse(invoice).map_err(|_| Error::NotFound("invoice"))?;
        let standing = self.table.invoice(account, &id).await?;
        let document = self.objects.get(&document_key(account, &id)).await?;
        let bytes = document.ok_or_else(|| Error::NotYet("the document is being made".to_owned()))?;
        let mut response = reply(StatusCode::OK, "application/pdf", bytes);
        let name = format!("inline; filename=\"{}.pdf\"", standing.invoice.number);
        if let Ok(value) = HeaderValue::from_str(&name) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
        }
        // The browser's own viewer shows the document; the policy of pages would keep it from doing so.
        response.headers_mut().remove(header::CONTENT_SECURITY_POLICY);
        Ok(response)
    }
}

/// Whether money can arrive for an invoice, late or by mistake included.
fn asks_for_money(invoice: &Invoice) -> bool {
    invoice.draft.due().amount() > Decimal::ZERO
}

/// What an invoice comes to after a payment was entered.
fn booked(standing: &Standing, language: Language) -> String {
    let open = language.money(standing.open());
    match standing.payment() {
        PaymentState::Open | PaymentState::PartlyPaid => {
            language.pick(format!("Gebucht. Offen sind noch {open}."), format!("Entered. {open} is still open."))
        }
        _ => language.pick("Gebucht. Es ist nichts mehr offen.", "Entered. Nothing is open any longer.").to_owned(),
    }
}

/// Invoices that this one names, and those that name it, each as a link.
fn references(account: &AccountId, standing: &Standing, others: &[Standing], language: Language) -> Markup {
    let invoice = &standing.invoice;
    let named =
        others.iter().filter(|other| invoice.draft.references.iter().any(|one| one.invoice == other.invoice.id));
    let naming =
        others.iter().filter(|other| other.invoice.draft.references.iter().any(|one| one.invoice == invoice.id));
    let facts: Vec<(&str, &Standing)> = named
        .map(|other| (language.pick("Bezieht sich auf", "Refers to"), other))
        .chain(naming.map(|other| (language.pick("Darauf bezieht sich", "Referred to by"), other)))
        .collect();
    html! {
        @if !facts.is_empty() {
            dl class="facts" { @for (label, other) in facts {
                dt { (label) }
                dd { a href={ "/console/invoices/" (account) "/" (other.invoice.id) "?lang=" (language.code()) } {
                    (other.invoice.draft.kind.title().get(language)) " " (other.invoice.number)
                } }
            } }
        }
    }
}

/// The button that prepares what stands in for a cancelled invoice.
fn correct_button(signed: &Signed<'_>, account: &AccountId, invoice: &InvoiceId) -> Markup {
    let language = signed.language;
    html! {
        form class="actions" method="post" action={ "/console/invoices/" (account) "/" (invoice) "/correct?lang=" (language.code()) } {
            (form_token(signed))
            button class="quiet" type="submit" { (language.pick("Rechnungskorrektur vorbereiten", "Prepare a corrected invoice")) }
        }
    }
}

/// What a line is for and where its price comes from (G5).
fn origin(line: &Line, language: Language) -> Markup {
    let provenance = &line.provenance;
    html! {
        p { b { (line.text.get(language)) } }
        p class="hint" {
            (language.pick("Preisliste ", "Price list ")) (provenance.plan) " · " (language.pick("Preis ", "price ")) (provenance.price) " · "
            @match provenance.rule.as_str() {
                "sample" => (language.pick("Beispielpreis", "sample price")),
                rule => { (language.pick("Regel ", "rule ")) (rule) },
            }
            @if let Some(meter) = &provenance.meter { " · " (language.pick("Zähler ", "meter ")) (meter) }
            " · " (language.date(line.first_day)) " – " (language.date(line.last_day))
        }
    }
}

/// Where a line comes from that is not charged event by event.
fn source(line: &Line, days: &[UsageDay], aggregation: Aggregation, language: Language) -> Markup {
    let quantities = || days.iter().map(|one| one.quantity);
    let result = match aggregation {
        Aggregation::Sum | Aggregation::Unique => Some((language.pick("Summe", "Total"), quantities().sum())),
        Aggregation::Max => {
            quantities().max().map(|highest| (language.pick("Höchster Wert", "Highest value"), highest))
        }
        Aggregation::Last => quantities().next_back().map(|last| (language.pick("Letzter Wert", "Last value"), last)),
        // It counts days on which nothing changed, too: the quantity of the line.
        Aggregation::Mean => Some((language.pick("Mittelwert", "Mean"), line.quantity)),
    };
    html! {
        div class="card" {
            (origin(line, language))
            @if !days.is_empty() { div class="scroll" { table {
                thead { tr { th { (language.pick("Tag", "Day")) } th class="number" { (language.pick("Gezählt", "Counted")) } } }
                tbody {
                    @for one in days { tr {
                        td { (language.date(one.day)) } td class="number" { (language.number(one.quantity)) }
                    } }
                    @if let Some((label, result)) = result { tr {
                        td { b { (label) } } td class="number" { b { (language.number(result)) } }
                    } }
                }
            } } }
        }
    }
}

fn trace(line: &Line, days: &[(Day, Counts)], language: Language) -> Markup {
    let sum = days.iter().fold(Counts::default(), |sum, (_, counts)| sum.plus(*counts));
    html! {
        div class="card" {
            (origin(line, language))
            div class="scroll" { table {
                thead { tr {
                    th { (language.pick("Tag", "Day")) } th class="number" { (language.pick("Zusagen", "Accepted")) }
                    th class="number" { (language.pick("Absagen", "Declined")) } th class="number" { (language.pick("Rückmeldungen", "Responses")) }
                } }
                tbody {
                    @for (day, counts) in days { tr {
                        td { (language.date(*day)) } td class="number" { (counts.accepted) }
                        td class="number" { (counts.declined) } td class="number" { (counts.responses) }
                    } }
                    tr {
                        td { b { (language.pick("Summe", "Total")) } } td class="number" { b { (sum.accepted) } }
                        td class="number" { b { (sum.declined) } } td class="number" { b { (sum.responses) } }
                    }
                }
            } }
        }
    }
}

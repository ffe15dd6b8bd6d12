//! Cancelling an issued invoice, and preparing the one that stands in for it, for the operator (I2).

use domain::calendar::Day;
use domain::cancellation::{Refusal, cancel, correction};
use domain::ids::{AccountId, InvoiceId};
use domain::invoice::{Invoice, InvoiceKind};
use domain::problem::{FieldProblem, Problem, line};
use http::Response;
use lambda_http::Body;
use maud::html;
use platform::error::Error;
use platform::http::{field, see_other};
use platform::page::banner;
use platform::table::cancellations::Cancelled;
use platform::table::invoices::Standing;
use platform::table::manual::{CORRECTION, Kept};
use platform::table::singles::derived_id;

use super::sheet::{Sheet, sheet};
use crate::fields::{Form, form_token};
use crate::frame::signed_reply;
use crate::{Console, Signed};

/// Longest reason, in characters.
const REASON_LENGTH: usize = 200;

impl Console {
    /// `GET /console/invoices/{account}/{invoice}/cancel`.
    pub(crate) async fn cancel_form(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        invoice: &str,
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let standing = self.table.invoice(account, &id(invoice)?).await?;
        self.show_cancel(signed, &standing, &[], &[], None).await
    }

    /// `POST /console/invoices/{account}/{invoice}/cancel`: shows the cancellation, then issues it.
    pub(crate) async fn cancel_invoice(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        invoice: &str,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let (id, now) = (id(invoice)?, self.clock.now());
        let standing = self.table.invoice(account, &id).await?;
        if let Some(by) = &standing.cancelled_by {
            return Ok(see_other(&self.address(signed, account, by)));
        }
        let reason = match line(field(fields, "reason"), REASON_LENGTH) {
            Ok(reason) => reason,
            Err(problem) => {
                let problems = [FieldProblem::new("reason", problem)];
                return self.show_cancel(signed, &standing, fields, &problems, None).await;
            }
        };
        let seller = self.seller(standing.invoice.draft.issuer).await?;
        if field(fields, "action") != "cancel" {
            let draft = cancel(&standing.invoice, false, &reason, Day::of(now)).map_err(refused)?;
            let issued_on = Day::of(now);
            let shown = sheet(&Sheet { seller: &seller, draft: &draft, issued_on, due_on: issued_on }, signed.language);
            return self.show_cancel(signed, &standing, fields, &[], Some(shown)).await;
        }
        let by = match self.table.cancel_invoice((account, &id), &seller, &reason, now).await? {
            Cancelled::Now(cancellation) => cancellation.id,
            Cancelled::Before(by) => by,
            Cancelled::Refused(Refusal::Deducted) => {
                let problems = [FieldProblem::new("reason", Problem::Deducted)];
                return self.show_cancel(signed, &standing, fields, &problems, None).await;
            }
            Cancelled::Refused(refusal) => return Err(refused(refusal)),
        };
        Ok(see_other(&self.address(signed, account, &by)))
    }

    /// `POST /console/invoices/{account}/{invoice}/correct`: the draft of a correction, prepared once.
    pub(crate) async fn correct_invoice(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        invoice: &str,
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let standing = self.table.invoice(account, &id(invoice)?).await?;
        if standing.cancelled_by.is_none() {
            return Err(Error::NotFound("cancelled invoice"));
        }
        let id = derived_id(standing.invoice.id.as_str(), CORRECTION)?;
        let preview = format!("/console/invoices/{account}/drafts/{id}?lang={}", signed.language.code());
        if matches!(self.table.invoice(account, &id).await, Err(Error::NotFound(_))) {
            let kept = Kept::new(id, correction(&standing.invoice), Day::of(self.clock.now()));
            if !self.table.prepare_correction(&standing, &kept).await? {
                return Ok(see_other(&format!(
                    "/console/invoices/{account}/{}?uncorrectable=1&lang={}",
                    standing.invoice.id,
                    signed.language.code()
                )));
            }
        }
        Ok(see_other(&preview))
    }

    fn address(&self, signed: &Signed<'_>, account: &AccountId, invoice: &InvoiceId) -> String {
        format!("/console/invoices/{account}/{invoice}?issued=1&lang={}", signed.language.code())
    }

    async fn show_cancel(
        &self,
        signed: &Signed<'_>,
        standing: &Standing,
        values: &[(String, String)],
        problems: &[FieldProblem],
        shown: Option<maud::Markup>,
    ) -> Result<Response<Body>, Error> {
        let settled = self.table.is_settled(standing).await?;
        let language = signed.language;
        let form = Form { values, problems, language };
        let invoice = &standing.invoice;
        let title = language.pick("Rechnung stornieren", "Cancel an invoice");
        let content = html! {
            h1 { (title) }
            p class="lead" {
                (invoice.number) (language.pick(" vom ", " of ")) (language.date(invoice.issued_on)) " · " (language.money(invoice.draft.totals.gross)) " · " (invoice.draft.buyer.name)
            }
            (form.refusal(language.pick("Es wurde noch nichts storniert.", "Nothing has been cancelled yet.")))
            @if let Some(sentence) = warning(invoice, standing, settled, language) { (banner("note", &html! { p { (sentence) } })) }
            @if let Some(shown) = &shown { (shown) }
            @if standing.cancelled_by.is_none() && invoice.draft.kind != InvoiceKind::Cancellation {
                form class="card" method="post" action={ "/console/invoices/" (invoice.draft.buyer.id) "/" (invoice.id) "/cancel?lang=" (language.code()) } novalidate {
                    (form_token(signed))
                    (form.input("reason", language.pick("Grund", "Reason"), "text", language.pick(
                        "Er steht auf der Stornorechnung, in der Sprache des Kunden.", "It stands on the cancellation, in the customer's language.")))
                    div class="actions" {
                        button class=(if shown.is_some() { "quiet" } else { "" }) type="submit" name="action" value="preview" { (language.pick("Vorschau", "Preview")) }
                        @if shown.is_some() {
                            button class="danger" type="submit" name="action" value="cancel" { (language.pick("Stornorechnung ausstellen", "Issue the cancellation")) }
                        }
                    }
                }
            } @else {
                p { (match &standing.cancelled_by {
                    Some(_) => language.pick("Diese Rechnung ist schon storniert.", "This invoice is cancelled already."),
                    None => language.pick("Eine Stornorechnung lässt sich nicht stornieren.", "A cancellation cannot be cancelled itself."),
                }) }
                p { a href={ "/console/invoices/" (invoice.draft.buyer.id) "/" (standing.cancelled_by.as_ref().unwrap_or(&invoice.id)) "?lang=" (language.code()) } {
                    (language.pick("Stornorechnung ansehen", "See the cancellation"))
                } }
            }
        };
        Ok(signed_reply(form.status(), signed, title, &content))
    }
}

/// What follows from a cancellation that one may not expect.
fn warning(
    invoice: &Invoice,
    standing: &Standing,
    settled: bool,
    language: domain::language::Language,
) -> Option<String> {
    let mut sentences = Vec::new();
    if !standing.kept().is_zero() {
        let amount = language.money(standing.kept());
        sentences.push(language.pick(
            format!("Bezahlt sind {amount}. Dieser Betrag wird Guthaben des Kunden."),
            format!("{amount} have been paid. They become credit of the customer."),
        ));
    }
    if settled {
        sentences.push(
            language
                .pick(
                    "Die Rechnung über die ganze Leistung zieht diese Anzahlung ab und muss zuerst storniert werden.",
                    "The invoice for the whole deducts this down payment and has to be cancelled first.",
                )
                .to_owned(),
        );
    }
    if invoice.draft.kind == InvoiceKind::Monthly {
        sentences.push(
            language
                .pick(
                    "Der Monat gilt weiter als abgerechnet und kommt auf keine neue Monatsrechnung: Was stimmt, kommt von Hand auf die Rechnungskorrektur.",
                    "The month still counts as billed and comes on no new monthly invoice: what is right goes on the correction by hand.",
                )
                .to_owned(),
        );
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

pub(super) fn id(text: &str) -> Result<InvoiceId, Error> {
    InvoiceId::parse(text).map_err(|_| Error::NotFound("invoice"))
}

/// A refusal that no page leads to.
fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Already | Refusal::Cancellation | Refusal::Deducted => {
            Error::NotFound("invoice that can be cancelled")
        }
        Refusal::Amount(error) => Error::internal("cancellation", error),
    }
}

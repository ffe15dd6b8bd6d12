//! Money that arrived at the bank for an invoice, entered by the operator from its statement.

use domain::calendar::Day;
use domain::dunning::is_collected;
use domain::ids::{AccountId, InvoiceId};
use domain::money::Money;
use domain::payment::Received;
use domain::payment::form::PaymentForm;
use domain::problem::{FieldProblem, Problem};
use http::Response;
use lambda_http::Body;
use maud::html;
use platform::entropy;
use platform::error::Error;
use platform::http::{field, see_other};
use platform::table::invoices::Standing;
use platform::table::payments::Applied;

use super::asks_for_money;
use super::cancel::id;
use crate::fields::{Form, form_token};
use crate::frame::signed_reply;
use crate::numbers::plain;
use crate::{Console, Signed};

/// Length of the id a form has, in bytes; it is written as twice as many digits.
const ID_BYTES: usize = 12;

impl Console {
    /// `GET /console/invoices/{account}/{invoice}/payment`.
    pub(crate) async fn payment_form(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        invoice: &str,
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let standing = self.payable(account, &id(invoice)?).await?;
        let open = signed.language.pick(standing.open().plain().replace('.', ","), standing.open().plain());
        let values = [
            ("payment".to_owned(), entropy::hex::<ID_BYTES>()?),
            ("amount".to_owned(), if standing.is_unpaid() { open } else { String::new() }),
            ("received_on".to_owned(), Day::of(self.clock.now()).to_string()),
        ];
        Ok(show(signed, &standing, &values, &[]))
    }

    /// `POST /console/invoices/{account}/{invoice}/payment`: books it, once for each form.
    pub(crate) async fn enter_payment(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        invoice: &str,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let (id, now) = (id(invoice)?, self.clock.now());
        let standing = self.payable(account, &id).await?;
        let payment = field(fields, "payment");
        if payment.len() != 2 * ID_BYTES || !payment.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Error::Malformed("the form has no id of a payment".to_owned()));
        }
        let payment = payment.to_ascii_lowercase();
        let amount = plain(field(fields, "amount").trim().trim_end_matches('€'), signed.language);
        let form = PaymentForm { amount: &amount, received_on: field(fields, "received_on") };
        let booked = see_other(&format!("/console/invoices/{account}/{id}?booked=1&lang={}", signed.language.code()));
        // What a form books once: the same again is as good as booked, anything else is told.
        let known = |before: Option<(Money, Day)>| {
            before.map(|(amount, on)| match form.says(amount, on) {
                true => Ok(()),
                false => Err(vec![FieldProblem::new("amount", Problem::EnteredBefore { amount })]),
            })
        };
        let entered =
            match (known(self.table.transfer(account, &payment).await?), form.read(standing.kept(), Day::of(now))) {
                (Some(entered), _) => entered,
                (None, Err(problems)) => Err(problems),
                (None, Ok((amount, on))) => {
                    let received = Received { account: account.clone(), invoice: id, amount, payment };
                    let refused = match self.table.book_transfer(&received, on, now).await {
                        Ok(Applied::Booked) => return Ok(booked),
                        Ok(_) => Ok(()),
                        Err(Error::Invalid(problems)) => Err(problems),
                        Err(error) => return Err(error),
                    };
                    // The same form may have come at the same moment.
                    known(self.table.transfer(account, &received.payment).await?).unwrap_or(refused)
                }
            };
        Ok(match entered {
            Ok(()) => booked,
            Err(problems) => show(signed, &standing, fields, &problems),
        })
    }

    /// An invoice that money can arrive for.
    async fn payable(&self, account: &AccountId, invoice: &InvoiceId) -> Result<Standing, Error> {
        let standing = self.table.invoice(account, invoice).await?;
        if asks_for_money(&standing.invoice) {
            Ok(standing)
        } else {
            Err(Error::NotFound("invoice that asks for money"))
        }
    }
}

fn show(
    signed: &Signed<'_>,
    standing: &Standing,
    values: &[(String, String)],
    problems: &[FieldProblem],
) -> Response<Body> {
    let language = signed.language;
    let form = Form { values, problems, language };
    let invoice = &standing.invoice;
    let address = format!("/console/invoices/{}/{}", invoice.draft.buyer.id, invoice.id);
    let title = language.pick("Zahlungseingang buchen", "Enter a payment");
    let content = html! {
        h1 { (title) }
        p class="lead" { (invoice.number) " · " (invoice.draft.buyer.name) }
        (form.refusal(language.pick("Es wurde noch nichts gebucht.", "Nothing has been entered yet.")))
        div class="card" { dl class="facts" {
            dt { (language.pick("Zu zahlen", "To be paid")) } dd { (language.money(standing.claim())) }
            dt { (language.pick("Eingegangen", "Received")) } dd { (language.money(standing.kept())) }
            dt { b { (language.pick("Offen", "Open")) } } dd { b { (language.money(standing.open())) } }
        } }
        form class="card" method="post" action={ (address) "/payment?lang=" (language.code()) } novalidate {
            (form_token(signed))
            input type="hidden" name="payment" value=(form.value("payment"));
            (form.input("amount", language.pick("Betrag in Euro", "Amount in euros"), "text", language.pick(
                "Was auf dem Bankkonto eingegangen ist. Was über die Forderung hinausgeht, wird Guthaben des Kontos. Ein negativer Betrag nimmt eine falsche Buchung zurück.",
                "What has arrived at the bank. What is more than is owed becomes credit of the account. An amount below zero takes a wrong entry back.")))
            (form.input("received_on", language.pick("Eingegangen am", "Received on"), "date", ""))
            div class="actions" {
                button type="submit" { (language.pick("Buchen", "Enter")) }
                a class="button quiet" href={ (address) "?lang=" (language.code()) } { (language.pick("Zurück zur Rechnung", "Back to the invoice")) }
            }
            @if is_collected(invoice) && standing.cancelled_by.is_none() { p {
                a href={ "/console/dunning/" (invoice.draft.buyer.id) "/" (invoice.id) "?lang=" (language.code()) } {
                    (language.pick("Die Bank hat eine Lastschrift zurückgegeben", "The bank has returned a direct debit"))
                }
            } }
        }
    };
    signed_reply(form.status(), signed, title, &content)
}

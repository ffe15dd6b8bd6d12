//! Money that arrived at the bank for an invoice, entered by the operator from its statement.

use domain::calendar::Day;
use domain::ids::AccountId;
use domain::payment::Received;
use domain::payment::form::PaymentForm;
use domain::problem::FieldProblem;
use http::Response;
use lambda_http::Body;
use maud::html;
use platform::entropy;
use platform::error::Error;
use platform::http::{field, see_other};
use platform::table::invoices::Standing;

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
        let standing = self.table.invoice(account, &id(invoice)?).await?;
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
        let standing = self.table.invoice(account, &id).await?;
        let payment = field(fields, "payment");
        if payment.len() != 2 * ID_BYTES || !payment.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Error::Malformed("the form has no id of a payment".to_owned()));
        }
        let amount = plain(field(fields, "amount").trim().trim_end_matches('€'), signed.language);
        let form = PaymentForm { amount: &amount, received_on: field(fields, "received_on") };
        let (amount, on) = match form.read(standing.kept(), Day::of(now)) {
            Ok(read) => read,
            Err(problems) => return Ok(show(signed, &standing, fields, &problems)),
        };
        let received =
            Received { account: account.clone(), invoice: id.clone(), amount, payment: payment.to_ascii_lowercase() };
        match self.table.book_transfer(&received, on, now).await {
            // Entered before: the same form was sent twice.
            Ok(_) => {
                Ok(see_other(&format!("/console/invoices/{account}/{id}?booked=1&lang={}", signed.language.code())))
            }
            Err(Error::Invalid(problems)) => Ok(show(signed, &standing, fields, &problems)),
            Err(error) => Err(error),
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
                "Was auf dem Bankkonto eingegangen ist. Was über die Forderung hinausgeht, wird Guthaben des Kontos. Ein negativer Betrag nimmt eine falsche Buchung zurück, ebenso eine Lastschrift, die die Bank zurückgegeben hat.",
                "What has arrived at the bank. What is more than is owed becomes credit of the account. An amount below zero takes a wrong entry back, or a direct debit that the bank returned.")))
            (form.input("received_on", language.pick("Eingegangen am", "Received on"), "date", ""))
            div class="actions" {
                button type="submit" { (language.pick("Buchen", "Enter")) }
                a class="button quiet" href={ (address) "?lang=" (language.code()) } { (language.pick("Zurück zur Rechnung", "Back to the invoice")) }
            }
        }
    };
    signed_reply(form.status(), signed, title, &content)
}

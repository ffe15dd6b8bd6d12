//! What is done with the mail of an invoice: sent once more, its links taken back. For the customer, whose mail goes to
//! its own address, and for the operator, who may choose another one.

use domain::contact::Email;
use domain::ids::{AccountId, InvoiceId};
use domain::language::Language;
use domain::message::MailFailure;
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::error::Error;
use platform::http::{field, query, see_other};
use platform::page::banner;
use platform::table::invoices::Standing;
use platform::table::resends::Resend;

use crate::fields::form_token;
use crate::{Console, Signed};

impl Console {
    /// Owes the mail of an invoice once more.
    pub(crate) async fn resend(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        invoice: &str,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        let invoice = InvoiceId::parse(invoice).map_err(|_| Error::NotFound("invoice"))?;
        let typed = field(fields, "to").trim();
        let to = match (typed, signed.access.operator) {
            ("", _) => Ok(None),
            (typed, true) => Email::parse(typed).map(Some),
            // Only the operator answers for where an invoice goes.
            (_, false) => return Err(Error::Forbidden("another address")),
        };
        let said = match to {
            Err(_) => "address",
            Ok(to) => match self.table.resend_invoice(account, &invoice, to.as_ref(), self.clock.now()).await? {
                Resend::Owed => "sent",
                Resend::OnItsWay => "on-its-way",
                Resend::TooMany => "too-many",
            },
        };
        Ok(back(signed, account, &invoice, said))
    }

    /// Makes the payment links given out so far worthless.
    pub(crate) async fn revoke_links(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        invoice: &str,
    ) -> Result<Response<Body>, Error> {
        let invoice = InvoiceId::parse(invoice).map_err(|_| Error::NotFound("invoice"))?;
        self.table.revoke_links(account, &invoice).await?;
        Ok(back(signed, account, &invoice, "revoked"))
    }
}

fn back(signed: &Signed<'_>, account: &AccountId, invoice: &InvoiceId, said: &str) -> Response<Body> {
    see_other(&format!("/console/invoices/{account}/{invoice}?mail={said}&lang={}", signed.language.code()))
}

/// What the last click came to, above the invoice.
pub(crate) fn said(signed: &Signed<'_>) -> Markup {
    let language = signed.language;
    let (kind, text) = match query(signed.request, "mail").as_deref() {
        Some("sent") => ("good", language.pick("Die E-Mail ist unterwegs.", "The mail is on its way.")),
        Some("on-its-way") => (
            "note",
            language.pick(
                "Zu dieser Rechnung ist schon eine E-Mail unterwegs.",
                "A mail of this invoice is on its way already.",
            ),
        ),
        Some("too-many") => (
            "bad",
            language.pick(
                "In dieser Stunde wurden schon zehn E-Mails noch einmal angefordert. Bitte versuchen Sie es später.",
                "Ten mails were asked for once more in this hour already. Please try again later.",
            ),
        ),
        Some("address") => (
            "bad",
            language.pick(
                "Das ist keine gültige E-Mail-Adresse. Es wurde nichts versandt.",
                "That is no valid e-mail address. Nothing was sent.",
            ),
        ),
        Some("revoked") => (
            "good",
            language.pick(
                "Alle bisherigen Zahlungslinks dieser Rechnung gelten nicht mehr.",
                "All payment links of this invoice so far no longer work.",
            ),
        ),
        _ => return html! {},
    };
    banner(kind, &html! { p { (text) } })
}

/// The card with what can be done.
pub(crate) fn card(signed: &Signed<'_>, account: &AccountId, standing: &Standing) -> Markup {
    let (language, invoice) = (signed.language, &standing.invoice);
    let address = format!("/console/invoices/{account}/{}", invoice.id);
    html! {
        div class="card" {
            h2 { (language.pick("E-Mail und Links", "Mail and links")) }
            @if let Some(failure) = standing.mail_failure { (banner("bad", &html! { p { (advice(failure, language)) } })) }
            form method="post" action={ (address) "/resend?lang=" (language.code()) } {
                (form_token(signed))
                @if signed.access.operator {
                    div class="field" {
                        label for="to" { (language.pick("An eine andere Adresse", "To another address")) }
                        input id="to" name="to" type="email" autocomplete="off";
                        p class="hint" { (language.pick("leer: an die Adresse für Rechnungen im Konto", "empty: to the account's address for invoices")) }
                    }
                } @else {
                    p { (language.pick("Die E-Mail geht an die Adresse für Rechnungen im Konto.", "The mail goes to the account's address for invoices.")) }
                }
                button class="quiet" type="submit" { (language.pick("E-Mail noch einmal senden", "Send the mail once more")) }
            }
            form method="post" action={ (address) "/links?lang=" (language.code()) } {
                (form_token(signed))
                p class="hint" { (language.pick(
                    "Wurde die E-Mail an Fremde weitergeleitet? Dann machen Sie die Zahlungslinks ungültig, auch den auf dem PDF. Eine neue E-Mail bringt einen neuen.",
                    "Has the mail been passed on to strangers? Then take its payment links back, the one on the PDF included. Another mail brings a new one.")) }
                button class="quiet" type="submit" { (language.pick("Zahlungslinks ungültig machen", "Revoke payment links")) }
            }
        }
    }
}

/// What to do about a mail that did not reach its reader.
fn advice(failure: MailFailure, language: Language) -> &'static str {
    match failure {
        MailFailure::Bounced => language.pick(
            "Die E-Mail kam zurück. Prüfen Sie die Adresse für Rechnungen im Konto und senden Sie sie dann noch einmal.",
            "The mail came back. Check the account's address for invoices, then send it once more."),
        MailFailure::Complained => language.pick(
            "Der Empfänger hat die E-Mail als Spam gemeldet; an diese Adresse geht nichts mehr. Klären Sie das auf anderem Weg und tragen Sie eine andere Adresse ein.",
            "The recipient marked the mail as spam, and no more is sent to this address. Clear it up in another way and enter another address."),
        MailFailure::Rejected => language.pick(
            "Der Maildienst hat die E-Mail nicht versandt. Senden Sie sie noch einmal; bleibt es dabei, steht der Grund im Protokoll.",
            "The mail service did not send it. Send it once more; if it stays so, the log tells why."),
    }
}

//! `GET` and `POST /pay/{token}`: an invoice and the way to Stripe's payment page. POST only, because a
//! mail scanner that opens the link must not start a payment.

use std::collections::BTreeMap;

use domain::calendar::Day;
use domain::collection::Collection;
use domain::language::Language;
use domain::payment::PaymentState;
use http::{Method, Response, StatusCode};
use lambda_http::{Body, Request};
use maud::{Markup, html};
use platform::error::Error;
use platform::http::{language, query, see_other};
use platform::links::{InvoiceLink, LinkState, digest};
use platform::page::banner;
use platform::stripe::Checkout;
use platform::table::invoices::Standing;

use crate::pages::public_page;

impl crate::Registration {
    pub(crate) async fn pay(&self, request: &Request, method: &Method, token: &str) -> Result<Response<Body>, Error> {
        let link = InvoiceLink::parse(token)?;
        let is_post = crate::is_post(method)?;
        let wrong = || Error::NotFound("payment link");
        // Whoever made a token up learns no more than that it does not work.
        let standing = self.table.invoice(&link.account, &link.invoice).await.map_err(|error| match error {
            Error::NotFound(_) => wrong(),
            other => other,
        })?;
        let buyer = &standing.invoice.draft.buyer;
        let language = if query(request, "lang").is_some() { language(request) } else { buyer.language };
        let today = Day::of(self.clock.now());
        match self.links.invoice_link(&link, standing.link_generation, standing.invoice.issued_on, today) {
            LinkState::Open => {}
            LinkState::Expired => return Ok(expired(token, language)),
            LinkState::Wrong => return Err(wrong()),
        }
        if !is_post || !standing.is_payable_online() {
            let back = query(request, "paid").is_some();
            return Ok(show(&standing, token, language, back));
        }
        let due = standing.open();
        let now = self.clock.now();
        let metadata = BTreeMap::from([
            ("account".to_owned(), link.account.to_string()),
            ("invoice".to_owned(), link.invoice.to_string()),
        ]);
        let checkout = Checkout {
            // One session per link, amount due, hour and language: a second click finds the first session, and a session
            // that expired does not come back for good. An invoice has several links, and each comes back to its own page.
            idempotency_key: format!(
                "{}-{}-{}-{}-{:.16}",
                link.invoice,
                due.cents(),
                now.format("%Y%m%d%H"),
                language.code(),
                digest(token)
            ),
            product: title(&standing, language),
            amount_cents: due.cents(),
            currency: due.currency().code().to_ascii_lowercase(),
            customer_email: buyer.billing_email.as_str().to_owned(),
            success_url: format!("{}/pay/{token}?paid=1&lang={}", self.origin, language.code()),
            cancel_url: format!("{}/pay/{token}?lang={}", self.origin, language.code()),
            reference: link.invoice.to_string(),
            metadata,
            locale: language.code(),
        };
        let address = self.stripe.checkout(&checkout, now).await?;
        Ok(see_other(&address))
    }
}

/// Says that a link is over, and nothing of its invoice.
fn expired(token: &str, language: Language) -> Response<Body> {
    let title = language.pick("Dieser Link ist abgelaufen", "This link has expired");
    let content = html! {
        h1 { (title) }
        p class="lead" { (language.pick(
            "Zahlungslinks gelten ein gutes Jahr. Ihre Rechnungen finden Sie weiterhin in Ihrem Konto; dort lässt sich die E-Mail mit einem neuen Link noch einmal anfordern.",
            "Payment links work for a little over a year. Your invoices are still in your account, where you can ask for the mail with a fresh link.")) }
        p { a class="button" href={ "/console/sign-in?lang=" (language.code()) } { (language.pick("Anmelden", "Sign in")) } }
    };
    public_page(StatusCode::GONE, language, title, &format!("/pay/{token}"), &content)
}

fn title(standing: &Standing, language: Language) -> String {
    let invoice = &standing.invoice;
    format!("{} {}", invoice.draft.kind.title().get(language), invoice.number)
}

fn show(standing: &Standing, token: &str, language: Language, back: bool) -> Response<Body> {
    let title = title(standing, language);
    let path = format!("/pay/{token}");
    let content = html! {
        h1 { (title) }
        (state_banner(standing, back, language))
        @if standing.payment() == PaymentState::Paid && !standing.credited.is_zero() {
            (banner("note", &html! { p { (language.pick("Zu viel gezahlt und gutgeschrieben: ", "Overpaid and credited: ")) (language.money(standing.credited)) } }))
        }
        div class="card" {
            (facts(standing, language))
            @if standing.is_payable_online() {
                form method="post" action={ (path) "?lang=" (language.code()) } {
                    p { button type="submit" { (language.pick("Jetzt online bezahlen", "Pay online now")) } }
                    p class="hint" { (language.pick(
                        "Sie werden zur Zahlungsseite von Stripe weitergeleitet. Sie können auch überweisen; die Bankverbindung steht auf der Rechnung.",
                        "You will be taken to Stripe's payment page. You can also pay by bank transfer; the account is printed on the invoice.")) }
                }
            }
        }
    };
    public_page(StatusCode::OK, language, &title, &path, &content)
}

fn facts(standing: &Standing, language: Language) -> Markup {
    let invoice = &standing.invoice;
    let draft = &invoice.draft;
    html! {
        dl class="facts" {
            dt { (language.pick("Von", "From")) } dd { (invoice.seller.name) }
            dt { (language.pick("An", "To")) } dd { (draft.buyer.name) }
            dt { (language.pick("Rechnungsdatum", "Invoice date")) } dd { (language.date(invoice.issued_on)) }
            @match invoice.collection() {
                Collection::Transfer => { dt { (language.pick("Fällig am", "Due on")) } dd { (language.date(standing.due_on())) } }
                Collection::DirectDebit { on, .. } => { dt { (language.pick("Einzug am", "Collected on")) } dd { (language.date(on)) } }
                Collection::Settled | Collection::Refund => {}
            }
            @for reference in &draft.references {
                dt { (language.pick("Zur Rechnung", "Refers to invoice")) } dd { (reference.number) }
            }
            dt { (language.pick("Netto", "Net")) } dd { (language.money(draft.totals.net)) }
            @for group in &draft.totals.vat {
                dt { (group.treatment.label(language)) } dd { (language.money(group.vat)) }
            }
            dt { b { (language.pick("Gesamtbetrag", "Total")) } } dd { b { (language.money(draft.totals.gross)) } }
            @if !draft.credit.is_zero() && standing.payment() != PaymentState::Cancelled {
                dt { (language.pick("Guthaben", "Credit")) } dd { "−" (language.money(draft.credit)) }
                dt { b { (language.pick("Zu zahlen", "To be paid")) } } dd { b { (language.money(draft.due())) } }
            }
            @if !standing.dunned.charged.is_zero() {
                dt { (language.pick("Gebühren für verspätete Zahlung", "Fees for late payment")) } dd { (language.money(standing.dunned.charged)) }
            }
        }
    }
}

fn state_banner(standing: &Standing, back: bool, language: Language) -> Markup {
    let (kind, text) = match (standing.invoice.collection(), standing.payment()) {
        (Collection::Refund, _) => ("note", language.pick(
            "Hier ist nichts zu zahlen. Was Sie schon gezahlt haben, rechnen wir auf Ihre nächste Rechnung an; auf Wunsch zahlen wir es zurück.",
            "There is nothing to pay here. What you have paid already will be set off against your next invoice, or paid back if you wish.")),
        (_, PaymentState::Cancelled) => ("note", language.pick(
            "Diese Rechnung ist storniert. Es ist nichts zu zahlen; was Sie schon gezahlt haben, ist Ihnen gutgeschrieben.",
            "This invoice has been cancelled. There is nothing to be paid; what you have paid already is credited to you.")),
        (Collection::Settled, _) => ("good", language.pick("Hier ist nichts zu zahlen.", "There is nothing to pay here.")),
        (_, PaymentState::Paid) => ("good", language.pick("Diese Rechnung ist bezahlt. Vielen Dank!", "This invoice is paid. Thank you!")),
        (_, PaymentState::Overpaid) => ("good", language.pick(
            "Diese Rechnung ist bezahlt. Es ist mehr eingegangen als gefordert; die Differenz ziehen wir von der nächsten Rechnung ab.",
            "This invoice is paid. More has arrived than was asked for; we deduct the difference from the next invoice.")),
        _ if standing.is_to_be_collected() && !standing.is_payable_online() => ("note", language.pick(
            "Hier ist nichts zu zahlen: Wir ziehen den Betrag per SEPA-Lastschrift ein.",
            "There is nothing to pay here: we will collect the amount by SEPA direct debit.")),
        // What is owed to a service partner (Z7), whose direct debit may have come back.
        (_, PaymentState::Open | PaymentState::PartlyPaid) if !standing.is_payable_online() => ("note", language.pick(
            "Bitte überweisen Sie den Betrag. Die Bankverbindung steht auf der Rechnung.",
            "Please transfer the amount. The bank account is printed on the invoice.")),
        (_, PaymentState::PartlyPaid) => ("note", language.pick("Ein Teil ist eingegangen; der Rest ist noch offen.", "A part has arrived; the rest is still open.")),
        (_, PaymentState::Open) if back => ("note", language.pick(
            "Die Zahlung wird gerade bestätigt. Laden Sie diese Seite in einigen Sekunden neu.",
            "The payment is being confirmed. Reload this page in a few seconds.")),
        (_, PaymentState::Open) => return html! {},
    };
    banner(kind, &html! { p { b { (text) } } })
}

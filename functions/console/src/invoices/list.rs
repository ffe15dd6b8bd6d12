//! `GET /console/invoices/{account}`: every invoice of an account by year, what was entered and is not issued yet, and
//! the account's credit.

use domain::account::Account;
use domain::calendar::Day;
use domain::catalog::charge::Issuer;
use domain::collection::Collection;
use domain::ids::AccountId;
use domain::language::Language;
use domain::money::{Currency, Money};
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::entropy;
use platform::error::Error;
use platform::http::{field, query, see_other};
use platform::page::banner;
use platform::table::credits::Credits;
use platform::table::invoices::Standing;
use platform::table::manual::Kept;

use crate::fields::form_token;
use crate::frame::{mail_failure_tag, signed_page, standing_tag};
use crate::numbers::plain;
use crate::{Console, Signed};

impl Console {
    pub(crate) async fn invoice_list(&self, signed: &Signed<'_>, account: &AccountId) -> Result<Response<Body>, Error> {
        let (language, today) = (signed.language, Day::of(self.clock.now()));
        let details = self.table.account(account).await?;
        let invoices = self.table.invoices(account).await?;
        let mut years: Vec<i32> = invoices.iter().map(|one| one.invoice.issued_on.month().year()).collect();
        years.dedup();
        let year = query(signed.request, "year").and_then(|year| year.parse::<i32>().ok());
        let shown: Vec<&Standing> = invoices
            .iter()
            .filter(|one| year.is_none_or(|year| one.invoice.issued_on.month().year() == year))
            .collect();
        let title = language.pick("Rechnungen", "Invoices");
        let operator = if signed.access.operator { Some(self.table.kept_drafts(account).await?) } else { None };
        let credits = self.table.credit(account).await?;
        let content = html! {
            h1 { (title) }
            p class="lead" { (details.name) " · " (language.pick("Kundennummer ", "customer number ")) (account) }
            @if query(signed.request, "paid_back").is_some() {
                (banner("good", &html! { p { (language.pick("Die Auszahlung ist vermerkt.", "The pay-back is noted.")) } }))
            }
            @if years.len() > 1 { (year_links(account, &years, year, language)) }
            div class="card" {
                @if shown.is_empty() { p class="empty" { (language.pick("Noch keine Rechnung.", "No invoice yet.")) } }
                @else { (table(account, &shown, today, language)) }
            }
            @if let Some(kept) = &operator { (drafts(account, kept, language)) }
            (credit(signed, &details, &credits, entropy::hex::<16>()?.as_str()))
        };
        Ok(signed_page(signed, title, &content))
    }

    /// Notes that credit was paid back by hand.
    pub(crate) async fn note_pay_back(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let issuer = Issuer::parse(field(fields, "issuer")).ok_or(Error::NotFound("issuer"))?;
        let amount = Money::parse(&plain(field(fields, "amount"), signed.language), Currency::Eur);
        let id = field(fields, "id");
        let sound = (1..=40).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let amount = amount.ok().filter(|amount| amount.cents() > 0 && sound);
        let back = format!("/console/invoices/{account}?lang={}", signed.language.code());
        let noted = match amount {
            Some(amount) => self.table.pay_back(account, issuer, (amount, id), self.clock.now()).await?,
            None => false,
        };
        Ok(see_other(&if noted { format!("{back}&paid_back=1") } else { format!("{back}&not_paid_back=1") }))
    }
}

fn year_links(account: &AccountId, years: &[i32], chosen: Option<i32>, language: Language) -> Markup {
    let address = format!("/console/invoices/{account}?lang={}", language.code());
    html! {
        p class="actions" {
            @if chosen.is_some() { a href=(address) { (language.pick("Alle", "All")) } } @else { b { (language.pick("Alle", "All")) } }
            @for year in years {
                @if chosen == Some(*year) { b { (year) } } @else { a href={ (address) "&year=" (year) } { (year) } }
            }
        }
    }
}

/// Invoices as a table; the console's overview shows the newest by it.
pub(crate) fn table(account: &AccountId, invoices: &[&Standing], today: Day, language: Language) -> Markup {
    html! {
        div class="scroll" { table {
            thead { tr {
                th { (language.pick("Nummer", "Number")) } th { (language.pick("Art", "Kind")) } th { (language.pick("Datum", "Date")) } th { (language.pick("Fällig", "Due")) }
                th class="number" { (language.pick("Betrag", "Amount")) } th { (language.pick("Stand", "State")) } th { "PDF" }
            } }
            tbody { @for standing in invoices {
                @let invoice = &standing.invoice;
                @let address = format!("/console/invoices/{account}/{}", invoice.id);
                tr {
                    td { a href={ (address) "?lang=" (language.code()) } { (invoice.number) } }
                    td { (invoice.draft.kind.title().get(language)) }
                    td { (language.short_date(invoice.issued_on)) }
                    td { @match invoice.collection() {
                        Collection::Transfer => (language.short_date(standing.due_on())),
                        Collection::DirectDebit { on, .. } => (language.short_date(on)),
                        Collection::Settled | Collection::Refund => "–",
                    } }
                    td class="number" { (language.money(invoice.draft.totals.gross)) }
                    td { (standing_tag(standing, today, language)) " " (mail_failure_tag(standing.mail_failure, language)) }
                    td { a href={ (address) "/pdf" } { "PDF" } }
                }
            } }
        } }
    }
}

fn drafts(account: &AccountId, kept: &[Kept], language: Language) -> Markup {
    let address = format!("/console/invoices/{account}");
    html! {
        @if !kept.is_empty() {
            div class="card" {
                h2 { (language.pick("Entwürfe", "Drafts")) }
                ul { @for draft in kept { li {
                    a href={ (address) "/drafts/" (draft.id) "?lang=" (language.code()) } {
                        (draft.entered.kind.title().get(language)) ": " (draft.entered.lines.first().map_or("", |line| line.text.as_str()))
                    }
                    " · " (language.short_date(draft.entered_on))
                } } }
            }
        }
        p { a class="button quiet" href={ (address) "/new?lang=" (language.code()) } { (language.pick("Rechnung schreiben", "Write an invoice")) } }
    }
}

/// What the account has to its credit, and for the operator the form that notes a pay-back.
fn credit(signed: &Signed<'_>, account: &Account, credits: &Credits, id: &str) -> Markup {
    let language = signed.language;
    let balances = [Issuer::Operator, Issuer::Partner].map(|issuer| (issuer, credits.of(issuer)));
    let refused = query(signed.request, "not_paid_back").is_some();
    html! {
        @for (issuer, balance) in balances.into_iter().filter(|(_, balance)| !balance.is_zero()) {
            div class="card" {
                h2 { (language.pick("Guthaben", "Credit")) }
                p { b { (language.money(balance)) } @if issuer == Issuer::Partner { (language.pick(" beim Servicepartner", " with the service partner")) } }
                p class="hint" { (language.pick(
                    "Es wird von den nächsten Rechnungen abgezogen.", "It is deducted from the next invoices.")) }
                @if signed.access.operator {
                    form method="post" action={ "/console/invoices/" (account.id) "/pay-back?lang=" (language.code()) } {
                        (form_token(signed))
                        input type="hidden" name="issuer" value=(issuer.code());
                        input type="hidden" name="id" value=(id);
                        div class=(if refused { "field wrong" } else { "field" }) {
                            label for="amount" { (language.pick("Zurückgezahlter Betrag", "Amount paid back")) }
                            input id="amount" name="amount" type="text" value=(language.number(balance.amount()));
                            @if refused { p class="problem" id="amount-problem" { (language.pick(
                                "Bitte geben Sie einen Betrag an, der höchstens so hoch ist wie das Guthaben.",
                                "Please give an amount that is no more than the credit.")) } }
                            p class="hint" { (language.pick(
                                "Überweisen Sie zuerst und vermerken Sie es dann hier.", "Transfer it first, then note it here.")) }
                        }
                        button class="quiet" type="submit" { (language.pick("Als zurückgezahlt vermerken", "Note as paid back")) }
                    }
                }
            }
        }
    }
}

//! Checks of VAT ids: asked when one is new or at a click, and what was answered (I4).

use domain::account::{Account, VatCheck};
use domain::calendar::local;
use domain::language::Language;
use domain::vat::decisive_vat_id;
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::error::Error;
use platform::http::{query, see_other};
use platform::page::banner;
use platform::vies::Answer;

use super::read_id;
use crate::fields::form_token;
use crate::{Console, Signed};

/// What came of asking, as an address of the page says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Valid,
    Invalid,
    Unavailable,
}

impl Asked {
    const ALL: [Self; 3] = [Self::Valid, Self::Invalid, Self::Unavailable];

    const fn code(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Unavailable => "unavailable",
        }
    }

    /// How the page is told.
    pub(super) fn parameter(asked: Option<Self>) -> String {
        asked.map(|asked| format!("&vat={}", asked.code())).unwrap_or_default()
    }
}

impl Console {
    /// Asks at a click.
    pub(crate) async fn check_vat_id(&self, signed: &Signed<'_>, account: &str) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let account = self.table.account(&read_id(account)?).await?;
        let asked = Asked::parameter(self.ask(&account).await?);
        Ok(see_other(&format!("/console/accounts/{}?lang={}{asked}", account.id, signed.language.code())))
    }

    /// Asks VIES about the id of an account and keeps the answer; `None` if nothing depends on it. That nobody answers keeps
    /// nothing from being saved.
    pub(super) async fn ask(&self, account: &Account) -> Result<Option<Asked>, Error> {
        let Some(vat_id) = decisive_vat_id(account) else { return Ok(None) };
        let requester = self.table.issuer(domain::catalog::charge::Issuer::Operator).await?;
        let requester = requester.map(|operator| operator.vat_id).unwrap_or_default();
        Ok(Some(match self.vies.check(vat_id, &requester, self.clock.now()).await {
            Answer::Unavailable => Asked::Unavailable,
            Answer::Evidence(check) => {
                self.table.keep_vat_check(&account.id, &check).await?;
                if check.valid { Asked::Valid } else { Asked::Invalid }
            }
        }))
    }

    /// Asks if an account has an id about which nothing is known yet.
    pub(super) async fn ask_if_new(&self, account: &Account) -> Result<Option<Asked>, Error> {
        if account.terms.vat_check.is_some() { Ok(None) } else { self.ask(account).await }
    }
}

/// What the page says right after asking.
pub(super) fn told(signed: &Signed<'_>) -> Markup {
    let code = query(signed.request, "vat").unwrap_or_default();
    let language = signed.language;
    match Asked::ALL.into_iter().find(|asked| asked.code() == code) {
        None => html! {},
        Some(Asked::Valid) => banner(
            "good",
            &html! { p { (language.pick(
            "Die USt-IdNr. ist gültig. Die Bestätigung ist unten festgehalten.",
            "The VAT id is valid. The confirmation is kept below.")) } },
        ),
        Some(Asked::Invalid) => banner(
            "bad",
            &html! { p { (language.pick(
            "Die USt-IdNr. ist nicht gültig. Rechnungen an dieses Konto werden angehalten, bis eine gültige eingetragen ist.",
            "The VAT id is not valid. Invoices to this account are held until a valid one is entered.")) } },
        ),
        Some(Asked::Unavailable) => banner(
            "note",
            &html! { p { (language.pick(
            "VIES oder der andere Mitgliedstaat antwortet gerade nicht; die USt-IdNr. ist noch nicht geprüft. Bitte versuchen Sie es später noch einmal mit „Jetzt prüfen“.",
            "VIES or the other member state does not answer right now; the VAT id has not been checked yet. Please try again later with “Check now”.")) } },
        ),
    }
}

/// The answers so far, and the button that asks again; nothing where no id decides about anything.
pub(super) fn card(signed: &Signed<'_>, account: &Account, checks: &[VatCheck]) -> Markup {
    let language = signed.language;
    let decisive = decisive_vat_id(account);
    if decisive.is_none() && checks.is_empty() {
        return html! {};
    }
    html! {
        div class="card" {
            h2 { (language.pick("Prüfung der USt-IdNr.", "Checks of the VAT id")) }
            @if checks.is_empty() { p class="empty" { (language.pick("Noch nicht geprüft.", "Not checked yet.")) } }
            @else { (history(checks, language)) }
            @if decisive.is_some() {
                form class="actions" method="post" action={ "/console/accounts/" (account.id) "/vat-check?lang=" (language.code()) } {
                    (form_token(signed))
                    button class="quiet" type="submit" { (language.pick("Jetzt prüfen", "Check now")) }
                }
                p class="hint" { (language.pick(
                    "Gefragt wird VIES, der Dienst der Europäischen Kommission, im Namen des Betreibers. Was bei diesem Konto angehalten ist, bewertet der nächste Rechnungslauf neu; sofort geht es auf der Seite „Abrechnungsläufe“.",
                    "VIES, the service of the European Commission, is asked in the operator's name. What is held of this account is evaluated again by the next run, or at once on the page of runs.")) }
            }
        }
    }
}

fn history(checks: &[VatCheck], language: Language) -> Markup {
    html! {
        div class="scroll" { table {
            thead { tr {
                th { (language.pick("Geprüft am", "Checked on")) } th { (language.pick("USt-IdNr.", "VAT id")) }
                th { (language.pick("Ergebnis", "Result")) } th { "Name" } th { (language.pick("Nummer der Anfrage", "Inquiry number")) }
            } }
            tbody { @for check in checks { tr {
                td class="nowrap" { (language.date(check.day())) ", " (local(check.checked_at).format("%H:%M")) }
                td { (check.vat_id) }
                td { @if check.valid { span class="tag good" { (language.pick("gültig", "valid")) } } @else { span class="tag bad" { (language.pick("ungültig", "not valid")) } } }
                td { (check.name.as_deref().unwrap_or("–")) }
                td { (check.request_id.as_deref().unwrap_or("–")) }
            } } }
        } }
    }
}

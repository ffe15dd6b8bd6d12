//! `/console/api-keys/{account}` and `/console/api-keys/operator`: keys of programs, made and revoked.

use domain::api_key::{ApiKey, KeyOwner, MOST_KEYS, NAME_LENGTH};
use domain::calendar::Day;
use domain::language::Language;
use domain::problem::{FieldProblem, Problem, line};
use http::{Response, StatusCode};
use lambda_http::Body;
use maud::{Markup, html};
use platform::entropy;
use platform::error::Error;
use platform::http::{field, query, see_other};
use platform::page::banner;

use crate::fields::{Form, filled, form_token};
use crate::frame::signed_reply;
use crate::{Console, Signed};

/// The operator's own page, in place of an account.
const OPERATOR: &str = "operator";

/// A page of keys.
struct Page<'a> {
    signed: &'a Signed<'a>,
    path: &'a str,
    owner: KeyOwner,
    keys: Vec<ApiKey>,
}

/// What the page says above the keys.
enum Said<'a> {
    Nothing,
    /// A key was revoked.
    Revoked,
    /// A key was made; this is the only time its secret is shown.
    Made(String),
    /// The form was sent before; the secret was in the first reply.
    MadeBefore,
    /// The form was refused.
    Refused {
        fields: &'a [(String, String)],
        problems: Vec<FieldProblem>,
    },
}

impl Console {
    pub(crate) async fn api_keys(&self, signed: &Signed<'_>, path: &str) -> Result<Response<Body>, Error> {
        let revoked = query(signed.request, "revoked").is_some();
        let said = if revoked { Said::Revoked } else { Said::Nothing };
        show(&self.keys_page(signed, path).await?, &said)
    }

    pub(crate) async fn create_api_key(
        &self,
        signed: &Signed<'_>,
        path: &str,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        let page = self.keys_page(signed, path).await?;
        let mut problems = Vec::new();
        let name = line(field(fields, "name"), NAME_LENGTH).map_err(|problem| {
            problems.push(FieldProblem::new("name", problem));
        });
        // The form brings the id the key will have, so that a second click makes no second key.
        let id = field(fields, "key");
        if id.len() != 16 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Error::Malformed("no id of a key".to_owned()));
        }
        let before = page.keys.iter().any(|key| key.id == id);
        if !before && page.keys.iter().filter(|key| key.revoked_at.is_none()).count() >= MOST_KEYS {
            problems.push(FieldProblem::new("name", Problem::TooManyKeys { most: MOST_KEYS }));
        }
        let Ok(name) = name else { return show(&page, &Said::Refused { fields, problems }) };
        if !problems.is_empty() {
            return show(&page, &Said::Refused { fields, problems });
        }
        let made = self.table.create_api_key(&page.owner, id, &name, signed.access.operator, self.clock.now()).await?;
        let page = self.keys_page(signed, path).await?;
        show(&page, &made.map_or(Said::MadeBefore, Said::Made))
    }

    pub(crate) async fn revoke_api_key(
        &self,
        signed: &Signed<'_>,
        path: &str,
        key: &str,
    ) -> Result<Response<Body>, Error> {
        let owner = owner(signed, path)?;
        self.table.revoke_api_key(&owner, key, self.clock.now()).await?;
        Ok(see_other(&format!("/console/api-keys/{path}?revoked=1&lang={}", signed.language.code())))
    }

    async fn keys_page<'a>(&self, signed: &'a Signed<'a>, path: &'a str) -> Result<Page<'a>, Error> {
        let owner = owner(signed, path)?;
        if let KeyOwner::Account(account) = &owner {
            // An account that is not there has no page.
            self.table.account(account).await?;
        }
        let keys = self.table.api_keys(&owner).await?;
        Ok(Page { signed, path, owner, keys })
    }
}

/// Whose keys an address is about, if the session may see them.
fn owner(signed: &Signed<'_>, path: &str) -> Result<KeyOwner, Error> {
    if path == OPERATOR {
        signed.must_be_operator()?;
        return Ok(KeyOwner::Operator);
    }
    Ok(KeyOwner::Account(signed.account_or_any(path)?))
}

fn show(page: &Page<'_>, said: &Said<'_>) -> Result<Response<Body>, Error> {
    let language = page.signed.language;
    let title = language.pick("API-Schlüssel", "API keys");
    let fresh = filled([("key", entropy::hex::<8>()?.as_str())]);
    let (values, problems) = match said {
        Said::Refused { fields, problems } => (*fields, problems.as_slice()),
        _ => (fresh.as_slice(), &[][..]),
    };
    let form = Form { values, problems, language };
    let code = language.code();
    let content = html! {
        h1 { (title) }
        p class="lead" { (lead(&page.owner, language)) }
        (above(said, language))
        (form.refusal(language.pick("Es wurde kein Schlüssel angelegt.", "No key has been made.")))
        (list(page))
        form class="card" method="post" action={ "/console/api-keys/" (page.path) "?lang=" (code) } novalidate {
            h2 { (language.pick("Schlüssel anlegen", "New key")) }
            (form_token(page.signed))
            input type="hidden" name="key" value=(form.value("key"));
            (form.input("name", language.pick("Name", "Name"), "text", language.pick(
                "woran Sie ihn wiedererkennen, zum Beispiel der Name des Programms", "to tell it apart, for example the name of the program")))
            button type="submit" { (language.pick("Anlegen", "Create")) }
        }
        @match &page.owner {
            KeyOwner::Account(account) => p { a href={ "/console/plan/" (account) "?lang=" (code) } { (language.pick("Tarif und Vertrag", "Plan and subscription")) } },
            KeyOwner::Operator => p { a href={ "/console/operator?lang=" (code) } { (language.pick("Betreiber", "Operator")) } },
        }
    };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(signed_reply(status, page.signed, title, &content))
}

fn lead(owner: &KeyOwner, language: Language) -> Markup {
    html! {
        @match owner {
            KeyOwner::Account(account) => {
                (language.pick("Kundennummer ", "Customer number ")) (account) " · "
                (language.pick(
                    "Mit einem Schlüssel meldet ein Programm die Nutzung dieses Kontos an POST /api/v1/usage.",
                    "With a key a program reports the usage of this account to POST /api/v1/usage."))
            }
            KeyOwner::Operator => (language.pick(
                "Mit einem Schlüssel des Betreibers schreibt ein Programm Rechnungen über POST /api/v1/invoices.",
                "With a key of the operator a program writes invoices through POST /api/v1/invoices.")),
        }
    }
}

fn above(said: &Said<'_>, language: Language) -> Markup {
    match said {
        Said::Nothing | Said::Refused { .. } => html! {},
        Said::Revoked => banner(
            "good",
            &html! { p { (language.pick("Der Schlüssel ist widerrufen und gilt ab sofort nicht mehr.", "The key has been revoked and no longer works.")) } },
        ),
        Said::Made(secret) => banner(
            "good",
            &html! {
                p { b { (language.pick(
                    "Ihr neuer Schlüssel. Er wird nur dieses eine Mal angezeigt, bitte bewahren Sie ihn sicher auf:",
                    "Your new key. It is shown this once only, so please keep it in a safe place:")) } }
                pre { (secret) }
            },
        ),
        Said::MadeBefore => banner(
            "note",
            &html! { p { (language.pick(
            "Dieser Schlüssel ist schon angelegt, vielleicht durch einen zweiten Klick. Angezeigt wird er nur beim ersten Mal. Falls Sie ihn nicht notiert haben, widerrufen Sie ihn und legen einen neuen an.",
            "This key was made before, perhaps by a second click. It is shown the first time only. If you did not note it, revoke it and make a new one.")) } },
        ),
    }
}

fn list(page: &Page<'_>) -> Markup {
    let language = page.signed.language;
    html! {
        div class="card" {
            @if page.keys.is_empty() { p class="empty" { (language.pick("Noch kein Schlüssel.", "No key yet.")) } }
            @else { div class="scroll" { table {
                thead { tr {
                    th { (language.pick("Name", "Name")) } th { (language.pick("Beginnt mit", "Begins with")) } th { (language.pick("Darf", "May")) }
                    th { (language.pick("Angelegt", "Created")) } th { (language.pick("Zuletzt benutzt", "Last used")) } th { (language.pick("Stand", "State")) }
                } }
                tbody { @for key in &page.keys { tr {
                    td { (key.name) }
                    td { code { (key.hint) "…" } }
                    td { @for scope in &key.scopes { (scope.described(language)) } }
                    td { (language.short_date(Day::of(key.created_at))) }
                    td { (key.last_used_on.map_or_else(|| language.pick("noch nie", "never").to_owned(), |day| language.short_date(day))) }
                    td { (state(page, key)) }
                } } }
            } } }
        }
    }
}

fn state(page: &Page<'_>, key: &ApiKey) -> Markup {
    let language = page.signed.language;
    if let Some(at) = key.revoked_at {
        let day = language.short_date(Day::of(at));
        return html! { span class="tag plain" { (language.pick("widerrufen am ", "revoked on ")) (day) } };
    }
    html! {
        form class="actions" method="post" action={ "/console/api-keys/" (page.path) "/" (key.id) "/revoke?lang=" (language.code()) } {
            (form_token(page.signed))
            button class="danger" type="submit" { (language.pick("Widerrufen", "Revoke")) }
        }
    }
}

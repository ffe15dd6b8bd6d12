//! `/console/accounts`, `/console/accounts/new`, `/console/accounts/{account}`: customers and who signs in
//! for them, for the operator.

use domain::account::Account;
use domain::account::form::AccountForm;
use domain::calendar::Day;
use domain::catalog::{Catalogues, PlanKey};
use domain::contact::Email;
use domain::ids::AccountId;
use domain::language::Language;
use domain::problem::{FieldProblem, Problem};
use domain::subscription::{Subscription, decide};
use futures::future::try_join_all;
use http::Response;
use lambda_http::Body;
use maud::{Markup, html};
use platform::entropy;
use platform::error::Error;
use platform::http::{field, query, see_other};
use platform::page::banner;
use platform::table::PAGE;
use platform::table::keys::ACCOUNT_SHARDS;
use platform::table::users::User;

use crate::fields::{Form, Row, filled, form_token};
use crate::frame::{signed_page, signed_reply};
use crate::{Console, Signed, offers};

/// Most accounts on the list.
const SHOWN: usize = 500;
/// Accounts read at the same time.
const AT_ONCE: usize = 25;

const FIELDS: [Row; 8] = [
    ("name", "Name", "Name", "text", "Firma oder Person, wie auf Rechnungen", "company or person, as on invoices"),
    ("street", "Straße und Hausnummer", "Street and number", "text", "", ""),
    ("postal_code", "Postleitzahl", "Postal code", "text", "", ""),
    ("city", "Ort", "Town", "text", "", ""),
    (
        "country",
        "Land",
        "Country",
        "text",
        "Zwei Buchstaben. Abgerechnet werden bisher nur Konten in Deutschland (DE); Rechnungen in andere Länder werden angehalten.",
        "Two letters. So far only accounts in Germany (DE) are billed; invoices to other countries are held.",
    ),
    ("vat_id", "USt-IdNr.", "VAT id", "text", "freiwillig", "optional"),
    ("billing_email", "E-Mail-Adresse für Rechnungen", "E-mail address for invoices", "email", "", ""),
    (
        "payer",
        "Unterkonto von",
        "Sub-account of",
        "text",
        "freiwillig: Kundennummer des Kontos, auf dessen Rechnung alles kommt. Gilt für neue Veranstaltungen.",
        "optional: customer number of the account that is billed for it. Holds for new events.",
    ),
];

/// What the page of an account is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose<'a> {
    /// With the plans there are.
    New(&'a [(String, String)]),
    /// With those who may sign in to it.
    Change(&'a [User]),
}

impl Console {
    pub(crate) async fn accounts(&self, signed: &Signed<'_>) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let mut ids = self.first_accounts().await?;
        let more = ids.len() > SHOWN;
        ids.truncate(SHOWN);
        let mut accounts = Vec::new();
        for some in ids.chunks(AT_ONCE) {
            accounts.extend(try_join_all(some.iter().map(|id| self.table.account(id))).await?);
        }
        accounts.sort_by_cached_key(|account| account.name.to_lowercase());
        let language = signed.language;
        let title = language.pick("Konten", "Accounts");
        let content = html! {
            h1 { (title) }
            @if more { (banner("note", &html! { p { (language.pick(
                format!("Gezeigt werden nur {SHOWN} Konten. Jedes andere öffnen Sie mit seiner Kundennummer unter /console/accounts/Kundennummer."),
                format!("Only {SHOWN} accounts are shown. Open any other by its customer number at /console/accounts/number."))) } })) }
            (list(&accounts, language))
        };
        Ok(signed_page(signed, title, &content))
    }

    /// Ids from all parts of the directory, at most one page more than are shown.
    async fn first_accounts(&self) -> Result<Vec<AccountId>, Error> {
        let mut ids: Vec<AccountId> = Vec::new();
        for shard in 0..ACCOUNT_SHARDS {
            let mut page = self.table.accounts(shard, None, PAGE).await?;
            while let Some(last) = page.last().cloned() {
                ids.append(&mut page);
                if ids.len() > SHOWN {
                    return Ok(ids);
                }
                page = self.table.accounts(shard, Some(last.as_str()), PAGE).await?;
            }
        }
        Ok(ids)
    }

    pub(crate) async fn new_account(&self, signed: &Signed<'_>) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let plans = self.plans(&self.table.all_catalogues().await?, signed.language);
        let plan = plans.first().map_or("", |(key, _)| key.as_str());
        let values = filled([("account", new_id()?.as_str()), ("country", "DE"), ("language", "de"), ("plan", plan)]);
        Ok(show(signed, Purpose::New(&plans), "new", &values, &[]))
    }

    pub(crate) async fn create_account(
        &self,
        signed: &Signed<'_>,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        // The form brings the id it will have, so that a second click makes no second account.
        let id = AccountId::parse(field(fields, "account")).or_else(|_| new_id())?;
        let catalogues = self.table.all_catalogues().await?;
        let plans = self.plans(&catalogues, signed.language);
        let subscription = self.subscribe(&catalogues, field(fields, "plan"));
        let (mut account, users, subscription) = match (form(fields).read(id), subscription) {
            (Ok((account, users)), Some(subscription)) => (account, users, subscription),
            (read, subscription) => {
                let mut problems = read.err().unwrap_or_default();
                if subscription.is_none() {
                    let expected = plans.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>().join(", ");
                    problems.push(FieldProblem::new("plan", Problem::NotAllowed { expected }));
                }
                return Ok(show(signed, Purpose::New(&plans), "new", fields, &problems));
            }
        };
        if let Some(problem) = self.payer_problem(&account).await? {
            return Ok(show(signed, Purpose::New(&plans), "new", fields, &[problem]));
        }
        if !self.table.create_account(&account, &subscription, Day::of(self.clock.now())).await?
            && self.table.account(&account.id).await? != account
        {
            // The same form with other entries is meant as another account.
            account.id = new_id()?;
            self.table.create_account(&account, &subscription, Day::of(self.clock.now())).await?;
        }
        self.let_sign_in(&account.id, &users).await?;
        Ok(saved(&account.id, signed.language))
    }

    pub(crate) async fn account(&self, signed: &Signed<'_>, account: &str) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let account = self.table.account(&read_id(account)?).await?;
        let users = self.table.users_of(&account.id).await?;
        Ok(show(signed, Purpose::Change(&users), account.id.as_str(), &values(&account), &[]))
    }

    pub(crate) async fn change_account(
        &self,
        signed: &Signed<'_>,
        account: &str,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let known = self.table.account(&read_id(account)?).await?;
        let (account, users) = match form(fields).read(known.id) {
            Ok(read) => read,
            Err(problems) => {
                let users = self.table.users_of(&read_id(account)?).await?;
                return Ok(show(signed, Purpose::Change(&users), account, fields, &problems));
            }
        };
        if let Some(problem) = self.payer_problem(&account).await? {
            let known = self.table.users_of(&account.id).await?;
            return Ok(show(signed, Purpose::Change(&known), account.id.as_str(), fields, &[problem]));
        }
        self.table.save_account(&account).await?;
        self.let_sign_in(&account.id, &users).await?;
        Ok(saved(&account.id, signed.language))
    }

    /// The plans of the newest version of each price list: how a subscription names them, and what people read.
    fn plans(&self, catalogues: &Catalogues, language: Language) -> Vec<(String, String)> {
        let newest = offers::newest(catalogues, Day::of(self.clock.now()));
        let named = newest.into_iter().flat_map(|catalogue| {
            offers::sold(catalogue).map(move |(key, plan)| {
                let parts = catalogue.parts();
                let trial = match plan.trial_days {
                    0 => String::new(),
                    days => language.pick(format!(" – {days} Tage kostenlos"), format!(" – {days} days free")),
                };
                let (list, plan) = (parts.title.get(language), plan.title.get(language));
                (key.to_string(), format!("{list}: {plan} ({}){trial}", parts.version))
            })
        });
        named.collect()
    }

    /// A subscription from today to a plan that is sold, with its free days; `None` if there is no such plan.
    fn subscribe(&self, catalogues: &Catalogues, key: &str) -> Option<Subscription> {
        let (catalogue, plan) = key.rsplit_once('/')?;
        let key = PlanKey { catalogue: catalogue.to_owned(), plan: plan.to_owned() };
        decide::subscribe(catalogues, &key, Day::of(self.clock.now())).ok().map(|decision| decision.after)
    }

    /// Lets addresses sign in to an account.
    async fn let_sign_in(&self, account: &AccountId, users: &[Email]) -> Result<(), Error> {
        for email in users {
            self.table.admit(email, account, self.clock.now()).await?;
        }
        Ok(())
    }

    /// Takes the right to sign in to an account away from somebody.
    pub(crate) async fn remove_user(
        &self,
        signed: &Signed<'_>,
        account: &str,
        user: &str,
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let account = read_id(account)?;
        self.table.revoke(user, &account, self.clock.now()).await?;
        Ok(saved(&account, signed.language))
    }
}

fn new_id() -> Result<AccountId, Error> {
    let text = format!("{}_{}", AccountId::PREFIX, entropy::hex::<8>()?);
    AccountId::parse(&text).map_err(|error| Error::internal("account id", error))
}

fn read_id(text: &str) -> Result<AccountId, Error> {
    AccountId::parse(text).map_err(|_| Error::NotFound("account"))
}

fn saved(account: &AccountId, language: Language) -> Response<Body> {
    see_other(&format!("/console/accounts/{account}?saved=1&lang={}", language.code()))
}

fn form(fields: &[(String, String)]) -> AccountForm<'_> {
    let text = |name| field(fields, name);
    AccountForm {
        name: text("name"),
        street: text("street"),
        postal_code: text("postal_code"),
        city: text("city"),
        country: text("country"),
        vat_id: text("vat_id"),
        billing_email: text("billing_email"),
        language: text("language"),
        payer: text("payer"),
        users: text("users"),
    }
}

fn values(account: &Account) -> Vec<(String, String)> {
    let part = |part: fn(&domain::account::Address) -> &str| account.address.as_ref().map_or("", part);
    filled([
        ("name", &account.name),
        ("street", part(|address| &address.street)),
        ("postal_code", part(|address| &address.postal_code)),
        ("city", part(|address| &address.city)),
        ("country", part(|address| &address.country)),
        ("vat_id", account.vat_id.as_deref().unwrap_or_default()),
        ("billing_email", account.billing_email.as_str()),
        ("language", account.language.code()),
        ("payer", account.payer.as_ref().map_or("", AccountId::as_str)),
    ])
}

fn list(accounts: &[Account], language: Language) -> Markup {
    html! {
        div class="card" {
            @if accounts.is_empty() { p class="empty" { (language.pick("Noch kein Konto.", "No account yet.")) } }
            @else { div class="scroll" { table {
                thead { tr {
                    th { "Name" } th { (language.pick("Kundennummer", "Customer number")) }
                    th { (language.pick("Ort", "Town")) } th { (language.pick("E-Mail-Adresse für Rechnungen", "E-mail address for invoices")) }
                } }
                tbody { @for account in accounts { tr {
                    td { a href={ "/console/accounts/" (account.id) "?lang=" (language.code()) } { (account.name) } }
                    td { (account.id) }
                    td { @match &account.address {
                        Some(address) => { (address.city) @if address.country != "DE" { " (" (address.country) ")" } }
                        None => span class="tag bad" { (language.pick("Anschrift fehlt", "no address")) },
                    } }
                    td { (account.billing_email.as_str()) }
                } } }
            } } }
            p { a class="button quiet" href={ "/console/accounts/new?lang=" (language.code()) } { (language.pick("Konto anlegen", "New account")) } }
        }
    }
}

fn show(
    signed: &Signed<'_>,
    purpose: Purpose<'_>,
    path: &str,
    values: &[(String, String)],
    problems: &[FieldProblem],
) -> Response<Body> {
    let language = signed.language;
    let form = Form { values, problems, language };
    let new = matches!(purpose, Purpose::New(_));
    let title = match purpose {
        Purpose::New(_) => language.pick("Konto anlegen", "New account"),
        Purpose::Change(_) => language.pick("Konto bearbeiten", "Edit account"),
    };
    let content = html! {
        h1 { (title) }
        @if !new { p class="lead" { (language.pick("Kundennummer ", "Customer number ")) (path) } }
        (form.refusal(language.pick("Es wurde noch nichts gespeichert.", "Nothing has been saved yet.")))
        @if problems.is_empty() && query(signed.request, "saved").is_some() {
            (banner("good", &html! { p { (language.pick("Gespeichert.", "Saved.")) } }))
        }
        form class="card" method="post" action={ "/console/accounts/" (path) "?lang=" (language.code()) } novalidate {
            (form_token(signed))
            @if new { input type="hidden" name="account" value=(form.value("account")); }
            @if let Purpose::New(plans) = purpose { (plan_choice(&form, plans)) }
            (form.inputs(&FIELDS))
            (form.choice("language", language.pick("Sprache der Rechnungen und E-Mails", "Language of invoices and e-mails"), &[("de", "Deutsch"), ("en", "English")]))
            (form.area("users", users_label(purpose, language), language.pick(
                "E-Mail-Adressen, je Zeile eine oder mit Komma getrennt, höchstens 20. Eine Einladung wird nicht verschickt: Wer hier steht, meldet sich unter /console/sign-in an.",
                "E-mail addresses, one a line or separated by commas, at most 20. No invitation is sent: whoever is named here signs in at /console/sign-in.")))
            button type="submit" { (language.pick("Speichern", "Save")) }
        }
        @if let Purpose::Change(users) = purpose {
            (user_list(signed, path, users))
            p { a href={ "/console/plan/" (path) "?lang=" (language.code()) } { (language.pick("Tarif und Vertrag", "Plan and subscription")) } }
            p { a href={ "/console/usage/" (path) "?lang=" (language.code()) } { (language.pick("Nutzung", "Usage")) } }
            p { a href={ "/console/support?account=" (path) "&lang=" (language.code()) } { (language.pick("Supportzeit eintragen", "Enter support time")) } }
            p { a href={ "/console/api-keys/" (path) "?lang=" (language.code()) } { (language.pick("API-Schlüssel", "API keys")) } }
            p { a href={ "/console/invoices/" (path) "?lang=" (language.code()) } { (language.pick("Rechnungen und Guthaben", "Invoices and credit")) } }
        }
        p { a href={ "/console/accounts?lang=" (language.code()) } { (language.pick("Alle Konten", "All accounts")) } }
    };
    signed_reply(form.status(), signed, title, &content)
}

/// The plan an account begins with.
fn plan_choice(form: &Form<'_>, plans: &[(String, String)]) -> Markup {
    let language = form.language;
    if plans.is_empty() {
        return banner(
            "bad",
            &html! { p { (language.pick(
            "Es ist noch keine Preisliste veröffentlicht. Ohne Tarif lässt sich kein Konto anlegen.",
            "No price list has been published yet. An account needs a plan.")) } },
        );
    }
    let plans: Vec<(&str, &str)> = plans.iter().map(|(key, label)| (key.as_str(), label.as_str())).collect();
    form.choice("plan", language.pick("Tarif", "Plan"), &plans)
}

/// Those who may sign in, each with a button that takes the right away.
fn user_list(signed: &Signed<'_>, account: &str, users: &[User]) -> Markup {
    let language = signed.language;
    html! {
        div class="card" {
            h2 { (language.pick("Wer sich anmelden darf", "Who may sign in")) }
            @if users.is_empty() { p class="empty" { (language.pick("Noch niemand.", "Nobody yet.")) } }
            @for user in users {
                form class="actions" method="post" action={ "/console/accounts/" (account) "/users/" (user.digest) "/remove?lang=" (language.code()) } {
                    (form_token(signed))
                    span { (user.email) }
                    button class="danger" type="submit" { (language.pick("Entfernen", "Remove")) }
                }
            }
        }
    }
}

const fn users_label(purpose: Purpose<'_>, language: Language) -> &'static str {
    match (purpose, language) {
        (Purpose::New(_), Language::De) => "Wer sich anmelden darf",
        (Purpose::New(_), Language::En) => "Who may sign in",
        (Purpose::Change(_), Language::De) => "Wer sich außerdem anmelden darf",
        (Purpose::Change(_), Language::En) => "Who else may sign in",
    }
}

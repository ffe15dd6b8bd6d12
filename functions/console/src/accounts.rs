//! `/console/accounts`, `/console/accounts/new`, `/console/accounts/{account}`: customers and who signs in
//! for them, for the operator.

mod form;
mod vat;

use domain::account::{Account, PaymentMethod};
use domain::calendar::Day;
use domain::catalog::charge::Issuer;
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
use platform::http::{field, see_other};
use platform::page::banner;
use platform::table::PAGE;
use platform::table::keys::ACCOUNT_SHARDS;

use crate::fields::filled;
use crate::frame::signed_page;
use crate::{Console, Signed, offers};
use form::{Purpose, form, show, values};
use vat::Asked;

/// Most accounts on the list.
const SHOWN: usize = 500;
/// Accounts read at the same time.
const AT_ONCE: usize = 25;

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
        let values = filled([
            ("account", new_id()?.as_str()),
            ("country", "DE"),
            ("language", "de"),
            ("payment", "transfer"),
            ("partner_payment", "transfer"),
            ("plan", plan),
        ]);
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
        let (mut account, users, subscription) = match (form(fields).read(id, None, signed.today), subscription) {
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
        let problems = self.problems_with_others(&account).await?;
        if !problems.is_empty() {
            return Ok(show(signed, Purpose::New(&plans), "new", fields, &problems));
        }
        if !self.table.create_account(&account, &subscription, signed.today).await?
            && without_evidence(self.table.account(&account.id).await?) != account
        {
            // The same form with other entries is meant as another account.
            account.id = new_id()?;
            self.table.create_account(&account, &subscription, signed.today).await?;
        }
        self.let_sign_in(&account.id, &users).await?;
        let asked = self.ask_if_new(&account).await?;
        Ok(saved(&account.id, asked, signed.language))
    }

    pub(crate) async fn account(&self, signed: &Signed<'_>, account: &str) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let account = self.table.account(&read_id(account)?).await?;
        let users = self.table.users_of(&account.id).await?;
        let checks = self.table.vat_checks(&account.id).await?;
        let below = vat::card(signed, &account, &checks);
        Ok(show(signed, Purpose::Change(&users, &below), account.id.as_str(), &values(&account), &[]))
    }

    pub(crate) async fn change_account(
        &self,
        signed: &Signed<'_>,
        account: &str,
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        signed.must_be_operator()?;
        let known = self.table.account(&read_id(account)?).await?;
        let (account, users) = match form(fields).read(known.id, known.terms.vat_check, signed.today) {
            Ok(read) => read,
            Err(problems) => {
                let users = self.table.users_of(&read_id(account)?).await?;
                return Ok(show(signed, Purpose::Change(&users, &html! {}), account, fields, &problems));
            }
        };
        let problems = self.problems_with_others(&account).await?;
        if !problems.is_empty() {
            let known = self.table.users_of(&account.id).await?;
            return Ok(show(signed, Purpose::Change(&known, &html! {}), account.id.as_str(), fields, &problems));
        }
        self.table.save_account(&account).await?;
        self.let_sign_in(&account.id, &users).await?;
        let asked = self.ask_if_new(&account).await?;
        Ok(saved(&account.id, asked, signed.language))
    }

    /// What does not fit to the others an account names: its payer, and who would collect from it.
    async fn problems_with_others(&self, account: &Account) -> Result<Vec<FieldProblem>, Error> {
        let mut problems: Vec<FieldProblem> = self.payer_problem(account).await?.into_iter().collect();
        let ways = [
            ("payment", Issuer::Operator, &account.terms.payment),
            ("partner_payment", Issuer::Partner, &account.terms.partner_payment),
        ];
        for (field, issuer, payment) in ways {
            if matches!(payment, PaymentMethod::DirectDebit(_)) {
                let collects = self.table.issuer(issuer).await?.is_some_and(|known| known.terms.creditor_id.is_some());
                if !collects {
                    problems.push(FieldProblem::new(field, Problem::NoCreditorId));
                }
            }
        }
        Ok(problems)
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
        Ok(saved(&account, None, signed.language))
    }
}

fn new_id() -> Result<AccountId, Error> {
    let text = format!("{}_{}", AccountId::PREFIX, entropy::hex::<8>()?);
    AccountId::parse(&text).map_err(|error| Error::internal("account id", error))
}

fn read_id(text: &str) -> Result<AccountId, Error> {
    AccountId::parse(text).map_err(|_| Error::NotFound("account"))
}

fn saved(account: &AccountId, asked: Option<Asked>, language: Language) -> Response<Body> {
    let asked = Asked::parameter(asked);
    see_other(&format!("/console/accounts/{account}?saved=1&lang={}{asked}", language.code()))
}

/// An account as its form was sent, before anybody was asked about its VAT id.
fn without_evidence(mut account: Account) -> Account {
    account.terms.vat_check = None;
    account
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

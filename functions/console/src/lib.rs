//! Signed-in HTTP: organisers see their events, attendees and invoices; the operator sees the runs.
//!
//! Whoever signs in sees the accounts of the session and nothing else: the account stands in every key
//! that is read. Forms carry a token of the session.

mod accounts;
mod api;
mod api_keys;
mod archive;
mod binding_offers;
mod catalogues;
pub mod config;
mod delivery;
mod dunning;
mod entry;
mod events;
mod fields;
mod figures;
mod frame;
mod home;
mod invoices;
mod issuers;
mod numbers;
mod offers;
mod payers;
mod plan;
mod prices;
mod publish;
mod resend;
mod runs;
mod support;
mod typed_lines;
mod usage;
mod usage_page;

use delivery::SetAside;
use domain::calendar::Day;
use domain::contact::Email;
use domain::ids::AccountId;
use domain::language::Language;
use http::{Method, Response};
use lambda_http::{Body, Request};
use platform::clock::Clock;
use platform::environment::Environment;
use platform::error::{Error, Source};
use platform::http::{cookie, field, form, form_within, problem_json, problem_page, see_other};
use platform::links::{LinkKey, equal};
use platform::objects::Objects;
use platform::queue::Queue;
use platform::secrets;
use platform::table::Table;
use platform::table::users::Access;
use platform::vies::Vies;
use tokio::join;

/// The function.
#[derive(Debug)]
pub struct Console {
    table: Table,
    objects: Objects,
    invoice_queue: Queue,
    links: LinkKey,
    origin: String,
    operators: Vec<Email>,
    set_aside: Vec<SetAside>,
    archive_queue: Queue,
    exports: Objects,
    vies: Vies,
    clock: Clock,
}

/// A request of somebody who is signed in.
pub(crate) struct Signed<'a> {
    pub(crate) request: &'a Request,
    pub(crate) email: Email,
    pub(crate) access: Access,
    pub(crate) language: Language,
    /// Token that forms of this session carry.
    pub(crate) form_token: String,
    /// The local day.
    pub(crate) today: Day,
}

impl Console {
    /// Reads configuration and secrets and makes the clients.
    ///
    /// # Errors
    /// What is missing or cannot be read.
    pub async fn new(environment: &Environment) -> Result<Self, Source> {
        let config = config::Config::read(&environment.variables)?;
        let client = environment.secrets();
        let set_aside = delivery::set_aside(&config, environment);
        let table = Table::new(environment.dynamodb(), config.table_name);
        let (links, ()) = join!(secrets::link_key(&client, &config.link_secret_id), table.connect());
        Ok(Self {
            table,
            objects: Objects::new(environment.s3(), config.bucket_name),
            invoice_queue: Queue::new(environment.sqs(), config.invoice_queue_url),
            links: links?,
            origin: config.public_origin,
            operators: config.operator_emails,
            set_aside,
            archive_queue: Queue::new(environment.sqs(), config.archive_queue_url),
            exports: Objects::new(environment.s3(), config.export_bucket_name),
            vies: Vies::new(config.vies_url),
            clock: environment.clock.clone(),
        })
    }

    /// Answers a request; every error becomes a reply.
    pub async fn handle(&self, request: &Request) -> Response<Body> {
        if request.uri().path().starts_with(api::PREFIX) {
            return self.api(request).await.unwrap_or_else(|error| problem_json(&error, request));
        }
        match self.route(request).await {
            Ok(response) => response,
            // Whoever is not signed in is shown where to.
            Err(Error::Unauthenticated(_)) => see_other("/console/sign-in"),
            Err(error) => problem_page(&error, request),
        }
    }

    async fn route(&self, request: &Request) -> Result<Response<Body>, Error> {
        let path = request.uri().path().trim_end_matches('/').to_owned();
        let segments: Vec<&str> = path.split('/').skip(2).collect();
        let post = match *request.method() {
            Method::GET | Method::HEAD => false,
            Method::POST => true,
            _ => return Err(Error::MethodNotAllowed { allowed: "GET, POST" }),
        };
        match segments.as_slice() {
            ["sign-in"] => return self.sign_in(request, post).await,
            ["sign-in", token] => return self.use_link(request, post, token).await,
            _ => {}
        }
        let signed = self.signed(request).await?;
        if post && matches!(segments.as_slice(), [_, "logo"]) {
            return self.upload_logo(&signed, &segments).await;
        }
        if post {
            // A form of another site cannot know the token (CSRF).
            let fields = match segments.as_slice() {
                ["catalogues"] => form_within(request, catalogues::FORM_LIMIT)?,
                ["invoices", _, "new"] => form_within(request, invoices::FORM_LIMIT)?,
                _ => form(request)?,
            };
            if !equal(field(&fields, "form_token"), &signed.form_token) {
                return Err(Error::Forbidden("the form's token"));
            }
            return self.change(request, &signed, &segments, &fields).await;
        }
        self.show(&signed, &segments).await
    }

    /// What a form that was sent asks for.
    async fn change(
        &self,
        request: &Request,
        signed: &Signed<'_>,
        segments: &[&str],
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        match segments {
            ["sign-out"] => self.sign_out(request).await,
            ["events", account, "new"] => self.publish(signed, &signed.account(account)?, fields).await,
            ["invoices", account, rest @ ..] => {
                self.change_invoices(signed, &signed.any_account(account)?, rest, fields).await
            }
            ["archive", "check"] => self.start_check(signed, fields).await,
            ["archive", "export"] => Box::pin(self.start_export(signed, fields)).await,
            ["delivery", queue] => Box::pin(self.change_delivery(signed, queue, fields)).await,
            ["dunning", rest @ ..] => self.change_dunning(signed, rest, fields).await,
            ["offers", account, rest @ ..] => {
                self.change_offers(signed, &signed.any_account(account)?, rest, fields).await
            }
            ["operator" | "partner", ..] => self.change_issuers(signed, segments, fields).await,
            ["plan", account] => self.change_plan(signed, account, fields).await,
            ["api-keys", path] => self.create_api_key(signed, path, fields).await,
            ["api-keys", path, key, "revoke"] => self.revoke_api_key(signed, path, key).await,
            ["catalogues"] => self.publish_catalogue(signed, fields).await,
            ["support"] => self.enter_support(signed, fields).await,
            ["runs", "dry"] => self.start_dry_run(signed, fields).await,
            ["runs", month, "evaluate"] => self.evaluate_again(signed, month, fields).await,
            ["accounts", "new"] => self.create_account(signed, fields).await,
            ["accounts", account, "users", user, "remove"] => self.remove_user(signed, account, user).await,
            ["accounts", account, "vat-check"] => self.check_vat_id(signed, account).await,
            ["accounts", account] => self.change_account(signed, account, fields).await,
            _ => Err(Error::NotFound("path")),
        }
    }

    /// The page of an address.
    async fn show(&self, signed: &Signed<'_>, segments: &[&str]) -> Result<Response<Body>, Error> {
        match segments {
            [] => self.home(signed).await,
            ["events", account, "new"] => self.publish_form(signed, &signed.account(account)?).await,
            ["events", account, event] => self.event(signed, &signed.account(account)?, event).await,
            ["offers", account, rest @ ..] => self.show_offers(signed, &signed.any_account(account)?, rest).await,
            ["invoices", account, rest @ ..] => self.show_invoices(signed, &signed.any_account(account)?, rest).await,
            ["plan", account] => self.plan(signed, account).await,
            ["api-keys", path] => self.api_keys(signed, path).await,
            ["catalogues"] => self.catalogues(signed).await,
            ["catalogues", key] => self.catalogue(signed, key).await,
            ["catalogues", key, "file"] => self.catalogue_file(signed, key).await,
            ["archive"] => Box::pin(self.archives(signed)).await,
            ["archive", account] => Box::pin(self.archive(signed, &signed.any_account(account)?)).await,
            ["archive", "exports", id, file] => self.export_file(signed, id, file).await,
            ["archive", account, invoice, index] => self.document(&signed.any_account(account)?, invoice, index).await,
            ["delivery"] => Box::pin(self.delivery(signed)).await,
            ["runs"] => self.runs(signed).await,
            ["usage", account] => self.usage_page(signed, account).await,
            ["support"] => self.support(signed).await,
            ["runs", "dry", month] => self.dry_run(signed, month).await,
            ["figures"] => self.figures(signed, "").await,
            ["figures", period] => self.figures(signed, period).await,
            ["dunning", rest @ ..] => self.dunning(signed, rest).await,
            ["operator" | "partner", ..] => self.issuers(signed, segments).await,
            ["accounts"] => self.accounts(signed).await,
            ["accounts", "new"] => self.new_account(signed).await,
            ["accounts", account] => self.account(signed, account).await,
            _ => Err(Error::NotFound("path")),
        }
    }

    async fn show_invoices(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        rest: &[&str],
    ) -> Result<Response<Body>, Error> {
        match rest {
            [] => self.invoice_list(signed, account).await,
            ["new"] => self.new_invoice(signed, account).await,
            ["drafts", draft] => self.draft(signed, account, draft).await,
            ["drafts", draft, "edit"] => self.edit_draft(signed, account, draft).await,
            [invoice] => self.invoice(signed, account, invoice).await,
            [invoice, "pdf"] => self.pdf(account, invoice).await,
            [invoice, "cancel"] => self.cancel_form(signed, account, invoice).await,
            [invoice, "payment"] => self.payment_form(signed, account, invoice).await,
            _ => Err(Error::NotFound("path")),
        }
    }

    async fn change_invoices(
        &self,
        signed: &Signed<'_>,
        account: &AccountId,
        rest: &[&str],
        fields: &[(String, String)],
    ) -> Result<Response<Body>, Error> {
        match rest {
            ["new"] => self.enter_invoice(signed, account, fields).await,
            ["pay-back"] => self.note_pay_back(signed, account, fields).await,
            ["drafts", draft] => self.decide_draft(signed, account, draft, fields).await,
            [invoice, "cancel"] => self.cancel_invoice(signed, account, invoice, fields).await,
            [invoice, "payment"] => self.enter_payment(signed, account, invoice, fields).await,
            [invoice, "resend"] => self.resend(signed, account, invoice, fields).await,
            [invoice, "links"] => self.revoke_links(signed, account, invoice).await,
            [invoice, "correct"] => self.correct_invoice(signed, account, invoice).await,
            _ => Err(Error::NotFound("path")),
        }
    }

    async fn signed<'a>(&self, request: &'a Request) -> Result<Signed<'a>, Error> {
        let token = cookie(request, entry::COOKIE).ok_or(Error::Unauthenticated("no session"))?;
        let session = self.table.session(&token, self.clock.now()).await?;
        let session = session.ok_or(Error::Unauthenticated("no such session"))?;
        // Rights are looked up each time, so that taking them away takes effect at once.
        let access = self.access(&session.email).await?.ok_or(Error::Unauthenticated("no such user"))?;
        let language = platform::http::language(request);
        Ok(Signed {
            request,
            email: session.email,
            access,
            language,
            form_token: self.links.form(&token),
            today: Day::of(self.clock.now()),
        })
    }

    /// What an address may see: what is stored for it, and the operator's pages for those configured.
    async fn access(&self, email: &Email) -> Result<Option<Access>, Error> {
        let operator = self.operators.iter().any(|known| known.normal() == email.normal());
        let accounts = self.table.user(email).await?.unwrap_or_default();
        Ok((operator || !accounts.is_empty()).then_some(Access { accounts, operator }))
    }
}

impl Signed<'_> {
    /// The account in an address, if the session may see it; otherwise there is none.
    fn account(&self, text: &str) -> Result<AccountId, Error> {
        match AccountId::parse(text) {
            Ok(account) if self.access.accounts.contains(&account) => Ok(account),
            _ => Err(Error::NotFound("account")),
        }
    }

    /// The account in an address, if the session may see its invoices: the operator sees those of all.
    fn any_account(&self, text: &str) -> Result<AccountId, Error> {
        match AccountId::parse(text) {
            Ok(account) if self.access.operator => Ok(account),
            _ => self.account(text),
        }
    }
}

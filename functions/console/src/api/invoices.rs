//! `POST /api/v1/invoices`, `GET /api/v1/invoices/{id}` and `POST /api/v1/invoices/{id}/issue`: invoices written by a
//! program of the operator, as drafts or issued at once.

use domain::account::Account;
use domain::api_key::Scope;
use domain::calendar::Day;
use domain::catalog::charge::Issuer;
use domain::collection::payable_on;
use domain::ids::{AccountId, InvoiceId};
use domain::invoice::{Draft, Invoice};
use domain::manual::form::{LineForm, ManualForm};
use domain::payment::PaymentState;
use domain::problem::{FieldProblem, Problem};
use http::{Method, Response, StatusCode};
use lambda_http::{Body, Request};
use platform::entropy;
use platform::error::Error;
use platform::http::{body_within, header, json_reply, query};
use platform::links::digest;
use platform::table::invoices::Standing;
use platform::table::keys;
use platform::table::manual::Kept;
use platform::table::singles::{Issued, Single, derived_id};
use platform::table::write::{Outcome, Write, text};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::Console;

/// Most bytes of a body: 200 lines with long texts.
const LIMIT: usize = 256 * 1024;
/// Longest Idempotency-Key, in bytes.
const KEY_LENGTH: usize = 255;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InvoiceJson {
    #[serde(default)]
    account: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    issuer: String,
    #[serde(default)]
    lines: Vec<LineJson>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    order_reference: String,
    #[serde(default)]
    due_days: Option<u64>,
    #[serde(default)]
    issue: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineJson {
    #[serde(default)]
    text: String,
    #[serde(default)]
    quantity: Option<Box<RawValue>>,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    unit_price: Option<Box<RawValue>>,
    #[serde(default)]
    vat: Option<Box<RawValue>>,
    #[serde(default)]
    first_day: String,
    #[serde(default)]
    last_day: String,
}

#[derive(Serialize)]
struct VatJson {
    category: &'static str,
    percent: String,
    taxable: String,
    vat: String,
}

#[derive(Serialize)]
struct ReplyJson {
    id: String,
    account: String,
    /// `draft` or `issued`.
    state: &'static str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_on: Option<String>,
    due_on: String,
    currency: &'static str,
    net: String,
    vat: Vec<VatJson>,
    gross: String,
    credit: String,
    due: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    received: Option<String>,
    references: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled_by: Option<String>,
}

/// A request that carries an Idempotency-Key.
struct Repeatable {
    digest: String,
    body: String,
}

impl Console {
    /// Answers a program that writes or reads an invoice.
    pub(crate) async fn invoices_json(&self, request: &Request, rest: &[&str]) -> Result<Response<Body>, Error> {
        let now = self.clock.now();
        let key = self.table.authenticate(request, Scope::InvoicesWrite, now).await?;
        match (request.method(), rest) {
            (&Method::POST, []) => self.write_json(request, &key.id).await,
            (&Method::GET, [id]) => self.read_json(request, id).await,
            (&Method::POST, [id, "issue"]) => self.issue_json(request, id).await,
            (_, []) | (_, [_, "issue"]) => Err(Error::MethodNotAllowed { allowed: "POST" }),
            (_, [_]) => Err(Error::MethodNotAllowed { allowed: "GET" }),
            _ => Err(Error::NotFound("path")),
        }
    }

    async fn write_json(&self, request: &Request, key: &str) -> Result<Response<Body>, Error> {
        let bytes = body_within(request, "application/json", LIMIT)?;
        let json: InvoiceJson = read(bytes)?;
        let repeatable = repeatable(request, key, bytes)?;
        let (account, entered) = self.entered_json(&json).await?;
        let id = match &repeatable {
            Some(repeatable) => derived_id(&repeatable.digest, "request")?,
            None => entropy::invoice_id()?,
        };
        let kept = Kept::new(id, entered, Day::of(self.clock.now()));
        let seller = self.seller(kept.entered.issuer).await?;
        let single = kept.single(&seller, &account, Day::of(self.clock.now())).map_err(held)?;
        self.keep_once(&account.id, &kept, repeatable.as_ref()).await?;
        if json.issue {
            return self.issue_kept(&account.id, &kept.id, StatusCode::CREATED).await;
        }
        match self.table.invoice(&account.id, &kept.id).await {
            // A repetition of a request whose draft has been issued since.
            Ok(standing) => Ok(json_reply(StatusCode::CREATED, &issued(&standing))),
            Err(Error::NotFound(_)) => Ok(json_reply(StatusCode::CREATED, &draft(&single, Day::of(self.clock.now())))),
            Err(error) => Err(error),
        }
    }

    /// What the body says, with the account it is for; everything that is wrong at once.
    async fn entered_json(&self, json: &InvoiceJson) -> Result<(Account, domain::manual::Entered), Error> {
        let texts: Vec<[String; 3]> = json
            .lines
            .iter()
            .map(|line| [&line.quantity, &line.unit_price, &line.vat].map(|value| as_written(value.as_deref())))
            .collect();
        let lines = json.lines.iter().zip(&texts).map(|(line, [quantity, unit_price, vat])| LineForm {
            text: &line.text,
            quantity,
            unit: &line.unit,
            unit_price,
            vat,
            first_day: &line.first_day,
            last_day: &line.last_day,
        });
        let due_days = json.due_days.map(|days| days.to_string()).unwrap_or_default();
        let form = ManualForm {
            kind: &json.kind,
            issuer: &json.issuer,
            lines: lines.collect(),
            note: &json.note,
            order_reference: &json.order_reference,
            due_days: &due_days,
        };
        let mut problems = Vec::new();
        let account = match AccountId::parse(&json.account) {
            Ok(id) => match self.table.account(&id).await {
                Ok(account) => Some(account),
                Err(Error::NotFound(_)) => None,
                Err(error) => return Err(error),
            },
            Err(_) => None,
        };
        if account.is_none() {
            let problem = if json.account.is_empty() { Problem::Missing } else { Problem::UnknownAccount };
            problems.push(FieldProblem::new("account", problem));
        }
        let entered = form.read().map_err(|found| problems.extend(found)).ok();
        if json.issuer == Issuer::Partner.code() && !self.has_partner().await? {
            let known = vec![Issuer::Operator.code().to_owned()];
            problems.push(FieldProblem::new("issuer", Problem::NotOneOf { known }));
        }
        match (account, entered) {
            (Some(account), Some(entered)) if problems.is_empty() => Ok((account, entered)),
            _ => Err(Error::Invalid(problems)),
        }
    }

    /// Keeps the draft, once for each Idempotency-Key.
    async fn keep_once(&self, account: &AccountId, kept: &Kept, repeatable: Option<&Repeatable>) -> Result<(), Error> {
        #[derive(Deserialize)]
        struct Known {
            body: String,
        }
        let Some(repeatable) = repeatable else {
            return match self.table.keep_draft(account, kept).await? {
                true => Ok(()),
                false => Err(Error::Contended),
            };
        };
        let key = keys::invoice_request(&repeatable.digest);
        // Kept for good, as invoices are: a request that comes again after years must not make a second one.
        let mark = Write::update(key.clone()).if_absent().set("body", text(&repeatable.body));
        let outcome = self.table.keep_draft_with(account, kept, mark).await?;
        if outcome == Outcome::Committed {
            return Ok(());
        }
        match self.table.read::<Known>(&key, "request").await? {
            Some(known) if known.body == repeatable.body => Ok(()),
            Some(_) => Err(Error::KeyReused),
            None => Err(Error::Contended),
        }
    }

    async fn read_json(&self, request: &Request, id: &str) -> Result<Response<Body>, Error> {
        let (account, id) = named(request, id)?;
        if let Some(kept) = self.table.kept_draft(&account, &id).await? {
            let account = self.table.account(&account).await?;
            let seller = self.seller(kept.entered.issuer).await?;
            let single = kept.single(&seller, &account, Day::of(self.clock.now())).map_err(held)?;
            return Ok(json_reply(StatusCode::OK, &draft(&single, Day::of(self.clock.now()))));
        }
        Ok(json_reply(StatusCode::OK, &issued(&self.table.invoice(&account, &id).await?)))
    }

    async fn issue_json(&self, request: &Request, id: &str) -> Result<Response<Body>, Error> {
        let (account, id) = named(request, id)?;
        self.issue_kept(&account, &id, StatusCode::OK).await
    }

    /// Issues a draft; one that was issued before is answered alike.
    async fn issue_kept(
        &self,
        account: &AccountId,
        id: &InvoiceId,
        status: StatusCode,
    ) -> Result<Response<Body>, Error> {
        let now = self.clock.now();
        let Some(kept) = self.table.kept_draft(account, id).await? else {
            return Ok(json_reply(status, &issued(&self.table.invoice(account, id).await?)));
        };
        let details = self.table.account(account).await?;
        let seller = self.seller(kept.entered.issuer).await?;
        let single = kept.single(&seller, &details, Day::of(now)).map_err(held)?;
        match self.table.issue_draft(&kept, &single, now).await? {
            Issued::Now(_) => Ok(json_reply(status, &issued(&self.table.invoice(account, id).await?))),
            Issued::Before(standing) => Ok(json_reply(status, &issued(&standing))),
            // Changed or discarded in the console at this moment.
            Issued::Refused => Err(Error::Contended),
        }
    }
}

/// Reads the body. A struct would be read from a JSON array as well, which nobody means.
fn read(bytes: &[u8]) -> Result<InvoiceJson, Error> {
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(Error::Malformed("expected an object".to_owned()));
    }
    serde_json::from_slice(bytes).map_err(|error| Error::Malformed(error.to_string()))
}

/// A number exactly as it was written, or the text it was written in; anything else as it is, to be told as wrong.
fn as_written(value: Option<&RawValue>) -> String {
    let Some(value) = value else { return String::new() };
    serde_json::from_str::<String>(value.get()).unwrap_or_else(|_| value.get().to_owned())
}

fn repeatable(request: &Request, key: &str, bytes: &[u8]) -> Result<Option<Repeatable>, Error> {
    match header(request, "idempotency-key") {
        None => Ok(None),
        Some(sent) if sent.is_empty() || sent.len() > KEY_LENGTH => {
            let expected = format!("1 to {KEY_LENGTH} characters");
            Err(Error::Invalid(vec![FieldProblem::new("Idempotency-Key", Problem::NotAllowed { expected })]))
        }
        Some(sent) => Ok(Some(Repeatable {
            digest: digest(&format!("{key}\n{sent}")),
            body: digest(&String::from_utf8_lossy(bytes)),
        })),
    }
}

/// The account and the invoice that an address names.
fn named(request: &Request, id: &str) -> Result<(AccountId, InvoiceId), Error> {
    let account = query(request, "account").unwrap_or_default();
    match (AccountId::parse(&account), InvoiceId::parse(id)) {
        (Ok(account), Ok(id)) => Ok((account, id)),
        _ => Err(Error::NotFound("invoice")),
    }
}

fn held(reason: domain::rating::HoldReason) -> Error {
    Error::Invalid(vec![FieldProblem::new("account", Problem::Held(reason))])
}

/// A draft, as if it were issued on a day.
fn draft(single: &Single, today: Day) -> ReplyJson {
    let due_on = payable_on(&single.draft, &single.seller, today, single.due_on);
    reply(&single.id, &single.draft, due_on, "draft")
}

fn issued(standing: &Standing) -> ReplyJson {
    let Invoice { id, number, issued_on, due_on, draft, seller, .. } = &standing.invoice;
    let due_on = payable_on(draft, seller, *issued_on, *due_on);
    ReplyJson {
        number: Some(number.to_string()),
        issued_on: Some(issued_on.to_string()),
        payment: Some(match standing.payment() {
            PaymentState::Open => "open",
            PaymentState::PartlyPaid => "partly_paid",
            PaymentState::Paid => "paid",
            PaymentState::Overpaid => "overpaid",
            PaymentState::Cancelled => "cancelled",
        }),
        received: Some(standing.kept().plain()),
        cancelled_by: standing.cancelled_by.as_ref().map(ToString::to_string),
        ..reply(id, draft, due_on, "issued")
    }
}

fn reply(id: &InvoiceId, draft: &Draft, due_on: Day, state: &'static str) -> ReplyJson {
    let totals = &draft.totals;
    let vat = totals.vat.iter().map(|group| VatJson {
        category: group.treatment.category(),
        percent: group.treatment.percent().to_string(),
        taxable: group.taxable.plain(),
        vat: group.vat.plain(),
    });
    ReplyJson {
        id: id.to_string(),
        account: draft.buyer.id.to_string(),
        state,
        kind: draft.kind.code(),
        number: None,
        issued_on: None,
        due_on: due_on.to_string(),
        currency: totals.gross.currency().code(),
        net: totals.net.plain(),
        vat: vat.collect(),
        gross: totals.gross.plain(),
        credit: draft.credit.plain(),
        due: draft.due().plain(),
        payment: None,
        received: None,
        references: draft.references.iter().map(|reference| reference.number.clone()).collect(),
        cancelled_by: None,
    }
}

//! `POST /api/v1/usage`: a program reports what an account used.

mod read;

use domain::api_key::{KeyOwner, Scope};
use domain::problem::{FieldProblem, Problem};
use domain::usage::report::problem::RecordProblem;
use domain::usage::report::{MOST_RECORDS, RawReport, Report, Reporting};
use http::{Method, Response, StatusCode};
use lambda_http::{Body, Request};
use platform::error::Error;
use platform::http::{FieldJson, body_within, json_reply, language, media_type};
use platform::table::usage::{Noted, Reporter};
use serde::Serialize;

use crate::Console;

/// Most bytes of a request: 500 records of half a kilobyte each.
const BODY_LIMIT: usize = 256 * 1024;
/// What the body may be: our own JSON, or CloudEvents 1.0 alone and in batches.
const ACCEPTED: &str = "application/json, application/cloudevents+json, application/cloudevents-batch+json";

/// What became of the records of a request, in their order.
#[derive(Serialize)]
struct ResultsJson {
    accepted: usize,
    duplicate: usize,
    invalid: usize,
    results: Vec<ResultJson>,
}

#[derive(Serialize)]
struct ResultJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    result: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldJson>,
}

impl Console {
    /// Keeps what can be kept and says of each record what became of it.
    pub(crate) async fn usage(&self, request: &Request) -> Result<Response<Body>, Error> {
        if request.method() != Method::POST {
            return Err(Error::MethodNotAllowed { allowed: "POST" });
        }
        let (now, language) = (self.clock.now(), language(request));
        let key = self.table.authenticate(request, Scope::UsageWrite, now).await?;
        let KeyOwner::Account(account) = &key.owner else { return Err(Error::NotFound("account")) };
        let bytes = body_within(request, ACCEPTED, BODY_LIMIT)?;
        let raw = read::records(bytes, media_type(request))?;
        if raw.len() > MOST_RECORDS {
            let problem = Problem::Record(RecordProblem::TooMany { most: MOST_RECORDS });
            return Err(Error::Invalid(vec![FieldProblem::new("records", problem)]));
        }
        let payer = self.table.account(account).await?.payer;
        let payer = payer.as_ref().unwrap_or(account);
        let subscription = self.table.subscription(payer).await?.subscription;
        let catalogues = self.table.catalogues_of(&subscription).await?;
        let reporting =
            Reporting { catalogues: &catalogues, subscription: &subscription, by_operator: key.by_operator, now };
        let read: Vec<Result<Report, Vec<FieldProblem>>> = raw.iter().map(|raw| reporting.read(raw)).collect();
        let reports: Vec<Report> = read.iter().filter_map(|read| read.as_ref().ok()).cloned().collect();
        let noted = self.table.record_usage(Reporter { account, payer, now }, &reports).await?;
        let mut noted = noted.into_iter();
        let results = raw.into_iter().zip(read).map(|(raw, read)| {
            let RawReport { source, id, .. } = raw;
            let (result, errors) = match read {
                Ok(_) if noted.next() == Some(Noted::Accepted) => ("accepted", Vec::new()),
                Ok(_) => ("duplicate", Vec::new()),
                Err(problems) => {
                    ("invalid", problems.iter().map(|problem| FieldJson::new(problem, language)).collect())
                }
            };
            ResultJson { source, id, result, errors }
        });
        let results: Vec<ResultJson> = results.collect();
        let count = |kind| results.iter().filter(|one| one.result == kind).count();
        let (accepted, duplicate, invalid) = (count("accepted"), count("duplicate"), count("invalid"));
        tracing::info!(usage.accepted = accepted, usage.duplicate = duplicate, usage.invalid = invalid, "reported");
        Ok(json_reply(StatusCode::OK, &ResultsJson { accepted, duplicate, invalid, results }))
    }
}

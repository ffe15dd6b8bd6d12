//! `/_local/runs`: how far the runs are, as JSON for the command line, and dry runs.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use domain::calendar::Month;
use domain::language::{Language, Text};
use platform::clock::Clock;
use platform::queue::Part;
use platform::table::Table;
use platform::table::dry_runs::{DryPart, DryResult};
use platform::table::runs::{INVOICE, Run, Shard};
use serde_json::{Value, json};

use crate::Failure;
use crate::queue::Queues;

/// Runs that are told of.
const RUNS: i32 = 12;
/// Accounts of a dry run that are told of: those that differ most.
const RESULTS: i32 = 50;
/// Held accounts that are told of.
const HELD: i32 = 100;

/// What the pages need.
#[derive(Clone)]
pub(crate) struct Runs {
    pub(crate) table: Table,
    pub(crate) queues: Queues,
    pub(crate) clock: Clock,
}

impl Runs {
    /// Its pages.
    pub(crate) fn pages(self) -> Router {
        Router::new()
            .route("/_local/runs", get(show))
            .route("/_local/runs/dry/{month}", get(show_dry).post(start_dry))
            .with_state(self)
    }
}

fn answer(result: Result<Option<Value>, Failure>) -> Response {
    match result {
        Ok(Some(value)) => Json(value).into_response(),
        Ok(None) => (StatusCode::NOT_FOUND, "there is no such run").into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn show(State(runs): State<Runs>) -> Response {
    answer(runs.all().await.map(Some))
}

async fn show_dry(State(runs): State<Runs>, Path(month): Path<String>) -> Response {
    answer(runs.dry(&month).await)
}

async fn start_dry(State(runs): State<Runs>, Path(month): Path<String>) -> Response {
    answer(runs.start(&month).await)
}

impl Runs {
    async fn all(&self) -> Result<Value, Failure> {
        let mut all = Vec::new();
        for run in self.table.last_runs(INVOICE, RUNS).await? {
            let parts = self.table.shards(INVOICE, &run.period, run.shards).await?;
            let held = self.table.held(Month::parse(&run.period)?, HELD).await?;
            let held: Vec<Value> = held
                .iter()
                .map(|one| json!({ "account": one.account.as_str(), "issuer": one.issuer.code(), "reasons": english(&one.reasons) }))
                .collect();
            all.push(json!({
                "month": run.period, "issued_on": run.issued_on, "permille": run.permille(&parts), "held": held,
                "parts": parts.iter().enumerate().map(|(index, shard)| part(&run, index, shard)).collect::<Value>(),
            }));
        }
        Ok(json!({ "runs": all }))
    }

    async fn start(&self, month: &str) -> Result<Option<Value>, Failure> {
        let (month, now) = (Month::parse(month)?, self.clock.now());
        if month > Month::of(now) {
            return Ok(None);
        }
        let run = self.table.start_dry_run(month, now).await?;
        for part in Part::dry(&run) {
            self.queues.send("invoice-run", serde_json::to_string(&part)?)?;
        }
        Ok(Some(json!({ "id": run.id })))
    }

    async fn dry(&self, month: &str) -> Result<Option<Value>, Failure> {
        let Some(run) = self.table.dry_run(Month::parse(month)?).await? else { return Ok(None) };
        let parts = self.table.dry_parts(&run).await?;
        let sum = DryPart::sum(&parts);
        let results = self.table.dry_results(&run, None, RESULTS).await?;
        let held = self.table.dry_held(&run, HELD).await?;
        Ok(Some(json!({
            "month": run.month.to_string(), "id": run.id, "done": sum.done, "permille": run.permille(&parts),
            "accounts": sum.accounts, "billed": sum.billed, "held": sum.held,
            "net_cents": sum.net_cents, "partner_cents": sum.partner_cents, "before_cents": sum.before_cents,
            "results": results.iter().map(|(_, result)| told(result)).collect::<Value>(),
            "held_accounts": held.iter().map(told).collect::<Value>(),
        })))
    }
}

fn part(run: &Run, index: usize, shard: &Shard) -> Value {
    let accounts = run.accounts_of(index);
    json!({
        "phase": shard.phase, "permille": shard.permille(accounts), "accounts": shard.accounts, "of": accounts,
        "drafts": shard.drafts(), "invoices": shard.invoices(), "nothing": shard.nothing, "held": shard.held.max(0),
        "void": shard.void,
    })
}

/// The terminal speaks English.
fn english(reasons: &[Text]) -> Vec<&str> {
    reasons.iter().map(|reason| reason.get(Language::En)).collect()
}

fn told(result: &DryResult) -> Value {
    json!({
        "account": result.account.as_str(), "name": result.name, "net_cents": result.net.cents(),
        "before_cents": result.before.cents(), "reasons": english(&result.reasons),
    })
}

//! Monthly: turns the month that is over into invoices, one per account that has something to pay.
//!
//! The schedule starts the planner, which puts one message per part of the directory of accounts on the
//! queue; each message is worked on by [`worker`]. Any of it may run again at any time (G4).

pub mod config;
mod dry;
mod evaluate;
mod settle;
pub mod worker;

use std::collections::BTreeMap;
use std::time::Duration;

use aws_lambda_events::event::sqs::SqsEvent;
use domain::calendar::{Day, Instant, Month};
use domain::catalog::charge::Issuer;
use domain::invoice::Issuing;
use platform::clock::Clock;
use platform::environment::Environment;
use platform::error::Error;
use platform::queue::{Part, Queue};
use platform::table::Table;
use platform::table::keys::ACCOUNT_SHARDS;
use platform::table::runs::{INVOICE, Run};
use platform::telemetry;
use serde::Deserialize;
use serde_json::{Value, json};

/// Runs looked back at.
const KNOWN: i32 = 12;
/// Most months between the oldest of those and now.
const MOST_MONTHS: usize = 24;

/// The function.
#[derive(Clone, Debug)]
pub struct InvoiceRun {
    table: Table,
    queue: Queue,
    clock: Clock,
}

/// What the schedule, or a person, starts a run with.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Start {
    /// The month, such as `2026-11`; the one before the present one if it is not given.
    #[serde(default)]
    pub month: Option<String>,
}

impl InvoiceRun {
    /// Reads the configuration and makes the clients.
    ///
    /// # Errors
    /// [`config::ConfigError`] naming every missing variable.
    pub fn new(environment: &Environment) -> Result<Self, config::ConfigError> {
        let config = config::Config::read(&environment.variables)?;
        Ok(Self {
            table: Table::new(environment.dynamodb(), config.table_name),
            queue: Queue::new(environment.sqs(), config.invoice_queue_url),
            clock: environment.clock.clone(),
        })
    }

    /// A batch of the queue is worked on, anything else starts a run.
    ///
    /// # Errors
    /// As [`InvoiceRun::plan`]; parts that fail are named in the answer instead.
    pub async fn handle(&self, event: Value, time_left: Duration) -> Result<Value, Error> {
        let unreadable = |error: serde_json::Error| Error::Malformed(error.to_string());
        if event.get("Records").is_some() {
            let failed = self.work_all(serde_json::from_value(event).map_err(unreadable)?, time_left).await;
            let failed: Vec<Value> = failed.into_iter().map(|id| json!({ "itemIdentifier": id })).collect();
            return Ok(json!({ "batchItemFailures": failed }));
        }
        let run = self.plan(&serde_json::from_value(event).map_err(unreadable)?).await?;
        Ok(json!({ "month": run.period, "parts": run.shards }))
    }

    /// Plans the run of a month: once every day of it is counted, one message per part.
    ///
    /// # Errors
    /// [`Error::NotYet`] while the month is not over, usage is uncounted or the operator is not entered;
    /// [`Error::Malformed`] for a month that is none.
    #[tracing::instrument(name = "plan", skip_all)]
    pub async fn plan(&self, start: &Start) -> Result<Run, Error> {
        let now = self.clock.now();
        let Some(text) = &start.month else { return self.catch_up(Month::of(now).previous(), now).await };
        let month = Month::parse(text).map_err(|error| Error::Malformed(error.to_string()))?;
        self.plan_month(month, now).await
    }

    /// Plans every month since the oldest of the last runs that has none, so that one that never started is not lost, and
    /// again those that are not done or hold accounts.
    async fn catch_up(&self, month: Month, now: Instant) -> Result<Run, Error> {
        let mut known = BTreeMap::new();
        for run in self.table.last_runs(INVOICE, KNOWN).await? {
            known.insert(Month::parse(&run.period).map_err(|error| Error::corrupt("run", error))?, run);
        }
        let mut next = known.keys().next().copied().unwrap_or(month);
        for _ in 0..MOST_MONTHS {
            if next >= month {
                break;
            }
            let is_done = match known.get(&next) {
                Some(run) => !self.table.is_open(run).await?,
                None => false,
            };
            if !is_done {
                self.plan_month(next, now).await?;
            }
            next = next.next();
        }
        self.plan_month(month, now).await
    }

    async fn plan_month(&self, month: Month, now: Instant) -> Result<Run, Error> {
        if now < month.end() {
            return Err(Error::NotYet(format!("the month {month} is not over")));
        }
        if self.table.has_uncounted(month.last()).await? {
            return Err(Error::NotYet(format!("usage of {month} is not counted yet")));
        }
        let sellers = self.sellers().await?;
        let today = Day::of(now);
        let issuing = Issuing::on(sellers.issuers(), today);
        let series = |issuer| issuing.series(issuer).map(ToOwned::to_owned);
        let run = Run {
            issued_on: today.to_string(),
            series: series(Issuer::Operator).unwrap_or_default(),
            partner_series: series(Issuer::Partner),
            shards: ACCOUNT_SHARDS,
            accounts: self.table.accounts_by_part().await?,
            ..Run::starting(month.to_string(), now)
        };
        // A run that was started before keeps its date and series.
        let run = self.table.start_run(INVOICE, &run).await?;
        of_this_version(&run)?;
        self.queue.send_parts(&Part::all(month, run.shards)).await?;
        tracing::info!(run.period = %month, run.parts = run.shards, "planned");
        Ok(run)
    }

    /// Works on the parts of a batch; gives the ids of those that failed, so that only they come again.
    /// A message that cannot be read fails too, and ends in the dead-letter queue.
    pub async fn work_all(&self, batch: SqsEvent, time_left: Duration) -> Vec<String> {
        let mut failed = Vec::new();
        for record in batch.records {
            let part = serde_json::from_str::<Part>(record.body.as_deref().unwrap_or_default());
            let result = match part {
                Ok(part) => self.work(&part, time_left).await,
                Err(error) => Err(Error::Malformed(error.to_string())),
            };
            if let Err(error) = result {
                telemetry::failure(&error);
                failed.extend(record.message_id);
            }
        }
        failed
    }
}

/// A run of an earlier version is left alone: its accounts would look as if they had never been billed.
pub(crate) fn of_this_version(run: &Run) -> Result<(), Error> {
    let refused = || Error::Malformed(format!("the run of {} was made by an earlier version", run.period));
    if run.is_of_this_version() { Ok(()) } else { Err(refused()) }
}

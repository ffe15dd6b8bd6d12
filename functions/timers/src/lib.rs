//! Every minute: does what is due, and hands mails that were not sent to the deliver queue again. Every hour: tells of
//! runs that should have begun or ended.
//!
//! Each timer is deleted in the transaction that does its task, so doing it again finds nothing to do (G4).

pub mod config;

use chrono::Timelike;
use domain::calendar::{Day, Instant};
use domain::dunning::{DunningTable, is_open};
use domain::run::overdue;
use domain::timer::{Task, Timer};
use platform::clock::Clock;
use platform::environment::Environment;
use platform::error::Error;
use platform::queue::Queue;
use platform::table::Table;
use platform::table::dunning::{Looked, When};
use platform::table::notices::LOST_AFTER;
use platform::table::offers::DownPaid;
use platform::telemetry;
use serde::Serialize;

/// Most timers of each part done in one invocation; the rest is due a minute later.
const TIMERS: i32 = 100;
/// Most unsent mails of each part handed on in one invocation.
const UNSENT: i32 = 50;
/// Most open invoices of each part looked at in one invocation.
const OPEN: i32 = 25;
/// Minute of the hour at which runs are looked at.
const LOOK_AT_RUNS: u32 = 30;

/// The function.
#[derive(Clone, Debug)]
pub struct Timers {
    table: Table,
    deliver: Queue,
    clock: Clock,
}

/// What an invocation did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Tasks done.
    pub done: u64,
    /// Tasks that failed and stay due.
    pub failed: u64,
    /// Unsent mails handed on again.
    pub resent: u64,
    /// Runs that should have begun or ended; looked for once an hour.
    pub overdue: u64,
    /// Reminders of unpaid invoices that are owed now.
    #[serde(skip_serializing_if = "is_zero")]
    pub reminded: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Timers {
    /// Reads the configuration and makes the clients.
    ///
    /// # Errors
    /// [`config::ConfigError`] naming every missing variable.
    pub fn new(environment: &Environment) -> Result<Self, config::ConfigError> {
        let config = config::Config::read(&environment.variables)?;
        Ok(Self {
            table: Table::new(environment.dynamodb(), config.table_name),
            deliver: Queue::new(environment.sqs(), config.deliver_queue_url),
            clock: environment.clock.clone(),
        })
    }

    /// Does what is due. A task that fails stays due and does not keep others from being done.
    ///
    /// # Errors
    /// [`Error`] when nothing could be read, or, after all others were done, when a task failed.
    #[tracing::instrument(name = "timers", skip_all)]
    pub async fn handle(&self) -> Result<Summary, Error> {
        let now = self.clock.now();
        let mut summary = Summary::default();
        for timer in self.table.due_timers(now, TIMERS).await? {
            match self.fire(timer).await {
                Ok(()) => summary.done += 1,
                Err(error) => {
                    telemetry::failure(&error);
                    summary.failed += 1;
                }
            }
        }
        let mut messages = Vec::new();
        for key in self.table.unsent(now - LOST_AFTER, UNSENT).await? {
            // Each is asked for less and less often, and given up in the end: one that can never be sent
            // must not keep others from being sent.
            if self.table.postpone_notice(&key, now).await? {
                messages.push(serde_json::json!({ "pk": key.pk, "sk": key.sk }).to_string());
            }
        }
        self.deliver.send(&messages).await?;
        summary.resent = messages.len() as u64;
        if is_open(now) {
            self.remind(now, &mut summary).await?;
        }
        if now.minute() == LOOK_AT_RUNS {
            for overdue in overdue(now, &self.table.progress(now).await?) {
                // An alarm of the template waits for exactly this message.
                tracing::error!(%overdue, "run overdue");
                summary.overdue += 1;
            }
        }
        if summary.failed > 0 {
            // The rest is done; the failure is told so that the alarm of the function goes off.
            return Err(Error::internal("timers", format!("{} timers failed and stay due", summary.failed)));
        }
        Ok(summary)
    }

    /// Looks at what is open. An invoice that fails is looked at again in the next minute.
    async fn remind(&self, now: Instant, summary: &mut Summary) -> Result<(), Error> {
        let open = self.table.open_invoices(Some(Day::of(now)), OPEN).await?;
        if open.is_empty() {
            return Ok(());
        }
        let levels = self.table.dunning_table().await?.unwrap_or(DunningTable::off());
        for key in open {
            match self.table.remind(&key, &levels, When::Due, now).await {
                Ok(Looked::Reached(level)) => {
                    tracing::info!(level, "reminder owed");
                    summary.reminded += 1;
                }
                Ok(Looked::Noted) => {}
                Err(error) => {
                    telemetry::failure(&error);
                    summary.failed += 1;
                }
            }
        }
        Ok(())
    }

    async fn fire(&self, timer: Result<Timer, Error>) -> Result<(), Error> {
        let timer = timer?;
        match &timer.task {
            Task::CloseEvent { account, event } => {
                let published = self.table.event(account, event).await?;
                let closed = self.table.close_event(&published, &timer).await?;
                tracing::info!(event.id = %event, closed = ?closed, "event closed");
            }
            Task::OfferExpired { account, offer } => {
                let told = self.table.tell_of_expiry((account, offer), &timer, self.clock.now()).await?;
                tracing::info!(offer.id = %offer, told, "offer expired");
            }
            Task::DownPayment { account, offer } => {
                match self.table.invoice_down_payment((account, offer), Some(&timer), self.clock.now()).await? {
                    // The alarm of the function's log tells; the console shows it, with a button to try again.
                    DownPaid::Held(reason) => {
                        tracing::error!(offer.id = %offer, reason = %reason, "a down payment is held");
                    }
                    done => tracing::info!(offer.id = %offer, done = ?done, "down payment"),
                }
            }
            Task::Subscription { account, due } => {
                let told = self.table.tell_of_subscription(account, *due, &timer, self.clock.now()).await?;
                tracing::info!(account.id = %account, due.task = due.task.code(), told, "subscription");
            }
        }
        Ok(())
    }
}

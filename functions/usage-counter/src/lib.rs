//! Daily: moves the uncounted usage of days that are over from the seat counters to the usage days of
//! the accounts (P2).
//!
//! Only counters with uncounted usage are read; an idle account costs nothing. A counter's numbers leave
//! it in the transaction that adds them to the usage day, so a repetition or a crash changes nothing (G4),
//! and what was committed late is moved by the next run.

pub mod config;

use domain::calendar::Day;
use domain::usage::days_to_move;
use platform::clock::Clock;
use platform::environment::Environment;
use platform::error::Error;
use platform::table::keys::Key;
use platform::table::runs::{COUNT, Run};
use platform::table::{DIRTY, Table};
use serde::Serialize;

/// Most counters of one page of the index.
const PAGE: i32 = 100;
/// Most pages of one invocation; the next day, or a retry, goes on.
const PAGES: usize = 1_000;
/// Most tries at a counter that keeps moving.
const TRIES: usize = 20;

/// The function.
#[derive(Clone, Debug)]
pub struct UsageCounter {
    table: Table,
    clock: Clock,
}

/// What a run did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Usage days moved: one per counter and day.
    pub moved: u64,
}

impl UsageCounter {
    /// Reads the configuration and makes the clients.
    ///
    /// # Errors
    /// [`config::ConfigError`] naming every missing variable.
    pub fn new(environment: &Environment) -> Result<Self, config::ConfigError> {
        let config = config::Config::read(&environment.variables)?;
        Ok(Self { table: Table::new(environment.dynamodb(), config.table_name), clock: environment.clock.clone() })
    }

    /// Counts all days before today.
    ///
    /// # Errors
    /// [`Error`] of the table; what was moved until then stays moved.
    #[tracing::instrument(name = "count", skip_all)]
    pub async fn handle(&self) -> Result<Summary, Error> {
        let now = self.clock.now();
        let today = Day::of(now);
        let run = self.table.start_run(COUNT, &Run::starting(today.previous().to_string(), now)).await?;
        let (mut moved, mut left) = (0, false);
        for bucket in 0..DIRTY.buckets {
            let (moved_here, left_here) = self.count_bucket(bucket, today).await?;
            moved += moved_here;
            left |= left_here;
        }
        if moved > 0 {
            self.table.note_moved(&run.period, moved).await?;
        }
        if left {
            // Started again soon, as what fails is: a month with uncounted days is not invoiced.
            return Err(Error::Contended);
        }
        tracing::info!(run.period = run.period, run.moved_days = moved, "counted");
        Ok(Summary { moved })
    }

    /// Counts what a part of the index names. Gives how many days were moved, and whether some are left because their counters
    /// kept changing.
    async fn count_bucket(&self, bucket: u8, today: Day) -> Result<(u64, bool), Error> {
        let (mut moved, mut left) = (0, false);
        for _ in 0..PAGES {
            let page = self.table.index(&DIRTY, bucket, &today.previous().to_string(), PAGE).await?;
            let mut moved_here = 0;
            for key in &page {
                match self.count(key, today).await {
                    Ok(moved) => moved_here += moved,
                    // One counter that keeps changing, or cannot be read, does not keep the others from being counted.
                    Err(Error::Contended) => left = true,
                    Err(error) if error.retryable() => return Err(error),
                    Err(error) => platform::telemetry::failure(&error),
                }
            }
            moved += moved_here;
            // A page that moved nothing is an index that lags behind; asking again at once is no use.
            if page.is_empty() || moved_here == 0 {
                break;
            }
        }
        Ok((moved, left))
    }

    async fn count(&self, key: &Key, today: Day) -> Result<u64, Error> {
        let mut moved = 0;
        for _ in 0..TRIES {
            let counter = self.table.counter(key).await?;
            let Some(day) = days_to_move(counter.uncounted(), today).first().copied() else { return Ok(moved) };
            // Once the month's run has been planned, what comes for it goes on the next invoice.
            let closed = day.month() < today.month() && self.table.is_planned(day.month()).await?;
            if self.table.move_day(&counter, day, closed.then_some(today)).await? {
                moved += 1;
            }
        }
        // Registrations keep coming in; the day stays marked and is moved by the next run.
        tracing::warn!("a counter kept moving; its oldest day is left for the next run");
        if moved > 0 { Ok(moved) } else { Err(Error::Contended) }
    }
}

//! What runs by itself in AWS: the table's stream, the queues and the schedules.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex as StdMutex, OnceLock, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use domain::calendar::Instant;
use domain::dunning::opens;
use platform::clock::Clock;
use platform::table::Table;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::demo::Demo;
use crate::queue::Queues;
use crate::schedule::{Schedule, next_archive_check, next_count, next_invoice_run, whole_minute};
use crate::stream::StreamReader;
use crate::stripe::Stripe;
use crate::world::Functions;
use crate::{Failure, files};

/// Records of one batch, as in the template.
const BATCH: usize = 10;
/// Most rounds until everything has to be quiet.
const ROUNDS: usize = 100_000;
/// How often a batch of the stream is tried before it is given up: once and five retries, as in the template.
const STREAM_TRIES: u32 = 6;
/// Time a worker is given, as in the template.
const WORKER_TIME: Duration = Duration::from_secs(900);
/// Time the deliverer is given, as in the template.
const DELIVER_TIME: Duration = Duration::from_secs(60);
/// Schedules kept for the page.
const KEPT: usize = 200;

/// Stream, queues and schedules; cheap to clone.
#[derive(Clone)]
pub struct Runner {
    inner: Arc<Inner>,
}

struct Inner {
    functions: Arc<OnceLock<Functions>>,
    table: Table,
    clock: Clock,
    queues: Queues,
    stripe: Stripe,
    file: PathBuf,
    /// One step at a time, as the order of schedules wants it.
    stepping: Mutex<Stepping>,
    progress: StdMutex<Progress>,
    /// Customers who do something every day; none where a test says what happens.
    demo: OnceLock<Demo>,
}

struct Stepping {
    stream: StreamReader,
    stream_tries: u32,
    /// Time up to which schedules have fired.
    reached: Instant,
}

/// What is kept of the time.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    reached: Instant,
    ahead_millis: i64,
}

/// A journey through time, for the page.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// Where it goes, while it goes on.
    pub travelling_to: Option<Instant>,
    /// What fired last, newest first: when, what, and what it said.
    pub fired: Vec<(Instant, Schedule, String)>,
}

/// What is kept of the time from the last start: up to when schedules fired, and how far the clock is ahead.
///
/// # Errors
/// A file that cannot be read.
pub fn kept_time(folder: &Path) -> Result<Option<(Instant, TimeDelta)>, Failure> {
    let Some(bytes) = files::read_if_present(&folder.join("time.json"))? else { return Ok(None) };
    let kept: Kept = serde_json::from_slice(&bytes)?;
    Ok(Some((kept.reached, TimeDelta::milliseconds(kept.ahead_millis))))
}

impl Runner {
    pub(crate) fn new(
        functions: Arc<OnceLock<Functions>>,
        table: Table,
        clock: Clock,
        stream: StreamReader,
        queues: Queues,
        stripe: Stripe,
        folder: &Path,
    ) -> Result<Self, Failure> {
        let reached = kept_time(folder)?.map_or_else(|| clock.now(), |(reached, _)| reached);
        let stepping = Mutex::new(Stepping { stream, stream_tries: 0, reached });
        let (file, progress) = (folder.join("time.json"), StdMutex::default());
        let runner = Self {
            inner: Arc::new(Inner {
                functions,
                table,
                clock,
                queues,
                stripe,
                file,
                stepping,
                progress,
                demo: OnceLock::new(),
            }),
        };
        // Kept at once: a process that is killed in its first minute begins again at this time.
        runner.keep(reached)?;
        Ok(runner)
    }

    /// Lets the customers of the demo do something on each day from now on.
    pub async fn enliven(&self, demo: Demo) {
        drop(self.inner.demo.set(demo));
        self.play().await;
    }

    /// The customers of the demo do what they do on a day, after the day before has been counted.
    async fn play(&self) {
        if let Some(demo) = self.inner.demo.get()
            && let Err(error) = demo.play(self.inner.clock.now()).await
        {
            tracing::warn!(error = error.to_string(), "a day of the demo is played again tomorrow");
        }
    }

    /// How the journey through time stands.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.inner.progress.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Messages that failed for good, as `queue: body`.
    #[must_use]
    pub fn dead_letters(&self) -> Vec<String> {
        self.inner.queues.dead().into_iter().map(|message| format!("{message:?}")).collect()
    }

    /// Runs for good: stream and queues at once, schedules when they are due.
    pub async fn run(&self) {
        loop {
            if let Err(error) = self.catch_up().await {
                tracing::warn!(error = error.to_string(), "the runner tries again");
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Fires what has become due by now and delivers what is waiting.
    ///
    /// # Errors
    /// What could not be read or written; everything stays due.
    pub async fn catch_up(&self) -> Result<(), Failure> {
        let mut stepping = self.inner.stepping.lock().await;
        self.fire_until(&mut stepping, self.inner.clock.now(), false).await?;
        self.settle(&mut stepping).await
    }

    /// Moves the clock forward; schedules that would have fired in between fire in order.
    ///
    /// # Errors
    /// A time that lies in the past, or what could not be read or written.
    pub async fn travel(&self, to: Instant) -> Result<Vec<(Instant, Schedule, String)>, Failure> {
        let mut stepping = self.inner.stepping.lock().await;
        if to < self.inner.clock.now() {
            return Err("the clock only moves forward; start with --fresh to begin again".into());
        }
        self.note(|progress| {
            progress.travelling_to = Some(to);
            progress.fired.clear();
        });
        let travelled = self.go(&mut stepping, to).await;
        self.note(|progress| progress.travelling_to = None);
        travelled?;
        let mut fired = self.progress().fired;
        fired.reverse();
        Ok(fired)
    }

    async fn go(&self, stepping: &mut Stepping, to: Instant) -> Result<(), Failure> {
        self.settle(stepping).await?;
        self.fire_until(stepping, to, true).await?;
        self.inner.clock.set(to);
        self.fire(Schedule::Timers, to).await;
        self.settle(stepping).await?;
        self.keep(to)
    }

    async fn fire_until(&self, stepping: &mut Stepping, until: Instant, travelling: bool) -> Result<(), Failure> {
        let started = stepping.reached;
        loop {
            let reached = stepping.reached;
            let mut due = vec![
                (next_count(reached), Schedule::UsageCounter),
                (next_invoice_run(reached), Schedule::InvoiceRun),
                (next_archive_check(reached), Schedule::ArchiveCheck),
            ];
            if let Some(timer) = self.inner.table.next_timer().await? {
                let next_minute = whole_minute(reached + TimeDelta::milliseconds(1));
                due.push((whole_minute(timer).max(next_minute), Schedule::Timers));
            }
            if let Some(day) = self.inner.table.next_open().await? {
                let next_minute = whole_minute(reached + TimeDelta::milliseconds(1));
                // Where the clock stands still the function sees the time it shows, and at night reminds of nothing.
                let earliest = if travelling { next_minute } else { next_minute.max(until) };
                due.push((opens(day, earliest), Schedule::Timers));
            }
            due.sort_unstable();
            due.dedup();
            let Some(&(at, schedule)) = due.first().filter(|(at, _)| *at <= until) else { break };
            // Two schedules of the same minute both fire before time goes on.
            let same_minute: Vec<Schedule> = due.iter().filter(|(time, _)| *time == at).map(|(_, one)| *one).collect();
            if travelling {
                self.inner.clock.set(at);
            }
            for schedule in if same_minute.is_empty() { vec![schedule] } else { same_minute } {
                self.fire(schedule, at).await;
                if schedule == Schedule::UsageCounter {
                    self.play().await;
                }
                self.settle(stepping).await?;
            }
            stepping.reached = at;
            self.keep(at)?;
        }
        // Timers fire every minute; only those with something to do are worth a line above.
        if !travelling && whole_minute(started) < whole_minute(until) {
            self.fire(Schedule::Timers, until).await;
        }
        if stepping.reached < until {
            stepping.reached = until;
            if travelling || whole_minute(started) < whole_minute(until) {
                self.keep(until)?;
            }
        }
        Ok(())
    }

    async fn fire(&self, schedule: Schedule, at: Instant) {
        let Some(functions) = self.inner.functions.get() else { return };
        let said = match schedule {
            Schedule::Timers => functions.timers.handle().await.map(|summary| json!(summary)),
            Schedule::UsageCounter => functions.usage_counter.handle().await.map(|summary| json!(summary)),
            Schedule::InvoiceRun => functions.invoice_run.handle(json!({}), WORKER_TIME).await,
            Schedule::ArchiveCheck => {
                Box::pin(functions.deliver.handle(json!({ "start": "check" }), DELIVER_TIME)).await
            }
        };
        let said = match said {
            Ok(said) => said.to_string(),
            Err(error) => {
                platform::telemetry::failure(&error);
                format!("failed: {error}")
            }
        };
        let idle = schedule == Schedule::Timers && said == r#"{"done":0,"failed":0,"resent":0}"#;
        if !idle {
            self.note(|progress| {
                progress.fired.insert(0, (at, schedule, said));
                progress.fired.truncate(KEPT);
            });
        }
    }

    /// Delivers until nothing is waiting any more.
    async fn settle(&self, stepping: &mut Stepping) -> Result<(), Failure> {
        for _ in 0..ROUNDS {
            let moved = self.pump_stream(stepping).await? | self.pump_queues().await?;
            if !moved {
                self.inner.stripe.retry_pending().await?;
                return Ok(());
            }
        }
        Err("stream and queues do not become quiet".into())
    }

    async fn pump_stream(&self, stepping: &mut Stepping) -> Result<bool, Failure> {
        let records = stepping.stream.next_batch(BATCH).await?;
        if records.is_empty() {
            return Ok(false);
        }
        // The template's filter: only images that owe something are handed to the function.
        let owing: Vec<Value> =
            records.into_iter().filter(|record| record["dynamodb"]["NewImage"]["notify"]["S"].is_string()).collect();
        let failed = !owing.is_empty() && self.deliver(json!({ "Records": owing })).await?;
        stepping.stream_tries = if failed { stepping.stream_tries + 1 } else { 0 };
        if failed && stepping.stream_tries < STREAM_TRIES {
            tokio::time::sleep(Duration::from_millis(50)).await;
            return Ok(true);
        }
        if failed {
            tracing::warn!("a batch of the stream is given up; the timers find what it owed");
            stepping.stream_tries = 0;
        }
        stepping.stream.commit().await?;
        Ok(true)
    }

    async fn deliver(&self, event: Value) -> Result<bool, Failure> {
        let functions = self.inner.functions.get().ok_or("the functions have not been started")?;
        // What fails as a whole fails for every record of the batch.
        let answer = Box::pin(functions.deliver.handle(event, DELIVER_TIME)).await.unwrap_or_else(|error| {
            platform::telemetry::failure(&error);
            json!({ "batchItemFailures": [{}] })
        });
        Ok(answer["batchItemFailures"].as_array().is_some_and(|failed| !failed.is_empty()))
    }

    async fn pump_queues(&self) -> Result<bool, Failure> {
        let functions = self.inner.functions.get().ok_or("the functions have not been started")?;
        let mut moved = false;
        for name in ["invoice-run", "deliver", "archive"] {
            for message in self.inner.queues.receive(name, BATCH) {
                moved = true;
                let event =
                    json!({ "Records": [{ "messageId": message.id, "body": message.body, "eventSource": "aws:sqs" }] });
                let failed = if name != "invoice-run" {
                    self.deliver(event).await?
                } else {
                    let answer = functions.invoice_run.handle(event, WORKER_TIME).await;
                    answer.map_or(true, |answer| {
                        answer["batchItemFailures"].as_array().is_some_and(|all| !all.is_empty())
                    })
                };
                if failed {
                    self.inner.queues.fail(name, &message.id)?;
                } else {
                    self.inner.queues.delete(name, &message.id)?;
                }
            }
        }
        Ok(moved)
    }

    fn note(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.inner.progress.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Keeps the time, so that a process that is killed goes on where it was.
    fn keep(&self, reached: Instant) -> Result<(), Failure> {
        let ahead = self.inner.clock.now() - platform::clock::machine_time();
        let kept = Kept { reached, ahead_millis: ahead.num_milliseconds() };
        files::replace(&self.inner.file, &serde_json::to_vec(&kept)?)?;
        Ok(())
    }
}

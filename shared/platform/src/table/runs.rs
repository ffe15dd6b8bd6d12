//! Runs: the daily count and the monthly invoice run, with their progress.
//!
//! An invoice run is split into parts, one per partition of the directory of accounts. A part goes through
//! phases, each move of which is one conditional transaction: accounts are drafted page by page, then
//! as many numbers as there are drafts are taken from the series at once, then each draft is issued under
//! first number + rank. So numbers have no gap and no twin wherever a run is interrupted.

use domain::calendar::{Day, Instant, Month};
use domain::ids::{AccountId, InvoiceId};
use domain::invoice::{Draft, Invoice, MonthOutcome};
use domain::run::{Progress, invoiced_month};
use serde::{Deserialize, Serialize};

use super::invoices::{StoredDraft, issuing};
use super::keys::{self, moment};
use super::stored::valid;
use super::write::{Outcome, Write, number, text};
use super::{Range, Table, decode, encode};
use crate::error::Error;

/// Kind of the monthly invoice run.
pub const INVOICE: &str = "invoice";
/// Kind of the daily count.
pub const COUNT: &str = "count";

/// A run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Run {
    /// Month or day it is about.
    pub period: String,
    /// When it was first started.
    pub started_at: String,
    /// Date on its invoices; empty for a count.
    #[serde(default)]
    pub issued_on: String,
    /// Series its numbers come from; empty for a count.
    #[serde(default)]
    pub series: String,
    /// Parts it is split into.
    #[serde(default)]
    pub shards: u16,
    /// Usage days it moved, for a count.
    #[serde(default)]
    pub moved: u64,
}

impl Run {
    /// A run about a period, started now.
    #[must_use]
    pub fn starting(period: String, now: Instant) -> Self {
        Self { period, started_at: moment(now), issued_on: String::new(), series: String::new(), shards: 0, moved: 0 }
    }
}

/// How far a part of an invoice run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Accounts are being evaluated.
    #[default]
    Drafting,
    /// All accounts are evaluated.
    Drafted,
    /// The numbers are taken; invoices are being issued.
    Numbered,
    /// All invoices are issued.
    Done,
}

impl Phase {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Drafting => "drafting",
            Self::Drafted => "drafted",
            Self::Numbered => "numbered",
            Self::Done => "done",
        }
    }
}

/// A part of an invoice run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Shard {
    /// How far it is.
    #[serde(default)]
    pub phase: Phase,
    /// Last account dealt with in this phase.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Drafts made.
    #[serde(default)]
    pub drafted: u64,
    /// Drafts made after the part was done, each with the next number of the series.
    #[serde(default)]
    pub settled: u64,
    /// Accounts with nothing to bill.
    #[serde(default)]
    pub nothing: u64,
    /// Accounts held, with the reasons; each is an attribute of its own, so that it can come and go singly.
    #[serde(skip)]
    pub held: Vec<(AccountId, String)>,
    /// Number of the draft with rank 0.
    #[serde(default)]
    pub first_number: Option<u64>,
}

/// An account evaluated for a month.
#[derive(Clone, Debug)]
pub struct Evaluated {
    /// The account.
    pub account: AccountId,
    /// What its month comes to.
    pub outcome: MonthOutcome,
    /// Number of ended events it was evaluated with; `None` if they cannot be read, so that it is held.
    pub ended: Option<i64>,
    /// Id for the invoice, should there be one.
    pub invoice: InvoiceId,
}

impl Evaluated {
    /// Notes on the part of the run that the account is held, and why, for the operator to see.
    pub(super) fn note_hold(&self, progress: Write) -> Write {
        match &self.outcome {
            MonthOutcome::Held(reasons) => {
                let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
                progress.set(&held_attribute(&self.account), text(reasons.join("; ")))
            }
            MonthOutcome::Nothing | MonthOutcome::Draft(_) => progress,
        }
    }

    pub(super) fn write(&self, month: Month, rank: Option<u64>, retry_held: bool) -> Result<Write, Error> {
        let write = Write::update(keys::month(&self.account, month));
        let write = match self.ended {
            Some(ended) => write.if_equals("ended", (ended > 0).then(|| number(ended))),
            None => write,
        };
        let write = if retry_held { write.if_differs("outcome", text("drafted")) } else { write.if_missing("outcome") };
        Ok(match &self.outcome {
            MonthOutcome::Nothing => write.set("outcome", text("nothing")),
            MonthOutcome::Held(reasons) => {
                let reasons =
                    serde_dynamo::to_attribute_value(reasons.iter().map(ToString::to_string).collect::<Vec<_>>())
                        .map_err(|error| Error::internal("reasons", error))?;
                write.set("outcome", text("held")).set("reasons", reasons)
            }
            MonthOutcome::Draft(draft) => {
                let stored = serde_dynamo::to_attribute_value(StoredDraft::new(draft))
                    .map_err(|error| Error::internal("draft", error))?;
                let write = write
                    .set("outcome", text("drafted"))
                    .set("invoice", text(self.invoice.to_string()))
                    .set("draft", stored);
                match rank {
                    Some(rank) => write.set("rank", number(i64::try_from(rank).unwrap_or(i64::MAX))),
                    None => write,
                }
            }
        })
    }
}

/// Attribute of a part that says why an account is held.
pub(super) fn held_attribute(account: &AccountId) -> String {
    format!("held#{account}")
}

impl Table {
    /// Whether a run is not done, or holds accounts.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn is_open(&self, month: Month, shards: u16) -> Result<bool, Error> {
        for index in 0..shards {
            let shard = self.shard(month, index).await?;
            if shard.phase != Phase::Done || !shard.held.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How far the runs are.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn progress(&self, now: Instant) -> Result<Progress, Error> {
        let counted = self.last_runs(COUNT, 1).await?.first().and_then(|run| Day::parse(&run.period).ok());
        let month = invoiced_month(now);
        let before = Range::Between("2".to_owned(), month.last().to_string());
        let was_there = !self.page(&keys::runs_partition(COUNT), &before, 1, false).await?.is_empty();
        let planned: Option<Run> = self.read(&keys::run(INVOICE, &month.to_string()), "run").await?;
        let mut invoicing = None;
        if let Some(run) = planned {
            let started_at = valid(run.started_at.parse(), "run")?;
            let mut done = true;
            for index in 0..run.shards {
                done = done && self.shard(month, index).await?.phase == Phase::Done;
            }
            invoicing = Some((started_at, done));
        }
        Ok(Progress { counted, was_there, invoicing })
    }

    /// Starts a run; if it was started before, that one stays and is given.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn start_run(&self, kind: &str, run: &Run) -> Result<Run, Error> {
        let key = keys::run(kind, &run.period);
        let item = encode(&key, run)?;
        if self.commit_one(Write::put(key.clone(), item).if_absent()).await? {
            return Ok(run.clone());
        }
        self.read(&key, "run").await?.ok_or(Error::NotFound("run"))
    }

    /// A run of a kind by its period.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it was never started.
    pub async fn run(&self, kind: &str, period: &str) -> Result<Run, Error> {
        self.read(&keys::run(kind, period), "run").await?.ok_or(Error::NotFound("run"))
    }

    /// Whether the invoice run of a month has been planned: its usage is closed.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn is_planned(&self, month: Month) -> Result<bool, Error> {
        Ok(self.get(&keys::run(INVOICE, &month.to_string())).await?.is_some())
    }

    /// Adds moved usage days to a count.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn note_moved(&self, period: &str, moved: u64) -> Result<(), Error> {
        let amount = i64::try_from(moved).unwrap_or(i64::MAX);
        self.commit_one(Write::update(keys::run(COUNT, period)).if_present().add("moved", amount)).await.map(|_| ())
    }

    /// The newest runs of a kind, newest first.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn last_runs(&self, kind: &str, limit: i32) -> Result<Vec<Run>, Error> {
        let items = self.page(&keys::runs_partition(kind), &Range::Prefix("2".to_owned()), limit, true).await?;
        items.into_iter().map(|item| decode(item, "run")).collect()
    }

    /// A part of an invoice run; one not begun yet is at its beginning.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn shard(&self, month: Month, shard: u16) -> Result<Shard, Error> {
        let key = keys::run_shard(INVOICE, &month.to_string(), shard);
        let Some(item) = self.get(&key).await? else { return Ok(Shard::default()) };
        let held = item.iter().filter_map(|(name, value)| {
            let account = AccountId::parse(name.strip_prefix("held#")?).ok()?;
            Some((account, value.as_s().ok()?.clone()))
        });
        let mut held: Vec<_> = held.collect();
        held.sort();
        Ok(Shard { held, ..decode(item, "run part")? })
    }

    /// Keeps a page of evaluated accounts: their months and the progress of the part in one transaction,
    /// on the condition that the part is where it was read and no month has changed meanwhile. Without a
    /// next cursor the phase is over. Gives `false` if a condition did not hold.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn keep_page(
        &self,
        month: Month,
        index: u16,
        shard: &Shard,
        page: &[Evaluated],
        next: Option<&AccountId>,
    ) -> Result<bool, Error> {
        let (mut drafted, mut nothing) = (0_i64, 0_i64);
        let mut writes = Vec::new();
        for evaluated in page {
            let rank = shard.drafted.saturating_add(u64::try_from(drafted).unwrap_or(0));
            writes.push(evaluated.write(month, Some(rank), false)?);
            match evaluated.outcome {
                MonthOutcome::Draft(_) => drafted += 1,
                MonthOutcome::Nothing => nothing += 1,
                MonthOutcome::Held(_) => {}
            }
        }
        let phase = if shard.drafted == 0 && drafted == 0 { Phase::Done } else { Phase::Drafted };
        let key = keys::run_shard(INVOICE, &month.to_string(), index);
        let mut progress = Write::update(key)
            .if_equals("cursor", shard.cursor.clone().map(text))
            .if_differs("phase", text(Phase::Drafted.code()))
            .if_differs("phase", text(Phase::Numbered.code()))
            .if_differs("phase", text(Phase::Done.code()))
            .add("drafted", drafted)
            .add("nothing", nothing);
        progress = match next {
            Some(account) => {
                progress.set("cursor", text(account.to_string())).set("phase", text(Phase::Drafting.code()))
            }
            // A part without drafts needs no numbers.
            None => progress.remove("cursor").set("phase", text(phase.code())),
        };
        for evaluated in page {
            progress = evaluated.note_hold(progress);
        }
        writes.push(progress);
        Ok(self.commit(writes).await? == Outcome::Committed)
    }

    /// Moves the cursor of a part that is issuing, or ends it.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn move_cursor(&self, month: Month, index: u16, cursor: Option<&AccountId>) -> Result<(), Error> {
        let write = Write::update(keys::run_shard(INVOICE, &month.to_string(), index))
            .if_equals("phase", Some(text(Phase::Numbered.code())));
        let write = match cursor {
            Some(account) => write.set("cursor", text(account.to_string())),
            None => write.remove("cursor").set("phase", text(Phase::Done.code())),
        };
        self.commit_one(write).await.map(|_| ())
    }

    /// The draft of a month of an account with its rank; `None` if there is none to be issued by rank.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn ranked_draft(
        &self,
        account: &AccountId,
        month: Month,
    ) -> Result<Option<(InvoiceId, u64, Draft)>, Error> {
        #[derive(Deserialize)]
        struct Ranked {
            rank: Option<u64>,
            invoice: Option<String>,
            draft: Option<StoredDraft>,
        }
        let stored: Option<Ranked> = self.read(&keys::month(account, month), "month").await?;
        match stored {
            Some(Ranked { rank: Some(rank), invoice: Some(invoice), draft: Some(draft) }) => {
                Ok(Some((valid(InvoiceId::parse(&invoice), "month")?, rank, draft.read()?)))
            }
            _ => Ok(None),
        }
    }

    /// Issues an invoice; gives `false` if it was issued before.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn issue(&self, invoice: &Invoice, now: Instant) -> Result<bool, Error> {
        Ok(self.commit(issuing(invoice, now)?.into()).await? == Outcome::Committed)
    }

    /// Whether usage up to a day (included) is still uncounted.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn has_uncounted(&self, up_to: Day) -> Result<bool, Error> {
        for bucket in 0..super::DIRTY.buckets {
            if !self.index(&super::DIRTY, bucket, &up_to.to_string(), 1).await?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

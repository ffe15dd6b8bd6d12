//! Runs: the daily count and the monthly invoice run, with their progress.
//!
//! An invoice run is split into parts, one per partition of the directory of accounts. Each part drafts its accounts page
//! by page. Once all are drafted, one transaction takes as many numbers from the series as there are drafts and gives each
//! part its first one. Then each part walks through its drafts in the order of their keys; the number of a draft is the
//! first one of its part plus the drafts before it. A draft that has been counted stays where it is, so numbers have no
//! gap and no twin wherever a run is interrupted.

use domain::calendar::{Day, Instant, Month};
use domain::figures::Figures;
use domain::ids::AccountId;
use domain::invoice::Invoice;
use domain::run::{Progress, invoiced_month};
use serde::{Deserialize, Serialize};

use super::figures;
use super::keys::{self, moment};
use super::marks::Tally;
use super::numbers::whole;
use super::stored::valid;
use super::write::{Outcome, Write, text};
use super::{Range, Table, decode, encode};
use crate::error::Error;

/// Kind of the monthly invoice run.
pub const INVOICE: &str = "invoice";
/// Kind of the daily count.
pub const COUNT: &str = "count";
/// Kind of a run that shows what would be billed.
pub const DRY: &str = "dry";
/// How invoice runs of this version lay out their marks. A run of another layout is left alone: to this version its months
/// would look as if they had never been billed.
pub const LAYOUT: u16 = 2;

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
    /// Series the service partner's numbers come from; none without a partner when it was planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_series: Option<String>,
    /// Numbers it took from them, once all of its parts were drafted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbered: Option<u64>,
    /// Parts it is split into.
    #[serde(default)]
    pub shards: u16,
    /// Accounts of each part when it was planned, to show how far it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<u64>,
    /// How its marks are laid out; see [`LAYOUT`].
    #[serde(default)]
    pub layout: u16,
    /// Usage days it moved, for a count.
    #[serde(default)]
    pub moved: u64,
}

impl Run {
    /// How far it is in all, in thousandths.
    #[must_use]
    pub fn permille(&self, parts: &[Shard]) -> u64 {
        let count = u64::try_from(parts.len()).unwrap_or(u64::MAX);
        let all: u64 = parts.iter().enumerate().map(|(index, part)| part.permille(self.accounts_of(index))).sum();
        all.checked_div(count).unwrap_or(0)
    }

    /// Accounts of a part when it was planned.
    #[must_use]
    pub fn accounts_of(&self, part: usize) -> u64 {
        self.accounts.get(part).copied().unwrap_or(0)
    }

    /// Whether this version may work on it.
    #[must_use]
    pub const fn is_of_this_version(&self) -> bool {
        self.layout == LAYOUT
    }

    /// A run about a period, started now.
    #[must_use]
    pub fn starting(period: String, now: Instant) -> Self {
        Self {
            period,
            started_at: moment(now),
            issued_on: String::new(),
            series: String::new(),
            partner_series: None,
            numbered: None,
            shards: 0,
            accounts: Vec::new(),
            layout: LAYOUT,
            moved: 0,
        }
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
    /// It has its numbers; invoices are being issued.
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// How far it is.
    #[serde(default)]
    pub phase: Phase,
    /// Place of what was dealt with last in this phase.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Accounts that were looked at.
    #[serde(default)]
    pub accounts: u64,
    /// Drafts in the operator's name, each of which gets a number of the run.
    #[serde(default)]
    pub drafted: u64,
    /// Drafts in the service partner's name.
    #[serde(default)]
    pub partner_drafted: u64,
    /// Drafts of the operator's whose numbers are used, void ones included.
    #[serde(default)]
    pub issued: u64,
    /// The same of the partner's.
    #[serde(default)]
    pub partner_issued: u64,
    /// Numbers among them that are void.
    #[serde(default)]
    pub void: u64,
    /// Invoices made after the part was done, each with the next number of its series.
    #[serde(default)]
    pub settled: u64,
    /// Accounts with nothing to bill.
    #[serde(default)]
    pub nothing: u64,
    /// Invoices that are held now.
    #[serde(default)]
    pub held: i64,
    /// Number of its first draft in the operator's name, once the run has its numbers.
    #[serde(default)]
    pub first_number: Option<u64>,
    /// The same of the partner's.
    #[serde(default)]
    pub first_partner_number: Option<u64>,
}

impl Shard {
    /// Drafts of both issuers.
    #[must_use]
    pub const fn drafts(&self) -> u64 {
        self.drafted.saturating_add(self.partner_drafted)
    }

    /// How far it is, in thousandths: half of the way is evaluating its accounts, half is issuing its invoices.
    #[must_use]
    pub fn permille(&self, accounts: u64) -> u64 {
        let half = |done: u64, of: u64| done.min(of).saturating_mul(500).checked_div(of).unwrap_or(0);
        match self.phase {
            Phase::Drafting => half(self.accounts, accounts),
            Phase::Drafted => 500,
            Phase::Numbered => 500 + half(self.issued.saturating_add(self.partner_issued), self.drafts()),
            Phase::Done => 1000,
        }
    }

    /// Invoices there are by now.
    #[must_use]
    pub const fn invoices(&self) -> u64 {
        self.issued.saturating_add(self.partner_issued).saturating_add(self.settled).saturating_sub(self.void)
    }
}

impl Table {
    /// Whether a run is not done, or holds accounts.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn is_open(&self, run: &Run) -> Result<bool, Error> {
        let parts = self.shards(INVOICE, &run.period, run.shards).await?;
        Ok(run.is_of_this_version() && parts.iter().any(|part| part.phase != Phase::Done || part.held > 0))
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
            let parts = self.shards(INVOICE, &run.period, run.shards).await?;
            invoicing = Some((started_at, parts.iter().all(|part| part.phase == Phase::Done)));
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
        let stored: Option<Shard> = self.read(&keys::run_shard(INVOICE, &month.to_string(), shard), "run part").await?;
        Ok(stored.unwrap_or_default())
    }

    /// All parts of a run of a kind, in order, in one query.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn shards(&self, kind: &str, period: &str, shards: u16) -> Result<Vec<Shard>, Error> {
        let mut parts = vec![Shard::default(); usize::from(shards)];
        for item in self.all(&keys::run_partition(kind, period), &Range::Prefix("SHARD#".to_owned())).await? {
            let key = item.get("sk").and_then(|value| value.as_s().ok()).map_or("", String::as_str);
            let index = key.strip_prefix("SHARD#").and_then(|index| index.parse::<usize>().ok());
            if let Some(part) = index.and_then(|index| parts.get_mut(index)) {
                *part = decode(item, "run part")?;
            }
        }
        Ok(parts)
    }

    /// Notes that a page of accounts was evaluated, on the condition that the part stands where it was read, so that each
    /// account is counted once. Without a next place all of them are evaluated. Gives `false` if another worker was
    /// faster.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn end_page(
        &self,
        month: Month,
        index: u16,
        shard: &Shard,
        (accounts, tally): (u64, Tally),
        next: Option<&AccountId>,
    ) -> Result<bool, Error> {
        let key = keys::run_shard(INVOICE, &month.to_string(), index);
        let progress = Write::update(key)
            .if_equals("cursor", shard.cursor.clone().map(text))
            .if_differs("phase", text(Phase::Drafted.code()))
            .if_differs("phase", text(Phase::Numbered.code()))
            .if_differs("phase", text(Phase::Done.code()))
            .add("accounts", whole(accounts))
            .add("drafted", whole(tally.drafted))
            .add("partner_drafted", whole(tally.partner_drafted))
            .add("nothing", whole(tally.nothing))
            .add("held", whole(tally.held));
        self.commit_one(match next {
            Some(account) => {
                progress.set("cursor", text(account.to_string())).set("phase", text(Phase::Drafting.code()))
            }
            None => progress.remove("cursor").set("phase", text(Phase::Drafted.code())),
        })
        .await
    }

    /// Notes how many drafts of a page have used their numbers, and the figures of its invoices, on the condition that the part
    /// stands where it was read: so each page counts once.
    /// Without a next place the part is done. Gives `false` if another worker was faster.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn end_issuing(
        &self,
        month: Month,
        index: u16,
        shard: &Shard,
        (issued, partner_issued): (u64, u64),
        figures: &Figures,
        next: Option<&str>,
    ) -> Result<bool, Error> {
        let write = Write::update(keys::run_shard(INVOICE, &month.to_string(), index))
            .if_equals("phase", Some(text(Phase::Numbered.code())))
            .if_equals("cursor", shard.cursor.clone().map(text))
            .add("issued", whole(issued))
            .add("partner_issued", whole(partner_issued));
        let write = figures::adding(write, figures);
        self.commit_one(match next {
            Some(place) => write.set("cursor", text(place)),
            None => write.remove("cursor").set("phase", text(Phase::Done.code())),
        })
        .await
    }

    /// Issues an invoice; gives `false` if it was issued before.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn issue(&self, invoice: &Invoice, now: Instant) -> Result<bool, Error> {
        Ok(self.commit(self.issuing(invoice, now)?.into()).await? == Outcome::Committed)
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

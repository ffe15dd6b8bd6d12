//! Dry runs: what would be billed for a month, worked out like an invoice run, and changing nothing of it.
//!
//! A dry run has parts as an invoice run has. Its results are items of its own, with the accounts first whose invoice
//! differs most from that of the month before, and are gone after a week. A later dry run of the same month takes the place
//! of an earlier one; parts of the earlier one that are still on the queue end by themselves.

use chrono::TimeDelta;
use domain::calendar::{Instant, Month};
use domain::ids::AccountId;
use domain::language::Text;
use domain::money::{Currency, Money};
use serde::{Deserialize, Serialize};

use super::keys::{self, Key, moment};
use super::runs::DRY;
use super::settling::{reasons_of, told_reasons};
use super::stored::{instant, valid};
use super::write::{Outcome, Write, number, text};
use super::{Item, Range, Table, decode, encode};
use crate::entropy;
use crate::error::Error;

const ITEM: &str = "dry run";
/// How long results are kept.
const KEPT: TimeDelta = TimeDelta::days(7);

/// A dry run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DryRun {
    /// The month it is about.
    pub month: Month,
    /// Which of the dry runs of this month it is.
    pub id: String,
    /// When it was started.
    pub started_at: Instant,
    /// Accounts of each part when it was started, to show how far it is.
    pub accounts: Vec<u64>,
}

#[derive(Serialize, Deserialize)]
struct StoredRun {
    id: String,
    started_at: String,
    accounts: Vec<u64>,
    expires_at: i64,
}

/// A part of a dry run, or the sum of its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryPart {
    /// Account dealt with last.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Whether all accounts are done.
    #[serde(default)]
    pub done: bool,
    /// Accounts that were evaluated.
    #[serde(default)]
    pub accounts: u64,
    /// Accounts that would get an invoice.
    #[serde(default)]
    pub billed: u64,
    /// Accounts that would be held.
    #[serde(default)]
    pub held: u64,
    /// Net of all invoices there would be, in cents.
    #[serde(default)]
    pub net_cents: i64,
    /// Of it in the service partner's name.
    #[serde(default)]
    pub partner_cents: i64,
    /// Net of the invoices of the month before, in cents.
    #[serde(default)]
    pub before_cents: i64,
}

impl DryPart {
    /// The sum of parts.
    #[must_use]
    pub fn sum(parts: &[Self]) -> Self {
        let mut sum = Self { done: true, ..Self::default() };
        for part in parts {
            sum.done = sum.done && part.done;
            sum.accounts = sum.accounts.saturating_add(part.accounts);
            sum.billed = sum.billed.saturating_add(part.billed);
            sum.held = sum.held.saturating_add(part.held);
            sum.net_cents = sum.net_cents.saturating_add(part.net_cents);
            sum.partner_cents = sum.partner_cents.saturating_add(part.partner_cents);
            sum.before_cents = sum.before_cents.saturating_add(part.before_cents);
        }
        sum
    }
}

/// What an account would be billed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DryResult {
    /// The account.
    pub account: AccountId,
    /// Its name, where an invoice has it.
    pub name: String,
    /// Net of its invoices.
    pub net: Money,
    /// Of it in the service partner's name.
    pub partner: Money,
    /// Net of its invoices of the month before.
    pub before: Money,
    /// Why it would be held, if so (G7).
    pub reasons: Vec<Text>,
}

impl DryResult {
    /// How much more it would be than in the month before, in cents.
    #[must_use]
    pub fn difference_cents(&self) -> i64 {
        self.net.cents().saturating_sub(self.before.cents())
    }

    /// Whether there is anything to show.
    #[must_use]
    pub fn is_worth_showing(&self) -> bool {
        !self.net.is_zero() || !self.before.is_zero() || !self.reasons.is_empty()
    }
}

#[derive(Serialize, Deserialize)]
struct StoredResult {
    account: String,
    name: String,
    net_cents: i64,
    partner_cents: i64,
    before_cents: i64,
    expires_at: i64,
}

impl DryRun {
    /// What its parts and results are kept under.
    #[must_use]
    pub fn period(&self) -> String {
        format!("{}#{}", self.month, self.id)
    }

    fn expires_at(&self) -> i64 {
        (self.started_at + KEPT).timestamp()
    }

    /// How far it is, in thousandths.
    #[must_use]
    pub fn permille(&self, parts: &[DryPart]) -> u64 {
        let sum = DryPart::sum(parts);
        let of: u64 = self.accounts.iter().sum();
        let share = sum.accounts.min(of).saturating_mul(1000).checked_div(of).unwrap_or(0);
        if sum.done { 1000 } else { share.min(999) }
    }
}

impl Table {
    /// Starts a dry run of a month, in the place of an earlier one.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn start_dry_run(&self, month: Month, now: Instant) -> Result<DryRun, Error> {
        let accounts = self.accounts_by_part().await?;
        let run = DryRun { month, id: entropy::hex::<8>()?, started_at: now, accounts };
        let key = keys::run(DRY, &month.to_string());
        let stored = StoredRun {
            id: run.id.clone(),
            started_at: moment(now),
            accounts: run.accounts.clone(),
            expires_at: run.expires_at(),
        };
        let item = encode(&key, &stored)?;
        self.commit_one(Write::put(key, item)).await?;
        Ok(run)
    }

    /// The newest dry run of a month.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn dry_run(&self, month: Month) -> Result<Option<DryRun>, Error> {
        let stored: Option<StoredRun> = self.read(&keys::run(DRY, &month.to_string()), ITEM).await?;
        let read = |stored: StoredRun| {
            let started_at = instant(&stored.started_at, ITEM)?;
            Ok(DryRun { month, id: stored.id, started_at, accounts: stored.accounts })
        };
        stored.map(read).transpose()
    }

    /// A part of a dry run.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn dry_part(&self, run: &DryRun, index: u16) -> Result<DryPart, Error> {
        let stored: Option<DryPart> = self.read(&keys::run_shard(DRY, &run.period(), index), ITEM).await?;
        Ok(stored.unwrap_or_default())
    }

    /// All parts of a dry run that have begun.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn dry_parts(&self, run: &DryRun) -> Result<Vec<DryPart>, Error> {
        let range = Range::Prefix("SHARD#".to_owned());
        let items = self.all(&keys::run_partition(DRY, &run.period()), &range).await?;
        let mut parts = items.into_iter().map(|item| decode(item, ITEM)).collect::<Result<Vec<DryPart>, _>>()?;
        parts.resize(run.accounts.len(), DryPart::default());
        Ok(parts)
    }

    /// Keeps a page of results with the progress of the part, in one transaction, on the condition that the part stands
    /// where it was read. Gives `false` if another worker was faster.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn keep_dry_page(
        &self,
        run: &DryRun,
        index: u16,
        part: &DryPart,
        results: &[DryResult],
        next: Option<&AccountId>,
    ) -> Result<bool, Error> {
        let expires_at = run.expires_at();
        let mut writes = Vec::new();
        let sum = |of: fn(&DryResult) -> i64| results.iter().map(of).fold(0, i64::saturating_add);
        let count = |of: fn(&DryResult) -> bool| {
            i64::try_from(results.iter().filter(|result| of(result)).count()).unwrap_or(i64::MAX)
        };
        let progress = Write::update(keys::run_shard(DRY, &run.period(), index))
            .if_missing("done")
            .if_equals("cursor", part.cursor.clone().map(text))
            .set("expires_at", number(expires_at))
            .add("accounts", count(|_| true))
            .add("billed", count(|result| !result.net.is_zero()))
            .add("held", count(|result| !result.reasons.is_empty()))
            .add("net_cents", sum(|result| result.net.cents()))
            .add("partner_cents", sum(|result| result.partner.cents()))
            .add("before_cents", sum(|result| result.before.cents()));
        writes.push(match next {
            Some(account) => progress.set("cursor", text(account.to_string())),
            None => progress.remove("cursor").set("done", aws_sdk_dynamodb::types::AttributeValue::Bool(true)),
        });
        for result in results.iter().filter(|result| result.is_worth_showing()) {
            let stored = StoredResult {
                account: result.account.to_string(),
                name: result.name.clone(),
                net_cents: result.net.cents(),
                partner_cents: result.partner.cents(),
                before_cents: result.before.cents(),
                expires_at,
            };
            let key = keys::dry_result(&run.period(), result.difference_cents().unsigned_abs(), &result.account);
            writes.push(put(key, &stored, &result.reasons)?);
            if !result.reasons.is_empty() {
                writes.push(put(keys::dry_held(&run.period(), &result.account), &stored, &result.reasons)?);
            }
        }
        Ok(self.commit(writes).await? == Outcome::Committed)
    }

    /// Results of a dry run after a place, those that differ most first, each with its place.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn dry_results(
        &self,
        run: &DryRun,
        after: Option<&str>,
        limit: i32,
    ) -> Result<Vec<(String, DryResult)>, Error> {
        let range = match after {
            None => Range::Prefix("RESULT#".to_owned()),
            Some(after) => Range::After(after.to_owned(), "RESULT#~".to_owned()),
        };
        self.dry_page(run, &range, limit).await
    }

    /// Accounts a dry run could not price.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn dry_held(&self, run: &DryRun, limit: i32) -> Result<Vec<DryResult>, Error> {
        let held = self.dry_page(run, &Range::Prefix("HELD#".to_owned()), limit).await?;
        Ok(held.into_iter().map(|(_, result)| result).collect())
    }

    async fn dry_page(&self, run: &DryRun, range: &Range, limit: i32) -> Result<Vec<(String, DryResult)>, Error> {
        let items = self.page(&keys::run_partition(DRY, &run.period()), range, limit, false).await?;
        items.into_iter().map(read).collect()
    }
}

fn put(key: Key, stored: &StoredResult, reasons: &[Text]) -> Result<Write, Error> {
    let mut item = encode(&key, stored)?;
    item.insert("reasons".to_owned(), told_reasons(reasons));
    Ok(Write::put(key, item))
}

fn read(item: Item) -> Result<(String, DryResult), Error> {
    let place = item.get("sk").and_then(|value| value.as_s().ok()).cloned().unwrap_or_default();
    let reasons = reasons_of(&item);
    let stored: StoredResult = decode(item, ITEM)?;
    let money = |cents| valid(Money::from_cents(cents, Currency::Eur), ITEM);
    let result = DryResult {
        account: valid(AccountId::parse(&stored.account), ITEM)?,
        name: stored.name,
        net: money(stored.net_cents)?,
        partner: money(stored.partner_cents)?,
        before: money(stored.before_cents)?,
        reasons,
    };
    Ok((place, result))
}

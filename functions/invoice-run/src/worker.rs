//! Works on one part of a run, from wherever it stands.

use std::time::{Duration, Instant as Stopwatch};

use domain::calendar::{Day, Instant, Month};
use domain::ids::{AccountId, InvoiceId};
use domain::invoice::{Draft, Invoice, InvoiceNumber, MonthOutcome, draft_month};
use domain::rating::{self, HoldReason};
use platform::entropy;
use platform::error::Error;
use platform::table::keys::ACCOUNT_SHARDS;
use platform::table::months::MonthState;
use platform::table::runs::{Evaluated, INVOICE, Phase, Run, Shard};

use crate::{InvoiceRun, Part};

/// Accounts kept in one transaction; with the part's progress well below the limit of 100 items.
const PAGE: i32 = 20;
/// Most steps of one invocation, each a page or a move to the next phase.
const STEPS: usize = 100_000;
/// Most pages in a row that changed while they were evaluated.
const REFUSALS: usize = 20;
/// Time kept in reserve to hand the part on before the function is stopped.
const RESERVE: Duration = Duration::from_secs(30);

impl InvoiceRun {
    /// Works on a part until it is done or the time is nearly up; then it is put on the queue again.
    ///
    /// # Errors
    /// [`Error`] of the table or the queue; the next try goes on where this one stopped.
    #[tracing::instrument(name = "work", skip_all, fields(run.period = part.month, run.part = part.shard))]
    pub async fn work(&self, part: &Part, time_left: Duration) -> Result<(), Error> {
        let month = Month::parse(&part.month).map_err(|error| Error::Malformed(error.to_string()))?;
        if part.shard >= ACCOUNT_SHARDS {
            return Err(Error::Malformed("there is no such part".to_owned()));
        }
        let run = self.table.run(INVOICE, &part.month).await?;
        let started = Stopwatch::now();
        let time_left = time_left.saturating_sub(RESERVE);
        let mut refused = 0;
        for step in 0..STEPS {
            let shard = self.table.shard(month, part.shard).await?;
            match shard.phase {
                Phase::Drafting if refused > REFUSALS => return Err(Error::Contended),
                Phase::Drafting => {
                    refused = if self.draft_page(month, part.shard, &shard).await? { 0 } else { refused + 1 };
                }
                Phase::Drafted => self.table.take_numbers(month, part.shard, &shard, &run.series).await?,
                Phase::Numbered => self.issue_page(month, part.shard, &shard, &run).await?,
                // A part that has just been done has nothing open; one that comes again may have.
                Phase::Done if step == 0 => return self.settle_open(month, part.shard, started, time_left).await,
                Phase::Done => return Ok(()),
            }
            if started.elapsed() >= time_left {
                let message = serde_json::to_string(part).map_err(|error| Error::internal("part of a run", error))?;
                return self.queue.send(&[message]).await;
            }
        }
        Err(Error::NotYet("the part has more pages than one invocation takes".to_owned()))
    }

    /// Evaluates the next accounts and keeps them in one transaction. If an event was closed into one of
    /// the months meanwhile, nothing is kept, `false` is given, and the next step evaluates it again.
    async fn draft_page(&self, month: Month, index: u16, shard: &Shard) -> Result<bool, Error> {
        let accounts = self.table.accounts(index, shard.cursor.as_deref(), PAGE).await?;
        let last = accounts.len() < usize::try_from(PAGE).unwrap_or(0);
        let mut page = Vec::new();
        for account in &accounts {
            // A late account or a single invoice may have evaluated this month already.
            if self.table.month(account, month).await? == MonthState::Open {
                page.push(self.evaluate(account, month).await?);
            }
        }
        let next = if last { None } else { accounts.last() };
        self.table.keep_page(month, index, shard, &page, next).await
    }

    /// Prices a month of an account. What cannot be read is held like what cannot be priced, so that one
    /// account does not stop the others (G7).
    async fn evaluate(&self, account: &AccountId, month: Month) -> Result<Evaluated, Error> {
        let (outcome, ended) = match self.price(account, month).await {
            Ok((outcome, ended)) => (outcome, Some(ended)),
            Err(error) if error.retryable() => return Err(error),
            Err(error) => (unreadable(&error), None),
        };
        if let MonthOutcome::Held(reasons) = &outcome {
            let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
            tracing::warn!(account.id = %account, reasons = reasons.join("; "), "held");
        }
        Ok(Evaluated { account: account.clone(), outcome, ended, invoice: entropy::invoice_id()? })
    }

    /// What a month of an account comes to, and how many events were closed into it.
    async fn price(&self, account: &AccountId, month: Month) -> Result<(MonthOutcome, i64), Error> {
        let ended = self.table.ended_events(account, month).await?;
        let count = i64::try_from(ended.len()).unwrap_or(i64::MAX);
        let details = self.table.account(account).await?;
        let subscription = self.table.subscription(account).await?.subscription;
        let catalogues = self.table.catalogues_of(&subscription).await?;
        let recorded = self.table.usage_of_month(account, &catalogues, &subscription, month).await?;
        let usage = rating::account_usage(&catalogues, &subscription, ended, recorded);
        let rated = rating::rate_month(&catalogues, &subscription, &usage, month);
        Ok((draft_month(&self.table.operator().await?, &details, month, rated), count))
    }

    async fn issue_page(&self, month: Month, index: u16, shard: &Shard, run: &Run) -> Result<(), Error> {
        let base = shard.first_number.ok_or_else(|| Error::corrupt("run part", "it has no first number"))?;
        let issuing = self.issuing(run).await?;
        let accounts = self.table.accounts(index, shard.cursor.as_deref(), PAGE).await?;
        for account in &accounts {
            let Some((id, rank, draft)) = self.table.ranked_draft(account, month).await? else { continue };
            let invoice = issuing.invoice(draft, id, base.saturating_add(rank));
            let issued = self.table.issue(&invoice, issuing.now).await?;
            tracing::info!(invoice.id = %invoice.id, invoice.number = %invoice.number, issued, "issued");
        }
        let last = accounts.len() < usize::try_from(PAGE).unwrap_or(0);
        let cursor = if last { None } else { accounts.last() };
        self.table.move_cursor(month, index, cursor).await
    }

    /// Accounts of a part that is done: what was held, or came late, is evaluated again, one by one. An
    /// invoice that comes of it carries the date of this day (§ 14 (4) No. 3 UStG) and a number of its year.
    async fn settle_open(
        &self,
        month: Month,
        index: u16,
        started: Stopwatch,
        time_left: Duration,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let seller = self.table.operator().await?;
        let issued_on = Day::of(now);
        let issuing = Issuing { issued_on, series: InvoiceNumber::series(&seller, issued_on), seller, now };
        let mut after: Option<AccountId> = None;
        for _ in 0..STEPS {
            let accounts = self.table.accounts(index, after.as_ref().map(AccountId::as_str), PAGE).await?;
            for account in &accounts {
                if matches!(self.table.month(account, month).await?, MonthState::Open | MonthState::Held(_)) {
                    let evaluated = self.evaluate(account, month).await?;
                    let invoice = |draft, id, sequence| issuing.invoice(draft, id, sequence);
                    let part = (month, index);
                    self.table.settle_month(part, &evaluated, &issuing.series, invoice, now).await?;
                }
            }
            match accounts.last() {
                Some(account) if started.elapsed() < time_left => after = Some(account.clone()),
                // What is left is held still and evaluated by the next run.
                _ => break,
            }
        }
        Ok(())
    }

    async fn issuing(&self, run: &Run) -> Result<Issuing, Error> {
        let issued_on = Day::parse(&run.issued_on).map_err(|error| Error::corrupt("run", error))?;
        let seller = self.table.operator().await?;
        Ok(Issuing { issued_on, series: run.series.clone(), seller, now: self.clock.now() })
    }
}

fn unreadable(error: &Error) -> MonthOutcome {
    MonthOutcome::Held(vec![HoldReason::Unreadable(error.chain())])
}

/// What all invoices of a run have in common.
struct Issuing {
    issued_on: Day,
    series: String,
    seller: domain::account::Operator,
    now: Instant,
}

impl Issuing {
    fn invoice(&self, draft: Draft, id: InvoiceId, sequence: u64) -> Invoice {
        let number = InvoiceNumber::new(&self.seller, &self.series, sequence);
        Invoice::issue(draft, id, number, self.issued_on, self.seller.clone())
    }
}

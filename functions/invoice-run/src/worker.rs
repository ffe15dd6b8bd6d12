//! Works on one part of a run, from wherever it stands.

use std::collections::BTreeMap;
use std::time::{Duration, Instant as Stopwatch};

use domain::calendar::{Day, Month};
use domain::catalog::charge::Issuer;
use domain::figures::Figures;
use domain::ids::AccountId;
use domain::invoice::{Invoice, InvoiceNumber, Issuing};
use platform::error::Error;
use platform::queue::Part;
use platform::table::keys::ACCOUNT_SHARDS;
use platform::table::marks::{Evaluated, Mark, Tally, is_evaluated, is_whole};
use platform::table::numbers::Numbering;
use platform::table::runs::{INVOICE, Phase, Run, Shard};
use platform::table::settling::Unusable;

use crate::evaluate::{Sellers, unreadable};
use crate::{InvoiceRun, of_this_version};

/// Accounts, or drafts, between two notes of the part's progress.
pub(crate) const PAGE: i32 = 50;
/// Most steps of one invocation, each a page or a move to the next phase.
pub(crate) const STEPS: usize = 100_000;
/// Most times in a row that an account is evaluated because it changed meanwhile.
const REFUSALS: usize = 20;
/// Time kept in reserve to hand the part on before the function is stopped.
const RESERVE: Duration = Duration::from_secs(30);

/// A page of the directory of accounts, with the marks of each.
pub(crate) struct Directory {
    pub(crate) accounts: Vec<AccountId>,
    pub(crate) marks: Vec<Vec<Mark>>,
    pub(crate) more: bool,
}

/// A part that is being worked on.
struct Work<'a> {
    month: Month,
    index: u16,
    run: &'a Run,
    sellers: &'a Sellers,
}

impl InvoiceRun {
    /// Works on a part until it is done, waits for others, or the time is nearly up; then it is put on the queue again.
    ///
    /// # Errors
    /// [`Error`] of the table or the queue; the next try goes on where this one stopped.
    #[tracing::instrument(name = "work", skip_all, fields(run.period = part.month, run.part = part.shard))]
    pub async fn work(&self, part: &Part, time_left: Duration) -> Result<(), Error> {
        let month = Month::parse(&part.month).map_err(|error| Error::Malformed(error.to_string()))?;
        if part.shard >= ACCOUNT_SHARDS {
            return Err(Error::Malformed("there is no such part".to_owned()));
        }
        let started = Stopwatch::now();
        let time_left = time_left.saturating_sub(RESERVE);
        if let Some(id) = &part.dry {
            return self.work_dry(part, (month, id), started, time_left).await;
        }
        let run = self.table.run(INVOICE, &part.month).await?;
        of_this_version(&run)?;
        if let Some(account) = &part.account {
            return self.settle_one(month, part.shard, account).await;
        }
        let sellers = self.sellers().await?.of_run(&run);
        let work = Work { month, index: part.shard, run: &run, sellers: &sellers };
        let mut woken = part.woken;
        for step in 0..STEPS {
            let shard = self.table.shard(month, part.shard).await?;
            if shard.first_number.is_some() && !woken {
                // Whoever took the numbers tells the others. If it died before that, its message comes again.
                self.wake_others(&work).await?;
                woken = true;
            }
            match shard.phase {
                Phase::Drafting => self.draft_page(&work, &shard).await?,
                Phase::Drafted => match self.table.number_run(month, &run).await? {
                    Numbering::Waiting => return Ok(()),
                    Numbering::Now | Numbering::Before => {}
                },
                Phase::Numbered => self.issue_page(&work, &shard).await?,
                // A part that has just been done has nothing open; one that is started again may have.
                Phase::Done if step == 0 && !part.woken => {
                    return self.settle_open(month, part.shard, started, time_left).await;
                }
                Phase::Done => return Ok(()),
            }
            if started.elapsed() >= time_left {
                return self.queue.send_parts(&[Part { woken, ..part.clone() }]).await;
            }
        }
        Err(Error::NotYet("the part has more pages than one invocation takes".to_owned()))
    }

    /// Tells the other parts that the run has its numbers. A part that was told tells no others, so there are never more
    /// messages than parts for each that was not.
    async fn wake_others(&self, work: &Work<'_>) -> Result<(), Error> {
        let parts = self.table.shards(INVOICE, &work.run.period, work.run.shards).await?;
        let waiting = Part::all(work.month, work.run.shards).into_iter().zip(&parts);
        let waiting = waiting.filter(|(part, shard)| part.shard != work.index && shard.phase == Phase::Numbered);
        let told: Vec<Part> = waiting.map(|(part, _)| Part { woken: true, ..part }).collect();
        self.queue.send_parts(&told).await
    }

    /// The next accounts of a part with their marks.
    pub(crate) async fn directory(&self, month: Month, index: u16, after: Option<&str>) -> Result<Directory, Error> {
        let accounts = self.table.accounts(index, after, PAGE).await?;
        let mut marks: BTreeMap<AccountId, Vec<Mark>> = BTreeMap::new();
        if let (Some(first), Some(last)) = (accounts.first(), accounts.last()) {
            for mark in self.table.marks_between(month, index, (first, last)).await? {
                marks.entry(mark.account()?).or_default().push(mark);
            }
        }
        let marks = accounts.iter().map(|account| marks.remove(account).unwrap_or_default()).collect();
        let more = accounts.len() >= usize::try_from(PAGE).unwrap_or(0);
        Ok(Directory { accounts, marks, more })
    }

    /// Evaluates the next accounts, keeps each, and notes the progress.
    async fn draft_page(&self, work: &Work<'_>, shard: &Shard) -> Result<(), Error> {
        let Directory { accounts, marks, more } =
            self.directory(work.month, work.index, shard.cursor.as_deref()).await?;
        let mut tally = Tally::default();
        for (account, marks) in accounts.iter().zip(&marks) {
            // A page that was interrupted, or is worked on twice, finds its accounts evaluated.
            let is_known = is_evaluated(marks) && is_whole(marks);
            tally.add(if is_known { Tally::of_marks(marks) } else { self.draft(work, account).await? });
        }
        let next = accounts.last().filter(|_| more);
        let count = u64::try_from(accounts.len()).unwrap_or(u64::MAX);
        // If another worker was faster, the next step goes on from where that one is.
        self.table.end_page(work.month, work.index, shard, (count, tally), next).await.map(|_| ())
    }

    /// Evaluates an account and keeps it. If an event was closed into its month meanwhile, it is evaluated anew.
    async fn draft(&self, work: &Work<'_>, account: &AccountId) -> Result<Tally, Error> {
        for _ in 0..REFUSALS {
            let evaluated = self.evaluate(account, work.month, work.sellers.issuers()).await?;
            let (kept, outcomes) = match self.table.keep(work.month, &evaluated).await {
                Ok(kept) => (kept, evaluated.outcomes),
                Err(error) if error.retryable() => return Err(error),
                // What cannot be stored, such as an invoice of thousands of lines, is held like what cannot be read.
                Err(error) => {
                    let held = Evaluated { outcomes: unreadable(&error), ended: None, ..evaluated };
                    (self.table.keep(work.month, &held).await?, held.outcomes)
                }
            };
            if kept {
                return Ok(Tally::of(&outcomes));
            }
            let marks = self.table.marks_of(account, work.month).await?;
            if is_evaluated(&marks) && is_whole(&marks) {
                return Ok(Tally::of_marks(&marks));
            }
        }
        Err(Error::Contended)
    }

    /// Issues the next drafts, in the order of the part: the number of each is the first one of the part and those before it.
    async fn issue_page(&self, work: &Work<'_>, shard: &Shard) -> Result<(), Error> {
        let unnumbered = || Error::corrupt("run part", "it has no first number");
        let first = [shard.first_number.ok_or_else(unnumbered)?, shard.first_partner_number.unwrap_or(0)];
        let issuing = work.sellers.issuing(work.run)?;
        let (marks, more) = self.table.marks_after(work.month, work.index, shard.cursor.as_deref(), PAGE).await?;
        let (mut issued, mut figures) = ((0, 0), Figures::default());
        for mark in marks.iter().filter(|mark| mark.is_ranked()) {
            let issuer = mark.issuer()?;
            let (first, before, drafted, count) = match issuer {
                Issuer::Operator => (first[0], shard.issued, shard.drafted, &mut issued.0),
                Issuer::Partner => (first[1], shard.partner_issued, shard.partner_drafted, &mut issued.1),
            };
            // Its number would be one of another part.
            if before.saturating_add(*count) >= drafted {
                return Err(Error::corrupt("run part", "it has more drafts than were counted"));
            }
            let sequence = first.saturating_add(before).saturating_add(*count);
            *count += 1;
            if !mark.is_void() {
                let of_invoice = self.issue(work, mark, &issuing, (issuer, sequence)).await?;
                figures.merge(&of_invoice).map_err(|error| Error::internal("figures", error))?;
            }
        }
        let next = marks.last().filter(|_| more).map(Mark::place);
        let all = (shard.issued.saturating_add(issued.0), shard.partner_issued.saturating_add(issued.1));
        if next.is_none() && all != (shard.drafted, shard.partner_drafted) {
            return Err(Error::corrupt("run part", "it has other drafts than were counted"));
        }
        self.table.end_issuing(work.month, work.index, shard, issued, &figures, next).await.map(|_| ())
    }

    /// Issues the invoice of a mark and gives its figures. One that cannot be made leaves its number void, so that the others
    /// go on (I1).
    async fn issue(
        &self,
        work: &Work<'_>,
        mark: &Mark,
        issuing: &Issuing,
        (issuer, sequence): (Issuer, u64),
    ) -> Result<Figures, Error> {
        let missing = || Error::corrupt("run", "it has no series of this issuer");
        let number = issuing.number(issuer, sequence).ok_or_else(missing)?;
        let now = self.clock.now();
        let made = mark.draft().map(|(id, draft)| issuing.invoice(draft, id, sequence));
        let result = match made {
            Ok(Some(invoice)) => match Figures::of(&invoice.draft) {
                Ok(figures) => self.table.issue(&invoice, now).await.map(|issued| {
                    note(&invoice, issued);
                    figures
                }),
                Err(error) => Err(Error::internal("figures", error)),
            },
            Ok(None) => return Err(missing()),
            Err(error) => Err(error),
        };
        match result {
            Err(error) if !error.retryable() => {
                self.give_up(work, mark, &number, &error).await?;
                Ok(Figures::default())
            }
            other => other,
        }
    }

    async fn give_up(&self, work: &Work<'_>, mark: &Mark, number: &InvoiceNumber, error: &Error) -> Result<(), Error> {
        tracing::error!(invoice.number = %number, error = error.chain(), "a number is void");
        let unusable = Unusable { month: work.month, mark, number, why: error.chain() };
        self.table.void_number(&unusable, Day::of(self.clock.now())).await
    }
}

fn note(invoice: &Invoice, issued: bool) {
    tracing::info!(invoice.id = %invoice.id, invoice.number = %invoice.number, issued, "issued");
}

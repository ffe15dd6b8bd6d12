//! Works on one part of a dry run: what would be billed, priced as the invoice run prices it, and the difference to the
//! month before. No mark is set and no number taken.

use std::collections::BTreeMap;
use std::time::{Duration, Instant as Stopwatch};

use domain::calendar::Month;
use domain::catalog::charge::Issuer;
use domain::ids::AccountId;
use domain::invoice::MonthOutcome;
use domain::money::{Currency, Money};
use domain::rating::HoldReason;
use platform::error::Error;
use platform::queue::Part;
use platform::table::dry_runs::DryResult;
use platform::table::marks::Mark;

use crate::InvoiceRun;
use crate::evaluate::Sellers;
use crate::worker::STEPS;

/// Accounts kept in one transaction, each with up to two items; with the part's progress below the limit of 100 items.
const PAGE: i32 = 40;

/// What an account was billed in the month before: net, and its name.
type Before = BTreeMap<AccountId, (Money, String)>;

impl InvoiceRun {
    /// Works on a part of a dry run until it is done or the time is up; then it is put on the queue again.
    pub(crate) async fn work_dry(
        &self,
        part: &Part,
        (month, id): (Month, &str),
        started: Stopwatch,
        time_left: Duration,
    ) -> Result<(), Error> {
        // A later dry run has taken the place of one that is not there any more.
        let Some(run) = self.table.dry_run(month).await?.filter(|run| run.id == id) else { return Ok(()) };
        let sellers = self.sellers().await?;
        for _ in 0..STEPS {
            let state = self.table.dry_part(&run, part.shard).await?;
            if state.done {
                return Ok(());
            }
            let accounts = self.table.accounts(part.shard, state.cursor.as_deref(), PAGE).await?;
            let before = self.before(month.previous(), part.shard, &accounts).await?;
            let mut results = Vec::new();
            for account in &accounts {
                results.push(self.would_bill(account, month, &sellers, &before).await?);
            }
            let more = accounts.len() >= usize::try_from(PAGE).unwrap_or(0);
            let next = accounts.last().filter(|_| more);
            self.table.keep_dry_page(&run, part.shard, &state, &results, next).await?;
            if started.elapsed() >= time_left {
                return self.queue.send_parts(std::slice::from_ref(part)).await;
            }
        }
        Err(Error::NotYet("the part has more pages than one invocation takes".to_owned()))
    }

    async fn before(&self, month: Month, index: u16, accounts: &[AccountId]) -> Result<Before, Error> {
        let mut before = Before::new();
        let (Some(first), Some(last)) = (accounts.first(), accounts.last()) else { return Ok(before) };
        for mark in self.table.marks_between(month, index, (first, last)).await? {
            // What cannot be read was not billed, or can be compared with nothing.
            let (Ok(account), Ok((_, draft))) = (mark.account(), Mark::draft(&mark)) else { continue };
            let entry = before.entry(account).or_insert((Money::zero(Currency::Eur), draft.buyer.name));
            entry.0 = entry.0.plus(draft.totals.net).unwrap_or(entry.0);
        }
        Ok(before)
    }

    async fn would_bill(
        &self,
        account: &AccountId,
        month: Month,
        sellers: &Sellers,
        before: &Before,
    ) -> Result<DryResult, Error> {
        let evaluated = self.evaluate(account, month, sellers.issuers()).await?;
        let zero = Money::zero(Currency::Eur);
        let (before, mut name) = before.get(account).cloned().unwrap_or((zero, String::new()));
        let (mut nets, mut reasons) = ([zero; 2], Vec::new());
        for (net, issuer) in nets.iter_mut().zip([Issuer::Operator, Issuer::Partner]) {
            match evaluated.outcomes.of(issuer) {
                MonthOutcome::Nothing => {}
                MonthOutcome::Held(why) => reasons.extend(why.iter().map(HoldReason::told)),
                MonthOutcome::Draft(draft) => {
                    *net = draft.totals.net;
                    name.clone_from(&draft.buyer.name);
                }
            }
        }
        reasons.dedup();
        let [own, partner] = nets;
        let net = own.plus(partner).map_err(|error| Error::internal("sum of two invoices", error))?;
        Ok(DryResult { account: account.clone(), name, net, partner, before, reasons })
    }
}

//! Settles accounts one by one: those that were held, or came after their part was done.

use std::time::{Duration, Instant as Stopwatch};

use domain::calendar::{Day, Month};
use domain::ids::AccountId;
use domain::invoice::Issuing;
use platform::error::Error;
use platform::table::marks::{Evaluated, Mark, is_evaluated};
use platform::table::runs::Phase;
use platform::table::settling::open_issuers;

use crate::InvoiceRun;
use crate::evaluate::{Sellers, unreadable};
use crate::worker::{Directory, STEPS};

impl InvoiceRun {
    /// Accounts of a part that is done: what was held, or came late, is evaluated again, one by one. An
    /// invoice that comes of it carries the date of this day (§ 14 (4) No. 3 UStG) and a number of its year.
    pub(crate) async fn settle_open(
        &self,
        month: Month,
        index: u16,
        started: Stopwatch,
        time_left: Duration,
    ) -> Result<(), Error> {
        let sellers = self.sellers().await?;
        let mut after: Option<String> = None;
        for _ in 0..STEPS {
            let Directory { accounts, marks, more } = self.directory(month, index, after.as_deref()).await?;
            for (account, marks) in accounts.iter().zip(&marks) {
                if !is_evaluated(marks) || marks.iter().any(Mark::is_held) {
                    self.settle(month, account, &sellers).await?;
                }
            }
            match accounts.last() {
                Some(account) if more && started.elapsed() < time_left => after = Some(account.to_string()),
                // What is left is held still and evaluated by the next run.
                _ => break,
            }
        }
        Ok(())
    }

    /// Evaluates one account again, as the operator asked.
    ///
    /// # Errors
    /// [`Error::NotYet`] while its part is still drafting, which evaluates it anyway.
    pub(crate) async fn settle_one(&self, month: Month, index: u16, account: &str) -> Result<(), Error> {
        let account = AccountId::parse(account).map_err(|error| Error::Malformed(error.to_string()))?;
        if self.table.shard(month, index).await?.phase == Phase::Drafting {
            return Err(Error::NotYet("the part of the account is still being drafted".to_owned()));
        }
        self.settle(month, &account, &self.sellers().await?).await
    }

    /// Evaluates an account whose month, or one of its invoices, is open. If it changes meanwhile, the next run finds it.
    async fn settle(&self, month: Month, account: &AccountId, sellers: &Sellers) -> Result<(), Error> {
        let open = open_issuers(&self.table.marks_of(account, month).await?);
        if open.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let issuing = Issuing::on(sellers.issuers(), Day::of(now));
        let evaluated = self.evaluate(account, month, sellers.issuers()).await?;
        let settled = match self.table.settle_month(month, &evaluated, &open, &issuing, now).await {
            Ok(settled) => settled,
            Err(error) if error.retryable() => return Err(error),
            // What cannot be stored stays held, and does not keep those after it from being evaluated.
            Err(error) => {
                let held = Evaluated { outcomes: unreadable(&error), ..evaluated };
                self.table.settle_month(month, &held, &open, &issuing, now).await?
            }
        };
        tracing::info!(account.id = %account, settled, "evaluated again");
        Ok(())
    }
}

//! Numbers of invoices: taken from their series at once for a part of a run, or singly.

use std::time::Duration;

use domain::calendar::{Instant, Month};
use domain::ids::InvoiceId;
use domain::invoice::{Draft, Invoice, MonthOutcome};
use serde::Deserialize;

use super::Table;
use super::invoices::issuing;
use super::keys;
use super::runs::{Evaluated, INVOICE, Phase, Shard, held_attribute};
use super::write::{Outcome, Write, number, text};
use crate::error::Error;

/// Most tries to take numbers while other parts take theirs.
pub(super) const NUMBER_TRIES: usize = 50;
/// Pause between two tries.
pub(super) const PAUSE: Duration = Duration::from_millis(10);

impl Table {
    /// Takes as many numbers from the series as a part has drafts.
    ///
    /// # Errors
    /// [`Error::Contended`] when other parts kept taking theirs in between.
    pub async fn take_numbers(&self, month: Month, index: u16, shard: &Shard, series: &str) -> Result<(), Error> {
        let key = keys::run_shard(INVOICE, &month.to_string(), index);
        for _ in 0..NUMBER_TRIES {
            let (next, series_write) = self.next_number(series, shard.drafted).await?;
            let part = Write::update(key.clone())
                .if_equals("phase", Some(text(Phase::Drafted.code())))
                .set("first_number", number(i64::try_from(next).unwrap_or(i64::MAX)))
                .set("phase", text(Phase::Numbered.code()));
            let outcome = self.commit(vec![series_write, part]).await?;
            // A part that is no longer waiting for its numbers has got them from another worker.
            if outcome == Outcome::Committed || outcome.refused(1) {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(Error::Contended)
    }

    /// The next number of a series, and the write that takes it and those after it, as many as are needed.
    pub(super) async fn next_number(&self, series: &str, count: u64) -> Result<(u64, Write), Error> {
        #[derive(Deserialize)]
        struct Series {
            next: u64,
        }
        let key = keys::series(series);
        let stored: Option<Series> = self.read(&key, "series").await?;
        let next = stored.as_ref().map_or(1, |series| series.next);
        let value = |next: u64| number(i64::try_from(next).unwrap_or(i64::MAX));
        let write = Write::update(key)
            .if_equals("next", stored.map(|series| value(series.next)))
            .set("next", value(next.saturating_add(count)));
        Ok((next, write))
    }

    /// Evaluates a month again that was held, or that came after its part was done. An invoice takes the
    /// next number of the series in the same transaction. Gives `false` if the month changed meanwhile.
    ///
    /// # Errors
    /// [`Error::Contended`] when others kept taking numbers in between.
    pub async fn settle_month(
        &self,
        (month, part): (Month, u16),
        evaluated: &Evaluated,
        series: &str,
        issue: impl Fn(Draft, InvoiceId, u64) -> Invoice,
        now: Instant,
    ) -> Result<bool, Error> {
        for _ in 0..NUMBER_TRIES {
            let mut writes = vec![evaluated.write(month, None, true)?, settled(month, part, evaluated)];
            if let MonthOutcome::Draft(draft) = &evaluated.outcome {
                let (next, series_write) = self.next_number(series, 1).await?;
                writes.push(series_write);
                writes.extend(issuing(&issue(Draft::clone(draft), evaluated.invoice.clone(), next), now)?);
            }
            let outcome = self.commit(writes).await?;
            if outcome == Outcome::Committed {
                return Ok(true);
            }
            if outcome.refused(0) {
                return Ok(false);
            }
        }
        Err(Error::Contended)
    }
}

/// The write that keeps the part's sums right when one of its accounts is evaluated again.
fn settled(month: Month, part: u16, evaluated: &Evaluated) -> Write {
    let write = Write::update(keys::run_shard(INVOICE, &month.to_string(), part));
    match evaluated.outcome {
        MonthOutcome::Held(_) => evaluated.note_hold(write),
        MonthOutcome::Nothing => write.remove(&held_attribute(&evaluated.account)).add("nothing", 1),
        MonthOutcome::Draft(_) => write.remove(&held_attribute(&evaluated.account)).add("settled", 1),
    }
}

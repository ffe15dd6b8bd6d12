//! Numbers of invoices: taken from their series at once for a whole run, or singly.

use std::time::Duration;

use domain::calendar::Month;
use domain::run::first_numbers;
use serde::Deserialize;

use super::Table;
use super::keys;
use super::runs::{INVOICE, Phase, Run, Shard};
use super::write::{Outcome, Write, number, text};
use crate::error::Error;

/// Most tries to take numbers while others take theirs.
pub(super) const NUMBER_TRIES: usize = 50;
/// Pause between two tries.
pub(super) const PAUSE: Duration = Duration::from_millis(10);

/// Whether the parts of a run have their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// Not yet: some part is still drafting. Whoever ends the last one takes the numbers.
    Waiting,
    /// They have got them now.
    Now,
    /// They had them before.
    Before,
}

/// A whole number as it is stored.
pub(super) fn whole(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

impl Table {
    /// The next number of a series, and the write that takes it and those after it, as many as are needed.
    pub(super) async fn next_number(&self, series: &str, count: u64) -> Result<(u64, Write), Error> {
        #[derive(Deserialize)]
        struct Series {
            next: u64,
        }
        let key = keys::series(series);
        let stored: Option<Series> = self.read(&key, "series").await?;
        let next = stored.as_ref().map_or(1, |series| series.next);
        let value = |next: u64| number(whole(next));
        let write = Write::update(key)
            .if_equals("next", stored.map(|series| value(series.next)))
            .set("next", value(next.saturating_add(count)));
        Ok((next, write))
    }

    /// Gives all parts of a run their numbers once all of them are drafted: one transaction that takes as many from
    /// each issuer's series as there are drafts and tells each part its first one.
    ///
    /// # Errors
    /// [`Error::Contended`] when others kept taking numbers in between.
    pub async fn number_run(&self, month: Month, series: &Run) -> Result<Numbering, Error> {
        for _ in 0..NUMBER_TRIES {
            let parts = self.shards(INVOICE, &month.to_string(), series.shards).await?;
            if parts.iter().any(|part| part.first_number.is_some()) {
                return Ok(Numbering::Before);
            }
            if parts.iter().any(|part| part.phase != Phase::Drafted) {
                return Ok(Numbering::Waiting);
            }
            let writes = self.numbering(month, series, &parts).await?;
            if self.commit(writes).await? == Outcome::Committed {
                return Ok(Numbering::Now);
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(Error::Contended)
    }

    async fn numbering(&self, month: Month, run: &Run, parts: &[Shard]) -> Result<Vec<Write>, Error> {
        let period = month.to_string();
        let counts = |count: fn(&Shard) -> u64| parts.iter().map(count).collect::<Vec<u64>>();
        let (own, partner) = (counts(|part| part.drafted), counts(|part| part.partner_drafted));
        let mut writes = Vec::new();
        let mut first = Vec::new();
        for (series, drafts) in [(Some(&run.series), &own), (run.partner_series.as_ref(), &partner)] {
            let count = drafts.iter().sum();
            let next = match series {
                Some(series) if count > 0 => {
                    let (next, write) = self.next_number(series, count).await?;
                    writes.push(write);
                    next
                }
                None if count > 0 => return Err(Error::internal("run", "there are drafts for which it has no series")),
                _ => 0,
            };
            first.push(first_numbers(next, drafts).0);
        }
        let mut run_write = Write::update(keys::run(INVOICE, &period)).if_present().if_missing("numbered");
        run_write = run_write.set("numbered", number(whole(own.iter().chain(&partner).sum())));
        for (index, part) in parts.iter().enumerate() {
            let first =
                |issuer: usize| number(whole(first.get(issuer).and_then(|all| all.get(index)).copied().unwrap_or(0)));
            let key = keys::run_shard(INVOICE, &period, u16::try_from(index).unwrap_or(u16::MAX));
            // A part without drafts has nothing to issue.
            let phase = if part.drafted + part.partner_drafted == 0 { Phase::Done } else { Phase::Numbered };
            writes.push(
                Write::update(key)
                    .if_equals("phase", Some(text(Phase::Drafted.code())))
                    .set("first_number", first(0))
                    .set("first_partner_number", first(1))
                    .set("phase", text(phase.code())),
            );
        }
        writes.push(run_write);
        Ok(writes)
    }
}

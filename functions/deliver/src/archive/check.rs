//! Compares every document of the archive with its record.

use std::time::Duration;

use domain::archive::Fault;
use futures::future::try_join_all;
use platform::error::Error;
use platform::table::archive::{Archived, FoundFault};
use platform::table::checks::Compared;
use serde_json::json;

use super::{AT_ONCE, Budget};
use crate::Deliver;

/// Records of one step.
const PAGE: i32 = 40;
/// Time a step may take.
const STEP: Duration = Duration::from_secs(15);
/// Most steps of one invocation.
const STEPS: usize = 100_000;

impl Deliver {
    /// Goes on with a check until it is done or the time is nearly out; then the next message goes on.
    ///
    /// # Errors
    /// [`Error`] of the table, the object store or the queue; what was done is kept.
    #[tracing::instrument(name = "check", skip_all)]
    pub(crate) async fn check(&self, id: &str, budget: Budget) -> Result<(), Error> {
        for _ in 0..STEPS {
            let check = self.table.check(id).await?;
            if check.done_at.is_some() {
                tracing::info!(check.documents = check.documents, check.faults = check.faults, "archive checked");
                return Ok(());
            }
            if !budget.has(STEP) {
                break;
            }
            let page = self.table.archived_in(check.year, &check.after, PAGE).await?;
            let Some((last, _)) = page.last() else {
                self.table.next_year_of_check(&check, self.clock.now()).await?;
                continue;
            };
            let last = last.clone();
            let (mut compared, mut faults) = (Compared::default(), Vec::new());
            for some in page.chunks(AT_ONCE) {
                for (sums, found) in try_join_all(some.iter().map(|(_, archived)| self.compare(archived))).await? {
                    compared.documents += sums.documents;
                    compared.bytes += sums.bytes;
                    compared.faults += sums.faults;
                    faults.extend(found);
                }
            }
            self.table.note_checked(&check, &last, compared, &faults).await?;
        }
        self.archive_queue.send(&[json!({ "check": id }).to_string()]).await
    }

    async fn compare(&self, archived: &Archived) -> Result<(Compared, Vec<FoundFault>), Error> {
        let (mut compared, mut faults) = (Compared::default(), Vec::new());
        for found in self.found(archived).await? {
            let fingerprint = found.content.as_ref().map(|(_, fingerprint)| fingerprint);
            compared.documents += 1;
            compared.bytes += fingerprint.map_or(0, |fingerprint| fingerprint.size);
            if let Some(fault) = Fault::of(&found.document.fingerprint, fingerprint) {
                compared.faults += 1;
                // An alarm of the template waits for exactly this message.
                tracing::error!(invoice.id = %archived.invoice, fault = fault.code(), "archive fault");
                faults.push(FoundFault::new(archived, &found.document, fault));
            }
        }
        Ok((compared, faults))
    }
}

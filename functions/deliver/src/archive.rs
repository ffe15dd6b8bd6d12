//! The archive: documents are recorded when they are stored (I5), compared with their records every month, and
//! packed by the year for an auditor. Checks and exports may be long, so they go on in the next message of their queue
//! before the time of one invocation is out.

mod check;
mod export;
mod index;

use std::time::{Duration, Instant};

use domain::archive::Fingerprint;
use domain::calendar::Month;
use domain::invoice::Invoice;
use platform::error::Error;
use platform::objects::fingerprint;
use platform::table::archive::{Archived, ArchivedDocument};
use serde_json::{Value, json};

use crate::Deliver;

/// Documents read at the same time.
const AT_ONCE: usize = 8;

/// The time an invocation has left for steps of a job.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    started: Instant,
    time_left: Duration,
}

impl Budget {
    pub(crate) fn new(time_left: Duration) -> Self {
        Self { started: Instant::now(), time_left }
    }

    /// Whether a step that takes so long can still be begun.
    fn has(&self, time: Duration) -> bool {
        self.started.elapsed() + time <= self.time_left
    }
}

/// A document as it is stored, with what is recorded of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) document: ArchivedDocument,
    /// Content and fingerprint; `None` if there is none.
    pub(crate) content: Option<(Vec<u8>, Fingerprint)>,
}

impl Deliver {
    /// Records the documents of an invoice, once, before its mail goes out.
    ///
    /// # Errors
    /// [`Error`] of the table, or a document that is not as it was recorded.
    pub(crate) async fn record(&self, invoice: &Invoice, documents: Vec<ArchivedDocument>) -> Result<(), Error> {
        self.table.archive(&Archived::of(invoice, documents), self.clock.now()).await
    }

    /// Starts the check of this month, as the schedule asks, or goes on with it.
    ///
    /// # Errors
    /// [`Error`] of the table or the queue.
    pub(crate) async fn start_check(&self) -> Result<Value, Error> {
        let now = self.clock.now();
        let check = self.table.start_check(&Month::of(now).to_string(), now).await?;
        self.archive_queue.send(&[json!({ "check": check.id }).to_string()]).await?;
        Ok(json!({ "check": check.id }))
    }

    /// Reads the documents of a record.
    pub(crate) async fn found(&self, archived: &Archived) -> Result<Vec<Found>, Error> {
        let mut found = Vec::new();
        for document in &archived.documents {
            let content = self.objects.get(&document.key).await?.map(|bytes| {
                let fingerprint = fingerprint(&bytes);
                (bytes, fingerprint)
            });
            found.push(Found { document: document.clone(), content });
        }
        Ok(found)
    }
}

//! How often registration pages are shown, for price lists that count it.
//!
//! A page is never slowed down by it and never fails by it. What an instance of the function shows within one second is
//! written at once with the next page, so a rush costs one write a second and instance, and quiet pages are counted
//! one by one. Lost is at most what an instance showed in its last second before it was stopped, or what the table did
//! not take in time: in favour of who pays.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use domain::calendar::{Day, Instant};
use domain::ids::EventId;
use domain::usage::built_in::REGISTRATION_PAGEVIEWS;
use platform::error::Error;
use platform::table::Table;
use platform::table::counters::viewed;
use platform::table::events::Published;
use tokio::time::timeout;

/// How long views are gathered.
const GATHERED: TimeDelta = TimeDelta::seconds(1);
/// Longest time a page waits for its view to be counted, beside everything else it waits for, should the table be slow.
const PATIENCE: Duration = Duration::from_secs(1);
/// Most events that are remembered.
const EVENTS: usize = 1_000;

/// Views that are not written yet.
#[derive(Debug, Default)]
pub(crate) struct Views {
    /// When views of an event were written last, and how many there were since.
    gathered: Mutex<HashMap<EventId, (Instant, u64)>>,
}

impl Views {
    /// Counts a view. Nobody waits long for it or hears of a failure.
    pub(crate) async fn count(&self, table: &Table, published: &Published, now: Instant) {
        match timeout(PATIENCE, self.write(table, published, now)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(error = error.chain(), "page views are not counted"),
            Err(_) => tracing::warn!("page views are not counted in time"),
        }
    }

    async fn write(&self, table: &Table, published: &Published, now: Instant) -> Result<(), Error> {
        let payer = published.payer();
        if table.built_in_meter(payer, REGISTRATION_PAGEVIEWS, now).await?.is_none() {
            return Ok(());
        }
        let Some(views) = self.due(&published.event.draft().id, now) else { return Ok(()) };
        table.commit_one(viewed(published, views, Day::of(now))).await.map(|_| ())
    }

    /// How many views are to be written now, if any.
    fn due(&self, event: &EventId, now: Instant) -> Option<u64> {
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        if gathered.len() >= EVENTS && !gathered.contains_key(event) {
            gathered.clear();
        }
        match gathered.get_mut(event) {
            Some((written, views)) if (TimeDelta::zero()..GATHERED).contains(&now.signed_duration_since(*written)) => {
                *views += 1;
                None
            }
            Some(entry) => {
                let views = entry.1 + 1;
                *entry = (now, 0);
                Some(views)
            }
            None => {
                gathered.insert(event.clone(), (now, 0));
                Some(1)
            }
        }
    }
}

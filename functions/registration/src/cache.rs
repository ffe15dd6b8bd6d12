//! Events kept in the function for some seconds, so that a rush on one event does not read it each time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use domain::calendar::Instant;
use domain::ids::Slug;
use platform::error::Error;
use platform::table::Table;
use platform::table::events::Published;

/// How long an event is kept. What decides about places is never kept: the counters are conditions.
const LIFETIME: TimeDelta = TimeDelta::seconds(10);
/// Most events kept.
const EVENTS: usize = 1_000;

/// Events read lately.
#[derive(Debug, Default)]
pub struct Events {
    kept: Mutex<HashMap<Slug, (Instant, Arc<Published>)>>,
}

impl Events {
    /// The event under a public name.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn get(&self, table: &Table, slug: &Slug, now: Instant) -> Result<Arc<Published>, Error> {
        if let Some(published) = self.fresh(slug, now) {
            return Ok(published);
        }
        let published = table.event_by_slug(slug).await?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= EVENTS {
            kept.clear();
        }
        kept.insert(slug.clone(), (now, Arc::clone(&published)));
        Ok(published)
    }

    fn fresh(&self, slug: &Slug, now: Instant) -> Option<Arc<Published>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, published) = kept.get(slug)?;
        // A clock that was set back does not keep an event for longer.
        let age = now.signed_duration_since(*read_at);
        (TimeDelta::zero() <= age && age < LIFETIME).then(|| Arc::clone(published))
    }
}

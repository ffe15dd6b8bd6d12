//! Events and price lists kept in the function for a while, so that a rush does not read them each time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use domain::calendar::Instant;
use domain::catalog::charge::Issuer;
use domain::catalog::{Catalogue, Catalogues};
use domain::ids::Slug;
use platform::error::Error;
use platform::table::Table;
use platform::table::events::Published;

/// How long an event is kept. What decides about places is never kept: the counters are conditions.
const LIFETIME: TimeDelta = TimeDelta::seconds(10);
/// Most events kept.
const EVENTS: usize = 1_000;
/// How long the list of price lists is kept. A published one never changes; a new one may take a minute to show.
const LIST_LIFETIME: TimeDelta = TimeDelta::minutes(1);

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
        is_fresh(*read_at, now, LIFETIME).then(|| Arc::clone(published))
    }
}

/// A clock that was set back does not keep anything for longer.
fn is_fresh(read_at: Instant, now: Instant, lifetime: TimeDelta) -> bool {
    let age = now.signed_duration_since(read_at);
    TimeDelta::zero() <= age && age < lifetime
}

/// Every published price list.
#[derive(Debug, Default)]
pub struct Lists {
    /// All versions, to price by.
    pub all: Catalogues,
    /// When each was published.
    pub published: Vec<(Arc<Catalogue>, Instant)>,
    /// Whether the operator is a small business, which charges no VAT (§ 19 UStG).
    pub small_business: bool,
}

/// Price lists read lately.
#[derive(Debug, Default)]
pub struct PriceLists {
    kept: Mutex<Option<(Instant, Arc<Lists>)>>,
}

impl PriceLists {
    /// All published price lists.
    ///
    /// # Errors
    /// Those of the table.
    pub async fn get(&self, table: &Table, now: Instant) -> Result<Arc<Lists>, Error> {
        if let Some((read_at, lists)) = &*self.kept.lock().unwrap_or_else(PoisonError::into_inner)
            && is_fresh(*read_at, now, LIST_LIFETIME)
        {
            return Ok(Arc::clone(lists));
        }
        let operator = table.issuer(Issuer::Operator).await?;
        let small_business = operator.is_some_and(|operator| operator.terms.small_business);
        let mut lists = Lists { small_business, ..Lists::default() };
        for published in table.published_catalogues().await? {
            lists.all.add(Arc::clone(&published.catalogue));
            lists.published.push((published.catalogue, published.published_at));
        }
        let lists = Arc::new(lists);
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&lists)));
        Ok(lists)
    }
}

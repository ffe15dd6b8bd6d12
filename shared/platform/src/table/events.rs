//! Events: published once, in one transaction with their counters and the timer that closes them.

use std::sync::Arc;

use domain::calendar::Day;
use domain::event::Event;
use domain::ids::{AccountId, EventId, Slug};
use domain::timer::{Task, Timer};

use super::keys;
use super::stored::StoredEvent;
use super::write::{Outcome, Write, number, text};
use super::{Range, Table, decode, encode};
use crate::error::Error;
use crate::links;

/// An event as functions work with it.
#[derive(Clone, Debug)]
pub struct Published {
    /// The event.
    pub event: Event,
    /// Local day it was published on.
    pub published_on: Day,
    /// The account its usage is billed to, where that is not its own (A22).
    pub payer: Option<AccountId>,
    pub(super) contact_key: String,
}

impl Published {
    /// Hash of a contact address for this event.
    #[must_use]
    pub fn contact_hash(&self, normal_email: &str) -> String {
        links::contact_hash(&self.contact_key, normal_email)
    }

    /// Key of the registration with this contact hash.
    #[must_use]
    pub fn registration_key(&self, contact: &str) -> keys::Key {
        let draft = self.event.draft();
        keys::registration(&draft.account, &draft.id, self.event.partitions(), contact)
    }

    /// Key of one of its seat counters.
    #[must_use]
    pub fn counter_key(&self, shard: u16) -> keys::Key {
        let draft = self.event.draft();
        keys::counter(&draft.account, &draft.id, shard)
    }
}

impl Table {
    /// Publishes an event; gives whether its id and public name were free.
    ///
    /// The definition is kept twice, under the account and under the public name, so that a registration
    /// needs one read. It never changes afterwards.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn publish(&self, event: &Event, published_on: Day, contact_key: &str) -> Result<bool, Error> {
        let draft = event.draft();
        // The payer is decided here for good: usage that has been counted stays where it was billed.
        let payer = self.account(&draft.account).await?.payer;
        let stored = StoredEvent::new(event, payer.as_ref(), published_on, contact_key);
        let mut writes = Vec::new();
        for key in [
            keys::event(&draft.account, &draft.id),
            keys::slug(&draft.slug),
            keys::event_listing(&draft.account, &draft.id),
        ] {
            let item = encode(&key, &stored)?;
            writes.push(Write::put(key, item).if_absent());
        }
        let payer_id = payer.as_ref().unwrap_or(&draft.account);
        let until = Day::of(draft.closes_at);
        writes.push(
            Write::update(keys::form(payer_id, until, &draft.id))
                .set("event", text(draft.id.to_string()))
                .set("from", text(published_on.to_string()))
                .set("until", text(until.to_string())),
        );
        let seats = event.seats_per_shard();
        for shard in 0..event.seat_shards() {
            let counter = Write::update(keys::counter(&draft.account, &draft.id, shard)).if_absent();
            let free = seats.as_ref().and_then(|seats| seats.get(usize::from(shard)).copied());
            let counter = match free {
                Some(free) => counter.set("free", number(i64::try_from(free).unwrap_or(i64::MAX))),
                None => counter,
            };
            let counting = text(event.counting().code());
            let counter = counter.set("responses", number(0)).set("counting", counting);
            writes.push(match &payer {
                Some(payer) => counter.set("payer", text(payer.to_string())),
                None => counter,
            });
        }
        let task = Task::CloseEvent { account: draft.account.clone(), event: draft.id.clone() };
        writes.push(super::timers::schedule(&Timer { due: event.over_at(), task })?);
        Ok(self.commit(writes).await? == Outcome::Committed)
    }

    /// Reads an event by its public name: one read.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn event_by_slug(&self, slug: &Slug) -> Result<Arc<Published>, Error> {
        let stored: Option<StoredEvent> = self.read(&keys::slug(slug), "event").await?;
        stored.ok_or(Error::NotFound("event"))?.read().map(Arc::new)
    }

    /// Reads an event of an account.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the account has none of this id.
    pub async fn event(&self, account: &AccountId, event: &EventId) -> Result<Published, Error> {
        let stored: Option<StoredEvent> = self.read(&keys::event(account, event), "event").await?;
        stored.ok_or(Error::NotFound("event"))?.read()
    }

    /// All events of an account.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn events(&self, account: &AccountId) -> Result<Vec<Published>, Error> {
        let range = Range::Prefix(format!("EVENT#{}", EventId::PREFIX));
        let items = self.all(&keys::account_partition(account), &range).await?;
        items.into_iter().map(|item| decode::<StoredEvent>(item, "event")?.read()).collect()
    }
}

impl Published {
    /// The account its usage is billed to.
    #[must_use]
    pub fn payer(&self) -> &AccountId {
        self.payer.as_ref().unwrap_or(&self.event.draft().account)
    }
}

//! A stand-in for Stripe: Checkout Sessions over the same form-encoded API, a payment page that a person clicks
//! through, and signed webhooks that are retried.
//!
//! Behaviour follows <https://docs.stripe.com/api> as of [`API_VERSION`]: error bodies, idempotency keys, the fields
//! of the objects. What the functions do not use is refused as unknown rather than ignored, so that a misspelt
//! parameter is found here. State is in files below `folder/stripe` and is written before a caller is answered.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use chrono::{DateTime, Utc};

use crate::Failure;
use records::{Event, Record, Records};
use session::{Session, Status};

mod api;
mod page;
mod params;
mod records;
mod refusal;
mod session;
mod webhook;

/// The version of Stripe's API whose objects are imitated, named in every event.
pub const API_VERSION: &str = "2025-09-30.clover";

/// What the stand-in is told about the world.
pub struct Settings {
    /// Where this machine is reached by browsers, without a slash at the end.
    pub public_origin: String,
    /// Where events are posted to.
    pub webhook_url: String,
    /// The key that calls must carry.
    pub api_key: String,
    /// Every event is signed with each of these.
    pub webhook_secrets: Vec<String>,
    /// The time, for expiry and for signatures.
    pub clock: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
}

/// The stand-in; cheap to clone, all clones are the same Stripe.
#[derive(Clone)]
pub struct Stripe {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    records: Records,
    sender: webhook::Sender,
    /// Held over every change of a record, so that changes are one after another. Inside are the ids of the sessions
    /// that still have a future: open ones, which expire, and those with an event that was not delivered.
    unfinished: Mutex<BTreeSet<String>>,
}

/// What a click on the payment page led to.
enum Outcome {
    /// The session is paid; `event` must be delivered unless that was done by an earlier click.
    Paid { session: Box<Session>, event: Option<String> },
    /// It is no longer open.
    Expired,
    /// There is no such session.
    Unknown,
}

impl Stripe {
    /// Opens what is kept in `folder/stripe`. Nothing is sent until [`retry_pending`](Self::retry_pending) is called,
    /// because the receiver may not be listening yet.
    ///
    /// # Errors
    /// The folder cannot be made or read, or a file in it is not a session.
    pub fn open(folder: &Path, settings: Settings) -> Result<Stripe, Failure> {
        let records = Records::open(&folder.join("stripe"))?;
        let mut unfinished = BTreeSet::new();
        for id in records.ids()? {
            if records.load(&id)?.is_some_and(|record| record.is_unfinished()) {
                unfinished.insert(id);
            }
        }
        let sender = webhook::Sender::new();
        Ok(Stripe { inner: Arc::new(Inner { settings, records, sender, unfinished: Mutex::new(unfinished) }) })
    }

    /// The API below `/v1` and the payment page below `/pay`; to be nested at `/_local/stripe`.
    pub fn router(&self) -> Router {
        api::router(self.clone()).merge(page::router(self.clone()))
    }

    /// Expires sessions whose time is over and tries once more to deliver every event that is still waiting. Gives
    /// the number of events that wait after that.
    ///
    /// # Errors
    /// A record cannot be read or written.
    pub async fn retry_pending(&self) -> Result<usize, Failure> {
        let ids: Vec<String> = self.lock().iter().cloned().collect();
        let mut waiting = 0;
        for id in ids {
            let Some(record) = self.current(&id)? else { continue };
            for event in record.events.iter().filter(|event| !event.delivered) {
                if !self.deliver_once(&id, &event.id).await? {
                    waiting += 1;
                }
            }
        }
        Ok(waiting)
    }

    fn now(&self) -> DateTime<Utc> {
        (self.inner.settings.clock)()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<String>> {
        // The set is rebuilt from files at every start and only ever says where to look: good enough when poisoned.
        self.inner.unfinished.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The record of a session as it is now: a session whose time is over is expired by looking at it.
    fn current(&self, id: &str) -> Result<Option<Record>, Failure> {
        let mut unfinished = self.lock();
        self.load_current(&mut unfinished, id)
    }

    fn load_current(&self, unfinished: &mut BTreeSet<String>, id: &str) -> Result<Option<Record>, Failure> {
        let Some(mut record) = self.inner.records.load(id)? else { return Ok(None) };
        let now = self.now().timestamp();
        if record.session.status == Status::Open && now >= record.session.expires_at {
            self.expire(&mut record, now)?;
            self.save(unfinished, &mut record)?;
        }
        Ok(Some(record))
    }

    /// Ends an open session without payment.
    fn expire(&self, record: &mut Record, now: i64) -> Result<(), Failure> {
        record.session.status = Status::Expired;
        let object = record.session.to_object(&self.inner.settings.public_origin);
        record.events.push(Event::new("checkout.session.expired", object, now)?);
        Ok(())
    }

    /// A person pays on the payment page.
    fn pay(&self, id: &str) -> Result<Outcome, Failure> {
        let mut unfinished = self.lock();
        let Some(mut record) = self.load_current(&mut unfinished, id)? else { return Ok(Outcome::Unknown) };
        let event = match record.session.status {
            Status::Expired => return Ok(Outcome::Expired),
            // A second click, or the page of a second window: it was paid once.
            Status::Complete => None,
            Status::Open => {
                record.session.complete()?;
                let object = record.session.to_object(&self.inner.settings.public_origin);
                let event = Event::new("checkout.session.completed", object, self.now().timestamp())?;
                let id = event.id.clone();
                record.events.push(event);
                // Payment and event are one file: no kill can leave one without the other.
                self.save(&mut unfinished, &mut record)?;
                Some(id)
            }
        };
        Ok(Outcome::Paid { session: Box::new(record.session), event })
    }

    fn save(&self, unfinished: &mut BTreeSet<String>, record: &mut Record) -> Result<(), Failure> {
        record.revision += 1;
        self.inner.records.save(record)?;
        if record.is_unfinished() {
            unfinished.insert(record.session.id.clone());
        } else {
            unfinished.remove(&record.session.id);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

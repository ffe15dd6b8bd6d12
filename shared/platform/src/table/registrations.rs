//! Registrations: saved, changed and withdrawn in one transaction with their seat counter.

use domain::calendar::{Day, Instant};
use domain::event::Gathering;
use domain::ids::{AccountId, EventId};
use domain::message::{MailFailure, Notice, Owed};
use domain::registration::{CountChange, Registration};

use super::counters::moved;
use super::events::Published;
use super::keys::{self, Key};
use super::notices::{mail_failure, owe_on_item, owe_on_update};
use super::stored::StoredRegistration;
use super::write::{Outcome, Write, number, text};
use super::{Item, Range, Table, decode, encode};
use crate::error::Error;

/// What became of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is saved, its places are taken, its mail is owed.
    Yes,
    /// Its seat counter has not enough places left, or is closed.
    NoPlace,
    /// The address is registered already; nothing was changed.
    AlreadyRegistered,
    /// This Idempotency-Key was used before; nothing was changed.
    Repeated,
    /// Somebody changed the registration meanwhile; it has to be read again.
    Changed,
}

/// A registration in the list of its event.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The registration.
    pub registration: Registration,
    /// Why its last mail did not reach the person, if so.
    pub mail_failure: Option<MailFailure>,
}

/// An Idempotency-Key to be remembered with the registration.
#[derive(Clone, Debug)]
pub struct RequestKey {
    /// Where it is kept.
    pub key: Key,
    /// Digest of the body it came with.
    pub body: String,
    /// When it may be forgotten.
    pub expires_at: Instant,
}

impl RequestKey {
    fn write(&self) -> Write {
        Write::update(self.key.clone())
            .if_absent()
            .set("body", text(&self.body))
            .set("expires_at", number(self.expires_at.timestamp()))
    }
}

/// Reads a registration item.
///
/// # Errors
/// [`Error::Corrupt`].
pub fn read(item: Item) -> Result<Registration, Error> {
    decode::<StoredRegistration>(item, "registration")?.read()
}

impl Table {
    /// Saves a new registration: one transaction of two items, three with an Idempotency-Key.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn save_registration(
        &self,
        published: &Published,
        contact: &str,
        registration: &Registration,
        (change, gathering): (CountChange, &Gathering),
        request: Option<&RequestKey>,
    ) -> Result<Saved, Error> {
        let key = published.registration_key(contact);
        let mut stored = StoredRegistration::from(registration);
        let owed = Owed { notice: Notice::Registered, revision: registration.revision };
        owe_on_item(&mut stored, &key, owed, registration.created_at);
        let item = encode(&key, &stored)?;
        let today = Day::of(registration.created_at);
        let mut writes = vec![Write::put(key, item).if_absent()];
        writes.extend(request.map(RequestKey::write));
        let first_counter = writes.len();
        writes.extend(moved(published, gathering, change, today));
        let counters = first_counter..writes.len();
        let outcome = self.commit(writes).await?;
        // The counter first: a full event answers a known address like an unknown one.
        Ok(match outcome {
            Outcome::Committed => Saved::Yes,
            Outcome::Refused(_) if request.is_some() && outcome.refused(1) => Saved::Repeated,
            Outcome::Refused(_) if counters.into_iter().any(|index| outcome.refused(index)) => Saved::NoPlace,
            Outcome::Refused(_) => Saved::AlreadyRegistered,
        })
    }

    /// Reads a registration by the hash of its address.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn registration(&self, published: &Published, contact: &str) -> Result<Registration, Error> {
        let item = self.get(&published.registration_key(contact)).await?;
        read(item.ok_or(Error::NotFound("registration"))?)
    }

    /// Replaces a registration by its next revision, on the condition that it is still the one read.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn change_registration(
        &self,
        published: &Published,
        contact: &str,
        next: &Registration,
        (change, gathering): (CountChange, &Gathering),
        notice: Notice,
    ) -> Result<Saved, Error> {
        let key = published.registration_key(contact);
        let mut stored = StoredRegistration::from(next);
        owe_on_item(&mut stored, &key, Owed { notice, revision: next.revision }, next.changed_at);
        let item = encode(&key, &stored)?;
        let read_revision = number(i64::from(next.revision) - 1);
        let mut writes = vec![Write::put(key, item).if_equals("revision", Some(read_revision))];
        writes.extend(moved(published, gathering, change, Day::of(next.changed_at)));
        let outcome = self.commit(writes).await?;
        Ok(match outcome {
            Outcome::Committed => Saved::Yes,
            Outcome::Refused(_) if outcome.refused(0) => Saved::Changed,
            Outcome::Refused(_) => Saved::NoPlace,
        })
    }

    /// Owes the holder of an address a mail saying that it is registered already: once a day, and not
    /// while another mail is owed.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn owe_reminder(
        &self,
        published: &Published,
        contact: &str,
        now: Instant,
        request: Option<&RequestKey>,
    ) -> Result<(), Error> {
        let key = published.registration_key(contact);
        let today = Day::of(now);
        // Days since 1970 make each day's mail a message of its own.
        let revision = u32::try_from(now.timestamp() / 86_400).unwrap_or(0);
        let owed = Owed { notice: Notice::AlreadyRegistered, revision };
        let write = owe_on_update(Write::update(key.clone()), &key, owed, now)
            .if_present()
            .if_missing("notify")
            .if_differs("reminded_on", text(today.to_string()))
            .set("reminded_on", text(today.to_string()));
        // Whether a mail is owed or not, the request is answered the same way.
        self.commit_one(write).await?;
        if let Some(request) = request {
            self.commit_one(request.write()).await?;
        }
        Ok(())
    }

    /// Digest of the body an Idempotency-Key came with; `None` if the key is new.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn request_body(&self, key: &Key) -> Result<Option<String>, Error> {
        let item = self.get(key).await?;
        Ok(item.and_then(|item| item.get("body")?.as_s().ok().cloned()))
    }

    /// All registrations of an event.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn registrations(&self, published: &Published) -> Result<Vec<Listed>, Error> {
        let draft = published.event.draft();
        let mut registrations = Vec::new();
        for partition in 0..published.event.partitions() {
            let pk = keys::registration_partition(&draft.account, &draft.id, partition);
            for item in self.all(&pk, &Range::Prefix("REG#".to_owned())).await? {
                registrations.push(Listed { mail_failure: mail_failure(&item), registration: read(item)? });
            }
        }
        registrations.sort_by_cached_key(|one| (one.registration.created_at, one.registration.id.clone()));
        Ok(registrations)
    }
}

/// Where a registration is, read back from its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLocation {
    /// The account of its event.
    pub account: AccountId,
    /// Its event.
    pub event: EventId,
    /// Hash of its contact address.
    pub contact: String,
}

impl StoredLocation {
    /// Reads a key `EVENT#acc#evt#P#n` / `REG#hash`.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for any other key.
    pub fn of(key: &Key) -> Result<Self, Error> {
        let mut parts = key.pk.split('#').skip(1);
        let account = AccountId::parse(parts.next().unwrap_or_default());
        let event = EventId::parse(parts.next().unwrap_or_default());
        match (account, event, key.sk.strip_prefix("REG#")) {
            (Ok(account), Ok(event), Some(contact)) => Ok(Self { account, event, contact: contact.to_owned() }),
            _ => Err(Error::corrupt("registration", "its key names no account, event and contact")),
        }
    }
}

//! A stand-in for SES and for every recipient's mailbox: what the functions send can be read at `/_local/mail`.
//!
//! A mail is one file, `folder/mail/<id>.eml`, there before the sender is answered. Nothing is merged: a mail that
//! was sent twice is here twice, because its recipient would have two. One thing differs: SES gives each mail a
//! `Message-ID` and a `Date` of its own (Developer Guide, "Amazon SES header fields"); here the sender's are kept, so
//! that tests can recognise a repeated mail.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use chrono::{DateTime, Utc};

use crate::{Failure, files};

mod message;
mod page;
mod send;

pub use message::{Attachment, MailSummary};

/// Milliseconds since 1970 in an id: enough digits for 30,000 years.
const TIME_DIGITS: usize = 15;
/// Digits that count the mails.
const NUMBER_DIGITS: usize = 7;

/// All mails; cheap to clone, all clones are the same mailbox.
#[derive(Clone)]
pub struct Mailbox {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    next_number: AtomicU64,
    clock: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    throttle: Mutex<Option<Throttle>>,
    refused: AtomicU64,
}

/// Why SES takes no more mail for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Throttle {
    /// More were sent in a second than it grants.
    Rate,
    /// More were sent in a day than it grants.
    Quota,
}

impl Mailbox {
    /// Opens the mails kept in `folder/mail`; `clock` gives the times of arrival.
    ///
    /// # Errors
    /// The folder cannot be made or read.
    pub fn open(folder: &Path, clock: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>) -> Result<Mailbox, Failure> {
        let folder = folder.join("mail");
        files::open_folder(&folder)?;
        let ids = files::names(&folder, ".eml")?;
        let numbers = ids.iter().filter_map(|id| id.split_once('-')?.1.parse::<u64>().ok());
        let next_number = AtomicU64::new(numbers.max().unwrap_or(0) + 1);
        Ok(Mailbox {
            inner: Arc::new(Inner {
                folder,
                next_number,
                clock,
                throttle: Mutex::default(),
                refused: AtomicU64::new(0),
            }),
        })
    }

    /// SES: `POST /v2/email/outbound-emails`.
    pub fn api(&self) -> Router {
        send::router(self.clone())
    }

    /// The pages below `/_local/mail`, and `/_local/mail.json`.
    pub fn pages(&self) -> Router {
        page::router(self.clone())
    }

    /// From now on mails are refused, or taken again, as SES does by its sending limits.
    pub fn throttle(&self, throttle: Option<Throttle>) {
        *self.inner.throttle.lock().unwrap_or_else(PoisonError::into_inner) = throttle;
    }

    /// How many calls were refused so far, tries of the client included.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.inner.refused.load(Ordering::Relaxed)
    }

    /// Why mails are refused now, if they are; counts it.
    fn refusing(&self) -> Option<Throttle> {
        let throttle = *self.inner.throttle.lock().unwrap_or_else(PoisonError::into_inner);
        if throttle.is_some() {
            self.inner.refused.fetch_add(1, Ordering::Relaxed);
        }
        throttle
    }

    /// Every mail, oldest first.
    ///
    /// # Errors
    /// The folder or a file in it cannot be read.
    pub fn list(&self) -> Result<Vec<MailSummary>, Failure> {
        self.list_after("")
    }

    /// The mails whose id sorts after `id`, oldest first. Ids sort by arrival as long as the clock is not moved back.
    ///
    /// # Errors
    /// The folder or a file in it cannot be read.
    pub fn list_after(&self, id: &str) -> Result<Vec<MailSummary>, Failure> {
        let ids = self.ids()?;
        let later = ids.iter().filter(|candidate| candidate.as_str() > id);
        later.map(|id| Ok(message::summary(id, &std::fs::read(self.file(id))?))).collect()
    }

    /// All ids, in the order of arrival.
    fn ids(&self) -> Result<Vec<String>, Failure> {
        Ok(files::names(&self.inner.folder, ".eml")?)
    }

    /// The mail `id` as it arrived; `None` if there is none of that id.
    fn read(&self, id: &str) -> Result<Option<Vec<u8>>, Failure> {
        if !is_id(id) {
            return Ok(None);
        }
        Ok(files::read_if_present(&self.file(id))?)
    }

    /// Keeps a mail and gives its id.
    fn keep(&self, bytes: &[u8]) -> Result<String, Failure> {
        let arrived = (self.inner.clock)().timestamp_millis().max(0);
        let number = self.inner.next_number.fetch_add(1, Ordering::Relaxed);
        let id = format!("{arrived:0TIME_DIGITS$}-{number:0NUMBER_DIGITS$}");
        files::replace(&self.file(&id), bytes)?;
        Ok(id)
    }

    fn file(&self, id: &str) -> PathBuf {
        self.inner.folder.join(format!("{id}.eml"))
    }
}

/// Ids come from addresses people type, and name files.
fn is_id(id: &str) -> bool {
    id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// The time of arrival, which an id begins with.
fn arrived(id: &str) -> DateTime<Utc> {
    let millis = id.split('-').next().and_then(|millis| millis.parse().ok()).unwrap_or_default();
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}

#[cfg(test)]
mod tests;

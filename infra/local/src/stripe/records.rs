//! The files: one for each session with its events, one for each idempotency key.

use std::path::{Path, PathBuf};

use platform::entropy::{self, to_hex};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::session::{Session, Status};
use crate::{Failure, files};

/// Something the seller is told about.
#[derive(Clone, Deserialize, Serialize)]
pub(super) struct Event {
    pub(super) id: String,
    /// Stripe's `type`.
    pub(super) kind: String,
    /// Seconds since 1970.
    pub(super) created: i64,
    /// The session as it was then.
    pub(super) object: Value,
    /// The seller has confirmed it.
    pub(super) delivered: bool,
}

impl Event {
    pub(super) fn new(kind: &str, object: Value, created: i64) -> Result<Event, Failure> {
        let id = format!("evt_{}", entropy::hex::<12>()?);
        Ok(Event { id, kind: kind.to_owned(), created, object, delivered: false })
    }
}

/// A session and its events: one file, so that they change together.
#[derive(Clone, Deserialize, Serialize)]
pub(super) struct Record {
    /// Raised by every change.
    pub(super) revision: u64,
    pub(super) session: Session,
    pub(super) events: Vec<Event>,
}

impl Record {
    /// It may still expire, or has something to tell.
    pub(super) fn is_unfinished(&self) -> bool {
        self.session.status == Status::Open || self.events.iter().any(|event| !event.delivered)
    }
}

/// What was answered to a request that carried an idempotency key.
#[derive(Deserialize, Serialize)]
pub(super) struct Remembered {
    /// Tells whether a repeated key comes with the same request.
    pub(super) fingerprint: String,
    /// Seconds since 1970.
    pub(super) created: i64,
    pub(super) answer: Value,
    /// What the request made of the session. A kill may have come before that was saved; a repetition then saves it.
    pub(super) record: Record,
}

/// The folder of all records.
pub(super) struct Records {
    sessions: PathBuf,
    keys: PathBuf,
}

impl Records {
    pub(super) fn open(folder: &Path) -> Result<Records, Failure> {
        let records = Records { sessions: folder.join("sessions"), keys: folder.join("idempotency-keys") };
        files::open_folder(&records.sessions)?;
        files::open_folder(&records.keys)?;
        Ok(records)
    }

    /// The ids of all sessions.
    pub(super) fn ids(&self) -> Result<Vec<String>, Failure> {
        Ok(files::names(&self.sessions, ".json")?)
    }

    pub(super) fn load(&self, id: &str) -> Result<Option<Record>, Failure> {
        // Ids come from addresses people type, and name files.
        if id.len() > 200 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Ok(None);
        }
        read(&self.sessions.join(format!("{id}.json")))
    }

    pub(super) fn save(&self, record: &Record) -> Result<(), Failure> {
        let file = self.sessions.join(format!("{}.json", record.session.id));
        Ok(files::replace(&file, &serde_json::to_vec_pretty(record)?)?)
    }

    pub(super) fn recall(&self, key: &str) -> Result<Option<Remembered>, Failure> {
        read(&self.key_file(key))
    }

    pub(super) fn remember(&self, key: &str, remembered: &Remembered) -> Result<(), Failure> {
        Ok(files::replace(&self.key_file(key), &serde_json::to_vec_pretty(remembered)?)?)
    }

    /// Keys are the caller's free text, so the file is named by their digest.
    fn key_file(&self, key: &str) -> PathBuf {
        self.keys.join(format!("{}.json", digest(key.as_bytes())))
    }
}

/// SHA-256 in hexadecimal digits.
pub(super) fn digest(bytes: &[u8]) -> String {
    to_hex(&Sha256::digest(bytes))
}

fn read<Content: for<'content> Deserialize<'content>>(file: &Path) -> Result<Option<Content>, Failure> {
    let Some(bytes) = files::read_if_present(file)? else { return Ok(None) };
    let content = serde_json::from_slice(&bytes).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(Some(content))
}

//! Mails that are owed: attributes on the item they follow from, written in the same transaction.
//!
//! `notify` names the mail; `unsent_bucket` and `unsent_since` put the item into a sparse index until the
//! mail has gone out. The stream tells of the item at once; the index finds what the stream lost.

use chrono::TimeDelta;
use domain::calendar::Instant;
use domain::message::{MailFailure, Owed};

use super::keys::{Key, moment};
use super::stored::StoredRegistration;
use super::write::{Write, text};
use super::{Item, Table, UNSENT};
use crate::error::Error;

/// Most times a mail is handed on again.
const TRIES: u32 = 10;

/// Adds an owed mail to a write.
#[must_use]
pub fn owe_on_update(write: Write, key: &Key, owed: Owed, now: Instant) -> Write {
    write
        .set("notify", text(owed.to_string()))
        .set("unsent_bucket", text(UNSENT.bucket_of(key)))
        .set("unsent_since", text(moment(now)))
        // A mail that was given up before does not take the tries of this one.
        .remove("unsent_tries")
}

/// Adds an owed mail to an item that is put as a whole.
pub fn owe(item: &mut Item, key: &Key, owed: Owed, now: Instant) {
    item.insert("notify".to_owned(), text(owed.to_string()));
    item.insert("unsent_bucket".to_owned(), text(UNSENT.bucket_of(key)));
    item.insert("unsent_since".to_owned(), text(moment(now)));
}

pub(crate) fn owe_on_item(stored: &mut StoredRegistration, key: &Key, owed: Owed, now: Instant) {
    stored.notify = Some(owed.to_string());
    stored.unsent_bucket = Some(UNSENT.bucket_of(key));
    stored.unsent_since = Some(moment(now));
}

/// The mail an item owes, if any.
#[must_use]
pub fn owed(item: &Item) -> Option<Owed> {
    Owed::parse(item.get("notify")?.as_s().ok()?)
}

/// Attribute that says why the last mail did not reach its reader.
const MAIL_FAILURE: &str = "mail_failure";

/// Why the last mail of an item did not reach its reader, if so.
#[must_use]
pub fn mail_failure(item: &Item) -> Option<MailFailure> {
    MailFailure::parse(item.get(MAIL_FAILURE)?.as_s().ok()?)
}

impl Table {
    /// Records that an owed mail has gone out, unless another one is owed meanwhile. `counted` is written with it, so
    /// that a mail is counted exactly once, however often it is noted.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn settle_notice(
        &self,
        key: &Key,
        owed: Owed,
        now: Instant,
        counted: Option<Write>,
    ) -> Result<(), Error> {
        let write = Write::update(key.clone())
            .if_equals("notify", Some(text(owed.to_string())))
            .remove("notify")
            .remove("unsent_bucket")
            .remove("unsent_since")
            .remove("unsent_tries")
            .remove(MAIL_FAILURE)
            .remove("mail_failed_at")
            .set("notified", text(owed.to_string()))
            .set("notified_at", text(moment(now)));
        match counted {
            None => self.commit_one(write).await.map(|_| ()),
            Some(counted) => self.commit(vec![write, counted]).await.map(|_| ()),
        }
    }

    /// Notes that the last mail of an item did not reach its reader; the next one that is sent removes the note.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn note_mail_failure(&self, key: &Key, failure: MailFailure, now: Instant) -> Result<(), Error> {
        let write = Write::update(key.clone())
            .if_present()
            .set(MAIL_FAILURE, text(failure.code()))
            .set("mail_failed_at", text(moment(now)));
        self.commit_one(write).await.map(|_| ())
    }

    /// Puts off an unsent mail before it is handed on once more: 15 minutes, then 30, an hour … up to 16 hours.
    /// After ten tries it is given up, kept on the item as `undeliverable_at`. Gives whether to hand it on.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn postpone_notice(&self, key: &Key, now: Instant) -> Result<bool, Error> {
        let Some(item) = self.get(key).await? else { return Ok(false) };
        let Some(notify) = item.get("notify").cloned() else { return Ok(false) };
        let tries = item.get("unsent_tries").and_then(|value| value.as_n().ok()).and_then(|digits| digits.parse().ok());
        let tries: u32 = tries.unwrap_or(0);
        let write = Write::update(key.clone()).if_equals("notify", Some(notify));
        if tries >= TRIES {
            tracing::error!(tries, "a mail is given up");
            let given_up = write.remove("unsent_bucket").remove("unsent_since");
            self.commit_one(given_up.set("undeliverable_at", text(moment(now)))).await?;
            return Ok(false);
        }
        // `unsent` looks for what is older than 15 minutes, so the first step adds nothing.
        let wait = TimeDelta::minutes(15 * ((1_i64 << tries.min(6)) - 1));
        let postponed = write.add("unsent_tries", 1).set("unsent_since", text(moment(now + wait)));
        self.commit_one(postponed).await
    }

    /// Items that have owed a mail since before a time, oldest first, at most `limit` per part of the index.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn unsent(&self, before: Instant, limit: i32) -> Result<Vec<Key>, Error> {
        let mut keys = Vec::new();
        for bucket in 0..UNSENT.buckets {
            keys.extend(self.index(&UNSENT, bucket, &moment(before), limit).await?);
        }
        Ok(keys)
    }
}

//! Mails that are owed: attributes on the item they follow from, written in the same transaction.
//!
//! `notify` names the mail; `unsent_bucket` and `unsent_since` put the item into a sparse index until the
//! mail has gone out. The stream tells of the item at once; the index finds what the stream lost.

use chrono::TimeDelta;
use domain::calendar::Instant;
use domain::message::{MailFailure, Owed};
use serde::Deserialize;

use super::keys::{self, Key, moment};
use super::stored::StoredRegistration;
use super::write::{Write, number, text};
use super::{Item, Table, UNSENT, decode};
use crate::error::Error;

/// Most times a mail is handed on again.
const TRIES: u32 = 10;
/// A mail that has been owed this long was lost on its way through the stream, or its time to be tried again has come.
pub const LOST_AFTER: TimeDelta = TimeDelta::minutes(15);
/// Attribute of an item whose mail was given up.
pub(super) const GIVEN_UP_AT: &str = "undeliverable_at";
/// Attribute with the time before which nobody tries, whatever the stream says: noting that is a change of the item, too.
pub(super) const PUT_OFF: &str = "put_off_until";
/// How long the stream leaves a mail alone that the timers have handed on.
const HANDED_ON: TimeDelta = TimeDelta::minutes(1);
/// Most characters that are kept of what the last attempt at a mail failed of.
const ERROR_LENGTH: usize = 300;
/// How long that is kept.
const ERROR_KEPT: TimeDelta = TimeDelta::days(90);
/// How long the entry of a mail that was given up is kept.
const GIVEN_UP_KEPT: TimeDelta = TimeDelta::days(90);

#[derive(Deserialize)]
struct StoredMailError {
    mail: String,
    error: String,
}

/// Adds an owed mail to a write.
#[must_use]
pub fn owe_on_update(write: Write, key: &Key, owed: Owed, now: Instant) -> Write {
    write
        .set("notify", text(owed.to_string()))
        .set("unsent_bucket", text(UNSENT.bucket_of(key)))
        .set("unsent_since", text(moment(now)))
        // A mail that was given up before does not take the tries of this one.
        .remove("unsent_tries")
        .remove(PUT_OFF)
        .remove(GIVEN_UP_AT)
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

/// The mail of an item that went out last, if any did.
#[must_use]
pub fn notified(item: &Item) -> Option<Owed> {
    Owed::parse(item.get("notified")?.as_s().ok()?)
}

/// Attribute that says why the last mail did not reach its reader.
const MAIL_FAILURE: &str = "mail_failure";

/// Why the last mail of an item did not reach its reader, if so.
#[must_use]
pub fn mail_failure(item: &Item) -> Option<MailFailure> {
    MailFailure::parse(item.get(MAIL_FAILURE)?.as_s().ok()?)
}

/// Whether nobody tries the mail of an item yet.
#[must_use]
pub fn is_put_off(item: &Item, now: Instant) -> bool {
    item.get(PUT_OFF).and_then(|until| until.as_s().ok()).is_some_and(|until| *until > moment(now))
}

/// How often the mail of an item was handed on again.
fn tries(item: &Item) -> u32 {
    let tries = item.get("unsent_tries").and_then(|value| value.as_n().ok());
    tries.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// What a service said, without the addresses of mail it may have quoted: a guest's does not belong here.
fn without_addresses(said: &str) -> String {
    let words = said.split(' ').map(|word| if word.contains('@') { "…@…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

impl Table {
    /// The write that notes that an owed mail has gone out, unless another one is owed meanwhile.
    pub(super) fn settling(&self, key: &Key, owed: Owed, now: Instant) -> Write {
        Write::update(key.clone())
            .if_equals("notify", Some(text(owed.to_string())))
            .remove("notify")
            .remove("unsent_bucket")
            .remove("unsent_since")
            .remove("unsent_tries")
            .remove(GIVEN_UP_AT)
            .remove(PUT_OFF)
            .remove(MAIL_FAILURE)
            .remove("mail_failed_at")
            .set("notified", text(owed.to_string()))
            .set("notified_at", text(moment(now)))
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
        let tries = tries(&item);
        let write = Write::update(key.clone()).if_equals("notify", Some(notify));
        if tries >= TRIES {
            tracing::error!(tries, "a mail is given up");
            let given_up = write.remove("unsent_bucket").remove("unsent_since").set(GIVEN_UP_AT, text(moment(now)));
            // Listed in the same transaction, so that the operator finds it without reading the whole table.
            let entry = Write::update(keys::kept::given_up(key))
                .set("item_pk", text(&key.pk))
                .set("item_sk", text(&key.sk))
                .set("given_up_at", text(moment(now)))
                .set("expires_at", number((now + GIVEN_UP_KEPT).timestamp()));
            self.commit(vec![given_up, entry]).await?;
            return Ok(false);
        }
        // `unsent` looks for what is older than 15 minutes, so the first step adds nothing.
        let wait = TimeDelta::minutes(15 * ((1_i64 << tries.min(6)) - 1));
        let postponed = write
            .add("unsent_tries", 1)
            .set("unsent_since", text(moment(now + wait)))
            .set(PUT_OFF, text(moment(now + HANDED_ON)));
        self.commit_one(postponed).await
    }

    /// Puts off a mail that the mail service takes no more of for now. It is as if it had not been tried: what was counted
    /// when it was handed on is taken back.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn put_off_notice(&self, key: &Key, owed: Owed, now: Instant, wait: TimeDelta) -> Result<(), Error> {
        let Some(item) = self.get(key).await? else { return Ok(()) };
        let write = Write::update(key.clone())
            .if_equals("notify", Some(text(owed.to_string())))
            .set("unsent_bucket", text(UNSENT.bucket_of(key)))
            .set("unsent_since", text(moment(now + wait - LOST_AFTER)))
            .set(PUT_OFF, text(moment(now + wait)));
        let write = if tries(&item) > 0 { write.add("unsent_tries", -1) } else { write };
        self.commit_one(write).await.map(|_| ())
    }

    /// Notes what the last attempt at an owed mail failed of, for whoever looks at the dead letters. It lies beside the
    /// item and under another name than `notify`: what has that comes through the stream as an attempt.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn note_delivery_error(&self, key: &Key, owed: Owed, error: &Error, now: Instant) -> Result<(), Error> {
        let said: String = without_addresses(&error.chain()).chars().take(ERROR_LENGTH).collect();
        let write = Write::update(keys::kept::mail_error(key))
            .set("mail", text(owed.to_string()))
            .set("error", text(said))
            .set("failed_at", text(moment(now)))
            .set("expires_at", number((now + ERROR_KEPT).timestamp()));
        self.commit_one(write).await.map(|_| ())
    }

    /// What the last attempt at the mail of an item failed of, if it is still owed and that is known.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn delivery_error(&self, key: &Key) -> Result<Option<String>, Error> {
        let Some(owed) = self.get(key).await?.as_ref().and_then(owed) else { return Ok(None) };
        let Some(entry) = self.get(&keys::kept::mail_error(key)).await? else { return Ok(None) };
        let StoredMailError { mail, error } = decode(entry, "error of a mail")?;
        // One of an earlier mail says nothing about this one.
        Ok((mail == owed.to_string()).then_some(error))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_service_said_is_kept_without_addresses_of_mail() {
        let said =
            "not verified: the identities failed the check: gast@example.org, \"Ute <ute@example.org>\" (eu-central-1)";
        let kept = "not verified: the identities failed the check: …@… \"Ute …@… (eu-central-1)";
        assert_eq!(without_addresses(said), kept);
    }
}

//! Mails that are asked for once more, and mails that were given up.

use chrono::TimeDelta;
use domain::calendar::Instant;
use domain::contact::Email;
use domain::ids::{AccountId, InvoiceId};
use domain::message::{Notice, Owed};
use serde::Deserialize;

use super::keys::{self, Key, moment};
use super::notices::{GIVEN_UP_AT, PUT_OFF, owe_on_update, owed};
use super::write::{Outcome, Write, number, text};
use super::{Item, Range, Table, UNSENT, decode};
use crate::error::Error;

/// Most mails of an account that may be asked for once more in an hour.
const RESENDS_PER_HOUR: i64 = 10;
/// Attribute of an address that a mail goes to instead of the one on the invoice.
const MAIL_TO: &str = "mail_to";
/// Most entries of the list of mails that were given up.
const SHOWN: i32 = 100;

/// How asking for a mail once more ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resend {
    /// The mail is owed once more.
    Owed,
    /// The item owes a mail already, which is on its way.
    OnItsWay,
    /// Too many were asked for in this hour.
    TooMany,
}

/// A mail that was given up.
#[derive(Clone, Debug)]
pub struct GivenUp {
    /// The item that owes it.
    pub item: Key,
    /// What is owed.
    pub owed: Owed,
    /// When it was given up, as stored.
    pub at: String,
}

#[derive(Deserialize)]
struct StoredGivenUp {
    item_pk: String,
    item_sk: String,
    given_up_at: String,
}

/// The address that the mail of an item goes to instead of the usual one, if somebody said so.
#[must_use]
pub fn mail_to(item: &Item) -> Option<Email> {
    Email::parse(attribute(item, MAIL_TO)?).ok()
}

fn attribute<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

impl Table {
    /// Owes the mail of an invoice once more, under the next revision, so that it is a mail of its own; to another
    /// address if one is given. At most ten an hour for an account.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the account has no such invoice.
    pub async fn resend_invoice(
        &self,
        account: &AccountId,
        invoice: &InvoiceId,
        to: Option<&Email>,
        now: Instant,
    ) -> Result<Resend, Error> {
        let key = keys::invoice(account, invoice);
        let item = self.get(&key).await?.ok_or(Error::NotFound("invoice"))?;
        let given_up = item.contains_key(GIVEN_UP_AT);
        let (before, last) = (item.get("notify").cloned(), item.get("notified").cloned());
        if before.is_some() && !given_up {
            return Ok(Resend::OnItsWay);
        }
        let sent = [&before, &last].into_iter().flatten().filter_map(|value| Owed::parse(value.as_s().ok()?));
        let revision = sent.map(|owed| owed.revision).max().unwrap_or(0).saturating_add(1);
        let owed = Owed { notice: Notice::InvoiceIssued, revision };
        // Two clicks at once find the same revision, and the second finds a mail on its way.
        let write = Write::update(key.clone()).if_equals("notify", before).if_equals("notified", last);
        let write = owe_on_update(write, &key, owed, now);
        let write = match to {
            Some(to) => write.set(MAIL_TO, text(to.as_str())),
            None => write.remove(MAIL_TO),
        };
        let hour = now.format("%Y-%m-%dT%H").to_string();
        let window = Write::update(keys::kept::resend_window(account, &hour))
            .if_missing_or_below("mails", RESENDS_PER_HOUR)
            .add("mails", 1)
            .set("expires_at", number((now + TimeDelta::hours(2)).timestamp()));
        let mut writes = vec![write, window];
        if given_up {
            writes.push(Write::delete(keys::kept::given_up(&key)));
        }
        Ok(match self.commit(writes).await? {
            Outcome::Committed => Resend::Owed,
            outcome if outcome.refused(0) => Resend::OnItsWay,
            Outcome::Refused(_) => Resend::TooMany,
        })
    }

    /// Makes all payment links given out for an invoice worthless; those made from now on work.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the account has no such invoice.
    pub async fn revoke_links(&self, account: &AccountId, invoice: &InvoiceId) -> Result<(), Error> {
        let write = Write::update(keys::invoice(account, invoice)).if_present().add("link_generation", 1);
        if self.commit_one(write).await? { Ok(()) } else { Err(Error::NotFound("invoice")) }
    }

    /// Mails that were given up and are still owed, at most a hundred.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn given_up(&self) -> Result<Vec<GivenUp>, Error> {
        let mut found = Vec::new();
        for entry in
            self.page(keys::kept::GIVEN_UP, &Range::Between("!".to_owned(), "~".to_owned()), SHOWN, false).await?
        {
            let StoredGivenUp { item_pk, item_sk, given_up_at } = decode(entry, "given-up mail")?;
            let key = Key::new(item_pk, item_sk);
            let Some(item) = self.get(&key).await? else { continue };
            // One that went out meanwhile is not listed; its entry goes with time.
            if let Some(owed) = owed(&item).filter(|_| item.contains_key(GIVEN_UP_AT)) {
                found.push(GivenUp { item: key, owed, at: given_up_at });
            }
        }
        Ok(found)
    }

    /// Owes a mail that was given up again, with all its tries. Gives whether it was still given up.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn owe_given_up(&self, item: &Key, now: Instant) -> Result<bool, Error> {
        let write = Write::update(item.clone())
            .if_there("notify")
            .if_there(GIVEN_UP_AT)
            .remove(GIVEN_UP_AT)
            .remove(PUT_OFF)
            .remove("unsent_tries")
            .set("unsent_bucket", text(UNSENT.bucket_of(item)))
            .set("unsent_since", text(moment(now)));
        let entry = Write::delete(keys::kept::given_up(item));
        Ok(self.commit(vec![write, entry]).await? == Outcome::Committed)
    }
}

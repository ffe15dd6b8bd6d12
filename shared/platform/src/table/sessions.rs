//! Signing in: who may, the links that were asked for, and sessions.

use chrono::TimeDelta;
use domain::calendar::Instant;
use domain::contact::Email;
use domain::language::Language;
use domain::message::{Notice, Owed};
use serde::{Deserialize, Serialize};

use super::keys::{self, moment};
use super::stored::{some, valid};
use super::write::{Outcome, Write, number, text};
use super::{Item, Table, decode, encode, notices};
use crate::error::Error;
use crate::links::digest;

/// How long a link to sign in works.
pub const LINK_LIFETIME: TimeDelta = TimeDelta::minutes(30);
/// How long a session lasts.
pub const SESSION_LIFETIME: TimeDelta = TimeDelta::hours(12);
/// Most links one address gets in an hour.
const LINKS_PER_HOUR: i64 = 10;

/// A link to sign in, as its mail needs it.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Whom it was asked for.
    pub email: Email,
    /// Language of the mail.
    pub language: Language,
    /// When it stops working.
    pub expires_at: Instant,
}

#[derive(Serialize, Deserialize)]
struct StoredSignIn {
    email: String,
    language: String,
    valid_until: String,
    /// Seconds since 1970; the table removes the item some time later.
    expires_at: i64,
}

/// A session: who signed in. What they may see is looked up each time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Their address.
    pub email: Email,
}

#[derive(Serialize, Deserialize)]
struct StoredSession {
    email: String,
    valid_until: String,
    expires_at: i64,
}

/// Reads a link to sign in.
///
/// # Errors
/// [`Error::Corrupt`].
pub fn read_sign_in(item: Item) -> Result<SignIn, Error> {
    const ITEM: &str = "sign-in";
    let stored: StoredSignIn = decode(item, ITEM)?;
    Ok(SignIn {
        email: valid(Email::parse(&stored.email), ITEM)?,
        language: some(Language::parse(&stored.language), ITEM)?,
        expires_at: super::stored::instant(&stored.valid_until, ITEM)?,
    })
}

impl Table {
    /// Makes a link to sign in and owes its mail.
    ///
    /// # Errors
    /// [`Error::TooMany`] when the address asked for too many in this hour.
    pub async fn create_sign_in(&self, id: &str, email: &Email, language: Language, now: Instant) -> Result<(), Error> {
        let until = now + LINK_LIFETIME;
        let stored = StoredSignIn {
            email: email.as_str().to_owned(),
            language: language.code().to_owned(),
            valid_until: moment(until),
            expires_at: until.timestamp(),
        };
        let key = keys::sign_in(id);
        let mut item = encode(&key, &stored)?;
        notices::owe(&mut item, &key, Owed { notice: Notice::SignIn, revision: 1 }, now);
        let hour = now.format("%Y-%m-%dT%H").to_string();
        let window = Write::update(keys::sign_in_window(&digest(&email.normal()), &hour))
            .if_missing_or_below("links", LINKS_PER_HOUR)
            .add("links", 1)
            .set("expires_at", number((now + TimeDelta::hours(2)).timestamp()));
        match self.commit(vec![Write::put(key, item).if_absent(), window]).await? {
            Outcome::Committed => Ok(()),
            Outcome::Refused(_) => Err(Error::TooMany("links to sign in for this address")),
        }
    }

    /// Uses a link to sign in, once, and starts a session under a token.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the link does not exist, was used, or is too old.
    pub async fn start_session(&self, id: &str, token: &str, now: Instant) -> Result<(), Error> {
        let gone = Error::NotFound("sign-in link");
        let key = keys::sign_in(id);
        let Some(item) = self.get(&key).await? else { return Err(gone) };
        let stored: StoredSignIn = decode(item, "sign-in")?;
        if super::stored::instant(&stored.valid_until, "sign-in")? < now {
            return Err(gone);
        }
        let until = now + SESSION_LIFETIME;
        let session = StoredSession { email: stored.email, valid_until: moment(until), expires_at: until.timestamp() };
        let session_key = keys::session(&digest(token));
        let session = encode(&session_key, &session)?;
        let used = Write::update(key).if_present().if_missing("used_at").set("used_at", text(moment(now)));
        match self.commit(vec![used, Write::put(session_key, session).if_absent()]).await? {
            Outcome::Committed => Ok(()),
            Outcome::Refused(_) => Err(gone),
        }
    }

    /// The session under a token; `None` if there is none or it is over.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn session(&self, token: &str, now: Instant) -> Result<Option<Session>, Error> {
        let stored: Option<StoredSession> = self.read(&keys::session(&digest(token)), "session").await?;
        let Some(stored) = stored else { return Ok(None) };
        // The table removes expired items late, so age is checked here.
        let over = super::stored::instant(&stored.valid_until, "session")? < now;
        let email = valid(Email::parse(&stored.email), "session")?;
        Ok((!over).then_some(Session { email }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn end_session(&self, token: &str) -> Result<(), Error> {
        self.commit(vec![Write::delete(keys::session(&digest(token)))]).await.map(|_| ())
    }
}

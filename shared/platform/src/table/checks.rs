//! Checks of the archive: how far each is, and what it found.

use domain::calendar::{Day, Instant};
use serde::{Deserialize, Serialize};

use super::archive::FoundFault;
use super::keys::{self, Key, moment};
use super::write::{Write, number, text};
use super::{Range, Table, decode, encode};
use crate::error::Error;

/// Years a check looks back, the present one not counted: as long as invoices are kept (I5), and one more.
const YEARS: i32 = 9;
/// Most faults read for a page.
const SHOWN: i32 = 100;

/// A check of the archive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Its id: the month, or the moment somebody asked for it.
    pub id: String,
    /// When it was started.
    pub started_at: String,
    /// The year it is at.
    pub year: i32,
    /// Last year it looks at.
    pub last_year: i32,
    /// The last record dealt with in that year.
    #[serde(default)]
    pub after: String,
    /// Documents compared.
    #[serde(default)]
    pub documents: u64,
    /// Bytes read for it.
    #[serde(default)]
    pub bytes: u64,
    /// Documents at fault.
    #[serde(default)]
    pub faults: u64,
    /// When it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<String>,
}

/// What a step of a check adds to it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Compared {
    /// Documents compared.
    pub documents: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Documents at fault.
    pub faults: u64,
}

impl Check {
    /// The write of a step: what it adds holds only if nobody else made it.
    fn step(&self, compared: Compared) -> Write {
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        Write::update(keys::kept::check(&self.id))
            .if_equals("year", Some(number(i64::from(self.year))))
            .if_equals("after", Some(text(&self.after)))
            .add("documents", count(compared.documents))
            .add("bytes", count(compared.bytes))
            .add("faults", count(compared.faults))
    }
}

impl Table {
    /// Starts a check, or gives the one that was started under this id before.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn start_check(&self, id: &str, now: Instant) -> Result<Check, Error> {
        let last_year = Day::of(now).month().year();
        let (started_at, year) = (moment(now), last_year - YEARS);
        let check = Check { id: id.to_owned(), started_at, year, last_year, ..Check::default() };
        let key = keys::kept::check(id);
        if self.commit_one(Write::put(key.clone(), encode(&key, &check)?).if_absent()).await? {
            return Ok(check);
        }
        self.check(id).await
    }

    /// A check.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none of this id.
    pub async fn check(&self, id: &str) -> Result<Check, Error> {
        self.read(&keys::kept::check(id), "check").await?.ok_or(Error::NotFound("check"))
    }

    /// The newest checks, newest first.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn checks(&self, limit: i32) -> Result<Vec<Check>, Error> {
        let everything = Range::Between("0".to_owned(), "~".to_owned());
        let items = self.page(keys::kept::CHECKS, &everything, limit, true).await?;
        items.into_iter().map(|item| decode(item, "check")).collect()
    }

    /// Notes what a page of records came to, and goes on after it. Faults are noted first, each under its document, so
    /// that a page that is done twice notes them once.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn note_checked(
        &self,
        check: &Check,
        after: &str,
        compared: Compared,
        faults: &[FoundFault],
    ) -> Result<(), Error> {
        for fault in faults {
            let key = keys::kept::check_fault(&check.id, &fault.document);
            self.commit_one(Write::put(key.clone(), encode(&key, fault)?)).await?;
        }
        self.commit_one(check.step(compared).set("after", text(after))).await.map(|_| ())
    }

    /// Goes on with the next year, or ends the check after the last.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn next_year_of_check(&self, check: &Check, now: Instant) -> Result<(), Error> {
        let step = check.step(Compared::default());
        let step = if check.year < check.last_year {
            step.set("year", number(i64::from(check.year + 1))).set("after", text(""))
        } else {
            step.if_missing("done_at").set("done_at", text(moment(now)))
        };
        self.commit_one(step).await.map(|_| ())
    }

    /// What a check found, at most a hundred documents.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn faults(&self, check: &str) -> Result<Vec<FoundFault>, Error> {
        let Key { pk, .. } = keys::kept::check_fault(check, "");
        let items = self.page(&pk, &Range::Prefix("FAULT#".to_owned()), SHOWN, false).await?;
        items.into_iter().map(|item| decode(item, "fault")).collect()
    }
}

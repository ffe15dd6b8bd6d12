//! Timers, and closing an event when it is over.

use domain::calendar::{Day, Instant, Month};
use domain::catalog::charge::Issuer;
use domain::ids::{AccountId, EventId, OfferId};
use domain::subscription::change::{Due, DueTask};
use domain::timer::{Task, Timer};
use domain::usage::{Counts, EndedEvent};
use serde::{Deserialize, Serialize};

use super::events::Published;
use super::keys::{self, Key, moment};
use super::stored::{StoredEnded, instant, valid};
use super::write::{Outcome, Write, text};
use super::{Range, Table, decode, encode};
use crate::error::Error;

/// Most months tried for an event that is closed late; each month may have been billed meanwhile.
const MONTHS: usize = 36;

#[derive(Debug, Serialize, Deserialize)]
struct StoredTimer {
    due: String,
    task: String,
    account: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offer: Option<String>,
}

/// Words of the tasks about offers.
const OFFER_EXPIRED: &str = "offer_expired";
const DOWN_PAYMENT: &str = "down_payment";

/// The write that sets a timer.
///
/// # Errors
/// [`Error::Internal`]; not for the tasks of this version.
pub fn schedule(timer: &Timer) -> Result<Write, Error> {
    let key = key(timer);
    let due = moment(timer.due);
    let stored = match &timer.task {
        Task::CloseEvent { account, event } => StoredTimer {
            due,
            task: "close_event".to_owned(),
            account: account.to_string(),
            event: Some(event.to_string()),
            on: None,
            offer: None,
        },
        Task::OfferExpired { account, offer } => of_offer(due, OFFER_EXPIRED, account, offer),
        Task::DownPayment { account, offer } => of_offer(due, DOWN_PAYMENT, account, offer),
        Task::Subscription { account, due: told } => StoredTimer {
            due,
            task: told.task.code().to_owned(),
            account: account.to_string(),
            event: None,
            on: Some(told.on.to_string()),
            offer: None,
        },
    };
    let item = encode(&key, &stored)?;
    Ok(Write::put(key, item))
}

fn of_offer(due: String, task: &str, account: &AccountId, offer: &OfferId) -> StoredTimer {
    let (task, account, offer) = (task.to_owned(), account.to_string(), Some(offer.to_string()));
    StoredTimer { due, task, account, event: None, on: None, offer }
}

/// The write that takes a timer away, whether it is there or not.
#[must_use]
pub fn cancel(timer: &Timer) -> Write {
    Write::delete(key(timer))
}

fn key(timer: &Timer) -> Key {
    keys::timer(timer.due, &timer.task.name())
}

fn read(stored: &StoredTimer) -> Result<Timer, Error> {
    const ITEM: &str = "timer";
    let account = valid(AccountId::parse(&stored.account), ITEM)?;
    let offer = || valid(OfferId::parse(stored.offer.as_deref().unwrap_or_default()), ITEM);
    let task = match (stored.task.as_str(), DueTask::parse(&stored.task)) {
        ("close_event", _) => Task::CloseEvent {
            account,
            event: valid(EventId::parse(stored.event.as_deref().unwrap_or_default()), ITEM)?,
        },
        (OFFER_EXPIRED, _) => Task::OfferExpired { account, offer: offer()? },
        (DOWN_PAYMENT, _) => Task::DownPayment { account, offer: offer()? },
        (_, Some(task)) => {
            let on = valid(Day::parse(stored.on.as_deref().unwrap_or_default()), ITEM)?;
            Task::Subscription { account, due: Due { on, task } }
        }
        _ => return Err(Error::corrupt(ITEM, "an unknown task")),
    };
    Ok(Timer { due: instant(&stored.due, ITEM)?, task })
}

/// What closing an event came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Counts are frozen under this month.
    In(Month),
    /// It was closed before.
    Already,
}

impl Table {
    /// Timers due by a time, oldest first in each partition, at most `limit` per partition.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn due_timers(&self, now: Instant, limit: i32) -> Result<Vec<Result<Timer, Error>>, Error> {
        let mut timers = Vec::new();
        for shard in 0..keys::TIMER_SHARDS {
            let range = Range::Between("2000".to_owned(), format!("{}~", moment(now)));
            for item in self.page(&keys::timer_partition(shard), &range, limit, false).await? {
                timers.push(decode::<StoredTimer>(item, "timer").and_then(|stored| read(&stored)));
            }
        }
        Ok(timers)
    }

    /// When the next timer is due, if there is one.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn next_timer(&self) -> Result<Option<Instant>, Error> {
        let mut next: Option<Instant> = None;
        for shard in 0..keys::TIMER_SHARDS {
            let range = Range::Between("2000".to_owned(), "~".to_owned());
            for item in self.page(&keys::timer_partition(shard), &range, 1, false).await? {
                let due = read(&decode::<StoredTimer>(item, "timer")?)?.due;
                next = Some(next.map_or(due, |known| known.min(due)));
            }
        }
        Ok(next)
    }

    /// Closes an event that is over: in one transaction its counters take nothing more, their sum is kept
    /// for billing, the month it goes on is told to expect it, and the timer is deleted.
    ///
    /// The month is that in which it ended, or the first one after that has not been billed yet: usage
    /// that comes late is billed late, never lost.
    ///
    /// # Errors
    /// [`Error::Contended`] when registrations kept coming in between.
    pub async fn close_event(&self, published: &Published, timer: &Timer) -> Result<Closed, Error> {
        let draft = published.event.draft();
        let mut month = published.event.over_on().month();
        for _ in 0..MONTHS {
            let mut writes = Vec::new();
            let mut counts = Counts::default();
            for shard in 0..published.event.seat_shards() {
                let counter = self.counter(&published.counter_key(shard)).await?;
                if counter.is_closed() {
                    self.commit(vec![Write::delete(key(timer))]).await?;
                    return Ok(Closed::Already);
                }
                counts = counts.plus(counter.totals());
                writes.push(counter.closing());
            }
            let ended = EndedEvent {
                event: draft.id.clone(),
                title: draft.title.clone(),
                over_on: published.event.over_on(),
                published_on: published.published_on,
                counting: published.event.counting(),
                counts,
                // A month that was billed already: the next invoice says when it became known.
                recorded_on: (month > published.event.over_on().month()).then(|| month.first()),
            };
            let ended_key = keys::ended(published.payer(), month, &draft.id);
            let item = encode(&ended_key, &StoredEnded::from(&ended))?;
            let month_write = writes.len();
            let mark = keys::month(published.payer(), month, Issuer::Operator);
            writes.push(Write::update(mark).if_missing("outcome").add("ended", 1));
            writes.push(Write::put(ended_key, item).if_absent());
            writes.push(
                Write::update(keys::event_listing(&draft.account, &draft.id)).set("closed", text(month.to_string())),
            );
            writes.push(Write::delete(key(timer)));
            let outcome = self.commit(writes).await?;
            if outcome == Outcome::Committed {
                return Ok(Closed::In(month));
            }
            if outcome.refused(month_write) {
                month = month.next();
            }
        }
        Err(Error::Contended)
    }
}

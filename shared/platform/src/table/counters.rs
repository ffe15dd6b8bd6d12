//! Seat counters: places, totals and uncounted usage of an event on the same item, so that a registration
//! moves all of them with one write.
//!
//! Attributes: `counting` (who counts as coming), `payer` (whom it is billed to, if not its account), `free` (places left; absent without a limit), `accepted`, `declined`, `responses` (totals),
//! `day#2026-11-01#accepted` … (uncounted usage of a day), `dirty_bucket` and `dirty_day` (oldest uncounted
//! day, in the sparse index), `revision` (raised by every change), `closed` (the event is over; nothing is accepted any more).

use domain::calendar::Day;
use domain::catalog::names::MeterId;
use domain::event::Gathering;
use domain::ids::{AccountId, EventId};
use domain::registration::CountChange;
use domain::usage::Counts;
use domain::usage::built_in::REGISTRATION_PAGEVIEWS;
use rust_decimal::Decimal;

use super::events::Published;
use super::keys::{self, Key};
use super::stored::valid;
use super::write::{Outcome, Write, number, text};
use super::{DIRTY, Item, Table, usage};
use crate::error::Error;

/// What is counted on a seat counter.
const SEATS: [&str; 3] = ["accepted", "declined", "responses"];
/// What is counted on the counter of page views.
const VIEWS: &str = "pageviews";

/// A counter as read.
#[derive(Clone, Debug)]
pub struct Counter {
    key: Key,
    item: Item,
}

/// The writes that move the seat counters of an event: that of the registration first, then those it
/// gathers places from.
///
/// On the condition that the event is not over and, if it has a limit, that enough places are left.
#[must_use]
pub fn moved(published: &Published, gathering: &Gathering, change: CountChange, today: Day) -> Vec<Write> {
    let limited = published.event.draft().capacity.is_some();
    let home = published.counter_key(gathering.home);
    let seats = change.seats - gathering.moved_places();
    let mut writes = vec![moved_counter(home, CountChange { seats, ..change }, limited, today)];
    for (shard, places) in &gathering.moved {
        let from = Write::update(published.counter_key(*shard)).if_missing("closed");
        writes.push(from.if_at_least("free", *places).add("free", -places));
    }
    writes
}

/// The write that counts how often the page of an event was shown, for the daily count to move to the usage day.
#[must_use]
pub fn viewed(published: &Published, views: u64, today: Day) -> Write {
    let draft = published.event.draft();
    let key = keys::views(&draft.account, &draft.id);
    let bucket = DIRTY.bucket_of(&key);
    let views = i64::try_from(views).unwrap_or(i64::MAX);
    let write = Write::update(key).add(&day_attribute(today, VIEWS), views).add("revision", 1);
    let write = write.set("dirty_bucket", text(bucket)).set_if_missing("dirty_day", text(today.to_string()));
    match &published.payer {
        Some(payer) => write.set("payer", text(payer.to_string())),
        None => write,
    }
}

/// The write that moves one seat counter.
#[must_use]
pub fn moved_counter(key: Key, change: CountChange, limited: bool, today: Day) -> Write {
    if change.is_nothing() {
        return Write::check(key).if_present().if_missing("closed");
    }
    let bucket = DIRTY.bucket_of(&key);
    let mut write = Write::update(key).if_present().if_missing("closed");
    if limited && change.seats != 0 {
        // Giving places back always succeeds; taking them needs as many.
        if change.seats > 0 {
            write = write.if_at_least("free", change.seats);
        }
        write = write.add("free", -change.seats);
    }
    for (name, amount) in
        [("accepted", change.accepted), ("declined", change.declined), ("responses", change.responses)]
    {
        write = write.add(name, amount).add(&day_attribute(today, name), amount);
    }
    write.add("revision", 1).set("dirty_bucket", text(bucket)).set_if_missing("dirty_day", text(today.to_string()))
}

fn day_attribute(day: Day, name: &str) -> String {
    format!("day#{day}#{name}")
}

impl Counter {
    fn number(&self, attribute: &str) -> Option<i64> {
        self.item.get(attribute).and_then(|value| value.as_n().ok()).and_then(|digits| digits.parse().ok())
    }

    /// Whom its usage is billed to, whose it is, and for which event.
    fn owners(&self) -> Result<(AccountId, AccountId, EventId), Error> {
        let (account, event) = owner(&self.key)?;
        let payer = self.item.get("payer").and_then(|value| value.as_s().ok());
        let payer = payer.map_or_else(|| Ok(account.clone()), |payer| valid(AccountId::parse(payer), "counter"))?;
        Ok((payer, account, event))
    }

    /// Whether it counts how often a page was shown, and not places.
    fn counts_views(&self) -> bool {
        self.key.pk.ends_with("#VIEWS")
    }

    /// Totals.
    #[must_use]
    pub fn totals(&self) -> Counts {
        let total = |name| self.number(name).unwrap_or(0);
        Counts { accepted: total("accepted"), declined: total("declined"), responses: total("responses") }
    }

    /// Places left; `None` without a limit.
    #[must_use]
    pub fn free(&self) -> Option<i64> {
        self.number("free")
    }

    /// Whether the event is over and its counts are frozen.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.item.contains_key("closed")
    }

    /// Days with uncounted usage.
    #[must_use]
    pub fn uncounted(&self) -> Vec<Day> {
        let day = |name: &String| Day::parse(name.strip_prefix("day#")?.split('#').next()?).ok();
        let mut days: Vec<Day> = self.item.keys().filter_map(day).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The write that closes the counter, on the condition that its totals are those read.
    #[must_use]
    pub fn closing(&self) -> Write {
        let mut write = Write::update(self.key.clone()).if_missing("closed");
        for name in ["accepted", "declined", "responses"] {
            write = write.if_equals(name, self.item.get(name).cloned());
        }
        write.set("closed", number(1))
    }
}

/// What reading all counters of an event found for a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Places {
    /// Enough, and where.
    Found(Gathering),
    /// Not enough in all.
    Full,
    /// The event is over.
    Closed,
}

impl Table {
    /// Places left of an event, for people to read: one read per counter. `None` without a limit.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn free_places(&self, published: &Published) -> Result<Option<i64>, Error> {
        if published.event.draft().capacity.is_none() {
            return Ok(None);
        }
        let mut free = 0;
        for shard in 0..published.event.seat_shards() {
            free += self.counter(&published.counter_key(shard)).await?.free().unwrap_or(0).max(0);
        }
        Ok(Some(free))
    }

    /// Looks for places among all counters of an event: one read each. `fixed` is the counter a
    /// registration is on already.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn find_places(&self, published: &Published, fixed: Option<u16>, seats: i64) -> Result<Places, Error> {
        let mut free = Vec::new();
        for shard in 0..published.event.seat_shards() {
            let counter = self.counter(&published.counter_key(shard)).await?;
            if counter.is_closed() {
                return Ok(Places::Closed);
            }
            free.push(counter.free().unwrap_or(i64::MAX / 64));
        }
        Ok(Gathering::find(&free, fixed, seats).map_or(Places::Full, Places::Found))
    }

    /// Reads a counter.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn counter(&self, key: &Key) -> Result<Counter, Error> {
        let item = self.get(key).await?.ok_or(Error::NotFound("counter"))?;
        Ok(Counter { key: key.clone(), item })
    }

    /// Moves the uncounted usage of one day to the usage day of its account, exactly once: the numbers
    /// (with the day it became known, where the month of that day is closed already)
    /// leave the counter in the transaction that adds them, on the condition that they are those read.
    /// Gives `false` if somebody moved the counter meanwhile, so that it has to be read again.
    ///
    /// # Errors
    /// [`Error`] of the table.
    pub async fn move_day(&self, counter: &Counter, day: Day, recorded_on: Option<Day>) -> Result<bool, Error> {
        let (payer, account, event) = counter.owners()?;
        let mut write = Write::update(counter.key.clone());
        let names: &[&str] = if counter.counts_views() { &[VIEWS] } else { &SEATS };
        for name in names {
            let attribute = day_attribute(day, name);
            let value = counter.item.get(&attribute).cloned();
            if value.is_some() {
                write = write.remove(&attribute);
            }
            write = write.if_equals(&attribute, value);
        }
        let counted = |name: &str| counter.number(&day_attribute(day, name)).unwrap_or(0);
        let usage = if counter.counts_views() {
            let meter = valid(MeterId::parse(REGISTRATION_PAGEVIEWS), "counter")?;
            usage::counted(&payer, &account, &meter, day, Decimal::from(counted(VIEWS)), recorded_on)
        } else {
            let usage = Write::update(keys::usage_day(&payer, day, &event, recorded_on));
            let usage = SEATS.iter().fold(usage, |usage, name| usage.add(name, counted(name)));
            let mut usage = usage.set("day", text(day.to_string())).set("event", text(event.to_string()));
            if let Some(counting) = counter.item.get("counting") {
                usage = usage.set("counting", counting.clone());
            }
            match recorded_on {
                Some(known) => usage.set("recorded_on", text(known.to_string())),
                None => usage,
            }
        };
        let next = counter.uncounted().into_iter().filter(|other| *other != day).min();
        let write = match next {
            Some(next) => write.set("dirty_day", text(next.to_string())),
            None => write.remove("dirty_day").remove("dirty_bucket"),
        };
        // A registration of a new day that slips in finds the mark present and leaves it. Every change raises the
        // revision, so the mark is not taken away with that day uncounted.
        let write = write.if_equals("revision", counter.item.get("revision").cloned());
        Ok(self.commit(vec![usage, write]).await? == Outcome::Committed)
    }
}

/// Account and event of a counter, from its key `EVENT#acc#evt#SEATS#n`.
fn owner(key: &Key) -> Result<(AccountId, EventId), Error> {
    let mut parts = key.pk.split('#').skip(1);
    let account = AccountId::parse(parts.next().unwrap_or_default());
    let event = EventId::parse(parts.next().unwrap_or_default());
    match (account, event) {
        (Ok(account), Ok(event)) => Ok((account, event)),
        _ => Err(Error::corrupt("counter", "its key names no account and event")),
    }
}

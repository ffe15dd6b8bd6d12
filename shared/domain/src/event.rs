//! An occasion people register for: its answers, its places and when registration is open.

use crate::calendar::{Day, Instant};
use crate::ids::{AccountId, EventId, Slug};
use crate::language::Text;
use crate::money::allocate;
use crate::problem::{FieldProblem, Problem, line};

/// Most places an event can limit itself to.
pub const CAPACITY_LIMIT: u32 = 100_000;
/// Most attendees one registration can name.
pub const PARTY_LIMIT: usize = 20;
/// Most answers an event can offer.
pub const ANSWERS_LIMIT: usize = 10;
/// Places one seat counter holds before another is added; a counter takes about 90 registrations a second.
const SEATS_PER_SHARD: u32 = 500;
/// Most seat counters of one event: together about 2,900 registrations a second.
const SHARDS_LIMIT: u32 = 32;
/// Partitions the registrations of one event are spread over.
const PARTITIONS: u16 = 16;

/// What the organiser assigned to an answer (A3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnswerValue {
    /// The attendees come (ZUSAGE).
    Accepted,
    /// The attendees do not come (ABSAGE).
    Declined,
}

impl AnswerValue {
    /// The word used in storage and interfaces.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Declined => "declined",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "accepted" => Some(Self::Accepted),
            "declined" => Some(Self::Declined),
            _ => None,
        }
    }
}

/// One of the answers people choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Name of the answer within the event: 1 to 40 lower-case letters, digits or hyphens.
    pub key: String,
    /// What people read.
    pub label: Text,
    /// What it means, if the organiser said so.
    pub value: Option<AnswerValue>,
}

/// Which attendees count as coming, and so take places and are billed (A10, A11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountingScheme {
    /// An answer is `accepted`: its attendees count.
    Accepted,
    /// Only `declined` is defined: all others count.
    AllExceptDeclined,
    /// Neither is defined: all saved attendees count.
    All,
}

impl CountingScheme {
    /// The scheme that the event's answers lead to (A11).
    #[must_use]
    pub fn of(answers: &[Answer]) -> Self {
        let defines = |value| answers.iter().any(|answer| answer.value == Some(value));
        if defines(AnswerValue::Accepted) {
            Self::Accepted
        } else if defines(AnswerValue::Declined) {
            Self::AllExceptDeclined
        } else {
            Self::All
        }
    }

    /// Whether attendees with this answer value count as coming.
    #[must_use]
    pub fn counts(self, value: Option<AnswerValue>) -> bool {
        match self {
            Self::Accepted => value == Some(AnswerValue::Accepted),
            Self::AllExceptDeclined => value != Some(AnswerValue::Declined),
            Self::All => true,
        }
    }

    /// The word used in storage.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::AllExceptDeclined => "all_except_declined",
            Self::All => "all",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Accepted, Self::AllExceptDeclined, Self::All].into_iter().find(|scheme| scheme.code() == text)
    }
}

/// What an organiser fills in; [`Event::plan`] checks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventDraft {
    /// Its id.
    pub id: EventId,
    /// The account that pays.
    pub account: AccountId,
    /// Who invites: the name people read on the page and in mails.
    pub organiser: String,
    /// Public name.
    pub slug: Slug,
    /// Title.
    pub title: Text,
    /// What it is about.
    pub description: Text,
    /// Where it happens.
    pub location: String,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// When registration closes.
    pub closes_at: Instant,
    /// Places; `None` for no limit.
    pub capacity: Option<u32>,
    /// Most attendees in one registration.
    pub party_limit: usize,
    /// The answers, in the order shown.
    pub answers: Vec<Answer>,
}

/// A published event. Everything that decides about places and billing is fixed at publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    draft: EventDraft,
}

impl Event {
    /// Checks a draft that is to be published now.
    ///
    /// # Errors
    /// Every wrong field with what would be right.
    pub fn plan(draft: EventDraft, now: Instant) -> Result<Self, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let mut refuse = |field: &str, problem| problems.push(FieldProblem::new(field, problem));
        for (field, text) in [
            ("organiser", &draft.organiser),
            ("title.de", &draft.title.de),
            ("title.en", &draft.title.en),
            ("location", &draft.location),
        ] {
            if let Err(problem) = line(text, 200) {
                refuse(field, problem);
            }
        }
        for (field, text) in [("description.de", &draft.description.de), ("description.en", &draft.description.en)] {
            if text.chars().count() > 5000 {
                refuse(field, Problem::TooLong { most: 5000 });
            }
        }
        if draft.ends_at <= draft.starts_at {
            refuse("ends_at", Problem::EndNotAfterStart);
        } else if draft.ends_at <= now {
            refuse("ends_at", Problem::InThePast);
        }
        // An event is billed once it and its registration are over (A10): that must not be put off.
        if draft.closes_at > draft.ends_at {
            refuse("closes_at", Problem::ClosesAfterEnd);
        }
        if draft.capacity.is_some_and(|places| places == 0 || places > CAPACITY_LIMIT) {
            refuse("capacity", Problem::OutOfRange { least: 1, most: CAPACITY_LIMIT });
        }
        if !(1..=PARTY_LIMIT).contains(&draft.party_limit) {
            let most = u32::try_from(PARTY_LIMIT).unwrap_or(u32::MAX);
            refuse("party_limit", Problem::OutOfRange { least: 1, most });
        }
        if !are_answers(&draft.answers) {
            refuse("answers", Problem::Answers);
        }
        if problems.is_empty() { Ok(Self { draft }) } else { Err(problems) }
    }

    /// An event that was published: it stays what it is, whatever later rules say of new ones.
    #[must_use]
    pub const fn published(draft: EventDraft) -> Self {
        Self { draft }
    }

    /// What was filled in.
    #[must_use]
    pub const fn draft(&self) -> &EventDraft {
        &self.draft
    }

    /// Whether registration is open.
    #[must_use]
    pub fn is_open(&self, now: Instant) -> bool {
        now < self.draft.closes_at
    }

    /// When both the event and its registration are over: from then on its counts are final (A10).
    #[must_use]
    pub fn over_at(&self) -> Instant {
        self.draft.ends_at.max(self.draft.closes_at)
    }

    /// The last local day of the event, by which its month of billing is named (A10).
    ///
    /// An event that is over exactly at midnight ended on the day before: months are half-open (G3).
    #[must_use]
    pub fn over_on(&self) -> Day {
        Day::of(self.over_at() - chrono::TimeDelta::nanoseconds(1))
    }

    /// Who counts as coming.
    #[must_use]
    pub fn counting(&self) -> CountingScheme {
        CountingScheme::of(&self.draft.answers)
    }

    /// The answer with this key.
    #[must_use]
    pub fn answer(&self, key: &str) -> Option<&Answer> {
        self.draft.answers.iter().find(|answer| answer.key == key)
    }

    /// Number of seat counters: one per 500 places, so that a large event is not limited by one item.
    #[must_use]
    pub fn seat_shards(&self) -> u16 {
        let shards = match self.draft.capacity {
            Some(places) => places.div_ceil(SEATS_PER_SHARD).clamp(1, SHARDS_LIMIT),
            // Without a limit nothing has to be searched for, so spreading costs nothing.
            None => 4,
        };
        u16::try_from(shards).unwrap_or(1)
    }

    /// Places of each seat counter; their sum is the capacity, so no seat is given twice. `None`: no limit.
    #[must_use]
    pub fn seats_per_shard(&self) -> Option<Vec<u64>> {
        let weights = vec![1; usize::from(self.seat_shards())];
        self.draft.capacity.map(|places| allocate(u64::from(places), &weights))
    }

    /// Number of partitions its registrations are spread over; fixed, because a registration is found by it.
    #[must_use]
    pub const fn partitions(&self) -> u16 {
        PARTITIONS
    }

    /// The seat counter a registration with this hash takes its places from first.
    #[must_use]
    pub fn home_shard(&self, hash: u64) -> u16 {
        u16::try_from(hash % u64::from(self.seat_shards())).unwrap_or(0)
    }
}

fn are_answers(answers: &[Answer]) -> bool {
    let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_key = |key: &str| (1..=40).contains(&key.len()) && key.bytes().all(inside);
    let keys: std::collections::BTreeSet<&str> = answers.iter().map(|answer| answer.key.as_str()).collect();
    (1..=ANSWERS_LIMIT).contains(&answers.len()) && keys.len() == answers.len() && keys.into_iter().all(is_key)
}

/// Where a party finds its places when its own seat counter has not enough.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gathering {
    /// Seat counter its places are booked on.
    pub home: u16,
    /// Places that move there from other counters first, so that a party is never split and never
    /// refused while enough places are left in all.
    pub moved: Vec<(u16, i64)>,
}

impl Gathering {
    /// Everything from one counter.
    #[must_use]
    pub const fn at(home: u16) -> Self {
        Self { home, moved: Vec::new() }
    }

    /// Finds places among the counters' free ones; `fixed` names the counter the registration is on
    /// already, otherwise the one with most places is taken. `None`: there are not enough in all.
    #[must_use]
    pub fn find(free: &[i64], fixed: Option<u16>, seats: i64) -> Option<Self> {
        if free.iter().map(|places| (*places).max(0)).sum::<i64>() < seats {
            return None;
        }
        let mut order: Vec<(u16, i64)> = (0..).zip(free.iter().copied()).filter(|(_, places)| *places > 0).collect();
        order.sort_by_key(|(_, places)| std::cmp::Reverse(*places));
        let home = fixed.or_else(|| order.first().map(|(shard, _)| *shard)).unwrap_or(0);
        let at_home = free.get(usize::from(home)).map_or(0, |places| (*places).max(0));
        let (mut missing, mut moved) = ((seats - at_home).max(0), Vec::new());
        for (shard, places) in order.into_iter().filter(|(shard, _)| *shard != home) {
            if missing == 0 {
                break;
            }
            moved.push((shard, places.min(missing)));
            missing -= places.min(missing);
        }
        Some(Self { home, moved })
    }

    /// Places that move.
    #[must_use]
    pub fn moved_places(&self) -> i64 {
        self.moved.iter().map(|(_, places)| places).sum()
    }
}

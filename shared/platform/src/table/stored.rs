//! Stored forms of domain values, with one conversion each way. Domain types themselves do not serialise,
//! so a change of the rules cannot silently change what old items mean.

use domain::calendar::{Day, Instant};
use domain::contact::{Attendee, Email};
use domain::event::{Answer, AnswerValue, CountingScheme, Event, EventDraft};
use domain::ids::{AccountId, EventId, RegistrationId, Slug};
use domain::language::{Language, Text};
use domain::registration::{Registration, Reply, Standing};
use domain::usage::{Counts, EndedEvent};
use serde::{Deserialize, Serialize};

use super::events::Published;
use super::keys::moment;
use crate::error::Error;

/// Turns a value that was read into what it must be, or says which item is unreadable.
pub(crate) fn valid<T, E: std::fmt::Debug>(value: Result<T, E>, item: &'static str) -> Result<T, Error> {
    value.map_err(|error| Error::corrupt(item, format!("{error:?}")))
}

pub(crate) fn some<T>(value: Option<T>, item: &'static str) -> Result<T, Error> {
    value.ok_or_else(|| Error::corrupt(item, "a value is not one of those known"))
}

pub(crate) fn instant(text: &str, item: &'static str) -> Result<Instant, Error> {
    valid(text.parse::<Instant>(), item)
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StoredText {
    de: String,
    en: String,
}

impl StoredText {
    pub(crate) fn new(de: &str, en: &str) -> Self {
        Self { de: de.to_owned(), en: en.to_owned() }
    }
}

impl From<&Text> for StoredText {
    fn from(text: &Text) -> Self {
        Self { de: text.de.clone(), en: text.en.clone() }
    }
}

impl From<StoredText> for Text {
    fn from(text: StoredText) -> Self {
        Self { de: text.de, en: text.en }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredAnswer {
    key: String,
    label: StoredText,
    value: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StoredEvent {
    id: String,
    account: String,
    organiser: String,
    slug: String,
    title: StoredText,
    description: StoredText,
    location: String,
    starts_at: String,
    ends_at: String,
    closes_at: String,
    capacity: Option<u32>,
    party_limit: usize,
    answers: Vec<StoredAnswer>,
    published_on: String,
    contact_key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payer: Option<String>,
}

impl StoredEvent {
    pub(crate) fn new(event: &Event, payer: Option<&AccountId>, published_on: Day, contact_key: &str) -> Self {
        let draft = event.draft();
        Self {
            id: draft.id.to_string(),
            account: draft.account.to_string(),
            organiser: draft.organiser.clone(),
            slug: draft.slug.to_string(),
            title: (&draft.title).into(),
            description: (&draft.description).into(),
            location: draft.location.clone(),
            starts_at: moment(draft.starts_at),
            ends_at: moment(draft.ends_at),
            closes_at: moment(draft.closes_at),
            capacity: draft.capacity,
            party_limit: draft.party_limit,
            answers: draft.answers.iter().map(StoredAnswer::new).collect(),
            published_on: published_on.to_string(),
            contact_key: contact_key.to_owned(),
            payer: payer.map(ToString::to_string),
        }
    }

    pub(crate) fn read(self) -> Result<Published, Error> {
        const ITEM: &str = "event";
        let draft = EventDraft {
            id: valid(EventId::parse(&self.id), ITEM)?,
            account: valid(AccountId::parse(&self.account), ITEM)?,
            organiser: self.organiser,
            slug: valid(Slug::parse(&self.slug), ITEM)?,
            title: self.title.into(),
            description: self.description.into(),
            location: self.location,
            starts_at: instant(&self.starts_at, ITEM)?,
            ends_at: instant(&self.ends_at, ITEM)?,
            closes_at: instant(&self.closes_at, ITEM)?,
            capacity: self.capacity,
            party_limit: self.party_limit,
            answers: self.answers.into_iter().map(StoredAnswer::read).collect::<Result<_, _>>()?,
        };
        let published_on = valid(Day::parse(&self.published_on), ITEM)?;
        let payer = self.payer.map(|payer| valid(AccountId::parse(&payer), ITEM)).transpose()?;
        Ok(Published { event: Event::published(draft), published_on, payer, contact_key: self.contact_key })
    }
}

impl StoredAnswer {
    fn new(answer: &Answer) -> Self {
        let value = answer.value.map(|value| value.code().to_owned());
        Self { key: answer.key.clone(), label: (&answer.label).into(), value }
    }

    fn read(self) -> Result<Answer, Error> {
        Ok(Answer { key: self.key, label: self.label.into(), value: value(self.value, "event")? })
    }
}

fn value(code: Option<String>, item: &'static str) -> Result<Option<AnswerValue>, Error> {
    code.map(|code| some(AnswerValue::parse(&code), item)).transpose()
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredAttendee {
    first_name: String,
    last_name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StoredRegistration {
    id: String,
    email: String,
    language: String,
    answer: String,
    value: Option<String>,
    attendees: Vec<StoredAttendee>,
    withdrawn: bool,
    shard: u16,
    generation: u32,
    revision: u32,
    created_at: String,
    changed_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notify: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unsent_bucket: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unsent_since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reminded_on: Option<String>,
}

impl From<&Registration> for StoredRegistration {
    fn from(r: &Registration) -> Self {
        let attendees = r.reply.attendees.iter().map(|attendee| StoredAttendee {
            first_name: attendee.first_name().to_owned(),
            last_name: attendee.last_name().to_owned(),
        });
        Self {
            id: r.id.to_string(),
            email: r.email.as_str().to_owned(),
            language: r.language.code().to_owned(),
            answer: r.reply.answer.clone(),
            value: r.reply.value.map(|value| value.code().to_owned()),
            attendees: attendees.collect(),
            withdrawn: r.standing == Standing::Withdrawn,
            shard: r.shard,
            generation: r.generation,
            revision: r.revision,
            created_at: moment(r.created_at),
            changed_at: moment(r.changed_at),
            notify: None,
            unsent_bucket: None,
            unsent_since: None,
            reminded_on: None,
        }
    }
}

impl StoredRegistration {
    pub(crate) fn read(self) -> Result<Registration, Error> {
        const ITEM: &str = "registration";
        let attendees = self.attendees.into_iter().map(|a| valid(Attendee::new(&a.first_name, &a.last_name), ITEM));
        Ok(Registration {
            id: valid(RegistrationId::parse(&self.id), ITEM)?,
            email: valid(Email::parse(&self.email), ITEM)?,
            language: some(Language::parse(&self.language), ITEM)?,
            reply: Reply {
                answer: self.answer,
                value: value(self.value, ITEM)?,
                attendees: attendees.collect::<Result<_, _>>()?,
            },
            standing: if self.withdrawn { Standing::Withdrawn } else { Standing::Answered },
            shard: self.shard,
            generation: self.generation,
            revision: self.revision,
            created_at: instant(&self.created_at, ITEM)?,
            changed_at: instant(&self.changed_at, ITEM)?,
        })
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StoredEnded {
    event: String,
    title: StoredText,
    over_on: String,
    published_on: String,
    counting: String,
    accepted: i64,
    declined: i64,
    responses: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recorded_on: Option<String>,
}

impl From<&EndedEvent> for StoredEnded {
    fn from(ended: &EndedEvent) -> Self {
        Self {
            event: ended.event.to_string(),
            title: (&ended.title).into(),
            over_on: ended.over_on.to_string(),
            published_on: ended.published_on.to_string(),
            counting: ended.counting.code().to_owned(),
            accepted: ended.counts.accepted,
            declined: ended.counts.declined,
            responses: ended.counts.responses,
            recorded_on: ended.recorded_on.map(|day| day.to_string()),
        }
    }
}

impl StoredEnded {
    pub(crate) fn read(self) -> Result<EndedEvent, Error> {
        const ITEM: &str = "ended event";
        Ok(EndedEvent {
            event: valid(EventId::parse(&self.event), ITEM)?,
            title: self.title.into(),
            over_on: valid(Day::parse(&self.over_on), ITEM)?,
            published_on: valid(Day::parse(&self.published_on), ITEM)?,
            counting: some(CountingScheme::parse(&self.counting), ITEM)?,
            counts: Counts { accepted: self.accepted, declined: self.declined, responses: self.responses },
            recorded_on: self.recorded_on.map(|day| valid(Day::parse(&day), ITEM)).transpose()?,
        })
    }
}

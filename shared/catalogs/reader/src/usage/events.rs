//! Events that are over.

use std::collections::BTreeSet;

use domain::calendar::Day;
use domain::event::{AnswerValue, CountingScheme};
use domain::ids::EventId;
use domain::language::Text;
use domain::usage::{Counts, EndedEvent};

use crate::cursor::{Cursor, Fields};
use crate::document::Value;
use crate::values::LINE_LIMIT;

/// Keys of an event.
pub(crate) const EVENT_KEYS: [&str; 8] =
    ["id", "title", "ended", "published", "accepted", "declined", "responses", "defines"];
/// Values that answers can have.
pub(crate) const ANSWERS: [(&str, AnswerValue); 2] =
    [(AnswerValue::Accepted.code(), AnswerValue::Accepted), (AnswerValue::Declined.code(), AnswerValue::Declined)];
/// Most attendees of one event.
const ATTENDEES_LIMIT: u64 = 1_000_000_000;

/// Reads the events.
pub(super) fn events(fields: &Fields<'_>) -> Vec<EndedEvent> {
    let (mut ids, mut events) = (BTreeSet::new(), Vec::new());
    for item in fields.items("events") {
        let Some(fields) = item.fields(&EVENT_KEYS) else { continue };
        let id = fields.required("id", "for example \"evt_fest\"").and_then(|id| id.name(event_id));
        if let Some(id) = &id
            && !ids.insert(id.clone())
        {
            fields.refuse_at("id", format!("the event {id} is in the file already"));
        }
        events.extend(event(&fields, id));
    }
    events
}

fn event_id(text: &str) -> Result<EventId, &'static str> {
    EventId::parse(text).map_err(|_| "write evt_ and 1 to 40 lower-case letters, digits or hyphens")
}

fn event(fields: &Fields<'_>, id: Option<EventId>) -> Option<EndedEvent> {
    let title = fields.get("title").map(|it| title(&it));
    let over_on = fields.required("ended", "the day it ended").and_then(|it| it.moment()).map(|ended| ended.0);
    let published = fields.get("published").map(|it| it.moment().map(|published| published.0));
    if let (Some(over_on), Some(Some(published))) = (over_on, published)
        && published > over_on
    {
        fields.refuse_at("published", "it was published after it had ended");
    }
    let (counts, counting) = (counts(fields), counting(fields));
    let id = id?;
    let own = || Text::new(id.as_str(), id.as_str());
    let (title, over_on): (Text, Day) = (title.unwrap_or_else(|| Some(own()))?, over_on?);
    let published_on = published.unwrap_or(Some(over_on))?;
    Some(EndedEvent {
        event: id,
        title,
        over_on,
        published_on,
        counting: counting?,
        counts: counts?,
        recorded_on: None,
    })
}

/// A title for both languages, or in each of them.
fn title(cursor: &Cursor<'_>) -> Option<Text> {
    match cursor.value() {
        Value::Text(_) => cursor.line(LINE_LIMIT).map(|title| Text::new(&title, &title)),
        _ => cursor.bilingual(),
    }
}

/// A response is an attendee of any saved registration, so there are no fewer than answers with a value.
fn counts(fields: &Fields<'_>) -> Option<Counts> {
    let count =
        |key| fields.get(key).map(|it: Cursor<'_>| it.whole(0..=ATTENDEES_LIMIT).and_then(|it| i64::try_from(it).ok()));
    let (accepted, declined, responses) = (count("accepted"), count("declined"), count("responses"));
    if accepted.is_none() && declined.is_none() && responses.is_none() {
        let absent = ["accepted", "declined", "responses"].iter().all(|key| !fields.has(key));
        if absent {
            fields.refuse_at(
                "responses",
                "this key is missing: how many attendees answered; or give `accepted` and `declined`",
            );
        }
        return None;
    }
    let (accepted, declined) = (accepted.unwrap_or(Some(0))?, declined.unwrap_or(Some(0))?);
    let responses = responses.unwrap_or(Some(accepted + declined))?;
    if accepted + declined > responses {
        let sum = accepted + declined;
        fields.refuse_at(
            "responses",
            format!("{accepted} accepted and {declined} declined are {sum}, not {responses} or fewer"),
        );
        return None;
    }
    Some(Counts { accepted, declined, responses })
}

/// Which answers the event has decides who counts as coming (A11).
fn counting(fields: &Fields<'_>) -> Option<CountingScheme> {
    let given = |key: &str| fields.get(key).is_some();
    let values = match fields.get("defines") {
        Some(list) => {
            let items = list.items();
            let values: Vec<AnswerValue> = items.iter().filter_map(|item| item.word(&ANSWERS)).collect();
            if values.len() < items.len() || !matches!(list.value(), Value::Array(_)) {
                return None;
            }
            values
        }
        None if given("accepted") => vec![AnswerValue::Accepted, AnswerValue::Declined],
        None if given("declined") => {
            // Both readings bill other people, so neither is guessed (G7).
            let missing = "this key is missing: without `accepted` say which answers the event has";
            fields.refuse_at("defines", format!("{missing}, for example [\"declined\"]"));
            return None;
        }
        None => Vec::new(),
    };
    for (word, value) in ANSWERS {
        if !values.contains(&value)
            && let Some(count) = fields.get(word)
            && count.value() != &Value::Number("0".to_owned())
        {
            count.refuse(format!("`defines` does not name this answer, so nobody can have given it; add \"{word}\""));
        }
    }
    Some(if values.contains(&AnswerValue::Accepted) {
        CountingScheme::Accepted
    } else if values.contains(&AnswerValue::Declined) {
        CountingScheme::AllExceptDeclined
    } else {
        CountingScheme::All
    })
}

//! One party's answer to one event: parsing what was typed and deciding what it changes.

use crate::calendar::Instant;
use crate::contact::{Attendee, Email};
use crate::event::{AnswerValue, CountingScheme, Event};
use crate::ids::RegistrationId;
use crate::language::Language;
use crate::problem::{FieldProblem, Problem};

/// What somebody typed, unchecked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawRegistration {
    /// Contact address.
    pub email: String,
    /// Key of the chosen answer.
    pub answer: String,
    /// First and last name of each attendee.
    pub attendees: Vec<(String, String)>,
}

/// A checked answer with its people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Key of the chosen answer.
    pub answer: String,
    /// What the answer means.
    pub value: Option<AnswerValue>,
    /// 1 to n people.
    pub attendees: Vec<Attendee>,
}

/// A checked registration form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Contact address.
    pub email: Email,
    /// The answer and its people.
    pub reply: Reply,
}

/// Checks a registration form.
///
/// # Errors
/// Every wrong field at once.
pub fn parse(raw: &RawRegistration, event: &Event) -> Result<Submission, Vec<FieldProblem>> {
    let email = Email::parse(&raw.email).map_err(|problem| FieldProblem::new("email", problem));
    let reply = parse_reply(raw, event);
    match (email, reply) {
        (Ok(email), Ok(reply)) => Ok(Submission { email, reply }),
        (email, reply) => Err(reply.err().into_iter().flatten().chain(email.err()).collect()),
    }
}

/// Checks the answer and the people alone, as the personal link sends them.
///
/// # Errors
/// Every wrong field at once.
pub fn parse_reply(raw: &RawRegistration, event: &Event) -> Result<Reply, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let known = event.answer(raw.answer.trim());
    if known.is_none() {
        let known = event.draft().answers.iter().map(|answer| answer.key.clone()).collect();
        problems.push(FieldProblem::new("answer", Problem::UnknownAnswer { known }));
    }
    if raw.attendees.is_empty() {
        problems.push(FieldProblem::new("attendees", Problem::Missing));
    }
    let most = event.draft().party_limit;
    if raw.attendees.len() > most {
        problems.push(FieldProblem::new("attendees", Problem::TooManyAttendees { most }));
    }
    let mut attendees = Vec::new();
    for (index, (first, last)) in raw.attendees.iter().enumerate().take(most) {
        match Attendee::new(first, last) {
            Ok(attendee) => attendees.push(attendee),
            Err((first, last)) => {
                let named = [("first_name", first), ("last_name", last)];
                problems.extend(named.into_iter().filter_map(|(name, problem)| {
                    problem.map(|problem| FieldProblem::new(format!("attendees[{index}].{name}"), problem))
                }));
            }
        }
    }
    match known {
        Some(answer) if problems.is_empty() => Ok(Reply { answer: answer.key.clone(), value: answer.value, attendees }),
        _ => Err(problems),
    }
}

/// How a registration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its answer counts.
    Answered,
    /// The answer was taken back; it counts for nothing until it is given again.
    Withdrawn,
}

/// A saved registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Its id, the same for good.
    pub id: RegistrationId,
    /// Contact address.
    pub email: Email,
    /// Language of its mails.
    pub language: Language,
    /// The newest answer (A3).
    pub reply: Reply,
    /// Whether the answer counts.
    pub standing: Standing,
    /// Seat counter its places were taken from.
    pub shard: u16,
    /// Raised to revoke the personal links given out so far.
    pub generation: u32,
    /// Raised with every change; a change is made on the condition that it is what was read.
    pub revision: u32,
    /// When it was first saved.
    pub created_at: Instant,
    /// When the newest answer was given.
    pub changed_at: Instant,
}

/// What a registration adds to the counters of its event; negative where it takes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CountChange {
    /// Attendees with an `accepted` answer.
    pub accepted: i64,
    /// Attendees with a `declined` answer.
    pub declined: i64,
    /// Attendees of saved registrations.
    pub responses: i64,
    /// Places taken.
    pub seats: i64,
}

impl CountChange {
    fn of(reply: &Reply, counting: CountingScheme) -> Self {
        let people = i64::try_from(reply.attendees.len()).unwrap_or(i64::MAX);
        let when = |condition: bool| if condition { people } else { 0 };
        Self {
            accepted: when(reply.value == Some(AnswerValue::Accepted)),
            declined: when(reply.value == Some(AnswerValue::Declined)),
            responses: people,
            seats: when(counting.counts(reply.value)),
        }
    }

    const fn minus(self, other: Self) -> Self {
        Self {
            accepted: self.accepted - other.accepted,
            declined: self.declined - other.declined,
            responses: self.responses - other.responses,
            seats: self.seats - other.seats,
        }
    }

    /// Whether no counter moves.
    #[must_use]
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

/// Why a registration cannot be saved or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Registration has closed.
    #[error("registration for this event has closed")]
    Closed,
    /// There is no answer that could be taken back.
    #[error("the answer has been withdrawn already")]
    AlreadyWithdrawn,
}

/// Decides about a new registration. Whether places are left is decided by the counter itself, in
/// the transaction that saves it.
///
/// # Errors
/// [`Refusal::Closed`].
pub fn decide_submit(event: &Event, reply: &Reply, now: Instant) -> Result<CountChange, Refusal> {
    if event.is_open(now) { Ok(CountChange::of(reply, event.counting())) } else { Err(Refusal::Closed) }
}

/// Decides about a new answer through the personal link (A3: the newest one counts).
///
/// # Errors
/// [`Refusal::Closed`].
pub fn decide_change(event: &Event, saved: &Registration, reply: &Reply, now: Instant) -> Result<CountChange, Refusal> {
    let counted = counted(event, saved);
    Ok(decide_submit(event, reply, now)?.minus(counted))
}

/// Decides about taking an answer back.
///
/// # Errors
/// [`Refusal::Closed`], or [`Refusal::AlreadyWithdrawn`].
pub fn decide_withdraw(event: &Event, saved: &Registration, now: Instant) -> Result<CountChange, Refusal> {
    if !event.is_open(now) {
        return Err(Refusal::Closed);
    }
    match saved.standing {
        Standing::Withdrawn => Err(Refusal::AlreadyWithdrawn),
        Standing::Answered => Ok(CountChange::default().minus(counted(event, saved))),
    }
}

fn counted(event: &Event, saved: &Registration) -> CountChange {
    match saved.standing {
        Standing::Answered => CountChange::of(&saved.reply, event.counting()),
        Standing::Withdrawn => CountChange::default(),
    }
}

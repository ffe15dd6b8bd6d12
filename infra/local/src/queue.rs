//! A stand-in for SQS, as far as the functions use it: messages are sent, looked at, hidden for a while and deleted over
//! HTTP, and the runner takes messages out in process, as the service that calls a queue's function does in AWS.
//!
//! A message is one file, `folder/queue/<name>/<id>.json`, there before the sender is answered and gone only after
//! its consumer is done. What was handed out when the process was killed is handed out again. A message can be taken
//! at once: `DelaySeconds` is accepted and ignored.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::{Failure, files};

mod wire;

/// Failed attempts after which a message goes to the dead-letter queue (the template's `maxReceiveCount`).
pub const MAX_RECEIVE_COUNT: u32 = 5;

/// What is added to a queue's name to name its dead-letter queue.
const DEAD: &str = "-dead";

/// A message handed to a consumer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Message {
    /// Unique among all queues; ids sort in the order of sending.
    pub id: String,
    /// What the sender sent.
    pub body: String,
    /// How often it has been handed out, this time included: 1 at first.
    pub receive_count: u32,
}

/// A message whose consumer failed too often.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeadMessage {
    /// The queue it was sent to.
    pub queue: String,
    /// The message, its `receive_count` that of the last attempt.
    pub message: Message,
}

/// The queues; cheap to clone, all clones are the same queues.
#[derive(Clone)]
pub struct Queues {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    next_id: AtomicU64,
    queues: Mutex<BTreeMap<String, Queue>>,
}

#[derive(Default)]
struct Queue {
    waiting: BTreeMap<String, Stored>,
    /// Handed out and neither deleted nor failed. Not in a file: a consumer does not outlive the process.
    handed_out: BTreeMap<String, Hold>,
}

/// A message in the hands of a consumer.
#[derive(Clone, Copy)]
struct Hold {
    /// When it shows again, if nobody says otherwise; the runner's own messages do not.
    until: Option<Instant>,
}

impl Queue {
    /// Whether nobody has a message in hand.
    fn is_free(&self, id: &str, now: Instant) -> bool {
        self.handed_out.get(id).is_none_or(|hold| hold.until.is_some_and(|until| until <= now))
    }
}

/// A message that was received over HTTP.
pub(crate) struct Received {
    pub(crate) message: Message,
    /// Milliseconds since 1970 at which it was sent; of one that was kept before times were, 0.
    pub(crate) sent_millis: i64,
}

#[derive(Clone, Deserialize, Serialize)]
struct Stored {
    body: String,
    /// Attempts that failed so far.
    failed: u32,
    /// Milliseconds since 1970 at which it was sent.
    #[serde(default)]
    sent_millis: i64,
}

impl Queues {
    /// Opens the queues kept in `folder/queue`. A queue exists as soon as something is sent to it.
    ///
    /// # Errors
    /// The folder cannot be made or read, or one of its files is not a message.
    pub fn open(folder: &Path) -> Result<Queues, Failure> {
        let folder = folder.join("queue");
        files::open_folder(&folder)?;
        let mut queues = BTreeMap::new();
        let mut last_id = 0;
        for name in files::names(&folder, "")? {
            let folder = folder.join(&name);
            files::open_folder(&folder)?;
            let mut queue = Queue::default();
            for id in files::names(&folder, ".json")? {
                let stored = serde_json::from_slice(&std::fs::read(folder.join(format!("{id}.json")))?)?;
                last_id = last_id.max(id.parse().unwrap_or(0));
                queue.waiting.insert(id, stored);
            }
            queues.insert(name, queue);
        }
        let next_id = AtomicU64::new(last_id + 1);
        Ok(Queues { inner: Arc::new(Inner { folder, next_id, queues: Mutex::new(queues) }) })
    }

    /// Answers the AWS JSON protocol at every path; to be mounted with `nest_service`, because clients call the mount
    /// point with a slash at its end, which `nest` does not match.
    pub fn router(&self) -> axum::Router {
        axum::Router::new().fallback(wire::answer).with_state(self.clone())
    }

    /// Puts a message on the queue `name` and gives its id.
    ///
    /// # Errors
    /// It could not be written, or the name is not one SQS allows.
    pub fn send(&self, name: &str, body: String) -> Result<String, Failure> {
        if !is_queue_name(name) {
            return Err(format!("not a queue name: {name:?}").into());
        }
        let id = format!("{:020}", self.inner.next_id.fetch_add(1, Ordering::Relaxed));
        let sent_millis = platform::clock::machine_time().timestamp_millis();
        let stored = Stored { body, failed: 0, sent_millis };
        let mut queues = self.lock();
        let queue = queues.entry(name.to_owned()).or_default();
        self.write(name, &id, &stored)?;
        queue.waiting.insert(id.clone(), stored);
        Ok(id)
    }

    /// Hands out up to `max` messages, oldest first, none of which is handed out to someone else already.
    #[must_use]
    pub fn receive(&self, name: &str, max: usize) -> Vec<Message> {
        let received = self.take(name, max, None);
        received.into_iter().map(|received| received.message).collect()
    }

    /// Hands out messages that show again after a while; in the runner's own hands they stay.
    pub(crate) fn take(&self, name: &str, max: usize, hidden_for: Option<Duration>) -> Vec<Received> {
        let mut queues = self.lock();
        let Some(queue) = queues.get_mut(name) else { return Vec::new() };
        let now = Instant::now();
        let free = queue.waiting.iter().filter(|(id, _)| queue.is_free(id, now));
        let received: Vec<Received> = free
            .take(max)
            .map(|(id, stored)| Received { message: message(id, stored, 1), sent_millis: stored.sent_millis })
            .collect();
        let hold = Hold { until: hidden_for.map(|time| now + time) };
        queue.handed_out.extend(received.iter().map(|received| (received.message.id.clone(), hold)));
        received
    }

    /// Says anew how long a message stays hidden, from now on. Gives whether it was in hand.
    pub(crate) fn hide(&self, name: &str, id: &str, time: Duration) -> bool {
        let mut queues = self.lock();
        let hold = queues.get_mut(name).and_then(|queue| queue.handed_out.get_mut(id));
        hold.map(|hold| hold.until = Some(Instant::now() + time)).is_some()
    }

    /// Forgets a message whose consumer is done. One that is not there is already forgotten.
    ///
    /// # Errors
    /// Its file cannot be removed; the message stays handed out.
    pub fn delete(&self, name: &str, id: &str) -> Result<(), Failure> {
        let mut queues = self.lock();
        let Some(queue) = queues.get_mut(name).filter(|queue| queue.waiting.contains_key(id)) else { return Ok(()) };
        std::fs::remove_file(self.file(name, id))?;
        queue.waiting.remove(id);
        queue.handed_out.remove(id);
        Ok(())
    }

    /// Takes a message back from a consumer that failed: it waits again or, after the fifth time, is dead.
    ///
    /// # Errors
    /// The attempt could not be written down; the message stays handed out.
    pub fn fail(&self, name: &str, id: &str) -> Result<(), Failure> {
        let mut queues = self.lock();
        let Some(queue) = queues.get_mut(name) else { return Ok(()) };
        let Some(stored) = queue.waiting.get(id).cloned() else { return Ok(()) };
        let stored = Stored { failed: stored.failed + 1, ..stored };
        self.write(name, id, &stored)?;
        queue.handed_out.remove(id);
        if stored.failed < MAX_RECEIVE_COUNT || name.ends_with(DEAD) {
            queue.waiting.insert(id.to_owned(), stored);
            return Ok(());
        }
        // One rename moves the file: at no moment is the message in both queues, or in none.
        let dead = format!("{name}{DEAD}");
        std::fs::create_dir_all(self.inner.folder.join(&dead))?;
        std::fs::rename(self.file(name, id), self.file(&dead, id))?;
        queue.waiting.remove(id);
        queues.entry(dead).or_default().waiting.insert(id.to_owned(), stored);
        Ok(())
    }

    /// All dead messages, by queue and then oldest first.
    #[must_use]
    pub fn dead(&self) -> Vec<DeadMessage> {
        let queues = self.lock();
        let dead = queues.iter().filter_map(|(name, queue)| Some((name.strip_suffix(DEAD)?, queue)));
        dead.flat_map(|(name, queue)| {
            queue
                .waiting
                .iter()
                .map(|(id, stored)| DeadMessage { queue: name.to_owned(), message: message(id, stored, 0) })
        })
        .collect()
    }

    /// How many messages wait or are handed out in the queue `name`; 0 says that its consumer has caught up.
    #[must_use]
    pub fn depth(&self, name: &str) -> usize {
        self.lock().get(name).map_or(0, |queue| queue.waiting.len())
    }

    fn write(&self, name: &str, id: &str, stored: &Stored) -> Result<(), Failure> {
        let file = self.file(name, id);
        std::fs::create_dir_all(self.inner.folder.join(name))?;
        files::replace(&file, &serde_json::to_vec(stored)?)?;
        Ok(())
    }

    fn file(&self, name: &str, id: &str) -> PathBuf {
        self.inner.folder.join(name).join(format!("{id}.json"))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Queue>> {
        // Every change below a lock is whole before anything can panic, so a poisoned lock still guards good data.
        self.inner.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn message(id: &str, stored: &Stored, attempt: u32) -> Message {
    Message { id: id.to_owned(), body: stored.body.clone(), receive_count: stored.failed + attempt }
}

/// SQS: up to 80 of letters, digits, hyphen and underscore. It also keeps a name from leaving the folder.
fn is_queue_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=80).contains(&name.len()) && name.bytes().all(allowed)
}

#[cfg(test)]
mod tests;

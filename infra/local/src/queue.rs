//! A stand-in for SQS, as far as the functions use it: `SendMessage` and `SendMessageBatch` come in over HTTP, and
//! the runner takes messages out in process, as the service that calls a queue's function does in AWS.
//!
//! A message is one file, `folder/queue/<name>/<id>.json`, there before the sender is answered and gone only after
//! its consumer is done. What was handed out when the process was killed is handed out again. A message can be taken
//! at once: `DelaySeconds` is accepted and ignored.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    handed_out: BTreeSet<String>,
}

#[derive(Clone, Deserialize, Serialize)]
struct Stored {
    body: String,
    /// Attempts that failed so far.
    failed: u32,
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
        let stored = Stored { body, failed: 0 };
        let mut queues = self.lock();
        let queue = queues.entry(name.to_owned()).or_default();
        self.write(name, &id, &stored)?;
        queue.waiting.insert(id.clone(), stored);
        Ok(id)
    }

    /// Hands out up to `max` messages, oldest first, none of which is handed out to someone else already.
    #[must_use]
    pub fn receive(&self, name: &str, max: usize) -> Vec<Message> {
        let mut queues = self.lock();
        let Some(Queue { waiting, handed_out }) = queues.get_mut(name) else { return Vec::new() };
        let free = waiting.iter().filter(|(id, _)| !handed_out.contains(*id));
        let messages: Vec<Message> = free.take(max).map(|(id, stored)| message(id, stored, 1)).collect();
        handed_out.extend(messages.iter().map(|message| message.id.clone()));
        messages
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

//! Work handed on through a queue, and a look at what was set aside.

use std::collections::BTreeMap;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{MessageSystemAttributeName, SendMessageBatchRequestEntry};
use chrono::DateTime;
use domain::calendar::{Instant, Month};
use domain::ids::AccountId;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::table::dry_runs::DryRun;
use crate::table::keys;

/// Most messages of one call (SQS).
const BATCH: usize = 10;

/// Receptions of one look at a queue, of ten messages each.
const LOOKS: usize = 10;
/// Seconds that messages are hidden from other readers while they are looked at; they are shown again at its end.
const LOOK_SECONDS: i32 = 20;

/// A message that lies in a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its id.
    pub id: String,
    /// What the sender sent.
    pub body: String,
    /// When it was first sent.
    pub sent_at: Option<Instant>,
    /// How often it has been received, looks included.
    pub received: u32,
    handle: String,
}

/// Work of an invoice run, as it stands on its queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The month.
    pub month: String,
    /// Number of the part.
    pub shard: u16,
    /// Whether another part sent it because the run has its numbers; then it wakes no others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub woken: bool,
    /// The one account that is to be evaluated again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The dry run it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dry: Option<String>,
}

impl Part {
    /// All parts of a run.
    #[must_use]
    pub fn all(month: Month, shards: u16) -> Vec<Self> {
        (0..shards).map(|shard| Self { month: month.to_string(), shard, ..Self::default() }).collect()
    }

    /// All parts of a dry run.
    #[must_use]
    pub fn dry(run: &DryRun) -> Vec<Self> {
        let parts = Self::all(run.month, keys::ACCOUNT_SHARDS).into_iter();
        parts.map(|part| Self { dry: Some(run.id.clone()), ..part }).collect()
    }

    /// The evaluation of one account that is held.
    #[must_use]
    pub fn again(month: Month, account: &AccountId) -> Self {
        let account_text = Some(account.to_string());
        Self { month: month.to_string(), shard: keys::part(account), account: account_text, ..Self::default() }
    }
}

/// A queue.
#[derive(Clone, Debug)]
pub struct Queue {
    client: Client,
    url: String,
}

impl Queue {
    /// A queue by its URL.
    #[must_use]
    pub const fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }

    /// Sends work of an invoice run.
    ///
    /// # Errors
    /// As [`Queue::send`].
    pub async fn send_parts(&self, parts: &[Part]) -> Result<(), Error> {
        let bodies = parts.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>();
        self.send(&bodies.map_err(|error| Error::internal("part of a run", error))?).await
    }

    /// Sends all messages, in batches.
    ///
    /// # Errors
    /// [`Error::Unavailable`]; some may have been sent then, so messages must bear repetition.
    pub async fn send(&self, bodies: &[String]) -> Result<(), Error> {
        for batch in bodies.chunks(BATCH) {
            let mut request = self.client.send_message_batch().queue_url(&self.url);
            for (index, body) in batch.iter().enumerate() {
                let entry = SendMessageBatchRequestEntry::builder()
                    .id(index.to_string())
                    .message_body(body)
                    .build()
                    .map_err(|error| Error::internal("queue entry", error))?;
                request = request.entries(entry);
            }
            let answer = request.send().await.map_err(|error| Error::unavailable("SQS", error))?;
            if let Some(failed) = answer.failed().first() {
                return Err(Error::unavailable("SQS", failed.code().to_owned()));
            }
        }
        Ok(())
    }

    /// Looks at up to a hundred messages; all of them stay and can be received by others right afterwards.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn look(&self) -> Result<Vec<Waiting>, Error> {
        let found = self.receive_all().await?;
        for message in &found {
            self.show(message).await?;
        }
        Ok(found)
    }

    /// Gives messages that are picked from a look to another queue, or drops them if there is none; a message is gone
    /// from here only after it is there. Gives how many.
    ///
    /// # Errors
    /// [`Error::Unavailable`]; a message may then be in both queues, so it must bear repetition.
    pub async fn take_out(&self, into: Option<&Self>, pick: impl Fn(&Waiting) -> bool) -> Result<usize, Error> {
        let mut taken = 0;
        for message in self.receive_all().await? {
            if !pick(&message) {
                self.show(&message).await?;
                continue;
            }
            if let Some(into) = into {
                into.send(std::slice::from_ref(&message.body)).await?;
            }
            let deleted =
                self.client.delete_message().queue_url(&self.url).receipt_handle(&message.handle).send().await;
            deleted.map_err(|error| Error::unavailable("SQS", error))?;
            taken += 1;
        }
        Ok(taken)
    }

    /// Receives messages until none comes any more, at most a hundred, oldest first.
    async fn receive_all(&self) -> Result<Vec<Waiting>, Error> {
        // A message may come twice; the newest handle is the one that counts.
        let mut found: BTreeMap<String, Waiting> = BTreeMap::new();
        for _ in 0..LOOKS {
            let answer = self
                .client
                .receive_message()
                .queue_url(&self.url)
                .max_number_of_messages(10)
                .visibility_timeout(LOOK_SECONDS)
                // Waiting asks all servers of SQS; without it a message may be overlooked.
                .wait_time_seconds(1)
                .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp)
                .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount)
                .send()
                .await
                .map_err(|error| Error::unavailable("SQS", error))?;
            let messages = answer.messages.unwrap_or_default();
            if messages.is_empty() {
                break;
            }
            for message in messages {
                let attribute = |name| message.attributes.as_ref()?.get(&name)?.parse::<i64>().ok();
                let sent = attribute(MessageSystemAttributeName::SentTimestamp);
                let received = attribute(MessageSystemAttributeName::ApproximateReceiveCount);
                let waiting = Waiting {
                    sent_at: sent.and_then(DateTime::from_timestamp_millis),
                    received: received.and_then(|count| count.try_into().ok()).unwrap_or(0),
                    id: message.message_id.unwrap_or_default(),
                    body: message.body.unwrap_or_default(),
                    handle: message.receipt_handle.unwrap_or_default(),
                };
                found.insert(waiting.id.clone(), waiting);
            }
        }
        let mut found: Vec<Waiting> = found.into_values().collect();
        found.sort_by(|a, b| (a.sent_at, &a.id).cmp(&(b.sent_at, &b.id)));
        Ok(found)
    }

    /// Lets others receive a message at once.
    async fn show(&self, message: &Waiting) -> Result<(), Error> {
        let request = self.client.change_message_visibility().queue_url(&self.url).receipt_handle(&message.handle);
        let shown = request.visibility_timeout(0).send().await;
        shown.map(|_| ()).map_err(|error| Error::unavailable("SQS", error))
    }
}

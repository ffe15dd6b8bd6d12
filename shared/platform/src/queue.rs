//! Work handed on through a queue.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;

use crate::error::Error;

/// Most messages of one call (SQS).
const BATCH: usize = 10;

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
}

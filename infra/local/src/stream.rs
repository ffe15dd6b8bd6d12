//! Reads the table's stream as the service that calls the stream's function does in AWS: in order, in batches, at
//! least once.

use std::path::PathBuf;

use dynoxide::Database;
use dynoxide::actions::get_records::{GetRecordsRequest, GetRecordsResponse};
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use dynoxide::actions::list_streams::ListStreamsRequest;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Failure;
use crate::files;
use crate::store::Store;

/// How far the stream has been read, kept in a file between starts.
#[derive(Clone, Deserialize, Serialize)]
struct Checkpoint {
    /// A table made anew has a new stream, of which nothing has been read.
    stream_arn: String,
    /// The last record that was committed.
    sequence_number: String,
}

/// A place in the stream of one table.
///
/// It reads through the open database rather than over HTTP: no handler uses this path, and an idle poll is then one
/// index seek.
pub struct StreamReader {
    database: Database,
    table_name: String,
    file: PathBuf,
    committed: Option<Checkpoint>,
    /// Where the batch last handed out ends; it becomes `committed` when the caller says so.
    handed_out: Option<Checkpoint>,
}

impl StreamReader {
    /// A reader that goes on where `checkpoint_file` says, or begins with the oldest record if there is no such file.
    ///
    /// The table may still be missing; until it exists, batches are empty.
    ///
    /// # Errors
    /// The file cannot be read. One that cannot be understood counts as missing: reading records again is safe, because
    /// streams deliver at least once anyway.
    pub fn open(store: &Store, table_name: &str, checkpoint_file: PathBuf) -> Result<StreamReader, Failure> {
        if let Some(folder) = checkpoint_file.parent() {
            files::open_folder(folder)?;
        }
        let committed = files::read_if_present(&checkpoint_file)?.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Ok(StreamReader {
            database: store.database(),
            table_name: table_name.to_owned(),
            file: checkpoint_file,
            committed,
            handed_out: None,
        })
    }

    /// The next records after the last commit, at most `max` (and 1,000), each as Lambda gets it. Empty if there are
    /// none.
    ///
    /// Without a [`commit`](Self::commit) in between, the same records come again, as after a failed invocation.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn next_batch(&mut self, max: usize) -> Result<Vec<Value>, Failure> {
        let database = self.database.clone();
        let table_name = self.table_name.clone();
        let committed = self.committed.clone();
        // The database takes a lock and reads a file, which an async thread should not wait for.
        let read = tokio::task::spawn_blocking(move || read_after(&database, &table_name, committed.as_ref(), max));
        let Some((stream_arn, batch)) = read.await?? else { return Ok(Vec::new()) };

        let mut records = Vec::with_capacity(batch.records.len());
        for record in batch.records {
            let sequence_number = record.dynamodb.sequence_number.clone();
            let mut json = serde_json::to_value(record)?;
            if let Some(fields) = json.as_object_mut() {
                // The stream does not name itself in its records; Lambda adds it.
                fields.insert("eventSourceARN".to_owned(), Value::from(stream_arn.clone()));
            }
            records.push(json);
            self.handed_out = Some(Checkpoint { stream_arn: stream_arn.clone(), sequence_number });
        }
        Ok(records)
    }

    /// Marks the batch last handed out as done, for this process and the next.
    ///
    /// # Errors
    /// The checkpoint file cannot be written; the batch will come again.
    pub async fn commit(&mut self) -> Result<(), Failure> {
        if let Some(handed_out) = self.handed_out.take() {
            files::replace(&self.file, &serde_json::to_vec(&handed_out)?)?;
            self.committed = Some(handed_out);
        }
        Ok(())
    }
}

/// The stream's name and its records after `committed`; `None` while the table has no stream.
fn read_after(
    database: &Database,
    table_name: &str,
    committed: Option<&Checkpoint>,
    max: usize,
) -> Result<Option<(String, GetRecordsResponse)>, dynoxide::DynoxideError> {
    let request = ListStreamsRequest { table_name: Some(table_name.to_owned()), ..Default::default() };
    let Some(stream) = database.list_streams(request)?.streams.pop() else { return Ok(None) };
    let stream_arn = stream.stream_arn;

    // The emulator has exactly one shard for each table. It is not asked for it: to describe the stream, it would read
    // all of its records.
    let shard_id = dynoxide::streams::shard_id(table_name);

    let committed = committed.filter(|checkpoint| checkpoint.stream_arn == stream_arn);
    let iterator = |kind: &str, sequence_number: Option<String>| {
        database.get_shard_iterator(GetShardIteratorRequest {
            stream_arn: stream_arn.clone(),
            shard_id: shard_id.clone(),
            shard_iterator_type: kind.to_owned(),
            sequence_number,
        })
    };
    let position = match committed {
        // A place that is no longer in the stream (its records live 24 hours) is refused; what is left is read then.
        Some(checkpoint) => iterator("AFTER_SEQUENCE_NUMBER", Some(checkpoint.sequence_number.clone()))
            .or_else(|_| iterator("TRIM_HORIZON", None))?,
        None => iterator("TRIM_HORIZON", None)?,
    };
    let request = GetRecordsRequest { shard_iterator: position.shard_iterator.unwrap_or_default(), limit: Some(max) };
    Ok(Some((stream_arn, database.get_records(request)?)))
}

#[cfg(test)]
mod tests;

//! The embedded DynamoDB, spoken to through the real SDK over loopback.
//!
//! Durability: the emulator keeps its SQLite file in write-ahead-log mode and leaves `synchronous` at SQLite's own
//! setting, FULL, so every acknowledged write has been flushed to the disk: neither `kill -9` nor a power cut loses
//! it. A write that was not acknowledged is either whole or absent.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dynoxide::Database;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::Failure;

/// How long the second connection waits for the emulator's own write to end.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a stopping service waits for requests under way.
pub(crate) const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// The emulator numbers each stream record by the highest number so far and, having no index for it, reads all of
/// the table's records to find it: 259 transactions a second on a fresh file, 43 after 6,000 of them. The very
/// expression it asks for, indexed, keeps every write and every read of the stream at one seek.
const STREAM_INDEX: &str = "CREATE INDEX IF NOT EXISTS sr_seq \
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER))";

/// A running embedded DynamoDB on its own loopback port.
pub struct Store {
    database: Database,
    file: PathBuf,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Result<(), String>>,
}

impl Store {
    /// Opens `folder/table.sqlite`, making both if missing, and serves it.
    ///
    /// # Errors
    /// The file cannot be opened (another process may hold it), or no loopback port is free.
    pub async fn start(folder: &Path) -> Result<Store, Failure> {
        std::fs::create_dir_all(folder)?;
        let file = folder.join("table.sqlite");
        let name = file.to_str().ok_or("the path of the data folder is not valid UTF-8")?;
        let database = Database::new(name)?;

        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(dynoxide::server::serve_with_shutdown(listener, database.clone(), async move {
            // An error only says that the store was dropped, which is to stop it as well.
            let _ = stopped.await;
        }));

        let store = Store { database, file, address, stop, server };
        // The emulator makes its stream table when it opens the file, so there is something to index already.
        store.index_stream()?;
        Ok(store)
    }

    /// Adds the index the emulator lacks on its stream records; does nothing if it is there.
    ///
    /// # Errors
    /// The file is locked for longer than five seconds, or the emulator's tables are not what they were.
    pub fn index_stream(&self) -> Result<(), Failure> {
        // A second connection, because the emulator does not hand out its own.
        let connection = rusqlite::Connection::open(&self.file)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.execute_batch(STREAM_INDEX)?;
        Ok(())
    }

    /// Where the SDK finds it.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The open database, for the reader of its stream.
    pub(crate) fn database(&self) -> Database {
        self.database.clone()
    }

    /// Lets requests under way finish, then closes the file.
    ///
    /// # Errors
    /// The server failed, or a request took longer than ten seconds.
    pub async fn stop(self) -> Result<(), Failure> {
        // It may have ended by itself; then awaiting it says why.
        let _ = self.stop.send(());
        tokio::time::timeout(STOP_TIMEOUT, self.server).await???;
        Ok(())
    }
}

//! HTTP clients for services other than those of AWS: made by the first call, because most starts of a function end before
//! any, and with every time-out set.

use std::sync::OnceLock;
use std::time::Duration;

use crate::error::Error;
use crate::stripe::use_ring;

/// A client that is made when it is first asked for.
#[derive(Debug)]
pub struct Outgoing {
    client: OnceLock<reqwest::Client>,
    time: Duration,
}

impl Outgoing {
    /// A client each of whose calls ends within a time.
    #[must_use]
    pub const fn within(time: Duration) -> Self {
        Self { client: OnceLock::new(), time }
    }

    /// The client.
    ///
    /// # Errors
    /// [`Error::Internal`] if TLS cannot be set up.
    pub fn client(&self) -> Result<&reqwest::Client, Error> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        use_ring();
        let client = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(1))
            .timeout(self.time)
            // Servers close idle connections soon after, and a sandbox that was frozen finds them closed.
            .pool_idle_timeout(Duration::from_secs(20))
            .build()
            .map_err(|error| Error::internal("HTTP client", error))?;
        Ok(self.client.get_or_init(|| client))
    }
}

//! Secrets, read from AWS Secrets Manager when a function starts.
//!
//! The Stripe secret is read again when it no longer fits, so that it can be filled in and rotated while functions run.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_secretsmanager::Client;
use chrono::TimeDelta;
use domain::calendar::Instant;
use serde::Deserialize;

use crate::error::Error;
use crate::links::LinkKey;

/// What the Stripe secret holds, as JSON.
#[derive(Clone, Deserialize)]
pub struct StripeSecret {
    /// Secret API key.
    pub api_key: String,
    /// Signing secrets of the webhook endpoint; two while one is being rotated.
    pub webhook_secrets: Vec<String>,
}

impl std::fmt::Debug for StripeSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StripeSecret(…)")
    }
}

#[derive(Deserialize)]
struct LinkSecret {
    link_key: String,
}

/// Reads the key that personal links are derived from.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Corrupt`].
pub async fn link_key(client: &Client, id: &str) -> Result<LinkKey, Error> {
    let secret: LinkSecret = read(client, id).await?;
    LinkKey::new(&secret.link_key)
}

/// The Stripe secret as it was last read.
///
/// Functions live for hours, and a secret that was read at their start may have been rotated since. Whoever finds that
/// it does not fit asks for it [anew](Self::renewed).
#[derive(Debug)]
pub struct StripeSecrets {
    client: Client,
    id: String,
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    secret: Arc<StripeSecret>,
    read_at: Instant,
}

/// How long a secret is not asked for again, so that a stranger who sends wrong signatures causes no calls.
const READ_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(1);

impl StripeSecrets {
    /// Reads the secret for the first time.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Corrupt`].
    pub async fn open(client: Client, id: String, now: Instant) -> Result<Self, Error> {
        let secret = Arc::new(read(&client, &id).await?);
        Ok(Self { client, id, known: Mutex::new(Known { secret, read_at: now }) })
    }

    /// The secret as it is known.
    #[must_use]
    pub fn known(&self) -> Arc<StripeSecret> {
        Arc::clone(&self.known.lock().unwrap_or_else(PoisonError::into_inner).secret)
    }

    /// The secret as it is now, if a minute has passed since it was last read; `None` before that.
    ///
    /// # Errors
    /// [`Error::Unavailable`] or [`Error::Corrupt`].
    pub async fn renewed(&self, now: Instant) -> Result<Option<Arc<StripeSecret>>, Error> {
        {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if now - known.read_at < READ_AGAIN_AFTER {
                return Ok(None);
            }
            // Noted before the call: whoever comes meanwhile does not ask as well.
            known.read_at = now;
        }
        let secret: Arc<StripeSecret> = Arc::new(read(&self.client, &self.id).await?);
        self.known.lock().unwrap_or_else(PoisonError::into_inner).secret = Arc::clone(&secret);
        tracing::info!("the Stripe secret was read again");
        Ok(Some(secret))
    }
}

async fn read<T: for<'a> Deserialize<'a>>(client: &Client, id: &str) -> Result<T, Error> {
    let answer = client
        .get_secret_value()
        .secret_id(id)
        .send()
        .await
        .map_err(|error| Error::unavailable("Secrets Manager", error))?;
    // The parser's message quotes nothing of the secret beyond its shape, but a wrong one is not worth
    // the risk: only the position is kept.
    serde_json::from_str(answer.secret_string().unwrap_or_default()).map_err(|error| {
        Error::corrupt("secret", format!("unexpected JSON at line {} column {}", error.line(), error.column()))
    })
}

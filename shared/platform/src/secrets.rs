//! Secrets, read once at start from AWS Secrets Manager.

use aws_sdk_secretsmanager::Client;
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

/// Reads the Stripe keys.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Corrupt`].
pub async fn stripe(client: &Client, id: &str) -> Result<StripeSecret, Error> {
    read(client, id).await
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

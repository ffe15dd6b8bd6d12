//! A stand-in for Secrets Manager that answers `GetSecretValue` and `PutSecretValue` for the two secrets the functions
//! read.
//!
//! The values are made at the first start and kept in `folder/secrets.json`, readable by the owner alone: links that
//! were mailed before a restart stay valid after it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use platform::entropy;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Failure, files};

/// What an ARN of these secrets begins with; a name follows.
const ARN: &str = "arn:aws:secretsmanager:eu-central-1:000000000000:secret:";

/// The secrets of this machine; cheap to clone. It has no `Debug`, so none of them can end in a log by accident.
#[derive(Clone)]
pub struct Secrets {
    values: Arc<Mutex<Values>>,
    file: PathBuf,
}

/// The file, and with it the shape of each secret's JSON.
#[derive(Deserialize, Serialize)]
struct Values {
    links: Links,
    stripe: StripeKeys,
}

#[derive(Deserialize, Serialize)]
struct Links {
    link_key: String,
}

#[derive(Deserialize, Serialize)]
struct StripeKeys {
    api_key: String,
    webhook_secrets: Vec<String>,
}

impl Secrets {
    /// Reads the secrets, or makes them if there are none yet.
    ///
    /// # Errors
    /// The file cannot be read or written, or is not what an earlier start wrote: it is never replaced, because
    /// everything signed with the old keys would become void.
    pub fn open(folder: &Path) -> Result<Secrets, Failure> {
        std::fs::create_dir_all(folder)?;
        let file = folder.join("secrets.json");
        let values = match files::read_if_present(&file)? {
            Some(bytes) => serde_json::from_slice(&bytes).map_err(|error| format!("{}: {error}", file.display()))?,
            None => {
                let values = Values {
                    links: Links { link_key: entropy::hex::<32>()? },
                    stripe: StripeKeys {
                        api_key: format!("sk_test_local{}", entropy::hex::<16>()?),
                        webhook_secrets: vec![format!("whsec_{}", entropy::hex::<16>()?)],
                    },
                };
                files::replace_private(&file, &serde_json::to_vec_pretty(&values)?)?;
                values
            }
        };
        Ok(Secrets { values: Arc::new(Mutex::new(values)), file })
    }

    /// Answers the AWS JSON protocol at every path; to be mounted with `nest_service`, because clients call the mount
    /// point with a slash at its end, which `nest` does not match.
    pub fn router(&self) -> Router {
        Router::new().fallback(answer).with_state(self.clone())
    }

    /// The key that calls to Stripe carry.
    #[must_use]
    pub fn stripe_api_key(&self) -> String {
        self.read(|values| values.stripe.api_key.clone())
    }

    /// The secrets that Stripe signs its webhooks with: one, or two while it is being rotated.
    #[must_use]
    pub fn stripe_webhook_secrets(&self) -> Vec<String> {
        self.read(|values| values.stripe.webhook_secrets.clone())
    }

    fn read<T>(&self, what: impl FnOnce(&Values) -> T) -> T {
        what(&self.values.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The JSON text of the secret `name`.
    fn text(&self, name: &str) -> Option<String> {
        self.read(|values| match name {
            "links" => serde_json::to_string(&values.links).ok(),
            "stripe" => serde_json::to_string(&values.stripe).ok(),
            _ => None,
        })
    }

    /// Replaces a secret, here and in the file.
    fn put(&self, name: &str, text: &str) -> Result<(), Failure> {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        match name {
            "links" => values.links = serde_json::from_str(text)?,
            "stripe" => values.stripe = serde_json::from_str(text)?,
            _ => return Err("Secrets Manager can't find the specified secret.".into()),
        }
        files::replace_private(&self.file, &serde_json::to_vec_pretty(&*values)?)?;
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Call {
    secret_id: String,
    /// Of `PutSecretValue`.
    secret_string: Option<String>,
}

async fn answer(State(secrets): State<Secrets>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Ok(call) = serde_json::from_slice::<Call>(&body) else {
        return refusal("InvalidParameterException", "SecretId is missing");
    };
    let name = call.secret_id.strip_prefix(ARN).unwrap_or(&call.secret_id);
    if let ("secretsmanager.PutSecretValue", Some(text)) = (target, &call.secret_string) {
        return match secrets.put(name, text) {
            Ok(()) => reply(StatusCode::OK, json!({ "ARN": format!("{ARN}{name}"), "Name": name })),
            Err(error) => refusal("InvalidParameterException", &error.to_string()),
        };
    }
    if target != "secretsmanager.GetSecretValue" {
        return refusal("InvalidRequestException", "only GetSecretValue and PutSecretValue are answered here");
    }
    match secrets.text(name) {
        Some(text) => reply(
            StatusCode::OK,
            json!({
                "ARN": format!("{ARN}{name}"),
                "Name": name,
                "SecretString": text,
                // Versions are not kept here.
                "VersionId": "00000000-0000-0000-0000-000000000001",
                "VersionStages": ["AWSCURRENT"],
            }),
        ),
        None => refusal("ResourceNotFoundException", "Secrets Manager can't find the specified secret."),
    }
}

fn refusal(code: &str, message: &str) -> Response {
    reply(StatusCode::BAD_REQUEST, json!({ "__type": code, "Message": message }))
}

fn reply(status: StatusCode, body: Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/x-amz-json-1.1")], body.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::tests::Folder;

    #[test]
    fn secrets_are_made_once_and_then_kept() -> Result<(), Failure> {
        let folder = Folder::new("secrets-kept")?;
        let first = Secrets::open(folder.path())?;
        assert_eq!(first.read(|values| values.links.link_key.len()), 64);
        assert!(first.stripe_api_key().starts_with("sk_test_local"));
        assert!(first.stripe_webhook_secrets().iter().all(|secret| secret.starts_with("whsec_")));

        let second = Secrets::open(folder.path())?;
        assert_eq!(second.text("links"), first.text("links"));
        assert_eq!(second.text("stripe"), first.text("stripe"));
        assert_eq!(second.text("paypal"), None);
        Ok(())
    }

    #[test]
    fn a_damaged_file_is_reported_and_not_replaced() -> Result<(), Failure> {
        let folder = Folder::new("secrets-damaged")?;
        let file = folder.path().join("secrets.json");
        std::fs::write(&file, "{\"links\":")?;
        assert!(Secrets::open(folder.path()).is_err());
        assert_eq!(std::fs::read_to_string(&file)?, "{\"links\":");
        Ok(())
    }
}

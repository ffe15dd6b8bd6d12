//! Documents in the object store: written once, never overwritten. And files made from them, which are kept for days.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_types::timeout::TimeoutConfig;
use domain::archive::Fingerprint;
use domain::image::ImageKind;
use sha2::{Digest, Sha256};

use crate::clock::machine_time;
use crate::entropy::to_hex;
use crate::error::Error;

/// How long an address of [`Objects::address`] works.
pub const ADDRESS_LIFETIME: Duration = Duration::from_secs(15 * 60);

/// Key of a logo in the object store: a digest of its content, so that what a key names never changes.
#[must_use]
pub fn logo_key(bytes: &[u8], kind: ImageKind) -> String {
    format!("logos/{}.{}", to_hex(&Sha256::digest(bytes)), kind.ending())
}

/// The bucket of documents.
#[derive(Clone, Debug)]
pub struct Objects {
    client: Client,
    bucket: String,
}

/// What is stored under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The content.
    pub bytes: Vec<u8>,
    /// Its version, where the store gives one.
    pub version: Option<String>,
}

/// Size and hash of a content.
#[must_use]
pub fn fingerprint(bytes: &[u8]) -> Fingerprint {
    Fingerprint { size: bytes.len() as u64, sha256: to_hex(&Sha256::digest(bytes)) }
}

impl Objects {
    /// A bucket.
    #[must_use]
    pub const fn new(client: Client, bucket: String) -> Self {
        Self { client, bucket }
    }

    /// Stores a document if there is none under this key yet; the first one stays. Gives whether it was stored.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn put_once(&self, key: &str, content_type: &str, bytes: Vec<u8>) -> Result<bool, Error> {
        Ok(self.try_once(key, content_type, bytes).await?.is_some())
    }

    /// Stores a document if there is none under this key yet, and gives what is stored then: what came first stays, even
    /// if a newer program would make it differently.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn keep(&self, key: &str, content_type: &str, bytes: Vec<u8>) -> Result<Kept, Error> {
        if let Some(version) = self.try_once(key, content_type, bytes.clone()).await? {
            return Ok(Kept { bytes, version });
        }
        match self.read(key).await? {
            Some(kept) => Ok(kept),
            None => Err(Error::unavailable("S3", "a document that is there could not be read")),
        }
    }

    /// Version of what was stored, if the store gives one; `None` if something was there already.
    async fn try_once(&self, key: &str, content_type: &str, bytes: Vec<u8>) -> Result<Option<Option<String>>, Error> {
        let sent = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .if_none_match("*")
            .body(ByteStream::from(bytes))
            .send()
            .await;
        match sent {
            Ok(stored) => Ok(Some(stored.version_id)),
            Err(SdkError::ServiceError(error)) if error.err().code() == Some("PreconditionFailed") => Ok(None),
            Err(error) => Err(Error::unavailable("S3", error)),
        }
    }

    /// Stores a file that may be large, in the place of one that is there.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn put(&self, key: &str, content_type: &str, bytes: Vec<u8>) -> Result<(), Error> {
        // The usual time-outs are made for documents; this is hundreds of times as much.
        let patience = TimeoutConfig::builder()
            .operation_attempt_timeout(Duration::from_secs(20))
            .operation_timeout(Duration::from_secs(30))
            .build();
        let request = self.client.put_object().bucket(&self.bucket).key(key).content_type(content_type);
        let request = request.body(ByteStream::from(bytes)).customize();
        let sent = request.config_override(aws_sdk_s3::Config::builder().timeout_config(patience)).send().await;
        sent.map(|_| ()).map_err(|error| Error::unavailable("S3", error))
    }

    /// Reads a document; `None` if there is none.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.read(key).await?.map(|kept| kept.bytes))
    }

    async fn read(&self, key: &str) -> Result<Option<Kept>, Error> {
        match self.client.get_object().bucket(&self.bucket).key(key).send().await {
            Ok(object) => {
                let version = object.version_id;
                let bytes = object.body.collect().await.map_err(|error| Error::unavailable("S3", error))?;
                Ok(Some(Kept { bytes: bytes.to_vec(), version }))
            }
            Err(SdkError::ServiceError(error)) if error.err().is_no_such_key() => Ok(None),
            Err(error) => Err(Error::unavailable("S3", error)),
        }
    }

    /// An address that anybody can fetch a file from for a quarter of an hour, as a download under a name. A file may be
    /// larger than what a function can reply with.
    ///
    /// # Errors
    /// [`Error::Internal`].
    pub async fn address(&self, key: &str, name: &str) -> Result<String, Error> {
        let wrong = |error: String| Error::internal("address of a file", error);
        let config = PresigningConfig::builder()
            .start_time(SystemTime::from(machine_time()))
            .expires_in(ADDRESS_LIFETIME)
            .build()
            .map_err(|error| wrong(error.to_string()))?;
        let request = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .response_content_disposition(format!("attachment; filename=\"{name}\""));
        let signed = request.presigned(config).await.map_err(|error| Error::internal("address of a file", error))?;
        Ok(signed.uri().to_owned())
    }
}

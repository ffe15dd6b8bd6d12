//! Documents in the object store: written once, never overwritten.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;

use crate::error::Error;

/// The bucket of documents.
#[derive(Clone, Debug)]
pub struct Objects {
    client: Client,
    bucket: String,
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
            Ok(_) => Ok(true),
            Err(SdkError::ServiceError(error)) if error.err().code() == Some("PreconditionFailed") => Ok(false),
            Err(error) => Err(Error::unavailable("S3", error)),
        }
    }

    /// Reads a document; `None` if there is none.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        match self.client.get_object().bucket(&self.bucket).key(key).send().await {
            Ok(object) => {
                let bytes = object.body.collect().await.map_err(|error| Error::unavailable("S3", error))?;
                Ok(Some(bytes.to_vec()))
            }
            Err(SdkError::ServiceError(error)) if error.err().is_no_such_key() => Ok(None),
            Err(error) => Err(Error::unavailable("S3", error)),
        }
    }
}

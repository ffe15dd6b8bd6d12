//! What the table answers to a write, and how long to wait for others.

use std::time::Duration;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;

use crate::entropy;
use crate::error::Error;

/// How a single write ended.
pub(super) enum Single {
    Held,
    Refused,
    InTheWay,
}

pub(super) fn single<E, R>(error: SdkError<E, R>) -> Result<Single, Error>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    let code = match &error {
        SdkError::ServiceError(service) => service.err().code(),
        _ => None,
    };
    match code {
        Some("ConditionalCheckFailedException") => Ok(Single::Refused),
        Some("TransactionConflictException") => Ok(Single::InTheWay),
        // An item that is too large, for example: no repetition helps.
        Some("ValidationException") => Err(Error::internal("what cannot be stored", error)),
        _ => Err(Error::unavailable("DynamoDB", error)),
    }
}

pub(super) fn reasons<R>(error: &SdkError<TransactWriteItemsError, R>) -> Option<Vec<String>> {
    let SdkError::ServiceError(service) = error else { return None };
    match service.err() {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => Some(
            cancelled.cancellation_reasons().iter().map(|reason| reason.code().unwrap_or("None").to_owned()).collect(),
        ),
        TransactWriteItemsError::TransactionInProgressException(_) => Some(vec!["TransactionConflict".to_owned()]),
        _ => None,
    }
}

/// Waits 5 ms, 10 ms, 20 ms … at most 320 ms, less a random part of up to half, so that those who
/// collided do not collide again.
pub(super) async fn pause(attempt: u32) -> Result<(), Error> {
    let most = 5_000_u64 << attempt.min(6);
    let random = u64::from(u16::from_be_bytes(entropy::bytes::<2>()?));
    let micros = most / 2 + most / 2 * random / u64::from(u16::MAX);
    tokio::time::sleep(Duration::from_micros(micros)).await;
    Ok(())
}

//! Randomness: ids and secrets.

use domain::ids::{InvoiceId, OfferId, RegistrationId};

use crate::error::Error;

/// Bytes from the operating system.
///
/// # Errors
/// [`Error::Internal`] if the operating system has none to give.
#[expect(clippy::disallowed_methods, reason = "the one place that draws randomness")]
pub fn bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal("no randomness", error))?;
    Ok(bytes)
}

/// Lower-case hexadecimal digits of N random bytes.
///
/// # Errors
/// [`Error::Internal`] if the operating system has no randomness to give.
pub fn hex<const N: usize>() -> Result<String, Error> {
    Ok(to_hex(&bytes::<N>()?))
}

/// Lower-case hexadecimal digits.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digits = |byte: u8| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
    bytes.iter().copied().flat_map(digits).collect()
}

/// A new registration id (128 random bits).
///
/// # Errors
/// [`Error::Internal`] if the operating system has no randomness to give.
pub fn registration_id() -> Result<RegistrationId, Error> {
    let text = format!("{}_{}", RegistrationId::PREFIX, hex::<16>()?);
    RegistrationId::parse(&text).map_err(|error| Error::internal("registration id", error))
}

/// A new invoice id (128 random bits).
///
/// # Errors
/// [`Error::Internal`] if the operating system has no randomness to give.
pub fn invoice_id() -> Result<InvoiceId, Error> {
    let text = format!("{}_{}", InvoiceId::PREFIX, hex::<16>()?);
    InvoiceId::parse(&text).map_err(|error| Error::internal("invoice id", error))
}

/// A new offer id (128 random bits).
///
/// # Errors
/// [`Error::Internal`] if the operating system has no randomness to give.
pub fn offer_id() -> Result<OfferId, Error> {
    let text = format!("{}_{}", OfferId::PREFIX, hex::<16>()?);
    OfferId::parse(&text).map_err(|error| Error::internal("offer id", error))
}

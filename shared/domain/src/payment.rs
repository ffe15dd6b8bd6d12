//! Payment of an invoice, as told by events of a payment provider that may come twice or out of order.

pub mod form;

use crate::ids::{AccountId, InvoiceId};
use crate::money::Money;

/// What an event of the payment provider says, independent of the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notification {
    /// Money for an invoice has arrived.
    Paid(Received),
    /// Money has arrived that cannot be booked as told, and why: kept for somebody to look at, never dropped (G7).
    Unusable(&'static str),
    /// Something this system does not act on; acknowledged, so the provider stops sending it.
    Unhandled,
}

/// Money that arrived for an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Account the invoice belongs to.
    pub account: AccountId,
    /// The invoice.
    pub invoice: InvoiceId,
    /// What arrived.
    pub amount: Money,
    /// The provider's id of this payment. Different events may tell of the same payment; it counts once.
    pub payment: String,
}

/// How far an invoice is paid.
///
/// Derived from the sum received, so neither order nor repetition of events matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentState {
    /// Nothing has arrived.
    Open,
    /// Less than the gross amount has arrived.
    PartlyPaid,
    /// The gross amount has arrived.
    Paid,
    /// More than the gross amount has arrived; the operator owes the difference.
    Overpaid,
    /// Nothing is to be paid: it was cancelled, or takes another invoice back (I2).
    Cancelled,
}

impl PaymentState {
    /// The state that a sum received leads to.
    #[must_use]
    pub fn of(gross: Money, received: Money) -> Self {
        match received.amount().cmp(&gross.amount()) {
            std::cmp::Ordering::Equal => Self::Paid,
            std::cmp::Ordering::Greater => Self::Overpaid,
            std::cmp::Ordering::Less if received.is_zero() => Self::Open,
            std::cmp::Ordering::Less => Self::PartlyPaid,
        }
    }
}

//! The rules of registration and billing as pure functions over values.
//!
//! Nothing here does I/O, reads a clock, draws randomness, serialises or knows AWS. `now` and ids are
//! arguments; every decision returns an enum that says why. Ids such as `A12` in the documentation
//! name business rules.
#![deny(clippy::float_arithmetic)]

pub mod money;
pub mod ids;
pub mod language;
pub mod calendar;
pub mod problem;
pub mod contact;
pub mod account;
pub mod event;
pub mod registration;
pub mod usage;
pub mod catalog;
pub mod rating;
pub mod vat;
pub mod invoice;
pub mod ledger;
pub mod payment;
pub mod message;
pub mod timer;

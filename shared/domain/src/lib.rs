//! The rules of registration and billing as pure functions over values.
//!
//! Nothing here does I/O, reads a clock, draws randomness, serialises or knows AWS. `now` and ids are
//! arguments; every decision returns an enum that says why. Ids such as `A12` in the documentation
//! name business rules.
#![deny(clippy::float_arithmetic)]

pub mod account;
pub mod api_key;
pub mod archive;
pub mod calendar;
pub mod cancellation;
pub mod catalog;
pub mod collection;
pub mod contact;
pub mod country;
pub mod credit;
pub mod dunning;
pub mod event;
pub mod figures;
pub mod ids;
pub mod image;
pub mod invoice;
pub mod language;
pub mod ledger;
pub mod manual;
pub mod message;
pub mod money;
pub mod offer;
pub mod payment;
pub mod problem;
pub mod rating;
pub mod registration;
pub mod run;
pub mod subscription;
pub mod support;
pub mod timer;
pub mod usage;
pub mod vat;

//! The whole system on one machine: the functions as they are, and stand-ins for what AWS and Stripe do.
//!
//! The functions know nothing of it. They talk to DynamoDB (embedded), S3, SQS, SES, Secrets Manager and
//! Stripe through the same clients as in AWS; only the endpoints and the clock are others.
//!
//! In reading order: [`world`] starts everything, [`gateway`] does what API Gateway does, [`runner`] what
//! the stream, the queues and EventBridge Scheduler do, [`demo`] what the customers of the demo do, and the rest are the
//! stand-ins.

// The types of nested SDK calls are deeper than the compiler's default.
#![recursion_limit = "256"]

pub mod clock_page;
pub mod command;
pub mod demo;
pub mod documents;
mod files;
pub mod gateway;
#[cfg(test)]
mod http_test;
pub mod mailbox;
pub mod objects;
pub mod overview;
pub mod page;
pub mod queue;
pub mod runner;
mod runs_command;
mod runs_page;
pub mod schedule;
pub mod secrets;
pub mod seed;
pub mod store;
pub mod stream;
pub mod stripe;
pub mod vies;
pub mod world;

/// Anything that went wrong; this crate only reports it to the person at the machine.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

//! Everything between the rules and the world: AWS clients, the table, HTTP, mail and configuration.
//!
//! Functions hold no I/O code of their own; they call what is here. Nothing here decides about money,
//! places or invoices: that is `domain`.

pub mod config;
pub mod clock;
pub mod entropy;
pub mod error;
pub mod telemetry;
pub mod aws;
pub mod environment;
pub mod http;
pub mod page;
pub mod links;
pub mod secrets;
pub mod table;
pub mod objects;
pub mod mailer;
pub mod queue;
pub mod stripe;

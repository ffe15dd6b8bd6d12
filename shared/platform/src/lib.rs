//! Everything between the rules and the world: AWS clients, the table, HTTP, mail and configuration.
//!
//! Functions hold no I/O code of their own; they call what is here. Nothing here decides about money,
//! places or invoices: that is `domain`.

pub mod aws;
pub mod clock;
pub mod config;
pub mod entropy;
pub mod environment;
pub mod error;
pub mod files;
pub mod http;
pub mod links;
pub mod mailer;
pub mod objects;
pub mod outgoing;
pub mod page;
pub mod queue;
pub mod secrets;
pub mod start;
pub mod stripe;
pub mod table;
pub mod telemetry;
pub mod vies;

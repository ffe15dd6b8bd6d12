//! The system seen from outside: real handlers, the real SDK, real DynamoDB semantics, a clock that stands
//! still until it is moved. Rule ids such as `A12` are those of the business rules.

// The types of nested SDK calls are deeper than the compiler's default.
#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends by a panic")]

mod api_keys;
mod archive;
mod cancellations;
mod capacity;
mod catalogues;
mod console;
mod contract;
mod crashes;
mod delivery;
mod documents;
mod dry_run;
mod dunning;
mod ended;
mod figures;
mod harness;
mod invoices_api;
mod invoicing;
mod issuers;
mod journey;
mod licences;
mod manual;
mod offers;
mod operations;
mod personal;
mod plans;
#[expect(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "what is refused is told, and noted for the last test"
)]
mod policy;
mod prices;
mod recorded;
mod refusals;
mod run;
mod run_cost;
mod run_partner;
mod setup;
mod template;
mod tidy;
mod transfers;
mod usage;
mod usage_billed;
mod usage_counted;
mod vat_checks;
mod watch;
mod webhook;
mod year;

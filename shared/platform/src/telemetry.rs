//! JSON logs on standard output, where Lambda collects them.
//!
//! Fields are dotted (`invoice.id`), units stand in names. Never logged: names, e-mail addresses,
//! tokens, bodies. A failure is logged once, where it is handled.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging. `RUST_LOG` sets the level, for all or by target (`info,platform=debug`); it is `info` without it.
/// Calling it again does nothing.
pub fn start(level: Option<&str>) {
    // Targets and not the filter by fields: that one brings regular expressions, a megabyte of every binary.
    let filter: Targets =
        level.and_then(|level| level.parse().ok()).unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    let lines =
        tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false);
    // A second start, as in tests, leaves the first one in place.
    let _ = tracing_subscriber::registry().with(lines).with(filter).try_init();
}

/// Logs a failure with its causes, once.
pub fn failure(error: &crate::error::Error) {
    failure_of("", error);
}

/// Logs the failure of a request with the id that its reply names as `instance`.
pub fn failure_of(instance: &str, error: &crate::error::Error) {
    let instance = Some(instance).filter(|instance| !instance.is_empty());
    if error.retryable() {
        tracing::warn!(instance, error = error.chain(), error.retryable = true, "failed");
    } else {
        tracing::error!(instance, error = error.chain(), error.retryable = false, "failed");
    }
}

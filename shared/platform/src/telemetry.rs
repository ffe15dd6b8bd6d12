//! JSON logs on standard output, where Lambda collects them.
//!
//! Fields are dotted (`invoice.id`), units stand in names. Never logged: names, e-mail addresses,
//! tokens, bodies. A failure is logged once, where it is handled.

use tracing_subscriber::EnvFilter;

/// Starts logging; `RUST_LOG` sets the level, `info` without it. Calling it again does nothing.
pub fn start(level: Option<&str>) {
    let filter = level.and_then(|level| EnvFilter::try_new(level).ok()).unwrap_or_else(|| EnvFilter::new("info"));
    // A second start, as in tests, leaves the first one in place.
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(filter)
        .try_init();
}

/// Logs a failure with its causes, once.
pub fn failure(error: &crate::error::Error) {
    if error.retryable() {
        tracing::warn!(error = error.chain(), error.retryable = true, "failed");
    } else {
        tracing::error!(error = error.chain(), error.retryable = false, "failed");
    }
}

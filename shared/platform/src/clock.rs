//! The time, handed to everything that needs it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use domain::calendar::Instant;

/// Where `now` comes from.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Milliseconds the time is ahead of the machine's; for a stopped clock, milliseconds since 1970.
    millis: Arc<AtomicI64>,
    ticking: bool,
}

impl Clock {
    /// The machine's time.
    #[must_use]
    pub fn system() -> Self {
        Self::ahead(TimeDelta::zero())
    }

    /// A clock that runs, ahead of the machine's time by an interval.
    #[must_use]
    pub fn ahead(offset: TimeDelta) -> Self {
        Self { millis: Arc::new(AtomicI64::new(offset.num_milliseconds())), ticking: true }
    }

    /// A clock that stands still until it is set.
    #[must_use]
    pub fn stopped(at: Instant) -> Self {
        Self { millis: Arc::new(AtomicI64::new(at.timestamp_millis())), ticking: false }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Instant {
        let millis = self.millis.load(Ordering::SeqCst);
        if self.ticking {
            machine_time() + TimeDelta::milliseconds(millis)
        } else {
            DateTime::from_timestamp_millis(millis).unwrap_or_default()
        }
    }

    /// Sets the time; all copies of this clock follow.
    pub fn set(&self, now: Instant) {
        // Rounded up, so that a clock that was set never shows a time before that.
        let ahead = || (now - machine_time()).num_milliseconds().saturating_add(1);
        let millis = if self.ticking { ahead() } else { now.timestamp_millis() };
        self.millis.store(millis, Ordering::SeqCst);
    }
}

/// The machine's own time, which signatures of requests to AWS use.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
pub fn machine_time() -> Instant {
    Utc::now()
}

/// Time left until a deadline of the runtime, which goes by the machine's clock.
#[must_use]
pub fn time_until(deadline: SystemTime) -> Duration {
    deadline.duration_since(SystemTime::from(machine_time())).unwrap_or_default()
}

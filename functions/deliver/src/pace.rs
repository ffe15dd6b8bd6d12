//! How fast mails of a bulk go out, so that one execution takes no more than its share of what SES grants.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use domain::calendar::Instant;
use tokio::sync::Mutex;
use tokio::time::Instant as Tick;

/// Executions that work on the queue at the same time (`MaximumConcurrency` in the template).
pub const EXECUTIONS: u32 = 2;
/// Share of the rate that bulk mails leave for those somebody waits for, in tenths.
const SPARED_TENTHS: u32 = 2;

/// The pace of one execution; clones keep the same one.
#[derive(Clone, Debug)]
pub struct Pace {
    interval: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// When the next mail may go out.
    next: Option<Tick>,
    /// Until when SES is not asked.
    closed_until: Option<Instant>,
}

impl Pace {
    /// The pace of one of [`EXECUTIONS`], if all together may send so many mails a second.
    #[must_use]
    pub fn new(mails_per_second: NonZeroU32) -> Self {
        Self { interval: interval(mails_per_second), state: Arc::default() }
    }

    /// Waits until the next mail may go out.
    pub async fn turn(&self) {
        let mut state = self.state.lock().await;
        let at = slot(state.next, Tick::now());
        state.next = Some(at + self.interval);
        drop(state);
        tokio::time::sleep_until(at).await;
    }

    /// Until when SES is not asked, if that is still to come.
    pub async fn closed_until(&self, now: Instant) -> Option<Instant> {
        self.state.lock().await.closed_until.filter(|until| *until > now)
    }

    /// Notes that SES takes no more until a time, or until a later one that is known.
    pub async fn close_until(&self, until: Instant) {
        let mut state = self.state.lock().await;
        state.closed_until = state.closed_until.max(Some(until));
    }
}

/// When a mail may go out: in its turn, or at once if that is past. What was left unused is not caught up.
fn slot(next: Option<Tick>, now: Tick) -> Tick {
    next.filter(|next| *next > now).unwrap_or(now)
}

/// Milliseconds × executions ÷ (rate × share), rounded up, so that the rate is never exceeded.
fn interval(mails_per_second: NonZeroU32) -> Duration {
    let tenths = u64::from(mails_per_second.get()) * u64::from(10 - SPARED_TENTHS);
    Duration::from_millis((1_000 * 10 * u64::from(EXECUTIONS)).div_ceil(tenths))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(mails_per_second: u32) -> NonZeroU32 {
        NonZeroU32::new(mails_per_second).expect("not zero")
    }

    #[test]
    fn all_executions_together_keep_below_the_rate() {
        for (mails_per_second, milliseconds) in [(1, 2_500), (10, 250), (14, 179), (50, 50), (1_000, 3)] {
            let interval = interval(rate(mails_per_second));
            assert_eq!(interval, Duration::from_millis(milliseconds), "{mails_per_second}");
            let each_minute = 60_000 / milliseconds * u64::from(EXECUTIONS);
            assert!(each_minute <= u64::from(mails_per_second) * 60, "{mails_per_second}");
        }
    }

    #[test]
    fn mails_go_out_in_turn_and_a_pause_is_not_caught_up() {
        let now = Tick::now();
        let later = now + Duration::from_millis(250);
        assert_eq!(slot(None, now), now, "the first at once");
        assert_eq!(slot(Some(later), now), later, "the next in its turn");
        assert_eq!(slot(Some(now), later), later, "after a pause at once, and no more than one");
    }
}

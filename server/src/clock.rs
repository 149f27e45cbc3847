//! The only place that knows what time it is; everything else is given a `Clock`.
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

pub use tsumugi_protocol::Millis;

/// Tells the time; clones tell the same time.
#[derive(Debug, Clone)]
pub struct Clock(Kind);

#[derive(Debug, Clone)]
enum Kind {
    System { start: Instant, turned: Arc<AtomicI64> },
    Manual { start: i64, now: Arc<AtomicI64> },
}

impl Clock {
    /// The clock of the machine.
    #[expect(clippy::disallowed_methods, reason = "this is the file that the lint sends everybody to")]
    pub fn system() -> Self {
        Self(Kind::System { start: Instant::now(), turned: Arc::default() })
    }

    /// A clock that stands still until `advance` moves it.
    pub fn manual(start_ms: i64) -> Self {
        Self(Kind::Manual { start: start_ms, now: Arc::new(AtomicI64::new(start_ms)) })
    }

    /// Moves the clock and all its clones on: half an hour, or two months, as if they had gone by. A server people use
    /// never does that; a demo may be asked to.
    pub fn advance(&self, by: Duration) {
        let now = match &self.0 {
            Kind::System { turned, .. } => turned,
            Kind::Manual { now, .. } => now,
        };
        now.fetch_add(in_millis(by), Ordering::SeqCst);
    }

    /// The present moment. It may jump when the machine's time is set: measure with `monotonic`.
    #[expect(clippy::disallowed_methods, reason = "this is the file that the lint sends everybody to")]
    pub fn now(&self) -> Millis {
        match &self.0 {
            Kind::System { turned, .. } => {
                let machine = match SystemTime::now().duration_since(UNIX_EPOCH) {
                    Ok(after) => in_millis(after),
                    Err(before) => in_millis(before.duration()).saturating_neg(),
                };
                Millis(machine.saturating_add(turned.load(Ordering::SeqCst)))
            }
            Kind::Manual { now, .. } => Millis(now.load(Ordering::SeqCst)),
        }
    }

    /// The time that has gone by since this clock was made; never goes back.
    pub fn monotonic(&self) -> Duration {
        match &self.0 {
            Kind::System { start, turned } => {
                let turned = u64::try_from(turned.load(Ordering::SeqCst)).unwrap_or_default();
                start.elapsed() + Duration::from_millis(turned)
            }
            Kind::Manual { start, .. } => self.now().since(Millis(*start)),
        }
    }
}

fn in_millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_stands_still_until_it_is_moved_and_its_clones_follow() {
        let clock = Clock::manual(1_000);
        let other = clock.clone();
        assert_eq!(clock.now(), Millis(1_000));
        clock.advance(Duration::from_secs(30 * 60) - Duration::from_millis(1));
        assert_eq!(other.now(), Millis(1_000 + 1_799_999));
        assert_eq!(other.monotonic(), Duration::from_millis(1_799_999));
    }

    #[test]
    fn the_clock_of_the_machine_is_after_2026_and_both_its_hands_are_moved_together() {
        let (clock, before) = (Clock::system(), Clock::system().now());
        assert!(before > Millis(1_767_225_600_000));
        clock.clone().advance(Duration::from_secs(1_000));
        assert!(clock.now().since(before) >= Duration::from_secs(1_000));
        assert!(clock.monotonic() >= Duration::from_secs(1_000));
    }

    #[test]
    fn moments_neither_wrap_nor_go_below_nothing() {
        assert_eq!(Millis(i64::MAX).plus(Duration::from_secs(1)), Millis(i64::MAX));
        assert_eq!(Millis(5).since(Millis(9)), Duration::ZERO);
        assert_eq!(Millis(9).since(Millis(5)), Duration::from_millis(4));
    }
}

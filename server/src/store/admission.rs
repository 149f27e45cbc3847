//! Who may still come in: acts by the time they would wait, readers by how many wait. Who is let in is answered.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use super::batch::BATCH;
use crate::clock::Clock;
use crate::metrics::metrics;

/// † A new act is refused when a batch has been running for longer than this: the disk may hang for as long again.
pub(super) const WAIT: Duration = Duration::from_secs(2);

/// † A new act is refused when those before it will take longer than this, or than so many batches of the present length
/// where the disk is slow: what is accepted is answered soon, also from a server that is asked for more than it can do.
const SOON: Duration = Duration::from_millis(75);
const BATCHES: u64 = 4;

/// † Readers that may wait for a connection; pages and lists past it are refused, and posts need none.
pub(super) const READERS_WAITING: usize = 1_024;

/// † A reader that finds no connection in this time is refused.
pub(super) const READ_WAIT: Duration = Duration::from_secs(10);

/// What the writer's last batches took, and since when the present one runs.
#[derive(Debug)]
pub(super) struct Admission {
    clock: Clock,
    /// The clock's microseconds when the running batch began; nothing runs at 0.
    since: AtomicU64,
    /// Microseconds of a batch, the last ones weighing most.
    batch: AtomicU64,
    readers: AtomicUsize,
}

/// A reader that waits for its connection.
pub(super) struct Waiting<'a>(&'a AtomicUsize);

impl Default for Admission {
    fn default() -> Self {
        Self::of(Clock::system())
    }
}

impl Admission {
    fn of(clock: Clock) -> Self {
        Self { clock, since: AtomicU64::new(0), batch: AtomicU64::new(0), readers: AtomicUsize::new(0) }
    }

    /// The writer took a batch.
    pub(super) fn began(&self) {
        self.since.store(self.now().max(1), Ordering::Relaxed);
    }

    /// The writer is done with it.
    pub(super) fn ended(&self) {
        let took = self.now().saturating_sub(self.since.swap(0, Ordering::Relaxed));
        metrics().batch_seconds.observe(Duration::from_micros(took).as_secs_f64());
        let before = self.batch.load(Ordering::Relaxed);
        self.batch.store((before * 3 + took) / 4, Ordering::Relaxed);
    }

    /// How long an act must stay away, where so many wait before it that it could not be answered in time.
    pub(super) fn refuses(&self, waiting: usize) -> Option<Duration> {
        // With nobody before it, an act waits for one batch at most, and tells how long those take now.
        if waiting == 0 {
            return None;
        }
        let since = self.since.load(Ordering::Relaxed);
        let running = Duration::from_micros(if since == 0 { 0 } else { self.now().saturating_sub(since) });
        let batches = u64::try_from(waiting / BATCH + 1).unwrap_or(u64::MAX);
        let batch = self.batch.load(Ordering::Relaxed);
        let ahead = Duration::from_micros(batch.saturating_mul(batches));
        let soon = Duration::from_micros(batch.saturating_mul(BATCHES)).clamp(SOON, WAIT);
        let refused = ahead > soon || running > WAIT;
        refused.then(|| ahead.max(running).clamp(Duration::from_secs(1), Duration::from_secs(10)))
    }

    /// A reader comes to wait, unless too many do.
    pub(super) fn reader(&self) -> Option<Waiting<'_>> {
        let waiting = Waiting(&self.readers);
        (self.readers.fetch_add(1, Ordering::Relaxed) < READERS_WAITING).then_some(waiting)
    }

    /// Readers that wait now.
    pub(super) fn readers_waiting(&self) -> usize {
        self.readers.load(Ordering::Relaxed)
    }

    fn now(&self) -> u64 {
        u64::try_from(self.clock.monotonic().as_micros()).unwrap_or(u64::MAX)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slow(batch: Duration, batches: usize) -> (Clock, Admission) {
        let clock = Clock::manual(1_000);
        let admission = Admission::of(clock.clone());
        for _ in 0..batches {
            admission.began();
            clock.advance(batch);
            admission.ended();
        }
        (clock, admission)
    }

    #[test]
    fn the_expected_wait_decides_and_not_the_number_alone() {
        let (_, quick) = slow(Duration::from_millis(4), 50);
        assert_eq!(quick.refuses(4_000), None, "16 batches of 4 ms");
        let (_, busy) = slow(Duration::from_millis(15), 50);
        assert_eq!(busy.refuses(4 * BATCH), None, "five batches of 15 ms");
        assert!(busy.refuses(6 * BATCH).is_some(), "seven batches of 15 ms");
        let (_, slow) = slow(Duration::from_millis(500), 50);
        assert_eq!(slow.refuses(3 * BATCH), None, "four batches of half a second");
        let told = slow.refuses(4 * BATCH).expect("five batches of half a second");
        assert!(told > WAIT && told < Duration::from_secs(3), "{told:?}");
    }

    #[test]
    fn a_batch_that_hangs_keeps_newcomers_out_and_its_end_lets_them_in() {
        let (clock, admission) = slow(Duration::from_millis(1), 1);
        admission.began();
        clock.advance(WAIT);
        assert_eq!(admission.refuses(1), None);
        clock.advance(Duration::from_millis(1));
        assert!(admission.refuses(1).is_some());
        assert_eq!(admission.refuses(0), None, "the first to wait finds out whether it is over");
        admission.ended();
        assert_eq!(admission.refuses(1), None);
    }

    #[test]
    fn a_disk_that_is_slow_for_ever_still_takes_one_act_after_the_other() {
        let (_, admission) = slow(Duration::from_secs(5), 50);
        assert!(admission.refuses(1).is_some());
        assert_eq!(admission.refuses(0), None);
    }

    #[test]
    fn so_many_readers_wait_and_no_more() {
        let admission = Admission::default();
        let held: Vec<_> = (0..READERS_WAITING).map(|_| admission.reader().unwrap()).collect();
        assert!(admission.reader().is_none());
        drop(held);
        assert!(admission.reader().is_some());
        assert_eq!(admission.readers_waiting(), 0);
    }
}

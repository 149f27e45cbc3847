//! How fast one account may ask: a budget that refills, told without a lock.

use crate::policy::Budget;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tsumugi_protocol::limits;

/// What is left of one account's budget; moments are the clock's nanoseconds.
#[derive(Debug, Default)]
pub struct Pace {
    /// From when on it is whole again.
    whole_at: AtomicU64,
    /// Until when those who asked too fast stand in line to be heard again.
    unheard_until: AtomicU64,
}

fn nanos(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

impl Pace {
    /// Takes one command out of the budget, or says how long to wait for it.
    ///
    /// # Errors
    /// The time after which one command fits again.
    pub fn take(&self, now: Duration, budget: Budget) -> Result<(), Duration> {
        let (now, one) = (nanos(now), nanos(budget.one()));
        let whole = one.saturating_mul(u64::from(budget.burst));
        let taken = |whole_at: u64| whole_at.max(now).saturating_add(one);
        let fits = |whole_at: u64| taken(whole_at) - now <= whole;
        self.whole_at
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |at| fits(at).then(|| taken(at)))
            .map(|_| ())
            .map_err(|at| Duration::from_nanos(taken(at) - now - whole))
    }

    /// Puts one back that was taken for nothing.
    pub fn give_back(&self, budget: Budget) {
        let one = nanos(budget.one());
        self.whole_at
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |at| Some(at.saturating_sub(one)))
            .ok();
    }

    /// How long somebody who was refused is not heard: until one more command fits than fit for those who were refused before,
    /// on whatever link or request, so that all of them together are not heard more often than the budget refills.
    pub fn unheard(&self, now: Duration, budget: Budget) -> Duration {
        const LONGEST: Duration = Duration::from_millis(limits::UNHEARD_MS);
        let (now, one, longest) = (nanos(now), nanos(budget.one()), nanos(LONGEST));
        let next = |until: u64| until.max(now).saturating_add(one).min(now.saturating_add(longest));
        let before =
            self.unheard_until.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |at| Some(next(at)));
        let (Ok(before) | Err(before)) = before;
        Duration::from_nanos(next(before) - now)
    }

    /// Whether nothing is missing from it.
    #[must_use]
    pub fn is_whole(&self, now: Duration) -> bool {
        u128::from(self.whole_at.load(Ordering::Relaxed)) <= now.as_nanos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Budget = Budget { burst: 3, a_second: 2 };

    #[test]
    fn a_burst_passes_then_one_by_one_as_it_refills() {
        let (pace, at) = (Pace::default(), |ms: u64| Duration::from_millis(10_000 + ms));
        for _ in 0..3 {
            assert_eq!(pace.take(at(0), BUDGET), Ok(()));
        }
        assert_eq!(pace.take(at(0), BUDGET), Err(Duration::from_millis(500)));
        assert_eq!(pace.take(at(499), BUDGET), Err(Duration::from_millis(1)), "a refusal costs nothing");
        assert_eq!(pace.take(at(500), BUDGET), Ok(()));
        assert!(pace.take(at(500), BUDGET).is_err());
    }

    #[test]
    fn those_who_were_refused_stand_in_one_line_and_nobody_waits_longer_than_a_second() {
        let (pace, now) = (Pace::default(), Duration::from_secs(10));
        let waits: Vec<u128> = (0..4).map(|_| pace.unheard(now, BUDGET).as_millis()).collect();
        assert_eq!(waits, [500, 1_000, 1_000, 1_000]);
        assert_eq!(
            pace.unheard(now + Duration::from_secs(2), BUDGET).as_millis(),
            500,
            "the line is empty again"
        );
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let (pace, now) = (Pace::default(), Duration::from_secs(10));
        for _ in 0..100 {
            assert_eq!(pace.take(now, BUDGET), Ok(()));
            pace.give_back(BUDGET);
        }
        assert!(pace.is_whole(now));
        let passed = (0..10).filter(|_| pace.take(now, BUDGET).is_ok()).count();
        assert!(passed == 3 && !pace.is_whole(now));
    }

    #[test]
    fn commands_of_one_moment_may_see_the_clock_in_another_order() {
        let (pace, wide) = (Pace::default(), Budget { burst: 1_000_000, a_second: 1_000_000 });
        assert_eq!(pace.take(Duration::from_micros(9_000), wide), Ok(()));
        assert_eq!(pace.take(Duration::from_micros(8_990), wide), Ok(()));
    }

    #[test]
    fn who_pauses_has_the_whole_budget_again_and_no_more() {
        let (pace, later) = (Pace::default(), Duration::from_secs(3_600));
        let passed = |now| (0..10).filter(|_| pace.take(now, BUDGET).is_ok()).count();
        assert_eq!(passed(Duration::ZERO), 3);
        assert_eq!(passed(later), 3);
    }
}

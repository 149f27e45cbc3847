//! How fast one account may ask: a budget that refills, told without a lock.

use crate::policy::Budget;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What is left of one account's budget, as the moment from which it is whole again (the clock's nanoseconds).
#[derive(Debug, Default)]
pub struct Pace(AtomicU64);

impl Pace {
    /// Takes one command out of the budget, or says how long to wait for it.
    ///
    /// # Errors
    /// The time after which one command fits again.
    pub fn take(&self, now: Duration, budget: Budget) -> Result<(), Duration> {
        let nanos = |span: Duration| u64::try_from(span.as_nanos()).unwrap_or(u64::MAX);
        let (now, one) = (nanos(now), nanos(budget.one()));
        let whole = one.saturating_mul(u64::from(budget.burst));
        let taken = |whole_at: u64| whole_at.max(now).saturating_add(one);
        let fits = |whole_at: u64| taken(whole_at) - now <= whole;
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |at| fits(at).then(|| taken(at)))
            .map(|_| ())
            .map_err(|at| Duration::from_nanos(taken(at) - now - whole))
    }

    /// Puts one back that was taken for nothing.
    pub fn give_back(&self, budget: Budget) {
        let one = u64::try_from(budget.one().as_nanos()).unwrap_or(u64::MAX);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |at| Some(at.saturating_sub(one))).ok();
    }

    /// Whether nothing is missing from it.
    #[must_use]
    pub fn is_whole(&self, now: Duration) -> bool {
        u128::from(self.0.load(Ordering::Relaxed)) <= now.as_nanos()
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

//! The third failure in a row closes an account for half an hour (002-1.2(1)c).
//!
//! Names are known by their keyed hash alone, and those that nobody has are counted like all others. An attempt is counted
//! before it is looked at and forgiven when it was right: however many come at once, no more than three are looked at.

use crate::policy::Lockout;
use tsumugi_protocol::Millis;

/// What is kept of a name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Attempts since the last that was right.
    pub failures: i64,
    /// Until when it is locked; a moment long past when it is not.
    pub until: Millis,
}

/// What may be done with an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Look at it.
    Look,
    /// Look at it; should it fail, the name is locked.
    Last,
    /// It is locked: the same work is done, and comes to nothing.
    Locked,
}

/// Counts one attempt more.
#[must_use]
pub fn decide(count: Count, now: Millis, rule: Lockout) -> (Count, Verdict) {
    if now < count.until {
        // Neither longer nor shorter for it.
        return (count, Verdict::Locked);
    }
    let was_locked = count.failures >= i64::from(rule.tries);
    let failures = if was_locked { 1 } else { count.failures + 1 };
    if failures >= i64::from(rule.tries) {
        (Count { failures, until: now.plus(rule.span) }, Verdict::Last)
    } else {
        (Count { failures, until: Millis(0) }, Verdict::Look)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;

    const RULE: Lockout = Lockout { tries: 3, span: Duration::from_secs(1_800) };
    const T: i64 = 1_000_000;

    /// One failure after the other, at these milliseconds.
    fn after(moments: &[i64]) -> (Count, Vec<Verdict>) {
        let mut count = Count::default();
        let mut verdicts = Vec::new();
        for ms in moments {
            let (next, verdict) = decide(count, Millis(T + ms), RULE);
            count = next;
            verdicts.push(verdict);
        }
        (count, verdicts)
    }

    #[test]
    fn the_third_failure_locks_for_thirty_minutes_to_the_millisecond() {
        use Verdict::{Last, Locked, Look};
        assert_eq!(after(&[0, 1, 2]).1, [Look, Look, Last]);
        assert_eq!(after(&[0, 1, 2, 3, 1_800_001]).1, [Look, Look, Last, Locked, Locked]);
        assert_eq!(after(&[0, 1, 2, 1_800_002]).1, [Look, Look, Last, Look]);
        assert_eq!(after(&[0, 1, 2, 1_800_002, 1_800_003, 1_800_004]).1[3..], [Look, Look, Last]);
    }

    #[test]
    fn attempts_while_it_is_locked_change_nothing() {
        let (locked, _) = after(&[0, 1, 2]);
        for ms in [2, 3, 900_000, 1_800_001] {
            assert_eq!(decide(locked, Millis(T + ms), RULE), (locked, Verdict::Locked));
        }
    }

    proptest! {
        /// T27: whatever the moments, no span of thirty minutes has more than three that are looked at.
        #[test]
        fn no_half_hour_has_more_than_three(mut moments in proptest::collection::vec(0_i64..7_200_000, 1..200)) {
            moments.sort_unstable();
            let (_, verdicts) = after(&moments);
            let looked: Vec<i64> = moments.iter().zip(&verdicts)
                .filter(|(_, verdict)| **verdict != Verdict::Locked).map(|(ms, _)| *ms).collect();
            for four in looked.windows(4) {
                prop_assert!(four[3] - four[0] >= 1_800_000, "{four:?}");
            }
        }
    }
}

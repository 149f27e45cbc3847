//! Randomness, and the ids made from it.
use aws_lc_rs::rand;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::clock::Clock;

/// So many unpredictable bytes.
#[expect(clippy::expect_used, reason = "AWS-LC ends the process rather than return without entropy")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut drawn = [0; N];
    rand::fill(&mut drawn).expect("the machine's random source answers");
    drawn
}

/// 256 unpredictable bits that are wiped when dropped.
pub(super) fn secret() -> Zeroizing<[u8; 32]> {
    Zeroizing::new(bytes())
}

/// A new UUIDv7, sortable by the clock's milliseconds; two of the same millisecond have no order.
pub fn new_id(clock: &Clock) -> Uuid {
    let ms = u64::try_from(clock.now().0).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(ms, &bytes::<10>()).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::time::Duration;

    #[test]
    fn ids_are_version_7_and_sort_by_time() {
        let clock = Clock::manual(1_795_000_000_000);
        let first = new_id(&clock);
        clock.advance(Duration::from_millis(1));
        let second = new_id(&clock);
        assert_eq!(first.get_version_num(), 7);
        assert!(first < second);
        assert_eq!(first.as_u128() >> 80, 1_795_000_000_000);
    }

    #[test]
    fn nothing_is_drawn_twice() {
        let drawn: HashSet<[u8; 12]> = (0..10_000).map(|_| bytes()).collect();
        assert_eq!(drawn.len(), 10_000);
        let clock = Clock::manual(0);
        let ids: HashSet<Uuid> = (0..10_000).map(|_| new_id(&clock)).collect();
        assert_eq!(ids.len(), 10_000);
    }
}

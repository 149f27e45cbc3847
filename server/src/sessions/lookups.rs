//! Tokens that no remembered session has: how many looks at the rows they may cost a source.

use crate::accounts::Pace;
use crate::error::{Result, rate_limited};
use crate::policy::Budget;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tsumugi_protocol::limits;

/// Past this many sources at once the rest counts as one, so that a flood cannot fill memory.
const SOURCES: usize = 10_000;

const STALE: Budget = Budget { burst: limits::STALE_TOKENS_AT_ONCE, a_second: limits::STALE_TOKENS_A_SECOND };

/// Who looks tokens up, by where they come from.
///
/// Nobody may be kept out by what a stranger behind the same address shows, an office's router or a carrier's, so as
/// little as possible comes here at all. A session that was used lately is in memory; a token that we never issued
/// lacks our seal; neither costs a look nor counts. What is left are sessions that were not used since the start, and
/// tokens that were issued once and have ended. The former are given back what they took, so that after a restart a
/// whole house comes in at once, in turns. The latter use a budget up: whoever keeps showing one makes those wait
/// behind the same address whose session is not in memory yet, for a second each, and nobody else.
#[derive(Default)]
pub struct Lookups(Mutex<HashMap<Option<IpAddr>, Arc<Place>>>);

struct Place {
    turns: Arc<Semaphore>,
    pace: Pace,
}

/// One look at the rows. It is paid for, also by a request that is broken off meanwhile, until something was found.
pub struct Look {
    place: Arc<Place>,
    _turn: Option<OwnedSemaphorePermit>,
}

impl Lookups {
    /// Waits for a turn among the looks of that source.
    ///
    /// # Errors
    /// `rate_limited` when too many of its tokens had ended.
    pub async fn turn(&self, source: IpAddr, now: impl Fn() -> Duration) -> Result<Look> {
        let place = self.place(source, now());
        let turn = place.turns.clone().acquire_owned().await.ok();
        place.pace.take(now(), STALE).map_err(rate_limited)?;
        Ok(Look { place, _turn: turn })
    }

    fn place(&self, source: IpAddr, now: Duration) -> Arc<Place> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= SOURCES && !places.contains_key(&Some(source)) {
            places.retain(|_, place| Arc::strong_count(place) > 1 || !place.pace.is_whole(now));
        }
        let known = places.len() < SOURCES || places.contains_key(&Some(source));
        let new = || {
            let turns = Arc::new(Semaphore::new(limits::LOOKUPS_OF_SOURCE));
            Arc::new(Place { turns, pace: Pace::default() })
        };
        places.entry(known.then_some(source)).or_insert_with(new).clone()
    }
}

impl Look {
    /// Something stands for the token, or the rows could not be read: it cost its source nothing.
    pub fn was_no_fault(self) {
        self.place.pace.give_back(STALE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Failure;
    use std::net::Ipv4Addr;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));

    async fn wait(lookups: &Lookups, source: IpAddr, second: u64) -> Option<u64> {
        match lookups.turn(source, || Duration::from_secs(second)).await {
            Ok(_) => None,
            Err(Failure::Refused(refusal)) => refusal.retry_after_ms,
            Err(Failure::Fault(_)) => panic!("a fault"),
        }
    }

    #[tokio::test]
    async fn ended_tokens_use_a_budget_up_and_standing_ones_do_not() {
        let lookups = Lookups::default();
        for _ in 0..10 * limits::STALE_TOKENS_AT_ONCE {
            lookups.turn(HERE, || Duration::ZERO).await.unwrap_or_else(|_| panic!("refused")).was_no_fault();
        }
        for n in 0..limits::STALE_TOKENS_AT_ONCE {
            assert_eq!(wait(&lookups, HERE, 0).await, None, "{n}");
        }
        assert!((1..=1_001).contains(&wait(&lookups, HERE, 0).await.unwrap()));
        assert_eq!(wait(&lookups, THERE, 0).await, None, "another source has its own");
        assert_eq!(wait(&lookups, HERE, 1).await, None, "a second later one more");
    }

    #[tokio::test]
    async fn a_source_looks_up_so_many_at_once_and_the_next_ones_wait_their_turn() {
        let lookups = Lookups::default();
        let turn = |source| lookups.turn(source, || Duration::ZERO);
        let mut held = Vec::new();
        for _ in 0..limits::LOOKUPS_OF_SOURCE {
            held.push(turn(HERE).await.unwrap_or_else(|_| panic!("refused")));
        }
        let mut next = Box::pin(turn(HERE));
        assert!(futures_util::poll!(&mut next).is_pending());
        assert!(futures_util::poll!(Box::pin(turn(THERE))).is_ready());
        held.pop();
        assert!(futures_util::poll!(&mut next).is_ready());
    }

    #[tokio::test]
    async fn many_sources_take_no_memory_for_ever() {
        let lookups = Lookups::default();
        for host in 0..SOURCES + 10 {
            let source = Ipv4Addr::from_bits(u32::try_from(host).unwrap()).into();
            assert_eq!(wait(&lookups, source, 0).await, None);
        }
        assert!(lookups.0.lock().unwrap().len() <= SOURCES + 1);
        assert_eq!(wait(&lookups, THERE, 3_600).await, None);
        assert_eq!(lookups.0.lock().unwrap().len(), 1, "who did nothing for long is forgotten");
    }
}

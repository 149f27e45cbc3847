//! Sign-ins by the place they come from: failures of the running minute, and how many wait to be hashed at once.
//!
//! It knows names only by their keyed hash, and counts those that nobody has like all others: it is no oracle.

use crate::crypto::lookup::LookupHash;
use crate::error::Result;
use crate::policy::Guessing;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use tsumugi_protocol::{Code, Millis, Refusal, limits};

const MINUTE: i64 = 60_000;

/// Past this many sources at once the rest counts as one, so that a flood cannot fill memory.
const SOURCES: usize = 10_000;

/// What every place tried.
#[derive(Default)]
pub struct Throttle(Mutex<Minute>);

#[derive(Default)]
struct Minute {
    number: i64,
    sources: HashMap<Option<IpAddr>, Tried>,
}

#[derive(Default)]
struct Tried {
    failures: u32,
    names: HashSet<Vec<u8>>,
    now: usize,
}

/// One sign-in under way; it counts as such until it is dropped.
pub struct Attempt<'t> {
    throttle: &'t Throttle,
    source: Option<IpAddr>,
}

impl Throttle {
    /// Lets one more sign-in of that place go on to the costly part.
    ///
    /// # Errors
    /// `rate_limited` when too many failed in this minute; `overloaded` when too many of them wait already.
    pub fn begin(&self, source: IpAddr, now: Millis, most: Guessing) -> Result<Attempt<'_>> {
        let mut minute = self.minute();
        minute.turn(now);
        let known = minute.sources.contains_key(&Some(source));
        let source = (known || minute.sources.len() < SOURCES).then_some(source);
        let tried = minute.sources.entry(source).or_default();
        if tried.failures >= most.failures || tried.names.len() >= most.names {
            let left = MINUTE - now.0.rem_euclid(MINUTE);
            return Err(Refusal::new(Code::RateLimited).retry_after(left.unsigned_abs()).into());
        }
        if tried.now >= limits::SIGN_INS_OF_SOURCE {
            return Err(Refusal::new(Code::Overloaded).retry_after(limits::SIGN_IN_RETRY_MS).into());
        }
        tried.now += 1;
        Ok(Attempt { throttle: self, source })
    }

    fn minute(&self) -> std::sync::MutexGuard<'_, Minute> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Minute {
    /// A new minute knows nothing of the one before but what is still under way.
    fn turn(&mut self, now: Millis) {
        let number = now.0.div_euclid(MINUTE);
        if self.number != number {
            self.number = number;
            self.sources.retain(|_, tried| {
                *tried = Tried { now: tried.now, ..Tried::default() };
                tried.now > 0
            });
        }
    }
}

impl Attempt<'_> {
    /// It failed, whatever the reason.
    pub fn failed(self, name: &LookupHash) {
        let mut minute = self.throttle.minute();
        if let Some(tried) = minute.sources.get_mut(&self.source) {
            tried.failures = tried.failures.saturating_add(1);
            tried.names.insert(name.as_bytes().to_vec());
        }
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let mut minute = self.throttle.minute();
        let Some(tried) = minute.sources.get_mut(&self.source) else { return };
        tried.now = tried.now.saturating_sub(1);
        // Whoever did nothing wrong is not remembered: addresses alone fill no memory.
        if tried.now == 0 && tried.failures == 0 {
            minute.sources.remove(&self.source);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::lookup::Lookup;
    use crate::crypto::master::MasterKey;
    use crate::error::Failure;

    const MOST: Guessing = Guessing { names: 3, failures: 5 };
    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));

    fn name(name: &str) -> LookupHash {
        Lookup::of(&MasterKey::random()).email(name)
    }

    fn code(throttle: &Throttle, source: IpAddr, at: i64) -> Option<&'static str> {
        match throttle.begin(source, Millis(at), MOST) {
            Ok(_) => None,
            Err(Failure::Refused(refusal)) => Some(refusal.code.as_str()),
            Err(Failure::Fault(_)) => Some("fault"),
        }
    }

    #[test]
    fn after_so_many_names_or_failures_a_place_waits_for_the_next_minute_and_others_do_not() {
        for (names, failures) in [(3, 3), (1, 5)] {
            let throttle = Throttle::default();
            let tried: Vec<LookupHash> = (0..names).map(|n| name(&format!("{n}"))).collect();
            for n in 0..failures {
                assert_eq!(code(&throttle, HERE, 0), None, "{n} of {failures}");
                throttle.begin(HERE, Millis(0), MOST).unwrap().failed(&tried[n % names]);
            }
            assert_eq!(code(&throttle, HERE, 59_999), Some("rate_limited"));
            assert_eq!(code(&throttle, THERE, 59_999), None);
            assert_eq!(code(&throttle, HERE, 60_000), None);
        }
    }

    #[test]
    fn many_places_that_fail_nothing_take_no_room_from_others() {
        let throttle = Throttle::default();
        for host in 0..10_001_u32 {
            drop(throttle.begin(std::net::Ipv4Addr::from_bits(host).into(), Millis(0), MOST).unwrap());
        }
        assert!(throttle.minute().sources.is_empty());
    }

    #[test]
    fn a_place_has_its_share_of_the_queue_and_success_costs_nothing() {
        let throttle = Throttle::default();
        let begin = || throttle.begin(HERE, Millis(0), MOST);
        let held: Vec<Attempt<'_>> = (0..limits::SIGN_INS_OF_SOURCE).map(|_| begin().unwrap()).collect();
        assert_eq!(code(&throttle, HERE, 60_000), Some("overloaded"), "a new minute changes nothing in that");
        assert_eq!(code(&throttle, THERE, 0), None);
        drop(held);
        assert_eq!(code(&throttle, HERE, 60_000), None);
    }
}

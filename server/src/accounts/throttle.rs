//! Sign-ins by the place they come from: failures of the last minute, and those under way.
//!
//! It knows names only by their keyed hash, and counts those that nobody has like all others: it is no oracle.

use crate::crypto::lookup::LookupHash;
use crate::error::{Result, rate_limited};
use crate::policy::Guessing;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tsumugi_protocol::{Code, Refusal, limits};

/// How long a failure counts.
const MINUTE: Duration = Duration::from_secs(60);

/// Past this many sources at once the rest counts as one, so that a flood cannot fill memory.
const SOURCES: usize = 10_000;

/// What every place tried.
#[derive(Default)]
pub struct Throttle(Mutex<Sources>);

#[derive(Default)]
struct Sources {
    tried: HashMap<Option<IpAddr>, Tried>,
    swept: Duration,
}

/// What one place tried, each by its name: in any minute it never fails oftener than it may, wherever the minute begins.
#[derive(Default)]
struct Tried {
    failed: VecDeque<(Duration, Vec<u8>)>,
    under_way: Vec<Vec<u8>>,
}

/// One sign-in under way; it counts as such until it is dropped.
pub struct Attempt<'t> {
    throttle: &'t Throttle,
    source: Option<IpAddr>,
    name: Vec<u8>,
}

impl Throttle {
    /// Lets one more sign-in of that place go on to the costly part.
    ///
    /// Those under way count as if they failed. The answer depends on the place alone, never on the name: every name is
    /// refused alike.
    ///
    /// # Errors
    /// `rate_limited` when too many failed in the last minute; `overloaded` when there would be too many if those under
    /// way fail, or too many of them wait already.
    pub fn begin(
        &self,
        source: IpAddr,
        name: &LookupHash,
        now: Duration,
        most: Guessing,
    ) -> Result<Attempt<'_>> {
        let mut sources = self.sources();
        let source = sources.place_of(source, now);
        let tried = sources.tried.entry(source).or_default();
        tried.forget(now);
        if let Some(wait) = tried.wait(now, most) {
            return Err(rate_limited(wait).into());
        }
        if tried.may_come_to(most) {
            return Err(Refusal::new(Code::Overloaded).retry_after(limits::SIGN_IN_RETRY_MS).into());
        }
        let name = name.as_bytes().to_vec();
        tried.under_way.push(name.clone());
        Ok(Attempt { throttle: self, source, name })
    }

    fn sources(&self) -> std::sync::MutexGuard<'_, Sources> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sources {
    /// Where a source is counted; old ones are swept out when there is no room, once a second at most.
    fn place_of(&mut self, source: IpAddr, now: Duration) -> Option<IpAddr> {
        if self.tried.len() >= SOURCES && now.saturating_sub(self.swept) >= Duration::from_secs(1) {
            self.swept = now;
            self.tried.retain(|_, tried| {
                tried.forget(now);
                !tried.is_nothing()
            });
        }
        let known = self.tried.contains_key(&Some(source));
        (known || self.tried.len() < SOURCES).then_some(source)
    }
}

impl Tried {
    fn forget(&mut self, now: Duration) {
        while self.failed.front().is_some_and(|(at, _)| now.saturating_sub(*at) >= MINUTE) {
            self.failed.pop_front();
        }
    }

    /// How long until another failure fits, where the last minute has too many.
    fn wait(&self, now: Duration, most: Guessing) -> Option<Duration> {
        let mut names = BTreeSet::new();
        // From the newest on: the first one too many has to be forgotten, and all before it.
        let (at, _) = self
            .failed
            .iter()
            .rev()
            .zip(1..)
            .map(|((at, name), failures)| {
                names.insert(name);
                (at, failures >= limit(most.failures) || names.len() >= most.names)
            })
            .find(|(_, is_too_many)| *is_too_many)?;
        Some((*at + MINUTE).saturating_sub(now))
    }

    /// Whether there would be too many, should all that are under way fail.
    fn may_come_to(&self, most: Guessing) -> bool {
        let failed = self.failed.iter().map(|(_, name)| name);
        let names: BTreeSet<_> = failed.chain(&self.under_way).collect();
        self.under_way.len() >= limits::SIGN_INS_OF_SOURCE
            || self.failed.len() + self.under_way.len() >= limit(most.failures)
            || names.len() >= most.names
    }

    /// Whoever does nothing wrong is not remembered: addresses alone fill no memory.
    fn is_nothing(&self) -> bool {
        self.failed.is_empty() && self.under_way.is_empty()
    }
}

fn limit(failures: u32) -> usize {
    usize::try_from(failures).unwrap_or(usize::MAX)
}

impl Attempt<'_> {
    /// It failed, whatever the reason.
    pub fn failed(self, now: Duration) {
        let mut sources = self.throttle.sources();
        if let Some(tried) = sources.tried.get_mut(&self.source) {
            tried.failed.push_back((now, self.name.clone()));
        }
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let mut sources = self.throttle.sources();
        let Some(tried) = sources.tried.get_mut(&self.source) else { return };
        if let Some(mine) = tried.under_way.iter().position(|name| *name == self.name) {
            tried.under_way.swap_remove(mine);
        }
        if tried.is_nothing() {
            sources.tried.remove(&self.source);
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

    /// A throttle, and somebody who tries names in it.
    struct Story {
        throttle: Throttle,
        lookup: Lookup,
        most: Guessing,
    }

    impl Story {
        fn new(most: Guessing) -> Self {
            Self { throttle: Throttle::default(), lookup: Lookup::of(&MasterKey::random()), most }
        }

        fn begin(&self, source: IpAddr, name: usize, ms: u64) -> Result<Attempt<'_>> {
            let name = self.lookup.email(&name.to_string());
            self.throttle.begin(source, &name, Duration::from_millis(ms), self.most)
        }

        fn fail(&self, name: usize, ms: u64) {
            self.begin(HERE, name, ms).unwrap().failed(Duration::from_millis(ms));
        }

        /// What it is refused with, and the time to wait.
        fn told(&self, source: IpAddr, name: usize, ms: u64) -> Option<(&'static str, u64)> {
            match self.begin(source, name, ms) {
                Ok(_) => None,
                Err(Failure::Refused(refusal)) => {
                    Some((refusal.code.as_str(), refusal.retry_after_ms.unwrap_or_default()))
                }
                Err(Failure::Fault(_)) => Some(("fault", 0)),
            }
        }
    }

    #[test]
    fn after_so_many_names_or_failures_a_place_waits_until_the_first_is_a_minute_old_and_others_do_not() {
        for (names, failures) in [(3, 3), (1, 5)] {
            let story = Story::new(MOST);
            for n in 0..failures {
                assert_eq!(story.told(HERE, 0, 0), None, "{n} of {failures}");
                story.fail(n % names, 0);
            }
            // Whether it was tried or not.
            for name in [0, 9] {
                assert_eq!(story.told(HERE, name, 59_999), Some(("rate_limited", 2)));
            }
            assert_eq!(story.told(THERE, 0, 59_999), None);
            assert_eq!(story.told(HERE, 0, 60_000), None);
        }
    }

    #[test]
    fn no_minute_has_more_failures_than_one_wherever_it_begins() {
        let story = Story::new(MOST);
        for ms in [59_000, 59_500, 59_900, 59_950, 59_999] {
            story.fail(0, ms);
        }
        assert_eq!(story.told(HERE, 0, 60_000), Some(("rate_limited", 59_001)), "a new minute of the clock");
        let passed = (60_000..119_000).step_by(100).filter(|ms| story.told(HERE, 0, *ms).is_none()).count();
        assert_eq!(passed, 0);
        story.fail(0, 119_000);
        assert_eq!(
            story.told(HERE, 0, 119_000),
            Some(("rate_limited", 501)),
            "one has gone and one has come"
        );
    }

    #[test]
    fn the_wait_is_over_when_names_are_few_enough_however_many_failed() {
        let story = Story::new(MOST);
        for (name, ms) in [(1, 0), (1, 1_000), (2, 2_000), (3, 3_000)] {
            story.fail(name, ms);
        }
        assert_eq!(
            story.told(HERE, 9, 4_000),
            Some(("rate_limited", 57_001)),
            "both failures of the first name"
        );
        assert_eq!(story.told(HERE, 9, 61_000), None);
    }

    #[test]
    fn those_under_way_count_as_if_they_failed() {
        let story = Story::new(MOST);
        let held: Vec<Attempt<'_>> = (0..3).map(|n| story.begin(HERE, n, 0).unwrap()).collect();
        let busy = Some(("overloaded", limits::SIGN_IN_RETRY_MS));
        assert_eq!(story.told(HERE, 0, 0), busy, "three names");
        drop(held);
        let held: Vec<Attempt<'_>> = (0..5).map(|_| story.begin(HERE, 0, 0).unwrap()).collect();
        assert_eq!(story.told(HERE, 0, 0), busy, "five attempts");
        assert_eq!(story.told(THERE, 0, 0), None);
        held.into_iter().for_each(|attempt| attempt.failed(Duration::ZERO));
        assert_eq!(story.told(HERE, 0, 0), Some(("rate_limited", 60_001)));
        let sources = story.throttle.sources();
        assert_eq!(sources.tried[&Some(HERE)].failed.len(), 5, "and not one more");
    }

    #[test]
    fn many_places_that_fail_nothing_take_no_room_from_others() {
        let story = Story::new(MOST);
        for host in 0..10_001_u32 {
            drop(story.begin(std::net::Ipv4Addr::from_bits(host).into(), 0, 0).unwrap());
        }
        assert!(story.throttle.sources().tried.is_empty());
    }

    #[test]
    fn places_that_failed_long_ago_make_room() {
        let story = Story::new(MOST);
        let place = |host: u32| IpAddr::from(std::net::Ipv4Addr::from_bits(host));
        for host in 0..10_001 {
            story.begin(place(host), 0, 0).unwrap().failed(Duration::ZERO);
        }
        assert_eq!(story.throttle.sources().tried.len(), SOURCES + 1, "the rest counts as one");
        drop(story.begin(HERE, 0, 60_000).unwrap());
        assert!(story.throttle.sources().tried.is_empty());
    }

    #[test]
    fn a_place_has_its_share_of_the_queue_and_success_costs_nothing() {
        let story = Story::new(Guessing { names: 3, failures: 1_000 });
        let held: Vec<Attempt<'_>> =
            (0..limits::SIGN_INS_OF_SOURCE).map(|_| story.begin(HERE, 0, 0).unwrap()).collect();
        let busy = Some(("overloaded", limits::SIGN_IN_RETRY_MS));
        assert_eq!(story.told(HERE, 0, 60_000), busy, "a minute changes nothing in that");
        assert_eq!(story.told(THERE, 0, 0), None);
        drop(held);
        assert_eq!(story.told(HERE, 0, 60_000), None);
    }
}

//! Ceremonies under way: on the server alone, few, good once, for five minutes.

use crate::crypto::passkeys::{Proving, Registering};
use crate::crypto::random;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tsumugi_protocol::{AccountId, Millis};
use uuid::Uuid;

/// How long a challenge is good.
const GOOD: Duration = Duration::from_secs(5 * 60);
/// Of one account at once; one more, and its oldest is void.
const OF_ACCOUNT: usize = 5;
/// Of one place without a session; a whole office may stand behind it.
const OF_PLACE: usize = 64;
/// Of all; one more is refused.
const ALL: usize = 20_000;
/// Of all strangers together: however many come, those who are known find room.
const OF_STRANGERS: usize = ALL / 2;

/// Whose ceremony it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// An account that is known.
    Account(AccountId),
    /// Somebody from there.
    Place(IpAddr),
}

/// What it is for.
pub enum Step {
    /// A new passkey.
    Register(Registering),
    /// A proof of an account that is known.
    Prove(Proving),
    /// A sign-in of whoever answers.
    SignIn(Proving),
}

/// One of them.
pub struct Ceremony {
    /// Whose.
    pub owner: Owner,
    /// At which host.
    pub site: String,
    /// For what.
    pub step: Step,
    until: Millis,
}

/// All of them.
#[derive(Default)]
pub struct Ceremonies(Mutex<Held>);

#[derive(Default)]
struct Held {
    by_id: HashMap<Uuid, Ceremony>,
    of: HashMap<Owner, VecDeque<Uuid>>,
    strangers: usize,
    swept: Millis,
}

impl Ceremonies {
    /// Keeps a new one and says its name; nothing when there are too many.
    pub fn begin(&self, owner: Owner, site: &str, step: Step, now: Millis) -> Option<String> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Once a second: a flood must not have all of them looked through each time.
        if held.is_full(owner) && now >= held.swept.plus(Duration::from_secs(1)) {
            held.swept = now;
            held.sweep(now);
        }
        let most = match owner {
            Owner::Account(_) => OF_ACCOUNT,
            Owner::Place(_) => OF_PLACE,
        };
        while held.of.get(&owner).is_some_and(|own| own.len() >= most) {
            let oldest = held.of.get(&owner).and_then(|own| own.front().copied());
            oldest.and_then(|id| held.take(id));
        }
        if held.is_full(owner) {
            return None;
        }
        held.strangers += usize::from(matches!(owner, Owner::Place(_)));
        let id = Uuid::from_bytes(random::bytes());
        held.by_id.insert(id, Ceremony { owner, site: site.to_owned(), step, until: now.plus(GOOD) });
        held.of.entry(owner).or_default().push_back(id);
        Some(id.simple().to_string())
    }

    /// Takes one out, for good: whoever comes second finds nothing, also when the first one failed.
    pub fn take(&self, name: &str, now: Millis) -> Option<Ceremony> {
        let id = Uuid::try_parse(name).ok()?;
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner).take(id)?;
        (now < taken.until).then_some(taken)
    }
}

impl Held {
    fn is_full(&self, owner: Owner) -> bool {
        let strangers = matches!(owner, Owner::Place(_)) && self.strangers >= OF_STRANGERS;
        strangers || self.by_id.len() >= ALL
    }

    fn take(&mut self, id: Uuid) -> Option<Ceremony> {
        let taken = self.by_id.remove(&id)?;
        self.strangers -= usize::from(matches!(taken.owner, Owner::Place(_)));
        if let Some(own) = self.of.get_mut(&taken.owner) {
            own.retain(|other| *other != id);
            if own.is_empty() {
                self.of.remove(&taken.owner);
            }
        }
        Some(taken)
    }

    fn sweep(&mut self, now: Millis) {
        let old: Vec<Uuid> =
            self.by_id.iter().filter(|(_, held)| now >= held.until).map(|(id, _)| *id).collect();
        for id in old {
            self.take(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::passkeys::Sites;

    const NOW: Millis = Millis(1_000_000);
    const ORIGIN: &str = "https://localhost:1";

    fn step() -> Step {
        let sites = Sites::of(&[ORIGIN.to_owned()]);
        Step::SignIn(sites.at(ORIGIN).unwrap().begin_proof(&[]).unwrap().1)
    }

    fn account(n: u128) -> Owner {
        Owner::Account(AccountId(Uuid::from_u128(n)))
    }

    #[test]
    fn a_challenge_is_good_once_and_for_five_minutes() {
        let all = Ceremonies::default();
        let begin = || all.begin(account(1), "localhost", step(), NOW).unwrap();
        let name = begin();
        assert!(all.take(&name, NOW).is_some() && all.take(&name, NOW).is_none());
        assert!(all.take(&begin(), Millis(NOW.0 + 299_999)).is_some());
        let name = begin();
        assert!(all.take(&name, Millis(NOW.0 + 300_000)).is_none(), "too late");
        assert!(all.take(&name, NOW).is_none(), "and gone");
        assert!(all.take("", NOW).is_none() && all.take("x", NOW).is_none());
        assert!(all.0.lock().unwrap().of.is_empty(), "nothing stays behind");
    }

    #[test]
    fn an_account_has_a_few_and_its_oldest_makes_room() {
        let all = Ceremonies::default();
        let names: Vec<String> =
            (0..=OF_ACCOUNT).map(|_| all.begin(account(1), "localhost", step(), NOW).unwrap()).collect();
        let other = all.begin(account(2), "localhost", step(), NOW).unwrap();
        assert!(all.take(&names[0], NOW).is_none());
        assert!(names[1..].iter().chain([&other]).all(|name| all.take(name, NOW).is_some()));
    }

    #[test]
    fn of_fifty_who_finish_at_once_one_wins() {
        let all = Ceremonies::default();
        let name = all.begin(account(1), "localhost", step(), NOW).unwrap();
        let won: usize = std::thread::scope(|scope| {
            let all: Vec<_> =
                (0..50).map(|_| scope.spawn(|| usize::from(all.take(&name, NOW).is_some()))).collect();
            all.into_iter().map(|one| one.join().unwrap()).sum()
        });
        assert_eq!(won, 1);
    }
}

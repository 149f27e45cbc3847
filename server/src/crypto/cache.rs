//! Opened keys, kept in memory up to a bound.
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::seal::{Key, KeyId};

/// Two generations: when the young one is full it becomes the old one, and what was not used
/// since is forgotten. So at most twice `half` keys are open, and every step is cheap.
pub(super) struct Cache {
    half: usize,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    young: HashMap<KeyId, Key>,
    old: HashMap<KeyId, Key>,
    /// Destroyed since the start: a load that began earlier must not bring such a key back.
    gone: HashSet<KeyId>,
}

impl Cache {
    pub(super) fn new(at_most: usize) -> Self {
        Self { half: (at_most / 2).max(1), held: Mutex::default() }
    }

    pub(super) fn find(&self, id: KeyId) -> Option<Key> {
        let mut held = self.held();
        if let Some(key) = held.young.get(&id) {
            return Some(key.clone());
        }
        let key = held.old.remove(&id)?;
        held.keep(self.half, &key);
        Some(key)
    }

    /// Keeps a key, unless it was destroyed meanwhile; says whether it may be used.
    pub(super) fn keep(&self, key: &Key) -> Result<(), Gone> {
        let mut held = self.held();
        if held.gone.contains(&key.id()) {
            return Err(Gone);
        }
        held.keep(self.half, key);
        Ok(())
    }

    /// Forgets a key for good.
    pub(super) fn banish(&self, id: KeyId) {
        let mut held = self.held();
        held.gone.insert(id);
        held.young.remove(&id);
        held.old.remove(&id);
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // Each change below is whole by itself, so a poisoned lock still guards a sound map.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn keep(&mut self, half: usize, key: &Key) {
        if self.young.len() >= half {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key.id(), key.clone());
    }
}

/// The key was destroyed while it was being loaded.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Gone;

#[cfg(test)]
mod tests {
    use super::super::random;
    use super::*;
    use uuid::Uuid;

    fn key(id: u128) -> Key {
        Key::new(KeyId(Uuid::from_u128(id)), &random::secret())
    }

    #[test]
    fn the_cache_is_bounded_and_keeps_what_is_used() {
        let cache = Cache::new(10);
        let used = key(0);
        cache.keep(&used).unwrap();
        for id in 1..1_000 {
            cache.keep(&key(id)).unwrap();
            assert!(cache.find(used.id()).is_some());
            let held = cache.held();
            assert!(held.young.len() + held.old.len() <= 10);
        }
        assert!(cache.find(key(1).id()).is_none());
    }

    #[test]
    fn a_destroyed_key_cannot_come_back_from_a_load_that_began_before() {
        let cache = Cache::new(10);
        let loaded = key(1);
        cache.keep(&loaded).unwrap();
        cache.banish(loaded.id());
        assert!(cache.find(loaded.id()).is_none());
        assert_eq!(cache.keep(&loaded), Err(Gone));
    }
}

//! Password hashing: Argon2id, a bounded number at a time, at the same cost for names that nobody has.
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::constant_time;
use base64ct::{Base64Unpadded, Encoding};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::master::MasterKey;
use super::random;
use super::secret::Secret;
use crate::metrics::metrics;

/// Bytes of a hash.
const OUTPUT: usize = 32;

/// Longer passwords are refused before any work is done for them.
pub const LONGEST: usize = tsumugi_protocol::limits::PASSWORD_BYTES;

/// What one hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Cost {
    /// 19 MiB, two passes, one lane: the first choice of the OWASP password storage cheat sheet.
    fn default() -> Self {
        Self { memory_kib: 19 * 1_024, passes: 2, lanes: 1 }
    }
}

/// How many hashes may run and wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permits {
    /// At the same time; each takes its memory and one core, so half of the cores are left to posts.
    pub at_once: usize,
    /// In the queue behind them; more are refused as busy.
    pub waiting: usize,
}

impl Default for Permits {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { at_once: (cores / 2).max(1), waiting: 64 }
    }
}

/// Why there is no answer about a password.
#[derive(Debug, thiserror::Error)]
pub enum PasswordFault {
    /// Longer than `LONGEST`.
    #[error("the password is longer than {LONGEST} bytes")]
    TooLong,
    /// Too many are waiting already.
    #[error("too many sign-ins at once")]
    Busy,
    /// The stored hash is none.
    #[error("the stored password hash cannot be read")]
    Damaged,
    /// The cost is outside what Argon2 knows.
    #[error("the password hashing cost is not valid")]
    Cost,
    /// The hashing itself failed or was stopped.
    #[error("password hashing failed")]
    Stopped,
}

/// The password of a demo person: different on every server, the same at every start, and nowhere stored.
pub fn of_demo_person(root: &MasterKey, email: &str) -> Secret {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let derived = root.derived(&format!("demo password 1 {email}"));
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 32)).copied().map_or('a', char::from);
    let groups: Vec<String> =
        derived.chunks(4).take(3).map(|group| group.iter().map(letter).collect()).collect();
    Secret::new(format!("Demo-{}", groups.join("-")))
}

/// Hashes and compares passwords; clones share the permits.
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

struct Inner {
    params: Params,
    cost: Cost,
    /// Memory that hashes work in, as many as run at once: allocated anew each time, it would pile up in the allocator.
    memory: Mutex<Vec<Vec<Block>>>,
    /// A hash that no password has, of the same cost, for names that nobody has.
    nobody: String,
    door: Arc<Semaphore>,
    /// What the door holds.
    places: usize,
    at_once: Arc<Semaphore>,
    evaluations: AtomicU64,
    /// How many there were when it was last asked to rest.
    rested: AtomicU64,
}

impl Passwords {
    /// Sets up hashing at a cost.
    pub fn new(cost: Cost, permits: Permits) -> Result<Self, PasswordFault> {
        let params =
            Params::new(cost.memory_kib, cost.passes, cost.lanes, None).map_err(|_| PasswordFault::Cost)?;
        let at_once = permits.at_once.clamp(1, Semaphore::MAX_PERMITS / 2);
        let waiting = permits.waiting.min(Semaphore::MAX_PERMITS / 2);
        Ok(Self(Arc::new(Inner {
            params,
            cost,
            memory: Mutex::default(),
            nobody: nobody(cost),
            door: Arc::new(Semaphore::new(at_once + waiting)),
            places: at_once + waiting,
            at_once: Arc::new(Semaphore::new(at_once)),
            evaluations: AtomicU64::new(0),
            rested: AtomicU64::new(0),
        })))
    }

    /// The hash to store, as a PHC string with its own salt and cost.
    pub async fn hash(&self, password: &Secret) -> Result<String, PasswordFault> {
        let typed = typed(password)?;
        self.run(move |inner| {
            let salt = random::bytes::<16>();
            let hash = inner.computed(&inner.params, typed.as_bytes(), &salt, OUTPUT)?;
            let (salt, hash) = (Base64Unpadded::encode_string(&salt), Base64Unpadded::encode_string(&hash));
            Ok(format!("{}{salt}${hash}", phc_prefix(inner.cost)))
        })
        .await
    }

    /// Whether the password is the stored one. Without a stored one the answer is no and takes as long.
    pub async fn matches(&self, password: &Secret, stored: Option<&str>) -> Result<bool, PasswordFault> {
        let typed = typed(password)?;
        let known = stored.map(str::to_owned);
        self.run(move |inner| {
            if known.is_some() {
                metrics().compared.inc();
            }
            let stored = PasswordHash::new(known.as_deref().unwrap_or(&inner.nobody));
            let stored = stored.map_err(|_| PasswordFault::Damaged)?;
            let equal = inner.equals(typed.as_bytes(), &stored)?;
            Ok(equal && known.is_some())
        })
        .await
    }

    /// Whether a stored hash was made at another cost: hash anew when its password is next typed.
    pub fn needs_rehash(&self, stored: &str) -> bool {
        let prefix = phc_prefix(self.0.cost);
        !stored.starts_with(&prefix)
    }

    /// Gives back the memory that hashes work in, unless one was computed since the last time this was asked.
    pub fn rest(&self) {
        let (evaluations, rested) = (self.evaluations(), &self.0.rested);
        if rested.swap(evaluations, Ordering::Relaxed) == evaluations {
            self.0.memory.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// How many are computed or wait now.
    pub fn under_way(&self) -> usize {
        self.0.places.saturating_sub(self.0.door.available_permits())
    }

    /// How many hashes were computed since the start.
    pub fn evaluations(&self) -> u64 {
        self.0.evaluations.load(Ordering::Relaxed)
    }

    async fn run<T, F>(&self, work: F) -> Result<T, PasswordFault>
    where
        T: Send + 'static,
        F: FnOnce(&Inner) -> Result<T, PasswordFault> + Send + 'static,
    {
        let queued = Arc::clone(&self.0.door).try_acquire_owned().map_err(|_| PasswordFault::Busy)?;
        let permit = Arc::clone(&self.0.at_once).acquire_owned().await.map_err(|_| PasswordFault::Stopped)?;
        let inner = Arc::clone(&self.0);
        // The permits go along: a caller who leaves does not free a core that is still at work.
        let done = tokio::task::spawn_blocking(move || {
            let _held = (queued, permit);
            inner.evaluations.fetch_add(1, Ordering::Relaxed);
            metrics().hashed.inc();
            work(&inner)
        });
        done.await.map_err(|_| PasswordFault::Stopped)?
    }
}

impl Inner {
    fn computed(
        &self,
        params: &Params,
        typed: &[u8],
        salt: &[u8],
        length: usize,
    ) -> Result<Vec<u8>, PasswordFault> {
        let held = self.memory.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut memory = held.unwrap_or_default();
        memory.resize(params.block_count().max(memory.len()), Block::default());
        let mut out = vec![0; length];
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let done = argon2.hash_password_into_with_memory(typed, salt, &mut out, memory.as_mut_slice());
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
        done.map(|()| out).map_err(|_| PasswordFault::Stopped)
    }

    fn equals(&self, typed: &[u8], stored: &PasswordHash) -> Result<bool, PasswordFault> {
        let is_ours = stored.algorithm.as_str() == "argon2id" && stored.version == Some(0x13);
        let (Some(salt), Some(hash), true) = (&stored.salt, &stored.hash, is_ours) else {
            return Err(PasswordFault::Damaged);
        };
        let params = Params::try_from(stored).map_err(|_| PasswordFault::Damaged)?;
        let computed = self.computed(&params, typed, salt.as_ref(), hash.len())?;
        Ok(constant_time::verify_slices_are_equal(&computed, hash.as_bytes()).is_ok())
    }
}

fn typed(password: &Secret) -> Result<Zeroizing<String>, PasswordFault> {
    if password.reveal().len() > LONGEST {
        return Err(PasswordFault::TooLong);
    }
    Ok(normal(password))
}

/// What was typed, in NFKC: keyboards differ in how they compose the same characters.
pub fn normal(password: &Secret) -> Zeroizing<String> {
    // Room for the longest expansion, so that no copy is left behind by a growing buffer.
    let mut typed = Zeroizing::new(String::with_capacity(password.reveal().len() * 18));
    typed.extend(password.reveal().nfkc());
    typed
}

fn phc_prefix(cost: Cost) -> String {
    format!("$argon2id$v=19$m={},t={},p={}$", cost.memory_kib, cost.passes, cost.lanes)
}

fn nobody(cost: Cost) -> String {
    let salt = Base64Unpadded::encode_string(&random::bytes::<16>());
    let hash = Base64Unpadded::encode_string(&random::bytes::<32>());
    format!("{}{salt}${hash}", phc_prefix(cost))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

    fn cheap() -> Passwords {
        Passwords::new(CHEAP, Permits::default()).unwrap()
    }

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[tokio::test]
    async fn only_the_right_password_matches_and_the_stored_form_does_not_hold_it() {
        let passwords = cheap();
        let stored = passwords.hash(&secret("春の小川 2026")).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        assert!(!stored.contains("2026"));
        assert!(passwords.matches(&secret("春の小川 2026"), Some(&stored)).await.unwrap());
        assert!(!passwords.matches(&secret("春の小川 2027"), Some(&stored)).await.unwrap());
        assert_ne!(stored, passwords.hash(&secret("春の小川 2026")).await.unwrap());
    }

    #[tokio::test]
    async fn an_unknown_account_costs_one_evaluation_of_the_same_cost_and_never_matches() {
        let passwords = cheap();
        assert!(!passwords.matches(&secret("anything"), None).await.unwrap());
        assert_eq!(passwords.evaluations(), 1);
        assert!(!passwords.needs_rehash(&passwords.0.nobody));
        let parsed = PasswordHash::new(&passwords.0.nobody).unwrap();
        let real = passwords.hash(&secret("x")).await.unwrap();
        let real = PasswordHash::new(&real).unwrap();
        assert_eq!(parsed.params, real.params);
        assert_eq!(parsed.hash.unwrap().len(), real.hash.unwrap().len());
        assert_eq!(parsed.salt.unwrap().len(), real.salt.unwrap().len());
    }

    #[tokio::test]
    async fn memory_is_given_back_once_nobody_signs_in_any_more() {
        let passwords = cheap();
        let areas = || passwords.0.memory.lock().unwrap().len();
        passwords.hash(&secret("x")).await.unwrap();
        passwords.rest();
        assert_eq!(areas(), 1, "somebody signed in since the last time");
        passwords.rest();
        assert_eq!(areas(), 0);
        assert!(passwords.hash(&secret("x")).await.is_ok());
    }

    #[tokio::test]
    async fn too_long_passwords_cost_nothing() {
        let passwords = cheap();
        assert!(passwords.hash(&secret(&"a".repeat(LONGEST))).await.is_ok());
        let long = secret(&"a".repeat(LONGEST + 1));
        assert!(matches!(passwords.hash(&long).await, Err(PasswordFault::TooLong)));
        assert!(matches!(passwords.matches(&long, None).await, Err(PasswordFault::TooLong)));
        assert_eq!(passwords.evaluations(), 1);
    }

    #[tokio::test]
    async fn composed_and_decomposed_kana_are_the_same_password() {
        let passwords = cheap();
        let stored = passwords.hash(&secret("ガーデンパーティ")).await.unwrap();
        let decomposed: String = "ガーデンパーティ".nfd().collect();
        assert_ne!(decomposed, "ガーデンパーティ");
        assert!(passwords.matches(&secret(&decomposed), Some(&stored)).await.unwrap());
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_still_matches_and_asks_for_a_new_one() {
        let stored = cheap().hash(&secret("x")).await.unwrap();
        let dearer = Passwords::new(Cost { passes: 2, ..CHEAP }, Permits::default()).unwrap();
        assert!(dearer.matches(&secret("x"), Some(&stored)).await.unwrap());
        assert!(dearer.needs_rehash(&stored));
        assert!(!cheap().needs_rehash(&stored));
        assert!(matches!(dearer.matches(&secret("x"), Some("plain")).await, Err(PasswordFault::Damaged)));
    }

    #[tokio::test]
    async fn who_finds_the_queue_full_is_told_at_once_and_a_leaver_keeps_no_place() {
        let passwords = Passwords::new(CHEAP, Permits { at_once: 1, waiting: 1 }).unwrap();
        let working = Arc::clone(&passwords.0.at_once).acquire_owned().await.unwrap();
        let place = Arc::clone(&passwords.0.door).acquire_owned().await.unwrap();
        let x = secret("x");
        let waiting = passwords.hash(&x);
        let waited = tokio::time::timeout(Duration::from_millis(20), waiting).await;
        assert!(waited.is_err(), "it must wait while the only permit is taken");
        {
            let mut waiting = Box::pin(passwords.hash(&x));
            assert!(tokio::time::timeout(Duration::from_millis(20), &mut waiting).await.is_err());
            assert!(matches!(passwords.hash(&x).await, Err(PasswordFault::Busy)));
        }
        drop((working, place));
        assert!(passwords.hash(&x).await.is_ok());
        assert_eq!(passwords.evaluations(), 1);
    }

    #[test]
    fn an_impossible_cost_is_refused() {
        assert!(matches!(
            Passwords::new(Cost { passes: 0, ..CHEAP }, Permits::default()),
            Err(PasswordFault::Cost)
        ));
    }
}

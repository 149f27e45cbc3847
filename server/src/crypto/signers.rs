//! The keys that sign audit heads: a new pair each day, signed by the one before it, which is then destroyed.
//!
//! Whoever takes the server over today can therefore not sign other heads for yesterday.
use std::fmt;

use aws_lc_rs::signature::Ed25519KeyPair;
use uuid::Uuid;

use super::chain::Chain;
use super::head::{DayKey, Head, PublicKey, pair};
use super::keys::{KeyFault, KeyKind, KeyStore, META_AUDIT_ROOT, META_AUDIT_ROOT_ID, Use};
use super::random;
use super::seal::KeyId;
use crate::clock::Millis;

/// Signs the heads of one log.
pub struct Signer {
    pair: Ed25519KeyPair,
    key: DayKey,
}

impl Signer {
    /// The public statement about this key, to be stored and sent to the sink before its first head.
    pub fn day_key(&self) -> &DayKey {
        &self.key
    }

    /// States how far the log has been chained.
    pub fn sign(&self, chain: &Chain, at: Millis) -> Head {
        Head::sign(&self.pair, self.key.serial, chain, at)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Signer({}, {})", self.key.log, self.key.serial)
    }
}

impl KeyStore {
    /// The public key under which the first signer of every log stands; print it and keep it elsewhere.
    pub async fn audit_root(&self) -> Result<PublicKey, KeyFault> {
        let bytes = self.meta(META_AUDIT_ROOT).await?;
        bytes.try_into().map(PublicKey).map_err(|_wrong_length| KeyFault::UnknownFormat)
    }

    /// Makes the first signer of a new log; its private half is kept (synced) until it is retired.
    pub async fn first_signer(&self, log: Uuid, since: Millis) -> Result<Signer, KeyFault> {
        let id = self.meta(META_AUDIT_ROOT_ID).await?;
        let id = Uuid::from_slice(&id).map_err(|_wrong_length| KeyFault::UnknownFormat)?;
        let root = pair(&self.unwrapped(KeyId(id), Use::Sign).await?);
        self.new_signer(&root, log, 0, since).await
    }

    /// Makes the signer that follows. Store its `day_key` first, then `retire_signer` the old one.
    pub async fn next_signer(&self, old: &Signer, since: Millis) -> Result<Signer, KeyFault> {
        self.new_signer(&old.pair, old.key.log, old.key.serial.saturating_add(1), since).await
    }

    /// Destroys the private half of a signer that has a successor, or whose log is finished.
    pub async fn retire_signer(&self, old: Signer) -> Result<(), KeyFault> {
        self.destroy(old.key.key).await
    }

    /// The signer of a log whose process stopped before it signed its last entries.
    pub async fn resumed_signer(&self, key: &DayKey) -> Result<Signer, KeyFault> {
        let pair = pair(&self.unwrapped(key.key, Use::Sign).await?);
        if PublicKey::of_pair(&pair) != key.public {
            return Err(KeyFault::Damaged(key.key));
        }
        Ok(Signer { pair, key: *key })
    }

    async fn new_signer(
        &self,
        by: &Ed25519KeyPair,
        log: Uuid,
        serial: i64,
        since: Millis,
    ) -> Result<Signer, KeyFault> {
        let seed = random::secret();
        let id = self.keep(KeyKind::AuditDay, &seed).await?;
        let pair = pair(&seed);
        let public = PublicKey::of_pair(&pair);
        Ok(Signer { pair, key: DayKey::sign(by, log, serial, id, since, public) })
    }
}

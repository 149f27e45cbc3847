//! One key per thing that can be erased or closed, wrapped by the master key, in a store of their own.
//!
//! `keys.db` lies beside no backup of the content: erasing a thing is destroying its key, and copies
//! of the content stay closed for ever. A key is synced before its first use, an orphan key is
//! harmless, and a destroyed key is listed before it is wiped, so that each step can be repeated.
use std::fmt;
use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aes_gcm::Aes256Gcm;
use aws_lc_rs::constant_time;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::cache::{Cache, Gone};
use super::master::{MasterKey, sync_folder_of};
use super::seal::{self, Key, KeyId};
use super::store::{Found, KeyStoreFault, Store, Wrapped};
use super::{head, random};
use crate::clock::{Clock, Millis};

/// The file, inside the data folder.
pub const FILE: &str = "keys.db";
const FORMAT: &[u8] = &[1];
/// Wrapped keys are `version (1) | nonce (12) | ciphertext (32) | tag (16)`.
const WRAP_VERSION: u8 = 1;
/// Opened keys held in memory: a region's rooms, patients and accounts at a few hundred bytes each.
const HELD_KEYS: usize = 16_384;

const META_FORMAT: &str = "format";
const META_CHECK: &str = "master_check";
pub(super) const META_AUDIT_ROOT: &str = "audit_root";
pub(super) const META_AUDIT_ROOT_ID: &str = "audit_root_id";
const META_ROOT_ID: &str = "root_id";

/// What a key closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// A room: its posts, files and title.
    Room,
    /// A patient: names, birth date, consents.
    Patient,
    /// An account: names, e-mail address.
    Account,
    /// An office: its names and free-text reasons.
    Office,
    /// A region: what belongs to no office.
    Region,
    /// The secret that lookups, tokens and confirmations derive from, so that the master key can be changed.
    Root,
    /// The private half of the key that signs the first day of every audit log.
    AuditRoot,
    /// The private half of an audit log's key of the day.
    AuditDay,
    /// What closes the private key of the authority that issues device certificates.
    DeviceAuthority,
}

impl KeyKind {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Patient => "patient",
            Self::Account => "account",
            Self::Office => "office",
            Self::Region => "region",
            Self::Root => "root",
            Self::AuditRoot => "audit_root",
            Self::AuditDay => "audit_day",
            Self::DeviceAuthority => "device_authority",
        }
    }
}

/// A signing key never seals and the other way round, whatever ids get mixed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Seal,
    Sign,
    Derive,
}

impl Use {
    fn of(kind: &str) -> Self {
        let signs = [KeyKind::AuditRoot, KeyKind::AuditDay].iter().any(|signer| signer.word() == kind);
        match (signs, kind == KeyKind::Root.word()) {
            (true, _) => Self::Sign,
            (false, true) => Self::Derive,
            (false, false) => Self::Seal,
        }
    }
}

/// Why a key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// It was destroyed on purpose: what it closed is erased.
    #[error("key {0} was destroyed")]
    Destroyed(KeyId),
    /// Nobody destroyed it, yet it is not there.
    #[error("key {0} is lost: the key store does not have it")]
    Lost(KeyId),
    /// It is there but does not unwrap, or is of another kind than it says.
    #[error("key {0} is damaged: its stored bytes were changed")]
    Damaged(KeyId),
    /// The store was made under another master key.
    #[error("the master key does not belong to this key store: put the right one back, nothing was changed")]
    WrongMaster,
    /// There is no key store where one must be.
    #[error("there is no key store at {0}: restore it, it cannot be made anew")]
    Missing(PathBuf),
    /// There is a key store where one should be made.
    #[error("a key store already lies at {0}: it is never overwritten")]
    AlreadyThere(PathBuf),
    /// Content without the keys that open it.
    #[error("there is content but no {0}: new keys would never open it; restore the old ones")]
    ContentWithoutKeys(&'static str),
    /// The file was made by a version that this one does not know, or is not a key store.
    #[error("the key store's format is not known to this version")]
    UnknownFormat,
    /// The key store failed.
    #[error(transparent)]
    Store(#[from] KeyStoreFault),
    /// The file system failed.
    #[error("the key store's folder could not be written")]
    Folder(#[from] io::Error),
}

/// Whether anything sealed exists that needs the old keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// The content store is there, in the folder or on a database server.
    Present,
    /// This is a first start.
    Absent,
}

/// Refuses to go on when content exists whose keys are not there. Call it before any `create`.
pub fn refuse_new_keys_over_data(folder: &Path, master: &Path, content: Content) -> Result<(), KeyFault> {
    // A key store without its master key is as closed as content without a key store.
    let keys = folder.join(FILE).try_exists()?;
    match (content, keys, master.try_exists()?) {
        (Content::Absent, false, _) | (_, true, true) => Ok(()),
        (_, true, false) => Err(KeyFault::ContentWithoutKeys("master key")),
        (Content::Present, false, false) => Err(KeyFault::ContentWithoutKeys("key store and no master key")),
        (Content::Present, false, true) => Err(KeyFault::ContentWithoutKeys("key store")),
    }
}

/// The store of all keys; clones share it.
#[derive(Clone)]
pub struct KeyStore(Arc<Inner>);

struct Inner {
    store: Store,
    wrap: Aes256Gcm,
    cache: Cache,
    clock: Clock,
}

impl KeyStore {
    /// Makes `keys.db` in a folder that has none, synced before it returns.
    pub async fn create(folder: &Path, master: &MasterKey, clock: &Clock) -> Result<Self, KeyFault> {
        let path = folder.join(FILE);
        if path.try_exists()? {
            return Err(KeyFault::AlreadyThere(path));
        }
        // Built under another name: a kill half-way leaves no half-made key store behind.
        let making = folder.join("keys.db.making");
        remove_if_there(&making)?;
        remove_if_there(&folder.join("keys.db.making-journal"))?;
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&making)?;
        let store = Store::open(&making).await?;
        lay(&store, master, clock).await?;
        store.close().await?;
        std::fs::File::open(&making)?.sync_all()?;
        // Unlike a rename, a link does not replace what somebody put there meanwhile.
        std::fs::hard_link(&making, &path).map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => KeyFault::AlreadyThere(path.clone()),
            _ => KeyFault::Folder(source),
        })?;
        std::fs::remove_file(&making)?;
        sync_folder_of(&path)?;
        Self::open(folder, master, clock).await
    }

    /// Opens the `keys.db` of a folder and finishes what a stop interrupted: listed keys are wiped.
    pub async fn open(folder: &Path, master: &MasterKey, clock: &Clock) -> Result<Self, KeyFault> {
        let path = folder.join(FILE);
        if !path.try_exists()? {
            return Err(KeyFault::Missing(path));
        }
        let store = Store::open(&path).await?;
        if store.meta(META_FORMAT).await?.as_deref() != Some(FORMAT) {
            return Err(KeyFault::UnknownFormat);
        }
        let kept = store.meta(META_CHECK).await?.ok_or(KeyFault::UnknownFormat)?;
        constant_time::verify_slices_are_equal(&kept, check_value(master).as_ref())
            .map_err(|_differs| KeyFault::WrongMaster)?;
        store.wipe_listed().await?;
        let cache = Cache::new(HELD_KEYS);
        Ok(Self(Arc::new(Inner { store, wrap: wrap_cipher(master), cache, clock: clock.clone() })))
    }

    /// The secret that lookups, tokens and confirmations derive from. It outlives a change of the master key.
    pub async fn root(&self) -> Result<MasterKey, KeyFault> {
        let id = Uuid::from_slice(&self.meta(META_ROOT_ID).await?)
            .map_err(|_wrong_length| KeyFault::UnknownFormat)?;
        Ok(MasterKey::of(self.unwrapped(KeyId(id), Use::Derive).await?))
    }

    /// Makes a key; it is synced before this returns.
    pub async fn make(&self, kind: KeyKind) -> Result<KeyId, KeyFault> {
        self.keep(kind, &random::secret()).await
    }

    /// Makes many keys with one sync, for imports.
    pub async fn make_many(&self, kinds: &[KeyKind]) -> Result<Vec<KeyId>, KeyFault> {
        let made: Vec<Wrapped> = kinds
            .iter()
            .map(|kind| {
                wrapped(&self.0.wrap, self.new_key_id(), *kind, &random::secret(), self.0.clock.now())
            })
            .collect();
        self.0.store.add(&made).await?;
        Ok(made.iter().map(|key| KeyId(key.id)).collect())
    }

    /// Opens a key, from memory where it was used lately.
    pub async fn ready(&self, id: KeyId) -> Result<Key, KeyFault> {
        if let Some(key) = self.held(id) {
            return Ok(key);
        }
        let key = Key::new(id, &self.unwrapped(id, Use::Seal).await?);
        match self.0.cache.keep(&key) {
            Ok(()) => Ok(key),
            Err(Gone) => Err(KeyFault::Destroyed(id)),
        }
    }

    /// The key if it is open already: no waiting, for use inside an act.
    pub fn held(&self, id: KeyId) -> Option<Key> {
        self.0.cache.find(id)
    }

    /// Destroys a key: list entry, memory, wrapped key. Repeat it after any failure; call it from a
    /// tracked task, so that nobody leaves half-way (a start finishes what a stop interrupted).
    pub async fn destroy(&self, id: KeyId) -> Result<(), KeyFault> {
        self.0.store.list(&[(id.0, self.0.clock.now().0)]).await?;
        self.0.cache.banish(id);
        Ok(self.0.store.wipe(id.0).await?)
    }

    /// Lists a key as destroyed, so that nothing opens with it any more; [`KeyStore::destroy`] wipes it.
    pub async fn list_destroyed(&self, id: KeyId) -> Result<(), KeyFault> {
        self.0.store.list(&[(id.0, self.0.clock.now().0)]).await?;
        self.0.cache.banish(id);
        Ok(())
    }

    /// Copies the whole store into a file that is not there yet, as it is at one moment; keys stay wrapped.
    pub async fn copy_to(&self, file: &Path) -> Result<(), KeyFault> {
        Ok(self.0.store.copy_to(file).await?)
    }

    /// Every destroyed key and when, for the certificate and the audit sink.
    pub async fn destroyed(&self) -> Result<Vec<(KeyId, Millis)>, KeyFault> {
        let listed = self.0.store.listed().await?;
        Ok(listed.into_iter().map(|(id, at)| (KeyId(id), Millis(at))).collect())
    }

    /// Applies a list of destroyed keys to a restored key store, before its server opens a port.
    pub async fn apply_destroyed(&self, list: &[(KeyId, Millis)]) -> Result<(), KeyFault> {
        let entries: Vec<(Uuid, i64)> = list.iter().map(|(id, at)| (id.0, at.0)).collect();
        self.0.store.list(&entries).await?;
        for (id, _) in list {
            self.0.cache.banish(*id);
        }
        self.0.store.wipe_listed().await?;
        Ok(())
    }

    /// Closes the file; keys held by others stay usable until they let go.
    pub async fn close(&self) -> Result<(), KeyFault> {
        Ok(self.0.store.close().await?)
    }

    pub(super) async fn keep(&self, kind: KeyKind, secret: &Zeroizing<[u8; 32]>) -> Result<KeyId, KeyFault> {
        let made = wrapped(&self.0.wrap, self.new_key_id(), kind, secret, self.0.clock.now());
        let id = KeyId(made.id);
        self.0.store.add(&[made]).await?;
        Ok(id)
    }

    pub(super) async fn unwrapped(&self, id: KeyId, purpose: Use) -> Result<Zeroizing<[u8; 32]>, KeyFault> {
        match self.0.store.find(id.0).await? {
            Found::Wrapped { kind, bytes } => {
                if purpose != Use::of(&kind) {
                    return Err(KeyFault::Damaged(id));
                }
                unwrapped(&self.0.wrap, id, &kind, &bytes).ok_or(KeyFault::Damaged(id))
            }
            Found::Destroyed => Err(KeyFault::Destroyed(id)),
            Found::Nothing => Err(KeyFault::Lost(id)),
        }
    }

    pub(super) async fn meta(&self, name: &str) -> Result<Vec<u8>, KeyFault> {
        self.0.store.meta(name).await?.ok_or(KeyFault::UnknownFormat)
    }

    fn new_key_id(&self) -> Uuid {
        random::new_id(&self.0.clock)
    }
}

impl fmt::Debug for KeyStore {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("KeyStore")
    }
}

async fn lay(store: &Store, master: &MasterKey, clock: &Clock) -> Result<(), KeyFault> {
    let seed = random::secret();
    let id = random::new_id(clock);
    let root = wrapped(&wrap_cipher(master), id, KeyKind::AuditRoot, &seed, clock.now());
    let public = head::PublicKey::of_seed(&seed);
    let secret_id = random::new_id(clock);
    let secret = wrapped(&wrap_cipher(master), secret_id, KeyKind::Root, &random::secret(), clock.now());
    let meta = [
        (META_FORMAT, FORMAT.to_vec()),
        (META_CHECK, check_value(master).to_vec()),
        (META_AUDIT_ROOT_ID, id.as_bytes().to_vec()),
        (META_AUDIT_ROOT, public.0.to_vec()),
        (META_ROOT_ID, secret_id.as_bytes().to_vec()),
    ];
    Ok(store.lay(&meta, &[root, secret]).await?)
}

fn check_value(master: &MasterKey) -> Zeroizing<[u8; 32]> {
    master.derived("check 1")
}

pub(super) fn wrap_cipher(master: &MasterKey) -> Aes256Gcm {
    seal::cipher(&master.derived("wrap 1"))
}

fn wrap_place(id: Uuid, kind: &str) -> Vec<u8> {
    [&[WRAP_VERSION], id.as_bytes().as_slice(), kind.as_bytes()].concat()
}

#[expect(clippy::expect_used, reason = "AES-GCM refuses only values beyond 64 GiB; a key has 32 bytes")]
fn wrapped(
    wrap: &Aes256Gcm,
    id: Uuid,
    kind: KeyKind,
    secret: &Zeroizing<[u8; 32]>,
    created_at: Millis,
) -> Wrapped {
    let kind = kind.word();
    let nonce = random::bytes();
    let mut body = Zeroizing::new(**secret);
    let tag = seal::encrypt(wrap, nonce, &wrap_place(id, kind), body.as_mut()).expect("within the limit");
    let bytes = [&[WRAP_VERSION], nonce.as_slice(), body.as_slice(), tag.as_slice()].concat();
    Wrapped { id, kind, bytes, created_at: created_at.0 }
}

pub(super) fn unwrapped(
    wrap: &Aes256Gcm,
    id: KeyId,
    kind: &str,
    bytes: &[u8],
) -> Option<Zeroizing<[u8; 32]>> {
    let (version, rest) = bytes.split_first()?;
    let (nonce, rest) = rest.split_first_chunk()?;
    let (body, tag) = rest.split_first_chunk::<32>()?;
    let mut secret = Zeroizing::new(*body);
    if *version != WRAP_VERSION {
        return None;
    }
    seal::decrypt(wrap, *nonce, &wrap_place(id.0, kind), secret.as_mut(), tag.try_into().ok()?)?;
    Some(secret)
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(source),
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;

//! The key store: what is made stays, what is destroyed is gone, and nothing opens without its master key.
use super::*;
use crate::crypto::seal::{Place, SealFault, open, seal};
use std::fs;

struct House {
    folder: tempfile::TempDir,
    master: MasterKey,
    clock: Clock,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, master: MasterKey::random(), clock: Clock::manual(1_795_000_000_000) }
    }

    async fn created(&self) -> KeyStore {
        KeyStore::create(self.folder.path(), &self.master, &self.clock).await.unwrap()
    }

    async fn opened(&self) -> KeyStore {
        KeyStore::open(self.folder.path(), &self.master, &self.clock).await.unwrap()
    }

    fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files: Vec<_> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect();
        files.sort();
        files
    }
}

fn place() -> Place<'static> {
    Place { table: "posts", row: Uuid::from_u128(1), author: None }
}

async fn stored_bytes(keys: &KeyStore, id: KeyId) -> Vec<u8> {
    match keys.0.store.find(id.0).await.unwrap() {
        Found::Wrapped { bytes, .. } => bytes,
        Found::Destroyed | Found::Nothing => panic!("the key is not stored"),
    }
}

/// How often the ciphertext of a wrapped key, or any half of it, lies in any file of the folder.
fn occurrences(files: &[(PathBuf, Vec<u8>)], wrapped: &[u8]) -> usize {
    let secret = &wrapped[13..];
    let (half, _) = secret.split_at(secret.len() / 2);
    files.iter().map(|(_, bytes)| bytes.windows(half.len()).filter(|part| *part == half).count()).sum()
}

#[tokio::test]
async fn a_key_opens_what_it_closed_after_a_restart() {
    let house = House::new();
    let keys = house.created().await;
    let id = keys.make(KeyKind::Room).await.unwrap();
    let sealed = seal(&keys.ready(id).await.unwrap(), &place(), b"text");
    assert!(keys.held(id).is_some());
    keys.close().await.unwrap();

    let keys = house.opened().await;
    assert!(keys.held(id).is_none());
    assert_eq!(open(&keys.ready(id).await.unwrap(), &place(), sealed.as_bytes()).unwrap(), b"text");
    assert_eq!(house.files().len(), 1, "one file, no journal left behind");
}

#[tokio::test]
async fn the_stored_key_is_wrapped_and_the_file_is_the_owners_alone() {
    use std::os::unix::fs::MetadataExt;
    let house = House::new();
    let keys = house.created().await;
    let id = keys.make(KeyKind::Room).await.unwrap();
    let plain = keys.unwrapped(id, Use::Seal).await.unwrap();
    for (path, bytes) in house.files() {
        assert!(!bytes.windows(32).any(|part| part == plain.as_slice()));
        assert_eq!(fs::metadata(path).unwrap().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn a_wrong_master_key_is_refused_with_one_line_and_changes_nothing() {
    let house = House::new();
    house.created().await.close().await.unwrap();
    let before = house.files();
    let fault = KeyStore::open(house.folder.path(), &MasterKey::random(), &house.clock).await.unwrap_err();
    assert!(matches!(fault, KeyFault::WrongMaster));
    assert_eq!(fault.to_string().lines().count(), 1);
    assert!(before == house.files());
}

#[tokio::test]
async fn nothing_is_created_over_keys_and_nothing_opened_that_is_missing() {
    let house = House::new();
    let missing = KeyStore::open(house.folder.path(), &house.master, &house.clock).await.unwrap_err();
    assert!(matches!(missing, KeyFault::Missing(_)));
    assert!(house.files().is_empty(), "a failed open creates nothing");
    house.created().await.close().await.unwrap();
    let before = house.files();
    let again = KeyStore::create(house.folder.path(), &house.master, &house.clock).await.unwrap_err();
    assert!(matches!(again, KeyFault::AlreadyThere(_)));
    assert!(before == house.files());
}

#[tokio::test]
async fn a_start_killed_while_creating_is_repeated() {
    let house = House::new();
    fs::write(house.folder.path().join("keys.db.making"), b"half").unwrap();
    fs::write(house.folder.path().join("keys.db.making-journal"), b"half").unwrap();
    house.created().await.close().await.unwrap();
    assert_eq!(house.files().len(), 1);
}

#[test]
fn content_without_its_keys_or_keys_without_their_master_are_refused() {
    let house = House::new();
    let (folder, master) = (house.folder.path(), house.folder.path().join("master.key"));
    let judge = |content| refuse_new_keys_over_data(folder, &master, content);
    assert!(judge(Content::Absent).is_ok(), "a first start");
    assert!(judge(Content::Present).is_err());
    fs::write(&master, "").unwrap();
    assert!(judge(Content::Absent).is_ok(), "a first start whose master key was laid before");
    assert!(matches!(judge(Content::Present), Err(KeyFault::ContentWithoutKeys("key store"))));
    fs::write(folder.join(FILE), "").unwrap();
    assert!(judge(Content::Present).is_ok());
    fs::remove_file(&master).unwrap();
    assert!(matches!(judge(Content::Present), Err(KeyFault::ContentWithoutKeys("master key"))));
    assert!(matches!(judge(Content::Absent), Err(KeyFault::ContentWithoutKeys("master key"))));
}

#[tokio::test]
async fn a_destroyed_key_is_told_apart_from_a_lost_one_and_stays_destroyed() {
    let house = House::new();
    let keys = house.created().await;
    let id = keys.make(KeyKind::Patient).await.unwrap();
    keys.ready(id).await.unwrap();
    keys.destroy(id).await.unwrap();
    keys.destroy(id).await.unwrap();
    assert!(keys.held(id).is_none());
    assert!(matches!(keys.ready(id).await, Err(KeyFault::Destroyed(gone)) if gone == id));
    let never = KeyId(Uuid::from_u128(5));
    assert!(matches!(keys.ready(never).await, Err(KeyFault::Lost(lost)) if lost == never));
    assert_eq!(keys.destroyed().await.unwrap(), [(id, house.clock.now())]);
    keys.close().await.unwrap();
    assert!(matches!(house.opened().await.ready(id).await, Err(KeyFault::Destroyed(_))));
}

#[tokio::test]
async fn a_destroyed_key_is_in_no_file_of_the_folder() {
    let house = House::new();
    let keys = house.created().await;
    // Many, of all kinds and in no order, so that pages split, empty and merge.
    let kinds: Vec<KeyKind> =
        (0..1_500).map(|n| [KeyKind::Room, KeyKind::Patient, KeyKind::Account][n % 3]).collect();
    let made = keys.make_many(&kinds).await.unwrap();
    let mut doomed = Vec::new();
    for (n, id) in made.iter().enumerate() {
        if n % 7 == 0 || (300..700).contains(&n) {
            doomed.push((*id, stored_bytes(&keys, *id).await));
        }
    }
    assert!(
        doomed.iter().all(|(_, bytes)| occurrences(&house.files(), bytes) >= 1),
        "the scan sees what is there"
    );
    for (id, _) in doomed.iter().rev().step_by(2).chain(doomed.iter().rev().skip(1).step_by(2)) {
        keys.destroy(*id).await.unwrap();
    }
    let files = house.files();
    for (id, bytes) in &doomed {
        assert_eq!(occurrences(&files, bytes), 0, "key {id} still lies in a file");
    }
    let gone: Vec<KeyId> = doomed.iter().map(|(id, _)| *id).collect();
    for id in made.iter().filter(|id| !gone.contains(id)) {
        keys.ready(*id).await.unwrap();
    }
}

#[tokio::test]
async fn a_start_wipes_what_was_listed_but_not_yet_wiped() {
    let house = House::new();
    let keys = house.created().await;
    let id = keys.make(KeyKind::Office).await.unwrap();
    let bytes = stored_bytes(&keys, id).await;
    keys.0.store.list(&[(id.0, 7)]).await.unwrap();
    keys.close().await.unwrap();
    assert!(occurrences(&house.files(), &bytes) > 0);
    let keys = house.opened().await;
    assert_eq!(occurrences(&house.files(), &bytes), 0);
    assert_eq!(keys.destroyed().await.unwrap(), [(id, Millis(7))]);
}

#[tokio::test]
async fn a_restored_key_store_forgets_what_was_destroyed_since() {
    let house = House::new();
    let keys = house.created().await;
    let (kept, erased) = (keys.make(KeyKind::Room).await.unwrap(), keys.make(KeyKind::Room).await.unwrap());
    let bytes = stored_bytes(&keys, erased).await;
    let backup = house.files();
    keys.destroy(erased).await.unwrap();
    let list = keys.destroyed().await.unwrap();
    keys.close().await.unwrap();
    for (path, bytes) in backup {
        fs::write(path, bytes).unwrap();
    }
    let keys = house.opened().await;
    keys.ready(erased).await.unwrap();
    keys.apply_destroyed(&list).await.unwrap();
    assert!(matches!(keys.ready(erased).await, Err(KeyFault::Destroyed(_))));
    assert_eq!(keys.destroyed().await.unwrap(), list);
    assert_eq!(occurrences(&house.files(), &bytes), 0);
    keys.ready(kept).await.unwrap();
}

#[tokio::test]
async fn wrapped_keys_cannot_trade_places_kinds_or_bits() {
    let house = House::new();
    let keys = house.created().await;
    let (one, other) = (keys.make(KeyKind::Room).await.unwrap(), keys.make(KeyKind::Room).await.unwrap());
    let (wrap, bytes) = (&keys.0.wrap, stored_bytes(&keys, one).await);
    assert!(unwrapped(wrap, one, "room", &bytes).is_some());
    assert!(unwrapped(wrap, other, "room", &bytes).is_none());
    assert!(unwrapped(wrap, one, "patient", &bytes).is_none());
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            assert!(unwrapped(wrap, one, "room", &flipped).is_none(), "byte {at} bit {bit}");
        }
        assert!(unwrapped(wrap, one, "room", &bytes[..at]).is_none());
    }
    // Through the store: a database administrator swaps two rows.
    expect_damaged_when_moved(&house, one, &bytes).await;
}

/// Writes another key's wrapped bytes over a key and expects the store to say so.
async fn expect_damaged_when_moved(house: &House, id: KeyId, bytes: &[u8]) {
    let keys = house.opened().await;
    let other = keys.make(KeyKind::Room).await.unwrap();
    keys.0.store.wipe(id.0).await.unwrap();
    let moved = stored_bytes(&keys, other).await;
    assert_ne!(moved, bytes);
    keys.0.store.add(&[Wrapped { id: id.0, kind: "room", bytes: moved, created_at: 0 }]).await.unwrap();
    assert!(matches!(keys.ready(id).await, Err(KeyFault::Damaged(_))));
}

#[tokio::test]
async fn a_call_dropped_at_any_time_leaves_the_store_usable() {
    let house = House::new();
    let keys = house.created().await;
    for turn in 0..200_u64 {
        let wait = std::time::Duration::from_micros(turn * 20);
        // Whether it got through is open; that the next call works is not.
        let _dropped = tokio::time::timeout(wait, keys.make_many(&[KeyKind::Room; 3])).await;
        let id = keys.make(KeyKind::Room).await.unwrap();
        let _dropped = tokio::time::timeout(wait, keys.destroy(id)).await;
        keys.destroy(id).await.unwrap();
        assert!(matches!(keys.ready(id).await, Err(KeyFault::Destroyed(_))));
    }
}

#[tokio::test]
async fn reading_and_destroying_at_once_never_revives_a_key() {
    let house = House::new();
    let keys = house.created().await;
    for turn in 0..100 {
        let id = keys.make(KeyKind::Room).await.unwrap();
        let (reading, destroying) = (keys.ready(id), keys.destroy(id));
        // The first of the two is first at the store's one connection.
        let destroyed = match turn % 2 {
            0 => tokio::join!(reading, destroying).1,
            _ => tokio::join!(destroying, reading).0,
        };
        destroyed.unwrap();
        assert!(keys.held(id).is_none());
        assert!(matches!(keys.ready(id).await, Err(KeyFault::Destroyed(_))));
    }
}

#[tokio::test]
async fn signing_keys_do_not_seal_and_sealing_keys_do_not_sign() {
    let house = House::new();
    let keys = house.created().await;
    let room = keys.make(KeyKind::Room).await.unwrap();
    let signer = keys.first_signer(Uuid::from_u128(1), Millis(0)).await.unwrap();
    assert!(matches!(keys.ready(signer.day_key().key).await, Err(KeyFault::Damaged(_))));
    assert!(matches!(keys.unwrapped(room, Use::Sign).await, Err(KeyFault::Damaged(_))));
}

#[tokio::test]
async fn a_file_that_is_no_key_store_is_refused() {
    let house = House::new();
    fs::write(house.folder.path().join(FILE), "not a database at all, yet long enough to have a header")
        .unwrap();
    assert!(KeyStore::open(house.folder.path(), &house.master, &house.clock).await.is_err());
    fs::write(house.folder.path().join(FILE), "").unwrap();
    assert!(KeyStore::open(house.folder.path(), &house.master, &house.clock).await.is_err());
}

#[tokio::test]
async fn values_of_a_destroyed_key_stay_closed_for_every_other_key() {
    let house = House::new();
    let keys = house.created().await;
    let (gone, left) = (keys.make(KeyKind::Room).await.unwrap(), keys.make(KeyKind::Room).await.unwrap());
    let sealed = seal(&keys.ready(gone).await.unwrap(), &place(), b"text");
    keys.destroy(gone).await.unwrap();
    let other = keys.ready(left).await.unwrap();
    assert_eq!(open(&other, &place(), sealed.as_bytes()), Err(SealFault::OtherKey(gone)));
}

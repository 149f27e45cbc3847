//! Copies of the key store that lie in backups: whether a key still opens in one, and taking out of it what was destroyed since.
use std::path::Path;

use uuid::Uuid;

use super::keys::{KeyFault, unwrapped, wrap_cipher};
use super::master::MasterKey;
use super::seal::KeyId;
use super::store::{self, Found, Store};
use crate::clock::Millis;

/// What a copy still has of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// With the master key it opens: what it closed can be read.
    Opens,
    /// It is there, and this master key does not open it.
    Shut,
    /// It is listed as destroyed, and gone.
    Destroyed,
    /// There is nothing of it.
    Nothing,
}

/// Tries a key of a copy with the master key. Nothing is changed.
pub async fn held(copy: &Path, master: &MasterKey, id: KeyId) -> Result<Held, KeyFault> {
    Ok(match store::look(copy, id.0).await? {
        Found::Wrapped { kind, bytes } => match unwrapped(&wrap_cipher(master), id, &kind, &bytes) {
            Some(_) => Held::Opens,
            None => Held::Shut,
        },
        Found::Destroyed => Held::Destroyed,
        Found::Nothing => Held::Nothing,
    })
}

/// Lists keys as destroyed in a copy and wipes them there. Whether any was in it; repeatable.
pub async fn forget(copy: &Path, list: &[(KeyId, Millis)]) -> Result<bool, KeyFault> {
    let entries: Vec<(Uuid, i64)> = list.iter().map(|(id, at)| (id.0, at.0)).collect();
    let store = Store::open(copy).await?;
    store.list(&entries).await?;
    let wiped = store.wipe_listed().await?;
    store.close().await?;
    Ok(wiped > 0)
}

#[cfg(test)]
mod tests {
    use super::super::keys::{KeyKind, KeyStore};
    use super::*;
    use crate::clock::Clock;

    #[tokio::test]
    async fn a_copy_opens_what_it_holds_until_that_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let (master, clock) = (MasterKey::random(), Clock::manual(1_795_000_000_000));
        let keys = KeyStore::create(folder.path(), &master, &clock).await.unwrap();
        let (erased, kept) =
            (keys.make(KeyKind::Room).await.unwrap(), keys.make(KeyKind::Room).await.unwrap());
        let copy = folder.path().join("copy.db");
        keys.copy_to(&copy).await.unwrap();
        keys.list_destroyed(erased).await.unwrap();
        assert!(matches!(keys.ready(erased).await, Err(KeyFault::Destroyed(_))), "listed is as good as gone");
        keys.destroy(erased).await.unwrap();
        let live = folder.path().join(super::super::keys::FILE);
        assert_eq!(held(&live, &master, erased).await.unwrap(), Held::Destroyed);
        assert_eq!(held(&copy, &master, erased).await.unwrap(), Held::Opens, "an old copy holds it still");
        assert_eq!(held(&copy, &MasterKey::random(), erased).await.unwrap(), Held::Shut);
        let list = keys.destroyed().await.unwrap();
        assert!(forget(&copy, &list).await.unwrap() && !forget(&copy, &list).await.unwrap());
        assert_eq!(held(&copy, &master, erased).await.unwrap(), Held::Destroyed);
        assert_eq!(held(&copy, &master, kept).await.unwrap(), Held::Opens, "and nothing else goes");
        let stranger = KeyId(Uuid::from_u128(1));
        assert_eq!(held(&copy, &master, stranger).await.unwrap(), Held::Nothing);
    }
}

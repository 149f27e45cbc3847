//! The disk is full: what is acknowledged is stored, what is not is not, and space brings the store back.

use super::ground::{Ground, Said, SmallDisk, TRACES, noise, post, say, send};
use crate::store::{Store, StoreConfig, StoreFault};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    let disk = SmallDisk::new("24m");
    let mut ground = Ground::sqlite().await;
    let config = StoreConfig::Sqlite { path: disk.path.join("content.db") };
    let store = Store::open_with(&config, super::ground::migrator()).await.unwrap();
    std::mem::replace(&mut ground.store, store).close().await;
    ground.config = config;
    story(&ground, &disk).await;
    ground.leave().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    let disk = SmallDisk::new("48m");
    let space = format!("small_{}", std::process::id());
    let files = disk.path.join("space");
    std::fs::create_dir(&files).unwrap();
    let owned = std::process::Command::new("chown").arg("postgres").arg(&files).status().unwrap();
    assert!(owned.success());
    for place in [disk.path.as_path(), disk.path.parent().unwrap()] {
        std::fs::set_permissions(place, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
    super::ground::run_as_admin(&format!("CREATE TABLESPACE {space} LOCATION '{}'", files.display())).await;
    let ground = Ground::postgres_with(&format!("TABLESPACE {space}")).await;
    story(&ground, &disk).await;
    ground.leave().await;
    super::ground::run_as_admin(&format!("DROP TABLESPACE {space}")).await;
}

async fn story(ground: &Ground, disk: &SmallDisk) {
    let store = &ground.store;
    send(store, 1, 1).await.unwrap();
    disk.fill(512 * 1024);

    // The second of four acts does not fit: it alone fails, and the others are stored once each.
    let big = noise(3 * 1024 * 1024);
    let large = say(store, 1, 99, big);
    let (a, b, c, d) = ground
        .one_batch(async {
            tokio::join!(biased; send(store, 1, 2), large, send(store, 1, 3), send(store, 1, 4))
        })
        .await;
    assert!(matches!((&a, &c, &d), (Ok(2), Ok(3), Ok(4))), "{a:?} {c:?} {d:?}");
    assert!(matches!(b.unwrap_err().fault(), StoreFault::Full { .. }));
    assert_eq!(ground.ids(1).await, [1, 2, 3, 4]);

    // An act that swallows the failure writes nothing more, although SQLite has ended its transaction.
    let big = noise(3 * 1024 * 1024);
    let deaf = store.act(async move |tx| {
        post(tx, 1, 98, &big).await?;
        assert!(tx.flush().await.is_err());
        tx.insert(&TRACES, vec![9.into(), 9.into()]);
        assert!(tx.flush().await.is_err());
        Ok::<_, Said>(())
    });
    assert!(deaf.await.is_err());

    // Nothing fits any more: fill up until small acts fail too.
    disk.fill(0);
    let mut stored = vec![1, 2, 3, 4];
    for id in 100..10_000 {
        match send(store, 1, id).await {
            Ok(position) => {
                stored.push(id);
                assert_eq!(usize::try_from(position).unwrap(), stored.len());
            }
            Err(said) => {
                assert!(matches!(said.fault(), StoreFault::Full { .. }), "{said:?}");
                break;
            }
        }
    }
    assert!(stored.len() < 9_000, "the disk never filled up");
    let (a, b) = ground
        .one_batch(async { tokio::join!(biased; send(store, 1, 20_000), send(store, 1, 20_001)) })
        .await;
    for (id, answer) in [(20_000, a), (20_001, b)] {
        if answer.is_ok() {
            stored.push(id);
        }
    }
    assert_eq!(ground.ids(1).await, stored, "stored is what was acknowledged");

    disk.free();
    let big = noise(3 * 1024 * 1024);
    store.act(async move |tx| post(tx, 1, 99, &big).await).await.unwrap();
    stored.push(99);
    assert_eq!(ground.ids(1).await, stored);
    assert_eq!(ground.count("SELECT count(*) FROM traces WHERE room = 9").await, 0);
}

//! COMMIT ends without an answer: nobody is told yes who is not stored, and nobody is stored twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::ground::{Ground, migrator, post, run_as_admin, send};
use crate::store::{Store, StoreConfig, StoreFault};

/// Passes everything, or cuts the next connection that commits.
const PASS: u8 = 0;
/// Cuts once the COMMIT is through and answered, before the answer is passed on.
const CUT_THE_ANSWER: u8 = 1;
/// Cuts before the COMMIT is through.
const CUT_THE_COMMIT: u8 = 2;
/// Cuts the answer and lets nobody in any more.
const CUT_AND_SHUT: u8 = 3;
const SHUT: u8 = 4;

/// A wire between the store and its database that can be cut at the worst moment.
async fn wire(to: String, mode: Arc<AtomicU8>) -> (u16, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut wires = JoinSet::new();
    wires.spawn(async move {
        let mut links = JoinSet::new();
        while let Ok((near, _)) = listener.accept().await {
            if mode.load(Ordering::SeqCst) == SHUT {
                continue;
            }
            let far = TcpStream::connect(&to).await.unwrap();
            links.spawn(link(near, far, mode.clone()));
        }
    });
    (port, wires)
}

async fn link(mut near: TcpStream, mut far: TcpStream, mode: Arc<AtomicU8>) {
    let (mut asked, mut said) = ([0; 65_536], [0; 65_536]);
    loop {
        tokio::select! {
            got = near.read(&mut asked) => {
                let Ok(size @ 1..) = got else { return };
                let commits = asked[..size].windows(7).any(|word| word == b"COMMIT\0");
                let cut = commits.then(|| mode.load(Ordering::SeqCst)).filter(|mode| *mode != PASS);
                if cut == Some(CUT_THE_COMMIT) {
                    mode.store(PASS, Ordering::SeqCst);
                    return;
                }
                far.write_all(&asked[..size]).await.unwrap();
                if let Some(cut) = cut {
                    assert!(far.read(&mut said).await.unwrap() > 0);
                    mode.store(if cut == CUT_AND_SHUT { SHUT } else { PASS }, Ordering::SeqCst);
                    return;
                }
            }
            got = far.read(&mut said) => {
                let Ok(size @ 1..) = got else { return };
                if near.write_all(&said[..size]).await.is_err() {
                    return;
                }
            }
        }
    }
}

struct Wired {
    ground: Ground,
    /// The store behind the wire.
    store: Store,
    mode: Arc<AtomicU8>,
    _wires: JoinSet<()>,
}

async fn wired() -> Wired {
    let ground = Ground::postgres().await;
    let StoreConfig::Postgres { url } = &ground.config else { panic!("a PostgreSQL store") };
    let (who, rest) = url.split_once('@').unwrap();
    let (address, database) = rest.split_once('/').unwrap();
    let mode = Arc::new(AtomicU8::new(PASS));
    let (port, wires) = wire(address.to_owned(), mode.clone()).await;
    let config = StoreConfig::Postgres { url: format!("{who}@127.0.0.1:{port}/{database}") };
    let store = Store::open_with(&config, migrator()).await.unwrap();
    Wired { ground, store, mode, _wires: wires }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_found_again() {
    let Wired { ground, store, mode, _wires } = wired().await;
    for (round, cut) in [CUT_THE_ANSWER, CUT_THE_COMMIT].into_iter().enumerate() {
        let round = i64::try_from(round).unwrap();
        // Alone, then several in one batch.
        mode.store(cut, Ordering::SeqCst);
        assert!(matches!(send(&store, round, 1).await, Ok(1)));
        assert_eq!(mode.load(Ordering::SeqCst), PASS, "the wire was cut");
        mode.store(cut, Ordering::SeqCst);
        let act = |id| store.act(async move |tx| post(tx, round, id, "text").await);
        let (a, b, c) = tokio::join!(biased; act(2), act(3), act(4));
        assert!(matches!((&a, &b, &c), (Ok(2), Ok(3), Ok(4))), "{a:?} {b:?} {c:?}");
        assert_eq!(mode.load(Ordering::SeqCst), PASS, "the wire was cut");
        assert_eq!(ground.ids(round).await, [1, 2, 3, 4]);
    }
    assert_eq!(ground.count("SELECT count(*) FROM traces").await, 8, "nothing is stored twice");
    assert_eq!(store.stats().reconnects, 4);
    store.close().await;
    ground.leave().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_cannot_be_found_again_is_unknown() {
    let Wired { ground, store, mode, _wires } = wired().await;
    mode.store(CUT_AND_SHUT, Ordering::SeqCst);
    let said = send(&store, 1, 1).await.unwrap_err();
    assert!(matches!(said.fault(), StoreFault::Unknown { .. }), "{said:?}");
    let said = send(&store, 1, 2).await.unwrap_err();
    assert!(matches!(said.fault(), StoreFault::Unreachable { .. }), "{said:?}");
    mode.store(PASS, Ordering::SeqCst);
    assert!(matches!(send(&store, 1, 1).await, Ok(1)), "the retry finds what was stored");
    assert!(matches!(send(&store, 1, 2).await, Ok(2)));
    assert_eq!(ground.ids(1).await, [1, 2]);
    store.close().await;
    ground.leave().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_writer_whose_connection_was_ended_connects_again() {
    let ground = Ground::postgres().await;
    send(&ground.store, 1, 1).await.unwrap();
    let StoreConfig::Postgres { url } = &ground.config else { panic!("a PostgreSQL store") };
    let (_, database) = url.rsplit_once('/').unwrap();
    for id in 2..6 {
        run_as_admin(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}' AND pid <> pg_backend_pid()"
        ))
        .await;
        assert!(matches!(send(&ground.store, 1, id).await, Ok(position) if position == id));
    }
    assert_eq!(ground.ids(1).await, [1, 2, 3, 4, 5]);
    ground.leave().await;
}

//! What a store is asked before it is trusted.

use std::path::Path;

use sqlx::{ConnectOptions, Connection};

use super::ground::{Ground, Said, migrator, on_both, run_as_admin, send};
use crate::store::{Store, StoreConfig, StoreFault, on_engine, sqlite};

on_both!(what_is_stored_is_there_after_reopening, a_newer_store_is_refused_by_name);

async fn what_is_stored_is_there_after_reopening(ground: &Ground) {
    send(&ground.store, 1, 1).await.unwrap();
    let store = ground.reopen().await;
    assert!(matches!(send(&store, 1, 1).await, Ok(1)));
    assert!(matches!(send(&store, 1, 2).await, Ok(2)));
    store.close().await;
}

async fn a_newer_store_is_refused_by_name(ground: &Ground) {
    const NEWER: &str =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        SELECT 9999, 'later', success, checksum, execution_time FROM _sqlx_migrations";
    let act = ground.store.act(async |tx| {
        on_engine!(tx.conn(), c => sqlx::query(NEWER).execute(c).await.map(|_| ()))?;
        Ok::<_, Said>(())
    });
    act.await.unwrap();
    let refused = Store::open_with(&ground.config, migrator()).await.err().unwrap();
    assert!(matches!(refused, StoreFault::Newer { store: 9999, program: 1 }), "{refused}");
}

#[tokio::test]
async fn sqlite_settings_are_read_back_on_every_connection() {
    let ground = Ground::sqlite().await;
    let settings = async |conn: &mut crate::store::Conn| {
        const SQL: &str = "SELECT j.journal_mode, s.synchronous, f.foreign_keys, b.timeout
            FROM pragma_journal_mode j, pragma_synchronous s, pragma_foreign_keys f, pragma_busy_timeout b";
        let read: (String, i64, i64, i64) =
            on_engine!(conn, c => sqlx::query_as(SQL).fetch_one(c).await).unwrap();
        read
    };
    let needed = ("wal".to_owned(), 2, 1, 5_000);
    let writer = ground.store.act(async move |tx| Ok::<_, Said>(settings(tx.conn()).await)).await.unwrap();
    assert_eq!(writer, needed);
    let mut views = Vec::new();
    for _ in 0..8 {
        let mut view = ground.view().await;
        assert_eq!(settings(view.conn()).await, needed);
        views.push(view);
    }
    drop(views);
    // The check itself can fail.
    for (pragma, name) in [
        ("PRAGMA synchronous = NORMAL", "synchronous"),
        ("PRAGMA foreign_keys = OFF", "foreign_keys"),
        ("PRAGMA busy_timeout = 1", "busy_timeout"),
        ("PRAGMA mmap_size = 4096", "mmap_size"),
        ("PRAGMA temp_store = FILE", "temp_store"),
    ] {
        let mut conn = sqlite::options(&ground.path().join("content.db")).connect().await.unwrap();
        sqlite::verify(&mut conn).await.unwrap();
        sqlx::query(pragma).execute(&mut conn).await.unwrap();
        let unfit = sqlite::verify(&mut conn).await.unwrap_err();
        assert!(unfit.to_string().contains(name), "{unfit}");
        conn.close().await.unwrap();
    }
    let mut other = sqlite::options(&ground.path().join("other.db"))
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Delete)
        .connect()
        .await
        .unwrap();
    assert!(sqlite::verify(&mut other).await.unwrap_err().to_string().contains("journal_mode"));
    ground.leave().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_without_synced_commits_is_refused() {
    let ground = Ground::postgres().await;
    let StoreConfig::Postgres { url } = &ground.config else { panic!("a PostgreSQL store") };
    let (_, database) = url.rsplit_once('/').unwrap();
    run_as_admin(&format!("ALTER DATABASE {database} SET synchronous_commit = off")).await;
    let refused = Store::open_with(&ground.config, migrator()).await.err().unwrap();
    assert!(matches!(&refused, StoreFault::Unfit(why) if why.contains("synchronous_commit")), "{refused}");
    ground.leave().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_clean_stop_the_log_is_gone_and_after_a_crash_the_file_is_checked() {
    let ground = Ground::sqlite().await;
    for id in 1..=200 {
        send(&ground.store, 1, id).await.unwrap();
    }
    let file = ground.path().join("content.db");
    let crashed = |name: &str| {
        // What a crash leaves: file and log as they are now.
        let copy = ground.path().join(name);
        for end in ["", "-wal"] {
            let with = |path: &Path| format!("{}{end}", path.display());
            std::fs::copy(with(&file), with(&copy)).unwrap();
        }
        StoreConfig::Sqlite { path: copy }
    };
    let whole = Store::open_with(&crashed("whole.db"), migrator()).await.unwrap();
    assert!(matches!(send(&whole, 1, 201).await, Ok(201)));
    whole.close().await;
    assert!(!sqlite::stopped_uncleanly(&ground.path().join("whole.db")));

    // A second file, wholly checkpointed and then damaged, beside a log that says the stop was unclean.
    std::fs::copy(ground.path().join("whole.db"), ground.path().join("torn.db")).unwrap();
    let torn = ground.path().join("torn.db");
    let mut bytes = std::fs::read(&torn).unwrap();
    let pages = bytes.len() / 4096;
    for page in 4..pages {
        bytes[page * 4096..page * 4096 + 64].fill(0x5a);
    }
    std::fs::write(&torn, bytes).unwrap();
    std::fs::write(ground.path().join("torn.db-wal"), [0; 32]).unwrap();
    let refused = Store::open_with(&StoreConfig::Sqlite { path: torn }, migrator()).await.err().unwrap();
    assert!(matches!(refused, StoreFault::Damaged(_)), "{refused}");
    ground.leave().await;
}

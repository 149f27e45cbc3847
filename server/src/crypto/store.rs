//! All SQL of `keys.db`: one connection that forgets what is deleted and syncs what is kept.
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, Row, SqliteConnection};
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};
use uuid::Uuid;

/// Never WAL: destroyed keys would lie on in it.
const JOURNAL: &str = "delete";
/// EXTRA also syncs the folder after the rollback journal goes, so that a commit survives a power cut.
const SYNCHRONOUS: i64 = 3;

const SCHEMA: [&str; 3] = [
    "CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT",
    "CREATE TABLE keys (id BLOB NOT NULL UNIQUE, kind TEXT NOT NULL, wrapped BLOB NOT NULL, created_at INTEGER NOT NULL) STRICT",
    "CREATE TABLE destroyed (id BLOB NOT NULL UNIQUE, at INTEGER NOT NULL) STRICT",
];

/// What the key database answers when it does not do as told.
#[derive(Debug, thiserror::Error)]
pub enum KeyStoreFault {
    /// A setting that erasure or durability rests on did not take.
    #[error("the key store refuses its setting {pragma}: wanted {wanted}, got {got}")]
    Setting {
        /// The setting.
        pragma: &'static str,
        /// What it must be.
        wanted: String,
        /// What it is.
        got: String,
    },
    /// It was closed before.
    #[error("the key store is closed")]
    Closed,
    /// The database failed.
    #[error("the key store failed")]
    Database(#[from] sqlx::Error),
}

type Outcome<T> = Result<T, KeyStoreFault>;

pub(super) struct Wrapped {
    pub(super) id: Uuid,
    pub(super) kind: &'static str,
    pub(super) bytes: Vec<u8>,
    pub(super) created_at: i64,
}

pub(super) enum Found {
    Wrapped { kind: String, bytes: Vec<u8> },
    Destroyed,
    Nothing,
}

/// A lock instead of a pool: it is free again as soon as a caller is done or gone, on any runtime.
pub(super) struct Store(Mutex<Option<SqliteConnection>>);

impl Store {
    /// Opens a database that exists; it is never made here.
    pub(super) async fn open(path: &Path) -> Outcome<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Delete)
            .synchronous(SqliteSynchronous::Extra)
            .pragma("secure_delete", "ON")
            .pragma("temp_store", "MEMORY")
            .busy_timeout(Duration::from_secs(5));
        let mut conn = SqliteConnection::connect_with(&options).await?;
        check_settings(&mut conn).await?;
        Ok(Self(Mutex::new(Some(conn))))
    }

    pub(super) async fn close(&self) -> Outcome<()> {
        match self.0.lock().await.take() {
            Some(conn) => Ok(conn.close().await?),
            None => Ok(()),
        }
    }

    async fn conn(&self) -> Outcome<MappedMutexGuard<'_, SqliteConnection>> {
        MutexGuard::try_map(self.0.lock().await, Option::as_mut).map_err(|_none| KeyStoreFault::Closed)
    }

    /// Lays the tables and the first facts, all or nothing.
    pub(super) async fn lay(&self, meta: &[(&'static str, Vec<u8>)], first: &[Wrapped]) -> Outcome<()> {
        const SQL: &str = "INSERT INTO meta (name, value) VALUES ($1, $2)";
        let mut conn = self.conn().await?;
        let mut tx = conn.begin().await?;
        for table in SCHEMA {
            sqlx::query(table).execute(&mut *tx).await?;
        }
        for (name, value) in meta {
            sqlx::query(SQL).bind(name).bind(value.as_slice()).execute(&mut *tx).await?;
        }
        for key in first {
            insert(&mut tx, key).await?;
        }
        Ok(tx.commit().await?)
    }

    pub(super) async fn meta(&self, name: &str) -> Outcome<Option<Vec<u8>>> {
        const SQL: &str = "SELECT value FROM meta WHERE name = $1";
        Ok(sqlx::query_scalar(SQL).bind(name).fetch_optional(&mut *self.conn().await?).await?)
    }

    /// Stores keys; they are synced when this returns, all or none.
    pub(super) async fn add(&self, keys: &[Wrapped]) -> Outcome<()> {
        let mut conn = self.conn().await?;
        let mut tx = conn.begin().await?;
        for key in keys {
            insert(&mut tx, key).await?;
        }
        Ok(tx.commit().await?)
    }

    pub(super) async fn find(&self, id: Uuid) -> Outcome<Found> {
        const SQL: &str = "SELECT destroyed.at, keys.kind, keys.wrapped FROM (SELECT $1 AS id) AS asked \
            LEFT JOIN destroyed ON destroyed.id = asked.id LEFT JOIN keys ON keys.id = asked.id";
        let row = sqlx::query(SQL).bind(id).fetch_one(&mut *self.conn().await?).await?;
        if row.try_get::<Option<i64>, _>(0)?.is_some() {
            return Ok(Found::Destroyed);
        }
        match (row.try_get(1)?, row.try_get(2)?) {
            (Some(kind), Some(bytes)) => Ok(Found::Wrapped { kind, bytes }),
            (None, _) | (_, None) => Ok(Found::Nothing),
        }
    }

    /// Enters keys into the list of the destroyed; an entry stays as it was first made.
    pub(super) async fn list(&self, entries: &[(Uuid, i64)]) -> Outcome<()> {
        const SQL: &str = "INSERT INTO destroyed (id, at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
        let mut conn = self.conn().await?;
        let mut tx = conn.begin().await?;
        for (id, at) in entries {
            sqlx::query(SQL).bind(id).bind(at).execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Wipes every key that is on the list.
    pub(super) async fn wipe_listed(&self) -> Outcome<u64> {
        const SQL: &str = "DELETE FROM keys WHERE id IN (SELECT id FROM destroyed)";
        Ok(sqlx::query(SQL).execute(&mut *self.conn().await?).await?.rows_affected())
    }

    /// Wipes one key.
    pub(super) async fn wipe(&self, id: Uuid) -> Outcome<()> {
        const SQL: &str = "DELETE FROM keys WHERE id = $1";
        sqlx::query(SQL).bind(id).execute(&mut *self.conn().await?).await?;
        Ok(())
    }

    /// Copies what stands now into a new file; nothing that was wiped is in it.
    pub(super) async fn copy_to(&self, file: &Path) -> Outcome<()> {
        const SQL: &str = "VACUUM INTO $1";
        let file = file.to_string_lossy().into_owned();
        sqlx::query(SQL).bind(file).execute(&mut *self.conn().await?).await?;
        Ok(())
    }

    pub(super) async fn listed(&self) -> Outcome<Vec<(Uuid, i64)>> {
        const SQL: &str = "SELECT id, at FROM destroyed ORDER BY at, id";
        Ok(sqlx::query_as(SQL).fetch_all(&mut *self.conn().await?).await?)
    }
}

/// What a file says of a key, looked at without changing anything.
pub(super) async fn look(path: &Path, id: Uuid) -> Outcome<Found> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .create_if_missing(false)
        .busy_timeout(Duration::from_secs(5));
    let store = Store(Mutex::new(Some(SqliteConnection::connect_with(&options).await?)));
    let found = store.find(id).await;
    store.close().await?;
    found
}

async fn insert(conn: &mut SqliteConnection, key: &Wrapped) -> Outcome<()> {
    const SQL: &str = "INSERT INTO keys (id, kind, wrapped, created_at) VALUES ($1, $2, $3, $4)";
    sqlx::query(SQL)
        .bind(key.id)
        .bind(key.kind)
        .bind(key.bytes.as_slice())
        .bind(key.created_at)
        .execute(conn)
        .await?;
    Ok(())
}

async fn check_settings(conn: &mut SqliteConnection) -> Outcome<()> {
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *conn).await?;
    must_be("journal_mode", JOURNAL, journal.as_str())?;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut *conn).await?;
    must_be("synchronous", SYNCHRONOUS, synchronous)?;
    let secure_delete: i64 = sqlx::query_scalar("PRAGMA secure_delete").fetch_one(&mut *conn).await?;
    must_be("secure_delete", 1_i64, secure_delete)
}

fn must_be<T: ToString + PartialEq + Copy>(pragma: &'static str, wanted: T, got: T) -> Outcome<()> {
    if wanted == got {
        return Ok(());
    }
    Err(KeyStoreFault::Setting { pragma, wanted: wanted.to_string(), got: got.to_string() })
}

//! SQLite as we need it: set, read back, and checked after an unclean stop.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, Row};

use super::Checked;
use super::fault::StoreFault;

/// Earlier versions can corrupt a write-ahead log.
const OLDEST: (u32, u32, u32) = (3, 51, 3);
const BUSY: Duration = Duration::from_secs(5);
const READERS: u32 = 8;
/// The statements of all nouns and four sizes of each bulk statement stay prepared.
pub(super) const PREPARED: usize = 512;
/// What every connection must be set to, by the name of its pragma.
pub(super) const NEEDED: [(&str, i64); 5] = [
    ("synchronous", 2),
    ("foreign_keys", 1),
    ("busy_timeout", BUSY.as_millis() as i64),
    ("mmap_size", 0),
    // Nothing is sorted or set aside in files of their own: not outside the data folder, and not at the price of one.
    ("temp_store", 2),
];
/// What the writer's connections are set to besides.
///
/// A full batch touches a few pages in each of its rooms; 32 MiB a connection (used only as far as needed) hold them all until COMMIT, else
/// they are written twice. The log goes into the file when it has 8,000 pages: rooms that are busy touch the same ones again.
pub(super) const OF_WRITER: [(&str, i64); 2] = [("cache_size", -32_768), ("wal_autocheckpoint", 8_000)];

pub(super) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .pragma("mmap_size", "0")
        .pragma("temp_store", "2")
        .statement_cache_capacity(PREPARED)
        .disable_statement_logging()
}

/// The writer's connection.
pub(super) async fn connect(path: &Path) -> Result<SqliteConnection, StoreFault> {
    let of_writer = |options: SqliteConnectOptions, (name, value): &(&'static str, i64)| {
        options.pragma(*name, value.to_string())
    };
    let options = OF_WRITER.iter().fold(options(path), of_writer);
    let mut conn =
        options.connect().await.map_err(|error| StoreFault::new("opening the database file", error))?;
    verify(&mut conn).await?;
    Ok(conn)
}

pub(super) async fn readers(path: &Path) -> Result<SqlitePool, StoreFault> {
    SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(1)
        .acquire_timeout(super::admission::READ_WAIT)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(|conn, _| {
            Box::pin(async move {
                verify(conn).await.map_err(|fault| sqlx::Error::Configuration(Box::new(fault)))
            })
        })
        // The inner pages of a million posts' indexes stay in memory: 4 MiB instead of SQLite's 2.
        .connect_with(options(path).read_only(true).create_if_missing(false).pragma("cache_size", "-4096"))
        .await
        .map_err(|error| StoreFault::new("opening the readers", error))
}

/// Reads back what was set: a build or a file that refuses a setting does so in silence.
pub(super) async fn verify(conn: &mut SqliteConnection) -> Result<(), StoreFault> {
    const DOING: &str = "reading the settings back";
    let fault = |error| StoreFault::new(DOING, error);
    let version: String =
        sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut *conn).await.map_err(fault)?;
    if parse(&version).is_none_or(|version| version < OLDEST) {
        let (major, minor, patch) = OLDEST;
        return Err(StoreFault::Unfit(format!("SQLite is {version}, needed is {major}.{minor}.{patch}")));
    }
    let mode: String =
        sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *conn).await.map_err(fault)?;
    if mode != "wal" {
        return Err(StoreFault::Unfit(format!("journal_mode is {mode}, needed is wal")));
    }
    for (name, needed) in NEEDED {
        let sql = AssertSqlSafe(format!("PRAGMA {name}"));
        // Without memory mapping in the build there is no row, which is as good as 0.
        let row = (&mut *conn).fetch_optional(sql).await.map_err(fault)?;
        let found: i64 = row.map_or(Ok(0), |row| row.try_get(0)).map_err(fault)?;
        if found != needed {
            return Err(StoreFault::Unfit(format!("{name} is {found}, needed is {needed}")));
        }
    }
    Ok(())
}

fn parse(version: &str) -> Option<(u32, u32, u32)> {
    let mut parts = version.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??, parts.next()??))
}

/// A clean stop removes the write-ahead log; one that still holds something was left by a crash.
pub(super) fn stopped_uncleanly(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(PathBuf::from(log)).is_ok_and(|log| log.len() > 0)
}

pub(super) async fn quick_check(conn: &mut SqliteConnection) -> Result<(), StoreFault> {
    check(conn, "PRAGMA quick_check(5)").await
}

pub(super) async fn integrity_check(conn: &mut SqliteConnection) -> Result<Checked, StoreFault> {
    const TABLES: &str = "SELECT 'SELECT COUNT(*) FROM \"' || name || '\"' FROM sqlite_schema
        WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
    const STRAYS: &str = "SELECT DISTINCT \"table\" FROM pragma_foreign_key_check";
    let fault = |error| StoreFault::new("checking the database file", error);
    check(conn, "PRAGMA integrity_check(5)").await?;
    let strays: Vec<String> = sqlx::query_scalar(STRAYS).fetch_all(&mut *conn).await.map_err(fault)?;
    if !strays.is_empty() {
        return Err(StoreFault::Damaged(format!("rows refer to what is not there: {}", strays.join(", "))));
    }
    let counts: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(&mut *conn).await.map_err(fault)?;
    let mut rows = 0;
    for count in counts {
        // The statement was written by the engine out of its own catalogue.
        let of_table: i64 =
            sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(&mut *conn).await.map_err(fault)?;
        rows += of_table;
    }
    Ok(Checked::Sqlite { rows })
}

async fn check(conn: &mut SqliteConnection, how: &'static str) -> Result<(), StoreFault> {
    let found: Vec<String> = sqlx::query_scalar(how)
        .fetch_all(conn)
        .await
        .map_err(|error| StoreFault::new("checking the database file", error))?;
    if found == ["ok"] { Ok(()) } else { Err(StoreFault::Damaged(found.join("; "))) }
}

/// Moves the whole log into the file; needs that no reader is left.
pub(super) async fn checkpoint(conn: &mut SqliteConnection) -> Result<(), StoreFault> {
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(conn)
        .await
        .map(|_| ())
        .map_err(|error| StoreFault::new("emptying the write-ahead log", error))
}

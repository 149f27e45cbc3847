//! PostgreSQL as we need it: durable, and with no backend of ours left behind.

use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};

use super::Checked;
use super::fault::StoreFault;

const READERS: u32 = 16;
const PREPARED: usize = 512;
/// How long a reader's statement, or a pause between two, may take.
const PATIENCE: &str = "30s";

/// The server's side of a writer's connection; while it lives, it may still be committing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Backend {
    pid: i32,
    started: i64,
}

impl Backend {
    /// A backend holds the advisory lock of this number until it is gone.
    fn lock(self) -> i64 {
        self.started ^ (i64::from(self.pid) << 40)
    }
}

pub(super) fn options(url: &str) -> Result<PgConnectOptions, StoreFault> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| StoreFault::new("reading the address of the database", error))?;
    Ok(options.application_name("tsumugi").statement_cache_capacity(PREPARED).disable_statement_logging())
}

/// Connects the writer; first ends `before`, the backend of a connection that was lost.
pub(super) async fn connect(
    options: &PgConnectOptions,
    before: Option<Backend>,
) -> Result<(PgConnection, Backend), StoreFault> {
    let fault = |error| StoreFault::new("connecting to the database", error);
    let mut conn = options.connect().await.map_err(fault)?;
    verify(&mut conn).await?;
    if let Some(before) = before {
        bury(&mut conn, before).await?;
    }
    const SELF: &str = "SELECT pid, (extract(epoch FROM backend_start) * 1000000)::int8
        FROM pg_stat_activity WHERE pid = pg_backend_pid()";
    let (pid, started) = sqlx::query_as(SELF).fetch_one(&mut conn).await.map_err(fault)?;
    let backend = Backend { pid, started };
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(backend.lock())
        .execute(&mut conn)
        .await
        .map_err(fault)?;
    Ok((conn, backend))
}

/// Waits until `before` is gone: only then is what it committed visible, and nothing more of it follows.
async fn bury(conn: &mut PgConnection, before: Backend) -> Result<(), StoreFault> {
    const END: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid = $1 AND (extract(epoch FROM backend_start) * 1000000)::int8 = $2";
    let fault = |error| StoreFault::new("waiting for the end of a lost connection", error);
    sqlx::query(END).bind(before.pid).bind(before.started).execute(&mut *conn).await.map_err(fault)?;
    conn.execute("SET lock_timeout = '10s'").await.map_err(fault)?;
    for sql in ["SELECT pg_advisory_lock($1)", "SELECT pg_advisory_unlock($1)"] {
        sqlx::query(sql).bind(before.lock()).execute(&mut *conn).await.map_err(fault)?;
    }
    conn.execute("RESET lock_timeout").await.map_err(fault)?;
    Ok(())
}

/// Whether our tables are there at all.
pub(super) async fn is_laid(options: &PgConnectOptions) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT to_regclass('regions') IS NOT NULL";
    let fault = |error| StoreFault::new("looking for tables", error);
    let mut conn = options.connect().await.map_err(fault)?;
    sqlx::query_scalar(SQL).fetch_one(&mut conn).await.map_err(fault)
}

/// A connection of its own for a look at everything, which may take as long as it takes.
pub(super) async fn looker(options: &PgConnectOptions) -> Result<PgPool, StoreFault> {
    PgPoolOptions::new()
        .max_connections(1)
        .connect_with(options.clone())
        .await
        .map_err(|error| StoreFault::new("opening a reader", error))
}

pub(super) async fn readers(options: &PgConnectOptions) -> Result<PgPool, StoreFault> {
    // A reader that hangs must not hold its snapshot for ever. The writer has no such limit: a COMMIT that the server
    // gives up half-way would look like a yes.
    let patience = [("statement_timeout", PATIENCE), ("idle_in_transaction_session_timeout", PATIENCE)];
    PgPoolOptions::new()
        .max_connections(READERS)
        .min_connections(1)
        .acquire_timeout(super::admission::READ_WAIT)
        .connect_with(options.clone().options(patience))
        .await
        .map_err(|error| StoreFault::new("opening the readers", error))
}

async fn verify(conn: &mut PgConnection) -> Result<(), StoreFault> {
    const SETTINGS: &str = "SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')";
    let (fsync, pages, commit): (String, String, String) = sqlx::query_as(SETTINGS)
        .fetch_one(conn)
        .await
        .map_err(|error| StoreFault::new("reading the settings back", error))?;
    for (name, found, unfit) in [
        ("fsync", &fsync, fsync == "off"),
        ("full_page_writes", &pages, pages == "off"),
        ("synchronous_commit", &commit, commit == "off"),
    ] {
        if unfit {
            return Err(StoreFault::Unfit(format!("{name} is {found}")));
        }
    }
    Ok(())
}

pub(super) async fn integrity_check(conn: &mut PgConnection) -> Result<Checked, StoreFault> {
    // As text every value is read whole, also those that are kept beside their row.
    const TABLES: &str =
        "SELECT format('SELECT COUNT(octet_length(t::text)) FROM %I.%I t', schemaname, tablename)
        FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename";
    const NOT_IN_FORCE: &str = "SELECT conname::text FROM pg_constraint
            WHERE connamespace = current_schema()::regnamespace AND NOT convalidated
        UNION ALL SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE c.relnamespace = current_schema()::regnamespace AND NOT (i.indisvalid AND i.indisready)";
    const CHECKSUMS: &str = "SELECT current_setting('data_checksums') = 'on'";
    let fault = |error| StoreFault::new("reading all rows", error);
    let loose: Vec<String> = sqlx::query_scalar(NOT_IN_FORCE).fetch_all(&mut *conn).await.map_err(fault)?;
    if !loose.is_empty() {
        return Err(StoreFault::Damaged(format!("not in force for all rows: {}", loose.join(", "))));
    }
    let counts: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(&mut *conn).await.map_err(fault)?;
    let mut rows = 0;
    for count in counts {
        // The statement was written by the engine out of its own catalogue.
        let of_table: i64 =
            sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(&mut *conn).await.map_err(fault)?;
        rows += of_table;
    }
    let checksums = sqlx::query_scalar(CHECKSUMS).fetch_one(&mut *conn).await.map_err(fault)?;
    Ok(Checked::Postgres { rows, checksums })
}

//! A copy of everything that is stored, of one moment and made while others write; and the way back into an empty store.

use std::path::{Path, PathBuf};

use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use tokio::io::AsyncWriteExt;

use super::engine::{Engine, Handle};
use super::fault::StoreFault;
use super::{Readers, Store, StoreConfig, migrations, postgres, sqlite};

/// The copy of a SQLite store, in the folder of a backup.
const FILE: &str = "content.db";

/// What a copy consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Copied {
    /// `sqlite` or `postgres`.
    pub engine: String,
    /// The version of its tables.
    pub version: i64,
    /// The tables, where each lies in a file of its own (PostgreSQL).
    pub tables: Vec<Table>,
}

/// A table of a copy: `<name>.copy`, in PostgreSQL's own binary form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns as they lie in the file, quoted and separated by commas.
    pub columns: String,
}

impl Table {
    fn file(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.copy", self.name))
    }
}

impl StoreConfig {
    const fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres { .. } => "postgres",
        }
    }
}

impl Store {
    /// Copies everything that is stored into an empty folder. Rows stay sealed as they are.
    ///
    /// # Errors
    /// When it cannot be read, or the folder not written; what is there then is no copy.
    pub async fn copy(config: &StoreConfig, folder: &Path) -> Result<Copied, StoreFault> {
        let engine = config.engine().to_owned();
        match config {
            StoreConfig::Sqlite { path } => {
                let version = copy_file(path, &folder.join(FILE)).await?;
                Ok(Copied { engine, version, tables: Vec::new() })
            }
            StoreConfig::Postgres { url } => {
                let readers = Readers::Postgres(postgres::looker(&postgres::options(url)?).await?);
                let mut view = readers.view().await?;
                match view.conn().ready().await? {
                    Engine::Postgres(conn) => copy_tables(conn, folder, engine).await,
                    Engine::Sqlite(_) => Err(StoreFault::Misused("a PostgreSQL store is none")),
                }
            }
        }
    }

    /// Brings a copy back into a store that is not there yet, or is empty (PostgreSQL), and checks every row of it.
    ///
    /// # Errors
    /// When the copy is of another engine or a newer program, when something is stored there already, or it cannot be written.
    pub async fn bring_back(config: &StoreConfig, folder: &Path, copied: &Copied) -> Result<(), StoreFault> {
        if copied.engine != config.engine() {
            return Err(StoreFault::Misused("the backup is of the other engine"));
        }
        if Self::is_laid(config).await? {
            return Err(StoreFault::Misused("something is stored there already"));
        }
        match config {
            StoreConfig::Sqlite { path } => put_file(&folder.join(FILE), path).await,
            StoreConfig::Postgres { url } => {
                let options = postgres::options(url)?;
                let fault = |error| StoreFault::new("connecting to the database", error);
                let mut handle = Handle::Postgres(options.connect().await.map_err(fault)?);
                // Its own version first: what came later is migrated at the next start, rows included.
                migrations::run(&migrations::upto(&migrations::postgres()?, copied.version)?, &mut handle)
                    .await?;
                let Handle::Postgres(mut conn) = handle else {
                    return Err(StoreFault::Misused("a PostgreSQL store is none"));
                };
                fill_tables(&mut conn, folder, &copied.tables).await?;
                conn.close().await.map_err(fault)
            }
        }
    }
}

fn io(doing: &'static str) -> impl Fn(std::io::Error) -> StoreFault {
    move |error| StoreFault::new(doing, sqlx::Error::Io(error))
}

const COPYING: &str = "copying the content";
const BACK: &str = "bringing the content back";
const VERSION: &str = "SELECT MAX(version) FROM _sqlx_migrations";

/// SQLite copies itself, page by page, while others go on writing.
async fn copy_file(from: &Path, to: &Path) -> Result<i64, StoreFault> {
    const SQL: &str = "VACUUM INTO $1";
    let fault = |error| StoreFault::new(COPYING, error);
    let options = sqlite::options(from).create_if_missing(false);
    let mut conn = options.connect().await.map_err(fault)?;
    sqlx::query(SQL).bind(to.to_string_lossy().into_owned()).execute(&mut conn).await.map_err(fault)?;
    conn.close().await.map_err(fault)?;
    let mut copy = looked_at(to).await?;
    let version = sqlx::query_scalar(VERSION).fetch_one(&mut copy).await.map_err(fault)?;
    sqlite::quick_check(&mut copy).await?;
    copy.close().await.map_err(fault)?;
    Ok(version)
}

/// A copy, opened as it lies there.
async fn looked_at(copy: &Path) -> Result<SqliteConnection, StoreFault> {
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(copy)
        .create_if_missing(false)
        .read_only(true)
        .pragma("temp_store", "2");
    options.connect().await.map_err(|error| StoreFault::new("looking at a copy of the content", error))
}

/// Under another name until it is whole, so that nobody opens half of it.
async fn put_file(from: &Path, to: &Path) -> Result<(), StoreFault> {
    let half = to.with_extension("restoring");
    tokio::fs::copy(from, &half).await.map_err(io(BACK))?;
    let mut copy = looked_at(&half).await?;
    sqlite::integrity_check(&mut copy).await?;
    copy.close().await.map_err(|error| StoreFault::new(BACK, error))?;
    let file = tokio::fs::File::open(&half).await.map_err(io(BACK))?;
    file.sync_all().await.map_err(io(BACK))?;
    tokio::fs::rename(&half, to).await.map_err(io(BACK))
}

async fn copy_tables(conn: &mut PgConnection, folder: &Path, engine: String) -> Result<Copied, StoreFault> {
    const TABLES: &str = "SELECT c.relname::text AS name, (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) \
        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns \
        FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace \
        AND left(c.relname, 1) <> '_' ORDER BY c.relname";
    let fault = |error| StoreFault::new(COPYING, error);
    let version = sqlx::query_scalar(VERSION).fetch_one(&mut *conn).await.map_err(fault)?;
    let rows = sqlx::query(TABLES).fetch_all(&mut *conn).await.map_err(fault)?;
    let mut tables = Vec::with_capacity(rows.len());
    for row in rows {
        let name: String = row.try_get("name").map_err(fault)?;
        let table = Table { name, columns: row.try_get("columns").map_err(fault)? };
        let mut file = tokio::fs::File::create_new(table.file(folder)).await.map_err(io(COPYING))?;
        let said = format!("COPY \"{}\" ({}) TO STDOUT (FORMAT binary)", table.name, table.columns);
        let mut pieces = conn.copy_out_raw(&said).await.map_err(fault)?;
        while let Some(piece) = pieces.try_next().await.map_err(fault)? {
            file.write_all(&piece).await.map_err(io(COPYING))?;
        }
        drop(pieces);
        file.sync_all().await.map_err(io(COPYING))?;
        tables.push(table);
    }
    Ok(Copied { engine, version, tables })
}

/// All tables or none.
async fn fill_tables(conn: &mut PgConnection, folder: &Path, tables: &[Table]) -> Result<(), StoreFault> {
    const REFERENCES: &str = "SELECT DISTINCT c.conrelid::regclass::text, c.confrelid::regclass::text FROM pg_constraint c \
        WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace";
    let fault = |error| StoreFault::new(BACK, error);
    let references: Vec<(String, String)> =
        sqlx::query_as(REFERENCES).fetch_all(&mut *conn).await.map_err(fault)?;
    let mut tx = conn.begin().await.map_err(fault)?;
    let names: Vec<String> = tables.iter().map(|table| format!("\"{}\"", table.name)).collect();
    // What a migration laid there is in the copy as well. The names were written by the engine out of its own catalogue.
    let empty = AssertSqlSafe(format!("TRUNCATE {}", names.join(", ")));
    sqlx::query(empty).execute(&mut *tx).await.map_err(fault)?;
    for table in in_order(tables, &references) {
        let file = tokio::fs::File::open(table.file(folder)).await.map_err(io(BACK))?;
        let said = format!("COPY \"{}\" ({}) FROM STDIN (FORMAT binary)", table.name, table.columns);
        let mut copy = tx.copy_in_raw(&said).await.map_err(fault)?;
        if let Err(error) = copy.read_from(file).await {
            copy.abort("the copy could not be read").await.ok();
            return Err(fault(error));
        }
        copy.finish().await.map_err(fault)?;
    }
    tx.commit().await.map_err(fault)
}

/// Tables after those that they refer to.
fn in_order<'a>(tables: &'a [Table], references: &[(String, String)]) -> Vec<&'a Table> {
    let mut left: Vec<&Table> = tables.iter().collect();
    let mut sorted: Vec<&Table> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |table: &&Table| {
            let mut parents = references.iter().filter(|(from, to)| *from == table.name && to != from);
            parents.any(|(_, to)| left.iter().any(|other| other.name == *to))
        };
        let (later, now): (Vec<&Table>, Vec<&Table>) = left.iter().copied().partition(waits);
        if now.is_empty() {
            // Tables in a ring: the engine says which reference is not met.
            sorted.extend(later);
            return sorted;
        }
        sorted.extend(now);
        left = later;
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_come_after_those_they_refer_to() {
        let table = |name: &str| Table { name: name.to_owned(), columns: String::new() };
        let tables = ["affiliations", "cards", "accounts", "ring", "gnir"].map(table);
        let refers = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let references = [
            refers("affiliations", "cards"),
            refers("affiliations", "accounts"),
            refers("cards", "accounts"),
            refers("cards", "cards"),
        ];
        let names = |tables: &[&Table]| tables.iter().map(|table| table.name.clone()).collect::<Vec<_>>();
        let sorted = in_order(&tables[..3], &references);
        assert_eq!(names(&sorted), ["accounts", "cards", "affiliations"]);
        let ring = [refers("ring", "gnir"), refers("gnir", "ring")];
        assert_eq!(in_order(&tables[3..], &ring).len(), 2, "a ring is left to the engine");
    }
}

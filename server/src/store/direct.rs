//! SQLite on the writer's own thread, for what is asked most often: sqlx would carry each statement to a thread of its own
//! and every result back, which costs a lone post several times what the disk does (docs/decisions/0010).

use std::borrow::Cow;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use rusqlite::types::{ToSqlOutput, Type, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags, ToSql, params_from_iter};
use sqlx::error::{DatabaseError, ErrorKind};
use uuid::Uuid;

use super::bulk::{Kind, Row, Value};
use super::engine::Commit;
use super::fault::{Cause, StoreFault};
use super::sqlite;

/// A second connection of the writer, which never has a transaction at the same time as sqlx's; or one for glances.
pub(super) struct Direct {
    conn: Connection,
}

/// Rows of one table. Each is a statement of its own: SQLite keeps a journal beside a statement of several rows, in case
/// that it fails halfway, and here a row costs no more than its share of one.
pub(super) struct Rows {
    /// How one row is written.
    pub(super) text: Arc<str>,
    /// Its values, row by row.
    pub(super) rows: Vec<Row>,
}

impl Direct {
    /// The writer's, with its settings.
    pub(super) fn open(path: &Path) -> Result<Self, StoreFault> {
        Self::set(path, OpenFlags::SQLITE_OPEN_READ_WRITE, &sqlite::OF_WRITER)
    }

    /// One that only reads.
    pub(super) fn reader(path: &Path) -> Result<Self, StoreFault> {
        Self::set(path, OpenFlags::SQLITE_OPEN_READ_ONLY, &[])
    }

    /// Opens it with its settings and reads them back.
    fn set(path: &Path, how: OpenFlags, besides: &[(&str, i64)]) -> Result<Self, StoreFault> {
        let open = || {
            let conn = Connection::open_with_flags(path, how | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
            conn.set_prepared_statement_cache_capacity(sqlite::PREPARED);
            for (name, value) in sqlite::NEEDED.iter().chain(besides) {
                conn.pragma_update(None, name, value)?;
            }
            Ok(conn)
        };
        let conn: Connection = open().map_err(|error| fault("opening the database file", error))?;
        let read = |error| fault("reading the settings back", error);
        let mode: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0)).map_err(read)?;
        if mode != "wal" {
            return Err(StoreFault::Unfit(format!("journal_mode is {mode}, needed is wal")));
        }
        for (name, needed) in sqlite::NEEDED.iter().chain(besides) {
            let found: i64 = conn.pragma_query_value(None, name, |row| row.get(0)).map_err(read)?;
            if found != *needed {
                return Err(StoreFault::Unfit(format!("{name} is {found}, needed is {needed}")));
            }
        }
        Ok(Self { conn })
    }

    /// What is read from here on is one moment of the store.
    pub(super) fn begin(&self) -> Result<(), StoreFault> {
        let begun = self.prepared("BEGIN").and_then(|mut begin| begin.execute([]));
        begun.map(|_| ()).map_err(|error| fault("beginning to read", error))
    }

    /// The end of a transaction that only read; whether the connection may be used again. An error may have ended it already.
    pub(super) fn end(&self) -> bool {
        self.conn.is_autocommit() || self.prepared("ROLLBACK").and_then(|mut end| end.execute([])).is_ok()
    }

    /// The rows of a question.
    pub(super) fn rows(
        &self,
        text: &str,
        values: &[Value],
        kinds: &[Kind],
    ) -> Result<Vec<Vec<Value>>, sqlx::Error> {
        let read = || {
            let mut statement = self.conn.prepare_cached(text)?;
            let mut rows = statement.query(params_from_iter(values))?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(cells(row, kinds)?);
            }
            Ok(found)
        };
        read().map_err(database_error)
    }

    /// From here on nobody else writes, so what is read now still holds when [`Direct::store`] writes: one transaction, and one
    /// round of locks, for both.
    pub(super) fn begin_to_write(&self) -> Result<(), sqlx::Error> {
        self.lock().map_err(database_error)
    }

    fn lock(&self) -> Result<(), rusqlite::Error> {
        if self.conn.is_autocommit() {
            self.prepared("BEGIN IMMEDIATE")?.execute([])?;
        }
        Ok(())
    }

    /// Writes rows in one transaction, the one that stands or a new one, and commits it.
    pub(super) fn store(&self, tables: &[Rows]) -> Commit {
        if let Err(error) = self.write(tables) {
            let failed = fault("writing rows", error);
            // A full disk may have ended the transaction already.
            if !self.conn.is_autocommit()
                && let Err(error) = self.conn.execute_batch("ROLLBACK")
            {
                return Commit::Unknown(Some(Cause::new(database_error(error))));
            }
            return Commit::No(failed);
        }
        match self.prepared("COMMIT").and_then(|mut commit| commit.execute([])) {
            Ok(_) => Commit::Yes,
            Err(error) => self.uncommitted(error),
        }
    }

    fn write(&self, tables: &[Rows]) -> Result<(), rusqlite::Error> {
        self.lock()?;
        for Rows { text, rows } in tables {
            let mut statement = self.prepared(text)?;
            for row in rows {
                statement.execute(params_from_iter(row))?;
            }
        }
        Ok(())
    }

    fn uncommitted(&self, error: rusqlite::Error) -> Commit {
        let failed = fault("committing", error);
        if failed.cause().is_none_or(Cause::leaves_commit_open) {
            return Commit::Unknown(failed.cause().cloned());
        }
        if self.conn.is_autocommit() || self.conn.execute_batch("ROLLBACK").is_ok() {
            return Commit::No(failed);
        }
        Commit::Unknown(failed.cause().cloned())
    }

    fn prepared(&self, text: &str) -> Result<CachedStatement<'_>, rusqlite::Error> {
        self.conn.prepare_cached(text)
    }
}

fn cells(row: &rusqlite::Row<'_>, kinds: &[Kind]) -> Result<Vec<Value>, rusqlite::Error> {
    // Not collected: a result of a vector does not know how long it will be, and grows four times on the way.
    let mut cells = Vec::with_capacity(kinds.len());
    for (index, kind) in kinds.iter().enumerate() {
        cells.push(match kind {
            Kind::Uuid => {
                let id = row.get_ref(index)?.as_blob_or_null()?;
                let wrong =
                    |error| rusqlite::Error::FromSqlConversionFailure(index, Type::Blob, Box::new(error));
                Value::Uuid(id.map(Uuid::from_slice).transpose().map_err(wrong)?)
            }
            Kind::Int => Value::Int(row.get(index)?),
            Kind::Text => Value::Text(row.get(index)?),
            Kind::Bytes => Value::Bytes(row.get(index)?),
        });
    }
    Ok(cells)
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Uuid(id) => id.as_ref().map(|id| ValueRef::Blob(id.as_bytes())),
            Self::Int(number) => number.map(ValueRef::Integer),
            Self::Text(text) => text.as_ref().map(|text| ValueRef::Text(text.as_bytes())),
            Self::Bytes(bytes) => bytes.as_ref().map(|bytes| ValueRef::Blob(bytes)),
        };
        Ok(ToSqlOutput::Borrowed(value.unwrap_or(ValueRef::Null)))
    }
}

/// What SQLite said, in the form of the errors that come through sqlx.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(super) struct Said {
    /// The extended result code.
    pub(super) code: i32,
    message: String,
}

impl DatabaseError for Said {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some(self.code.to_string().into())
    }

    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

fn database_error(error: rusqlite::Error) -> sqlx::Error {
    let said = match error {
        rusqlite::Error::SqliteFailure(failure, message) => {
            Said { code: failure.extended_code, message: message.unwrap_or_default() }
        }
        // Ours: a question and its columns that do not fit.
        _ => Said { code: rusqlite::ffi::SQLITE_MISUSE, message: String::new() },
    };
    sqlx::Error::Database(Box::new(said))
}

fn fault(doing: &'static str, error: rusqlite::Error) -> StoreFault {
    StoreFault::new(doing, database_error(error))
}

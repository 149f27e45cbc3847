//! What can go wrong in the store, said without a word of what is stored.

use std::fmt;
use std::sync::Arc;

use sqlx::error::DatabaseError;
use sqlx::postgres::{PgDatabaseError, PgSeverity};

use super::direct::Said;

/// A failure on our side; the message names what we were doing and never carries content.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreFault {
    /// Too many wait, or would wait too long: nothing was done, try again later.
    #[error("the store has more waiting than it can do in time")]
    Overloaded {
        /// When a place is likely.
        retry_after: std::time::Duration,
    },
    /// The store is closing or closed: nothing was done.
    #[error("the store is closed")]
    Closed,
    /// Nothing of the act is stored.
    #[error("the store failed while {doing}")]
    Failed {
        /// What we were doing.
        doing: &'static str,
        /// What the engine said.
        #[source]
        cause: Cause,
    },
    /// The disk is full: nothing of the act is stored, and the store recovers once there is space.
    #[error("the disk is full while {doing}")]
    Full {
        /// What we were doing.
        doing: &'static str,
        /// What the engine said.
        #[source]
        cause: Cause,
    },
    /// The database cannot be reached: nothing of the act is stored.
    #[error("the database cannot be reached while {doing}")]
    Unreachable {
        /// What we were doing.
        doing: &'static str,
        /// What the engine said.
        #[source]
        cause: Cause,
    },
    /// The act may or may not be stored; only looking for it again tells.
    #[error("whether the act is stored is not known")]
    Unknown {
        /// What the engine said, where it said anything.
        #[source]
        cause: Option<Cause>,
    },
    /// The act panicked; nothing of it is stored.
    #[error("an act panicked")]
    Panicked,
    /// The act broke a rule of the store; nothing of it is stored.
    #[error("an act misused the store: {0}")]
    Misused(&'static str),
    /// The engine is not set as our promises need it.
    #[error("the database is not fit: {0}")]
    Unfit(String),
    /// The store was written by a newer program.
    #[error("the store has version {store}, this program knows only versions up to {program}")]
    Newer {
        /// Highest version in the store.
        store: i64,
        /// Highest version this program knows.
        program: i64,
    },
    /// The database file is damaged.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The tables could not be brought up to date.
    #[error("the store could not be migrated: {0}")]
    Migration(String),
}

/// An engine's error, shown by code and name only, since its details may quote values.
#[derive(Clone)]
pub struct Cause(pub(super) Arc<sqlx::Error>);

impl Cause {
    pub(super) fn new(error: sqlx::Error) -> Self {
        Self(Arc::new(error))
    }

    /// For a connection that broke under an act, whose own error only the act saw.
    pub(super) fn gone() -> Self {
        Self::new(sqlx::Error::WorkerCrashed)
    }

    /// The code of the engine: an extended result code of SQLite or an SQLSTATE of PostgreSQL.
    pub fn code(&self) -> Option<String> {
        self.0.as_database_error().and_then(DatabaseError::code).map(|code| code.into_owned())
    }

    fn sqlite(&self) -> Option<i32> {
        let error = self.0.as_database_error()?;
        if let Some(said) = error.try_downcast_ref::<Said>() {
            return Some(said.code);
        }
        error.try_downcast_ref::<sqlx::sqlite::SqliteError>()?.code()?.parse().ok()
    }

    pub(super) fn postgres(&self) -> Option<&PgDatabaseError> {
        self.0.as_database_error()?.try_downcast_ref::<PgDatabaseError>()
    }

    /// Whether the connection that said this must not be used again.
    pub(super) fn ends_connection(&self) -> bool {
        const NOMEM: i32 = 7;
        const IOERR: i32 = 10;
        const CORRUPT: i32 = 11;
        const FULL: i32 = 13;
        const CANTOPEN: i32 = 14;
        const NOTADB: i32 = 26;
        if let Some(code) = self.sqlite() {
            return matches!(code & 0xff, NOMEM | IOERR | CORRUPT | FULL | CANTOPEN | NOTADB);
        }
        match self.postgres() {
            Some(error) => matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic),
            None => self.is_transport(),
        }
    }

    /// Whether the engine itself did not answer.
    pub(super) fn is_transport(&self) -> bool {
        matches!(
            *self.0,
            sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::WorkerCrashed
                | sqlx::Error::PoolClosed
                | sqlx::Error::PoolTimedOut
        ) || self.postgres().is_some_and(|error| {
            matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic)
                || error.code().starts_with("57P")
                || error.code().starts_with("08")
        })
    }

    fn is_full(&self) -> bool {
        const FULL: i32 = 13;
        self.sqlite().is_some_and(|code| code & 0xff == FULL)
            || self.postgres().is_some_and(|error| error.code() == "53100")
    }

    /// Whether a COMMIT that ended with this may still have happened.
    pub(super) fn leaves_commit_open(&self) -> bool {
        const IOERR: i32 = 10;
        match self.sqlite() {
            // Frames that were written but not synced can come back after a power cut.
            Some(code) => code & 0xff == IOERR,
            None => self.postgres().is_none() || self.is_transport(),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(code) = self.sqlite() {
            return write!(f, "SQLite code {code}");
        }
        if let Some(error) = self.postgres() {
            write!(f, "PostgreSQL {}", error.code())?;
            for (name, value) in [("table", error.table()), ("constraint", error.constraint())] {
                if let Some(value) = value {
                    write!(f, " {name} {value}")?;
                }
            }
            return Ok(());
        }
        match &*self.0 {
            sqlx::Error::Io(error) => write!(f, "{error}"),
            sqlx::Error::Tls(_) => f.write_str("TLS"),
            sqlx::Error::Protocol(_) => f.write_str("the engine broke the protocol"),
            sqlx::Error::RowNotFound => f.write_str("no row"),
            sqlx::Error::TypeNotFound { .. } => f.write_str("an unknown type"),
            sqlx::Error::ColumnIndexOutOfBounds { .. } | sqlx::Error::ColumnNotFound(_) => {
                f.write_str("no such column")
            }
            sqlx::Error::ColumnDecode { index, .. } => write!(f, "column {index} is of another type"),
            sqlx::Error::Encode(_) => f.write_str("a value cannot be bound"),
            sqlx::Error::Decode(_) => f.write_str("a value is of another type"),
            sqlx::Error::PoolTimedOut => f.write_str("every reader is busy"),
            sqlx::Error::PoolClosed => f.write_str("the readers are closed"),
            sqlx::Error::WorkerCrashed => f.write_str("the connection ended"),
            sqlx::Error::Configuration(_) => f.write_str("the connection is not as needed"),
            _ => f.write_str("the driver failed"),
        }
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Cause {}

impl StoreFault {
    /// Names what kind of failure an engine's error is.
    pub(super) fn new(doing: &'static str, error: sqlx::Error) -> Self {
        let cause = Cause::new(error);
        if cause.is_full() {
            Self::Full { doing, cause }
        } else if cause.is_transport() {
            Self::Unreachable { doing, cause }
        } else {
            Self::Failed { doing, cause }
        }
    }

    /// The engine's error behind this, where there is one.
    pub fn cause(&self) -> Option<&Cause> {
        match self {
            Self::Failed { cause, .. } | Self::Full { cause, .. } | Self::Unreachable { cause, .. } => {
                Some(cause)
            }
            Self::Unknown { cause } => cause.as_ref(),
            Self::Overloaded { .. }
            | Self::Closed
            | Self::Panicked
            | Self::Misused(_)
            | Self::Unfit(_)
            | Self::Newer { .. }
            | Self::Damaged(_)
            | Self::Migration(_) => None,
        }
    }

    /// The same failure once an earlier COMMIT of the act ended without an answer.
    pub(super) fn in_doubt(self) -> Self {
        Self::Unknown { cause: self.cause().cloned() }
    }
}

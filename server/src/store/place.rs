//! Where the store is, and how the writer gets there.

use std::path::PathBuf;
use std::time::Duration;

use sqlx::Connection;
use sqlx::postgres::PgConnectOptions;

use super::direct::Direct;
use super::engine::Handle;
use super::fault::{Cause, StoreFault};
use super::{postgres, sqlite};

const LIMIT: Duration = Duration::from_secs(15);

pub(super) enum Place {
    Sqlite(PathBuf),
    Postgres {
        options: Box<PgConnectOptions>,
        /// The server's side of the connection before.
        backend: Option<postgres::Backend>,
    },
}

impl Place {
    pub(super) async fn connect(&mut self) -> Result<Handle, StoreFault> {
        match self {
            Self::Sqlite(path) => sqlite::connect(path).await.map(Handle::Sqlite),
            Self::Postgres { options, backend } => {
                let connecting = tokio::time::timeout(LIMIT, postgres::connect(options, *backend));
                let (conn, new) = connecting.await.map_err(|_| StoreFault::Unreachable {
                    doing: "connecting to the database",
                    cause: Cause::gone(),
                })??;
                *backend = Some(new);
                Ok(Handle::Postgres(conn))
            }
        }
    }

    /// The writer's own way beside the connection, where the engine is on this machine.
    pub(super) fn direct(&self) -> Result<Option<Direct>, StoreFault> {
        match self {
            Self::Sqlite(path) => Direct::open(path).map(Some),
            Self::Postgres { .. } => Ok(None),
        }
    }

    /// Closes for good; on SQLite the write-ahead log is empty afterwards.
    pub(super) async fn close(&self, handle: Handle) -> Result<(), StoreFault> {
        let closed = match handle {
            Handle::Sqlite(mut conn) => {
                sqlite::checkpoint(&mut conn).await?;
                conn.close().await
            }
            Handle::Postgres(conn) => conn.close().await,
            Handle::SqliteView(_) | Handle::PostgresView(_) => Ok(()),
        };
        closed.map_err(|error| StoreFault::new("closing the writer", error))
    }
}

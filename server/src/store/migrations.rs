//! Brings the tables up to date, and refuses a store that a newer program wrote.

use rust_embed::RustEmbed;
use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use super::engine::Handle;
use super::fault::StoreFault;

#[derive(RustEmbed)]
#[folder = "../migrations/sqlite"]
struct Sqlite;

#[derive(RustEmbed)]
#[folder = "../migrations/postgres"]
struct Postgres;

/// The migrations of SQLite that are part of this program.
pub(super) fn sqlite() -> Result<Migrator, StoreFault> {
    embedded::<Sqlite>()
}

/// The migrations of PostgreSQL that are part of this program.
pub(super) fn postgres() -> Result<Migrator, StoreFault> {
    embedded::<Postgres>()
}

fn embedded<Folder: RustEmbed>() -> Result<Migrator, StoreFault> {
    let read = |name: &str| {
        let (version, description) = name.strip_suffix(".sql")?.split_once('_')?;
        let sql = String::from_utf8(Folder::get(name)?.data.into_owned()).ok()?;
        Some(migration(version.parse().ok()?, description.replace('_', " "), sql))
    };
    let migrations: Option<Vec<Migration>> =
        Folder::iter().filter(|name| name.ends_with(".sql")).map(|name| read(&name)).collect();
    migrations
        .map(Migrator::with_migrations)
        .ok_or_else(|| StoreFault::Migration("a migration of this program cannot be read".to_owned()))
}

/// The same up to a version, for a copy that was made by an earlier program.
pub(super) fn upto(all: &Migrator, version: i64) -> Result<Migrator, StoreFault> {
    let program = all.iter().map(|migration| migration.version).max().unwrap_or(0);
    if version > program {
        return Err(StoreFault::Newer { store: version, program });
    }
    Ok(Migrator::with_migrations(all.iter().filter(|one| one.version <= version).cloned().collect()))
}

pub(super) fn migration(version: i64, description: String, sql: String) -> Migration {
    Migration::new(
        version,
        description.into(),
        MigrationType::Simple,
        AssertSqlSafe(sql).into_sql_str(),
        false,
    )
}

pub(super) async fn run(migrator: &Migrator, handle: &mut Handle) -> Result<(), StoreFault> {
    match handle {
        Handle::Sqlite(conn) => migrate(migrator, conn).await,
        Handle::Postgres(conn) => migrate(migrator, conn).await,
        Handle::SqliteView(_) | Handle::PostgresView(_) => {
            Err(StoreFault::Misused("a view cannot be migrated"))
        }
    }
}

async fn migrate<C: Migrate>(migrator: &Migrator, conn: &mut C) -> Result<(), StoreFault> {
    let fault = |error: MigrateError| StoreFault::Migration(error.to_string());
    conn.ensure_migrations_table(&migrator.table_name).await.map_err(fault)?;
    let applied = conn.list_applied_migrations(&migrator.table_name).await.map_err(fault)?;
    let store = applied.iter().map(|migration| migration.version).max().unwrap_or(0);
    let program = migrator.iter().map(|migration| migration.version).max().unwrap_or(0);
    if store > program {
        return Err(StoreFault::Newer { store, program });
    }
    migrator.run_direct(None, conn, false).await.map_err(fault)
}

//! Two engines, one transaction: every change is one act, run on one writer and answered after its durable commit.

mod act;
mod admission;
mod ahead;
mod batch;
mod broken;
mod bulk;
mod copying;
mod direct;
mod engine;
mod fault;
mod glances;
mod migrations;
mod place;
mod postgres;
mod row;
mod sqlite;
mod stats;
mod teller;
#[cfg(test)]
mod tests;
mod tx;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use sqlx::migrate::Migrator;
use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;
use tokio::sync::{mpsc, oneshot};

pub use ahead::Want;
pub use broken::Broken;
pub use bulk::{Bulk, Cells, Kind, Marks, Value};
pub use copying::{Copied, Table};
pub(crate) use engine::on_engine;
pub use engine::{Conn, Engine};
pub use fault::{Cause, StoreFault};
pub(crate) use row::row;
pub use stats::Stats;
pub use tx::Tx;

use batch::{Order, Writer};
use direct::Direct;
use engine::Handle;
use glances::Glances;
use place::Place;
use teller::Teller;

/// Where the rows are.
#[derive(Clone)]
pub enum StoreConfig {
    /// One file; this process is its only writer.
    Sqlite {
        /// The database file.
        path: PathBuf,
    },
    /// A PostgreSQL database.
    Postgres {
        /// Its address, which may hold a password.
        url: String,
    },
}

impl fmt::Debug for StoreConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { path } => f.debug_struct("Sqlite").field("path", path).finish(),
            Self::Postgres { .. } => f.write_str("Postgres"),
        }
    }
}

/// What was looked at, and found in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// Every page and index of the file, and every reference between rows.
    Sqlite {
        /// Rows of all tables.
        rows: i64,
    },
    /// Every value of every row; that all constraints and indexes are in force.
    Postgres {
        /// Rows of all tables.
        rows: i64,
        /// Whether the server keeps checksums of its pages, which reading them has then compared.
        checksums: bool,
    },
}

/// The store; clones share one writer and its readers.
#[derive(Clone)]
pub struct Store {
    orders: mpsc::Sender<Order>,
    readers: Readers,
    glances: Option<Arc<Glances>>,
    counters: Arc<stats::Counters>,
}

#[derive(Clone)]
enum Readers {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A reader: everything read through it is one moment of the store.
pub struct View {
    conn: Conn,
    /// Where its connection goes when it is dropped.
    glances: Option<Arc<Glances>>,
}

impl View {
    /// The connection; it cannot write.
    pub fn conn(&mut self) -> &mut Conn {
        &mut self.conn
    }

    /// Reads everything that is stored, as far as the engine lets us.
    pub async fn integrity_check(mut self) -> Result<Checked, StoreFault> {
        match self.conn.ready().await? {
            Engine::Sqlite(conn) => sqlite::integrity_check(conn).await,
            Engine::Postgres(conn) => postgres::integrity_check(conn).await,
        }
    }
}

impl Drop for View {
    fn drop(&mut self) {
        if let (Some(glances), Some(direct)) = (&self.glances, self.conn.take_direct()) {
            glances.give_back(direct);
        }
    }
}

impl Store {
    /// Opens the store, brings its tables up to date and starts the writer.
    pub async fn open(config: &StoreConfig) -> Result<Self, StoreFault> {
        let migrator = match config {
            StoreConfig::Sqlite { .. } => migrations::sqlite()?,
            StoreConfig::Postgres { .. } => migrations::postgres()?,
        };
        Self::open_with(config, migrator).await
    }

    async fn open_with(config: &StoreConfig, migrator: Migrator) -> Result<Self, StoreFault> {
        let place = match config {
            StoreConfig::Sqlite { path } => Place::Sqlite(path.clone()),
            StoreConfig::Postgres { url } => {
                Place::Postgres { options: Box::new(postgres::options(url)?), backend: None }
            }
        };
        let (orders, queue) = mpsc::channel(batch::QUEUE);
        let counters = Arc::new(stats::Counters::default());
        let (ready, opened) = oneshot::channel();
        let (figures, teller) = (counters.clone(), Teller::start());
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write(place, migrator, queue, figures, teller, ready))
            .map_err(|error| StoreFault::new("starting the writer", sqlx::Error::Io(error)))?;
        opened.await.unwrap_or(Err(StoreFault::Closed))?;
        let readers = match config {
            StoreConfig::Sqlite { path } => Readers::Sqlite(sqlite::readers(path).await?),
            StoreConfig::Postgres { url } => {
                Readers::Postgres(postgres::readers(&postgres::options(url)?).await?)
            }
        };
        let glances = match config {
            StoreConfig::Sqlite { path } => Some(Arc::new(Glances::open(path)?)),
            StoreConfig::Postgres { .. } => None,
        };
        Ok(Self { orders, readers, glances, counters })
    }

    /// Looks into a store without becoming its writer: for tools beside a running server. Nothing is migrated.
    pub async fn look(config: &StoreConfig) -> Result<View, StoreFault> {
        let readers = match config {
            StoreConfig::Sqlite { path } => Readers::Sqlite(sqlite::readers(path).await?),
            StoreConfig::Postgres { url } => {
                Readers::Postgres(postgres::looker(&postgres::options(url)?).await?)
            }
        };
        readers.view().await
    }

    /// Whether a store was ever opened there, without opening it.
    pub async fn is_laid(config: &StoreConfig) -> Result<bool, StoreFault> {
        match config {
            StoreConfig::Sqlite { path } => path
                .try_exists()
                .map_err(|error| StoreFault::new("looking for the content", sqlx::Error::Io(error))),
            StoreConfig::Postgres { url } => postgres::is_laid(&postgres::options(url)?).await,
        }
    }

    /// Runs one act on the writer: load, decide, write. The answer leaves only after the durable commit.
    ///
    /// The act runs to its end whatever happens to the caller, and may run more than once: it has no effect outside its `Tx`
    /// and looks up the id the client chose. It says no before its first write; nothing slow belongs inside.
    pub async fn act<T, E, F>(&self, act: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreFault> + Send + 'static,
    {
        self.run(act::new(act)).await
    }

    /// The same for an act that is asked for often: what it wants to know is found for the whole batch by one statement,
    /// and [`Tx::wanted`] hands it out.
    pub async fn act_wanting<W, T, E, F>(&self, want: W, act: F) -> Result<T, E>
    where
        W: Want,
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreFault> + Send + 'static,
    {
        self.run(act::wanting(want, act)).await
    }

    async fn run<T, E>(&self, (job, answer): (batch::BoxJob, oneshot::Receiver<Result<T, E>>)) -> Result<T, E>
    where
        E: From<StoreFault>,
    {
        if let Some(retry_after) = self.counters.admission.refuses(self.waiting()) {
            return Err(StoreFault::Overloaded { retry_after }.into());
        }
        self.orders.try_send(Order::Act(job)).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => StoreFault::Overloaded { retry_after: admission::WAIT },
            mpsc::error::TrySendError::Closed(_) => StoreFault::Closed,
        })?;
        // A writer that ended without an answer may have committed before.
        answer.await.unwrap_or_else(|_| Err(StoreFault::Unknown { cause: None }.into()))
    }

    /// Opens a reader; what it sees does not change while it is held, so hold it shortly.
    ///
    /// # Errors
    /// `Overloaded` when too many wait for one already, or have waited too long.
    pub async fn view(&self) -> Result<View, StoreFault> {
        let waiting = self.counters.admission.reader();
        let _waiting = waiting.ok_or(StoreFault::Overloaded { retry_after: admission::WAIT })?;
        self.readers.view().await
    }

    /// Opens a reader for a few rows by their keys, through [`Conn::ask`] and [`Conn::rows`] only.
    ///
    /// On SQLite it answers on the caller's own thread while there is one to be had: what it finds takes less time than
    /// the way to another thread and back.
    ///
    /// # Errors
    /// As [`Store::view`].
    pub async fn glance(&self) -> Result<View, StoreFault> {
        match self.glances.as_ref().and_then(|glances| Some((glances, glances.take()?))) {
            Some((glances, direct)) => {
                Ok(View { conn: Conn::glance(direct), glances: Some(glances.clone()) })
            }
            None => self.view().await,
        }
    }

    /// Finishes the acts that are queued, refuses further ones, and closes; every [`View`] must have been dropped.
    pub async fn close(self) {
        let (drained, is_drained) = oneshot::channel();
        let (go, may_go) = oneshot::channel();
        let (closed, is_closed) = oneshot::channel();
        let order = Order::Close { drained, go: may_go, closed };
        if self.orders.send(order).await.is_err() {
            return;
        }
        is_drained.await.ok();
        if let Some(glances) = &self.glances {
            glances.close();
        }
        match &self.readers {
            Readers::Sqlite(pool) => pool.close().await,
            Readers::Postgres(pool) => pool.close().await,
        }
        go.send(()).ok();
        is_closed.await.ok();
    }

    /// What the writer has done so far.
    pub fn stats(&self) -> Stats {
        self.counters.read(self.waiting())
    }

    /// Acts that are queued.
    fn waiting(&self) -> usize {
        self.orders.max_capacity() - self.orders.capacity()
    }
}

impl Readers {
    async fn view(&self) -> Result<View, StoreFault> {
        const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let handle = match self {
            Self::Sqlite(pool) => pool.begin().await.map(Handle::SqliteView),
            Self::Postgres(pool) => pool.begin_with(SNAPSHOT).await.map(Handle::PostgresView),
        };
        handle.map(|handle| View { conn: Conn::view(handle), glances: None }).map_err(|error| match error {
            sqlx::Error::PoolTimedOut => StoreFault::Overloaded { retry_after: admission::WAIT },
            error => StoreFault::new("beginning to read", error),
        })
    }
}

/// The writer's thread, from opening to closing.
fn write(
    mut place: Place,
    migrator: Migrator,
    orders: mpsc::Receiver<Order>,
    counters: Arc<stats::Counters>,
    teller: Teller,
    ready: oneshot::Sender<Result<(), StoreFault>>,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            ready.send(Err(StoreFault::new("starting the writer", sqlx::Error::Io(error)))).ok();
            return;
        }
    };
    runtime.block_on(async move {
        match prepare(&mut place, &migrator).await {
            Err(fault) => {
                ready.send(Err(fault)).ok();
            }
            Ok((handle, direct)) => {
                let mut conn = Conn::writer(Some(handle));
                conn.go_directly(direct);
                let writer = Writer::new(Tx::new(conn), place, orders, counters, teller);
                ready.send(Ok(())).ok();
                writer.work().await;
            }
        }
    });
}

async fn prepare(place: &mut Place, migrator: &Migrator) -> Result<(Handle, Option<Direct>), StoreFault> {
    let unclean = matches!(place, Place::Sqlite(path) if sqlite::stopped_uncleanly(path));
    let mut handle = place.connect().await?;
    if let (true, Handle::Sqlite(conn)) = (unclean, &mut handle) {
        tracing::warn!("the last stop was unclean; checking the database");
        sqlite::quick_check(conn).await?;
    }
    migrations::run(migrator, &mut handle).await?;
    Ok((handle, place.direct()?))
}

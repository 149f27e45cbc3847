//! One handle for two engines, and the transaction that stands on it.

use std::borrow::Cow;

use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, ColumnIndex, Connection, Decode, Postgres, Row, Sqlite, Transaction, Type};

use uuid::Uuid;

use super::bulk::{Cells, Kind, Marks, Value, bind_values};
use super::direct::{Direct, Rows};
use super::fault::{Cause, StoreFault};

/// A connection with its transaction; statements run on it through [`on_engine!`] only.
pub struct Conn {
    handle: Option<Handle>,
    /// A transaction was begun and not ended.
    open: bool,
    /// The writer's own way to SQLite, beside the handle.
    direct: Option<Direct>,
    /// Questions are asked directly, and no transaction of the handle is begun for statements.
    looking: bool,
    /// A statement failed: nothing more runs until the transaction is rolled back.
    failed: bool,
    /// The failure was of a kind after which this connection must not be used again.
    lost: bool,
    /// A statement ran since the mark was last taken down.
    used: bool,
    /// How far the engine's own count of changes was, where we know.
    baseline: Option<i64>,
    /// The next transaction writes something, so that its COMMIT waits like that of a real change.
    insist: bool,
}

/// What a statement runs on.
pub enum Engine<'c> {
    /// SQLite.
    Sqlite(&'c mut SqliteConnection),
    /// PostgreSQL.
    Postgres(&'c mut PgConnection),
}

pub(super) enum Handle {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    SqliteView(Transaction<'static, Sqlite>),
    PostgresView(Transaction<'static, Postgres>),
}

/// How a COMMIT ended.
pub(super) enum Commit {
    Yes,
    No(StoreFault),
    Unknown(Option<Cause>),
}

/// Runs one statement on either engine: `on_engine!(conn, "loading the room", c => sqlx::query_scalar(SQL).bind(id).fetch_optional(c).await)`.
///
/// The body gives `Result<_, sqlx::Error>`, the whole gives `Result<_, StoreFault>`. A failed statement is noted even if the
/// caller swallows it: the transaction it stood in is never committed.
macro_rules! on_engine {
    ($conn:expr, $c:ident => $body:expr) => {
        $crate::store::on_engine!($conn, concat!("running the statement at ", file!(), ":", line!()), $c => $body)
    };
    ($conn:expr, $doing:expr, $c:ident => $body:expr) => {{
        let conn: &mut $crate::store::Conn = $conn;
        match conn.ready().await {
            Err(fault) => Err(fault),
            Ok(engine) => {
                let result: Result<_, sqlx::Error> = match engine {
                    $crate::store::Engine::Sqlite($c) => async { $body }.await,
                    $crate::store::Engine::Postgres($c) => async { $body }.await,
                };
                conn.settle($doing, result)
            }
        }
    }};
}
pub(crate) use on_engine;

const CHANGES: &str = "SELECT total_changes()";

impl Conn {
    /// A writer's connection, or none yet.
    pub(super) fn writer(handle: Option<Handle>) -> Self {
        Self {
            handle,
            direct: None,
            open: false,
            looking: false,
            failed: false,
            lost: false,
            used: false,
            baseline: None,
            insist: false,
        }
    }

    pub(super) fn view(handle: Handle) -> Self {
        Self { open: true, ..Self::writer(Some(handle)) }
    }

    /// A reader that answers [`Conn::ask`] only.
    pub(super) fn glance(direct: Direct) -> Self {
        Self { direct: Some(direct), looking: true, ..Self::writer(None) }
    }

    /// Begins the transaction where none stands and gives the engine; for [`on_engine!`].
    pub(crate) async fn ready(&mut self) -> Result<Engine<'_>, StoreFault> {
        if self.failed {
            return Err(StoreFault::Misused("a statement followed a failed one"));
        }
        self.used = true;
        if !self.open && !self.looking {
            self.end_looking()?;
            let begun = self.begin().await;
            // Whether it stands after all cannot be known: two connections must never stand against each other.
            self.lost |= begun.is_err();
            self.baseline = self.settle("beginning a transaction", begun)?;
            self.open = true;
            self.insist = false;
        }
        self.engine()
    }

    /// Notes whether a statement failed; for [`on_engine!`].
    pub(crate) fn settle<T>(
        &mut self,
        doing: &'static str,
        result: Result<T, sqlx::Error>,
    ) -> Result<T, StoreFault> {
        result.map_err(|error| {
            let found_nothing = matches!(error, sqlx::Error::RowNotFound);
            let fault = StoreFault::new(doing, error);
            if !found_nothing {
                self.failed = true;
                self.lost |= fault.cause().is_none_or(Cause::ends_connection);
            }
            fault
        })
    }

    fn engine(&mut self) -> Result<Engine<'_>, StoreFault> {
        match &mut self.handle {
            Some(Handle::Sqlite(c)) => Ok(Engine::Sqlite(c)),
            Some(Handle::Postgres(c)) => Ok(Engine::Postgres(c)),
            Some(Handle::SqliteView(c)) => Ok(Engine::Sqlite(c)),
            Some(Handle::PostgresView(c)) => Ok(Engine::Postgres(c)),
            None if self.looking => Err(StoreFault::Misused("a glance was asked for more than rows by key")),
            None => Err(StoreFault::Closed),
        }
    }

    async fn begin(&mut self) -> Result<Option<i64>, sqlx::Error> {
        let insist = self.insist;
        match self.engine() {
            Ok(Engine::Sqlite(c)) => {
                sqlx::query_scalar("BEGIN IMMEDIATE; SELECT total_changes()").fetch_one(c).await.map(Some)
            }
            Ok(Engine::Postgres(c)) => {
                // The message makes this a transaction that changes something: its COMMIT then waits for the disk and for a
                // synchronous standby, and so do, by order of the log, all commits before it.
                let text = if insist {
                    "BEGIN; SELECT pg_logical_emit_message(true, 'tsumugi', '')"
                } else {
                    "BEGIN"
                };
                sqlx::raw_sql(text).execute(c).await.map(|_| (!insist).then_some(0))
            }
            Err(_) => Err(sqlx::Error::WorkerCrashed),
        }
    }

    /// Ends the transaction in which the direct way looked ahead, unless its rows were stored in it: the handle's must never
    /// stand beside it. Nobody else writes to SQLite, so what was seen still holds.
    fn end_looking(&mut self) -> Result<(), StoreFault> {
        if self.direct.as_ref().is_none_or(Direct::end) {
            return Ok(());
        }
        self.lose();
        Err(StoreFault::Misused("a transaction that only read did not end"))
    }

    /// Lets questions be asked directly until [`Conn::act`]. On PostgreSQL they stand in the transaction like all statements.
    pub(super) fn look(&mut self) {
        self.looking = matches!(self.handle, Some(Handle::Sqlite(_)));
    }

    /// From here on a statement begins the transaction.
    pub(super) fn act(&mut self) {
        self.looking = false;
    }

    /// Gives the writer its own way to SQLite.
    pub(super) fn go_directly(&mut self, direct: Option<Direct>) {
        self.direct = direct;
    }

    /// Whether what is queued can be written and committed on this thread: no transaction of the handle stands.
    pub(super) fn stores_directly(&self) -> bool {
        self.direct.is_some() && !self.open && !self.failed
    }

    /// Writes rows and commits, on this thread.
    pub(super) fn store_directly(&mut self, tables: &[Rows]) -> Commit {
        let commit = match &self.direct {
            Some(direct) => direct.store(tables),
            None => Commit::No(StoreFault::Misused("there is no direct way to this engine")),
        };
        match &commit {
            Commit::Yes => {}
            Commit::No(fault) => {
                self.failed = true;
                self.lost |= fault.cause().is_some_and(Cause::ends_connection);
            }
            Commit::Unknown(_) => self.lose(),
        }
        commit
    }

    /// The rows of a question that many acts ask, by the kinds of their columns; `text` makes it for the engine.
    pub async fn ask(
        &mut self,
        doing: &'static str,
        text: impl Fn(Marks) -> Cow<'static, str>,
        values: Vec<Value>,
        kinds: &[Kind],
    ) -> Result<Vec<Vec<Value>>, StoreFault> {
        if self.failed {
            return Err(StoreFault::Misused("a question followed a failed statement"));
        }
        if self.looking
            && let Some(direct) = &self.direct
        {
            // The writer looks in the transaction that will store; a glance has one already.
            let begun = if self.handle.is_some() { direct.begin_to_write() } else { Ok(()) };
            let rows = begun.and_then(|()| direct.rows(&text(Marks::InOrder), &values, kinds));
            return self.settle(doing, rows);
        }
        macro_rules! rows {
            ($c:ident, $text:expr) => {{
                let query = sqlx::query(AssertSqlSafe($text.into_owned()));
                match bind_values!(query, values).fetch_all($c).await {
                    Ok(rows) => rows.iter().map(|row| cells(row, kinds)).collect(),
                    Err(error) => Err(error),
                }
            }};
        }
        let engine = self.ready().await?;
        let text = text(Marks::of(&engine));
        let rows = match engine {
            Engine::Sqlite(c) => rows!(c, text),
            Engine::Postgres(c) => rows!(c, text),
        };
        self.settle(doing, rows)
    }

    /// The rows of a fixed question, each as `read` takes it out of its columns.
    pub async fn rows<T>(
        &mut self,
        doing: &'static str,
        text: &'static str,
        values: Vec<Value>,
        kinds: &[Kind],
        read: impl Fn(&mut Cells) -> Option<T>,
    ) -> Result<Vec<T>, StoreFault> {
        let text = |marks| match marks {
            Marks::Numbered => Cow::Borrowed(text),
            // `$1` is a name to SQLite, numbered by where it stands first; `?1` is what is meant.
            Marks::InOrder => Cow::Owned(text.replace('$', "?")),
        };
        let rows = self.ask(doing, text, values, kinds).await?;
        let unread = || StoreFault::Damaged(format!("{doing}: a row lacks what must be there"));
        rows.into_iter().map(|row| read(&mut row.into()).ok_or_else(unread)).collect()
    }

    /// Whether anything was written since the transaction began or the mark was renewed; `true` where that cannot be told.
    pub(super) async fn has_written(&mut self) -> bool {
        if !self.open {
            return false;
        }
        let Some(baseline) = self.baseline else { return true };
        self.changes().await.is_none_or(|changes| changes != baseline)
    }

    /// Takes what is written so far as not written by the acts that follow.
    pub(super) async fn renew_baseline(&mut self) {
        self.baseline = match &self.handle {
            Some(Handle::Sqlite(_)) if self.open && !self.failed => self.changes().await,
            // PostgreSQL only tells whether the transaction wrote at all.
            _ => None,
        };
    }

    async fn changes(&mut self) -> Option<i64> {
        const ASSIGNED: &str = "SELECT (pg_current_xact_id_if_assigned() IS NOT NULL)::int4::int8";
        let changes = match self.engine().ok()? {
            Engine::Sqlite(c) => sqlx::query_scalar(CHANGES).fetch_one(c).await,
            Engine::Postgres(c) => sqlx::query_scalar(ASSIGNED).fetch_one(c).await,
        };
        self.settle("asking whether the transaction wrote", changes).ok()
    }

    pub(super) async fn commit(&mut self) -> Commit {
        if self.failed {
            return Commit::No(StoreFault::Misused("an act went on after a failed statement"));
        }
        if !self.open {
            return self.end_looking().map_or_else(Commit::No, |()| Commit::Yes);
        }
        let done = match self.engine() {
            Ok(Engine::Sqlite(c)) => sqlx::query("COMMIT").execute(c).await.map(|_| ()),
            Ok(Engine::Postgres(c)) => sqlx::raw_sql("COMMIT").execute(c).await.map(|_| ()),
            Err(fault) => return Commit::No(fault),
        };
        match self.settle("committing", done) {
            Ok(()) => {
                self.open = false;
                Commit::Yes
            }
            Err(fault) if fault.cause().is_none_or(Cause::leaves_commit_open) => {
                // The same commit is never tried again on this connection.
                self.lost = true;
                Commit::Unknown(fault.cause().cloned())
            }
            Err(fault) => Commit::No(fault),
        }
    }

    /// Ends the transaction without storing anything; a connection whose transaction had already ended is given up.
    pub(super) async fn rollback(&mut self) {
        // One that does not end is lost, and given up below.
        self.end_looking().ok();
        if self.open && !self.lost {
            let done = match self.engine() {
                Ok(Engine::Sqlite(c)) => sqlx::query("ROLLBACK").execute(c).await.map(|_| ()),
                Ok(Engine::Postgres(c)) => sqlx::raw_sql("ROLLBACK").execute(c).await.map(|_| ()),
                Err(_) => Ok(()),
            };
            self.lost = done.is_err();
        }
        if self.lost {
            self.give_up().await;
        }
        self.reset();
    }

    /// Closes the connection, whatever stands on it.
    pub(super) async fn give_up(&mut self) {
        self.direct = None;
        if let Some(Handle::Sqlite(c)) = self.handle.take()
            && let Err(error) = c.close().await
        {
            // Waiting for the thread means its locks are gone; what it has to say matters to nobody.
            tracing::debug!(cause = %Cause::new(error), "closing a given-up connection failed");
        }
        self.reset();
    }

    fn reset(&mut self) {
        self.open = false;
        self.looking = false;
        self.failed = false;
        self.lost = false;
        self.used = false;
        self.insist = false;
        self.baseline = None;
    }

    /// Marks the transaction as one that must not be committed.
    pub(super) fn spoil(&mut self) {
        self.failed = true;
    }

    /// Marks the connection as one that must not be used again.
    pub(super) fn lose(&mut self) {
        self.failed = true;
        self.lost = true;
    }

    pub(super) fn insist(&mut self) {
        self.insist = true;
    }

    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    pub(super) fn is_connected(&self) -> bool {
        self.handle.is_some()
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    pub(super) fn is_lost(&self) -> bool {
        self.lost
    }

    pub(super) fn was_used(&self) -> bool {
        self.used
    }

    pub(super) fn forget_use(&mut self) {
        self.used = false;
    }

    pub(super) fn replace(&mut self, handle: Handle) {
        *self = Self::writer(Some(handle));
    }

    pub(super) fn take_direct(&mut self) -> Option<Direct> {
        self.direct.take()
    }

    pub(super) fn take(&mut self) -> Option<Handle> {
        self.direct = None;
        self.handle.take()
    }
}

/// A row as values of the kinds that were named.
fn cells<R>(row: &R, kinds: &[Kind]) -> Result<Vec<Value>, sqlx::Error>
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'r> Option<Uuid>: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Option<String>: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Option<Vec<u8>>: Decode<'r, R::Database> + Type<R::Database>,
{
    let cell = |(index, kind): (usize, &Kind)| {
        Ok(match kind {
            Kind::Uuid => Value::Uuid(row.try_get(index)?),
            Kind::Int => Value::Int(row.try_get(index)?),
            Kind::Text => Value::Text(row.try_get(index)?),
            Kind::Bytes => Value::Bytes(row.try_get(index)?),
        })
    };
    kinds.iter().enumerate().map(cell).collect()
}

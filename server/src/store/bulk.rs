//! Rows that acts queue and one statement per table writes.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::direct::Rows;
use super::engine::{Conn, Engine};
use super::fault::StoreFault;

/// A table that is written in bulk.
#[derive(Debug, PartialEq, Eq)]
pub struct Bulk {
    /// The table's name.
    pub table: &'static str,
    /// The columns of a queued row, in the row's order.
    pub columns: &'static [&'static str],
    /// How many leading columns identify a row; 0 where nothing looks a row up.
    pub keys: usize,
    /// Lower ranks are written first, so that a row is there before another refers to it.
    pub rank: u8,
    /// A column that only rises: an upsert with a value that is not higher leaves the stored row as it is.
    pub rises: Option<&'static str>,
}

/// One column of a queued row; the type is known also where there is no value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// An id.
    Uuid(Option<Uuid>),
    /// A number, or a time in milliseconds.
    Int(Option<i64>),
    /// Text.
    Text(Option<String>),
    /// Bytes, sealed or not.
    Bytes(Option<Vec<u8>>),
}

/// What a column of a question holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An id.
    Uuid,
    /// A number, or a time in milliseconds.
    Int,
    /// Text.
    Text,
    /// Bytes, sealed or not.
    Bytes,
}

/// The columns of an answer's row, taken in order; the kind asked for must be the one that was named.
pub struct Cells(std::vec::IntoIter<Value>);

macro_rules! cell {
    ($name:ident, $variant:ident, $type:ty) => {
        /// The next column.
        pub fn $name(&mut self) -> Option<$type> {
            match self.0.next() {
                Some(Value::$variant(value)) => value,
                _ => None,
            }
        }
    };
}

impl Cells {
    cell!(uuid, Uuid, Uuid);
    cell!(int, Int, i64);
    cell!(text, Text, String);
    cell!(bytes, Bytes, Vec<u8>);
}

impl From<Vec<Value>> for Cells {
    fn from(row: Vec<Value>) -> Self {
        Self(row.into_iter())
    }
}

impl Bulk {
    /// Whether `after` may take the place of `before`.
    fn rose(&self, before: &[Value], after: &[Value]) -> bool {
        let Some(column) = self.rises else { return true };
        let at = self.columns.iter().position(|name| *name == column);
        at.is_none_or(|at| after.get(at) > before.get(at))
    }
}

macro_rules! value_from {
    ($($type:ty => $variant:ident),+ $(,)?) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(Some(value.into()))
            }
        }
        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map(Into::into))
            }
        }
    )+};
}
value_from!(Uuid => Uuid, i64 => Int, String => Text, &str => Text, Vec<u8> => Bytes);

/// A queued row: one value a column.
pub(super) type Row = Vec<Value>;

/// Statements exist in these sizes only, so that every one of them stays prepared.
const CHUNKS: [usize; 4] = [64, 16, 4, 1];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Insert,
    Upsert,
}

/// How a generated statement says where a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// `$1`, `$2` …
    Numbered,
    /// `?`, or `?1` where the order is not that of the values: to SQLite `$1` is a name, and it looks every name of a statement
    /// up among all of them.
    InOrder,
}

impl Marks {
    /// How this engine reads them fastest.
    pub fn of(engine: &Engine<'_>) -> Self {
        match engine {
            Engine::Sqlite(_) => Self::InOrder,
            Engine::Postgres(_) => Self::Numbered,
        }
    }

    /// Appends `(…), (…)`: that many rows of that many values.
    pub fn append(self, text: &mut String, rows: usize, width: usize) {
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..width {
                let comma = if column == 0 { "" } else { ", " };
                // Writing to a string cannot fail.
                match self {
                    Self::Numbered => write!(text, "{comma}${}", row * width + column + 1).ok(),
                    Self::InOrder => write!(text, "{comma}?").ok(),
                };
            }
            text.push(')');
        }
    }
}

/// The queued rows of one table, written one way.
struct Table {
    bulk: &'static Bulk,
    way: Way,
    rows: Vec<Row>,
    /// The newest row of each key.
    newest: HashMap<Row, usize>,
    texts: [Option<Arc<str>>; CHUNKS.len()],
}

/// All rows that acts of the running batch queued and the database does not have yet.
#[derive(Default)]
pub(super) struct Queue {
    tables: Vec<Table>,
    /// How many rows were ever queued; tells whether an act queued any.
    pub(super) count: u64,
    /// A row that cannot be written; the act that queued it fails.
    pub(super) misuse: Option<&'static str>,
}

impl Queue {
    pub(super) fn insert(&mut self, bulk: &'static Bulk, row: Row) {
        let hidden = bulk.keys > 0
            && row
                .get(..bulk.keys)
                .and_then(|key| self.find(bulk, Way::Upsert).and_then(|table| table.newest.get(key)))
                .is_some();
        if hidden {
            self.misuse = Some("a row was inserted after one of the same key was upserted");
        }
        self.push(bulk, Way::Insert, row);
    }

    pub(super) fn upsert(&mut self, bulk: &'static Bulk, row: Row) {
        if bulk.keys == 0 {
            self.misuse = Some("a row without a key was upserted");
        }
        self.push(bulk, Way::Upsert, row);
    }

    fn push(&mut self, bulk: &'static Bulk, way: Way, row: Row) {
        self.count += 1;
        if row.len() != bulk.columns.len() {
            self.misuse = Some("a queued row has not the columns of its table");
            return;
        }
        let table = self.table(bulk, way);
        if let Some(key) = row.get(..bulk.keys)
            && bulk.keys > 0
        {
            if table
                .newest
                .get(key)
                .and_then(|at| table.rows.get(*at))
                .is_some_and(|before| !bulk.rose(before, &row))
            {
                return;
            }
            table.newest.insert(key.to_vec(), table.rows.len());
        }
        table.rows.push(row);
    }

    fn find(&self, bulk: &'static Bulk, way: Way) -> Option<&Table> {
        self.tables.iter().find(|table| table.way == way && table.bulk == bulk)
    }

    fn table(&mut self, bulk: &'static Bulk, way: Way) -> &mut Table {
        let order = |table: &Table| (table.bulk.rank, table.bulk.table, table.bulk.columns, table.way);
        let found = self.tables.binary_search_by(|table| {
            order(table)
                .cmp(&(bulk.rank, bulk.table, bulk.columns, way))
                .then(table.bulk.keys.cmp(&bulk.keys))
        });
        let at = match found {
            Ok(at) => at,
            Err(at) => {
                let table =
                    Table { bulk, way, rows: Vec::new(), newest: HashMap::new(), texts: Default::default() };
                self.tables.insert(at, table);
                at
            }
        };
        #[expect(clippy::indexing_slicing, reason = "found or inserted just above")]
        &mut self.tables[at]
    }

    /// The newest queued row of `key`: an upsert follows the insert of the same key.
    pub(super) fn pending(&self, bulk: &'static Bulk, key: &[Value]) -> Option<&[Value]> {
        [Way::Upsert, Way::Insert].into_iter().find_map(|way| {
            let table = self.find(bulk, way)?;
            table.rows.get(*table.newest.get(key)?).map(Vec::as_slice)
        })
    }

    /// Queued inserts of a table in order, for lists that must show what the database does not have yet.
    pub(super) fn inserted(&self, bulk: &'static Bulk) -> &[Row] {
        self.find(bulk, Way::Insert).map_or(&[], |table| table.rows.as_slice())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tables.iter().all(|table| table.rows.is_empty())
    }

    pub(super) fn clear(&mut self) {
        for table in &mut self.tables {
            table.rows.clear();
            table.newest.clear();
        }
        self.misuse = None;
    }

    /// Takes every queued row for SQLite, a table at a time, in the order of [`Queue::flush`].
    pub(super) fn rows(&mut self) -> Vec<Rows> {
        let full = self.tables.iter_mut().filter(|table| !table.rows.is_empty());
        full.map(|table| Rows { text: table.text(CHUNKS.len() - 1, 1, Marks::InOrder), rows: table.take() })
            .collect()
    }

    /// Writes every queued row, tables by rank, inserts before upserts.
    pub(super) async fn flush(&mut self, conn: &mut Conn) -> Result<(), StoreFault> {
        if let Some(misuse) = self.misuse {
            conn.spoil();
            return Err(StoreFault::Misused(misuse));
        }
        for table in &mut self.tables {
            table.flush(conn).await?;
        }
        Ok(())
    }
}

impl Table {
    /// The rows that are to be written.
    fn take(&mut self) -> Vec<Row> {
        let mut rows = std::mem::take(&mut self.rows);
        match self.way {
            Way::Insert => self.newest.clear(),
            Way::Upsert => {
                // One row per key, in key order: two batches never lock rows in different orders.
                let mut newest: Vec<(Row, usize)> = self.newest.drain().collect();
                newest.sort_unstable();
                rows =
                    newest.into_iter().filter_map(|(_, at)| rows.get_mut(at).map(std::mem::take)).collect();
            }
        }
        rows
    }

    /// The rows that are to be written, as statements of few sizes.
    fn statements(&mut self, marks: Marks) -> Vec<(Arc<str>, Vec<Value>)> {
        let mut rows = self.take().into_iter();
        let mut statements = Vec::new();
        while rows.len() > 0 {
            let (at, size) = CHUNKS
                .into_iter()
                .enumerate()
                .find(|(_, size)| *size <= rows.len())
                .unwrap_or((CHUNKS.len() - 1, 1));
            statements.push((self.text(at, size, marks), rows.by_ref().take(size).flatten().collect()));
        }
        statements
    }

    async fn flush(&mut self, conn: &mut Conn) -> Result<(), StoreFault> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let marks = Marks::of(&conn.ready().await?);
        for (text, values) in self.statements(marks) {
            write(conn, self.bulk.table, text, values).await?;
        }
        Ok(())
    }

    /// A store has one engine, so a size has one text.
    fn text(&mut self, at: usize, size: usize, marks: Marks) -> Arc<str> {
        let (bulk, way) = (self.bulk, self.way);
        match self.texts.get_mut(at) {
            Some(slot) => slot.get_or_insert_with(|| text(bulk, way, size, marks)).clone(),
            None => text(bulk, way, size, marks),
        }
    }
}

/// Binds values of any type, in order.
macro_rules! bind_values {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Uuid(value) => query.bind(value),
                Value::Int(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
            };
        }
        query
    }};
}

pub(super) use bind_values;

async fn write(
    conn: &mut Conn,
    doing: &'static str,
    text: Arc<str>,
    values: Vec<Value>,
) -> Result<(), StoreFault> {
    macro_rules! run {
        ($c:ident) => {{
            let query = sqlx::query(AssertSqlSafe(text));
            bind_values!(query, values).execute($c).await.map(|_| ())
        }};
    }
    let result = match conn.ready().await? {
        Engine::Sqlite(c) => run!(c),
        Engine::Postgres(c) => run!(c),
    };
    conn.settle(doing, result)
}

fn text(bulk: &Bulk, way: Way, rows: usize, marks: Marks) -> Arc<str> {
    let width = bulk.columns.len();
    let mut text = format!("INSERT INTO {} ({}) VALUES ", bulk.table, bulk.columns.join(", "));
    marks.append(&mut text, rows, width);
    if way == Way::Upsert {
        let (keys, rest) = bulk.columns.split_at(bulk.keys.min(width));
        let set: Vec<String> = rest.iter().map(|column| format!("{column} = excluded.{column}")).collect();
        let act =
            if set.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", set.join(", ")) };
        write!(text, " ON CONFLICT ({}) DO {act}", keys.join(", ")).ok();
        if let Some(column) = bulk.rises {
            write!(text, " WHERE excluded.{column} > {}.{column}", bulk.table).ok();
        }
    }
    text.into()
}

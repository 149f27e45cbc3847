//! The ground the stories stand on: fresh stores on both engines, a small table set, and ways to queue a known batch.

use std::borrow::Cow;
use std::collections::HashMap;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use futures_util::future::LocalBoxFuture;
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tempfile::TempDir;
use tokio::sync::Notify;

use crate::store::{
    Bulk, Cells, Conn, Kind, Marks, Store, StoreConfig, StoreFault, Tx, Value, View, Want, migrations,
    on_engine,
};

/// Runs one story on each engine.
macro_rules! on_both {
    ($($story:ident),+ $(,)?) => {$(
        mod $story {
            use super::super::ground::Ground;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let ground = Ground::sqlite().await;
                super::$story(&ground).await;
                ground.leave().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let ground = Ground::postgres().await;
                super::$story(&ground).await;
                ground.leave().await;
            }
        }
    )+};
}
pub(super) use on_both;

pub(super) static POSTS: Bulk =
    Bulk { table: "posts", columns: &["room", "id", "position", "body"], keys: 2, rank: 1, rises: None };
pub(super) static HEADS: Bulk =
    Bulk { table: "heads", columns: &["room", "position"], keys: 1, rank: 0, rises: None };
/// The same table, by those for whom a position only rises.
pub(super) static RISING: Bulk =
    Bulk { table: "heads", columns: &["room", "position"], keys: 1, rank: 0, rises: Some("position") };
pub(super) static TRACES: Bulk =
    Bulk { table: "traces", columns: &["room", "id"], keys: 0, rank: 2, rises: None };

const TABLES: &str = "
    CREATE TABLE heads (room BIGINT NOT NULL PRIMARY KEY, position BIGINT NOT NULL);
    CREATE TABLE posts (
        room BIGINT NOT NULL REFERENCES heads (room), id BIGINT NOT NULL,
        position BIGINT NOT NULL CONSTRAINT posts_position_counts CHECK (position > 0), body TEXT NOT NULL,
        PRIMARY KEY (room, id), UNIQUE (room, position));
    CREATE TABLE traces (room BIGINT NOT NULL, id BIGINT NOT NULL);";

pub(super) fn migrator() -> Migrator {
    Migrator::with_migrations(vec![migrations::migration(1, "tables".to_owned(), TABLES.to_owned())])
}

/// What an act of the stories says when it does not say yes.
#[derive(Debug)]
pub(super) enum Said {
    No,
    Fault(StoreFault),
}

impl From<StoreFault> for Said {
    fn from(fault: StoreFault) -> Self {
        Self::Fault(fault)
    }
}

impl Said {
    pub(super) fn fault(&self) -> &StoreFault {
        match self {
            Self::Fault(fault) => fault,
            Self::No => panic!("a refusal, not a fault"),
        }
    }
}

pub(super) struct Ground {
    pub(super) config: StoreConfig,
    pub(super) store: Store,
    database: Option<String>,
    dir: TempDir,
}

impl Ground {
    pub(super) async fn sqlite() -> Self {
        let dir = TempDir::new().unwrap();
        let config = StoreConfig::Sqlite { path: dir.path().join("content.db") };
        let store = Store::open_with(&config, migrator()).await.unwrap();
        Self { config, store, database: None, dir }
    }

    pub(super) async fn postgres() -> Self {
        Self::postgres_with("").await
    }

    /// `options` follow `CREATE DATABASE`.
    pub(super) async fn postgres_with(options: &str) -> Self {
        let database = database(options).await;
        let config = StoreConfig::Postgres { url: url_of(&database) };
        let store = Store::open_with(&config, migrator()).await.unwrap();
        Self { config, store, database: Some(database), dir: TempDir::new().unwrap() }
    }

    pub(super) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(super) fn is_sqlite(&self) -> bool {
        self.database.is_none()
    }

    pub(super) async fn reopen(&self) -> Store {
        Store::open_with(&self.config, migrator()).await.unwrap()
    }

    pub(super) async fn leave(self) {
        self.store.close().await;
        if let Some(database) = self.database {
            run_as_admin(&format!("DROP DATABASE {database} WITH (FORCE)")).await;
        }
    }

    pub(super) async fn view(&self) -> View {
        self.store.view().await.unwrap()
    }

    pub(super) async fn count(&self, sql: &'static str) -> i64 {
        count(&mut self.view().await, sql).await
    }

    /// Ids of stored posts of a room, by position, which must have no gap.
    pub(super) async fn ids(&self, room: i64) -> Vec<i64> {
        const SQL: &str = "SELECT id, position FROM posts WHERE room = $1 ORDER BY position";
        let mut view = self.view().await;
        let rows: Vec<(i64, i64)> =
            on_engine!(view.conn(), c => sqlx::query_as(SQL).bind(room).fetch_all(c).await).unwrap();
        assert!(rows.iter().map(|row| row.1).eq(1..=i64::try_from(rows.len()).unwrap()), "a gap: {rows:?}");
        rows.into_iter().map(|row| row.0).collect()
    }

    /// Keeps the writer busy until `waiting` has queued all its acts, so that they are one batch.
    pub(super) async fn one_batch<F: Future>(&self, waiting: F) -> F::Output {
        let (started, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (is_started, may_go) = (started.clone(), go.clone());
        let holding = self.store.act(async move |_: &mut Tx| {
            started.notify_one();
            may_go.notified().await;
            Ok::<_, StoreFault>(())
        });
        let queueing = async {
            is_started.notified().await;
            // The first poll queues every act; only then the writer goes on.
            tokio::join!(biased; waiting, async { go.notify_one() }).0
        };
        let (held, output) = tokio::join!(holding, queueing);
        held.unwrap();
        output
    }
}

pub(super) async fn count(view: &mut View, sql: &'static str) -> i64 {
    on_engine!(view.conn(), c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
}

/// A verb as the nouns write it: load, decide, write, announce. A repeat gets the first answer.
pub(super) async fn post(tx: &mut Tx, room: i64, id: i64, body: &str) -> Result<i64, Said> {
    let (head, stood) = tx.wanted(&Facts { room, id }).await?.unwrap_or_default();
    let queued = tx.pending(&POSTS, &[room.into(), id.into()]).and_then(|row| int(row, 2));
    if let Some(position) = stood.or(queued) {
        return Ok(position);
    }
    let queued = tx.pending(&HEADS, &[room.into()]).and_then(|row| int(row, 1));
    let next = queued.unwrap_or(head) + 1;
    tx.upsert(&HEADS, vec![room.into(), next.into()]);
    tx.insert(&POSTS, vec![room.into(), id.into(), next.into(), body.into()]);
    tx.insert(&TRACES, vec![room.into(), id.into()]);
    Ok(next)
}

pub(super) async fn position(tx: &mut Tx, room: i64, id: i64) -> Result<Option<i64>, StoreFault> {
    const SQL: &str = "SELECT position FROM posts WHERE room = $1 AND id = $2";
    if let Some([_, _, Value::Int(position), _]) = tx.pending(&POSTS, &[room.into(), id.into()]) {
        return Ok(*position);
    }
    on_engine!(tx.conn(), "looking for a repeat", c => sqlx::query_scalar(SQL).bind(room).bind(id).fetch_optional(c).await)
}

fn int(row: &[Value], column: usize) -> Option<i64> {
    match row.get(column) {
        Some(Value::Int(number)) => *number,
        _ => None,
    }
}

pub(super) async fn send(store: &Store, room: i64, id: i64) -> Result<i64, Said> {
    say(store, room, id, "text".to_owned()).await
}

/// Sends a text of its own, as verbs do that many ask for: what it wants to know is found ahead.
pub(super) async fn say(store: &Store, room: i64, id: i64, body: String) -> Result<i64, Said> {
    store.act_wanting(Facts { room, id }, async move |tx| post(tx, room, id, &body).await).await
}

/// Where a room stands, and where a post of that id does.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Facts {
    room: i64,
    id: i64,
}

impl Want for Facts {
    type Found = (i64, Option<i64>);

    fn find<'a>(
        conn: &'a mut Conn,
        wanted: &'a [Self],
    ) -> LocalBoxFuture<'a, Result<HashMap<Self, Self::Found>, StoreFault>> {
        let sql = |marks: Marks| {
            let mut text = "WITH w (room, id) AS (VALUES ".to_owned();
            marks.append(&mut text, wanted.len(), 2);
            Cow::Owned(
                text + ") SELECT h.room, w.id, h.position, p.position FROM w JOIN heads h ON h.room = w.room \
                    LEFT JOIN posts p ON p.room = w.room AND p.id = w.id",
            )
        };
        Box::pin(async move {
            let values = wanted.iter().flat_map(|want| [want.room.into(), want.id.into()]).collect();
            let rows = conn.ask("loading the facts", sql, values, &[Kind::Int; 4]).await?;
            let found = rows.into_iter().filter_map(|row| {
                let mut cells = Cells::from(row);
                let want = Self { room: cells.int()?, id: cells.int()? };
                Some((want, (cells.int()?, cells.int())))
            });
            Ok(found.collect())
        })
    }
}

/// Text that no engine can compress.
pub(super) fn noise(bytes: usize) -> String {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    (0..bytes)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            char::from(b' ' + u8::try_from(state % 90).unwrap())
        })
        .collect()
}

/// The server the stories use: the one named, or a throw-away one that ends with this process.
fn server() -> &'static str {
    static SERVER: OnceLock<String> = OnceLock::new();
    SERVER.get_or_init(|| {
        if let Ok(url) = std::env::var("TSUMUGI_TEST_POSTGRES") {
            return url;
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/postgres");
        let pid = std::process::id().to_string();
        let dir = std::env::temp_dir().join(format!("tsumugi-postgres-{pid}"));
        let made = Command::new(script).arg("start").arg(dir).args(["--until", &pid]).output().unwrap();
        let complaint = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "PostgreSQL is needed and did not start: {complaint}");
        String::from_utf8(made.stdout).unwrap().trim().to_owned()
    })
}

fn url_of(database: &str) -> String {
    let (address, _) = server().rsplit_once('/').unwrap();
    format!("{address}/{database}")
}

pub(super) async fn run_as_admin(sql: &str) {
    let mut conn = PgConnection::connect(server()).await.unwrap();
    conn.execute(AssertSqlSafe(sql)).await.unwrap();
    conn.close().await.unwrap();
}

pub(super) async fn database(options: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    static ONE_BY_ONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let name = format!("store_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let _turn = ONE_BY_ONE.lock().await;
    run_as_admin(&format!("CREATE DATABASE {name} {options}")).await;
    name
}

/// A file system of `size` that is gone when dropped; needs the right to mount.
pub(super) struct SmallDisk {
    pub(super) path: PathBuf,
    _dir: TempDir,
}

impl SmallDisk {
    pub(super) fn new(size: &str) -> Self {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("disk");
        std::fs::create_dir(&path).unwrap();
        let options = format!("size={size},mode=0777");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&path).status();
        assert!(mounted.unwrap().success(), "mounting a small disk needs root (or run under: unshare -Urm)");
        Self { path, _dir: dir }
    }

    /// Takes all space but about `left` bytes.
    pub(super) fn fill(&self, left: u64) {
        let filler = self.path.join("filler");
        std::fs::write(&filler, b"").unwrap();
        let mut file = std::fs::OpenOptions::new().append(true).open(&filler).unwrap();
        while std::io::Write::write(&mut file, &[0; 4096]).is_ok_and(|written| written > 0) {}
        let taken = file.metadata().unwrap().len();
        file.set_len(taken.saturating_sub(left)).unwrap();
    }

    pub(super) fn free(&self) {
        std::fs::remove_file(self.path.join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.path).status().ok();
    }
}

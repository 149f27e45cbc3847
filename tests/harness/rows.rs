//! What stands in the store, read from beside the server.

use super::server::Server;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, PgConnection, Row, SqliteConnection};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// One audit entry, as far as tests look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    pub act: String,
    pub outcome: String,
    pub account: Option<Uuid>,
    pub room: Option<Uuid>,
    pub subject: Option<Uuid>,
    pub detail: Option<String>,
    pub times: i64,
}

/// A reader of the store.
pub enum Rows {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Runs one text on whichever engine it is.
macro_rules! on_engine {
    ($rows:expr, $conn:ident => $run:expr) => {
        match $rows {
            Rows::Sqlite($conn) => $run,
            Rows::Postgres($conn) => $run,
        }
    };
}

impl Rows {
    /// Beside a server.
    pub async fn of(server: &Server) -> Self {
        match &server.setup.store {
            None => Self::in_folder(&server.setup.data).await,
            Some(url) => Self::Postgres(PgConnection::connect(url).await.expect("the database answers")),
        }
    }

    /// In a data folder of no running server.
    pub async fn in_folder(data: impl AsRef<Path>) -> Self {
        let options =
            SqliteConnectOptions::new().filename(database_file(data.as_ref())).busy_timeout(super::PATIENCE);
        Self::Sqlite(SqliteConnection::connect_with(&options).await.expect("the database opens"))
    }

    /// One number.
    pub async fn number(&mut self, sql: &'static str) -> i64 {
        on_engine!(self, conn => sqlx::query_scalar(sql).fetch_one(conn).await).expect("a number")
    }

    /// One column of text.
    pub async fn texts(&mut self, sql: &'static str) -> Vec<String> {
        on_engine!(self, conn => sqlx::query_scalar(sql).fetch_all(conn).await).expect("texts")
    }

    /// Posts of a room.
    pub async fn posts_in(&mut self, room: Uuid) -> i64 {
        const SQL: &str = "SELECT COUNT(*) FROM posts WHERE room = $1";
        on_engine!(self, conn => sqlx::query_scalar(SQL).bind(room).fetch_one(conn).await).expect("a count")
    }

    /// Act and subject of all that was done, in the order of commits; of one process, whose log is one.
    pub async fn acts(&mut self) -> Vec<(String, Option<Uuid>)> {
        const SQL: &str = "SELECT act, subject FROM audit WHERE outcome = 'done' ORDER BY log, n";
        on_engine!(self, conn => sqlx::query_as(SQL).fetch_all(conn).await).expect("the audit")
    }

    /// All audit entries, log by log in order.
    pub async fn audit(&mut self) -> Vec<AuditRow> {
        const SQL: &str =
            "SELECT act, outcome, account, room, subject, detail, times FROM audit ORDER BY at, log, n";
        macro_rules! rows {
            ($conn:expr) => {
                sqlx::query(SQL)
                    .fetch_all($conn)
                    .await
                    .expect("the audit")
                    .iter()
                    .map(|row| AuditRow {
                        act: row.get("act"),
                        outcome: row.get("outcome"),
                        account: row.get("account"),
                        room: row.get("room"),
                        subject: row.get("subject"),
                        detail: row.get("detail"),
                        times: row.get("times"),
                    })
                    .collect()
            };
        }
        on_engine!(self, conn => rows!(conn))
    }
}

impl Rows {
    /// The audit entries of one act.
    pub async fn audit_of(&mut self, act: &str) -> Vec<AuditRow> {
        self.audit().await.into_iter().filter(|row| row.act == act).collect()
    }
}

/// The content database in a data folder.
pub fn database_file(data: &Path) -> PathBuf {
    let file = data.join("content/tsumugi.db");
    assert!(file.exists(), "no content database in {}", data.display());
    file
}

impl Rows {
    /// Makes somebody an admin of her office, as no command does yet.
    pub async fn make_admin(&mut self, affiliation: Uuid) {
        self.give_role(affiliation, "office_admin").await;
    }

    /// Gives somebody a role, as no command does yet.
    pub async fn give_role(&mut self, affiliation: Uuid, role: &'static str) {
        const SQL: &str = "INSERT INTO roles (affiliation, role, created_at) VALUES ($1, $2, 0)";
        on_engine!(self, conn => sqlx::query(SQL).bind(affiliation).bind(role).execute(conn).await.map(drop))
            .expect("a role");
    }

    /// Every row of every table as PostgreSQL writes it, bytes in hexadecimal; empty on SQLite, whose rows lie in a file.
    pub async fn dump(&mut self) -> String {
        const TABLES: &str =
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'";
        let Self::Postgres(conn) = self else { return String::new() };
        let tables: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(&mut *conn).await.expect("the tables");
        let mut all = String::new();
        for table in tables {
            let rows = sqlx::AssertSqlSafe(format!("SELECT t::text FROM \"{table}\" t"));
            let rows: Vec<String> = sqlx::query_scalar(rows).fetch_all(&mut *conn).await.expect("its rows");
            all.push_str(&rows.join("\n"));
        }
        all
    }

    /// Gives somebody a second place, beside a colleague of another office, as no command does yet.
    pub async fn second_place(&mut self, account: Uuid, beside: Uuid) -> Uuid {
        const SQL: &str = "INSERT INTO affiliations (id, account, region, office, occupation, card, created_at) \
                           SELECT $1, $2, o.region, o.office, f.occupation, f.card, f.created_at + 1 \
                           FROM affiliations f JOIN affiliations o ON o.id = $3 WHERE f.account = $2";
        let id = super::new_id();
        on_engine!(self, conn => sqlx::query(SQL).bind(id).bind(account).bind(beside).execute(conn).await.map(drop))
            .expect("a place");
        id
    }

    /// Moves an office into a region of its own, as if it had been brought in with that.
    pub async fn move_away(&mut self, office: Uuid) {
        const REGION: &str = "INSERT INTO regions (id, profile, key_id, sealed, created_at) \
                              SELECT $1, profile, key_id, sealed, created_at FROM regions \
                              WHERE id = (SELECT region FROM offices WHERE id = $2)";
        const OFFICE: &str = "UPDATE offices SET region = $1 WHERE id = $2";
        const STAFF: &str = "UPDATE affiliations SET region = $1 WHERE office = $2";
        let region = super::new_id();
        on_engine!(self, conn => sqlx::query(REGION).bind(region).bind(office).execute(conn).await.map(drop))
            .expect("a region");
        for sql in [OFFICE, STAFF] {
            on_engine!(self, conn => sqlx::query(sql).bind(region).bind(office).execute(conn).await.map(drop))
                .expect("the move");
        }
    }

    /// Moves an office into the demo's other region, where its people go on signing in.
    pub async fn move_next_door(&mut self, office: Uuid) {
        const OFFICE: &str = "UPDATE offices SET region = \
                              (SELECT r.id FROM regions r WHERE r.id <> offices.region LIMIT 1) WHERE id = $1";
        const STAFF: &str = "UPDATE affiliations SET region = \
                             (SELECT o.region FROM offices o WHERE o.id = affiliations.office) WHERE office = $1";
        for sql in [OFFICE, STAFF] {
            on_engine!(self, conn => sqlx::query(sql).bind(office).execute(conn).await.map(drop))
                .expect("the move");
        }
    }

    /// Lets somebody new sit in a room with another, so that they know each other, as no command does yet.
    pub async fn meet(&mut self, account: Uuid, other: Uuid) {
        const SQL: &str = "INSERT INTO members (room, account, affiliation, card, state, from_position, change, since) \
                           SELECT m.room, a.account, a.id, a.card, m.state, m.from_position, m.change, m.since \
                           FROM members m JOIN affiliations a ON a.account = $1 \
                           WHERE m.account = $2 AND m.state = 'member' ORDER BY m.since, m.room LIMIT 1";
        on_engine!(self, conn => sqlx::query(SQL).bind(account).bind(other).execute(conn).await.map(drop))
            .expect("a membership");
    }

    /// From now on a membership is held for another place of the same person.
    pub async fn hold_for(&mut self, room: Uuid, account: Uuid, place: Uuid) {
        const SQL: &str = "UPDATE members SET affiliation = $3 WHERE room = $1 AND account = $2";
        on_engine!(self, conn => sqlx::query(SQL).bind(room).bind(account).bind(place).execute(conn).await.map(drop))
            .expect("a membership");
    }

    /// Changes the store behind the server's back, as somebody with the disk could.
    pub async fn run(&mut self, sql: String) {
        let sql = sqlx::AssertSqlSafe(sql);
        on_engine!(self, conn => sqlx::query(sql).execute(conn).await.map(drop)).expect("the change");
    }
}

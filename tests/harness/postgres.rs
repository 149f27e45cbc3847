//! A PostgreSQL for this run, and a new database in it for every server. Missing PostgreSQL is a failure, not a skip.

use super::places;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::path::Path;
use std::process::Command;
use uuid::Uuid;

/// Where this run's PostgreSQL is: `TSUMUGI_TEST_POSTGRES`, or a throw-away cluster that ends with the run.
fn cluster() -> String {
    if let Ok(url) = std::env::var("TSUMUGI_TEST_POSTGRES") {
        return url;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/postgres");
    let _one_at_a_time = places::locked("postgres");
    // Not below the run's folder: PostgreSQL's own account must be able to enter every folder above its own.
    let folder = std::env::temp_dir().join(format!("tsumugi-promises-postgres-{}", places::owner()));
    let started = Command::new(script)
        .arg("start")
        .arg(&folder)
        .args(is_new(&folder).then_some(["--until", &places::owner().to_string()]).into_iter().flatten())
        .output()
        .expect("scripts/postgres runs");
    let (out, err) = (String::from_utf8_lossy(&started.stdout), String::from_utf8_lossy(&started.stderr));
    assert!(started.status.success(), "no PostgreSQL, and without it nothing is proven on it: {err}");
    out.trim().to_owned()
}

/// Only the first start sets the watch that ends the cluster.
fn is_new(folder: &Path) -> bool {
    !folder.join("port").exists()
}

/// The URL of a database nobody has used.
pub async fn new_database() -> String {
    let cluster = cluster();
    let name = format!("t{}", Uuid::new_v4().simple());
    let mut conn = PgConnection::connect(&cluster).await.expect("PostgreSQL answers");
    conn.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a new database");
    conn.close().await.expect("the connection closes");
    let (before, _) = cluster.rsplit_once('/').expect("a URL with a database");
    format!("{before}/{name}")
}

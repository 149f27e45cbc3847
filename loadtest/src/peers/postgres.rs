//! A throw-away PostgreSQL for one server of a run, started as the tests start theirs: `scripts/postgres`.

use super::ground::open_to_others;
use crate::machine;
use anyhow::{Context, bail};
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tempfile::TempDir;
use tokio::{io::AsyncWriteExt, process::Command};

/// A cluster that runs; stopped and removed when dropped.
pub struct Postgres {
    folder: TempDir,
    /// Its address, without a database.
    url: String,
    /// Its port on the loopback.
    pub port: u16,
    process: u32,
}

impl Postgres {
    /// Starts one in a fresh folder. Should this tool be killed, the script's own watch removes it.
    pub async fn start(work: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new().prefix("postgres-").tempdir_in(open_to_others(work))?;
        let started = Command::new(script())
            .arg("start")
            .arg(folder.path())
            .args(["--until", &std::process::id().to_string()])
            .stdin(Stdio::null())
            .output()
            .await
            .context("cannot start PostgreSQL")?;
        if !started.status.success() {
            bail!("PostgreSQL did not start: {}", String::from_utf8_lossy(&started.stderr));
        }
        let url = String::from_utf8(started.stdout)?;
        let (url, _) = url.trim().rsplit_once('/').context("PostgreSQL says no address")?;
        let (_, port) = url.rsplit_once(':').context("PostgreSQL says no port")?;
        let file = std::fs::read_to_string(folder.path().join("data/postmaster.pid"))?;
        let process = file.lines().next().context("PostgreSQL tells no process")?.trim().parse()?;
        Ok(Self { port: port.parse()?, url: url.to_owned(), process, folder })
    }

    /// The address of a new database.
    pub async fn database(&self, name: &str) -> anyhow::Result<String> {
        self.run(&format!("{}/postgres", self.url), &format!("CREATE DATABASE {name};")).await?;
        Ok(format!("{}/{name}", self.url))
    }

    /// Runs statements of SQL, and commands of `psql`, in a database.
    pub async fn run(&self, database: &str, sql: &str) -> anyhow::Result<()> {
        let mut child = Command::new("psql")
            .args(["--quiet", "--no-psqlrc", "--output=/dev/null", "--set=ON_ERROR_STOP=1", database])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start psql")?;
        child.stdin.take().context("psql hears nothing")?.write_all(sql.as_bytes()).await?;
        let ended = child.wait_with_output().await?;
        anyhow::ensure!(ended.status.success(), "psql: {}", String::from_utf8_lossy(&ended.stderr));
        Ok(())
    }

    /// CPU time of all its processes, those that have ended too.
    pub fn cpu_time(&self) -> anyhow::Result<Duration> {
        machine::tree_cpu_time(self.process)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let stopped = std::process::Command::new(script())
            .arg("stop")
            .arg(self.folder.path())
            .stdin(Stdio::null())
            .status();
        if !stopped.is_ok_and(|status| status.success()) {
            eprintln!("loadtest: PostgreSQL in {} could not be stopped", self.folder.path().display());
        }
    }
}

/// The repository's script.
fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/postgres")
}

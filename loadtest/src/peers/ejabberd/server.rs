//! Starts ejabberd with a PostgreSQL of its own, and removes both.

use super::stream::{PASSWORD, Stream, account};
use crate::{
    client::Address,
    machine,
    peers::{
        ground::{Account, Ground},
        postgres::Postgres,
    },
};
use anyhow::{Context, bail};
use jiff::ToSpan;
use serde::Serialize;
use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::process::{Child, Command};

/// Its settings; what stands in braces is filled in here.
const SETTINGS: &str = include_str!("../../../peers/ejabberd.yml");
/// Debian's account for it, which is taken when this tool runs as root.
const ACCOUNT: &str = "ejabberd";
/// Debian's file with its tables.
const TABLES: &str = "/usr/share/ejabberd/sql/pg.sql";
/// Where Debian keeps it, one folder a version.
const LIBRARIES: &str = "/usr/lib";
/// A start that takes longer has failed.
const STARTING: Duration = Duration::from_secs(60);
/// Time between two looks.
const STEP: Duration = Duration::from_millis(50);
/// Its virtual machine: polling by the kernel, as many processes as Debian allows, and no core kept busy by waiting.
const MACHINE: [&str; 10] =
    ["+K", "true", "+P", "250000", "+sbwt", "none", "+sbwtdcpu", "none", "+sbwtdio", "none"];

/// An ejabberd that is ready.
pub struct Ejabberd {
    child: Child,
    /// Its process.
    pub process: u32,
    /// Where it is reached.
    pub address: Address,
    /// Its version, as Debian names it.
    pub version: String,
    /// What there is to know from outside.
    pub ready: Ready,
    /// Its database.
    pub rows: Postgres,
    _ground: Ground,
}

/// The line by which a started ejabberd says where it is.
#[derive(Debug, Serialize)]
pub struct Ready {
    /// Host and port; TLS from the first byte.
    pub xmpp: String,
    /// Its certificate, PEM.
    pub ca: String,
    /// Its database.
    pub database: String,
    /// Its process.
    pub process: u32,
    /// How many accounts there are: p0, p1, …
    pub people: usize,
    /// Everybody's password.
    pub password: &'static str,
}

impl Ejabberd {
    /// Starts it on a fresh folder, with so many accounts.
    pub async fn start(work: &Path, people: usize) -> anyhow::Result<Self> {
        let (libraries, version) = installed()?;
        let ground = Ground::new(work, "ejabberd-", Account::named(ACCOUNT)?)?;
        let rows = Postgres::start(work).await?;
        let database = rows.database("ejabberd").await?;
        rows.run(&database, &format!("\\i {TABLES}\n{}", accounts(people))).await?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let (authority, key) = certificate()?;
        let certificate = ground.write("tls.pem", &format!("{authority}{key}"))?;
        fs::set_permissions(&certificate, fs::Permissions::from_mode(0o600))?;
        let settings = settings(&certificate, port, &rows);
        let settings = ground.write("ejabberd.yml", &settings)?;
        let mut child = command(&ground, &settings, &libraries)?.spawn().context("cannot start ejabberd")?;
        let process = child.id().context("ejabberd ended at once")?;
        let address = Address::new(&format!("https://127.0.0.1:{port}"), &authority)?;
        await_ready(&mut child, &address, &ground).await?;
        let xmpp = format!("127.0.0.1:{port}");
        let ready = Ready { xmpp, ca: authority, database, process, people, password: PASSWORD };
        Ok(Self { child, process, address, version, ready, rows, _ground: ground })
    }

    /// CPU time of it, of its database, and of everything they started.
    pub fn cpu_time(&self) -> anyhow::Result<Duration> {
        Ok(machine::tree_cpu_time(self.process)? + self.rows.cpu_time()?)
    }

    /// Waits until it ends, which it should not by itself.
    pub async fn ended(&mut self) -> anyhow::Result<()> {
        let status = self.child.wait().await?;
        bail!("ejabberd ended by itself: {status}")
    }

    /// Stops it. What it has is thrown away with it, so that it has nothing to put in order.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("ejabberd had ended by itself: {status}");
        }
        Ok(self.child.kill().await?)
    }
}

/// Debian's folder of libraries in which it lies, and its version.
fn installed() -> anyhow::Result<(PathBuf, String)> {
    const MISSING: &str = "ejabberd is missing: scripts/setup peers installs it";
    for folder in fs::read_dir(LIBRARIES).context(MISSING)?.flatten().map(|entry| entry.path()) {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if let Some(version) = name.to_str().and_then(|name| name.strip_prefix("ejabberd-")) {
                anyhow::ensure!(Path::new(TABLES).exists(), MISSING);
                // What follows a hyphen is Debian's own count.
                return Ok((folder, version.split('-').next().unwrap_or(version).to_owned()));
            }
        }
    }
    bail!(MISSING)
}

/// The statement that makes everybody's account.
fn accounts(people: usize) -> String {
    let rows: Vec<String> =
        (0..people).map(|person| format!("('{}', '{PASSWORD}')", account(person))).collect();
    format!("INSERT INTO users (username, password) VALUES {};", rows.join(", "))
}

/// A certificate and its key, PEM. It ends soon: ejabberd cannot read the year 4096, which is usual here.
fn certificate() -> anyhow::Result<(String, String)> {
    let names = ["localhost".to_owned(), Ipv4Addr::LOCALHOST.to_string()];
    let mut certificate = rcgen::CertificateParams::new(names)?;
    let today = jiff::Zoned::now().date();
    let [from, to] = [today.checked_sub(2.days())?, today.checked_add(30.days())?].map(|day| {
        rcgen::date_time_ymd(day.year().into(), day.month().unsigned_abs(), day.day().unsigned_abs())
    });
    (certificate.not_before, certificate.not_after) = (from, to);
    let key = rcgen::KeyPair::generate()?;
    Ok((certificate.self_signed(&key)?.pem(), key.serialize_pem()))
}

fn settings(certificate: &Path, port: u16, rows: &Postgres) -> String {
    SETTINGS
        .replace("{certificate}", &certificate.display().to_string())
        .replace("{port}", &port.to_string())
        .replace("{database_port}", &rows.port.to_string())
}

/// Without a node name: no port mapper, no cookie, nothing that two runs could share.
fn command(ground: &Ground, settings: &Path, libraries: &Path) -> anyhow::Result<Command> {
    let output = fs::File::create(ground.path().join("output.log"))?;
    let mut command = ground.command("erl");
    command
        .args(MACHINE)
        .args(["-noinput", "-boot", "start_sasl", "-sasl", "sasl_error_logger", "false"])
        .args(["-mnesia", "dir"])
        .arg(format!("\"{}\"", ground.path().join("mnesia").display()))
        .args(["-ejabberd", "quiet", "true", "-s", "ejabberd"])
        .env("EJABBERD_CONFIG_PATH", settings)
        .env("EJABBERD_LOG_PATH", ground.path().join("ejabberd.log"))
        .env("ERL_CRASH_DUMP_BYTES", "0")
        .env("ERL_LIBS", libraries)
        .env("ERL_MAX_PORTS", "65536")
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .kill_on_drop(true);
    Ok(command)
}

/// Until somebody can sign in: it listens before everything behind its port has started.
async fn await_ready(child: &mut Child, address: &Address, ground: &Ground) -> anyhow::Result<()> {
    let began = Instant::now();
    while let Err(error) = Stream::open(address, 0).await {
        if child.try_wait()?.is_some() || began.elapsed() > STARTING {
            let said = fs::read_to_string(ground.path().join("output.log")).unwrap_or_default();
            let last = said.lines().last().unwrap_or("it said nothing");
            return Err(error).with_context(|| format!("ejabberd did not start: {last}"));
        }
        tokio::time::sleep(STEP).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_settings_have_no_other_gaps_than_those_that_are_filled() {
        let filled = ["{certificate}", "{port}", "{database_port}"];
        let left = filled.iter().fold(SETTINGS.to_owned(), |settings, gap| {
            assert!(settings.contains(gap), "{gap} has no place");
            settings.replace(gap, "")
        });
        let gaps = left.lines().filter(|line| !line.starts_with('#'));
        let gaps: Vec<_> = gaps.filter(|line| line.contains('{') && !line.contains("{}")).collect();
        assert!(gaps.is_empty(), "{gaps:?}");
    }

    #[test]
    fn everybody_gets_an_account() {
        let sql = accounts(2);
        assert_eq!(
            sql,
            "INSERT INTO users (username, password) VALUES ('p0', 'everybody'), ('p1', 'everybody');"
        );
    }
}

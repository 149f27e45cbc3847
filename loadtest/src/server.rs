//! The measured server: its own process on a data folder of this run, stopped with it.

use crate::{
    client::{Address, Person},
    progress,
    shape::Shape,
};
use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use std::{
    fs::OpenOptions,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

/// A million posts are made before the ready line.
const MAKING: Duration = Duration::from_mins(20);
/// A server that is told to stop has this long.
const STOPPING: Duration = Duration::from_secs(30);

/// How far back: a tenth of a CPU that both want.
const BACK: &str = "10";

/// What a fresh data folder is filled with.
#[derive(Debug, Clone)]
pub struct World {
    /// Accounts and the free groups they are in.
    pub shape: Shape,
    /// Posts in the first room.
    pub posts: u64,
}

impl World {
    /// Rooms of one size, nobody in two.
    pub fn of(rooms: usize, members: usize, posts: u64) -> Self {
        Self { shape: Shape::of([(rooms, members)]), posts }
    }

    /// Empty rooms of that shape.
    pub const fn shaped(shape: Shape) -> Self {
        Self { shape, posts: 0 }
    }
}

/// How to start a server on one data folder, again and again.
pub struct Home {
    binary: PathBuf,
    data: PathBuf,
    log: PathBuf,
    port: u16,
    has_budget: bool,
    stands_back: bool,
    store: Option<String>,
}

/// A process that was started and may not be ready.
pub struct Started {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    log: PathBuf,
    at: Instant,
}

/// A server that is ready.
pub struct Server {
    child: Child,
    process: u32,
    /// Where it is reached.
    pub address: Address,
    people: Vec<Person>,
}

#[derive(Deserialize)]
struct Ready {
    url: String,
    ca: String,
    people: Vec<ReadyPerson>,
}

#[derive(Deserialize)]
struct ReadyPerson {
    email: String,
    password: String,
}

impl Home {
    /// A data folder of that name inside the folder of the run, and a free port.
    pub fn new(binary: &Path, run: &Path, name: &str) -> anyhow::Result<Self> {
        let free = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        Ok(Self {
            binary: binary.to_owned(),
            data: run.join(name),
            log: run.join(format!("{name}.log")),
            port: free,
            has_budget: false,
            stands_back: false,
            store: None,
        })
    }

    /// Its people have the budget of commands that people have; else it is lifted, so that a few can ask for many.
    pub fn with_budget(self) -> Self {
        Self { has_budget: true, ..self }
    }

    /// The system serves it after this tool (`nice`), which would otherwise compete with it for two cores: when both are asked for
    /// more than there is, it must be the server that falls behind, or its delays would be the tool's.
    pub fn behind_the_tool(self) -> Self {
        Self { stands_back: true, ..self }
    }

    /// Another data folder beside this one, for a server of the same binary.
    pub fn beside(&self, name: &str) -> anyhow::Result<Self> {
        Self::new(&self.binary, self.data.parent().context("a data folder lies nowhere")?, name)
    }

    /// The same with its rows in this PostgreSQL database.
    pub fn with_store(self, url: String) -> Self {
        Self { store: Some(url), ..self }
    }

    /// Makes the world and waits until the server is ready.
    pub async fn make(&self, world: &World) -> anyhow::Result<Server> {
        let what = format!("server makes {} people and {} posts", world.shape.people, world.posts);
        let line = progress::line(&what);
        let numbers = [
            ("--bench-people", world.shape.people.to_string()),
            ("--bench-shape", world.shape.to_string()),
            ("--bench-posts", world.posts.to_string()),
        ];
        let options = numbers.iter().flat_map(|(name, number)| [*name, number.as_str()]).collect::<Vec<_>>();
        let server = self.start(&options)?.ready().await;
        line.finish_and_clear();
        server
    }

    /// Starts on the folder as it is, or makes the world when there is none yet.
    pub async fn open(&self, world: &World) -> anyhow::Result<Server> {
        if self.data.exists() { self.again()?.ready().await } else { self.make(world).await }
    }

    /// Starts on the folder as it is.
    pub fn again(&self) -> anyhow::Result<Started> {
        self.start(&[])
    }

    fn start(&self, options: &[&str]) -> anyhow::Result<Started> {
        let log = OpenOptions::new().create(true).append(true).open(&self.log)?;
        let at = Instant::now();
        let mut command = Command::new(if self.stands_back { Path::new("nice") } else { &self.binary });
        if self.stands_back {
            command.args(["-n", BACK]).arg(&self.binary);
        }
        let mut child = command
            .args(["demo", "--bench", "--json", "--data"])
            .arg(&self.data)
            .args(["--listen", &format!("127.0.0.1:{}", self.port)])
            .args((!self.has_budget).then_some("--without-budget"))
            .args(options)
            .args(self.store.iter().flat_map(|url| ["--store", url]))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {} (build it first)", self.binary.display()))?;
        let output = child.stdout.take().context("the server has no output")?;
        Ok(Started { child, lines: BufReader::new(output).lines(), log: self.log.clone(), at })
    }
}

impl Started {
    /// How long ago it was started.
    pub fn since(&self) -> Duration {
        self.at.elapsed()
    }

    /// Whether it has already ended.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits for the ready line.
    pub async fn ready(mut self) -> anyhow::Result<Server> {
        let ready =
            timeout(MAKING, self.ready_line()).await.context("the server was not ready in 20 minutes")??;
        let process = self.child.id().context("the server ended at once")?;
        let pem = if ready.ca.contains("-----BEGIN") {
            ready.ca
        } else {
            std::fs::read_to_string(&ready.ca).with_context(|| format!("cannot read {}", ready.ca))?
        };
        let address = Address::new(&ready.url, &pem)?;
        let people = ready.people.into_iter();
        let people = people.map(|ReadyPerson { email, password }| Person { email, password }).collect();
        // A server that prints more must not block on a full pipe.
        let mut lines = self.lines;
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Server { child: self.child, process, address, people })
    }

    async fn ready_line(&mut self) -> anyhow::Result<Ready> {
        while let Some(line) = self.lines.next_line().await? {
            if line.starts_with('{') {
                return serde_json::from_str(&line).context("the server's ready line cannot be read");
            }
        }
        let said = std::fs::read_to_string(&self.log).unwrap_or_default();
        let last: Vec<&str> = said.lines().rev().take(5).collect();
        bail!(
            "the server ended before it was ready: {}",
            last.into_iter().rev().collect::<Vec<_>>().join(" | ")
        )
    }
}

impl Server {
    /// Its process, for what it uses.
    pub const fn process(&self) -> u32 {
        self.process
    }

    /// Person number i of the bench world, from 0. The ready line may name only some of them.
    pub fn person(&self, i: usize) -> anyhow::Result<Person> {
        if let Some(person) = self.people.get(i) {
            return Ok(person.clone());
        }
        let first = self.people.first().context("the server named nobody who can sign in")?;
        Ok(Person { email: format!("bench-{:04}@bench.example", i + 1), password: first.password.clone() })
    }

    /// Asks it to stop and waits until it has. One that had ended by itself, or ends badly, is an error.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the server had ended by itself: {status}");
        }
        self.signal(Signal::TERM)?;
        let status =
            timeout(STOPPING, self.child.wait()).await.context("the server did not stop in 30 s")??;
        anyhow::ensure!(status.success(), "the server did not stop in order: {status}");
        Ok(())
    }

    /// Kills it where it stands.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }

    fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let pid = i32::try_from(self.process).ok().and_then(Pid::from_raw).context("no such process")?;
        Ok(kill_process(pid, signal)?)
    }
}

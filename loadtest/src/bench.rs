//! `loadtest bench`: which servers run when, which scenarios on them, and what becomes of the findings.

use crate::{
    client::Address,
    disk::Disk,
    latency::Latency,
    machine::Machine,
    page,
    places::{places, profile},
    progress,
    report::{Report, Section, Versions},
    scenario::{self, Ground, Name, arena::Arena, fan_out, idle, lone, open_room, writers},
    server::{Home, Server, World},
    settings::{Asked, Other, Settings},
};
use anyhow::Context;
use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    time::Instant,
};
use tempfile::TempDir;

/// Everything one run has.
struct Bench {
    settings: Settings,
    binary: PathBuf,
    folder: TempDir,
    versions: Versions,
    homes: Vec<(u64, Home)>,
    sections: Vec<Section>,
}

/// What `bench` asks for where nothing is named: everything that has its place in it, the floor beside ours.
pub fn all(asked: Asked) -> Asked {
    let only = if asked.only.is_empty() { Name::BENCH.to_vec() } else { asked.only };
    Asked { only, peer: asked.peer.or(Some(Other::Floor)), ..asked }
}

/// What `soak` asks for where nothing is named: all scenarios, the floor beside ours, the longest histories.
pub fn long(asked: Asked) -> Asked {
    let everything = || Name::BENCH.into_iter().chain(Name::LONG).collect();
    let only = if asked.only.is_empty() { everything() } else { asked.only };
    Asked { only, full: !asked.quick, peer: asked.peer.or(Some(Other::Floor)), ..asked }
}

/// Measures what was asked, prints the table, writes the JSON.
pub async fn run(asked: &Asked) -> anyhow::Result<Report> {
    let began = Instant::now();
    let mut bench = Bench::new(asked)?;
    let json = asked.json.as_deref().map(open_file).transpose()?;
    let html = asked.html.as_deref().map(open_file).transpose()?;
    let machine = Machine::of(bench.folder.path())?;
    let sync = bench.sync()?;
    let chosen = &asked.only;
    bench.team(chosen).await;
    bench.fan_out(chosen).await;
    if chosen.contains(&Name::OpenRoom) {
        let found = bench.open_room().await;
        bench.keep(Name::OpenRoom, found);
    }
    if chosen.contains(&Name::Idle) {
        let found = bench.idle().await;
        bench.keep(Name::Idle, found);
    }
    bench.on_own_servers(chosen).await;
    let report = Report {
        format: 1,
        machine,
        versions: bench.versions,
        settings: bench.settings,
        sync: sync.spread("4 KiB appended and synced"),
        correct: bench.sections.iter().all(Section::is_correct),
        sections: bench.sections,
        seconds: began.elapsed().as_secs_f64(),
    };
    println!("{}", report.table()?);
    if let Some(mut file) = json {
        writeln!(file, "{}", serde_json::to_string_pretty(&report)?).context("cannot write the JSON")?;
    }
    if let Some(mut file) = html {
        write!(file, "{}", page::of(&report)?).context("cannot write the HTML page")?;
    }
    if asked.keep {
        eprintln!("kept {}", bench.folder.path().display());
    }
    Ok(report)
}

impl Bench {
    fn new(asked: &Asked) -> anyhow::Result<Self> {
        let (binary, folder) = places(asked)?;
        let settings = Settings::of(asked);
        let versions = Versions {
            server: version_of(&binary).unwrap_or_else(|_| "unknown".into()),
            protocol: tsumugi_protocol::PROTOCOL,
            loadtest: env!("CARGO_PKG_VERSION"),
            profile: profile(),
            engine: "SQLite",
            peer: None,
        };
        let homes = settings.histories.iter().map(|posts| {
            let home = Home::new(&binary, folder.path(), &format!("history-{posts}"))?;
            anyhow::Ok((*posts, home))
        });
        let homes = homes.collect::<anyhow::Result<_>>()?;
        Ok(Self { settings, binary, folder, versions, homes, sections: Vec::new() })
    }

    fn sync(&self) -> anyhow::Result<Latency> {
        let line = progress::line("the disk syncs");
        let mut sync = Latency::new()?;
        Disk::in_folder(self.folder.path())?.sync(self.settings.syncs, &mut sync)?;
        line.finish_and_clear();
        Ok(sync)
    }

    /// The scenarios that share one server with many rooms.
    async fn team(&mut self, chosen: &[Name]) {
        let on_team = [Name::Lone, Name::Writers];
        let chosen: Vec<Name> = on_team.into_iter().filter(|name| chosen.contains(name)).collect();
        if chosen.is_empty() {
            return;
        }
        let server = match self.team_server().await {
            Ok(server) => server,
            Err(error) => {
                self.sections.extend(chosen.iter().map(|name| Section::broken(name.as_str(), &error)));
                return;
            }
        };
        for name in chosen {
            let found = if name == Name::Lone {
                lone::run(&server, &self.settings, self.folder.path()).await
            } else {
                writers::run(&server, &self.settings).await
            };
            self.keep(name, found);
        }
        if let Err(error) = server.stop().await {
            self.sections.push(Section::broken("stop", &error));
        }
    }

    async fn team_server(&mut self) -> anyhow::Result<Server> {
        let world = World::of(self.settings.writers, self.settings.room_of, 0);
        let server = Home::new(&self.binary, self.folder.path(), "team")?.make(&world).await?;
        self.versions.server = server_version(&server).await?;
        Ok(server)
    }

    /// The scenarios that share one server with everybody on line, and another peer beside it.
    async fn fan_out(&mut self, chosen: &[Name]) {
        let chosen: Vec<Name> = Name::FAN_OUT.into_iter().filter(|name| chosen.contains(name)).collect();
        if chosen.is_empty() {
            return;
        }
        match self.arena().await {
            Ok(arena) => self.sections.extend(fan_out::run(arena, &chosen, &self.settings).await),
            Err(error) => {
                self.sections.extend(chosen.iter().map(|name| Section::broken(name.as_str(), &error)));
            }
        }
    }

    async fn arena(&mut self) -> anyhow::Result<Arena> {
        let home = Home::new(&self.binary, self.folder.path(), "fan-out")?;
        let arena = Arena::open(&home, self.folder.path(), self.settings.fan_out(), &self.settings).await?;
        arena.version().clone_into(&mut self.versions.server);
        self.versions.peer = arena.other_version();
        Ok(arena)
    }

    /// The scenarios that start servers of their own.
    async fn on_own_servers(&mut self, chosen: &[Name]) {
        for name in Name::ON_OWN_SERVERS.into_iter().filter(|name| chosen.contains(name)) {
            let ground =
                Ground { binary: &self.binary, folder: self.folder.path(), settings: &self.settings };
            if let Some(found) = scenario::on_own_servers(name, &ground).await {
                self.keep(name, found);
            }
        }
    }

    async fn open_room(&mut self) -> anyhow::Result<Section> {
        let mut servers = Vec::new();
        for (posts, home) in &self.homes {
            servers.push((*posts, home.open(&self.history(*posts)).await?));
        }
        if let Some((_, server)) = servers.first() {
            self.versions.server = server_version(server).await?;
        }
        let found = open_room::run(&servers, &self.settings).await;
        for (posts, server) in servers {
            let stopped = server.stop().await;
            stopped.with_context(|| format!("the server with {posts} posts"))?;
        }
        found
    }

    async fn idle(&mut self) -> anyhow::Result<Section> {
        let small = Home::new(&self.binary, self.folder.path(), "idle")?;
        let (posts, longest) = self.homes.last().context("no history to start on")?;
        idle::run(&small, (longest, &self.history(*posts)), &self.settings).await
    }

    /// One room with that many posts.
    fn history(&self, posts: u64) -> World {
        World::of(1, self.settings.room_of, posts)
    }

    fn keep(&mut self, name: Name, found: anyhow::Result<Section>) {
        self.sections.push(found.unwrap_or_else(|error| Section::broken(name.as_str(), &error)));
    }
}

/// Opened before anything is measured: a path that cannot be written is told at once, not after the run.
fn open_file(path: &Path) -> anyhow::Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    File::create(path).with_context(|| format!("cannot write {}", path.display()))
}

/// The version that a binary tells.
fn version_of(binary: &Path) -> anyhow::Result<String> {
    let told = std::process::Command::new(binary).arg("--version").output()?;
    let told = String::from_utf8_lossy(&told.stdout);
    Ok(told.split_whitespace().last().unwrap_or("unknown").to_owned())
}

/// The server's version by its own word.
async fn server_version(server: &Server) -> anyhow::Result<String> {
    let address: &Address = &server.address;
    let session = address.sign_in(&server.person(0)?).await?;
    Ok(address.link(&session).await?.welcome.server)
}

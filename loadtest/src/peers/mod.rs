//! Who is measured: our server, and the floor or ejabberd beside it, driven by the same load.

pub mod ejabberd;
pub mod floor;
mod floor_line;
mod ground;
mod line;
mod our_line;
mod postgres;
mod process;

pub use line::{Answer, Ask, Heard, Line, Outgoing, Sight};

use crate::{
    client::Session,
    machine,
    scenario::sign_in_all,
    server::{Home, Server, World},
    shape::Shape,
};
use anyhow::Context;
use ejabberd::{Ejabberd, EjabberdLine};
use floor_line::FloorLine;
use our_line::OurLine;
use postgres::Postgres;
use process::Floor;
use std::{path::Path, time::Duration};

/// A running server of one kind, and the people who can come on line there.
pub enum Peer {
    /// Ours.
    Ours {
        /// Its process.
        server: Server,
        /// Everybody, signed in.
        sessions: Vec<Session>,
        /// Its version, by its own word.
        version: String,
        /// Where its rows are when not in SQLite.
        rows: Option<Postgres>,
    },
    /// The floor.
    Floor {
        /// Its process.
        floor: Floor,
        /// Which rooms there are; the floor takes everybody's word for it.
        shape: Shape,
    },
    /// ejabberd.
    Ejabberd {
        /// Its process, and its database's.
        ejabberd: Box<Ejabberd>,
        /// Which rooms there are; who enters one first makes it.
        shape: Shape,
    },
}

impl Peer {
    /// Starts ours on a fresh folder and signs everybody in.
    pub async fn ours(home: &Home, shape: &Shape) -> anyhow::Result<Self> {
        Self::ours_on(None, home, shape).await
    }

    /// The same with its rows in a PostgreSQL of its own.
    pub async fn ours_on_postgres(home: Home, work: &Path, shape: &Shape) -> anyhow::Result<Self> {
        let rows = Postgres::start(work).await?;
        let home = home.with_store(rows.database("tsumugi").await?);
        Self::ours_on(Some(rows), &home, shape).await
    }

    async fn ours_on(rows: Option<Postgres>, home: &Home, shape: &Shape) -> anyhow::Result<Self> {
        let server = home.make(&World::shaped(shape.clone())).await?;
        let sessions = sign_in_all(&server, &(0..shape.people).collect::<Vec<_>>()).await?;
        let first = sessions.first().context("nobody is there")?;
        let version = server.address.link(first).await?.welcome.server;
        Ok(Self::Ours { server, sessions, version, rows })
    }

    /// Starts the floor on a fresh folder of the run.
    pub async fn floor(run: &Path, shape: &Shape) -> anyhow::Result<Self> {
        Ok(Self::Floor { floor: Floor::start(&run.join("floor")).await?, shape: shape.clone() })
    }

    /// Starts ejabberd on a fresh folder, with an account for everybody.
    pub async fn ejabberd(work: &Path, shape: &Shape) -> anyhow::Result<Self> {
        let ejabberd = Box::new(Ejabberd::start(work, shape.people).await?);
        Ok(Self::Ejabberd { ejabberd, shape: shape.clone() })
    }

    /// Its name in the report.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Ours { rows: None, .. } => "ours",
            Self::Ours { rows: Some(_), .. } => "ours on PostgreSQL",
            Self::Floor { .. } => "floor",
            Self::Ejabberd { .. } => "ejabberd",
        }
    }

    /// Its version.
    pub fn version(&self) -> &str {
        match self {
            Self::Ours { version, .. } => version,
            Self::Floor { .. } => env!("CARGO_PKG_VERSION"),
            Self::Ejabberd { ejabberd, .. } => &ejabberd.version,
        }
    }

    /// CPU time of its process, of its database, and of everything they started.
    pub fn cpu_time(&self) -> anyhow::Result<Duration> {
        let process = match self {
            Self::Ours { server, .. } => server.process(),
            Self::Floor { floor, .. } => floor.process,
            Self::Ejabberd { ejabberd, .. } => ejabberd.process,
        };
        Ok(machine::tree_cpu_time(process)? + self.database_cpu_time()?)
    }

    /// CPU time of its database alone; zero when it has none beside itself.
    pub fn database_cpu_time(&self) -> anyhow::Result<Duration> {
        let rows = match self {
            Self::Ours { rows, .. } => rows.as_ref(),
            Self::Floor { .. } => None,
            Self::Ejabberd { ejabberd, .. } => Some(&ejabberd.rows),
        };
        rows.map_or(Ok(Duration::ZERO), Postgres::cpu_time)
    }

    /// Opens the link of one person.
    pub async fn link(&self, person: usize) -> anyhow::Result<Line> {
        match self {
            Self::Ours { server, sessions, .. } => {
                let session = sessions.get(person).context("nobody of that number")?;
                Ok(Line::Ours(Box::new(OurLine::open(&server.address, session).await?)))
            }
            Self::Floor { floor, shape } => {
                let rooms = shape.rooms_with(person);
                Ok(Line::Floor(Box::new(FloorLine::open(&floor.address, person, &rooms).await?)))
            }
            Self::Ejabberd { ejabberd, shape } => {
                let rooms = shape.rooms_with(person);
                let line = EjabberdLine::open(&ejabberd.address, person, &rooms).await?;
                Ok(Line::Ejabberd(Box::new(line)))
            }
        }
    }

    /// Stops it; one that had ended by itself is an error.
    pub async fn stop(self) -> anyhow::Result<()> {
        match self {
            Self::Ours { server, .. } => server.stop().await,
            Self::Floor { floor, .. } => floor.stop().await,
            Self::Ejabberd { ejabberd, .. } => ejabberd.stop().await,
        }
    }
}

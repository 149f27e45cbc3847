//! Who is measured: our server, and the floor beside it, driven by the same load.

pub mod floor;
mod floor_line;
mod line;
mod our_line;
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
use floor_line::FloorLine;
use our_line::OurLine;
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
    },
    /// The floor.
    Floor {
        /// Its process.
        floor: Floor,
        /// Which rooms there are; the floor takes everybody's word for it.
        shape: Shape,
    },
}

impl Peer {
    /// Starts ours on a fresh folder and signs everybody in.
    pub async fn ours(home: &Home, shape: &Shape) -> anyhow::Result<Self> {
        let server = home.make(&World::shaped(shape.clone())).await?;
        let sessions = sign_in_all(&server, &(0..shape.people).collect::<Vec<_>>()).await?;
        let first = sessions.first().context("nobody is there")?;
        let version = server.address.link(first).await?.welcome.server;
        Ok(Self::Ours { server, sessions, version })
    }

    /// Starts the floor on a fresh folder of the run.
    pub async fn floor(run: &Path, shape: &Shape) -> anyhow::Result<Self> {
        Ok(Self::Floor { floor: Floor::start(&run.join("floor")).await?, shape: shape.clone() })
    }

    /// Its name in the report.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Ours { .. } => "ours",
            Self::Floor { .. } => "floor",
        }
    }

    /// Its version.
    pub fn version(&self) -> &str {
        match self {
            Self::Ours { version, .. } => version,
            Self::Floor { .. } => env!("CARGO_PKG_VERSION"),
        }
    }

    /// Its process.
    pub const fn process(&self) -> u32 {
        match self {
            Self::Ours { server, .. } => server.process(),
            Self::Floor { floor, .. } => floor.process,
        }
    }

    /// CPU time of its process and everything that process started.
    pub fn cpu_time(&self) -> anyhow::Result<Duration> {
        machine::tree_cpu_time(self.process())
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
        }
    }

    /// Stops it; one that had ended by itself is an error.
    pub async fn stop(self) -> anyhow::Result<()> {
        match self {
            Self::Ours { server, .. } => server.stop().await,
            Self::Floor { floor, .. } => floor.stop().await,
        }
    }
}

//! People on line in rooms of equal size. The loads of several scenarios run among them, again and again.

mod attended;
mod clocked;
mod plan;
mod rounds;

pub use clocked::{Clocked, Pace};
pub use rounds::{Marks, Rounds};

use crate::{
    client::{Link, Session},
    machine,
    scenario::come_on_line,
    server::Server,
};
use std::time::{Duration, Instant};
use tsumugi_protocol::RoomId;

/// People on line, room by room.
pub struct Company {
    members: Vec<Member>,
    room_of: usize,
    server: u32,
}

/// One of them.
pub struct Member {
    /// Who.
    pub session: Session,
    /// Her room.
    pub room: RoomId,
    /// Her link.
    pub link: Link,
}

/// CPU that the server and this tool take from a moment on.
#[derive(Debug, Clone, Copy)]
pub struct Meter {
    server: u32,
    began: Instant,
    before: (Duration, Duration),
}

/// What was taken.
#[derive(Debug, Clone, Copy)]
pub struct Used {
    /// By the server.
    pub server: Duration,
    /// By this tool.
    pub tool: Duration,
    /// In this time.
    pub time: Duration,
}

impl Company {
    /// Brings people with these numbers on line. They belong to one room each, neighbours to the same one.
    pub async fn gather(
        server: &Server,
        who: impl IntoIterator<Item = usize>,
        room_of: usize,
    ) -> anyhow::Result<Self> {
        let people = come_on_line(server, &who.into_iter().collect::<Vec<_>>()).await?;
        let mut members = Vec::with_capacity(people.len());
        for (session, mut link) in people {
            let room = link.only_room().await?;
            members.push(Member { session, room, link });
        }
        Ok(Self { members, room_of, server: server.process() })
    }

    /// How many rooms they fill.
    pub const fn rooms(&self) -> usize {
        self.members.len() / self.room_of
    }
}

impl Meter {
    /// Measures a server process from now on.
    pub fn start(server: u32) -> anyhow::Result<Self> {
        let before = (machine::cpu_time(server)?, machine::cpu_time(std::process::id())?);
        Ok(Self { server, began: Instant::now(), before })
    }

    /// What was taken until now.
    pub fn used(&self) -> anyhow::Result<Used> {
        Ok(Used {
            server: machine::cpu_time(self.server)?.saturating_sub(self.before.0),
            tool: machine::cpu_time(std::process::id())?.saturating_sub(self.before.1),
            time: self.began.elapsed(),
        })
    }
}

impl Used {
    /// Cores that the server kept busy.
    pub fn cores(&self) -> f64 {
        self.server.as_secs_f64() / self.time.as_secs_f64().max(f64::EPSILON)
    }

    /// Cores that this tool kept busy.
    pub fn tool_cores(&self) -> f64 {
        self.tool.as_secs_f64() / self.time.as_secs_f64().max(f64::EPSILON)
    }

    /// The server's CPU for one of so many, in microseconds.
    pub fn each_us(&self, count: u64) -> f64 {
        self.server.as_secs_f64() * 1e6 / count.max(1) as f64
    }
}

//! Where the figures about fan-out are taken: ours and another peer side by side, everybody on line at each.

use crate::{
    beside::Rounds,
    crowd::{Act, Crowd, Due, Found, Lane, Load, Spec, steady},
    peers::Peer,
    places,
    report::Section,
    server::Home,
    settings::{Other, Settings},
    shape::{Room, Shape},
};
use std::{collections::BTreeSet, path::Path, sync::Arc, time::Duration};

/// Ours, and the peer that was asked for.
pub struct Arena {
    ours: Crowd,
    on_postgres: Option<Crowd>,
    other: Option<(Other, Crowd)>,
    rounds: usize,
    warm_up: Duration,
    length: Duration,
    /// The rooms there are.
    pub shape: Shape,
}

/// A cell and where it runs.
#[derive(Debug, Clone, Copy)]
pub enum Turn<'a> {
    /// At ours.
    Ours(&'a Spec),
    /// At ours on PostgreSQL; nowhere when that is not measured.
    OnPostgres(&'a Spec),
    /// At the other peer; nowhere when there is none.
    Theirs(&'a Spec),
}

impl Arena {
    /// Starts the servers and lets everybody come on line.
    pub async fn open(home: &Home, run: &Path, shape: Shape, settings: &Settings) -> anyhow::Result<Self> {
        let people = shape.people;
        let other = match settings.peer {
            Some(other) => Some((other, Crowd::gather(peer(other, run, &shape).await?, people).await?)),
            None => None,
        };
        let ours = Crowd::gather(Peer::ours(home, &shape).await?, people).await?;
        let on_postgres = if settings.on_postgres {
            let home = home.beside("on-postgres")?;
            Some(
                Crowd::gather(Peer::ours_on_postgres(home, places::around(run)?, &shape).await?, people)
                    .await?,
            )
        } else {
            None
        };
        let warm_up = Duration::from_secs(settings.cell_warm_up);
        let length = Duration::from_secs(settings.cell_seconds);
        Ok(Self { ours, on_postgres, other, rounds: settings.rounds.max(1), warm_up, length, shape })
    }

    /// Version of our server.
    pub fn version(&self) -> &str {
        self.ours.peer.version()
    }

    /// What is measured beside ours.
    pub fn other(&self) -> Option<Other> {
        self.other.as_ref().map(|(other, _)| *other)
    }

    /// Name and version of a peer that others made.
    pub fn other_version(&self) -> Option<String> {
        let (_, crowd) = self.other.as_ref().filter(|(other, _)| *other != Other::Floor)?;
        Some(format!("{} {}", crowd.peer.name(), crowd.peer.version()))
    }

    /// Closed loop with these lanes, in these rooms.
    pub fn closed(&self, what: &'static str, rooms: Vec<Room>, lanes: Vec<Lane>, act: Act) -> Spec {
        Spec { what, rooms, load: Load::Lanes(lanes, act), warm_up: self.warm_up, length: self.length }
    }

    /// Open loop of so many posts a second, round and round these rooms, for so many times the usual length.
    pub fn open_loop(&self, what: &'static str, rooms: Vec<Room>, rate: u64, times: u32) -> Spec {
        let length = self.length * times;
        let load = Load::Clock(steady(&rooms, rate, self.warm_up + length, Act::Post));
        Spec { what, rooms, load, warm_up: self.warm_up, length }
    }

    /// Open loop of what is due when; everything counts.
    pub const fn by_the_clock(
        what: &'static str,
        rooms: Vec<Room>,
        dues: Vec<Due>,
        length: Duration,
    ) -> Spec {
        Spec { what, rooms, load: Load::Clock(dues), warm_up: Duration::ZERO, length }
    }

    /// Runs a cell at ours alone, once.
    pub async fn once(&mut self, spec: &Spec) -> anyhow::Result<Rounds> {
        Ok(Rounds::alone(vec![self.ours.run(spec).await?]))
    }

    /// Our server, where more people can come on line while a cell runs.
    pub fn our_peer(&self) -> Arc<Peer> {
        self.ours.peer.clone()
    }

    /// The counted length of a cell.
    pub const fn length(&self) -> Duration {
        self.length
    }

    /// Runs a cell at both, in turns, the order reversed in every other round.
    pub async fn rounds(&mut self, spec: &Spec) -> anyhow::Result<Rounds> {
        let mut found = self.turns(&[Turn::Ours(spec), Turn::Theirs(spec)]).await?.into_iter();
        let mut next = || found.next().unwrap_or_default();
        Ok(Rounds { ours: next(), theirs: next(), other: self.other() })
    }

    /// Runs these cells one after the other, round after round; the findings of each, by round.
    pub async fn turns(&mut self, turns: &[Turn<'_>]) -> anyhow::Result<Vec<Vec<Found>>> {
        let mut found: Vec<Vec<Found>> = turns.iter().map(|_| Vec::new()).collect();
        for round in 0..self.rounds {
            let mut order: Vec<_> = turns.iter().zip(found.iter_mut()).collect();
            if round % 2 == 1 {
                order.reverse();
            }
            for (turn, found) in order {
                found.extend(self.turn(*turn).await?);
            }
        }
        Ok(found)
    }

    async fn turn(&mut self, turn: Turn<'_>) -> anyhow::Result<Option<Found>> {
        let (crowd, spec) = match turn {
            Turn::Ours(spec) => (Some(&mut self.ours), spec),
            Turn::OnPostgres(spec) => (self.on_postgres.as_mut(), spec),
            Turn::Theirs(spec) => (self.other.as_mut().map(|(_, crowd)| crowd), spec),
        };
        match crowd {
            Some(crowd) => crowd.run(spec).await.map(Some),
            None => Ok(None),
        }
    }

    /// Sends everybody home and stops the servers.
    pub async fn close(self) -> anyhow::Result<()> {
        let ours = self.ours.leave().await;
        for crowd in self.other.map(|(_, crowd)| crowd).into_iter().chain(self.on_postgres) {
            crowd.leave().await?;
        }
        ours
    }
}

/// Starts another peer.
async fn peer(other: Other, run: &Path, shape: &Shape) -> anyhow::Result<Peer> {
    match other {
        Other::Floor => Peer::floor(run, shape).await,
        Other::Ejabberd => Peer::ejabberd(places::around(run)?, shape).await,
    }
}

/// One lane for each room, its members in turn.
pub fn lane_for_each(rooms: &[Room]) -> Vec<Lane> {
    rooms.iter().enumerate().map(|(room, Room { people, .. })| Lane { room, seats: people.clone() }).collect()
}

/// So many lanes in the first room, its first members writing in turn in each of them.
pub fn lanes_of_senders(rooms: &[Room], senders: usize, in_flight: usize) -> Vec<Lane> {
    let people = rooms.first().map(|room| room.people.as_slice()).unwrap_or_default();
    let seats: Vec<usize> = people.iter().take(senders).copied().collect();
    vec![Lane { room: 0, seats }; in_flight]
}

/// Adds what went wrong in these cells to a section, and what should be known of them.
pub fn note(section: &mut Section, what: &str, rounds: &Rounds) {
    let other = rounds.other.map_or("", Other::as_str);
    for (peer, all) in [("ours", &rounds.ours), (other, &rounds.theirs)] {
        let (mut refused, mut behind) = (0, 0);
        for found in all {
            section.faults.add(&found.faults);
            refused += found.refused.values().sum::<u64>();
            behind += found.behind;
            if found.faults.total() > 0 {
                section.notes.push(format!("{what}, {peer}: {}", found.faults.words()));
            }
        }
        if refused > 0 {
            let codes: BTreeSet<&str> =
                all.iter().flat_map(|found| found.refused.keys()).map(String::as_str).collect();
            let codes = codes.into_iter().collect::<Vec<_>>().join(", ");
            section.notes.push(format!("{what}, {peer}: {refused} × refused: {codes}"));
        }
        if behind > 0 {
            section.notes.push(format!("{what}, {peer}: {behind} × told `behind`"));
        }
    }
}

//! What is asked on the command line, and how long and how large each scenario therefore is.

use crate::{scenario::Name, shape::Shape};
use serde::Serialize;
use std::{path::PathBuf, time::Duration};

/// A server that can be measured beside ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Other {
    /// The leanest honest server of our design.
    Floor,
    /// ejabberd with rooms archived in PostgreSQL, and ours on PostgreSQL as well.
    Ejabberd,
}

impl Other {
    /// Its name in the report.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Ejabberd => "ejabberd",
        }
    }
}

/// Options of every measuring.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Asked {
    /// Write the report as JSON to this file as well.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write the report as one HTML page with plots to this file as well.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Short runs, one round, small histories. Figures are rough.
    #[arg(long, conflicts_with = "full")]
    pub quick: bool,
    /// Also a history of 1,000,000 posts; takes several minutes more.
    #[arg(long)]
    pub full: bool,
    /// With `bench`: only these scenarios.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub only: Vec<Name>,
    /// This server beside ours, in turns. `bench` has the floor when nothing else is said.
    #[arg(long, value_name = "PEER")]
    pub peer: Option<Other>,
    /// Rounds of every cell; the median counts.
    #[arg(long)]
    pub rounds: Option<usize>,
    /// Seconds that each cell counts.
    #[arg(long)]
    pub seconds: Option<u64>,
    /// Members of the big room.
    #[arg(long, value_name = "MEMBERS")]
    pub big: Option<usize>,
    /// The server's binary; the one beside this program when absent.
    #[arg(long, value_name = "FILE")]
    pub server: Option<PathBuf>,
    /// Folder in which the data folders are made; its disk is the one measured.
    #[arg(long, value_name = "DIR")]
    pub work: Option<PathBuf>,
    /// Multiplies the number of links and attempts of the large scenarios; 1 when absent, 0.1 with `--quick`.
    #[arg(long, value_name = "TIMES")]
    pub scale: Option<f64>,
    /// Leave data folders and server logs where they are.
    #[arg(long)]
    pub keep: bool,
}

/// Length and size of every scenario.
#[derive(Debug, Clone, Serialize)]
pub struct Settings {
    /// `quick`, `normal` or `full`.
    pub pace: &'static str,
    /// Members of every room.
    pub room_of: usize,
    /// Concurrent writers, each in a room of her own.
    pub writers: usize,
    /// Seconds before measuring starts.
    pub warm_up_seconds: u64,
    /// Seconds the writers are measured.
    pub writer_seconds: u64,
    /// Rounds of the lone writer: some syncs of the disk, then some posts, so that both see the same weather.
    pub lone_rounds: usize,
    /// Posts, and half as many syncs, in a round.
    pub lone_posts: usize,
    /// Care teams, each a room with everybody on line.
    pub care_teams: usize,
    /// Members of the big room.
    pub big: usize,
    /// What is measured beside ours.
    pub peer: Option<Other>,
    /// Whether ours is measured on PostgreSQL too: beside ejabberd, which has its rows there, in `care-teams`.
    pub on_postgres: bool,
    /// Rounds of every cell about fan-out: ours and the other peers in turns.
    pub rounds: usize,
    /// Seconds before such a cell counts.
    pub cell_warm_up: u64,
    /// Seconds that such a cell counts.
    pub cell_seconds: u64,
    /// Posts in the rooms that are opened, short history first.
    pub histories: Vec<u64>,
    /// Times that each way of opening is measured on each history.
    pub openings: usize,
    /// Accounts of the idle server.
    pub idle_people: usize,
    /// Restarts on the longest history.
    pub starts: usize,
    /// Syncs of the disk measured before anything runs.
    pub syncs: usize,
    /// Seconds of one phase of a scenario that has several.
    pub phase_seconds: u64,
    /// Multiplies links and attempts of the large scenarios.
    pub scale: f64,
}

impl Settings {
    /// The settings for what was asked.
    pub fn of(asked: &Asked) -> Self {
        let normal = Self {
            pace: "normal",
            room_of: 8,
            writers: 200,
            warm_up_seconds: 3,
            writer_seconds: 20,
            lone_rounds: 20,
            lone_posts: 200,
            care_teams: 200,
            big: asked.big.unwrap_or(1_000),
            peer: asked.peer,
            on_postgres: asked.peer == Some(Other::Ejabberd) && asked.only.contains(&Name::CareTeams),
            rounds: asked.rounds.unwrap_or(3),
            cell_warm_up: 1,
            cell_seconds: asked.seconds.unwrap_or(4),
            histories: vec![1_000, 100_000],
            openings: 1_000,
            idle_people: 50,
            starts: 5,
            syncs: 500,
            phase_seconds: 10,
            scale: asked.scale.unwrap_or(if asked.quick { 0.1 } else { 1.0 }),
        };
        if asked.quick {
            Self {
                pace: "quick",
                warm_up_seconds: 1,
                phase_seconds: 6,
                writer_seconds: 5,
                lone_rounds: 5,
                rounds: asked.rounds.unwrap_or(1),
                cell_seconds: asked.seconds.unwrap_or(2),
                histories: vec![1_000, 10_000],
                openings: 200,
                starts: 2,
                syncs: 200,
                ..normal
            }
        } else if asked.full {
            Self { pace: "full", histories: vec![1_000, 100_000, 1_000_000], ..normal }
        } else {
            normal
        }
    }

    /// The world of the scenarios about fan-out; each size of room once.
    pub fn fan_out(&self) -> Shape {
        Shape::of([(self.care_teams, self.room_of), (1, self.big), (1, 1), (8, 2), (8, 32), (8, 128)])
    }

    /// The time before measuring starts.
    pub const fn warm_up(&self) -> Duration {
        Duration::from_secs(self.warm_up_seconds)
    }

    /// How long one phase of a scenario with several lasts.
    pub const fn phase(&self) -> Duration {
        Duration::from_secs(self.phase_seconds)
    }

    /// A large number at the scale asked for, at least 1.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts of links are small and never negative"
    )]
    pub fn scaled(&self, count: usize) -> usize {
        ((count as f64 * self.scale).round().max(1.0)) as usize
    }
}

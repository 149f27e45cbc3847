//! What one cell found at one peer: rates, times, CPU, and everything that must not happen.

use super::{cell::Cell, member::Tally};
use crate::{
    checker::{Attempt, Faults, Ledger, Listener},
    latency::Latency,
};
use std::{collections::BTreeMap, time::Duration};

/// The findings of one cell.
#[derive(Debug, Clone)]
pub struct Found {
    /// Length of the counted time in seconds.
    pub seconds: f64,
    /// Posts acknowledged in it.
    pub posts: u64,
    /// Posts that reached a member in it, the author's own included.
    pub deliveries: u64,
    /// Other answers in it.
    pub reads: u64,
    /// CPU time of the peer in it.
    pub cpu: Duration,
    /// What of that a database beside the peer took.
    pub cpu_database: Duration,
    /// CPU time of this tool in it.
    pub cpu_here: Duration,
    /// From due to each member's socket.
    pub delivered: Latency,
    /// From due to acknowledgement.
    pub acked: Latency,
    /// From due to any other answer.
    pub read: Latency,
    /// What must not happen.
    pub faults: Faults,
    /// Refusals by code.
    pub refused: BTreeMap<String, u64>,
    /// How often somebody was told `behind`.
    pub behind: u64,
}

impl Found {
    /// Puts everybody's tallies together and checks them against each other.
    pub fn of(cell: &Cell, tallies: Vec<Tally>, used: [Duration; 3]) -> anyhow::Result<Self> {
        let [_, from, to] = cell.times;
        let [cpu, cpu_database, cpu_here] = used;
        let mut found = Self {
            seconds: (to - from).as_secs_f64(),
            posts: 0,
            deliveries: 0,
            reads: 0,
            cpu,
            cpu_database,
            cpu_here,
            delivered: Latency::new()?,
            acked: Latency::new()?,
            read: Latency::new()?,
            faults: Faults::default(),
            refused: BTreeMap::new(),
            behind: 0,
        };
        for tally in &tallies {
            let [deliveries, posts, reads] = tally.counted;
            found.deliveries += deliveries;
            found.posts += posts;
            found.reads += reads;
            found.behind += tally.behind;
            found.delivered.add_all(&tally.deliveries);
            found.acked.add_all(&tally.acks);
            found.read.add_all(&tally.reads);
            for (code, times) in &tally.refused {
                *found.refused.entry(code.clone()).or_default() += times;
            }
        }
        found.faults = ledger(cell, tallies).judge();
        anyhow::ensure!(found.posts + found.reads > 0, "nothing was answered in the counted time");
        Ok(found)
    }

    /// Deliveries for each second of the peer's CPU time.
    pub fn deliveries_per_cpu_second(&self) -> f64 {
        self.deliveries as f64 / self.cpu.as_secs_f64()
    }

    /// Microseconds of the peer's CPU time for each delivery.
    pub fn cpu_per_delivery(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.deliveries as f64
    }

    /// Microseconds of its database's CPU time in that.
    pub fn database_cpu_per_delivery(&self) -> f64 {
        self.cpu_database.as_secs_f64() * 1e6 / self.deliveries as f64
    }

    /// Microseconds of the peer's CPU time for each post.
    pub fn cpu_per_post(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.posts as f64
    }

    /// Cores that the peer used.
    pub fn cores(&self) -> f64 {
        self.cpu.as_secs_f64() / self.seconds
    }

    /// Cores that this tool used.
    pub fn cores_here(&self) -> f64 {
        self.cpu_here.as_secs_f64() / self.seconds
    }

    /// Times of all deliveries of several rounds.
    pub fn all_delivered(rounds: &[Self]) -> anyhow::Result<Latency> {
        let mut all = Latency::new()?;
        for found in rounds {
            all.merge(&found.delivered)?;
        }
        Ok(all)
    }

    /// Acknowledged posts a second.
    pub fn posts_per_second(&self) -> f64 {
        self.posts as f64 / self.seconds
    }
}

/// Everything the cell knows of itself, for the checker.
fn ledger(cell: &Cell, tallies: Vec<Tally>) -> Ledger {
    let mut ledger = Ledger::default();
    for tally in tallies {
        for (number, position) in &tally.posts {
            let post = cell.ids.id(*number);
            ledger.attempts.insert(post, Attempt { room: tally.room, author: tally.account });
            ledger.acknowledged.extend(position.map(|position| (post, position)));
        }
        ledger.refused.extend(tally.refused_posts.iter().map(|number| cell.ids.id(*number)));
        ledger.listeners.push(Listener { account: tally.account, room: tally.room, heard: tally.heard });
    }
    ledger
}

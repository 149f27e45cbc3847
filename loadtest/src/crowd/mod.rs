//! Everybody on line at one peer, and the cells they run through: the load side of every figure about fan-out.

mod arrivals;
mod cell;
mod found;
mod member;
mod spec;

pub use arrivals::{scattered, steady, together};
pub use found::Found;
pub use spec::{Act, Due, Lane, Load, Spec};

use crate::{peers::Peer, progress};
use anyhow::Context;
use cell::Cell;
use futures_util::{StreamExt, TryStreamExt, stream};
use member::{Member, Order, Tally};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    sync::{
        mpsc::{UnboundedSender, unbounded_channel},
        oneshot,
    },
    task::JoinSet,
    time::{sleep, sleep_until},
};

/// Links that are opened at once.
const AT_ONCE: usize = 16;
/// Time in which everybody hears that a cell begins.
const BEGINNING: Duration = Duration::from_millis(100);
/// A cell that moves no further for so long has lost what it still waits for.
const PATIENCE: Duration = Duration::from_secs(5);
/// When nothing more is owed, so long for what is not owed.
const SURPLUS: Duration = Duration::from_millis(200);

/// Everybody on line at one peer.
pub struct Crowd {
    /// Where.
    pub peer: Arc<Peer>,
    everybody: Vec<UnboundedSender<Order>>,
    links: JoinSet<anyhow::Result<()>>,
}

impl Crowd {
    /// Opens a link for each person.
    pub async fn gather(peer: Peer, people: usize) -> anyhow::Result<Self> {
        let bar = progress::bar("people come on line", people as u64);
        let lines = stream::iter(0..people).map(async |person| {
            let line = peer.link(person).await?;
            bar.inc(1);
            anyhow::Ok(line)
        });
        let lines: Vec<_> = lines.buffered(AT_ONCE).try_collect().await?;
        bar.finish_and_clear();
        let (mut everybody, mut links) = (Vec::with_capacity(people), JoinSet::new());
        for (number, line) in lines.into_iter().enumerate() {
            let (give, take) = unbounded_channel();
            everybody.push(give);
            links.spawn(Member::new(line, number).attend(take));
        }
        Ok(Self { peer: Arc::new(peer), everybody, links })
    }

    /// Runs one cell to its end and says what it found.
    pub async fn run(&mut self, spec: &Spec) -> anyhow::Result<Found> {
        let cell = Arc::new(Cell::new(spec, self.everybody.clone(), Instant::now() + BEGINNING));
        for orders in &self.everybody {
            orders.send(Order::Begin(cell.clone())).ok();
        }
        let what = format!("{}, {}", spec.what, self.peer.name());
        let clock = progress::clock(&what, spec.warm_up + spec.length);
        let [begins, from, to] = cell.times;
        let driver = tokio::spawn(drive(cell.clone(), spec.load.clone(), begins));
        let [cpu_before, database_before, here_before] = self.used_at(from).await?;
        let [cpu, database, here] = self.used_at(to).await?;
        driver.await?;
        drop(clock);
        self.settle(&cell).await;
        let tallies = self.tallies().await?;
        let used = [
            cpu.saturating_sub(cpu_before),
            database.saturating_sub(database_before),
            here.saturating_sub(here_before),
        ];
        tokio::task::spawn_blocking(move || Found::of(&cell, tallies, used)).await?
    }

    /// Lets everybody go and stops the peer.
    pub async fn leave(mut self) -> anyhow::Result<()> {
        self.everybody.clear();
        self.links.shutdown().await;
        Arc::into_inner(self.peer).context("somebody still comes on line")?.stop().await
    }

    /// CPU time of the peer, of its database in that, and of this tool at that moment.
    async fn used_at(&self, at: Instant) -> anyhow::Result<[Duration; 3]> {
        sleep_until(at.into()).await;
        let here = crate::machine::cpu_time(std::process::id())?;
        Ok([self.peer.cpu_time()?, self.peer.database_cpu_time()?, here])
    }

    async fn settle(&self, cell: &Cell) {
        let (mut progress, mut since) = (cell.counts.progress(), Instant::now());
        while !cell.counts.is_settled() && since.elapsed() < PATIENCE {
            sleep(Duration::from_millis(20)).await;
            let now = cell.counts.progress();
            if now != progress {
                (progress, since) = (now, Instant::now());
            }
        }
        sleep(SURPLUS).await;
    }

    async fn tallies(&mut self) -> anyhow::Result<Vec<Tally>> {
        let mut waiting = Vec::with_capacity(self.everybody.len());
        for orders in &self.everybody {
            let (give, take) = oneshot::channel();
            orders.send(Order::End(give)).ok();
            waiting.push(take);
        }
        let mut tallies = Vec::with_capacity(waiting.len());
        for tally in waiting {
            match tally.await {
                Ok(tally) => tallies.push(tally),
                Err(_) => {
                    let ended = self.links.join_next().await.context("a link ended without a word")??;
                    ended.with_context(|| format!("a link to {}", self.peer.name()))?;
                    anyhow::bail!("a link to {} ended by itself", self.peer.name());
                }
            }
        }
        Ok(tallies)
    }
}

/// Sets the lanes going, or tells everybody by the clock.
async fn drive(cell: Arc<Cell>, load: Load, begins: Instant) {
    sleep_until(begins.into()).await;
    match load {
        Load::Lanes(..) => cell.start_lanes(),
        Load::Clock(dues) => {
            for due in dues {
                let at = begins + due.at;
                sleep_until(at.into()).await;
                cell.give(due.person, due.room, at, due.act, None);
            }
        }
    }
}

//! Group commit: the acts that queued while the last batch synced share one transaction and one sync.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use tokio::sync::{mpsc, oneshot};

use super::ahead::Ahead;
use super::engine::Commit;
use super::fault::{Cause, StoreFault};
use super::place::Place;
use super::stats::Counters;
use super::teller::{How, Teller};
use super::tx::Tx;
use crate::clock::Clock;

/// Acts that may wait; beyond it, or when they would wait too long, callers hear `Overloaded` at once.
pub(super) const QUEUE: usize = 4_096;
/// Acts that share one commit at most.
pub(super) const BATCH: usize = 256;
/// How often an act is run when connections break under it.
const TRIES: usize = 3;
/// Attempts to connect again after a loss, and the pause between them.
const PATIENCE: usize = 50;
const PAUSE: Duration = Duration::from_millis(100);

/// An act whose kinds of answer are known only to itself.
pub(super) trait Job: Send {
    /// Says what the act wants to know.
    fn want(&self, ahead: &mut Ahead);
    /// Runs the act and keeps its answer.
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> LocalBoxFuture<'a, Verdict>;
    /// Gives the kept answer to the caller, or `fault` in its place.
    fn answer(self: Box<Self>, fault: Option<StoreFault>);
}

pub(super) type BoxJob = Box<dyn Job>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Done,
    Refused,
    /// It said yes although one of its statements had failed.
    Swallowed,
    Panicked,
}

pub(super) enum Order {
    Act(BoxJob),
    /// Finish what is queued, say so, wait for the word, close.
    Close {
        drained: oneshot::Sender<()>,
        go: oneshot::Receiver<()>,
        closed: oneshot::Sender<()>,
    },
}

/// How one run of one or more acts ended.
enum End {
    Stored(How),
    /// The act said no or failed; its own answer tells.
    Spoilt,
    /// Nothing is stored.
    Failed(StoreFault),
    Unknown(StoreFault),
}

pub(super) struct Writer {
    tx: Tx,
    place: Place,
    orders: mpsc::Receiver<Order>,
    counters: Arc<Counters>,
    teller: Teller,
    /// For the metrics; no rule depends on it.
    clock: Clock,
    /// Why there is no connection, once that was tried in the running batch.
    away: Option<StoreFault>,
    was_connected: bool,
}

type Closing = (oneshot::Receiver<()>, oneshot::Sender<()>);

impl Writer {
    pub(super) fn new(
        tx: Tx,
        place: Place,
        orders: mpsc::Receiver<Order>,
        counters: Arc<Counters>,
        teller: Teller,
    ) -> Self {
        Self { tx, place, orders, counters, teller, clock: Clock::system(), away: None, was_connected: true }
    }

    /// Works until the store is closed or nobody holds it any more.
    pub(super) async fn work(mut self) {
        let mut jobs = Vec::with_capacity(BATCH);
        let mut closing: Option<Closing> = None;
        while let Some(order) = self.orders.recv().await {
            let mut next = Some(order);
            while let Some(order) = next.take() {
                match order {
                    Order::Act(job) => jobs.push(job),
                    Order::Close { drained, go, closed } => {
                        self.orders.close();
                        closing = Some((go, closed));
                        // Whoever waited for it may be gone; the store closes all the same.
                        drained.send(()).ok();
                    }
                }
                if jobs.len() < BATCH {
                    next = self.orders.try_recv().ok();
                }
            }
            self.counters.admission.began();
            self.batch(&mut jobs).await;
            self.counters.admission.ended();
        }
        let closed = match closing {
            Some((go, closed)) => {
                go.await.ok();
                Some(closed)
            }
            None => None,
        };
        self.close().await;
        self.teller.end().await;
        closed.map(|closed| closed.send(()).ok());
    }

    async fn close(&mut self) {
        if let Some(handle) = self.tx.conn().take()
            && let Err(fault) = self.place.close(handle).await
        {
            tracing::warn!(%fault, "the store did not close cleanly; the next start checks it");
        }
    }

    #[tracing::instrument(level = "debug", skip_all, fields(acts = jobs.len()))]
    async fn batch(&mut self, jobs: &mut Vec<BoxJob>) {
        let mut doubt = false;
        self.away = None;
        if jobs.len() > 1 && self.connect().await.is_ok() {
            match self.together(jobs).await {
                End::Stored(how) => return self.teller.tell(std::mem::take(jobs), how).await,
                End::Spoilt => {}
                End::Failed(fault) => {
                    tracing::warn!(%fault, acts = jobs.len(), "a batch failed; its acts run alone");
                }
                End::Unknown(fault) => {
                    tracing::warn!(%fault, acts = jobs.len(), "a commit ended unknown; its acts run alone");
                    doubt = true;
                }
            }
            self.tx.abandon().await;
            jobs.iter().for_each(|_| self.counters.rerun());
        }
        for job in jobs.drain(..) {
            self.alone(job, doubt).await;
        }
    }

    /// Runs all acts in one transaction; the first that spoils it ends the run.
    async fn together(&mut self, jobs: &mut [BoxJob]) -> End {
        let acts = jobs.len();
        if let Err(fault) = self.tx.look_ahead(jobs.iter().map(|job| &**job)).await {
            return End::Failed(fault);
        }
        for job in jobs {
            if self.run(job).await != Verdict::Done {
                return End::Spoilt;
            }
        }
        self.store(acts).await
    }

    /// Runs one act in a transaction of its own and answers it.
    ///
    /// Once a COMMIT of it ended unknown (`doubt`), it runs again and finds out itself whether it was stored.
    async fn alone(&mut self, mut job: BoxJob, mut doubt: bool) {
        let mut last = StoreFault::Unknown { cause: None };
        for _ in 0..TRIES {
            if let Err(fault) = self.connect().await {
                last = fault;
                break;
            }
            if doubt {
                self.tx.conn().insist();
            }
            let end = match self.tx.look_ahead(std::iter::once(&*job)).await {
                Err(fault) => End::Failed(fault),
                Ok(()) => match self.run(&mut job).await {
                    Verdict::Done => self.store(1).await,
                    Verdict::Refused => End::Spoilt,
                    Verdict::Panicked => End::Failed(StoreFault::Panicked),
                    Verdict::Swallowed => {
                        End::Failed(StoreFault::Misused("an act went on after a failed statement"))
                    }
                },
            };
            let (failed, lost) = (self.tx.conn().has_failed(), self.tx.conn().is_lost());
            if !matches!(end, End::Stored(_)) {
                self.tx.abandon().await;
            }
            match end {
                End::Stored(how) => return self.teller.tell(vec![job], how).await,
                // Its own answer stands, unless it speaks of a failed statement while an earlier COMMIT is open.
                End::Spoilt if !(failed && doubt) => {
                    if !lost {
                        return self.teller.tell(vec![job], How::Spoilt).await;
                    }
                    last = StoreFault::Unreachable { doing: "running an act", cause: Cause::gone() };
                }
                End::Spoilt => {}
                End::Failed(StoreFault::Panicked) => {
                    last = StoreFault::Panicked;
                    break;
                }
                End::Failed(fault) => last = fault,
                End::Unknown(fault) => {
                    doubt = true;
                    last = fault;
                }
            }
            if !lost {
                break;
            }
        }
        let fault = if doubt { last.in_doubt() } else { last };
        self.teller.tell(vec![job], How::Failed(fault)).await;
    }

    /// Runs one act; a refusal that changed nothing counts as done.
    async fn run(&mut self, job: &mut BoxJob) -> Verdict {
        let mark = self.tx.mark();
        self.tx.conn().forget_use();
        let verdict = job.run(&mut self.tx).await;
        let unchanged = self.tx.mark() == mark;
        self.tx.settle_ahead();
        let conn = self.tx.conn();
        match verdict {
            Verdict::Panicked => {
                // A statement may still be running on it.
                conn.lose();
                verdict
            }
            Verdict::Done if conn.has_failed() => Verdict::Swallowed,
            Verdict::Done => {
                self.tx.settle_flush().await;
                verdict
            }
            Verdict::Refused if conn.has_failed() || !unchanged => verdict,
            Verdict::Refused if conn.was_used() && conn.has_written().await => verdict,
            Verdict::Refused => Verdict::Done,
            Verdict::Swallowed => verdict,
        }
    }

    /// Writes what is queued, commits, and lets the effects out in commit order; what is to be told comes back.
    #[tracing::instrument(name = "commit", level = "debug", skip_all)]
    async fn store(&mut self, acts: usize) -> End {
        let stores = self.tx.stores_something();
        let start = self.clock.monotonic();
        match self.tx.store().await {
            Commit::Yes => {}
            Commit::No(fault) => return End::Failed(fault),
            Commit::Unknown(cause) => return End::Unknown(StoreFault::Unknown { cause }),
        }
        if stores {
            self.counters.committed(acts, self.clock.monotonic().saturating_sub(start));
        }
        let at = self.clock.monotonic();
        for effect in self.tx.take_effects() {
            if std::panic::catch_unwind(AssertUnwindSafe(effect)).is_err() {
                tracing::error!("an effect of a stored act panicked");
            }
        }
        End::Stored(How::Stored { at, tellings: self.tx.take_tellings() })
    }

    /// Sees to it that there is a connection; after a loss it waits a little for the database to come back, once.
    async fn connect(&mut self) -> Result<(), StoreFault> {
        if self.tx.conn().is_connected() {
            return Ok(());
        }
        if let Some(fault) = &self.away {
            return Err(fault.clone());
        }
        let mut left = if self.was_connected { PATIENCE } else { 1 };
        loop {
            left -= 1;
            match self.place.connect().await.and_then(|handle| Ok((handle, self.place.direct()?))) {
                Ok((handle, direct)) => {
                    self.tx.conn().replace(handle);
                    self.tx.conn().go_directly(direct);
                    self.was_connected = true;
                    self.counters.reconnected();
                    return Ok(());
                }
                Err(fault) if left == 0 => {
                    tracing::error!(%fault, "the database cannot be reached");
                    self.was_connected = false;
                    self.away = Some(fault.clone());
                    return Err(fault);
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }
}

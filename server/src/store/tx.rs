//! What an act works with: the transaction of its batch.

use std::any::{Any, TypeId};
use std::collections::HashMap;

use super::ahead::{Ahead, Want};
use super::batch::Job;
use super::bulk::{Bulk, Queue, Value};
use super::engine::{Commit, Conn};
use super::fault::StoreFault;
use crate::live::Wakes;

type Effect = Box<dyn FnOnce() + Send>;
/// What others hear of a commit.
pub(super) type Telling = Box<dyn FnOnce() -> Wakes + Send>;

/// The running transaction; several acts share it, one after the other.
///
/// An act decides before its first write. One that refuses after it queued or wrote something costs its whole batch a second run.
pub struct Tx {
    conn: Conn,
    queue: Queue,
    ahead: Ahead,
    effects: Vec<Effect>,
    tellings: Vec<Telling>,
    memory: HashMap<TypeId, Box<dyn Any + Send>>,
    flushed: bool,
}

/// How much was queued at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    rows: u64,
    effects: usize,
}

impl Tx {
    pub(super) fn new(conn: Conn) -> Self {
        Self {
            conn,
            queue: Queue::default(),
            ahead: Ahead::default(),
            effects: Vec::new(),
            tellings: Vec::new(),
            memory: HashMap::new(),
            flushed: false,
        }
    }

    /// The connection, for reading and for statements that cannot be queued.
    ///
    /// It does not see queued rows: ask [`Tx::pending`] too, or [`Tx::flush`] first.
    pub fn conn(&mut self) -> &mut Conn {
        &mut self.conn
    }

    /// What the rows say about a want: found along with those of the other acts, or now. Queued rows are not in it.
    pub async fn wanted<W: Want>(&mut self, want: &W) -> Result<Option<W::Found>, StoreFault> {
        match self.ahead.found(want) {
            Some(found) => Ok(found),
            None => Ok(W::find(&mut self.conn, std::slice::from_ref(want)).await?.remove(want)),
        }
    }

    /// Finds what the acts of a batch want to know.
    pub(super) async fn look_ahead(
        &mut self,
        jobs: impl Iterator<Item = &dyn Job>,
    ) -> Result<(), StoreFault> {
        self.ahead.clear();
        jobs.for_each(|job| job.want(&mut self.ahead));
        self.conn.look();
        let found = self.ahead.find(&mut self.conn).await;
        self.conn.act();
        found
    }

    /// After an act: one that ran a statement may have changed rows, so what was found before it no longer counts.
    pub(super) fn settle_ahead(&mut self) {
        if self.conn.was_used() {
            self.ahead.clear();
        }
    }

    /// Queues a row; before COMMIT each table gets its rows in few statements.
    pub fn insert(&mut self, table: &'static Bulk, row: Vec<Value>) {
        self.queue.insert(table, row);
    }

    /// Queues a row that replaces the one of the same key; of several in a batch the last one is written.
    pub fn upsert(&mut self, table: &'static Bulk, row: Vec<Value>) {
        self.queue.upsert(table, row);
    }

    /// The newest row of `key` that this batch queued and the database does not have yet.
    pub fn pending(&self, table: &'static Bulk, key: &[Value]) -> Option<&[Value]> {
        self.queue.pending(table, key)
    }

    /// The rows this batch queued by [`Tx::insert`] and the database does not have yet, in order.
    pub fn inserted(&self, table: &'static Bulk) -> impl Iterator<Item = &[Value]> {
        self.queue.inserted(table).iter().map(Vec::as_slice)
    }

    /// Writes everything queued so far, for an act that must read it by SQL; a second act after it in the batch pays for it.
    pub async fn flush(&mut self) -> Result<(), StoreFault> {
        if self.queue.is_empty() && self.queue.misuse.is_none() {
            return Ok(());
        }
        self.flushed = true;
        self.queue.flush(&mut self.conn).await
    }

    /// After an act that flushed: what is written now is not the next act's doing.
    pub(super) async fn settle_flush(&mut self) {
        if std::mem::take(&mut self.flushed) {
            self.conn.renew_baseline().await;
        }
    }

    /// State of the writer that follows the transaction: kept when the batch commits, `None` after one that did not.
    ///
    /// An act may fill it with what it read, and change it along with rows it queues. A refusal leaves it as it was.
    pub fn memory<T: Send + 'static>(&mut self) -> &mut Option<T> {
        let slot = self.memory.entry(TypeId::of::<T>()).or_insert_with(|| Box::new(None::<T>));
        if !slot.is::<Option<T>>() {
            *slot = Box::new(None::<T>);
        }
        #[expect(clippy::expect_used, reason = "the slot was made with this type just above")]
        slot.downcast_mut().expect("the slot holds its own type")
    }

    /// Runs `effect` after the COMMIT and before the acts of the next batch, in commit order; never when the batch fails. For what
    /// acts look at.
    pub fn after_commit(&mut self, effect: impl FnOnce() + Send + 'static) {
        self.effects.push(Box::new(effect));
    }

    /// Runs `telling` after the COMMIT, in commit order and before any caller is answered; never when the batch fails. For what
    /// others hear: the writer goes on with the next batch meanwhile.
    ///
    /// The tasks it gives are woken after the callers were answered.
    pub fn tell<W: Into<Wakes>>(&mut self, telling: impl FnOnce() -> W + Send + 'static) {
        self.tellings.push(Box::new(move || telling().into()));
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { rows: self.queue.count, effects: self.effects.len() + self.tellings.len() }
    }

    pub(super) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    pub(super) fn take_tellings(&mut self) -> Vec<Telling> {
        std::mem::take(&mut self.tellings)
    }

    /// Whether there is anything to commit: a repeat or a refusal alone found what it needed and left nothing.
    pub(super) fn stores_something(&self) -> bool {
        self.conn.is_open() || !self.queue.is_empty()
    }

    /// Writes what is queued and commits.
    pub(super) async fn store(&mut self) -> Commit {
        self.flushed = false;
        if self.conn.stores_directly() && !self.queue.is_empty() && self.queue.misuse.is_none() {
            return self.conn.store_directly(&self.queue.rows());
        }
        match self.flush().await {
            Ok(()) => self.conn.commit().await,
            Err(fault) => Commit::No(fault),
        }
    }

    /// Drops everything the batch did, here and in the database.
    pub(super) async fn abandon(&mut self) {
        self.queue.clear();
        self.ahead.clear();
        self.effects.clear();
        self.tellings.clear();
        self.memory.clear();
        self.flushed = false;
        self.conn.rollback().await;
    }
}

//! One person on line: does what she is told, and notes everything that arrives.

use super::{
    cell::{Cell, Task},
    spec::Act,
};
use crate::{
    checker::Sighting,
    peers::{Answer, Ask, Heard, Line, Sight},
};
use anyhow::Context;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, atomic::Ordering},
    time::Instant,
};
use tokio::sync::{mpsc::UnboundedReceiver, oneshot};
use tsumugi_protocol::{AccountId, Position, RoomId};

/// What a person is told.
pub enum Order {
    /// A cell begins.
    Begin(Arc<Cell>),
    /// Do this.
    Act(Task),
    /// The cell is over: hand over what was noted.
    End(oneshot::Sender<Tally>),
}

/// What one person noted in one cell.
pub struct Tally {
    /// Who.
    pub account: AccountId,
    /// Her room in this cell; nil for those who must hear nothing.
    pub room: RoomId,
    /// Everything she heard, in order.
    pub heard: Vec<Sighting>,
    /// What she asked: number and, when it is stored, place.
    pub posts: Vec<(u64, Option<Position>)>,
    /// Times from due to her socket, in nanoseconds, of what was due in the counted time.
    pub deliveries: Vec<u64>,
    /// Times from due to acknowledgement.
    pub acks: Vec<u64>,
    /// Times from due to any other answer.
    pub reads: Vec<u64>,
    /// Deliveries, acknowledgements and reads within the counted time.
    pub counted: [u64; 3],
    /// Refusals by code.
    pub refused: BTreeMap<String, u64>,
    /// Posts that were refused.
    pub refused_posts: Vec<u64>,
    /// How often she was told `behind`.
    pub behind: u64,
}

/// A person on line.
pub struct Member {
    line: Line,
    number: usize,
    cell: Option<Arc<Cell>>,
    under_way: HashMap<u64, Task>,
    tally: Tally,
}

impl Member {
    /// On this line.
    pub fn new(line: Line, number: usize) -> Self {
        let tally = Tally::new(line.account());
        Self { line, number, cell: None, under_way: HashMap::new(), tally }
    }

    /// Attends until nobody tells her anything any more.
    pub async fn attend(mut self, mut orders: UnboundedReceiver<Order>) -> anyhow::Result<()> {
        loop {
            tokio::select! {
                heard = self.line.hear() => self.note(heard?, Instant::now()).await?,
                order = orders.recv() => match order {
                    Some(Order::Begin(cell)) => self.begin(cell),
                    Some(Order::Act(task)) => self.act(task).await?,
                    Some(Order::End(hand_over)) => {
                        let tally = std::mem::replace(&mut self.tally, Tally::new(self.line.account()));
                        (self.cell, self.under_way) = (None, HashMap::new());
                        // Whoever asked may have given up.
                        hand_over.send(tally).ok();
                    }
                    None => return Ok(()),
                },
            }
        }
    }

    fn begin(&mut self, cell: Arc<Cell>) {
        let place = cell.place_of(self.number).and_then(|index| cell.rooms.get(index));
        self.tally.room = place.and_then(|room| self.line.room(room.number)).unwrap_or(NOWHERE);
        self.cell = Some(cell);
    }

    async fn act(&mut self, task: Task) -> anyhow::Result<()> {
        let ask = match task.act {
            Act::Post => Ask::Post(None),
            Act::Confirm => Ask::Preview,
            Act::Page => Ask::Page,
            Act::List => Ask::List,
            Act::MarkRead => Ask::MarkRead(self.tally.heard.last().map_or(Position(1), |post| post.position)),
        };
        if matches!(task.act, Act::Post | Act::Confirm) {
            self.tally.posts.push((task.number, None));
        }
        self.under_way.insert(task.number, task);
        self.ask(&ask, &task).await
    }

    async fn ask(&mut self, ask: &Ask, task: &Task) -> anyhow::Result<()> {
        let cell = self.cell.as_ref().context("told to act outside a cell")?;
        let outgoing = cell.outgoing(task).context("told to act in no room")?;
        self.line.ask(ask, &outgoing).await
    }

    async fn note(&mut self, heard: Heard, at: Instant) -> anyhow::Result<()> {
        match heard {
            Heard::Posted(sight) => self.note_post(sight, at),
            Heard::Answer(number, answer) => self.note_answer(number, answer, at).await?,
            Heard::Behind => self.tally.behind += 1,
            Heard::Other => {}
        }
        Ok(())
    }

    fn note_post(&mut self, sight: Sight, at: Instant) {
        let Some(cell) = &self.cell else { return };
        let number = cell.ids.number(sight.post);
        let told = sight.told.filter(|told| Some(told.number) == number);
        let Sight { post, room, position, author, .. } = sight;
        self.tally.heard.push(Sighting { post, room, position, author, faithful: told.is_some() });
        cell.counts.delivered.fetch_add(1, Ordering::Relaxed);
        let [deliveries, ..] = &mut self.tally.counted;
        *deliveries += u64::from(cell.counts_at(at));
        if let Some(due) = told.map(|told| cell.due(told)).filter(|due| cell.counts_at(*due)) {
            self.tally.deliveries.push(nanoseconds(due, at));
        }
    }

    async fn note_answer(&mut self, number: u64, answer: Answer, at: Instant) -> anyhow::Result<()> {
        let Some(cell) = self.cell.clone() else { return Ok(()) };
        let task = *self.under_way.get(&number).context("an answer to nothing")?;
        if let Answer::Previewed(token) = answer {
            return self.ask(&Ask::Post(Some(token)), &task).await;
        }
        self.under_way.remove(&number);
        cell.counts.answered.fetch_add(1, Ordering::Relaxed);
        let counts = cell.counts_at(task.due);
        let mut wait = std::time::Duration::ZERO;
        let [_, acks, reads] = &mut self.tally.counted;
        match answer {
            Answer::Saved(position) => {
                *acks += u64::from(cell.counts_at(at));
                self.tally.acks.extend(counts.then(|| nanoseconds(task.due, at)));
                let mut posts = self.tally.posts.iter_mut().rev();
                if let Some((_, place)) = posts.find(|(post, _)| *post == number) {
                    *place = Some(position);
                }
                cell.counts.owed.fetch_add(cell.members(task.room), Ordering::Relaxed);
            }
            Answer::Done | Answer::Previewed(_) => {
                *reads += u64::from(cell.counts_at(at));
                self.tally.reads.extend(counts.then(|| nanoseconds(task.due, at)));
            }
            Answer::Refused(code, retry) => {
                *self.tally.refused.entry(code).or_default() += 1;
                if matches!(task.act, Act::Post | Act::Confirm) {
                    self.tally.refused_posts.push(number);
                }
                wait = retry;
            }
        }
        if let Some((lane, turn)) = task.lane {
            pass_on(cell, lane, turn + 1, wait);
        }
        Ok(())
    }
}

/// No room of any peer has this id.
const NOWHERE: RoomId = RoomId(uuid::Uuid::nil());

fn pass_on(cell: Arc<Cell>, lane: usize, turn: usize, wait: std::time::Duration) {
    if wait.is_zero() {
        return cell.pass_on(lane, turn);
    }
    tokio::spawn(async move {
        tokio::time::sleep(wait).await;
        cell.pass_on(lane, turn);
    });
}

fn nanoseconds(from: Instant, to: Instant) -> u64 {
    u64::try_from(to.saturating_duration_since(from).as_nanos()).unwrap_or(u64::MAX)
}

impl Tally {
    const fn new(account: AccountId) -> Self {
        Self {
            account,
            room: NOWHERE,
            heard: Vec::new(),
            posts: Vec::new(),
            deliveries: Vec::new(),
            acks: Vec::new(),
            reads: Vec::new(),
            counted: [0; 3],
            refused: BTreeMap::new(),
            refused_posts: Vec::new(),
            behind: 0,
        }
    }
}

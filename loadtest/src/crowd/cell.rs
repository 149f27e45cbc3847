//! A cell that runs: who is next, what counts, and how far it has come.

use super::{
    member::Order,
    spec::{Act, Lane, Load, Spec},
};
use crate::{
    peers::Outgoing,
    script::{Ids, Told},
    shape::Room,
};
use std::{
    collections::HashMap,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};
use tokio::sync::mpsc::UnboundedSender;

/// One act under way.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    /// Its number in the cell.
    pub number: u64,
    /// Index of the room in the cell.
    pub room: usize,
    /// When it was due.
    pub due: Instant,
    /// What is done.
    pub act: Act,
    /// Lane and turn, in a closed loop.
    pub lane: Option<(usize, usize)>,
}

/// A cell that runs, known to everybody on line.
pub struct Cell {
    /// Ids of its posts.
    pub ids: Ids,
    /// Its rooms.
    pub rooms: Vec<Room>,
    /// When the warm-up begins, counting begins, counting ends.
    pub times: [Instant; 3],
    /// How far it has come.
    pub counts: Counts,
    lanes: Vec<Lane>,
    act: Act,
    places: HashMap<usize, usize>,
    everybody: Vec<UnboundedSender<Order>>,
    next: AtomicU64,
}

/// How far a cell has come; only for telling when nothing more is owed.
#[derive(Debug, Default)]
pub struct Counts {
    /// Asked.
    pub asked: AtomicU64,
    /// Answered.
    pub answered: AtomicU64,
    /// Deliveries that answered posts entail, the author's own included.
    pub owed: AtomicU64,
    /// Deliveries.
    pub delivered: AtomicU64,
}

impl Cell {
    /// A cell that begins at that moment.
    pub fn new(spec: &Spec, everybody: Vec<UnboundedSender<Order>>, begins: Instant) -> Self {
        let from = begins + spec.warm_up;
        let (lanes, act) = match &spec.load {
            Load::Lanes(lanes, act) => (lanes.clone(), *act),
            Load::Clock(_) => (Vec::new(), Act::Post),
        };
        let rooms = spec.rooms.iter().enumerate();
        let places = rooms.flat_map(|(index, room)| room.people.iter().map(move |person| (*person, index)));
        Self {
            ids: Ids::new(),
            places: places.collect(),
            rooms: spec.rooms.clone(),
            times: [begins, from, from + spec.length],
            counts: Counts::default(),
            lanes,
            act,
            everybody,
            next: AtomicU64::new(0),
        }
    }

    /// Index of the room in which a person is in this cell.
    pub fn place_of(&self, person: usize) -> Option<usize> {
        self.places.get(&person).copied()
    }

    /// Whether a moment counts.
    pub fn counts_at(&self, at: Instant) -> bool {
        let [_, from, to] = self.times;
        from <= at && at < to
    }

    /// The moment that a text tells.
    pub fn due(&self, told: Told) -> Instant {
        let [begins, ..] = self.times;
        begins + Duration::from_nanos(told.due)
    }

    /// The post of a task.
    pub fn outgoing(&self, task: &Task) -> Option<Outgoing> {
        let [begins, ..] = self.times;
        let due = u64::try_from(task.due.saturating_duration_since(begins).as_nanos()).ok()?;
        let room = self.rooms.get(task.room)?.number;
        Some(Outgoing { ids: self.ids, told: Told { number: task.number, due }, room })
    }

    /// Members of one of its rooms.
    pub fn members(&self, room: usize) -> u64 {
        self.rooms.get(room).map_or(0, |room| room.people.len() as u64)
    }

    /// Sets every lane going, each with another seat.
    pub fn start_lanes(&self) {
        for lane in 0..self.lanes.len() {
            self.pass_on(lane, lane);
        }
    }

    /// Gives the lane's next seat the next act, until the time is over.
    pub fn pass_on(&self, lane: usize, turn: usize) {
        let [.., to] = self.times;
        let due = Instant::now();
        if due >= to {
            return;
        }
        let Some(Lane { room, seats }) = self.lanes.get(lane) else { return };
        let Some(person) = seats.get(turn % seats.len().max(1)) else { return };
        self.give(*person, *room, due, self.act, Some((lane, turn)));
    }

    /// Tells a person what to do.
    pub fn give(&self, person: usize, room: usize, due: Instant, act: Act, lane: Option<(usize, usize)>) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.counts.asked.fetch_add(1, Ordering::Relaxed);
        // A link that is gone tells its error when the cell ends.
        self.everybody
            .get(person)
            .map(|orders| orders.send(Order::Act(Task { number, room, due, act, lane })).ok());
    }
}

impl Counts {
    /// Whether everything asked is answered, and every answered post is with everybody.
    pub fn is_settled(&self) -> bool {
        let Self { asked, answered, owed, delivered } = self;
        answered.load(Ordering::Relaxed) >= asked.load(Ordering::Relaxed)
            && delivered.load(Ordering::Relaxed) >= owed.load(Ordering::Relaxed)
    }

    /// A number that grows while anything happens.
    pub fn progress(&self) -> u64 {
        self.answered.load(Ordering::Relaxed) + self.delivered.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Shape;

    #[tokio::test]
    async fn a_lane_passes_from_seat_to_seat_and_stops_with_the_time() {
        let rooms = Shape::of([(1, 3)]).rooms_of(3);
        let lanes = vec![Lane { room: 0, seats: vec![0, 1, 2] }];
        let spec = |seconds| Spec {
            what: "",
            rooms: rooms.clone(),
            load: Load::Lanes(lanes.clone(), Act::Post),
            warm_up: Duration::ZERO,
            length: Duration::from_secs(seconds),
        };
        let (give, mut take) = tokio::sync::mpsc::unbounded_channel();
        let (other, mut others) = tokio::sync::mpsc::unbounded_channel();
        let cell = Cell::new(&spec(60), vec![give, other.clone(), other], Instant::now());
        cell.start_lanes();
        cell.pass_on(0, 1);
        assert!(matches!(take.try_recv(), Ok(Order::Act(Task { number: 0, lane: Some((0, 0)), .. }))));
        assert!(matches!(others.try_recv(), Ok(Order::Act(Task { number: 1, lane: Some((0, 1)), .. }))));
        assert!(!cell.counts.is_settled());
        let over = Cell::new(&spec(0), Vec::new(), Instant::now());
        over.start_lanes();
        assert!(over.counts.is_settled());
    }
}

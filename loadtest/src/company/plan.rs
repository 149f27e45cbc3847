//! Which post of a clocked load is due when, and by whom.

use super::Pace;
use crate::script::Ids;
use std::{
    sync::atomic::AtomicU64,
    time::{Duration, Instant},
};

/// Which post is due when, and by whom.
pub struct Plan {
    /// Ids of its posts.
    pub ids: Ids,
    /// When the first is due.
    pub start: Instant,
    /// How fast.
    pub pace: Pace,
    /// Posts that are not measured, the first ones.
    pub warm_up: u64,
    /// Posts, warm-up included.
    pub posts: u64,
    /// Rooms.
    pub rooms: u64,
    /// Members of each.
    pub room_of: u64,
    /// Refused posts of each room: its members no longer wait for them.
    pub refused: Vec<AtomicU64>,
}

impl Plan {
    /// The plan of a load in so many rooms.
    pub fn of(pace: Pace, rooms: usize, room_of: usize) -> Self {
        let posts_in =
            |time: Duration| u64::try_from(time.as_millis()).unwrap_or_default() * pace.rate / 1_000;
        let warm_up = posts_in(pace.warm_up);
        Self {
            ids: Ids::new(),
            start: Instant::now() + Duration::from_millis(200),
            pace,
            warm_up,
            posts: warm_up + posts_in(pace.length),
            rooms: rooms as u64,
            room_of: room_of as u64,
            refused: (0..rooms).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    /// When a post is due.
    pub fn due(&self, number: u64) -> Instant {
        self.start + Duration::from_nanos(number * 1_000_000_000 / self.pace.rate.max(1))
    }

    /// Round and round the rooms, and in each round the rooms' members.
    pub const fn author(&self, number: u64) -> u64 {
        let room = number % self.rooms;
        room * self.room_of + (number / self.rooms) % self.room_of
    }

    /// Posts of one room, and those of them that one person sends.
    pub fn share(&self, person: u64) -> (u64, u64) {
        let (room, place) = (person / self.room_of, person % self.room_of);
        let in_room = self.posts / self.rooms + u64::from(room < self.posts % self.rooms);
        let mine = in_room / self.room_of + u64::from(place < in_room % self.room_of);
        (in_room, mine)
    }

    /// Counts the refused posts of a room.
    pub fn refused_in(&self, room: u64) -> Option<&AtomicU64> {
        self.refused.get(usize::try_from(room).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybodys_share_is_what_she_is_told_to_post() {
        let pace = Pace {
            rate: 203,
            warm_up: Duration::from_secs(1),
            length: Duration::from_secs(4),
            text: crate::script::text,
        };
        let plan = Plan::of(pace, 25, 8);
        assert_eq!((plan.posts, plan.warm_up), (1_015, 203));
        for person in 0..200 {
            let told = (0..plan.posts).filter(|number| plan.author(*number) == person).count() as u64;
            let in_room = (0..plan.posts).filter(|number| number % 25 == person / 8).count() as u64;
            assert_eq!(plan.share(person), (in_room, told));
        }
        assert_eq!(plan.due(203) - plan.start, Duration::from_secs(1));
    }
}

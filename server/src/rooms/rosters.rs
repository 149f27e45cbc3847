//! Who is in the rooms that were used lately, by the version that rises with every change of it (D12).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tsumugi_protocol::{Member, RoomId};

/// Past this many members altogether, memory starts anew.
const HELD: usize = 50_000;

/// Members as of a room's member version: one that is older or newer is not the same room.
#[derive(Default)]
pub struct Rosters(Mutex<Held>);

#[derive(Default)]
struct Held {
    rooms: HashMap<RoomId, (i64, Arc<[Member]>)>,
    members: usize,
}

impl Rosters {
    /// The members of a room at that version, if they are remembered.
    #[must_use]
    pub fn at(&self, room: RoomId, version: i64) -> Option<Arc<[Member]>> {
        let held = self.held();
        held.rooms.get(&room).filter(|(known, _)| *known == version).map(|(_, members)| members.clone())
    }

    /// Remembers them; version and members were read in one moment.
    pub fn keep(&self, room: RoomId, version: i64, members: Arc<[Member]>) {
        let mut held = self.held();
        if held.members + members.len() > HELD {
            *held = Held::default();
        }
        held.members += members.len();
        if let Some((_, before)) = held.rooms.insert(room, (version, members)) {
            held.members -= before.len();
        }
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn only_the_version_asked_for_is_given_and_memory_is_bounded() {
        let (rosters, room) = (Rosters::default(), RoomId(Uuid::from_u128(1)));
        let nobody: Arc<[Member]> = Vec::new().into();
        rosters.keep(room, 3, nobody.clone());
        assert!(rosters.at(room, 3).is_some());
        assert!(rosters.at(room, 2).is_none() && rosters.at(room, 4).is_none());
        rosters.keep(room, 4, nobody);
        assert!(rosters.at(room, 3).is_none() && rosters.at(room, 4).is_some());
        rosters.held().members = HELD + 1;
        rosters.keep(RoomId(Uuid::from_u128(2)), 1, Vec::new().into());
        let held = rosters.held();
        assert_eq!((held.rooms.len(), held.members), (1, 0));
    }
}

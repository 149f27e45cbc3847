//! Read marks that wait to be written. No promise: lost on a crash = unread again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tsumugi_protocol::{AccountId, Position, RoomId};

/// High-water marks by room and person.
#[derive(Default)]
pub struct Marks(Mutex<HashMap<(RoomId, AccountId), Mark>>);

struct Mark {
    position: Position,
    stage: Stage,
}

/// A written mark stays for a round or two: who began to read the rows before it was written does not find it there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waiting,
    Written,
    Passing,
}

impl Marks {
    /// Notes a mark; a lower one than noted changes nothing.
    pub fn note(&self, room: RoomId, account: AccountId, position: Position) {
        let mut marks = self.held();
        let mark = marks.entry((room, account)).or_insert(Mark { position, stage: Stage::Waiting });
        if mark.position < position {
            *mark = Mark { position, stage: Stage::Waiting };
        }
    }

    /// The mark that the rows may not show yet, where there is one.
    #[must_use]
    pub fn newest(&self, room: RoomId, account: AccountId) -> Option<Position> {
        self.held().get(&(room, account)).map(|mark| mark.position)
    }

    /// Begins a round of writing: all that wait. Forgets what was written before the round before.
    #[must_use]
    pub fn round(&self) -> Vec<((RoomId, AccountId), Position)> {
        let mut marks = self.held();
        marks.retain(|_, mark| mark.stage != Stage::Passing);
        let mut waiting = Vec::new();
        for (key, mark) in marks.iter_mut() {
            match mark.stage {
                Stage::Waiting => waiting.push((*key, mark.position)),
                Stage::Written | Stage::Passing => mark.stage = Stage::Passing,
            }
        }
        waiting
    }

    /// Notes which are written, unless they rose meanwhile.
    pub fn written(&self, done: &[((RoomId, AccountId), Position)]) {
        let mut marks = self.held();
        for (key, position) in done {
            if let Some(mark) = marks.get_mut(key).filter(|mark| mark.position == *position) {
                mark.stage = Stage::Written;
            }
        }
    }

    fn held(&self) -> MutexGuard<'_, HashMap<(RoomId, AccountId), Mark>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_mark_only_rises_and_stays_until_it_is_written() {
        let (marks, room, account) = (Marks::default(), RoomId(Uuid::nil()), AccountId(Uuid::nil()));
        marks.note(room, account, Position(5));
        marks.note(room, account, Position(3));
        assert_eq!(marks.newest(room, account), Some(Position(5)));
        let taken = marks.round();
        marks.note(room, account, Position(6));
        marks.written(&taken);
        let taken = marks.round();
        assert_eq!(taken, [((room, account), Position(6))], "it rose while the lower one was written");
        marks.written(&taken);
        assert!(marks.round().is_empty());
    }

    #[test]
    fn a_written_mark_is_still_known_to_who_began_reading_before() {
        let (marks, room, account) = (Marks::default(), RoomId(Uuid::nil()), AccountId(Uuid::nil()));
        marks.note(room, account, Position(5));
        marks.written(&marks.round());
        assert_eq!(marks.newest(room, account), Some(Position(5)));
        assert!(marks.round().is_empty());
        assert_eq!(marks.newest(room, account), Some(Position(5)), "one whole round");
        assert!(marks.round().is_empty());
        assert_eq!(marks.newest(room, account), None);
    }
}

//! Read marks that wait to be written. No promise: lost on a crash = unread again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tsumugi_protocol::{AccountId, Position, RoomId};

/// High-water marks by room and person.
#[derive(Default)]
pub struct Marks(Mutex<HashMap<(RoomId, AccountId), Position>>);

impl Marks {
    /// Notes a mark; a lower one than noted changes nothing.
    pub fn note(&self, room: RoomId, account: AccountId, position: Position) {
        let mut marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = marks.entry((room, account)).or_insert(position);
        *mark = position.max(*mark);
    }

    /// The mark that waits, where there is one.
    #[must_use]
    pub fn waiting(&self, room: RoomId, account: AccountId) -> Option<Position> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(room, account)).copied()
    }

    /// All that wait.
    #[must_use]
    pub fn all(&self) -> Vec<((RoomId, AccountId), Position)> {
        let marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        marks.iter().map(|(key, position)| (*key, *position)).collect()
    }

    /// Forgets those that are written, unless they rose meanwhile.
    pub fn written(&self, done: &[((RoomId, AccountId), Position)]) {
        let mut marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, position) in done {
            if marks.get(key) == Some(position) {
                marks.remove(key);
            }
        }
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
        assert_eq!(marks.waiting(room, account), Some(Position(5)));
        let taken = marks.all();
        marks.note(room, account, Position(6));
        marks.written(&taken);
        assert_eq!(marks.waiting(room, account), Some(Position(6)));
        marks.written(&marks.all());
        assert_eq!(marks.waiting(room, account), None);
    }
}

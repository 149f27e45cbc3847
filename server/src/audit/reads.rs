//! Which readings of content are in the audit already: one row per session, room and 15 minutes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tsumugi_protocol::{Millis, RoomId, SessionId};

/// Past this many remembered readings the old ones are swept out.
const SWEEP_AT: usize = 50_000;

/// Remembers readings until their time is over.
#[derive(Default)]
pub struct Reads(Mutex<HashMap<(SessionId, RoomId), Millis>>);

impl Reads {
    /// Whether this reading needs a row of its own.
    #[must_use]
    pub fn is_due(&self, session: SessionId, room: RoomId, now: Millis, window: Duration) -> bool {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(&(session, room)).is_none_or(|last| now.since(*last) >= window)
    }

    /// The row is committed.
    pub fn recorded(&self, session: SessionId, room: RoomId, now: Millis, window: Duration) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= SWEEP_AT {
            seen.retain(|_, last| now.since(*last) < window);
        }
        seen.insert((session, room), now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_reading_counts_for_its_session_room_and_window() {
        let (reads, window) = (Reads::default(), Duration::from_secs(900));
        let (session, room) = (SessionId(Uuid::from_u128(1)), RoomId(Uuid::from_u128(2)));
        assert!(reads.is_due(session, room, Millis(0), window));
        reads.recorded(session, room, Millis(0), window);
        assert!(!reads.is_due(session, room, Millis(899_999), window));
        assert!(reads.is_due(session, room, Millis(900_000), window));
        assert!(reads.is_due(SessionId(Uuid::from_u128(3)), room, Millis(1), window));
        assert!(reads.is_due(session, RoomId(Uuid::from_u128(4)), Millis(1), window));
    }
}

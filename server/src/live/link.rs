//! One open socket, as the rest of the server sees it.

use super::outbox::Outbox;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use tokio::sync::watch;
use tsumugi_protocol::{AccountId, RoomId, SessionId};

/// An open socket of a signed-in person.
pub struct Link {
    /// Whose it is.
    pub account: AccountId,
    /// The session it was opened with.
    pub session: SessionId,
    /// Answers and events that wait for it.
    pub outbox: Outbox,
    /// Rooms it hears; the hub keeps them.
    pub(super) rooms: Mutex<HashSet<RoomId>>,
    on_screen: Mutex<Option<RoomId>>,
    ended: watch::Sender<Option<Ended>>,
}

/// Why the server ends a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The session ended.
    SignedOut,
    /// Nobody did anything for so long that the session ended.
    SessionIdle,
    /// Its session opened more links than it may have.
    Displaced,
    /// The server is stopping.
    GoingAway,
}

impl Link {
    /// A link that hears nothing yet.
    #[must_use]
    pub fn new(account: AccountId, session: SessionId) -> Self {
        Self {
            account,
            session,
            outbox: Outbox::default(),
            rooms: Mutex::default(),
            on_screen: Mutex::new(None),
            ended: watch::channel(None).0,
        }
    }

    /// The room on its screen.
    #[must_use]
    pub fn on_screen(&self) -> Option<RoomId> {
        *self.on_screen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the room on its screen.
    pub fn focus(&self, room: Option<RoomId>) {
        *self.on_screen.lock().unwrap_or_else(PoisonError::into_inner) = room;
    }

    /// Ends it; the first reason stays.
    pub fn end(&self, why: Ended) {
        self.ended.send_if_modified(|ended| {
            let first = ended.is_none();
            ended.get_or_insert(why);
            first
        });
        self.outbox.rouse();
    }

    /// Why it is to end, if it is.
    #[must_use]
    pub fn why_ended(&self) -> Option<Ended> {
        *self.ended.borrow()
    }

    /// Whether it is to end, or has.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.why_ended().is_some()
    }

    /// Resolves when it is ended.
    pub async fn ended(&self) -> Ended {
        let mut ended = self.ended.subscribe();
        loop {
            if let Some(why) = *ended.borrow_and_update() {
                return why;
            }
            if ended.changed().await.is_err() {
                return Ended::GoingAway;
            }
        }
    }
}

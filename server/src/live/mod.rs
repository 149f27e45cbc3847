//! Who is listening now. Never reads the database: the event is a hint, the row is the truth.

mod hub;
mod link;
mod outbox;
mod wakes;

pub use hub::{Announcement, Hub};
pub use link::{Ended, Link};
pub use outbox::{Frame, Outbox, Taken};
pub use wakes::Wakes;

use tsumugi_protocol::Event;

/// Encodes an event once, for everybody it goes to.
#[must_use]
pub fn encode(event: &Event) -> Frame {
    serde_json::to_string(event).unwrap_or_default().into()
}

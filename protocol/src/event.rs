//! What the server says unasked. An event holds only what every member may see; it is a hint, the row is the truth.

use crate::{Change, Member, Position, Post, Receipt, RoomConsent, RoomId, RoomState};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// Something happened. Events with a `change` are numbered gap-free per room: a client that misses one asks
/// `rooms.since`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A post was stored.
    Posted {
        /// The change it made in its room.
        change: Change,
        /// The post.
        post: Post,
    },
    /// Somebody was invited, joined or left.
    MemberChanged {
        /// The room.
        room: RoomId,
        /// The change it made.
        change: Change,
        /// The member now.
        member: Member,
    },
    /// A room went to another state: to the vault, or back.
    RoomChanged {
        /// The room.
        room: RoomId,
        /// The change it made.
        change: Change,
        /// Its state now.
        state: RoomState,
    },
    /// What may be shared in a room changed: the patient consented, or no longer does.
    ConsentChanged {
        /// The room.
        room: RoomId,
        /// The change it made.
        change: Change,
        /// How it stands now.
        consent: RoomConsent,
    },
    /// You belong to one more room, or your place in it or what is said of its patient changed: ask `rooms.list`.
    RoomAdded {
        /// The room.
        room: RoomId,
    },
    /// Others have read further. Only for the room on screen; not numbered, re-read on opening.
    Receipts {
        /// The room.
        room: RoomId,
        /// The new marks.
        receipts: Vec<Receipt>,
    },
    /// You have read further, on another device of yours.
    Read {
        /// The room.
        room: RoomId,
        /// Up to which post.
        position: Position,
    },
    /// There is something to know about your account: ask `notices.list`.
    Noticed,
    /// Events were dropped because this link reads slowly: ask `rooms.since` for every open room, and `rooms.list`.
    Behind,
}

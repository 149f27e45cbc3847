//! The sealed part of a room: a free group's title and aim.

use crate::bodies::body_of;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tsumugi_protocol::{InviteRequires, RoomId};

/// What a free group is called and what it is for.
#[derive(Serialize, Deserialize)]
pub struct RoomBody {
    /// Format of this object.
    pub v: u8,
    /// Title.
    pub title: String,
    /// Aim (001§30-4).
    pub aim: String,
    /// What is asked of whoever joins (002-2.1S6).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub requires: BTreeSet<InviteRequires>,
}

body_of!(RoomBody, "rooms", RoomId);

//! The sealed part of a room: a free group's title and aim.

use super::store;
use crate::app::App;
use crate::bodies::{self, body_of};
use crate::error::Result;
use crate::policy::Profile;
use crate::store::Conn;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tsumugi_protocol::{InviteRequires, RoomId, RoomKind};

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

impl RoomBody {
    /// What the region and the room ask of the profile of whoever comes in (002-2.1S6); a connection asks nothing.
    ///
    /// # Errors
    /// When rows cannot be read or opened.
    pub async fn asked_of_members(
        app: &App,
        conn: &mut Conn,
        (room, kind): (RoomId, RoomKind),
        rules: &Profile,
    ) -> Result<BTreeSet<InviteRequires>> {
        if kind == RoomKind::Connection {
            return Ok(BTreeSet::new());
        }
        let mut asked = rules.invite_requires.clone();
        if let Some(sealed) = store::face(conn, room).await?.and_then(|face| face.sealed) {
            asked.extend(bodies::open::<Self>(app, room, &sealed).await?.requires);
        }
        Ok(asked)
    }
}

//! The sealed part of a room: a free group's title and aim.

use crate::crypto::seal::{self, Key, Place};
use crate::error::{Fault, Result};
use serde::{Deserialize, Serialize};
use tsumugi_protocol::RoomId;

/// What a free group is called and what it is for.
#[derive(Serialize, Deserialize)]
pub struct RoomBody {
    /// Format of this object.
    pub v: u8,
    /// Title.
    pub title: String,
    /// Aim (001§30-4).
    pub aim: String,
}

impl RoomBody {
    /// Opens it from its row.
    ///
    /// # Errors
    /// When the bytes were changed.
    pub fn open(key: &Key, id: RoomId, sealed: &[u8]) -> Result<Self> {
        let opened = seal::open(key, &place(id), sealed)?;
        Ok(serde_json::from_slice(&opened).map_err(|_| Fault::noticed("reading an opened room"))?)
    }

    /// Seals it for its row.
    ///
    /// # Errors
    /// Never for a room; the error is serde's.
    pub fn sealed(&self, key: &Key, id: RoomId) -> Result<Vec<u8>> {
        let bytes = serde_json::to_vec(self).map_err(|error| Fault::new("writing a room", error))?;
        Ok(seal::seal(key, &place(id), &bytes).into_bytes())
    }
}

fn place(id: RoomId) -> Place<'static> {
    Place { table: "rooms", row: id.0, author: None }
}

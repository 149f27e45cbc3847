//! The sealed part of a post. A versioned object, so that mentions, vital signs or an urgent mark need no migration.

use super::Text;
use crate::crypto::seal::{self, Key, Place};
use crate::error::{Fault, Result};
use serde::{Deserialize, Serialize};
use tsumugi_protocol::{AccountId, PostId};

/// What a post says.
#[derive(Serialize, Deserialize)]
pub struct PostBody {
    /// Format of this object.
    pub v: u8,
    /// The text.
    pub text: String,
}

impl PostBody {
    /// The body of a text.
    #[must_use]
    pub fn of(text: &Text) -> Self {
        Self { v: 1, text: text.as_str().to_owned() }
    }

    /// Opens it from its row.
    ///
    /// # Errors
    /// When the bytes were changed or lie where they were not written.
    pub fn open(key: &Key, id: PostId, author: AccountId, sealed: &[u8]) -> Result<Self> {
        let opened = seal::open(key, &place(id, author), sealed)?;
        Ok(serde_json::from_slice(&opened).map_err(|_| Fault::noticed("reading an opened post"))?)
    }

    /// Seals it for its row.
    ///
    /// # Errors
    /// Never for a post; the error is serde's.
    pub fn sealed(&self, key: &Key, id: PostId, author: AccountId) -> Result<Vec<u8>> {
        let bytes = serde_json::to_vec(self).map_err(|error| Fault::new("writing a post", error))?;
        Ok(seal::seal(key, &place(id, author), &bytes).into_bytes())
    }
}

fn place(id: PostId, author: AccountId) -> Place<'static> {
    Place { table: "posts", row: id.0, author: Some(author.0) }
}

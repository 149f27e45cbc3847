//! The sealed part of a post. A versioned object, so that mentions, vital signs or an urgent mark need no migration.

use super::Text;
use crate::bodies::{Body, FORMAT};
use crate::crypto::seal::Place;
use serde::{Deserialize, Serialize};
use tsumugi_protocol::{AccountId, PatientId, PostId};

/// What a post says.
#[derive(Serialize, Deserialize)]
pub struct PostBody {
    /// Format of this object.
    pub v: u8,
    /// The text.
    pub text: String,
    /// The patient whose data it carries, in a connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<PatientId>,
}

impl PostBody {
    /// The body of a text, and whom it is about where it says so.
    #[must_use]
    pub fn of(text: &Text, about: Option<PatientId>) -> Self {
        Self { v: FORMAT, text: text.as_str().to_owned(), about }
    }
}

impl Body for PostBody {
    type Row = (PostId, AccountId);

    fn place((id, author): Self::Row) -> Place<'static> {
        Place { table: "posts", row: id.0, author: Some(author.0) }
    }

    fn format(&self) -> u8 {
        self.v
    }
}

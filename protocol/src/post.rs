//! Wire shapes of posts: what is written, the confirm step before it, and how it is read.
//!
//! A post has room to grow without a new version: `text` posts may later carry `mentions`, `header`, `corrected`,
//! `removed`, `attachments`, `urgent`, `acknowledge` and `values`; a client shows what it knows and ignores the rest.

use crate::{
    AccountId, Card, Change, Mark, Millis, Occupation, PatientId, PersonKind, Position, PostId, ReaderCount,
    RoomId,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What somebody wants to post. `posts.preview` takes exactly this.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Where.
    pub room: RoomId,
    /// Chosen by the client, unique in the room; a retry is the same post.
    pub post: PostId,
    /// 1–20,000 characters, no control characters but newline and tab.
    pub text: String,
    /// The post this one answers, in the same room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reply_to: Option<PostId>,
    /// The patient whose data it carries: in a connection, by the exception of 001§16-2; a timeline has its own; a free group
    /// has none (001§30-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub about: Option<PatientId>,
}

/// Never prints what was written.
impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft").field("room", &self.room).field("post", &self.post).finish_non_exhaustive()
    }
}

/// Answer to `posts.preview`: who will read it, what to look at, and the token that lets it be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Preview {
    /// Readers by office; patient and family first.
    pub readers: Vec<ReaderGroup>,
    /// The same, counted (the author is not one of them).
    pub count: ReaderCount,
    /// What the author must look at; each must be acknowledged by its code when sending.
    pub findings: Vec<Finding>,
    /// What the author is reminded of; it holds nothing up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Finding>>")]
    pub reminders: Vec<Finding>,
    /// To be sent with `posts.send`; bound to the whole draft, the author, the readers and the rules in force.
    pub token: String,
    /// The token ends then.
    pub expires_at: Millis,
}

/// Readers of one office, or the family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ReaderGroup {
    /// Office name; absent for patient and family.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub office: Option<String>,
    /// Staff, patient or family.
    pub kind: PersonKind,
    /// The people.
    pub people: Vec<Reader>,
}

/// One reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Reader {
    /// Who.
    pub account: AccountId,
    /// Name as written.
    pub name: String,
    /// Occupation.
    pub occupation: Occupation,
    /// For family: how they are related.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub relation: Option<String>,
    /// That she was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub mark: Option<Mark>,
}

/// Something the author must look at before sending (WARN codes).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Finding {
    /// Stable code.
    pub code: String,
    /// In the author's language.
    pub sentence: String,
}

/// `posts.send`: the confirmed draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendPost {
    /// Exactly what was previewed.
    pub draft: Draft,
    /// From the preview; needed where the profile asks for the confirm step (K-90).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub token: Option<String>,
    /// Codes of the findings the author acknowledged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub acknowledged: Vec<String>,
    /// The author says that it carries no patient's data; asked for in free groups (001§30-2).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub without_patient_data: bool,
}

/// Why a draft must be confirmed (again): `why` of `confirm_required`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unconfirmed {
    /// No token came with it.
    Missing,
    /// The token's time is over.
    Expired,
    /// Draft, readers or rules are not those of the preview.
    Changed,
    /// It is not said that it carries no patient's data.
    Undeclared,
}

impl std::fmt::Display for Unconfirmed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Missing => "missing",
            Self::Expired => "expired",
            Self::Changed => "changed",
            Self::Undeclared => "undeclared",
        })
    }
}

/// Answer to `posts.send`, only after the durable commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Sent {
    /// Committed and synced; this is what "acknowledged" means.
    Saved {
        /// Its place in the room.
        position: Position,
        /// The change it made.
        change: Change,
        /// The server's clock when it was stored.
        stored_at: Millis,
    },
}

/// A post as every member may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Post {
    /// Its id, unique in the room.
    pub id: PostId,
    /// The room.
    pub room: RoomId,
    /// Its place.
    pub position: Position,
    /// The newest change that touched it.
    pub change: Change,
    /// The author as of writing (c-49).
    pub author: Card,
    /// When it was stored, by the server's clock.
    pub stored_at: Millis,
    /// When it claims to have been written: imported posts, posts written while away.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub written_at: Option<Millis>,
    /// The post this one answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reply_to: Option<PostId>,
    /// The patient whose data it carries, in a connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub about: Option<PatientId>,
    /// What it says.
    pub content: Content,
}

/// What a post says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// Written by a person.
    Text {
        /// The text.
        text: String,
    },
    /// It stands in the history but cannot be opened (key gone or record damaged); its number is shown.
    Undecodable,
}

/// Never prints what was written.
impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text { .. } => f.write_str("Text"),
            Self::Undecodable => f.write_str("Undecodable"),
        }
    }
}

//! What entries state about posts: place and ciphertext. A post that was moved, replaced or removed in the database
//! no longer fits its entry.

use super::store::{self, StatedPost, Stored};
use crate::crypto::chain::fingerprint;
use crate::store::{Conn, StoreFault};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The detail of an entry about one post that was sent.
#[derive(Serialize, Deserialize)]
pub struct SentPost {
    /// Its place.
    pub position: i64,
    /// Fingerprint of its ciphertext.
    pub sealed: String,
    /// Codes of the findings that its author acknowledged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acknowledged: Vec<String>,
}

/// The detail of an entry about posts that were imported into a room, one after the other.
#[derive(Serialize, Deserialize)]
pub struct ImportedPosts {
    /// How many.
    pub posts: i64,
    /// The first one's place.
    pub from: i64,
    /// Fingerprint of their ids and ciphertexts, in order.
    pub sealed: String,
}

impl SentPost {
    /// States a post.
    #[must_use]
    pub fn of(position: i64, sealed: &[u8]) -> Self {
        Self { position, sealed: fingerprint(sealed), acknowledged: Vec::new() }
    }

    /// With what its author acknowledged.
    #[must_use]
    pub fn acknowledging(mut self, codes: &[String]) -> Self {
        self.acknowledged.extend_from_slice(codes);
        self
    }
}

impl ImportedPosts {
    /// States a run of posts.
    #[must_use]
    pub fn of<'a>(from: i64, run: impl Iterator<Item = (Uuid, &'a [u8])>) -> Self {
        let lines: Vec<String> = run.map(|(id, sealed)| format!("{id} {}", fingerprint(sealed))).collect();
        let posts = i64::try_from(lines.len()).unwrap_or(i64::MAX);
        Self { posts, from, sealed: fingerprint(lines.join("\n").as_bytes()) }
    }
}

/// Whether what an entry states still stands; entries about other things always do. Posts of a room whose erasure is in the log
/// itself may be gone.
pub(super) async fn still_stands(conn: &mut Conn, entry: &Stored) -> Result<bool, StoreFault> {
    let (Some(room), Some(detail)) = (entry.room, entry.detail.as_deref()) else { return Ok(true) };
    if entry.outcome != super::DONE {
        return Ok(true);
    }
    Ok(stands(conn, entry, (room, detail)).await? || store::is_erased(conn, room).await?)
}

async fn stands(conn: &mut Conn, entry: &Stored, (room, detail): (Uuid, &str)) -> Result<bool, StoreFault> {
    match (entry.act.as_str(), entry.subject) {
        ("posts.send", Some(id)) => {
            let Ok(stated) = serde_json::from_str::<SentPost>(detail) else { return Ok(false) };
            let found = store::stated_post(conn, room, id).await?;
            Ok(found.is_some_and(|post| {
                post.position == stated.position && fingerprint(&post.sealed) == stated.sealed
            }))
        }
        ("import", None) => {
            let Ok(stated) = serde_json::from_str::<ImportedPosts>(detail) else { return Ok(false) };
            let to = stated.from.saturating_add(stated.posts).saturating_sub(1);
            let run: Vec<StatedPost> = store::stated_posts(conn, room, stated.from, to).await?;
            let now =
                ImportedPosts::of(stated.from, run.iter().map(|post| (post.id, post.sealed.as_slice())));
            Ok(now.posts == stated.posts && now.sealed == stated.sealed)
        }
        _ => Ok(true),
    }
}

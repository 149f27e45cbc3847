//! Catching up on a link, as a client does: `rooms.since` until there is no more.

use crate::client::Link;
use tokio::io::{AsyncRead, AsyncWrite};
use tsumugi_protocol::{AskSince, Change, Command, Post, RoomId, Since, limits};

/// Everything after a change one knows, oldest first, and up to where it is known now.
pub async fn catch_up<S: AsyncRead + AsyncWrite + Unpin>(
    link: &mut Link<S>,
    room: RoomId,
    mut known: Change,
) -> anyhow::Result<(Vec<Post>, Change)> {
    let mut posts = Vec::new();
    loop {
        let ask = AskSince { room, change: known, limit: Some(limits::PAGE_MAX) };
        let since: Since = link.ask(&Command::RoomSince(ask)).await?;
        known = since.upto;
        posts.extend(since.posts);
        if !since.more {
            return Ok((posts, known));
        }
    }
}

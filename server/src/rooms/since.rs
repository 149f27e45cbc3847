//! Catching up: what changed in a room after a change one knows.

use super::{Standing, store};
use crate::app::App;
use crate::error::Result;
use crate::posts::History;
use crate::sessions::Session;
use std::sync::Arc;
use tsumugi_protocol::{AskSince, Since};

/// Posts and members that changed later than `ask.change`.
///
/// # Errors
/// `not_found`, `invitation_open`, `bad_field` for a limit outside 1–200.
pub async fn since(app: &App, who: &Arc<Session>, ask: AskSince) -> Result<Since> {
    let limit = History::limit(ask.limit)?;
    let (mut view, standing) = Standing::to_read(app, who, ask.room).await?;
    let conn = view.conn();
    let (posts, is_full) = History::changed_since(app, conn, &standing, ask.change, limit).await?;
    // A page that is just full may be the last one: who is told that there is more waits for it.
    let more = is_full && posts.last().is_some_and(|last| last.change < standing.head.change);
    let members = match store::newest_member_change(conn, ask.room).await? > ask.change {
        true => Some(standing.members(app, conn).await?.to_vec()),
        false => None,
    };
    let upto = match posts.last() {
        Some(last) if more => last.change,
        _ => standing.head.change,
    };
    Ok(Since { posts, members, upto, last_position: standing.head.last_position, more })
}

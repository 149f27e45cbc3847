//! A page of a room's history.

use super::Standing;
use crate::app::App;
use crate::error::Result;
use crate::posts::History;
use crate::sessions::Session;
use std::sync::Arc;
use tsumugi_protocol::{AskPage, Page};

/// Posts by position; stable while others arrive.
///
/// # Errors
/// `not_found`, `invitation_open`, `bad_field` for a limit outside 1–200.
pub async fn page(app: &App, who: &Arc<Session>, ask: AskPage) -> Result<Page> {
    let limit = History::limit(ask.limit)?;
    let (mut view, standing) = Standing::to_read(app, who, ask.room).await?;
    let conn = view.conn();
    History::page(app, conn, &standing, ask.at, limit).await
}

//! A page of a room's history.

use super::{Act, Standing};
use crate::accounts::Session;
use crate::app::App;
use crate::error::Result;
use crate::posts::History;
use tsumugi_protocol::{AskPage, Page};

/// Posts by position; stable while others arrive.
///
/// # Errors
/// `not_found`, `invitation_open`, `bad_field` for a limit outside 1–200.
pub async fn page(app: &App, who: &Session, ask: AskPage) -> Result<Page> {
    let limit = History::limit(ask.limit)?;
    let mut view = app.store.glance().await?;
    let conn = view.conn();
    let standing = Standing::at_the_door(conn, who, ask.room, Act::Read).await?;
    standing.record_reading(app, who).await?;
    History::page(app, conn, &standing, ask.at, limit).await
}

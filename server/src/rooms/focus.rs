//! Saying which room is on screen: receipts of others come only for that one.

use super::{Act, Standing};
use crate::app::App;
use crate::error::Result;
use crate::live::Link;
use crate::sessions::Session;
use tsumugi_protocol::{Done, Focus};

/// Notes the room on a link's screen.
///
/// # Errors
/// `not_found`, `invitation_open`.
pub async fn focus(app: &App, who: &Session, link: &Link, ask: Focus) -> Result<Done> {
    if let Some(room) = ask.room {
        let mut view = app.store.glance().await?;
        Standing::at_the_door(view.conn(), who, room, Act::Read).await?;
    }
    link.focus(ask.room);
    Ok(Done {})
}

//! Opening a room: everything a screen needs at once.

use super::Standing;
use super::list::{Beside, card, read_position};
use crate::app::App;
use crate::consents::store as consents;
use crate::error::Result;
use crate::posts::History;
use crate::sessions::Session;
use std::sync::Arc;
use tsumugi_protocol::{OpenRoom, PageAt, WhichRoom, limits};

/// The room, its members, receipts, and the posts around the first unread one.
///
/// # Errors
/// `not_found`, `invitation_open`.
pub async fn open(app: &App, who: &Arc<Session>, ask: WhichRoom) -> Result<OpenRoom> {
    let (mut view, standing) = Standing::to_read(app, who, ask.room).await?;
    let conn = view.conn();
    let members = standing.members(app, conn).await?.to_vec();
    let receipts = standing.receipts(app, conn).await?;
    let read = read_position(app, who, &standing);
    let at = if read < standing.head.last_position { PageAt::Around(read.next()) } else { PageAt::End };
    let page = History::page(app, conn, &standing, at, limits::PAGE).await?;
    let beside = Beside::of(app, conn, who, &standing).await?;
    let (room, patient) = card(app, who, &standing, beside).await?;
    let objected = match standing.patient {
        Some(_) => consents::objected_in(conn, standing.room).await?,
        None => Vec::new(),
    };
    Ok(OpenRoom { room, patient, objected, members, receipts, page })
}

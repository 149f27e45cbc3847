//! Members of a room and how far they have read.

use super::{Act, Standing, store};
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Conn;
use std::sync::Arc;
use tsumugi_protocol::{Member, MemberList, Receipt, WhichRoom};

/// Everybody of the room, invited and former members included.
///
/// # Errors
/// `not_found`, `invitation_open`.
pub async fn list_members(app: &App, who: &Session, ask: WhichRoom) -> Result<MemberList> {
    let mut view = app.store.glance().await?;
    let conn = view.conn();
    let standing = Standing::at_the_door(conn, who, ask.room, Act::Read).await?;
    Ok(MemberList {
        members: standing.members(app, conn).await?.to_vec(),
        receipts: standing.receipts(app, conn).await?,
    })
}

impl Standing {
    /// The members, with the cards others see, from memory where nothing has changed among them.
    ///
    /// # Errors
    /// When rows cannot be read or opened.
    pub async fn members(&self, app: &App, conn: &mut Conn) -> Result<Arc<[Member]>> {
        if let Some(members) = app.rosters.at(self.room, self.head.member_version) {
            return Ok(members);
        }
        let mut members = Vec::new();
        for row in store::members(conn, self.room).await? {
            let card = app.cards.one(app, conn, row.card).await?;
            members.push(Member {
                card: (*card).clone(),
                state: row.state,
                from_position: row.from_position,
            });
        }
        let members: Arc<[Member]> = members.into();
        app.rosters.keep(self.room, self.head.member_version, members.clone());
        Ok(members)
    }

    /// How far each member has read, marks included that the rows may not show yet.
    ///
    /// # Errors
    /// When rows cannot be read.
    pub async fn receipts(&self, app: &App, conn: &mut Conn) -> Result<Vec<Receipt>> {
        let mut receipts = store::receipts(conn, self.room).await?;
        for receipt in &mut receipts {
            let waiting = app.marks.newest(self.room, receipt.account).unwrap_or_default();
            receipt.position = receipt.position.max(waiting);
        }
        Ok(receipts)
    }
}

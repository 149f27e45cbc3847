//! A new link begins to hear its rooms.

use super::{Standing, store};
use crate::app::App;
use crate::error::Result;
use crate::live::Link;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{MemberState, RoomId};

/// Lets a link hear the rooms of its person, and tells where they stand at that moment.
///
/// It is an act like those that change memberships, and is told in the order of the commits: what it missed in looking it hears.
///
/// # Errors
/// When rows cannot be read.
pub async fn enter(app: &App, who: &Arc<Session>, link: &Arc<Link>) -> Result<Vec<Standing>> {
    let (inner, who, link) = (app.clone(), who.clone(), link.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Vec<Standing>> {
            let mut standings = store::standings(tx.conn(), who.account).await?;
            standings.retain(|standing| {
                standing.membership.state == MemberState::Member && !standing.asks.is_any()
            });
            for standing in &mut standings {
                standing.refresh(tx);
            }
            let heard: Vec<RoomId> = standings.iter().map(|standing| standing.room).collect();
            let (inner, link, who) = (inner.clone(), link.clone(), who.clone());
            tx.tell(move || {
                inner.live.enter(&link, heard);
                if who.is_ended() {
                    inner.live.cut(who.account, who.id);
                }
            });
            Ok(standings)
        })
        .await
}

//! Leaving a room oneself, at once (000-note(3)f, 003§guide-①2b).

use super::{Act, By, Parting, Standing, Steering, store};
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{AccountId, Code, Done, WhichRoom};

/// Leaves it. What was written stays, under the name it was written with.
///
/// # Errors
/// `not_found`; `invitation_open` for whoever has not joined; `steward_admin_required` for the last administrator of the
/// steward in a timeline.
pub async fn leave(app: &App, who: &Arc<Session>, ask: WhichRoom) -> Result<Done> {
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let standing = Standing::in_the_act(tx, &who, ask.room, Act::Leave).await?;
            let steering = Steering::at_the_door(tx.conn(), &who, ask.room).await?;
            let_go(tx, &steering, who.account).await?;
            tx.part(&inner, (standing, who.account), Parting::Left, By::of(&who), now).await?;
            Ok(Done {})
        })
        .await
}

/// Whether somebody may go out of a room: a timeline keeps one administrator of its steward, where it has one.
///
/// # Errors
/// `steward_admin_required`.
pub(super) async fn let_go(tx: &mut Tx, steering: &Steering, account: AccountId) -> Result<()> {
    let Some(office) = steering.office.filter(|_| steering.is_timeline()) else { return Ok(()) };
    let administers = crate::accounts::store::offices_administered(tx.conn(), account).await?;
    let is_admin = administers.contains(&office);
    let has_other = store::has_other_admin(tx.conn(), steering.room, office, account).await?;
    if is_admin && !has_other { Err(Code::StewardAdminRequired.into()) } else { Ok(()) }
}

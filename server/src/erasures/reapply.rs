//! After a restore: rooms whose key was destroyed since that backup are erased again, before anybody comes in (c-10).

use super::carry_out::{destroyed, remove_rows};
use super::store;
use super::vanishing::{Telling, vanish};
use crate::app::App;
use crate::crypto::seal::KeyId;
use crate::error::Result;
use crate::store::Tx;
use std::collections::HashSet;

/// Erases every room whose key is on the list of the destroyed and that the rows still know.
///
/// # Errors
/// When rows or keys cannot be read or written.
pub async fn reapply(app: &App) -> Result<()> {
    let gone: HashSet<KeyId> = app.keys.destroyed().await?.into_iter().map(|(key, _)| key).collect();
    let rooms = {
        let mut view = app.store.view().await?;
        store::standing_rooms(view.conn()).await?
    };
    for found in rooms.into_iter().filter(|found| gone.contains(&found.key)) {
        let (inner, now, room) = (app.clone(), app.clock.now(), found.room);
        app.store
            .act(async move |tx: &mut Tx| -> Result<()> {
                vanish(&inner, tx, (room, found.head), Telling::KnownAlready, now).await?;
                tx.cancel_erasures_of(room).await?;
                let posts = store::posts_of(tx.conn(), room).await?;
                Ok(inner.audit.append(tx, &destroyed((found.region, room), None, posts, now)).await?)
            })
            .await?;
        remove_rows(app, room).await?;
    }
    Ok(())
}

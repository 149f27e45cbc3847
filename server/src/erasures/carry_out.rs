//! What the server does once an erasure is decided. The row says how far it came: after a stop it goes on from there.
//!
//! The order is the promise: the key is on the list of the destroyed, here and in the sink, before it is wiped; it is wiped before
//! rows go; and the certificate states only what was done.

use super::store::{self, ErasureRow};
use super::{Step, certificate};
use crate::app::App;
use crate::audit::Entry;
use crate::backups::Places;
use crate::error::{Fault, Result};
use crate::notices::Notice;
use crate::store::Tx;
use std::collections::BTreeSet;
use tsumugi_protocol::{ErasureId, Millis, NoticeKind, RegionId, RoomId};

/// The act after which posts of a room may be missing; the audit's verifier knows it by this name.
const KEY_DESTROYED: &str = "erasures.destroy_key";

/// Carries out what was decided. One that cannot go on does not keep the others from it.
///
/// # Errors
/// The last one that stopped some; it is tried again.
pub async fn carry_out(app: &App, places: &Places) -> Result<()> {
    let rows = {
        let mut view = app.store.view().await?;
        store::under_way(view.conn()).await?
    };
    let mut outcome = Ok(());
    for row in rows {
        if let Err(failure) = to_its_end(app, places, row.id).await {
            outcome = Err(failure);
        }
    }
    outcome
}

async fn to_its_end(app: &App, places: &Places, id: ErasureId) -> Result<()> {
    loop {
        let row = {
            let mut view = app.store.view().await?;
            store::erasure(view.conn(), id).await?
        };
        let row = row.ok_or_else(|| Fault::noticed("finding an erasure under way"))?;
        match row.step {
            Step::Decided => list(app, places, &row).await?,
            Step::Listed => destroy(app, places, &row).await?,
            Step::Destroyed => clear(app, &row).await?,
            Step::Cleared => certify(app, &row).await?,
            Step::Asked | Step::Cancelled | Step::Certified => return Ok(()),
        }
    }
}

async fn list(app: &App, places: &Places, row: &ErasureRow) -> Result<()> {
    app.keys.list_destroyed(row.key).await?;
    places.hand_over(app).await?;
    let (id, now) = (row.id, app.clock.now());
    app.store.act(async move |tx: &mut Tx| -> Result<()> { Ok(tx.note_listed(id, now).await?) }).await
}

async fn destroy(app: &App, places: &Places, row: &ErasureRow) -> Result<()> {
    app.keys.destroy(row.key).await?;
    // Copies of the key that are in reach go as well; those that are not age out (c-10).
    places.forget(app).await?;
    let (inner, row, now) = (app.clone(), row.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            let posts = store::posts_of(tx.conn(), row.room).await?;
            tx.note_destroyed(row.id, posts, now).await?;
            let entry = destroyed((row.region, row.room), Some(row.id), posts, now);
            Ok(inner.audit.append(tx, &entry).await?)
        })
        .await
}

/// The entry that says since when posts of a room are gone.
pub(super) fn destroyed(
    (region, room): (RegionId, RoomId),
    erasure: Option<ErasureId>,
    posts: i64,
    now: Millis,
) -> Entry {
    Entry {
        at: now,
        act: KEY_DESTROYED,
        region: Some(region),
        room: Some(room),
        subject: erasure.map(|id| id.0),
        detail: Some(format!(r#"{{"posts":{posts}}}"#)),
        ..Entry::default()
    }
}

async fn clear(app: &App, row: &ErasureRow) -> Result<()> {
    remove_rows(app, row.room).await?;
    let (id, now) = (row.id, app.clock.now());
    app.store.act(async move |tx: &mut Tx| -> Result<()> { Ok(tx.note_cleared(id, now).await?) }).await
}

/// Removes what the key of a room had closed, a few rows at a time.
///
/// # Errors
/// When it cannot be stored; what went is gone.
pub(super) async fn remove_rows(app: &App, room: RoomId) -> Result<()> {
    let more = async || {
        app.store.act(async move |tx: &mut Tx| -> Result<bool> { Ok(tx.remove_posts(room).await?) }).await
    };
    while more().await? {}
    app.store.act(async move |tx: &mut Tx| -> Result<()> { Ok(tx.wipe_room(room).await?) }).await
}

async fn certify(app: &App, row: &ErasureRow) -> Result<()> {
    let statement = certificate::statement(row);
    let statement = statement.ok_or_else(|| Fault::noticed("stating an erasure whose times are missing"))?;
    let signature = app.keys.sign_certificate(&statement).await?;
    let (inner, row, now) = (app.clone(), row.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            tx.note_certified(row.id, (&statement, &signature)).await?;
            let entry = Entry {
                at: now,
                act: "erasures.certify",
                region: Some(row.region),
                room: Some(row.room),
                subject: Some(row.id.0),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            let two: BTreeSet<_> = [Some(row.asked_by), row.seconded_by].into_iter().flatten().collect();
            for account in two {
                Notice::of(NoticeKind::ErasureCertified).tell(&inner, tx, account).await?;
            }
            Ok(())
        })
        .await
}

//! Another photo of oneself, or none any more (002-2.1R1).

use super::{PhotoBody, Size, store};
use crate::accounts;
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{Body, FORMAT};
use crate::crypto::seal;
use crate::error::{Fault, Result};
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Done, SetPhoto};

/// Keeps a photo that the server has drawn anew from what was sent; sealed with the account's key.
///
/// # Errors
/// `account_restricted`; `not_while_shared`; `too_large`; `photo_not_readable`, and then nothing changes.
pub async fn set_photo(app: &App, who: &Arc<Session>, ask: SetPhoto) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    let image = app.pictures.read(ask.image, Size::Photo).await?.into_base64();
    let row = {
        let mut view = app.store.view().await?;
        accounts::store::account(view.conn(), who.account).await?
    };
    let row = row.ok_or_else(|| Fault::noticed("finding an account"))?;
    let key = app.keys.ready(seal::key_of(&row.sealed)?).await?;
    let sealed = PhotoBody { v: FORMAT, image }.sealed(&key, who.account)?;
    keep(app, who, "accounts.set_photo", Some(sealed)).await
}

/// Takes the photo away; without one nothing happens.
///
/// # Errors
/// `account_restricted`; `not_while_shared`.
pub async fn remove_photo(app: &App, who: &Arc<Session>) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    keep(app, who, "accounts.remove_photo", None).await
}

async fn keep(app: &App, who: &Arc<Session>, act: &'static str, sealed: Option<Vec<u8>>) -> Result<Done> {
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let there = store::photo(tx.conn(), who.account).await?;
            if sealed.is_none() && there.as_ref().is_none_or(|photo| photo.sealed.is_none()) {
                return Ok(Done {});
            }
            let version = there.map_or(1, |photo| photo.version + 1);
            tx.keep_photo(who.account, version, sealed.as_deref()).await?;
            let entry =
                Entry { at: now, act, account: Some(who.account), session: Some(who.id), ..Entry::default() };
            inner.audit.append(tx, &entry).await?;
            Ok(Done {})
        })
        .await
}

//! The passkeys of the account that asks: seen, named, removed.

use super::store::{self, PasskeyRow};
use super::{PasskeyBody, checked};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::{self, Body};
use crate::crypto::seal;
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{
    Code, Millis, NoticeKind, PasskeyId, PasskeyList, PasskeySeen, RenamePasskey, WhichPasskey,
};

/// All of them.
///
/// # Errors
/// When they cannot be read or opened.
pub async fn list(app: &App, who: &Session) -> Result<PasskeyList> {
    let rows = {
        let mut view = app.store.view().await?;
        store::of_account(view.conn(), who.account).await?
    };
    let mut passkeys = Vec::new();
    for row in rows {
        let body: PasskeyBody = bodies::open(app, row.id, &row.sealed).await?;
        passkeys.push(PasskeySeen {
            passkey: row.id,
            name: body.name,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        });
    }
    Ok(PasskeyList { passkeys, most: u32::try_from(store::MOST).unwrap_or(u32::MAX) })
}

/// Gives one another name.
///
/// # Errors
/// `not_found`; `bad_field`.
pub async fn rename(app: &App, who: &Arc<Session>, ask: RenamePasskey) -> Result<PasskeyList> {
    let name = checked(&ask.name)?;
    let row = own(app, who, ask.passkey).await?;
    let key = app.keys.ready(seal::key_of(&row.sealed)?).await?;
    let body = PasskeyBody { name, ..PasskeyBody::open(&key, row.id, &row.sealed)? };
    let sealed = body.sealed(&key, row.id)?;
    let (inner, session, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            tx.let_stand(&session)?;
            // Used meanwhile: its counter must not be written over.
            if !tx.reseal_passkey(row.id, row.uses, &sealed).await? {
                return Err(Code::NotFound.into());
            }
            Ok(inner.audit.append(tx, &entry(&session, "passkeys.rename", row.id, now)).await?)
        })
        .await?;
    list(app, who).await
}

/// Removes one; that asks for a fresh proof.
///
/// # Errors
/// `step_up_required`; `not_found`.
pub async fn remove(app: &App, who: &Arc<Session>, ask: WhichPasskey) -> Result<PasskeyList> {
    let (inner, session, now) = (app.clone(), who.clone(), app.clock.now());
    app.passkeys.fresh.require(who, now)?;
    let row = own(app, who, ask.passkey).await?;
    let name = bodies::open::<PasskeyBody>(app, row.id, &row.sealed).await?.name;
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            tx.let_stand(&session)?;
            if !tx.delete_passkey(ask.passkey, session.account).await? {
                return Err(Code::NotFound.into());
            }
            inner.audit.append(tx, &entry(&session, "passkeys.remove", ask.passkey, now)).await?;
            Notice::of(NoticeKind::FactorRemoved).naming(name.clone()).tell(&inner, tx, session.account).await
        })
        .await?;
    list(app, who).await
}

/// One of the account that asks.
async fn own(app: &App, who: &Session, passkey: PasskeyId) -> Result<PasskeyRow> {
    let mut view = app.store.view().await?;
    let rows = store::of_account(view.conn(), who.account).await?;
    Ok(rows.into_iter().find(|row| row.id == passkey).ok_or(Code::NotFound)?)
}

/// The audit row of something done with a passkey.
pub(super) fn entry(who: &Session, act: &'static str, passkey: PasskeyId, now: Millis) -> Entry {
    Entry {
        at: now,
        act,
        account: Some(who.account),
        session: Some(who.id),
        subject: Some(passkey.0),
        ..Entry::default()
    }
}

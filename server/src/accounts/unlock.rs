//! Opening a locked sign-in before its time (002-1.2(1)c: the admin may, with a reason).

use super::overseeing::{Doing, Facts};
use super::reasons::Reason;
use super::{AccountBody, store};
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{AccountId, Done, Millis, NoticeKind, Unlock};

/// Forgets the failures of somebody's sign-in. Where it was not locked nothing changes.
///
/// # Errors
/// As [`Facts::decide`]; `reason_missing`; `account_restricted`.
pub async fn unlock(app: &App, who: &Arc<Session>, ask: Unlock) -> Result<Done> {
    who.let_write()?;
    {
        let mut view = app.store.view().await?;
        Facts::of(app, view.conn(), who.account, ask.account).await?.decide(Doing::Unlock)?;
    }
    let reason = Reason::of(app, ask.account, &ask.reason).await?;
    let name = name_of(app, ask.account).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            Facts::of(&inner, tx.conn(), who.account, ask.account).await?.decide(Doing::Unlock)?;
            open(&inner, tx, (ask.account, &name), &reason, Some(&who), now).await?;
            Ok(Done {})
        })
        .await
}

/// What the failures of an account's sign-in are counted under.
pub(super) async fn name_of(app: &App, account: AccountId) -> Result<Vec<u8>> {
    let email = AccountBody::of(app, account).await?.email;
    Ok(app.lookup.sign_in_name(&AccountBody::normal_email(&email)).as_bytes().to_vec())
}

/// Opens it, whoever may; whether it was locked.
///
/// # Errors
/// When it cannot be stored.
pub(super) async fn open(
    app: &App,
    tx: &mut Tx,
    (account, name): (AccountId, &[u8]),
    reason: &Reason,
    by: Option<&Session>,
    now: Millis,
) -> Result<bool> {
    if store::locked_until(tx.conn(), name, now).await?.is_none() {
        return Ok(false);
    }
    tx.forget_sign_ins(name).await?;
    reason.write(tx, by.map(|by| by.account), "accounts.unlock", now).await?;
    let entry = Entry {
        at: now,
        act: "accounts.unlock",
        account: by.map(|by| by.account),
        session: by.map(|by| by.id),
        subject: Some(account.0),
        detail: Some(reason.detail()),
        ..Entry::default()
    };
    app.audit.append(tx, &entry).await?;
    Notice::of(NoticeKind::Unlocked).tell(app, tx, account).await?;
    Ok(true)
}

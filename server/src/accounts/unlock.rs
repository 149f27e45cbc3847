//! Opening a locked sign-in before its time (002-1.2(1)c: the admin may, with a reason).

use super::overseeing::{Doing, decide, facts};
use super::reasons::Reason;
use super::{AccountBody, store};
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Done, NoticeKind, Unlock};

/// Forgets the failures of somebody's sign-in. Where it was not locked nothing changes.
///
/// # Errors
/// As [`decide`]; `reason_missing`; `account_restricted`.
pub async fn unlock(app: &App, who: &Arc<Session>, ask: Unlock) -> Result<Done> {
    who.let_write()?;
    let known = {
        let mut view = app.store.view().await?;
        facts(view.conn(), who.account, ask.account).await?
    };
    decide(&known, Doing::Unlock)?;
    let reason = Reason::of(app, ask.account, &ask.reason).await?;
    let email = AccountBody::of(app, ask.account).await?.email;
    let name = app.lookup.sign_in_name(&AccountBody::normal_email(&email)).as_bytes().to_vec();
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            decide(&facts(tx.conn(), who.account, ask.account).await?, Doing::Unlock)?;
            if store::locked_until(tx.conn(), &name, now).await?.is_none() {
                return Ok(Done {});
            }
            tx.forget_sign_ins(&name).await?;
            reason.write(tx, Some(who.account), "accounts.unlock", now).await?;
            let entry = Entry {
                at: now,
                act: "accounts.unlock",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(ask.account.0),
                detail: Some(reason.detail()),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Notice::of(NoticeKind::Unlocked).tell(&inner, tx, ask.account).await?;
            Ok(Done {})
        })
        .await
}

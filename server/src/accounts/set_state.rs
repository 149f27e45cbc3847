//! Restricting, suspending and restoring an account (000-note(2)b, 002-3.2(1)f, 002-2.1M10): at once, with a reason.

use super::overseeing::{Doing, decide, facts};
use super::reasons::Reason;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{AccountState, Done, NoticeKind, SetState};

/// Changes what may be done with somebody's account; her sessions end with it, so that none goes on under other rules.
///
/// # Errors
/// As [`decide`]; `reason_missing`; `account_restricted`.
pub async fn set_state(app: &App, who: &Arc<Session>, ask: SetState) -> Result<Done> {
    who.let_write()?;
    let doing = Doing::SetState(ask.state);
    let known = {
        let mut view = app.store.view().await?;
        facts(view.conn(), who.account, ask.account).await?
    };
    decide(&known, doing)?;
    let reason = Reason::of(app, ask.account, &ask.reason).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let known = facts(tx.conn(), who.account, ask.account).await?;
            decide(&known, doing)?;
            if known.state == Some(ask.state) {
                return Ok(Done {});
            }
            tx.set_account_state(ask.account, ask.state).await?;
            tx.end_sessions_of(&inner, ask.account, None, "account_state", now).await?;
            reason.write(tx, Some(who.account), act_of(ask.state), now).await?;
            let entry = Entry {
                at: now,
                act: act_of(ask.state),
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(ask.account.0),
                detail: Some(reason.detail()),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Notice::of(notice_of(ask.state)).tell(&inner, tx, ask.account).await?;
            Ok(Done {})
        })
        .await
}

const fn act_of(state: AccountState) -> &'static str {
    match state {
        AccountState::Active => "accounts.restore",
        AccountState::Restricted => "accounts.restrict",
        AccountState::Suspended => "accounts.suspend",
        AccountState::Closed => "accounts.close",
    }
}

const fn notice_of(state: AccountState) -> NoticeKind {
    match state {
        AccountState::Active => NoticeKind::Restored,
        AccountState::Restricted => NoticeKind::Restricted,
        AccountState::Suspended => NoticeKind::Suspended,
        AccountState::Closed => NoticeKind::Closed,
    }
}

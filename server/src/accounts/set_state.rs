//! Restricting, suspending and restoring an account (000-note(2)b, 002-3.2(1)f, 002-2.1M10): at once, with a reason.

use super::overseeing::{Doing, Facts};
use super::reasons::Reason;
use super::store;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{AccountId, AccountState, Code, Done, Millis, NoticeKind, SetState};

/// Changes what may be done with somebody's account; her sessions end with it, so that none goes on under other rules.
///
/// # Errors
/// As [`Facts::decide`]; `step_up_required`; `reason_missing`; `account_restricted`.
pub async fn set_state(app: &App, who: &Arc<Session>, ask: SetState) -> Result<Done> {
    who.let_write()?;
    let doing = Doing::SetState(ask.state);
    {
        let mut view = app.store.view().await?;
        Facts::of(app, view.conn(), who.account, ask.account).await?.decide(doing)?;
    }
    app.passkeys.fresh.require(who, app.clock.now())?;
    let reason = Reason::of(app, ask.account, &ask.reason).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            tx.hold_seats(ask.account).await?;
            Facts::of(&inner, tx.conn(), who.account, ask.account).await?.decide(doing)?;
            tx.turn_account(&inner, (ask.account, ask.state), &reason, Some(&who), now).await?;
            Ok(Done {})
        })
        .await
}

impl Tx {
    /// Changes it, whoever may; whether it was another one. A closed account stays closed.
    ///
    /// # Errors
    /// `not_found`; when it cannot be stored.
    pub async fn turn_account(
        &mut self,
        app: &App,
        (account, state): (AccountId, AccountState),
        reason: &Reason,
        by: Option<&Session>,
        now: Millis,
    ) -> Result<bool> {
        let row = store::account(self.conn(), account).await?.filter(|row| !row.is_closed());
        if row.ok_or(Code::NotFound)?.state == state {
            return Ok(false);
        }
        self.set_account_state(account, state).await?;
        self.end_sessions_of(app, account, None, "account_state", now).await?;
        if state != AccountState::Active {
            self.end_all_links(account, now).await?;
        }
        reason.write(self, by.map(|by| by.account), act_of(state), now).await?;
        let entry = Entry {
            at: now,
            act: act_of(state),
            account: by.map(|by| by.account),
            session: by.map(|by| by.id),
            subject: Some(account.0),
            detail: Some(reason.detail()),
            ..Entry::default()
        };
        app.audit.append(self, &entry).await?;
        Notice::of(notice_of(state)).tell(app, self, account).await?;
        Ok(true)
    }
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

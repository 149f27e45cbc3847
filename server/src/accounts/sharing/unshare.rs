//! An account becomes one person's again.

use super::{changed_hands, store};
use crate::accounts::Reason;
use crate::accounts::overseeing::{Doing, Facts};
use crate::app::App;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Done, UnshareAccount};

/// Its roster ends, and so does the password that several people know. Where it was not shared nothing changes.
///
/// # Errors
/// As [`Facts::decide`]; `step_up_required`; `reason_missing`; `account_restricted`.
pub async fn unshare(app: &App, who: &Arc<Session>, ask: UnshareAccount) -> Result<Done> {
    who.let_write()?;
    {
        let mut view = app.store.view().await?;
        Facts::of(app, view.conn(), who.account, ask.account).await?.decide(Doing::Share)?;
    }
    app.passkeys.fresh.require(who, app.clock.now())?;
    let reason = Reason::of(app, ask.account, &ask.reason).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            Facts::of(&inner, tx.conn(), who.account, ask.account).await?.decide(Doing::Share)?;
            if !store::is_shared(tx.conn(), ask.account).await? {
                return Ok(Done {});
            }
            tx.delete_shared_account(ask.account).await?;
            tx.end_roster(ask.account, now).await?;
            let act = (ask.account, "accounts.unshare");
            changed_hands(&inner, tx, &who, act, (&reason, r#""added":[]"#), now).await?;
            Ok(Done {})
        })
        .await
}

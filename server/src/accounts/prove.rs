//! Showing once more who one is, by the password: the step before a dangerous act for who has no passkey to show.

use super::proof;
use crate::app::App;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::passkeys;
use crate::sessions::{NewSession, Origin, Session};
use crate::store::Tx;
use std::net::IpAddr;
use std::sync::Arc;
use tsumugi_protocol::{Code, ProvePassword};

/// Makes the session fresh, under another token. Tries are counted as those of signing in.
///
/// # Errors
/// `step_up_required` for who has a passkey: then a password, which others may have seen, is not enough; as
/// [`proof::again`] and [`Opening::replace`](crate::sessions::Opening::replace).
pub async fn prove(
    app: &App,
    (source, origin): (IpAddr, &Origin),
    who: &Arc<Session>,
    ask: ProvePassword,
) -> Result<(Secret, Session)> {
    let has_passkeys = {
        let mut view = app.store.view().await?;
        passkeys::store::count(view.conn(), who.account).await? > 0
    };
    if has_passkeys {
        return Err(Code::StepUpRequired.into());
    }
    let account = proof::again(app, source, who, &Secret::new(ask.password)).await?;
    let new = NewSession::after(app, who, &who.factors, &who.next);
    let now = app.clock.now();
    let opening = new.rows("accounts.prove", origin, now).while_password_is_of(account.password_set_at);
    let (inner, old) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            if passkeys::store::count(tx.conn(), old.account).await? > 0 {
                return Err(Code::StepUpRequired.into());
            }
            opening.replace(&inner, tx, &old).await
        })
        .await?;
    app.passkeys.fresh.note(new.session.id, now);
    Ok((new.token, new.session))
}

//! Signing in with e-mail and password.

use super::lacks::lacks;
use super::me::me;
use super::proof;
use super::store::{self, AccountRow};
use crate::app::App;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::sessions::{NewSession, Origin};
use crate::store::Tx;
use std::net::IpAddr;
use tsumugi_protocol::{AccountState, Code, Factor, Me, SignIn};

/// Opens a session and hands out its token, once. It may lack a step still: then `me.next` names it.
///
/// Unknown address, wrong password, locked and closed account get the same answer after the same work.
///
/// # Errors
/// `sign_in_failed`; after the right password only `account_suspended` and as [`NewSession::of`]; otherwise as
/// [`proof::password`].
pub async fn sign_in(app: &App, source: IpAddr, origin: Origin, ask: SignIn) -> Result<(Secret, Me)> {
    let typed = Secret::new(ask.password);
    let shown = proof::password(app, source, &ask.email, &typed).await?;
    let account = shown.ok_or(Code::SignInFailed)?;
    if account.state == AccountState::Suspended {
        return Err(Code::AccountSuspended.into());
    }
    let factors = origin.factors(&[Factor::Password]);
    let next = lacks(app, &account, &factors).await?;
    let new = NewSession::of(app, &account, &origin, &factors, &next).await?;
    let dearer = hashed_anew(app, &account, &typed).await?;
    let (inner, opening) = (app.clone(), new.rows("accounts.sign_in", &origin, app.clock.now()));
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            // Whoever knew the password until a moment ago does not come in after it was changed.
            let now = store::account(tx.conn(), account.id).await?;
            if now.is_none_or(|now| now.password_set_at != account.password_set_at) {
                return Err(Code::SignInFailed.into());
            }
            if let Some((old, new)) = &dearer {
                tx.rehash_password(account.id, old, new).await?;
            }
            opening.come_in(&inner, tx).await
        })
        .await?;
    Ok((new.token, me(app, &new.session).await?))
}

/// The stored hash and another of today's cost, where that has changed since the password was set.
async fn hashed_anew(app: &App, account: &AccountRow, typed: &Secret) -> Result<Option<(String, String)>> {
    let Some(old) = account.password_hash.as_ref().filter(|hash| app.passwords.needs_rehash(hash)) else {
        return Ok(None);
    };
    Ok(Some((old.clone(), app.passwords.hash(typed).await?)))
}

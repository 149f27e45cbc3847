//! Signing in with e-mail and password.

use super::arrival::Arrival;
use super::me::shown;
use super::proof::{self, Proven};
use super::store::AccountRow;
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
    let proven = proof::password(app, source, &ask.email, &typed).await?;
    let (account, proven) = proven.ok_or(Code::SignInFailed)?;
    let opened = open(app, (account, &proven), &typed, &origin).await;
    if opened.is_err() {
        // The password was right, whatever else was not.
        proven.forgive(app).await?;
    }
    let (new, me) = opened?;
    Ok((new.token, me))
}

async fn open(
    app: &App,
    (account, proven): (AccountRow, &Proven),
    typed: &Secret,
    origin: &Origin,
) -> Result<(NewSession, Me)> {
    if account.state == AccountState::Suspended {
        return Err(Code::AccountSuspended.into());
    }
    let dearer = hashed_anew(app, &account, typed).await?;
    let (id, set_at) = (account.id, account.password_set_at);
    let (new, me) = {
        let mut view = app.store.view().await?;
        let arrival = Arrival::of(view.conn(), account).await?;
        let factors = origin.factors(&[Factor::Password]);
        let next = arrival.lacks(app, &factors)?;
        let new = NewSession::of(app, view.conn(), &arrival, origin, (&factors, next)).await?;
        let me = shown(app, view.conn(), &new.session, (&arrival.account, &arrival.places)).await?;
        (new, me)
    };
    let opening = new.rows("accounts.sign_in", origin, app.clock.now()).while_password_is_of(set_at);
    let (inner, name) = (app.clone(), proven.name().to_vec());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            opening.come_in(&inner, tx).await?;
            if let Some((old, new)) = &dearer {
                tx.rehash_password(id, old, new).await?;
            }
            tx.forget_sign_ins(&name).await?;
            Ok(())
        })
        .await?;
    Ok((new, me))
}

/// The stored hash and another of today's cost, where that has changed since the password was set.
async fn hashed_anew(app: &App, account: &AccountRow, typed: &Secret) -> Result<Option<(String, String)>> {
    let Some(old) = account.password_hash.as_ref().filter(|hash| app.passwords.needs_rehash(hash)) else {
        return Ok(None);
    };
    Ok(Some((old.clone(), app.passwords.hash(typed).await?)))
}

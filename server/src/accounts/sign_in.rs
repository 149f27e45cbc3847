//! Signing in with e-mail and password.

use super::sessions::NewSession;
use super::{AccountBody, me::me, store};
use crate::app::App;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::store::Tx;
use std::net::IpAddr;
use tsumugi_protocol::{Code, Me, Refusal, SignIn, limits};

/// Opens a session and hands out its token, once.
///
/// Unknown address, wrong password and closed account get the same answer after the same work.
///
/// # Errors
/// `sign_in_failed`; before any hashing `too_large`, `rate_limited` when too many failed from that place, and
/// `overloaded` when too many are waiting to be hashed.
pub async fn sign_in(app: &App, source: IpAddr, ask: SignIn) -> Result<(Secret, Me)> {
    if ask.email.len() > limits::EMAIL_BYTES {
        return Err(Refusal::new(Code::TooLarge).with("limit", limits::EMAIL_BYTES).into());
    }
    let address = AccountBody::found_by(app, &ask.email);
    // Before it is looked whether there is such an account: the answer depends on the place alone.
    let attempt = app.throttle.begin(source, &address, app.clock.monotonic(), app.policies.guessing())?;
    let known = {
        let mut view = app.store.view().await?;
        store::account_by_email(view.conn(), address.as_bytes()).await?
    };
    let password = Secret::new(ask.password);
    let stored = known.as_ref().filter(|account| account.is_active).and_then(|a| a.password_hash.as_deref());
    let matches = app.passwords.matches(&password, stored).await?;
    let Some(account) = known.filter(|_| matches) else {
        attempt.failed(app.clock.monotonic());
        return Err(Code::SignInFailed.into());
    };
    drop(attempt);

    let new = NewSession::of(app, &account);
    let (inner, opening) = (app.clone(), new.rows("accounts.sign_in", app.clock.now()));
    app.store.act(async move |tx: &mut Tx| opening.write(&inner, tx).await).await?;
    Ok((new.token, me(app, &new.session).await?))
}

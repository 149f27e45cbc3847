//! Signing in with e-mail and password.

use super::sessions::NewSession;
use super::{ACTIVE, AccountBody, me::me, store};
use crate::app::App;
use crate::audit::Entry;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::store::Tx;
use tsumugi_protocol::{Code, Me, Refusal, SignIn, limits};

/// Opens a session and hands out its token, once.
///
/// Unknown address, wrong password and closed account get the same answer after the same work.
///
/// # Errors
/// `sign_in_failed`; `too_large` before any hashing; `overloaded` when too many are waiting to be hashed.
pub async fn sign_in(app: &App, ask: SignIn) -> Result<(Secret, Me)> {
    if ask.email.len() > limits::EMAIL_BYTES {
        return Err(Refusal::new(Code::TooLarge).with("limit", limits::EMAIL_BYTES).into());
    }
    let address = AccountBody::found_by(app, &ask.email);
    let known = {
        let mut view = app.store.view().await?;
        store::account_by_email(view.conn(), address.as_bytes()).await?
    };
    let password = Secret::new(ask.password);
    let stored =
        known.as_ref().filter(|account| account.state == ACTIVE).and_then(|a| a.password_hash.as_deref());
    let matches = app.passwords.matches(&password, stored).await?;
    let Some(account) = known.filter(|_| matches) else { return Err(Code::SignInFailed.into()) };

    let now = app.clock.now();
    let NewSession { session, token, hash } = NewSession::of(app, &account);
    let (id, inner) = (session.id, app.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            tx.insert_session(id, account.id, &hash.0, now).await?;
            let entry = Entry {
                at: now,
                act: "accounts.sign_in",
                account: Some(account.id),
                session: Some(id),
                ..Entry::default()
            };
            Ok(inner.audit.append(tx, &entry).await?)
        })
        .await?;
    Ok((token, me(app, &session).await?))
}

//! Signing in with e-mail and password.

use super::me::me;
use super::{AccountState, proof};
use crate::app::App;
use crate::crypto::device_authority::Fingerprint;
use crate::crypto::secret::Secret;
use crate::devices::Admission;
use crate::error::Result;
use crate::sessions::{NewSession, Origin};
use crate::store::Tx;
use std::net::IpAddr;
use tsumugi_protocol::{Code, Factor, Me, Next, SignIn};

/// Opens a session and hands out its token, once. It may lack a step still: then `me.next` names it.
///
/// Unknown address, wrong password, locked and closed account get the same answer after the same work.
///
/// # Errors
/// `sign_in_failed`; as [`Admission::of`] where the device or its certificate is not right; `account_suspended`, after the right password only; otherwise as [`proof::password`].
pub async fn sign_in(app: &App, source: IpAddr, mut origin: Origin, ask: SignIn) -> Result<(Secret, Me)> {
    let shown = proof::password(app, source, &ask.email, &Secret::new(ask.password)).await?;
    let account = shown.ok_or(Code::SignInFailed)?;
    if account.state == AccountState::Suspended {
        return Err(Code::AccountSuspended.into());
    }
    let shown = origin.certificate.as_deref().and_then(|bytes| bytes.try_into().ok()).map(Fingerprint);
    let admission = {
        let mut view = app.store.view().await?;
        Admission::of(app, view.conn(), &account, shown).await?
    };
    origin.device = admission.device.map(|id| id.0);
    let factors: &[Factor] = match shown {
        Some(_) => &[Factor::Password, Factor::Certificate],
        None => &[Factor::Password],
    };
    let next: &[Next] = if account.must_change { &[Next::NewPassword] } else { &[] };
    let new = NewSession::of(app, &account, &origin, factors, next).await?;
    let (inner, opening) = (app.clone(), new.rows("accounts.sign_in", &origin, app.clock.now()));
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            // What was decided may have changed meanwhile: a stop ends what stands and lets nothing in after it.
            if Admission::of(&inner, tx.conn(), &account, shown).await? != admission {
                return Err(Code::DeviceNotRegistered.into());
            }
            opening.write(&inner, tx).await
        })
        .await?;
    Ok((new.token, me(app, &new.session).await?))
}

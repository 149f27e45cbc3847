//! Signing in by passkey alone, without typing who one is, where the region's rules let a passkey stand for the password.

use super::ceremonies::{Owner, Step};
use super::prove::{begun, shown};
use crate::accounts::{self, AccountBody, Arrival};
use crate::app::App;
use crate::crypto::passkeys::Assertion;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::policy::LockCloses;
use crate::sessions::{NewSession, Origin, Session};
use crate::store::Tx;
use std::net::IpAddr;
use tsumugi_protocol::{BeginPasskey, Code, Factor, PasskeyBegun, ProvePasskey};

/// What the browser is to show: any passkey of this site, so that nothing is told of who has one.
///
/// # Errors
/// `passkeys_not_here`; `overloaded`.
pub fn sign_in_begin(app: &App, source: IpAddr, ask: &BeginPasskey) -> Result<PasskeyBegun> {
    let site = app.passkeys.at(&ask.origin)?;
    let (options, state) = site.begin_proof(&[])?;
    begun(app, Owner::Place(source), site.host(), Step::SignIn(state), options)
}

/// Opens a whole session.
///
/// # Errors
/// `passkey_failed`, whatever is wrong; when all is right `passkey_needs_password` where the rules want the password typed,
/// and as [`NewSession::of`].
pub async fn sign_in_finish(app: &App, origin: &Origin, ask: ProvePasskey) -> Result<(Secret, Session)> {
    let begun = app.passkeys.ceremonies.take(&ask.ceremony, app.clock.now()).ok_or(Code::PasskeyFailed)?;
    let Step::SignIn(state) = begun.step else { return Err(Code::PasskeyFailed.into()) };
    let sent = Assertion::read(&ask.credential.0).ok_or(Code::PasskeyFailed)?;
    // Nobody was named: whose it is, only the handle says.
    if sent.user().is_none() {
        return Err(Code::PasskeyFailed.into());
    }
    let shown = shown(app, &sent, state, &begun.site).await?;
    let arrival = {
        let mut view = app.store.view().await?;
        let account = accounts::store::account(view.conn(), shown.row.account).await?;
        let account = account.filter(|account| account.is_active).ok_or(Code::PasskeyFailed)?;
        Arrival::of(view.conn(), account).await?
    };
    let rule = arrival.second_factor(app);
    if !rule.passkey_alone {
        return Err(Code::PasskeyNeedsPassword.into());
    }
    let email = AccountBody::of(app, arrival.account.id).await?.email;
    let name = app.lookup.sign_in_name(&AccountBody::normal_email(&email)).as_bytes().to_vec();
    let factors = origin.factors(&[Factor::Passkey]);
    let new = {
        let mut view = app.store.view().await?;
        // A password whose time is over is changed first, however she came in; and where her rules count another factor only,
        // that is still to be shown.
        let next = arrival.lacks(app, &factors)?;
        NewSession::of(app, view.conn(), &arrival, origin, (&factors, next)).await?
    };
    let now = app.clock.now();
    let opening = new.rows("accounts.sign_in_passkey_finish", origin, now);
    let inner = app.clone();
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            // c-23: the text locks the account; a region may let the lock close the password alone.
            let closes = rule.lock_closes == LockCloses::Account;
            if closes && accounts::store::locked_until(tx.conn(), &name, now).await?.is_some() {
                return Err(Code::PasskeyFailed.into());
            }
            shown.write(&inner, tx).await?;
            opening.come_in(&inner, tx).await
        })
        .await?;
    Ok((new.token, new.session))
}

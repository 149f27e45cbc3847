//! The only place where a typed password is compared: signing in, and showing again who one is.

use super::AccountBody;
use super::lockout::{Verdict, decide};
use super::store::{self, AccountRow};
use crate::app::App;
use crate::crypto::lookup::LookupHash;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::sessions::Session;
use crate::store::Tx;
use std::net::IpAddr;
use std::time::Duration;
use tokio::sync::OwnedMutexGuard;
use tsumugi_protocol::{Code, Refusal, limits};

/// A password that was right. The failures before it no longer count once that is written, and nobody else tries the name
/// until then.
pub struct Proven {
    name: Vec<u8>,
    _turn: OwnedMutexGuard<()>,
}

impl Proven {
    /// The keyed hash of the name under which failures are counted.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// Writes it, for who has nothing else to write.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn forgive(self, app: &App) -> Result<()> {
        let name = self.name.clone();
        app.store
            .act(async move |tx: &mut Tx| -> Result<()> {
                tx.forget_sign_ins(&name).await?;
                Ok(())
            })
            .await
    }
}

/// The account of an address, if the password is its own, and what is to be written of that.
///
/// Unknown address, wrong password, locked and closed account cost the same: one act with one sync, and one hash. What
/// differs then is written after the answer has left.
///
/// # Errors
/// Before any work `too_large`; `rate_limited` when too many failed from that place, and `overloaded` when too many are
/// waiting; when the rows cannot be read.
pub async fn password(
    app: &App,
    source: IpAddr,
    email: &str,
    password: &Secret,
) -> Result<Option<(AccountRow, Proven)>> {
    if email.len() > limits::EMAIL_BYTES {
        return Err(Refusal::new(Code::TooLarge).with("limit", limits::EMAIL_BYTES).into());
    }
    if password.reveal().len() > limits::PASSWORD_BYTES {
        return Err(Refusal::new(Code::TooLarge).with("limit", limits::PASSWORD_BYTES).into());
    }
    let name = app.lookup.sign_in_name(&AccountBody::normal_email(email));
    // Before it is looked whether there is such an account: the answer depends on the place alone.
    let attempt = app.throttle.begin(source, &name, app.clock.monotonic(), app.policies.guessing())?;
    let turn = app.turns.of(&name).await;
    let (account, verdict) = charged(app, &name, &AccountBody::found_by(app, email)).await?;
    let stored = account.as_ref().filter(|account| !account.is_closed() && verdict != Verdict::Locked);
    let is_right = app.passwords.matches(password, stored.and_then(|a| a.password_hash.as_deref())).await?;
    if let (Some(account), true) = (&account, is_right) {
        return Ok(Some((account.clone(), Proven { name: name.as_bytes().to_vec(), _turn: turn })));
    }
    attempt.failed(app.clock.monotonic());
    if let (Some(account), Verdict::Last) = (account, verdict) {
        let inner = app.clone();
        app.tasks.spawn(async move { super::locked::tell(&inner, account.id).await });
    }
    Ok(None)
}

/// Whoever is signed in shows again who she is; counted like a sign-in (T27).
///
/// # Errors
/// `sign_in_failed`, and as [`password`].
pub async fn again(app: &App, source: IpAddr, who: &Session, typed: &Secret) -> Result<AccountRow> {
    let email = AccountBody::of(app, who.account).await?.email;
    let (account, proven) = password(app, source, &email, typed).await?.ok_or(Code::SignInFailed)?;
    proven.forgive(app).await?;
    Ok(Some(account).filter(|account| account.id == who.account).ok_or(Code::SignInFailed)?)
}

/// Counts the attempt and finds the account, in one act that does the same whether there is one or not.
async fn charged(
    app: &App,
    name: &LookupHash,
    address: &LookupHash,
) -> Result<(Option<AccountRow>, Verdict)> {
    let (now, rule) = (app.clock.now(), app.policies.lockout());
    let (name, address) = (name.as_bytes().to_vec(), address.as_bytes().to_vec());
    app.store
        .act(async move |tx: &mut Tx| -> Result<(Option<AccountRow>, Verdict)> {
            let before = tx.sign_in_count(&name, now).await?;
            let (after, verdict) = decide(before, now, rule);
            tx.set_sign_in_count(&name, after).await?;
            Ok((store::account_by_email(tx.conn(), &address).await?, verdict))
        })
        .await
}

/// † How long after the last attempt a name is forgotten, known and unknown alike.
const FORGOTTEN: Duration = Duration::from_secs(24 * 60 * 60);
/// So many are forgotten in one act, so that posts do not wait behind all of them.
const AT_ONCE: i64 = 64;

/// Forgets names that nobody tried for a day.
///
/// # Errors
/// When the rows cannot be read or written.
pub async fn forget_old_sign_ins(app: &App) -> Result<()> {
    let before = app.clock.now().before(FORGOTTEN);
    loop {
        let old = {
            let mut view = app.store.view().await?;
            store::old_sign_ins(view.conn(), before, AT_ONCE).await?
        };
        if old.is_empty() {
            return Ok(());
        }
        app.store
            .act(async move |tx: &mut Tx| -> Result<()> {
                for name in &old {
                    tx.forget_old_sign_in(name, before).await?;
                }
                Ok(())
            })
            .await?;
    }
}

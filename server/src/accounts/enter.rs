//! The first sign-in: by a link that is good once, and with a password that only its holder knows (000§11(1)b).

use super::lacks::lacks;
use super::me::me;
use super::store::{self, AccountRow};
use crate::app::App;
use crate::crypto::secret::Secret;
use crate::crypto::tokens::{Purpose, TokenHash};
use crate::error::Result;
use crate::sessions::{NewSession, Origin};
use crate::store::Tx;
use std::net::IpAddr;
use tsumugi_protocol::{Code, Enter, Factor, Me, Millis, Next, Refusal};

/// Spends the link, sets the password and opens a session.
///
/// # Errors
/// `rate_limited` for a place that keeps showing spent links; `link_spent` for a link that is unknown, used or too old; `password_too_weak`; `too_large`.
pub async fn enter(app: &App, source: IpAddr, origin: Origin, ask: Enter) -> Result<(Secret, Me)> {
    let link = app.tokens.recognise(Purpose::Link, &ask.link).ok_or(Code::LinkSpent)?;
    let now = app.clock.now();
    // A link that was good once is a token that has ended: who keeps showing it waits.
    let look = app.lookups.turn(source, || app.clock.monotonic()).await?;
    let account = owner(app, &link, now).await;
    if !matches!(account, Ok(None)) {
        look.was_no_fault();
    }
    let account = account?.ok_or(Code::LinkSpent)?;
    let least = app.policies.strictest_password_least();
    if !is_strong(&ask.password, least) {
        return Err(Refusal::new(Code::PasswordTooWeak).with("least", least).into());
    }
    let password = app.passwords.hash(&Secret::new(ask.password)).await?;
    let mut next = lacks(app, &account, &[Factor::Password]).await?;
    // It is being set.
    next.retain(|next| *next != Next::NewPassword);
    let new = NewSession::of(app, &account, &origin, &[Factor::Link, Factor::Password], &next).await?;
    let (inner, opening) = (app.clone(), new.rows("accounts.enter", &origin, now));
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            // One conditional statement decides who was first.
            if !tx.spend_link(&link.0, account.id, now).await? {
                return Err(Code::LinkSpent.into());
            }
            tx.set_password(account.id, &password).await?;
            opening.write(&inner, tx).await
        })
        .await?;
    Ok((new.token, me(app, &new.session).await?))
}

/// Whose link it is, if it can still be used.
async fn owner(app: &App, link: &TokenHash, now: Millis) -> Result<Option<AccountRow>> {
    let mut view = app.store.view().await?;
    let Some(account) = store::account_of_link(view.conn(), &link.0, now).await? else { return Ok(None) };
    Ok(store::account(view.conn(), account).await?.filter(|account| account.is_active))
}

/// Long enough, with letters, digits and symbols (variant A).
fn is_strong(password: &str, least: usize) -> bool {
    let has = |wanted: fn(char) -> bool| password.chars().any(wanted);
    password.chars().count() >= least
        && has(char::is_alphabetic)
        && has(|c| c.is_ascii_digit())
        && has(|c| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_and_all_three_classes_count() {
        assert!(is_strong("haru-no-kaze-12", 13));
        assert!(!is_strong("haru-kaze-12", 13), "twelve characters");
        assert!(!is_strong("harunokazega12", 13), "no symbol");
        assert!(!is_strong("haru-no-kazega", 13), "no digit");
        assert!(!is_strong("1234-5678-9012", 13), "no letter");
    }
}

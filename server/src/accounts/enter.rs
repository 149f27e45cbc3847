//! The first sign-in: by a link that is good once, and with a password that only its holder knows (000§11(1)b).

use super::link::{LinkPurpose, holder};
use super::me::me;
use crate::app::App;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::sessions::{self, NewSession, Origin};
use crate::store::Tx;
use std::net::IpAddr;
use tsumugi_protocol::{AccountId, Code, Enter, Factor, Me, Refusal};

/// Spends the link, sets the password and opens a session.
///
/// # Errors
/// `rate_limited` for a place that keeps showing spent links; `link_spent` for a link that is unknown, used or too old;
/// `terms_not_accepted`; `password_too_weak`; `too_large`.
pub async fn enter(app: &App, source: IpAddr, origin: Origin, ask: Enter) -> Result<(Secret, Me)> {
    let (link, account) = holder(app, source, &ask.link, LinkPurpose::First).await?;
    let terms = terms_of(app, account.id).await?;
    if ask.terms.as_ref() != Some(&terms) {
        return Err(Refusal::new(Code::TermsNotAccepted).with("version", terms).into());
    }
    check_strength(app, &ask.password)?;
    let now = app.clock.now();
    let password = app.passwords.hash(&Secret::new(ask.password)).await?;
    let new = NewSession::of(app, &account, &origin, &[Factor::Link, Factor::Password], &[]).await?;
    let (inner, opening) = (app.clone(), new.rows("accounts.enter", &origin, now));
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            // One conditional statement decides who was first.
            if !tx.spend_link(&link.0, account.id, LinkPurpose::First, now).await? {
                return Err(Code::LinkSpent.into());
            }
            tx.set_password(account.id, &password).await?;
            tx.set_terms(account.id, &terms, now).await?;
            opening.write(&inner, tx).await
        })
        .await?;
    Ok((new.token, me(app, &new.session).await?))
}

/// The version of the terms that somebody has to accept: that of the rules of her regions.
async fn terms_of(app: &App, account: AccountId) -> Result<String> {
    let mut view = app.store.view().await?;
    let profiles = sessions::store::profiles_of(view.conn(), account).await?;
    Ok(app.policies.terms_version(profiles.iter().map(String::as_str)))
}

/// Whether a password may be set.
///
/// # Errors
/// `password_too_weak`.
pub(super) fn check_strength(app: &App, password: &str) -> Result<()> {
    let least = app.policies.strictest_password_least();
    if is_strong(password, least) {
        return Ok(());
    }
    Err(Refusal::new(Code::PasswordTooWeak).with("least", least).into())
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

//! The first sign-in: by a link that is good once, and with a password that only its holder knows (000§11(1)b).

use super::sessions::NewSession;
use super::{me::me, store};
use crate::app::App;
use crate::audit::Entry;
use crate::crypto::secret::Secret;
use crate::crypto::tokens::Purpose;
use crate::error::Result;
use crate::store::Tx;
use tsumugi_protocol::{Code, Enter, Me, Refusal};

/// Spends the link, sets the password and opens a session.
///
/// # Errors
/// `link_spent` for a link that is unknown, used or too old; `password_too_weak`; `too_large`.
pub async fn enter(app: &App, ask: Enter) -> Result<(Secret, Me)> {
    let link = app.tokens.recognise(Purpose::Link, &ask.link).ok_or(Code::LinkSpent)?;
    let now = app.clock.now();
    let account = {
        let mut view = app.store.view().await?;
        let account = store::account_of_link(view.conn(), &link.0, now).await?.ok_or(Code::LinkSpent)?;
        store::account(view.conn(), account).await?.ok_or(Code::LinkSpent)?
    };
    let least = app.policies.strictest_password_least();
    if !is_strong(&ask.password, least) {
        return Err(Refusal::new(Code::PasswordTooWeak).with("least", least).into());
    }
    let password = app.passwords.hash(&Secret::new(ask.password)).await?;
    let NewSession { session, token, hash } = NewSession::of(app, &account);
    let (id, inner) = (session.id, app.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            // One conditional statement decides who was first.
            if !tx.spend_link(&link.0, now).await? {
                return Err(Code::LinkSpent.into());
            }
            tx.set_password(account.id, &password).await?;
            tx.insert_session(id, account.id, &hash.0, now).await?;
            let entry = Entry {
                at: now,
                act: "accounts.enter",
                account: Some(account.id),
                session: Some(id),
                ..Entry::default()
            };
            Ok(inner.audit.append(tx, &entry).await?)
        })
        .await?;
    Ok((token, me(app, &session).await?))
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

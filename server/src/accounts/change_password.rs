//! Another password, set by whoever shows the one in use; also by somebody whose password is over and who gets no further.

use super::me::me;
use super::{passwords, proof};
use crate::app::App;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::{NewSession, Origin, Session};
use crate::store::Tx;
use std::net::IpAddr;
use std::sync::Arc;
use tsumugi_protocol::{ChangePassword, Code, Me, Next, NoticeKind};

/// Sets the password, ends every other session of the account, and gives this one another token.
///
/// # Errors
/// `second_factor_required` while that is missing: a password alone must not be enough to lock its holder out;
/// `acting_person_required` where only that is missing;
/// `sign_in_failed` and as [`proof::again`]; what [`passwords::accept`] refuses; `signed_out` when this session was ended
/// meanwhile, as by another change; as [`Opening::replace`](crate::sessions::Opening::replace).
pub async fn change_password(
    app: &App,
    source: IpAddr,
    origin: Origin,
    who: &Arc<Session>,
    ask: ChangePassword,
) -> Result<(Secret, Me)> {
    if who.next.contains(&Next::SecondFactor) {
        return Err(Code::SecondFactorRequired.into());
    }
    // Whoever has not said who she is leaves no trace of her own.
    if who.next.first() == Some(&Next::ActingPerson) {
        return Err(Code::ActingPersonRequired.into());
    }
    let (current, typed) = (Secret::new(ask.current), Secret::new(ask.new));
    let account = proof::again(app, source, who, &current).await?;
    let password = passwords::accept(app, &account, &typed, Some(&current)).await?;
    let next: Vec<Next> = who.next.iter().copied().filter(|next| *next != Next::NewPassword).collect();
    let new = NewSession::after(app, who, &who.factors, &next);
    let now = app.clock.now();
    let (inner, old, kept) = (app.clone(), who.clone(), new.session.id);
    let opening = new.rows("accounts.change_password", &origin, now);
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            tx.let_stand(&old)?;
            tx.set_password(old.account, &password, now).await?;
            // Nothing that was asked for under the earlier one opens anything.
            tx.end_all_links(old.account, now).await?;
            opening.replace(&inner, tx, &old).await?;
            tx.end_sessions_of(&inner, old.account, Some(kept), "password_changed", now).await?;
            Notice::of(NoticeKind::PasswordChanged).tell(&inner, tx, old.account).await
        })
        .await?;
    Ok((new.token, me(app, &new.session).await?))
}

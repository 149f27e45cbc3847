//! Saying who of the roster acts: the last step of coming in with a shared account, and how another takes over.

use super::store;
use crate::app::App;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::rules::KnownRules;
use crate::sessions::{NewSession, Origin, Session};
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{ActAs, Code, Next};

/// Gives the session another token and one who acts; it is on what she posts.
///
/// # Errors
/// `second_factor_required`, `password_expired` while those steps are open; `not_found` for who is not on the roster; as
/// [`Opening::replace`](crate::sessions::Opening::replace).
pub async fn act_as(app: &App, origin: &Origin, who: &Arc<Session>, ask: ActAs) -> Result<(Secret, Session)> {
    match who.next.first() {
        Some(Next::SecondFactor) => return Err(Code::SecondFactorRequired.into()),
        Some(Next::NewPassword) => return Err(Code::PasswordExpired.into()),
        Some(Next::ActingPerson | Next::Rules) | None => {}
    }
    let is_asked = {
        let mut view = app.store.view().await?;
        let known = KnownRules::of(view.conn(), (who.account, who.kind), Some(ask.person)).await?;
        known.is_asked(&app.policies)?
    };
    let next: Vec<Next> = is_asked.then_some(Next::Rules).into_iter().collect();
    let new = NewSession::acting(app, who, ask.person, &next);
    let now = app.clock.now();
    let opening = new.rows("accounts.act_as", origin, now).about(ask.person.0);
    let (inner, old) = (app.clone(), who.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            tx.let_stand(&old)?;
            store::on_roster(tx.conn(), old.account, ask.person).await?.ok_or(Code::NotFound)?;
            opening.replace(&inner, tx, &old).await
        })
        .await?;
    Ok((new.token, new.session))
}

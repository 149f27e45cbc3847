//! The first sign-in: by a link that is good once, and with a password that only its holder knows (000§11(1)b).

use super::lacks::lacks;
use super::me::me;
use super::passwords;
use super::store::{self, AccountRow};
use crate::app::App;
use crate::crypto::secret::Secret;
use crate::crypto::tokens::{Purpose, TokenHash};
use crate::error::Result;
use crate::sessions::{NewSession, Origin};
use crate::store::Tx;
use std::net::IpAddr;
use tsumugi_protocol::{Code, Enter, Factor, Me, Millis, Next};

/// Spends the link, sets the password and opens a session.
///
/// # Errors
/// `rate_limited` for a place that keeps showing spent links; `link_spent` for a link that is unknown, used or too old; what
/// [`passwords::accept`] refuses; as [`NewSession::of`], and then the link is not spent.
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
    let password = passwords::accept(app, &account, &Secret::new(ask.password), None).await?;
    let mut next = lacks(app, &account, &origin.factors(&[Factor::Password])).await?;
    // It is being set.
    next.retain(|next| *next != Next::NewPassword);
    let factors = origin.factors(&[Factor::Link, Factor::Password]);
    let new = NewSession::of(app, &account, &origin, &factors, &next).await?;
    let (inner, opening) = (app.clone(), new.rows("accounts.enter", &origin, now));
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            // One conditional statement decides who was first.
            if !tx.spend_link(&link.0, account.id, now).await? {
                return Err(Code::LinkSpent.into());
            }
            tx.set_password(account.id, &password, now).await?;
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

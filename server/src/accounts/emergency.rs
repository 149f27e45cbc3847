//! Coming in from a device that is not in the ledger, on one's own declaration (004§10a): password and reason first, then the
//! mailed link with the password and every other factor. Nothing but the rule of devices is lifted.

use super::arrival::Arrival;
use super::link::{LinkPurpose, MailedLink, holder};
use super::me::shown;
use super::store;
use super::{AccountBody, proof};
use crate::app::App;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::exceptions::Own;
use crate::policy::Daily;
use crate::sessions::{NewSession, Origin};
use crate::store::Tx;
use std::net::IpAddr;
use tsumugi_protocol::{
    AccountState, Code, DeclareMyException, Done, EnterByException, Factor, Me, PersonKind,
};

/// † Declarations of one account in a day.
const MOST_A_DAY: u32 = 5;

/// Keeps why, and mails a link that is good once.
///
/// # Errors
/// `exception_reason_missing`, `bad_field`; `mail_not_configured`; `sign_in_failed` and as [`proof::password`]; after the right
/// password `account_suspended`, `exception_not_allowed` for who is not staff and where her rules know no such exception of hers,
/// and `daily_limit`.
pub async fn declare_exception(app: &App, source: IpAddr, ask: DeclareMyException) -> Result<Done> {
    let reason = Own::reason(&ask.reason)?;
    if app.outward.mail.is_none() {
        return Err(Code::MailNotConfigured.into());
    }
    let proven = proof::password(app, source, &ask.email, &Secret::new(ask.password)).await?;
    let (account, proven) = proven.ok_or(Code::SignInFailed)?;
    let declared = declared(app, &account, (ask.kind, reason)).await;
    proven.forgive(app).await?;
    declared
}

async fn declared(
    app: &App,
    account: &store::AccountRow,
    (kind, reason): (tsumugi_protocol::ExceptionKind, String),
) -> Result<Done> {
    if account.state == AccountState::Suspended {
        return Err(Code::AccountSuspended.into());
    }
    if account.kind != PersonKind::Staff {
        return Err(Code::ExceptionNotAllowed.into());
    }
    let own = {
        let mut view = app.store.view().await?;
        let places = store::affiliations(view.conn(), account.id).await?;
        Own::of(app, &places, (kind, reason))?
    };
    let link = MailedLink::of(app, LinkPurpose::Exception);
    let (inner, account, now) = (app.clone(), account.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let since = now.before(Daily::SPAN);
            let done = store::links_since(tx.conn(), account.id, LinkPurpose::Exception, since).await?;
            Daily::let_one_more(done, MOST_A_DAY)?;
            own.write(&inner, tx, account.id, &link.hash().0, now).await?;
            link.send(&inner, tx, &account, now).await?;
            Ok(Done {})
        })
        .await
}

/// Spends the link and opens a session that is marked and ends with the exception.
///
/// # Errors
/// `rate_limited`, `link_spent`; `sign_in_failed` and as [`proof::password`], and then the link is not spent;
/// `account_suspended`; as [`NewSession::of`] for every rule but the one of devices.
pub async fn enter_by_exception(
    app: &App,
    source: IpAddr,
    origin: Origin,
    ask: EnterByException,
) -> Result<(Secret, Me)> {
    let (link, account) = holder(app, source, &ask.link, LinkPurpose::Exception).await?;
    let email = AccountBody::of(app, account.id).await?.email;
    let typed = Secret::new(ask.password);
    let (account, proven) = proof::password(app, source, &email, &typed).await?.ok_or(Code::SignInFailed)?;
    let opened = opened(app, account, &link.0, &origin).await;
    proven.forgive(app).await?;
    opened
}

async fn opened(app: &App, account: store::AccountRow, link: &[u8], origin: &Origin) -> Result<(Secret, Me)> {
    if account.state == AccountState::Suspended {
        return Err(Code::AccountSuspended.into());
    }
    let (id, set_at, now) = (account.id, account.password_set_at, app.clock.now());
    let waiting = {
        let mut view = app.store.view().await?;
        Own::waiting(view.conn(), id, link).await?
    };
    let origin = Origin { exception: Some(waiting), ..origin.clone() };
    let (new, me) = {
        let mut view = app.store.view().await?;
        let arrival = Arrival::of(view.conn(), account).await?;
        let factors = origin.factors(&[Factor::Link, Factor::Password]);
        let next = arrival.lacks(app, &factors)?;
        let new = NewSession::of(app, view.conn(), &arrival, &origin, (&factors, next)).await?;
        let me = shown(app, view.conn(), &new.session, (&arrival.account, &arrival.places)).await?;
        (new, me)
    };
    let opening =
        new.rows("accounts.enter_by_exception", &origin, now).about(waiting.0).while_password_is_of(set_at);
    let (inner, hash) = (app.clone(), link.to_vec());
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            if !tx.spend_link(&hash, id, LinkPurpose::Exception, now).await? {
                return Err(Code::LinkSpent.into());
            }
            opening.come_in(&inner, tx).await?;
            Own::confirm(&inner, tx, (id, waiting), now).await
        })
        .await?;
    Ok((new.token, me))
}

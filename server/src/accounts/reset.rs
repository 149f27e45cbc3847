//! A new password by a link. It opens no session, and it leaves a lock as it is: it is no way around either.

use super::enter::check_strength;
use super::link::{LinkPurpose, MailedLink, holder};
use super::store;
use crate::app::App;
use crate::audit::Entry;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::notices::Notice;
use crate::posts::Text;
use crate::sessions::Session;
use crate::store::Tx;
use std::net::IpAddr;
use tsumugi_protocol::{AdminReset, Code, Done, NoticeKind, Refusal, Reset, limits};

/// Spends the link, sets the password, and ends every session of the account.
///
/// # Errors
/// `rate_limited`, `link_spent`; `password_too_weak`; `too_large`.
pub async fn reset(app: &App, source: IpAddr, ask: Reset) -> Result<Done> {
    let (link, account) = holder(app, source, &ask.link, LinkPurpose::Reset).await?;
    check_strength(app, &ask.password)?;
    let password = app.passwords.hash(&Secret::new(ask.password)).await?;
    let (inner, account, now) = (app.clone(), account.id, app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let stands = store::account(tx.conn(), account).await?.is_some_and(|account| account.is_active);
            // One conditional statement decides who was first.
            if !stands || !tx.spend_link(&link.0, account, LinkPurpose::Reset, now).await? {
                return Err(Code::LinkSpent.into());
            }
            tx.set_password(account, &password).await?;
            let ended = tx.end_sessions_of(&inner, account, None, "password_reset", now).await?;
            let entry = Entry {
                at: now,
                act: "accounts.reset",
                account: Some(account),
                detail: Some(format!(r#"{{"ended":{ended}}}"#)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Notice::of(NoticeKind::PasswordChanged).tell(&inner, tx, account).await?;
            Ok(Done {})
        })
        .await
}

/// Has a link mailed to somebody of the administrator's own office; she never sees it, nor any password.
///
/// # Errors
/// `bad_field` for a reason that is none; `mail_not_configured`; `other_office`.
pub async fn admin_reset(app: &App, who: &Session, ask: AdminReset) -> Result<Done> {
    if Text::short(&ask.reason, limits::AIM_CHARS).is_none() {
        return Err(Refusal::new(Code::BadField).with("field", "reason").into());
    }
    if app.outward.mail.is_none() {
        return Err(Code::MailNotConfigured.into());
    }
    let (inner, admin, session, now) = (app.clone(), who.account, who.id, app.clock.now());
    let (first, again) = (MailedLink::of(app, LinkPurpose::First), MailedLink::of(app, LinkPurpose::Reset));
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            if !store::administers(tx.conn(), admin, ask.account).await? {
                return Err(Code::OtherOffice.into());
            }
            let account = store::account(tx.conn(), ask.account).await?.filter(|account| account.is_active);
            let account = account.ok_or(Code::OtherOffice)?;
            let link = if account.password_hash.is_some() { &again } else { &first };
            link.send(&inner, tx, &account, Some(ask.reason.clone()), now).await?;
            let entry = Entry {
                at: now,
                act: "accounts.admin_reset",
                account: Some(admin),
                session: Some(session),
                subject: Some(account.id.0),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Notice::of(NoticeKind::PasswordResetAsked).on_screen_only().tell(&inner, tx, account.id).await?;
            Ok(Done {})
        })
        .await
}

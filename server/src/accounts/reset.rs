//! A new password by a link. It opens no session, and it leaves a lock as it is: it is no way around either.

use super::link::{LinkPurpose, holder};
use super::overseeing::{Doing, Facts};
use super::reasons::Reason;
use super::renewal::NextLink;
use super::{passwords, store};
use crate::app::App;
use crate::audit::Entry;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::Tx;
use std::net::IpAddr;
use std::sync::Arc;
use tsumugi_protocol::{AdminReset, Code, Done, NoticeKind, Reset};

/// Spends the link, sets the password, and ends every session of the account.
///
/// # Errors
/// `rate_limited`, `link_spent`; what [`passwords::accept`] refuses.
pub async fn reset(app: &App, source: IpAddr, ask: Reset) -> Result<Done> {
    let (link, account) = holder(app, source, &ask.link, LinkPurpose::Reset).await?;
    let password = passwords::accept(app, &account, &Secret::new(ask.password), None).await?;
    let (inner, account, now) = (app.clone(), account.id, app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let stands = store::account(tx.conn(), account).await?.is_some_and(|account| account.is_active);
            // One conditional statement decides who was first.
            if !stands || !tx.spend_link(&link.0, account, LinkPurpose::Reset, now).await? {
                return Err(Code::LinkSpent.into());
            }
            tx.set_password(account, &password, now).await?;
            tx.end_all_links(account, now).await?;
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
/// `mail_not_configured`; as [`Facts::decide`]; `reason_missing`; `account_suspended` for one that no link would let in;
/// `account_restricted`.
pub async fn admin_reset(app: &App, who: &Arc<Session>, ask: AdminReset) -> Result<Done> {
    who.let_write()?;
    if app.outward.mail.is_none() {
        return Err(Code::MailNotConfigured.into());
    }
    {
        let mut view = app.store.view().await?;
        Facts::of(app, view.conn(), who.account, ask.account).await?.decide(Doing::Reset)?;
    }
    let reason = Reason::of(app, ask.account, &ask.reason).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    let link = NextLink::of(app);
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            Facts::of(&inner, tx.conn(), who.account, ask.account).await?.decide(Doing::Reset)?;
            let account = store::account(tx.conn(), ask.account).await?.ok_or(Code::NotFound)?;
            link.send(&inner, tx, &account, now).await?;
            reason.write(tx, Some(who.account), "accounts.admin_reset", now).await?;
            let entry = Entry {
                at: now,
                act: "accounts.admin_reset",
                account: Some(who.account),
                session: Some(who.id),
                subject: Some(account.id.0),
                detail: Some(reason.detail()),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            Notice::of(NoticeKind::PasswordResetAsked).on_screen_only().tell(&inner, tx, account.id).await?;
            Ok(Done {})
        })
        .await
}

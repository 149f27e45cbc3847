//! A new e-mail address: asked for with a fresh proof, and changed by the link that arrives there.

use super::link::{LinkBody, LinkPlace, LinkPurpose, MailedLink, holder};
use super::{AccountBody, Address, store};
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::Body;
use crate::crypto::seal;
use crate::error::Result;
use crate::notices::Notice;
use crate::patients::ConfirmationEnd;
use crate::sessions::Session;
use crate::store::Tx;
use std::net::IpAddr;
use std::sync::Arc;
use tsumugi_protocol::{ChangeEmail, Code, ConfirmEmail, Done, NoticeKind, Refusal};

/// Sends a link to the new address, and word of that to the one there is; whether the new one is taken is not told before its
/// holder has shown that it is hers.
///
/// # Errors
/// `not_while_shared`; `mail_not_configured`; `bad_field`; `step_up_required`.
pub async fn change_email(app: &App, who: &Arc<Session>, ask: ChangeEmail) -> Result<Done> {
    who.let_keep()?;
    if app.outward.mail.is_none() {
        return Err(Code::MailNotConfigured.into());
    }
    let to = Address::read(&ask.email).ok_or(Refusal::new(Code::BadField).with("field", "email"))?;
    app.passkeys.fresh.require(who, app.clock.now())?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    let link = MailedLink::of(app, LinkPurpose::Email);
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let account = store::account(tx.conn(), who.account).await?.ok_or(Code::NotFound)?;
            link.send_to(&inner, tx, &account, to.clone(), now).await?;
            let entry = Entry {
                at: now,
                act: "accounts.change_email",
                account: Some(who.account),
                session: Some(who.id),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            // Where she is still reached: whoever asks may not be her.
            Notice::of(NoticeKind::EmailChangeAsked).tell(&inner, tx, who.account).await?;
            Ok(Done {})
        })
        .await
}

/// Spends the link and changes the address: what the account is found by and what its row says, in one act.
///
/// # Errors
/// `rate_limited`, `link_spent`; `email_in_use`.
pub async fn confirm_email(app: &App, source: IpAddr, ask: ConfirmEmail) -> Result<Done> {
    let (link, account) = holder(app, source, &ask.link, LinkPurpose::Email).await?;
    let (inner, id, now) = (app.clone(), account.id, app.clock.now());
    let key = app.keys.ready(seal::key_of(&account.sealed)?).await?;
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let row = store::account(tx.conn(), id).await?.filter(|account| account.is_active);
            let row = row.ok_or(Code::LinkSpent)?;
            let carried = store::sealed_of_link(tx.conn(), &link.0).await?.ok_or(Code::LinkSpent)?;
            let new = LinkBody::open(&key, LinkPlace::of(&link), &carried)?.email;
            let hash = AccountBody::found_by(&inner, &new);
            if store::account_by_email(tx.conn(), hash.as_bytes()).await?.is_some_and(|other| other.id != id)
            {
                return Err(Code::EmailInUse.into());
            }
            if !tx.spend_link(&link.0, id, LinkPurpose::Email, now).await? {
                return Err(Code::LinkSpent.into());
            }
            let mut body = AccountBody::open(&key, id, &row.sealed)?;
            let old = std::mem::replace(&mut body.email, new);
            tx.set_email(id, hash.as_bytes(), &body.sealed(&key, id)?).await?;
            // Whom staff saw may not be who holds the new address (002-gl5).
            for place in store::affiliations(tx.conn(), id).await? {
                if tx.end_confirmation(place.id, ConfirmationEnd::NewAddress, now).await? > 0 {
                    tx.mark_card(&inner, place.id, None, now).await?;
                    Notice::of(NoticeKind::ConfirmationEnded).tell(&inner, tx, id).await?;
                }
            }
            // A link to a new password that went to the old address is no way in any more.
            tx.end_links(id, LinkPurpose::Reset, now).await?;
            let entry =
                Entry { at: now, act: "accounts.confirm_email", account: Some(id), ..Entry::default() };
            inner.audit.append(tx, &entry).await?;
            let changed = Notice::of(NoticeKind::EmailChanged);
            let changed = Address::read(&old).into_iter().fold(changed, Notice::also_to);
            changed.tell(&inner, tx, id).await?;
            Ok(Done {})
        })
        .await
}

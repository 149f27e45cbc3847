//! The first sign-in: by a link that is good once, and with a password that only its holder knows (000§11(1)b).

use super::arrival::Arrival;
use super::link::{LinkPurpose, holder};
use super::me::me;
use super::passwords;
use crate::app::App;
use crate::crypto::secret::Secret;
use crate::crypto::tokens::Purpose;
use crate::enrolments;
use crate::error::{Failure, Result};
use crate::sessions::{NewSession, Origin};
use crate::store::Tx;
use std::net::IpAddr;
use tsumugi_protocol::{Code, Enter, Factor, Me, Next, Refusal};

/// Spends the link, sets the password and opens a session.
///
/// # Errors
/// `rate_limited` for a place that keeps showing spent links; `link_spent` for a link that is unknown, used or too old, and
/// `invitation_expired` where it was the invitation of one of a new office's first people (003§guide-①2a);
/// `terms_not_accepted`; what [`passwords::accept`] refuses; as [`NewSession::of`], and then the link is not spent.
pub async fn enter(app: &App, source: IpAddr, origin: Origin, ask: Enter) -> Result<(Secret, Me)> {
    let (link, account) = match holder(app, source, &ask.link, LinkPurpose::First).await {
        Err(Failure::Refused(refusal)) if refusal.code == Code::LinkSpent => {
            return Err(why_not(app, &ask.link).await?.into());
        }
        found => found?,
    };
    let arrival = {
        let mut view = app.store.view().await?;
        Arrival::of(view.conn(), account).await?
    };
    let id = arrival.account.id;
    // Of the rules of her regions.
    let terms = app.policies.terms_version(arrival.profiles());
    if ask.terms.as_ref() != Some(&terms) {
        return Err(Refusal::new(Code::TermsNotAccepted).with("version", terms).into());
    }
    let now = app.clock.now();
    let password = passwords::accept(app, &arrival.account, &Secret::new(ask.password), None).await?;
    let mut next = arrival.lacks(app, &origin.factors(&[Factor::Password]))?;
    // It is being set; and the terms that she accepts are the rules as they stand.
    next.retain(|next| *next != Next::NewPassword && *next != Next::Rules);
    let known = arrival.known_rules().clone();
    let factors = origin.factors(&[Factor::Link, Factor::Password]);
    let new = {
        let mut view = app.store.view().await?;
        NewSession::of(app, view.conn(), &arrival, &origin, (&factors, next)).await?
    };
    let (inner, opening) = (app.clone(), new.rows("accounts.enter", &origin, now));
    app.store
        .act(async move |tx: &mut Tx| -> Result<()> {
            // One conditional statement decides who was first.
            if !tx.spend_link(&link.0, id, LinkPurpose::First, now).await? {
                return Err(Code::LinkSpent.into());
            }
            tx.set_password(id, &password, now).await?;
            tx.set_terms(id, &terms, now).await?;
            known.accept_all(&inner, tx, id, now).await?;
            opening.write(&inner, tx).await
        })
        .await?;
    Ok((new.token, me(app, &new.session).await?))
}

/// Why a link is good no more.
async fn why_not(app: &App, shown: &str) -> Result<Code> {
    let Some(link) = app.tokens.recognise(Purpose::Link, shown) else { return Ok(Code::LinkSpent) };
    let mut view = app.store.view().await?;
    let is_lapsed = enrolments::store::is_lapsed_invitation(view.conn(), &link.0, app.clock.now()).await?;
    Ok(if is_lapsed { Code::InvitationExpired } else { Code::LinkSpent })
}

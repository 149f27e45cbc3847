//! Saying no to an invitation: the invitee's own judgement (000-note(3)b).

use super::{Act, By, Parting, Standing};
use crate::accounts::{DisplayName, Reason};
use crate::app::App;
use crate::bodies::{Body, FORMAT};
use crate::error::Result;
use crate::invitations::{AnswerBody, store as invitations};
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{DeclineRoom, Done, InvitationState, NoticeKind};

/// Declines it; whoever proposed her is told, and why, if she said so.
///
/// # Errors
/// `not_found`, the same where there is no invitation; `invitation_decided` for whoever is in the room; `bad_field`;
/// `account_restricted`.
pub async fn decline(app: &App, who: &Arc<Session>, ask: DeclineRoom) -> Result<Done> {
    let reason =
        ask.reason.as_deref().filter(|text| !text.trim().is_empty()).map(Reason::read).transpose()?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let standing = Standing::in_the_act(tx, &who, ask.room, Act::Decline).await?;
            if let Some(row) = invitations::waiting_for(tx.conn(), ask.room, who.account).await? {
                let key = standing.opened_key(&inner).await?;
                let said = reason.clone().map(|reason| AnswerBody { v: FORMAT, reason });
                let answer = said.map(|said| said.sealed(&key, row.id)).transpose()?;
                tx.end_invitation(row.id, InvitationState::Declined, answer.as_deref(), now).await?;
                let card = inner.cards.one(&inner, tx.conn(), standing.membership.card).await?;
                let name = DisplayName { name: &card.name, office: card.office.as_deref() };
                let notice = Notice::of(NoticeKind::InvitationDeclined).naming(name.to_string());
                notice.tell(&inner, tx, row.proposed_by).await?;
            }
            tx.part(&inner, (standing, who.account), Parting::Declined, By::of(&who), now).await?;
            Ok(Done {})
        })
        .await
}

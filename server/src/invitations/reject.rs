//! Rejecting a proposal: never without a reason, and whoever proposed her reads it (000§8d).

use super::rules::{Facts, Step, decide};
use super::{AnswerBody, at_the_door, entry};
use crate::accounts::{DisplayName, Reason};
use crate::app::App;
use crate::bodies::{Body, FORMAT};
use crate::error::Result;
use crate::notices::Notice;
use crate::rooms::Steering;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Done, InvitationState, NoticeKind, RejectInvitation};

/// Rejects it. Rejected already, nothing changes.
///
/// # Errors
/// `reason_missing`, `bad_field`; `not_found`; as [`decide`]; `account_restricted`.
pub async fn reject(app: &App, who: &Arc<Session>, ask: RejectInvitation) -> Result<Done> {
    let reason = Reason::read(&ask.reason)?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let (row, _) = at_the_door(tx.conn(), &who, ask.invitation).await?;
            let steering = Steering::in_the_act(tx, &who, row.room).await?;
            let facts = Facts {
                state: row.state,
                until: row.until,
                runs_it: steering.is_run_by(who.account),
                is_hers: row.proposed_by == who.account,
            };
            if decide(facts, Step::Reject, now).map_err(|code| steering.told(code))?.is_none() {
                return Ok(Done {});
            }
            let key = steering.opened_key(&inner).await?;
            let answer = AnswerBody { v: FORMAT, reason: reason.clone() }.sealed(&key, row.id)?;
            tx.end_invitation(row.id, InvitationState::Rejected, Some(&answer), now).await?;
            inner.audit.append(tx, &entry(("invitations.reject", now), &who, &steering, &row)).await?;
            if row.proposed_by != who.account {
                let place = crate::accounts::store::place(tx.conn(), row.affiliation).await?;
                let mut notice = Notice::of(NoticeKind::InvitationRejected);
                if let Some(place) = place {
                    let card = inner.cards.one(&inner, tx.conn(), place.card).await?;
                    let name = DisplayName { name: &card.name, office: card.office.as_deref() };
                    notice = notice.naming(name.to_string());
                }
                notice.tell(&inner, tx, row.proposed_by).await?;
            }
            Ok(Done {})
        })
        .await
}

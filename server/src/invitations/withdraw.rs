//! Taking a proposal or an invitation back, by whoever proposed her or an administrator.

use super::rules::{Facts, Step, decide};
use super::{at_the_door, entry};
use crate::app::App;
use crate::error::Result;
use crate::rooms::{By, Parting, Steering, store as rooms};
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Done, InvitationState, MemberState, WhichInvitation};

/// Takes it back; an invitation is gone from her list. Taken back already, nothing changes.
///
/// # Errors
/// `not_found`; as [`decide`]; `account_restricted`.
pub async fn withdraw(app: &App, who: &Arc<Session>, ask: WhichInvitation) -> Result<Done> {
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
            if decide(facts, Step::Withdraw, now).map_err(|code| steering.told(code))?.is_none() {
                return Ok(Done {});
            }
            tx.end_invitation(row.id, InvitationState::Withdrawn, None, now).await?;
            inner.audit.append(tx, &entry(("invitations.withdraw", now), &who, &steering, &row)).await?;
            let invited = rooms::standing(tx.conn(), row.account, row.room).await?;
            if let Some(standing) = invited.filter(|one| one.membership.state == MemberState::Invited) {
                tx.part(&inner, (standing, row.account), Parting::Withdrawn, By::of(&who), now).await?;
            }
            Ok(Done {})
        })
        .await
}

//! Who is proposed for a room, or invited to it, with all that is weighed before approving (002-3.2(1)b).

use super::store::{self, InvitationRow};
use super::{AnswerBody, InvitationBody};
use crate::accounts::{self, Completeness};
use crate::app::App;
use crate::bodies::Body;
use crate::crypto::seal::Key;
use crate::error::{Fault, Result};
use crate::rooms::Steering;
use crate::sessions::Session;
use crate::store::Conn;
use tsumugi_protocol::{AccountId, Invitation, InvitationList, InvitationState, WhichRoom};

/// Those that wait for everybody of the room; what came to an end for those who decide and whoever proposed it.
///
/// # Errors
/// `not_found`, `invitation_open`.
pub async fn list(app: &App, who: &Session, ask: WhichRoom) -> Result<InvitationList> {
    let mut view = app.store.view().await?;
    let steering = Steering::at_the_door(view.conn(), who, ask.room).await?;
    InvitationBody::all_of(app, view.conn(), &steering, who.account).await
}

impl InvitationBody {
    /// The invitations to a room as somebody sees them whose door it is.
    ///
    /// # Errors
    /// When rows cannot be read or opened.
    pub async fn all_of(
        app: &App,
        conn: &mut Conn,
        steering: &Steering,
        who: AccountId,
    ) -> Result<InvitationList> {
        let key = steering.opened_key(app).await?;
        let sees_all = steering.is_run_by(who);
        let mut invitations = Vec::new();
        for row in store::of_room(conn, steering.room).await? {
            if sees_all || row.proposed_by == who || is_waiting(row.state) {
                invitations.push(shown(app, conn, &key, row).await?);
            }
        }
        Ok(InvitationList { invitations, may_decide: sees_all })
    }
}

fn is_waiting(state: InvitationState) -> bool {
    match state {
        InvitationState::Proposed | InvitationState::Approved => true,
        InvitationState::Accepted
        | InvitationState::Rejected
        | InvitationState::Withdrawn
        | InvitationState::Declined
        | InvitationState::Lapsed => false,
    }
}

async fn shown(app: &App, conn: &mut Conn, key: &Key, row: InvitationRow) -> Result<Invitation> {
    let place = accounts::store::place(conn, row.affiliation).await?;
    let place = place.ok_or_else(|| Fault::noticed("finding the place of an invitation"))?;
    let body = InvitationBody::open(key, row.id, &row.sealed)?;
    let answer = row.answer.map(|sealed| AnswerBody::open(key, row.id, &sealed)).transpose()?;
    Ok(Invitation {
        invitation: row.id,
        room: row.room,
        person: (*app.cards.one(app, conn, place.card).await?).clone(),
        lacks: Completeness::of(app, conn, place.card).await?.lacks(),
        by: (*app.cards.one(app, conn, row.proposed_as).await?).clone(),
        involvement: body.involvement,
        message: body.message,
        history: row.history,
        state: row.state,
        proposed_at: row.proposed_at,
        until: row.until,
        reason: answer.map(|answer| answer.reason),
    })
}

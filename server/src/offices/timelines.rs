//! The timelines that an office is steward of, for its administrators: whose they are, who is in them and who is proposed; nothing
//! of what is written there (000§8a).

use super::running::Running;
use crate::app::App;
use crate::bodies;
use crate::error::Result;
use crate::invitations::InvitationBody;
use crate::patients::PatientBody;
use crate::rooms;
use crate::sessions::Session;
use crate::store::{Conn, View};
use std::sync::Arc;
use tsumugi_protocol::{
    InvitationState, Member, MemberState, RoomId, RoomState, TimelineList, TimelineSeen, WhichOffice,
};

/// Them, in the order of the patients' reading.
///
/// # Errors
/// `office_admin_only`; `other_office` for an office one is not an admin of, there or not.
pub async fn list_timelines(app: &App, who: &Arc<Session>, ask: WhichOffice) -> Result<TimelineList> {
    let mut view: View = app.store.view().await?;
    let conn = view.conn();
    Running::of(conn, who.account, Some(ask.office)).await?.decide()?;
    let now = app.clock.now();
    let mut timelines = Vec::new();
    for (room, kind, state, id, sealed) in rooms::store::timelines_of(conn, ask.office).await? {
        let Some(steering) = rooms::store::steering(conn, who.account, room).await? else { continue };
        let mut proposed = InvitationBody::all_of(app, conn, &steering, who.account).await?.invitations;
        proposed.retain(|one| one.state == InvitationState::Proposed);
        let longest = steering.rules(app)?.silent_span();
        let is_silent = state == RoomState::Active && now.since(steering.head.active_at) >= longest;
        timelines.push(TimelineSeen {
            room,
            kind,
            state,
            patient: bodies::open::<PatientBody>(app, id, &sealed).await?.shown(id),
            members: belonging(app, conn, room).await?,
            proposed,
            silent_since: is_silent.then_some(steering.head.active_at),
        });
    }
    timelines.sort_by_cached_key(|one| (PatientBody::order(&one.patient), one.patient.id, one.room));
    Ok(TimelineList { timelines })
}

async fn belonging(app: &App, conn: &mut Conn, room: RoomId) -> Result<Vec<Member>> {
    let mut members = Vec::new();
    for row in rooms::store::members(conn, room).await? {
        if row.state != MemberState::Left {
            let card = (*app.cards.one(app, conn, row.card).await?).clone();
            members.push(Member { card, state: row.state, from_position: row.from_position });
        }
    }
    Ok(members)
}

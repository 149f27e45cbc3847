//! Accepting an invitation: the invitee's own judgement (000-note(3)b).

use super::{Act, By, RoomBody, Standing};
use crate::accounts::{self, Completeness};
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::invitations::store as invitations;
use crate::live::{self, Announcement};
use crate::offices;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{
    AcceptRoom, Code, Event, History, InvitationState, Member, MemberState, Position, RoomKind, RoomMade,
    RoomState,
};

/// Makes the invited person a member; a connection becomes active with it. Accepting again changes nothing.
///
/// # Errors
/// `not_found`, also for whoever the steward bars from its timelines meanwhile; `profile_incomplete` where the region asks for
/// more than her profile has (003-note(3)e); `invitee_profile_incomplete` where the room does (002-2.1S6);
/// `own_judgement_missing` for a timeline that she does not say she takes part in; `invitation_expired`; `consent_missing` for
/// whoever is of another office than the steward's while the patient has not consented (002-5.1).
pub async fn accept(app: &App, who: &Arc<Session>, ask: AcceptRoom) -> Result<RoomMade> {
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<RoomMade> {
            let standing = Standing::in_the_act(tx, &who, ask.room, Act::Accept).await?;
            if standing.membership.state == MemberState::Member {
                return Ok(RoomMade { room: ask.room, state: standing.state, change: standing.head.change });
            }
            if let Some(steward) = standing.steward
                && offices::store::barred_since(tx.conn(), steward, who.account).await?.is_some()
            {
                return Err(Code::NotFound.into());
            }
            let invitation = invitations::waiting_for(tx.conn(), ask.room, who.account).await?;
            if invitation.as_ref().is_some_and(|row| now >= row.until) {
                return Err(Code::InvitationExpired.into());
            }
            if is_about_a_patient(standing.kind) && !ask.takes_part {
                return Err(Code::OwnJudgementMissing.into());
            }
            let_join(&inner, tx, (&who, &standing)).await?;
            let mut head = standing.head;
            head.change = head.change.next();
            head.member_version += 1;
            head.active_at = now;
            // What was written before was confirmed for other readers: she reads from here on, unless an administrator approved
            // that she reads all of it.
            let from_position = match invitation.as_ref().map(|row| row.history) {
                Some(History::FromStart) => Position(1),
                Some(History::FromJoining) | None => head.last_position.next(),
            };
            let card = inner.cards.one(&inner, tx.conn(), standing.membership.card).await?;
            tx.accept_member(ask.room, who.account, from_position, head.change, now).await?;
            if let Some(row) = &invitation {
                tx.end_invitation(row.id, InvitationState::Accepted, None, now).await?;
            }
            let state = match standing.kind {
                RoomKind::Connection => RoomState::Active,
                RoomKind::TimelineStaff | RoomKind::TimelineWithRecipient | RoomKind::FreeGroup => {
                    standing.state
                }
            };
            if standing.kind == RoomKind::Connection {
                tx.set_room_state(ask.room, state).await?;
            }
            tx.move_head(ask.room, head);
            let entry = Entry {
                at: now,
                act: "rooms.accept",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(standing.region),
                room: Some(ask.room),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            let member = Member { card: (*card).clone(), state: MemberState::Member, from_position };
            let (settling, inner) = (inner.clone(), inner.clone());
            let (account, change) = (who.account, head.change);
            tx.tell(move || {
                inner.live.join(ask.room, account);
                let frame = live::encode(&Event::MemberChanged { room: ask.room, change, member });
                let told = inner.live.announce(&Announcement { room: ask.room, change, frame });
                told.and(inner.live.tell(account, None, &live::encode(&Event::RoomAdded { room: ask.room })))
            });
            let settled = tx.settle_timeline(&settling, ask.room, By::of(&who), now).await?;
            let (state, change) = settled.unwrap_or((state, change));
            Ok(RoomMade { room: ask.room, state, change })
        })
        .await
}

fn is_about_a_patient(kind: RoomKind) -> bool {
    match kind {
        RoomKind::TimelineStaff | RoomKind::TimelineWithRecipient => true,
        RoomKind::FreeGroup | RoomKind::Connection => false,
    }
}

async fn let_join(app: &App, tx: &mut Tx, (who, standing): (&Session, &Standing)) -> Result<()> {
    let profile = Completeness::of(app, tx.conn(), standing.membership.card).await?;
    let rules = standing.rules(app)?;
    profile.let_in(&rules)?;
    if is_about_a_patient(standing.kind) {
        let places = accounts::store::affiliations(tx.conn(), who.account).await?;
        let hers = places.iter().find(|place| place.id == standing.membership.affiliation);
        let office = hers.and_then(|place| place.office);
        standing.sharing.let_join(&rules, office.is_some() && office != standing.steward)?;
    }
    let asked = RoomBody::asked_of_members(app, tx.conn(), (standing.room, standing.kind), &rules).await?;
    Ok(profile.let_join(&asked)?)
}

//! Approving a proposal: one person for one room, after everything about her was on the screen (002-3.2(1)b, 004§7g).

use super::rules::{Facts, Step, decide};
use super::store::InvitationRow;
use super::{at_the_door, entry};
use crate::accounts::{self, Completeness};
use crate::app::App;
use crate::consents::Sharing;
use crate::error::Result;
use crate::live::{self, Announcement};
use crate::notices::Notice;
use crate::offices;
use crate::policy::Profile;
use crate::rooms::store::NewMember;
use crate::rooms::{self, RoomBody, Steering};
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{
    ApproveInvitation, CardId, Code, Done, Doubt, Event, Member, MemberState, NoticeKind, OfficeId, Position,
    Refusal,
};

/// Approves it; she sees that she is invited, and nothing of the room. Approved already, nothing changes.
///
/// # Errors
/// `not_found`; as [`decide`]; `profile_incomplete`, `invitee_profile_incomplete` with what is missing; `large_group` until that
/// is acknowledged; `not_for_yourself` for whoever would bring herself in; `account_restricted`.
pub async fn approve(app: &App, who: &Arc<Session>, ask: ApproveInvitation) -> Result<Done> {
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
            if decide(facts, Step::Approve, now).map_err(|code| steering.told(code))?.is_none() {
                return Ok(Done {});
            }
            steering.let_grow()?;
            if row.account == who.account && row.proposed_by == who.account {
                return Err(Code::NotForYourself.into());
            }
            let rules = steering.rules(&inner)?;
            let (card, office) = still_there(tx.conn(), &steering, &row).await?;
            Sharing::let_invite(tx.conn(), (&steering, &rules), office).await?;
            let kind = inner.cards.one(&inner, tx.conn(), card).await?.kind;
            steering.let_admit(&who, kind)?;
            let_come(&inner, tx.conn(), (&steering, &rules), card).await?;
            let doubts = doubts(tx.conn(), (&steering, &rules), &ask.acknowledged).await?;
            let until = now.plus(rules.invitation_span());
            tx.approve_invitation(row.id, who.account, doubts, (now, until)).await?;
            invite(&inner, tx, &steering, (&row, card)).await?;
            inner.audit.append(tx, &entry(("invitations.approve", now), &who, &steering, &row)).await?;
            let notice = Notice::of(NoticeKind::Invited);
            let office = steering.office_name(&inner, tx.conn()).await?;
            office.into_iter().fold(notice, Notice::naming).tell(&inner, tx, row.account).await?;
            Ok(Done {})
        })
        .await
}

/// The card of the place she would be in the room for, and its office, where the place stands and she is not kept out meanwhile.
async fn still_there(
    conn: &mut Conn,
    steering: &Steering,
    row: &InvitationRow,
) -> Result<(CardId, Option<OfficeId>)> {
    let place = accounts::store::place(conn, row.affiliation).await?;
    let place = place.filter(|place| !place.has_ended).ok_or(Code::InvitationDecided)?;
    let account = accounts::store::account(conn, row.account).await?;
    if !account.is_some_and(|account| account.is_active) {
        return Err(Code::InvitationDecided.into());
    }
    if let Some(office) = steering.office.filter(|_| steering.is_timeline())
        && offices::store::barred_since(conn, office, row.account).await?.is_some()
    {
        return Err(Code::InvitationDecided.into());
    }
    Ok((place.card, place.office))
}

/// What the region, and the room, ask of a profile is asked before the approval (002-2.1S6).
async fn let_come(
    app: &App,
    conn: &mut Conn,
    (steering, rules): (&Steering, &Profile),
    card: CardId,
) -> Result<()> {
    let profile = Completeness::of(app, conn, card).await?;
    profile.let_in(rules)?;
    let asked = RoomBody::asked_of_members(app, conn, (steering.room, steering.kind), rules).await?;
    Ok(profile.let_join(&asked)?)
}

/// What is to be thought about, as the row keeps it once it was.
async fn doubts(
    conn: &mut Conn,
    (steering, rules): (&Steering, &Profile),
    acknowledged: &[Doubt],
) -> Result<Option<&'static str>> {
    let (many, limit) = (rooms::store::how_many_belong(conn, steering.room).await? + 1, rules.large_group.0);
    match (many > i64::from(limit), acknowledged.contains(&Doubt::LargeGroup)) {
        (false, _) => Ok(None),
        (true, true) => Ok(Some(Doubt::LargeGroup.as_str())),
        (true, false) => Err(Refusal::new(Code::LargeGroup).with("count", many).with("limit", limit).into()),
    }
}

/// She is invited from now on; those in the room see it.
async fn invite(
    app: &App,
    tx: &mut Tx,
    steering: &Steering,
    (row, card): (&InvitationRow, CardId),
) -> Result<()> {
    let mut head = steering.head;
    head.change = head.change.next();
    head.member_version += 1;
    let new = NewMember {
        account: row.account,
        affiliation: row.affiliation,
        card,
        state: MemberState::Invited,
        invited_by: Some(row.proposed_by),
    };
    tx.invite_member(steering.room, &new, head.change, app.clock.now()).await?;
    tx.move_head(steering.room, head);
    let card = app.cards.one(app, tx.conn(), card).await?;
    let member = Member { card: (*card).clone(), state: MemberState::Invited, from_position: Position(1) };
    let (inner, room, change, account) = (app.clone(), steering.room, head.change, row.account);
    tx.tell(move || {
        let frame = live::encode(&Event::MemberChanged { room, change, member });
        let told = inner.live.announce(&Announcement { room, change, frame });
        told.and(inner.live.tell(account, None, &live::encode(&Event::RoomAdded { room })))
    });
    Ok(())
}

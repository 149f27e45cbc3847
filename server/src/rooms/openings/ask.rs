//! Asking a physician for a timeline that waits for one, once more or another one.

use super::open::physician;
use super::rules::Approval;
use super::store::{self, OpeningRow};
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::notices::Notice;
use crate::rooms::store::{self as rooms, NewMember};
use crate::rooms::{By, Parting, Steering};
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{
    AccountId, AskPhysician, Code, Done, MemberState, Millis, NoticeKind, Refusal, RoomState,
};

/// Asks her; whoever was asked before and has not joined is asked no more. Asked already, nothing changes.
///
/// # Errors
/// `not_found`, also for somebody she does not know; `invitation_open`; `not_steward`, `not_timeline_manager` for whoever
/// neither opened the draft nor decides who belongs to it; `control_held` while a physician takes part; `physician_required` for somebody who is none; `timeline_archived`;
/// `bad_field` for somebody who takes part already; `account_restricted`.
pub async fn ask_physician(app: &App, who: &Arc<Session>, ask: AskPhysician) -> Result<Done> {
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let steering = Steering::in_the_act(tx, &who, ask.room).await?;
            let is_in = steering.membership == Some(MemberState::Member);
            let row = store::opening(tx.conn(), ask.room).await?;
            let opened = row
                .as_ref()
                .is_some_and(|row| is_in && row.opened_by == who.account && row.state == RoomState::Draft);
            let lets = opened || steering.is_run_by(who.account);
            let row = row.filter(|_| lets).ok_or_else(|| steering.told(Code::NotSteward))?;
            decide(row.state, row.conditions.has_physician)?;
            let rules = steering.rules(&inner)?;
            let known = (who.account, ask.physician);
            let place = physician(&inner, tx.conn(), known, row.region, &rules).await?;
            let there = rooms::standing(tx.conn(), place.account, ask.room).await?;
            let state = there.as_ref().map(|there| there.membership.state);
            match (state, row.physician == Some(place.account)) {
                (Some(MemberState::Invited), true) => return Ok(Done {}),
                (Some(MemberState::Member), _) => {
                    return Err(Refusal::new(Code::BadField).with("field", "physician").into());
                }
                (Some(MemberState::Invited | MemberState::Left) | None, _) => {}
            }
            take_back(&inner, tx, &row, &place.account, (By::of(&who), now)).await?;
            let asked = approval(&row, place.account).unwrap_or(row.conditions.approval);
            tx.set_physician(ask.room, (place.account, place.card), asked).await?;
            if state.is_none() {
                let new = NewMember {
                    account: place.account,
                    affiliation: place.id,
                    card: place.card,
                    state: MemberState::Invited,
                    invited_by: Some(who.account),
                };
                tx.invite_physician(&inner, &row, &new, now).await?;
            }
            let entry = Entry {
                at: now,
                act: "rooms.ask_physician",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(row.region),
                room: Some(ask.room),
                subject: Some(place.account.0),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            tx.settle_timeline(&inner, ask.room, By::of(&who), now).await?;
            let kind = if asked == Approval::Asked { NoticeKind::OpeningAsked } else { NoticeKind::Invited };
            Notice::of(kind).tell(&inner, tx, place.account).await?;
            Ok(Done {})
        })
        .await
}

/// What is to be said by her: a yes where one is wanted and she did not give it.
fn approval(row: &OpeningRow, physician: AccountId) -> Option<Approval> {
    let is_same = row.physician == Some(physician);
    match row.conditions.approval {
        Approval::Asked | Approval::Refused => Some(Approval::Asked),
        Approval::Given if !is_same && !row.conditions.has_begun => Some(Approval::Asked),
        Approval::Given | Approval::NotNeeded => None,
    }
}

/// Whoever was asked before and has not joined, and is another one, is asked no more.
async fn take_back(
    app: &App,
    tx: &mut Tx,
    row: &OpeningRow,
    but: &AccountId,
    (by, now): (By, Millis),
) -> Result<()> {
    let Some(before) = row.physician.filter(|before| before != but) else { return Ok(()) };
    let there = rooms::standing(tx.conn(), before, row.room).await?;
    match there.filter(|there| there.membership.state == MemberState::Invited) {
        Some(there) => tx.part(app, (there, before), Parting::Withdrawn, by, now).await,
        None => Ok(()),
    }
}

/// Whether there is anybody to be asked.
///
/// # Errors
/// `timeline_archived`; `control_held`.
fn decide(state: RoomState, has_physician: bool) -> Result<(), Code> {
    match (state, has_physician) {
        (RoomState::Draft | RoomState::Active | RoomState::Paused, false) => Ok(()),
        (RoomState::Draft | RoomState::Active | RoomState::Paused, true) => Err(Code::ControlHeld),
        (_, _) => Err(Code::TimelineArchived),
    }
}

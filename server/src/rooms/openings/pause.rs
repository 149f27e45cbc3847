//! A timeline that patient and family take part in is paused, and goes on, as the physician in charge decides (001§29-5, K-59).

use super::{entry, of_physician};
use crate::accounts::Reason;
use crate::app::App;
use crate::error::Result;
use crate::rooms::By;
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, MemberState, Refusal, RoomKind, RoomState, StayTimeline, WhichRoom};

/// Pauses it: it is read by its members and written by nobody. Paused already, nothing changes.
///
/// # Errors
/// `reason_missing`, `bad_field`, also for rooms that are no such timeline; `not_found`; `invitation_open`;
/// `physician_required` for whoever is not in charge; `physician_not_joined`; `timeline_archived`; `account_restricted`.
pub async fn pause(app: &App, who: &Arc<Session>, ask: StayTimeline) -> Result<Done> {
    let text = Reason::read(&ask.reason)?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let (standing, row) = of_physician(tx, &who, ask.room).await?;
            decide(row.conditions.kind, standing.membership.state, row.state)?;
            if row.conditions.is_paused {
                return Ok(Done {});
            }
            let key = standing.opened_key(&inner).await?;
            let reason = Reason::about(&inner, ask.room.0, &key, text.clone())?;
            reason.write(tx, Some(who.account), "rooms.pause", now).await?;
            tx.set_paused(ask.room, Some(now)).await?;
            let mut entry = entry(("rooms.pause", now), &who, &standing);
            entry.detail = Some(reason.detail());
            inner.audit.append(tx, &entry).await?;
            tx.settle_timeline(&inner, ask.room, By::of(&who), now).await?;
            Ok(Done {})
        })
        .await
}

/// Lets it go on. Not paused, nothing changes.
///
/// # Errors
/// As [`pause`], but for the reason.
pub async fn resume(app: &App, who: &Arc<Session>, ask: WhichRoom) -> Result<Done> {
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let (standing, row) = of_physician(tx, &who, ask.room).await?;
            decide(row.conditions.kind, standing.membership.state, row.state)?;
            if !row.conditions.is_paused {
                return Ok(Done {});
            }
            tx.set_paused(ask.room, None).await?;
            inner.audit.append(tx, &entry(("rooms.resume", now), &who, &standing)).await?;
            tx.settle_timeline(&inner, ask.room, By::of(&who), now).await?;
            Ok(Done {})
        })
        .await
}

/// Whether there is anything for her to pause.
///
/// # Errors
/// `bad_field` for a room of staff; `invitation_open`; `physician_not_joined` for one that has not begun; `timeline_archived`.
fn decide(kind: RoomKind, member: MemberState, state: RoomState) -> Result<(), Refusal> {
    match (kind, member, state) {
        (RoomKind::TimelineStaff | RoomKind::FreeGroup | RoomKind::Connection, _, _) => {
            Err(Refusal::new(Code::BadField).with("field", "room"))
        }
        (RoomKind::TimelineWithRecipient, MemberState::Invited | MemberState::Left, _) => {
            Err(Code::InvitationOpen.into())
        }
        (RoomKind::TimelineWithRecipient, MemberState::Member, RoomState::Active | RoomState::Paused) => {
            Ok(())
        }
        (RoomKind::TimelineWithRecipient, MemberState::Member, RoomState::Draft) => {
            Err(Code::PhysicianNotJoined.into())
        }
        (RoomKind::TimelineWithRecipient, MemberState::Member, _) => Err(Code::TimelineArchived.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_paused_by_table() {
        use RoomKind::{TimelineStaff, TimelineWithRecipient};
        use RoomState::{Active, Archived, Draft, Paused};
        for (kind, member, state, expected) in [
            (TimelineWithRecipient, MemberState::Member, Active, None),
            (TimelineWithRecipient, MemberState::Member, Paused, None),
            (TimelineWithRecipient, MemberState::Member, Draft, Some("physician_not_joined")),
            (TimelineWithRecipient, MemberState::Member, Archived, Some("timeline_archived")),
            (TimelineWithRecipient, MemberState::Invited, Active, Some("invitation_open")),
            (TimelineStaff, MemberState::Member, Active, Some("bad_field")),
        ] {
            let said = decide(kind, member, state).err().map(|refusal| refusal.code.as_str());
            assert_eq!(said, expected, "{kind:?} {member:?} {state:?}");
        }
    }
}

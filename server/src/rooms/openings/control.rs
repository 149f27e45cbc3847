//! A physician who takes part takes charge of a timeline that has no physician in charge (001§29-5, c-33).

use super::rules::Approval;
use super::store::{self, NewOpening, OpeningRow};
use super::{acts_as_physician, entry, standing};
use crate::app::App;
use crate::error::Result;
use crate::rooms::{By, Standing};
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{AccountId, Code, Done, MemberState, Refusal, RoomKind, RoomState, WhichRoom};

/// Takes charge. Hers already, nothing changes.
///
/// # Errors
/// `not_found`; `invitation_open`; `physician_required` for whoever is none, and for a timeline that has not begun;
/// `bad_field` for rooms that have no physician in charge; `control_held`; `timeline_archived`; `account_restricted`.
pub async fn take_control(app: &App, who: &Arc<Session>, ask: WhichRoom) -> Result<Done> {
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            let standing = standing(tx, &who, ask.room).await?;
            if standing.membership.state != MemberState::Member {
                return Err(Code::InvitationOpen.into());
            }
            who.let_write()?;
            let says = acts_as_physician(&inner, tx.conn(), &standing).await?;
            let row = store::opening(tx.conn(), ask.room).await?;
            let hers = (who.account, standing.membership.card);
            match decide(&standing, row.as_ref(), says, who.account)? {
                Taking::Nothing => return Ok(Done {}),
                Taking::Recorded(approval) => tx.set_physician(ask.room, hers, approval).await?,
                Taking::Anew => {
                    let new = NewOpening {
                        room: ask.room,
                        patient: standing.patient.ok_or(Code::NotFound)?,
                        kind: standing.kind,
                        opened: hers,
                        manager: None,
                        physician: Some(hers),
                        instruction: None,
                        approval: Approval::NotNeeded,
                        must_join: false,
                        began_at: Some(now),
                    };
                    tx.insert_opening(&new).await?;
                }
            }
            inner.audit.append(tx, &entry(("rooms.take_control", now), &who, &standing)).await?;
            tx.settle_timeline(&inner, ask.room, By::of(&who), now).await?;
            Ok(Done {})
        })
        .await
}

/// What taking charge comes to.
#[derive(Debug, PartialEq, Eq)]
enum Taking {
    /// She has it.
    Nothing,
    /// The one who had it is gone; what was approved stays so.
    Recorded(Approval),
    /// Nobody ever had it.
    Anew,
}

fn decide(
    standing: &Standing,
    row: Option<&OpeningRow>,
    says: bool,
    who: AccountId,
) -> Result<Taking, Refusal> {
    if !says {
        return Err(Code::PhysicianRequired.into());
    }
    if standing.state == RoomState::Archived {
        return Err(Code::TimelineArchived.into());
    }
    match (row, standing.kind) {
        (None, RoomKind::TimelineWithRecipient) => Ok(Taking::Anew),
        (None, _) => Err(Refusal::new(Code::BadField).with("field", "room")),
        (Some(row), _) if !row.conditions.has_begun => Err(Code::PhysicianRequired.into()),
        (Some(row), _) if row.conditions.has_physician && row.physician == Some(who) => Ok(Taking::Nothing),
        (Some(row), _) if row.conditions.has_physician => Err(Code::ControlHeld.into()),
        (Some(row), _) => Ok(Taking::Recorded(row.conditions.approval)),
    }
}

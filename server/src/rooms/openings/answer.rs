//! The yes or no of the physician who is asked for a timeline (001-guide§29-2).

use super::rules::Approval;
use super::store::OpeningRow;
use super::{acts_as_physician, entry, of_physician};
use crate::accounts::{self, Reason};
use crate::app::App;
use crate::error::Result;
use crate::notices::Notice;
use crate::rooms::{By, Parting, Standing};
use crate::sessions::Session;
use crate::store::Tx;
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, MemberState, Millis, NoticeKind, StayTimeline, WhichRoom};

/// Says yes: whoever opened it manages it, and the physician's office answers for it (c-39). To take part is another step.
///
/// # Errors
/// `not_found`; `invitation_open` and `physician_required` for whoever is not asked; `account_restricted`.
pub async fn approve_opening(app: &App, who: &Arc<Session>, ask: WhichRoom) -> Result<Done> {
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let (standing, row) = of_physician(tx, &who, ask.room).await?;
            if decide(Answer::Yes, row.conditions.approval, row.conditions.has_begun)?.is_none() {
                return Ok(Done {});
            }
            if !acts_as_physician(&inner, tx.conn(), &standing).await? {
                return Err(Code::PhysicianRequired.into());
            }
            tx.set_approval(ask.room, Approval::Given).await?;
            let office = accounts::store::place(tx.conn(), standing.membership.affiliation).await?;
            let office = office.and_then(|place| place.office).ok_or(Code::PhysicianRequired)?;
            let moved = tx.hand_to_office_of_physician((ask.room, row.patient), office).await?;
            let detail = if moved { format!(r#"{{"steward":"{office}"}}"#) } else { "{}".to_owned() };
            wrote(&inner, tx, &who, &standing, &row, ("rooms.approve_opening", detail, now)).await?;
            tx.settle_timeline(&inner, ask.room, By::of(&who), now).await?;
            Notice::of(NoticeKind::OpeningApproved).tell(&inner, tx, row.opened_by).await?;
            Ok(Done {})
        })
        .await
}

/// Says no, and is asked no more; the timeline stays a draft.
///
/// # Errors
/// As [`approve_opening`]; `reason_missing`, `bad_field`; `invitation_decided` for one that has begun.
pub async fn reject_opening(app: &App, who: &Arc<Session>, ask: StayTimeline) -> Result<Done> {
    let text = Reason::read(&ask.reason)?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let (standing, row) = of_physician(tx, &who, ask.room).await?;
            if decide(Answer::No, row.conditions.approval, row.conditions.has_begun)?.is_none() {
                return Ok(Done {});
            }
            let key = standing.opened_key(&inner).await?;
            let reason = Reason::about(&inner, ask.room.0, &key, text.clone())?;
            reason.write(tx, Some(who.account), "rooms.reject_opening", now).await?;
            tx.set_approval(ask.room, Approval::Refused).await?;
            wrote(&inner, tx, &who, &standing, &row, ("rooms.reject_opening", reason.detail(), now)).await?;
            if standing.membership.state == MemberState::Invited {
                tx.part(&inner, (standing, who.account), Parting::Declined, By::of(&who), now).await?;
            }
            tx.settle_timeline(&inner, ask.room, By::of(&who), now).await?;
            Notice::of(NoticeKind::OpeningRejected).tell(&inner, tx, row.opened_by).await?;
            Ok(Done {})
        })
        .await
}

async fn wrote(
    app: &App,
    tx: &mut Tx,
    who: &Session,
    standing: &Standing,
    row: &OpeningRow,
    (act, detail, now): (&'static str, String, Millis),
) -> Result<()> {
    let mut entry = entry((act, now), who, standing);
    entry.subject = Some(row.opened_by.0);
    entry.detail = Some(detail);
    Ok(app.audit.append(tx, &entry).await?)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
}

/// What is kept of the answer; nothing where it was given before, or nobody asked.
///
/// # Errors
/// `invitation_decided` for a no to what has begun.
fn decide(answer: Answer, before: Approval, has_begun: bool) -> Result<Option<Approval>, Code> {
    match (answer, before) {
        (Answer::Yes, Approval::Asked | Approval::Refused) => Ok(Some(Approval::Given)),
        (Answer::Yes, Approval::Given | Approval::NotNeeded) => Ok(None),
        (Answer::No, _) if has_begun => Err(Code::InvitationDecided),
        (Answer::No, Approval::Asked | Approval::Given) => Ok(Some(Approval::Refused)),
        (Answer::No, Approval::Refused | Approval::NotNeeded) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_physicians_answer_by_table() {
        use Answer::{No, Yes};
        use Approval::{Asked, Given, NotNeeded, Refused};
        for (answer, before, has_begun, expected) in [
            (Yes, Asked, false, Ok(Some(Given))),
            (Yes, Refused, false, Ok(Some(Given))),
            (Yes, Given, false, Ok(None)),
            (Yes, Given, true, Ok(None)),
            (Yes, NotNeeded, false, Ok(None)),
            (No, Asked, false, Ok(Some(Refused))),
            (No, Given, false, Ok(Some(Refused))),
            (No, Refused, false, Ok(None)),
            (No, NotNeeded, false, Ok(None)),
            (No, Given, true, Err(Code::InvitationDecided)),
        ] {
            assert_eq!(decide(answer, before, has_begun), expected, "{answer:?} {before:?} {has_begun}");
        }
    }
}

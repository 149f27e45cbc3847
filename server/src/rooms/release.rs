//! Taking somebody out of a room, by an administrator of the office that answers for it (000§5b, 000-note(1)b).

use super::leave::let_go;
use super::{By, Parting, Steering, store};
use crate::accounts::Reason;
use crate::app::App;
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{Code, Done, MemberState, NoticeKind, ReleaseMember};

/// Takes her out, on every link and with the next request. Out already, nothing changes.
///
/// # Errors
/// `reason_missing`, `bad_field`; `not_found`; `not_steward`; `not_for_yourself`; `steward_admin_required`; `account_restricted`.
pub async fn release(app: &App, who: &Arc<Session>, ask: ReleaseMember) -> Result<Done> {
    Reason::read(&ask.reason)?;
    {
        let mut view = app.store.view().await?;
        let steering = Steering::at_the_door(view.conn(), who, ask.room).await?;
        if !decide(view.conn(), &steering, who, &ask).await? {
            return Ok(Done {});
        }
    }
    let reason = Reason::of(app, ask.account, &ask.reason).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            let steering = Steering::in_the_act(tx, &who, ask.room).await?;
            if !decide(tx.conn(), &steering, &who, &ask).await? {
                return Ok(Done {});
            }
            let standing = store::standing(tx.conn(), ask.account, ask.room).await?.ok_or(Code::NotFound)?;
            let was_member = standing.membership.state == MemberState::Member;
            if was_member {
                let_go(tx, &steering, ask.account).await?;
            }
            reason.write(tx, Some(who.account), "rooms.release", now).await?;
            tx.lapse_invitations_to(ask.room, ask.account, now).await?;
            let by = By { reason: Some(reason.id), ..By::of(&who) };
            tx.part(&inner, (standing, ask.account), Parting::Released, by, now).await?;
            if was_member {
                let office = steering.office_name(&inner, tx.conn()).await?;
                let notice = office.into_iter().fold(Notice::of(NoticeKind::Released), Notice::naming);
                notice.tell(&inner, tx, ask.account).await?;
            }
            Ok(Done {})
        })
        .await
}

/// Whether there is anybody to take out.
async fn decide(conn: &mut Conn, steering: &Steering, who: &Session, ask: &ReleaseMember) -> Result<bool> {
    steering.let_run(who)?;
    if ask.account == who.account {
        return Err(Code::NotForYourself.into());
    }
    match store::standing(conn, ask.account, ask.room).await? {
        Some(_) => Ok(true),
        None if store::was_in(conn, ask.room, ask.account).await? => Ok(false),
        None => Err(Code::NotFound.into()),
    }
}

//! Ending a role: giving one's own up, or taking another's away, with a reason. Nobody goes whom her office or her desk cannot do
//! without; against a stolen account there are incidents and the operator, who lock it and leave the role.

use super::standing::Standing;
use super::store;
use crate::accounts::store as accounts;
use crate::accounts::store::PlaceRow;
use crate::accounts::{Reason, Seat};
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::notices::Notice;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{AccountId, AffiliationId, Code, Done, EndRole, Millis, NoticeKind, Role};

/// Ends it, and every session of its holder: what is open on her screens, or hears for her, no longer has it. Ended already, nothing
/// changes.
///
/// # Errors
/// As [`decide`]; `reason_missing`; `account_restricted`; `not_while_shared`.
pub async fn end(app: &App, who: &Arc<Session>, ask: EndRole) -> Result<Done> {
    who.let_write()?;
    who.let_keep()?;
    let place = {
        let mut view = app.store.view().await?;
        ending(app, view.conn(), Some(who.account), (ask.affiliation, ask.role)).await?
    };
    let Some(place) = place else { return Ok(Done {}) };
    let reason = Reason::of(app, place.account, &ask.reason).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<Done> {
            tx.let_stand(&who)?;
            tx.hold_seats(place.account).await?;
            let which = (ask.affiliation, ask.role);
            if let Some(place) = ending(&inner, tx.conn(), Some(who.account), which).await? {
                tx.end_role(&inner, (&place, ask.role), &reason, Some(&who), now).await?;
            }
            Ok(Done {})
        })
        .await
}

/// What is known of a role that is to end.
#[derive(Debug, Clone, Copy)]
struct Facts {
    /// Who ends it; nothing for the operator of the machine.
    standing: Option<Standing>,
    role: Role,
    is_own: bool,
    is_held: bool,
    /// Without her the office had too few admins.
    is_needed_admin: bool,
    /// Nobody else of the desk may come in and act.
    is_only_desk: bool,
}

/// Whether there is anything to end. A head is written down, and struck out, by the desk alone.
///
/// # Errors
/// As [`Standing::gives`]; `last_admin`, `last_desk`.
fn decide(facts: Facts) -> Result<bool, Code> {
    match facts.standing {
        Some(standing) if !facts.is_own || facts.role == Role::OfficeHead => standing.gives(facts.role)?,
        Some(_) | None => {}
    }
    match facts {
        Facts { is_held: false, .. } => Ok(false),
        Facts { role: Role::OfficeAdmin, is_needed_admin: true, .. } => Err(Code::LastAdmin),
        Facts { role: Role::Secretariat, is_only_desk: true, .. } => Err(Code::LastDesk),
        Facts { .. } => Ok(true),
    }
}

/// Whose role is to end; nobody where it has ended.
pub(super) async fn ending(
    app: &App,
    conn: &mut Conn,
    by: Option<AccountId>,
    (affiliation, role): (AffiliationId, Role),
) -> Result<Option<PlaceRow>> {
    let place = accounts::place(conn, affiliation).await?;
    let at = place.as_ref().and_then(|place| Some((place.office?, place.region)));
    let standing = match by {
        Some(account) => Some(Standing::of(conn, account, at).await?),
        None => None,
    };
    let (mut is_own, mut is_needed_admin) = (false, false);
    if let Some(place) = &place {
        is_own = by == Some(place.account);
        let seats = Seat::all_of(app, conn, place.account).await?;
        is_needed_admin = seats.iter().any(|seat| seat.place == affiliation && seat.is_needed());
    }
    let facts = Facts {
        standing,
        role,
        is_own,
        is_held: store::holds(conn, affiliation, role).await?,
        is_needed_admin,
        is_only_desk: accounts::is_only_desk(conn, affiliation).await?,
    };
    Ok(if decide(facts)? { place } else { None })
}

impl Tx {
    /// Ends a role that is held, whoever may.
    pub(super) async fn end_role(
        &mut self,
        app: &App,
        (place, role): (&PlaceRow, Role),
        reason: &Reason,
        by: Option<&Session>,
        now: Millis,
    ) -> Result<()> {
        let by_account = by.map(|by| by.account);
        self.take_role(place.id, role, now).await?;
        let sessions = self.end_sessions_of(app, place.account, None, "role_ended", now).await?;
        reason.write(self, by_account, "roles.end", now).await?;
        let entry = Entry {
            at: now,
            act: "roles.end",
            account: by_account,
            session: by.map(|by| by.id),
            region: Some(place.region),
            subject: Some(place.account.0),
            detail: Some(format!(
                r#"{{"reason":"{}","role":"{}","affiliation":"{}","sessions":{sessions}}}"#,
                reason.id.0,
                role.as_str(),
                place.id
            )),
            ..Entry::default()
        };
        app.audit.append(self, &entry).await?;
        let card = app.cards.one(app, self.conn(), place.card).await?;
        let notice = card.office.clone().into_iter().fold(Notice::of(NoticeKind::RoleEnded), Notice::naming);
        notice.tell(app, self, place.account).await?;
        let but: Vec<AccountId> = std::iter::once(place.account).chain(by_account).collect();
        self.tell_of_role(app, NoticeKind::StaffRoleEnded, place, role, &but).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_role_ends_by_whom() {
        let none =
            Standing { is_head: false, has_head: true, is_admin: false, runs_some: false, is_desk: false };
        let head = Standing { is_head: true, runs_some: true, ..none };
        let desk = Standing { is_desk: true, ..none };
        let admins = Facts {
            standing: Some(head),
            role: Role::OfficeAdmin,
            is_own: false,
            is_held: true,
            is_needed_admin: false,
            is_only_desk: false,
        };
        let own = Facts { standing: Some(none), is_own: true, ..admins };
        let desks = Facts { standing: Some(desk), role: Role::Secretariat, ..admins };
        let heads = Facts { standing: Some(desk), role: Role::OfficeHead, ..admins };
        for (facts, expected) in [
            (admins, Ok(true)),
            (Facts { is_held: false, ..admins }, Ok(false)),
            (Facts { is_needed_admin: true, ..admins }, Err(Code::LastAdmin)),
            (Facts { is_needed_admin: true, is_held: false, ..admins }, Ok(false)),
            (Facts { standing: Some(none), ..admins }, Err(Code::OfficeAdminOnly)),
            (Facts { standing: Some(none), is_needed_admin: true, ..admins }, Err(Code::OfficeAdminOnly)),
            (Facts { standing: Some(desk), ..admins }, Err(Code::OfficeAdminOnly)),
            (own, Ok(true)),
            (Facts { is_needed_admin: true, ..own }, Err(Code::LastAdmin)),
            (Facts { standing: None, ..admins }, Ok(true)),
            (Facts { standing: None, is_needed_admin: true, ..admins }, Err(Code::LastAdmin)),
            (desks, Ok(true)),
            (Facts { is_needed_admin: true, ..desks }, Ok(true)),
            (Facts { is_only_desk: true, ..desks }, Err(Code::LastDesk)),
            (Facts { is_only_desk: true, role: Role::Committee, ..desks }, Ok(true)),
            (Facts { standing: Some(head), ..desks }, Err(Code::NotFound)),
            (Facts { standing: Some(none), is_own: true, role: Role::Auditor, ..desks }, Ok(true)),
            (heads, Ok(true)),
            (Facts { standing: Some(head), is_own: true, ..heads }, Err(Code::NotFound)),
        ] {
            assert_eq!(decide(facts), expected, "{facts:?}");
        }
    }
}

//! Opening a free group: a room without patient data, with an aim.

use super::RoomBody;
use super::store::{self, NewMember, NewRoom};
use crate::accounts::Completeness;
use crate::app::App;
use crate::audit::Entry;
use crate::bodies::Body;
use crate::crypto::keys::KeyKind;
use crate::crypto::seal;
use crate::error::Result;
use crate::live::{self, Wakes};
use crate::pledges::store as pledges;
use crate::policy::{FreeGroupBy, Profile};
use crate::posts::Text;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::collections::BTreeSet;
use std::sync::Arc;
use tsumugi_protocol::{
    AccountId, Change, Code, CreateFree, Event, MemberState, PersonKind, Refusal, Role, RoomKind, RoomMade,
    RoomState, limits,
};

/// Opens a free group with its maker as a member, and asks others to join.
///
/// # Errors
/// `aim_missing`, `group_admin_only`, `staff_only`, `profile_incomplete`, `bad_field`, `not_found` for people one shares no room with, `id_taken`.
pub async fn create_free(app: &App, who: &Arc<Session>, ask: CreateFree) -> Result<RoomMade> {
    let body = body(&ask)?;
    who.let_write()?;
    // Rules first, in a view: a refused or repeated ask must not leave a key behind.
    {
        let mut view = app.store.view().await?;
        if let Opening::Stands(made) = opening(app, view.conn(), who, &ask, &body).await? {
            return Ok(made);
        }
    }
    // The key is synced before the act that uses it.
    let key_id = app.keys.make(KeyKind::Room).await?;
    let key = app.keys.ready(key_id).await?;
    let sealed = body.sealed(&key, ask.room)?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<RoomMade> {
            tx.let_stand(&who)?;
            let (place, members) = match opening(&inner, tx.conn(), &who, &ask, &body).await? {
                Opening::Stands(made) => return Ok(made),
                Opening::New { place, members } => (place, members),
            };
            let room = NewRoom {
                id: ask.room,
                region: place.region,
                kind: RoomKind::FreeGroup,
                state: RoomState::Active,
                patient: None,
                steward: None,
                key_id: key_id.0,
                sealed: Some(sealed.clone()),
                created_by: Some(who.account),
            };
            let head = tx.insert_room(&room, &members, now).await?;
            let entry = Entry {
                at: now,
                act: "rooms.create_free",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(place.region),
                room: Some(ask.room),
                profile: Some(place.profile.name()),
                detail: Some(format!(r#"{{"invited":{}}}"#, members.len() - 1)),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            let (inner, room, account) = (inner.clone(), ask.room, who.account);
            tx.tell(move || {
                inner.live.join(room, account);
                let added = live::encode(&Event::RoomAdded { room });
                members.iter().map(|member| inner.live.tell(member.account, None, &added)).collect::<Wakes>()
            });
            Ok(RoomMade { room: ask.room, state: RoomState::Active, change: head.change })
        })
        .await
}

fn body(ask: &CreateFree) -> Result<RoomBody, Refusal> {
    if ask.aim.trim().is_empty() {
        return Err(Code::AimMissing.into());
    }
    if ask.invite.len() > limits::INVITE {
        return Err(Refusal::new(Code::BadField).with("field", "invite"));
    }
    let title = Text::line(&ask.title, limits::NAME_CHARS)
        .ok_or(Refusal::new(Code::BadField).with("field", "title"))?;
    let aim =
        Text::short(&ask.aim, limits::AIM_CHARS).ok_or(Refusal::new(Code::BadField).with("field", "aim"))?;
    Ok(RoomBody { v: 1, title, aim, requires: ask.requires.iter().copied().collect() })
}

/// What opening a group comes to.
enum Opening {
    /// It stands already; a repeat gets the first answer.
    Stands(RoomMade),
    /// It may be opened, for this place and with these members.
    New { place: Place, members: Vec<NewMember> },
}

async fn opening(
    app: &App,
    conn: &mut Conn,
    who: &Session,
    ask: &CreateFree,
    body: &RoomBody,
) -> Result<Opening> {
    if let Some(made) = store::made(conn, ask.room).await? {
        return repeated(app, conn, who, ask, &made, body).await.map(Opening::Stands);
    }
    let place = place_of_maker(app, conn, who).await?;
    let mut members = vec![place.member];
    for account in ask.invite.iter().collect::<BTreeSet<_>>() {
        members.extend(invited(conn, who, *account).await?);
    }
    Ok(Opening::New { place, members })
}

async fn repeated(
    app: &App,
    conn: &mut Conn,
    who: &Session,
    ask: &CreateFree,
    made: &store::Made,
    body: &RoomBody,
) -> Result<RoomMade> {
    if made.created_by != Some(who.account) || made.kind != Some(RoomKind::FreeGroup) {
        return Err(Code::IdTaken.into());
    }
    let sealed = store::face(conn, ask.room).await?.and_then(|face| face.sealed).ok_or(Code::IdTaken)?;
    let key = app.keys.ready(seal::key_of(&sealed)?).await?;
    let stored = RoomBody::open(&key, ask.room, &sealed)?;
    let asked: BTreeSet<AccountId> = ask.invite.iter().copied().filter(|id| *id != who.account).collect();
    let stood: BTreeSet<AccountId> =
        store::invited_by(conn, ask.room, who.account).await?.into_iter().collect();
    let is_same = stored.title == body.title && stored.aim == body.aim && stored.requires == body.requires;
    if is_same && asked == stood {
        Ok(RoomMade { room: ask.room, state: RoomState::Active, change: Change(1) })
    } else {
        Err(Code::IdTaken.into())
    }
}

/// The affiliation a group is opened for.
struct Place {
    region: tsumugi_protocol::RegionId,
    profile: Arc<Profile>,
    member: NewMember,
}

/// The first affiliation of the maker whose region's rules let her open a group (K-56).
async fn place_of_maker(app: &App, conn: &mut Conn, who: &Session) -> Result<Place> {
    let roles = crate::accounts::store::roles(conn, who.account).await?;
    let mut is_open_to_staff = false;
    for found in crate::accounts::store::affiliations(conn, who.account).await? {
        let profile = app.policies.named(&found.profile)?;
        is_open_to_staff |= profile.free_group_by == FreeGroupBy::AnyStaff;
        let is_admin = roles.iter().any(|(of, role)| *of == found.id && *role == Role::OfficeAdmin);
        if may_open(&profile, who.kind, is_admin) {
            pledges::asks(conn, found.id).await?.let_open()?;
            Completeness::of(app, conn, found.card).await?.let_in(&profile)?;
            let member = NewMember {
                account: who.account,
                affiliation: found.id,
                card: found.card,
                state: MemberState::Member,
                invited_by: None,
            };
            return Ok(Place { region: found.region, profile, member });
        }
    }
    Err(refused(is_open_to_staff).into())
}

/// Where any staff may, it is only whoever is none who may not (001§30-3).
fn refused(is_open_to_staff: bool) -> Code {
    if is_open_to_staff { Code::StaffOnly } else { Code::GroupAdminOnly }
}

fn may_open(profile: &Profile, kind: PersonKind, is_admin: bool) -> bool {
    match profile.free_group_by {
        FreeGroupBy::OfficeAdmin => is_admin,
        FreeGroupBy::AnyStaff => kind == PersonKind::Staff,
    }
}

/// Somebody who is asked to join; the maker herself is not.
pub(super) async fn invited(conn: &mut Conn, who: &Session, account: AccountId) -> Result<Option<NewMember>> {
    if account == who.account {
        return Ok(None);
    }
    let found = store::acquaintance(conn, who.account, account).await?.ok_or(Code::NotFound)?;
    Ok(Some(NewMember {
        account: found.account,
        affiliation: found.affiliation,
        card: found.card,
        state: MemberState::Invited,
        invited_by: Some(who.account),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policies;

    #[test]
    fn who_may_open_a_free_group_is_the_regions_rule() {
        let policies = Policies::for_bench().unwrap();
        let (floor, lax) = (policies.named("vendor-floor").unwrap(), policies.named("bench").unwrap());
        assert!(may_open(&floor, PersonKind::Staff, true));
        assert!(!may_open(&floor, PersonKind::Staff, false));
        assert!(may_open(&lax, PersonKind::Staff, false));
        assert!(!may_open(&lax, PersonKind::Family, false));
        assert_eq!((refused(true), refused(false)), (Code::StaffOnly, Code::GroupAdminOnly));
    }
}

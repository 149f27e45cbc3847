//! Asking another person for a connection: a room of exactly two who both accepted (001§31-1).

use super::create_free::invited;
use super::store::{self, NewMember, NewRoom};
use crate::accounts::Completeness;
use crate::app::App;
use crate::audit::Entry;
use crate::crypto::keys::KeyKind;
use crate::error::Result;
use crate::live;
use crate::pledges::store as pledges;
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{Code, Connect, Event, MemberState, RegionId, RoomKind, RoomMade, RoomState};

/// Opens a connection that waits for the other person. Two people have one connection: asking again, or from the
/// other side, gives the one there is.
///
/// # Errors
/// `not_found` for people one shares no room with, `profile_incomplete`, `id_taken`; `pledge_missing`, `training_missing`.
pub async fn connect(app: &App, who: &Arc<Session>, ask: Connect) -> Result<RoomMade> {
    who.let_write()?;
    // Rules first, in a view: a refused or repeated ask must not leave a key behind.
    {
        let mut view = app.store.view().await?;
        if let Meeting::Stands(made) = meeting(app, view.conn(), who, ask).await? {
            return Ok(made);
        }
    }
    let key_id = app.keys.make(KeyKind::Room).await?;
    let (inner, who, now) = (app.clone(), who.clone(), app.clock.now());
    app.store
        .act(async move |tx: &mut Tx| -> Result<RoomMade> {
            tx.let_stand(&who)?;
            let (region, members) = match meeting(&inner, tx.conn(), &who, ask).await? {
                Meeting::Stands(made) => return Ok(made),
                Meeting::New { region, members } => (region, members),
            };
            let room = NewRoom {
                id: ask.room,
                region,
                kind: RoomKind::Connection,
                state: RoomState::Proposed,
                patient: None,
                steward: None,
                key_id: key_id.0,
                sealed: None,
                created_by: Some(who.account),
            };
            let head = tx.insert_room(&room, &members, now).await?;
            let entry = Entry {
                at: now,
                act: "rooms.connect",
                account: Some(who.account),
                session: Some(who.id),
                region: Some(region),
                room: Some(ask.room),
                subject: Some(ask.with.0),
                ..Entry::default()
            };
            inner.audit.append(tx, &entry).await?;
            let (inner, account) = (inner.clone(), who.account);
            tx.tell(move || {
                inner.live.join(ask.room, account);
                let added = live::encode(&Event::RoomAdded { room: ask.room });
                let (mine, theirs) = (account, ask.with);
                inner.live.tell(mine, None, &added).and(inner.live.tell(theirs, None, &added))
            });
            Ok(RoomMade { room: ask.room, state: RoomState::Proposed, change: head.change })
        })
        .await
}

/// What asking for a connection comes to.
enum Meeting {
    /// The two have one.
    Stands(RoomMade),
    /// They may have one, in this region.
    New { region: RegionId, members: [NewMember; 2] },
}

async fn meeting(app: &App, conn: &mut Conn, who: &Session, ask: Connect) -> Result<Meeting> {
    let other = invited(conn, who, ask.with).await?.ok_or(Code::NotFound)?;
    if let Some((room, made)) = store::connection_of(conn, who.account, ask.with).await? {
        let state = made.state.unwrap_or(RoomState::Proposed);
        return Ok(Meeting::Stands(RoomMade { room, state, change: made.change }));
    }
    if store::made(conn, ask.room).await?.is_some() {
        return Err(Code::IdTaken.into());
    }
    let me = store::acquaintance(conn, ask.with, who.account).await?.ok_or(Code::NotFound)?;
    pledges::asks(conn, me.affiliation).await?.let_open()?;
    let (region, rules) = store::region_of(conn, me.affiliation).await?.ok_or(Code::NotFound)?;
    let rules = app.policies.named(&rules)?;
    Completeness::of(app, conn, me.card).await?.let_in(&rules)?;
    let asking = NewMember {
        account: me.account,
        affiliation: me.affiliation,
        card: me.card,
        state: MemberState::Member,
        invited_by: None,
    };
    Ok(Meeting::New { region, members: [asking, other] })
}

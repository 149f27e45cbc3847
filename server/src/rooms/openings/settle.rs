//! Where a timeline stands after something happened to it: it begins, rests or goes on with the act that brought it about.

use super::rules;
use super::store::{self, OpeningRow};
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::live::{self, Announcement};
use crate::notices::{self, Notice};
use crate::rooms::By;
use crate::rooms::store::NewMember;
use crate::store::Tx;
use std::collections::BTreeSet;
use tsumugi_protocol::{
    AccountId, Change, Event, Member, MemberState, Millis, NoticeKind, Position, RoomId, RoomState, WaitsFor,
};

impl Tx {
    /// A timeline comes out of the vault as what it should be by now; that. Any other is open.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub(in crate::rooms) async fn stand_again(&mut self, room: RoomId, now: Millis) -> Result<RoomState> {
        let found = store::opening(self.conn(), room).await?;
        let Some(row) = found else {
            self.set_room_state(room, RoomState::Active).await?;
            return Ok(RoomState::Active);
        };
        let stands = rules::stands(row.conditions);
        self.set_standing(room, stands, now).await?;
        Ok(stands.0)
    }

    /// Brings a timeline to where it stands by now, tells its members and writes it down. In the vault, it stays there.
    /// Its state and newest change, where they are other ones.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub(in crate::rooms) async fn settle_timeline(
        &mut self,
        app: &App,
        room: RoomId,
        by: By,
        now: Millis,
    ) -> Result<Option<(RoomState, Change)>> {
        let Some(row) = store::opening(self.conn(), room).await? else { return Ok(None) };
        let there = matches!(row.state, RoomState::Draft | RoomState::Active | RoomState::Paused);
        let stands = rules::stands(row.conditions);
        if !there || stands == (row.state, row.waits_for) {
            return Ok(None);
        }
        let (state, waits_for) = stands;
        self.set_standing(room, stands, now).await?;
        let mut head = self.queued_head(room).unwrap_or(row.head);
        head.change = head.change.next();
        self.move_head(room, head);
        let word = waits_for.map_or("nothing", WaitsFor::as_str);
        let entry = Entry {
            at: now,
            act: "rooms.stand",
            account: by.account,
            session: by.session,
            region: Some(row.region),
            room: Some(room),
            detail: Some(format!(r#"{{"state":"{}","waits_for":"{word}"}}"#, state.as_str())),
            ..Entry::default()
        };
        app.audit.append(self, &entry).await?;
        let (inner, change) = (app.clone(), head.change);
        self.tell(move || {
            let frame = live::encode(&Event::RoomChanged { room, change, state });
            inner.live.announce(&Announcement { room, change, frame })
        });
        Ok(Some((state, change)))
    }

    /// Somebody went out of a room: where she was its physician, those who answer for it are told, and one that the family
    /// takes part in rests from here on (001§29-5, c-33).
    ///
    /// # Errors
    /// When it cannot be stored.
    pub(in crate::rooms) async fn went_out(
        &mut self,
        app: &App,
        (room, account): (RoomId, AccountId),
        by: By,
        now: Millis,
    ) -> Result<()> {
        let Some(row) = store::opening(self.conn(), room).await? else { return Ok(()) };
        if row.physician != Some(account) {
            return Ok(());
        }
        self.settle_timeline(app, room, by, now).await?;
        if row.conditions.has_begun { self.tell_physician_gone(app, &row, by).await } else { Ok(()) }
    }

    async fn tell_physician_gone(&mut self, app: &App, row: &OpeningRow, by: By) -> Result<()> {
        let mut told: BTreeSet<AccountId> =
            store::desk_of(self.conn(), row.region).await?.into_iter().collect();
        told.extend(notices::store::admins_of_office(self.conn(), row.steward).await?);
        told.extend(row.manager);
        for account in told.into_iter().filter(|account| Some(*account) != by.account) {
            Notice::of(NoticeKind::PhysicianGone).tell(app, self, account).await?;
        }
        Ok(())
    }

    /// Asks somebody into a timeline as its physician; those in it see that she is invited.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub(super) async fn invite_physician(
        &mut self,
        app: &App,
        row: &OpeningRow,
        new: &NewMember,
        now: Millis,
    ) -> Result<()> {
        let room = row.room;
        let mut head = self.queued_head(room).unwrap_or(row.head);
        head.change = head.change.next();
        head.member_version += 1;
        self.invite_member(room, new, head.change, now).await?;
        self.move_head(room, head);
        let card = app.cards.one(app, self.conn(), new.card).await?;
        let member =
            Member { card: (*card).clone(), state: MemberState::Invited, from_position: Position(1) };
        let (inner, change, account) = (app.clone(), head.change, new.account);
        self.tell(move || {
            let frame = live::encode(&Event::MemberChanged { room, change, member });
            let told = inner.live.announce(&Announcement { room, change, frame });
            told.and(inner.live.tell(account, None, &live::encode(&Event::RoomAdded { room })))
        });
        Ok(())
    }
}

//! Being kept out of an office's timelines, and let back in (000-note(2)b): whoever is, stands like a stranger.

use super::parting::{By, Parting};
use super::store;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::live::{self, Announcement};
use crate::store::Tx;
use tsumugi_protocol::{AccountId, Event, Member, MemberState, Millis, OfficeId, RoomId};

impl Tx {
    /// Takes somebody out of every timeline that the office is steward of; an invitation to one ends. How many they were.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn bar_from_timelines(
        &mut self,
        app: &App,
        (office, account): (OfficeId, AccountId),
        by: AccountId,
        now: Millis,
    ) -> Result<u64> {
        let mut ended = 0;
        for standing in store::standings(self.conn(), account).await? {
            if standing.steward == Some(office) {
                let room = standing.room;
                let parting = match standing.membership.state {
                    MemberState::Member => Parting::Barred,
                    MemberState::Invited | MemberState::Left => Parting::Left,
                };
                self.part(app, (standing, account), parting, By::account(Some(by)), now).await?;
                self.lapse_invitations_to(room, account, now).await?;
                ended += 1;
            }
        }
        Ok(ended)
    }

    /// Lets somebody back into the timelines that she was barred from, where the place she had them for has not ended. She
    /// reads from here on: what was written meanwhile was confirmed for others. How many they were.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn let_back_into_timelines(
        &mut self,
        app: &App,
        (office, account): (OfficeId, AccountId),
        by: AccountId,
        now: Millis,
    ) -> Result<u64> {
        let mut back = 0;
        for room in store::barred_from(self.conn(), account, office).await? {
            self.unbar_member(room, account, now).await?;
            back += u64::from(self.come_back(app, (room, account), by, now).await?);
        }
        Ok(back)
    }

    async fn come_back(
        &mut self,
        app: &App,
        (room, account): (RoomId, AccountId),
        by: AccountId,
        now: Millis,
    ) -> Result<bool> {
        let Some(mut standing) = store::standing(self.conn(), account, room).await? else { return Ok(false) };
        standing.refresh(self);
        let mut head = standing.head;
        head.change = head.change.next();
        head.member_version += 1;
        let (change, from_position) = (head.change, head.last_position.next());
        self.read_from(room, account, from_position, change).await?;
        self.move_head(room, head);
        let entry = Entry {
            at: now,
            act: "rooms.lift_bar",
            account: Some(by),
            region: Some(standing.region),
            room: Some(room),
            subject: Some(account.0),
            ..Entry::default()
        };
        app.audit.append(self, &entry).await?;
        let card = app.cards.one(app, self.conn(), standing.membership.card).await?;
        let member = Member { card: (*card).clone(), state: MemberState::Member, from_position };
        let (inner, is_open) = (app.clone(), !standing.asks.is_any());
        self.tell(move || {
            if is_open {
                inner.live.join(room, account);
            }
            let frame = live::encode(&Event::MemberChanged { room, change, member });
            let told = inner.live.announce(&Announcement { room, change, frame });
            told.and(inner.live.tell(account, None, &live::encode(&Event::RoomAdded { room })))
        });
        self.settle_timeline(app, room, By::account(Some(by)), now).await?;
        Ok(true)
    }
}

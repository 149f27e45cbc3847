//! Leaving rooms: the memberships that are held for a place end with it (000-note(1)b).

use super::store;
use crate::accounts::store::PlaceRow;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::live::{self, Announcement};
use crate::store::Tx;
use tsumugi_protocol::{AccountId, Event, Member, MemberState, Millis};

impl Tx {
    /// Ends them, invitations included. Each room hears who left; she hears nothing of it afterwards. How many they were.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn leave_rooms(
        &mut self,
        app: &App,
        place: &PlaceRow,
        by: Option<AccountId>,
        now: Millis,
    ) -> Result<u64> {
        let account = place.account;
        let mut ended = 0;
        for mut standing in store::standings(self.conn(), account).await? {
            if standing.membership.affiliation != place.id {
                continue;
            }
            standing.refresh(self);
            let (room, mut head) = (standing.room, standing.head);
            head.change = head.change.next();
            head.member_version += 1;
            let card = app.cards.one(app, self.conn(), standing.membership.card).await?;
            self.end_member(room, account, head.change, now).await?;
            // It does not come up in anybody's list: nothing was said in it.
            self.move_head(room, head);
            let entry = Entry {
                at: now,
                act: "rooms.leave",
                account: by,
                region: Some(standing.region),
                room: Some(room),
                subject: Some(account.0),
                ..Entry::default()
            };
            app.audit.append(self, &entry).await?;
            let from_position = standing.membership.from_position;
            let member = Member { card: (*card).clone(), state: MemberState::Left, from_position };
            let (inner, change) = (app.clone(), head.change);
            self.tell(move || {
                let frame = live::encode(&Event::MemberChanged { room, change, member });
                let told = inner.live.announce(&Announcement { room, change, frame });
                inner.live.part(room, account);
                told.and(inner.live.tell(account, None, &live::encode(&Event::RoomAdded { room })))
            });
            ended += 1;
        }
        Ok(ended)
    }
}

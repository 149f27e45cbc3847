//! Leaving rooms: the memberships that are held for a place end with it (000-note(1)b).

use super::{Standing, store};
use crate::accounts::store::PlaceRow;
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::live::{self, Announcement};
use crate::store::Tx;
use tsumugi_protocol::{AccountId, Event, Member, MemberState, Millis};

/// How somebody goes out of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parting {
    /// For good.
    Left,
    /// As long as the room's steward bars her; others see only that she left.
    Barred,
}

impl Parting {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Barred => "barred",
        }
    }

    const fn act(self) -> &'static str {
        match self {
            Self::Left => "rooms.leave",
            Self::Barred => "rooms.bar",
        }
    }
}

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
        let mut ended = 0;
        for standing in store::standings(self.conn(), place.account).await? {
            if standing.membership.affiliation == place.id {
                self.part(app, (standing, place.account), Parting::Left, by, now).await?;
                ended += 1;
            }
        }
        self.forget_barred(place.account, place.id).await?;
        Ok(ended)
    }

    /// Takes somebody out of a room, at once and on every link.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub(super) async fn part(
        &mut self,
        app: &App,
        (mut standing, account): (Standing, AccountId),
        parting: Parting,
        by: Option<AccountId>,
        now: Millis,
    ) -> Result<()> {
        standing.refresh(self);
        let (room, mut head) = (standing.room, standing.head);
        head.change = head.change.next();
        head.member_version += 1;
        let card = app.cards.one(app, self.conn(), standing.membership.card).await?;
        self.end_member((room, account), parting, head.change, now).await?;
        // It does not come up in anybody's list: nothing was said in it.
        self.move_head(room, head);
        let entry = Entry {
            at: now,
            act: parting.act(),
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
        Ok(())
    }
}

//! How people go out of rooms: at once, on every link, and told to those who stay.

use super::{Standing, store};
use crate::accounts::store::PlaceRow;
use crate::accounts::{DisplayName, ReasonId};
use crate::app::App;
use crate::audit::Entry;
use crate::error::Result;
use crate::live::{self, Announcement};
use crate::notices::{self, Notice};
use crate::sessions::Session;
use crate::store::Tx;
use std::collections::BTreeSet;
use tsumugi_protocol::{
    AccountId, Event, Member, MemberState, Millis, NoticeKind, OfficeId, RoomKind, RoomState, SessionId,
};

/// How somebody goes out of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parting {
    /// By herself, or with the place that the membership was held for.
    Left,
    /// By an administrator.
    Released,
    /// She said no to an invitation.
    Declined,
    /// An invitation was taken back.
    Withdrawn,
    /// As long as the room's steward bars her; others see only that she left.
    Barred,
}

impl Parting {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Left | Self::Released | Self::Declined | Self::Withdrawn => "left",
            Self::Barred => "barred",
        }
    }

    /// What the audit calls it; nothing where the act that it is part of says it.
    const fn act(self) -> Option<&'static str> {
        match self {
            Self::Left => Some("rooms.leave"),
            Self::Released => Some("rooms.release"),
            Self::Declined => Some("rooms.decline"),
            Self::Barred => Some("rooms.bar"),
            Self::Withdrawn => None,
        }
    }
}

/// Who it was that somebody went out of a room by, and why.
#[derive(Debug, Clone, Copy, Default)]
pub struct By {
    /// Who.
    pub account: Option<AccountId>,
    /// In which session.
    pub session: Option<SessionId>,
    /// The reason that is kept.
    pub reason: Option<ReasonId>,
}

impl By {
    /// Somebody, in her session.
    #[must_use]
    pub fn of(who: &Session) -> Self {
        Self { account: Some(who.account), session: Some(who.id), reason: None }
    }

    /// An account, or the operator of the machine.
    #[must_use]
    pub fn account(account: Option<AccountId>) -> Self {
        Self { account, ..Self::default() }
    }
}

impl Tx {
    /// Ends the memberships that are held for a place (000-note(1)b), invitations included. Each room hears who left, and the
    /// administrators of the offices that answer for them are told; she hears nothing of it afterwards. How many they were.
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
        let mut stewards = BTreeSet::new();
        for standing in store::standings(self.conn(), place.account).await? {
            if standing.membership.affiliation == place.id {
                stewards
                    .extend(standing.steward.filter(|_| standing.membership.state == MemberState::Member));
                self.part(app, (standing, place.account), Parting::Left, By::account(by), now).await?;
                ended += 1;
            }
        }
        self.lapse_invitations_for(place.id, now).await?;
        self.forget_barred(place.account, place.id).await?;
        self.tell_stewards(app, place, (stewards, by)).await?;
        Ok(ended)
    }

    /// Tells the administrators of other offices whose timelines she was in that she left the job; those of her own hear of it
    /// anyway.
    async fn tell_stewards(
        &mut self,
        app: &App,
        place: &PlaceRow,
        (stewards, by): (BTreeSet<OfficeId>, Option<AccountId>),
    ) -> Result<()> {
        let card = app.cards.one(app, self.conn(), place.card).await?;
        let name = DisplayName { name: &card.name, office: card.office.as_deref() }.to_string();
        let mut told = BTreeSet::new();
        for office in stewards.into_iter().filter(|office| Some(*office) != place.office) {
            told.extend(notices::store::admins_of_office(self.conn(), office).await?);
        }
        let notice = Notice::of(NoticeKind::MemberRetired).naming(name);
        for account in told.into_iter().filter(|account| *account != place.account && Some(*account) != by) {
            notice.tell(app, self, account).await?;
        }
        Ok(())
    }

    /// Takes somebody out of a room, at once and on every link.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub(crate) async fn part(
        &mut self,
        app: &App,
        (mut standing, account): (Standing, AccountId),
        parting: Parting,
        by: By,
        now: Millis,
    ) -> Result<()> {
        standing.refresh(self);
        let (room, mut head) = (standing.room, standing.head);
        head.change = head.change.next();
        head.member_version += 1;
        let card = app.cards.one(app, self.conn(), standing.membership.card).await?;
        self.end_member((room, account), parting, head.change, now).await?;
        // Either of the two ends a connection (001§31-1): the other one reads on what was said, and writes no more.
        let parted = head.change;
        let closed = (standing.kind == RoomKind::Connection).then(|| parted.next());
        if let Some(closed) = closed {
            self.set_room_state(room, RoomState::Archived).await?;
            head.change = closed;
        }
        // It does not come up in anybody's list: nothing was said in it.
        self.move_head(room, head);
        if let Some(act) = parting.act() {
            let entry = Entry {
                at: now,
                act,
                account: by.account,
                session: by.session,
                region: Some(standing.region),
                room: Some(room),
                subject: Some(account.0),
                detail: by.reason.map(|reason| format!(r#"{{"reason":"{}"}}"#, reason.0)),
                ..Entry::default()
            };
            app.audit.append(self, &entry).await?;
        }
        let from_position = standing.membership.from_position;
        let member = Member { card: (*card).clone(), state: MemberState::Left, from_position };
        let inner = app.clone();
        self.tell(move || {
            let frame = live::encode(&Event::MemberChanged { room, change: parted, member });
            let mut told = inner.live.announce(&Announcement { room, change: parted, frame });
            if let Some(change) = closed {
                let frame = live::encode(&Event::RoomChanged { room, change, state: RoomState::Archived });
                told = told.and(inner.live.announce(&Announcement { room, change, frame }));
            }
            inner.live.part(room, account);
            told.and(inner.live.tell(account, None, &live::encode(&Event::RoomAdded { room })))
        });
        self.went_out(app, (room, account), by, now).await
    }
}

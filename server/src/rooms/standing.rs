//! The one door: where a person stands towards a room, and what that lets her do. Everything else is no.

use crate::app::App;
use crate::audit::{Entry, Reads};
use crate::consents::Sharing;
use crate::crypto::seal::{Key, KeyId};
use crate::error::Result;
use crate::pledges::Asks;
use crate::policy::Profile;
use crate::sessions::Session;
use crate::store::{Conn, Tx, View};
use std::sync::Arc;
use tsumugi_protocol::{
    AffiliationId, CardId, Change, Code, MemberState, Millis, OfficeId, PatientId, Position, Refusal,
    RegionId, RoomConsent, RoomId, RoomKind, RoomState, WaitsFor,
};

/// What a person wants to do in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Read posts, members, receipts.
    Read,
    /// Write posts, previews included.
    Write,
    /// Accept an invitation.
    Accept,
    /// Decline one.
    Decline,
    /// Go out of it.
    Leave,
}

/// The counters of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Newest post.
    pub last_position: Position,
    /// Newest change.
    pub change: Change,
    /// Rises with every change of who reads.
    pub member_version: i64,
    /// When something last happened.
    pub active_at: Millis,
}

/// The person's own place in the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// Invited or member; who left has no standing.
    pub state: MemberState,
    /// The affiliation it is held for.
    pub affiliation: AffiliationId,
    /// The card others see.
    pub card: CardId,
    /// First post she may read.
    pub from_position: Position,
}

/// Everything the door knows, from one statement keyed by person and room. A room that is not there and one that is
/// not hers give the same nothing.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The room.
    pub room: RoomId,
    /// Its region.
    pub region: RegionId,
    /// The name of the region's rules.
    pub profile: String,
    /// Kind.
    pub kind: RoomKind,
    /// State.
    pub state: RoomState,
    /// What it waits for, while it is a draft or rests.
    pub waits_for: Option<WaitsFor>,
    /// The patient, for timelines.
    pub patient: Option<PatientId>,
    /// The steward office, for timelines.
    pub steward: Option<OfficeId>,
    /// The room's key.
    pub key: KeyId,
    /// Its counters.
    pub head: Head,
    /// The person's place.
    pub membership: Membership,
    /// How far she has read, as stored.
    pub read_position: Position,
    /// What the place that the membership is held for still owes: until then nothing of the room is shown (000§9a).
    pub asks: Asks,
    /// For timelines: whether what is said of the patient may be shared.
    pub sharing: Sharing,
}

impl Standing {
    /// Lets a person through the door, or not.
    ///
    /// # Errors
    /// `signed_out` when the session ended since the command came in; `not_found` for whoever does not belong to the
    /// room; the rule's code for whoever does but may not do this.
    pub async fn at_the_door(conn: &mut Conn, who: &Session, room: RoomId, act: Act) -> Result<Self> {
        let standing = super::store::standing(conn, who.account, room).await?;
        Self::let_in(standing, who, act)
    }

    /// The same inside an act: what earlier acts of the batch changed counts.
    ///
    /// # Errors
    /// As [`Standing::at_the_door`].
    pub async fn in_the_act(tx: &mut Tx, who: &Session, room: RoomId, act: Act) -> Result<Self> {
        tx.let_stand(who)?;
        let mut standing = super::store::standing(tx.conn(), who.account, room).await?;
        if let Some(standing) = &mut standing {
            standing.refresh(tx);
        }
        Self::let_in(standing, who, act)
    }

    /// Decides about a standing that was loaded along with other facts.
    ///
    /// # Errors
    /// As [`Standing::at_the_door`].
    pub fn let_in(standing: Option<Self>, who: &Session, act: Act) -> Result<Self> {
        if let Some(over) = who.over() {
            return Err(over.code().into());
        }
        let standing = standing.ok_or(Code::NotFound)?;
        decide(standing.membership.state, standing.state, act)
            .map_err(|refusal| while_waiting(as_connection(standing.kind, refusal), standing.waits_for))?;
        owing(standing.asks, act)?;
        if !matches!(act, Act::Read | Act::Leave) {
            who.let_write()?;
        }
        Ok(standing)
    }

    /// Takes over the counters that this batch has queued.
    pub fn refresh(&mut self, tx: &Tx) {
        if let Some(head) = tx.queued_head(self.room) {
            self.head = head;
        }
    }

    /// The rules of the room's region.
    ///
    /// # Errors
    /// When the region names rules that are not there.
    pub fn rules(&self, app: &App) -> Result<Arc<Profile>> {
        Ok(app.policies.named(&self.profile)?)
    }

    /// Lets only those write to whom the patient's consent lets it go (K-66).
    ///
    /// # Errors
    /// `consent_missing`, `consent_excludes_sharing`, `use_stopped`.
    pub fn let_share(&self, rules: &Profile) -> Result<(), Code> {
        self.sharing.let_write(rules)
    }

    /// How it stands with the patient's consent under the region's rules; nothing where all may go on.
    ///
    /// # Errors
    /// When the region names rules that are not there.
    pub fn lack(&self, app: &App) -> Result<Option<RoomConsent>> {
        let consent = self.sharing.under(self.rules(app)?.consent_gate);
        Ok(Some(consent).filter(|consent| *consent != RoomConsent::InForce))
    }

    /// The room's key, opened.
    ///
    /// # Errors
    /// When it was destroyed or lost.
    pub async fn opened_key(&self, app: &App) -> Result<Key> {
        Ok(app.keys.ready(self.key).await?)
    }

    /// Lets a person in to read content, and opens the reader for it.
    ///
    /// The reading is in the audit before the first byte leaves: one row per session, room and window. No reader is held
    /// while that row is on its way to the disk, so the door is passed again after it.
    ///
    /// # Errors
    /// As [`Standing::at_the_door`]; `consent_excludes_sharing`, `use_stopped` where the patient wants it closed; when the row
    /// cannot be written, and then nothing is shown.
    pub async fn to_read(app: &App, who: &Arc<Session>, room: RoomId) -> Result<(View, Self)> {
        let (view, standing) = Self::with_view(app, who, room).await?;
        if !standing.reading_is_due(app, who)? {
            return Ok((view, standing));
        }
        drop(view);
        standing.record_reading(app, who).await?;
        Self::with_view(app, who, room).await
    }

    async fn with_view(app: &App, who: &Session, room: RoomId) -> Result<(View, Self)> {
        let mut view = app.store.glance().await?;
        let standing = Self::at_the_door(view.conn(), who, room, Act::Read).await?;
        standing.sharing.let_read()?;
        Ok((view, standing))
    }

    fn reading_is_due(&self, app: &App, who: &Session) -> Result<bool> {
        Ok(app.reads.is_due(who.id, self.room, app.clock.now(), self.rules(app)?.read_window()))
    }

    async fn record_reading(&self, app: &App, who: &Arc<Session>) -> Result<()> {
        let (now, rules) = (app.clock.now(), self.rules(app)?);
        let window = rules.read_window();
        let entry = Entry {
            at: now,
            act: "rooms.read_content",
            account: Some(who.account),
            session: Some(who.id),
            region: Some(self.region),
            room: Some(self.room),
            profile: Some(rules.name()),
            ..Entry::default()
        };
        let (inner, who, room) = (app.clone(), who.clone(), self.room);
        let reading = (who.id, room);
        app.store
            .act(async move |tx: &mut Tx| -> Result<()> {
                tx.let_stand(&who)?;
                // Several screens may open at once: on the writer the first one is the one.
                let written = tx.memory::<Reads>().get_or_insert_default();
                if written.is_due(reading.0, reading.1, now, window) {
                    written.recorded(reading.0, reading.1, now, window);
                    inner.audit.append(tx, &entry).await?;
                }
                Ok(())
            })
            .await?;
        app.reads.recorded(reading.0, reading.1, now, window);
        Ok(())
    }
}

/// A connection that one of the two has ended is in no vault: they are connected no more (001§31-1).
fn as_connection(kind: RoomKind, refusal: Refusal) -> Refusal {
    match (kind, refusal.code) {
        (RoomKind::Connection, Code::TimelineArchived) => Code::NotConnected.into(),
        _ => refusal,
    }
}

fn decide(member: MemberState, room: RoomState, act: Act) -> Result<(), Refusal> {
    match (member, room, act) {
        (MemberState::Left, _, _) | (_, RoomState::Erased, _) => Err(Code::NotFound.into()),
        (MemberState::Invited, RoomState::Archived, Act::Accept)
        | (MemberState::Member, RoomState::Archived, Act::Write) => Err(Code::TimelineArchived.into()),
        (
            MemberState::Invited,
            RoomState::Proposed | RoomState::Active | RoomState::Draft | RoomState::Paused,
            Act::Accept,
        )
        | (MemberState::Member, _, Act::Read | Act::Accept | Act::Leave) => Ok(()),
        (MemberState::Invited, _, Act::Decline) => Ok(()),
        (MemberState::Member, _, Act::Decline) => Err(Code::InvitationDecided.into()),
        (MemberState::Invited, _, Act::Read | Act::Write | Act::Leave) => Err(Code::InvitationOpen.into()),
        (MemberState::Member, RoomState::Proposed, Act::Write) => Err(Code::NotConnected.into()),
        (MemberState::Member, RoomState::Draft, Act::Write) => Err(Code::PhysicianNotJoined.into()),
        (MemberState::Member, RoomState::Paused, Act::Write) => Err(Code::TimelinePaused.into()),
        (MemberState::Member, RoomState::Active, Act::Write) => Ok(()),
    }
}

/// What a draft waits for first is what is told (001-guide§29-2).
fn while_waiting(refusal: Refusal, waits_for: Option<WaitsFor>) -> Refusal {
    match (refusal.code, waits_for) {
        (Code::PhysicianNotJoined, Some(WaitsFor::Approval)) => Code::PhysicianApprovalMissing.into(),
        (_, _) => refusal,
    }
}

/// Whoever owes a pledge or a training sees nothing of a room and comes into none; she may decline and leave.
fn owing(asks: Asks, act: Act) -> Result<(), Code> {
    match act {
        Act::Read | Act::Write | Act::Accept => asks.let_open(),
        Act::Decline | Act::Leave => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ended_connection_is_none() {
        let refusal = |kind| as_connection(kind, Code::TimelineArchived.into()).code.as_str();
        assert_eq!(refusal(RoomKind::Connection), "not_connected");
        assert_eq!(refusal(RoomKind::TimelineStaff), "timeline_archived");
        assert_eq!(as_connection(RoomKind::Connection, Code::NotFound.into()).code.as_str(), "not_found");
    }

    #[test]
    fn the_door_by_table() {
        use {Act::*, MemberState::*, RoomState::*};
        let code = |member, room, act| decide(member, room, act).err().map(|refusal| refusal.code.as_str());
        let table = [
            (Member, Active, Read, None),
            (Member, Active, Write, None),
            (Member, Active, Accept, None),
            (Member, Proposed, Read, None),
            (Member, Proposed, Write, Some("not_connected")),
            (Invited, Proposed, Accept, None),
            (Invited, Active, Accept, None),
            (Invited, Active, Read, Some("invitation_open")),
            (Invited, Active, Write, Some("invitation_open")),
            (Invited, Proposed, Read, Some("invitation_open")),
            (Member, Archived, Read, None),
            (Member, Archived, Write, Some("timeline_archived")),
            (Invited, Archived, Accept, Some("timeline_archived")),
            (Invited, Archived, Read, Some("invitation_open")),
            (Left, Archived, Read, Some("not_found")),
            (Member, Draft, Read, None),
            (Member, Draft, Write, Some("physician_not_joined")),
            (Invited, Draft, Accept, None),
            (Invited, Draft, Read, Some("invitation_open")),
            (Member, Paused, Read, None),
            (Member, Paused, Write, Some("timeline_paused")),
            (Invited, Paused, Accept, None),
            (Left, Paused, Write, Some("not_found")),
            (Member, Erased, Read, Some("not_found")),
            (Member, Erased, Write, Some("not_found")),
            (Invited, Erased, Accept, Some("not_found")),
            (Invited, Erased, Decline, Some("not_found")),
            (Invited, Active, Decline, None),
            (Invited, Archived, Decline, None),
            (Member, Active, Decline, Some("invitation_decided")),
            (Left, Active, Decline, Some("not_found")),
            (Left, Active, Read, Some("not_found")),
            (Left, Active, Write, Some("not_found")),
            (Left, Active, Accept, Some("not_found")),
            (Member, Active, Leave, None),
            (Member, Archived, Leave, None),
            (Invited, Active, Leave, Some("invitation_open")),
            (Left, Active, Leave, Some("not_found")),
        ];
        for (member, room, act, expected) in table {
            assert_eq!(code(member, room, act), expected, "{member:?} {room:?} {act:?}");
        }
    }
    #[test]
    fn whoever_owes_a_pledge_may_only_go() {
        use Act::*;
        let (pledge, training) =
            (Asks { pledge: true, training: true }, Asks { pledge: false, training: true });
        for (asks, acts, expected) in [
            (Asks::default(), [Read, Write, Accept], Ok(())),
            (pledge, [Read, Write, Accept], Err(Code::PledgeMissing)),
            (training, [Read, Write, Accept], Err(Code::TrainingMissing)),
            (pledge, [Decline, Leave, Decline], Ok(())),
        ] {
            for act in acts {
                assert_eq!(owing(asks, act), expected, "{asks:?} {act:?}");
            }
        }
    }
}

//! The other door of a room: to who belongs to it. Its members pass, and the administrators of the office that answers for it,
//! who need not be in it and read nothing there.

use crate::accounts;
use crate::app::App;
use crate::bodies;
use crate::crypto::seal::{Key, KeyId};
use crate::error::Result;
use crate::offices::{self, OfficeBody};
use crate::policy::Profile;
use crate::rooms::{Head, store};
use crate::sessions::Session;
use crate::store::{Conn, Tx};
use std::sync::Arc;
use tsumugi_protocol::{
    AccountId, CardId, Code, MemberState, Millis, OfficeId, PatientId, PersonKind, RegionId, RoomId,
    RoomKind, RoomState, WaitsFor,
};

/// What this door knows, from one statement keyed by person and room. A room that is not there and one that is no business
/// of hers give the same nothing.
#[derive(Debug, Clone)]
pub struct Steering {
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
    /// Who has charge of it beside its office.
    pub charge: Charge,
    /// The patient, for timelines.
    pub patient: Option<PatientId>,
    /// The office that answers for it: a timeline's steward, a free group's maker's office; a connection has none.
    pub office: Option<OfficeId>,
    /// Who made it.
    pub created_by: Option<AccountId>,
    /// The room's key.
    pub key: KeyId,
    /// Its counters.
    pub head: Head,
    /// Her own place in it, if she has one.
    pub membership: Option<MemberState>,
    /// Whether she works for the office that answers for it.
    pub is_of_office: bool,
    /// Whether she administers that office.
    pub is_admin: bool,
    /// Whether she administers an office that acts for it (000§4b).
    pub acting: Option<Acting>,
}

/// What an office is that acts for a steward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acting {
    /// From when on it does no longer.
    pub until: Millis,
    /// Whether an approval is recorded.
    pub is_approved: bool,
}

/// Who has charge of a timeline that was opened here; nobody of any other room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// Who manages it as its physician instructed or approved, in regions where that is so (001§29-2).
    pub manager: Option<AccountId>,
    /// Its physician.
    pub physician: Option<AccountId>,
    /// Whether one of the two is in it.
    pub is_there: bool,
}

impl Charge {
    /// Whether it is managed by those two, and not by administrators of the steward, who stand in while neither is there.
    #[must_use]
    pub fn is_managed(self) -> bool {
        self.manager.is_some() && self.is_there
    }

    fn is_of(self, account: AccountId) -> bool {
        self.manager == Some(account) || self.physician == Some(account)
    }
}

impl Steering {
    /// Lets a person through the door, or not.
    ///
    /// # Errors
    /// `signed_out`; `not_found` for whoever neither belongs to the room nor administers its office; `invitation_open` for
    /// whoever is invited only.
    pub async fn at_the_door(conn: &mut Conn, who: &Session, room: RoomId) -> Result<Self> {
        if let Some(over) = who.over() {
            return Err(over.code().into());
        }
        let found = store::steering(conn, who.account, room).await?;
        let mut found = found.filter(|found| found.state != RoomState::Erased).ok_or(Code::NotFound)?;
        // Her last act is this command, where it is one: a delegation is over with its last moment, whatever the rows say yet.
        found.acting = found.acting.filter(|acting| who.last_act() < acting.until);
        if found.membership.is_none() && !found.is_admin && found.acting.is_none() {
            return Err(Code::NotFound.into());
        }
        if found.membership == Some(MemberState::Invited) && !found.is_admin && found.acting.is_none() {
            return Err(Code::InvitationOpen.into());
        }
        Ok(found)
    }

    /// The same inside an act: what earlier acts of the batch changed counts.
    ///
    /// # Errors
    /// As [`Steering::at_the_door`]; `account_restricted`.
    pub async fn in_the_act(tx: &mut Tx, who: &Session, room: RoomId) -> Result<Self> {
        tx.let_stand(who)?;
        let mut found = Self::at_the_door(tx.conn(), who, room).await?;
        who.let_write()?;
        if let Some(head) = tx.queued_head(room) {
            found.head = head;
        }
        Ok(found)
    }

    /// Whether she decides who belongs to it (000§4a, 002-3.1h★): an administrator of the office that answers for it or, with an
    /// approval, acts for that one (000§4b), or who made a free group. A timeline that is managed for its physician is run by
    /// that manager and the physician (001§29-2); the physician in charge of one that the family takes part in decides there as
    /// well (001§29-5).
    #[must_use]
    pub fn is_run_by(&self, account: AccountId) -> bool {
        let is_in = self.membership == Some(MemberState::Member);
        let is_in_charge = is_in && self.charge.physician == Some(account);
        let steers = self.is_admin || self.acting.is_some_and(|acting| acting.is_approved);
        match self.kind {
            RoomKind::TimelineStaff | RoomKind::TimelineWithRecipient if self.charge.is_managed() => {
                is_in && self.charge.is_of(account)
            }
            RoomKind::TimelineWithRecipient => steers || is_in_charge,
            RoomKind::FreeGroup => steers || self.created_by == Some(account),
            RoomKind::TimelineStaff | RoomKind::Connection => steers,
        }
    }

    /// Lets only those through who decide it.
    ///
    /// # Errors
    /// `delegation_not_approved`; `not_steward`; `not_timeline_manager`.
    pub fn let_run(&self, who: &Session) -> Result<(), Code> {
        match (self.is_run_by(who.account), self.acting) {
            (true, _) => Ok(()),
            (false, Some(acting)) if !acting.is_approved => Err(Code::DelegationNotApproved),
            (false, _) => Err(self.told(Code::NotSteward)),
        }
    }

    /// What is told to whoever does not decide: that of a managed timeline names those who do (001§29-2).
    #[must_use]
    pub fn told(&self, code: Code) -> Code {
        if code == Code::NotSteward && self.charge.is_managed() { Code::NotTimelineManager } else { code }
    }

    /// Patient and family come in by the physician in charge alone, where one was recorded (001§29-5, K-59).
    ///
    /// # Errors
    /// `physician_required`.
    pub fn let_admit(&self, who: &Session, kind: PersonKind) -> Result<(), Code> {
        let is_in = self.membership == Some(MemberState::Member);
        let lets = self.charge.physician.is_none_or(|physician| is_in && physician == who.account);
        match kind {
            PersonKind::Patient | PersonKind::Family if !lets => Err(Code::PhysicianRequired),
            PersonKind::Staff | PersonKind::Patient | PersonKind::Family => Ok(()),
        }
    }

    /// Whether somebody may come into it: not while it is in the vault, is a draft or rests.
    ///
    /// # Errors
    /// `timeline_archived`; `physician_approval_missing`, `physician_not_joined`, `timeline_paused`.
    pub fn let_grow(&self) -> Result<(), Code> {
        match (self.state, self.waits_for) {
            (RoomState::Archived, _) => Err(Code::TimelineArchived),
            (RoomState::Draft, Some(WaitsFor::Approval)) => Err(Code::PhysicianApprovalMissing),
            (RoomState::Draft, _) => Err(Code::PhysicianNotJoined),
            (RoomState::Paused, _) => Err(Code::TimelinePaused),
            (RoomState::Erased, _) => Err(Code::NotFound),
            (RoomState::Proposed | RoomState::Active, _) => Ok(()),
        }
    }

    /// Whether it is about one patient.
    #[must_use]
    pub fn is_timeline(&self) -> bool {
        match self.kind {
            RoomKind::TimelineStaff | RoomKind::TimelineWithRecipient => true,
            RoomKind::FreeGroup | RoomKind::Connection => false,
        }
    }

    /// The card under which somebody acts here: that of her membership, or that of her place in the office that answers for it
    /// or acts for that one.
    ///
    /// # Errors
    /// `not_found` for whoever has neither.
    pub async fn card_of(&self, conn: &mut Conn, who: &Session) -> Result<CardId> {
        if let Some(standing) = store::standing(conn, who.account, self.room).await? {
            return Ok(standing.membership.card);
        }
        let places = accounts::store::affiliations(conn, who.account).await?;
        let here = places.iter().find(|place| place.office.is_some() && place.office == self.office);
        // Whose office acts for that one asks as who she is there.
        let acts = places.iter().find(|place| self.acting.is_some() && place.office.is_some());
        Ok(here.or(acts).ok_or(Code::NotFound)?.card)
    }

    /// The rules of the room's region.
    ///
    /// # Errors
    /// When the region names rules that are not there.
    pub fn rules(&self, app: &App) -> Result<Arc<Profile>> {
        Ok(app.policies.named(&self.profile)?)
    }

    /// The name of the office that answers for it.
    ///
    /// # Errors
    /// When rows cannot be read or opened.
    pub async fn office_name(&self, app: &App, conn: &mut Conn) -> Result<Option<String>> {
        let Some(office) = self.office else { return Ok(None) };
        match offices::store::office(conn, office).await? {
            Some(row) => Ok(Some(bodies::open::<OfficeBody>(app, office, &row.sealed).await?.name)),
            None => Ok(None),
        }
    }

    /// The room's key, opened.
    ///
    /// # Errors
    /// When it was destroyed or lost.
    pub async fn opened_key(&self, app: &App) -> Result<Key> {
        Ok(app.keys.ready(self.key).await?)
    }
}

//! What somebody is to a room that may be erased.

use super::rules::{Room, Rules};
use crate::app::App;
use crate::crypto::seal::KeyId;
use crate::error::Result;
use crate::policy::{CompleteErasureBy, Profile};
use crate::rooms::Head;
use std::sync::Arc;
use tsumugi_protocol::{CardId, Code, MemberState, OfficeId, RegionId, RoomKind, RoomState};

/// A room and somebody who has to do with it, from one statement keyed by both. A room that is not there and one that is no
/// business of hers give the same nothing.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub region: RegionId,
    pub profile: String,
    pub kind: RoomKind,
    pub state: RoomState,
    /// The office that answers for it.
    pub office: Option<OfficeId>,
    pub key: KeyId,
    /// Its counters.
    pub head: Head,
    /// Her place in it, if she has one.
    pub membership: Option<MemberState>,
    pub asker: Asker,
    /// The card of the place she acts for.
    pub card: Option<CardId>,
}

/// What she is to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asker {
    /// She administers the office that answers for it.
    pub is_admin: bool,
    /// She signs for that office.
    pub is_head: bool,
    /// She is of its region's desk.
    pub is_desk: bool,
}

impl<'a> Rules<'a> {
    /// What a profile says of it.
    pub(super) fn of(profile: &'a Profile) -> Self {
        Self { deleted_by: &profile.group_delete_by, erased_by: profile.complete_erasure_by }
    }
}

impl Asker {
    /// Whether she can be one of the two (c-9).
    pub(super) const fn is_entitled(self) -> bool {
        self.is_admin || self.is_head || self.is_desk
    }
}

impl Facts {
    /// The rules of the room's region.
    pub(super) fn rules(&self, app: &App) -> Result<Arc<Profile>> {
        Ok(app.policies.named(&self.profile)?)
    }

    /// Lets those through who may know of the room at all: who runs it, who is in it and, where the desk erases, the desk.
    ///
    /// # Errors
    /// `not_found`; `invitation_open` for whoever is invited only.
    pub(super) fn let_know(&self, rules: Rules<'_>) -> Result<(), Code> {
        let desk_erases = rules.erased_by == CompleteErasureBy::Secretariat;
        let runs_it = self.asker.is_admin || self.asker.is_head || (self.asker.is_desk && desk_erases);
        match (self.state, runs_it, self.membership) {
            (RoomState::Erased, _, _) => Err(Code::NotFound),
            (_, true, _) | (_, false, Some(MemberState::Member)) => Ok(()),
            (_, false, Some(MemberState::Invited)) => Err(Code::InvitationOpen),
            (_, false, Some(MemberState::Left) | None) => Err(Code::NotFound),
        }
    }

    /// What the rules look at.
    pub(super) fn as_room(&self) -> Room {
        Room { kind: self.kind, state: self.state, last_position: self.head.last_position }
    }

    /// The office that answers for it and the card she acts with.
    ///
    /// # Errors
    /// `group_admin_only` where no office does, or she has no place in it.
    pub(super) fn answering(&self) -> Result<(OfficeId, CardId), Code> {
        self.office.zip(self.card).ok_or(Code::GroupAdminOnly)
    }
}

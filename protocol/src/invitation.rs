//! Wire shapes of coming into a room and going out of it: who is proposed, who approves, and the invitee's own judgement.

use crate::{
    AccountId, AffiliationId, Card, InvitationId, Member, Millis, Patient, ProfilePart, RoomId, RoomKind,
    RoomState,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$of])* $variant),+ }

        impl $name {
            /// The word on the wire and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// What that word stands for.
            #[must_use]
            pub fn of(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// How far an invitation has come.
    InvitationState {
        /// Waits for an administrator of the office that answers for the room.
        Proposed = "proposed",
        /// Approved; waits for the invitee's own judgement.
        Approved = "approved",
        /// She joined.
        Accepted = "accepted",
        /// The administrator said no, and why.
        Rejected = "rejected",
        /// Taken back by whoever proposed her, or by an administrator.
        Withdrawn = "withdrawn",
        /// She said no.
        Declined = "declined",
        /// Its time was over, or her place ended.
        Lapsed = "lapsed",
    }
}

words! {
    /// What somebody who joins may read of what was written before.
    History {
        /// Nothing: she reads from joining on.
        FromJoining = "from_joining",
        /// Everything.
        FromStart = "from_start",
    }
}

words! {
    /// Something to think about before an act; the same act again with it acknowledged goes through.
    Doubt {
        /// The room would have more members than its purpose is likely to need (003-form4-3).
        LargeGroup = "large_group",
        /// The office registered somebody of that reading and birth date before.
        PatientKnown = "patient_known",
    }
}

/// `invitations.candidates`: who may be proposed for a room.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskCandidates {
    /// The room.
    pub room: RoomId,
    /// Exactly this e-mail address; without it, colleagues and people one shares a room with. Only administrators look up others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub email: Option<String>,
}

/// Answer to `invitations.candidates`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CandidateList {
    /// In the order of their reading; nobody who is in the room or invited to it.
    pub candidates: Vec<Candidate>,
}

/// Somebody who may be proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Candidate {
    /// The place she would be a member for.
    pub affiliation: AffiliationId,
    /// Her card there.
    pub card: Card,
}

/// `invitations.propose`: asks the administrator of the office that answers for a room to let somebody be invited (000§8d).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Propose {
    /// Chosen by the client; a retry is the same invitation.
    pub invitation: InvitationId,
    /// The room.
    pub room: RoomId,
    /// The place she would be a member for.
    pub affiliation: AffiliationId,
    /// The address she was found by, where she is no colleague and shares no room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub email: Option<String>,
    /// What she has to do with this care, or with the group's aim (001§29-4); not blank.
    pub involvement: String,
    /// A word to her; may be empty.
    pub message: String,
    /// What she may read of what was written before.
    pub history: History,
}

/// `invitations.withdraw`: which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichInvitation {
    /// The invitation.
    pub invitation: InvitationId,
}

/// `invitations.approve`: one person for one room; several at once there is not (002-3.2(1)b, 004§7g).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveInvitation {
    /// The invitation.
    pub invitation: InvitationId,
    /// What was told before and is approved all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Doubt>>")]
    pub acknowledged: Vec<Doubt>,
}

/// `invitations.reject`: says no to a proposal, and why.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectInvitation {
    /// The invitation.
    pub invitation: InvitationId,
    /// Why; whoever proposed her reads it.
    pub reason: String,
}

/// Answer to `invitations.list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct InvitationList {
    /// Those that wait, the oldest first; after them, for administrators and whoever proposed them, those that came to an end.
    pub invitations: Vec<Invitation>,
    /// Whether the reader decides about them.
    pub may_decide: bool,
}

/// Somebody who is proposed or invited, as members and administrators see it: all that is weighed before approving (002-3.2(1)b).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Invitation {
    /// The invitation.
    pub invitation: InvitationId,
    /// The room.
    pub room: RoomId,
    /// Who: name, office, occupation.
    pub person: Card,
    /// What her profile lacks, verification included.
    pub lacks: Vec<ProfilePart>,
    /// Who proposed her.
    pub by: Card,
    /// What she has to do with it.
    pub involvement: String,
    /// The word to her.
    pub message: String,
    /// What she may read of what was written before.
    pub history: History,
    /// How far it has come.
    pub state: InvitationState,
    /// When she was proposed.
    pub proposed_at: Millis,
    /// Until when it counts.
    pub until: Millis,
    /// Why it was rejected or declined, where that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
}

/// Answer to `invitations.mine`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct MyInvitations {
    /// Those that wait for the reader, the oldest first.
    pub invitations: Vec<MyInvitation>,
}

/// An invitation as the invitee sees it: who asks, why, and for whose room; nothing of what is written there (000-note(3)b).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct MyInvitation {
    /// The room.
    pub room: RoomId,
    /// The office that answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub office: Option<String>,
    /// Whose timeline it is: her family name alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub patient: Option<String>,
    /// Who asks.
    pub by: Card,
    /// What the reader has to do with it, as whoever asks sees it.
    pub involvement: String,
    /// A word to the reader.
    pub message: String,
    /// What she may read of what was written before.
    pub history: History,
    /// Until when it counts.
    pub until: Millis,
}

/// `rooms.accept`: joins a room one is invited to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptRoom {
    /// The room.
    pub room: RoomId,
    /// "I take part in this person's care": a timeline is not joined without it (000-note(3)b).
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub takes_part: bool,
}

/// `rooms.decline`: says no to an invitation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineRoom {
    /// The room.
    pub room: RoomId,
    /// Why, if she likes; whoever proposed her reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
}

/// `rooms.release`: an administrator of the office that answers for a room takes somebody out of it (000§5b).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseMember {
    /// The room.
    pub room: RoomId,
    /// Who.
    pub account: AccountId,
    /// Why; kept sealed.
    pub reason: String,
}

words! {
    /// Why a timeline goes to the vault.
    ArchiveWhy {
        /// The service is no longer used for this patient.
        CareEnded = "care_ended",
        /// The patient moved away, or to other care.
        Moved = "moved",
        /// The patient died.
        Deceased = "deceased",
        /// Anything else; the note says it.
        Other = "other",
    }
}

/// `rooms.archive`: puts a timeline into the vault.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArchiveRoom {
    /// The room.
    pub room: RoomId,
    /// Why.
    pub why: ArchiveWhy,
    /// A note; kept sealed.
    pub reason: String,
}

/// `rooms.restore`: takes a timeline out of the vault.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreRoom {
    /// The room.
    pub room: RoomId,
    /// Why; kept sealed.
    pub reason: String,
}

/// Answer to `offices.timelines`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct TimelineList {
    /// In the order of the patients' reading.
    pub timelines: Vec<TimelineSeen>,
}

/// A timeline as the administrators of its steward see it: who is in it, nothing of what is written (000§8a).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct TimelineSeen {
    /// The room.
    pub room: RoomId,
    /// Kind.
    pub kind: RoomKind,
    /// State.
    pub state: RoomState,
    /// Whose.
    pub patient: Patient,
    /// Members and invited people.
    pub members: Vec<Member>,
    /// Whom somebody proposes, waiting for an administrator.
    pub proposed: Vec<Invitation>,
    /// Since when nothing was written, where that is so long that the vault is suggested.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub silent_since: Option<Millis>,
}

macro_rules! silent {
    ($($name:ident by $field:ident),+ $(,)?) => {$(
        /// Prints nothing of what was typed.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).field(stringify!($field), &self.$field).finish_non_exhaustive()
            }
        }
    )+};
}

silent! { AskCandidates by room, Propose by invitation, RejectInvitation by invitation, DeclineRoom by room, ReleaseMember by room, ArchiveRoom by room, RestoreRoom by room }

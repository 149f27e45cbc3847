//! Wire shapes of opening a timeline: a patient is registered, a physician instructs or approves, a room opens, rests and goes on.

use crate::profile::words;
use crate::{
    AccountId, Card, Doubt, InstructionId, Millis, OfficeId, Patient, PatientId, RoomId, RoomKind, RoomState,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

words! {
    /// What a timeline that cannot be written in waits for.
    WaitsFor {
        /// For the yes of the physician who was asked (001-guide§29-2).
        Approval = "approval",
        /// For its physician to take part (001-guide§29-1).
        Physician = "physician",
        /// For a physician to take charge: the one who had it is gone (001§29-5).
        Control = "control",
        /// For its physician to let it go on: she has paused it.
        Pause = "pause",
    }
}

words! {
    /// By which safe means, outside of the service, a physician instructed somebody (c-45).
    InstructionChannel {
        /// Face to face.
        InPerson = "in_person",
        /// By telephone.
        Phone = "phone",
        /// By fax.
        Fax = "fax",
        /// On paper.
        Letter = "letter",
    }
}

/// `patients.register`: somebody is cared for by one's office.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterPatient {
    /// Her id, chosen by the client; a retry is the same one.
    pub patient: PatientId,
    /// The office, which becomes her steward.
    pub office: OfficeId,
    /// Name as written.
    pub name: String,
    /// Reading in kana; not blank.
    pub kana: String,
    /// ISO date.
    pub birth_date: String,
    /// `female`, `male`, `other`, `unknown` (FHIR administrative gender).
    pub sex: String,
    /// What was told before and does not hinder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Doubt>>")]
    pub acknowledged: Vec<Doubt>,
}

/// `rooms.open_timeline`: opens a timeline of one patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenTimeline {
    /// Chosen by the client; a retry is the same room.
    pub room: RoomId,
    /// Whose.
    pub patient: PatientId,
    /// `timeline_staff`, or `timeline_with_recipient`.
    pub kind: RoomKind,
    /// The physician who is asked to take part, or for her yes; a colleague or somebody one shares a room with. Not needed
    /// where one is a physician oneself or was instructed by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub physician: Option<AccountId>,
}

/// `rooms.ask_physician`: asks a physician, once more or another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskPhysician {
    /// The timeline that waits.
    pub room: RoomId,
    /// Whom.
    pub physician: AccountId,
}

/// `rooms.reject_opening` and `rooms.pause`: a physician's act, and why.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StayTimeline {
    /// The timeline.
    pub room: RoomId,
    /// Why; kept sealed.
    pub reason: String,
}

/// `instructions.give`: a physician has somebody open and manage the timeline of a patient (001-guide§29-1).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveInstruction {
    /// Its id, chosen by the client; a retry is the same one.
    pub instruction: InstructionId,
    /// The patient; one of the physician's own office.
    pub patient: PatientId,
    /// Who is instructed: a colleague, or somebody one shares a room with.
    pub account: AccountId,
    /// How it was told.
    pub channel: InstructionChannel,
    /// On which day, as an ISO date.
    pub on: String,
    /// Whom the physician wishes to take part, in words without clinical content; kept sealed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[ts(optional, as = "Option<String>")]
    pub members: String,
}

/// `instructions.withdraw`: which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichInstruction {
    /// The instruction.
    pub instruction: InstructionId,
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
silent!(RegisterPatient by patient, StayTimeline by room, GiveInstruction by instruction);

/// Answer to `instructions.list`: those the reader gave, and those given to her, that stand; the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct InstructionList {
    /// Them.
    pub instructions: Vec<Instruction>,
}

/// That a physician has somebody open and manage a patient's timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Instruction {
    /// Its id.
    pub instruction: InstructionId,
    /// The patient.
    pub patient: Patient,
    /// Who instructed.
    pub by: Card,
    /// Who is instructed.
    pub to: Card,
    /// How it was told.
    pub channel: InstructionChannel,
    /// On which day, as an ISO date.
    pub on: String,
    /// Whom the physician wishes to take part.
    pub members: String,
    /// When it was written down.
    pub at: Millis,
}

/// Answer to `rooms.openings`: what the reader may open, and what has been opened and waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OpeningList {
    /// The offices she works for, and what their region lets her do.
    pub offices: Vec<OpeningOffice>,
    /// The patients whose timelines she may have opened, by reading.
    pub patients: Vec<OpeningPatient>,
    /// Timelines in which she is, or is asked to be, and that wait or are in a physician's charge.
    pub openings: Vec<Opening>,
}

/// An office from where timelines are opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OpeningOffice {
    /// The office.
    pub office: OfficeId,
    /// Its name.
    pub name: String,
    /// Whether she registers its patients.
    pub may_register: bool,
    /// Whether she is a physician there.
    pub is_physician: bool,
    /// Whether a timeline takes a physician's instruction or approval (K-52).
    pub takes_approval: bool,
    /// Whether a timeline waits for a physician to take part (K-53).
    pub takes_physician: bool,
}

/// A patient whose timelines one may have opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OpeningPatient {
    /// Who.
    pub patient: Patient,
    /// Her steward.
    pub office: OfficeId,
    /// The kinds of timelines that stand already.
    pub stands: Vec<RoomKind>,
    /// Whether a physician has instructed the reader.
    pub is_instructed: bool,
}

/// A timeline that waits, or is in a physician's charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Opening {
    /// The room.
    pub room: RoomId,
    /// Kind.
    pub kind: RoomKind,
    /// State.
    pub state: RoomState,
    /// What it waits for, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub waits_for: Option<WaitsFor>,
    /// The patient's name; a label alone for whoever has not joined.
    pub label: String,
    /// Who opened it.
    pub by: Card,
    /// The physician who is asked, or in charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub physician: Option<Card>,
    /// Whether that is the reader.
    pub is_mine: bool,
    /// Whether the physician said no.
    pub is_rejected: bool,
    /// Whether the reader may ask a physician now.
    pub may_ask: bool,
    /// Whether the reader may take charge now.
    pub may_take: bool,
}

//! Wire shapes of what people agree on: the agreement of a room's members (F-36), and the record of a consent by which a
//! patient's data may go through a connection (001§16-2).

use crate::{AccountId, Card, Millis, Patient, PatientId, PermitId, RoomId};
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
    /// What the members agreed on about use of what is written beyond this room (001§20-1d).
    AgreedUse {
        /// None.
        None = "none",
        /// Direct care of the same patient is agreed to beforehand.
        DirectCare = "direct_care",
        /// Whoever wrote it is asked each time.
        AskEachTime = "ask_each_time",
    }
}

/// What the members of a room agree on (001§26-7, 001§29-8).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementTerms {
    /// What the room is for, 1–1,000 characters.
    pub aim: String,
    /// How it is used, 1–1,000 characters.
    pub usage: String,
    /// Hours of its own, in a line; without it those of the region hold (003-note(3)l-3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub hours: Option<String>,
    /// Use beyond the room.
    pub secondary_use: AgreedUse,
}

/// Never prints what was agreed.
impl std::fmt::Debug for AgreementTerms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AgreementTerms").finish_non_exhaustive()
    }
}

/// The agreement of a room in short, as the reader's list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AgreementMark {
    /// Which version stands.
    pub version: u32,
    /// Hours of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub hours: Option<String>,
    /// Whether the reader has acknowledged it.
    pub acknowledged: bool,
}

/// One version of an agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Agreement {
    /// Counted from 1.
    pub version: u32,
    /// Who wrote it down.
    pub by: Card,
    /// When.
    pub at: Millis,
    /// What it says.
    pub terms: AgreementTerms,
    /// Those who acknowledged it.
    pub acknowledged: Vec<AccountId>,
}

/// Answer to `rooms.agreement`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AgreementList {
    /// All versions, the newest first: the first one stands.
    pub agreements: Vec<Agreement>,
}

/// `rooms.set_agreement`: by whoever decides who belongs to the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAgreement {
    /// The room.
    pub room: RoomId,
    /// One more than the version that stands: two who write at once do not overwrite each other.
    pub version: u32,
    /// What it says.
    pub terms: AgreementTerms,
}

/// `rooms.acknowledge_agreement`: the reader has read this version and keeps to it; also before she joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeAgreement {
    /// The room.
    pub room: RoomId,
    /// The version that stands.
    pub version: u32,
}

words! {
    /// Who gave a consent.
    PermitFrom {
        /// The patient.
        Patient = "patient",
        /// Family.
        Family = "family",
        /// Somebody who represents the patient.
        Representative = "representative",
    }
}

/// `permits.record`: the reader has obtained a patient's consent to write of her in a connection (001§16-2).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordPermit {
    /// Chosen by the client; a retry is the same record.
    pub permit: PermitId,
    /// The connection.
    pub room: RoomId,
    /// A patient the reader has to do with.
    pub patient: PatientId,
    /// Who consented.
    pub from: PermitFrom,
    /// When, as an ISO date that is not in the future.
    pub on: String,
    /// How, and to what; not blank, up to 500 characters.
    pub note: String,
}

/// Never prints what was noted.
impl std::fmt::Debug for RecordPermit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordPermit").field("permit", &self.permit).finish_non_exhaustive()
    }
}

/// A record as the members of its connection see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Permit {
    /// The record.
    pub permit: PermitId,
    /// The patient, for who has to do with her.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub patient: Option<Patient>,
    /// Who recorded it.
    pub by: Card,
    /// Who consented.
    pub from: PermitFrom,
    /// When, as an ISO date.
    pub on: String,
    /// How, and to what, for who recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
    /// When it was recorded.
    pub recorded_at: Millis,
    /// When it ended; absent while it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ended_at: Option<Millis>,
}

/// Answer to `permits.list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PermitList {
    /// The newest first.
    pub permits: Vec<Permit>,
}

/// `permits.end`: the patient's data no longer goes through the connection, and why.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndPermit {
    /// The record.
    pub permit: PermitId,
    /// Why.
    pub reason: String,
}

/// Never prints the reason.
impl std::fmt::Debug for EndPermit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EndPermit").field("permit", &self.permit).finish_non_exhaustive()
    }
}

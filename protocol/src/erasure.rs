//! Wire shapes of complete erasure: whose wish it is, who decides it with whom, and the certificate of what was erased.

use crate::{Card, ErasureId, Millis, OfficeId, Patient, RoomId, RoomKind};
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
    /// Whose wish an erasure is (001§29-7, c-9).
    Wisher {
        /// The patient's.
        Patient = "patient",
        /// The family's.
        Family = "family",
        /// That of whoever represents the patient.
        Representative = "representative",
        /// The office's own: a group that nobody needs, or a stored one that is not to be kept.
        Office = "office",
    }
}

words! {
    /// How far an erasure has come.
    ErasureState {
        /// Waits for the second person; it can be taken back.
        Waiting = "waiting",
        /// Taken back.
        Cancelled = "cancelled",
        /// Decided: nobody sees the room any more, and its key goes.
        UnderWay = "under_way",
        /// Erased, and certified.
        Erased = "erased",
    }
}

/// `erasures.request`: asks for the complete erasure of a room, on a wish that is written down.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestErasure {
    /// Chosen by the client; a retry is the same request.
    pub erasure: ErasureId,
    /// The room.
    pub room: RoomId,
    /// Whose wish it is.
    pub wisher: Wisher,
    /// Who said so; for every wish but the office's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
    /// How that person is related to the patient; for family and representatives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub relation: Option<String>,
    /// The day on which it was said, as an ISO date.
    pub given_on: String,
    /// How it is known and who it was looked at; for the office's own wish, why. Kept sealed.
    pub evidence: String,
}

/// `erasures.second` and `erasures.cancel`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichErasure {
    /// Which.
    pub erasure: ErasureId,
}

/// Answer to `erasures.list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ErasureList {
    /// Those that the reader may decide about or take back, and what became of earlier ones; the newest first.
    pub erasures: Vec<ErasureSeen>,
}

/// An erasure, as those see it who may decide about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ErasureSeen {
    /// Its id.
    pub erasure: ErasureId,
    /// The room.
    pub room: RoomId,
    /// What kind of room it is.
    pub kind: RoomKind,
    /// The office that answers for it.
    pub office: OfficeId,
    /// The office's name.
    pub office_name: String,
    /// The patient of a timeline, until it is decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub patient: Option<Patient>,
    /// How far it has come.
    pub state: ErasureState,
    /// Whose wish it is.
    pub wisher: Wisher,
    /// Who said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub name: Option<String>,
    /// How that person is related to the patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub relation: Option<String>,
    /// On which day.
    pub given_on: String,
    /// How it is known, or why.
    pub evidence: String,
    /// Who asked.
    pub asked_by: Card,
    /// When.
    pub asked_at: Millis,
    /// Who was the second person; nobody for a group that never held a post.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub seconded_by: Option<Card>,
    /// When it was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub decided_at: Option<Millis>,
    /// Whether the reader can be the second person.
    pub may_second: bool,
    /// Whether the reader can take it back.
    pub may_cancel: bool,
    /// The certificate, once it is erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub certificate: Option<ErasureCertificate>,
}

/// That a room was erased: when, and what was left where until when. Nothing of what was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ErasureCertificate {
    /// How many posts went.
    #[ts(type = "number")]
    pub posts: i64,
    /// When the room's key came on the list of destroyed keys.
    pub listed_at: Millis,
    /// When the key itself was destroyed: from then on nothing here opens.
    pub destroyed_at: Millis,
    /// When what it had closed was removed.
    pub cleared_at: Millis,
    /// Until when backups made before may hold what nothing opens (c-10).
    pub content_copies_until: Millis,
    /// Until when copies of the key, made before and kept elsewhere, may be left.
    pub key_copies_until: Millis,
    /// All of it as one line, ids and times only.
    pub statement: String,
    /// The server's signature of that line, in hexadecimal.
    pub signature: String,
}

impl std::fmt::Debug for RequestErasure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestErasure")
            .field("erasure", &self.erasure)
            .field("room", &self.room)
            .field("wisher", &self.wisher)
            .finish_non_exhaustive()
    }
}

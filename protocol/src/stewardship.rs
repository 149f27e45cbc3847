//! Wire shapes of stewardship: how the office that answers for a patient changes, who acts for it meanwhile, and that it looks
//! again and again at who is in her timelines.

use crate::{
    AccountId, Card, DelegationId, Millis, OfficeId, PatientId, ReviewId, RoomId, RoomKind, TransferId,
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
    /// How far a transfer has come (002-5.3a). The old steward answers for everything until it is completed.
    TransferState {
        /// Waits for an administrator of the receiving office.
        Proposed = "proposed",
        /// Accepted; waits until the patient has consented anew (002-5.3b).
        AwaitingConsent = "awaiting_consent",
        /// The receiving office is the steward.
        Completed = "completed",
        /// The receiving office said no.
        Declined = "declined",
        /// The steward took it back.
        Withdrawn = "withdrawn",
        /// Its time was over.
        Lapsed = "lapsed",
    }
}

words! {
    /// How far a delegation has come (000§4b).
    DelegationState {
        /// Waits for an administrator of the other office.
        Given = "given",
        /// Accepted: the other office acts for the steward, where an approval is recorded.
        Active = "active",
        /// Over: ended by either side, or its day has come.
        Ended = "ended",
    }
}

/// An office that may become the steward, or act for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OfficeChoice {
    /// The office.
    pub office: OfficeId,
    /// Its name.
    pub name: String,
}

/// Answer to `transfers.offices`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OfficeChoices {
    /// In the order of their names.
    pub offices: Vec<OfficeChoice>,
}

/// `transfers.propose`: asks another office to answer for a patient from now on, with all her timelines.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeTransfer {
    /// Chosen by the client; a retry is the same transfer.
    pub transfer: TransferId,
    /// A timeline of the patient.
    pub room: RoomId,
    /// The office that is asked.
    pub to: OfficeId,
    /// Why; the other office reads it. Kept sealed.
    pub reason: String,
}

/// `transfers.withdraw`, `transfers.complete`: which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichTransfer {
    /// The transfer.
    pub transfer: TransferId,
}

/// `transfers.accept`: the receiving office agrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptTransfer {
    /// The transfer.
    pub transfer: TransferId,
    /// "We treat this information properly and answer for it": not accepted without it (002-5.3a).
    pub answers_for: bool,
}

/// `transfers.decline`: the receiving office says no, and why.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineTransfer {
    /// The transfer.
    pub transfer: TransferId,
    /// Why; the steward reads it. Kept sealed.
    pub reason: String,
}

/// Who has approved that another office acts for the steward, and what shows it (000§4b).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The medical institution.
    pub institution: String,
    /// Who approved there.
    pub approver: String,
    /// On which day, `2026-03-01`.
    pub approved_on: String,
    /// What shows it, and where it lies.
    pub evidence: String,
}

/// `delegations.give`: lets another office act for the steward as to a patient.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveDelegation {
    /// Chosen by the client; a retry is the same delegation.
    pub delegation: DelegationId,
    /// A timeline of the patient.
    pub room: RoomId,
    /// The office that is to act.
    pub to: OfficeId,
    /// Its last day, `2027-03-31`.
    pub until: String,
    /// The approval, where it is there already; nobody acts without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub approval: Option<Approval>,
}

/// `delegations.approve`: records the approval.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveDelegation {
    /// The delegation.
    pub delegation: DelegationId,
    /// Who approved, and what shows it.
    pub approval: Approval,
}

/// `delegations.accept`: the other office agrees to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptDelegation {
    /// The delegation.
    pub delegation: DelegationId,
    /// "We treat this information properly and answer for it."
    pub answers_for: bool,
}

/// `delegations.end`: either office ends it, or says no to it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndDelegation {
    /// The delegation.
    pub delegation: DelegationId,
    /// Why; kept sealed.
    pub reason: String,
}

/// Answer to `stewardships.of_office`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Stewardships {
    /// Transfers from the office and to it: those that are open first, then the latest.
    pub transfers: Vec<TransferSeen>,
    /// Delegations it gave and has, likewise.
    pub delegations: Vec<DelegationSeen>,
}

/// A transfer as the administrators of both offices see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct TransferSeen {
    /// The transfer.
    pub transfer: TransferId,
    /// The patient: for the steward, and for the other office once it has accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub patient: Option<PatientId>,
    /// Her name; her family name alone for an office that has not accepted.
    pub name: String,
    /// The steward that gives.
    pub from: String,
    /// The office that receives.
    pub to: String,
    /// Whether the asking administrator's office is the one that receives.
    pub is_ours_to_take: bool,
    /// How far it has come.
    pub state: TransferState,
    /// Whether the patient has consented anew, or need not.
    pub is_consented: bool,
    /// Why.
    pub reason: String,
    /// Why it was declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub answer: Option<String>,
    /// When it was proposed.
    pub proposed_at: Millis,
    /// Until when an answer, or the completion, counts.
    pub until: Millis,
}

/// A delegation as the administrators of both offices see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DelegationSeen {
    /// The delegation.
    pub delegation: DelegationId,
    /// The patient's name; her family name alone for an office that has not accepted.
    pub name: String,
    /// The steward.
    pub steward: String,
    /// The office that acts for it.
    pub delegate: String,
    /// Whether the asking administrator's office is the one that acts.
    pub is_ours_to_take: bool,
    /// How far it has come.
    pub state: DelegationState,
    /// The medical institution and who approved there, once that is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub approved_by: Option<String>,
    /// On which day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub approved_on: Option<String>,
    /// From when on it is over.
    pub until: Millis,
}

/// Answer to `reviews.due`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ReviewList {
    /// The timelines of the office, what is due the longest first.
    pub reviews: Vec<ReviewSeen>,
}

/// When the members of a timeline are looked at again (000-note(1)b-ii), and who they are once that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ReviewSeen {
    /// The room.
    pub room: RoomId,
    /// Kind.
    pub kind: RoomKind,
    /// The patient's name.
    pub name: String,
    /// From when on it is due.
    pub due_at: Millis,
    /// Whether it is.
    pub is_due: bool,
    /// Whether that is so for too long; then the office's head is told as well.
    pub is_overdue: bool,
    /// When it was signed off last by this office.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub signed_at: Option<Millis>,
    /// Its members, where it is due.
    pub members: Vec<ReviewedMember>,
}

/// A member as she is looked at: who she is, and when she last had to do with the room; nothing of what is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ReviewedMember {
    /// Name, office, occupation.
    pub card: Card,
    /// When she last read something new.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub read_at: Option<Millis>,
    /// When she last wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub posted_at: Option<Millis>,
}

/// `reviews.sign`: who stays in a timeline and who goes out of it; every member is one or the other.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignReview {
    /// Chosen by the client; a retry is the same review.
    pub review: ReviewId,
    /// The timeline.
    pub room: RoomId,
    /// Who stays.
    pub kept: Vec<AccountId>,
    /// Who goes out, at once.
    pub released: Vec<AccountId>,
    /// Why they go; needed where somebody does. Kept sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
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

silent! { ProposeTransfer by transfer, DeclineTransfer by transfer, Approval by approved_on, GiveDelegation by delegation, ApproveDelegation by delegation, EndDelegation by delegation, SignReview by review }

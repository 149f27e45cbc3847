//! Wire shapes of exceptions from the rule of devices: declared, bounded, ended, and looked at afterwards.

use crate::{Card, ExceptionId, Millis, OfficeId, RegionId, TokenIn};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

crate::device::words! {
    /// What lifts the rule of devices, and nothing else (K-81).
    ExceptionKind {
        /// A disaster (001§24, 004§10b).
        Disaster = "disaster",
        /// Life or body in danger (004§10a).
        LifeOrBody = "life_or_body",
    }
}
crate::device::words! {
    /// Who declared it (K-82, c-28).
    ExceptionBy {
        /// The association's desk or committee.
        Secretariat = "secretariat",
        /// An admin, for the own office.
        OfficeAdmin = "office_admin",
        /// Whoever needed it, for herself.
        Holder = "holder",
    }
}

/// `exceptions.declare`: the client chooses the id, so that asking again declares nothing twice.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclareException {
    /// The exception to be.
    pub exception: ExceptionId,
    /// Where.
    pub region: RegionId,
    /// For which offices; for all of the region where it is empty.
    pub offices: Vec<OfficeId>,
    /// What happened.
    pub kind: ExceptionKind,
    /// The area that is hit, in words.
    pub area: String,
    /// Why.
    pub reason: String,
    /// For how many hours.
    pub hours: u32,
}

/// `accounts.declare_exception` (HTTP only): somebody whose device is not in the ledger says that she needs the service now. A link
/// that is good once is mailed to her.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclareMyException {
    /// E-mail address.
    pub email: String,
    /// Password as typed.
    pub password: String,
    /// What happened.
    pub kind: ExceptionKind,
    /// Why.
    pub reason: String,
}

/// `accounts.enter_by_exception` (HTTP only): comes in by that link, with the password and every other factor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnterByException {
    /// The token of the link.
    pub link: String,
    /// Password as typed.
    pub password: String,
    /// Where the session's token goes.
    #[serde(default)]
    #[ts(optional, as = "Option<TokenIn>")]
    pub token_in: TokenIn,
}

/// `exceptions.end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichException {
    /// The exception.
    pub exception: ExceptionId,
}

/// `exceptions.review`: it was looked at, what was done under it and whether that was right.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewException {
    /// The exception.
    pub exception: ExceptionId,
    /// What was found; kept sealed.
    pub note: String,
}

macro_rules! silent {
    ($($name:ident),+) => {$(
        /// Prints nothing of what was typed.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
silent!(DeclareException, DeclareMyException, EnterByException, ReviewException);

/// Answer to `exceptions.list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ExceptionList {
    /// What the reader looks after or declared herself, the latest first.
    pub exceptions: Vec<ExceptionSeen>,
    /// What she may declare.
    pub may_declare: Vec<MayDeclare>,
}

/// One exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ExceptionSeen {
    /// Which.
    pub exception: ExceptionId,
    /// The region.
    pub region: RegionId,
    /// The offices it was declared for; all of the region where it is empty.
    pub offices: Vec<ExceptionOffice>,
    /// What happened.
    pub kind: ExceptionKind,
    /// Who declared it.
    pub by: ExceptionBy,
    /// Her name.
    pub declared_by: String,
    /// The area, in words; absent for one's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub area: Option<String>,
    /// Why.
    pub reason: String,
    /// From when.
    pub at: Millis,
    /// Until when at most.
    pub until: Millis,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ended_at: Option<Millis>,
    /// Who came in under it; nobody for who only declared it for herself.
    pub sessions: Vec<ExceptionSession>,
    /// What was found afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub review: Option<ExceptionReview>,
    /// Whether the reader may end it.
    pub may_end: bool,
    /// Whether she is to look at it.
    pub may_review: bool,
}

/// An office of an exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ExceptionOffice {
    /// The office.
    pub office: OfficeId,
    /// Its name.
    pub name: String,
}

/// A session that was opened under an exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ExceptionSession {
    /// Whose.
    pub card: Card,
    /// The program, in two words.
    pub client: String,
    /// Since when.
    pub opened_at: Millis,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ended_at: Option<Millis>,
}

/// That somebody looked at an exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ExceptionReview {
    /// Who.
    pub by: String,
    /// When.
    pub at: Millis,
    /// What was found.
    pub note: String,
}

/// What somebody may declare in a region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct MayDeclare {
    /// The region.
    pub region: RegionId,
    /// As whom.
    pub by: ExceptionBy,
    /// For which offices; as the desk also for all.
    pub offices: Vec<ExceptionOffice>,
    /// Which kinds the rules know (K-81).
    pub kinds: Vec<ExceptionKind>,
    /// For how many hours at most.
    pub hours: u32,
}

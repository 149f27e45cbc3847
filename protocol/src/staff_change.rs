//! Wire shapes of what an office's staff changed and the region's desk is told of (職員の登録・変更・削除の届出).

use crate::{Card, Millis, OfficeId, StaffChangeId};
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
    /// What changed; exactly one of the three (004-form3).
    StaffChangeKind {
        /// Somebody came.
        Added = "added",
        /// Her name or occupation is another one.
        Changed = "changed",
        /// Somebody left.
        Left = "left",
    }
}

words! {
    /// What the region's rules want handed in with it (K-17 to K-19).
    StaffForm {
        /// An application.
        Application = "application",
        /// The pledge of the office's head.
        HeadPledge = "head_pledge",
        /// The pledge of each administrator.
        AdminPledge = "admin_pledge",
        /// The pledge of each person.
        StaffPledge = "staff_pledge",
        /// A request for an id.
        IdRequest = "id_request",
        /// A notice of a change.
        ChangeNotice = "change_notice",
        /// A word to the desk, however it comes.
        AnyNotice = "any_notice",
        /// That the role was explained.
        RoleExplanation = "role_explanation",
    }
}

/// `staff_changes.list`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskStaffChanges {
    /// Of that office alone, which the reader runs or whose desk she is of; without it, of all regions whose desk she is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub office: Option<OfficeId>,
}

/// `staff_changes.process`: which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichStaffChange {
    /// The change.
    pub change: StaffChangeId,
}

/// Answer to `staff_changes.list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct StaffChangeList {
    /// Those that wait for the desk, the oldest first; after them those it has dealt with, the latest first.
    pub changes: Vec<StaffChange>,
}

/// One change, with what was before and what is after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct StaffChange {
    /// The change.
    pub change: StaffChangeId,
    /// The office.
    pub office: OfficeId,
    /// What changed.
    pub kind: StaffChangeKind,
    /// Her card before; nothing for who came.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub before: Option<Card>,
    /// Her card after; nothing for who left.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub after: Option<Card>,
    /// What is to be handed in with it.
    pub forms: Vec<StaffForm>,
    /// When.
    pub at: Millis,
    /// When the desk dealt with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub processed_at: Option<Millis>,
    /// Whether it waits for too long.
    pub is_overdue: bool,
}

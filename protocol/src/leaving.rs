//! Wire shapes of being kept out, leaving, and coming to another office.

use crate::{AccountId, AffiliationId, Card, Millis, Occupation, OfficeId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// `offices.bar` and `offices.lift_bar`: somebody, of whatever office, and the timelines that one's own office is steward of.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BarPerson {
    /// The office whose timelines they are.
    pub office: OfficeId,
    /// Who.
    pub account: AccountId,
    /// Why; kept sealed.
    pub reason: String,
}

/// Answer to `offices.readers`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ReaderList {
    /// Who reads the timelines that the office is steward of, and who is barred from them.
    pub readers: Vec<ReaderSeen>,
}

/// Somebody in the timelines of an office, as its administrator sees her: nothing of what is written there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ReaderSeen {
    /// Her card there.
    pub card: Card,
    /// How many of them she reads.
    #[ts(type = "number")]
    pub timelines: u32,
    /// Since when she is barred from all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub barred_since: Option<Millis>,
}

/// Answer to `offices.leavers`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LeaverList {
    /// Who left and for whom something is still to be done, and who left lately; the latest first.
    pub leavers: Vec<LeaverSeen>,
    /// Accounts of staff and leavers that an administrator may close now, on a case of the support desk.
    pub cases: Vec<CaseSeen>,
}

/// Somebody who left an office: what is done and what is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LeaverSeen {
    /// Her card in this office.
    pub card: Card,
    /// When her place here ended.
    pub left_at: Millis,
    /// How many rooms she left with it.
    #[ts(type = "number")]
    pub rooms_left: u32,
    /// Devices of this office that the ledger still has under her name.
    #[ts(type = "number")]
    pub devices: u32,
    /// Since when her account opens nothing and is not closed. Absent when it is closed or has a use; which of them is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub unclosed_since: Option<Millis>,
    /// Whether that is too long by the region's rules (002-2.1M9).
    pub is_overdue: bool,
}

/// An account that may be closed in its holder's stead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CaseSeen {
    /// Whose it is: her card in this office.
    pub card: Card,
    /// Until when.
    pub until: Millis,
}

/// `accounts.close_for` (HTTP only): an administrator closes somebody's account in her stead, on a case of the support desk and with a
/// fresh proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseFor {
    /// Whose account.
    pub account: AccountId,
}

/// `offices.admit`: asks somebody who has an account already whether she wants to work for the office as well.
///
/// The answer is the same whether anybody has that address or not.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdmitStaff {
    /// The office.
    pub office: OfficeId,
    /// Her place in the office, should she accept.
    pub affiliation: AffiliationId,
    /// Her own name; the office's stands beside it by itself.
    pub name: String,
    /// Reading in kana; may be empty.
    pub kana: String,
    /// Occupation.
    pub occupation: Occupation,
    /// The e-mail address of her account.
    pub email: String,
}

/// Answer to `accounts.admissions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AdmissionList {
    /// Those that wait for an answer, the oldest first.
    pub admissions: Vec<AdmissionSeen>,
}

/// An office that asks for the reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AdmissionSeen {
    /// The place to be.
    pub admission: AffiliationId,
    /// The office's name.
    pub office: String,
    /// Which of its administrators asks.
    pub asked_by: String,
    /// Under which name others would see her.
    pub name: String,
    /// Its reading.
    pub kana: String,
    /// As what.
    pub occupation: Occupation,
    /// Since when.
    pub asked_at: Millis,
    /// Until when an answer counts.
    pub until: Millis,
}

/// `accounts.accept_admission` and `accounts.decline_admission`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichAdmission {
    /// The place to be.
    pub admission: AffiliationId,
}

macro_rules! silent {
    ($($name:ident by $field:ident),+) => {$(
        /// Prints nothing of what was typed.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).field(stringify!($field), &self.$field).finish_non_exhaustive()
            }
        }
    )+};
}
silent!(BarPerson by account, AdmitStaff by office);

//! Wire shapes of offices: their staff, and what an administrator does about an account.

use crate::{AccountId, AffiliationId, Card, Lang, Millis, Occupation, OfficeId, RegionId, Role};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// `offices.staff`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichOffice {
    /// The office.
    pub office: OfficeId,
}

/// Answer to `offices.staff`: names in the order of their reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct StaffList {
    /// Who works there now.
    pub staff: Vec<StaffSeen>,
}

/// Somebody of the office as its administrator and the region's desk see her (000§8c).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct StaffSeen {
    /// Her place in this office.
    pub affiliation: AffiliationId,
    /// Her card in this office.
    pub card: Card,
    /// Roles held here.
    pub roles: Vec<Role>,
    /// What may be done with the account.
    pub state: AccountState,
    /// Whether it has a password: otherwise its first link is still out.
    pub has_entered: bool,
    /// Whether several people use it.
    pub is_shared: bool,
    /// Whether the region's rules let several people use it, if they do not yet (K-29).
    pub may_be_shared: bool,
    /// Until when her sign-in is locked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub locked_until: Option<Millis>,
    /// Since when nobody used the account, where that is too long by the region's rules (002-2.1S3): whether she still needs
    /// it is her admin's to find out. Whoever never came in counts from the day of her place here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub unused_since: Option<Millis>,
    /// When she last did something, as far as it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub last_act: Option<Millis>,
}

/// Answer to `offices.of_region`: names in the order of their reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OfficeList {
    /// The offices of the regions whose desk asks.
    pub offices: Vec<OfficeSeen>,
}

/// An office as its region's desk sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OfficeSeen {
    /// The office.
    pub office: OfficeId,
    /// Its region.
    pub region: RegionId,
    /// Its name.
    pub name: String,
    /// How many people work there now.
    pub people: u32,
    /// Its admins.
    pub admins: Vec<Card>,
    /// Whether one of them has come in and may act: otherwise nobody there can help the others.
    pub is_administered: bool,
}

/// `offices.register_staff`: the client chooses both ids, so that asking again registers nobody twice.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterStaff {
    /// The office.
    pub office: OfficeId,
    /// The account to be.
    pub account: AccountId,
    /// Her place in the office.
    pub affiliation: AffiliationId,
    /// Her own name; the office's stands beside it by itself.
    pub name: String,
    /// Reading in kana; may be empty.
    pub kana: String,
    /// Occupation.
    pub occupation: Occupation,
    /// E-mail address: there her first link goes.
    pub email: String,
    /// Language.
    #[serde(default)]
    #[ts(optional, as = "Option<Lang>")]
    pub lang: Lang,
}

/// Never prints who it is.
impl std::fmt::Debug for RegisterStaff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("RegisterStaff");
        shown.field("office", &self.office).field("account", &self.account).finish_non_exhaustive()
    }
}

/// `offices.end_affiliation`: somebody left the job, or works elsewhere now.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndAffiliation {
    /// Her place in the office.
    pub affiliation: AffiliationId,
    /// Why; kept sealed.
    pub reason: String,
}

/// Never prints a reason.
impl std::fmt::Debug for EndAffiliation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EndAffiliation").field("affiliation", &self.affiliation).finish_non_exhaustive()
    }
}

/// What may be done with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Everything that its person may.
    Active,
    /// Reading only (000-note(2)b).
    Restricted,
    /// Nobody comes in.
    Suspended,
    /// It is closed for good.
    Closed,
}

impl AccountState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Active, Self::Restricted, Self::Suspended, Self::Closed];

    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Restricted => "restricted",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }

    /// The state of that word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether somebody may come in.
    #[must_use]
    pub const fn may_come_in(self) -> bool {
        matches!(self, Self::Active | Self::Restricted)
    }
}

/// `accounts.unlock`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unlock {
    /// Whose sign-in.
    pub account: AccountId,
    /// Why; kept sealed.
    pub reason: String,
}

/// `accounts.set_state`: to `active`, `restricted` or `suspended`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetState {
    /// Whose account.
    pub account: AccountId,
    /// What it is to be.
    pub state: AccountState,
    /// Why; kept sealed.
    pub reason: String,
}

/// `accounts.close` (HTTP only): for good, with a fresh proof. The account is named, so that nobody closes another than she means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseAccount {
    /// The account: one's own.
    pub account: AccountId,
}

/// Never prints a reason.
impl std::fmt::Debug for Unlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unlock").field("account", &self.account).finish_non_exhaustive()
    }
}

/// Never prints a reason.
impl std::fmt::Debug for SetState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("SetState");
        shown.field("account", &self.account).field("state", &self.state).finish_non_exhaustive()
    }
}

//! Wire shapes of shared accounts: who is on the roster, and who acts (000§11(2), 003§11※).

use crate::{AccountId, Occupation, RosterPersonId, TokenIn};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// One of the people who share an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterPerson {
    /// Her id, chosen by the client.
    pub id: RosterPersonId,
    /// Name as written.
    pub name: String,
    /// Reading in kana.
    pub kana: String,
    /// Occupation.
    pub occupation: Occupation,
}

/// `accounts.share`: several people use an account from now on.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareAccount {
    /// Which.
    pub account: AccountId,
    /// Who answers for it.
    pub responsible: AccountId,
    /// Why it has to be.
    pub reason: String,
    /// Who they are.
    pub roster: Vec<RosterPerson>,
}

/// `accounts.change_roster`: others share an account. Its password has to be changed then.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRoster {
    /// Which account.
    pub account: AccountId,
    /// Who joins.
    #[serde(default)]
    pub add: Vec<RosterPerson>,
    /// Who leaves.
    #[serde(default)]
    pub remove: Vec<RosterPersonId>,
    /// Why.
    pub reason: String,
}

/// `accounts.unshare`: an account is one person's again. Its password has to be changed then.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnshareAccount {
    /// Which.
    pub account: AccountId,
    /// Why.
    pub reason: String,
}

macro_rules! silent {
    ($($name:ident),+) => {$(
        /// Prints no reason.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).field("account", &self.account).finish_non_exhaustive()
            }
        }
    )+};
}
silent!(ShareAccount, ChangeRoster, UnshareAccount);

/// `accounts.roster`: who shares an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichAccount {
    /// Which.
    pub account: AccountId,
}

/// Who shares an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Roster {
    /// Who answers for it; nobody where it is not shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub responsible: Option<AccountId>,
    /// Who they are, by reading.
    pub people: Vec<RosterPerson>,
}

/// `accounts.act_as` (HTTP only): who of the roster acts in this session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActAs {
    /// Who.
    pub person: RosterPersonId,
    /// Where the new session's token goes.
    #[serde(default)]
    #[ts(optional, as = "Option<TokenIn>")]
    pub token_in: TokenIn,
}

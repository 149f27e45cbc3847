//! What a knob may be set to where it is no number: loose to strict, in the order in which they stand.

use super::kinds::Union;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// K-56, an own knob that gives a reason where it differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FreeGroupBy {
    /// Only an office's admin.
    OfficeAdmin,
    /// Any staff.
    AnyStaff,
}

/// K-90.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirm {
    /// No confirm step; below the floor.
    Off,
    /// Every post is confirmed.
    Required,
}

/// K-29: whether several people may share an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SharedAccount {
    /// With a reason, a roster and an acting person.
    Discouraged,
    /// Only an account that is registered as a department's.
    DepartmentOnly,
    /// Never.
    Forbidden,
}

impl SharedAccount {
    /// Whether an account that somebody has come in with may be shared: it is a person's.
    #[must_use]
    pub fn lets_persons(self) -> bool {
        match self {
            Self::Discouraged => true,
            Self::DepartmentOnly | Self::Forbidden => false,
        }
    }

    /// Whether an account that nobody came in with yet may be shared: it can still become a department's.
    #[must_use]
    pub fn lets_departments(self) -> bool {
        match self {
            Self::Discouraged | Self::DepartmentOnly => true,
            Self::Forbidden => false,
        }
    }
}

/// K-40, K-74: whether something is asked for beside the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// Not offered.
    Off,
    /// Whoever wants it.
    Optional,
    /// Nobody comes in without.
    Required,
}

/// K-73: devices that the office did not lend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnDevice {
    /// The office decides for each.
    OfficeDecides,
    /// With the office's written permission.
    WrittenPermission,
    /// Never.
    Forbidden,
}

/// K-41 to K-44: how strongly something is asked of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// Nobody asks for it.
    Off,
    /// Its holder is reminded.
    Recommended,
    /// Without it nobody joins a room.
    Required,
}

/// How strongly something is asked of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// To be thought of.
    Considered,
    /// Reminded of.
    Recommended,
    /// Without it the device stays outside.
    Must,
}

/// K-46: who may end an account altogether. An own knob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountEndedBy {
    /// Its holder.
    Holder,
    /// The office's admin, on a case that the support desk opened.
    AdminOnSupportCase,
    /// The office's admin.
    OfficeAdmin,
    /// The association's desk.
    Secretariat,
}

/// K-72: who gets an incident. The lists add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentTo {
    /// The admins of the person's offices.
    OfficeAdmin,
    /// The region's desk.
    Secretariat,
}

/// What a password is compared with when it is set (K-34).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compared {
    /// With what others could guess.
    Guesses,
    /// With the one it replaces.
    TheLastOne,
    /// With earlier ones.
    EarlierOnes,
}

impl<K: Ord + Copy, V: Ord + Copy> Union for BTreeMap<K, V> {
    fn with(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for (key, level) in other {
            let held = both.entry(*key).or_insert(*level);
            *held = (*held).max(*level);
        }
        both
    }
}

impl<T: Ord + Copy> Union for BTreeSet<T> {
    fn with(&self, other: &Self) -> Self {
        self.union(other).copied().collect()
    }
}

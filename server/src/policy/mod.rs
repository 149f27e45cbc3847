//! Region rules as typed data: one profile per file, the vendor floor below all of them.

use crate::error::{Failure, Fault};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A region's rules. Every knob carries its number in the clause index (K-…).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name of the file, and of the profile.
    pub key: String,
    /// Rises with every amendment; acts record which one decided.
    pub version: u32,
    /// K-01: what the rules are called.
    pub title: String,
    /// K-06: the word for the person cared for.
    pub term_patient: String,
    /// K-56: who may open a free group.
    pub free_group_by: FreeGroupBy,
    /// K-90: every post passes the confirm step.
    pub confirm_post: Confirm,
    /// K-31, K-32, variant A: how many characters a password has at least, letters, digits and symbols among them.
    pub password_least: usize,
    /// † How long a preview may be sent after it was shown, in minutes.
    pub confirm_minutes: u32,
    /// † One audit row per session, room and so many minutes of reading.
    pub read_audit_minutes: u32,
    /// † Refusals of one person that are written one by one in a minute; past it they are counted.
    pub refusals_a_minute: u32,
    /// Values below the floor, each with its reason; the rules page shows them.
    #[serde(default)]
    pub overrides: Vec<Override>,
}

/// K-56, an own knob: the nearer value replaces the floor's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FreeGroupBy {
    /// Only an office's admin.
    OfficeAdmin,
    /// Any staff.
    AnyStaff,
}

/// K-90, an ordered knob, loose to strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirm {
    /// No confirm step; below the floor.
    Off,
    /// Every post is confirmed.
    Required,
}

/// A value below the floor.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The knob.
    pub knob: String,
    /// Why.
    pub reason: String,
}

impl Profile {
    /// `vendor-floor v1`: what an audit row says about which rules decided.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} v{}", self.key, self.version)
    }

    /// How long a preview may be sent.
    #[must_use]
    pub fn confirm_for(&self) -> std::time::Duration {
        std::time::Duration::from_secs(u64::from(self.confirm_minutes) * 60)
    }
}

/// Why the rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyFault {
    /// A file does not read.
    #[error("policy {file} does not read: {reason}")]
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// A value is below the floor without a reason.
    #[error("policy {file}: {knob} is below the floor and no reason is recorded")]
    BelowFloor {
        /// The file.
        file: String,
        /// The knob.
        knob: &'static str,
    },
    /// A region names a profile that is not there.
    #[error("there is no policy named {0}")]
    Missing(String),
}

impl From<PolicyFault> for Failure {
    fn from(fault: PolicyFault) -> Self {
        Fault::new("finding a region's rules", fault).into()
    }
}

/// All profiles of the server.
#[derive(Debug, Clone)]
pub struct Policies(BTreeMap<String, Arc<Profile>>);

const FLOOR: &str = include_str!("../../policies/vendor-floor.toml");
const BENCH: &str = include_str!("../../policies/bench.toml");

impl Policies {
    /// The shipped profiles.
    ///
    /// # Errors
    /// [`PolicyFault`] when a file does not read or is below the floor without a reason.
    pub fn shipped() -> Result<Self, PolicyFault> {
        let floor = read("vendor-floor", FLOOR)?;
        Self::of(floor, Vec::new())
    }

    /// The shipped profiles and the one for measuring, whose confirm step is off. Only for `--bench`.
    ///
    /// # Errors
    /// As [`Policies::shipped`].
    pub fn for_bench() -> Result<Self, PolicyFault> {
        Self::of(read("vendor-floor", FLOOR)?, vec![read("bench", BENCH)?])
    }

    fn of(floor: Profile, others: Vec<Profile>) -> Result<Self, PolicyFault> {
        for profile in &others {
            let has_reason =
                profile.overrides.iter().any(|o| o.knob == "K-90" && !o.reason.trim().is_empty());
            if profile.confirm_post < floor.confirm_post && !has_reason {
                return Err(PolicyFault::BelowFloor { file: profile.key.clone(), knob: "K-90" });
            }
        }
        let all = std::iter::once(floor).chain(others);
        Ok(Self(all.map(|profile| (profile.key.clone(), Arc::new(profile))).collect()))
    }

    /// † How many refusals of one person are written one by one in a minute, before any region is known.
    #[must_use]
    pub fn strictest_refusals_a_minute(&self) -> u32 {
        self.0.values().map(|profile| profile.refusals_a_minute).max().unwrap_or_default()
    }

    /// K-31: the strictest length of a password; an account may belong to several regions.
    #[must_use]
    pub fn strictest_password_least(&self) -> usize {
        self.0.values().map(|profile| profile.password_least).max().unwrap_or_default()
    }

    /// The profile of that name.
    ///
    /// # Errors
    /// [`PolicyFault::Missing`].
    pub fn named(&self, key: &str) -> Result<Arc<Profile>, PolicyFault> {
        self.0.get(key).cloned().ok_or_else(|| PolicyFault::Missing(key.to_owned()))
    }
}

fn read(key: &str, text: &str) -> Result<Profile, PolicyFault> {
    toml::from_str(text)
        .map_err(|error| PolicyFault::Unreadable { file: key.to_owned(), reason: error.message().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_profiles_read() {
        let policies = Policies::for_bench().unwrap();
        assert_eq!(policies.named("vendor-floor").unwrap().confirm_post, Confirm::Required);
        assert_eq!(policies.named("bench").unwrap().confirm_post, Confirm::Off);
        assert!(Policies::shipped().unwrap().named("bench").is_err(), "only --bench loads it");
    }

    #[test]
    fn a_value_below_the_floor_needs_a_reason() {
        let floor = read("vendor-floor", FLOOR).unwrap();
        let mut lax = read("bench", BENCH).unwrap();
        lax.overrides.clear();
        assert!(matches!(Policies::of(floor, vec![lax]), Err(PolicyFault::BelowFloor { knob: "K-90", .. })));
    }

    #[test]
    fn an_unknown_knob_is_refused() {
        assert!(matches!(read("x", &format!("{FLOOR}\nconfirm = 1\n")), Err(PolicyFault::Unreadable { .. })));
    }
}

//! Region rules as typed data: one profile per file, the vendor floor below all of them, each knob of one kind.

mod budgets;
mod choices;
mod denied;
mod kinds;
mod passwords;
mod profile;
mod second_factor;
#[cfg(test)]
mod tests;

pub use budgets::{Budget, Daily, Guessing, Lockout, SessionSpan};
pub use choices::{
    AccountEndedBy, Asked, Compared, Confirm, FreeGroupBy, IncidentTo, Level, OwnDevice, SharedAccount,
    Wanted,
};
pub use denied::DenyList;
pub use kinds::{AtLeast, AtMost, Override, Union};
pub use passwords::{CharClass, EndOfLong, FloorHolds, KindName, PasswordKind, PasswordRules};
pub use profile::{KNOBS, Kind, Knob, Profile};
pub use second_factor::{LockCloses, PasskeyUse, SecondFactorKind, SecondFactorRule, Since};

use crate::error::{Failure, Fault};
use profile::Given;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

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
    /// An own value that the floor reserves to admins differs without a reason.
    #[error("policy {file}: {knob} differs from the floor and no reason is recorded")]
    NoReason {
        /// The file.
        file: String,
        /// The knob.
        knob: &'static str,
    },
    /// The floor leaves something out.
    #[error("policy {file} is the floor and says nothing of {knob}")]
    Silent {
        /// The file.
        file: String,
        /// The knob.
        knob: &'static str,
    },
    /// A reason is given for a knob that there is not.
    #[error("policy {file} gives a reason for {knob}, which is no knob")]
    NoSuchKnob {
        /// The file.
        file: String,
        /// What was written.
        knob: String,
    },
    /// Floor and file together allow no password.
    #[error("policy {file}: no password can meet its rules and the floor's")]
    NoPassword {
        /// The file.
        file: String,
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
pub struct Policies {
    profiles: BTreeMap<String, Arc<Profile>>,
    /// The profile that holds where no region does.
    floor: String,
    denied: DenyList,
}

const FLOOR: &str = include_str!("../../policies/vendor-floor.toml");
const BENCH: &str = include_str!("../../policies/bench.toml");

impl Policies {
    /// The shipped profiles.
    ///
    /// # Errors
    /// [`PolicyFault`] when a file does not read or is below the floor without a reason.
    pub fn shipped() -> Result<Self, PolicyFault> {
        Self::of(read("vendor-floor", FLOOR)?, Vec::new())
    }

    /// The shipped profiles and the one for measuring, whose confirm step is off. Only for `--bench`.
    ///
    /// # Errors
    /// As [`Policies::shipped`].
    pub fn for_bench() -> Result<Self, PolicyFault> {
        Self::of(read("vendor-floor", FLOOR)?, vec![read("bench", BENCH)?])
    }

    /// The same, and one more profile, silent on nothing, in place of the one of its name. Only for a demo of a test.
    ///
    /// # Errors
    /// [`PolicyFault`] when it does not read.
    pub fn with_profile(mut self, text: &str) -> Result<Self, PolicyFault> {
        let profile = Profile::floor(read("profile", text)?)?;
        self.profiles.insert(profile.key.clone(), Arc::new(profile));
        Ok(self)
    }

    fn of(floor: Given, regions: Vec<Given>) -> Result<Self, PolicyFault> {
        let floor = Profile::floor(floor)?;
        let mut all = BTreeMap::new();
        for region in regions {
            let profile = floor.tightened_by(region)?;
            all.insert(profile.key.clone(), Arc::new(profile));
        }
        let key = floor.key.clone();
        all.insert(key.clone(), Arc::new(floor));
        Ok(Self { profiles: all, floor: key, denied: DenyList::default() })
    }

    /// † How many refusals of one person are written one by one in a minute, before any region is known.
    #[must_use]
    pub fn strictest_refusals_a_minute(&self) -> u32 {
        self.profiles.values().map(|profile| profile.refusals_a_minute.0).max().unwrap_or_default()
    }

    /// † The budget of commands: an account may belong to several regions, and has the widest that one of them gives.
    #[must_use]
    pub fn widest_budget(&self) -> Budget {
        let widest =
            |of: fn(&Profile) -> AtMost| self.profiles.values().map(|p| of(p).0).max().unwrap_or_default();
        Budget { burst: widest(|p| p.commands_burst), a_second: widest(|p| p.commands_a_second) }
    }

    /// † Failed sign-ins of one place: nobody has said yet which region it belongs to, so the strictest counts.
    #[must_use]
    pub fn guessing(&self) -> Guessing {
        let least =
            |of: fn(&Profile) -> AtMost| self.profiles.values().map(|p| of(p).0).min().unwrap_or_default();
        let names = usize::try_from(least(|p| p.failed_names_a_minute)).unwrap_or(usize::MAX);
        Guessing { names, failures: least(|p| p.failed_sign_ins_a_minute) }
    }

    /// † How many hours a first link is good: the strictest, since a link is made before anybody came in.
    #[must_use]
    pub fn first_link_hours(&self) -> u32 {
        self.profiles.values().map(|profile| profile.first_link_hours.0).min().unwrap_or_default()
    }

    /// † How long a link to a new password or address is good.
    #[must_use]
    pub fn reset_link(&self) -> Duration {
        let minutes =
            self.profiles.values().map(|profile| profile.reset_link_minutes.0).min().unwrap_or_default();
        Duration::from_secs(u64::from(minutes) * 60)
    }

    /// The terms of use of somebody in regions with these profiles; in none, of all.
    #[must_use]
    pub fn terms_version<'p>(&self, profiles: impl Iterator<Item = &'p str>) -> String {
        let of = |profile: &Arc<Profile>| profile.terms_version.clone();
        let known: BTreeSet<String> = profiles.filter_map(|key| self.profiles.get(key)).map(of).collect();
        let versions = if known.is_empty() { self.profiles.values().map(of).collect() } else { known };
        versions.into_iter().collect::<Vec<_>>().join("+")
    }

    /// K-29 in the strictest of these regions; in none, never.
    #[must_use]
    pub fn shared_account<'p>(&self, profiles: impl Iterator<Item = &'p str>) -> SharedAccount {
        let known = profiles.filter_map(|key| self.profiles.get(key)).map(|profile| profile.shared_account);
        known.max().unwrap_or(SharedAccount::Forbidden)
    }

    /// † After how many days the document of a verification is erased: one job erases them, so the strictest counts.
    #[must_use]
    pub fn document_days(&self) -> u32 {
        self.profiles.values().map(|profile| profile.document_days.0).min().unwrap_or_default()
    }

    /// K-35: nobody has said yet who she is, so the strictest counts for every name.
    #[must_use]
    pub fn lockout(&self) -> Lockout {
        let tries = self.profiles.values().map(|profile| profile.lockout_tries.0).min().unwrap_or(1);
        let minutes =
            self.profiles.values().map(|profile| profile.lockout_minutes.0).max().unwrap_or_default();
        Lockout { tries: tries.max(1), span: Duration::from_secs(u64::from(minutes) * 60) }
    }

    /// K-36: how long a session of somebody in regions with these profiles stands; in none, as the strictest has it.
    #[must_use]
    pub fn session_span<'p>(&self, profiles: impl Iterator<Item = &'p str>) -> SessionSpan {
        let known = profiles.filter_map(|key| self.profiles.get(key)).map(|profile| profile.session_span());
        let strictest =
            || self.profiles.values().map(|profile| profile.session_span()).reduce(SessionSpan::stricter);
        let nothing = SessionSpan { idle: Duration::ZERO, whole: Duration::ZERO, blank: Duration::ZERO };
        known.reduce(SessionSpan::stricter).or_else(strictest).unwrap_or(nothing)
    }

    /// † What somebody in regions with these profiles may do in a day; in none, as the strictest has it.
    #[must_use]
    pub fn daily<'p>(&self, profiles: impl Iterator<Item = &'p str>) -> Daily {
        let known = profiles.filter_map(|key| self.profiles.get(key)).map(|profile| profile.daily());
        let strictest = || self.profiles.values().map(|profile| profile.daily()).reduce(Daily::stricter);
        let nothing =
            Daily { reports: 0, own_reports: 0, instructions: 0, profile_changes: 0, verifications: 0 };
        known.reduce(Daily::stricter).or_else(strictest).unwrap_or(nothing)
    }

    /// The same rules for a demo that programs use faster than people would, as wide as the bench's.
    #[must_use]
    pub fn without_budget(mut self) -> Self {
        for profile in self.profiles.values_mut() {
            let profile = Arc::make_mut(profile);
            (profile.commands_burst, profile.commands_a_second) = (AtMost(1_000_000), AtMost(1_000_000));
        }
        self
    }

    /// The same rules with the operator's list of refused passwords.
    #[must_use]
    pub fn denying(self, denied: DenyList) -> Self {
        Self { denied, ..self }
    }

    /// The operator's list of refused passwords.
    #[must_use]
    pub const fn denied(&self) -> &DenyList {
        &self.denied
    }

    /// K-31 to K-34 for an account of these profiles (c-15): what all of them allow; of none, what every profile allows, or
    /// the floor where those do not go together.
    ///
    /// # Errors
    /// [`PolicyFault::Missing`]; [`PolicyFault::NoPassword`] where no password meets all of them.
    pub fn passwords_of(&self, keys: &[String]) -> Result<PasswordRules, PolicyFault> {
        let met = match keys {
            [] => met_by_all(self.profiles.values()).or_else(|| met_by_all(self.profiles.get(&self.floor))),
            keys => {
                let meant: Vec<_> = keys.iter().map(|key| self.named(key)).collect::<Result<_, _>>()?;
                met_by_all(&meant)
            }
        };
        met.ok_or_else(|| PolicyFault::NoPassword { file: keys.join(" + ") })
    }

    /// Whether one account may belong to regions with all of these profiles: there is a password that it could have.
    ///
    /// # Errors
    /// [`PolicyFault::Missing`].
    pub fn go_together(&self, keys: &[String]) -> Result<bool, PolicyFault> {
        match self.passwords_of(keys) {
            Ok(_) => Ok(true),
            Err(PolicyFault::NoPassword { .. }) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// The profile of that name.
    ///
    /// # Errors
    /// [`PolicyFault::Missing`].
    pub fn named(&self, key: &str) -> Result<Arc<Profile>, PolicyFault> {
        self.profiles.get(key).cloned().ok_or_else(|| PolicyFault::Missing(key.to_owned()))
    }
}

/// The rules of passwords that all of these allow, if there can be one.
fn met_by_all<'p>(profiles: impl IntoIterator<Item = &'p Arc<Profile>>) -> Option<PasswordRules> {
    let rules = profiles.into_iter().map(|profile| profile.passwords.clone());
    rules.reduce(|all, next| all.meet(&next)).filter(|rules| !rules.kinds.is_empty())
}

fn read(key: &str, text: &str) -> Result<Given, PolicyFault> {
    toml::from_str(text)
        .map_err(|error| PolicyFault::Unreadable { file: key.to_owned(), reason: error.message().to_owned() })
}

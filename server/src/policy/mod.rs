//! Region rules as typed data: one profile per file, the vendor floor below all of them.

use crate::error::{Failure, Fault};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tsumugi_protocol::Attestation;

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
    /// K-35: consecutive failures that lock a sign-in …
    pub lockout_tries: u32,
    /// K-35: … and for how many minutes.
    pub lockout_minutes: u32,
    /// K-36: minutes without an act of its person after which a session ends.
    pub idle_minutes: u32,
    /// † Hours after which a session ends whatever is done.
    pub session_hours: u32,
    /// † Minutes without input after which a screen no longer shows content (002-2.2M1).
    pub blank_minutes: u32,
    /// † How long a preview may be sent after it was shown, in minutes.
    pub confirm_minutes: u32,
    /// † One audit row per session, room and so many minutes of reading.
    pub read_audit_minutes: u32,
    /// † Refusals of one person that are written one by one in a minute; past it they are counted.
    pub refusals_a_minute: u32,
    /// † Commands that one account may send at once …
    pub commands_burst: u32,
    /// † … and in every second, once those are used up.
    pub commands_a_second: u32,
    /// † Names that may fail to sign in from one place in a minute.
    pub failed_names_a_minute: u32,
    /// † Sign-ins that may fail from one place in a minute, whatever their names.
    pub failed_sign_ins_a_minute: u32,
    /// K-73: whether private devices may be used.
    pub byod: Byod,
    /// K-74: staff sign in from registered devices only.
    pub device_binding: bool,
    /// K-40: client certificates.
    pub client_auth: ClientAuth,
    /// K-76: what must be declared of a device before it is let in.
    pub attestations_must: Vec<Attestation>,
    /// K-78: whether a device must be one that can be locked or wiped from afar.
    pub remote_lock: Level,
    /// † How many days a device certificate is good.
    pub certificate_days: u32,
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

/// K-73, an ordered knob, loose to strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Byod {
    /// Each office decides.
    OfficeDecides,
    /// With written permission only.
    WrittenPermission,
    /// Not at all.
    Forbidden,
}

/// K-40, an ordered knob, loose to strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuth {
    /// Nobody has one.
    Off,
    /// Who has one may show it.
    Optional,
    /// Staff sign in with one only.
    Required,
}

/// How strongly something is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// It is considered.
    Considered,
    /// It is recommended.
    Recommended,
    /// Nothing goes without it.
    Required,
}

/// † How fast one account may send commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// At once.
    pub burst: u32,
    /// In every second after that.
    pub a_second: u32,
}

impl Budget {
    /// The time in which one command is refilled.
    #[must_use]
    pub fn one(self) -> Duration {
        Duration::from_secs(1) / self.a_second.max(1)
    }
}

/// † Failed sign-ins of one place in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guessing {
    /// Different names.
    pub names: usize,
    /// Altogether.
    pub failures: u32,
}

/// K-35: when a sign-in locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lockout {
    /// At the how manieth failure in a row.
    pub tries: u32,
    /// For how long.
    pub span: Duration,
}

/// K-36: how long a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionSpan {
    /// Without an act of its person.
    pub idle: Duration,
    /// At most.
    pub whole: Duration,
    /// † Without input, until a screen no longer shows content.
    pub blank: Duration,
}

impl SessionSpan {
    /// The shorter of each: an account may belong to several regions (c-15).
    #[must_use]
    fn stricter(self, other: Self) -> Self {
        Self {
            idle: self.idle.min(other.idle),
            whole: self.whole.min(other.whole),
            blank: self.blank.min(other.blank),
        }
    }
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
    /// How long one reading of a room counts as the same.
    #[must_use]
    pub fn read_window(&self) -> Duration {
        Duration::from_secs(u64::from(self.read_audit_minutes) * 60)
    }

    /// `vendor-floor v1`: what an audit row says about which rules decided.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} v{}", self.key, self.version)
    }

    /// How long a session stands under these rules.
    #[must_use]
    pub fn session_span(&self) -> SessionSpan {
        let minutes = |minutes: u32| Duration::from_secs(u64::from(minutes) * 60);
        SessionSpan {
            idle: minutes(self.idle_minutes),
            whole: minutes(self.session_hours.saturating_mul(60)),
            blank: minutes(self.blank_minutes),
        }
    }

    fn has_reason_for(&self, knob: &str) -> bool {
        self.overrides.iter().any(|o| o.knob == knob && !o.reason.trim().is_empty())
    }

    /// How long a preview may be sent.
    #[must_use]
    pub fn confirm_for(&self) -> Duration {
        Duration::from_secs(u64::from(self.confirm_minutes) * 60)
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

    /// The same, and one more profile in place of the shipped one of its name. Only for a demo that a test starts.
    ///
    /// # Errors
    /// [`PolicyFault`] when it does not read.
    pub fn with_profile(mut self, text: &str) -> Result<Self, PolicyFault> {
        let profile = read("profile", text)?;
        self.0.insert(profile.key.clone(), Arc::new(profile));
        Ok(self)
    }

    fn of(floor: Profile, others: Vec<Profile>) -> Result<Self, PolicyFault> {
        for profile in &others {
            let below = [
                ("K-90", profile.confirm_post < floor.confirm_post),
                ("K-35", profile.lockout_tries > floor.lockout_tries),
                ("K-35", profile.lockout_minutes < floor.lockout_minutes),
                ("K-40", profile.client_auth < floor.client_auth),
                ("K-73", profile.byod < floor.byod),
                ("K-74", floor.device_binding && !profile.device_binding),
                (
                    "K-76",
                    floor.attestations_must.iter().any(|word| !profile.attestations_must.contains(word)),
                ),
                ("K-78", profile.remote_lock < floor.remote_lock),
                ("K-36", profile.idle_minutes > floor.idle_minutes),
                ("session_hours", profile.session_hours > floor.session_hours),
                ("blank_minutes", profile.blank_minutes > floor.blank_minutes),
                ("commands_burst", profile.commands_burst > floor.commands_burst),
                ("commands_a_second", profile.commands_a_second > floor.commands_a_second),
                ("failed_names_a_minute", profile.failed_names_a_minute > floor.failed_names_a_minute),
                (
                    "failed_sign_ins_a_minute",
                    profile.failed_sign_ins_a_minute > floor.failed_sign_ins_a_minute,
                ),
            ];
            for (knob, is_below) in below {
                if is_below && !profile.has_reason_for(knob) {
                    return Err(PolicyFault::BelowFloor { file: profile.key.clone(), knob });
                }
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

    /// † The budget of commands: an account may belong to several regions, and has the widest that one of them gives.
    #[must_use]
    pub fn widest_budget(&self) -> Budget {
        let widest = |of: fn(&Profile) -> u32| self.0.values().map(|p| of(p)).max().unwrap_or_default();
        Budget { burst: widest(|p| p.commands_burst), a_second: widest(|p| p.commands_a_second) }
    }

    /// † Failed sign-ins of one place: nobody has said yet which region it belongs to, so the strictest counts.
    #[must_use]
    pub fn guessing(&self) -> Guessing {
        let least = |of: fn(&Profile) -> u32| self.0.values().map(|p| of(p)).min().unwrap_or_default();
        let names = usize::try_from(least(|p| p.failed_names_a_minute)).unwrap_or(usize::MAX);
        Guessing { names, failures: least(|p| p.failed_sign_ins_a_minute) }
    }

    /// K-35: nobody has said yet who she is, so the strictest counts for every name.
    #[must_use]
    pub fn lockout(&self) -> Lockout {
        let tries = self.0.values().map(|profile| profile.lockout_tries).min().unwrap_or(1);
        let minutes = self.0.values().map(|profile| profile.lockout_minutes).max().unwrap_or_default();
        Lockout { tries: tries.max(1), span: Duration::from_secs(u64::from(minutes) * 60) }
    }

    /// K-36: how long a session of somebody in regions with these profiles stands; in none, as the strictest has it.
    #[must_use]
    pub fn session_span<'p>(&self, profiles: impl Iterator<Item = &'p str>) -> SessionSpan {
        let known = profiles.filter_map(|key| self.0.get(key)).map(|profile| profile.session_span());
        let strictest =
            || self.0.values().map(|profile| profile.session_span()).reduce(SessionSpan::stricter);
        let nothing = SessionSpan { idle: Duration::ZERO, whole: Duration::ZERO, blank: Duration::ZERO };
        known.reduce(SessionSpan::stricter).or_else(strictest).unwrap_or(nothing)
    }

    /// The same rules for a demo that programs use faster than people would, as wide as the bench's.
    #[must_use]
    pub fn without_budget(mut self) -> Self {
        for profile in self.0.values_mut() {
            let profile = Arc::make_mut(profile);
            (profile.commands_burst, profile.commands_a_second) = (1_000_000, 1_000_000);
        }
        self
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

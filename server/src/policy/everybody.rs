//! Rules for whoever is not known yet, or belongs to several regions: what all the regions here together ask.

use super::{
    At, AtMost, Budget, Daily, FLOOR, Guessing, Lockout, PasswordRules, Policies, PolicyFault, Profile,
    SessionSpan, SharedAccount,
};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

impl Policies {
    /// † How many refusals of one person are written one by one in a minute, before any region is known.
    #[must_use]
    pub fn strictest_refusals_a_minute(&self) -> u32 {
        self.followed().map(|profile| profile.refusals_a_minute.0).max().unwrap_or_default()
    }

    /// † At the how manieth act beyond her rights, and within what time, others are told of somebody: the strictest of all regions,
    /// since an act may be about none (000-note(3)i).
    #[must_use]
    pub fn privilege(&self) -> (u32, Duration) {
        let most = self.followed().map(|profile| profile.privilege_attempts.0).min().unwrap_or_default();
        let minutes = self.followed().map(|profile| profile.privilege_minutes.0).max().unwrap_or_default();
        (most, Duration::from_secs(60 * u64::from(minutes)))
    }

    /// † The budget of commands: an account may belong to several regions, and has the widest that one of them gives.
    #[must_use]
    pub fn widest_budget(&self) -> Budget {
        let widest = |of: fn(&Profile) -> AtMost| self.followed().map(|p| of(p).0).max().unwrap_or_default();
        Budget { burst: widest(|p| p.commands_burst), a_second: widest(|p| p.commands_a_second) }
    }

    /// † Failed sign-ins of one place: nobody has said yet which region it belongs to, so the strictest counts.
    #[must_use]
    pub fn guessing(&self) -> Guessing {
        let least = |of: fn(&Profile) -> AtMost| self.followed().map(|p| of(p).0).min().unwrap_or_default();
        let names = usize::try_from(least(|p| p.failed_names_a_minute)).unwrap_or(usize::MAX);
        Guessing { names, failures: least(|p| p.failed_sign_ins_a_minute) }
    }

    /// † How many hours a first link is good: the strictest, since a link is made before anybody came in.
    #[must_use]
    pub fn first_link_hours(&self) -> u32 {
        self.followed().map(|profile| profile.first_link_hours.0).min().unwrap_or_default()
    }

    /// † How long a link to a new password or address is good.
    #[must_use]
    pub fn reset_link(&self) -> Duration {
        let minutes = self.followed().map(|profile| profile.reset_link_minutes.0).min().unwrap_or_default();
        Duration::from_secs(u64::from(minutes) * 60)
    }

    /// The terms of use of somebody in regions with these profiles; in none, of all.
    #[must_use]
    pub fn terms_version<'p>(&self, profiles: impl Iterator<Item = &'p str>) -> String {
        let of = |profile: &Arc<Profile>| profile.terms_version.clone();
        let known: BTreeSet<String> = profiles.filter_map(|key| self.find(key)).map(|own| of(&own)).collect();
        let versions = if known.is_empty() { self.followed().map(of).collect() } else { known };
        versions.into_iter().collect::<Vec<_>>().join("+")
    }

    /// K-29 in the strictest of these regions; in none, never.
    #[must_use]
    pub fn shared_account<'p>(&self, profiles: impl Iterator<Item = &'p str>) -> SharedAccount {
        let known = profiles.filter_map(|key| self.find(key)).map(|profile| profile.shared_account);
        known.max().unwrap_or(SharedAccount::Forbidden)
    }

    /// † After how many days the document of a verification is erased: one job erases them, so the strictest counts.
    #[must_use]
    pub fn document_days(&self) -> u32 {
        self.followed().map(|profile| profile.document_days.0).min().unwrap_or_default()
    }

    /// K-35: nobody has said yet who she is, so the strictest counts for every name.
    #[must_use]
    pub fn lockout(&self) -> Lockout {
        let tries = self.followed().map(|profile| profile.lockout_tries.0).min().unwrap_or(1);
        let minutes = self.followed().map(|profile| profile.lockout_minutes.0).max().unwrap_or_default();
        Lockout { tries: tries.max(1), span: Duration::from_secs(u64::from(minutes) * 60) }
    }

    /// K-36: how long a session of somebody in regions with these profiles stands; in none, as the strictest has it.
    #[must_use]
    pub fn session_span<'p>(&self, profiles: impl Iterator<Item = &'p str>) -> SessionSpan {
        let known = profiles.filter_map(|key| self.find(key)).map(|profile| profile.session_span());
        let strictest =
            || self.followed().map(|profile| profile.session_span()).reduce(SessionSpan::stricter);
        let nothing = SessionSpan { idle: Duration::ZERO, whole: Duration::ZERO, blank: Duration::ZERO };
        known.reduce(SessionSpan::stricter).or_else(strictest).unwrap_or(nothing)
    }

    /// The same rules for a demo that programs use faster than people would, as wide as the bench's.
    #[must_use]
    pub fn without_budget(mut self) -> Self {
        self.change(|profile| {
            (profile.commands_burst, profile.commands_a_second) = (AtMost(1_000_000), AtMost(1_000_000));
        });
        self
    }

    /// † What somebody in regions with these profiles may do in a day; in none, as the strictest has it.
    #[must_use]
    pub fn daily<'p>(&self, profiles: impl Iterator<Item = &'p str>) -> Daily {
        let known = profiles.filter_map(|key| self.find(key)).map(|profile| profile.daily());
        let strictest = || self.followed().map(|profile| profile.daily()).reduce(Daily::stricter);
        let nothing = Daily {
            reports: 0,
            own_reports: 0,
            instructions: 0,
            profile_changes: 0,
            verifications: 0,
            proposals: 0,
        };
        known.reduce(Daily::stricter).or_else(strictest).unwrap_or(nothing)
    }

    /// K-31 to K-34 for an account of these profiles (c-15): what all of them allow; of none, what every profile allows, or
    /// the floor where those do not go together.
    ///
    /// # Errors
    /// [`PolicyFault::Missing`]; [`PolicyFault::NoPassword`] where no password meets all of them.
    pub fn passwords_of(&self, keys: &[String]) -> Result<PasswordRules, PolicyFault> {
        let met = match keys {
            [] => met_by_all(self.followed()).or_else(|| met_by_all(self.find(FLOOR).iter())),
            keys => {
                let meant: Vec<_> = keys.iter().map(|key| self.named(key)).collect::<Result<_, _>>()?;
                met_by_all(&meant)
            }
        };
        met.ok_or_else(|| {
            let at = At { file: keys.join(" + "), ..At::default() };
            PolicyFault::NoPassword { at, knob: "K-31" }
        })
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
}

/// The rules of passwords that all of these allow, if there can be one.
fn met_by_all<'p>(profiles: impl IntoIterator<Item = &'p Arc<Profile>>) -> Option<PasswordRules> {
    let rules = profiles.into_iter().map(|profile| profile.passwords.clone());
    rules.reduce(|all, next| all.meet(&next)).filter(|rules| !rules.kinds.is_empty())
}

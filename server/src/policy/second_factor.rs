//! K-40: what has to be shown beside the password, and whether a passkey may stand for it (c-42, c-23).

use super::{Policies, Profile};
use serde::{Deserialize, Serialize};
use tsumugi_protocol::{Factor, Millis, Next, SecondFactor};

/// c-23: what a lock closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockCloses {
    /// Only the way in by password.
    Password,
    /// The whole account, as the text says.
    Account,
}

/// c-42: what a passkey is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasskeyUse {
    /// It opens a whole session without a password.
    Alone,
    /// It adds to the password and never replaces it.
    BesidePassword,
}

/// From when on something is enforced: `at_once`, or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Since {
    /// From the beginning.
    AtOnce,
    /// From a day on, as it begins in Japan.
    Day(jiff::civil::Date),
}

impl TryFrom<String> for Since {
    type Error = jiff::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text == "at_once" { Ok(Self::AtOnce) } else { text.parse().map(Self::Day) }
    }
}

impl From<Since> for String {
    fn from(since: Since) -> Self {
        match since {
            Since::AtOnce => "at_once".to_owned(),
            Since::Day(day) => day.to_string(),
        }
    }
}

/// What counts as a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactorKind {
    /// A passkey.
    Passkey,
    /// The certificate of a device.
    Certificate,
}

/// What is asked of somebody, in all her regions together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondFactorRule {
    /// Whether and how firmly.
    pub wanted: SecondFactor,
    /// From when on `required` is enforced.
    pub from: Option<Millis>,
    /// Whether a passkey counts.
    pub passkey: bool,
    /// Whether a certificate counts.
    pub certificate: bool,
    /// Whether both have to be shown: her regions count no factor in common.
    pub both: bool,
    /// Whether a passkey opens a whole session without a password.
    pub passkey_alone: bool,
    /// What a lock closes.
    pub lock_closes: LockCloses,
}

impl SecondFactorRule {
    /// The stricter of each: an account may belong to several regions (c-15).
    fn stricter(self, other: Self) -> Self {
        let firm = |rule: &Self| (rule.wanted == SecondFactor::Required).then_some(rule.from);
        let from = match (firm(&self), firm(&other)) {
            (Some(one), Some(other)) => one.zip(other).map(|(one, other)| one.min(other)),
            (Some(from), None) | (None, Some(from)) => from,
            (None, None) => None,
        };
        // A region that asks for none has no say in which count.
        let asks = |rule: &Self| rule.wanted != SecondFactor::Off;
        let (passkey, certificate) = match (asks(&self), asks(&other)) {
            (true, false) => (self.passkey, self.certificate),
            (false, true) => (other.passkey, other.certificate),
            _ => (self.passkey && other.passkey, self.certificate && other.certificate),
        };
        // Nothing in common: where both are firm both are shown, where one is that one's, else whichever.
        let firmly = |rule: &Self| rule.wanted == SecondFactor::Required;
        let is_split = !(passkey || certificate);
        let (passkey, certificate) = match (firmly(&self), firmly(&other)) {
            _ if !is_split => (passkey, certificate),
            (true, false) => (self.passkey, self.certificate),
            (false, true) => (other.passkey, other.certificate),
            (true, true) | (false, false) => (true, true),
        };
        let both = self.both || other.both || (is_split && firmly(&self) && firmly(&other));
        Self {
            wanted: self.wanted.max(other.wanted),
            from,
            passkey: passkey || both,
            certificate: certificate || both,
            both,
            passkey_alone: self.passkey_alone && other.passkey_alone,
            lock_closes: self.lock_closes.max(other.lock_closes),
        }
    }

    /// Whether `required` is in force.
    #[must_use]
    pub fn is_enforced(&self, now: Millis) -> bool {
        self.wanted == SecondFactor::Required && self.from.is_none_or(|from| now >= from)
    }

    /// What a session lacks after these factors, of an account that has a passkey or not.
    #[must_use]
    pub fn next(&self, factors: &[Factor], has_passkey: bool, now: Millis) -> Option<Next> {
        let passkey = self.passkey && factors.contains(&Factor::Passkey);
        let certificate = self.certificate && factors.contains(&Factor::Certificate);
        let shown = if self.both { passkey && certificate } else { passkey || certificate };
        let is_asked = match self.wanted {
            SecondFactor::Off => false,
            SecondFactor::Optional => has_passkey && self.passkey,
            SecondFactor::Required => self.is_enforced(now) || (has_passkey && self.passkey),
        };
        (is_asked && !shown).then_some(Next::SecondFactor)
    }
}

impl Profile {
    /// K-40 under these rules.
    #[must_use]
    pub fn second_factor_rule(&self) -> SecondFactorRule {
        SecondFactorRule {
            wanted: self.second_factor,
            from: match self.second_factor_from {
                Since::AtOnce => None,
                Since::Day(day) => begins(day),
            },
            passkey: self.second_factors.contains(&SecondFactorKind::Passkey),
            certificate: self.second_factors.contains(&SecondFactorKind::Certificate),
            both: false,
            passkey_alone: self.passkey_use == PasskeyUse::Alone,
            lock_closes: self.lock_closes,
        }
    }
}

/// The first moment of a day in Japan.
pub(super) fn begins(day: jiff::civil::Date) -> Option<Millis> {
    Some(Millis(day.in_tz("Asia/Tokyo").ok()?.timestamp().as_millisecond()))
}

impl Policies {
    /// K-40 for somebody in regions with these profiles; in none, as the strictest has it.
    #[must_use]
    pub fn second_factor<'p>(&self, profiles: impl Iterator<Item = &'p str>) -> SecondFactorRule {
        let known = profiles.filter_map(|key| self.find(key)).map(|profile| profile.second_factor_rule());
        let all =
            || self.followed().map(|profile| profile.second_factor_rule()).reduce(SecondFactorRule::stricter);
        known.reduce(SecondFactorRule::stricter).or_else(all).unwrap_or(SecondFactorRule {
            wanted: SecondFactor::Required,
            from: None,
            passkey: true,
            certificate: true,
            both: false,
            passkey_alone: false,
            lock_closes: LockCloses::Account,
        })
    }

    /// The same rules for a demo in which a passkey may stand alone, and a lock closes that.
    #[must_use]
    pub fn with_passkey_alone(mut self, lock_closes: LockCloses) -> Self {
        self.change(|profile| {
            (profile.passkey_use, profile.lock_closes) = (PasskeyUse::Alone, lock_closes);
        });
        self
    }

    /// The same rules for a demo in which everybody is asked for a second factor.
    #[must_use]
    pub fn with_second_factor_required(mut self) -> Self {
        self.change(|profile| {
            (profile.second_factor, profile.second_factor_from) = (SecondFactor::Required, Since::AtOnce);
        });
        self
    }

    /// Whether any region lets a passkey stand alone.
    #[must_use]
    pub fn some_passkey_alone(&self) -> bool {
        self.followed().any(|profile| profile.passkey_use == PasskeyUse::Alone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(wanted: SecondFactor, from: Option<i64>) -> SecondFactorRule {
        SecondFactorRule {
            wanted,
            from: from.map(Millis),
            passkey: true,
            certificate: true,
            both: false,
            passkey_alone: false,
            lock_closes: LockCloses::Account,
        }
    }

    #[test]
    fn who_is_asked_for_what() {
        use Factor::{Certificate, Passkey, Password};
        use SecondFactor::{Off, Optional, Required};
        let asked = Some(Next::SecondFactor);
        for (wanted, from, factors, has_passkey, next) in [
            (Off, None, vec![Password], true, None),
            (Optional, None, vec![Password], false, None),
            (Optional, None, vec![Password], true, asked),
            (Optional, None, vec![Password, Passkey], true, None),
            (Optional, None, vec![Password, Certificate], true, None),
            (Required, None, vec![Password], false, asked),
            (Required, None, vec![Password], true, asked),
            (Required, None, vec![Password, Passkey], true, None),
            (Required, None, vec![Password, Certificate], false, None),
            (Required, Some(1_001), vec![Password], false, None),
            (Required, Some(1_001), vec![Password], true, asked),
            (Required, Some(1_000), vec![Password], false, asked),
        ] {
            let told = rule(wanted, from).next(&factors, has_passkey, Millis(1_000));
            assert_eq!(told, next, "{wanted:?} {from:?} {factors:?} {has_passkey}");
        }
        let only = SecondFactorRule { certificate: false, ..rule(Required, None) };
        assert_eq!(
            only.next(&[Password, Certificate], false, Millis(0)),
            asked,
            "a certificate does not count there"
        );
    }

    #[test]
    fn of_two_regions_the_stricter_counts() {
        use SecondFactor::{Optional, Required};
        let both = |one: SecondFactorRule, other: SecondFactorRule| one.stricter(other);
        assert_eq!(both(rule(Optional, None), rule(Required, Some(5))).from, Some(Millis(5)));
        assert_eq!(both(rule(Required, Some(9)), rule(Required, Some(5))).from, Some(Millis(5)));
        assert_eq!(both(rule(Required, Some(9)), rule(Required, None)).from, None, "one asks already");
        let alone = SecondFactorRule {
            passkey_alone: true,
            lock_closes: LockCloses::Password,
            ..rule(Optional, None)
        };
        let together = both(alone, rule(Optional, None));
        assert!(!together.passkey_alone && together.lock_closes == LockCloses::Account);
        assert!(both(alone, alone).passkey_alone);
    }

    #[test]
    fn regions_that_count_nothing_in_common_ask_for_both() {
        use Factor::{Certificate, Passkey, Password};
        let keys = SecondFactorRule { certificate: false, ..rule(SecondFactor::Required, None) };
        let devices = SecondFactorRule { passkey: false, ..rule(SecondFactor::Required, None) };
        let lacks =
            |rule: SecondFactorRule, factors: &[Factor]| rule.next(factors, true, Millis(0)).is_some();
        let both = keys.stricter(devices);
        for one in [Passkey, Certificate] {
            assert!(lacks(both, &[Password, one]), "{one:?} satisfies one of the two only");
            assert!(lacks(both.stricter(rule(SecondFactor::Required, None)), &[Password, one]));
        }
        assert!(!lacks(both, &[Password, Passkey, Certificate]));
        let optional = SecondFactorRule { wanted: SecondFactor::Optional, ..devices };
        assert!(!lacks(keys.stricter(optional), &[Password, Passkey]), "nobody asks for the certificate");
        let either = SecondFactorRule { wanted: SecondFactor::Optional, ..keys }.stricter(optional);
        assert!(!lacks(either, &[Password, Passkey]) && !lacks(either, &[Password, Certificate]));
        let off = SecondFactorRule { passkey: false, ..rule(SecondFactor::Off, None) };
        assert!(
            !lacks(keys.stricter(off), &[Password, Passkey])
                && !lacks(off.stricter(keys), &[Password, Passkey])
        );
    }

    #[test]
    fn a_day_begins_in_japan() {
        assert_eq!(begins("2026-10-01".parse().unwrap()), Some(Millis(1_790_780_400_000)));
    }
}

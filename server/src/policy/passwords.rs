//! K-31 to K-34 together: the kinds of password that may be set, how long each lasts, and what it is compared with.
//!
//! A password that two sets of rules allow is allowed by their *meeting*: kind by kind, the longer length, the classes of
//! both, the earlier end. So a region tightens the floor, and an account of two regions follows both.

use super::choices::Compared;
use super::fault::PolicyFault;
use super::kinds::{AtLeast, AtMost, Reasons, Union};
use super::knobs::Knob;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What passwords must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordRules {
    /// The kinds, of which a password must be one.
    pub kinds: Vec<PasswordKind>,
    /// K-34: what it is compared with.
    #[serde(default)]
    pub compared: BTreeSet<Compared>,
    /// † So many earlier ones are not used again.
    #[serde(default = "nothing")]
    pub history: AtLeast,
    /// † At least one more than so many characters differ from the one it replaces.
    #[serde(default = "nothing")]
    pub similar_within: AtLeast,
    /// † Somebody who guesses cleverly needs a number of guesses with more than so many digits.
    #[serde(default = "nothing")]
    pub guesses_digits: AtLeast,
    /// † So many equal or neighbouring characters in a row make it easy to guess.
    #[serde(default = "everything")]
    pub run_of: AtMost,
    /// † Days before its end on which the holder is reminded.
    #[serde(default)]
    pub remind_days: BTreeSet<u32>,
    /// c-1: `off` lets a region's own values hold exactly, with a reason for K-31.
    #[serde(default)]
    pub floor: FloorHolds,
}

const fn nothing() -> AtLeast {
    AtLeast(0)
}

const fn everything() -> AtMost {
    AtMost(u32::MAX)
}

/// One kind of password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordKind {
    /// Which.
    pub name: KindName,
    /// K-31: characters it has at least …
    pub least: u32,
    /// … and at most.
    #[serde(default)]
    pub most: Option<u32>,
    /// K-32: what must be among them.
    pub classes: BTreeSet<CharClass>,
    /// K-33: calendar months after which it must be changed.
    #[serde(default)]
    pub expires_months: Option<u32>,
    /// Calendar months after which its holder is asked to change it, and no more than asked.
    #[serde(default)]
    pub reminds_months: Option<u32>,
    /// Whether a region's end of passwords is more than a reminder for long ones (c-1).
    #[serde(default)]
    pub end_of_long: EndOfLong,
}

/// The kinds there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KindName {
    /// Variant A: long, without an end of its own.
    Long,
    /// Variant B: short, to be changed.
    Short,
    /// What a region's own text says.
    Local,
}

impl KindName {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Long => "long",
            Self::Short => "short",
            Self::Local => "local",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::Long, Self::Short, Self::Local].into_iter().find(|kind| kind.as_str() == word)
    }

    /// What a password of both kinds is; none is long and short.
    fn and(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Local, kind) | (kind, Self::Local) => Some(kind),
            (Self::Long, Self::Long) => Some(Self::Long),
            (Self::Short, Self::Short) => Some(Self::Short),
            (Self::Long, Self::Short) | (Self::Short, Self::Long) => None,
        }
    }
}

/// A class of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CharClass {
    /// a–z, A–Z.
    Letter,
    /// 0–9.
    Digit,
    /// Every other printable character of ASCII.
    Symbol,
}

/// c-1: what the end of passwords in a region's text means for long ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndOfLong {
    /// They end.
    #[default]
    Must,
    /// Their holder is reminded.
    Recommended,
}

/// Whether the floor's passwords hold in a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FloorHolds {
    /// They do.
    #[default]
    On,
    /// The region's own values hold exactly.
    Off,
}

impl PasswordRules {
    /// The rules that allow what both allow.
    #[must_use]
    pub fn meet(&self, other: &Self) -> Self {
        let kinds = self.kinds.iter().flat_map(|kind| other.kinds.iter().filter_map(|also| kind.meet(also)));
        Self {
            kinds: kinds.collect(),
            compared: self.compared.with(&other.compared),
            history: self.history.max(other.history),
            similar_within: self.similar_within.max(other.similar_within),
            guesses_digits: self.guesses_digits.max(other.guesses_digits),
            run_of: self.run_of.max(other.run_of),
            remind_days: self.remind_days.with(&other.remind_days),
            // It says whether one file tightened another, which is over by now.
            floor: FloorHolds::On,
        }
    }

    /// The kind of that name; one that the rules do not know any more lasts as long as the shortest-lived.
    #[must_use]
    pub fn kind(&self, name: KindName) -> Option<&PasswordKind> {
        let known = self.kinds.iter().find(|kind| kind.name == name);
        known.or_else(|| self.kinds.iter().min_by_key(|kind| kind.expires_months.unwrap_or(u32::MAX)))
    }
}

impl PasswordKind {
    fn meet(&self, other: &Self) -> Option<Self> {
        let name = self.name.and(other.name)?;
        let least = self.least.max(other.least);
        let most = sooner(self.most, other.most);
        let kind = Self {
            name,
            least,
            most,
            classes: self.classes.with(&other.classes),
            expires_months: sooner(self.end(name), other.end(name)),
            reminds_months: sooner(self.reminder(name), other.reminder(name)),
            end_of_long: EndOfLong::Must,
        };
        kind.is_possible().then_some(kind)
    }

    const fn is_possible(&self) -> bool {
        match self.most {
            Some(most) => self.least <= most,
            None => true,
        }
    }

    fn is_only_reminded_as(&self, name: KindName) -> bool {
        name == KindName::Long && self.name != name && self.end_of_long == EndOfLong::Recommended
    }

    fn end(&self, name: KindName) -> Option<u32> {
        self.expires_months.filter(|_| !self.is_only_reminded_as(name))
    }

    fn reminder(&self, name: KindName) -> Option<u32> {
        sooner(self.reminds_months, self.expires_months.filter(|_| self.is_only_reminded_as(name)))
    }
}

/// The smaller of two limits, of which none is no limit.
fn sooner(one: Option<u32>, other: Option<u32>) -> Option<u32> {
    one.into_iter().chain(other).min()
}

/// What holds below `above`: the meeting, or exactly what the file says where it gives a reason.
pub(super) fn met(
    above: &PasswordRules,
    given: Option<PasswordRules>,
    knob: &Knob,
    reasons: Reasons<'_>,
) -> Result<PasswordRules, PolicyFault> {
    let Some(given) = given else { return Ok(above.clone()) };
    let both = above.meet(&given);
    let rules = match given.floor {
        FloorHolds::On => both,
        FloorHolds::Off => {
            reasons.allow_below(knob)?;
            let (kinds, compared) = (given.kinds, given.compared);
            PasswordRules { kinds, compared, floor: FloorHolds::Off, ..both }
        }
    };
    if rules.kinds.is_empty() || !rules.kinds.iter().all(PasswordKind::is_possible) {
        return Err(PolicyFault::NoPassword { at: reasons.source.at(knob.name), knob: knob.number });
    }
    Ok(rules)
}

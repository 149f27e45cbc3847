//! The kinds of knobs: how what a nearer file says and what holds above it become one value.
//!
//! *Ordered* has a loose and a strict end, and the stricter holds. *Union* adds up. *Own* is replaced by the nearer file;
//! a *reasoned* own knob says why it differs, since the floor reserves the act to admins.

use super::fault::PolicyFault;
use super::knobs::Knob;
use super::source::Source;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// An ordered number of which more is stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AtLeast(pub u32);

/// An ordered number of which less is stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AtMost(pub u32);

impl Ord for AtMost {
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.cmp(&self.0)
    }
}

impl PartialOrd for AtMost {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A list that adds up.
pub trait Union {
    /// Both together; what both name stays at its stricter level.
    #[must_use]
    fn with(&self, other: &Self) -> Self;
}

/// A value below the floor, or an own one that differs from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The knob.
    pub knob: String,
    /// Why.
    pub reason: String,
}

/// The reasons that one file gives.
#[derive(Clone, Copy)]
pub(super) struct Reasons<'a> {
    pub source: &'a Source,
    pub given: &'a [Override],
}

impl Reasons<'_> {
    fn has(&self, knob: &Knob) -> bool {
        self.given.iter().any(|entry| entry.knob == knob.number && !entry.reason.trim().is_empty())
    }

    /// Lets a value below the floor pass if the file says why.
    pub(super) fn allow_below(&self, knob: &Knob) -> Result<(), PolicyFault> {
        if self.has(knob) {
            Ok(())
        } else {
            Err(PolicyFault::BelowFloor { at: self.source.at(knob.name), knob: knob.number })
        }
    }
}

/// The stricter of both; a looser one holds with a reason only.
pub(super) fn ordered<T: Ord + Clone>(
    above: &T,
    given: Option<T>,
    knob: &Knob,
    reasons: Reasons<'_>,
) -> Result<T, PolicyFault> {
    let Some(given) = given else { return Ok(above.clone()) };
    if given < *above {
        reasons.allow_below(knob)?;
    }
    Ok(given)
}

/// Both together.
pub(super) fn union<T: Union + Clone>(
    above: &T,
    given: Option<T>,
    _: &Knob,
    _: Reasons<'_>,
) -> Result<T, PolicyFault> {
    Ok(given.map_or_else(|| above.clone(), |given| above.with(&given)))
}

/// The nearer one.
pub(super) fn own<T: Clone>(above: &T, given: Option<T>, _: &Knob, _: Reasons<'_>) -> Result<T, PolicyFault> {
    Ok(given.unwrap_or_else(|| above.clone()))
}

/// The nearer one, which says why it differs.
pub(super) fn reasoned<T: Clone + PartialEq>(
    above: &T,
    given: Option<T>,
    knob: &Knob,
    reasons: Reasons<'_>,
) -> Result<T, PolicyFault> {
    let value = given.unwrap_or_else(|| above.clone());
    if value != *above && !reasons.has(knob) {
        return Err(PolicyFault::NoReason { at: reasons.source.at(knob.name), knob: knob.number });
    }
    Ok(value)
}

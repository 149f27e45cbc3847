//! Why rules cannot be used, each with the file, the line, the knob and the clause.

use super::source::Source;
use crate::error::{Failure, Fault};
use std::fmt;

/// A place in a file of rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct At {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 is the whole file.
    pub line: usize,
    /// Name of the knob there, if there is one.
    pub name: String,
    /// What its remark cites.
    pub clause: String,
}

impl At {
    /// `K-35 lockout_tries (002-1.2(1)c): `, where it is about a knob.
    fn beginning(&self, knob: &str) -> String {
        if knob.is_empty() { String::new() } else { format!("{knob}{}: ", self.cited()) }
    }

    /// The name of the knob and its clause, as a sentence goes on after the number.
    #[must_use]
    pub fn cited(&self) -> String {
        match (self.name.is_empty(), self.clause.is_empty()) {
            (true, _) => String::new(),
            (false, true) => format!(" {}", self.name),
            (false, false) => format!(" {} ({})", self.name, self.clause),
        }
    }
}

impl fmt::Display for At {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}", self.file),
            line => write!(out, "{}, line {line}", self.file),
        }
    }
}

/// Why the rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyFault {
    /// A file does not read.
    #[error("policy {at}: {}{reason}", .at.beginning(knob))]
    Unreadable {
        /// Where.
        at: At,
        /// The knob, where it is one.
        knob: &'static str,
        /// Why.
        reason: String,
    },
    /// A value is below the floor without a reason.
    #[error("policy {at}: {knob}{} is below the floor and no reason is recorded", .at.cited())]
    BelowFloor {
        /// Where.
        at: At,
        /// The knob.
        knob: &'static str,
    },
    /// An office's value is weaker than its region's.
    #[error("policy {at}: {knob}{} is weaker than the region's, and an office only tightens", .at.cited())]
    WeakerThanRegion {
        /// Where.
        at: At,
        /// The knob.
        knob: &'static str,
    },
    /// An own value that the floor reserves to admins differs without a reason.
    #[error("policy {at}: {knob}{} differs from the floor and no reason is recorded", .at.cited())]
    NoReason {
        /// Where.
        at: At,
        /// The knob.
        knob: &'static str,
    },
    /// The floor leaves something out.
    #[error("policy {at} is the floor and says nothing of {knob}{}", .at.cited())]
    Silent {
        /// Where.
        at: At,
        /// The knob.
        knob: &'static str,
    },
    /// Something is said of a knob that there is not.
    #[error("policy {at} speaks of {knob}, which is no knob")]
    NoSuchKnob {
        /// Where.
        at: At,
        /// What was written.
        knob: String,
    },
    /// A file calls a knob unknown and sets it.
    #[error("policy {at}: {knob}{} is called unknown and is set", .at.cited())]
    KnownAfterAll {
        /// Where.
        at: At,
        /// The knob.
        knob: &'static str,
    },
    /// Floor and file together allow no password.
    #[error("policy {at}: {knob}{}: no password can meet its rules and the floor's", .at.cited())]
    NoPassword {
        /// Where.
        at: At,
        /// The knob.
        knob: &'static str,
    },
    /// The versions of a profile do not follow one another.
    #[error("policy {at}: {reason}")]
    Versions {
        /// Where.
        at: At,
        /// How.
        reason: String,
    },
    /// The floor is the vendor's: no file beside the server replaces it.
    #[error("policy {at}: the floor comes with the server; a region's file tightens it")]
    NotTheFloor {
        /// Where.
        at: At,
    },
    /// A region names a profile that is not there.
    #[error("there is no policy named {0}")]
    Missing(String),
}

impl PolicyFault {
    /// The same; where the file itself cites nothing, with the clause that the floor cites for the knob.
    #[must_use]
    pub(super) fn citing(mut self, floor: &Source) -> Self {
        let at = match &mut self {
            Self::Unreadable { at, .. }
            | Self::BelowFloor { at, .. }
            | Self::WeakerThanRegion { at, .. }
            | Self::NoReason { at, .. }
            | Self::Silent { at, .. }
            | Self::NoSuchKnob { at, .. }
            | Self::KnownAfterAll { at, .. }
            | Self::NoPassword { at, .. }
            | Self::Versions { at, .. }
            | Self::NotTheFloor { at } => at,
            Self::Missing(_) => return self,
        };
        if at.clause.is_empty() && !at.name.is_empty() {
            at.clause = floor.at(&at.name).clause;
        }
        self
    }
}

impl From<PolicyFault> for Failure {
    fn from(fault: PolicyFault) -> Self {
        Fault::new("finding a region's rules", fault).into()
    }
}

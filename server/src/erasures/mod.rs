//! Complete erasure of a room (F-38): asked for on a recorded wish, decided by two, and carried out by destroying the room's key.
//!
//! Reading order: `rules` says who may, `request`, `second` and `cancel` are what people do, `carry_out` is what the server does
//! after it, step by step and through every stop, `certificate` is what is left.

mod cancel;
mod carry_out;
mod certificate;
mod facts;
mod list;
mod reapply;
mod request;
mod rules;
mod second;
pub(crate) mod store;
mod vanishing;

pub use cancel::cancel;
pub use carry_out::carry_out;
pub use list::list;
pub use reapply::reapply;
pub use request::request;
pub use second::second;

use crate::audit::Entry;
use crate::bodies::body_of;
use crate::sessions::Session;
use serde::{Deserialize, Serialize};
use store::ErasureRow;
use tsumugi_protocol::{ErasureId, ErasureState, Millis};

/// How far an erasure has come. Each step is written before the next one begins, and each can be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Waits for the second person.
    Asked,
    /// Taken back.
    Cancelled,
    /// Decided; nobody is in the room any more.
    Decided,
    /// The key is on the list of the destroyed, here and in the sink.
    Listed,
    /// The key is wiped.
    Destroyed,
    /// What it had closed is removed.
    Cleared,
    /// The certificate is signed.
    Certified,
}

impl Step {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Cancelled => "cancelled",
            Self::Decided => "decided",
            Self::Listed => "listed",
            Self::Destroyed => "destroyed",
            Self::Cleared => "cleared",
            Self::Certified => "certified",
        }
    }

    /// The step of that word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        const ALL: [Step; 7] = [
            Step::Asked,
            Step::Cancelled,
            Step::Decided,
            Step::Listed,
            Step::Destroyed,
            Step::Cleared,
            Step::Certified,
        ];
        ALL.into_iter().find(|step| step.as_str() == word)
    }

    /// What those see who decide about it.
    #[must_use]
    pub const fn shown(self) -> ErasureState {
        match self {
            Self::Asked => ErasureState::Waiting,
            Self::Cancelled => ErasureState::Cancelled,
            Self::Decided | Self::Listed | Self::Destroyed | Self::Cleared => ErasureState::UnderWay,
            Self::Certified => ErasureState::Erased,
        }
    }
}

/// The sealed part of a request: who wished it, and how that is known.
#[derive(Serialize, Deserialize)]
pub struct ErasureBody {
    /// Format of this object.
    pub v: u8,
    /// Who said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How related to the patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// How it is known, or why the office wants it.
    pub evidence: String,
}

body_of!(ErasureBody, "erasures", ErasureId);

/// The audit row of what somebody did about an erasure.
fn entry(act: &'static str, who: &Session, row: &ErasureRow, now: Millis) -> Entry {
    Entry {
        at: now,
        act,
        account: Some(who.account),
        session: Some(who.id),
        region: Some(row.region),
        room: Some(row.room),
        subject: Some(row.id.0),
        ..Entry::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_has_its_word() {
        for step in [
            Step::Asked,
            Step::Cancelled,
            Step::Decided,
            Step::Listed,
            Step::Destroyed,
            Step::Cleared,
            Step::Certified,
        ] {
            assert_eq!(Step::of(step.as_str()), Some(step));
        }
        assert_eq!(Step::of("erased"), None);
    }
}

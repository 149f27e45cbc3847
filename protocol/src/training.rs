//! Wire shapes of trainings (講習): what was held, who attended, and who is due.

use crate::{AffiliationId, Card, OfficeId, TrainingId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$of])* $variant),+ }

        impl $name {
            /// The word on the wire and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// What that word stands for.
            #[must_use]
            pub fn of(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// How a training was held.
    TrainingWay {
        /// People came together.
        Course = "course",
        /// A recording was watched.
        Video = "video",
    }
}

words! {
    /// What it was about.
    TrainingTopic {
        /// Keeping people's data private.
        Privacy = "privacy",
        /// Handling devices.
        Devices = "devices",
        /// The rules of the network and of the office.
        Rules = "rules",
        /// How the service is used.
        Usage = "usage",
    }
}

words! {
    /// How far a training has come.
    TrainingState {
        /// It counts.
        Held = "held",
        /// Somebody says that she attended; an administrator has not said so yet.
        Declared = "declared",
        /// An administrator does not confirm it.
        Rejected = "rejected",
    }
}

/// `trainings.record`: an office's administrator or its region's desk writes down what was held and who attended.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordTraining {
    /// Chosen by the client; a retry is the same training.
    pub training: TrainingId,
    /// The office.
    pub office: OfficeId,
    /// What it was called, or which recording in which version.
    pub title: String,
    /// How it was held.
    pub way: TrainingWay,
    /// What it was about; one at least.
    pub topics: Vec<TrainingTopic>,
    /// The day (YYYY-MM-DD).
    pub on: String,
    /// Who attended, by their places in this office; one at least.
    pub attended: Vec<AffiliationId>,
}

/// `trainings.declare`: somebody says that she attended; it counts once an administrator confirms it (001§12-3).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclareTraining {
    /// Chosen by the client; a retry is the same declaration.
    pub training: TrainingId,
    /// Her place.
    pub affiliation: AffiliationId,
    /// What it was called, or which recording in which version.
    pub title: String,
    /// How it was held.
    pub way: TrainingWay,
    /// The day (YYYY-MM-DD).
    pub on: String,
}

/// `trainings.confirm` and `trainings.reject`: which declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichTraining {
    /// The declaration.
    pub training: TrainingId,
}

/// Answer to `trainings.of_office`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct TrainingList {
    /// Whether no room opens without one (K-22).
    pub is_gate: bool,
    /// After how many months one is due again (K-23).
    pub months: u32,
    /// What was held or is declared, the latest first.
    pub trainings: Vec<TrainingSeen>,
    /// Who works there, those who are due first.
    pub people: Vec<Trainee>,
}

/// A training.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct TrainingSeen {
    /// The training.
    pub training: TrainingId,
    /// What it was called.
    pub title: String,
    /// How it was held.
    pub way: TrainingWay,
    /// What it was about; nothing where it was only declared.
    pub topics: Vec<TrainingTopic>,
    /// The day.
    pub on: String,
    /// How far it has come.
    pub state: TrainingState,
    /// Who attended, by their places.
    pub attended: Vec<AffiliationId>,
}

/// Somebody of an office, and her latest training.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Trainee {
    /// Her place.
    pub affiliation: AffiliationId,
    /// Her card there.
    pub card: Card,
    /// The day of her latest training, where one was recorded here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub trained_on: Option<String>,
    /// Whether that, or her first day here, is too long ago.
    pub is_overdue: bool,
    /// Whether no room opens to her before one.
    pub is_kept_out: bool,
}

// What people wrote is in no log.
impl std::fmt::Debug for RecordTraining {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordTraining")
            .field("training", &self.training)
            .field("office", &self.office)
            .field("way", &self.way)
            .finish_non_exhaustive()
    }
}

// What people wrote is in no log.
impl std::fmt::Debug for DeclareTraining {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeclareTraining")
            .field("training", &self.training)
            .field("affiliation", &self.affiliation)
            .field("way", &self.way)
            .finish_non_exhaustive()
    }
}

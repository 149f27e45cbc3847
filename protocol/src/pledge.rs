//! Wire shapes of the staff's pledge to keep what they learn to themselves (誓約書): what it says, who gave it, who did not.

use crate::{AffiliationId, Card, Millis, OfficeId, PledgeId};
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
    /// How a pledge came about.
    PledgeWay {
        /// By the person herself, in the service.
        Given = "given",
        /// On paper, recorded by the office.
        Paper = "paper",
        /// Another one stands for it, where the region's rules let it (K-25).
        Waived = "waived",
    }
}

words! {
    /// To whom it is given (K-24).
    Addressee {
        /// The head of the office.
        OfficeHead = "office_head",
        /// The association.
        Association = "association",
    }
}

/// Answer to `pledges.mine`: one for each office that the reader works for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct MyPledges {
    /// The offices that wait for it first.
    pub sheets: Vec<PledgeSheet>,
}

/// The pledge of one place: what it says, and whether it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PledgeSheet {
    /// The place.
    pub affiliation: AffiliationId,
    /// The reader's card there.
    pub card: Card,
    /// The version of the text.
    pub version: String,
    /// What is pledged, point by point.
    pub points: Vec<String>,
    /// What is said of damages (K-28); may be empty.
    pub damages: String,
    /// To whom.
    pub to: Addressee,
    /// Whether it waits for the reader: until then no room of this place opens.
    pub is_due: bool,
    /// Whether a training waits for her: until then no room of this place opens (K-22).
    pub lacks_training: bool,
    /// The day on which it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub given_on: Option<String>,
    /// The day of her latest training.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub trained_on: Option<String>,
    /// Whether that is too long ago (K-23).
    pub is_training_overdue: bool,
}

/// `pledges.give`: by the person herself, of the text she has before her.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GivePledge {
    /// Chosen by the client; a retry is the same pledge.
    pub pledge: PledgeId,
    /// For which place.
    pub affiliation: AffiliationId,
    /// The version that was shown; another one than holds now is refused.
    pub version: String,
    /// How many of its points she agreed to, each by itself: all of them.
    pub agreed: u32,
}

/// `pledges.record`: by the office's administrator or the region's desk, from paper, or that another pledge stands for it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordPledge {
    /// Chosen by the client; a retry is the same record.
    pub pledge: PledgeId,
    /// Whose, and for which place.
    pub affiliation: AffiliationId,
    /// On paper, or waived; `given` is hers alone.
    pub way: PledgeWay,
    /// The day on the paper (YYYY-MM-DD).
    pub on: String,
    /// Who keeps the original.
    pub original_with: String,
    /// Who keeps a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub copy_with: Option<String>,
    /// The pledge that stands for it: which document; asked for where it is waived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub document: Option<String>,
    /// The address on the paper, where it names one: that of her account (004-form2-fields).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub email: Option<String>,
}

/// Answer to `pledges.of_office`: the collection list of an office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PledgeList {
    /// The office.
    pub office: OfficeId,
    /// The version of the text that is asked for now.
    pub version: String,
    /// To whom it is given.
    pub to: Addressee,
    /// Whether another pledge may stand for it.
    pub may_be_waived: bool,
    /// Who works there, those whose pledge is missing first.
    pub people: Vec<PledgeSeen>,
    /// Pledges of people who left: the duty goes on.
    pub left: Vec<PledgeSeen>,
}

/// Somebody on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PledgeSeen {
    /// Her place.
    pub affiliation: AffiliationId,
    /// Her card there.
    pub card: Card,
    /// Since when she has the place.
    pub since: Millis,
    /// Whether it is missing: until then no room of this place opens to her.
    pub is_missing: bool,
    /// How it came about; nothing for who was there before pledges were recorded here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub way: Option<PledgeWay>,
    /// The day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub on: Option<String>,
    /// The version of its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub version: Option<String>,
    /// Who keeps the original.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub original_with: Option<String>,
    /// Who keeps a copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub copy_with: Option<String>,
    /// What stands for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub document: Option<String>,
}

// What people wrote is in no log.
impl std::fmt::Debug for RecordPledge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordPledge")
            .field("pledge", &self.pledge)
            .field("affiliation", &self.affiliation)
            .field("way", &self.way)
            .finish_non_exhaustive()
    }
}

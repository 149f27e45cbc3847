//! Wire shapes of profiles: what somebody says of herself, her photo, and the mark others see beside her name.

use crate::{AccountId, AffiliationId, Occupation};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

macro_rules! words {
    ($(#[$what:meta])* $type:ident { $($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)? }) => {
        $(#[$what])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $type { $($(#[$doc])* $name),+ }

        impl $type {
            /// The word on the wire and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// What has that word.
            #[must_use]
            pub fn of(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)+ _ => None }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What a profile may lack.
    ProfilePart {
        /// A name of her own.
        Name = "name",
        /// The office she works for.
        Office = "office",
        /// Her occupation.
        Occupation = "occupation",
        /// A photo.
        Photo = "photo",
        /// That the service has looked at who she is.
        Verified = "verified",
        /// That the account was seen to be the patient's own.
        Confirmed = "confirmed",
    }
}

words! {
    /// That somebody was looked at. It is part of her card: another name takes it away, and what she wrote keeps what she had.
    Mark {
        /// Her region's desk has verified that she is who she says, in this occupation (002-gl4).
        Verified = "verified",
        /// Staff who care for the patient have seen that the account is her own, or that of her family (002-gl5).
        Confirmed = "confirmed",
    }
}

words! {
    /// What may be asked of whoever joins a free group (002-2.1S6).
    InviteRequires {
        /// Name, office and occupation.
        Profile = "profile",
        /// A photo.
        Photo = "photo",
        /// A verification.
        Verified = "verified",
    }
}

words! {
    /// How names are shown (K-45).
    NamePattern {
        /// The person's own; her office stands beside it.
        Person = "person",
        /// Both in one line: `name／office`.
        PersonOffice = "person_office",
    }
}

words! {
    /// Something that is still to be done. Only a pledge, and a training where the rules say so, keep somebody from anything.
    Task {
        /// The profile lacks something.
        Profile = "profile",
        /// There is no photo.
        Photo = "photo",
        /// Nobody has looked at who she is.
        Verification = "verification",
        /// Of a patient whose steward her office is, nobody has seen that the account is the patient's own (002-2.1R3).
        PatientConfirmation = "patient_confirmation",
        /// A pledge waits for the reader; until then no room of that place opens (000§9a).
        Pledge = "pledge",
        /// A training is due.
        Training = "training",
    }
}

/// `accounts.change_profile`: what is said of oneself in one place.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeProfile {
    /// The place.
    pub affiliation: AffiliationId,
    /// Name as written; it is the same in every place.
    pub name: String,
    /// Reading in kana.
    pub kana: String,
    /// Occupation in this place.
    pub occupation: Occupation,
}

/// `accounts.set_photo`: a small picture, as a browser makes it. The server keeps one that it has drawn anew.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPhoto {
    /// JPEG, PNG or WebP, in base64.
    pub image: String,
}

macro_rules! silent {
    ($($name:ident),+) => {$(
        /// Prints nothing of what was given.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
silent!(ChangeProfile, SetPhoto, Photo);

/// Answer to `accounts.photo`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Photo {
    /// Another photo has another version.
    #[ts(type = "number")]
    pub version: i64,
    /// The JPEG, in base64.
    pub image: String,
}

/// `accounts.faces`: what stands beside the names of these people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskFaces {
    /// Whose; at most a hundred.
    pub accounts: Vec<AccountId>,
}

/// Answer to `accounts.faces`. Whom one may not see is not in it, nor whoever is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct FaceList {
    /// In the order in which they were asked for.
    pub faces: Vec<Face>,
}

/// What stands beside a person's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Face {
    /// Whose.
    pub account: AccountId,
    /// The version of her photo, where she has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub photo: Option<i64>,
}

//! Wire shapes of professional verification: the service looks at who somebody is and what she does (002-gl4).

use crate::profile::words;
use crate::{Card, Millis, Occupation, VerificationId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

words! {
    /// Where a verification stands.
    VerificationState {
        /// It waits for a reviewer.
        Asked = "asked",
        /// The mark stands on her card.
        Approved = "approved",
        /// It was not given.
        Rejected = "rejected",
        /// Her name or occupation is another one since.
        Lapsed = "lapsed",
    }
}

words! {
    /// What a reviewer decides.
    Verdict {
        /// The mark is given.
        Approve = "approve",
        /// It is not.
        Reject = "reject",
    }
}

/// `verifications.ask`: asks for the mark, with a picture of a licence or the like.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskVerification {
    /// Its id, chosen by the client; a retry is the same one.
    pub verification: VerificationId,
    /// The place whose occupation is to be verified.
    pub affiliation: crate::AffiliationId,
    /// JPEG, PNG or WebP, in base64.
    pub document: String,
}

/// `verifications.document`: the picture, for a reviewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichVerification {
    /// Which.
    pub verification: VerificationId,
}

/// Answer to `verifications.document`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct VerificationDocument {
    /// The JPEG, in base64.
    pub image: String,
}

/// `verifications.decide`: a reviewer's decision, with a reason that its holder reads.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideVerification {
    /// Which.
    pub verification: VerificationId,
    /// What.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
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
silent!(AskVerification, VerificationDocument, DecideVerification);

/// A verification, as its holder and its reviewers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Verification {
    /// Its id.
    pub verification: VerificationId,
    /// The name, office and occupation that it is about.
    pub card: Card,
    /// The occupation that it is about.
    pub occupation: Occupation,
    /// Where it stands.
    pub state: VerificationState,
    /// When it was asked for.
    pub asked_at: Millis,
    /// When it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub decided_at: Option<Millis>,
    /// Why it was decided so; only its holder and its reviewers read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
    /// Whether the document is still there.
    pub has_document: bool,
}

/// Answer to `verifications.mine` and `verifications.waiting`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct VerificationList {
    /// The latest first for their holder; for reviewers whoever waits the longest.
    pub verifications: Vec<Verification>,
}

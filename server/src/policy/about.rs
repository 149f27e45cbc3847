//! What a profile's file says of itself: who issued it, from when on it holds, and how it came to be as it is.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tsumugi_protocol::Millis;

/// Header of one version of a profile (K-02 to K-04). It is each file's own and never inherited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// What its issuer calls this version.
    #[serde(default)]
    pub label: String,
    /// K-02: who issued it.
    #[serde(default)]
    pub issuer: String,
    /// When it was issued, as precisely as it says.
    #[serde(default)]
    pub issued: String,
    /// K-03: the day on which it begins to hold, as that begins in Japan; undated ones hold since they were brought in.
    #[serde(default)]
    pub effective_from: Option<jiff::civil::Date>,
    /// K-04: what was amended.
    #[serde(default)]
    pub amendments: Vec<Amendment>,
    /// Further rules beside it (000§3e).
    #[serde(default)]
    pub documents: Vec<Document>,
    /// Numbers of knobs for which it points to a part that nobody has (c-30); what holds there is inherited.
    #[serde(default)]
    pub unknown: Vec<String>,
    /// Numbers of knobs whose value was taken from elsewhere for want of its own (c-30).
    #[serde(default)]
    pub assumed: Vec<String>,
    /// What its own text says of a knob, by name, where the floor is stricter and holds (c-1).
    #[serde(default)]
    pub weaker: BTreeMap<String, String>,
}

/// One amendment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amendment {
    /// When, as precisely as the document says.
    pub date: String,
    /// What of it.
    pub article: String,
    /// What changed.
    pub note: String,
}

/// A rule document beside the profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What it is called.
    pub title: String,
    /// Its edition; empty while nobody has handed it in.
    #[serde(default)]
    pub edition: String,
}

impl About {
    /// The moment from which it holds.
    #[must_use]
    pub fn begins(&self) -> Option<Millis> {
        self.effective_from.and_then(super::second_factor::begins)
    }
}

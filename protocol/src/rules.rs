//! Wire shapes of a region's rules: the page that people read, who has acknowledged which version, what an office adds.

use crate::{Card, Millis, OfficeId, RegionId, TokenIn};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

crate::device::words! {
    /// Which rules a value comes from: the nearest that speaks of it.
    RuleSource {
        /// The vendor's, below every region's.
        Floor = "floor",
        /// The region's.
        Region = "region",
        /// The office's own.
        Office = "office",
    }
}
crate::device::words! {
    /// How a value stands to the floor where it is not simply stricter (002-intro5, c-1).
    RuleStanding {
        /// An exception that the region's own document makes.
        Exception = "exception",
        /// Another choice, with its reason.
        Differs = "differs",
        /// Below the floor, by a recorded override.
        BelowFloor = "below_floor",
    }
}
crate::device::words! {
    /// What a rule is about.
    RuleGroup {
        /// Coming in: passwords, locks, how long a session stands.
        SignIn = "sign_in",
        /// Devices and what is carried out.
        Devices = "devices",
        /// Who takes part, and how offices and people come in.
        People = "people",
        /// Rooms: who opens, invites, stores, erases.
        Rooms = "rooms",
        /// Consent, rights, other use.
        Consent = "consent",
        /// What is written and sent.
        Content = "content",
    }
}

/// A few words in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Said {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

/// `rules.read`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichRegion {
    /// The region.
    pub region: RegionId,
}

/// `rules.acknowledge` (HTTP only): the reader has read that version and keeps to it; her session gets another token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeRules {
    /// The region.
    pub region: RegionId,
    /// The version, as the page says it.
    pub version: String,
    /// Where the new token goes.
    #[serde(default)]
    #[ts(optional, as = "Option<TokenIn>")]
    pub token_in: TokenIn,
}

/// One rule that matters to a reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Rule {
    /// Its number in the clause index (K-36), or its name where the documents give no number.
    pub number: String,
    /// Its name in files of rules.
    pub name: String,
    /// What it is about.
    pub group: RuleGroup,
    /// What it says, in words.
    pub label: Said,
    /// What holds, in words.
    pub value: Said,
    /// Which rules say so.
    pub source: RuleSource,
    /// What the file cites for it: number and clauses.
    pub clause: String,
    /// How it stands to the floor, where that is to be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub standing: Option<RuleStanding>,
    /// Why it differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<String>,
    /// What the region's own text says where the stricter floor holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub weaker: Option<String>,
    /// Whether the region's text points to a part that is not at hand.
    pub is_unknown: bool,
    /// Whether the value was taken from elsewhere for want of its own.
    pub is_assumed: bool,
}

/// A rule that changed since the version that the reader acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RuleChange {
    /// Its number.
    pub number: String,
    /// What it says, in words.
    pub label: Said,
    /// What held.
    pub before: Said,
    /// What holds.
    pub now: Said,
}

/// One amendment (K-04).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RuleAmendment {
    /// When, as precisely as the document says.
    pub date: String,
    /// What of it.
    pub article: String,
    /// What changed.
    pub note: String,
}

/// A guideline, or a document of rules beside the profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RuleDocument {
    /// What it is called.
    pub title: String,
    /// Its edition; the latest guideline, or a document that is not at hand, where it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub edition: Option<String>,
}

/// One version of the region's rules, in force from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RuleVersion {
    /// The number in its file.
    pub version: u32,
    /// What its issuer calls it.
    pub label: String,
    /// Since when (YYYY-MM-DD); absent for one that is undated.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub since: Option<String>,
}

/// How the desk is reached (K-12); what the documents leave open is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RuleContact {
    /// Its name.
    pub name: String,
    /// Telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub phone: Option<String>,
    /// Fax.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub fax: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub mail: Option<String>,
    /// When somebody is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub hours: Option<String>,
}

/// What an office adds to its region's rules (K-13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Supplement {
    /// The office.
    pub office: OfficeId,
    /// Its name.
    pub name: String,
    /// Whether the reader administers it and may add to it.
    pub may_change: bool,
    /// The one in force, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub in_force: Option<SupplementInForce>,
}

/// An office's own rules as they hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SupplementInForce {
    /// Rises with every change.
    pub version: u32,
    /// When it was recorded.
    pub recorded_at: Millis,
    /// The office's own text, with the reason.
    pub text: String,
    /// The rules that it tightens.
    pub rules: Vec<Rule>,
}

/// Answer to `rules.read`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RulesPage {
    /// The region.
    pub region: RegionId,
    /// Its name.
    pub name: String,
    /// K-01: what the rules are called.
    pub title: String,
    /// K-02: who issued them.
    pub issuer: String,
    /// What the issuer calls this version.
    pub label: String,
    /// When it was issued, as precisely as it says; empty where it does not.
    pub issued: String,
    /// K-03: since when it holds (YYYY-MM-DD); absent where it is undated.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub effective_from: Option<String>,
    /// What is acknowledged: this version over the floor's.
    pub version: String,
    /// Every version of the region's rules.
    pub history: Vec<RuleVersion>,
    /// K-04.
    pub amendments: Vec<RuleAmendment>,
    /// Further rules beside it.
    pub documents: Vec<RuleDocument>,
    /// K-09.
    pub laws: Vec<String>,
    /// K-10.
    pub guidelines: Vec<RuleDocument>,
    /// K-11: who stands behind the network.
    pub bodies: Vec<Said>,
    /// K-12.
    pub contact: RuleContact,
    /// K-96: what the service is beside other means.
    pub position: String,
    /// Numbers of rules for which the region's text points to a part that is not at hand.
    pub unknown: Vec<String>,
    /// The rules that matter to a reader.
    pub rules: Vec<Rule>,
    /// What the reader's offices in this region add.
    pub supplements: Vec<Supplement>,
    /// Which version she acknowledged last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub acknowledged: Option<Acknowledged>,
    /// Whether she is asked to acknowledge this one before she goes on.
    pub is_asked: bool,
    /// What changed since the version that she knows.
    pub changes: Vec<RuleChange>,
}

/// That somebody acknowledged a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Acknowledged {
    /// Which.
    pub version: String,
    /// When.
    pub at: Millis,
}

/// Answer to `rules.standing`: who of an office has acknowledged the rules in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RulesStanding {
    /// The version in force.
    pub version: String,
    /// How many have not.
    pub missing: u32,
    /// Everybody who works there, who has not first.
    pub people: Vec<RulesReader>,
}

/// Somebody of the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RulesReader {
    /// Her card there.
    pub card: Card,
    /// What she acknowledged last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub acknowledged: Option<Acknowledged>,
    /// Whether that is the version in force.
    pub is_current: bool,
}

/// One value of an office's own rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplementRule {
    /// The rule's name in files of rules (`idle_minutes`).
    pub name: String,
    /// Its value as such a file has it (`10`, `true`, `"must"`).
    pub value: String,
}

/// `offices.supplement`: the whole of an office's own rules, in place of what was there. They tighten only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetSupplement {
    /// The office.
    pub office: OfficeId,
    /// Its own text: what it asks beside the region's rules, and why.
    pub text: String,
    /// The rules that it tightens.
    pub rules: Vec<SupplementRule>,
}

/// Never prints the text.
impl std::fmt::Debug for SetSupplement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SetSupplement").field("office", &self.office).finish_non_exhaustive()
    }
}

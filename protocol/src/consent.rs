//! Wire shapes of consents: what a patient is asked, who signed, what was objected to, and what ended it (000§6, 002-5).

use crate::profile::words;
use crate::{AffiliationId, Card, ConsentId, Millis, PatientId, RoomId, ScanId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

words! {
    /// Where a consent stands.
    ConsentState {
        /// It holds.
        InForce = "in_force",
        /// It was withdrawn.
        Withdrawn = "withdrawn",
        /// A later one holds in its place.
        Superseded = "superseded",
    }
}

words! {
    /// What it rests on.
    ConsentBasis {
        /// The region's form.
        Form = "form",
        /// A contract that lets information go to other offices already (000§6c).
        ExistingContract = "existing_contract",
        /// A use that was consented to before (001§16-1c).
        PreExistingUse = "pre_existing_use",
        /// A form of the office's own (003§6b).
        OwnForm = "own_form",
        /// Nothing that was said (002-5.1).
        Implied = "implied",
        /// The timeline was there before consents were recorded here; nobody asks for this one.
        FromBefore = "from_before",
    }
}

words! {
    /// As what somebody signs, or speaks.
    SignatoryRole {
        /// The patient.
        Patient = "patient",
        /// Somebody of the family.
        Family = "family",
        /// Who represents the patient.
        Representative = "representative",
        /// Who signs for a patient who cannot.
        Proxy = "proxy",
    }
}

words! {
    /// How an objection shows on the paper (002-5.2b).
    ObjectionEvidence {
        /// A seal over it.
        Seal = "seal",
        /// Initials beside it.
        Initial = "initial",
        /// It is on the scan.
        Scan = "scan",
        /// Somebody saw it.
        Witness = "witness",
    }
}

words! {
    /// Who holds a copy.
    CopyHolder {
        /// The office.
        Office = "office",
        /// The patient or the family.
        Patient = "patient",
        /// The physician, where somebody else obtained it (001-guide§16c).
        Physician = "physician",
    }
}

words! {
    /// What is still to be done about a consent.
    ConsentTask {
        /// It is not said where the office keeps its copy.
        OfficeCopy = "office_copy",
        /// The patient or the family has none.
        PatientCopy = "patient_copy",
        /// The physician has not confirmed hers.
        PhysicianCopy = "physician_copy",
        /// An objection does not show on paper yet.
        Evidence = "evidence",
    }
}

words! {
    /// Whether what is said of a patient may be shared in a room.
    RoomConsent {
        /// It may.
        InForce = "in_force",
        /// No consent was recorded: nothing is written.
        Missing = "missing",
        /// No consent was recorded: it stays within the office that answers for the patient (002-5b).
        Inside = "inside",
        /// The patient consented, but not to sharing (000-form4-7).
        Excluded = "excluded",
        /// The consent was withdrawn.
        Withdrawn = "withdrawn",
        /// The use of this room was stopped (004-form4-3(3)).
        Stopped = "stopped",
    }
}

words! {
    /// What an item of a form is about.
    ConsentAbout {
        /// The care itself.
        Care = "care",
        /// That data is shared with other offices.
        Sharing = "sharing",
        /// That this service is a means of it.
        Means = "means",
        /// That the purposes on the back are agreed to.
        Purposes = "purposes",
        /// How data is handled.
        Handling = "handling",
    }
}

/// Somebody who signed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentSignatory {
    /// As what.
    pub role: SignatoryRole,
    /// Name as written.
    pub name: String,
    /// Address as written; empty where the form has none.
    #[serde(default)]
    pub address: String,
    /// How she is related to the patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub relation: Option<String>,
    /// Whether there is a seal beside the name.
    #[serde(default)]
    pub sealed: bool,
    /// For a proxy: that the patient cannot sign, and her will was confirmed (004-form4-fields).
    #[serde(default)]
    pub will_confirmed: bool,
}

/// Who explained the form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Explainer {
    /// Her name.
    pub name: String,
    /// Her office.
    pub office: String,
}

/// One thing that was not agreed to: it binds with or without evidence (002-5.2b).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Objection {
    /// The item's number, as `7`, or a purpose's, as `2-14`.
    pub item: String,
    /// In which words; empty where there are none.
    #[serde(default)]
    pub wording: String,
    /// How it shows on the paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub evidence: Option<ObjectionEvidence>,
}

/// What stands for the form (c-31).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentWaiver {
    /// The document, by its name or kind.
    pub document: String,
    /// Its ISO date.
    pub on: String,
    /// The clause that says it, for a contract.
    #[serde(default)]
    pub clause: String,
    /// Who confirmed it.
    pub confirmed_by: String,
    /// That its words let information go to other offices, for a contract (000§6c).
    #[serde(default)]
    pub covers_other_offices: bool,
}

/// That a physician asked somebody to obtain it (001-guide§16b).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentInstruction {
    /// The physician's place.
    pub by: AffiliationId,
    /// On which day, as an ISO date.
    pub on: String,
    /// How she asked for it.
    pub how: String,
}

/// Who holds a copy since when.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentCopy {
    /// Who.
    pub holder: CopyHolder,
    /// Since which day, as an ISO date.
    pub on: String,
    /// Where it is kept, or who handed it over.
    pub note: String,
}

/// `consents.record`: what was consented to. An earlier one for the same office is superseded.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordConsent {
    /// Its id, chosen by the client; a retry is the same one.
    pub consent: ConsentId,
    /// Whose.
    pub patient: PatientId,
    /// What it rests on.
    pub basis: ConsentBasis,
    /// Which of the region's forms was signed, or is waived.
    pub form: String,
    /// On which day it was given, as an ISO date.
    pub given_on: String,
    /// Who obtained it: her place.
    pub obtained_by: AffiliationId,
    /// Who signed.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<ConsentSignatory>>")]
    pub signatories: Vec<ConsentSignatory>,
    /// Who explained it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub explainer: Option<Explainer>,
    /// What was not agreed to.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<Objection>>")]
    pub objections: Vec<Objection>,
    /// What stands for the form, on any other basis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub waiver: Option<ConsentWaiver>,
    /// The physician's request, where somebody else obtained it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub instructed: Option<ConsentInstruction>,
    /// Copies that are handed over already.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<ConsentCopy>>")]
    pub copies: Vec<ConsentCopy>,
}

/// What is done of what was open.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentDone {
    /// Somebody holds a copy.
    Copy(ConsentCopy),
    /// An objection shows on the paper; without evidence it stays open.
    Evidence(Objection),
}

/// `consents.complete`: closes what is open about a consent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteConsent {
    /// Which.
    pub consent: ConsentId,
    /// What is done.
    pub done: ConsentDone,
}

/// How far a withdrawal goes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WithdrawalOf {
    /// All of it.
    Whole,
    /// One item, by its number, or one purpose.
    Item(String),
    /// The use of one room.
    Room(RoomId),
}

/// `consents.withdraw`: the patient, or who speaks for her, no longer consents.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawConsent {
    /// Which.
    pub consent: ConsentId,
    /// How far.
    pub of: WithdrawalOf,
    /// Who said so.
    pub by: SignatoryRole,
    /// On which day, as an ISO date.
    pub on: String,
    /// How it was said.
    pub evidence: String,
}

/// `consents.attach`: a scan of the paper.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachScan {
    /// Its id, chosen by the client; a retry is the same one.
    pub scan: ScanId,
    /// Of which consent.
    pub consent: ConsentId,
    /// PDF, JPEG, PNG or WebP, in base64.
    pub document: String,
}

/// `consents.scan`: which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichScan {
    /// The scan.
    pub scan: ScanId,
}

/// Answer to `consents.scan`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ScanDocument {
    /// `image/jpeg` or `application/pdf`.
    pub media: String,
    /// The bytes, in base64.
    pub document: String,
}

macro_rules! silent {
    ($($name:ident),+ $(,)?) => {$(
        /// Prints nothing of what was written.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
silent!(
    ConsentSignatory,
    Explainer,
    Objection,
    ConsentWaiver,
    ConsentInstruction,
    ConsentCopy,
    RecordConsent,
    ConsentDone,
    CompleteConsent,
    WithdrawalOf,
    WithdrawConsent,
    AttachScan,
    ScanDocument,
    Withdrawal,
);

/// Answer to `consents.template`: what the region asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ConsentTemplate {
    /// The rules they stand in, with their version.
    pub rules: String,
    /// The forms; any of them may be signed.
    pub forms: Vec<ConsentFormSeen>,
    /// The purposes on the back.
    pub purposes: Vec<PurposesSeen>,
    /// Whether it is remarked that not all purposes are in use (004-form5).
    pub has_remark: bool,
    /// The kinds of data that are shared (K-89).
    pub kinds: Vec<String>,
    /// As what somebody may sign.
    pub roles: Vec<SignatoryRole>,
    /// Whether it is asked how the family is related.
    pub asks_relation: bool,
    /// Whether it is asked who explained it.
    pub asks_explainer: bool,
    /// What may stand for the form.
    pub bases: Vec<ConsentBasis>,
    /// Who holds copies.
    pub copies: Vec<CopyHolder>,
    /// Whether both copies are originals.
    pub two_originals: bool,
    /// Whether a part of it may be refused.
    pub partial: bool,
    /// Whether the attending physician obtains it, or whom she asks.
    pub by_physician: bool,
}

/// One form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ConsentFormSeen {
    /// Its name in records.
    pub key: String,
    /// Its heading.
    pub title: String,
    /// Its items.
    pub items: Vec<ConsentItem>,
    /// Whether the purposes stand on its back.
    pub purposes: bool,
    /// Whether what the patient may ask for stands on it.
    pub rights: bool,
}

/// One numbered item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ConsentItem {
    /// Its number.
    pub number: u32,
    /// What it is about.
    pub about: ConsentAbout,
    /// Its words.
    pub text: String,
}

/// Purposes of one kind; the third of group 2 is `2-3`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PurposesSeen {
    /// The group's number.
    pub number: u32,
    /// Its heading.
    pub title: String,
    /// Its purposes, from 1.
    pub purposes: Vec<String>,
}

/// Answer to `consents.of_patient`: the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ConsentList {
    /// What was recorded.
    pub consents: Vec<ConsentSeen>,
    /// Whether the reader may record another one.
    pub may_record: bool,
    /// Who may have obtained it, where she may.
    pub obtainers: Vec<Obtainer>,
}

/// Somebody who may have obtained a consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Obtainer {
    /// Her place.
    pub affiliation: AffiliationId,
    /// Her card there.
    pub card: Card,
    /// Whether she is a physician who looks after the patient.
    pub is_physician: bool,
}

/// One consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ConsentSeen {
    /// Its id.
    pub consent: ConsentId,
    /// Where it stands.
    pub state: ConsentState,
    /// What it rests on.
    pub basis: ConsentBasis,
    /// The form; empty for one from before.
    pub form: String,
    /// The rules that the form stands in, with their version.
    pub rules: String,
    /// On which day it was given.
    pub given_on: String,
    /// When it was recorded.
    pub recorded_at: Millis,
    /// When it was withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub withdrawn_at: Option<Millis>,
    /// Items and purposes that were not agreed to.
    pub objected: Vec<String>,
    /// What is still to be done, for the office that answers for the patient.
    pub open: Vec<ConsentTask>,
    /// Who signed and the rest of it: for that office, and for the patient and her family.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub details: Option<ConsentDetails>,
}

/// What only those see whose paper it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ConsentDetails {
    /// Who signed.
    pub signatories: Vec<ConsentSignatory>,
    /// Who explained it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub explainer: Option<Explainer>,
    /// What was not agreed to, in which words.
    pub objections: Vec<Objection>,
    /// What stands for the form.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub waiver: Option<ConsentWaiver>,
    /// Who obtained it, as she was then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub obtained_by: Option<Card>,
    /// The physician's request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub instructed: Option<ConsentInstruction>,
    /// Who holds a copy.
    pub copies: Vec<ConsentCopy>,
    /// What was withdrawn since.
    pub withdrawals: Vec<Withdrawal>,
    /// Scans of the paper.
    pub scans: Vec<ScanSeen>,
}

/// What was withdrawn.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Withdrawal {
    /// How far it goes.
    pub of: WithdrawalOf,
    /// Who said so.
    pub by: SignatoryRole,
    /// On which day.
    pub on: String,
    /// How it was said.
    pub evidence: String,
    /// When it was recorded.
    pub at: Millis,
}

/// A scan, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ScanSeen {
    /// Its id.
    pub scan: ScanId,
    /// `image/jpeg` or `application/pdf`.
    pub media: String,
    /// When it was attached.
    pub at: Millis,
}

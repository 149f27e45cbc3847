//! Wire shapes of the people cared for, beside their rooms: whether the accounts of a patient and her family are their own, and
//! corrections of what is kept of her (002-gl5).

use crate::profile::words;
use crate::{AffiliationId, Card, ConfirmationId, CorrectionId, Millis, OfficeId, Patient, PatientId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

words! {
    /// How staff saw that an account is its holder's own.
    ConfirmationMethod {
        /// Its holder was met, at home or at the office.
        InPerson = "in_person",
        /// She showed an insurance card or the like.
        Document = "document",
        /// Over a telephone number that was known before.
        Phone = "phone",
        /// The family, or who represents the patient, said so.
        Family = "family",
        /// In another way, which the note says.
        Other = "other",
    }
}

/// `patients.confirm_account`: staff of a patient's timeline saw that an account is the patient's own, or that of her family.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmAccount {
    /// Its id, chosen by the client; a retry is the same one.
    pub confirmation: ConfirmationId,
    /// The account's place beside the patient.
    pub affiliation: AffiliationId,
    /// How.
    pub method: ConfirmationMethod,
    /// On which day, as an ISO date.
    pub on: String,
    /// More of how, kept sealed; another method than the listed ones needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
}

/// `patients.withdraw_confirmation`: it was a mistake.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawConfirmation {
    /// Which.
    pub confirmation: ConfirmationId,
    /// Why; kept sealed.
    pub reason: String,
}

/// `patients.correct`: what is kept of a patient is otherwise.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectPatient {
    /// Its id, chosen by the client; a retry is the same one.
    pub correction: CorrectionId,
    /// Whose.
    pub patient: PatientId,
    /// Name as written.
    pub name: String,
    /// Reading in kana.
    pub kana: String,
    /// ISO date.
    pub birth_date: String,
    /// `female`, `male`, `other`, `unknown` (FHIR administrative gender).
    pub sex: String,
    /// Why; kept sealed beside what was there before.
    pub reason: String,
}

/// `patients.corrections`: of whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichPatient {
    /// The patient.
    pub patient: PatientId,
}

/// `patients.name_corrector` and `patients.release_corrector`: somebody of an office one runs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameCorrector {
    /// Her place there.
    pub affiliation: AffiliationId,
    /// Why; kept sealed.
    pub reason: String,
}

macro_rules! silent {
    ($($name:ident),+) => {$(
        /// Prints nothing of what was typed.
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
silent!(ConfirmAccount, WithdrawConfirmation, CorrectPatient, NameCorrector);

/// Answer to `patients.list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PatientList {
    /// The patients in whose timelines one takes part as staff, and those one may correct; by reading.
    pub patients: Vec<PatientSeen>,
    /// For whoever runs an office: who else may correct there.
    pub correctors: Vec<OfficeCorrectors>,
}

/// A patient with the accounts beside her.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PatientSeen {
    /// Who.
    pub patient: Patient,
    /// Whether one takes part in a timeline of hers, and so may record that an account was confirmed.
    pub takes_part: bool,
    /// Whether one may correct what is kept of her.
    pub may_correct: bool,
    /// Her own accounts, then those of her family.
    pub accounts: Vec<PatientAccount>,
}

/// An account that is said to be a patient's own, or of her family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PatientAccount {
    /// Its place beside the patient.
    pub affiliation: AffiliationId,
    /// As others see its holder.
    pub card: Card,
    /// Whether the region asks one to have it confirmed: a patient's own alone (K-42).
    pub is_asked: bool,
    /// The confirmation that stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub confirmation: Option<Confirmation>,
}

/// That an account is its holder's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Confirmation {
    /// Its id.
    pub confirmation: ConfirmationId,
    /// How it was seen.
    pub method: ConfirmationMethod,
    /// On which day, as an ISO date.
    pub on: String,
    /// More of how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
    /// Who recorded it, as she was then.
    pub by: Card,
    /// When she recorded it.
    pub at: Millis,
}

/// Who may correct what is kept of the patients of an office, beside those who run it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct OfficeCorrectors {
    /// The office.
    pub office: OfficeId,
    /// Its staff who may.
    pub staff: Vec<Corrector>,
}

/// Somebody who may correct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Corrector {
    /// Her place in the office.
    pub affiliation: AffiliationId,
    /// Her card there.
    pub card: Card,
}

/// Answer to `patients.corrections`: the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CorrectionList {
    /// Every one there was.
    pub corrections: Vec<Correction>,
}

/// What was kept of a patient, and what is since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Correction {
    /// Its id.
    pub correction: CorrectionId,
    /// Before.
    pub before: Patient,
    /// After.
    pub after: Patient,
    /// Why.
    pub reason: String,
    /// Who corrected it, as she was then.
    pub by: Card,
    /// When.
    pub at: Millis,
}

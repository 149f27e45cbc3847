//! Patients: the people cared for. Names, kana and birth date are sealed under a key of their own.

pub(crate) mod confirmations;
mod correct;
mod corrections;
mod correctors;
mod known;
mod list;
mod register;
mod rules;
mod signs;
pub(crate) mod store;

pub use confirmations::{ConfirmationEnd, confirm_account, withdraw_confirmation};
pub use correct::correct;
pub use corrections::corrections;
pub use correctors::{name_corrector, release_corrector};
pub use known::Known;
pub use list::list;
pub use register::register;
pub use rules::SEXES;
pub use signs::{Bearers, Signs, Written};

use crate::app::App;
use crate::bodies::body_of;
use crate::crypto::lookup::LookupHash;
use serde::{Deserialize, Serialize};
use tsumugi_protocol::{CorrectionId, Millis, Patient, PatientId, RegionId};
use unicode_normalization::UnicodeNormalization;

/// The sealed part of a patient.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientBody {
    /// Format of this object.
    pub v: u8,
    /// Name as written.
    pub name: String,
    /// Reading in kana.
    pub kana: String,
    /// ISO date.
    pub birth_date: String,
    /// FHIR administrative gender.
    pub sex: String,
}

impl PatientBody {
    /// The keyed hash by which the same person is found again within a region.
    #[must_use]
    pub fn found_by(&self, app: &App, region: RegionId) -> LookupHash {
        app.lookup.patient(&region.to_string(), &folded_kana(&self.kana), &self.birth_date)
    }

    /// What lists are sorted by: the reading, whatever kana it is written in.
    #[must_use]
    pub fn order(patient: &Patient) -> String {
        folded_kana(&patient.kana)
    }

    /// What somebody sees of her who is only invited: her family name, or the first character of a name in one piece.
    #[must_use]
    pub fn label(&self) -> String {
        let mut parts = self.name.split_whitespace();
        match (parts.next(), parts.next()) {
            (Some(family), Some(_)) => family.to_owned(),
            (Some(whole), None) => whole.chars().take(1).collect(),
            (None, _) => String::new(),
        }
    }

    /// The day that a birth date says, if it is one of the calendar, written as `1940-01-31`.
    #[must_use]
    pub fn day(birth_date: &str) -> Option<jiff::civil::Date> {
        rules::day(birth_date)
    }

    /// Whether what is written is such a day, and has come where the service is used.
    #[must_use]
    pub fn has_come(written: &str, now: Millis) -> bool {
        rules::day(written).is_some_and(|day| rules::has_come(day, now))
    }

    /// As members of her rooms see her.
    #[must_use]
    pub fn shown(self, id: PatientId) -> Patient {
        Patient { id, name: self.name, kana: self.kana, birth_date: self.birth_date, sex: self.sex }
    }
}

body_of!(PatientBody, "patients", PatientId);

/// The sealed part of a correction, under the patient's own key.
#[derive(Serialize, Deserialize)]
pub(super) struct CorrectionBody {
    /// Format of this object.
    pub v: u8,
    /// What was kept of her before.
    pub before: PatientBody,
    /// What is since.
    pub after: PatientBody,
    /// Why.
    pub reason: String,
}

body_of!(CorrectionBody, "corrections", CorrectionId);

/// Kana in its normal form: NFKC, without spaces, katakana as hiragana. Sorting and matching use it.
fn folded_kana(kana: &str) -> String {
    kana.nfkc()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitee_sees_a_family_name_alone() {
        for (name, label) in
            [("菊地 晴江", "菊地"), ("菊地\u{3000}晴江", "菊地"), ("菊地晴江", "菊"), ("", "")]
        {
            let body = PatientBody {
                v: 1,
                name: name.to_owned(),
                kana: "きくち はるえ".to_owned(),
                birth_date: "1942-03-08".to_owned(),
                sex: "female".to_owned(),
            };
            assert_eq!(body.label(), label);
        }
    }

    #[test]
    fn readings_are_equal_whatever_kana_they_are_written_in() {
        assert_eq!(folded_kana("キクチ　ハルエ"), "きくちはるえ");
        assert_eq!(folded_kana("ｷｸﾁ ﾊﾙｴ"), "きくちはるえ");
        assert_eq!(folded_kana("きくち はるえ"), "きくちはるえ");
    }
}

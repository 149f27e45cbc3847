//! Patients: the people cared for. Names, kana and birth date are sealed under a key of their own.

pub(crate) mod store;

use crate::app::App;
use crate::crypto::lookup::LookupHash;
use crate::crypto::seal::{self, Key, Place};
use crate::error::{Fault, Result};
use serde::{Deserialize, Serialize};
use tsumugi_protocol::{Patient, PatientId, RegionId};
use unicode_normalization::UnicodeNormalization;

/// The sealed part of a patient.
#[derive(Serialize, Deserialize)]
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
    /// Opens it from its row.
    ///
    /// # Errors
    /// When its key is not there or the bytes were changed.
    pub async fn open(app: &App, id: PatientId, sealed: &[u8]) -> Result<Self> {
        let key = app.keys.ready(seal::key_of(sealed)?).await?;
        let opened = seal::open(&key, &place(id), sealed)?;
        Ok(serde_json::from_slice(&opened).map_err(|_| Fault::noticed("reading an opened patient"))?)
    }

    /// Seals it for its row.
    ///
    /// # Errors
    /// Never for a patient; the error is serde's.
    pub fn sealed(&self, key: &Key, id: PatientId) -> Result<Vec<u8>> {
        let bytes = serde_json::to_vec(self).map_err(|error| Fault::new("writing a patient", error))?;
        Ok(seal::seal(key, &place(id), &bytes).into_bytes())
    }

    /// The keyed hash by which the same person is found again within a region.
    #[must_use]
    pub fn found_by(&self, app: &App, region: RegionId) -> LookupHash {
        app.lookup.patient(&region.to_string(), &folded_kana(&self.kana), &self.birth_date)
    }

    /// As members of her rooms see her.
    #[must_use]
    pub fn shown(self, id: PatientId) -> Patient {
        Patient { id, name: self.name, kana: self.kana, birth_date: self.birth_date, sex: self.sex }
    }
}

fn place(id: PatientId) -> Place<'static> {
    Place { table: "patients", row: id.0, author: None }
}

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
    fn readings_are_equal_whatever_kana_they_are_written_in() {
        assert_eq!(folded_kana("キクチ　ハルエ"), "きくちはるえ");
        assert_eq!(folded_kana("ｷｸﾁ ﾊﾙｴ"), "きくちはるえ");
        assert_eq!(folded_kana("きくち はるえ"), "きくちはるえ");
    }
}

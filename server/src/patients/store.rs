//! All SQL of patients.

use crate::store::{StoreFault, Tx, on_engine};
use tsumugi_protocol::{Millis, OfficeId, PatientId, RegionId};
use uuid::Uuid;

/// A new patient.
pub struct NewPatient {
    /// Her id.
    pub id: PatientId,
    /// The region.
    pub region: RegionId,
    /// The steward office.
    pub office: OfficeId,
    /// Finds the same person within the region.
    pub match_hash: Vec<u8>,
    /// The key of her sealed values.
    pub key_id: Uuid,
    /// Name, kana, birth date, sex.
    pub sealed: Vec<u8>,
}

impl Tx {
    /// Keeps a new patient.
    pub async fn insert_patient(&mut self, new: &NewPatient, now: Millis) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO patients (id, region, office, match_hash, key_id, sealed, created_at) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7)";
        on_engine!(self.conn(), "keeping a patient", c => sqlx::query(SQL)
            .bind(new.id.0).bind(new.region.0).bind(new.office.0).bind(&new.match_hash).bind(new.key_id)
            .bind(&new.sealed).bind(now.0).execute(c).await.map(|_| ()))
    }
}

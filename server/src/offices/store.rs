//! All SQL of offices.

use crate::store::{StoreFault, Tx, on_engine};
use tsumugi_protocol::{Millis, OfficeId, RegionId};
use uuid::Uuid;

impl Tx {
    /// Keeps a new office.
    pub async fn insert_office(
        &mut self,
        id: OfficeId,
        region: RegionId,
        kind: &str,
        key_id: Uuid,
        sealed: &[u8],
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO offices (id, region, kind, key_id, sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
        on_engine!(self.conn(), "keeping an office", c => sqlx::query(SQL)
            .bind(id.0).bind(region.0).bind(kind).bind(key_id).bind(sealed).bind(now.0)
            .execute(c).await.map(|_| ()))
    }
}

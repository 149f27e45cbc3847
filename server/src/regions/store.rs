//! All SQL of regions.

use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{Millis, RegionId};
use uuid::Uuid;

impl Tx {
    /// Keeps a new region.
    pub async fn insert_region(
        &mut self,
        id: RegionId,
        profile: &str,
        key_id: Uuid,
        sealed: &[u8],
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str =
            "INSERT INTO regions (id, profile, key_id, sealed, created_at) VALUES ($1, $2, $3, $4, $5)";
        on_engine!(self.conn(), "keeping a region", c => sqlx::query(SQL)
            .bind(id.0).bind(profile).bind(key_id).bind(sealed).bind(now.0).execute(c).await.map(|_| ()))
    }
}

/// The profiles that regions of this store use; none means that the store is new.
pub async fn profiles(conn: &mut Conn) -> Result<Vec<String>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT profile FROM regions ORDER BY profile";
    on_engine!(conn, "reading the regions' profiles", c => sqlx::query_scalar(SQL).fetch_all(c).await)
}

/// The profile of a region.
pub async fn profile(conn: &mut Conn, id: RegionId) -> Result<Option<String>, StoreFault> {
    const SQL: &str = "SELECT profile FROM regions WHERE id = $1";
    on_engine!(conn, "finding a region's rules", c => sqlx::query_scalar(SQL).bind(id.0).fetch_optional(c).await)
}

/// Whether a region is there.
pub async fn stands(conn: &mut Conn, id: RegionId) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT created_at FROM regions WHERE id = $1";
    let found: Option<i64> = on_engine!(conn, "finding a region", c => sqlx::query_scalar(SQL).bind(id.0).fetch_optional(c).await)?;
    Ok(found.is_some())
}

//! All SQL of what offices add to their regions' rules.

use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{AccountId, Millis, OfficeId};
use uuid::Uuid;

/// An office's own rules as they are stored.
#[derive(Debug, Clone)]
pub struct SupplementRow {
    /// The name under which they are found; none where they tighten nothing.
    pub name: Option<String>,
    /// Rises with every change.
    pub version: i64,
    /// The text.
    pub sealed: Vec<u8>,
    /// When they were recorded.
    pub recorded_at: Millis,
}

/// What an office adds now.
pub async fn supplement(conn: &mut Conn, office: OfficeId) -> Result<Option<SupplementRow>, StoreFault> {
    const SQL: &str = "SELECT o.rules, s.version, s.sealed, s.recorded_at FROM supplements s \
                       JOIN offices o ON o.id = s.office WHERE s.office = $1 ORDER BY s.version DESC LIMIT 1";
    type Columns = (Option<String>, i64, Vec<u8>, i64);
    let row: Option<Columns> = on_engine!(conn, "reading an office's rules", c => sqlx::query_as(SQL)
        .bind(office.0).fetch_optional(c).await)?;
    Ok(row.map(|(name, version, sealed, recorded_at)| SupplementRow {
        name,
        version,
        sealed,
        recorded_at: Millis(recorded_at),
    }))
}

/// The names under which offices' rules are found, each with the rules in force.
pub async fn all(conn: &mut Conn) -> Result<Vec<(String, String)>, StoreFault> {
    const SQL: &str = "SELECT o.rules, s.rules FROM offices o JOIN supplements s ON s.office = o.id \
                       WHERE o.rules IS NOT NULL AND s.version = (SELECT MAX(n.version) FROM supplements n WHERE n.office = o.id)";
    on_engine!(conn, "reading offices' rules", c => sqlx::query_as(SQL).fetch_all(c).await)
}

impl Tx {
    /// Keeps what an office adds from now on, and the name under which it is found.
    pub async fn insert_supplement(
        &mut self,
        (office, name): (OfficeId, Option<&str>),
        (version, rules, sealed): (i64, &str, &[u8]),
        by: AccountId,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const ROW: &str = "INSERT INTO supplements (office, version, rules, sealed, recorded_by, recorded_at) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
        const NAME: &str = "UPDATE offices SET rules = $2 WHERE id = $1";
        let by: Uuid = by.0;
        on_engine!(self.conn(), "keeping an office's rules", c => sqlx::query(ROW)
            .bind(office.0).bind(version).bind(rules).bind(sealed).bind(by).bind(now.0).execute(c).await.map(|_| ()))?;
        on_engine!(self.conn(), "naming an office's rules", c => sqlx::query(NAME)
            .bind(office.0).bind(name).execute(c).await.map(|_| ()))
    }
}

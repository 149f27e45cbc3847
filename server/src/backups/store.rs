//! All SQL of backups.

use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{AccountId, Millis};
use uuid::Uuid;

/// Everybody of a region's desk.
pub(super) async fn desks(conn: &mut Conn) -> Result<Vec<AccountId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT f.account FROM affiliations f \
                       JOIN roles r ON r.affiliation = f.id AND r.role = 'secretariat' \
                       JOIN accounts a ON a.id = f.account AND a.state = 'active' \
                       WHERE f.ended_at IS NULL ORDER BY f.account";
    let rows: Vec<Uuid> =
        on_engine!(conn, "finding the desks", c => sqlx::query_scalar(SQL).fetch_all(c).await)?;
    Ok(rows.into_iter().map(AccountId).collect())
}

impl Tx {
    /// Nothing that let somebody in when a backup was made lets anybody in after it was restored.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn end_what_lets_in(&mut self, now: Millis) -> Result<(), StoreFault> {
        const SESSIONS: &str =
            "UPDATE sessions SET ended_at = $1, ended_why = 'restored' WHERE ended_at IS NULL";
        const LINKS: &str = "UPDATE links SET used_at = $1 WHERE used_at IS NULL";
        for sql in [SESSIONS, LINKS] {
            on_engine!(self.conn(), "ending sessions and links of a backup", c => sqlx::query(sql)
                .bind(now.0).execute(c).await.map(|_| ()))?;
        }
        Ok(())
    }
}

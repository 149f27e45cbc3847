//! All SQL of passwords: those in use, and those they replaced.

use super::NewPassword;
use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{AccountId, Millis, OfficeId};
use uuid::Uuid;

/// The hashes of the last passwords of an account, that in use among them.
pub async fn last_ones(conn: &mut Conn, account: AccountId, count: u32) -> Result<Vec<String>, StoreFault> {
    const SQL: &str = "SELECT hash FROM (SELECT password_hash AS hash, 1 AS in_use, 0 AS set_at FROM accounts \
                       WHERE id = $1 AND password_hash IS NOT NULL UNION ALL \
                       SELECT hash, 0 AS in_use, set_at FROM password_history WHERE account = $1) AS last \
                       ORDER BY in_use DESC, set_at DESC, hash LIMIT $2";
    on_engine!(conn, "reading earlier passwords", c => sqlx::query_scalar(SQL)
        .bind(account.0).bind(i64::from(count)).fetch_all(c).await)
}

/// The offices where an account works, sealed.
pub async fn offices_of(conn: &mut Conn, account: AccountId) -> Result<Vec<(OfficeId, Vec<u8>)>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT o.id, o.sealed FROM affiliations f JOIN offices o ON o.id = f.office \
                       WHERE f.account = $1 AND f.ended_at IS NULL";
    let rows: Vec<(Uuid, Vec<u8>)> = on_engine!(conn, "reading offices", c => sqlx::query_as(SQL)
        .bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, sealed)| (OfficeId(id), sealed)).collect())
}

impl Tx {
    /// Nobody comes in with the password that an account had; it stays among those that are compared.
    pub async fn forget_password(&mut self, account: AccountId, now: Millis) -> Result<(), StoreFault> {
        const REMEMBER: &str = "INSERT INTO password_history (account, hash, set_at) \
                                SELECT id, password_hash, $2 FROM accounts \
                                WHERE id = $1 AND password_hash IS NOT NULL ON CONFLICT DO NOTHING";
        const FORGET: &str =
            "UPDATE accounts SET password_hash = NULL, password_set_at = $2, must_change = 0 WHERE id = $1";
        on_engine!(self.conn(), "remembering a password", c => sqlx::query(REMEMBER)
            .bind(account.0).bind(now.0).execute(c).await.map(|_| ()))?;
        on_engine!(self.conn(), "forgetting a password", c => sqlx::query(FORGET)
            .bind(account.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Sets an account's password; the one it replaces is remembered, and the oldest forgotten.
    pub async fn set_password(
        &mut self,
        account: AccountId,
        new: &NewPassword,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const REMEMBER: &str = "INSERT INTO password_history (account, hash, set_at) \
                                SELECT id, password_hash, COALESCE(password_set_at, created_at) FROM accounts \
                                WHERE id = $1 AND password_hash IS NOT NULL ON CONFLICT DO NOTHING";
        const SET: &str = "UPDATE accounts SET password_hash = $2, password_kind = $3, password_set_at = $4, must_change = 0 WHERE id = $1";
        const FORGET: &str = "DELETE FROM password_history WHERE account = $1 AND hash NOT IN \
                              (SELECT hash FROM password_history WHERE account = $1 ORDER BY set_at DESC, hash LIMIT $2)";
        on_engine!(self.conn(), "remembering a password", c => sqlx::query(REMEMBER)
            .bind(account.0).execute(c).await.map(|_| ()))?;
        on_engine!(self.conn(), "setting a password", c => sqlx::query(SET)
            .bind(account.0).bind(&new.hash).bind(new.kind.as_str()).bind(now.0).execute(c).await.map(|_| ()))?;
        // The one in use is the last of those that are compared.
        let kept = i64::from(new.history.saturating_sub(1));
        on_engine!(self.conn(), "forgetting passwords", c => sqlx::query(FORGET)
            .bind(account.0).bind(kept).execute(c).await.map(|_| ()))
    }

    /// Keeps the same password under a hash of another cost, unless it was changed meanwhile.
    pub async fn rehash_password(
        &mut self,
        account: AccountId,
        old: &str,
        new: &str,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE accounts SET password_hash = $3 WHERE id = $1 AND password_hash = $2";
        on_engine!(self.conn(), "hashing a password anew", c => sqlx::query(SQL)
            .bind(account.0).bind(old).bind(new).execute(c).await.map(|_| ()))
    }
}

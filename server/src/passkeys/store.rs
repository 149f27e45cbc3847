//! All SQL of passkeys and of their recovery.

use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{AccountId, CardId, Millis, OfficeId, PasskeyId};
use uuid::Uuid;

/// How many an account may have.
pub const MOST: usize = 10;

/// A passkey as it is stored.
pub struct PasskeyRow {
    /// Its id.
    pub id: PasskeyId,
    /// Whose.
    pub account: AccountId,
    /// Key and name.
    pub sealed: Vec<u8>,
    /// How often it was used.
    pub uses: i64,
    /// Since when.
    pub created_at: Millis,
    /// When it was last used.
    pub last_used_at: Option<Millis>,
}

type Columns = (Uuid, Uuid, Vec<u8>, i64, i64, Option<i64>);

fn row_of((id, account, sealed, uses, created_at, last_used_at): Columns) -> PasskeyRow {
    PasskeyRow {
        id: PasskeyId(id),
        account: AccountId(account),
        sealed,
        uses,
        created_at: Millis(created_at),
        last_used_at: last_used_at.map(Millis),
    }
}

/// The passkeys of an account, the oldest first.
pub async fn of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<PasskeyRow>, StoreFault> {
    const SQL: &str = "SELECT id, account, sealed, uses, created_at, last_used_at FROM passkeys \
                       WHERE account = $1 ORDER BY created_at, id";
    let rows: Vec<Columns> =
        on_engine!(conn, "reading passkeys", c => sqlx::query_as(SQL).bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(row_of).collect())
}

/// The passkey of a credential, by its keyed hash.
pub async fn by_hash(conn: &mut Conn, hash: &[u8]) -> Result<Option<PasskeyRow>, StoreFault> {
    const SQL: &str =
        "SELECT id, account, sealed, uses, created_at, last_used_at FROM passkeys WHERE key_hash = $1";
    let row: Option<Columns> =
        on_engine!(conn, "finding a passkey", c => sqlx::query_as(SQL).bind(hash).fetch_optional(c).await)?;
    Ok(row.map(row_of))
}

/// How many an account has.
pub async fn count(conn: &mut Conn, account: AccountId) -> Result<i64, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM passkeys WHERE account = $1";
    on_engine!(conn, "counting passkeys", c => sqlx::query_scalar(SQL).bind(account.0).fetch_one(c).await)
}

/// A case of recovery as it is stored.
pub struct RecoveryRow {
    /// Whose passkeys were lost.
    pub account: AccountId,
    /// The office whose admins see to it.
    pub office: OfficeId,
    /// Who opened it.
    pub opened_by: AccountId,
    /// When.
    pub created_at: Millis,
    /// Whether it is closed.
    pub is_approved: bool,
}

/// A case.
pub async fn recovery(conn: &mut Conn, case: Uuid) -> Result<Option<RecoveryRow>, StoreFault> {
    const SQL: &str =
        "SELECT account, office, opened_by, created_at, approved_at FROM recoveries WHERE id = $1";
    type Columns = (Uuid, Uuid, Uuid, i64, Option<i64>);
    let row: Option<Columns> =
        on_engine!(conn, "reading a recovery", c => sqlx::query_as(SQL).bind(case).fetch_optional(c).await)?;
    Ok(row.map(|(account, office, opened_by, created_at, approved_at)| RecoveryRow {
        account: AccountId(account),
        office: OfficeId(office),
        opened_by: AccountId(opened_by),
        created_at: Millis(created_at),
        is_approved: approved_at.is_some(),
    }))
}

/// A case that waits, with the cards of both in its office.
pub struct OpenRecoveryRow {
    /// The case.
    pub case: Uuid,
    /// Whose passkeys were lost.
    pub card: CardId,
    /// Who opened it.
    pub opened_by: CardId,
    /// Why.
    pub sealed: Vec<u8>,
    /// When.
    pub created_at: Millis,
}

/// Cases of an office that nobody approved, opened by who still is its admin, about anybody but one person.
pub async fn open_recoveries(
    conn: &mut Conn,
    office: OfficeId,
    but: AccountId,
) -> Result<Vec<OpenRecoveryRow>, StoreFault> {
    const SQL: &str = "SELECT c.id, h.card, o.card, c.sealed, c.created_at FROM recoveries c \
                       JOIN affiliations h ON h.account = c.account AND h.office = c.office AND h.ended_at IS NULL \
                       JOIN affiliations o ON o.account = c.opened_by AND o.office = c.office AND o.ended_at IS NULL \
                       JOIN roles r ON r.affiliation = o.id AND r.role = 'office_admin' \
                       JOIN accounts a ON a.id = c.opened_by AND a.state = 'active' \
                       WHERE c.office = $1 AND c.account <> $2 AND c.approved_at IS NULL \
                       ORDER BY c.created_at, c.id";
    let rows: Vec<(Uuid, Uuid, Uuid, Vec<u8>, i64)> = on_engine!(conn, "listing recoveries", c => sqlx::query_as(SQL)
        .bind(office.0).bind(but.0).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(case, card, opened_by, sealed, created_at)| OpenRecoveryRow {
            case,
            card: CardId(card),
            opened_by: CardId(opened_by),
            sealed,
            created_at: Millis(created_at),
        })
        .collect())
}

/// The offices an account works for now.
pub async fn offices_of(conn: &mut Conn, account: AccountId) -> Result<Vec<OfficeId>, StoreFault> {
    const SQL: &str = "SELECT office FROM affiliations \
                       WHERE account = $1 AND ended_at IS NULL AND office IS NOT NULL ORDER BY office";
    let rows: Vec<Uuid> = on_engine!(conn, "reading the offices of an account", c => sqlx::query_scalar(SQL).bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(OfficeId).collect())
}

impl Tx {
    /// Keeps a new passkey; whether its credential is nobody's yet.
    pub async fn insert_passkey(
        &mut self,
        id: PasskeyId,
        account: AccountId,
        hash: &[u8],
        sealed: &[u8],
        now: Millis,
    ) -> Result<bool, StoreFault> {
        const SQL: &str = "INSERT INTO passkeys (id, account, key_hash, sealed, uses, created_at) \
                           VALUES ($1, $2, $3, $4, 0, $5) ON CONFLICT (key_hash) DO NOTHING";
        on_engine!(self.conn(), "keeping a passkey", c => sqlx::query(SQL)
            .bind(id.0).bind(account.0).bind(hash).bind(sealed).bind(now.0)
            .execute(c).await.map(|done| done.rows_affected() == 1))
    }

    /// Counts a use of a passkey that was used so often before; whether nobody was faster.
    pub async fn use_passkey(
        &mut self,
        id: PasskeyId,
        uses: i64,
        sealed: &[u8],
        now: Millis,
    ) -> Result<bool, StoreFault> {
        const SQL: &str =
            "UPDATE passkeys SET sealed = $3, last_used_at = $4, uses = uses + 1 WHERE id = $1 AND uses = $2";
        on_engine!(self.conn(), "using a passkey", c => sqlx::query(SQL)
            .bind(id.0).bind(uses).bind(sealed).bind(now.0)
            .execute(c).await.map(|done| done.rows_affected() == 1))
    }

    /// Gives a passkey another name, where nothing happened to it meanwhile; whether that was so.
    pub async fn reseal_passkey(
        &mut self,
        id: PasskeyId,
        uses: i64,
        sealed: &[u8],
    ) -> Result<bool, StoreFault> {
        const SQL: &str = "UPDATE passkeys SET sealed = $3 WHERE id = $1 AND uses = $2";
        on_engine!(self.conn(), "renaming a passkey", c => sqlx::query(SQL)
            .bind(id.0).bind(uses).bind(sealed).execute(c).await.map(|done| done.rows_affected() == 1))
    }

    /// Removes a passkey of an account; whether it was there.
    pub async fn delete_passkey(&mut self, id: PasskeyId, account: AccountId) -> Result<bool, StoreFault> {
        const SQL: &str = "DELETE FROM passkeys WHERE id = $1 AND account = $2";
        on_engine!(self.conn(), "removing a passkey", c => sqlx::query(SQL)
            .bind(id.0).bind(account.0).execute(c).await.map(|done| done.rows_affected() == 1))
    }

    /// Removes all passkeys of an account; how many there were.
    pub async fn delete_passkeys_of(&mut self, account: AccountId) -> Result<u64, StoreFault> {
        const SQL: &str = "DELETE FROM passkeys WHERE account = $1";
        on_engine!(self.conn(), "removing passkeys", c => sqlx::query(SQL)
            .bind(account.0).execute(c).await.map(|done| done.rows_affected()))
    }

    /// Keeps a new case.
    pub async fn insert_recovery(
        &mut self,
        case: Uuid,
        (account, office, opened_by): (AccountId, OfficeId, AccountId),
        sealed: &[u8],
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO recoveries (id, account, office, opened_by, sealed, created_at) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
        on_engine!(self.conn(), "keeping a recovery", c => sqlx::query(SQL)
            .bind(case).bind(account.0).bind(office.0).bind(opened_by.0).bind(sealed).bind(now.0)
            .execute(c).await.map(|_| ()))
    }

    /// Closes a case; whether it was still open.
    pub async fn approve_recovery(
        &mut self,
        case: Uuid,
        by: AccountId,
        now: Millis,
    ) -> Result<bool, StoreFault> {
        const SQL: &str = "UPDATE recoveries SET approved_by = $2, approved_at = $3 \
                           WHERE id = $1 AND approved_at IS NULL AND opened_by <> $2 AND account <> $2";
        on_engine!(self.conn(), "closing a recovery", c => sqlx::query(SQL)
            .bind(case).bind(by.0).bind(now.0).execute(c).await.map(|done| done.rows_affected() == 1))
    }
}

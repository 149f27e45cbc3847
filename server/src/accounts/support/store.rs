//! All SQL of the support desk's cases.

use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{AccountId, CardId, Millis, OfficeId};
use uuid::Uuid;

/// The case about an account that is open for an office of which somebody is an admin.
pub async fn open_case(
    conn: &mut Conn,
    asking: AccountId,
    about: AccountId,
    now: Millis,
) -> Result<Option<Uuid>, StoreFault> {
    const SQL: &str = "SELECT c.id FROM support_cases c \
        JOIN affiliations a ON a.office = c.office AND a.account = $1 AND a.ended_at IS NULL \
        JOIN roles r ON r.affiliation = a.id AND r.role = 'office_admin' \
        WHERE c.account = $2 AND c.used_at IS NULL AND c.expires_at > $3 ORDER BY c.created_at DESC LIMIT 1";
    on_engine!(conn, "finding a case", c => sqlx::query_scalar(SQL)
        .bind(asking.0).bind(about.0).bind(now.0).fetch_optional(c).await)
}

/// The offices that somebody works for or, where she works for none now, the one she worked for last.
pub async fn offices_now_or_last(
    conn: &mut Conn,
    account: AccountId,
) -> Result<Vec<(OfficeId, Vec<u8>)>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT o.id, o.sealed FROM affiliations f JOIN offices o ON o.id = f.office \
        WHERE f.account = $1 AND (f.ended_at IS NULL OR NOT EXISTS \
        (SELECT 1 FROM affiliations p WHERE p.account = f.account AND (p.ended_at IS NULL \
        OR p.ended_at > f.ended_at OR (p.ended_at = f.ended_at AND p.id > f.id)))) ORDER BY o.id";
    let rows: Vec<(Uuid, Vec<u8>)> = on_engine!(conn, "finding whose office a case is for", c => sqlx::query_as(SQL)
        .bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(office, sealed)| (OfficeId(office), sealed)).collect())
}

/// The admins of an office who may act.
pub async fn admins_of(conn: &mut Conn, office: OfficeId) -> Result<Vec<AccountId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT f.account FROM affiliations f \
        JOIN roles r ON r.affiliation = f.id AND r.role = 'office_admin' \
        JOIN accounts a ON a.id = f.account AND a.state = 'active' \
        WHERE f.office = $1 AND f.ended_at IS NULL ORDER BY f.account";
    let rows: Vec<Uuid> = on_engine!(conn, "finding the admins of an office", c => sqlx::query_scalar(SQL)
        .bind(office.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(AccountId).collect())
}

/// The open cases that are for an office: about its staff, and about who left it last and has no place now.
pub async fn cases_of(
    conn: &mut Conn,
    office: OfficeId,
    now: Millis,
) -> Result<Vec<(CardId, Millis)>, StoreFault> {
    const SQL: &str = "SELECT f.card, c.expires_at FROM support_cases c \
        JOIN affiliations f ON f.account = c.account AND f.office = $1 \
        JOIN accounts a ON a.id = c.account AND a.state <> 'closed' \
        WHERE c.office = $1 AND c.used_at IS NULL AND c.expires_at > $2 AND (f.ended_at IS NULL OR NOT EXISTS \
        (SELECT 1 FROM affiliations o WHERE o.account = f.account AND (o.ended_at IS NULL \
        OR o.ended_at > f.ended_at OR (o.ended_at = f.ended_at AND o.id > f.id)))) ORDER BY c.expires_at, c.id";
    let rows: Vec<(Uuid, i64)> = on_engine!(conn, "listing cases", c => sqlx::query_as(SQL)
        .bind(office.0).bind(now.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(card, until)| (CardId(card), Millis(until))).collect())
}

/// Whether the one is an admin of the office that the other worked for last, where she has no place now.
pub async fn was_admin_of(conn: &mut Conn, asking: AccountId, about: AccountId) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM affiliations f JOIN affiliations a ON a.office = f.office AND a.account = $1 \
        AND a.ended_at IS NULL JOIN roles r ON r.affiliation = a.id AND r.role = 'office_admin' \
        WHERE f.account = $2 AND f.ended_at IS NOT NULL AND NOT EXISTS \
        (SELECT 1 FROM affiliations o WHERE o.account = f.account AND (o.ended_at IS NULL \
        OR o.ended_at > f.ended_at OR (o.ended_at = f.ended_at AND o.id > f.id)))";
    let count: i64 = on_engine!(conn, "finding who was whose admin", c => sqlx::query_scalar(SQL)
        .bind(asking.0).bind(about.0).fetch_one(c).await)?;
    Ok(count > 0)
}

impl Tx {
    /// Opens a case about somebody for an office, for that span.
    pub async fn insert_support_case(
        &mut self,
        id: Uuid,
        (account, office): (AccountId, OfficeId),
        reason: Uuid,
        (now, until): (Millis, Millis),
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO support_cases (id, account, office, reason, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
        on_engine!(self.conn(), "opening a case", c => sqlx::query(SQL)
            .bind(id).bind(account.0).bind(office.0).bind(reason).bind(now.0).bind(until.0).execute(c).await.map(|_| ()))
    }

    /// Ends the cases about an account that are open.
    pub async fn end_support_cases(&mut self, account: AccountId, now: Millis) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE support_cases SET expires_at = $2 WHERE account = $1 AND used_at IS NULL AND expires_at > $2";
        on_engine!(self.conn(), "ending cases", c => sqlx::query(SQL)
            .bind(account.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Uses a case up.
    pub async fn use_support_case(&mut self, id: Uuid, by: AccountId, now: Millis) -> Result<(), StoreFault> {
        const SQL: &str =
            "UPDATE support_cases SET used_at = $3, used_by = $2 WHERE id = $1 AND used_at IS NULL";
        on_engine!(self.conn(), "using a case", c => sqlx::query(SQL)
            .bind(id).bind(by.0).bind(now.0).execute(c).await.map(|_| ()))
    }
}

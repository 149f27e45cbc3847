//! All SQL of offices.

pub use super::supplements::store::supplement;
use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{AccountId, AffiliationId, CardId, Millis, OfficeId, RegionId};
use uuid::Uuid;

/// Somebody of an office, as it is stored.
pub struct StaffRow {
    /// Her place here.
    pub affiliation: AffiliationId,
    /// Whose account.
    pub account: AccountId,
    /// The card used in this office.
    pub card: CardId,
    /// What may be done with the account.
    pub state: String,
    /// Whether a password was set.
    pub has_password: bool,
    /// Whether several people use the account.
    pub is_shared: bool,
    /// Name, kana, e-mail.
    pub sealed: Vec<u8>,
    /// Roles held here, a comma list.
    pub roles: String,
    /// Since when she works here.
    pub since: Millis,
    /// The latest act of a session, as far as it is written.
    pub last_act: Option<Millis>,
}

/// Who works for an office now.
pub async fn staff(conn: &mut Conn, office: OfficeId) -> Result<Vec<StaffRow>, StoreFault> {
    const SQL: &str = "SELECT f.id, c.id, f.card, c.state, CASE WHEN c.password_hash IS NULL THEN '' ELSE 'yes' END, \
        (SELECT COUNT(*) FROM shared_accounts h WHERE h.account = c.id), c.sealed, \
        COALESCE((SELECT MAX(r.role) FROM roles r WHERE r.affiliation = f.id AND r.role = 'office_admin'), '') || ',' || \
        COALESCE((SELECT MAX(r.role) FROM roles r WHERE r.affiliation = f.id AND r.role = 'secretariat'), '') || ',' || \
        COALESCE((SELECT MAX(r.role) FROM roles r WHERE r.affiliation = f.id AND r.role = 'office_head'), '') || ',' || \
        COALESCE((SELECT MAX(r.role) FROM roles r WHERE r.affiliation = f.id AND r.role = 'committee'), '') || ',' || \
        COALESCE((SELECT MAX(r.role) FROM roles r WHERE r.affiliation = f.id AND r.role = 'auditor'), ''), \
        f.created_at, (SELECT MAX(s.last_act) FROM sessions s WHERE s.account = c.id) \
        FROM affiliations f JOIN accounts c ON c.id = f.account WHERE f.office = $1 AND f.ended_at IS NULL";
    type Columns = (Uuid, Uuid, Uuid, String, String, i64, Vec<u8>, String, i64, Option<i64>);
    let rows: Vec<Columns> = on_engine!(conn, "listing an office's staff", c => sqlx::query_as(SQL).bind(office.0).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(affiliation, account, card, state, password, shared, sealed, roles, since, last_act)| {
            StaffRow {
                affiliation: AffiliationId(affiliation),
                account: AccountId(account),
                card: CardId(card),
                state,
                has_password: !password.is_empty(),
                is_shared: shared > 0,
                sealed,
                roles,
                since: Millis(since),
                last_act: last_act.map(Millis),
            }
        })
        .collect())
}

/// An office as it is stored.
pub struct OfficeRow {
    /// Its region.
    pub region: RegionId,
    /// Name and reading.
    pub sealed: Vec<u8>,
}

/// An office.
pub async fn office(conn: &mut Conn, id: OfficeId) -> Result<Option<OfficeRow>, StoreFault> {
    const SQL: &str = "SELECT region, sealed FROM offices WHERE id = $1";
    let row: Option<(Uuid, Vec<u8>)> =
        on_engine!(conn, "reading an office", c => sqlx::query_as(SQL).bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(|(region, sealed)| OfficeRow { region: RegionId(region), sealed }))
}

/// The regions whose desk an account is of.
pub async fn desks_of(conn: &mut Conn, account: AccountId) -> Result<Vec<RegionId>, StoreFault> {
    const SQL: &str = "SELECT a.region FROM affiliations a JOIN roles r ON r.affiliation = a.id AND r.role = 'secretariat' \
                       WHERE a.account = $1 AND a.ended_at IS NULL GROUP BY a.region ORDER BY a.region";
    let found: Vec<Uuid> = on_engine!(conn, "finding a desk's regions", c => sqlx::query_scalar(SQL)
        .bind(account.0).fetch_all(c).await)?;
    Ok(found.into_iter().map(RegionId).collect())
}

/// The offices of a region, each with its name and how many work there now.
pub async fn of_region(
    conn: &mut Conn,
    region: RegionId,
) -> Result<Vec<(OfficeId, Vec<u8>, i64)>, StoreFault> {
    const SQL: &str = "SELECT o.id, o.sealed, \
                       (SELECT COUNT(*) FROM affiliations f WHERE f.office = o.id AND f.ended_at IS NULL) \
                       FROM offices o WHERE o.region = $1 ORDER BY o.id";
    let rows: Vec<(Uuid, Vec<u8>, i64)> = on_engine!(conn, "listing a region's offices", c => sqlx::query_as(SQL)
        .bind(region.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(office, sealed, people)| (OfficeId(office), sealed, people)).collect())
}

/// The admins of a region's offices by their cards, each with whether she has come in and may act.
pub async fn admins_of_region(
    conn: &mut Conn,
    region: RegionId,
) -> Result<Vec<(OfficeId, CardId, bool)>, StoreFault> {
    const SQL: &str = "SELECT f.office, f.card, \
                       CASE WHEN a.state = 'active' AND a.password_hash IS NOT NULL THEN 'acts' ELSE '' END \
                       FROM affiliations f JOIN roles r ON r.affiliation = f.id AND r.role = 'office_admin' \
                       JOIN accounts a ON a.id = f.account \
                       WHERE f.region = $1 AND f.office IS NOT NULL AND f.ended_at IS NULL ORDER BY f.created_at, f.id";
    let rows: Vec<(Uuid, Uuid, String)> = on_engine!(conn, "listing a region's admins", c => sqlx::query_as(SQL)
        .bind(region.0).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(office, card, acts)| (OfficeId(office), CardId(card), !acts.is_empty()))
        .collect())
}

/// The profile of an office's region, or the name under which it is found with what the office adds.
pub async fn profile_of(conn: &mut Conn, office: OfficeId) -> Result<Option<String>, StoreFault> {
    const SQL: &str = "SELECT COALESCE(o.rules, r.profile) FROM offices o JOIN regions r ON r.id = o.region WHERE o.id = $1";
    on_engine!(conn, "finding an office's rules", c => sqlx::query_scalar(SQL).bind(office.0).fetch_optional(c).await)
}

/// The people of an office by their cards, each with the number of her passkeys.
pub async fn staff_by_passkeys(conn: &mut Conn, office: OfficeId) -> Result<Vec<(CardId, i64)>, StoreFault> {
    const SQL: &str = "SELECT f.card, (SELECT COUNT(*) FROM passkeys p WHERE p.account = f.account) \
                       FROM affiliations f JOIN accounts a ON a.id = f.account \
                       WHERE f.office = $1 AND f.ended_at IS NULL AND a.state = 'active' ORDER BY f.created_at, f.id";
    let rows: Vec<(Uuid, i64)> = on_engine!(conn, "reading an office's people", c => sqlx::query_as(SQL).bind(office.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(card, passkeys)| (CardId(card), passkeys)).collect())
}

/// Who is barred from the timelines of an office, and since when.
pub async fn barred(conn: &mut Conn, office: OfficeId) -> Result<Vec<(AccountId, Millis)>, StoreFault> {
    const SQL: &str = "SELECT account, since FROM bars WHERE office = $1 ORDER BY account";
    let rows: Vec<(Uuid, i64)> = on_engine!(conn, "reading who is barred", c => sqlx::query_as(SQL)
        .bind(office.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(account, since)| (AccountId(account), Millis(since))).collect())
}

/// Since when somebody is barred from the timelines of an office, if she is.
pub async fn barred_since(
    conn: &mut Conn,
    office: OfficeId,
    account: AccountId,
) -> Result<Option<Millis>, StoreFault> {
    const SQL: &str = "SELECT since FROM bars WHERE office = $1 AND account = $2";
    let since: Option<i64> = on_engine!(conn, "looking whether somebody is barred", c => sqlx::query_scalar(SQL)
        .bind(office.0).bind(account.0).fetch_optional(c).await)?;
    Ok(since.map(Millis))
}

impl Tx {
    /// Bars somebody from the timelines of an office.
    pub async fn insert_bar(
        &mut self,
        office: OfficeId,
        account: AccountId,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO bars (office, account, since) VALUES ($1, $2, $3)";
        on_engine!(self.conn(), "barring somebody", c => sqlx::query(SQL)
            .bind(office.0).bind(account.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Bars her no longer.
    pub async fn delete_bar(&mut self, office: OfficeId, account: AccountId) -> Result<(), StoreFault> {
        const SQL: &str = "DELETE FROM bars WHERE office = $1 AND account = $2";
        on_engine!(self.conn(), "lifting a bar", c => sqlx::query(SQL)
            .bind(office.0).bind(account.0).execute(c).await.map(|_| ()))
    }

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

//! All SQL of accounts, cards, affiliations, roles and sessions.

use super::Session;
use crate::store::{Cells, Conn, Kind, StoreFault, Tx, on_engine};
use tsumugi_protocol::{
    AccountId, AffiliationId, CardId, Lang, Millis, OfficeId, PatientId, PersonKind, RegionId, Role,
    SessionId,
};
use uuid::Uuid;

/// An account as it is stored.
pub struct AccountRow {
    /// Its id.
    pub id: AccountId,
    /// Staff, patient or family.
    pub kind: PersonKind,
    /// Language.
    pub lang: Lang,
    /// Whether it may sign in.
    pub is_active: bool,
    /// PHC string; absent until its holder set one.
    pub password_hash: Option<String>,
    /// Name, kana, e-mail.
    pub sealed: Vec<u8>,
}

type AccountColumns = (Uuid, String, String, String, Option<String>, Vec<u8>);

/// An account of a kind that nobody knows is no account.
fn account_of((id, kind, lang, state, password_hash, sealed): AccountColumns) -> Option<AccountRow> {
    Some(AccountRow {
        id: AccountId(id),
        kind: PersonKind::of(&kind)?,
        lang: Lang::of(&lang).unwrap_or_default(),
        is_active: state == "active",
        password_hash,
        sealed,
    })
}

/// The account of an e-mail address, by its keyed hash.
pub async fn account_by_email(conn: &mut Conn, hash: &[u8]) -> Result<Option<AccountRow>, StoreFault> {
    const SQL: &str =
        "SELECT id, kind, lang, state, password_hash, sealed FROM accounts WHERE email_hash = $1";
    let row: Option<AccountColumns> =
        on_engine!(conn, "finding an account", c => sqlx::query_as(SQL).bind(hash).fetch_optional(c).await)?;
    Ok(row.and_then(account_of))
}

/// An account.
pub async fn account(conn: &mut Conn, id: AccountId) -> Result<Option<AccountRow>, StoreFault> {
    const SQL: &str = "SELECT id, kind, lang, state, password_hash, sealed FROM accounts WHERE id = $1";
    let row: Option<AccountColumns> =
        on_engine!(conn, "reading an account", c => sqlx::query_as(SQL).bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(account_of))
}

/// The session of a token, by its hash, if it and its account stand.
pub async fn session_of(conn: &mut Conn, token_hash: &[u8]) -> Result<Option<Session>, StoreFault> {
    const SQL: &str = "SELECT s.id, s.account, a.kind, a.lang FROM sessions s JOIN accounts a ON a.id = s.account \
                       WHERE s.token_hash = $1 AND s.ended_at IS NULL AND a.state = 'active'";
    let row: Option<(Uuid, Uuid, String, String)> = on_engine!(conn, "finding a session", c => sqlx::query_as(SQL).bind(token_hash).fetch_optional(c).await)?;
    Ok(row.and_then(|(id, account, kind, lang)| {
        let kind = PersonKind::of(&kind)?;
        Some(Session::new(SessionId(id), AccountId(account), kind, Lang::of(&lang).unwrap_or_default()))
    }))
}

/// The account of a link that still can be used.
pub async fn account_of_link(
    conn: &mut Conn,
    token_hash: &[u8],
    now: Millis,
) -> Result<Option<AccountId>, StoreFault> {
    const SQL: &str =
        "SELECT account FROM links WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";
    let found: Option<Uuid> = on_engine!(conn, "finding a link", c => sqlx::query_scalar(SQL)
        .bind(token_hash).bind(now.0).fetch_optional(c).await)?;
    Ok(found.map(AccountId))
}

/// A card's account and sealed body.
pub async fn card(conn: &mut Conn, id: CardId) -> Result<Option<(AccountId, Vec<u8>)>, StoreFault> {
    const SQL: &str = "SELECT account, sealed FROM cards WHERE id = $1";
    let read = |cells: &mut Cells| Some((AccountId(cells.uuid()?), cells.bytes()?));
    Ok(conn.rows("reading a card", SQL, vec![id.0.into()], &[Kind::Uuid, Kind::Bytes], read).await?.pop())
}

/// Where an account works, or whose family it is.
pub struct AffiliationRow {
    /// Its id.
    pub id: AffiliationId,
    /// Its region.
    pub region: RegionId,
    /// The office, for staff.
    pub office: Option<OfficeId>,
    /// The patient, for patient and family.
    pub patient: Option<PatientId>,
    /// The card in use now.
    pub card: CardId,
    /// The region's profile.
    pub profile: String,
    /// The region's sealed name.
    pub region_sealed: Vec<u8>,
}

/// The affiliations of an account that have not ended, the oldest first.
pub async fn affiliations(conn: &mut Conn, account: AccountId) -> Result<Vec<AffiliationRow>, StoreFault> {
    const SQL: &str = "SELECT f.id, f.region, f.office, f.patient, f.card, r.profile, r.sealed \
                       FROM affiliations f JOIN regions r ON r.id = f.region \
                       WHERE f.account = $1 AND f.ended_at IS NULL ORDER BY f.created_at, f.id";
    type Columns = (Uuid, Uuid, Option<Uuid>, Option<Uuid>, Uuid, String, Vec<u8>);
    let rows: Vec<Columns> = on_engine!(conn, "reading affiliations", c => sqlx::query_as(SQL).bind(account.0).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(id, region, office, patient, card, profile, region_sealed)| AffiliationRow {
            id: AffiliationId(id),
            region: RegionId(region),
            office: office.map(OfficeId),
            patient: patient.map(PatientId),
            card: CardId(card),
            profile,
            region_sealed,
        })
        .collect())
}

/// The roles of an account, by affiliation.
pub async fn roles(conn: &mut Conn, account: AccountId) -> Result<Vec<(AffiliationId, Role)>, StoreFault> {
    const SQL: &str = "SELECT r.affiliation, r.role FROM roles r JOIN affiliations f ON f.id = r.affiliation \
                       WHERE f.account = $1 AND f.ended_at IS NULL ORDER BY r.role";
    let rows: Vec<(Uuid, String)> =
        on_engine!(conn, "reading roles", c => sqlx::query_as(SQL).bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(|(id, role)| Some((AffiliationId(id), Role::of(&role)?))).collect())
}

/// A new account, as enrolment and import make it.
pub struct NewAccount {
    /// Its id.
    pub id: AccountId,
    /// Staff, patient or family.
    pub kind: PersonKind,
    /// Language.
    pub lang: Lang,
    /// Keyed hash of the e-mail address.
    pub email_hash: Vec<u8>,
    /// PHC string; absent until its holder sets one.
    pub password_hash: Option<String>,
    /// The key of its sealed values.
    pub key_id: Uuid,
    /// Name, kana, e-mail.
    pub sealed: Vec<u8>,
}

/// A new affiliation with its first card.
pub struct NewAffiliation {
    /// Its id.
    pub id: AffiliationId,
    /// Whose.
    pub account: AccountId,
    /// The region.
    pub region: RegionId,
    /// The office, for staff.
    pub office: Option<OfficeId>,
    /// The patient, for patient and family.
    pub patient: Option<PatientId>,
    /// Occupation.
    pub occupation: &'static str,
    /// The card's id.
    pub card: CardId,
    /// The sealed card.
    pub card_sealed: Vec<u8>,
    /// Roles held with it.
    pub roles: Vec<Role>,
}

impl Tx {
    /// Keeps a new session.
    pub async fn insert_session(
        &mut self,
        id: SessionId,
        account: AccountId,
        token_hash: &[u8],
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO sessions (id, token_hash, account, factors, created_at, last_act) \
                           VALUES ($1, $2, $3, 'password', $4, $4)";
        on_engine!(self.conn(), "keeping a session", c => sqlx::query(SQL)
            .bind(id.0).bind(token_hash).bind(account.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Ends a session; whether it stood until now.
    pub async fn end_session(
        &mut self,
        id: SessionId,
        why: &'static str,
        now: Millis,
    ) -> Result<bool, StoreFault> {
        const SQL: &str =
            "UPDATE sessions SET ended_at = $2, ended_why = $3 WHERE id = $1 AND ended_at IS NULL";
        on_engine!(self.conn(), "ending a session", c => sqlx::query(SQL)
            .bind(id.0).bind(now.0).bind(why).execute(c).await.map(|done| done.rows_affected() > 0))
    }

    /// Keeps a new account.
    pub async fn insert_account(&mut self, new: &NewAccount, now: Millis) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO accounts (id, kind, lang, state, email_hash, password_hash, key_id, sealed, created_at) \
                           VALUES ($1, $2, $3, 'active', $4, $5, $6, $7, $8)";
        on_engine!(self.conn(), "keeping an account", c => sqlx::query(SQL)
            .bind(new.id.0).bind(new.kind.as_str()).bind(new.lang.as_str()).bind(&new.email_hash)
            .bind(new.password_hash.as_deref()).bind(new.key_id).bind(&new.sealed).bind(now.0)
            .execute(c).await.map(|_| ()))
    }

    /// Keeps a new affiliation, its card and its roles.
    pub async fn insert_affiliation(&mut self, new: &NewAffiliation, now: Millis) -> Result<(), StoreFault> {
        const CARD: &str = "INSERT INTO cards (id, account, sealed, created_at) VALUES ($1, $2, $3, $4)";
        const SQL: &str = "INSERT INTO affiliations (id, account, region, office, patient, occupation, card, created_at) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        const ROLE: &str = "INSERT INTO roles (affiliation, role, created_at) VALUES ($1, $2, $3)";
        on_engine!(self.conn(), "keeping a card", c => sqlx::query(CARD)
            .bind(new.card.0).bind(new.account.0).bind(&new.card_sealed).bind(now.0).execute(c).await.map(|_| ()))?;
        on_engine!(self.conn(), "keeping an affiliation", c => sqlx::query(SQL)
            .bind(new.id.0).bind(new.account.0).bind(new.region.0).bind(new.office.map(|id| id.0))
            .bind(new.patient.map(|id| id.0)).bind(new.occupation).bind(new.card.0).bind(now.0)
            .execute(c).await.map(|_| ()))?;
        for role in &new.roles {
            on_engine!(self.conn(), "keeping a role", c => sqlx::query(ROLE)
                .bind(new.id.0).bind(role.as_str()).bind(now.0).execute(c).await.map(|_| ()))?;
        }
        Ok(())
    }

    /// Uses a link up, and every other link of its account with it; whether it could still be used.
    pub async fn spend_link(
        &mut self,
        token_hash: &[u8],
        account: AccountId,
        now: Millis,
    ) -> Result<bool, StoreFault> {
        const SPEND: &str =
            "UPDATE links SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";
        let spent = on_engine!(self.conn(), "using a link", c => sqlx::query(SPEND)
            .bind(token_hash).bind(now.0).execute(c).await.map(|done| done.rows_affected() == 1))?;
        if spent {
            self.end_links(account, now).await?;
        }
        Ok(spent)
    }

    /// Ends every link of an account that could still be used.
    pub async fn end_links(&mut self, account: AccountId, now: Millis) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE links SET used_at = $2 WHERE account = $1 AND used_at IS NULL";
        on_engine!(self.conn(), "ending links", c => sqlx::query(SQL)
            .bind(account.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Sets an account's password hash.
    pub async fn set_password(&mut self, account: AccountId, hash: &str) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE accounts SET password_hash = $2 WHERE id = $1";
        on_engine!(self.conn(), "setting a password", c => sqlx::query(SQL)
            .bind(account.0).bind(hash).execute(c).await.map(|_| ()))
    }

    /// Keeps a link that is good once.
    pub async fn insert_link(
        &mut self,
        token_hash: &[u8],
        account: AccountId,
        purpose: &'static str,
        now: Millis,
        expires: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO links (token_hash, account, purpose, created_at, expires_at) \
                           VALUES ($1, $2, $3, $4, $5)";
        on_engine!(self.conn(), "keeping a link", c => sqlx::query(SQL)
            .bind(token_hash).bind(account.0).bind(purpose).bind(now.0).bind(expires.0).execute(c).await.map(|_| ()))
    }
}

//! All SQL of accounts, cards, affiliations and roles; that of sessions and sign-ins is beside it.

use super::LinkPurpose;
use super::lockout::Count;
use super::reasons::ReasonId;
use crate::policy::KindName;
use crate::store::{Cells, Conn, Kind, StoreFault, Tx, on_engine};
use tsumugi_protocol::{
    AccountId, AccountState, AffiliationId, CardId, Lang, Millis, OfficeId, PatientId, PersonKind, RegionId,
    Role,
};
use uuid::Uuid;

/// An account as it is stored.
#[derive(Clone)]
pub struct AccountRow {
    /// Its id.
    pub id: AccountId,
    /// Staff, patient or family.
    pub kind: PersonKind,
    /// Language.
    pub lang: Lang,
    /// Whether it may sign in.
    pub is_active: bool,
    /// What may be done with it.
    pub state: AccountState,
    /// Whether a new password has to be set first.
    pub must_change: bool,
    /// PHC string; absent until its holder set one.
    pub password_hash: Option<String>,
    /// When its holder set it; a hash of another cost does not change that.
    pub password_set_at: Millis,
    /// Its kind, which says how long it lasts.
    pub password_kind: KindName,
    /// Whether several people use the account.
    pub is_shared: bool,
    /// Name, kana, e-mail.
    pub sealed: Vec<u8>,
}

impl AccountRow {
    /// Whether it is closed: then it is as if there were none.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.state == AccountState::Closed
    }
}

/// The columns of an [`AccountRow`], in the order in which they are read.
macro_rules! account_columns {
    () => {
        "SELECT id, kind, lang, state, must_change, password_hash, COALESCE(password_set_at, created_at), \
         COALESCE(password_kind, 'long'), (SELECT COUNT(*) FROM shared_accounts s WHERE s.account = accounts.id), sealed \
         FROM accounts WHERE "
    };
}

type AccountColumns = (Uuid, String, String, String, i64, Option<String>, i64, String, i64, Vec<u8>);

/// An account of a kind or state that nobody knows is no account.
fn account_of(
    (id, kind, lang, state, must_change, password_hash, set_at, password_kind, shared, sealed): AccountColumns,
) -> Option<AccountRow> {
    let state = AccountState::of(&state)?;
    Some(AccountRow {
        id: AccountId(id),
        kind: PersonKind::of(&kind)?,
        lang: Lang::of(&lang).unwrap_or_default(),
        is_active: state.may_come_in(),
        state,
        must_change: must_change != 0,
        password_hash,
        password_set_at: Millis(set_at),
        // A kind that nobody knows is one that the rules do not know any more.
        password_kind: KindName::of(&password_kind).unwrap_or(KindName::Local),
        is_shared: shared != 0,
        sealed,
    })
}

/// The account of an e-mail address, by its keyed hash.
pub async fn account_by_email(conn: &mut Conn, hash: &[u8]) -> Result<Option<AccountRow>, StoreFault> {
    const SQL: &str = concat!(account_columns!(), "email_hash = $1");
    let row: Option<AccountColumns> =
        on_engine!(conn, "finding an account", c => sqlx::query_as(SQL).bind(hash).fetch_optional(c).await)?;
    Ok(row.and_then(account_of))
}

/// An account.
pub async fn account(conn: &mut Conn, id: AccountId) -> Result<Option<AccountRow>, StoreFault> {
    const SQL: &str = concat!(account_columns!(), "id = $1");
    let row: Option<AccountColumns> =
        on_engine!(conn, "reading an account", c => sqlx::query_as(SQL).bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(account_of))
}

/// An account in the operator's list.
pub struct ListedRow {
    /// Its id.
    pub id: AccountId,
    /// What may be done with it.
    pub state: String,
    /// Name, kana, e-mail.
    pub sealed: Vec<u8>,
    /// How many passkeys it has.
    pub passkeys: i64,
    /// When somebody last came in.
    pub last_sign_in: Option<Millis>,
}

/// Every account, the oldest first.
pub async fn all(conn: &mut Conn) -> Result<Vec<ListedRow>, StoreFault> {
    const SQL: &str = "SELECT a.id, a.state, a.sealed, (SELECT COUNT(*) FROM passkeys p WHERE p.account = a.id), \
                       (SELECT MAX(s.created_at) FROM sessions s WHERE s.account = a.id) \
                       FROM accounts a ORDER BY a.created_at, a.id";
    type Columns = (Uuid, String, Vec<u8>, i64, Option<i64>);
    let rows: Vec<Columns> =
        on_engine!(conn, "listing accounts", c => sqlx::query_as(SQL).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(id, state, sealed, passkeys, last_sign_in)| ListedRow {
            id: AccountId(id),
            state,
            sealed,
            passkeys,
            last_sign_in: last_sign_in.map(Millis),
        })
        .collect())
}

/// The account of a link that still can be used for that.
pub async fn account_of_link(
    conn: &mut Conn,
    token_hash: &[u8],
    purpose: LinkPurpose,
    now: Millis,
) -> Result<Option<AccountId>, StoreFault> {
    const SQL: &str = "SELECT account FROM links WHERE token_hash = $1 AND purpose = $2 \
                       AND used_at IS NULL AND expires_at > $3";
    let found: Option<Uuid> = on_engine!(conn, "finding a link", c => sqlx::query_scalar(SQL)
        .bind(token_hash).bind(purpose.as_str()).bind(now.0).fetch_optional(c).await)?;
    Ok(found.map(AccountId))
}

/// What a link carries along.
pub async fn sealed_of_link(conn: &mut Conn, token_hash: &[u8]) -> Result<Option<Vec<u8>>, StoreFault> {
    const SQL: &str = "SELECT sealed FROM links WHERE token_hash = $1";
    let found: Option<Option<Vec<u8>>> = on_engine!(conn, "reading a link", c => sqlx::query_scalar(SQL)
        .bind(token_hash).fetch_optional(c).await)?;
    Ok(found.flatten())
}

/// When the newest link of an account for that was made.
pub async fn newest_link(
    conn: &mut Conn,
    account: AccountId,
    purpose: LinkPurpose,
) -> Result<Option<Millis>, StoreFault> {
    const SQL: &str = "SELECT MAX(created_at) FROM links WHERE account = $1 AND purpose = $2";
    let found: Option<i64> = on_engine!(conn, "finding the newest link", c => sqlx::query_scalar(SQL)
        .bind(account.0).bind(purpose.as_str()).fetch_one(c).await)?;
    Ok(found.map(Millis))
}

/// How many links of an account for that were made after a moment.
pub async fn links_since(
    conn: &mut Conn,
    account: AccountId,
    purpose: LinkPurpose,
    since: Millis,
) -> Result<i64, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM links WHERE account = $1 AND purpose = $2 AND created_at > $3";
    on_engine!(conn, "counting links", c => sqlx::query_scalar(SQL)
        .bind(account.0).bind(purpose.as_str()).bind(since.0).fetch_one(c).await)
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
    /// The region's profile, or the name under which it is found with what the office adds.
    pub profile: String,
    /// The region's sealed name.
    pub region_sealed: Vec<u8>,
}

/// The affiliations of an account that have not ended, the oldest first.
pub async fn affiliations(conn: &mut Conn, account: AccountId) -> Result<Vec<AffiliationRow>, StoreFault> {
    const SQL: &str = "SELECT f.id, f.region, f.office, f.patient, f.card, COALESCE(o.rules, r.profile), r.sealed \
                       FROM affiliations f JOIN regions r ON r.id = f.region LEFT JOIN offices o ON o.id = f.office \
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

/// Somebody's place as it is stored, whether it has ended or not.
#[derive(Debug, Clone)]
pub struct PlaceRow {
    /// Its id.
    pub id: AffiliationId,
    /// Whose.
    pub account: AccountId,
    /// Its region.
    pub region: RegionId,
    /// The office, for staff.
    pub office: Option<OfficeId>,
    /// Occupation.
    pub occupation: String,
    /// The card in use now.
    pub card: CardId,
    /// Whether it has ended.
    pub has_ended: bool,
}

/// A place by its id.
pub async fn place(conn: &mut Conn, id: AffiliationId) -> Result<Option<PlaceRow>, StoreFault> {
    const SQL: &str =
        "SELECT account, region, office, occupation, card, ended_at FROM affiliations WHERE id = $1";
    type Columns = (Uuid, Uuid, Option<Uuid>, String, Uuid, Option<i64>);
    let row: Option<Columns> = on_engine!(conn, "reading an affiliation", c => sqlx::query_as(SQL).bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(|(account, region, office, occupation, card, ended_at)| PlaceRow {
        id,
        account: AccountId(account),
        region: RegionId(region),
        office: office.map(OfficeId),
        occupation,
        card: CardId(card),
        has_ended: ended_at.is_some(),
    }))
}

/// How many places an account has now.
pub async fn places(conn: &mut Conn, account: AccountId) -> Result<i64, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM affiliations WHERE account = $1 AND ended_at IS NULL";
    on_engine!(conn, "counting affiliations", c => sqlx::query_scalar(SQL).bind(account.0).fetch_one(c).await)
}

/// An office that an account administers, as it is stored.
pub struct SeatRow {
    /// Her place there.
    pub place: AffiliationId,
    /// The office.
    pub office: OfficeId,
    /// The rules of its region.
    pub profile: String,
    /// How many others administer it who have come in, may act and are not barred from its timelines.
    pub others: i64,
    /// Whether she is such a one herself.
    pub counts: bool,
}

/// The offices that an account administers, and how many others do.
pub async fn seats(conn: &mut Conn, account: AccountId) -> Result<Vec<SeatRow>, StoreFault> {
    const SQL: &str = "SELECT s.id, s.office, g.profile, \
        (SELECT COUNT(DISTINCT o.account) FROM affiliations o JOIN roles q ON q.affiliation = o.id AND q.role = 'office_admin' \
         JOIN accounts c ON c.id = o.account AND c.state = 'active' AND c.password_hash IS NOT NULL \
         WHERE o.office = s.office AND o.account <> s.account AND o.ended_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM bars b WHERE b.office = o.office AND b.account = o.account)), \
        (SELECT COUNT(*) FROM accounts c WHERE c.id = s.account AND c.state = 'active' AND c.password_hash IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM bars b WHERE b.office = s.office AND b.account = s.account)) \
        FROM affiliations s JOIN roles r ON r.affiliation = s.id AND r.role = 'office_admin' \
        JOIN regions g ON g.id = s.region \
        WHERE s.account = $1 AND s.ended_at IS NULL AND s.office IS NOT NULL ORDER BY s.id";
    let rows: Vec<(Uuid, Uuid, String, i64, i64)> = on_engine!(conn, "finding who else administers", c => sqlx::query_as(SQL)
        .bind(account.0).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(place, office, profile, others, counts)| SeatRow {
            place: AffiliationId(place),
            office: OfficeId(office),
            profile,
            others,
            counts: counts > 0,
        })
        .collect())
}

/// Whether somebody is of a region's desk with that place, and nobody else is who may come in and act.
pub async fn is_only_desk(conn: &mut Conn, place: AffiliationId) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM affiliations s JOIN roles r ON r.affiliation = s.id AND r.role = 'secretariat' \
        WHERE s.id = $1 AND s.ended_at IS NULL AND NOT EXISTS \
        (SELECT 1 FROM affiliations o JOIN roles q ON q.affiliation = o.id AND q.role = 'secretariat' \
         JOIN accounts c ON c.id = o.account AND c.state = 'active' AND c.password_hash IS NOT NULL \
         WHERE o.region = s.region AND o.account <> s.account AND o.ended_at IS NULL)";
    let found: i64 = on_engine!(conn, "looking for another one of the desk", c => sqlx::query_scalar(SQL)
        .bind(place.0).fetch_one(c).await)?;
    Ok(found > 0)
}

/// Whether somebody answers for a shared account of an office she works for, with that place or, where none is named, with any.
pub async fn answers_for_shared(
    conn: &mut Conn,
    account: AccountId,
    place: Option<AffiliationId>,
) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT s.account, f.id FROM shared_accounts s \
        JOIN affiliations t ON t.account = s.account AND t.ended_at IS NULL \
        JOIN affiliations f ON f.office = t.office AND f.account = s.responsible AND f.ended_at IS NULL \
        WHERE s.responsible = $1";
    let rows: Vec<(Uuid, Uuid)> = on_engine!(conn, "looking who answers for a shared account", c => sqlx::query_as(SQL)
        .bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().any(|(_, with)| place.is_none_or(|place| place.0 == with)))
}

/// The roles of an account, by affiliation.
pub async fn roles(conn: &mut Conn, account: AccountId) -> Result<Vec<(AffiliationId, Role)>, StoreFault> {
    const SQL: &str = "SELECT r.affiliation, r.role FROM roles r JOIN affiliations f ON f.id = r.affiliation \
                       WHERE f.account = $1 AND f.ended_at IS NULL ORDER BY r.role";
    let rows: Vec<(Uuid, String)> =
        on_engine!(conn, "reading roles", c => sqlx::query_as(SQL).bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(|(id, role)| Some((AffiliationId(id), Role::of(&role)?))).collect())
}

/// How two accounts stand to each other.
pub struct Ties {
    /// The one is an admin of an office the other works for.
    pub as_admin: bool,
    /// The one is of the desk of a region the other works in.
    pub as_desk: bool,
    /// The one is an admin somewhere.
    pub is_admin: bool,
    /// The other is the only one of a region's desk who may come in.
    pub last_desk_of: bool,
}

/// How `asking` stands to `about`.
pub async fn ties(conn: &mut Conn, asking: AccountId, about: AccountId) -> Result<Ties, StoreFault> {
    const SQL: &str = "SELECT \
        (SELECT COUNT(*) FROM affiliations a JOIN roles r ON r.affiliation = a.id AND r.role = 'office_admin' \
         JOIN affiliations s ON s.office = a.office AND s.account = $2 AND s.ended_at IS NULL \
         WHERE a.account = $1 AND a.ended_at IS NULL), \
        (SELECT COUNT(*) FROM affiliations a JOIN roles r ON r.affiliation = a.id AND r.role = 'secretariat' \
         JOIN affiliations s ON s.region = a.region AND s.account = $2 AND s.ended_at IS NULL \
         WHERE a.account = $1 AND a.ended_at IS NULL), \
        (SELECT COUNT(*) FROM affiliations a JOIN roles r ON r.affiliation = a.id AND r.role = 'office_admin' \
         WHERE a.account = $1 AND a.ended_at IS NULL), \
        (SELECT COUNT(*) FROM affiliations s JOIN roles r ON r.affiliation = s.id AND r.role = 'secretariat' \
         WHERE s.account = $2 AND s.ended_at IS NULL AND NOT EXISTS \
         (SELECT 1 FROM affiliations o JOIN roles q ON q.affiliation = o.id AND q.role = 'secretariat' \
          JOIN accounts c ON c.id = o.account AND c.state = 'active' AND c.password_hash IS NOT NULL \
          WHERE o.region = s.region AND o.account <> $2 AND o.ended_at IS NULL))";
    let found: (i64, i64, i64, i64) = on_engine!(conn, "finding who administers whom", c => sqlx::query_as(SQL)
        .bind(asking.0).bind(about.0).fetch_one(c).await)?;
    let (as_admin, as_desk, is_admin, last_desk) = found;
    Ok(Ties {
        as_admin: as_admin > 0,
        as_desk: as_desk > 0,
        is_admin: is_admin > 0,
        last_desk_of: last_desk > 0,
    })
}

/// The offices that an account is an admin of now.
pub async fn offices_administered(conn: &mut Conn, account: AccountId) -> Result<Vec<OfficeId>, StoreFault> {
    const SQL: &str = "SELECT a.office FROM affiliations a JOIN roles r ON r.affiliation = a.id AND r.role = 'office_admin' \
                       WHERE a.account = $1 AND a.ended_at IS NULL AND a.office IS NOT NULL ORDER BY a.office";
    let found: Vec<Uuid> = on_engine!(conn, "finding an admin's offices", c => sqlx::query_scalar(SQL)
        .bind(account.0).fetch_all(c).await)?;
    Ok(found.into_iter().map(OfficeId).collect())
}

/// Until when a name is locked, if it is.
pub async fn locked_until(conn: &mut Conn, name: &[u8], now: Millis) -> Result<Option<Millis>, StoreFault> {
    const SQL: &str = "SELECT until FROM sign_in_counts WHERE hash = $1 AND until > $2";
    let until: Option<i64> = on_engine!(conn, "looking for a lock", c => sqlx::query_scalar(SQL)
        .bind(name).bind(now.0).fetch_optional(c).await)?;
    Ok(until.map(Millis))
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

/// Names that nobody tried since that moment, known and unknown alike, at most so many.
pub async fn old_sign_ins(conn: &mut Conn, before: Millis, most: i64) -> Result<Vec<Vec<u8>>, StoreFault> {
    const SQL: &str = "SELECT hash FROM sign_in_counts WHERE tried_at < $1 ORDER BY tried_at LIMIT $2";
    on_engine!(conn, "finding old sign-ins", c => sqlx::query_scalar(SQL).bind(before.0).bind(most).fetch_all(c).await)
}

impl Tx {
    /// What is counted of a name that was tried. The row is there afterwards and, on PostgreSQL, locked: who comes at the
    /// same time waits for what is made of it.
    pub async fn sign_in_count(&mut self, name: &[u8], now: Millis) -> Result<Count, StoreFault> {
        const SQL: &str = "INSERT INTO sign_in_counts (hash, failures, until, tried_at) VALUES ($1, 0, 0, $2) \
                           ON CONFLICT (hash) DO UPDATE SET tried_at = $2 RETURNING failures, until";
        let (failures, until): (i64, i64) = on_engine!(self.conn(), "counting a sign-in", c => sqlx::query_as(SQL)
            .bind(name).bind(now.0).fetch_one(c).await)?;
        Ok(Count { failures, until: Millis(until) })
    }

    /// Keeps what was counted of a name.
    pub async fn set_sign_in_count(&mut self, name: &[u8], count: Count) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE sign_in_counts SET failures = $2, until = $3 WHERE hash = $1";
        on_engine!(self.conn(), "counting a sign-in", c => sqlx::query(SQL)
            .bind(name).bind(count.failures).bind(count.until.0).execute(c).await.map(|_| ()))
    }

    /// Forgets what was counted of a name; whether it was locked.
    pub async fn forget_sign_ins(&mut self, name: &[u8]) -> Result<bool, StoreFault> {
        const SQL: &str = "DELETE FROM sign_in_counts WHERE hash = $1 RETURNING until";
        let until: Option<i64> = on_engine!(self.conn(), "forgetting sign-ins", c => sqlx::query_scalar(SQL)
            .bind(name).fetch_optional(c).await)?;
        Ok(until.is_some_and(|until| until > 0))
    }

    /// Forgets a name, if nobody tried it since that moment.
    pub async fn forget_old_sign_in(&mut self, name: &[u8], before: Millis) -> Result<(), StoreFault> {
        const SQL: &str = "DELETE FROM sign_in_counts WHERE hash = $1 AND tried_at < $2";
        on_engine!(self.conn(), "forgetting sign-ins", c => sqlx::query(SQL)
            .bind(name).bind(before.0).execute(c).await.map(|_| ()))
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

    /// Makes whoever else would take an admin from one of her offices, or one of its people from her desk, wait for this act:
    /// of two who go at the same time, the second sees that the first is gone.
    pub async fn hold_seats(&mut self, account: AccountId) -> Result<(), StoreFault> {
        const OFFICES: &str = "UPDATE offices SET created_at = created_at WHERE id IN \
            (SELECT f.office FROM affiliations f JOIN roles r ON r.affiliation = f.id AND r.role = 'office_admin' \
             WHERE f.account = $1 AND f.ended_at IS NULL)";
        const REGIONS: &str = "UPDATE regions SET created_at = created_at WHERE id IN \
            (SELECT f.region FROM affiliations f JOIN roles r ON r.affiliation = f.id AND r.role = 'secretariat' \
             WHERE f.account = $1 AND f.ended_at IS NULL)";
        for sql in [OFFICES, REGIONS] {
            on_engine!(self.conn(), "holding an office", c => sqlx::query(sql)
                .bind(account.0).execute(c).await.map(|_| ()))?;
        }
        Ok(())
    }

    /// Ends a place and the roles held with it; whether it had not ended.
    pub async fn end_place(&mut self, id: AffiliationId, now: Millis) -> Result<bool, StoreFault> {
        const PLACE: &str = "UPDATE affiliations SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
        const ROLES: &str = "DELETE FROM roles WHERE affiliation = $1";
        const DUTIES: &str = "DELETE FROM governance_roles WHERE affiliation = $1";
        const RECORDS: &str = "UPDATE appointments SET ended_at = $2 WHERE affiliation = $1 AND answer = 'accepted' AND ended_at IS NULL";
        let ended = on_engine!(self.conn(), "ending an affiliation", c => sqlx::query(PLACE)
            .bind(id.0).bind(now.0).execute(c).await.map(|done| done.rows_affected() == 1))?;
        on_engine!(self.conn(), "ending duties", c => sqlx::query(DUTIES)
            .bind(id.0).execute(c).await.map(|_| ()))?;
        on_engine!(self.conn(), "ending appointments", c => sqlx::query(RECORDS)
            .bind(id.0).bind(now.0).execute(c).await.map(|_| ()))?;
        on_engine!(self.conn(), "ending roles", c => sqlx::query(ROLES)
            .bind(id.0).execute(c).await.map(|_| ()))?;
        Ok(ended)
    }

    /// Ends every link of an account that could still be used, and what they carry.
    pub async fn end_all_links(&mut self, account: AccountId, now: Millis) -> Result<(), StoreFault> {
        const SQL: &str =
            "UPDATE links SET used_at = $2, sealed = NULL WHERE account = $1 AND used_at IS NULL";
        on_engine!(self.conn(), "ending links", c => sqlx::query(SQL)
            .bind(account.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Changes what may be done with an account.
    pub async fn set_account_state(&mut self, id: AccountId, state: AccountState) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE accounts SET state = $2 WHERE id = $1";
        on_engine!(self.conn(), "changing an account's state", c => sqlx::query(SQL)
            .bind(id.0).bind(state.as_str()).execute(c).await.map(|_| ()))
    }

    /// Closes an account: from now on nobody comes in, and nothing is left that would let anybody.
    pub async fn close_account(
        &mut self,
        id: AccountId,
        found_by: &[u8],
        sealed: &[u8],
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE accounts SET state = 'closed', password_hash = NULL, must_change = 0, \
                           email_hash = $2, sealed = $3 WHERE id = $1";
        const HISTORY: &str = "DELETE FROM password_history WHERE account = $1";
        on_engine!(self.conn(), "closing an account", c => sqlx::query(SQL)
            .bind(id.0).bind(found_by).bind(sealed).execute(c).await.map(|_| ()))?;
        on_engine!(self.conn(), "forgetting passwords", c => sqlx::query(HISTORY)
            .bind(id.0).execute(c).await.map(|_| ()))
    }

    /// Keeps why something was done about an account or a device.
    pub async fn insert_reason(
        &mut self,
        id: ReasonId,
        subject: Uuid,
        by: Option<AccountId>,
        act: &str,
        sealed: &[u8],
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO reasons (id, subject, written_by, act, sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6)";
        on_engine!(self.conn(), "keeping a reason", c => sqlx::query(SQL)
            .bind(id.0).bind(subject).bind(by.map(|by| by.0)).bind(act).bind(sealed).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Uses a link up, and every other link of its account for the same; whether it could still be used.
    pub async fn spend_link(
        &mut self,
        token_hash: &[u8],
        account: AccountId,
        purpose: LinkPurpose,
        now: Millis,
    ) -> Result<bool, StoreFault> {
        const SPEND: &str = "UPDATE links SET used_at = $3 WHERE token_hash = $1 AND purpose = $2 \
                             AND used_at IS NULL AND expires_at > $3";
        let spent = on_engine!(self.conn(), "using a link", c => sqlx::query(SPEND)
            .bind(token_hash).bind(purpose.as_str()).bind(now.0).execute(c).await
            .map(|done| done.rows_affected() == 1))?;
        if spent {
            self.end_links(account, purpose, now).await?;
        }
        Ok(spent)
    }

    /// Ends every link of an account for one purpose that could still be used.
    pub async fn end_links(
        &mut self,
        account: AccountId,
        purpose: LinkPurpose,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str =
            "UPDATE links SET used_at = $3 WHERE account = $1 AND purpose = $2 AND used_at IS NULL";
        on_engine!(self.conn(), "ending links", c => sqlx::query(SQL)
            .bind(account.0).bind(purpose.as_str()).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Which terms of use the holder accepted.
    pub async fn set_terms(
        &mut self,
        account: AccountId,
        version: &str,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE accounts SET terms_version = $2, terms_at = $3 WHERE id = $1";
        on_engine!(self.conn(), "keeping who accepted the terms", c => sqlx::query(SQL)
            .bind(account.0).bind(version).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Changes an account's address: what it is found by, and the sealed row that names it.
    pub async fn set_email(
        &mut self,
        account: AccountId,
        email_hash: &[u8],
        sealed: &[u8],
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE accounts SET email_hash = $2, sealed = $3 WHERE id = $1";
        on_engine!(self.conn(), "changing an address", c => sqlx::query(SQL)
            .bind(account.0).bind(email_hash).bind(sealed).execute(c).await.map(|_| ()))
    }

    /// From now on a new password has to be set first.
    pub async fn must_change_password(&mut self, account: AccountId) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE accounts SET must_change = 1 WHERE id = $1";
        on_engine!(self.conn(), "asking for a new password", c => sqlx::query(SQL)
            .bind(account.0).execute(c).await.map(|_| ()))
    }

    /// Keeps a link that is good once.
    pub async fn insert_link(
        &mut self,
        token_hash: &[u8],
        account: AccountId,
        purpose: LinkPurpose,
        sealed: Option<&[u8]>,
        (now, expires): (Millis, Millis),
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO links (token_hash, account, purpose, created_at, expires_at, sealed) \
                           VALUES ($1, $2, $3, $4, $5, $6)";
        on_engine!(self.conn(), "keeping a link", c => sqlx::query(SQL)
            .bind(token_hash).bind(account.0).bind(purpose.as_str()).bind(now.0).bind(expires.0).bind(sealed).execute(c).await.map(|_| ()))
    }
}

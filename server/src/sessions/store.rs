//! All SQL of sessions.

use super::held::Which;
use super::opening::SessionRow;
use super::session::{Bound, Session, SessionParts};
use crate::crypto::device_authority::Fingerprint;
use crate::policy::Policies;
use crate::store::{Conn, StoreFault, Tx, on_engine, row};
use tsumugi_protocol::{
    AccountId, AccountState, ExceptionId, Factor, Lang, Millis, Next, OfficeId, PersonKind, RosterPersonId,
    SessionId,
};
use uuid::Uuid;

struct Row {
    id: Uuid,
    account: Uuid,
    kind: String,
    lang: String,
    state: String,
    factors: String,
    next: String,
    acting: Option<Uuid>,
    device: Option<Uuid>,
    bound_fingerprint: Option<Vec<u8>>,
    bound_until: Option<i64>,
    exception: Option<Uuid>,
    exception_until: Option<i64>,
    created_at: i64,
    last_act: i64,
}

row!(Row:
    id, account, kind, lang, state, factors, next, acting, device, bound_fingerprint, bound_until,
    exception, exception_until, created_at, last_act
);

/// The session of a token, by its hash, if it and its account stand.
pub async fn session_of(
    conn: &mut Conn,
    policies: &Policies,
    token_hash: &[u8],
) -> Result<Option<Session>, StoreFault> {
    const SQL: &str = "SELECT s.id, s.account, a.kind, a.lang, a.state, s.factors, s.next, s.acting, s.device, s.bound_fingerprint, \
                       c.not_after AS bound_until, s.exception, COALESCE(e.ended_at, e.until) AS exception_until, s.created_at, s.last_act \
                       FROM sessions s JOIN accounts a ON a.id = s.account \
                       LEFT JOIN device_certificates c ON c.fingerprint = s.bound_fingerprint \
                       LEFT JOIN exceptions e ON e.id = s.exception \
                       WHERE s.token_hash = $1 AND s.ended_at IS NULL AND a.state IN ('active', 'restricted')";
    let row: Option<Row> = on_engine!(conn, "finding a session", c => sqlx::query_as(SQL).bind(token_hash).fetch_optional(c).await)?;
    let Some(row) = row else { return Ok(None) };
    let Some(kind) = PersonKind::of(&row.kind) else { return Ok(None) };
    let bound = row.bound_fingerprint.map(|bytes| bound_of(bytes, row.bound_until));
    if bound == Some(None) {
        return Ok(None);
    }
    let profiles = profiles_of(conn, AccountId(row.account)).await?;
    Ok(Some(Session::new(SessionParts {
        id: SessionId(row.id),
        account: AccountId(row.account),
        kind,
        lang: Lang::of(&row.lang).unwrap_or_default(),
        is_restricted: row.state == AccountState::Restricted.as_str(),
        factors: words(&row.factors, Factor::of),
        next: words(&row.next, Next::of),
        acting: row.acting.map(RosterPersonId),
        device: row.device,
        bound: bound.flatten(),
        exception: row.exception.map(|id| (ExceptionId(id), Millis(row.exception_until.unwrap_or(i64::MIN)))),
        opened_at: Millis(row.created_at),
        last_act: Millis(row.last_act),
        span: policies.session_span(profiles.iter().map(String::as_str)),
    })))
}

/// A certificate that the ledger does not know is good at no time.
fn bound_of(fingerprint: Vec<u8>, until: Option<i64>) -> Option<Bound> {
    let fingerprint = Fingerprint(fingerprint.try_into().ok()?);
    Some(Bound { fingerprint, until: Millis(until.unwrap_or(i64::MIN)) })
}

fn words<T>(list: &str, of: impl Fn(&str) -> Option<T>) -> Vec<T> {
    list.split(',').filter_map(of).collect()
}

/// The profiles of the regions that an account belongs to now, with what its offices add.
pub async fn profiles_of(conn: &mut Conn, account: AccountId) -> Result<Vec<String>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT COALESCE(o.rules, r.profile) FROM affiliations f JOIN regions r ON r.id = f.region \
                       LEFT JOIN offices o ON o.id = f.office \
                       WHERE f.account = $1 AND f.ended_at IS NULL";
    on_engine!(conn, "finding an account's rules", c => sqlx::query_scalar(SQL).bind(account.0).fetch_all(c).await)
}

/// Whether an account has been signed in before, and not by that program since that moment.
pub async fn is_client_new(
    conn: &mut Conn,
    account: AccountId,
    client: &str,
    since: Millis,
) -> Result<bool, StoreFault> {
    // One row of each is enough: nobody counts hundreds.
    const SQL: &str = "SELECT \
                       (SELECT COUNT(*) FROM (SELECT 1 AS one FROM sessions WHERE account = $1 LIMIT 1) AS any_one), \
                       (SELECT COUNT(*) FROM (SELECT 1 AS one FROM sessions \
                        WHERE account = $1 AND client = $2 AND last_act >= $3 LIMIT 1) AS lately)";
    let (all, known): (i64, i64) = on_engine!(conn, "looking for a program", c => sqlx::query_as(SQL)
        .bind(account.0).bind(client).bind(since.0).fetch_one(c).await)?;
    Ok(all > 0 && known == 0)
}

/// A session as its holder sees it.
pub struct SeenRow {
    /// Its id.
    pub id: SessionId,
    /// What was shown.
    pub factors: Vec<Factor>,
    /// The program.
    pub client: String,
    /// Since when.
    pub opened_at: Millis,
    /// Last act, as far as it was written.
    pub last_act: Millis,
    /// The end of the certificate it is bound to.
    pub bound_until: Option<Millis>,
}

/// The sessions of an account that were not ended, the one used last first, at most so many.
pub async fn sessions_of(conn: &mut Conn, account: AccountId, most: i64) -> Result<Vec<SeenRow>, StoreFault> {
    const SQL: &str = "SELECT s.id, s.factors, s.client, s.created_at, s.last_act, c.not_after FROM sessions s \
                       LEFT JOIN device_certificates c ON c.fingerprint = s.bound_fingerprint \
                       WHERE s.account = $1 AND s.ended_at IS NULL ORDER BY s.last_act DESC, s.id LIMIT $2";
    type Columns = (Uuid, String, String, i64, i64, Option<i64>);
    let rows: Vec<Columns> = on_engine!(conn, "listing sessions", c => sqlx::query_as(SQL)
        .bind(account.0).bind(most).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(id, factors, client, opened_at, last_act, bound_until)| SeenRow {
            id: SessionId(id),
            factors: words(&factors, Factor::of),
            client,
            opened_at: Millis(opened_at),
            last_act: Millis(last_act),
            bound_until: bound_until.map(Millis),
        })
        .collect())
}

/// The sessions that stand on a device of the ledger.
pub async fn sessions_on(conn: &mut Conn, device: Uuid) -> Result<Vec<(AccountId, SessionId)>, StoreFault> {
    const SQL: &str = "SELECT account, id FROM sessions WHERE device = $1 AND ended_at IS NULL";
    let rows: Vec<(Uuid, Uuid)> = on_engine!(conn, "finding a device's sessions", c => sqlx::query_as(SQL).bind(device).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(account, id)| (AccountId(account), SessionId(id))).collect())
}

/// The sessions of an account that stand on devices of an office for which it works no longer.
pub async fn sessions_outliving(
    conn: &mut Conn,
    account: AccountId,
    office: OfficeId,
) -> Result<Vec<SessionId>, StoreFault> {
    const SQL: &str = "SELECT s.id FROM sessions s JOIN devices d ON d.id = s.device AND d.office = $2 \
                       WHERE s.account = $1 AND s.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM affiliations f \
                       WHERE f.account = $1 AND f.office = $2 AND f.ended_at IS NULL)";
    let rows: Vec<Uuid> = on_engine!(conn, "finding sessions on an office's devices", c => sqlx::query_scalar(SQL)
        .bind(account.0).bind(office.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(SessionId).collect())
}

/// The sessions that stand and are bound to a certificate.
pub async fn sessions_bound(
    conn: &mut Conn,
    fingerprint: &[u8],
) -> Result<Vec<(AccountId, SessionId)>, StoreFault> {
    const SQL: &str = "SELECT account, id FROM sessions WHERE bound_fingerprint = $1 AND ended_at IS NULL";
    let rows: Vec<(Uuid, Uuid)> = on_engine!(conn, "finding a certificate's sessions", c => sqlx::query_as(SQL)
        .bind(fingerprint).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(account, id)| (AccountId(account), SessionId(id))).collect())
}

impl Tx {
    /// Keeps a new session.
    pub async fn insert_session(&mut self, row: &SessionRow, now: Millis) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO sessions (id, token_hash, account, factors, next, client, device, \
                           bound_fingerprint, created_at, last_act, acting, exception) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        on_engine!(self.conn(), "keeping a session", c => sqlx::query(SQL)
            .bind(row.id.0).bind(row.hash.0.as_slice()).bind(row.account.0).bind(&row.factors).bind(&row.next)
            .bind(&row.client).bind(row.device).bind(row.bound.as_ref().map(|bound| bound.fingerprint.0.as_slice())).bind(row.opened_at.0).bind(now.0)
            .bind(row.acting.map(|person| person.0)).bind(row.exception.map(|exception| exception.0))
            .execute(c).await.map(|_| ()))
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

    /// Ends rows of an account's sessions; how many stood until now.
    pub async fn end_session_rows(
        &mut self,
        account: AccountId,
        which: Which,
        why: &'static str,
        now: Millis,
    ) -> Result<u64, StoreFault> {
        const ONE: &str = "UPDATE sessions SET ended_at = $3, ended_why = $4 \
                           WHERE account = $1 AND ended_at IS NULL AND id = $2";
        const OTHERS: &str = "UPDATE sessions SET ended_at = $3, ended_why = $4 \
                              WHERE account = $1 AND ended_at IS NULL AND id <> $2";
        let (sql, id) = match which {
            Which::One(id) => (ONE, id.0),
            Which::AllBut(kept) => (OTHERS, kept.map_or(Uuid::nil(), |kept| kept.0)),
        };
        on_engine!(self.conn(), "ending sessions", c => sqlx::query(sql)
            .bind(account.0).bind(id).bind(now.0).bind(why).execute(c).await.map(|done| done.rows_affected()))
    }

    /// Notes when the person of a session last did something.
    pub async fn set_last_act(&mut self, id: SessionId, at: Millis) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE sessions SET last_act = $2 WHERE id = $1 AND last_act < $2";
        on_engine!(self.conn(), "noting an act", c => sqlx::query(SQL)
            .bind(id.0).bind(at.0).execute(c).await.map(|_| ()))
    }
}

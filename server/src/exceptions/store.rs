//! All SQL of exceptions from the rule of devices.

use crate::store::{Conn, StoreFault, Tx, on_engine, row};
use tsumugi_protocol::{
    AccountId, CardId, ExceptionBy, ExceptionId, ExceptionKind, Millis, OfficeId, RegionId, SessionId,
};
use uuid::Uuid;

/// An exception as it is stored.
#[derive(Debug, Clone)]
pub struct ExceptionRow {
    /// Its id.
    pub id: ExceptionId,
    /// Where.
    pub region: RegionId,
    /// What happened.
    pub kind: ExceptionKind,
    /// Who declared it, as what.
    pub by: ExceptionBy,
    /// Whose act that was.
    pub declared_by: AccountId,
    /// For one's own: whose.
    pub account: Option<AccountId>,
    /// For one's own: the office she works for.
    pub office: Option<OfficeId>,
    /// Area and reason.
    pub sealed: Vec<u8>,
    /// When it was declared.
    pub declared_at: Millis,
    /// Until when at most.
    pub until: Millis,
    /// When it ended.
    pub ended_at: Option<Millis>,
    /// When it was looked at, by whom, and what was found.
    pub review: Option<(Millis, AccountId, Vec<u8>)>,
}

struct Columns {
    id: Uuid,
    region: Uuid,
    kind: String,
    declared_as: String,
    declared_by: Uuid,
    account: Option<Uuid>,
    office: Option<Uuid>,
    sealed: Vec<u8>,
    declared_at: i64,
    until: i64,
    ended_at: Option<i64>,
    reviewed_at: Option<i64>,
    reviewed_by: Option<Uuid>,
    review: Option<Vec<u8>>,
}

row!(Columns:
    id, region, kind, declared_as, declared_by, account, office, sealed, declared_at, until, ended_at,
    reviewed_at, reviewed_by, review
);

macro_rules! exceptions {
    ($which:literal) => {
        concat!(
            "SELECT e.id, e.region, e.kind, e.declared_as, e.declared_by, e.account, e.office, e.sealed, e.declared_at, e.until, \
             e.ended_at, e.reviewed_at, e.reviewed_by, e.review FROM exceptions e WHERE e.confirmed_at IS NOT NULL AND ",
            $which
        )
    };
}

/// One of a kind that nobody knows is none.
fn exception_of(row: Columns) -> Option<ExceptionRow> {
    let review = match (row.reviewed_at, row.reviewed_by, row.review) {
        (Some(at), Some(by), Some(sealed)) => Some((Millis(at), AccountId(by), sealed)),
        _ => None,
    };
    Some(ExceptionRow {
        id: ExceptionId(row.id),
        region: RegionId(row.region),
        kind: ExceptionKind::of(&row.kind)?,
        by: ExceptionBy::of(&row.declared_as)?,
        declared_by: AccountId(row.declared_by),
        account: row.account.map(AccountId),
        office: row.office.map(OfficeId),
        sealed: row.sealed,
        declared_at: Millis(row.declared_at),
        until: Millis(row.until),
        ended_at: row.ended_at.map(Millis),
        review,
    })
}

/// An exception that was declared.
pub async fn exception(conn: &mut Conn, id: ExceptionId) -> Result<Option<ExceptionRow>, StoreFault> {
    const SQL: &str = exceptions!("e.id = $1");
    let row: Option<Columns> = on_engine!(conn, "finding an exception", c => sqlx::query_as(SQL).bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(exception_of))
}

/// Who an id was declared by, also where that waits to be confirmed.
pub async fn declarer(conn: &mut Conn, id: ExceptionId) -> Result<Option<AccountId>, StoreFault> {
    const SQL: &str = "SELECT declared_by FROM exceptions WHERE id = $1";
    let found: Option<Uuid> = on_engine!(conn, "finding who declared an exception", c => sqlx::query_scalar(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(found.map(AccountId))
}

/// Those of the regions that an account belongs to, the latest first, at most so many.
pub async fn of_regions(
    conn: &mut Conn,
    account: AccountId,
    most: i64,
) -> Result<Vec<ExceptionRow>, StoreFault> {
    const SQL: &str = exceptions!(
        "e.region IN (SELECT f.region FROM affiliations f WHERE f.account = $1 AND f.ended_at IS NULL) \
         ORDER BY e.declared_at DESC, e.id DESC LIMIT $2"
    );
    let rows: Vec<Columns> = on_engine!(conn, "listing exceptions", c => sqlx::query_as(SQL)
        .bind(account.0).bind(most).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(exception_of).collect())
}

/// Those whose time is over and which nobody ended.
pub async fn overdue(conn: &mut Conn, now: Millis, most: i64) -> Result<Vec<ExceptionRow>, StoreFault> {
    const SQL: &str = exceptions!("e.ended_at IS NULL AND e.until <= $1 ORDER BY e.until, e.id LIMIT $2");
    let rows: Vec<Columns> = on_engine!(conn, "finding exceptions that are over", c => sqlx::query_as(SQL)
        .bind(now.0).bind(most).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(exception_of).collect())
}

/// The offices that one was declared for; none is all of its region.
pub async fn offices_of(conn: &mut Conn, id: ExceptionId) -> Result<Vec<OfficeId>, StoreFault> {
    const SQL: &str = "SELECT office FROM exception_offices WHERE exception = $1 ORDER BY office";
    let rows: Vec<Uuid> = on_engine!(conn, "reading an exception's offices", c => sqlx::query_scalar(SQL).bind(id.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(OfficeId).collect())
}

/// An exception that lifts the rule for somebody now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiftRow {
    /// Which.
    pub id: ExceptionId,
    /// Of which region.
    pub region: RegionId,
    /// For which office; for all of the region where there is none.
    pub office: Option<OfficeId>,
    /// Until when.
    pub until: Millis,
}

/// Those in force for everybody of an office or region that an account works in, and her own one where she shows it: with its
/// link, which confirms it, or with a session that was opened under it.
pub async fn lifting(
    conn: &mut Conn,
    (account, claimed): (AccountId, Option<ExceptionId>),
    now: Millis,
) -> Result<Vec<LiftRow>, StoreFault> {
    const SQL: &str = "SELECT e.id, e.region, x.office, e.until FROM exceptions e \
        LEFT JOIN exception_offices x ON x.exception = e.id \
        WHERE e.ended_at IS NULL AND e.until > $3 \
        AND ((e.account IS NULL AND e.confirmed_at IS NOT NULL AND e.region IN (SELECT f.region FROM affiliations f WHERE f.account = $1 AND f.ended_at IS NULL)) \
         OR (e.account = $1 AND e.id = $2)) ORDER BY e.until DESC, e.id";
    let claimed = claimed.map_or(Uuid::nil(), |id| id.0);
    let rows: Vec<(Uuid, Uuid, Option<Uuid>, i64)> = on_engine!(conn, "finding exceptions in force", c => sqlx::query_as(SQL)
        .bind(account.0).bind(claimed).bind(now.0).fetch_all(c).await)?;
    let lift = |(id, region, office, until): (Uuid, Uuid, Option<Uuid>, i64)| LiftRow {
        id: ExceptionId(id),
        region: RegionId(region),
        office: office.map(OfficeId),
        until: Millis(until),
    };
    Ok(rows.into_iter().map(lift).collect())
}

/// The exception that waits for a mailed link to be shown, of that account.
pub async fn waiting_for(
    conn: &mut Conn,
    account: AccountId,
    link: &[u8],
) -> Result<Option<ExceptionId>, StoreFault> {
    const SQL: &str = "SELECT id FROM exceptions WHERE account = $1 AND link = $2 AND confirmed_at IS NULL";
    let found: Option<Uuid> = on_engine!(conn, "finding an exception by its link", c => sqlx::query_scalar(SQL)
        .bind(account.0).bind(link).fetch_optional(c).await)?;
    Ok(found.map(ExceptionId))
}

/// A session that was opened under an exception.
#[derive(Debug, Clone)]
pub struct UnderRow {
    /// Her place in the region.
    pub card: CardId,
    /// The office of that.
    pub office: Option<OfficeId>,
    /// The program.
    pub client: String,
    /// Since when.
    pub opened_at: Millis,
    /// Until when.
    pub ended_at: Option<Millis>,
}

/// The sessions that were opened under one, each once: what a step of coming in replaced is left out.
pub async fn sessions_under(conn: &mut Conn, id: ExceptionId) -> Result<Vec<UnderRow>, StoreFault> {
    const SQL: &str = "SELECT f.card, f.office, s.client, s.created_at, s.ended_at FROM sessions s \
        JOIN exceptions e ON e.id = s.exception JOIN affiliations f ON f.account = s.account AND f.region = e.region \
        WHERE s.exception = $1 AND (s.ended_why IS NULL OR s.ended_why <> 'replaced') \
        AND NOT EXISTS (SELECT 1 FROM affiliations o WHERE o.account = f.account AND o.region = f.region \
         AND (o.created_at < f.created_at OR (o.created_at = f.created_at AND o.id < f.id))) \
        ORDER BY s.created_at DESC, s.id";
    type Columns = (Uuid, Option<Uuid>, String, i64, Option<i64>);
    let rows: Vec<Columns> = on_engine!(conn, "listing sessions under an exception", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(|(card, office, client, opened_at, ended_at)| UnderRow {
            card: CardId(card),
            office: office.map(OfficeId),
            client,
            opened_at: Millis(opened_at),
            ended_at: ended_at.map(Millis),
        })
        .collect())
}

/// The sessions that stand under one.
pub async fn standing_under(
    conn: &mut Conn,
    id: ExceptionId,
) -> Result<Vec<(AccountId, SessionId)>, StoreFault> {
    const SQL: &str = "SELECT account, id FROM sessions WHERE exception = $1 AND ended_at IS NULL";
    let rows: Vec<(Uuid, Uuid)> = on_engine!(conn, "finding sessions under an exception", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(account, id)| (AccountId(account), SessionId(id))).collect())
}

/// The regions whose desk or committee an account is of.
pub async fn desks(conn: &mut Conn, account: AccountId) -> Result<Vec<RegionId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT f.region FROM affiliations f \
                       JOIN roles r ON r.affiliation = f.id AND r.role IN ('secretariat', 'committee') \
                       WHERE f.account = $1 AND f.ended_at IS NULL";
    let rows: Vec<Uuid> = on_engine!(conn, "finding a desk's regions", c => sqlx::query_scalar(SQL).bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(RegionId).collect())
}

/// The offices of a region that an account administers.
pub async fn administered_in(
    conn: &mut Conn,
    account: AccountId,
    region: RegionId,
) -> Result<Vec<OfficeId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT f.office FROM affiliations f \
                       JOIN roles r ON r.affiliation = f.id AND r.role = 'office_admin' \
                       WHERE f.account = $1 AND f.region = $2 AND f.office IS NOT NULL AND f.ended_at IS NULL";
    let rows: Vec<Uuid> = on_engine!(conn, "finding an admin's offices", c => sqlx::query_scalar(SQL)
        .bind(account.0).bind(region.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(OfficeId).collect())
}

/// Whom an exception concerns as somebody who looks after it: the admins of its offices, or of all of its region, and the desk.
pub async fn told_of(conn: &mut Conn, id: ExceptionId) -> Result<Vec<AccountId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT f.account FROM exceptions e \
        JOIN affiliations f ON f.region = e.region AND f.ended_at IS NULL JOIN roles r ON r.affiliation = f.id \
        WHERE e.id = $1 AND (r.role = 'secretariat' OR (r.role = 'office_admin' AND (f.office = e.office \
         OR (e.office IS NULL AND (EXISTS (SELECT 1 FROM exception_offices x WHERE x.exception = e.id AND x.office = f.office) \
          OR NOT EXISTS (SELECT 1 FROM exception_offices y WHERE y.exception = e.id)))))) ORDER BY f.account";
    let rows: Vec<Uuid> = on_engine!(conn, "finding who looks after an exception", c => sqlx::query_scalar(SQL)
        .bind(id.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(AccountId).collect())
}

/// A region's sealed name: its key seals what is said of exceptions.
pub async fn region_sealed(conn: &mut Conn, id: RegionId) -> Result<Option<Vec<u8>>, StoreFault> {
    const SQL: &str = "SELECT sealed FROM regions WHERE id = $1";
    on_engine!(conn, "reading a region", c => sqlx::query_scalar(SQL).bind(id.0).fetch_optional(c).await)
}

/// An exception about to be kept.
pub struct NewException<'a> {
    /// Its id.
    pub id: ExceptionId,
    /// Where.
    pub region: RegionId,
    /// What happened.
    pub kind: ExceptionKind,
    /// As what.
    pub by: ExceptionBy,
    /// Whose act that is.
    pub declared_by: AccountId,
    /// For one's own: the office she works for, and the hash of the link.
    pub own: Option<(OfficeId, &'a [u8])>,
    /// Area and reason.
    pub sealed: &'a [u8],
    /// Until when at most.
    pub until: Millis,
}

impl Tx {
    /// Keeps an exception; one's own waits for its link.
    pub async fn insert_exception(
        &mut self,
        new: &NewException<'_>,
        offices: &[OfficeId],
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO exceptions (id, region, kind, declared_as, declared_by, account, office, link, sealed, \
                           declared_at, confirmed_at, until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        const OFFICE: &str = "INSERT INTO exception_offices (exception, office) VALUES ($1, $2)";
        let account = new.own.map(|_| new.declared_by.0);
        let (office, link) = (new.own.map(|(office, _)| office.0), new.own.map(|(_, link)| link));
        let confirmed_at = new.own.is_none().then_some(now.0);
        on_engine!(self.conn(), "keeping an exception", c => sqlx::query(SQL)
            .bind(new.id.0).bind(new.region.0).bind(new.kind.as_str()).bind(new.by.as_str()).bind(new.declared_by.0)
            .bind(account).bind(office).bind(link).bind(new.sealed).bind(now.0).bind(confirmed_at).bind(new.until.0)
            .execute(c).await.map(|_| ()))?;
        for office in offices {
            on_engine!(self.conn(), "keeping an exception's office", c => sqlx::query(OFFICE)
                .bind(new.id.0).bind(office.0).execute(c).await.map(|_| ()))?;
        }
        Ok(())
    }

    /// One's own holds from now on; whether it waited until now.
    pub async fn confirm_exception(&mut self, id: ExceptionId, now: Millis) -> Result<bool, StoreFault> {
        const SQL: &str = "UPDATE exceptions SET confirmed_at = $2 WHERE id = $1 AND confirmed_at IS NULL";
        on_engine!(self.conn(), "confirming an exception", c => sqlx::query(SQL)
            .bind(id.0).bind(now.0).execute(c).await.map(|done| done.rows_affected() > 0))
    }

    /// Ends one, by somebody or by itself; whether it was in force until now.
    pub async fn set_exception_ended(
        &mut self,
        id: ExceptionId,
        at: Millis,
        by: Option<AccountId>,
    ) -> Result<bool, StoreFault> {
        const SQL: &str =
            "UPDATE exceptions SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL";
        on_engine!(self.conn(), "ending an exception", c => sqlx::query(SQL)
            .bind(id.0).bind(at.0).bind(by.map(|by| by.0)).execute(c).await.map(|done| done.rows_affected() > 0))
    }

    /// Writes down that one was looked at; whether nobody had.
    pub async fn set_exception_reviewed(
        &mut self,
        id: ExceptionId,
        (by, sealed): (AccountId, &[u8]),
        now: Millis,
    ) -> Result<bool, StoreFault> {
        const SQL: &str = "UPDATE exceptions SET reviewed_at = $2, reviewed_by = $3, review = $4 \
                           WHERE id = $1 AND reviewed_at IS NULL";
        on_engine!(self.conn(), "keeping the review of an exception", c => sqlx::query(SQL)
            .bind(id.0).bind(now.0).bind(by.0).bind(sealed).execute(c).await.map(|done| done.rows_affected() > 0))
    }
}
